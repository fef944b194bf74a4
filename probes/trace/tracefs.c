#include "probes/trace/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/array.h"

/* TRACEFS_MAGIC of linux/magic.h. */
static const long tracefs_magic = 0x74726163;

/* The descriptor cannot trigger an automount (O_PATH): what is not mounted is not mounted by this.
 */
static int open_mounted(struct source *source, const char *path)
{
	struct statfs status;
	int fd = source_open(source, path, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return -1;
	if (fstatfs(fd, &status) == 0 && (long)status.f_type == tracefs_magic)
		return fd;
	close(fd);
	return -1;
}

/* The C library has these calls since glibc 2.36 only. */
static int open_detached(void)
{
	const unsigned look_only = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			MOUNT_ATTR_NOEXEC;
	int context = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
	if (context < 0)
		return -1;
	long error = syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	int fd = -1;
	if (error == 0)
		fd = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, look_only);
	int why = errno;
	close(context);
	errno = why;
	return fd;
}

int tracefs_open(struct source *source)
{
	static const char *const places[] = {"sys/kernel/tracing", "sys/kernel/debug/tracing"};
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		int fd = open_mounted(source, places[i]);
		if (fd >= 0)
			return fd;
	}
	return open_detached();
}

char *tracefs_read(struct arena *arena, int directory, const char *event, const char *file)
{
	char path[128], text[16384];
	size_t length = 0;
	ssize_t got;
	if (snprintf(path, sizeof path, "events/%s/%s", event, file) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return NULL;
	while ((got = read(fd, text + length, sizeof text - length)) > 0)
		length += (size_t)got;
	int why = errno;
	close(fd);
	errno = why;
	if (got < 0)
		return NULL;
	return arena_copy(arena, text, length);
}

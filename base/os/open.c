#include "base/os/open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/text.h"

enum {
	DESCRIPTOR_DIGITS = 6,
	TRIES_IN_ROOT = 1000
};

static const int reading = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

static int standard_descriptor(const char *path)
{
	static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!strcmp(names[i], path))
			return (int)i;
	}
	return -1;
}

int open_descriptor_named(const char *path)
{
	static const char *const directories[] = {
			"/dev/fd/",
			"/proc/self/fd/",
			"/proc/thread-self/fd/",
	};
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		if (!text_begins_with(path, directories[i]))
			continue;
		const char *digits = path + strlen(directories[i]);
		size_t length = strlen(digits);
		if (length == 0 || length > DESCRIPTOR_DIGITS)
			return -1;
		if (strspn(digits, "0123456789") != length)
			return -1;
		return atoi(digits);
	}
	return standard_descriptor(path);
}

/* NULL: it is a regular file. */
static const char *not_regular(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return NULL;
	case S_IFDIR:
		return "is a directory, not a file";
	case S_IFIFO:
		return "is a FIFO, not a file (what comes through a pipe is named -)";
	case S_IFSOCK:
		return "is a socket, not a file";
	default:
		return "is a device, not a file";
	}
}

/* Checks what was opened; closes it unless it is a regular file. */
static int only_regular(int fd, const char **ret_why)
{
	struct stat status;
	*ret_why = strerror(errno);
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0)
		*ret_why = not_regular(status.st_mode);
	else
		*ret_why = strerror(errno);
	if (!*ret_why)
		return fd;
	(void)close(fd);
	return -1;
}

static int open_own_descriptor(const char *path, const char **ret_why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		*ret_why = strerror(errno);
	return fd;
}

/* Looked at before it is opened: to open a device may do something. */
int open_regular(const char *path, const char **ret_why)
{
	struct stat status;
	*ret_why = NULL;
	if (open_descriptor_named(path) >= 0)
		return open_own_descriptor(path, ret_why);
	if (stat(path, &status) == 0)
		*ret_why = not_regular(status.st_mode);
	if (*ret_why)
		return -1;
	return only_regular(open(path, reading), ret_why);
}

/* The directory of this name in `dir`, which is closed. */
static int step_down(int dir, const char *name, const char **ret_why)
{
	int next = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		*ret_why = strerror(errno);
	if (next < 0 && errno == ENOTDIR)
		*ret_why = "leads through a symbolic link or a file";
	file_close_fd(&dir);
	return next;
}

static const char not_below[] = "leads out of its directory";

static bool is_name(const char *name, size_t length)
{
	if (length == 0 || length > NAME_MAX)
		return false;
	return !(length == 2 && name[0] == '.' && name[1] == '.');
}

int open_parent_below(int dir, const char *path, const char **ret_name, const char **ret_why)
{
	char name[NAME_MAX + 1];
	int at = openat(dir, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	*ret_why = not_below;
	for (;;) {
		size_t length = strcspn(path, "/");
		if (at < 0 || !is_name(path, length))
			break;
		*ret_name = path;
		if (!path[length])
			return at;
		memcpy(name, path, length);
		name[length] = '\0';
		at = step_down(at, name, ret_why);
		path += length;
		path += strspn(path, "/");
	}
	file_close_fd(&at);
	return -1;
}

int open_below(int dir, const char *path, const char **ret_why)
{
	const char *name;
	__attribute__((
			cleanup(file_close_fd))) int parent = open_parent_below(dir, path, &name, ret_why);
	if (parent < 0)
		return -1;
	struct stat status;
	*ret_why = NULL;
	if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		*ret_why = strerror(errno);
	else if (S_ISLNK(status.st_mode))
		*ret_why = "is a symbolic link";
	else
		*ret_why = not_regular(status.st_mode);
	if (*ret_why)
		return -1;
	return only_regular(openat(parent, name, reading | O_NOFOLLOW), ret_why);
}

/* Any rename or mount on the machine may make the kernel unsure of a "..": it says EAGAIN. */
int open_in_root(int root, const char *path, int flags)
{
	struct open_how how = {
			.flags = (unsigned)(flags | O_CLOEXEC),
			.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;
	for (int tries = 0; tries < TRIES_IN_ROOT; tries++) {
		fd = syscall(SYS_openat2, root, path, &how, sizeof how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return (int)fd;
}

bool open_is_below(const char *path)
{
	size_t length = strlen(path);
	if (length == 0 || *path == '/' || path[length - 1] == '/')
		return false;
	for (const char *name = path; name; name = strchr(name, '/')) {
		name += strspn(name, "/");
		if (*name == '.')
			return false;
	}
	return true;
}

int open_nothing(int flags)
{
	int fd = open("/dev/null", flags);
	if (fd < 0 && errno == ENOENT)
		fd = open("/", O_PATH | (flags & O_CLOEXEC));
	return fd;
}

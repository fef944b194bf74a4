/* Safe file replacement below a root. Knows nothing of what is in the files. */
#include "audit/fix/file_below_root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/os/file.h"

enum {
	FILE_MAX = 1024 * 1024
};

int file_below_root_open(const char *path, struct error *err)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		(void)error_set(err, "--root %.300s: %s", path, strerror(errno));
	return fd;
}

/* openat2(2), Linux 5.6: absolute links and ".." end at the root. */
static int open_below(int root, const char *path, int flags)
{
	while (*path == '/')
		path++;
	struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC),
			.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
}

int directory_below_root_open(int root, const char *path, struct error *err)
{
	int fd = open_below(root, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		(void)error_fail(err, "%s: %s", path, strerror(errno));
	return fd;
}

bool directory_below_root_exists(int root, const char *path)
{
	int fd = open_below(root, path, O_PATH | O_DIRECTORY);
	file_close_fd(&fd);
	return fd >= 0;
}

/* The directory part opened; *ret_name is the rest. */
static int open_parent(int root, struct arena *arena, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	*ret_name = slash + 1;
	return open_below(root,
			arena_copy(arena, path, (size_t)(slash - path)),
			O_RDONLY | O_DIRECTORY);
}

bool file_below_root_read(int root,
		struct arena *arena,
		const char *path,
		struct content *ret_content,
		struct error *err)
{
	const char *name;
	struct stat status;
	*ret_content = (struct content){.bytes = ""};
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent < 0)
		return errno == ENOENT || error_fail(err, "%s: %s", path, strerror(errno));
	__attribute__((cleanup(file_close_fd))) int fd =
			openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0 && errno == ELOOP)
		return error_fail(err,
				"%s is a symbolic link: not touched; put a file there, or take it away",
				path);
	if (fd < 0 || fstat(fd, &status) != 0)
		return error_fail(err, "%s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_MAX)
		return error_fail(err, "%s is not a file of less than 1 MiB: not touched", path);
	ret_content->exists = true;
	ret_content->mode = status.st_mode & 07777;
	ret_content->uid = status.st_uid;
	ret_content->gid = status.st_gid;
	ret_content->modified = status.st_mtim;
	/* The length is that of the look above: bytes appended since then are left out. */
	size_t size = (size_t)status.st_size + 1;
	char *bytes = arena_alloc(arena, size);
	ssize_t length = file_read_some(fd, bytes, size);
	if (length < 0)
		return error_fail(err, "%s: %s", path, strerror(errno));
	ret_content->bytes = bytes;
	ret_content->length = (size_t)length;
	return true;
}

static bool file_below_root_fill(int fd, const struct content *content, bool keep_attributes)
{
	const struct timespec times[2] = {content->modified, content->modified};
	if (!file_write_all(fd, content->bytes, content->length))
		return false;
	if (keep_attributes && fchown(fd, content->uid, content->gid) != 0)
		return false;
	return fchmod(fd, content->mode) == 0 && (!keep_attributes || futimens(fd, times) == 0) &&
			fsync(fd) == 0;
}

bool file_below_root_write(int root,
		struct arena *arena,
		const char *path,
		const struct content *content,
		bool keep_attributes,
		struct error *err)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent < 0)
		return error_fail(err, "%s: %s", path, strerror(errno));
	const char *temporary = arena_printf(arena, "%s" PLACE_SUFFIX, name);
	(void)unlinkat(parent, temporary, 0);
	__attribute__((cleanup(file_close_fd))) int fd =
			openat(parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_fail(err, "%s: %s", path, strerror(errno));
	if (!file_below_root_fill(fd, content, keep_attributes) ||
			renameat(parent, temporary, parent, name) != 0) {
		int why = errno;
		(void)unlinkat(parent, temporary, 0);
		return error_fail(err, "%s: %s", path, strerror(why));
	}
	return fsync(parent) == 0 || error_fail(err, "%s: %s", path, strerror(errno));
}

void file_below_root_clear(int root, struct arena *arena, const char *path)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent >= 0)
		(void)unlinkat(parent, arena_printf(arena, "%s" PLACE_SUFFIX, name), 0);
}

bool file_below_root_remove(int root, struct arena *arena, const char *path, struct error *err)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent < 0)
		return errno == ENOENT || error_fail(err, "%s: %s", path, strerror(errno));
	(void)unlinkat(parent, arena_printf(arena, "%s" PLACE_SUFFIX, name), 0);
	if (unlinkat(parent, name, 0) != 0 && errno != ENOENT)
		return error_fail(err, "%s: %s", path, strerror(errno));
	return fsync(parent) == 0 || error_fail(err, "%s: %s", path, strerror(errno));
}

bool directory_below_root_make(int root,
		struct arena *arena,
		const char *path,
		mode_t mode,
		struct error *err)
{
	const char *name;
	if (directory_below_root_exists(root, path))
		return true;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent < 0 || (mkdirat(parent, name, mode) != 0 && errno != EEXIST) || fsync(parent) != 0)
		return error_fail(err, "%s: %s", path, strerror(errno));
	return true;
}

void directory_below_root_remove(int root, struct arena *arena, const char *path)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent >= 0)
		(void)unlinkat(parent, name, AT_REMOVEDIR);
}

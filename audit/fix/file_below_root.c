/* Replaces files below a root safely. Knows nothing of what is in them. */
#include "audit/fix/file_below_root.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/os/open.h"

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

static bool fail_with_errno(const char *path, struct error *err)
{
	return error_fail(err, "%s: %s", path, strerror(errno));
}

static int open_below_root(int root, const char *path, int flags)
{
	path += strspn(path, "/");
	if (!*path)
		path = ".";
	return open_in_root(root, path, flags);
}

int directory_below_root_open(int root, const char *path, struct error *err)
{
	int fd = open_below_root(root, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		(void)fail_with_errno(path, err);
	return fd;
}

bool directory_below_root_exists(int root, const char *path)
{
	int fd = open_below_root(root, path, O_PATH | O_DIRECTORY);
	file_close_fd(&fd);
	return fd >= 0;
}

bool directory_below_root_look(int root, const char *path, struct content *ret_content)
{
	struct stat status;
	*ret_content = (struct content){.bytes = ""};
	__attribute__((
			cleanup(file_close_fd))) int fd = open_below_root(root, path, O_PATH | O_DIRECTORY);
	if (fd < 0 || fstat(fd, &status) != 0)
		return false;
	ret_content->exists = true;
	ret_content->mode = status.st_mode & 07777;
	ret_content->uid = status.st_uid;
	ret_content->gid = status.st_gid;
	return true;
}

/* Opens the directory that a path is in; *ret_name is the rest of the path. -1 with errno. */
static int open_parent(int root, struct arena *arena, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	assert(slash);
	const char *directory = arena_copy(arena, path, (size_t)(slash - path));
	*ret_name = slash + 1;
	return open_below_root(root, directory, O_RDONLY | O_DIRECTORY);
}

static bool check_regular(const char *path, const struct stat *status, struct error *err)
{
	if (S_ISREG(status->st_mode) && status->st_size <= FILE_MAX)
		return true;
	return error_fail(err, "%s is not a regular file below 1 MiB, so it was not changed", path);
}

/* Bytes that are added to the file meanwhile are left out. */
static bool read_content(int fd,
		struct arena *arena,
		const struct stat *status,
		struct content *ret_content)
{
	size_t size = (size_t)status->st_size + 1;
	char *bytes = arena_alloc(arena, size);
	ssize_t length = file_read_some(fd, bytes, size);
	if (length < 0)
		return false;
	*ret_content = (struct content){
			.exists = true,
			.bytes = bytes,
			.length = (size_t)length,
			.mode = status->st_mode & 07777,
			.uid = status->st_uid,
			.gid = status->st_gid,
			.modified = status->st_mtim,
	};
	return true;
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
		return errno == ENOENT || fail_with_errno(path, err);
	__attribute__((cleanup(file_close_fd))) int fd =
			openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0 && errno == ELOOP)
		return error_fail(err,
				"%s is a symbolic link, so it was not changed; remove it or replace it by a file",
				path);
	if (fd < 0 || fstat(fd, &status) != 0)
		return fail_with_errno(path, err);
	if (!check_regular(path, &status, err))
		return false;
	return read_content(fd, arena, &status, ret_content) || fail_with_errno(path, err);
}

static bool file_below_root_fill(int fd, const struct content *content, bool keep_attributes)
{
	const struct timespec times[2] = {content->modified, content->modified};
	if (!file_write_all(fd, content->bytes, content->length))
		return false;
	if (keep_attributes && fchown(fd, content->uid, content->gid) != 0)
		return false;
	if (fchmod(fd, content->mode) != 0)
		return false;
	if (keep_attributes && futimens(fd, times) != 0)
		return false;
	return fsync(fd) == 0;
}

/* The name under which a file is written before it replaces the one that is there. */
static const char *unfinished(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s.headroom-new", name);
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
		return fail_with_errno(path, err);
	const char *temporary = unfinished(arena, name);
	(void)unlinkat(parent, temporary, 0);
	__attribute__((cleanup(file_close_fd))) int fd =
			openat(parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_with_errno(path, err);
	bool done = file_below_root_fill(fd, content, keep_attributes) &&
			renameat(parent, temporary, parent, name) == 0;
	if (!done) {
		(void)fail_with_errno(path, err);
		(void)unlinkat(parent, temporary, 0);
		return false;
	}
	return fsync(parent) == 0 || fail_with_errno(path, err);
}

bool file_below_root_restore(int root,
		struct arena *arena,
		const char *path,
		const struct content *content,
		struct error *err)
{
	if (content->exists)
		return file_below_root_write(root, arena, path, content, true, err);
	return file_below_root_remove(root, arena, path, err);
}

void file_below_root_clear(int root, struct arena *arena, const char *path)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent >= 0)
		(void)unlinkat(parent, unfinished(arena, name), 0);
}

bool file_below_root_remove(int root, struct arena *arena, const char *path, struct error *err)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent < 0)
		return errno == ENOENT || fail_with_errno(path, err);
	(void)unlinkat(parent, unfinished(arena, name), 0);
	if (unlinkat(parent, name, 0) != 0 && errno != ENOENT)
		return fail_with_errno(path, err);
	return fsync(parent) == 0 || fail_with_errno(path, err);
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
	if (parent < 0)
		return fail_with_errno(path, err);
	if (mkdirat(parent, name, mode) != 0 && errno != EEXIST)
		return fail_with_errno(path, err);
	return fsync(parent) == 0 || fail_with_errno(path, err);
}

void directory_below_root_remove(int root, struct arena *arena, const char *path)
{
	const char *name;
	__attribute__((cleanup(file_close_fd))) int parent = open_parent(root, arena, path, &name);
	if (parent >= 0)
		(void)unlinkat(parent, name, AT_REMOVEDIR);
}

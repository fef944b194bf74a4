/* Files that appear whole or not at all. Does not know what is written to them. */
#include "audit/output/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/text.h"

enum {
	LINKS_MAX = 40,
	NAMES_TRIED = 100,
	MODE = 0666
}; /* 40: MAXSYMLINKS, include/linux/namei.h */

/* The descriptor that a name of procfs or devfs stands for, or -1. Following such a link further
 * would lead to the file behind it, which must be written through, not replaced. */
static int descriptor_of(const char *path)
{
	static const char *const directories[] = {"/dev/fd/",
			"/proc/self/fd/",
			"/proc/thread-self/fd/"};
	if (!strcmp(path, "/dev/stdout"))
		return STDOUT_FILENO;
	if (!strcmp(path, "/dev/stderr"))
		return STDERR_FILENO;
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		size_t length = strlen(directories[i]);
		const char *digits = path + length;
		if (!strncmp(path, directories[i], length) && *digits && strlen(digits) < 7 &&
				strspn(digits, "0123456789") == strlen(digits))
			return atoi(digits);
	}
	return -1;
}

/* The directory part with its slash, or "./". */
static const char *directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : "./";
}

/* Follows symbolic links by hand, since the last one may point to a file that does not exist yet.
 */
static const char *target_follow(struct arena *arena, const char *path)
{
	for (int hops = 0; hops < LINKS_MAX && descriptor_of(path) < 0; hops++) {
		char link[PATH_MAX];
		ssize_t length = readlink(path, link, sizeof link - 1);
		if (length < 0)
			return path;
		link[length] = '\0';
		path = link[0] == '/' ? arena_strdup(arena, link)
							  : arena_printf(arena, "%s%s", directory_of(arena, path), link);
	}
	return path;
}

const char *target_resolve(struct arena *arena, const char *path)
{
	char directory[PATH_MAX];
	const char *end = target_follow(arena, path), *slash = strrchr(end, '/');
	if (descriptor_of(end) >= 0 || !realpath(directory_of(arena, end), directory))
		return end;
	return arena_printf(arena, "%s/%s", directory, slash ? slash + 1 : end);
}

static bool open_failed(const struct target *target, struct error *err)
{
	return error_fail(err, "%s: cannot be written: %s", target->shown, strerror(errno));
}

static bool open_named(struct arena *arena, struct target *target, struct error *err)
{
	const char *directory = directory_of(arena, target->path);
	for (int i = 0; i < NAMES_TRIED; i++) {
		const char *name =
				arena_printf(arena, "%s.headroom-%ld-%d.tmp", directory, (long)getpid(), i);
		target->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
		if (target->fd >= 0) {
			target->temporary = name;
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	return open_failed(target, err);
}

/* Without a name where the file system can do that: then not even SIGKILL leaves anything behind.
 */
static bool open_hidden(struct arena *arena, struct target *target, struct error *err)
{
	if (access("/proc/self/fd", X_OK) == 0) /* give_name() needs it */
		target->fd =
				open(directory_of(arena, target->path), O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE);
	return target->fd >= 0 || open_named(arena, target, err);
}

bool target_from_fd(int fd, const char *shown, struct target *ret_target, struct error *err)
{
	*ret_target = (struct target){.shown = shown, .path = shown, .direct = true};
	ret_target->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return ret_target->fd >= 0 || open_failed(ret_target, err);
}

bool target_open(struct arena *arena,
		const char *path,
		struct target *ret_target,
		struct error *err)
{
	*ret_target = (struct target){.shown = path, .path = target_follow(arena, path), .fd = -1};
	int fd = descriptor_of(ret_target->path);
	if (fd >= 0)
		return target_from_fd(fd, path, ret_target, err);
	struct stat status;
	if (stat(ret_target->path, &status) < 0)
		return errno == ENOENT ? open_hidden(arena, ret_target, err) : open_failed(ret_target, err);
	if (S_ISDIR(status.st_mode))
		return error_fail(err, "%s: is a directory; name a file in it", path);
	if (S_ISREG(status.st_mode))
		return open_hidden(arena, ret_target, err);
	ret_target->direct = true;
	ret_target->fd = open(ret_target->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return ret_target->fd >= 0 || open_failed(ret_target, err);
}

bool target_write(struct target *target, const char *bytes, size_t length, struct error *err)
{
	return file_write_all(target->fd, bytes, length) || open_failed(target, err);
}

/* A name for the file without one; names that a killed process left behind are passed over. */
static bool give_name(struct arena *arena, struct target *target)
{
	char from[64];
	(void)snprintf(from, sizeof from, "/proc/self/fd/%d", target->fd);
	const char *directory = directory_of(arena, target->path);
	for (int i = 0; i < NAMES_TRIED; i++) {
		const char *name =
				arena_printf(arena, "%s.headroom-%ld-%d.tmp", directory, (long)getpid(), i);
		if (linkat(AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
			target->temporary = name;
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	return false;
}

void target_discard(struct target *target)
{
	if (target->fd >= 0)
		(void)close(target->fd);
	target->fd = -1;
	if (target->temporary)
		(void)unlink(target->temporary);
	target->temporary = NULL;
}

static bool target_give_up(struct target *target, struct error *err)
{
	(void)open_failed(target, err);
	target_discard(target);
	return false;
}

static bool close_checked(struct target *target)
{
	int fd = target->fd;
	target->fd = -1;
	return close(fd) == 0;
}

bool target_commit(struct arena *arena, struct target *target, struct error *err)
{
	if (target->direct)
		return close_checked(target) || open_failed(target, err);
	if (fsync(target->fd) < 0)
		return target_give_up(target, err);
	if (!target->temporary && !give_name(arena, target))
		return target_give_up(target, err);
	if (!close_checked(target) || rename(target->temporary, target->path) < 0)
		return target_give_up(target, err);
	target->temporary = NULL;
	return true;
}

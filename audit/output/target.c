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

#include "audit/output/attributes.h"
#include "base/os/file.h"
#include "base/os/open.h"

enum {
	LINKS_MAX = 40, /* MAXSYMLINKS, include/linux/namei.h */
	NAMES_TRIED = 100,
	MODE = 0666,
	MODE_OF_REPLACEMENT = 0600 /* until it takes over the other one's */
};

/* The directory part with its slash, or "./". */
static const char *directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return "./";
	return arena_copy(arena, path, (size_t)(slash - path) + 1);
}

/* The part behind the directory; "." where there is none. */
static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash)
		path = slash + 1;
	if (!*path)
		return ".";
	return path;
}

/* Where the link `path` with this text leads. */
static const char *behind_link(struct arena *arena, const char *path, const char *link)
{
	if (link[0] == '/')
		return arena_strdup(arena, link);
	return arena_printf(arena, "%s%s", directory_of(arena, path), link);
}

/* Follows symbolic links by hand, since the last one may point to a file that does not exist yet.
 */
static const char *target_follow(struct arena *arena, const char *path)
{
	for (int hops = 0; hops < LINKS_MAX && open_descriptor_named(path) < 0; hops++) {
		char link[PATH_MAX];
		ssize_t length = readlink(path, link, sizeof link - 1);
		if (length < 0)
			return path;
		link[length] = '\0';
		path = behind_link(arena, path, link);
	}
	return path;
}

const char *target_resolve(struct arena *arena, const char *path)
{
	char directory[PATH_MAX];
	const char *end = target_follow(arena, path);
	if (open_descriptor_named(end) >= 0 || !realpath(directory_of(arena, end), directory))
		return end;
	return arena_printf(arena, "%s/%s", directory, name_of(end));
}

static bool open_failed(const struct target *target, struct error *err)
{
	return error_fail(err, "cannot write %s: %s", target->shown, strerror(errno));
}

/* --- where it is
 * ------------------------------------------------------------------------------------ */

/* A directory where everybody may put names, and nobody may remove another's. */
static bool is_shared(const struct stat *directory)
{
	return (directory->st_mode & S_ISVTX) && (directory->st_mode & S_IWOTH);
}

/* May the thing of this name be used where it lies? Sets *ret_status; false: it is not there. */
static bool look(const struct target *target, struct stat *ret_status, bool *ret_planted)
{
	struct stat directory;
	*ret_planted = false;
	if (fstatat(target->directory, target->name, ret_status, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	if (fstat(target->directory, &directory) != 0 || !is_shared(&directory))
		return true;
	uid_t owner = ret_status->st_uid;
	*ret_planted = owner != geteuid() && owner != directory.st_uid;
	return true;
}

static bool planted(const struct target *target, const struct stat *status, struct error *err)
{
	const char *kind = "is a file";
	if (S_ISLNK(status->st_mode))
		kind = "is a symbolic link";
	if (S_ISFIFO(status->st_mode))
		kind = "is a FIFO";
	return error_fail(err,
			"%s was not written: %s %s of UID %u in a directory that everybody may write to; "
			"remove it, or write elsewhere",
			target->shown,
			target->name,
			kind,
			(unsigned)status->st_uid);
}

/* Opens the directory of the path. Sets *ret_link to the text of the symbolic link that is there,
 * or to "". */
static bool enter(struct arena *arena,
		struct target *target,
		const char *path,
		char ret_link[PATH_MAX],
		struct error *err)
{
	struct stat status;
	bool foreign;
	file_close_fd(&target->directory);
	target->name = name_of(path);
	target->directory = open(directory_of(arena, path), O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret_link[0] = '\0';
	if (target->directory < 0)
		return open_failed(target, err);
	if (!look(target, &status, &foreign))
		return errno == ENOENT || open_failed(target, err);
	if (foreign)
		return planted(target, &status, err);
	if (!S_ISLNK(status.st_mode))
		return true;
	ssize_t length = readlinkat(target->directory, target->name, ret_link, PATH_MAX - 1);
	if (length < 0)
		return open_failed(target, err);
	ret_link[length] = '\0';
	return true;
}

/* --- opening it
 * ------------------------------------------------------------------------------------ */

static mode_t mode_of(const struct target *target)
{
	if (target->replaces)
		return MODE_OF_REPLACEMENT;
	return MODE;
}

static const char *temporary_name(struct arena *arena, int attempt)
{
	return arena_printf(arena, ".headroom-%ld-%d.tmp", (long)getpid(), attempt);
}

static bool open_named(struct arena *arena, struct target *target, struct error *err)
{
	for (int i = 0; i < NAMES_TRIED; i++) {
		const char *name = temporary_name(arena, i);
		int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
		target->fd = openat(target->directory, name, flags, mode_of(target));
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
	int flags = O_TMPFILE | O_WRONLY | O_CLOEXEC;
	if (access("/proc/self/fd", X_OK) == 0) /* give_name() needs it */
		target->fd = openat(target->directory, ".", flags, mode_of(target));
	return target->fd >= 0 || open_named(arena, target, err);
}

bool target_from_fd(int fd, const char *shown, struct target *ret_target, struct error *err)
{
	*ret_target = (struct target){
			.shown = shown,
			.directory = -1,
			.name = shown,
			.direct = true,
	};
	ret_target->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return ret_target->fd >= 0 || open_failed(ret_target, err);
}

static bool open_through(struct target *target, struct error *err)
{
	int flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
	target->direct = true;
	target->fd = openat(target->directory, target->name, flags);
	return target->fd >= 0 || open_failed(target, err);
}

/* What is in the directory under the name, which is no link. */
static bool open_entered(struct arena *arena,
		struct target *target,
		bool only_regular,
		struct error *err)
{
	struct stat status;
	bool foreign;
	if (!look(target, &status, &foreign))
		return errno == ENOENT ? open_hidden(arena, target, err) : open_failed(target, err);
	if (foreign)
		return planted(target, &status, err);
	if (S_ISDIR(status.st_mode))
		return error_fail(err, "%s is a directory; name a file in it", target->shown);
	target->replaces = S_ISREG(status.st_mode);
	if (target->replaces)
		return open_hidden(arena, target, err);
	if (only_regular)
		return error_fail(err, "%s was not written: it is not a regular file", target->shown);
	return open_through(target, err);
}

static bool opened(struct target *target, bool good)
{
	if (!good)
		target_discard(target);
	return good;
}

static bool open_at_end_of_links(struct arena *arena,
		const char *path,
		struct target *target,
		struct error *err)
{
	char link[PATH_MAX];
	for (int hops = 0; hops < LINKS_MAX; hops++) {
		int fd = open_descriptor_named(path);
		if (fd >= 0) {
			const char *shown = target->shown;
			target_discard(target);
			return target_from_fd(fd, shown, target, err);
		}
		if (!enter(arena, target, path, link, err))
			return false;
		if (!*link)
			return open_entered(arena, target, false, err);
		path = behind_link(arena, path, link);
	}
	errno = ELOOP;
	return open_failed(target, err);
}

bool target_open(struct arena *arena,
		const char *path,
		struct target *ret_target,
		struct error *err)
{
	*ret_target = (struct target){.shown = path, .directory = -1, .fd = -1};
	return opened(ret_target, open_at_end_of_links(arena, path, ret_target, err));
}

bool target_open_below(struct arena *arena,
		const char *path,
		struct target *ret_target,
		struct error *err)
{
	const char *why = "leads out of this directory";
	*ret_target = (struct target){.shown = path, .directory = -1, .fd = -1};
	if (open_is_below(path))
		ret_target->directory = open_parent_below(AT_FDCWD, path, &ret_target->name, &why);
	if (ret_target->directory < 0)
		return error_fail(err, "%s was not written: %s", path, why);
	return opened(ret_target, open_entered(arena, ret_target, true, err));
}

/* --- writing it, and putting it in place
 * ------------------------------------------------------------------------------------ */

/* "headroom facts | head -n 1": who reads no more has what he wants. The run says what it found. */
static bool has_no_reader(const struct target *target)
{
	return errno == EPIPE && target->directory < 0;
}

bool target_write(struct target *target, const char *bytes, size_t length, struct error *err)
{
	if (file_write_all(target->fd, bytes, length))
		return true;
	return has_no_reader(target) || open_failed(target, err);
}

/* A name for the file without one; names that a killed process left behind are passed over. */
static bool give_name(struct arena *arena, struct target *target)
{
	char from[64];
	(void)snprintf(from, sizeof from, "/proc/self/fd/%d", target->fd);
	for (int i = 0; i < NAMES_TRIED; i++) {
		const char *name = temporary_name(arena, i);
		if (linkat(AT_FDCWD, from, target->directory, name, AT_SYMLINK_FOLLOW) == 0) {
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
	file_close_fd(&target->fd);
	target->fd = -1;
	if (target->temporary)
		(void)unlinkat(target->directory, target->temporary, 0);
	target->temporary = NULL;
	file_close_fd(&target->directory);
	target->directory = -1;
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

static bool finish(struct arena *arena, struct target *target)
{
	if (target->replaces && !attributes_take_over(target->directory, target->name, target->fd))
		return false;
	if (fsync(target->fd) < 0)
		return false;
	if (!target->temporary && !give_name(arena, target))
		return false;
	if (!close_checked(target))
		return false;
	return renameat(target->directory, target->temporary, target->directory, target->name) == 0;
}

bool target_commit(struct arena *arena, struct target *target, struct error *err)
{
	bool good;
	if (target->direct)
		good = close_checked(target);
	else
		good = finish(arena, target);
	if (!good)
		return target_give_up(target, err);
	target->temporary = NULL;
	target_discard(target);
	return true;
}

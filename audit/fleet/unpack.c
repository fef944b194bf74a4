/* Every part of a path is opened by itself, and no link is followed: a tar file may hold a link to
 * /etc and then a file behind it. Links are kept as links; whoever reads the tree resolves them
 * inside it (probes/host/source). */
#include "audit/fleet/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"

const char *unpack_place(void)
{
	const char *place = getenv("TMPDIR");
	if (place && *place)
		return place;
	return "/tmp";
}

bool unpack_open(struct arena *arena, struct unpack *ret, struct error *err)
{
	char *path = arena_printf(arena, "%s/headroom-fleet-XXXXXX", unpack_place());
	*ret = UNPACK_NONE;
	if (!mkdtemp(path))
		return error_fail(err,
				"%.300s: cannot create a directory to unpack it: %s",
				path,
				strerror(errno));
	ret->path = path;
	ret->directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (ret->directory >= 0)
		return true;
	(void)error_fail(err, "%.300s: %s", path, strerror(errno));
	unpack_close(ret);
	return false;
}

/* Deletes what is in the directory, which stays open. */
static void empty_directory(int directory, size_t depth)
{
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = copy < 0 ? NULL : file_read_directory(copy);
	if (!entries) {
		file_close_fd(&copy);
		return;
	}
	for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
		const char *name = entry->d_name;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (unlinkat(directory, name, 0) == 0 || depth == 0)
			continue;
		int below = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0)
			continue;
		empty_directory(below, depth - 1);
		file_close_fd(&below);
		(void)unlinkat(directory, name, AT_REMOVEDIR);
	}
	(void)closedir(entries);
}

void unpack_close(struct unpack *unpack)
{
	if (unpack->directory >= 0)
		empty_directory(unpack->directory, UNPACK_DEPTH_MAX + 1);
	file_close_fd(&unpack->directory);
	if (unpack->path)
		(void)rmdir(unpack->path);
	*unpack = UNPACK_NONE;
}

static bool is_good_part(const char *part, size_t length)
{
	if (length == 0 || length > 255)
		return false;
	bool dot = length == 1 && part[0] == '.';
	bool dots = length == 2 && part[0] == '.' && part[1] == '.';
	return !dot && !dots;
}

const char *unpack_clean_path(struct arena *arena, const char *path)
{
	size_t depth = 0;
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	if (strcmp(path, ".") == 0)
		path++;
	size_t length = strlen(path);
	if (length > 1 && path[length - 1] == '/')
		length--;
	const char *clean = arena_copy(arena, path, length);
	for (const char *at = clean; length > 0;) {
		size_t part = strcspn(at, "/");
		if (!is_good_part(at, part) || ++depth > UNPACK_DEPTH_MAX)
			return NULL;
		if (at[part] == '\0')
			break;
		at += part + 1;
	}
	return clean;
}

/* The directory of this name in `parent`, made if it is not there; closes the parent. -1 with
 * errno. */
static int enter_directory(int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int below = openat(parent, name, flags);
	if (below < 0 && errno == ENOENT && mkdirat(parent, name, 0700) == 0)
		below = openat(parent, name, flags);
	int why = errno;
	file_close_fd(&parent);
	errno = why;
	return below;
}

/* The directory that the last part of the path is in. -1 with errno. */
static int enter_parent(int root, const char *path, const char **ret_name)
{
	char part[256];
	int directory = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (const char *slash; directory >= 0 && (slash = strchr(path, '/')) != NULL;) {
		size_t length = (size_t)(slash - path);
		memcpy(part, path, length);
		part[length] = '\0';
		directory = enter_directory(directory, part);
		path = slash + 1;
	}
	*ret_name = path;
	return directory;
}

static bool write_new_file(int directory, const char *name, const struct unpack_member *member)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	(void)unlinkat(directory, name, 0); /* of two with one name the later counts, as in tar(1) */
	__attribute__((cleanup(file_close_fd))) int fd = openat(directory, name, flags, 0600);
	return fd >= 0 && file_write_all(fd, member->bytes, member->length);
}

static bool put_in(int directory, const char *name, const struct unpack_member *member)
{
	if (member->kind == 'F')
		return write_new_file(directory, name, member);
	if (member->kind == 'D')
		return mkdirat(directory, name, 0700) == 0 || errno == EEXIST;
	(void)unlinkat(directory, name, 0);
	return symlinkat(member->bytes, directory, name) == 0;
}

bool unpack_put(struct unpack *unpack, const struct unpack_member *member, struct error *err)
{
	const char *name;
	unpack->bytes += member->length;
	unpack->files++;
	if (unpack->bytes > UNPACK_TREE_BYTES_MAX || unpack->files > UNPACK_TREE_FILES_MAX)
		return error_set(err,
				"this snapshot has more than %d MiB or %d files",
				UNPACK_TREE_BYTES_MAX >> 20,
				UNPACK_TREE_FILES_MAX);
	__attribute__((cleanup(file_close_fd))) int directory =
			enter_parent(unpack->directory, member->path, &name);
	if (directory >= 0 && put_in(directory, name, member))
		return true;
	if (errno == ELOOP || errno == ENOTDIR)
		return error_set(err, "%.200s leads through a link or a file", member->path);
	return error_fail(err,
			"cannot unpack %.200s below %.200s: %s",
			member->path,
			unpack_place(),
			strerror(errno));
}

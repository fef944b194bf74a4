#include "probes/plan/command/find.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

/* A group of one's own, as useradd(8) makes it, has nobody else in it. */
static bool is_harmless_group(const struct stat *status)
{
	return status->st_gid == 0 || (status->st_gid == getegid() && status->st_gid == status->st_uid);
}

/* In a directory with the sticky bit, others cannot replace what is not theirs. */
static bool others_may_write(const struct stat *status)
{
	bool sticky = S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX);
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return true;
	if (sticky)
		return false;
	if (status->st_mode & S_IWOTH)
		return true;
	return (status->st_mode & S_IWGRP) && !is_harmless_group(status);
}

/* The first thing on the way from "/" to this real path that others may write to; NULL: none. */
static const char *find_writable(struct arena *arena, const char *path)
{
	const char *end = path;
	for (;;) {
		struct stat status;
		const char *part = "/";
		if (end > path)
			part = arena_copy(arena, path, (size_t)(end - path));
		if (stat(part, &status) != 0 || others_may_write(&status))
			return part;
		if (!*end)
			return NULL;
		end += strcspn(end + 1, "/") + 1;
	}
}

static bool is_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);
	if (!strcmp(directory, "/"))
		return true;
	return text_begins_with(path, directory) && (!path[length] || path[length] == '/');
}

/* The directory with .git at or above the current one; else the current one. */
static const char *checkout_of(struct arena *arena)
{
	char here[PATH_MAX];
	if (!getcwd(here, sizeof here))
		return "/";
	const char *top = arena_strdup(arena, here);
	for (char *end = here + strlen(here); end > here; end = strrchr(here, '/')) {
		*end = '\0';
		if (access(arena_printf(arena, "%s/.git", here), F_OK) == 0)
			return arena_strdup(arena, here);
	}
	return top;
}

static bool is_program(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* The path itself may lead through links, and so may what it leads to; both ways count. */
static const char *check_program(struct arena *arena, const char *path, const char **ret_why)
{
	char real[PATH_MAX], directory[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const char *way = arena_copy(arena, path, (size_t)(slash - path) + 1);
	if (!realpath(path, real) || !realpath(way, directory))
		return NULL;
	const char *writable = find_writable(arena, real);
	if (!writable)
		writable = find_writable(arena, directory);
	if (!writable)
		return path;
	*ret_why = arena_printf(arena,
			"%s may be replaced by others, who can write to %s",
			path,
			writable);
	return NULL;
}

static const char *find_by_path(struct arena *arena, const char *path, const char **ret_why)
{
	char real[PATH_MAX];
	if (!is_program(path) || !realpath(path, real))
		return NULL;
	if (is_below(real, checkout_of(arena))) {
		*ret_why = arena_printf(arena, "%s is a path of this checkout", path);
		return NULL;
	}
	return check_program(arena, arena_strdup(arena, real), ret_why);
}

static const char *find_in_path(struct arena *arena, const char *name, const char **ret_why)
{
	const char *list = getenv("PATH");
	if (!list)
		list = "/usr/local/bin:/usr/bin:/bin";
	char here[] = ".";
	char *rest = arena_strdup(arena, list);
	for (char *directory; (directory = strsep(&rest, ":"));) {
		if (!*directory)
			directory = here;
		const char *path = arena_printf(arena, "%s/%s", directory, name);
		if (!is_program(path))
			continue;
		if (*directory != '/') {
			*ret_why = arena_printf(arena, "%s is in a relative directory of PATH", path);
			continue;
		}
		const char *found = check_program(arena, path, ret_why);
		if (found)
			return found;
	}
	return NULL;
}

const char *find_program(struct arena *arena, const char *name, const char **ret_why)
{
	const char *found;
	*ret_why = NULL;
	if (strchr(name, '/'))
		found = find_by_path(arena, name, ret_why);
	else
		found = find_in_path(arena, name, ret_why);
	if (found)
		*ret_why = NULL;
	return found;
}

#include "probes/lint/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"

enum {
	TEXT_LOOK = 4096 /* a NUL so early: no text */
};

static const int reading_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;

/* One directory on the way down. */
struct level {
	struct lint_walk *walk;
	int fd;
	const char *path; /* as shown, with its slash; "" for the current one */
	unsigned depth;
	struct text *buffer; /* of the file that is read */
	struct text *name;   /* of the file that is looked at */
};

static void add_problem(struct lint_walk *walk, const char *path, const char *why)
{
	if (walk->problem_count < LINT_PROBLEMS_MAX)
		walk->problems[walk->problem_count] = (struct lint_problem){path, why};
	walk->problem_count++;
}

static bool walk_is_text(const struct text *text)
{
	size_t length = text->length;
	if (length > TEXT_LOOK)
		length = TEXT_LOOK;
	return length == 0 || !memchr(text->data, '\0', length);
}

/* Reads what is open; says what is wrong, or NULL. */
static const char *walk_read_whole(int fd, struct text *buffer)
{
	struct stat status;
	text_clear(buffer);
	if (fstat(fd, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "is not a regular file";
	if (status.st_size > LINT_FILE_BYTES_MAX)
		return "is larger than 1 MiB";
	if (!file_read_all(fd, LINT_FILE_BYTES_MAX, buffer))
		return strerror(errno);
	return NULL;
}

static void walk_read_named(const struct level *level, const char *name, enum lint_kind kind)
{
	struct lint_walk *walk = level->walk;
	__attribute__((cleanup(file_close_fd))) int fd = openat(level->fd, name, reading_flags);
	const char *why = strerror(errno);
	const char *path = arena_printf(walk->arena, "%s%s", level->path, name);
	if (fd >= 0)
		why = walk_read_whole(fd, level->buffer);
	if (why) {
		add_problem(walk, path, why);
		return;
	}
	walk->read++;
	if (walk_is_text(level->buffer)) {
		struct slice text = {text_string(level->buffer), level->buffer->length};
		walk->take(walk->context, path, kind, text);
	}
}

static void walk_directory(const struct level *level);

static void walk_enter(const struct level *level, const char *name)
{
	struct lint_walk *walk = level->walk;
	const char *path = arena_printf(walk->arena, "%s%s/", level->path, name);
	if (level->depth >= LINT_DEPTH_MAX) {
		add_problem(walk, path, "is nested too deeply");
		return;
	}
	struct level inner = {
			.walk = walk,
			.path = path,
			.depth = level->depth + 1,
			.buffer = level->buffer,
			.name = level->name,
	};
	inner.fd = openat(level->fd, name, reading_flags | O_DIRECTORY);
	if (inner.fd < 0)
		add_problem(walk, path, strerror(errno));
	else
		walk_directory(&inner);
}

static unsigned char walk_type_of(const struct level *level, const struct dirent *entry)
{
	struct stat status;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(level->fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return (unsigned char)IFTODT(status.st_mode);
}

static void walk_visit(const struct level *level, const struct dirent *entry)
{
	const char *name = entry->d_name;
	unsigned char type = walk_type_of(level, entry);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	if (type == DT_LNK)
		level->walk->links++;
	if (type == DT_DIR && !lint_skips_directory(name))
		walk_enter(level, name);
	if (type != DT_REG)
		return;
	level->walk->seen++;
	/* The path decides of which kind it is: sysctl.d/x.conf. */
	text_clear(level->name);
	text_add(level->name, level->path);
	text_add(level->name, name);
	enum lint_kind kind = lint_kind_of(text_string(level->name));
	if (kind != LINT_NONE)
		walk_read_named(level, name, kind);
}

/* Closes level->fd. */
static void walk_directory(const struct level *level)
{
	__attribute__((cleanup(file_close_directory))) DIR *directory = file_read_directory(level->fd);
	if (!directory) {
		add_problem(level->walk, level->path, strerror(errno));
		file_close_fd(&level->fd);
		return;
	}
	for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		walk_visit(level, entry);
}

/* "." and "./" are not shown. */
static const char *walk_shown_path(struct arena *arena, const char *path)
{
	while (path[0] == '.' && path[1] == '/') {
		path += 2;
		path += strspn(path, "/");
	}
	if (strcmp(path, ".") == 0 || !*path)
		return "";
	if (path[strlen(path) - 1] == '/')
		return path;
	return arena_printf(arena, "%s/", path);
}

/* A file that was named: of whatever name it is, somebody asked about it. */
static bool walk_file(struct lint_walk *walk, const char *path, struct error *err)
{
	__attribute__((cleanup(text_release))) struct text buffer = {0};
	struct level level = {.walk = walk, .fd = AT_FDCWD, .path = "", .buffer = &buffer};
	enum lint_kind kind = lint_kind_of(path);
	size_t before = walk->problem_count;
	walk->seen++;
	if (kind == LINT_NONE)
		return error_set(err, "%s: lint does not read files of this name", path);
	walk_read_named(&level, path, kind);
	if (walk->problem_count > before)
		return error_set(err, "%s: %s", path, walk->problems[0].why);
	return true;
}

bool lint_walk(struct lint_walk *walk, const char *path, struct error *err)
{
	struct stat status;
	__attribute__((cleanup(text_release))) struct text buffer = {0};
	__attribute__((cleanup(text_release))) struct text name = {0};
	if (stat(path, &status) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return walk_file(walk, path, err);
	struct level level = {
			.walk = walk,
			.path = walk_shown_path(walk->arena, path),
			.buffer = &buffer,
			.name = &name,
	};
	level.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (level.fd < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	walk_directory(&level);
	return true;
}

/* Walks one directory level: a member for each host. What is in a file is told by its first bytes.
 */
#include "audit/fleet/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/fleet/archive.h"
#include "audit/fleet/prometheus.h"
#include "audit/fleet/stream.h"
#include "audit/fleet/unpack.h"
#include "base/array.h"
#include "base/list.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/os/open.h"
#include "base/text.h"

enum {
	CHUNK_BYTES = 256 * 1024,
	FIRST_BYTES = 512, /* as much as a head of tar(5) has */
	MEMBERS_MAX = 1000000,
	OTHERS_SHOWN = 3
};

static const char input_shown[] = "standard input";

/* --- words --- */

/* "client:facts/": but a file of that very name is a file. */
static const char *take_role(struct arena *arena, const char *word, enum fleet_role *ret_role)
{
	const char *colon = strchr(word, ':');
	*ret_role = FLEET_UNSAID;
	if (!colon || access(word, F_OK) == 0)
		return word;
	if (!fleet_role_from_name(arena_copy(arena, word, (size_t)(colon - word)), ret_role))
		return word;
	return colon + 1;
}

bool fleet_source_named(struct arena *arena,
		const char *word,
		struct fleet_source *ret_source,
		struct error *err)
{
	struct stat status;
	const char *path = take_role(arena, word, &ret_source->role);
	ret_source->path = path;
	ret_source->shown = path;
	ret_source->fd = -1;
	if (prometheus_is_address(path))
		return prometheus_check(path, err);
	ret_source->fd = open_descriptor_named(path);
	if (strcmp(path, "-") == 0) {
		ret_source->shown = input_shown;
		ret_source->fd = STDIN_FILENO;
	}
	ret_source->start = lseek(ret_source->fd, 0, SEEK_CUR);
	if (ret_source->fd >= 0)
		return true;
	if (stat(path, &status) == 0)
		return true;
	return error_set(err,
			"%.200s: %s; a source is a directory, a tar file, a file of documents, or -",
			path,
			strerror(errno));
}

bool fleet_source_is_plain(const char *word)
{
	struct stat status;
	enum fleet_role role;
	if (strcmp(word, "-") == 0 || prometheus_is_address(word))
		return true;
	struct arena *arena = arena_new();
	bool has_role = take_role(arena, word, &role) != word;
	arena_free(arena);
	return has_role || (stat(word, &status) == 0 && S_ISDIR(status.st_mode));
}

static bool copy_input(int from, int to, struct error *err)
{
	char *chunk = malloc(CHUNK_BYTES);
	bool good = chunk != NULL;
	while (good) {
		ssize_t count = read(from, chunk, CHUNK_BYTES);
		if (count == 0)
			break;
		if (count < 0 && errno == EINTR)
			continue;
		good = count > 0 && file_write_all(to, chunk, (size_t)count);
	}
	free(chunk);
	if (good)
		return true;
	return error_fail(err,
			"cannot store standard input below %.200s: %s. With --hosts FILE it need not be stored",
			unpack_place(),
			strerror(errno));
}

bool fleet_source_keep(struct fleet_source *source, struct error *err)
{
	struct stat status;
	if (source->fd < 0)
		return true;
	if (fstat(source->fd, &status) == 0 && S_ISREG(status.st_mode))
		return true;
	int copy = open(unpack_place(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (copy < 0)
		return error_fail(err,
				"cannot store standard input below %.200s: %s",
				unpack_place(),
				strerror(errno));
	if (!copy_input(source->fd, copy, err)) {
		(void)close(copy);
		return false;
	}
	source->fd = copy;
	source->start = 0;
	return true;
}

/* --- files --- */

/* A file, or what is open already, that holds hosts. */
struct opened {
	const struct fleet_source *source;
	const char *shown, *name; /* name: what the file is called, without its extension */
	int fd;
};

static void source_problem(const struct item_sink *sink,
		const char *where,
		const char *why,
		bool ends)
{
	sink->problem(sink->context, where, why, ends);
}

static ssize_t read_first(int fd, char first[FIRST_BYTES])
{
	size_t length = 0;
	while (length < FIRST_BYTES) {
		ssize_t count = read(fd, first + length, FIRST_BYTES - length);
		if (count < 0 && errno == EINTR)
			return (ssize_t)length;
		if (count < 0)
			return -1;
		if (count == 0)
			break;
		length += (size_t)count;
	}
	return (ssize_t)length;
}

static void source_read_lines(const struct opened *opened,
		const char *first,
		size_t first_length,
		const struct item_sink *sink)
{
	struct fleet_source source = *opened->source;
	source.shown = opened->shown;
	struct stream stream = stream_of(&source, sink);
	char *chunk = malloc(CHUNK_BYTES);
	stream_add(&stream, first, first_length);
	while (chunk && !sink_is_stopped(sink)) {
		ssize_t count = read(opened->fd, chunk, CHUNK_BYTES);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			source_problem(sink, opened->shown, strerror(errno), true);
		if (count <= 0)
			break;
		stream_add(&stream, chunk, (size_t)count);
	}
	free(chunk);
	stream_end(&stream);
}

static void source_read_opened(struct arena *arena,
		const struct opened *opened,
		const struct item_sink *sink)
{
	char first[FIRST_BYTES];
	ssize_t length = read_first(opened->fd, first);
	if (length < 0) {
		source_problem(sink, opened->shown, strerror(errno), true);
		return;
	}
	if (length == 0 && !sink_is_stopped(sink))
		source_problem(sink, opened->shown, "it is empty", true);
	const struct archive_input archive = {
			.source = opened->source,
			.shown = opened->shown,
			.name = opened->name,
			.fd = opened->fd,
			.first = first,
			.first_length = (size_t)length,
	};
	if (archive_begins(first, (size_t)length))
		archive_read(arena, &archive, sink);
	else
		source_read_lines(opened, first, (size_t)length, sink);
}

static void give_file(const struct opened *opened, const struct item_sink *sink)
{
	struct text bytes = {0};
	struct fleet_item item = {
			.kind = ITEM_DOCUMENT,
			.source = opened->source,
			.where = opened->shown,
			.name = opened->name,
	};
	if (!file_read_all(opened->fd, JSON_BYTES_MAX, &bytes)) {
		item.kind = ITEM_BROKEN;
		text_clear(&bytes);
		text_add(&bytes, strerror(errno));
	}
	item.bytes = text_string(&bytes);
	item.length = bytes.length;
	sink->item(sink->context, &item);
	text_release(&bytes);
}

static const char *const archive_ends[] = {
		".tar",
		".tar.gz",
		".tgz",
		".tar.xz",
		".txz",
		".tar.zst",
		".tar.bz2",
};
static const char *const line_ends[] = {".ndjson", ".jsonl"};

static const char *end_among(const char *name, const char *const *ends, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_ends_with(name, ends[i]))
			return ends[i];
	return NULL;
}

/* The extension that says what the file is; NULL: none does. */
static const char *known_end(const char *name)
{
	const char *end = end_among(name, archive_ends, COUNT_OF(archive_ends));
	if (!end)
		end = end_among(name, line_ends, COUNT_OF(line_ends));
	if (!end && text_ends_with(name, ".json"))
		end = ".json";
	return end;
}

static const char *source_name_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *end = known_end(name);
	if (end)
		return arena_copy(arena, name, strlen(name) - strlen(end));
	return name;
}

/* --- directories --- */

static bool is_tree(const char *path)
{
	char below[4200];
	struct stat status;
	static const char *const tops[] = {"proc", "ORIGIN", "MANIFEST"};
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		int length = snprintf(below, sizeof below, "%s/%s", path, tops[i]);
		if (length > 0 && (size_t)length < sizeof below && lstat(below, &status) == 0)
			return true;
	}
	return false;
}

static void give_tree_at(const struct fleet_source *source,
		const char *path,
		const char *name,
		const struct item_sink *sink)
{
	const struct fleet_item item = {
			.kind = ITEM_TREE,
			.source = source,
			.where = path,
			.name = name,
			.path = path,
	};
	sink->item(sink->context, &item);
}

struct walk {
	struct arena *arena; /* of one member */
	const struct fleet_source *source;
	const struct item_sink *sink;
	const char *directory;
	int fd;
	size_t members, others;
};

static void source_pass_over(struct walk *walk, const char *path, const char *why)
{
	if (walk->others++ < OTHERS_SHOWN)
		source_problem(walk->sink, path, why, false);
}

/* Links are not followed: who filled the directory may have put them there. */
static void source_walk_file(struct walk *walk, const char *path, const char *name)
{
	const char *why = NULL;
	const char *end = known_end(name);
	if (!end) {
		source_pass_over(walk, path, "skipped: neither .json nor .ndjson nor .tar");
		return;
	}
	__attribute__((cleanup(file_close_fd))) int fd = open_below(walk->fd, name, &why);
	struct opened opened = {walk->source, path, source_name_of(walk->arena, name), fd};
	const struct fleet_item broken = {
			.kind = ITEM_BROKEN,
			.source = walk->source,
			.where = path,
			.name = opened.name,
			.bytes = why,
			.length = why ? strlen(why) : 0,
	};
	walk->members++;
	if (fd < 0)
		walk->sink->item(walk->sink->context, &broken);
	else if (strcmp(end, ".json") == 0)
		give_file(&opened, walk->sink);
	else
		source_read_opened(walk->arena, &opened, walk->sink);
}

static void walk_member(struct walk *walk, const char *name)
{
	struct stat status;
	const char *path = arena_printf(walk->arena, "%s/%s", walk->directory, name);
	if (fstatat(walk->fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
		source_problem(walk->sink, path, strerror(errno), true);
		return;
	}
	if (S_ISLNK(status.st_mode)) {
		source_pass_over(walk, path, "skipped: a symbolic link");
	} else if (!S_ISDIR(status.st_mode)) {
		source_walk_file(walk, path, name);
	} else if (is_tree(path)) {
		walk->members++;
		give_tree_at(walk->source, path, name, walk->sink);
	} else {
		source_pass_over(walk, path, "skipped: a directory that is not a snapshot");
	}
}

static int source_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int source_is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void walk_all(struct walk *walk, struct dirent **entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		walk->arena = arena_new();
		if (!sink_is_stopped(walk->sink))
			walk_member(walk, entries[i]->d_name);
		arena_free(walk->arena);
		free(entries[i]);
	}
	free(entries);
}

static void source_read_directory(const struct fleet_source *source, const struct item_sink *sink)
{
	char more[80];
	struct dirent **entries;
	__attribute__((cleanup(file_close_fd))) int fd = open(source->path,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk walk = {.source = source, .sink = sink, .directory = source->path, .fd = fd};
	int count = fd < 0 ? -1 : scandir(source->path, &entries, source_is_visible, source_by_name);
	if (count < 0) {
		source_problem(sink, source->path, strerror(errno), true);
		return;
	}
	walk_all(&walk, entries, (size_t)count);
	if (walk.others > OTHERS_SHOWN) {
		(void)snprintf(more,
				sizeof more,
				"%zu more entries are skipped",
				walk.others - OTHERS_SHOWN);
		source_problem(sink, source->path, more, false);
	}
	if (walk.members == 0 && !sink_is_stopped(sink))
		source_problem(sink, source->path, "it contains no host", true);
}

/* --- one source --- */

static void source_read_input(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink)
{
	const struct opened opened = {source, source->shown, NULL, source->fd};
	(void)lseek(source->fd, source->start, SEEK_SET); /* a pipe is read once only */
	source_read_opened(arena, &opened, sink);
}

static void read_path(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink)
{
	const char *why = NULL;
	__attribute__((cleanup(file_close_fd))) int fd = open_regular(source->path, &why);
	const struct opened opened = {source, source->shown, source_name_of(arena, source->path), fd};
	if (fd < 0)
		source_problem(sink, source->shown, why, true);
	else if (text_ends_with(source->path, ".json"))
		give_file(&opened, sink);
	else
		source_read_opened(arena, &opened, sink);
}

void fleet_source_read(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink)
{
	struct stat status;
	if (source->fd >= 0) {
		source_read_input(arena, source, sink);
		return;
	}
	if (prometheus_is_address(source->path)) {
		prometheus_read(arena, source, sink);
		return;
	}
	bool directory = stat(source->path, &status) == 0 && S_ISDIR(status.st_mode);
	if (directory && is_tree(source->path))
		give_tree_at(source, source->path, source_name_of(arena, source->path), sink);
	else if (directory)
		source_read_directory(source, sink);
	else
		read_path(arena, source, sink);
}

/* Which files of a tar file belong to one host: those with the same path in front of proc/, etc/,
 * MANIFEST and what else a snapshot tree has at its top. They must stand together, as tar(1) writes
 * them. */
#include "audit/fleet/archive.h"

#include <stdio.h>
#include <string.h>

#include "audit/fleet/unpack.h"
#include "audit/helper/untar.h"
#include "base/array.h"
#include "base/list.h"
#include "base/text.h"

enum {
	WHERE_MAX = 600,
	LEFT_OUT_SHOWN = 5
};

struct archive_taking {
	struct arena *arena; /* of the whole archive: names of trees that are done */
	const struct archive_input *input;
	const struct item_sink *sink;
	struct unpack tree;
	char *prefix;        /* in front of the tree's files; NULL: there is no tree now */
	bool has_file;       /* a file of it came: empty directories alone are no tree */
	struct error broken; /* why the tree cannot be read; kind ERROR_NONE: it can */
	struct name_list done;
	size_t left_out, trees, documents;
};

bool archive_begins(const char *bytes, size_t length)
{
	static const struct {
		size_t at;
		const char *magic;
		size_t length;
	} magics[] = {
			{0, "\x1f\x8b", 2},
			{0, "BZh", 3},
			{0,
					"\xfd"
					"7zXZ",
					5},
			{0, "\x28\xb5\x2f\xfd", 4},
			{257, "ustar", 5},
	};
	for (size_t i = 0; i < COUNT_OF(magics); i++) {
		size_t end = magics[i].at + magics[i].length;
		if (length >= end && memcmp(bytes + magics[i].at, magics[i].magic, magics[i].length) == 0)
			return true;
	}
	return false;
}

static void archive_problem(const struct archive_taking *taking, const char *name, const char *why)
{
	char where[WHERE_MAX];
	(void)snprintf(where, sizeof where, "%.250s: %.300s", taking->input->shown, name);
	taking->sink->problem(taking->sink->context, where, why, false);
}

/* --- trees --- */

/* What a snapshot tree has at its top, and what no path to one has: "home" and "var" may be either.
 */
static bool is_top_of_tree(const char *part, size_t length, bool last)
{
	static const char *const directories[] = {"proc", "sys", "etc", "usr"};
	static const char *const files[] = {
			"MANIFEST",
			"ORIGIN",
			"sockets.json",
			"nft.json",
			"process.maps",
	};
	for (size_t i = 0; i < COUNT_OF(directories); i++)
		if (strlen(directories[i]) == length && memcmp(directories[i], part, length) == 0)
			return true;
	for (size_t i = 0; last && i < COUNT_OF(files); i++)
		if (strlen(files[i]) == length && memcmp(files[i], part, length) == 0)
			return true;
	return false;
}

/* Behind the directory of the tree that is being taken, or of one that lies beside it. */
static const char *inside_known(const struct archive_taking *taking, const char *path)
{
	const char *prefix = taking->prefix;
	if (!prefix || !*prefix)
		return NULL;
	const char *slash = strrchr(prefix, '/');
	size_t parent = 0;
	if (slash)
		parent = (size_t)(slash - prefix) + 1;
	if (strncmp(path, prefix, parent) != 0)
		return NULL;
	const char *inside = strchr(path + parent, '/');
	if (!inside || !inside[1])
		return NULL;
	return inside + 1;
}

/* Where the part of a path begins that is inside a tree; NULL: none is. */
static const char *inside_tree(const struct archive_taking *taking, const char *path)
{
	const char *known = inside_known(taking, path);
	if (known)
		return known;
	for (const char *at = path; *at;) {
		size_t part = strcspn(at, "/");
		if (is_top_of_tree(at, part, at[part] == '\0'))
			return at;
		at += part;
		at += *at == '/';
	}
	return NULL;
}

static const char *archive_last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash)
		return slash + 1;
	return path;
}

static void give_tree(const struct archive_taking *taking)
{
	char where[WHERE_MAX];
	const char *name = archive_last_part(taking->prefix);
	if (!*name)
		name = taking->input->name;
	(void)snprintf(where, sizeof where, "%.250s: %.300s/", taking->input->shown, taking->prefix);
	struct fleet_item item = {
			.kind = ITEM_TREE,
			.source = taking->input->source,
			.where = where,
			.name = name,
			.path = taking->tree.path,
	};
	if (taking->broken.kind != ERROR_NONE) {
		item.kind = ITEM_BROKEN;
		item.bytes = taking->broken.text;
		item.length = strlen(item.bytes);
	}
	taking->sink->item(taking->sink->context, &item);
}

static void end_tree(struct archive_taking *taking)
{
	if (!taking->prefix)
		return;
	if (taking->has_file && !sink_is_stopped(taking->sink)) {
		give_tree(taking);
		taking->trees++;
		name_list_append(taking->arena, &taking->done, arena_strdup(taking->arena, taking->prefix));
	}
	unpack_close(&taking->tree);
	taking->prefix = NULL;
}

static bool was_done(const struct archive_taking *taking, const char *prefix)
{
	/* The last ones first: a tree that comes again mostly does so at once. */
	for (size_t i = taking->done.count; i > 0 && taking->done.count - i < 64; i--)
		if (strcmp(taking->done.items[i - 1], prefix) == 0)
			return true;
	return false;
}

static void begin_tree(struct archive_taking *taking, const char *prefix)
{
	end_tree(taking);
	taking->prefix = arena_strdup(taking->arena, prefix);
	taking->has_file = false;
	taking->broken = (struct error){0};
	if (was_done(taking, prefix))
		(void)error_set(&taking->broken,
				"its files are scattered in this tar file; unpack it and name the directory");
	else
		(void)unpack_open(taking->arena, &taking->tree, &taking->broken);
}

static void add_to_tree(struct archive_taking *taking,
		const char *path,
		const char *inside,
		const struct untar_member *member)
{
	struct arena *arena = arena_new();
	size_t length = (size_t)(inside - path);
	const char *prefix = arena_copy(arena, path, length ? length - 1 : 0);
	if (!taking->prefix || strcmp(taking->prefix, prefix) != 0)
		begin_tree(taking, prefix);
	arena_free(arena);
	const struct unpack_member put = {
			.kind = member->kind,
			.path = inside,
			.bytes = member->bytes,
			.length = member->length,
	};
	taking->has_file |= member->kind == 'F';
	if (taking->broken.kind == ERROR_NONE)
		(void)unpack_put(&taking->tree, &put, &taking->broken);
}

/* --- members --- */

static void archive_leave_out(struct archive_taking *taking, const char *name, const char *why)
{
	if (taking->left_out++ < LEFT_OUT_SHOWN)
		archive_problem(taking, name, why);
}

static void give_document(struct archive_taking *taking,
		const char *path,
		const struct untar_member *member)
{
	char where[WHERE_MAX];
	char name[256];
	const char *last = archive_last_part(path);
	(void)snprintf(where, sizeof where, "%.250s: %.300s", taking->input->shown, path);
	(void)snprintf(name, sizeof name, "%.*s", (int)(strlen(last) - strlen(".json")), last);
	const struct fleet_item item = {
			.kind = ITEM_DOCUMENT,
			.source = taking->input->source,
			.where = where,
			.name = name,
			.bytes = member->bytes,
			.length = member->length,
	};
	taking->documents++;
	taking->sink->item(taking->sink->context, &item);
}

static void archive_take_member(struct archive_taking *taking,
		const char *path,
		const struct untar_member *member)
{
	const char *inside = inside_tree(taking, path);
	if (inside && member->kind != 'S')
		add_to_tree(taking, path, inside, member);
	else if (member->kind == 'S')
		archive_leave_out(taking, path, member->bytes);
	else if (member->kind == 'F' && text_ends_with(path, ".json"))
		give_document(taking, path, member);
	else if (member->kind != 'D')
		archive_leave_out(taking,
				path,
				"left out, because it is neither a .json document nor part of a snapshot");
}

static bool archive_member(void *context, const struct untar_member *member)
{
	struct archive_taking *taking = context;
	struct arena *arena = arena_new();
	const char *path = unpack_clean_path(arena, member->name);
	if (!path)
		archive_leave_out(taking,
				member->name,
				"left out, because its path leads out of the tar file");
	else if (*path)
		archive_take_member(taking, path, member);
	arena_free(arena);
	return !sink_is_stopped(taking->sink);
}

void archive_read(struct arena *arena,
		const struct archive_input *input,
		const struct item_sink *sink)
{
	struct error err = {0};
	char more[WHERE_MAX];
	struct archive_taking taking = {
			.arena = arena,
			.input = input,
			.sink = sink,
			.tree = UNPACK_NONE,
	};
	const struct untar_input from = {
			.fd = input->fd,
			.first = input->first,
			.first_length = input->first_length,
			.shown = input->shown,
			.stop = sink->stop,
	};
	const struct untar_sink to = {archive_member, &taking};
	bool good = helper_untar(arena, &from, &to, &err);
	if (!good && taking.prefix && taking.broken.kind == ERROR_NONE)
		(void)error_set(&taking.broken, "the tar file ends in the middle of it");
	end_tree(&taking);
	if (!good)
		sink->problem(sink->context, input->shown, err.text, true);
	if (taking.left_out > LEFT_OUT_SHOWN) {
		(void)snprintf(more,
				sizeof more,
				"%zu more files left out",
				taking.left_out - LEFT_OUT_SHOWN);
		sink->problem(sink->context, input->shown, more, false);
	}
	if (good && taking.trees + taking.documents == 0 && !sink_is_stopped(sink))
		sink->problem(sink->context, input->shown, "it contains no host", false);
}

/* Which files of configuration directories count, and in which order (sysctl.d(5),
 * systemd-system.conf(5)). */
#include "probes/host/boot/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

void config_note_unread(struct probing *probing, const char *path)
{
	if (!probing->boot_unread)
		probing->boot_unread = arena_strdup(probing->arena, path);
}

/* What does not exist sets nothing. */
static bool config_lacks(int error)
{
	return put_status_of(error) == FACT_ABSENT;
}

static int config_note(struct probing *probing, const char *path, int error)
{
	if (error && !config_lacks(error))
		config_note_unread(probing, path);
	return error;
}

int config_read_text(struct probing *probing, const char *path, char **ret_text)
{
	return config_note(probing, path, probing_read_text(probing, path, ret_text));
}

static bool begins_with_one(const char *line, const char *const *kept)
{
	for (; *kept; kept++) {
		if (text_begins_with(line, *kept))
			return true;
	}
	return false;
}

static void keep_some(struct probing *probing,
		const char *path,
		const char *const *kept,
		const char *text)
{
	struct text out = {0};
	char *cursor = arena_strdup(probing->arena, text);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		line = parse_trim(line);
		if (begins_with_one(line, kept))
			text_add(&out, line);
		text_add(&out, "\n");
	}
	source_keep(probing->source, path, text_string(&out), out.length);
	text_release(&out);
}

int config_read_some(struct probing *probing,
		const char *path,
		const char *const *kept,
		char **ret_text)
{
	const char *bytes;
	size_t length;
	int error = source_read_bytes(probing->source, path, &bytes, &length);
	if (error == 0 && memchr(bytes, '\0', length))
		error = EILSEQ;
	if (error) {
		source_keep_error(probing->source, path, error);
		return config_note(probing, path, error);
	}
	*ret_text = arena_copy(probing->arena, bytes, length);
	if (source_keeps(probing->source))
		keep_some(probing, path, kept, *ret_text);
	return 0;
}

size_t config_list(struct probing *probing, const char *path, const char *const **ret_names)
{
	size_t count;
	bool more = false;
	int error = source_list(probing->source, path, ret_names, &count, &more);
	if (more || (error && !config_lacks(error)))
		config_note_unread(probing, path);
	if (error)
		return 0;
	return count;
}

static bool is_conf(const char *name)
{
	return text_ends_with(name, ".conf") && name[0] != '.';
}

static bool config_is_hidden(const struct config_file *files, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(files[i].name, name) == 0)
			return true;
	}
	return false;
}

static int compare_files(const void *a, const void *b)
{
	const struct config_file *left = a, *right = b;
	return strcmp(left->name, right->name);
}

static bool is_masked(struct probing *probing, const char *path)
{
	char target[SOURCE_LINK_MAX];
	if (source_link(probing->source, path, target) != 0)
		return false;
	return strcmp(target, "/dev/null") == 0;
}

struct config_list {
	struct config_file *items;
	size_t count, capacity;
};

static void config_add(struct probing *probing,
		struct config_list *list,
		const char *directory,
		const char *name)
{
	if (!is_conf(name) || config_is_hidden(list->items, list->count, name))
		return;
	if (list->count == CONFIG_FILES_MAX) {
		config_note_unread(probing, directory);
		return;
	}
	list->items = arena_grow(probing->arena,
			list->items,
			list->count,
			&list->capacity,
			sizeof *list->items);
	struct config_file *file = &list->items[list->count++];
	file->name = name;
	file->path = arena_printf(probing->arena, "%s/%s", directory, name);
}

static void config_add_directory(struct probing *probing,
		struct config_list *list,
		const char *directory)
{
	const char *const *names;
	size_t count = config_list(probing, directory, &names);
	for (size_t i = 0; i < count; i++)
		config_add(probing, list, directory, names[i]);
}

size_t config_files(struct probing *probing,
		const char *const *directories,
		const struct config_file **ret_files)
{
	struct config_list list = {0};
	for (; *directories; directories++)
		config_add_directory(probing, &list, *directories);
	if (list.count > 0)
		qsort(list.items, list.count, sizeof *list.items, compare_files);
	size_t kept = 0;
	for (size_t i = 0; i < list.count; i++) {
		if (!is_masked(probing, list.items[i].path))
			list.items[kept++] = list.items[i];
	}
	*ret_files = list.items;
	return kept;
}

/* From paths to what their files say. All files are gathered first: a compose file is read with the
 * .env beside it, and the order of a directory is nobody's. */
#include <stdlib.h>
#include <string.h>

#include "audit/lint/lint.h"

struct gathered {
	struct arena *arena;
	struct lint_range range, other;
	struct lint_file *files;
	size_t count, capacity;
};

static void collect_gather(void *context, const char *path, enum lint_kind kind, struct slice text)
{
	struct gathered *gathered = context;
	struct lint_file file = {
			.path = path,
			.text = text,
			.kind = kind,
	};
	if (!lint_may_matter(&file, gathered->range, gathered->other))
		return;
	gathered->files = arena_grow(gathered->arena,
			gathered->files,
			gathered->count,
			&gathered->capacity,
			sizeof *gathered->files);
	file.text.at = slice_text(gathered->arena, text);
	file.tests = lint_is_test(path);
	gathered->files[gathered->count++] = file;
}

static int by_path(const void *left, const void *right)
{
	const struct lint_file *a = left;
	const struct lint_file *b = right;
	return strcmp(a->path, b->path);
}

/* Of two paths that overlap: "headroom lint . tests". */
static bool is_named_again(const struct gathered *gathered, size_t i)
{
	if (i == 0)
		return false;
	const struct lint_file *file = &gathered->files[i];
	const struct lint_file *before = &gathered->files[i - 1];
	return strcmp(file->path, before->path) == 0;
}

static void read_files(struct lint_case *in_case, const struct gathered *gathered)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < gathered->count; i++) {
			const struct lint_file *file = &gathered->files[i];
			bool first = lint_file_first(file->kind);
			if (first == (pass == 0) && !is_named_again(gathered, i))
				lint_read_file(&in_case->found, *file);
		}
	}
}

bool lint_collect(struct lint_case *in_case, struct error *err)
{
	static const char *const here[] = {"."};
	const struct name_list *paths = &in_case->run->options->arguments;
	const char *const *items = paths->items;
	size_t count = paths->count;
	struct gathered gathered = {
			.arena = in_case->run->arena,
			.range = in_case->machine.system.range,
			.other = in_case->other.range,
	};
	if (count == 0) {
		items = here;
		count = 1;
	}
	in_case->found.arena = gathered.arena;
	in_case->walk.arena = gathered.arena;
	in_case->walk.take = collect_gather;
	in_case->walk.context = &gathered;
	for (size_t i = 0; i < count; i++) {
		if (!lint_walk(&in_case->walk, items[i], err))
			return false;
	}
	if (gathered.count > 0)
		qsort(gathered.files, gathered.count, sizeof *gathered.files, by_path);
	read_files(in_case, &gathered);
	in_case->verdict = lint_judge(&in_case->found, &in_case->machine.system, &in_case->other);
	return true;
}

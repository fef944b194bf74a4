/* One file: which readers it goes through. */
#include "model/lint/lint.h"

#include "model/lint/readers.h"
#include "model/lint/shell.h"

bool lint_file_first(enum lint_kind kind)
{
	return kind == LINT_ENV;
}

static struct slice read_directory_of(const char *path)
{
	struct slice whole = slice_of(path);
	const char *slash = slice_last_char(whole, '/');
	if (!slash)
		return slice_cut(whole, 0);
	return slice_between(whole.at, slash);
}

static void read_yaml(struct lint_scan *scan, struct slice text)
{
	const struct node *root = tree_of_yaml(scan->arena, text);
	for (const struct node *document = root->child; document; document = document->next) {
		if (lint_read_workflow(scan, document))
			continue;
		if (lint_read_pipeline(scan, document))
			continue;
		if (lint_read_compose(scan, document))
			continue;
		if (lint_read_values(scan, document))
			continue;
		if (!lint_read_manifest(scan, document))
			lint_read_settings(scan, document);
	}
}

static void read_json(struct lint_scan *scan, struct slice text)
{
	const struct node *root = tree_of_json(scan->arena, text);
	if (!lint_read_named_json(scan, root))
		lint_read_settings(scan, root);
}

static void read_by_kind(struct lint_scan *scan, struct slice text)
{
	switch (lint_file_of(scan)->kind) {
	case LINT_NONE:
		return;
	case LINT_ENV:
		lint_read_env(scan, text);
		return;
	case LINT_YAML:
		read_yaml(scan, text);
		return;
	case LINT_JSON:
		read_json(scan, text);
		return;
	case LINT_SETTINGS:
		lint_read_settings(scan, tree_of_settings(scan->arena, text));
		return;
	case LINT_SHELL:
		lint_read_shell(scan, text, 1);
		return;
	case LINT_MAKE:
		lint_read_make(scan, text);
		return;
	case LINT_IMAGE:
		lint_read_image(scan, text);
		return;
	case LINT_SYSCTL_D:
		lint_read_cures(scan, text, 1);
		return;
	case LINT_LIMITS:
		lint_read_limits(scan, text);
		return;
	case LINT_UNIT:
		lint_read_unit(scan, text);
		return;
	case LINT_SOURCE:
		lint_read_source(scan, text);
		return;
	}
}

void lint_read_file(struct lint_found *found, struct lint_file file)
{
	found->files = arena_grow(found->arena,
			found->files,
			found->file_count,
			&found->file_capacity,
			sizeof *found->files);
	found->files[found->file_count++] = file;
	struct lint_scan scan = {
			.found = found,
			.arena = found->arena,
			.file = found->file_count - 1,
			.directory = read_directory_of(file.path),
	};
	read_by_kind(&scan, file.text);
}

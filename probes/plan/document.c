/* Files as trees, with places for errors and origins. Knows no tool. */
#include "probes/plan/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct tree_node *through_helper(const struct plan_context *context,
		const char *path,
		const char *format,
		const char *bytes,
		size_t length,
		struct error *err)
{
	const char *json;
	size_t json_length;
	if (!context->tree) {
		(void)error_set(err, "%s: reading %s needs the program headroom-import", path, format);
		return NULL;
	}
	if (!context->tree(context, format, bytes, length, path, &json, &json_length, err))
		return NULL;
	return tree_from_json(context->arena, path, json, json_length, err);
}

bool document_parse(const struct plan_context *context,
		const char *path,
		const char *format,
		const char *bytes,
		size_t length,
		struct document *ret,
		struct error *err)
{
	struct arena *arena = context->arena;
	*ret = (struct document){.arena = arena, .path = path};
	if (strcmp(format, "json") == 0)
		ret->root = tree_from_document(arena, path, bytes, length, err);
	else if (strcmp(format, "toml") == 0)
		ret->root = tree_from_toml(arena, path, bytes, length, err);
	else if (strcmp(format, "lines") == 0)
		ret->root = tree_from_lines(arena, bytes, length);
	else
		ret->root = through_helper(context, path, format, bytes, length, err);
	return ret->root != NULL;
}

bool document_read(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *format,
		const char *named_by,
		struct document *ret,
		struct error *err)
{
	const char *bytes;
	size_t length;
	return plan_file(context, command, path, named_by, &bytes, &length, err) &&
			document_parse(context, path, format, bytes, length, ret, err);
}

const char *document_where(const struct document *document, const struct tree_node *node)
{
	return arena_printf(document->arena, "%s:%zu", document->path, node->line);
}

bool document_error(const struct document *document,
		const struct tree_node *node,
		struct error *err,
		const char *format,
		...)
{
	va_list args;
	va_start(args, format);
	const char *text = arena_vprintf(document->arena, format, args);
	va_end(args);
	return error_set(err, "%s:%zu: %s", document->path, node->line, text);
}

bool document_number(const struct document *document,
		const struct tree_node *node,
		const char *name,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err)
{
	const struct tree_node *entry = tree_child(node, name);
	struct error inner;
	if (!entry)
		return true;
	if (entry->kind == TREE_MAPPING || entry->kind == TREE_SEQUENCE)
		return document_error(document, entry, err, "%s must be a number", name);
	return quantity_read(entry->text, syntax, ret, &inner) ||
			document_error(document, entry, err, "%s: %s", name, inner.text);
}

bool document_is(const struct tree_node *node, const char *name, const char *text)
{
	const char *there = tree_text(node, name);
	return there && strcmp(there, text) == 0;
}

/* Source (k6 2.2.0): lib/options.go, Apply(). */
#include "probes/plan/k6/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum {
	NAMES_DEPTH_MAX = 6
};

/* The first four replace each other. */
static const char *const of_load[] = {
		"duration",
		"iterations",
		"stages",
		"scenarios",
		"vus",
};

bool k6_option_is_load(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(of_load); i++)
		if (strncmp(name, of_load[i], strcspn(name, ".")) == 0)
			return true;
	return false;
}

static bool replaces(const char *name)
{
	for (size_t i = 0; i < 4; i++)
		if (strcmp(of_load[i], name) == 0)
			return true;
	return false;
}

/* --- from a script's value --------------------------------------------------------------- */

struct writer {
	struct arena *arena;
	struct k6_unread_list *unread;
};

static void list_unread(struct writer *writer, const char *name, const struct js_value *value)
{
	struct k6_unread_list *list = writer->unread;
	struct k6_unread *items = list->items;
	items = arena_grow(writer->arena, items, list->count, &list->capacity, sizeof *items);
	list->items = items;
	items[list->count++] = (struct k6_unread){name, value->line, value->missing};
}

/* What decides nothing about connections need not be known. */
static bool matters(const char *path)
{
	static const char *const names[] = {
			"",
			"batch",
			"batchPerHost",
			"rps",
			"noConnectionReuse",
			"noVUConnectionReuse",
			"executionSegment",
			"hosts",
			"localIPs",
			"minIterationDuration",
	};
	static const char *const aside[] = {
			"tags",
			"env",
			"name",
			"maxDuration",
			"iterations",
	};
	const char *last = strrchr(path, '.');
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	for (size_t i = 0; last && i < COUNT_OF(aside); i++)
		if (strcmp(last + 1, aside[i]) == 0 || strstr(path, ".env.") || strstr(path, ".tags."))
			return false;
	return k6_option_is_load(path);
}

static void write_value(struct writer *writer,
		struct tree_node *parent,
		const char *name,
		const char *path,
		const struct js_value *value);

static void write_members(struct writer *writer,
		struct tree_node *node,
		const char *path,
		const struct js_value *value)
{
	const char *dot = ".";
	if (!*path)
		dot = "";
	for (size_t i = 0; i < value->count; i++) {
		const char *name = value->members[i].name;
		const char *inner = arena_printf(writer->arena, "%s%s%s", path, dot, name);
		write_value(writer, node, name, inner, value->members[i].value);
	}
	if (value->open && matters(path))
		list_unread(writer, path, value);
}

static const char *scalar(struct writer *writer, const struct js_value *value)
{
	if (value->type == JS_NUMERIC)
		return arena_printf(writer->arena, "%.15g", value->number);
	if (value->type == JS_TEXT && !value->open)
		return value->text;
	if (value->type == JS_BOOLEAN && value->number != 0)
		return "true";
	if (value->type == JS_BOOLEAN)
		return "false";
	return NULL;
}

static size_t depth_of(const char *path)
{
	size_t depth = 0;
	for (; *path; path++)
		depth += *path == '.';
	return depth;
}

static void write_value(struct writer *writer,
		struct tree_node *parent,
		const char *name,
		const char *path,
		const struct js_value *value)
{
	const char *text = scalar(writer, value);
	bool nested = value->type == JS_OBJECT || value->type == JS_LIST;
	enum tree_kind kind = TREE_SCALAR;
	if (value->type == JS_OBJECT)
		kind = TREE_MAPPING;
	if (value->type == JS_LIST)
		kind = TREE_SEQUENCE;
	if (nested && !value->space && depth_of(path) < NAMES_DEPTH_MAX) {
		struct tree_node *node = tree_add(writer->arena, parent, kind, name, "", value->line);
		write_members(writer, node, path, value);
	} else if (text) {
		(void)tree_add(writer->arena, parent, TREE_SCALAR, name, text, value->line);
	} else if ((value->type != JS_UNDEFINED || value->missing) && matters(path)) {
		list_unread(writer, path, value);
	}
}

const struct tree_node *k6_options_tree(struct arena *arena,
		const struct js_value *options,
		struct k6_unread_list *unread)
{
	struct writer writer = {arena, unread};
	struct tree_node *root = tree_add(arena, NULL, TREE_MAPPING, "", "", options->line);
	bool plain = options->type == JS_OBJECT && !options->space;
	if (plain)
		write_members(&writer, root, "", options);
	else if (options->type != JS_UNDEFINED || options->missing)
		list_unread(&writer, "", options);
	return root;
}

/* --- merging ----------------------------------------------------------------------------- */

static void copy(struct arena *arena, struct tree_node *parent, const struct tree_node *node)
{
	struct tree_node *made =
			tree_add(arena, parent, node->kind, node->name, node->text, node->line);
	made->child = node->child;
	made->last = node->last;
}

const struct tree_node *k6_options_apply(struct arena *arena,
		const struct tree_node *base,
		const struct tree_node *more)
{
	bool replaced = false;
	if (!base || !more) {
		if (more)
			return more;
		return base;
	}
	struct tree_node *sum = tree_add(arena, NULL, TREE_MAPPING, "", "", more->line);
	for (const struct tree_node *at = more->child; at; at = at->next) {
		replaced |= replaces(at->name);
		copy(arena, sum, at);
	}
	for (const struct tree_node *at = base->child; at; at = at->next)
		if (!tree_child(more, at->name) && !(replaced && replaces(at->name)))
			copy(arena, sum, at);
	return sum;
}

/* --- JSON -------------------------------------------------------------------------------- */

static struct js_value *value_of_scalar(struct js_world *world, const char *text)
{
	struct js_value *value = js_value_new(world, JS_TEXT);
	char *end;
	double number = strtod(text, &end);
	value->text = text;
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
		value->type = JS_BOOLEAN;
		value->number = *text == 't';
	} else if (*text && !*end) {
		value->type = JS_NUMERIC;
		value->number = number;
	}
	return value;
}

struct js_value *k6_value_of_tree(struct js_world *world, const struct tree_node *node)
{
	if (node->kind == TREE_SCALAR)
		return value_of_scalar(world, node->text);
	struct js_value *value = js_value_new(world, JS_OBJECT);
	if (node->kind == TREE_SEQUENCE)
		value->type = JS_LIST;
	for (const struct tree_node *at = node->child; at; at = at->next)
		js_value_add(world, value, at->name, k6_value_of_tree(world, at));
	return value;
}

/* Taurus' configuration: files are merged in their order, lists grow, and a sign before a name says
 * otherwise: "^" drops it, "~" replaces it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/taurus/taurus.h"

enum {
	PATH_PARTS_MAX = 20,
	LIST_MAX = 1000
};

static struct tree_node *config_child(struct tree_node *node, const char *name)
{
	for (struct tree_node *child = node->child; child; child = child->next)
		if (strcmp(child->name, name) == 0)
			return child;
	return NULL;
}

static void copy_children(struct taurus *t, struct tree_node *to, const struct tree_node *from)
{
	const struct tree_node *child = from->child;
	for (; child; child = child->next) {
		struct tree_node *copy;
		copy = tree_add(t->arena, to, child->kind, child->name, child->text, child->line);
		copy_children(t, copy, child);
	}
}

/* What was there before is forgotten. */
static void become(struct taurus *t, struct tree_node *node, const struct tree_node *other)
{
	node->kind = other->kind;
	node->text = other->text;
	node->line = other->line;
	node->child = NULL;
	node->last = NULL;
	copy_children(t, node, other);
}

static void drop_config(struct tree_node *parent, const struct tree_node *gone)
{
	struct tree_node *before = NULL;
	struct tree_node *child = parent->child;
	while (child && child != gone) {
		before = child;
		child = child->next;
	}
	if (!child)
		return;
	if (before)
		before->next = child->next;
	else
		parent->child = child->next;
	if (parent->last == child)
		parent->last = before;
}

static void merge_config(struct taurus *t, struct tree_node *to, const struct tree_node *from);

/* An entry that is there already: lists grow, mappings are merged, all else is replaced. */
static void merge_entry(struct taurus *t, struct tree_node *there, const struct tree_node *child)
{
	bool same = there->kind == child->kind;
	if (same && child->kind == TREE_SEQUENCE)
		copy_children(t, there, child);
	else if (same && child->kind == TREE_MAPPING)
		merge_config(t, there, child);
	else
		become(t, there, child);
}

static void merge_config(struct taurus *t, struct tree_node *to, const struct tree_node *from)
{
	for (const struct tree_node *child = from->child; child; child = child->next) {
		const char *name = child->name;
		char sign = *name;
		if (sign == '^' || sign == '~' || sign == '$')
			name++;
		struct tree_node *there = config_child(to, name);
		if (there && (sign == '^' || sign == '~')) {
			drop_config(to, there);
			there = NULL;
		}
		if (sign == '^')
			continue;
		if (!there)
			there = tree_add(t->arena, to, TREE_SCALAR, name, child->text, child->line);
		merge_entry(t, there, child);
	}
}

bool taurus_add_tree(struct taurus *t, const char *shown, const struct tree_node *root)
{
	if (!t->shown)
		t->shown = shown;
	merge_config(t, t->config, root);
	return true;
}

bool taurus_add_file(struct taurus *t, const char *path)
{
	struct document document;
	if (!document_read(t->context, t->command, path, "yaml", "bzt", &document, t->err))
		return false;
	if (document.root->kind != TREE_MAPPING)
		return document_error(&document, document.root, t->err, "not a Taurus configuration");
	return taurus_add_tree(t, path, document.root);
}

/* The item of a list; it grows as Taurus lets it grow. */
static struct tree_node *item_at(struct taurus *t, struct tree_node *list, const char *part)
{
	long index = strtol(part, NULL, 10);
	struct tree_node *item = list->child;
	if (index < 0 || index > LIST_MAX)
		return NULL;
	for (long i = 0; i < index && item; i++)
		item = item->next;
	if (item)
		return item;
	long count = 0;
	item = list->child;
	for (; item; item = item->next)
		count++;
	for (; count <= index; count++)
		item = tree_add(t->arena, list, TREE_MAPPING, "", "", 1);
	return item;
}

static bool is_index(const char *part)
{
	return *part && part[strspn(part, "0123456789")] == '\0';
}

/* One step down the path of an override; a list of one may be written as a mapping. */
static struct tree_node *step(struct taurus *t, struct tree_node *at, const char *part)
{
	if (at->kind == TREE_SEQUENCE && is_index(part))
		return item_at(t, at, part);
	if (at->kind == TREE_MAPPING && is_index(part) && !config_child(at, part))
		return at;
	if (at->kind == TREE_SCALAR) {
		at->kind = TREE_MAPPING;
		at->text = "";
	}
	struct tree_node *child = config_child(at, part);
	if (!child)
		child = tree_add(t->arena, at, TREE_SCALAR, part, "", 1);
	return child;
}

/* The value is YAML: a word, a number, {…} or […]. */
static void set_value(struct taurus *t, struct tree_node *at, const char *text)
{
	struct document document;
	struct error ignored;
	if (strchr("[{\"'", *text) && *text &&
			document_parse(t->context, "-o", "yaml", text, strlen(text), &document, &ignored)) {
		become(t, at, document.root);
		return;
	}
	const struct tree_node plain = {.kind = TREE_SCALAR, .line = 1, .text = text};
	become(t, at, &plain);
}

bool taurus_override(struct taurus *t, const char *option)
{
	const char *equals = strchr(option, '=');
	struct tree_node *at = t->config;
	if (!equals)
		return error_set(t->err, "bzt: -o %.60s: write it as PATH=VALUE", option);
	char *path = arena_copy(t->arena, option, (size_t)(equals - option));
	size_t parts = 0;
	for (char *rest = path, *part; (part = strsep(&rest, "."));) {
		if (*part == '*' || *part == '^' || *part == '-' || ++parts > PATH_PARTS_MAX)
			return error_set(t->err,
					"bzt: -o %.60s: headroom does not read this kind of override",
					path);
		at = step(t, at, part);
		if (!at)
			return error_set(t->err, "bzt: -o %.60s: no such place in a list", option);
	}
	set_value(t, at, equals + 1);
	return true;
}

const struct tree_node *taurus_entry(const struct taurus *t, const char *path)
{
	const struct tree_node *at = t->config;
	char *copy = arena_strdup(t->arena, path);
	for (char *rest = copy, *part; at && (part = strsep(&rest, "."));)
		at = tree_child(at, part);
	return at;
}

const char *taurus_text(const struct tree_node *node, const char *name)
{
	const struct tree_node *entry = tree_child(node, name);
	if (!entry || entry->kind != TREE_SCALAR)
		return NULL;
	return entry->text;
}

bool taurus_is_true(const struct tree_node *node, const char *name, bool otherwise)
{
	static const char *const no[] = {
			"false",
			"False",
			"FALSE",
			"no",
			"No",
			"off",
			"0",
			NULL,
	};
	const char *text = taurus_text(node, name);
	if (!text || !*text)
		return otherwise;
	for (size_t i = 0; no[i]; i++)
		if (strcmp(no[i], text) == 0)
			return false;
	return true;
}

static const struct quantity_unit times[] = {
		{"ms", 1e-3},
		{"s", 1},
		{"m", 60},
		{"h", 3600},
		{"d", 86400},
		{NULL, 0},
};
static const struct quantity_syntax taurus_times = {.example = "30s, 5m or 1h30m",
		.units = times,
		.bare = 1,
		.fraction = true,
		.sequence = true,
		.blank = true,
		.any_case = true};

bool taurus_time(const struct taurus *t, const char *text, double *ret)
{
	struct error inner;
	struct text plain = {0};
	for (const char *at = text; *at; at++)
		if (*at != ' ')
			text_add_bytes(&plain, at, 1);
	const char *joined = text_take(t->arena, &plain);
	if (quantity_read(joined, &taurus_times, ret, &inner))
		return true;
	return error_set(t->err, "%s: %s", t->shown, inner.text);
}

#include "model/lint/tree.h"

#include "base/text.h"

struct node *node_add(struct node_reader *reader, struct node *parent, struct slice key)
{
	if (reader->count >= NODES_MAX || parent->depth >= NODE_DEPTH_MAX)
		return NULL;
	struct node *node = arena_alloc(reader->arena, sizeof *node);
	reader->count++;
	node->key = key;
	node->line = reader->line;
	node->parent = parent;
	node->depth = parent->depth + 1;
	if (parent->last)
		parent->last->next = node;
	else
		parent->child = node;
	parent->last = node;
	return node;
}

const struct node *node_first(const struct node *node)
{
	if (!node)
		return NULL;
	return node->child;
}

/* The latest counts, as in every reader of such files. */
const struct node *node_get(const struct node *node, const char *key)
{
	const struct node *found = NULL;
	if (!node)
		return NULL;
	for (const struct node *child = node->child; child; child = child->next) {
		if (slice_is(child->key, key))
			found = child;
	}
	return found;
}

const struct node *node_at(const struct node *node, const char *path)
{
	struct slice rest = slice_of(path);
	while (node && rest.length > 0) {
		const char *dot = slice_char(rest, '.');
		size_t length = rest.length;
		if (dot)
			length = (size_t)(dot - rest.at);
		const struct node *child = node->child;
		while (child && !slice_same(child->key, slice_cut(rest, length)))
			child = child->next;
		node = child;
		rest = slice_after(rest, length + 1);
	}
	return node;
}

struct slice node_value(const struct node *node, const char *key)
{
	const struct node *child = node_get(node, key);
	if (!child)
		return (struct slice){NULL, 0};
	return child->value;
}

static bool says_no(struct slice value)
{
	return slice_is_folded(value, "false") || slice_is_folded(value, "no") ||
			slice_is_folded(value, "off") || slice_is(value, "0");
}

static bool says_yes(struct slice value)
{
	return slice_is_folded(value, "true") || slice_is_folded(value, "yes") ||
			slice_is_folded(value, "on") || slice_is(value, "1");
}

bool node_is_off(const struct node *node)
{
	static const char *const switches[] = {"enabled", "enable", "active", "Enabled", NULL};
	static const char *const opposites[] = {"disabled", "disable", "Disabled", NULL};
	for (const struct node *child = node->child; child; child = child->next) {
		if (child->kind != NODE_SCALAR)
			continue;
		if (slice_in(child->key, switches) && says_no(child->value))
			return true;
		if (slice_in(child->key, opposites) && says_yes(child->value))
			return true;
	}
	return false;
}

const char *node_path(struct arena *arena, const struct node *node, size_t depth)
{
	const char *path = "";
	for (; node && depth > 0; node = node->parent) {
		if (node->key.length == 0)
			continue;
		const char *name = slice_text(arena, slice_cut(node->key, 40));
		if (*path)
			path = arena_printf(arena, "%s.%s", name, path);
		else
			path = name;
		depth--;
	}
	return path;
}

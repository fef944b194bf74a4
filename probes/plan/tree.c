/* The helper's flat list of nodes, linked. Parses no XML and no YAML itself. */
#include "probes/plan/tree.h"

#include <string.h>

#include "base/array.h"
#include "base/os/json.h"

enum {
	DEPTH_MAX = 128
};

static bool kind_from_name(const char *name, enum tree_kind *ret_kind)
{
	static const char *const names[] = {
			[TREE_ELEMENT] = "element",
			[TREE_ATTRIBUTE] = "attribute",
			[TREE_MAPPING] = "mapping",
			[TREE_SEQUENCE] = "sequence",
			[TREE_SCALAR] = "scalar",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*ret_kind = (enum tree_kind)i;
		return true;
	}
	return false;
}

/* [DEPTH,LINE,"KIND","NAME","TEXT"] */
static bool read_node(struct arena *arena,
		const cJSON *row,
		struct tree_node *node,
		size_t *ret_depth)
{
	const cJSON *cells[5];
	size_t count = 0;
	for (const cJSON *cell = cJSON_IsArray(row) ? row->child : NULL; cell && count < 5;
			cell = cell->next) {
		if (count < 2 ? !cJSON_IsNumber(cell) : !cJSON_IsString(cell))
			return false;
		cells[count++] = cell;
	}
	if (count < 5)
		return false;
	const cJSON *depth = cells[0], *line = cells[1], *kind = cells[2], *name = cells[3],
				*text = cells[4];
	if (depth->valuedouble < 0 || depth->valuedouble >= DEPTH_MAX || line->valuedouble < 1 ||
			line->valuedouble > 1e9 || !kind_from_name(kind->valuestring, &node->kind))
		return false;
	*ret_depth = (size_t)depth->valuedouble;
	node->line = (size_t)line->valuedouble;
	node->name = arena_strdup(arena, name->valuestring);
	node->text = arena_strdup(arena, text->valuestring);
	return true;
}

/* `young` holds the youngest node of each depth down to the one before. */
static void append(struct tree_node *parent, struct tree_node *node)
{
	node->parent = parent;
	if (!parent)
		return;
	if (parent->last)
		parent->last->next = node;
	else
		parent->child = node;
	parent->last = node;
}

static bool link_node(struct tree_node *node,
		size_t depth,
		struct tree_node **young,
		size_t *depths)
{
	if (depth > *depths || (depth == 0) != (*depths == 0))
		return false;
	append(depth ? young[depth - 1] : NULL, node);
	young[depth] = node;
	*depths = depth + 1;
	return true;
}

const struct tree_node *tree_from_json(struct arena *arena,
		const char *shown,
		const char *bytes,
		size_t length,
		struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json = json_read(shown, bytes, length, err);
	struct tree_node *young[DEPTH_MAX], *root = NULL;
	size_t depths = 0, depth;
	if (!json)
		return NULL;
	const cJSON *row;
	cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(json_root(json), "nodes")) {
		struct tree_node *node = arena_alloc(arena, sizeof *node);
		if (!read_node(arena, row, node, &depth) || !link_node(node, depth, young, &depths)) {
			(void)error_fail(err,
					"%s: headroom-import did not write headroom.tree/1; install both programs "
					"from one version",
					shown);
			return NULL;
		}
		root = root ? root : node;
	}
	if (!root)
		(void)error_fail(err, "%s: headroom-import wrote no nodes", shown);
	return root;
}

struct tree_node *tree_add(struct arena *arena,
		struct tree_node *parent,
		enum tree_kind kind,
		const char *name,
		const char *text,
		size_t line)
{
	struct tree_node *node = arena_alloc(arena, sizeof *node);
	*node = (struct tree_node){.kind = kind, .line = line, .name = name, .text = text};
	append(parent, node);
	return node;
}

const struct tree_node *tree_child(const struct tree_node *node, const char *name)
{
	const struct tree_node *merged = NULL;
	for (const struct tree_node *child = node ? node->child : NULL; child; child = child->next) {
		if (strcmp(child->name, name) == 0)
			return child;
		if (strcmp(child->name, "<<") == 0 && child->kind == TREE_MAPPING)
			merged = child;
	}
	return merged ? tree_child(merged, name) : NULL;
}

const char *tree_text(const struct tree_node *node, const char *name)
{
	const struct tree_node *child = tree_child(node, name);
	return child ? child->text : NULL;
}

const struct tree_node *tree_next(const struct tree_node *top,
		const struct tree_node *at,
		const char *name)
{
	for (;;) {
		if (at->child) {
			at = at->child;
		} else {
			while (at != top && !at->next)
				at = at->parent;
			if (at == top)
				return NULL;
			at = at->next;
		}
		if (at->kind == TREE_ELEMENT && strcmp(at->name, name) == 0)
			return at;
	}
}

/* An XML or YAML document from headroom-import (headroom.tree/1, report/helper/tree/tree.h), as
 * linked nodes. The core links neither libxml2 nor libyaml; the caller passes the function that
 * runs the helper. */
#ifndef HEADROOM_PROBES_PLAN_TREE_H
#define HEADROOM_PROBES_PLAN_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum tree_kind {
	TREE_ELEMENT,
	TREE_ATTRIBUTE,
	TREE_MAPPING,
	TREE_SEQUENCE,
	TREE_SCALAR
};

struct tree_node {
	enum tree_kind kind;
	size_t line;
	const char *name; /* of the element, the attribute or the mapping entry; else "" */
	const char *text;
	/* First and last child, and next sibling; NULL: none. */
	struct tree_node *parent, *child, *last, *next;
};

/* Returns the root, or NULL with err if the JSON does not have the helper's form. */
const struct tree_node *tree_from_json(struct arena *arena,
		const char *shown,
		const char *json,
		size_t length,
		struct error *err);

/* The same for JSON, for TOML, and for lines of "name = value" or "name: value": mappings,
 * sequences and scalars, with numbers and true/false as written. */
const struct tree_node *tree_from_document(struct arena *arena,
		const char *shown,
		const char *bytes,
		size_t length,
		struct error *err);
const struct tree_node *tree_from_toml(struct arena *arena,
		const char *shown,
		const char *bytes,
		size_t length,
		struct error *err);
const struct tree_node *tree_from_lines(struct arena *arena, const char *bytes, size_t length);

/* Adds a new last child to parent (may be NULL). The strings are kept by reference. */
struct tree_node *tree_add(struct arena *arena,
		struct tree_node *parent,
		enum tree_kind kind,
		const char *name,
		const char *text,
		size_t line);

/* Returns the first child with that name (in YAML also through the merge key "<<"), or NULL. node
 * may be NULL. */
const struct tree_node *tree_child(const struct tree_node *node, const char *name);
/* Returns the text of the attribute or entry with that name, or NULL. */
const char *tree_text(const struct tree_node *node, const char *name);
/* Returns the next element with that name inside `top`, in document order after `at`; start with at
 * = top. NULL: none. */
const struct tree_node *tree_next(const struct tree_node *top,
		const struct tree_node *at,
		const char *name);

#endif

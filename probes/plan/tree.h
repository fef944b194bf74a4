/* An XML or YAML document, as headroom-import hands it over (headroom.tree/1,
 * report/helper/tree/tree.h), with links. The core links neither libxml2 nor libyaml: what calls
 * the helper is given as a function. */
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
	const char *name; /* of the element, the attribute, the mapping's entry; "" elsewhere */
	const char *text;
	struct tree_node *parent, *child, *last,
			*next; /* first and last child; NULL where there is none */
};

/* The root; NULL with err if the JSON is not what the helper writes. */
const struct tree_node *tree_from_json(struct arena *arena,
		const char *shown,
		const char *json,
		size_t length,
		struct error *err);

/* The same of JSON, of a TOML file and of "name = value" or "name: value" lines: mappings,
 * sequences and scalars; numbers and true/false as they are written. */
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

/* A new last child of parent (which may be NULL). The strings are kept by reference. */
struct tree_node *tree_add(struct arena *arena,
		struct tree_node *parent,
		enum tree_kind kind,
		const char *name,
		const char *text,
		size_t line);

/* The first child of that name (in YAML also through the merge key "<<"); NULL if none or node is
 * NULL. */
const struct tree_node *tree_child(const struct tree_node *node, const char *name);
/* The text of the attribute or entry of that name, NULL if there is none. */
const char *tree_text(const struct tree_node *node, const char *name);
/* The next node in document order inside `top` that is an element of that name; start with *at =
 * top. */
const struct tree_node *tree_next(const struct tree_node *top,
		const struct tree_node *at,
		const char *name);

#endif

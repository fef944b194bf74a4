/* YAML, JSON, TOML, INI and files of "word value" lines as one kind of tree, with the line of each
 * value. Files are read line by line in the forms that people usually write. What is not understood
 * is skipped: a file that its own program cannot read starts nothing. Comments are not nodes. */
#ifndef HEADROOM_MODEL_LINT_TREE_H
#define HEADROOM_MODEL_LINT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/lint/slice.h"

enum node_kind {
	NODE_SCALAR,
	NODE_MAP,
	NODE_LIST,
	NODE_BLOCK /* text of several lines, unchanged; `line` is its first line */
};

struct node {
	enum node_kind kind;
	struct slice key; /* empty in a list */
	struct slice value;
	size_t line;
	size_t depth;
	struct node *parent, *child, *last, *next;
};

enum {
	NODE_DEPTH_MAX = 48,
	NODES_MAX = 50000 /* of one file */
};

/* A text being taken apart. */
struct node_reader {
	struct arena *arena;
	struct slice rest;
	size_t line;
	size_t count;
};

/* The documents of a YAML file are the children of the root. */
struct node *tree_of_yaml(struct arena *arena, struct slice text);
struct node *tree_of_json(struct arena *arena, struct slice text);
/* TOML, INI, properties; also nginx, HCL, redis, HAProxy: "word value" with sections in braces. */
struct node *tree_of_settings(struct arena *arena, struct slice text);

/* Adds a node after the last child; its kind is that of a scalar. NULL: there are too many nodes.
 */
struct node *node_add(struct node_reader *reader, struct node *parent, struct slice key);
/* Reads {…}, […] or a word at the start of reader->rest into the node. */
void node_read_flow(struct node_reader *reader, struct node *node);
/* The same from `at` in a text that is read by lines; it may go on over several of them, and the
 * reader goes to where it ends. */
void node_read_flow_at(struct node_reader *reader,
		struct slice text,
		struct node *node,
		const char *at);
/* Does a flow collection begin here, and no template such as "{{ .Values }}"? */
bool node_begins_flow(struct slice text);
/* How long a quoted text at its start is, quotes included; 0: it does not end. */
size_t node_quoted_length(struct slice text);

/* NULL of NULL, and where it has no child. */
const struct node *node_first(const struct node *node);
const struct node *node_get(const struct node *node, const char *key);
/* The same by several names joined with dots. */
const struct node *node_at(const struct node *node, const char *path);
struct slice node_value(const struct node *node, const char *key); /* empty where it has none */
bool node_is_off(const struct node *node); /* enabled: false, or something like it */
/* "services.web.ports", at most `depth` names of it. */
const char *node_path(struct arena *arena, const struct node *node, size_t depth);

#endif

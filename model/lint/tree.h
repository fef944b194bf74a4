/* Reads YAML, JSON, TOML, INI and files of "word value" lines into one kind of tree that has the
 * line of each value. Reads the forms that people usually write and skips the rest; a file that its
 * own program cannot read starts no listener. Comments are not nodes. */
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
	NODE_BLOCK /* text of several lines, unchanged; `line` is the first of them */
};

struct node {
	enum node_kind kind;
	struct slice key; /* empty for elements of a list */
	struct slice value;
	size_t line;
	size_t depth;
	struct node *parent, *child, *last, *next;
};

enum {
	NODE_DEPTH_MAX = 48,
	NODES_MAX = 50000 /* per file */
};

/* The state while reading a text. */
struct node_reader {
	struct arena *arena;
	struct slice rest;
	size_t line;
	size_t count;
};

/* Returns the root. For YAML its children are the documents of the file. */
struct node *tree_of_yaml(struct arena *arena, struct slice text);
struct node *tree_of_json(struct arena *arena, struct slice text);
/* Reads TOML, INI and properties; also nginx, HCL, redis and HAProxy: "word value" with sections in
 * braces. */
struct node *tree_of_settings(struct arena *arena, struct slice text);

/* Adds a scalar node after the last child. Returns NULL if there are too many nodes. */
struct node *node_add(struct node_reader *reader, struct node *parent, struct slice key);
/* Reads {…}, […] or a word at the start of reader->rest into the node. */
void node_read_flow(struct node_reader *reader, struct node *node);
/* Does the same from `at` in a text that is read line by line. The value may span several lines;
 * the reader continues after it. */
void node_read_flow_at(struct node_reader *reader,
		struct slice text,
		struct node *node,
		const char *at);
/* Returns true if a flow collection begins here, and not a template such as "{{ .Values }}". */
bool node_begins_flow(struct slice text);
/* Returns the length of the quoted text at the start, including its quotes; 0 if it does not
 * end. */
size_t node_quoted_length(struct slice text);

/* Return the first child and the child with this key. NULL if there is none, or if node is NULL. */
const struct node *node_first(const struct node *node);
const struct node *node_get(const struct node *node, const char *key);
/* Finds a node by several keys joined with dots. */
const struct node *node_at(const struct node *node, const char *path);
struct slice node_value(const struct node *node, const char *key); /* empty if there is none */
bool node_is_off(const struct node *node);                         /* "enabled: false" or similar */
/* Returns a path such as "services.web.ports", of at most `depth` keys. */
const char *node_path(struct arena *arena, const struct node *node, size_t depth);

#endif

/* The list of nodes while it is built, bounded in number, depth and bytes. */
#ifndef HEADROOM_REPORT_HELPER_TREE_NODES_H
#define HEADROOM_REPORT_HELPER_TREE_NODES_H

#include "report/helper/tree/tree.h"

struct node {
	size_t depth, line; /* lines count from 1 */
	const char *kind, *name, *text;
};

struct nodes {
	struct arena *arena;
	struct node *items;
	size_t count, capacity, bytes;
};

/* Appends a copy and returns it, valid until the next call. Returns NULL with err ("LINE: …") if a
 * bound is exceeded. */
struct node *nodes_add(struct nodes *nodes, const struct node *node, struct error *err);
/* Counts text that is put into a node later. false with err if that exceeds the bound. */
bool nodes_charge(struct nodes *nodes, size_t line, size_t bytes, struct error *err);
/* Returns false with err if a text is not valid UTF-8: parsers let some such bytes pass (libxml2:
 * overlong forms). */
bool nodes_check(const struct nodes *nodes, struct error *err);
void nodes_print(const struct nodes *nodes, struct text *out);

#endif

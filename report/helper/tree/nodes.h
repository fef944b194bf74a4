/* The list of nodes while it is made: bounded in number, depth and bytes. */
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

/* Appends a copy; NULL with err ("LINE: …") past a bound. The pointer holds until the next call. */
struct node *nodes_add(struct nodes *nodes, const struct node *node, struct error *err);
/* Counts text that was put into a node later. */
bool nodes_charge(struct nodes *nodes, size_t line, size_t bytes, struct error *err);
/* Parsers let some bytes through that are no characters (libxml2: overlong forms). */
bool nodes_check(const struct nodes *nodes, struct error *err);
void nodes_print(const struct nodes *nodes, struct text *out);

#endif

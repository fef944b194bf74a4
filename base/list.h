/* A list of names: a growing array of strings in an arena. */
#ifndef HEADROOM_BASE_LIST_H
#define HEADROOM_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* {0} is an empty list. `items` is NULL as long as the list is empty. */
struct name_list {
	const char **items;
	size_t count, capacity;
};

/* Appends the name. The list keeps the pointer, so the string must live as long as the list. */
void name_list_append(struct arena *arena, struct name_list *list, const char *name);

/* Appends the name unless the list already has it. */
void name_list_add_once(struct arena *arena, struct name_list *list, const char *name);

bool name_list_has(const struct name_list *list, const char *name);

#endif

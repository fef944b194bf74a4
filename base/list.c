/* Lists of names. A search compares one name after the other: the lists are short. */
#include "base/list.h"

#include <assert.h>
#include <string.h>

void name_list_append(struct arena *arena, struct name_list *list, const char *name)
{
	assert(name);
	size_t size = sizeof *list->items;
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, size);
	list->items[list->count] = name;
	list->count++;
}

void name_list_add_once(struct arena *arena, struct name_list *list, const char *name)
{
	if (!name_list_has(list, name))
		name_list_append(arena, list, name);
}

bool name_list_has(const struct name_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], name) == 0)
			return true;
	}
	return false;
}

#include "probes/plan/script/value.h"

#include <string.h>

struct js_value *js_value_new(struct js_world *world, enum js_type type)
{
	struct js_value *value = arena_alloc(world->arena, sizeof *value);
	value->type = type;
	if (world->budget)
		world->budget--;
	return value;
}

void js_value_add(struct js_world *world,
		struct js_value *object,
		const char *name,
		struct js_value *value)
{
	struct js_member *members = object->members;
	if (!world->budget) {
		object->open = true;
		return;
	}
	world->budget--;
	for (size_t i = 0; *name && i < object->count; i++) {
		if (strcmp(members[i].name, name) == 0) {
			members[i].value = value;
			return;
		}
	}
	members = arena_grow(world->arena, members, object->count, &object->capacity, sizeof *members);
	object->members = members;
	members[object->count++] = (struct js_member){name, value};
}

struct js_value *js_member(const struct js_value *object, const char *name)
{
	for (size_t i = object->count; i-- > 0;)
		if (strcmp(object->members[i].name, name) == 0)
			return object->members[i].value;
	return NULL;
}

/* Sorts hosts by what they are: those that are alike come to stand beside each other. */
#include "model/fleet/majority.h"

#include <stdlib.h>
#include <string.h>

struct sorted {
	const struct fleet_member *member;
	size_t at;
};

static int order_of_numbers(size_t a, size_t b)
{
	if (a < b)
		return -1;
	return a > b;
}

static int compare_traits(const struct fleet_member *a, const struct fleet_member *b)
{
	if (a->count != b->count)
		return order_of_numbers(a->count, b->count);
	if (a->traits == b->traits)
		return 0;
	for (size_t i = 0; i < a->count; i++) {
		const struct fleet_trait *one = &a->traits[i];
		const struct fleet_trait *other = &b->traits[i];
		int order = strcmp(one->key, other->key);
		if (order == 0)
			order = strcmp(one->value, other->value);
		if (order != 0)
			return order;
	}
	return 0;
}

static int order_of_members(const struct fleet_member *a, const struct fleet_member *b)
{
	if (a->role != b->role)
		return order_of_numbers(a->role, b->role);
	return compare_traits(a, b);
}

static int by_traits(const void *a, const void *b)
{
	const struct sorted *left = a;
	const struct sorted *right = b;
	int order = order_of_members(left->member, right->member);
	if (order != 0)
		return order;
	return order_of_numbers(left->at, right->at);
}

static int by_size(const void *a, const void *b)
{
	const struct fleet_class *left = a;
	const struct fleet_class *right = b;
	if (left->count != right->count)
		return order_of_numbers(right->count, left->count);
	return order_of_numbers(left->first, right->first);
}

/* 0: A, 25: Z, 26: AA. */
static const char *class_name(struct arena *arena, size_t number)
{
	char text[16];
	char *at = text + sizeof text - 1;
	*at = '\0';
	for (size_t rest = number + 1; rest > 0; rest = (rest - 1) / 26) {
		size_t letter = (rest - 1) % 26;
		at--;
		*at = (char)('A' + letter);
	}
	return arena_strdup(arena, at);
}

static bool begins_class(const struct sorted *sorted, size_t at)
{
	if (at == 0)
		return true;
	return order_of_members(sorted[at - 1].member, sorted[at].member) != 0;
}

/* Until the classes have their order, a member is known by the first one of its class. */
static void gather_classes(struct fleet_classes *classes, const struct sorted *sorted, size_t count)
{
	struct fleet_class *class = classes->items;
	for (size_t i = 0; i < count; i++) {
		const struct sorted *one = &sorted[i];
		if (begins_class(sorted, i)) {
			class = &classes->items[classes->count++];
			class->role = one->member->role;
			class->first = one->at;
		}
		class->count++;
		classes->of[one->at] = class->first;
	}
}

static void point_at_class(struct arena *arena, struct fleet_classes *classes, size_t count)
{
	size_t *class_of = arena_alloc(arena, (count + 1) * sizeof *class_of);
	for (size_t c = 0; c < classes->count; c++) {
		size_t first = classes->items[c].first;
		class_of[first] = c;
	}
	for (size_t i = 0; i < count; i++) {
		size_t *of = &classes->of[i];
		*of = class_of[*of];
	}
}

static const struct fleet_trait *trait_at(const struct fleet_member *member, size_t at)
{
	if (at >= member->count)
		return NULL;
	return &member->traits[at];
}

/* Below 0: only the first has its key; above: only the second; at least one is given. */
static int which_first(const struct fleet_trait *left, const struct fleet_trait *right)
{
	if (!left)
		return 1;
	if (!right)
		return -1;
	return strcmp(left->key, right->key);
}

static struct fleet_deviation deviation(const struct fleet_trait *own,
		const struct fleet_trait *most)
{
	int order = which_first(own, most);
	if (order < 0)
		return (struct fleet_deviation){.key = own->key, .value = own->value};
	if (order > 0)
		return (struct fleet_deviation){.key = most->key, .most = most->value};
	return (struct fleet_deviation){
			.key = own->key,
			.value = own->value,
			.most = most->value,
	};
}

static bool is_no_deviation(const struct fleet_deviation *one)
{
	if (!one->value || !one->most)
		return false;
	return strcmp(one->value, one->most) == 0;
}

/* Both lists are sorted by key: one pass meets all that differ. */
static void compare_with_most(struct arena *arena,
		struct fleet_class *class,
		const struct fleet_member *own,
		const struct fleet_member *most)
{
	size_t room = own->count + most->count + 1;
	size_t i = 0;
	size_t j = 0;
	struct fleet_deviation *deviations = arena_alloc(arena, room * sizeof *deviations);
	class->deviations = deviations;
	while (i < own->count || j < most->count) {
		struct fleet_deviation one = deviation(trait_at(own, i), trait_at(most, j));
		i += one.value != NULL;
		j += one.most != NULL;
		if (!is_no_deviation(&one))
			deviations[class->deviation_count++] = one;
	}
}

static void find_majorities(struct arena *arena,
		struct fleet_classes *classes,
		const struct fleet_member *members)
{
	const struct fleet_class *most[FLEET_ROLES + 1] = {NULL};
	for (size_t c = 0; c < classes->count; c++) {
		struct fleet_class *class = &classes->items[c];
		const struct fleet_class **largest = &most[class->role];
		class->name = class_name(arena, c);
		class->majority = *largest == NULL;
		if (class->majority) {
			*largest = class;
			continue;
		}
		const struct fleet_member *own = &members[class->first];
		const struct fleet_member *other = &members[(*largest)->first];
		compare_with_most(arena, class, own, other);
	}
}

struct fleet_classes fleet_classes_of(struct arena *arena,
		const struct fleet_member *members,
		size_t count)
{
	struct fleet_classes classes = {0};
	struct sorted *sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
	classes.items = arena_alloc(arena, (count + 1) * sizeof *classes.items);
	classes.of = arena_alloc(arena, (count + 1) * sizeof *classes.of);
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct sorted){
				.member = &members[i],
				.at = i,
		};
	qsort(sorted, count, sizeof *sorted, by_traits);
	gather_classes(&classes, sorted, count);
	qsort(classes.items, classes.count, sizeof *classes.items, by_size);
	point_at_class(arena, &classes, count);
	find_majorities(arena, &classes, members);
	return classes;
}

#include "audit/cli/foreign.h"

#include <string.h>

#include "audit/cli/screen.h"
#include "base/text.h"

static const char *const kind_names[FOREIGN_KINDS] = {
		[FOREIGN_SETTINGS] = "settings",
		[FOREIGN_LOCK] = "lock",
		[FOREIGN_POLICY] = "policy",
		[FOREIGN_WAIVERS] = "waivers",
		[FOREIGN_RULES] = "rules",
		[FOREIGN_TEMPLATE] = "template",
};

const char *foreign_kind_name(enum foreign_kind kind)
{
	return kind_names[kind];
}

struct foreign *foreign_add(struct arena *arena,
		struct foreign_list *list,
		enum foreign_kind kind,
		const char *path,
		const char *digest)
{
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
	struct foreign *added = &list->items[list->count++];
	*added = (struct foreign){.kind = kind, .path = path, .digest = digest};
	return added;
}

struct foreign *foreign_find(const struct foreign_list *list, enum foreign_kind kind)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == kind)
			return &list->items[i];
	}
	return NULL;
}

void foreign_reject(struct arena *arena,
		struct foreign *foreign,
		const char *name,
		const char *text)
{
	size_t kept = 0;
	for (size_t i = 0; i < foreign->taken.count; i++) {
		const char *taken = foreign->taken.items[i];
		if (strcmp(taken, name) != 0)
			foreign->taken.items[kept++] = taken;
	}
	foreign->taken.count = kept;
	name_list_add_once(arena, &foreign->left, text);
}

static void say_left(struct arena *arena, const struct foreign *foreign)
{
	struct text names = {0};
	for (size_t i = 0; i < foreign->left.count; i++) {
		if (i > 0)
			text_add(&names, ", ");
		text_add(&names, foreign->left.items[i]);
	}
	const char *list = text_take(arena, &names);
	if (foreign->way_out)
		screen_say("ignored in %s: %.600s; %s", foreign->path, list, foreign->way_out);
	else
		screen_say("ignored in %s: %.600s", foreign->path, list);
}

void foreign_say_left(struct arena *arena, struct foreign_list *list)
{
	if (list->said)
		return;
	list->said = true;
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].left.count)
			say_left(arena, &list->items[i]);
	}
}

/* Two documents of headroom.fleet/1: hosts are the same by their names, and what they are set to
 * stands with their classes. */
#include "audit/fleet/against.h"

#include <stdlib.h>
#include <string.h>

#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	HOSTS_MAX = 100,
	CHANGES_MAX = 10
};

/* Elements of an array by their names. */
struct named_items {
	const cJSON **items;
	size_t count;
};

struct fleet_drift {
	struct arena *arena;
	struct named_items hosts, classes; /* of the earlier one */
	struct named_items hosts_now, classes_now;
	cJSON *changed, *gone, *appeared;
	size_t changed_count;
	size_t gone_count;
	size_t appeared_count;
};

static int by_item_name(const void *a, const void *b)
{
	const cJSON *const *left = a;
	const cJSON *const *right = b;
	const char *first = view_raw(*left, "name");
	const char *second = view_raw(*right, "name");
	return strcmp(first, second);
}

static struct named_items sorted_items(struct arena *arena, const cJSON *document, const char *name)
{
	const cJSON *array = view_array(document, name);
	size_t count = (size_t)cJSON_GetArraySize(array);
	size_t bytes = (count + 1) * sizeof(cJSON *);
	struct named_items sorted = {
			.items = arena_alloc(arena, bytes),
	};
	const cJSON *item;
	cJSON_ArrayForEach(item, array)
		sorted.items[sorted.count++] = item;
	if (sorted.count > 0)
		qsort(sorted.items, sorted.count, sizeof(cJSON *), by_item_name);
	return sorted;
}

static const cJSON *item_named(const struct named_items *sorted, const char *name)
{
	size_t low = 0, high = sorted->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const cJSON *item = sorted->items[middle];
		int order = strcmp(view_raw(item, "name"), name);
		if (order == 0)
			return item;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The settings of a host's class; NULL: it was not judged. */
static const cJSON *class_settings_of(const struct named_items *classes, const cJSON *host)
{
	const cJSON *class = item_named(classes, view_raw(host, "class"));
	const cJSON *settings = view_array(class, "settings");
	if (settings)
		return settings->child;
	return NULL;
}

static void add_change(cJSON *changes, const cJSON *before, const cJSON *now)
{
	const cJSON *any = now;
	if (!any)
		any = before;
	if (cJSON_GetArraySize(changes) == CHANGES_MAX)
		return;
	cJSON *change = cJSON_CreateObject();
	member_copy(change, "key", any, "key");
	member_copy(change, "from", before, "value");
	member_copy(change, "to", now, "value");
	(void)cJSON_AddItemToArray(changes, change);
}

/* Both lists are sorted by their keys. */
static void compare_settings(cJSON *changes, const cJSON *before, const cJSON *now)
{
	while (before && now) {
		const char *key = view_raw(now, "key");
		const char *value = view_raw(now, "value");
		const char *old = view_raw(before, "value");
		bool same = strcmp(old, value) == 0;
		int order = strcmp(view_raw(before, "key"), key);
		if (order == 0 && !same)
			add_change(changes, before, now);
		else if (order < 0)
			add_change(changes, before, NULL);
		else if (order > 0)
			add_change(changes, NULL, now);
		if (order <= 0)
			before = before->next;
		if (order >= 0)
			now = now->next;
	}
	/* What only one of them has behind the last of the other. */
	for (; before; before = before->next)
		add_change(changes, before, NULL);
	for (; now; now = now->next)
		add_change(changes, NULL, now);
}

static void compare_host(struct fleet_drift *drift, const cJSON *before, const cJSON *now)
{
	const cJSON *old = class_settings_of(&drift->classes, before);
	const cJSON *new = class_settings_of(&drift->classes_now, now);
	cJSON *changes = cJSON_CreateArray();
	if (old && new) /* of a host that was not judged nothing is known */
		compare_settings(changes, old, new);
	enum verdict from = document_verdict(before);
	enum verdict to = document_verdict(now);
	bool same = from == to;
	if (changes->child)
		same = false;
	if (same || drift->changed_count++ >= HOSTS_MAX) {
		cJSON_Delete(changes);
		return;
	}
	cJSON *item = cJSON_CreateObject();
	member_copy(item, "name", now, "name");
	member_copy(item, "from", before, "verdict");
	member_copy(item, "to", now, "verdict");
	member_copy(item, "class_from", before, "class");
	member_copy(item, "class_to", now, "class");
	(void)member_item(item, "changes", changes);
	(void)cJSON_AddItemToArray(drift->changed, item);
}

static void add_host_of(cJSON *names, const cJSON *host, size_t *count)
{
	if ((*count)++ < HOSTS_MAX)
		(void)cJSON_AddItemToArray(names, cJSON_CreateString(view_raw(host, "name")));
}

static void compare_fleets(struct fleet_drift *drift)
{
	for (size_t i = 0; i < drift->hosts_now.count; i++) {
		const cJSON *now = drift->hosts_now.items[i];
		const cJSON *before = item_named(&drift->hosts, view_raw(now, "name"));
		if (before)
			compare_host(drift, before, now);
		else
			add_host_of(drift->appeared, now, &drift->appeared_count);
	}
	for (size_t i = 0; i < drift->hosts.count; i++) {
		const cJSON *before = drift->hosts.items[i];
		if (!item_named(&drift->hosts_now, view_raw(before, "name")))
			add_host_of(drift->gone, before, &drift->gone_count);
	}
}

void fleet_against(struct arena *arena, const cJSON *earlier, double id, cJSON *document)
{
	if (!earlier) {
		member_null(document, "drift");
		return;
	}
	struct fleet_drift drift = {
			.arena = arena,
			.hosts = sorted_items(arena, earlier, "hosts"),
			.classes = sorted_items(arena, earlier, "classes"),
			.hosts_now = sorted_items(arena, document, "hosts"),
			.classes_now = sorted_items(arena, document, "classes"),
			.changed = cJSON_CreateArray(),
			.gone = cJSON_CreateArray(),
			.appeared = cJSON_CreateArray(),
	};
	compare_fleets(&drift);
	cJSON *object = member_object(document, "drift");
	if (id > 0)
		member_number(object, "id", id);
	else
		member_null(object, "id");
	member_copy(object, "created", earlier, "created");
	member_number(object, "changed", (double)drift.changed_count);
	(void)member_item(object, "hosts", drift.changed);
	member_number(object, "gone_count", (double)drift.gone_count);
	(void)member_item(object, "gone", drift.gone);
	member_number(object, "appeared_count", (double)drift.appeared_count);
	(void)member_item(object, "appeared", drift.appeared);
}

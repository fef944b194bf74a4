/* Reads all sources once to see which hosts there are. */
#include <stdlib.h>
#include <string.h>

#include "audit/fleet/fleet.h"
#include "audit/fleet/source.h"

static void discover_take_role(struct fleet_record *record, const struct fleet_item *item)
{
	if (record->role == FLEET_UNSAID)
		record->role = item->source->role;
}

static void discover_keep(struct fleet_record *record, const struct fleet_answer *answer)
{
	bool newer = fleet_is_older(record, answer->as_of);
	if (record->documents++ > 0 && !newer)
		return;
	(void)snprintf(record->as_of, sizeof record->as_of, "%s", answer->as_of ? answer->as_of : "");
	if (answer->info.fingerprint)
		(void)snprintf(record->print,
				sizeof record->print,
				"%.*s",
				FLEET_PRINT_MAX - 1,
				answer->info.fingerprint);
}

static struct fleet_record *discover_host(struct fleet_run *fleet,
		struct arena *arena,
		const struct fleet_item *item,
		const struct fleet_answer *answer)
{
	struct fleet_record *record = fleet_find_host(fleet, arena, answer->info.name, item);
	if (record || fleet->expected || fleet->hosts->count == FLEET_HOSTS_MAX)
		return record;
	const char *name = fleet_name_of(arena, answer->info.name, item);
	if (!name)
		return NULL;
	return fleet_hosts_add(fleet->hosts, name);
}

static void discover_item(void *context, const struct fleet_item *item)
{
	struct fleet_run *fleet = context;
	struct fleet_answer answer;
	struct error ignored = {0};
	if (item->kind == ITEM_LINE)
		return;
	struct arena *arena = arena_new();
	bool good = fleet_read(arena, &fleet->reading, item, &answer, &ignored);
	struct fleet_record *record = discover_host(fleet, arena, item, &answer);
	if (record)
		discover_take_role(record, item);
	if (record && good && !answer.error)
		discover_keep(record, &answer);
	arena_free(arena);
	fleet->documents++;
	fleet_progress(fleet, "looking");
}

/* Problems are noted by the second reading. */
static void discover_problem(void *context, const char *where, const char *why, bool ends)
{
	(void)context;
	(void)where;
	(void)why;
	(void)ends;
}

static int by_print(const void *a, const void *b)
{
	const struct fleet_record *left = *(struct fleet_record *const *)a;
	const struct fleet_record *right = *(struct fleet_record *const *)b;
	int order = strcmp(left->print, right->print);
	if (order == 0)
		order = strcmp(right->as_of, left->as_of); /* the newest first */
	if (order == 0)
		order = strcmp(left->name, right->name);
	return order;
}

void fleet_mark_duplicates(struct fleet_run *fleet)
{
	size_t count = fleet->hosts->count;
	struct fleet_record **sorted = malloc((count + 1) * sizeof(struct fleet_record *));
	if (!sorted)
		return;
	if (count > 0)
		memcpy(sorted, fleet->hosts->items, count * sizeof(struct fleet_record *));
	qsort(sorted, count, sizeof(struct fleet_record *), by_print);
	for (size_t i = 1; i < count; i++) {
		struct fleet_record *first = sorted[i - 1], *record = sorted[i];
		if (!record->print[0] || strcmp(first->print, record->print) != 0)
			continue;
		if (first->state == HOST_DUPLICATE)
			first = (struct fleet_record *)(uintptr_t)first->same;
		record->state = HOST_DUPLICATE;
		record->same = first;
	}
	free(sorted);
}

bool fleet_discover(struct fleet_run *fleet, struct error *err)
{
	const struct item_sink sink = {fleet, discover_item, discover_problem, fleet->stop};
	for (size_t i = 0; i < fleet->source_count; i++)
		fleet_source_read(fleet->run->arena, &fleet->sources[i], &sink);
	if (!fleet->expected)
		fleet_mark_duplicates(fleet);
	fleet->documents = 0;
	(void)err;
	return true;
}

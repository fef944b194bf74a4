/* Which host a document is from. */
#include <stdio.h>
#include <string.h>

#include "audit/fleet/fleet.h"
#include "audit/run/age.h"
#include "base/text.h"

/* A name is shown, looked up and written into files: nothing but what text_clean leaves. */
static const char *clean_name(struct arena *arena, const char *name)
{
	if (!name || !*name)
		return NULL;
	return text_clean(arena, name, strlen(name), FLEET_NAME_MAX);
}

const char *fleet_name_of(struct arena *arena,
		const char *of_document,
		const struct fleet_item *item)
{
	const char *name = clean_name(arena, of_document);
	if (!name)
		name = clean_name(arena, item->name);
	return name;
}

static struct fleet_record *find_by_name(const struct fleet_run *fleet, const char *name)
{
	if (!name)
		return NULL;
	return fleet_hosts_find(fleet->hosts, name);
}

static struct fleet_record *match_name(const struct fleet_run *fleet, const char *name)
{
	if (!name)
		return NULL;
	return fleet_hosts_match(fleet->hosts, name);
}

struct fleet_record *fleet_find_host(const struct fleet_run *fleet,
		struct arena *arena,
		const char *of_document,
		const struct fleet_item *item)
{
	if (!fleet->expected)
		return find_by_name(fleet, fleet_name_of(arena, of_document, item));
	struct fleet_record *record = match_name(fleet, clean_name(arena, of_document));
	if (record)
		return record;
	return match_name(fleet, clean_name(arena, item->name));
}

bool fleet_is_older(const struct fleet_record *record, const char *as_of)
{
	if (!as_of)
		return false;
	if (!record->as_of[0])
		return true;
	return age_between(record->as_of, as_of) > 0;
}

void fleet_add_problem(struct fleet_run *fleet, const char *where, const char *why, bool ends)
{
	struct arena *arena = fleet->run->arena;
	fleet->ended_in_error |= ends;
	if (fleet->problem_count++ >= FLEET_PROBLEMS_MAX)
		return;
	/* What ends a source is worth more than a note on a member. */
	fleet->problems[fleet->problem_count - 1] = (struct fleet_problem){
			.where = text_clean(arena, where, strlen(where), 300),
			.why = text_clean(arena, why, strlen(why), 300),
			.ends = ends,
	};
}

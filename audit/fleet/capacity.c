/* Shares by what each host carries: what it was judged to carry with another share. */
#include <math.h>
#include <string.h>

#include "audit/fleet/fleet.h"
#include "report/document/member.h"

bool fleet_by_capacity(const struct fleet_run *fleet)
{
	const char *way = fleet->run->options->fleet.split;
	return way && strcmp(way, "capacity") == 0;
}

/* Of the whole plan, within the target; NAN: not known, or not for certain. */
static double carried_by(const struct fleet_run *fleet, const struct fleet_record *record)
{
	const struct judged *judged = record->judged;
	const struct fleet_share *share = &fleet_shares(fleet->split)[record->place];
	const double unknown = (double)NAN;
	if (record->state != HOST_JUDGED || record->too_old)
		return unknown;
	if (!judged || judged->at_most)
		return unknown;
	if (judged->verdict == VERDICT_UNKNOWN)
		return unknown;
	return share->part * judged->safe.scale;
}

void fleet_measure_capacities(struct fleet_run *fleet)
{
	for (size_t i = 0; fleet->split && i < fleet->judged_count; i++) {
		struct fleet_record *record = fleet->judged_hosts[i];
		record->carries = carried_by(fleet, record);
	}
}

void fleet_judge_anew(struct fleet_run *fleet)
{
	struct arena *arena = fleet->run->arena;
	for (size_t i = 0; i < fleet->hosts->count; i++) {
		struct fleet_record *record = fleet->hosts->items[i];
		if (record->state == HOST_DUPLICATE)
			continue;
		record->state = HOST_MISSING;
		record->judged = NULL;
		record->why = NULL;
	}
	trait_sets_free(fleet->traits);
	fleet->traits = trait_sets_new(arena);
	fleet_memo_free(fleet->memo);
	fleet->memo = NULL;
	fleet->problem_count = 0;
	fleet->ended_in_error = false;
	fleet->unexpected_count = 0;
	fleet->unexpected = (struct name_list){0};
	fleet->audits_of_failing = fleet->audits_of_others = 0;
	fleet->way = FLEET_BY_CAPACITY;
}

/* --- what it would be --- */

/* The shares of one role, as they would be. */
struct would_be {
	size_t hosts, standing_by;
	double least, most; /* parts of the plan */
};

static bool divide_so(struct arena *arena,
		const struct fleet_run *fleet,
		struct fleet_split **ret_split)
{
	struct error err;
	struct fleet *all = arena_alloc(arena, sizeof *all);
	struct fleet_host *hosts = arena_alloc(arena, (fleet->judged_count + 1) * sizeof *hosts);
	for (size_t i = 0; i < fleet->judged_count; i++)
		hosts[i] = fleet_host_of(fleet->judged_hosts[i]);
	*all = (struct fleet){
			.hosts = hosts,
			.count = fleet->judged_count,
			.way = FLEET_BY_CAPACITY,
	};
	return fleet_split(arena, &fleet->plan, all, ret_split, &err);
}

static bool add_share(const struct fleet_record *record,
		const struct fleet_share *share,
		struct would_be *roles)
{
	const double rounding = 1e-6;
	struct would_be *role = &roles[share->role];
	if (share->nothing) {
		role->standing_by++;
		return true;
	}
	if (!(share->part <= record->carries * (1 + rounding)))
		return false;
	if (role->hosts++ == 0)
		role->least = role->most = share->part;
	role->least = fmin(role->least, share->part);
	role->most = fmax(role->most, share->part);
	return true;
}

static void put_role(cJSON *shares, enum fleet_role role, const struct would_be *of)
{
	const char *name = fleet_role_name(role);
	if (of->hosts + of->standing_by == 0)
		return;
	cJSON *item = cJSON_CreateObject();
	if (name)
		(void)cJSON_AddStringToObject(item, "role", name);
	else
		member_null(item, "role");
	member_number(item, "hosts", (double)of->hosts);
	member_number(item, "standing_by", (double)of->standing_by);
	member_number(item, "least", of->least);
	member_number(item, "most", of->most);
	(void)cJSON_AddItemToArray(shares, item);
}

/* Where a NAT that all share is too small, other shares do not help. */
static bool may_help(const struct fleet_run *fleet)
{
	if (!fleet->split || fleet_by_capacity(fleet))
		return false;
	if (fleet_exceeds_egress(fleet))
		return false;
	return fleet_count(fleet).failed > 0;
}

static bool fits_by_capacity(const struct fleet_run *fleet,
		struct arena *arena,
		struct would_be *roles)
{
	struct fleet_split *split;
	if (!may_help(fleet))
		return false;
	if (!divide_so(arena, fleet, &split))
		return false;
	const struct fleet_share *shares = fleet_shares(split);
	for (size_t i = 0; i < fleet->judged_count; i++) {
		const struct fleet_record *record = fleet->judged_hosts[i];
		if (!add_share(record, &shares[i], roles))
			return false;
	}
	return true;
}

static void put_way(cJSON *object, const char *way)
{
	(void)cJSON_AddStringToObject(object, "split", way);
}

void fleet_put_split(const struct fleet_run *fleet, struct arena *arena, cJSON *document)
{
	struct would_be roles[FLEET_ROLES + 1] = {{0}};
	const char *way = "weight";
	if (fleet_by_capacity(fleet))
		way = "capacity";
	put_way(document, way);
	if (!fits_by_capacity(fleet, arena, roles)) {
		member_null(document, "instead");
		return;
	}
	cJSON *instead = member_object(document, "instead");
	cJSON *shares = member_array(instead, "shares");
	put_way(instead, "capacity");
	for (size_t i = 0; i <= FLEET_ROLES; i++) {
		enum fleet_role role = (enum fleet_role)i;
		put_role(shares, role, &roles[i]);
	}
}

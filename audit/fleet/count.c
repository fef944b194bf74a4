/* Adds up what became of the hosts. */
#include <math.h>
#include <stdint.h>

#include "audit/fleet/fleet.h"

static void count_judged(const struct fleet_record *record, struct fleet_counts *counts)
{
	counts->answered++;
	counts->stale += record->too_old;
	if (!record->judged) {
		counts->standing_by++;
		return;
	}
	switch (record->judged->verdict) {
	case VERDICT_PASS:
		counts->passed++;
		break;
	case VERDICT_FAIL:
		counts->failed++;
		break;
	case VERDICT_NONE:
	case VERDICT_UNKNOWN:
		counts->unknown++;
		break;
	}
}

static void count_host_in(const struct fleet_record *record, struct fleet_counts *counts)
{
	switch (record->state) {
	case HOST_JUDGED:
		count_judged(record, counts);
		break;
	case HOST_MISSING:
		counts->missing++;
		break;
	case HOST_BROKEN:
		counts->broken++;
		break;
	case HOST_DUPLICATE:
		counts->duplicate++;
		break;
	}
}

struct fleet_counts fleet_count(const struct fleet_run *fleet)
{
	struct fleet_counts counts = {0};
	for (size_t i = 0; i < fleet->hosts->count; i++)
		count_host_in(fleet->hosts->items[i], &counts);
	return counts;
}

/* A machine under two names of --hosts carries one share: the other has nobody. */
static bool lacks_a_host(const struct fleet_run *fleet, const struct fleet_counts *counts)
{
	if (fleet->expected && counts->duplicate > 0)
		return true;
	return counts->missing > 0 || counts->broken > 0;
}

/* Each host's share fits through the NAT by itself; all of them go through it together. */
bool fleet_exceeds_egress(const struct fleet_run *fleet)
{
	double used = 0;
	if (!fleet->split || !fleet->shares_egress)
		return false;
	for (size_t i = 0; i < fleet->judged_count; i++) {
		const struct fleet_record *record = fleet->judged_hosts[i];
		if (record->state == HOST_JUDGED && record->judged && record->judged->egress_scale >= 0)
			used += 1 / record->judged->egress_scale;
	}
	return used > 1;
}

enum verdict fleet_verdict(const struct fleet_run *fleet)
{
	const struct fleet_counts counts = fleet_count(fleet);
	if (counts.failed > 0 || fleet_exceeds_egress(fleet))
		return VERDICT_FAIL;
	if (counts.unknown > 0 || counts.passed == 0 || fleet->ended_in_error)
		return VERDICT_UNKNOWN;
	if (lacks_a_host(fleet, &counts) || fleet->stopped)
		return VERDICT_UNKNOWN;
	return VERDICT_PASS;
}

/* --- classes --- */

/* From the last to the first, so that each class begins with its first host. */
static void link_classes(struct fleet_run *fleet)
{
	struct arena *arena = fleet->run->arena;
	size_t classes = fleet->classes.count;
	fleet->first_of_class = arena_alloc(arena, (classes + 1) * sizeof(size_t));
	fleet->next_of_class = arena_alloc(arena, (fleet->judged_count + 1) * sizeof(size_t));
	for (size_t i = 0; i <= classes; i++)
		fleet->first_of_class[i] = SIZE_MAX;
	for (size_t i = fleet->judged_count; i > 0; i--) {
		size_t *first = &fleet->first_of_class[fleet->class_of[i - 1]];
		fleet->next_of_class[i - 1] = *first;
		*first = i - 1;
	}
}

/* Of a host that is this member of the comparison; SIZE_MAX: it takes no part in it. */
static size_t class_at(const struct fleet_run *fleet, size_t member)
{
	if (member == SIZE_MAX)
		return fleet->classes.count;
	return fleet->classes.of[member];
}

void fleet_classify(struct fleet_run *fleet)
{
	struct arena *arena = fleet->run->arena;
	size_t count = fleet->judged_count, members = 0;
	struct fleet_member *all = arena_alloc(arena, (count + 1) * sizeof *all);
	size_t *of = arena_alloc(arena, (count + 1) * sizeof *of);
	for (size_t i = 0; i < count; i++) {
		const struct judged *judged = fleet->judged_hosts[i]->judged;
		bool counts = fleet->judged_hosts[i]->state == HOST_JUDGED && judged;
		of[i] = SIZE_MAX;
		if (!counts)
			continue;
		of[i] = members;
		all[members++] = judged->traits->member;
	}
	fleet->classes = fleet_classes_of(arena, all, members);
	for (size_t i = 0; i < count; i++)
		of[i] = class_at(fleet, of[i]);
	fleet->class_of = of;
	link_classes(fleet);
}

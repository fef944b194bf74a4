#include "audit/run/described.h"

#include <stddef.h>

#include "base/array.h"

/* What no command line says: a name, and what headroom's own tables know of a tool. */
static bool is_own_knowledge(enum workload_field field)
{
	static const enum workload_field own[] = {
			W_NAME,
			W_FDS_BASE,
			W_FDS_PER_CONNECTION,
			W_MEMORY_PER_CONNECTION,
			W_MEMORY_PER_USER,
	};
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		if (own[i] == field)
			return true;
	}
	return false;
}

static bool is_exact(const struct workload *plan, enum workload_field field)
{
	if (is_own_knowledge(field))
		return false;
	const struct workload_value *value = &plan->values[field];
	return value->set && value->confidence == CONFIDENCE_EXACT;
}

/* Stages say how many connections there are and how fast they open. */
static bool says_load(const struct workload *plan)
{
	return is_exact(plan, W_CONNECTIONS) || is_exact(plan, W_OPEN_RATE) || plan->stage_count > 0;
}

struct workload described_part(const struct workload *plan, const struct workload *described)
{
	static const enum workload_field load[] = {W_CONNECTIONS, W_OPEN_RATE, W_RAMP_RATE, W_STAGES};
	struct workload part = *described;
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		enum workload_field field = (enum workload_field)i;
		if (is_exact(plan, field))
			part.values[i].set = false;
	}
	if (says_load(plan))
		part.stage_count = 0;
	for (size_t i = 0; plan->stage_count && i < COUNT_OF(load); i++)
		part.values[load[i]].set = false;
	part.title = NULL;
	return part;
}

static struct workload exact_part(const struct workload *plan)
{
	struct workload part = *plan;
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		if (!is_exact(plan, (enum workload_field)i))
			part.values[i].set = false;
	}
	return part;
}

/* The exact part goes over it again: merging drops numbers that Little's law would contradict. */
void described_fill(struct workload *plan, const struct workload *described)
{
	const struct workload part = described_part(plan, described);
	const struct workload exact = exact_part(plan);
	workload_merge(plan, &part);
	workload_merge(plan, &exact);
}

#include "audit/run/taught.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/change.h"

static bool is_taught(const struct workload_value *value)
{
	return value->set && value->from && text_begins_with(value->from, LOCK_FILE_PATH ",");
}

const struct workload *taught_join(struct arena *arena,
		const struct workload *described,
		const struct lock_taught *taught)
{
	if (!taught->any)
		return described;
	struct workload *joined = arena_alloc(arena, sizeof *joined);
	*joined = taught->usual;
	if (described)
		workload_merge(joined, described);
	return joined;
}

/* The command says for certain who closes: then a share contradicts it. */
static void settle_closes(struct workload *workload)
{
	struct workload_value *share = &workload->values[W_CLIENT_CLOSES];
	const struct workload_value *closer = &workload->values[W_CLOSER];
	bool open = closer->text && strcmp(closer->text, "server") == 0 &&
			closer->confidence != CONFIDENCE_EXACT;
	if (is_taught(share) && !is_taught(closer) && !open)
		share->set = false;
}

static bool taught_agrees(const struct workload_value *values)
{
	double live = values[W_CONNECTIONS].number;
	double product = values[W_OPEN_RATE].number * values[W_LIFETIME].number;
	return fabs(product - live) <= 0.01 * fmax(live, product);
}

/* Connections, rate and lifetime: two of them give the third. The command's own exact words stay;
 * an estimated lifetime gives way first, since a rate that was counted is better known. */
static void settle_rates(struct workload *workload)
{
	static const enum workload_field order[] = {W_LIFETIME, W_OPEN_RATE, W_CONNECTIONS};
	struct workload_value *values = workload->values;
	for (size_t i = 0; i < 3; i++)
		if (!values[order[i]].set)
			return;
	if (taught_agrees(values))
		return;
	for (size_t i = 0; i < 3; i++) {
		struct workload_value *value = &values[order[i]];
		if (value->confidence == CONFIDENCE_EXACT)
			continue;
		value->set = false;
		return;
	}
}

void taught_settle(struct workload *workload)
{
	settle_closes(workload);
	settle_rates(workload);
}

/* What was given stays the same at the highest. */
static bool raise(struct workload_value *value, const struct workload_value *highest)
{
	bool learned = is_taught(value) && value->confidence == CONFIDENCE_ESTIMATE;
	if (!learned || !highest->set || !(highest->number > value->number))
		return false;
	value->number = highest->number;
	return true;
}

bool taught_highest(const struct lock_taught *taught,
		const struct workload *usual,
		struct workload *ret)
{
	bool raised = false;
	*ret = *usual;
	if (!taught->any)
		return false;
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++)
		raised |= raise(&ret->values[i], &taught->highest.values[i]);
	return raised;
}

static const struct judgement *failing_limit(const struct result *result)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *worst = &result->resources[i].worst;
		bool bad = worst->status == STATUS_FAIL || worst->status == STATUS_UNKNOWN;
		if (bad && judgement_decides(worst))
			return worst;
	}
	return NULL;
}

struct finding taught_warning(struct arena *arena,
		const struct lock_taught *taught,
		const struct result *highest)
{
	const struct judgement *limit = failing_limit(highest);
	const char *what = "", *unit = "", *outcome = "fails";
	char demand[NUMBER_TEXT_MAX], capacity[NUMBER_TEXT_MAX];
	if (highest->verdict == VERDICT_UNKNOWN)
		outcome = "may fail";
	if (limit && limit->rule->quantity == UNIT_COUNT)
		unit = arena_printf(arena, " %s", limit->rule->unit);
	if (limit)
		what = arena_printf(arena,
				": it needs %s of %s%s (%s)",
				text_number(demand, ceil(limit->demand), limit->rule->quantity),
				text_number(capacity, limit->capacity, limit->rule->quantity),
				unit,
				limit_phrase(limit->rule));
	return (struct finding){
			.id = "learnt-highest",
			.severity = "warning",
			.where = LOCK_FILE_PATH,
			.text = arena_printf(arena,
					"With the highest of %zu runs that gate --learn measured, the plan %s%s. The "
					"verdict uses the median of these runs.",
					taught->runs,
					outcome,
					what),
	};
}

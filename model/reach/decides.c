/* The value that decides is searched: the verdict is asked for at both ends and halfway between
 * them, until two neighbors differ. Only whole numbers are searched, and only one missing fact: of
 * two, neither decides alone. */
#include "model/reach/decides.h"

#include <math.h>
#include <string.h>

#include "model/answer/conclusion.h"

enum {
	DECIDES_CAUSES = 4 /* a derived fact follows from another; never deeper */
};

/* Above this a double has no whole numbers of its own. */
static const double decides_highest = 9007199254740992.0;

struct search {
	const struct trial *judged;
	const struct facts *facts;
	const struct fact *unread;
	size_t count; /* of different facts that are not known */
};

static const struct fact *decides_fact(const struct facts *facts,
		const char *key,
		const char *instance)
{
	const struct fact *fact = facts_get(facts, key, "");
	if (!fact && instance)
		fact = facts_get(facts, key, instance);
	return fact;
}

/* A derived fact names in `where` the one that it lacks. */
static const struct fact *decides_cause(const struct facts *facts,
		const char *key,
		const char *instance)
{
	const struct fact *fact = decides_fact(facts, key, instance);
	for (int i = 0; i < DECIDES_CAUSES && fact && fact->where; i++) {
		const struct fact *cause = decides_fact(facts, fact->where, instance);
		if (!cause || cause == fact)
			break;
		fact = cause;
	}
	return fact;
}

/* A fact that nobody put in the set has no unit, and counts all the same. */
static void decides_collect(struct search *search, const struct judgement *j)
{
	const struct facts *facts = search->judged->now.facts[0];
	for (size_t i = 0; i < j->unread.count; i++) {
		const char *key = j->unread.items[i];
		const struct fact *fact = decides_cause(facts, key, j->instance);
		if (search->count > 0 && fact == search->unread)
			continue;
		search->unread = fact;
		search->count++;
	}
}

static void decides_collect_all(struct search *search)
{
	const struct all_limits *limits = &search->judged->limits;
	for (size_t i = 0; i < limits->count; i++) {
		const struct resource *resource = &limits->items[i];
		for (size_t k = 0; k < resource->instance_count; k++) {
			const struct judgement *j = &resource->instances[k];
			bool unknown = j->status == STATUS_UNKNOWN;
			if (unknown && judgement_decides(j))
				decides_collect(search, j);
		}
	}
}

/* The verdict if the fact had this value. */
static enum verdict decides_verdict(const struct search *search, double value)
{
	struct error ignored = {0};
	struct result result;
	struct arena *arena = arena_new();
	struct trial trial = {
			.arena = arena,
			.rules = search->judged->rules,
			.options = search->judged->options,
			.plan = search->judged->plan,
	};
	const struct fact *unread = search->unread;
	struct facts *facts = facts_overlay(arena, search->facts);
	enum verdict verdict = VERDICT_UNKNOWN;
	facts_put_number(facts, unread->key, unread->instance, value, unread->unit, NULL);
	if (trial_judge(&trial, facts, false, &result, &ignored))
		verdict = conclusion_verdict(&trial.limits, false);
	arena_free(arena);
	return verdict;
}

/* `good` passes, `bad` does not: the last value beside `bad` that passes. */
static double decides_edge(const struct search *search, double good, double bad)
{
	while (fabs(good - bad) > 1) {
		double middle = floor((good + bad) / 2);
		if (decides_verdict(search, middle) == VERDICT_PASS)
			good = middle;
		else
			bad = middle;
	}
	return good;
}

static bool decides_is_number(const struct fact *fact)
{
	if (!fact || fact->status == FACT_KNOWN)
		return false;
	return fact->unit == UNIT_COUNT || fact->unit == UNIT_BYTES;
}

static void decides_search(const struct search *search, struct decides *out)
{
	enum verdict none = decides_verdict(search, 0);
	enum verdict many = decides_verdict(search, decides_highest);
	if (none == VERDICT_UNKNOWN || many == VERDICT_UNKNOWN)
		return;
	if (none == many && none == VERDICT_PASS)
		return; /* what lies between is not known */
	out->fact = search->unread;
	out->least = (double)NAN;
	out->most = (double)NAN;
	if (none == many)
		return;
	out->least = 0;
	out->most = INFINITY;
	if (none == VERDICT_PASS)
		out->most = decides_edge(search, 0, decides_highest);
	else
		out->least = decides_edge(search, decides_highest, 0);
}

struct decides decides_find(const struct trial *judged, const struct facts *facts)
{
	struct search search = {.judged = judged, .facts = facts};
	struct decides decides = {0};
	decides_collect_all(&search);
	if (search.count == 1 && decides_is_number(search.unread))
		decides_search(&search, &decides);
	return decides;
}

/* Ranking: the evidence of this host decides; where there is none, the order of the text does. */
#include "model/why/why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/present.h"

/* How old a line of the kernel's log may be to speak of now: it repeats itself every 5 s at most
 * (printk_ratelimit). */
static const double said_now_s = 10;

const char *why_strength_name(enum why_strength strength)
{
	static const char *const names[WHY_STRENGTHS] = {
			[WHY_IMPOSSIBLE] = "impossible",
			[WHY_POSSIBLE] = "possible",
			[WHY_HIT] = "hit-since-boot",
			[WHY_NEAR] = "nearly-full",
			[WHY_HIT_NOW] = "hit-now",
			[WHY_FULL] = "full-now",
			[WHY_FAILING] = "failing-now",
	};
	return names[strength];
}

const char *why_cause_id(const struct why_cause *cause)
{
	if (cause->rule)
		return cause->rule->id;
	return cause->named->id;
}

bool why_counts_hits(const char *key)
{
	static const char *const families[] = {
			"netstat.TcpExt.",
			"softnet.",
			"arp.",
			"ndisc.",
			"conntrack.",
	};
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		if (text_begins_with(key, families[i]))
			return true;
	}
	return false;
}

struct why_look why_look_at(const struct situation *situation)
{
	const struct rules *rules = situation->rules;
	size_t room = rules->limit_count + 1;
	struct present *presents = arena_alloc(situation->arena, room * sizeof *presents);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		presents[i] = present_of(situation, rule);
	}
	return (struct why_look){situation, presents};
}

/* --- counters ------------------------------------------------------------------------------- */

/* An insert that failed is a race of two packets more often than a full table: it proves none. */
static bool is_proof(const char *key)
{
	return why_counts_hits(key) && strcmp(key, "conntrack.insert_failed") != 0;
}

static const struct why_look *last_look(const struct why_question *question)
{
	return &question->looks[question->look_count - 1];
}

static double growth(const struct why_question *question, const char *key)
{
	if (question->look_count < 2)
		return (double)NAN;
	const struct why_look *first = &question->looks[0];
	const struct why_look *last = last_look(question);
	double before = facts_number(first->situation->facts, key);
	double after = facts_number(last->situation->facts, key);
	return after - before;
}

/* Those of the rule's counters that are above 0. */
static void find_hits(struct arena *arena,
		const struct why_question *question,
		struct why_cause *cause)
{
	const struct rule_text_list *keys = &cause->rule->counters;
	const struct why_look *last = last_look(question);
	size_t room = keys->count + 1;
	struct why_hit *hits = arena_alloc(arena, room * sizeof *hits);
	cause->hits = hits;
	for (size_t i = 0; i < keys->count; i++) {
		const char *key = keys->items[i];
		double value = facts_number(last->situation->facts, key);
		if (!is_proof(key) || !(value > 0))
			continue;
		hits[cause->hit_count] = (struct why_hit){
				.key = key,
				.since_boot = value,
				.between = growth(question, key),
				.apart_s = question->apart_s,
		};
		cause->hit_count++;
	}
}

static bool was_just_hit(const struct why_cause *cause)
{
	if (cause->said && cause->said->age_s <= said_now_s)
		return true;
	for (size_t i = 0; i < cause->hit_count; i++) {
		if (cause->hits[i].between > 0)
			return true;
	}
	return false;
}

/* --- one limit ------------------------------------------------------------------------------ */

/* Towards the destination that the text names, where it names one. */
static void choose_destination(const struct why_question *question, struct why_cause *cause)
{
	const struct situation *situation = last_look(question)->situation;
	const struct present all = cause->now;
	if (cause->rule->scope != SCOPE_DESTINATION || question->to.count == 0 || all.none)
		return;
	cause->now = present_towards(situation, cause->rule, &question->to);
	if (all.state == PRESENT_FULL && cause->now.state != PRESENT_FULL)
		cause->elsewhere = all;
}

/* A queue that one look finds full may be empty at the next. What both found full is full. */
static struct present seen_twice(const struct why_question *question,
		struct present now,
		const struct present *before)
{
	if (question->look_count < 2 || now.state != PRESENT_UNKNOWN)
		return now;
	bool both = now.used >= now.capacity && before->used >= before->capacity;
	bool same = now.by && before->by && strcmp(now.by, before->by) == 0;
	if (both && same)
		now.state = PRESENT_FULL;
	return now;
}

static struct present present_now(const struct why_question *question, size_t at)
{
	const struct present *now = &last_look(question)->presents[at];
	return seen_twice(question, *now, &question->looks[0].presents[at]);
}

static const struct why_about *about_of(const struct why_question *question, const char *id)
{
	for (size_t i = 0; i < question->about_count; i++) {
		const struct why_about *about = &question->abouts[i];
		if (strcmp(about->id, id) == 0)
			return about;
	}
	return NULL;
}

/* The one that a line names. What is full is not passed over for the kernel's log. */
static void choose_named(const struct why_question *question, struct why_cause *cause)
{
	const struct why_about *about = about_of(question, cause->rule->id);
	const char *by = cause->now.by;
	cause->about = about;
	if (!about)
		return;
	if (by && strcmp(by, about->now.by) == 0)
		return;
	bool presses = cause->now.state >= PRESENT_NEAR;
	if (presses && !about->asked)
		return;
	cause->here = cause->now;
	cause->now = seen_twice(question, about->now, &about->before);
	cause->apart = true;
}

static double backlog_of(const struct why_question *question, const struct present *now)
{
	const struct situation *situation = last_look(question)->situation;
	if (!now->instance || !situation)
		return (double)NAN;
	const struct fact *backlog;
	backlog = facts_get(situation->facts, "listener.backlog", now->instance);
	if (!backlog)
		return (double)NAN;
	if (backlog->status != FACT_KNOWN)
		return (double)NAN;
	return backlog->number;
}

static enum why_strength limit_strength(const struct why_cause *cause)
{
	if (cause->now.state == PRESENT_FULL)
		return WHY_FULL;
	if (was_just_hit(cause))
		return WHY_HIT_NOW;
	if (cause->now.state == PRESENT_NEAR)
		return WHY_NEAR;
	if (cause->hit_count > 0 || cause->now.refused > 0 || cause->said)
		return WHY_HIT;
	return WHY_POSSIBLE;
}

static void rule_out(const struct why_question *question, struct why_cause *cause)
{
	const struct present *now = &cause->now;
	/* The kernel names its own listener, a program the one that it connects to. */
	bool own = cause->about && cause->about->asked;
	if (!own && question->remote && cause->rule->scope == SCOPE_LISTENER) {
		cause->strength = WHY_IMPOSSIBLE;
		cause->rules_out = "the connection goes to another host, whose queue counts";
		return;
	}
	if (cause->strength != WHY_POSSIBLE || !isinf(now->capacity))
		return;
	cause->strength = WHY_IMPOSSIBLE;
	cause->rules_out = "this host sets no such limit";
}

static const struct why_said *said_of(const struct why_question *question, const char *id)
{
	const struct why_said *latest = NULL;
	for (size_t i = 0; i < question->said_count; i++) {
		const struct why_said *said = &question->said[i];
		if (strcmp(said->id, id) != 0)
			continue;
		if (!latest || said->age_s <= latest->age_s)
			latest = said;
	}
	return latest;
}

static struct why_cause limit_cause(struct arena *arena,
		const struct why_question *question,
		size_t at)
{
	struct why_cause cause = {
			.rule = &question->rules->limits[at],
			.now = present_now(question, at),
	};
	cause.said = said_of(question, cause.rule->id);
	choose_named(question, &cause);
	choose_destination(question, &cause);
	cause.backlog = backlog_of(question, &cause.now);
	find_hits(arena, question, &cause);
	cause.strength = limit_strength(&cause);
	rule_out(question, &cause);
	return cause;
}

/* --- calls that failed ---------------------------------------------------------------------- */

static struct why_cause *find_cause(struct why_causes *causes, const char *id)
{
	for (size_t i = 0; i < causes->count; i++) {
		struct why_cause *cause = &causes->items[i];
		if (strcmp(why_cause_id(cause), id) == 0)
			return cause;
	}
	return NULL;
}

/* An error of a call can come from several causes. It comes from the one that this host shows most
 * of, if it shows anything of now; else it may be each of them, the likeliest first, and
 * *ret_proven is false unless there is only one. */
static const struct why_named *likeliest(const struct why_failed *failed,
		struct why_causes *causes,
		bool *ret_proven)
{
	const struct why_named *best = NULL;
	enum why_strength most = WHY_HIT; /* since boot: nothing of now */
	size_t possible = 0;
	for (size_t i = 0; i < failed->named_count; i++) {
		const struct why_named *named = &failed->named[i];
		const struct why_cause *cause = find_cause(causes, named->id);
		enum why_strength strength = WHY_POSSIBLE;
		if (cause)
			strength = cause->strength;
		bool more = strength > most;
		if (more)
			most = strength;
		if (more || (!best && strength != WHY_IMPOSSIBLE))
			best = named;
		possible += strength != WHY_IMPOSSIBLE;
	}
	*ret_proven = most > WHY_HIT || possible <= 1;
	if (!best)
		best = failed->named;
	return best;
}

/* The cause of this name, added if it is no limit and not there; the room is there. */
static struct why_cause *cause_for(struct why_causes *causes, const struct why_named *named)
{
	struct why_cause *cause = find_cause(causes, named->id);
	if (cause)
		return cause;
	cause = &causes->items[causes->count++];
	*cause = (struct why_cause){.named = named, .strength = WHY_POSSIBLE};
	return cause;
}

/* What calls failed of. Without proof all that it can be is named, as by a text. */
static void add_failed(const struct why_question *question,
		struct why_causes *causes,
		const char **failed_of)
{
	for (size_t i = 0; i < question->failed_count; i++) {
		const struct why_failed *failed = &question->failed[i];
		bool proven;
		if (failed->named_count == 0)
			continue;
		const struct why_named *best = likeliest(failed, causes, &proven);
		struct why_cause *cause = cause_for(causes, best);
		cause->failed += failed->count;
		failed_of[i] = best->id;
		if (proven)
			cause->strength = WHY_FAILING;
		for (size_t k = 0; !proven && k < failed->named_count; k++) {
			struct why_cause *other = cause_for(causes, &failed->named[k]);
			if (!other->named)
				other->named = &failed->named[k];
		}
	}
}

/* --- the order ------------------------------------------------------------------------------ */

static double fullness(const struct why_cause *cause)
{
	const struct present *now = &cause->now;
	if (isnan(now->used) || isnan(now->capacity))
		return -1;
	if (now->capacity <= 0)
		return INFINITY;
	return now->used / now->capacity;
}

static int larger_first(double left, double right)
{
	return (left < right) - (left > right);
}

/* Less than 0: the left one comes first. Hard limits come before those that only slow down. */
static int by_evidence(const void *a, const void *b)
{
	const struct why_cause *left = a, *right = b;
	if (left->strength != right->strength)
		return (int)right->strength - (int)left->strength;
	if (left->failed != right->failed)
		return larger_first(left->failed, right->failed);
	if (left->named && right->named && left->strength < WHY_HIT)
		return (left->named > right->named) - (left->named < right->named);
	if (left->rule && right->rule && left->rule->severity != right->rule->severity)
		return (int)left->rule->severity - (int)right->rule->severity;
	int order = larger_first(fullness(left), fullness(right));
	if (order)
		return order;
	return (left->named > right->named) - (left->named < right->named);
}

static int fullest_first(const void *a, const void *b)
{
	const struct why_cause *left = a, *right = b;
	int order = larger_first(fullness(left), fullness(right));
	if (order)
		return order;
	return strcmp(left->rule->id, right->rule->id);
}

static void sort_causes(struct why_causes *causes, int (*order)(const void *, const void *))
{
	if (causes->count > 1)
		qsort(causes->items, causes->count, sizeof *causes->items, order);
}

static const struct why_named *named_as(const struct why_question *question, const char *id)
{
	for (size_t i = 0; i < question->named_count; i++) {
		const struct why_named *named = &question->named[i];
		if (strcmp(named->id, id) == 0)
			return named;
	}
	return NULL;
}

static void keep_cause(struct why_causes *causes, const struct why_cause *cause)
{
	causes->items[causes->count++] = *cause;
}

/* Does the text name it, or without one a call that failed? */
static bool is_named_by_text(const struct why_question *question, const struct why_cause *cause)
{
	if (!question->told)
		return cause->named != NULL;
	return cause->named && named_as(question, cause->named->id) != NULL;
}

static void take_cause(const struct why_question *question,
		const struct why_cause *cause,
		struct why_answer *answer)
{
	if (is_named_by_text(question, cause))
		keep_cause(&answer->causes, cause);
	else if (!question->told && cause->strength >= WHY_NEAR)
		keep_cause(&answer->causes, cause);
	else if (!question->told && cause->strength == WHY_HIT)
		keep_cause(&answer->also, cause);
	else if (question->told && cause->strength >= WHY_HIT_NOW)
		keep_cause(&answer->also, cause);
	else if (cause->now.state == PRESENT_FREE)
		keep_cause(&answer->ruled_out, cause);
}

/* Causes that are no limits. */
static void take_rest(const struct why_question *question, struct why_causes *all)
{
	for (size_t i = 0; i < question->named_count; i++) {
		const struct why_named *named = &question->named[i];
		if (!named->title)
			continue;
		keep_cause(all, &(struct why_cause){.named = named, .strength = named->seen});
	}
}

static struct why_causes room_for(struct arena *arena, size_t count)
{
	return (struct why_causes){.items = arena_alloc(arena, (count + 1) * sizeof(struct why_cause))};
}

void why_judge(struct arena *arena,
		const struct why_question *question,
		struct why_answer *ret_answer)
{
	size_t limits = question->rules->limit_count;
	size_t most = limits + question->named_count;
	for (size_t i = 0; i < question->failed_count; i++)
		most += question->failed[i].named_count;
	struct why_causes all = room_for(arena, most);
	*ret_answer = (struct why_answer){
			.causes = room_for(arena, most),
			.also = room_for(arena, most),
			.ruled_out = room_for(arena, limits),
			.failed_of = arena_alloc(arena, (question->failed_count + 1) * sizeof(char *)),
	};
	for (size_t i = 0; i < limits; i++) {
		struct why_cause cause = limit_cause(arena, question, i);
		cause.named = named_as(question, cause.rule->id);
		keep_cause(&all, &cause);
	}
	take_rest(question, &all);
	add_failed(question, &all, ret_answer->failed_of);
	for (size_t i = 0; i < all.count; i++)
		take_cause(question, &all.items[i], ret_answer);
	sort_causes(&ret_answer->causes, by_evidence);
	sort_causes(&ret_answer->also, by_evidence);
	sort_causes(&ret_answer->ruled_out, fullest_first);
}

bool why_explains(const struct why_cause *cause)
{
	if (cause->strength == WHY_IMPOSSIBLE)
		return false;
	return cause->rule || cause->strength >= WHY_FULL;
}

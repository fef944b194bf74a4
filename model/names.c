/* Resolves names. A name is resolved once per judgement and found again by its address, since a
 * limit is evaluated some hundred times while its highest safe scale is sought. */
#include "model/names.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "model/derive.h"
#include "model/judge/series.h"
#include "model/load/destination.h"
#include "model/own_names.h"
#include "model/pools/pools.h"
#include "model/queues/queues.h"

/* Names of one limit's formulas, counted per occurrence, and the hash table over them; what is
 * beyond is resolved anew each time. */
enum {
	NAMES_MAX = 96,
	NAMES_TABLE = 256,
	WINDOWS_MAX = 8
};

enum name_source {
	SOURCE_CONSTANT,
	SOURCE_SCALED,
	SOURCE_SERIES,
	SOURCE_LET
};

struct resolved {
	const char *name; /* compared by address first */
	enum name_source source;
	struct value value;         /* SOURCE_CONSTANT, SOURCE_SCALED (at scale 1) */
	struct plan_series *series; /* SOURCE_SERIES */
	size_t let;                 /* SOURCE_LET: index */
};

/* What varies in a formula that is a sum: a series, or what of it happened in the last seconds. */
struct atom {
	struct names *of; /* the load whose series it is */
	struct plan_series *series;
	double seconds; /* NAN: its value now */
};

/* What of a load's closes the kernel keeps: tcp_max_tw_buckets counts those of all loads. */
struct kept {
	struct plan_series *series;
	double seconds;
};

enum {
	KEPT_MAX = 2
};

struct names {
	const struct situation *situation;
	const struct load *load;
	const struct limit_rule *rule;
	const char *instance;
	struct names *whole;  /* this is one of its parts; NULL: it is none */
	struct names **parts; /* for each load; none: there is one */
	size_t part_count;
	bool binds; /* the instance is one of a load that binds before it connects */
	bool alike; /* what one of its loads keeps counts as much as what another keeps */
	struct kept kept[KEPT_MAX];
	size_t kept_count;
	enum missing_mode mode;
	double scale;
	struct moment moment;
	bool slack;           /* the kernel's timers end late */
	bool keeps_all;       /* no series has a most */
	bool may_cap, capped; /* a series has a most; it had it */
	double windows[WINDOWS_MAX];
	size_t window_count;
	struct atom
			atoms[AFFINE_ATOMS]; /* the first is the scale, of which plan values are multiples */
	int atom_count;
	size_t lets_visible;
	bool varies; /* something that depends on scale or time was looked up */
	struct resolved *cache;
	size_t cached, cache_capacity;
	unsigned char table[NAMES_TABLE]; /* index in cache + 1, by the name's address; 0: free */
	struct resolved uncached;         /* where NAMES_MAX did not suffice */
	struct name_list used, missing;
};

static const char plan_prefix[] = "workload.";

static bool has_plan_prefix(const char *name)
{
	return text_begins_with(name, plan_prefix);
}

static struct value names_fact_value(const struct fact *fact, const char *name)
{
	if (!fact || fact->status != FACT_KNOWN)
		return value_unknown(name);
	if (fact->unit == UNIT_TEXT)
		return value_text(fact->text);
	if (fact->unit == UNIT_BOOL)
		return value_bool(fact->number != 0);
	return value_number(fact->number, fact->unit);
}

static struct value names_plan_value(const struct workload_row *row,
		const struct workload_value *value,
		const char *name)
{
	if (!value->set)
		return value_unknown(name);
	if (row->kind == FIELD_NOFILE && !value->text)
		return value_text("count"); /* the number is workload.nofile_count */
	if (value->text && row->kind != FIELD_LIST)
		return value_text(value->text);
	return value_number(value->number, row->unit);
}

static int names_plan_field(const char *name)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++)
		if (*name == *workload_rows[i].name && !strcmp(name, workload_rows[i].name))
			return i;
	return -1;
}

/* Facts of these families have the instance that is judged. */
static const char *const instance_families[] =
		{"listener.", "beam.", "destination.", "pool.", "local.", "inotify.", "files.", NULL};

static bool instance_name(const char *name)
{
	for (size_t i = 0; instance_families[i]; i++) {
		if (text_begins_with(name, instance_families[i]))
			return true;
	}
	return false;
}

static struct names *whole_of(struct names *names)
{
	if (names->whole)
		return names->whole;
	return names;
}

static void note_used(struct names *names, const char *key)
{
	name_list_add_once(names->situation->arena, &whole_of(names)->used, key);
}

static void note_missing(struct names *names, const char *key)
{
	name_list_add_once(names->situation->arena, &whole_of(names)->missing, key);
}

/* Does the load of the instance bind before it connects? Then no other of its loads shares a port
 * with it, whatever the destination. */
static const char binds_name[] = "instance.binds";
/* How many loads of the plan share the instance; inside of sum() one. */
static const char loads_key[] = "instance.loads";

/* Does the instance, DESTINATION or SOURCE>DESTINATION, lie on this host? */
static const char loopback_name[] = "instance.loopback";

static struct value instance_loopback(const struct names *names)
{
	const char *destination = names->instance;
	const char *arrow = strchr(destination, '>');
	if (arrow)
		destination = arrow + 1;
	return value_bool(destination_is_loopback(destination));
}

/* A fact that is absent, where the rule says what absence means. */
static const struct rule_absent *absent_rule(const struct names *names, const char *name)
{
	for (size_t i = 0; names->rule && i < names->rule->absent_count; i++)
		if (!strcmp(names->rule->absents[i].fact, name))
			return &names->rule->absents[i];
	return NULL;
}

static const struct expr *bound_in_mode(const struct rule_bound *bound, enum missing_mode mode)
{
	bool assumed = bound->assume_worst && bound->worst;
	if (mode == MISSING_WORST || assumed)
		return bound->worst;
	return bound->best;
}

static bool is_bounding(const struct names *names)
{
	bool bounding = names->mode == MISSING_WORST || names->mode == MISSING_BEST;
	return names->rule && bounding;
}

static const struct expr *bound_of(const struct names *names, const char *name)
{
	if (!is_bounding(names))
		return NULL;
	for (size_t i = 0; i < names->rule->bound_count; i++) {
		const struct rule_bound *bound = &names->rule->bounds[i];
		if (!strcmp(bound->fact, name))
			return bound_in_mode(bound, names->mode);
	}
	return NULL;
}

/* What is taken where the fact is hidden from this network namespace. */
static const struct expr *hidden_value(const struct names *names, const char *name)
{
	if (!is_bounding(names))
		return NULL;
	for (size_t i = 0; i < names->rule->hidden_count; i++) {
		const struct rule_absent *hidden = &names->rule->hiddens[i];
		if (!strcmp(hidden->fact, name))
			return hidden->value;
	}
	return NULL;
}

static struct value resolve_absent(struct names *names, const char *name)
{
	const struct rule_absent *absent = absent_rule(names, name);
	struct expr_env env = names_env(names);
	bool counts = names->mode != MISSING_UNSEEN;
	if (counts && absent && absent->value)
		return expr_eval(absent->value, &env);
	if (!instance_name(name)) /* known() asks for those */
		note_missing(names, name);
	return value_unknown(name);
}

/* A fact that may exist and is not known: by the rule's bounds, if it has any. */
static struct value resolve_missing(struct names *names, const char *name, bool hidden)
{
	struct value value = value_unknown(name);
	struct expr_env env = names_env(names);
	const struct expr *bound = NULL;
	value.maybe = names->rule && names->mode != MISSING_UNSEEN;
	note_missing(names, name);
	if (hidden)
		bound = hidden_value(names, name);
	if (!bound)
		bound = bound_of(names, name);
	if (!bound)
		return value;
	return expr_eval(bound, &env);
}

/* Of a fact that is not there. The instance "" stands for a host that has none. */
static enum fact_status status_of_name(const struct names *names,
		const char *name,
		const char *instance)
{
	bool derived = text_begins_with(name, "destination.");
	bool listed = instance_name(name) && !derived;
	if (derived) /* derived for every destination of the plan */
		return FACT_ABSENT;
	if (listed && *instance == '\0')
		return FACT_ABSENT;
	if (listed && !strcmp(instance, INSTANCE_UNLISTED))
		return FACT_SKIPPED;
	return facts_status(names->load->facts, name, instance);
}

static enum fact_status fact_status_or(const struct fact *fact,
		const struct names *names,
		const char *name,
		const char *instance)
{
	if (fact)
		return fact->status;
	return status_of_name(names, name, instance);
}

/* How much later the kernel ends the timer that this fact is about. */
static double slack_of(const struct facts *facts, const char *name)
{
	static const char *const timers[][2] = {
			{"tcp.time_wait_s", "tcp.time_wait_slack_s"},
			{"tcp.fin_wait2_s", "tcp.fin_wait2_slack_s"},
	};
	for (size_t i = 0; i < COUNT_OF(timers); i++) {
		double slack = facts_number(facts, timers[i][1]);
		if (!strcmp(name, timers[i][0]) && slack > 0)
			return slack;
	}
	return 0;
}

static struct value resolve_fact(struct names *names, const char *name)
{
	const struct facts *facts = names->load->facts;
	const char *instance = "";
	if (instance_name(name))
		instance = names->instance;
	const struct fact *fact = facts_get(facts, name, instance);
	struct value value = names_fact_value(fact, name);
	note_used(names, name);
	if (names->slack && value.kind == VALUE_NUMBER)
		value.number += slack_of(facts, name);
	if (value.kind != VALUE_UNKNOWN)
		return value;
	enum fact_status status = fact_status_or(fact, names, name, instance);
	if (status == FACT_ABSENT)
		return resolve_absent(names, name);
	return resolve_missing(names, name, status == FACT_NOT_VISIBLE);
}

static bool resolve_let(const struct names *names, struct resolved *r)
{
	for (size_t i = 0; names->rule && i < names->lets_visible; i++) {
		if (strcmp(names->rule->lets[i].name, r->name) != 0)
			continue;
		r->source = SOURCE_LET;
		r->let = i;
		return true;
	}
	return false;
}

/* Above this number of sockets in TIME_WAIT the kernel keeps no more. Where it is not known, it is
 * no bound. */
static double most_kept(struct names *names)
{
	static const char key[] = "net.ipv4.tcp_max_tw_buckets";
	double most = facts_number(names->load->facts, key);
	if (isnan(most))
		return INFINITY;
	note_used(names, key);
	return most;
}

static bool resolve_series(struct names *names, struct resolved *r)
{
	struct plan_series series;
	if (!series_named(names->load, r->name, &series))
		return false;
	if (series.kept && !names->keeps_all)
		series.most = most_kept(names);
	if (isfinite(series.most))
		whole_of(names)->may_cap = true;
	r->source = SOURCE_SERIES;
	r->value.unit = series.unit;
	r->series = arena_alloc(names->situation->arena, sizeof series);
	*r->series = series;
	return true;
}

static bool resolve_plan(const struct workload *workload, struct resolved *r)
{
	int field = names_plan_field(r->name + strlen(plan_prefix));
	if (field < 0)
		return false;
	const struct workload_row *row = &workload_rows[field];
	r->value = names_plan_value(row, &workload->values[field], r->name);
	if (workload_scales(workload, (enum workload_field)field) && r->value.kind == VALUE_NUMBER)
		r->source = SOURCE_SCALED;
	return true;
}

/* Most names are facts and fields of the plan, which have a dot. No series has one, and the model's
 * own names that have one begin with "egress.", "measured." or "workload.". */
static bool resolve_name(struct names *names, const char *name, struct resolved *r)
{
	const struct load *load = names->load;
	bool dotted = strchr(name, '.') != NULL;
	bool maybe_own = !dotted || strchr("emw", *name);
	*r = (struct resolved){.name = name, .source = SOURCE_CONSTANT};
	if (resolve_let(names, r))
		return true;
	if (!dotted && resolve_series(names, r))
		return true;
	if (maybe_own && own_name_value(names->situation, load, name, &r->value))
		return true;
	if (has_plan_prefix(name))
		return resolve_plan(load->workload, r);
	if (!strcmp(name, loopback_name))
		r->value = instance_loopback(names);
	else if (!strcmp(name, binds_name))
		r->value = value_bool(names->binds);
	else if (!strcmp(name, loads_key))
		r->value = value_number((double)names_loads(names), UNIT_COUNT);
	else
		r->value = resolve_fact(names, name);
	return true;
}

/* The place of a name in the table: its own, or the free one where it belongs. */
static unsigned char *names_place(struct names *names, const char *name)
{
	size_t at = (uintptr_t)name / 16;
	for (;; at++) {
		unsigned char *place = &names->table[at % NAMES_TABLE];
		if (!*place || names->cache[*place - 1].name == name)
			return place;
	}
}

static struct resolved *names_find(struct names *names, const char *name)
{
	const unsigned char *known = names_place(names, name);
	if (*known)
		return &names->cache[*known - 1];
	struct resolved fresh;
	if (!resolve_name(names, name, &fresh)) /* may find other names */
		return NULL;
	if (names->cached == NAMES_MAX) {
		names->uncached = fresh;
		return &names->uncached;
	}
	names->cache = arena_grow(names->situation->arena,
			names->cache,
			names->cached,
			&names->cache_capacity,
			sizeof *names->cache);
	names->cache[names->cached++] = fresh;
	unsigned char *free_place = names_place(names, name);
	*free_place = (unsigned char)names->cached;
	return &names->cache[names->cached - 1];
}

/* A let: evaluated with only the lets before it in sight. One that does not vary becomes a
 * constant. */
static struct value let_value(struct names *names, const char *name, size_t index)
{
	size_t visible = names->lets_visible;
	bool varies = names->varies;
	struct expr_env env = names_env(names);
	names->lets_visible = index;
	names->varies = false;
	struct value value = expr_eval(names->rule->lets[index].expr, &env);
	names->lets_visible = visible;
	const unsigned char *known = names_place(names, name);
	if (!names->varies && *known) {
		names->cache[*known - 1].source = SOURCE_CONSTANT;
		names->cache[*known - 1].value = value;
	}
	names->varies |= varies;
	return value;
}

static bool names_lookup(void *context, const char *name, struct value *ret_value)
{
	struct names *names = context;
	const struct resolved *r = names_find(names, name);
	if (!r)
		return false;
	switch (r->source) {
	case SOURCE_CONSTANT:
		*ret_value = r->value;
		return true;
	case SOURCE_SCALED:
		names->varies = true;
		*ret_value = value_number(r->value.number * names->scale, r->value.unit);
		return true;
	case SOURCE_SERIES:
		names->varies = true;
		*ret_value = value_number(series_at(r->series, names->scale, names->moment), r->value.unit);
		return true;
	case SOURCE_LET:
		*ret_value = let_value(names, name, r->let);
		return true;
	}
	return false;
}

static void note_window(struct names *names, double seconds)
{
	if (names->part_count > 0)
		names = names->parts[0];
	for (size_t i = 0; i < names->window_count; i++)
		if (names->windows[i] == seconds)
			return;
	if (names->window_count < WINDOWS_MAX && isfinite(seconds))
		names->windows[names->window_count++] = seconds;
}

/* A series that last() can sum up; NULL: it is none. */
static struct plan_series *rate_named(struct names *names, const char *name)
{
	const struct resolved *r = names_find(names, name);
	if (!r || r->source != SOURCE_SERIES || r->series->kind == SERIES_LIVE)
		return NULL;
	return r->series;
}

/* What of this series the kernel keeps is asked for from now on. */
static void note_kept(struct names *names, struct plan_series *series, double seconds)
{
	for (size_t i = 0; i < names->kept_count; i++)
		if (names->kept[i].series == series)
			return;
	if (names->kept_count < KEPT_MAX)
		names->kept[names->kept_count++] = (struct kept){series, seconds};
}

/* All that loads of the instance close, as if everything were kept. */
static double kept_of_all(const struct names *whole)
{
	double sum = 0;
	for (size_t i = 0; i < whole->part_count; i++) {
		const struct names *part = whole->parts[i];
		for (size_t k = 0; k < part->kept_count; k++) {
			const struct kept *kept = &part->kept[k];
			sum += series_all(kept->series, part->scale, part->moment, kept->seconds);
		}
	}
	return sum;
}

/* How much of a series happened in the last seconds. Of what is kept each load has its share. */
static double last_of(struct names *names, struct plan_series *series, double seconds)
{
	struct names *whole = whole_of(names);
	double sum = series_last(series, names->scale, names->moment, seconds);
	if (series->kept && whole->alike) {
		note_kept(names, series, seconds);
		double own = series_all(series, names->scale, names->moment, seconds);
		double all = kept_of_all(whole);
		if (all >= series->most && all > 0)
			sum = own * (series->most / all);
		whole->capped |= all >= series->most;
	} else if (sum >= series->most) {
		whole->capped = true;
	}
	return sum;
}

static bool integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	struct names *names = context;
	struct plan_series *series = rate_named(names, rate);
	if (!series)
		return false;
	names->varies = true;
	note_window(names, seconds);
	*ret_sum = last_of(names, series, seconds);
	double steady = seconds * series_at(series, names->scale, names->moment);
	*ret_steady = fabs(*ret_sum - steady) <= 1e-9 * fmax(1, *ret_sum);
	return true;
}

struct names *names_of_load(const struct situation *situation,
		const struct load *load,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode)
{
	struct names *names = arena_alloc(situation->arena, sizeof *names);
	names->situation = situation;
	names->load = load;
	names->rule = rule;
	names->instance = instance;
	names->mode = mode;
	names->scale = 1;
	names->moment.t = INFINITY;
	if (rule)
		names->lets_visible = rule->let_count;
	return names;
}

struct names *names_new(const struct situation *situation,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode)
{
	return names_of_load(situation, &situation->loads[0], rule, instance, mode);
}

static void add_part(struct names *names,
		const struct member *member,
		const struct instance *instance)
{
	struct names *part;
	part = names_of_load(names->situation, member->load, names->rule, member->name, names->mode);
	part->whole = names;
	part->binds = instance->binds;
	names->parts[names->part_count++] = part;
}

struct names *names_of(const struct situation *situation,
		const struct limit_rule *rule,
		const struct instance *instance,
		enum missing_mode mode)
{
	const struct member *first = &instance->members[0];
	struct names *names = names_of_load(situation, first->load, rule, first->name, mode);
	names->binds = instance->binds;
	if (instance->member_count == 1)
		return names;
	names->parts = arena_alloc(situation->arena, instance->member_count * sizeof(struct names *));
	for (size_t i = 0; i < instance->member_count; i++)
		add_part(names, &instance->members[i], instance);
	names->alike = instance->alike;
	return names;
}

static bool part_env(void *context, size_t i, struct expr_env *ret_part)
{
	struct names *names = context;
	names->varies = true;
	if (i >= names->part_count)
		return false;
	*ret_part = names_env(names->parts[i]);
	return true;
}

struct expr_env names_env(struct names *names)
{
	struct expr_env env = {.lookup = names_lookup, .integrate = integrate, .context = names};
	if (names->part_count > 0)
		env.part = part_env;
	return env;
}

bool names_may_hold(struct names *names, const struct expr *condition)
{
	const struct expr_env env = names_env(names);
	const struct value value = expr_eval(condition, &env);
	return value.kind != VALUE_BOOL || value.number != 0;
}

void names_move(struct names *names, double scale, struct moment moment)
{
	names->scale = scale;
	names->moment = moment;
	names->capped = false;
	for (size_t i = 0; i < names->part_count; i++)
		names_move(names->parts[i], scale, moment);
}

bool names_capped(const struct names *names)
{
	return names->capped;
}

bool names_may_cap(const struct names *names)
{
	return names->may_cap;
}

static bool affine_constant(void *context, const struct expr *part, struct value *ret_value)
{
	struct names *names = context;
	struct expr_env env = names_env(names);
	names->varies = false;
	*ret_value = expr_eval(part, &env);
	return !names->varies;
}

static bool is_same_atom(const struct atom *a, const struct plan_series *series, double seconds)
{
	bool now = isnan(a->seconds) && isnan(seconds);
	return a->series == series && (now || a->seconds == seconds);
}

/* One of this atom; false: there are too many. */
static bool affine_atom(struct names *names,
		struct plan_series *series,
		double seconds,
		struct affine *ret)
{
	struct names *whole = whole_of(names);
	int i = 1;
	while (i < whole->atom_count && !is_same_atom(&whole->atoms[i], series, seconds))
		i++;
	if (i == AFFINE_ATOMS)
		return false;
	if (i >= whole->atom_count) {
		whole->atoms[i] = (struct atom){names, series, seconds};
		whole->atom_count = i + 1;
	}
	*ret = (struct affine){0};
	ret->factors[i] = 1;
	return true;
}

static bool affine_let(struct names *names, size_t index, struct affine *ret)
{
	size_t visible = names->lets_visible;
	names->lets_visible = index;
	bool good = names_affine(names, names->rule->lets[index].expr, ret);
	names->lets_visible = visible;
	return good;
}

static bool affine_name(void *context, const char *name, struct affine *ret)
{
	struct names *names = context;
	const struct resolved *r = names_find(names, name);
	if (!r)
		return false;
	switch (r->source) {
	case SOURCE_SCALED:
		*ret = (struct affine){.factors = {r->value.number}};
		return true;
	case SOURCE_SERIES:
		return affine_atom(names, r->series, (double)NAN, ret);
	case SOURCE_LET:
		return affine_let(names, r->let, ret);
	case SOURCE_CONSTANT:
		break;
	}
	return false;
}

static bool affine_last(void *context, const char *rate, double seconds, struct affine *ret)
{
	struct names *names = context;
	struct plan_series *series = rate_named(names, rate);
	if (!series)
		return false;
	note_window(names, seconds);
	if (series->kept && whole_of(names)->alike)
		note_kept(names, series, seconds);
	return affine_atom(names, series, seconds, ret);
}

static bool affine_part(void *context, size_t i, struct affine_env *ret_part);

static struct affine_env affine_env_of(struct names *names)
{
	struct affine_env env = {
			.constant = affine_constant,
			.name = affine_name,
			.last = affine_last,
			.context = names,
	};
	if (names->part_count > 0)
		env.part = affine_part;
	return env;
}

static bool affine_part(void *context, size_t i, struct affine_env *ret_part)
{
	struct names *names = context;
	if (i >= names->part_count)
		return false;
	*ret_part = affine_env_of(names->parts[i]);
	return true;
}

bool names_affine(struct names *names, const struct expr *expr, struct affine *ret_affine)
{
	const struct affine_env env = affine_env_of(names);
	return expr_affine(expr, &env, ret_affine);
}

static double atom_value(struct names *names, const struct atom *atom)
{
	struct plan_series *series = atom->series;
	if (isnan(atom->seconds))
		return series_at(series, names->scale, names->moment);
	return last_of(atom->of, series, atom->seconds);
}

double names_sum(struct names *names, const struct affine *affine)
{
	double sum = affine->constant + affine->factors[0] * names->scale;
	for (int i = 1; i < names->atom_count; i++) {
		if (affine->factors[i] != 0)
			sum += affine->factors[i] * atom_value(names, &names->atoms[i]);
	}
	return sum;
}

const struct plan_series *names_atom(const struct names *names, int i, double *ret_seconds)
{
	if (i >= names->atom_count)
		return NULL;
	*ret_seconds = names->atoms[i].seconds;
	return names->atoms[i].series;
}

void names_carry_slack(struct names *names)
{
	names->slack = true;
	for (size_t i = 0; i < names->part_count; i++)
		names_carry_slack(names->parts[i]);
}

void names_keep_all(struct names *names)
{
	names->keeps_all = true;
	for (size_t i = 0; i < names->part_count; i++)
		names_keep_all(names->parts[i]);
}

/* A load's own names. */
static const struct names *of_load(const struct names *names, size_t i)
{
	if (names->part_count == 0)
		return names;
	return names->parts[i];
}

size_t names_loads(const struct names *names)
{
	if (names->part_count == 0)
		return 1;
	return names->part_count;
}

const struct load *names_load(const struct names *names, size_t i)
{
	return of_load(names, i)->load;
}

const double *names_windows(const struct names *names, size_t i, size_t *ret_count)
{
	const struct names *own = of_load(names, i);
	*ret_count = own->window_count;
	return own->windows;
}

const struct name_list *names_used(const struct names *names)
{
	return &names->used;
}

const struct name_list *names_missing(const struct names *names)
{
	return &names->missing;
}

static bool names_plan_unit(const char *name, enum unit *ret_unit)
{
	int field = names_plan_field(name + strlen(plan_prefix));
	if (field < 0)
		return false;
	enum field_kind kind = workload_rows[field].kind;
	*ret_unit = workload_rows[field].unit;
	if (kind == FIELD_CHOICE || kind == FIELD_NOFILE)
		*ret_unit = UNIT_TEXT;
	return true;
}

bool names_type(void *context, const char *name, enum unit *ret_unit)
{
	const struct names_scope *scope = context;
	for (size_t i = 0; i < scope->let_count; i++) {
		if (strcmp(name, scope->lets[i].name) != 0)
			continue;
		*ret_unit = scope->let_units[i];
		return true;
	}
	if (series_unit(name, ret_unit))
		return true;
	if (own_name_unit(name, ret_unit))
		return true;
	if (!strcmp(name, loopback_name) || !strcmp(name, binds_name)) {
		*ret_unit = UNIT_BOOL;
		return true;
	}
	if (!strcmp(name, loads_key)) {
		*ret_unit = UNIT_COUNT;
		return true;
	}
	if (has_plan_prefix(name))
		return names_plan_unit(name, ret_unit);
	return derive_type(name, ret_unit) || pools_type(name, ret_unit) ||
			queues_type(name, ret_unit) || scope->fact_type(scope->fact_context, name, ret_unit);
}

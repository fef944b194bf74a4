/* Builds a situation and resolves names. Names are resolved once per judgement and cached by
 * address, since a limit is evaluated some hundred times while its highest safe scale is sought. */
#include "model/situation.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/derive.h"

/* Names of one limit's formulas, counted per occurrence, and the hash table over them; what is
 * beyond is resolved anew each time. */
enum {
	NAMES_MAX = 96,
	NAMES_TABLE = 256
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
	struct value value; /* SOURCE_CONSTANT, SOURCE_SCALED (at scale 1) */
	const struct timeline *timeline;
	enum timeline_series series;
	double factor; /* SOURCE_SERIES: times this */
	size_t let;    /* SOURCE_LET: index */
};

struct names {
	const struct situation *situation;
	const struct limit_rule *rule;
	const char *instance;
	enum missing_mode mode;
	double scale, t;
	size_t lets_visible;
	bool varies; /* something that depends on scale or time was looked up */
	struct resolved *cache;
	size_t cached, cache_capacity;
	unsigned char table[NAMES_TABLE]; /* index in cache + 1, by the name's address; 0: free */
	struct resolved uncached;         /* where NAMES_MAX did not suffice */
	struct name_list used, missing;
};

struct series_name {
	const char *name;
	bool up;
	enum timeline_series series;
	bool here;
	enum unit unit;
};

static const struct series_name series_names[] = {
		{"live", false, SERIES_LIVE, false, UNIT_COUNT},
		{"opens", false, SERIES_OPENS, false, UNIT_PER_S},
		{"closes", false, SERIES_CLOSES, false, UNIT_PER_S},
		{"closes_here",
				false,
				SERIES_CLOSES,
				true,
				UNIT_PER_S}, /* those this side starts: they leave TIME_WAIT here */
		{"upstream_live", true, SERIES_LIVE, false, UNIT_COUNT},
		{"upstream_opens", true, SERIES_OPENS, false, UNIT_PER_S},
		{"upstream_closes", true, SERIES_CLOSES, false, UNIT_PER_S},
		{"upstream_closes_here", true, SERIES_CLOSES, true, UNIT_PER_S},
};

static const struct series_name *series_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(series_names); i++)
		if (!strcmp(name, series_names[i].name))
			return &series_names[i];
	return NULL;
}

static struct value situation_fact_value(const struct fact *fact, const char *name)
{
	if (!fact || fact->status != FACT_KNOWN)
		return value_unknown(name);
	if (fact->unit == UNIT_TEXT)
		return value_text(fact->text);
	if (fact->unit == UNIT_BOOL)
		return value_bool(fact->number != 0);
	return value_number(fact->number, fact->unit);
}

static struct value workload_value_of(const struct workload_row *row,
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

static int workload_field_named(const char *name)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++)
		if (*name == *workload_rows[i].name && !strcmp(name, workload_rows[i].name))
			return i;
	return -1;
}

/* "measured.entries_per_connection": unknown until a comparable measurement of it is given. */
static struct value measured_value(const struct model_options *options, const char *name)
{
	for (size_t i = 0; i < options->measurement_count; i++) {
		const struct measurement *m = &options->measurements[i];
		if (m->comparable && m->quantity && !isnan(m->measured) && !strcmp(m->quantity, name + 9))
			return value_number(m->measured,
					strcmp(m->quantity, "connection_bytes") ? UNIT_COUNT : UNIT_BYTES);
	}
	return value_unknown(name);
}

/* Names of the model itself, beside facts, the plan and lets. */
static bool special(const struct situation *s, const char *name, struct value *ret)
{
	const struct workload_value *nofile = &s->workload->values[W_NOFILE];
	if (!strcmp(name, "to_loopback"))
		*ret = value_bool(workload_to_loopback(s->workload));
	else if (!strcmp(name, "staged"))
		*ret = value_bool(s->down.staged);
	else if (!strncmp(name, "measured.", 9))
		*ret = measured_value(s->options, name);
	else if (!strcmp(name, "planning_constants"))
		*ret = value_bool(s->options->planning_constants);
	else if (!strcmp(name, "egress.given"))
		*ret = value_bool(s->egress != NULL);
	else if (!strcmp(name, "egress.ips"))
		*ret = s->egress ? value_number(s->egress_ips, UNIT_COUNT) : value_unknown(name);
	else if (!strcmp(name, "egress.ports"))
		*ret = !s->egress
				? value_unknown(name)
				: value_number(isnan(s->egress->ports) ? s->egress->ports_per_ip * s->egress_ips
													   : s->egress->ports,
						  UNIT_COUNT);
	else if (!strcmp(name, "egress.hold_s"))
		*ret = s->egress ? value_number(s->egress->hold_s, UNIT_SECONDS) : value_unknown(name);
	else if (!strcmp(name, "workload.nofile_count"))
		*ret = nofile->set && !nofile->text ? value_number(nofile->number, UNIT_COUNT)
											: value_unknown(name);
	else if (!strcmp(name, "target_utilization"))
		*ret = value_number(s->options->target, UNIT_RATIO);
	else
		return false;
	return true;
}

static bool instance_name(const char *name)
{
	return !strncmp(name, "listener.", 9) || !strncmp(name, "beam.", 5) ||
			!strncmp(name, "destination.", 12);
}

/* A fact that is absent, where the rule says what absence means. */
static const struct rule_absent *absent_rule(const struct names *names, const char *name)
{
	for (size_t i = 0; names->rule && i < names->rule->absent_count; i++)
		if (!strcmp(names->rule->absents[i].fact, name))
			return &names->rule->absents[i];
	return NULL;
}

static const struct expr *bound_of(const struct names *names, const char *name)
{
	if (!names->rule || names->mode == MISSING_UNKNOWN)
		return NULL;
	for (size_t i = 0; i < names->rule->bound_count; i++) {
		const struct rule_bound *bound = &names->rule->bounds[i];
		if (!strcmp(bound->fact, name))
			return names->mode == MISSING_WORST || (bound->assume_worst && bound->worst)
					? bound->worst
					: bound->best;
	}
	return NULL;
}

static struct value resolve_fact(struct names *names, const char *name)
{
	const struct situation *s = names->situation;
	const struct fact *fact = facts_get(s->facts, name, instance_name(name) ? names->instance : "");
	struct value value = situation_fact_value(fact, name);
	name_list_add_once(s->arena, &names->used, name);
	if (value.kind != VALUE_UNKNOWN)
		return value;
	if (!fact || fact->status == FACT_ABSENT) {
		const struct rule_absent *absent = absent_rule(names, name);
		struct expr_env env = names_env(names);
		if (absent && absent->value)
			return expr_eval(absent->value, &env);
	}
	if (instance_name(name))
		return value; /* known() asks for these */
	name_list_add_once(s->arena, &names->missing, name);
	const struct expr *bound = bound_of(names, name);
	struct expr_env env = names_env(names);
	return bound ? expr_eval(bound, &env) : value;
}

static bool situation_resolve(struct names *names, const char *name, struct resolved *r)
{
	const struct situation *s = names->situation;
	bool dotted = strchr(name, '.') !=
			NULL; /* no series is; most names are: facts and the plan's fields */
	const struct series_name *series = dotted ? NULL : series_find(name);
	*r = (struct resolved){.name = name, .source = SOURCE_CONSTANT};
	for (size_t i = 0; names->rule && i < names->lets_visible; i++)
		if (!strcmp(names->rule->lets[i].name, name)) {
			r->source = SOURCE_LET;
			r->let = i;
			return true;
		}
	if (series) {
		r->source = SOURCE_SERIES;
		r->timeline = series->up ? &s->up : &s->down;
		r->series = series->series;
		r->factor = series->here ? series->up ? s->up_share_here : s->share_here : 1;
		r->value.unit = series->unit;
		return true;
	}
	bool may_be_special = !dotted ||
			strchr("emw", *name); /* egress. measured. workload.nofile_count */
	if (may_be_special && special(s, name, &r->value))
		return true;
	if (!strncmp(name, "workload.", 9)) {
		int field = workload_field_named(name + 9);
		if (field < 0)
			return false;
		r->value = workload_value_of(&workload_rows[field], &s->workload->values[field], name);
		r->source = workload_rows[field].scaled && r->value.kind == VALUE_NUMBER ? SOURCE_SCALED
																				 : SOURCE_CONSTANT;
		return true;
	}
	r->value = resolve_fact(names, name);
	return true;
}

/* The place of a name in the table: its own, or the free one where it belongs. */
static unsigned char *situation_place(struct names *names, const char *name)
{
	size_t at = (uintptr_t)name / 16;
	for (;; at++) {
		unsigned char *place = &names->table[at % NAMES_TABLE];
		if (!*place || names->cache[*place - 1].name == name)
			return place;
	}
}

static struct resolved *situation_find(struct names *names, const char *name)
{
	const unsigned char *known = situation_place(names, name);
	if (*known)
		return &names->cache[*known - 1];
	struct resolved fresh;
	if (!situation_resolve(names, name, &fresh)) /* may find other names */
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
	unsigned char *free_place = situation_place(names, name);
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
	const unsigned char *known = situation_place(names, name);
	if (!names->varies && *known) {
		names->cache[*known - 1].source = SOURCE_CONSTANT;
		names->cache[*known - 1].value = value;
	}
	names->varies |= varies;
	return value;
}

static bool situation_lookup(void *context, const char *name, struct value *ret_value)
{
	struct names *names = context;
	const struct resolved *r = situation_find(names, name);
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
		*ret_value = value_number(timeline_at(r->timeline, r->series, names->t) * r->factor *
						names->scale,
				r->value.unit);
		return true;
	case SOURCE_LET:
		*ret_value = let_value(names, name, r->let);
		return true;
	}
	return false;
}

static bool integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	struct names *names = context;
	const struct resolved *r = situation_find(names, rate);
	if (!r || r->source != SOURCE_SERIES || r->series == SERIES_LIVE)
		return false;
	names->varies = true;
	*ret_sum = timeline_last(r->timeline, r->series, names->t, seconds, ret_steady) * r->factor *
			names->scale;
	return true;
}

struct names *names_new(const struct situation *situation,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode)
{
	struct names *names = arena_alloc(situation->arena, sizeof *names);
	names->situation = situation;
	names->rule = rule;
	names->instance = instance;
	names->mode = mode;
	names->scale = 1;
	names->t = INFINITY;
	names->lets_visible = rule ? rule->let_count : 0;
	return names;
}

struct expr_env names_env(struct names *names)
{
	return (struct expr_env){situation_lookup, integrate, names};
}

void names_move(struct names *names, double scale, double t)
{
	names->scale = scale;
	names->t = t;
}

const struct name_list *names_used(const struct names *names)
{
	return &names->used;
}

const struct name_list *names_missing(const struct names *names)
{
	return &names->missing;
}

bool names_type(void *context, const char *name, enum unit *ret_unit)
{
	static const struct {
		const char *name;
		enum unit unit;
	} specials[] = {{"to_loopback", UNIT_BOOL},
			{"staged", UNIT_BOOL},
			{"planning_constants", UNIT_BOOL},
			{"egress.given", UNIT_BOOL},
			{"egress.ips", UNIT_COUNT},
			{"egress.ports", UNIT_COUNT},
			{"egress.hold_s", UNIT_SECONDS},
			{"workload.nofile_count", UNIT_COUNT},
			{"target_utilization", UNIT_RATIO},
			{"measured.entries_per_connection", UNIT_COUNT},
			{"measured.connection_bytes", UNIT_BYTES}};
	const struct names_scope *scope = context;
	for (size_t i = 0; i < scope->let_count; i++)
		if (!strcmp(name, scope->lets[i].name)) {
			*ret_unit = scope->let_units[i];
			return true;
		}
	const struct series_name *series = series_find(name);
	if (series) {
		*ret_unit = series->unit;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(specials); i++)
		if (!strcmp(name, specials[i].name)) {
			*ret_unit = specials[i].unit;
			return true;
		}
	if (!strncmp(name, "workload.", 9)) {
		int field = workload_field_named(name + 9);
		if (field >= 0) {
			enum field_kind kind = workload_rows[field].kind;
			*ret_unit = kind == FIELD_CHOICE || kind == FIELD_NOFILE ? UNIT_TEXT
																	 : workload_rows[field].unit;
		}
		return field >= 0;
	}
	return derive_type(name, ret_unit) || scope->fact_type(scope->fact_context, name, ret_unit);
}

/* The part of the closes that this side starts. Where the other side only likely closes first, 5%
 * are charged to this side: with ab, hey, wrk and h2load, 0.02% to 2.6% were measured
 * (docs/plans.md). */
static double situation_share_of(const struct situation *s,
		enum workload_field field,
		bool client_side)
{
	const struct workload_value *closer = &s->workload->values[field];
	if (!closer->text || !strcmp(closer->text, "reset"))
		return 0;
	bool here = !strcmp(closer->text, client_side ? "client" : "server");
	if (here)
		return 1;
	bool likely = !closer->assumed && closer->confidence != CONFIDENCE_EXACT;
	return likely ? s->options->pessimistic ? 1 : 0.05 : 0;
}

/* "aws-nat-gateway:ips=2" */
static bool parse_egress(struct situation *s, struct error *err)
{
	const struct workload_value *value = &s->workload->values[W_EGRESS];
	if (!value->set || !value->text || !strcmp(value->text, "none"))
		return true;
	char id[64];
	size_t length = strcspn(value->text, ":");
	if (length >= sizeof id)
		length = sizeof id - 1;
	memcpy(id, value->text, length);
	id[length] = '\0';
	s->egress = rules_egress(s->rules, id);
	if (!s->egress)
		return error_set(err,
				"--egress %.60s: no such provider (headroom rules list shows them)",
				id);
	s->egress_ips = s->egress->default_ips;
	if (!value->text[length])
		return true;
	if (strncmp(value->text + length, ":ips=", 5))
		return error_set(err,
				"--egress %.60s: after the provider only :ips=N is understood",
				value->text);
	if (!unit_parse(value->text + length + 5, UNIT_COUNT, &s->egress_ips, err))
		return false;
	if (s->egress_ips < 1 || (s->egress->max_ips > 0 && s->egress_ips > s->egress->max_ips))
		return error_set(err, "--egress %.60s: 1 to %g addresses", value->text, s->egress->max_ips);
	return true;
}

bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err)
{
	*ret_situation = (struct situation){.arena = arena,
			.rules = rules,
			.facts = facts,
			.workload = workload,
			.options = options};
	struct situation *s = ret_situation;
	const char *role = workload->values[W_ROLE].text;
	s->down = timeline_build(arena, workload, false);
	s->up = !strcmp(role, "proxy") ? timeline_build(arena, workload, true) : s->down;
	bool client_side = !strcmp(role, "client") || !strcmp(role, "both");
	s->share_here = situation_share_of(s, W_CLOSER, client_side);
	s->up_share_here = !strcmp(role, "proxy") ? situation_share_of(s, W_UP_CLOSER, true)
											  : s->share_here;
	return parse_egress(s, err);
}

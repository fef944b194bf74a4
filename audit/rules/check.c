/* The static check of a rule set: no host, no values. Names, dimensions, references, sources, URLs.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit/rules/persistent.h"
#include "audit/rules/rules.h"
#include "base/text.h"
#include "model/load/egress.h"
#include "model/names.h"
#include "model/tool/names.h"
#include "model/watch/observation.h"
#include "model/why/match.h"

#define URL_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/._~%#?=&-"

enum {
	LETS_MAX = 64
};

/* The rule under check, and the names its formulas see. */
struct check {
	const char *kind, *id, *origin;
	struct names_scope scope;
	expr_type_fn type; /* of names; gets the scope */
	enum unit let_units[LETS_MAX];
	struct error *err;
};

static bool complain(const struct check *check, const char *member, const char *what)
{
	return error_set(check->err,
			"%s \"%s\"%s%s%s: %s%s%s",
			check->kind,
			check->id,
			check->origin ? " (" : "",
			check->origin ? check->origin : "",
			check->origin ? ")" : "",
			member,
			*member ? ": " : "",
			what);
}

static struct check check_new(const char *kind,
		const char *id,
		const char *origin,
		expr_type_fn type,
		void *context,
		struct error *err)
{
	struct check check = {.kind = kind, .id = id, .origin = origin, .err = err};
	check.type = names_type;
	check.scope.fact_type = type;
	check.scope.fact_context = context;
	return check;
}

static bool check_unit_of(struct check *check,
		const char *member,
		const struct expr *expr,
		enum unit *ret_unit)
{
	struct error inner = {0};
	check->scope.let_units = check->let_units;
	return expr_check(expr, check->type, &check->scope, ret_unit, &inner) ||
			complain(check, member, inner.text);
}

/* A formula that must be a condition; NULL is fine. */
static bool check_condition(struct check *check, const char *member, const struct expr *expr)
{
	enum unit unit;
	if (!expr)
		return true;
	if (!check_unit_of(check, member, expr, &unit))
		return false;
	if (unit != UNIT_BOOL)
		return complain(check, member, "must be a condition (true or false)");
	return true;
}

/* A formula that must be a quantity like `want`; NULL is fine. */
static bool check_quantity(struct check *check,
		const char *member,
		const struct expr *expr,
		enum unit want)
{
	enum unit unit;
	if (!expr)
		return true;
	if (!check_unit_of(check, member, expr, &unit))
		return false;
	if (expr_fits(expr, unit, want))
		return true;
	char what[120] = "";
	(void)strcat(strcat(strcat(strcat(what, "is in "), unit_name(unit)), ", but must be in "),
			unit_name(want));
	return complain(check, member, what);
}

static bool check_lets(struct check *check, const struct rule_let *lets, size_t count)
{
	check->scope.lets = lets;
	if (count > LETS_MAX)
		return complain(check, "let", "more than 64 names");
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(lets[i].name, lets[j].name) == 0)
				return complain(check, lets[i].name, "defined twice in \"let\"");
		}
		check->scope.let_count = i;
		if (!check_unit_of(check, lets[i].name, lets[i].expr, &check->let_units[i]))
			return false;
	}
	check->scope.let_count = count;
	return true;
}

static bool check_sources(const struct check *check,
		const struct rule_source *sources,
		size_t count,
		bool needed)
{
	if (!count && needed)
		return complain(check, "", "it has no \"sources\"");
	for (size_t i = 0; i < count; i++) {
		const char *url = sources[i].url;
		if (url && (!text_begins_with(url, "https://") || !url[8] || url[strspn(url, URL_BYTES)]))
			return complain(check,
					"sources",
					"a url must begin with https:// and contain plain URL characters only");
	}
	return true;
}

static bool check_fact(struct check *check,
		const char *member,
		const char *fact,
		enum unit *ret_unit)
{
	enum unit unit;
	if (!ret_unit)
		ret_unit = &unit;
	return names_type(&check->scope, fact, ret_unit) || complain(check, member, "no such fact");
}

static bool check_bounds(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->bound_count; i++) {
		const struct rule_bound *bound = &limit->bounds[i];
		enum unit unit;
		if (!check_fact(check, bound->fact, bound->fact, &unit) ||
				!check_quantity(check, "missing, worst", bound->worst, unit) ||
				!check_quantity(check, "missing, best", bound->best, unit))
			return false;
	}
	return true;
}

static bool check_absents(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->absent_count; i++) {
		const struct rule_absent *absent = &limit->absents[i];
		enum unit unit;
		if (!check_fact(check, absent->fact, absent->fact, &unit) ||
				!check_quantity(check, "absent, value", absent->value, unit))
			return false;
	}
	return true;
}

static bool check_hiddens(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->hidden_count; i++) {
		const struct rule_absent *hidden = &limit->hiddens[i];
		enum unit unit;
		if (!check_fact(check, hidden->fact, hidden->fact, &unit))
			return false;
		if (!hidden->value)
			return complain(check, hidden->fact, "a hidden fact needs a value");
		if (!check_quantity(check, "hidden, value", hidden->value, unit))
			return false;
	}
	return true;
}

/* These formulas may be asked for inside a "let", where the names below it are not in sight: so
 * they may name none. */
static bool check_missing(struct check *check, const struct limit_rule *limit)
{
	size_t lets = check->scope.let_count;
	check->scope.let_count = 0;
	bool good = check_bounds(check, limit) && check_absents(check, limit) &&
			check_hiddens(check, limit);
	check->scope.let_count = lets;
	return good;
}

/* Each is the key of a fact. */
static bool check_keys(struct check *check, const struct rule_text_list *keys)
{
	for (size_t i = 0; i < keys->count; i++) {
		const char *key = keys->items[i];
		if (!check_fact(check, key, key, NULL))
			return false;
	}
	return true;
}

static bool check_references(struct check *check,
		const struct rules *rules,
		const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->fixes.count; i++) {
		if (!rules_fix(rules, limit->fixes.items[i]))
			return complain(check, limit->fixes.items[i], "no fix has this id");
	}
	return check_keys(check, &limit->held) && check_keys(check, &limit->counters);
}

/* In formulas of "observed" the observations come before the other names. */
static bool observed_type(void *context, const char *name, enum unit *ret_unit)
{
	enum observed what = observed_find(name);
	if (what == OBSERVED)
		return names_type(context, name, ret_unit);
	*ret_unit = observed_unit(what);
	return true;
}

static bool check_observed(struct check *check, const struct limit_rule *limit)
{
	check->type = observed_type;
	bool good = check_quantity(check, "observed, used", limit->observed.used, limit->quantity) &&
			check_quantity(check, "observed, own", limit->observed.own, limit->quantity) &&
			check_quantity(check, "observed, capacity", limit->observed.capacity, limit->quantity);
	check->type = names_type;
	return good;
}

/* "{NAME}" is a fact, "{group:NAME}" the control group where it was read. */
static bool check_placeholder(struct check *check, const char *member, const char *name)
{
	static const char group[] = "group:";
	if (!strcmp(name, "instance"))
		return true;
	if (text_begins_with(name, group))
		name += strlen(group);
	return check_fact(check, member, name, NULL);
}

static bool check_placeholders(struct check *check, const char *member, const char *text)
{
	char name[80];
	const char *open = strchr(text, '{');
	while (open) {
		size_t length = strcspn(open + 1, "}");
		if (length >= sizeof name)
			return complain(check, member, "a name in braces is too long");
		memcpy(name, open + 1, length);
		name[length] = '\0';
		if (!check_placeholder(check, member, name))
			return false;
		open = strchr(open + 1, '{');
	}
	return true;
}

static bool check_now_facts(struct check *check, const struct rule_now *now)
{
	if (now->each && !check_fact(check, "now, each", now->each, NULL))
		return false;
	if (now->refused && !check_fact(check, "now, refused", now->refused, NULL))
		return false;
	if (!now->by)
		return true;
	return check_placeholders(check, "now, by", now->by);
}

static bool check_name(struct check *check, const struct rule_name *name)
{
	static const char when[] = "named, when";
	static const char text[] = "named, text";
	if (!check_condition(check, when, name->when))
		return false;
	return check_placeholders(check, text, name->text);
}

static bool check_names(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->name_count; i++) {
		const struct rule_name *name = &limit->names[i];
		bool good = check_name(check, name);
		if (!good)
			return false;
	}
	return true;
}

static bool check_nows(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->now_count; i++) {
		const struct rule_now *now = &limit->nows[i];
		if (!check_condition(check, "now, when", now->when))
			return false;
		if (!check_condition(check, "now, sure", now->sure))
			return false;
		if (!check_quantity(check, "now, used", now->used, limit->quantity))
			return false;
		if (!check_quantity(check, "now, capacity", now->capacity, limit->quantity))
			return false;
		if (!check_now_facts(check, now))
			return false;
	}
	return true;
}

static bool check_quantities(struct check *check, const struct limit_rule *limit)
{
	enum unit unit = limit->quantity;
	return check_quantity(check, "demand", limit->demand, unit) &&
			check_quantity(check, "capacity", limit->capacity, unit) &&
			check_quantity(check, "target", limit->target, UNIT_RATIO) &&
			check_quantity(check, "planning, demand", limit->planning_demand, unit) &&
			check_quantity(check, "strained", limit->strained, unit) &&
			check_quantity(check, "at_least", limit->at_least, unit);
}

static bool check_limit_reasons(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->reason_count; i++) {
		if (!check_condition(check, "otherwise_if, when", limit->reasons[i].when))
			return false;
	}
	return true;
}

/* A word belongs to a name that a formula can have. */
static bool check_limit_words(struct check *check, const struct limit_rule *limit)
{
	for (size_t i = 0; limit->words && limit->words[i]; i += 2) {
		const char *name = limit->words[i];
		enum unit unit;
		check->scope.let_units = check->let_units;
		if (!check->type(&check->scope, name, &unit))
			return complain(check, name, "has a word in \"words\", but is no name");
	}
	return true;
}

static bool check_limit(struct check *check,
		const struct rules *rules,
		const struct limit_rule *limit)
{
	return check_lets(check, limit->lets, limit->let_count) &&
			check_condition(check, "applies", limit->applies) &&
			check_limit_reasons(check, limit) && check_limit_words(check, limit) &&
			check_condition(check, "hard_if", limit->hard_if) && check_quantities(check, limit) &&
			check_observed(check, limit) && check_nows(check, limit) && check_names(check, limit) &&
			check_missing(check, limit) && check_references(check, rules, limit) &&
			check_sources(check, limit->sources, limit->source_count, true);
}

static bool check_persistent(const struct check *check, const struct fix_rule *fix)
{
	char key[PERSISTENT_KEY_MAX];
	char what[PERSISTENT_KEY_MAX + 80];
	if (persistent_fits(fix, key))
		return true;
	(void)snprintf(what,
			sizeof what,
			"sysctl.d sets %s, which is not in \"target\" or \"also\"",
			key);
	return complain(check, "persistent", what);
}

static bool check_fix(struct check *check, const struct fix_rule *fix)
{
	enum unit unit = UNIT_COUNT;
	if (fix->kind == FIX_FACT && !check_fact(check, fix->target, fix->target, &unit))
		return false;
	for (size_t i = 0; i < fix->also.count; i++) {
		const char *also = fix->also.items[i];
		if (!check_fact(check, also, also, NULL))
			return false;
	}
	if (!check_condition(check, "applies", fix->applies))
		return false;
	if (fix->kind == FIX_FACT ? !check_quantity(check, "to", fix->to, unit)
							  : fix->to && !check_unit_of(check, "to", fix->to, &unit))
		return false;
	if (!check_persistent(check, fix))
		return false;
	return check_sources(check, fix->sources, fix->source_count, true);
}

static bool check_myth(struct check *check, const struct myth_rule *myth)
{
	const char *fact = myth->fact;
	if (!check_condition(check, "when", myth->when))
		return false;
	if (fact && !check_fact(check, fact, fact, NULL))
		return false;
	return check_sources(check, myth->sources, myth->source_count, true);
}

static bool check_platform(struct check *check, const struct platform_rule *platform)
{
	return check_condition(check, "applies", platform->applies) &&
			check_lets(check, platform->lets, platform->let_count);
}

/* Cores and hosts are counted by them. */
static bool check_own_rates(struct check *check, const struct tool_rule *tool)
{
	for (size_t i = 0; i < tool->own_rate_count; i++) {
		if (!(tool->own_rates[i].most >= 1))
			return complain(check, "own_rates", "\"most\" must be 1 or more");
	}
	return true;
}

static bool check_tools(const struct rules *rules, struct error *err)
{
	for (size_t i = 0; i < rules->tool_count; i++) {
		const struct tool_rule *tool = &rules->tools[i];
		struct check check = check_new("tool", tool->id, NULL, NULL, NULL, err);
		struct error why = {0};
		const struct tool_results *results = &tool->reading.results;
		bool empty = !tool->client_closes.measured && results->form == FORM_NONE &&
				results->row_count == 0;
		if (!tool_check(&tool->reading, &why))
			return complain(&check, "", why.text);
		if (tool->reading.programs.count > 0)
			empty = false;
		if (empty)
			return complain(&check,
					"client_closes",
					"a tool without \"programs\" and \"results\" needs these figures, otherwise it "
					"says nothing");
		if (!check_own_rates(&check, tool))
			return false;
		if (!check_sources(&check, tool->sources, tool->source_count, true))
			return false;
	}
	return true;
}

static bool check_causes(const struct rules *rules, struct error *err)
{
	for (size_t i = 0; i < rules->cause_count; i++) {
		const struct cause_rule *cause = &rules->causes[i];
		struct check check = check_new("cause", cause->id, NULL, NULL, NULL, err);
		if (rules_limit(rules, cause->id))
			return complain(&check, "id", "a limit also has this id");
		if (!check_sources(&check, cause->sources, cause->source_count, false))
			return false;
	}
	return true;
}

static bool check_programs(const struct rules *rules, struct error *err)
{
	for (size_t i = 0; i < rules->program_count; i++) {
		const struct program_rule *program = &rules->programs[i];
		struct check check = check_new("program", program->id, NULL, NULL, NULL, err);
		if (!check_sources(&check, program->sources, program->source_count, true))
			return false;
	}
	return true;
}

/* Words and texts of logs. */
static bool check_texts(struct arena *arena, const struct rules *rules, struct error *err)
{
	if (rules->word_count > WHY_WORDS_MAX)
		return error_set(err, "more than %d words", WHY_WORDS_MAX);
	for (size_t i = 0; i < rules->word_count; i++) {
		const struct word_rule *word = &rules->words[i];
		struct check check = check_new("word", word->id, NULL, NULL, NULL, err);
		const char *why = why_check_word(arena, word);
		if (why)
			return complain(&check, "", why);
	}
	for (size_t i = 0; i < rules->text_count; i++) {
		const struct text_rule *text = &rules->texts[i];
		struct check check = check_new("text", text->id, NULL, NULL, NULL, err);
		const char *why = why_check_text(arena, rules, text);
		if (why)
			return complain(&check, "", why);
		if (!check_sources(&check, text->sources, text->source_count, false))
			return false;
	}
	return true;
}

static bool check_why(const struct rules *rules, struct error *err)
{
	struct arena *arena = arena_new();
	bool good = check_causes(rules, err) && check_texts(arena, rules, err);
	arena_free(arena);
	return good;
}

/* The rows of a table by the size of the pool come from the smallest to the largest. */
static bool check_egress(struct check *check, const struct egress_rule *egress)
{
	double before = 0, vms, ports;
	for (size_t i = 0; i < egress->ports_by_vms.count; i++) {
		const char *row = egress->ports_by_vms.items[i];
		if (!egress_row(row, &vms, &ports) || vms <= before)
			return complain(check,
					"ports_by_vms",
					"a row is \"MACHINES PORTS\", the smallest pool first");
		before = vms;
	}
	return check_sources(check, egress->sources, egress->source_count, false);
}

bool rules_check(const struct rules *rules, expr_type_fn type, void *context, struct error *err)
{
	struct check check;
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *limit = &rules->limits[i];
		check = check_new("limit", limit->id, limit->origin, type, context, err);
		if (!check_limit(&check, rules, limit))
			return false;
	}
	for (size_t i = 0; i < rules->fix_count; i++) {
		const struct fix_rule *fix = &rules->fixes[i];
		check = check_new("fix", fix->id, NULL, type, context, err);
		if (!check_fix(&check, fix))
			return false;
	}
	for (size_t i = 0; i < rules->myth_count; i++) {
		const struct myth_rule *myth = &rules->myths[i];
		check = check_new("myth", myth->id, NULL, type, context, err);
		if (!check_myth(&check, myth))
			return false;
	}
	for (size_t i = 0; i < rules->egress_count; i++) {
		const struct egress_rule *egress = &rules->egress[i];
		check = check_new("egress", egress->id, NULL, type, context, err);
		if (!check_egress(&check, egress))
			return false;
	}
	for (size_t i = 0; i < rules->platform_count; i++) {
		const struct platform_rule *platform = &rules->platforms[i];
		check = check_new("platform", platform->id, NULL, type, context, err);
		if (!check_platform(&check, platform))
			return false;
	}
	return check_tools(rules, err) && check_programs(rules, err) && check_why(rules, err);
}

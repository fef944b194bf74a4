/* One rule object from JSON, by tables: a row per member. Knows neither files nor the meaning of
 * formulas. */
#include "audit/rules/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* One row per member of a rule object: how it is read, where it goes. */
struct member {
	const char *name;
	bool (*read)(struct reader *reader, const cJSON *value, const struct member *row, void *rule);
	size_t offset; /* of the target in the rule; arrays: of the pointer */
	size_t count;  /* arrays: of the count */
	bool required;
	const char *const *choices; /* NULL-terminated */
};

enum {
	MEMBERS_MAX = 40
};

static void *target_of(void *rule, size_t offset)
{
	return (char *)rule + offset;
}

static bool want_object(struct reader *reader, const cJSON *value, const char *name)
{
	return cJSON_IsObject(value) ||
			json_error(reader->json, value, reader->err, "\"%s\" must be an object {…}", name);
}

static bool want_array(struct reader *reader, const cJSON *value, const char *name)
{
	return cJSON_IsArray(value) ||
			json_error(reader->json, value, reader->err, "\"%s\" must be a list […]", name);
}

static bool read_take_text(struct reader *reader,
		const cJSON *value,
		const char *name,
		const char **ret)
{
	if (!cJSON_IsString(value) || !*value->valuestring)
		return json_error(reader->json,
				value,
				reader->err,
				"\"%s\" must be a text in quotes, not empty",
				name);
	*ret = arena_strdup(reader->arena, value->valuestring);
	return true;
}

/* A formula, or a plain number or truth in its place. */
static bool take_expr(struct reader *reader,
		const cJSON *value,
		const char *name,
		const struct expr **ret)
{
	char number[NUMBER_TEXT_MAX];
	struct error inner = {0};
	const char *text = cJSON_IsString(value) ? value->valuestring
			: cJSON_IsBool(value)            ? (cJSON_IsTrue(value) ? "true" : "false")
			: cJSON_IsNumber(value)          ? text_plain_number(number, value->valuedouble)
											 : NULL;
	if (!text)
		return json_error(reader->json,
				value,
				reader->err,
				"\"%s\" must be a formula in quotes",
				name);
	*ret = expr_parse(reader->arena, text, &inner);
	if (!*ret)
		return json_error(reader->json,
				value,
				reader->err,
				"the formula \"%s\", %s",
				name,
				inner.text);
	return true;
}

static bool read_nothing(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	(void)reader, (void)value, (void)row, (void)rule;
	return true;
}

static bool member_text_of_rule(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	return read_take_text(reader, value, row->name, target_of(rule, row->offset));
}

static bool read_expr(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	return take_expr(reader, value, row->name, target_of(rule, row->offset));
}

static bool read_bool(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	if (!cJSON_IsBool(value))
		return json_error(reader->json,
				value,
				reader->err,
				"\"%s\" must be true or false",
				row->name);
	*(bool *)target_of(rule, row->offset) = cJSON_IsTrue(value);
	return true;
}

static bool member_number_of_rule(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	double number = cJSON_IsNumber(value) ? value->valuedouble : -1;
	if (!(number >= 0))
		return json_error(reader->json,
				value,
				reader->err,
				"\"%s\" must be a number, not negative",
				row->name);
	*(double *)target_of(rule, row->offset) = number;
	return true;
}

/* The index of the text among the choices; -1 with an error that lists them. */
static int choice_of(struct reader *reader, const cJSON *value, const struct member *row)
{
	struct text list = {0};
	for (int i = 0; row->choices[i]; i++) {
		if (cJSON_IsString(value) && strcmp(value->valuestring, row->choices[i]) == 0) {
			text_release(&list);
			return i;
		}
		text_addf(&list, "%s%s", i ? ", " : "", row->choices[i]);
	}
	(void)json_error(reader->json,
			value,
			reader->err,
			"\"%s\" must be one of: %s",
			row->name,
			list.data);
	text_release(&list);
	return -1;
}

/* An enum whose values are the indices of its choices. */
static bool read_choice(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	int choice = choice_of(reader, value, row);
	if (choice >= 0)
		memcpy(target_of(rule, row->offset), &choice, sizeof choice);
	return choice >= 0;
}

static bool member_word(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	int choice = choice_of(reader, value, row);
	if (choice >= 0)
		*(const char **)target_of(rule, row->offset) = row->choices[choice];
	return choice >= 0;
}

static bool read_lets(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	if (!want_object(reader, value, row->name))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(value), i = 0;
	struct rule_let *lets = arena_alloc(reader->arena, count * sizeof *lets);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		const char *name = item->string;
		if (!*name || (*name >= '0' && *name <= '9') || name[strspn(name, RULE_NAME_BYTES "_.")])
			return json_error(reader->json,
					item,
					reader->err,
					"the name \"%.60s\" in \"let\" may hold only a-z, 0-9, _ and dots",
					name);
		lets[i].name = arena_strdup(reader->arena, name);
		if (!take_expr(reader, item, lets[i].name, &lets[i].expr))
			return false;
		i++;
	}
	*(struct rule_let **)target_of(rule, row->offset) = lets;
	*(size_t *)target_of(rule, row->count) = count;
	return true;
}

static bool take_member(struct reader *reader,
		const cJSON *object,
		const char *name,
		const char **ret)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	return !value || read_take_text(reader, value, name, ret);
}

static bool read_sources(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	static const char *const names[] = {"title", "url", NULL};
	if (!want_array(reader, value, row->name))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(value), i = 0;
	struct rule_source *sources = arena_alloc(reader->arena, count * sizeof *sources);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		struct rule_source *source = &sources[i++];
		if (!json_check_members(reader->json, item, names, reader->err) ||
				!take_member(reader, item, "title", &source->title) ||
				!take_member(reader, item, "url", &source->url))
			return false;
		if (!source->title)
			return json_error(reader->json, item, reader->err, "a source needs a \"title\"");
	}
	*(struct rule_source **)target_of(rule, row->offset) = sources;
	*(size_t *)target_of(rule, row->count) = count;
	return true;
}

static bool read_texts(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	if (!want_array(reader, value, row->name))
		return false;
	struct rule_text_list *list = target_of(rule, row->offset);
	list->count = 0;
	list->items = arena_alloc(reader->arena,
			(size_t)cJSON_GetArraySize(value) * sizeof *list->items);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		if (!read_take_text(reader, item, row->name, &list->items[list->count++]))
			return false;
	}
	return true;
}

/* {kind: text, …} as pairs, NULL-terminated. */
static bool read_pairs(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	if (!want_object(reader, value, row->name))
		return false;
	const char **pairs = arena_alloc(reader->arena,
			(2 * (size_t)cJSON_GetArraySize(value) + 1) * sizeof *pairs);
	size_t i = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		pairs[i++] = arena_strdup(reader->arena, item->string);
		if (!read_take_text(reader, item, row->name, &pairs[i++]))
			return false;
	}
	*(const char ***)target_of(rule, row->offset) = pairs;
	return true;
}

static bool take_bound(struct reader *reader, const cJSON *item, struct rule_bound *bound)
{
	static const char *const names[] = {"fact", "worst", "best", "because", "assume", NULL};
	const cJSON *worst = cJSON_GetObjectItemCaseSensitive(item, "worst");
	const cJSON *best = cJSON_GetObjectItemCaseSensitive(item, "best"), *assume;
	if (!json_check_members(reader->json, item, names, reader->err) ||
			!take_member(reader, item, "fact", &bound->fact) ||
			!take_member(reader, item, "because", &bound->because) ||
			(worst && !take_expr(reader, worst, "worst", &bound->worst)) ||
			(best && !take_expr(reader, best, "best", &bound->best)))
		return false;
	assume = cJSON_GetObjectItemCaseSensitive(item, "assume");
	if (assume && (!cJSON_IsString(assume) || strcmp(assume->valuestring, "worst") != 0))
		return json_error(reader->json, assume, reader->err, "\"assume\" can only be \"worst\"");
	bound->assume_worst = assume != NULL;
	if (!bound->fact || !bound->because || (!worst && !best))
		return json_error(reader->json,
				item,
				reader->err,
				"an entry of \"missing\" needs \"fact\", \"because\", and \"worst\" or \"best\"");
	if (assume && !worst)
		return json_error(reader->json,
				item,
				reader->err,
				"\"assume\": \"worst\" needs a \"worst\"");
	return true;
}

static bool member_bounds(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	if (!want_array(reader, value, row->name))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(value), i = 0;
	struct rule_bound *bounds = arena_alloc(reader->arena, count * sizeof *bounds);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		if (!take_bound(reader, item, &bounds[i++]))
			return false;
	}
	*(struct rule_bound **)target_of(rule, row->offset) = bounds;
	*(size_t *)target_of(rule, row->count) = count;
	return true;
}

static bool read_absents(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	static const char *const names[] = {"fact", "value", "because", NULL};
	if (!want_array(reader, value, row->name))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(value), i = 0;
	struct rule_absent *absents = arena_alloc(reader->arena, count * sizeof *absents);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		struct rule_absent *absent = &absents[i++];
		const cJSON *formula = cJSON_GetObjectItemCaseSensitive(item, "value");
		bool none = cJSON_IsString(formula) && strcmp(formula->valuestring, "not-applicable") == 0;
		if (!json_check_members(reader->json, item, names, reader->err) ||
				!take_member(reader, item, "fact", &absent->fact) ||
				!take_member(reader, item, "because", &absent->because) ||
				(formula && !none && !take_expr(reader, formula, "value", &absent->value)))
			return false;
		if (!absent->fact || !formula || !absent->because)
			return json_error(reader->json,
					item,
					reader->err,
					"an entry of \"absent\" needs \"fact\", \"value\" and \"because\"");
	}
	*(struct rule_absent **)target_of(rule, row->offset) = absents;
	*(size_t *)target_of(rule, row->count) = count;
	return true;
}

static bool read_planning(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	static const char *const names[] = {"demand", "note", NULL};
	struct limit_rule *limit = rule;
	if (!want_object(reader, value, row->name) ||
			!json_check_members(reader->json, value, names, reader->err) ||
			!take_member(reader, value, "note", &limit->planning_note))
		return false;
	const cJSON *demand = cJSON_GetObjectItemCaseSensitive(value, "demand");
	if (!demand || !limit->planning_note)
		return json_error(reader->json,
				value,
				reader->err,
				"\"planning\" needs \"demand\" and \"note\"");
	return take_expr(reader, demand, "demand", &limit->planning_demand);
}

static bool read_preset(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	((struct workload_preset *)rule)->workload = value;
	return want_object(reader, value, row->name);
}

static bool read_examples(struct reader *reader,
		const cJSON *value,
		const struct member *row,
		void *rule)
{
	static const char *const names[] = {"name", "facts", "workload", "options", "expect", NULL};
	static const char *const objects[] = {"facts", "workload", "options", "expect", NULL};
	(void)rule;
	if (!want_array(reader, value, row->name))
		return false;
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		const char *ignored;
		if (!json_check_members(reader->json, item, names, reader->err) ||
				!take_member(reader, item, "name", &ignored))
			return false;
		for (size_t i = 0; objects[i]; i++) {
			const cJSON *part = cJSON_GetObjectItemCaseSensitive(item, objects[i]);
			if (part && !want_object(reader, part, objects[i]))
				return false;
		}
		if (!cJSON_GetObjectItemCaseSensitive(item, "expect"))
			return json_error(reader->json, item, reader->err, "an example needs \"expect\"");
	}
	return true;
}

#define HEAD(type)                                                          \
	{"kind", read_nothing, 0, 0, true, NULL},                               \
			{"id", member_text_of_rule, offsetof(type, id), 0, true, NULL}, \
	{                                                                       \
		"title", member_text_of_rule, offsetof(type, title), 0, true, NULL  \
	}
#define EXAMPLES                                     \
	{                                                \
		"examples", read_examples, 0, 0, false, NULL \
	}
#define ARRAY(type, name, how, items, count)                                 \
	{                                                                        \
		name, how, offsetof(type, items), offsetof(type, count), false, NULL \
	}
#define SOURCES(type) ARRAY(type, "sources", read_sources, sources, source_count)
#define MEMBER(type, name, field, how, needed)            \
	{                                                     \
		name, how, offsetof(type, field), 0, needed, NULL \
	}
#define CHOICE(type, name, field, how, needed, list)      \
	{                                                     \
		name, how, offsetof(type, field), 0, needed, list \
	}
#define LETS(type) ARRAY(type, "let", read_lets, lets, let_count)

/* In the order of their enums. */
static const char *const quantities[] = {"count", "bytes", "seconds", "per_s", "ratio", NULL};
static const char *const scopes[] =
		{"process", "listener", "destination", "namespace", "host", "shared", "beam", NULL};
static const char *const severities[] = {"hard", "advisory", NULL};
static const char *const consequences[] = {"refuse", "drop", "degrade", NULL};
static const char *const changes[] = {"fact", "workload", "hosts", NULL};
static const char *const roundings[] = {"none", "1000", "pow2", NULL};
static const char *const notes[] = {"note", "warning", NULL};

static const struct member limit_members[] = {
		HEAD(struct limit_rule),
		MEMBER(struct limit_rule, "unit", unit, member_text_of_rule, true),
		CHOICE(struct limit_rule, "quantity", quantity, read_choice, false, quantities),
		CHOICE(struct limit_rule, "scope", scope, read_choice, true, scopes),
		CHOICE(struct limit_rule, "severity", severity, read_choice, true, severities),
		MEMBER(struct limit_rule, "hard_if", hard_if, read_expr, false),
		CHOICE(struct limit_rule, "consequence", consequence, member_word, true, consequences),
		MEMBER(struct limit_rule, "applies", applies, read_expr, true),
		MEMBER(struct limit_rule, "otherwise", otherwise, member_text_of_rule, false),
		LETS(struct limit_rule),
		MEMBER(struct limit_rule, "demand", demand, read_expr, true),
		MEMBER(struct limit_rule, "capacity", capacity, read_expr, true),
		{"planning", read_planning, 0, 0, false, NULL},
		ARRAY(struct limit_rule, "missing", member_bounds, bounds, bound_count),
		ARRAY(struct limit_rule, "absent", read_absents, absents, absent_count),
		MEMBER(struct limit_rule, "why", why, member_text_of_rule, true),
		MEMBER(struct limit_rule, "breaks_as", breaks_as, member_text_of_rule, true),
		MEMBER(struct limit_rule, "error", error_text, member_text_of_rule, false),
		MEMBER(struct limit_rule, "counters", counters, read_texts, false),
		SOURCES(struct limit_rule),
		MEMBER(struct limit_rule, "fixes", fixes, read_texts, false),
		MEMBER(struct limit_rule, "calibrated_by", calibrated_by, member_text_of_rule, false),
		MEMBER(struct limit_rule, "divides", divides, read_bool, false),
		EXAMPLES,
		{0},
};

static const struct member fix_members[] = {
		HEAD(struct fix_rule),
		CHOICE(struct fix_rule, "change", kind, read_choice, true, changes),
		MEMBER(struct fix_rule, "target", target, member_text_of_rule, false),
		MEMBER(struct fix_rule, "also", also, read_texts, false),
		MEMBER(struct fix_rule, "applies", applies, read_expr, false),
		MEMBER(struct fix_rule, "to", to, read_expr, false),
		MEMBER(struct fix_rule, "set", set, read_bool, false),
		MEMBER(struct fix_rule, "lower", lower, read_bool, false),
		CHOICE(struct fix_rule, "round", rounding, read_choice, false, roundings),
		MEMBER(struct fix_rule, "command", command, member_text_of_rule, false),
		MEMBER(struct fix_rule, "persistent", persistent, read_pairs, false),
		MEMBER(struct fix_rule, "restart", restart, member_text_of_rule, false),
		MEMBER(struct fix_rule, "shared_with", shared_with, member_text_of_rule, false),
		MEMBER(struct fix_rule, "undo", undo, member_text_of_rule, false),
		MEMBER(struct fix_rule, "risk", risk, member_text_of_rule, false),
		MEMBER(struct fix_rule, "note", note, member_text_of_rule, false),
		SOURCES(struct fix_rule),
		EXAMPLES,
		{0},
};

static const struct member myth_members[] = {
		HEAD(struct myth_rule),
		MEMBER(struct myth_rule, "when", when, read_expr, true),
		MEMBER(struct myth_rule, "fact", fact, member_text_of_rule, false),
		MEMBER(struct myth_rule, "text", text, member_text_of_rule, true),
		CHOICE(struct myth_rule, "severity", severity, member_word, true, notes),
		SOURCES(struct myth_rule),
		EXAMPLES,
		{0},
};

static const struct member egress_members[] = {
		HEAD(struct egress_rule),
		MEMBER(struct egress_rule, "ports_per_ip", ports_per_ip, member_number_of_rule, false),
		MEMBER(struct egress_rule, "ports", ports, member_number_of_rule, false),
		MEMBER(struct egress_rule, "max_ips", max_ips, member_number_of_rule, false),
		MEMBER(struct egress_rule, "default_ips", default_ips, member_number_of_rule, false),
		MEMBER(struct egress_rule, "hold_s", hold_s, member_number_of_rule, true),
		SOURCES(struct egress_rule),
		EXAMPLES,
		{0},
};

/* The model keeps no sources of platforms and presets: they are read for their form. */
struct platform_file {
	struct platform_rule rule;
	struct rule_source *sources;
	size_t source_count;
};

struct preset_file {
	struct workload_preset preset;
	struct rule_source *sources;
	size_t source_count;
};

static const struct member platform_members[] = {
		HEAD(struct platform_rule),
		MEMBER(struct platform_rule, "applies", applies, read_expr, true),
		LETS(struct platform_rule),
		ARRAY(struct platform_file, "sources", read_sources, sources, source_count),
		EXAMPLES,
		{0},
};

static const struct member workload_members[] = {
		HEAD(struct workload_preset),
		{"workload", read_preset, 0, 0, true, NULL},
		ARRAY(struct preset_file, "sources", read_sources, sources, source_count),
		EXAMPLES,
		{0},
};

static const struct {
	const char *name;
	const struct member *members;
} kinds[RULE_KINDS] = {
		[RULE_LIMIT] = {"limit", limit_members},
		[RULE_FIX] = {"fix", fix_members},
		[RULE_MYTH] = {"myth", myth_members},
		[RULE_EGRESS] = {"egress", egress_members},
		[RULE_PLATFORM] = {"platform", platform_members},
		[RULE_WORKLOAD] = {"workload", workload_members},
};

const char *rule_kind_name(enum rule_kind kind)
{
	return kinds[kind].name;
}

static bool read_members(struct reader *reader,
		const cJSON *object,
		const struct member *members,
		void *rule)
{
	const char *names[MEMBERS_MAX] = {NULL};
	for (size_t i = 0; members[i].name; i++)
		names[i] = members[i].name;
	if (!json_check_members(reader->json, object, names, reader->err))
		return false;
	for (; members->name; members++) {
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, members->name);
		if (!value && members->required)
			return json_error(reader->json,
					object,
					reader->err,
					"the member \"%s\" is missing",
					members->name);
		if (value && !members->read(reader, value, members, rule))
			return false;
	}
	return true;
}

/* What members cannot say one by one. */
static bool check_whole(struct reader *reader,
		const cJSON *object,
		const union any_rule *rule,
		enum rule_kind kind)
{
	const struct egress_rule *egress = &rule->egress;
	const struct fix_rule *fix = &rule->fix;
	if (kind == RULE_EGRESS && isnan(egress->ports_per_ip) && isnan(egress->ports))
		return json_error(reader->json,
				object,
				reader->err,
				"one of \"ports_per_ip\" and \"ports\" is missing");
	if (kind == RULE_FIX && fix->kind != FIX_HOSTS && !fix->target)
		return json_error(reader->json, object, reader->err, "the member \"target\" is missing");
	if (kind == RULE_FIX && fix->set && !fix->to)
		return json_error(reader->json,
				object,
				reader->err,
				"\"set\" needs \"to\", the value to set");
	return true;
}

static void set_defaults(union any_rule *rule, enum rule_kind kind)
{
	if (kind == RULE_LIMIT)
		rule->limit.divides = true;
	if (kind == RULE_EGRESS) {
		rule->egress.ports = NAN;
		rule->egress.ports_per_ip = NAN;
		rule->egress.max_ips = rule->egress.default_ips = 1;
	}
}

bool rule_read_object(struct reader *reader,
		const cJSON *object,
		enum rule_kind *ret_kind,
		union any_rule *ret_rule)
{
	union {
		union any_rule any;
		struct platform_file platform;
		struct preset_file preset;
	} rule;
	memset(&rule, 0, sizeof rule);
	const cJSON *kind = cJSON_GetObjectItemCaseSensitive(object, "kind");
	const cJSON *id_value = cJSON_GetObjectItemCaseSensitive(object, "id");
	const char *id = cJSON_GetStringValue(id_value);
	int which = 0;
	if (!cJSON_IsObject(object))
		return json_error(reader->json, object, reader->err, "a rule must be an object {…}");
	while (which < RULE_KINDS &&
			!(cJSON_IsString(kind) && strcmp(kind->valuestring, kinds[which].name) == 0))
		which++;
	if (which == RULE_KINDS)
		return json_error(reader->json,
				kind ? kind : object,
				reader->err,
				"\"kind\" must be one of: limit, fix, myth, egress, platform, workload");
	if (!id || !*id || id[strspn(id, RULE_NAME_BYTES "-")])
		return json_error(reader->json,
				id_value ? id_value : object,
				reader->err,
				"\"id\" must be a text of the characters a-z, 0-9 and -");
	*ret_kind = (enum rule_kind)which;
	set_defaults(&rule.any, *ret_kind);
	if (!read_members(reader, object, kinds[which].members, &rule) ||
			!check_whole(reader, object, &rule.any, *ret_kind))
		return false;
	*ret_rule = rule.any;
	return true;
}

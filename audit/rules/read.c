/* One rule object from JSON, by tables: a row per member. Knows neither files nor the meaning of
 * formulas. */
#include "audit/rules/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rules/member.h"
#include "audit/rules/named.h"
#include "audit/rules/now.h"
#include "audit/rules/observed.h"
#include "base/text.h"

static void *target_of(void *rule, size_t offset)
{
	return (char *)rule + offset;
}

static bool read_nothing(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	(void)reader, (void)value, (void)row, (void)rule;
	return true;
}

static bool member_text_of_rule(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	return take_text(reader, value, row->name, target_of(rule, row->offset));
}

static bool read_expr(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	return take_expr(reader, value, row->name, target_of(rule, row->offset));
}

static bool read_bool(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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
		const struct rule_member *row,
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
static int choice_of(struct reader *reader, const cJSON *value, const struct rule_member *row)
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
		const struct rule_member *row,
		void *rule)
{
	int choice = choice_of(reader, value, row);
	if (choice >= 0)
		memcpy(target_of(rule, row->offset), &choice, sizeof choice);
	return choice >= 0;
}

static bool member_word(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	int choice = choice_of(reader, value, row);
	if (choice >= 0)
		*(const char **)target_of(rule, row->offset) = row->choices[choice];
	return choice >= 0;
}

static bool read_lets(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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
					"the name \"%.60s\" in \"let\" may contain only a-z, 0-9, _ and dots",
					name);
		lets[i].name = arena_strdup(reader->arena, name);
		if (!take_expr(reader, item, lets[i].name, &lets[i].expr))
			return false;
		i++;
	}
	*(struct rule_let **)target_of(rule, row->offset) = lets;
	*(size_t *)target_of(rule, row->count_offset) = count;
	return true;
}

static bool read_sources(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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
	if (!row->field)
		return true;
	*(struct rule_source **)target_of(rule, row->offset) = sources;
	*(size_t *)target_of(rule, row->count_offset) = count;
	return true;
}

static bool read_texts(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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
		if (!take_text(reader, item, row->name, &list->items[list->count++]))
			return false;
	}
	return true;
}

/* {kind: text, …} as pairs, NULL-terminated. */
static bool read_pairs(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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
		if (!take_text(reader, item, row->name, &pairs[i++]))
			return false;
	}
	*(const char ***)target_of(rule, row->offset) = pairs;
	return true;
}

static bool take_assume(struct reader *reader, const cJSON *item, struct rule_bound *bound)
{
	const cJSON *assume = cJSON_GetObjectItemCaseSensitive(item, "assume");
	const char *text = cJSON_GetStringValue(assume);
	if (!assume)
		return true;
	if (!text || strcmp(text, "worst") != 0)
		return json_error(reader->json, assume, reader->err, "\"assume\" can only be \"worst\"");
	bound->assume_worst = true;
	return true;
}

static bool take_bound(struct reader *reader, const cJSON *item, struct rule_bound *bound)
{
	static const char *const names[] = {"fact", "worst", "best", "because", "assume", NULL};
	if (!json_check_members(reader->json, item, names, reader->err))
		return false;
	if (!take_member(reader, item, "fact", &bound->fact))
		return false;
	if (!take_member(reader, item, "because", &bound->because))
		return false;
	if (!take_expr_member(reader, item, "worst", &bound->worst))
		return false;
	if (!take_expr_member(reader, item, "best", &bound->best))
		return false;
	if (!take_assume(reader, item, bound))
		return false;
	if (!bound->fact || !bound->because || (!bound->worst && !bound->best))
		return json_error(reader->json,
				item,
				reader->err,
				"an entry of \"missing\" needs \"fact\", \"because\", and \"worst\" or \"best\"");
	if (bound->assume_worst && !bound->worst)
		return json_error(reader->json,
				item,
				reader->err,
				"\"assume\": \"worst\" needs a \"worst\"");
	return true;
}

static bool member_bounds(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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
	*(size_t *)target_of(rule, row->count_offset) = count;
	return true;
}

/* "not-applicable" is no value: without the fact there is no such limit. */
static bool take_absent(struct reader *reader,
		const cJSON *item,
		const char *list,
		struct rule_absent *absent)
{
	static const char *const names[] = {"fact", "value", "because", NULL};
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, "value");
	const char *text = cJSON_GetStringValue(value);
	bool none = text && !strcmp(text, "not-applicable");
	if (!json_check_members(reader->json, item, names, reader->err))
		return false;
	if (!take_member(reader, item, "fact", &absent->fact))
		return false;
	if (!take_member(reader, item, "because", &absent->because))
		return false;
	if (!none && !take_expr_member(reader, item, "value", &absent->value))
		return false;
	if (absent->fact && value && absent->because)
		return true;
	return json_error(reader->json,
			item,
			reader->err,
			"an entry of \"%s\" needs \"fact\", \"value\" and \"because\"",
			list);
}

static bool read_absents(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	if (!want_array(reader, value, row->name))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(value), i = 0;
	struct rule_absent *absents = arena_alloc(reader->arena, count * sizeof *absents);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		if (!take_absent(reader, item, row->name, &absents[i++]))
			return false;
	}
	*(struct rule_absent **)target_of(rule, row->offset) = absents;
	*(size_t *)target_of(rule, row->count_offset) = count;
	return true;
}

static bool read_planning(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
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

static bool read_observed(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	(void)row;
	return take_observed(reader, value, rule);
}

static bool read_now(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	(void)row;
	return take_now(reader, value, rule);
}

static bool read_named(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	(void)row;
	return take_named(reader, value, rule);
}

static bool take_share(struct reader *reader, const cJSON *object, const char *name, double *ret)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	double share = -1;
	if (cJSON_IsNumber(value))
		share = value->valuedouble;
	*ret = share;
	if (share >= 0 && share <= 1)
		return true;
	if (!value)
		value = object;
	return json_error(reader->json,
			value,
			reader->err,
			"\"%s\" must be a number from 0 to 1",
			name);
}

static bool read_closes(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	static const char *const names[] = {"usual", "highest", "measured", NULL};
	struct client_closes *closes = target_of(rule, row->offset);
	if (!want_object(reader, value, row->name))
		return false;
	if (!json_check_members(reader->json, value, names, reader->err))
		return false;
	if (!take_share(reader, value, "usual", &closes->usual))
		return false;
	if (!take_share(reader, value, "highest", &closes->highest))
		return false;
	if (!take_member(reader, value, "measured", &closes->measured))
		return false;
	if (closes->measured && closes->usual <= closes->highest)
		return true;
	return json_error(reader->json,
			value,
			reader->err,
			"\"%s\" needs \"measured\", and \"usual\" may not exceed \"highest\"",
			row->name);
}

static bool read_members(struct reader *reader,
		const cJSON *object,
		const struct rule_member *members,
		void *rule);

static bool read_object(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	return want_object(reader, value, row->name) &&
			read_members(reader, value, row->rows, target_of(rule, row->offset));
}

static bool read_rows(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	if (!want_array(reader, value, row->name))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(value), i = 0;
	char *items = arena_alloc(reader->arena, count * row->size);
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		if (!want_object(reader, item, row->name) ||
				!read_members(reader, item, row->rows, items + row->size * i++))
			return false;
	}
	memcpy(target_of(rule, row->offset), &items, sizeof items);
	*(size_t *)target_of(rule, row->count_offset) = count;
	return true;
}

static bool read_preset(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	((struct workload_preset *)rule)->workload = value;
	return want_object(reader, value, row->name);
}

static bool read_examples(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule)
{
	static const char *const names[] = {"name",
			"collected",
			"facts",
			"workload",
			"options",
			"line",
			"url",
			"command",
			"files",
			"written",
			"expect",
			NULL};
	static const char *const objects[] = {"facts", "workload", "options", "files", "expect", NULL};
	(void)rule;
	if (!want_array(reader, value, row->name))
		return false;
	const cJSON *item;
	cJSON_ArrayForEach(item, value) {
		const char *ignored;
		if (!json_check_members(reader->json, item, names, reader->err) ||
				!take_member(reader, item, "name", &ignored) ||
				!take_member(reader, item, "line", &ignored) ||
				!take_member(reader, item, "command", &ignored) ||
				!take_member(reader, item, "written", &ignored) ||
				!take_member(reader, item, "url", &ignored))
			return false;
		for (size_t i = 0; objects[i]; i++) {
			const cJSON *part = cJSON_GetObjectItemCaseSensitive(item, objects[i]);
			if (part && !want_object(reader, part, objects[i]))
				return false;
		}
		if (!cJSON_GetObjectItemCaseSensitive(item, "expect") &&
				!cJSON_GetObjectItemCaseSensitive(item, "line"))
			return json_error(reader->json, item, reader->err, "an example needs \"expect\"");
	}
	return true;
}

static bool (*const member_readers[MEMBER_FORMS])(struct reader *reader,
		const cJSON *value,
		const struct rule_member *row,
		void *rule) = {
		[MEMBER_KIND] = read_nothing,
		[MEMBER_TEXT] = member_text_of_rule,
		[MEMBER_FORMULA] = read_expr,
		[MEMBER_TRUTH] = read_bool,
		[MEMBER_NUMBER] = member_number_of_rule,
		[MEMBER_CHOICE] = read_choice,
		[MEMBER_WORD] = member_word,
		[MEMBER_LETS] = read_lets,
		[MEMBER_SOURCES] = read_sources,
		[MEMBER_TEXTS] = read_texts,
		[MEMBER_PAIRS] = read_pairs,
		[MEMBER_BOUNDS] = member_bounds,
		[MEMBER_ABSENTS] = read_absents,
		[MEMBER_OBSERVED] = read_observed,
		[MEMBER_NOW] = read_now,
		[MEMBER_NAMED] = read_named,
		[MEMBER_PLANNING] = read_planning,
		[MEMBER_CLOSES] = read_closes,
		[MEMBER_ROWS] = read_rows,
		[MEMBER_OBJECT] = read_object,
		[MEMBER_PRESET] = read_preset,
		[MEMBER_EXAMPLES] = read_examples,
};

static bool read_members(struct reader *reader,
		const cJSON *object,
		const struct rule_member *members,
		void *rule)
{
	const char *names[RULE_MEMBERS_MAX] = {NULL};
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
		if (value && !member_readers[members->form](reader, value, members, rule))
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
	bool no_ports = isnan(egress->ports_per_ip) && isnan(egress->ports);
	if (kind == RULE_EGRESS && no_ports && egress->ports_by_vms.count == 0)
		return json_error(reader->json,
				object,
				reader->err,
				"one of \"ports_per_ip\", \"ports\" and \"ports_by_vms\" is missing");
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
		rule->egress.reset_hold_s = rule->egress.idle_s = NAN;
		rule->egress.max_ips = rule->egress.default_ips = 1;
	}
}

bool rule_read_object(struct reader *reader,
		const cJSON *object,
		enum rule_kind *ret_kind,
		union any_rule *ret_rule)
{
	union any_rule rule;
	memset(&rule, 0, sizeof rule);
	const cJSON *kind = cJSON_GetObjectItemCaseSensitive(object, "kind");
	const cJSON *id_value = cJSON_GetObjectItemCaseSensitive(object, "id");
	const char *id = cJSON_GetStringValue(id_value);
	int which = 0;
	if (!cJSON_IsObject(object))
		return json_error(reader->json, object, reader->err, "a rule must be an object {…}");
	while (which < RULE_KINDS &&
			!(cJSON_IsString(kind) &&
					strcmp(kind->valuestring, rule_kind_name((enum rule_kind)which)) == 0))
		which++;
	if (which == RULE_KINDS)
		return json_error(reader->json,
				kind ? kind : object,
				reader->err,
				"\"kind\" must be one of: limit, fix, myth, egress, platform, tool, cause, word, "
				"text, program, workload");
	if (!id || !*id || id[strspn(id, RULE_NAME_BYTES "-")])
		return json_error(reader->json,
				id_value ? id_value : object,
				reader->err,
				"\"id\" must consist of the characters a-z, 0-9 and -");
	*ret_kind = (enum rule_kind)which;
	set_defaults(&rule, *ret_kind);
	if (!read_members(reader, object, rule_kind_members(*ret_kind), &rule) ||
			!check_whole(reader, object, &rule, *ret_kind))
		return false;
	*ret_rule = rule;
	return true;
}

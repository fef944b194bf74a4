/* What can be said of a tool's rule without a command. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "model/expr/node.h"
#include "model/tool/names.h"

enum {
	LETS_MAX = 64,
	OPTIONS_MAX = 400,
	ANSWERS_MAX = 4,
	NAME_MAX_BYTES = 60
};

#define TERM_BYTES "abcdefghijklmnopqrstuvwxyz0123456789_"

struct check {
	const struct tool_reading *reading;
	size_t let_count; /* that are in sight */
	bool settled;     /* the name "kept" is in sight */
	enum unit let_units[LETS_MAX];
	struct error *err;
};

static bool type_of_name(void *context, const char *name, enum unit *ret_unit)
{
	const struct check *check = context;
	const struct tool_name found = tool_name_find(check->reading, name, check->let_count);
	if (found.kind == NAME_LET)
		*ret_unit = check->let_units[found.index];
	else
		*ret_unit = found.unit;
	bool early = found.kind == NAME_OWN && found.index == OWN_KEPT && !check->settled;
	return found.kind != NAME_NONE && found.part != PART_SHOWN && !early;
}

static bool check_formula(struct check *check,
		const char *where,
		const struct expr *expr,
		enum unit *ret_unit)
{
	struct error inner = {0};
	return expr_check(expr, type_of_name, check, ret_unit, &inner) ||
			error_set(check->err, "%.60s: %.400s", where, inner.text);
}

/* NULL is fine. */
static bool check_formula_of(struct check *check,
		const char *where,
		const struct expr *expr,
		enum unit want)
{
	enum unit unit;
	if (!expr)
		return true;
	if (!check_formula(check, where, expr, &unit))
		return false;
	if (expr_fits(expr, unit, want))
		return true;
	return error_set(check->err,
			"%.60s: is in %s, but must be in %s",
			where,
			unit_name(unit),
			unit_name(want));
}

static bool check_text(struct check *check, const char *where, const char *text)
{
	char name[NAME_MAX_BYTES];
	for (const char *open = text; open && (open = strchr(open, '{')); open++) {
		size_t length = strcspn(open + 1, "}");
		if (length >= sizeof name || open[length + 1] != '}')
			return error_set(check->err, "%s: a { without its }", where);
		memcpy(name, open + 1, length);
		name[length] = '\0';
		if (tool_name_find(check->reading, name, check->let_count).kind == NAME_NONE)
			return error_set(check->err, "%s: no such name \"%s\"", where, name);
	}
	return true;
}

/* --- options --- */

struct option_names {
	const char *items[OPTIONS_MAX];
	size_t lengths[OPTIONS_MAX], count;
};

static bool take_option_name(struct check *check,
		struct option_names *names,
		const char *name,
		size_t length)
{
	int shown = NAME_MAX_BYTES;
	if (length < NAME_MAX_BYTES)
		shown = (int)length;
	const struct tool_reading *reading = check->reading;
	const bool has_file = reading->settings || reading->source == SOURCE_SIEGERC;
	if (*name != '-' ? !has_file : length < 2)
		return error_set(check->err, "options: \"%.*s\" must begin with a dash", shown, name);
	for (size_t i = 0; i < names->count; i++) {
		if (names->lengths[i] == length && !memcmp(names->items[i], name, length))
			return error_set(check->err, "options: %.*s is given twice", shown, name);
	}
	if (names->count == OPTIONS_MAX)
		return error_set(check->err, "options: more than %d names", OPTIONS_MAX);
	names->lengths[names->count] = length;
	names->items[names->count++] = name;
	return true;
}

static bool take_option_names(struct check *check, struct option_names *names, const char *text)
{
	for (const char *at = text; at && *at;) {
		at += strspn(at, " ");
		size_t length = strcspn(at, " ");
		if (length > 0 && !take_option_name(check, names, at, length))
			return false;
		at += length;
	}
	return true;
}

static bool check_term(struct check *check, const char *term)
{
	const struct tool_reading *reading = check->reading;
	size_t found = 0;
	if (!*term || term[strspn(term, TERM_BYTES)] || (*term >= '0' && *term <= '9'))
		return error_set(check->err, "term \"%.60s\": only a-z, 0-9 and _", term);
	for (size_t i = 0; i < reading->option_count; i++)
		found += reading->options[i].term && !strcmp(reading->options[i].term, term);
	for (size_t i = 0; i < reading->word_count; i++)
		found += !strcmp(reading->words[i].term, term);
	for (size_t i = 0; i < reading->let_count; i++)
		found += !strcmp(reading->lets[i].name, term);
	if (found > 1)
		return error_set(check->err, "the term \"%.60s\" is defined twice", term);
	const enum name_kind kind = tool_name_find(reading, term, 0).kind;
	if (kind == NAME_OPTION || kind == NAME_WORD)
		return true;
	return error_set(check->err, "the name \"%.60s\" is headroom's own", term);
}

static bool check_option(struct check *check, const struct tool_option *option)
{
	const char *term = option->term;
	if (!term && (option->fallback || option->environment))
		return error_set(check->err, "%.60s: it has a default and no term", option->names);
	if (!term)
		return true;
	if (!check_term(check, term))
		return false;
	return check_formula_of(check, term, option->fallback, tool_takes_unit(option->takes));
}

/* The file of options is named by an option whose value is a text. */
static bool check_settings(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	if (!reading->settings)
		return true;
	const struct tool_name found = tool_name_find(reading, reading->settings, 0);
	bool named = found.kind == NAME_OPTION && found.part == PART_VALUE;
	if (named && reading->options[found.index].takes == TOOL_TEXT)
		return true;
	return error_set(check->err,
			"settings: \"%.60s\" is not an option that takes a text",
			reading->settings);
}

static bool check_terms(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	struct option_names names = {.count = 0};
	for (size_t i = 0; i < reading->option_count; i++) {
		if (!tool_is_next_key(reading, i) &&
				!take_option_names(check, &names, reading->options[i].names))
			return false;
		if (!check_option(check, &reading->options[i]))
			return false;
	}
	for (size_t i = 0; i < reading->word_count; i++) {
		if (!check_term(check, reading->words[i].term))
			return false;
	}
	if (!take_option_names(check, &names, reading->switches))
		return false;
	return take_option_names(check, &names, reading->values);
}

static bool check_let_terms(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	if (reading->let_count > LETS_MAX)
		return error_set(check->err, "let: more than %d names", LETS_MAX);
	for (size_t i = 0; i < reading->let_count; i++) {
		const struct rule_let *let = &reading->lets[i];
		if (tool_name_find(reading, let->name, i).kind != NAME_NONE)
			return error_set(check->err, "let: the name \"%.60s\" is defined already", let->name);
		if (!check_formula(check, let->name, let->expr, &check->let_units[i]))
			return false;
		check->let_count = i + 1;
	}
	return true;
}

/* --- what follows --- */

static bool check_text_rows(const struct tool_text *texts, size_t count, struct check *check)
{
	for (size_t i = 0; i < count; i++) {
		if (!check_formula_of(check,
					"the condition \"when\" of \"errors\" or \"called\"",
					texts[i].when,
					UNIT_BOOL))
			return false;
		if (!check_text(check, "text", texts[i].text))
			return false;
	}
	return true;
}

static bool check_targets(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	for (size_t i = 0; i < reading->target_count; i++) {
		const struct tool_target *to = &reading->targets[i];
		enum name_kind kind = NAME_NONE;
		if (to->url)
			kind = tool_name_find(reading, to->url, 0).kind;
		if (to->url ? kind != NAME_OPTION && kind != NAME_WORD : !to->host || !to->port)
			return error_set(check->err, "to: needs \"url\", a term, or \"host\" and \"port\"");
		if (!check_formula_of(check,
					"the condition \"when\" of an entry of \"to\"",
					to->when,
					UNIT_BOOL))
			return false;
		if (!check_formula_of(check,
					"the text \"host\" of an entry of the list \"to\"",
					to->host,
					UNIT_TEXT))
			return false;
		if (!check_formula_of(check,
					"the number \"port\" of an entry of the list \"to\"",
					to->port,
					UNIT_COUNT))
			return false;
		if (!check_text(check, "to, from", to->from))
			return false;
	}
	return true;
}

static bool check_field(struct check *check, const char *name, enum workload_field *ret_field)
{
	*ret_field = tool_field(name);
	return *ret_field < WORKLOAD_FIELDS ||
			error_set(check->err, "the plan has no field \"%.60s\"", name);
}

static bool is_choice(const char *const *choices, const char *text)
{
	while (choices && *choices && strcmp(*choices, text) != 0)
		choices++;
	return choices && *choices;
}

/* Every text that a formula may come to. */
static bool check_choices(struct check *check,
		const struct tool_row *row,
		const struct workload_row *field)
{
	static const char *const nofile[] = {"soft", "hard", NULL};
	const char *const *choices = field->kind == FIELD_NOFILE ? nofile : field->choices;
	const struct expr *expr = row->value;
	for (int i = 0; i < expr->count; i++) {
		const struct expr_node *node = &expr->nodes[i];
		if (node->op == OP_TEXT && i == expr->root && !is_choice(choices, node->text))
			return error_set(check->err,
					"%.60s: \"%.60s\" is not one of the choices",
					row->field,
					node->text);
	}
	return true;
}

static bool check_row(struct check *check, const struct tool_row *row)
{
	enum workload_field field;
	enum unit unit;
	if (!check_field(check, row->field, &field))
		return false;
	if (!check_formula_of(check,
				"the condition \"when\" of a row of \"plan\"",
				row->when,
				UNIT_BOOL))
		return false;
	if (!check_text(check, row->field, row->from))
		return false;
	if (!check_formula(check, row->field, row->value, &unit))
		return false;
	const struct workload_row *of = &workload_rows[field];
	if (of->kind == FIELD_STAGES || of->kind == FIELD_GROUPS)
		return error_set(check->err, "%s cannot be set by a row", row->field);
	if (of->kind == FIELD_LIST && unit == UNIT_TEXT)
		return true;
	bool choice = of->kind == FIELD_CHOICE || (of->kind == FIELD_NOFILE && unit == UNIT_TEXT);
	if (choice && !check_choices(check, row, of))
		return false;
	if (choice || of->kind == FIELD_TEXT)
		return check_formula_of(check, row->field, row->value, UNIT_TEXT);
	return check_formula_of(check, row->field, row->value, of->unit);
}

static bool check_rows(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	bool counted = reading->programs.count == 0;
	for (size_t i = 0; i < reading->row_count; i++) {
		const struct tool_row *row = &reading->rows[i];
		if (!check_row(check, row))
			return false;
		counted |= !strcmp(row->field, "connections") || !strcmp(row->field, "open_rate_per_s");
	}
	return counted || error_set(check->err, "plan: no row says how many connections there are");
}

static bool check_closing(struct check *check)
{
	const struct tool_closing *closing = &check->reading->closing;
	if (closing->when && !closing->why)
		return error_set(check->err, "per_request: needs \"when\" and \"why\"");
	if (!check_formula_of(check,
				"the condition \"when\" of \"per_request\"",
				closing->when,
				UNIT_BOOL))
		return false;
	if (!check_formula_of(check,
				"the number \"requests\" of \"per_request\"",
				closing->requests,
				UNIT_COUNT))
		return false;
	if (!check_formula_of(check,
				"\"most_opened\" of \"per_request\"",
				closing->most_opened,
				UNIT_COUNT))
		return false;
	if (!check_formula_of(check,
				"the text \"closer\" of \"per_request\"",
				closing->closer,
				UNIT_TEXT))
		return false;
	if (!check_formula_of(check,
				"the condition \"by_client\" of \"per_request\"",
				closing->by_client,
				UNIT_BOOL))
		return false;
	if (!check_text(check, "per_request, why", closing->why))
		return false;
	return check_text(check, "per_request, from", closing->from);
}

static bool check_questions(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	enum workload_field field;
	for (size_t i = 0; i < reading->question_count; i++) {
		const struct tool_question *question = &reading->questions[i];
		if (question->fields.count < 1 || question->fields.count > ANSWERS_MAX)
			return error_set(check->err, "asks: one to %d fields", ANSWERS_MAX);
		for (size_t k = 0; k < question->fields.count; k++) {
			if (!check_field(check, question->fields.items[k], &field))
				return false;
		}
		if (!check_formula_of(check,
					"the condition \"when\" of \"asks\"",
					question->when,
					UNIT_BOOL))
			return false;
		if (!check_text(check, "asks, why", question->why))
			return false;
	}
	return true;
}

static bool check_findings(struct check *check)
{
	const struct tool_reading *reading = check->reading;
	for (size_t i = 0; i < reading->finding_count; i++) {
		const struct tool_finding *finding = &reading->findings[i];
		if (strncmp(finding->id, "plan-", 5) != 0)
			return error_set(check->err, "findings: \"%.60s\": an id is plan-…", finding->id);
		if (!check_formula_of(check,
					"the condition \"when\" of \"findings\"",
					finding->when,
					UNIT_BOOL))
			return false;
		if (!check_text(check, "findings, where", finding->where))
			return false;
		if (!check_text(check, "findings, text", finding->text))
			return false;
	}
	return true;
}

bool tool_check(const struct tool_reading *reading, struct error *err)
{
	struct check check = {.reading = reading, .err = err};
	if (reading->images.count > 0 && reading->programs.count == 0)
		return error_set(err, "\"images\" start a program, and there are no \"programs\"");
	if (!tool_results_check(&reading->results, err))
		return false;
	if (!check_terms(&check))
		return false;
	if (!check_settings(&check))
		return false;
	if (!check_targets(&check))
		return false;
	if (!check_formula_of(&check, "tls", reading->tls, UNIT_BOOL))
		return false;
	if (!check_let_terms(&check))
		return false;
	if (!check_text_rows(reading->names, reading->name_count, &check))
		return false;
	if (!check_text_rows(reading->errors, reading->error_count, &check))
		return false;
	if (!check_closing(&check))
		return false;
	check.settled = true;
	if (!check_rows(&check))
		return false;
	if (!check_questions(&check))
		return false;
	return check_findings(&check);
}

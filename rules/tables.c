/* Build tool: writes the built-in rules as C data (audit/rules/built_in.h), with their formulas
 * parsed. Reads them as headroom reads rule files, by the same tables of members. Runs at build
 * time only; no part of headroom. Usage: tables OUT.c FILE… */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rules/member.h"
#include "audit/rules/read.h"
#include "base/text.h"
#include "model/expr/node.h"

/* What is written: parts first (formulas, lists), each under a number, then one array per kind
 * whose elements refer to them. */
struct tables {
	struct text parts, kinds[RULE_KINDS], items;
	size_t counts[RULE_KINDS], item_count;
	unsigned part; /* the number of the latest part */
	const char *file;
};

/* As a literal of C. What is not plain ASCII is written in octal, "?" as well: two of them could be
 * a trigraph. */
static void tables_put_text(struct text *out, const char *text)
{
	if (!text) {
		text_add(out, "0");
		return;
	}
	text_add(out, "\"");
	for (; *text; text++) {
		bool plain = *text >= ' ' && *text <= '~' && !strchr("\"\\?", *text);
		if (plain)
			text_add_bytes(out, text, 1);
		else
			text_addf(out, "\\%03o", (unsigned)(unsigned char)*text);
	}
	text_add(out, "\"");
}

static void tables_put_number(struct text *out, double number)
{
	if (isnan(number))
		text_add(out, "NAN");
	else if (isinf(number))
		text_add(out, "INFINITY");
	else
		text_addf(out, "%.17g", number);
}

static void tables_put_node(struct text *out, const struct expr_node *node)
{
	text_addf(out, "{%d, %d, %d, %d, ", (int)node->op, node->first, node->next, node->column);
	text_addf(out, "%d, %d, %d, ", node->word, node->literal, (int)node->unit);
	tables_put_number(out, node->number);
	text_add(out, ", ");
	tables_put_text(out, node->text);
	text_add(out, ", ");
	tables_put_text(out, node->suffix);
	text_add(out, "},\n");
}

/* A formula becomes a part; returns its number, 0 for none. */
static unsigned tables_add_formula(struct tables *tables, const struct expr *expr)
{
	if (!expr)
		return 0;
	unsigned part = ++tables->part;
	text_addf(&tables->parts, "static struct expr_node nodes_%u[] = {\n", part);
	for (int i = 0; i < expr->count; i++)
		tables_put_node(&tables->parts, &expr->nodes[i]);
	text_addf(&tables->parts,
			"};\nstatic const struct expr part_%u = {nodes_%u, %d, %d};\n",
			part,
			part,
			expr->count,
			expr->root);
	return part;
}

static void tables_put_formula(struct text *out, unsigned part)
{
	if (part)
		text_addf(out, "&part_%u", part);
	else
		text_add(out, "0");
}

/* The list under construction becomes a part of this type. */
static unsigned tables_add_list(struct tables *tables, const char *type, const struct text *list)
{
	unsigned part = ++tables->part;
	text_addf(&tables->parts, "static %s part_%u[] = {%s};\n", type, part, list->data);
	return part;
}

static unsigned tables_add_texts(struct tables *tables, const char *const *texts, size_t count)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < count; i++) {
		tables_put_text(&list, texts[i]);
		text_add(&list, ", ");
	}
	return tables_add_list(tables, "const char *", &list);
}

static unsigned tables_add_lets(struct tables *tables, const struct rule_let *lets, size_t count)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < count; i++) {
		text_add(&list, "{.name = ");
		tables_put_text(&list, lets[i].name);
		text_add(&list, ", .expr = ");
		tables_put_formula(&list, tables_add_formula(tables, lets[i].expr));
		text_add(&list, "}, ");
	}
	return tables_add_list(tables, "struct rule_let", &list);
}

static unsigned tables_add_sources(struct tables *tables,
		const struct rule_source *sources,
		size_t count)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < count; i++) {
		text_add(&list, "{.title = ");
		tables_put_text(&list, sources[i].title);
		text_add(&list, ", .url = ");
		tables_put_text(&list, sources[i].url);
		text_add(&list, "}, ");
	}
	return tables_add_list(tables, "struct rule_source", &list);
}

static unsigned tables_add_bounds(struct tables *tables,
		const struct rule_bound *bounds,
		size_t count)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < count; i++) {
		text_add(&list, "{.fact = ");
		tables_put_text(&list, bounds[i].fact);
		text_add(&list, ", .worst = ");
		tables_put_formula(&list, tables_add_formula(tables, bounds[i].worst));
		text_add(&list, ", .best = ");
		tables_put_formula(&list, tables_add_formula(tables, bounds[i].best));
		text_add(&list, ", .because = ");
		tables_put_text(&list, bounds[i].because);
		text_addf(&list, ", .assume_worst = %d}, ", bounds[i].assume_worst);
	}
	return tables_add_list(tables, "struct rule_bound", &list);
}

static unsigned tables_add_absents(struct tables *tables,
		const struct rule_absent *absents,
		size_t count)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < count; i++) {
		text_add(&list, "{.fact = ");
		tables_put_text(&list, absents[i].fact);
		text_add(&list, ", .value = ");
		tables_put_formula(&list, tables_add_formula(tables, absents[i].value));
		text_add(&list, ", .because = ");
		tables_put_text(&list, absents[i].because);
		text_add(&list, "}, ");
	}
	return tables_add_list(tables, "struct rule_absent", &list);
}

/* An array of the rule; the number of the part that it becomes. */
static unsigned tables_add_array(struct tables *tables,
		enum member_form form,
		const void *array,
		size_t count)
{
	switch (form) {
	case MEMBER_LETS:
		return tables_add_lets(tables, array, count);
	case MEMBER_SOURCES:
		return tables_add_sources(tables, array, count);
	case MEMBER_BOUNDS:
		return tables_add_bounds(tables, array, count);
	default:
		return tables_add_absents(tables, array, count);
	}
}

static void tables_put_array(struct tables *tables,
		struct text *out,
		const struct rule_member *row,
		const char *rule)
{
	size_t count;
	const void *array;
	memcpy(&count, rule + row->count_offset, sizeof count);
	memcpy(&array, rule + row->offset, sizeof array);
	if (count == 0)
		return;
	unsigned part = tables_add_array(tables, row->form, array, count);
	text_addf(out, ".%s = part_%u, .%s = %zu, ", row->field, part, row->count_field, count);
}

static void tables_put_text_list(struct tables *tables,
		struct text *out,
		const struct rule_member *row,
		const struct rule_text_list *list)
{
	if (list->count == 0)
		return;
	unsigned part = tables_add_texts(tables, list->items, list->count);
	text_addf(out, ".%s = {part_%u, %zu}, ", row->field, part, list->count);
}

/* With the NULL behind the last. */
static void tables_put_pairs(struct tables *tables,
		struct text *out,
		const struct rule_member *row,
		const char *const *pairs)
{
	size_t count = 0;
	if (!pairs)
		return;
	while (pairs[count])
		count++;
	text_addf(out, ".%s = part_%u, ", row->field, tables_add_texts(tables, pairs, count + 1));
}

static void tables_put_planning(struct tables *tables,
		struct text *out,
		const struct limit_rule *limit)
{
	text_add(out, ".planning_demand = ");
	tables_put_formula(out, tables_add_formula(tables, limit->planning_demand));
	text_add(out, ", .planning_note = ");
	tables_put_text(out, limit->planning_note);
	text_add(out, ", ");
}

static void tables_put_observed(struct tables *tables,
		struct text *out,
		const struct rule_observed *observed)
{
	if (!observed->used)
		return;
	text_add(out, ".observed = {.used = ");
	tables_put_formula(out, tables_add_formula(tables, observed->used));
	text_add(out, ", .own = ");
	tables_put_formula(out, tables_add_formula(tables, observed->own));
	text_add(out, ", .capacity = ");
	tables_put_formula(out, tables_add_formula(tables, observed->capacity));
	text_add(out, ", .refused = ");
	tables_put_text(out, observed->refused);
	text_add(out, "}, ");
}

static void tables_put_field(struct text *out, const char *name, unsigned formula)
{
	text_addf(out, ".%s = ", name);
	tables_put_formula(out, formula);
	text_add(out, ", ");
}

static void tables_put_field_text(struct text *out, const char *name, const char *value)
{
	text_addf(out, ".%s = ", name);
	tables_put_text(out, value);
	text_add(out, ", ");
}

static void tables_put_now(struct tables *tables, struct text *out, const struct limit_rule *limit)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < limit->now_count; i++) {
		const struct rule_now *now = &limit->nows[i];
		text_add(&list, "{");
		tables_put_field(&list, "when", tables_add_formula(tables, now->when));
		tables_put_field(&list, "used", tables_add_formula(tables, now->used));
		tables_put_field(&list, "capacity", tables_add_formula(tables, now->capacity));
		tables_put_field(&list, "sure", tables_add_formula(tables, now->sure));
		tables_put_field_text(&list, "each", now->each);
		tables_put_field_text(&list, "refused", now->refused);
		tables_put_field_text(&list, "by", now->by);
		text_add(&list, "}, ");
	}
	tables_put_field_text(out, "now_hidden", limit->now_hidden);
	if (limit->now_count == 0)
		return;
	unsigned part = tables_add_list(tables, "struct rule_now", &list);
	text_addf(out, ".nows = part_%u, .now_count = %zu, ", part, limit->now_count);
}

static void tables_put_names(struct tables *tables,
		struct text *out,
		const struct limit_rule *limit)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	for (size_t i = 0; i < limit->name_count; i++) {
		const struct rule_name *name = &limit->names[i];
		text_add(&list, "{");
		tables_put_field(&list, "when", tables_add_formula(tables, name->when));
		tables_put_field_text(&list, "text", name->text);
		text_add(&list, "}, ");
	}
	if (limit->name_count == 0)
		return;
	unsigned part = tables_add_list(tables, "struct rule_name", &list);
	text_addf(out, ".names = part_%u, .name_count = %zu, ", part, limit->name_count);
}

static void tables_put_closes(struct text *out,
		const struct rule_member *row,
		const struct client_closes *closes)
{
	text_addf(out, ".%s = {", row->field);
	tables_put_number(out, closes->usual);
	text_add(out, ", ");
	tables_put_number(out, closes->highest);
	text_add(out, ", ");
	tables_put_text(out, closes->measured);
	text_add(out, "}, ");
}

static void tables_put_members(struct tables *tables,
		struct text *out,
		const struct rule_member *members,
		const void *rule);

/* A list of structs becomes a part. */
static void tables_put_rows(struct tables *tables,
		struct text *out,
		const struct rule_member *row,
		const char *rule)
{
	__attribute__((cleanup(text_release))) struct text list = {0};
	const char *items;
	size_t count;
	memcpy(&items, rule + row->offset, sizeof items);
	memcpy(&count, rule + row->count_offset, sizeof count);
	for (size_t i = 0; i < count; i++) {
		text_add(&list, "{");
		tables_put_members(tables, &list, row->rows, items + i * row->size);
		text_add(&list, "}, ");
	}
	if (count == 0)
		return;
	unsigned part = tables_add_list(tables, row->type, &list);
	text_addf(out, ".%s = part_%u, .%s = %zu, ", row->field, part, row->count_field, count);
}

/* The simple forms: one value. */
static void tables_put_value(struct tables *tables,
		struct text *out,
		const struct rule_member *row,
		const void *field)
{
	const struct expr *const *formula = field;
	const char *const *text = field;
	text_addf(out, ".%s = ", row->field);
	switch (row->form) {
	case MEMBER_FORMULA:
		tables_put_formula(out, tables_add_formula(tables, *formula));
		break;
	case MEMBER_TRUTH:
		text_addf(out, "%d", *(const bool *)field);
		break;
	case MEMBER_NUMBER:
		tables_put_number(out, *(const double *)field);
		break;
	case MEMBER_CHOICE:
		text_addf(out, "%d", *(const int *)field);
		break;
	default:
		tables_put_text(out, *text);
		break;
	}
	text_add(out, ", ");
}

/* The members that only limits have. */
static void tables_put_of_limit(struct tables *tables,
		struct text *out,
		enum member_form form,
		const struct limit_rule *limit)
{
	if (form == MEMBER_OBSERVED)
		tables_put_observed(tables, out, &limit->observed);
	if (form == MEMBER_NOW)
		tables_put_now(tables, out, limit);
	if (form == MEMBER_NAMED)
		tables_put_names(tables, out, limit);
	if (form == MEMBER_PLANNING)
		tables_put_planning(tables, out, limit);
}

static void tables_put_member(struct tables *tables,
		struct text *out,
		const struct rule_member *row,
		const void *rule)
{
	const char *field = (const char *)rule + row->offset;
	switch (row->form) {
	case MEMBER_TEXT:
	case MEMBER_WORD:
	case MEMBER_FORMULA:
	case MEMBER_TRUTH:
	case MEMBER_NUMBER:
	case MEMBER_CHOICE:
		tables_put_value(tables, out, row, field);
		break;
	case MEMBER_LETS:
	case MEMBER_SOURCES:
	case MEMBER_BOUNDS:
	case MEMBER_ABSENTS:
		if (row->field)
			tables_put_array(tables, out, row, (const char *)rule);
		break;
	case MEMBER_TEXTS:
		tables_put_text_list(tables, out, row, (const void *)field);
		break;
	case MEMBER_PAIRS:
		tables_put_pairs(tables, out, row, *(const char *const *const *)(const void *)field);
		break;
	case MEMBER_OBSERVED:
	case MEMBER_NOW:
	case MEMBER_NAMED:
	case MEMBER_PLANNING:
		tables_put_of_limit(tables, out, row->form, rule);
		break;
	case MEMBER_CLOSES:
		tables_put_closes(out, row, (const void *)field);
		break;
	case MEMBER_ROWS:
		tables_put_rows(tables, out, row, rule);
		break;
	case MEMBER_OBJECT:
		text_addf(out, ".%s = {", row->field);
		tables_put_members(tables, out, row->rows, field);
		text_add(out, "}, ");
		break;
	case MEMBER_PRESET:
		text_add(out, ".file = ");
		tables_put_text(out, tables->file);
		break;
	case MEMBER_KIND:
	case MEMBER_EXAMPLES:
	case MEMBER_FORMS:
		break;
	}
}

static void tables_put_members(struct tables *tables,
		struct text *out,
		const struct rule_member *members,
		const void *rule)
{
	for (; members->name; members++)
		tables_put_member(tables, out, members, rule);
}

static void tables_put_rule(struct tables *tables, enum rule_kind kind, const union any_rule *rule)
{
	struct text *out = &tables->kinds[kind];
	text_add(out, "\t{");
	if (kind == RULE_LIMIT)
		text_add(out, ".origin = \"built in\", ");
	tables_put_members(tables, out, rule_kind_members(kind), rule);
	text_add(out, "},\n");
	tables->counts[kind]++;
	/* Every kind begins with these two. */
	text_addf(&tables->items, "\t{.kind = %d, .id = ", (int)kind);
	tables_put_text(&tables->items, rule->limit.id);
	text_add(&tables->items, ", .title = ");
	tables_put_text(&tables->items, rule->limit.title);
	text_add(&tables->items, ", .origin = \"built in\"},\n");
	tables->item_count++;
}

static bool tables_add_rule(struct tables *tables, struct reader *reader, const cJSON *object)
{
	union any_rule rule;
	enum rule_kind kind;
	if (!rule_read_object(reader, object, &kind, &rule))
		return false;
	tables_put_rule(tables, kind, &rule);
	return true;
}

static bool tables_add_file(struct tables *tables,
		struct arena *arena,
		const char *path,
		struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	if (!json)
		return false;
	struct reader reader = {.arena = arena, .json = json, .err = err};
	const cJSON *root = json_root(json), *item;
	tables->file = path;
	if (!cJSON_IsArray(root))
		return tables_add_rule(tables, &reader, root);
	cJSON_ArrayForEach(item, root) {
		if (!tables_add_rule(tables, &reader, item))
			return false;
	}
	return true;
}

/* By kind: the type of a rule, the fields that hold the array and its count. */
static const struct {
	const char *type, *field, *count_field;
} arrays[RULE_KINDS] = {
		[RULE_LIMIT] = {"limit_rule", "limits", "limit_count"},
		[RULE_FIX] = {"fix_rule", "fixes", "fix_count"},
		[RULE_MYTH] = {"myth_rule", "myths", "myth_count"},
		[RULE_EGRESS] = {"egress_rule", "egress", "egress_count"},
		[RULE_PLATFORM] = {"platform_rule", "platforms", "platform_count"},
		[RULE_TOOL] = {"tool_rule", "tools", "tool_count"},
		[RULE_CAUSE] = {"cause_rule", "causes", "cause_count"},
		[RULE_WORD] = {"word_rule", "words", "word_count"},
		[RULE_TEXT] = {"text_rule", "texts", "text_count"},
		[RULE_PROGRAM] = {"program_rule", "programs", "program_count"},
		[RULE_WORKLOAD] = {"workload_preset", "presets", "preset_count"},
};

static void tables_print_array(FILE *out, const struct tables *tables, int kind)
{
	(void)fprintf(out,
			"static struct %s %s[] = {\n%s};\n",
			arrays[kind].type,
			arrays[kind].field,
			tables->kinds[kind].data);
}

static void tables_print_reference(FILE *out, const struct tables *tables, int kind)
{
	(void)fprintf(out,
			"\t.%s = %s, .%s = %zu,\n",
			arrays[kind].field,
			arrays[kind].field,
			arrays[kind].count_field,
			tables->counts[kind]);
}

static void tables_print(FILE *out, const struct tables *tables)
{
	(void)fprintf(out,
			"/* Generated by rules/tables.c. */\n#include <math.h>\n\n"
			"#include \"audit/rules/built_in.h\"\n#include \"model/expr/node.h\"\n\n%s",
			tables->parts.data);
	for (int kind = 0; kind < RULE_KINDS; kind++)
		tables_print_array(out, tables, kind);
	(void)fprintf(out, "static struct rule_item items[] = {\n%s};\n", tables->items.data);
	(void)fprintf(out, "const struct rules built_in_rules = {\n");
	for (int kind = 0; kind < RULE_WORKLOAD; kind++)
		tables_print_reference(out, tables, kind);
	(void)fprintf(out, "};\nconst struct rule_extras built_in_extras = {\n");
	tables_print_reference(out, tables, RULE_WORKLOAD);
	(void)fprintf(out, "\t.items = items, .item_count = %zu,\n};\n", tables->item_count);
}

static int tables_fail(const char *what)
{
	(void)fprintf(stderr, "tables: %s\n", what);
	return 1;
}

int main(int argc, char **argv)
{
	struct tables tables = {0};
	struct error err = {0};
	json_use_checked_memory();
	if (argc < 3)
		return tables_fail("usage: tables OUT.c FILE...");
	struct arena *arena = arena_new();
	for (int i = 2; i < argc; i++) {
		if (!tables_add_file(&tables, arena, argv[i], &err))
			return tables_fail(err.text);
	}
	FILE *out = fopen(argv[1], "w");
	if (!out)
		return tables_fail(argv[1]);
	tables_print(out, &tables);
	if (fclose(out) != 0)
		return tables_fail(argv[1]);
	arena_free(arena);
	return 0;
}

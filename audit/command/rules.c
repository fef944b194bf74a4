/* headroom rules: list them, check them without a host, run the examples that stand in them. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/explain/fill.h"
#include "audit/output/output.h"
#include "audit/rules/examples.h"
#include "audit/rules/fact_types.h"
#include "audit/rules/member.h"
#include "audit/rules/presets.h"
#include "audit/rules/read.h"
#include "audit/run/pipeline.h"
#include "base/array.h"
#include "base/suggest.h"
#include "report/write/columns.h"

struct rule_set {
	struct rules rules;
	struct rule_extras extras;
};

static void close_rules(struct rule_set *set)
{
	rule_extras_release(&set->extras);
}

static bool rules_list(const struct run *run,
		const struct rule_set *set,
		int *ret_exit,
		struct error *err)
{
	const struct explain_filling filling = {.arena = run->arena};
	struct text out = {0};
	(void)ret_exit;
	for (size_t i = 0; i < set->extras.item_count; i++) {
		const struct rule_item *item = &set->extras.items[i];
		const char *title = explain_fill(&filling, item->title ? item->title : "");
		const bool own = item->layer > 0;
		columns_left(&out, rule_kind_name(item->kind), 10);
		columns_left(&out, item->id, 30);
		if (own)
			text_addf(&out, "%s (%s)\n", title, item->origin);
		else {
			columns_left(&out, title, 40);
			while (out.length && out.data[out.length - 1] == ' ')
				out.data[--out.length] = '\0';
			text_add(&out, "\n");
		}
	}
	text_addf(&out, "rule set %s\n", set->rules.version);
	return output_text(&out, err);
}

static bool lint(const struct run *run,
		const struct rule_set *set,
		int *ret_exit,
		struct error *err)
{
	struct text out = {0};
	(void)run;
	(void)ret_exit;
	if (!rules_check(&set->rules, fact_type, NULL, err))
		return false;
	text_addf(&out,
			"%zu limits, %zu fixes, %zu findings, %zu presets, %zu log texts, %zu examples: names, "
			"units and sources are correct\n",
			set->rules.limit_count,
			set->rules.fix_count,
			set->rules.myth_count,
			set->extras.preset_count,
			set->rules.text_count,
			set->extras.example_count);
	return output_text(&out, err);
}

static bool known_rule(struct arena *arena,
		const struct rule_set *set,
		const char *id,
		struct error *err)
{
	const char **names = arena_alloc(arena, (set->extras.item_count + 1) * sizeof *names);
	for (size_t i = 0; i < set->extras.item_count; i++) {
		names[i] = set->extras.items[i].id;
		if (!strcmp(id, names[i]))
			return true;
	}
	char question[SUGGEST_MAX];
	return error_set(err,
			"unknown rule \"%.60s\"%s (for a list: headroom rules list)",
			id,
			suggest_question(question, id, names));
}

static void add_failure(const struct rule_example *example, const char *failures, struct text *out)
{
	struct error where = {0};
	(void)json_error(example->source,
			example->node,
			&where,
			"%s %s%s%s",
			rule_kind_name(example->kind),
			example->id,
			example->name ? ": " : "",
			example->name ? example->name : "");
	text_addf(out, "%s\n%s", where.text, failures);
}

static bool test(const struct run *run,
		const struct rule_set *set,
		int *ret_exit,
		struct error *err)
{
	const struct name_list *arguments = &run->options->arguments;
	const char *only = arguments->count > 1 ? arguments->items[1] : NULL;
	struct text out = {0};
	size_t passed = 0, failed = 0;
	if (only && !known_rule(run->arena, set, only, err))
		return false;
	for (size_t i = 0; i < set->extras.example_count; i++) {
		const struct rule_example *example = &set->extras.examples[i];
		struct text failures = {0};
		if (only && strcmp(only, example->id) != 0)
			continue;
		if (example_run(&set->rules, &set->extras, example, &failures)) {
			passed++;
		} else {
			add_failure(example, text_string(&failures), &out);
			failed++;
		}
		text_release(&failures);
	}
	text_addf(&out, "%zu passed, %zu failed, 0 skipped\n", passed, failed);
	*ret_exit = failed ? EXIT_VERDICT_FAIL : EXIT_PASS;
	return output_text(&out, err);
}

struct action {
	const char *name;
	size_t arguments; /* at most, with the name */
	bool (*run)(const struct run *run,
			const struct rule_set *set,
			int *ret_exit,
			struct error *err);
};

static const struct action actions[] = {{"list", 1, rules_list},
		{"lint", 1, lint},
		{"test", 2, test}};

bool command_rules(const struct run *run, int *ret_exit, struct error *err)
{
	const struct name_list *arguments = &run->options->arguments;
	const char *name = arguments->count ? arguments->items[0] : "list";
	__attribute__((cleanup(close_rules))) struct rule_set set = {0};
	for (size_t i = 0; i < COUNT_OF(actions); i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		if (arguments->count > actions[i].arguments)
			return error_set(err,
					"rules %s takes no argument \"%.100s\"",
					name,
					arguments->items[actions[i].arguments]);
		return pipeline_rules(run, true, &set.rules, &set.extras, err) &&
				actions[i].run(run, &set, ret_exit, err);
	}
	return error_set(err, "unknown word \"%.100s\" after rules; expected list, lint or test", name);
}

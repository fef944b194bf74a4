/* headroom explain: what a limit, a change, a myth or a ready workload is; finds limits by the
 * error text that people see. Explains; judges only to put this host's numbers into the formulas.
 */
#include <math.h>
#include <string.h>

#include "audit/cli/options.h"
#include "audit/cli/screen.h"
#include "audit/explain/fill.h"
#include "audit/explain/list.h"
#include "audit/explain/numbers.h"
#include "audit/explain/setting.h"
#include "audit/output/output.h"
#include "audit/rules/presets.h"
#include "audit/run/pipeline.h"
#include "audit/run/plan_file.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/suggest.h"
#include "model/load/egress.h"
#include "model/system.h"
#include "model/why/match.h"
#include "report/write/columns.h"

enum {
	WIDTH = 80,
	NAMES_MAX = 512
};

/* The values are those of the host, whatever the plan. */
static const char *filled(const struct explanation *e, const char *text)
{
	const struct explain_filling filling = {e->look.arena, e->facts, NULL};
	return explain_fill(&filling, text);
}

static void add_title(const struct explanation *e,
		const char *kind,
		const char *id,
		const char *title)
{
	columns_wrap(e->out,
			"",
			"  ",
			arena_printf(e->look.arena, "%s (%s): %s", id, kind, filled(e, title)),
			WIDTH);
	text_add(e->out, "\n");
}

static void explain_add_sources(const struct explanation *e,
		const struct rule_source *sources,
		size_t count)
{
	for (size_t i = 0; i < count; i++) {
		explain_add(e, i ? "" : "sources", sources[i].title);
		if (sources[i].url) /* whole, however long: to be followed or copied */
			text_addf(e->out,
					"           %s\n",
					text_clean(e->look.arena, sources[i].url, strlen(sources[i].url), 0));
	}
}

static void add_counters(const struct explanation *e, const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->counters.count; i++) {
		char figure[NUMBER_TEXT_MAX];
		const char *key = limit->counters.items[i];
		double value = facts_number(e->facts, key);
		explain_add(e,
				i ? "" : "counters",
				arena_printf(e->look.arena,
						"%s = %s",
						key,
						text_number(figure, value, UNIT_COUNT)));
	}
}

/* Those of another system are left out. */
static void add_limit_fixes(const struct explanation *e, const struct limit_rule *limit)
{
	const char *label = "fixes";
	for (size_t i = 0; i < limit->fixes.count; i++) {
		const struct fix_rule *fix = rules_fix(&e->pipeline->rules, limit->fixes.items[i]);
		if (!fix || !fix_is_of_system(fix, e->facts))
			continue;
		const char *title = filled(e, fix->title);
		explain_add(e, label, arena_printf(e->look.arena, "%s: %s", fix->id, title));
		label = "";
	}
}

static const char *consequence(const struct limit_rule *limit)
{
	static const char *const texts[][2] = {
			{"refuse", "new connections fail"},
			{"drop", "packets or connections are dropped; the other side waits and tries again"},
			{"degrade", "degraded, keeps working"},
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (limit->consequence && !strcmp(limit->consequence, texts[i][0]))
			return texts[i][1];
	}
	return limit->consequence;
}

/* There is one for each limit. */
static const struct resource *resource_of(const struct result *result,
		const struct limit_rule *limit)
{
	const struct resource *resource = result->resources;
	while (resource->worst.rule != limit)
		resource++;
	return resource;
}

/* "open files per process (ulimit -n)". */
static const char *explain_name(const struct explanation *e, const struct limit_rule *limit)
{
	if (!limit->gloss)
		return limit_phrase(limit);
	return arena_printf(e->look.arena, "%s (%s)", limit_phrase(limit), limit->gloss);
}

static void explain_one_limit(const struct explanation *e, const struct limit_rule *limit)
{
	struct explained explained = *e->judged;
	explained.resource = resource_of(&explained.result, limit);
	explain_add_now_line(e, &explained);
	add_title(e, "limit", limit->id, explain_name(e, limit));
	explain_add(e, "why", limit->why);
	explain_add(e, "error text", limit->error_text);
	explain_add(e, "effect", consequence(limit));
	explain_add_numbers(e, &explained);
	add_counters(e, limit);
	add_limit_fixes(e, limit);
	explain_add_sources(e, limit->sources, limit->source_count);
}

struct labeled {
	const char *label, *text;
};

/* The lines of a file that keep the value. */
static void add_persistent(const struct explanation *e, const char *kind, const char *text)
{
	const char *label = "permanent";
	while (*text) {
		size_t length = strcspn(text, "\n");
		const char *line = arena_copy(e->look.arena, text, length);
		explain_add(e, label, arena_printf(e->look.arena, "%s: %s", kind, line));
		label = "";
		text += length + (text[length] == '\n');
	}
}

static void explain_fix(const struct explanation *e, const struct fix_rule *fix)
{
	const char *target = NULL;
	if (fix->kind == FIX_FACT)
		target = fix->target;
	const struct explain_filling filling = {e->look.arena, e->facts, target};
	add_title(e, "change", fix->id, fix->title);
	explain_add(e, "command", explain_fill(&filling, fix->command));
	for (const char **pair = fix->persistent; pair && pair[0] && pair[1]; pair += 2)
		add_persistent(e, pair[0], explain_fill(&filling, pair[1]));
	const struct labeled rest[] = {
			{"restart", fix->restart},
			{"shared", fix->shared_with},
			{"undo", fix->undo},
			{"risk", fix->risk},
			{"note", fix->note},
			{NULL, NULL},
	};
	for (const struct labeled *row = rest; row->label; row++)
		explain_add(e, row->label, explain_fill(&filling, row->text));
	explain_add_sources(e, fix->sources, fix->source_count);
}

/* What was found on this host; NULL: this is not so here. */
static const char *found_here(const struct explanation *e, const char *id)
{
	const struct result *result = &e->judged->result;
	for (size_t i = 0; i < result->finding_count; i++) {
		if (strcmp(result->findings[i].id, id) == 0)
			return result->findings[i].text;
	}
	return NULL;
}

/* The text speaks of a host on which it is so. Of another one it says what it would mean, without
 * that host's values. */
static void explain_myth(const struct explanation *e, const struct myth_rule *myth)
{
	const struct explain_filling elsewhere = {e->look.arena, NULL, NULL};
	const char *here = found_here(e, myth->id);
	add_title(e, "note", myth->id, myth->title);
	if (here) {
		explain_add(e, "fact", here);
	} else {
		explain_add(e, "here", "not so on this host");
		explain_add(e, "elsewhere", explain_fill(&elsewhere, myth->text));
	}
	if (myth->fact) {
		const struct fact *fact = facts_get(e->facts, myth->fact, "");
		const char *value = explain_fact(e->look.arena, fact);
		if (value)
			explain_add(e, "value", arena_printf(e->look.arena, "%s = %s", fact->key, value));
	}
	explain_add_sources(e, myth->sources, myth->source_count);
}

static void add_figure(const struct explanation *e,
		const char *what,
		double number,
		enum unit unit,
		const char *then)
{
	char figure[NUMBER_TEXT_MAX];
	if (isnan(number))
		return;
	const char *shown = text_number(figure, number, unit);
	explain_add(e, what, arena_printf(e->look.arena, "%s %s", shown, then));
}

/* "1,024 each, for up to 50 machines". */
static void add_pool(const struct explanation *e, const struct egress_rule *egress)
{
	for (size_t i = 0; i < egress->ports_by_vms.count; i++) {
		char most[NUMBER_TEXT_MAX];
		double vms, ports;
		if (!egress_row(egress->ports_by_vms.items[i], &vms, &ports))
			continue;
		const char *then = arena_printf(e->look.arena,
				"each, for up to %s machines",
				text_number(most, vms, UNIT_COUNT));
		add_figure(e, "ports", ports, UNIT_COUNT, then);
	}
}

static const char *egress_options(struct arena *arena, const struct egress_rule *egress)
{
	const char *first = ":ips=N";
	if (egress->ports_by_vms.count > 0)
		first = ":vms=N, or :ports=N";
	else if (egress->max_ports > 0)
		first = ":ports=N";
	return arena_printf(arena,
			"--egress %s%s; add :hold=T if a closed connection keeps its port for another time",
			egress->id,
			first);
}

static void explain_egress(const struct explanation *e, const struct egress_rule *egress)
{
	add_title(e, "cloud NAT", egress->id, egress->title);
	add_figure(e, "ports", egress->ports_per_ip, UNIT_COUNT, "per address and destination");
	add_figure(e, "ports", egress->ports, UNIT_COUNT, "per virtual machine");
	add_pool(e, egress);
	add_figure(e, "hold", egress->hold_s, UNIT_SECONDS, "after a close");
	add_figure(e, "hold", egress->reset_hold_s, UNIT_SECONDS, "after a reset");
	add_figure(e,
			"idle",
			egress->idle_s,
			UNIT_SECONDS,
			"without a packet, then a connection is dropped");
	if (egress->as_of)
		explain_add(e, "as of", egress->as_of);
	explain_add(e, "use", egress_options(e->look.arena, egress));
	explain_add_sources(e, egress->sources, egress->source_count);
}

static void explain_closes(const struct explanation *e, const struct client_closes *closes)
{
	explain_add(e,
			"closes",
			arena_printf(e->look.arena,
					"With one connection per request, both sides close at once in %.2g%% of the "
					"cases (at most %.2g%%)",
					closes->usual * 100,
					closes->highest * 100));
	explain_add(e, "measured", closes->measured);
}

static void explain_tool(const struct explanation *e, const struct tool_rule *tool)
{
	const struct client_closes *closes = &tool->client_closes;
	const struct tool_basis *basis = &tool->reading.basis;
	static const char *const how[] = {
			[TRUTH_READ] = "from its documentation, not tried",
			[TRUTH_MEASURED] = "measured",
	};
	add_title(e, "tool", tool->id, tool->title);
	const char *version = "";
	if (basis->version)
		version = basis->version;
	if (tool->reading.programs.count)
		explain_add(e,
				"command",
				arena_printf(e->look.arena,
						"headroom audit -- %s … (%s %s, %s)",
						tool->reading.programs.items[0],
						tool->title,
						version,
						how[basis->how]));
	if (closes->measured)
		explain_closes(e, closes);
	explain_add_sources(e, tool->sources, tool->source_count);
}

static bool explain_preset(const struct explanation *e,
		const struct workload_preset *preset,
		struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *read = NULL;
	const struct json *source;
	const cJSON *members = preset_members(preset, &source, &read, err), *member;
	if (!members)
		return false;
	add_title(e, "preset", preset->id, preset->title);
	cJSON_ArrayForEach(member, members) {
		char *printed = cJSON_PrintUnformatted(member);
		const char *text = cJSON_IsString(member) ? member->valuestring : printed;
		columns_wrap(e->out,
				arena_printf(e->look.arena, "  %s  ", member->string),
				"    ",
				text ? text : "",
				WIDTH);
		cJSON_free(printed);
	}
	text_addf(e->out, "\nheadroom audit %s --connections N\n", preset->id);
	return true;
}

/* One name may be that of a limit, of a change and more: each is explained. */
static void explain_next(const struct explanation *e, size_t *count)
{
	if ((*count)++)
		text_add(e->out, "\n\n");
}

static void explain_rules(const struct explanation *e, const char *word, size_t *count)
{
	const struct rules *rules = &e->pipeline->rules;
	if (rules_limit(rules, word)) {
		explain_next(e, count);
		explain_one_limit(e, rules_limit(rules, word));
	}
	if (rules_fix(rules, word)) {
		explain_next(e, count);
		explain_fix(e, rules_fix(rules, word));
	}
	for (size_t i = 0; i < rules->myth_count; i++) {
		if (strcmp(rules->myths[i].id, word) != 0)
			continue;
		explain_next(e, count);
		explain_myth(e, &rules->myths[i]);
	}
	if (rules_egress(rules, word)) {
		explain_next(e, count);
		explain_egress(e, rules_egress(rules, word));
	}
}

/* Counts what has this name. */
static bool explain_any(const struct explanation *e,
		const char *word,
		size_t *ret_count,
		struct error *err)
{
	const struct workload_preset *preset = rule_extras_preset(&e->pipeline->extras, word);
	const struct tool_rule *tool = rules_tool_named(&e->pipeline->rules, word);
	*ret_count = 0;
	explain_rules(e, word, ret_count);
	if (preset) {
		explain_next(e, ret_count);
		if (!explain_preset(e, preset, err))
			return false;
	}
	if (tool) {
		explain_next(e, ret_count);
		explain_tool(e, tool);
	}
	return true;
}

static bool explain_is_text(const struct explanation *e, const char *word)
{
	const struct why_table *table = why_table_new(e->look.arena, &e->pipeline->rules);
	struct why_line line;
	return why_match_line(e->look.arena, table, word, strlen(word), &line);
}

/* Is this a text of a log, and not a name with an error in it? */
static bool is_log_text(const struct explanation *e, const char *word, struct error *err)
{
	const char *names[NAMES_MAX] = {NULL};
	const struct rule_extras *extras = &e->pipeline->extras;
	size_t count = 0;
	for (size_t i = 0; i < extras->item_count && count < NAMES_MAX - 1; i++) {
		if (explain_lists_kind(extras->items[i].kind))
			names[count++] = extras->items[i].id;
	}
	if (!suggest_name(word, names))
		return true;
	char question[SUGGEST_MAX];
	return error_set(err,
			"unknown name \"%.100s\"%s (for a list: headroom explain)",
			word,
			suggest_question(question, word, names));
}

/* explain LIMIT FILE: the file is the plan. */
static void take_file(struct name_list *words, const char **ret_load)
{
	if (words->count < 2 || !plan_file_is_named(words->items[words->count - 1]))
		return;
	*ret_load = words->items[--words->count];
}

/* What to explain stands before the plan's flags; of several loads it stands in the first. *options
 * is left with the plan. */
static bool take_words(struct arena *arena,
		struct options *options,
		struct name_list *ret_words,
		const char **ret_load,
		struct error *err)
{
	*ret_load = NULL;
	*ret_words = options->arguments;
	if (!options->load_count) {
		take_file(ret_words, ret_load);
		return true;
	}
	struct load_words *loads = arena_alloc(arena, options->load_count * sizeof *loads);
	memcpy(loads, options->loads, options->load_count * sizeof *loads);
	if (options->arguments.count)
		*ret_load = options->arguments.items[0];
	if (options->arguments.count > 1)
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads; write + between them",
				options->arguments.items[0],
				options->arguments.items[1]);
	*ret_words = loads[0].arguments;
	loads[0].arguments = (struct name_list){0};
	options->loads = loads;
	if (loads[0].workload_flags)
		return true;
	return error_set(err,
			"explain needs the first load as flags: headroom explain LIMIT --connections N + ...");
}

static const char *explain_lower(struct arena *arena, const char *word)
{
	char *lower = arena_strdup(arena, word);
	for (char *at = lower; *at; at++)
		*at = ascii_lower(*at);
	return lower;
}

static const char *explain_joined(struct arena *arena, const struct name_list *words)
{
	struct text line = {0};
	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			text_add(&line, " ");
		text_add(&line, words->items[i]);
	}
	return text_take(arena, &line);
}

/* *ret_text: it is a text of a log, which headroom why explains. */
static bool explain_one(const struct explanation *e,
		const char *word,
		bool *ret_text,
		struct error *err)
{
	size_t found;
	if (!word[strspn(word, " \t\n")])
		return error_set(err, "no name was given (for a list: headroom explain)");
	if (!explain_any(e, word, &found, err))
		return false;
	if (found)
		explain_setting(e, word, true);
	else
		found = explain_list_kind(e, word) || explain_setting(e, word, false);
	if (found)
		return true;
	*ret_text = explain_is_text(e, word);
	if (*ret_text || explain_mentioned(e, word))
		return true;
	if (!explain_any(e, explain_lower(e->look.arena, word), &found, err))
		return false;
	if (found)
		return true;
	*ret_text = is_log_text(e, word, err);
	return *ret_text;
}

static bool explain_words(const struct explanation *e,
		const struct name_list *words,
		bool *ret_text,
		struct error *err)
{
	if (words->count)
		return explain_one(e, explain_joined(e->look.arena, words), ret_text, err);
	if (e->all)
		explain_list_kind(e, "all");
	else
		explain_list_screen(e);
	return true;
}

bool command_explain(const struct run *run, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	/* What is in use of a limit may be found only by looking at everything. */
	struct options options = *run->options;
	struct run looking = *run;
	struct text out = {0};
	struct name_list words;
	const char *load;
	bool is_text = false;
	options.all = true;
	looking.options = &options;
	if (!take_words(run->arena, &options, &words, &load, err))
		return false;
	if (!pipeline_open(&looking, &pipeline, err))
		return false;
	struct explained judged = {.planned = false};
	struct explanation e = {
			.pipeline = &pipeline,
			.look = screen_options(run->arena, run->options),
			.out = &out,
			.load = load,
			.all = run->options->all,
	};
	if (!explain_judge(&e, &judged, err))
		return false;
	e.judged = &judged;
	e.facts = judged.result.facts;
	bool ok = explain_words(&e, &words, &is_text, err);
	if (ok && !is_text)
		ok = output_stdout(out.data, out.length, err);
	text_release(&out);
	if (ok && is_text)
		return command_why(run, ret_exit, err);
	return ok;
}

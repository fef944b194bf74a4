/* headroom history: the audits kept so far: list, show, compare, trend, prune, export. */
#include <string.h>
#include <time.h>

#include "audit/cli/screen.h"
#include "audit/history/drift.h"
#include "audit/history/keep.h"
#include "audit/output/publish.h"
#include "audit/output/view.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/os/json.h"
#include "base/suggest.h"
#include "report/document/member.h"
#include "report/document/view.h"

enum {
	LISTED = 20,
	TREND_MAX = 60
};

struct action_run {
	const struct run *run;
	struct history *history;  /* NULL: no audit was kept so far */
	const char *const *words; /* what follows the action's name */
	size_t count;
	int *ret_exit;
};

typedef bool action_fn(const struct action_run *action, struct error *err);

static bool put_out(const struct action_run *action,
		const cJSON *document,
		write_fn *write,
		struct error *err)
{
	const struct run *run = action->run;
	struct outputs outputs;
	if (!outputs_parse(run->arena, &run->options->outputs, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	if (!output_view_files(run, &outputs, document, write))
		*action->ret_exit = EXIT_BROKEN;
	if (outputs.count)
		return true;
	return output_view_show(run, document, write, err);
}

static cJSON *rows_document(const struct action_run *action,
		const struct history_filter *filter,
		size_t limit,
		struct error *err)
{
	struct arena *arena = action->run->arena;
	struct history_row *rows = NULL;
	size_t count = 0;
	int64_t total = 0;
	if (action->history &&
			(!history_rows(action->history, arena, filter, limit, &rows, &count, err) ||
					!history_count(action->history, &total, err)))
		return NULL;
	const struct members put = {.arena = arena};
	cJSON *document = cJSON_CreateObject();
	member_text(&put, document, "schema", "headroom.history/1");
	member_number(document, "total", (double)total);
	cJSON *audits = member_array(document, "audits");
	for (size_t i = 0; i < count; i++)
		(void)cJSON_AddItemToArray(audits, keep_row(arena, &rows[i]));
	return document;
}

static bool too_many(const struct action_run *action,
		size_t most,
		const char *usage,
		struct error *err)
{
	if (action->count <= most)
		return false;
	(void)error_set(err,
			"too many words: \"%.60s\"; write: headroom history %s",
			action->words[most],
			usage);
	return true;
}

static bool history_list(const struct action_run *action, struct error *err)
{
	const struct history_filter filter = {.words = action->count ? action->words[0] : NULL};
	if (too_many(action, 1, "list [HOST OR PLAN]", err))
		return false;
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = rows_document(action, &filter, action->run->options->all ? 0 : LISTED, err);
	return document && put_out(action, document, write_history, err);
}

static bool history_show(const struct action_run *action, struct error *err)
{
	const struct run *run = action->run;
	struct outputs outputs;
	int64_t id;
	if (too_many(action, 1, "show [ID|last]", err) ||
			!outputs_parse(run->arena, &run->options->outputs, FORMATS_ALL, &outputs, err))
		return false;
	const char *name = action->count ? action->words[0] : "last";
	__attribute__((cleanup(json_close))) struct json *json =
			keep_document(run, action->history, name, NULL, &id, err);
	int verdict = EXIT_PASS;
	if (!json || !publish(run, json_root(json), &outputs, NULL, &verdict, err))
		return false;
	*action->ret_exit = verdict == EXIT_BROKEN ? EXIT_BROKEN : EXIT_PASS;
	return true;
}

static bool diff(const struct action_run *action, struct error *err)
{
	const struct run *run = action->run;
	int64_t from_id, to_id;
	if (action->count < 1 || too_many(action, 2, "diff ID|FILE [ID|FILE|last]", err))
		return action->count
				? false
				: error_set(err, "diff needs one or two audits: headroom history diff 12 last");
	__attribute__((cleanup(json_close))) struct json *to = keep_document(run,
			action->history,
			action->count > 1 ? action->words[1] : "last",
			NULL,
			&to_id,
			err);
	__attribute__((cleanup(json_close))) struct json *from = to
			? keep_document(run, action->history, action->words[0], NULL, &from_id, err)
			: NULL;
	if (!from)
		return false;
	__attribute__((cleanup(json_close_tree))) cJSON *document = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(document, "schema", "headroom.drift/1");
	(void)member_item(document,
			"drift",
			drift_new(run, json_root(from), json_root(to), (double)from_id));
	return put_out(action, document, write_drift, err);
}

/* Of the host and plan audited last, or of the last audit of the plan named. */
static bool trend(const struct action_run *action, struct error *err)
{
	struct history_filter filter = {.words = action->count ? action->words[0] : NULL};
	struct history_row *rows = NULL;
	size_t count = 0;
	if (too_many(action, 1, "trend [PLAN]", err))
		return false;
	if (action->history &&
			!history_rows(action->history, action->run->arena, &filter, 1, &rows, &count, err))
		return false;
	if (count)
		filter = (struct history_filter){.fingerprint = rows[0].fingerprint,
				.workload = rows[0].workload};
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = rows_document(action, &filter, TREND_MAX, err);
	return document && put_out(action, document, write_trend, err);
}

/* The moment `age_s` ago. */
static const char *moment_before(struct arena *arena, double age_s)
{
	char out[CLOCK_TEXT_MAX];
	return arena_strdup(arena, clock_utc(time(NULL) - (time_t)age_s, out));
}

static bool prune_bounds(const struct run *run,
		double *ret_keep,
		const char **ret_before,
		struct error *err)
{
	const struct options *options = run->options;
	struct error why = {0};
	double age_s = 0;
	if (!options->history.keep && !options->history.older_than)
		return error_set(err,
				"prune deletes: say what may go: --keep N (the newest stay) or --older-than 90d");
	if (options->history.keep &&
			(!unit_parse(options->history.keep, UNIT_COUNT, ret_keep, &why) || !(*ret_keep >= 0)))
		return error_set(err,
				"--keep \"%.60s\": a number of audits is needed",
				options->history.keep);
	if (options->history.older_than &&
			(!unit_parse(options->history.older_than, UNIT_SECONDS, &age_s, &why) ||
					!(age_s >= 0) || age_s > 1e10))
		return error_set(err,
				"--older-than \"%.60s\": a time is needed, such as 90d",
				options->history.older_than);
	*ret_before = options->history.older_than ? moment_before(run->arena, age_s) : NULL;
	return true;
}

static bool prune(const struct action_run *action, struct error *err)
{
	double keep = -1;
	const char *before = NULL;
	int64_t deleted = 0, left = 0;
	if (too_many(action, 0, "prune --keep N", err) ||
			!prune_bounds(action->run, &keep, &before, err))
		return false;
	if (action->history &&
			(!history_prune(action->history,
					 keep > 1e15 ? -1 : (int64_t)keep,
					 before,
					 &deleted,
					 err) ||
					!history_count(action->history, &left, err)))
		return false;
	const char *said = arena_printf(action->run->arena,
			"%lld audits deleted, %lld kept\n",
			(long long)deleted,
			(long long)left);
	return output_stdout(said, strlen(said), err);
}

/* false: standard output takes no more. *ret_damaged: the document cannot be read; the others may
 * be. */
static bool export_one(const struct action_run *action,
		int64_t id,
		bool *ret_damaged,
		struct error *err)
{
	struct error why = {0};
	struct text line = {0};
	__attribute__((cleanup(json_close))) struct json *json =
			history_document(action->history, action->run->arena, id, &why);
	*ret_damaged = !json;
	if (!json) {
		screen_say("audit %lld is left out: %s", (long long)id, why.text);
		return true;
	}
	char *printed = cJSON_PrintUnformatted(json_root(json));
	text_addf(&line, "%s\n", printed ? printed : "");
	cJSON_free(printed);
	return output_text(&line, err);
}

/* One document per line. */
static bool export(const struct action_run *action, struct error *err)
{
	struct history_row *rows = NULL;
	size_t count = 0, damaged = 0;
	const struct history_filter filter = {.words = action->count ? action->words[0] : NULL};
	if (too_many(action, 1, "export [HOST OR PLAN] >audits.jsonl", err))
		return false;
	if (action->history &&
			!history_rows(action->history, action->run->arena, &filter, 0, &rows, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool left_out;
		if (!export_one(action, rows[i].id, &left_out, err))
			return false;
		damaged += left_out;
	}
	return !damaged || error_fail(err, "%zu of %zu audits are left out", damaged, count);
}

static const struct {
	const char *name;
	action_fn *run;
} actions[] = {
		{"list", history_list},
		{"show", history_show},
		{"diff", diff},
		{"trend", trend},
		{"prune", prune},
		{"export", export},
};
enum {
	ACTIONS = COUNT_OF(actions)
};

static bool find_action(const char *word, size_t *ret_action, struct error *err)
{
	const char *names[ACTIONS + 1] = {NULL};
	for (size_t i = 0; i < ACTIONS; i++) {
		names[i] = actions[i].name;
		if (!strcmp(word, actions[i].name)) {
			*ret_action = i;
			return true;
		}
	}
	char question[SUGGEST_MAX];
	return error_set(err,
			"history knows no \"%.60s\"%s: list, show, diff, trend, prune, export",
			word,
			suggest_question(question, word, names));
}

bool command_history(const struct run *run, int *ret_exit, struct error *err)
{
	const struct name_list *words = &run->options->arguments;
	size_t chosen = 0;
	struct action_run action = {.run = run, .ret_exit = ret_exit};
	if (words->count && !find_action(words->items[0], &chosen, err))
		return false;
	if (words->count) {
		action.words = words->items + 1;
		action.count = words->count - 1;
	}
	if (!history_open(run->arena, HISTORY_READ, &action.history, err))
		return false;
	bool ok = actions[chosen].run(&action, err);
	history_close(&action.history);
	return ok;
}

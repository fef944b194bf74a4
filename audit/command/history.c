/* headroom history: lists, shows, compares, prunes and exports the audits kept so far. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit/cli/screen.h"
#include "audit/command/answers.h"
#include "audit/command/fleet_show.h"
#include "audit/document/document.h"
#include "audit/document/request.h"
#include "audit/history/drift.h"
#include "audit/history/fleet_kept.h"
#include "audit/history/keep.h"
#include "audit/output/publish.h"
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

/* When, and by what command: as in an audit. */
static void history_made(const struct action_run *action, cJSON *document)
{
	char now[CLOCK_TEXT_MAX];
	const struct run *run = action->run;
	const struct members put = {.arena = run->arena};
	const char *created = arena_strdup(run->arena, clock_utc_run(now));
	document_made(&put, document, created, run->argv, run->argc);
	request_put(run->arena, document, run->options);
}

/* Writes the document to the files of -o, and shows it on the screen where none is asked for. */
static bool put_out(const struct action_run *action,
		cJSON *document,
		const struct output_kind *kind,
		struct error *err)
{
	const struct run *run = action->run;
	bool written;
	struct outputs outputs;
	if (!output_kind_parse(run, kind, &outputs, err))
		return false;
	history_made(action, document);
	outputs.to_stdout |= outputs.count > 0;
	if (!output_kind_put(run, kind, document, &outputs, &written, err))
		return false;
	if (!written)
		*action->ret_exit = EXIT_BROKEN;
	return true;
}

/* The word after the action's name, counted from 0; `otherwise` if there are not that many. */
static const char *word_or(const struct action_run *action, size_t at, const char *otherwise)
{
	if (at >= action->count)
		return otherwise;
	return action->words[at];
}

/* The rows that match, none if no audit was kept so far. */
static bool find_rows(const struct action_run *action,
		const struct history_filter *filter,
		size_t limit,
		struct history_row **ret_rows,
		size_t *ret_count,
		struct error *err)
{
	struct arena *arena = action->run->arena;
	*ret_rows = NULL;
	*ret_count = 0;
	if (!action->history)
		return true;
	return history_rows(action->history, arena, filter, limit, ret_rows, ret_count, err);
}

static cJSON *rows_document(const struct action_run *action,
		const struct history_filter *filter,
		size_t limit,
		struct error *err)
{
	struct arena *arena = action->run->arena;
	struct history_row *rows;
	size_t count;
	int64_t total = 0;
	if (!find_rows(action, filter, limit, &rows, &count, err))
		return NULL;
	if (action->history && !history_count(action->history, &total, err))
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

static bool at_most(const struct action_run *action,
		size_t most,
		const char *usage,
		struct error *err)
{
	if (action->count <= most)
		return true;
	return error_set(err,
			"unexpected \"%.60s\"; usage: headroom history %s",
			action->words[most],
			usage);
}

static bool history_list(const struct action_run *action, struct error *err)
{
	const struct history_filter filter = {.words = word_or(action, 0, NULL)};
	size_t limit = LISTED;
	if (action->run->options->all)
		limit = 0;
	if (!at_most(action, 1, "list [HOST OR PLAN]", err))
		return false;
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = rows_document(action, &filter, limit, err);
	return document && put_out(action, document, &answer_kind_history, err);
}

/* A fleet lacks what a report of it and an error of each host consist of. */
static bool show_fleet(const struct action_run *action, const struct json *json, struct error *err)
{
	static const unsigned formats = FORMATS_TEXT_JSON | 1 << FORMAT_MARKDOWN;
	const struct run *run = action->run;
	struct outputs outputs;
	struct error why = {0};
	int exit_code = EXIT_PASS;
	if (!outputs_parse(run->arena, &run->options->outputs, formats, &outputs, &why))
		return error_set(err,
				"%.700s; the history does not keep the audits that a report of a fleet shows. Save "
				"them with headroom fleet ... -o fleet.json, then use headroom report fleet.json",
				why.text);
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = fleet_kept_unpack(json_root(json), "the history", err);
	if (!document || !fleet_show(run, document, &outputs, &exit_code, err))
		return false;
	if (exit_code == EXIT_BROKEN)
		*action->ret_exit = EXIT_BROKEN;
	return true;
}

/* The newest that was kept, an audit or a fleet, or the one of this number. NULL without an error:
 * it is no fleet. */
static bool find_fleet(const struct action_run *action,
		const char *name,
		struct json **ret_json,
		struct error *err)
{
	static const struct history_filter any = {.kind = HISTORY_ANY};
	struct history_row *rows;
	size_t count;
	struct error ignored = {0};
	*ret_json = NULL;
	if (!action->history)
		return true;
	int64_t id = strtoll(name, NULL, 10);
	if (strcmp(name, "last") == 0) {
		if (!find_rows(action, &any, 1, &rows, &count, err))
			return false;
		id = count ? rows[0].id : 0;
	} else if (name[strspn(name, "0123456789")] != '\0') {
		return true;
	}
	*ret_json = history_document(action->history, action->run->arena, id, &ignored);
	if (*ret_json && !fleet_is_kept_form(json_root(*ret_json))) {
		json_free(*ret_json);
		*ret_json = NULL;
	}
	return true;
}

/* Exits with 0 also where the audit's verdict was fail: what was asked for is shown. */
static bool history_show(const struct action_run *action, struct error *err)
{
	const struct run *run = action->run;
	const struct name_list *names = &run->options->outputs;
	struct outputs outputs;
	int64_t id;
	int exit_code = EXIT_PASS;
	if (!at_most(action, 1, "show [ID|last]", err))
		return false;
	const char *name = word_or(action, 0, "last");
	__attribute__((cleanup(json_close))) struct json *fleet = NULL;
	if (!find_fleet(action, name, &fleet, err))
		return false;
	if (fleet)
		return show_fleet(action, fleet, err);
	if (!outputs_parse(run->arena, names, FORMATS_ALL, &outputs, err))
		return false;
	outputs.past = true;
	__attribute__((cleanup(json_close))) struct json *json =
			keep_document(run, action->history, name, NULL, &id, err);
	if (!json || !publish(run, json_root(json), &outputs, NULL, &exit_code, err))
		return false;
	if (exit_code == EXIT_BROKEN)
		*action->ret_exit = EXIT_BROKEN;
	return true;
}

static bool diff(const struct action_run *action, struct error *err)
{
	const struct run *run = action->run;
	struct history *history = action->history;
	int64_t from_id, to_id;
	if (!action->count)
		return error_set(err,
				"diff needs one or two audit IDs (see headroom history): headroom history diff 12 "
				"last");
	if (!at_most(action, 2, "diff ID|FILE [ID|FILE|last]", err))
		return false;
	const char *to_name = word_or(action, 1, "last");
	__attribute__((cleanup(json_close))) struct json *to =
			keep_document(run, history, to_name, NULL, &to_id, err);
	if (!to)
		return false;
	__attribute__((cleanup(json_close))) struct json *from =
			keep_document(run, history, action->words[0], NULL, &from_id, err);
	if (!from)
		return false;
	__attribute__((cleanup(json_close_tree))) cJSON *document = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(document, "schema", "headroom.drift/1");
	cJSON *drift = drift_new(run, json_root(from), json_root(to), (double)from_id);
	(void)member_item(document, "drift", drift);
	return put_out(action, document, &answer_kind_drift, err);
}

/* Shows the host and plan of the last audit, or of the last audit of the plan that is named. */
static bool trend(const struct action_run *action, struct error *err)
{
	struct history_filter filter = {.words = word_or(action, 0, NULL), .kind = HISTORY_AUDITS};
	struct history_row *rows;
	size_t count;
	if (!at_most(action, 1, "trend [PLAN]", err))
		return false;
	if (!find_rows(action, &filter, 1, &rows, &count, err))
		return false;
	if (count) {
		filter.words = NULL;
		filter.fingerprint = rows[0].fingerprint;
		filter.workload = rows[0].workload;
	}
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = rows_document(action, &filter, TREND_MAX, err);
	if (!document)
		return false;
	member_bool(document, "trend", true);
	return put_out(action, document, &answer_kind_trend, err);
}

/* The moment that long ago, RFC 3339. */
static const char *history_moment_before(struct arena *arena, double age_s)
{
	char out[CLOCK_TEXT_MAX];
	time_t moment = time(NULL) - (time_t)age_s;
	return arena_strdup(arena, clock_utc(moment, out));
}

static bool read_keep(const char *text, int64_t *ret_keep, struct error *err)
{
	struct error why = {0};
	double keep;
	if (!unit_parse(text, UNIT_COUNT, &keep, &why) || !(keep >= 0))
		return error_set(err, "--keep \"%.60s\": expected a number of audits, such as 100", text);
	*ret_keep = -1; /* no audit is too old for a number that no history reaches */
	if (keep <= 1e15)
		*ret_keep = (int64_t)keep;
	return true;
}

static bool read_age(const char *text, double *ret_age_s, struct error *err)
{
	struct error why = {0};
	bool good = unit_parse(text, UNIT_SECONDS, ret_age_s, &why);
	if (!good || !(*ret_age_s >= 0) || *ret_age_s > 1e10)
		return error_set(err, "--older-than \"%.60s\": expected a time, such as 90d", text);
	return true;
}

static bool prune_bounds(const struct run *run,
		int64_t *ret_keep,
		const char **ret_before,
		struct error *err)
{
	const char *keep = run->options->history.keep;
	const char *older_than = run->options->history.older_than;
	double age_s;
	if (!keep && !older_than)
		return error_set(err,
				"prune needs --keep N (delete all but the newest N) or --older-than 90d");
	if (keep && !read_keep(keep, ret_keep, err))
		return false;
	if (older_than) {
		if (!read_age(older_than, &age_s, err))
			return false;
		*ret_before = history_moment_before(run->arena, age_s);
	}
	return true;
}

static bool prune(const struct action_run *action, struct error *err)
{
	struct history *history = action->history;
	const char *before = NULL;
	int64_t keep = -1, deleted = 0, left = 0;
	if (!at_most(action, 0, "prune --keep N", err))
		return false;
	if (!prune_bounds(action->run, &keep, &before, err))
		return false;
	if (history && !history_prune(history, keep, before, &deleted, err))
		return false;
	if (history && !history_count(history, &left, err))
		return false;
	const char *said = arena_printf(action->run->arena,
			"%lld audits deleted, %lld kept\n",
			(long long)deleted,
			(long long)left);
	return output_stdout(said, strlen(said), err);
}

/* Prints one document on a line. If it cannot be read, says so and sets *ret_damaged: the others
 * may be good. false: standard output takes no more. */
static bool export_one(const struct action_run *action,
		int64_t id,
		bool *ret_damaged,
		struct error *err)
{
	struct error why = {0};
	__attribute__((cleanup(json_close))) struct json *json =
			history_document(action->history, action->run->arena, id, &why);
	*ret_damaged = !json;
	if (!json) {
		screen_say("left out audit %lld: %s", (long long)id, why.text);
		return true;
	}
	__attribute__((cleanup(text_release))) struct text line = {0};
	__attribute__((cleanup(json_close_tree))) cJSON *fleet = NULL;
	if (fleet_is_kept_form(json_root(json)))
		fleet = fleet_kept_unpack(json_root(json), "the history", &why);
	char *printed = cJSON_PrintUnformatted(fleet ? fleet : json_root(json));
	text_addf(&line, "%s\n", printed);
	cJSON_free(printed);
	return output_stdout(line.data, line.length, err);
}

static bool export(const struct action_run *action, struct error *err)
{
	const struct history_filter filter = {.words = word_or(action, 0, NULL)};
	struct history_row *rows;
	size_t count, damaged = 0;
	if (!at_most(action, 1, "export [HOST OR PLAN] >audits.jsonl", err))
		return false;
	if (!find_rows(action, &filter, 0, &rows, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool left_out;
		if (!export_one(action, rows[i].id, &left_out, err))
			return false;
		if (left_out)
			damaged++;
	}
	if (damaged)
		return error_fail(err, "left out %zu of %zu audits", damaged, count);
	return true;
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
			"unknown word \"%.60s\" after history%s (expected list, show, diff, trend, prune or "
			"export)",
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

/* Writes what certified runs taught into workload.lock.json. */
#include "audit/gate/lock_keep.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/output/target.h"
#include "audit/run/lock_file.h"
#include "audit/run/program.h"
#include "base/array.h"
#include "base/os/file.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/plan/command/mask.h"
#include "probes/plan/workload_json.h"

enum {
	COMMAND_CHARS = 500,
	WORDS_MAX = 64,    /* of a command, that are looked at */
	WAITS_MAX = 100,   /* for another gate that writes */
	WAIT_NS = 50000000 /* 50 ms */
};

/* --- programs ------------------------------------------------------------------------------------
 */

static const char *keep_digest(const struct run *run, const char *word, bool program)
{
	if (program)
		return program_digest(run->arena, word);
	return program_open_file_digest(run->arena, word);
}

static void add_program(const struct run *run, cJSON *programs, const char *word, bool program)
{
	if (cJSON_GetObjectItemCaseSensitive(programs, word))
		return;
	const char *digest = keep_digest(run, word, program);
	if (digest && strlen(word) < COMMAND_CHARS)
		(void)cJSON_AddStringToObject(programs, word, digest);
}

static bool is_tool_itself(const char *word, const char *tool)
{
	const char *slash = strrchr(word, '/');
	if (slash)
		word = slash + 1;
	return strcmp(word, tool) == 0;
}

/* The tool behind a wrapper is a program of its own. */
static cJSON *programs_of(const struct gate *gate)
{
	const struct run *run = gate->pipeline->run;
	const struct name_list *words = &run->options->child;
	const char *tool = result_load(gate->result)->values[W_TOOL].text;
	cJSON *programs = cJSON_CreateObject();
	add_program(run, programs, words->items[0], true);
	for (size_t i = 1; i < words->count && i < WORDS_MAX; i++)
		add_program(run, programs, words->items[i], false);
	if (!tool || strchr(tool, '/'))
		return programs;
	if (!is_tool_itself(words->items[0], tool))
		add_program(run, programs, tool, true);
	return programs;
}

/* What the run itself wrote is no version of the command. */
static void drop_changed(const struct gate *gate, cJSON *programs)
{
	const struct run *run = gate->pipeline->run;
	const struct name_list *words = &run->options->child;
	cJSON *next;
	for (cJSON *one = programs->child; one; one = next) {
		next = one->next;
		bool file = strcmp(one->string, words->items[0]) != 0 && name_list_has(words, one->string);
		const char *now = keep_digest(run, one->string, !file);
		if (!now || strcmp(now, one->valuestring) != 0)
			cJSON_Delete(cJSON_DetachItemViaPointer(programs, one));
	}
}

/* --- the entry -----------------------------------------------------------------------------------
 */

static const char *command_text(const struct run *run)
{
	const struct name_list *child = &run->options->child;
	const char *line = mask_line(run->arena, child->items, child->count);
	return text_clean(run->arena, line, strlen(line), COMMAND_CHARS);
}

/* Three digits and a little more: figures of a run are not exact. */
static double lock_rounded(double value, enum learnt what)
{
	enum unit unit = learnt_rows[what].unit;
	if (what == LEARNT_CPU_CORES || unit == UNIT_RATIO)
		return ceil(value * 1000) / 1000;
	if (unit == UNIT_PER_S)
		return round(value * 10) / 10;
	return ceil(value);
}

static cJSON *lock_run_json(const struct lock_run *run)
{
	cJSON *object = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(object, "at", run->at);
	if (run->learnt.both_here)
		(void)cJSON_AddBoolToObject(object, "both_here", true);
	for (size_t i = 0; i < LEARNT_VALUES; i++) {
		double value = run->learnt.values[i];
		const char *name = learnt_rows[i].name;
		if (!isnan(value))
			(void)cJSON_AddNumberToObject(object, name, value);
	}
	return object;
}

static cJSON *spreads_json(const struct lock_entry *entry)
{
	cJSON *object = cJSON_CreateObject();
	for (size_t i = 0; i < LEARNT_VALUES; i++) {
		const struct learnt_spread spread = lock_entry_spread(entry, (enum learnt)i);
		if (!spread.n)
			continue;
		const char *name = learnt_rows[i].name;
		cJSON *item = cJSON_AddObjectToObject(object, name);
		(void)cJSON_AddNumberToObject(item, "n", (double)spread.n);
		(void)cJSON_AddNumberToObject(item, "min", spread.min);
		(void)cJSON_AddNumberToObject(item, "median", spread.median);
		(void)cJSON_AddNumberToObject(item, "max", spread.max);
	}
	return object;
}

/* The plan's flags on the command line, as members of a plan. Those of before stay where this run
 * says nothing. */
static cJSON *given_json(const struct run *run, const struct lock_entry *entry)
{
	static const char *const own[] = {"origins", "schema", "confidence"};
	struct workload given = entry->given;
	workload_merge(&given, &run->options->workload);
	cJSON *object = workload_to_json(&given);
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		const char *name = own[i];
		cJSON_DeleteItemFromObjectCaseSensitive(object, name);
	}
	return object;
}

/* The newest last; the oldest are dropped. */
static void lock_add_run(struct lock_entry *entry, const struct lock_run *run)
{
	if (entry->run_count == LOCK_RUNS_MAX) {
		memmove(entry->runs, entry->runs + 1, (LOCK_RUNS_MAX - 1) * sizeof *entry->runs);
		entry->run_count--;
	}
	entry->runs[entry->run_count++] = *run;
}

static cJSON *lock_entry_json(const struct gate *gate, const struct lock_entry *entry)
{
	const struct run *run = gate->pipeline->run;
	cJSON *object = cJSON_CreateObject();
	const char *text = command_text(run);
	const char *now = gate->pipeline->created;
	cJSON *programs = cJSON_Duplicate(gate->programs, true);
	cJSON *given = given_json(run, entry);
	cJSON *values = spreads_json(entry);
	(void)cJSON_AddStringToObject(object, "command", text);
	(void)cJSON_AddStringToObject(object, "learned", now);
	(void)cJSON_AddItemToObject(object, "programs", programs);
	(void)cJSON_AddItemToObject(object, "given", given);
	(void)cJSON_AddItemToObject(object, "values", values);
	cJSON *runs = cJSON_AddArrayToObject(object, "runs");
	for (size_t i = 0; i < entry->run_count; i++) {
		cJSON *one = lock_run_json(&entry->runs[i]);
		(void)cJSON_AddItemToArray(runs, one);
	}
	return object;
}

static struct lock_run this_run(const struct gate *gate)
{
	struct lock_run run = {.at = gate->pipeline->created, .learnt = gate->learnt};
	for (size_t i = 0; i < LEARNT_VALUES; i++) {
		double *value = &run.learnt.values[i];
		if (!isnan(*value))
			*value = lock_rounded(*value, (enum learnt)i);
	}
	return run;
}

/* --- the file ------------------------------------------------------------------------------------
 */

static cJSON *empty_lock(void)
{
	cJSON *root = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(root, "schema", LOCK_FILE_SCHEMA);
	(void)cJSON_AddObjectToObject(root, "commands");
	return root;
}

static const char *learned_at(const cJSON *entry)
{
	const cJSON *at = cJSON_GetObjectItemCaseSensitive(entry, "learned");
	if (!cJSON_IsString(at))
		return "";
	return at->valuestring;
}

/* The commands that were learned longest ago make room. */
static void lock_make_room(cJSON *commands)
{
	while (cJSON_GetArraySize(commands) >= LOCK_COMMANDS_MAX) {
		cJSON *oldest = commands->child, *one;
		cJSON_ArrayForEach(one, commands) {
			const char *at = learned_at(one);
			if (strcmp(at, learned_at(oldest)) < 0)
				oldest = one;
		}
		oldest = cJSON_DetachItemViaPointer(commands, oldest);
		cJSON_Delete(oldest);
	}
}

/* Runs of another version of the program are others. */
static bool earlier_entry(const struct gate *gate,
		const struct json *before,
		struct lock_entry *ret_entry,
		struct error *err)
{
	const struct run *run = gate->pipeline->run;
	const cJSON *entry = NULL;
	*ret_entry = (struct lock_entry){.learned = ""};
	if (before)
		entry = lock_file_find(run, before);
	if (!entry)
		return true;
	if (lock_file_changed(run, entry))
		return true;
	return lock_file_entry(run, before, entry, ret_entry, err);
}

static cJSON *with_entry(const struct gate *gate, const struct json *before, struct error *err)
{
	struct arena *arena = gate->pipeline->run->arena;
	struct lock_entry *entry = arena_alloc(arena, sizeof *entry);
	const char *digest = lock_file_digest(gate->pipeline->run);
	const struct lock_run run = this_run(gate);
	if (!earlier_entry(gate, before, entry, err))
		return NULL;
	lock_add_run(entry, &run);
	cJSON *root;
	if (before)
		root = cJSON_Duplicate(json_root(before), true);
	else
		root = empty_lock();
	cJSON *commands = cJSON_GetObjectItemCaseSensitive(root, "commands");
	cJSON_DeleteItemFromObjectCaseSensitive(commands, digest);
	lock_make_room(commands);
	cJSON *object = lock_entry_json(gate, entry);
	(void)cJSON_AddItemToObject(commands, digest, object);
	return root;
}

static bool write_lock(struct arena *arena, const struct text *text, struct error *err)
{
	struct target target;
	if (!target_open_below(arena, LOCK_FILE_PATH, &target, err))
		return false;
	if (target_write(&target, text->data, text->length, err))
		return target_commit(arena, &target, err);
	target_discard(&target);
	return false;
}

/* Gates of one directory add their runs one after another; the directory itself is what they wait
 * for, so that no file is left behind. Where it cannot be locked, the last one wins. */
static bool lock_directory(int *ret_fd, struct error *err)
{
	const struct timespec moment = {0, WAIT_NS};
	*ret_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; *ret_fd >= 0 && i < WAITS_MAX; i++) {
		if (flock(*ret_fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return true;
		(void)nanosleep(&moment, NULL);
	}
	return *ret_fd < 0 ||
			error_set(err,
					"%s: another gate has been writing this file for 5 s; try again later",
					LOCK_FILE_PATH);
}

/* NULL without a text in err: there is no file. What an earlier version wrote is read, not
 * changed. */
static struct json *writable_lock(struct error *err)
{
	err->text[0] = '\0';
	struct json *json = lock_file_read(err);
	if (!json || !lock_file_is_before(json))
		return json;
	(void)error_set(err,
			"%s was written by an earlier version (%s): it is used, but --learn does not change "
			"it; to learn anew, move it away",
			LOCK_FILE_PATH,
			LOCK_FILE_SCHEMA_BEFORE);
	json_free(json);
	return NULL;
}

static bool lock_keep_run(const struct gate *gate, struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json = writable_lock(err);
	__attribute__((cleanup(text_release))) struct text text = {0};
	if (err->text[0])
		return false;
	cJSON *root = with_entry(gate, json, err);
	if (!root)
		return false;
	json_print_lines(root, &text);
	text_add(&text, "\n");
	cJSON_Delete(root);
	return write_lock(gate->pipeline->run->arena, &text, err);
}

bool lock_keep(const struct gate *gate, struct error *err)
{
	__attribute__((cleanup(file_close_fd))) int directory = -1;
	if (!gate->watched || !is_certified(&gate->certificate)) {
		screen_say("--learn: nothing was saved, because the run was not certified");
		return true;
	}
	drop_changed(gate, gate->programs);
	return lock_directory(&directory, err) && lock_keep_run(gate, err);
}

bool lock_keep_begin(struct gate *gate, struct error *err)
{
	struct target target;
	struct json *json = writable_lock(err);
	json_close(&json);
	if (err->text[0])
		return false;
	if (!target_open_below(gate->pipeline->run->arena, LOCK_FILE_PATH, &target, err))
		return false;
	target_discard(&target);
	gate->programs = programs_of(gate);
	return true;
}

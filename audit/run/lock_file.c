/* Reads workload.lock.json. A command is known by the digest of its words; what it was learned with
 * (programs and files that it names) by their contents. */
#include "audit/run/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/foreign.h"
#include "audit/run/program.h"
#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

/* Over loopback the scheduler decides who closes: so many runs, and then the highest share. */
static const size_t loopback_runs_least = 3;

const char *lock_file_digest(const struct run *run)
{
	struct text words = {0};
	char *hex = arena_alloc(run->arena, SHA256_HEX_MAX);
	for (size_t i = 0; i < run->options->child.count; i++) {
		const char *word = run->options->child.items[i];
		text_add_bytes(&words, word, strlen(word) + 1);
	}
	(void)sha256_hex(text_string(&words), words.length, hex);
	text_release(&words);
	return hex;
}

/* --- the file ------------------------------------------------------------------------------------
 */

static const char *schema_of(const struct json *json)
{
	const cJSON *named = cJSON_GetObjectItemCaseSensitive(json_root(json), "schema");
	return cJSON_IsString(named) ? named->valuestring : "";
}

bool lock_file_is_before(const struct json *json)
{
	return strcmp(schema_of(json), LOCK_FILE_SCHEMA_BEFORE) == 0;
}

static bool lock_file_check(const struct json *json, struct error *err)
{
	static const char *const members[] = {"schema", "commands", NULL};
	const cJSON *root = json_root(json);
	if (!cJSON_IsObject(root))
		return json_error(json, root, err, "a lock file must be an object");
	const cJSON *named = cJSON_GetObjectItemCaseSensitive(root, "schema");
	const cJSON *commands = cJSON_GetObjectItemCaseSensitive(root, "commands");
	if (!json_check_members(json, root, members, err))
		return false;
	if (strcmp(schema_of(json), LOCK_FILE_SCHEMA) != 0 && !lock_file_is_before(json))
		return json_error(json,
				named ? named : root,
				err,
				"\"schema\" is not \"%s\", so this version cannot read the file; move it away, or "
				"skip it with --no-config",
				LOCK_FILE_SCHEMA);
	if (!cJSON_IsObject(commands))
		return json_error(json, commands ? commands : root, err, "\"commands\" must be an object");
	return true;
}

struct json *lock_file_read(struct error *err)
{
	if (faccessat(AT_FDCWD, LOCK_FILE_PATH, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
		return NULL;
	struct json *json = json_read_below(AT_FDCWD, LOCK_FILE_PATH, err);
	if (!json || lock_file_check(json, err))
		return json;
	json_free(json);
	return NULL;
}

const cJSON *lock_file_find(const struct run *run, const struct json *json)
{
	const cJSON *commands = cJSON_GetObjectItemCaseSensitive(json_root(json), "commands");
	return cJSON_GetObjectItemCaseSensitive(commands, lock_file_digest(run));
}

/* --- an entry ------------------------------------------------------------------------------------
 */

static bool lock_value(const struct json *json,
		const cJSON *object,
		enum learnt value,
		struct learnt_run *ret_run,
		struct error *err)
{
	const struct learnt_row *row = &learnt_rows[value];
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, row->name);
	double number = (double)NAN;
	ret_run->values[value] = number;
	if (!node)
		return true;
	if (!json_number(json, object, row->name, &number, err))
		return false;
	if (!isfinite(number) || number < 0)
		return json_error(json, node, err, "\"%s\" must be a number, 0 or more", row->name);
	bool share = value == LEARNT_CLIENT_CLOSES || value == LEARNT_SERVER_CLOSES;
	if (share && number > 1)
		return json_error(json, node, err, "\"%s\" must be a share between 0 and 1", row->name);
	ret_run->values[value] = number;
	return true;
}

static bool lock_read_run(const struct run *run,
		const struct json *json,
		const cJSON *node,
		struct lock_run *ret_run,
		struct error *err)
{
	const char *members[LEARNT_VALUES + 3] = {"at", "both_here"};
	for (size_t i = 0; i < LEARNT_VALUES; i++)
		members[i + 2] = learnt_rows[i].name;
	*ret_run = (struct lock_run){.at = ""};
	if (!cJSON_IsObject(node))
		return json_error(json, node, err, "each run must be an object");
	if (!json_check_members(json, node, members, err) ||
			!json_string(json, node, "at", run->arena, &ret_run->at, err) ||
			!json_bool(json, node, "both_here", &ret_run->learnt.both_here, err))
		return false;
	for (size_t i = 0; i < LEARNT_VALUES; i++)
		if (!lock_value(json, node, (enum learnt)i, &ret_run->learnt, err))
			return false;
	return true;
}

static bool lock_read_runs(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct lock_entry *ret_entry,
		struct error *err)
{
	const cJSON *runs = cJSON_GetObjectItemCaseSensitive(entry, "runs"), *node;
	if (!cJSON_IsArray(runs))
		return json_error(json, runs ? runs : entry, err, "\"runs\" must be a list");
	cJSON_ArrayForEach(node, runs) {
		if (ret_entry->run_count == LOCK_RUNS_MAX)
			return json_error(json, node, err, "there may be at most %d runs", LOCK_RUNS_MAX);
		struct lock_run *one = &ret_entry->runs[ret_entry->run_count++];
		if (!lock_read_run(run, json, node, one, err))
			return false;
	}
	return true;
}

static bool lock_read_before(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct lock_entry *ret_entry,
		struct error *err)
{
	static const char *const members[] = {"command", "learned", "workload", NULL};
	const cJSON *plan = cJSON_GetObjectItemCaseSensitive(entry, "workload");
	if (!json_check_members(json, entry, members, err))
		return false;
	if (!cJSON_IsObject(plan))
		return json_error(json, entry, err, "\"workload\" must be an object");
	const char *from =
			arena_printf(run->arena, "%s, learned %.10s", LOCK_FILE_PATH, ret_entry->learned);
	ret_entry->is_before = true;
	return workload_from_json(run->arena, json, plan, from, &ret_entry->before, err);
}

static bool lock_read_given(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct lock_entry *ret_entry,
		struct error *err)
{
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(entry, "given");
	const char *from =
			arena_printf(run->arena, "%s, given %.10s", LOCK_FILE_PATH, ret_entry->learned);
	if (!given)
		return true;
	if (!cJSON_IsObject(given))
		return json_error(json, given, err, "\"given\" must be an object");
	return workload_from_json(run->arena, json, given, from, &ret_entry->given, err);
}

/* What is wrong with the parts that people read, and with the digests. */
static bool check_entry(const struct json *json, const cJSON *entry, struct error *err)
{
	static const char *const members[] =
			{"command", "learned", "programs", "given", "values", "runs", NULL};
	static const char *const objects[] = {"programs", "values"};
	if (!json_check_members(json, entry, members, err))
		return false;
	for (size_t i = 0; i < 2; i++) {
		const cJSON *node = cJSON_GetObjectItemCaseSensitive(entry, objects[i]);
		if (node && !cJSON_IsObject(node))
			return json_error(json, node, err, "\"%s\" must be an object", objects[i]);
	}
	return true;
}

bool lock_file_entry(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct lock_entry *ret_entry,
		struct error *err)
{
	*ret_entry = (struct lock_entry){.learned = ""};
	if (!cJSON_IsObject(entry))
		return json_error(json, entry, err, "each command must be an object");
	if (!json_string(json, entry, "learned", run->arena, &ret_entry->learned, err))
		return false;
	if (lock_file_is_before(json))
		return lock_read_before(run, json, entry, ret_entry, err);
	return check_entry(json, entry, err) && lock_read_given(run, json, entry, ret_entry, err) &&
			lock_read_runs(run, json, entry, ret_entry, err);
}

struct learnt_spread lock_entry_spread(const struct lock_entry *entry, enum learnt value)
{
	double values[LOCK_RUNS_MAX];
	for (size_t i = 0; i < entry->run_count; i++)
		values[i] = entry->runs[i].learnt.values[value];
	return learnt_spread_of(values, entry->run_count);
}

/* --- is it still the same program? ---------------------------------------------------------------
 */

static const char *digest_now(const struct run *run, const char *name)
{
	const struct name_list *words = &run->options->child;
	bool first = strcmp(name, words->items[0]) == 0;
	if (!first && name_list_has(words, name))
		return program_open_file_digest(run->arena, name);
	if (!first && strchr(name, '/'))
		return NULL; /* no word of the command: a file is not read because a checkout names it */
	return program_digest(run->arena, name);
}

const char *lock_file_changed(const struct run *run, const cJSON *entry)
{
	const cJSON *programs = cJSON_GetObjectItemCaseSensitive(entry, "programs"), *one;
	size_t left = run->options->child.count + 2;
	if (run->options->facts_path || run->options->fix.root)
		return NULL; /* it will run elsewhere */
	cJSON_ArrayForEach(one, programs) {
		if (left-- == 0)
			break;
		const char *now = digest_now(run, one->string);
		if (!now)
			continue;
		if (!cJSON_IsString(one) || strcmp(one->valuestring, now) != 0)
			return text_clean(run->arena, one->string, strlen(one->string), 60);
	}
	return NULL;
}

/* --- what it says of the plan --------------------------------------------------------------------
 */

static struct foreign *lock_foreign(const struct run *run, const struct json *json)
{
	char digest[SHA256_HEX_MAX];
	struct foreign *foreign = foreign_add(run->arena,
			run->foreign,
			FOREIGN_LOCK,
			"./" LOCK_FILE_PATH,
			arena_strdup(run->arena, json_digest(json, digest)));
	foreign->way_out = "to trust it, add gate --learn; to skip the file, --no-config";
	return foreign;
}

/* It says something, but not of this. */
static void leave_lock(const struct run *run, const struct json *json, const char *why)
{
	struct foreign *foreign = lock_foreign(run, json);
	name_list_append(run->arena, &foreign->left, why);
	foreign->way_out = "to measure it again, run headroom gate --learn";
}

static bool says_rate(const struct workload *given)
{
	static const enum workload_field fields[] = {W_OPEN_RATE, W_REQUESTS, W_LATENCY, W_LIFETIME};
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (given->values[fields[i]].set)
			return true;
	return given->stage_count > 0;
}

static double whole(double number, enum learnt value)
{
	if (learnt_rows[value].unit == UNIT_COUNT || learnt_rows[value].unit == UNIT_BYTES)
		return ceil(number);
	if (learnt_rows[value].unit == UNIT_RATIO)
		return ceil(number * 1000) / 1000;
	return number;
}

static void teach(struct workload *workload,
		enum workload_field field,
		double number,
		const char *from)
{
	workload->values[field] = (struct workload_value){
			.set = true,
			.number = number,
			.confidence = CONFIDENCE_ESTIMATE,
			.from = from,
	};
}

static const char *learned_from(const struct run *run, const struct lock_entry *entry, size_t n)
{
	if (n == 1)
		return arena_printf(run->arena, "%s, 1 run, %.10s", LOCK_FILE_PATH, entry->learned);
	return arena_printf(run->arena,
			"%s, median of %zu runs, last %.10s",
			LOCK_FILE_PATH,
			n,
			entry->learned);
}

static bool any_both_here(const struct lock_entry *entry)
{
	for (size_t i = 0; i < entry->run_count; i++)
		if (entry->runs[i].learnt.both_here)
			return true;
	return false;
}

/* The server closes first, and the client a part of them at the same time. */
static void teach_closer(struct workload *workload, double share, const char *from)
{
	workload->values[W_CLOSER] = (struct workload_value){
			.set = true,
			.text = "server",
			.confidence = CONFIDENCE_ESTIMATE,
			.from = from,
	};
	teach(workload, W_CLIENT_CLOSES, whole(share, LEARNT_CLIENT_CLOSES), from);
}

static void teach_closes(const struct run *run,
		const struct lock_entry *entry,
		const struct learnt_spread *spread,
		struct lock_taught *taught)
{
	const char *from = learned_from(run, entry, spread->n);
	double usual = spread->median;
	if (any_both_here(entry) && spread->n < loopback_runs_least)
		return;
	if (any_both_here(entry)) {
		usual = spread->max;
		from = arena_printf(run->arena,
				"%s, highest of %zu runs over loopback",
				LOCK_FILE_PATH,
				spread->n);
	}
	teach_closer(&taught->usual, usual, from);
	teach_closer(&taught->highest, spread->max, from);
}

static void teach_value(const struct run *run,
		const struct lock_entry *entry,
		enum learnt value,
		struct lock_taught *taught)
{
	const struct learnt_row *row = &learnt_rows[value];
	const struct learnt_spread spread = lock_entry_spread(entry, value);
	taught->spreads[value] = spread;
	if (!spread.n || row->field == WORKLOAD_FIELDS)
		return;
	if (value == LEARNT_OPEN_RATE && says_rate(&entry->given))
		return;
	if (value == LEARNT_CLIENT_CLOSES) {
		teach_closes(run, entry, &spread, taught);
		return;
	}
	const char *from = learned_from(run, entry, spread.n);
	teach(&taught->usual, row->field, whole(spread.median, value), from);
	teach(&taught->highest, row->field, whole(spread.max, value), from);
}

/* What was given at the time stays what it was. */
static void take_entry(const struct run *run,
		const struct lock_entry *entry,
		struct lock_taught *taught)
{
	taught->any = true;
	taught->runs = entry->run_count;
	if (entry->is_before) {
		taught->usual = taught->highest = entry->before;
		return;
	}
	for (size_t i = 0; i < LEARNT_VALUES; i++)
		teach_value(run, entry, (enum learnt)i, taught);
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		if (!entry->given.values[i].set)
			continue;
		taught->usual.values[i] = taught->highest.values[i] = entry->given.values[i];
	}
	const struct workload_value *closer = &entry->given.values[W_CLOSER];
	if (closer->set && !entry->given.values[W_CLIENT_CLOSES].set)
		taught->usual.values[W_CLIENT_CLOSES].set = taught->highest.values[W_CLIENT_CLOSES].set =
				false;
	if (entry->given.stage_count) {
		taught->usual.stages = taught->highest.stages = entry->given.stages;
		taught->usual.stage_count = taught->highest.stage_count = entry->given.stage_count;
	}
}

static bool has_commands(const struct json *json)
{
	const cJSON *commands = cJSON_GetObjectItemCaseSensitive(json_root(json), "commands");
	return commands->child != NULL;
}

bool lock_file_taught(const struct run *run, struct lock_taught *ret_taught, struct error *err)
{
	struct lock_entry *learned = arena_alloc(run->arena, sizeof *learned);
	*ret_taught = (struct lock_taught){.any = false};
	err->text[0] = '\0';
	if (run->options->no_config)
		return true;
	__attribute__((cleanup(json_close))) struct json *json = lock_file_read(err);
	if (!json)
		return !err->text[0];
	const cJSON *entry = lock_file_find(run, json);
	if (!entry) {
		if (has_commands(json) && !run->options->gate.learn)
			leave_lock(run, json, "workload, which was learned from other commands");
		return true;
	}
	if (!lock_file_entry(run, json, entry, learned, err))
		return false;
	const char *changed = lock_file_changed(run, entry);
	if (changed) {
		leave_lock(run,
				json,
				arena_printf(run->arena, "workload, learned with another version of %s", changed));
		return true;
	}
	name_list_append(run->arena, &lock_foreign(run, json)->taken, LOCK_FILE_PLAN);
	take_entry(run, learned, ret_taught);
	return true;
}

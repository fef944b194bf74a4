/* Writes what a certified run taught into workload.lock.json. */
#include "audit/gate/lock_keep.h"

#include <math.h>
#include <string.h>

#include "audit/cli/screen.h"
#include "audit/output/target.h"
#include "audit/run/lock_file.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/plan/command/mask.h"

enum {
	COMMAND_CHARS = 500
};

/* Closes on this side: fewer are the other side's alone, up to the next are likely the other
 * side's. */
static const double few_closes = 0.01, some_closes = 0.05;
/* Connections differ from the plan from here on. */
static const double same_ratio = 0.02;

static void lock_keep_add_number(cJSON *plan, enum workload_field field, double number)
{
	if (!isnan(number))
		(void)cJSON_AddNumberToObject(plan, workload_rows[field].name, number);
}

/* Does the server most likely close first, so that only the client's part is open? */
static bool either_closes(const struct workload_value *values)
{
	const struct workload_value *closer = &values[W_CLOSER];
	if (strcmp(values[W_ROLE].text, "client") != 0)
		return false;
	if (closer->assumed || !closer->text)
		return false;
	return strcmp(closer->text, "server") == 0;
}

static void add_closer(cJSON *plan, const struct workload_value *values, double share)
{
	const char *name = workload_rows[W_CLOSER].name;
	double thousandths = ceil(share * 1000);
	if (either_closes(values)) {
		lock_keep_add_number(plan, W_CLIENT_CLOSES, thousandths / 1000);
		return;
	}
	if (share <= few_closes)
		(void)cJSON_AddStringToObject(plan, name, "server");
	else if (share > some_closes)
		(void)cJSON_AddStringToObject(plan, name, "client");
}

/* Only what is better known than before. */
static cJSON *taught_plan(const struct gate *gate)
{
	const struct certificate *seen = &gate->certificate;
	const struct workload *load = result_load(gate->result);
	const struct workload_value *values = load->values;
	const struct compared *live = &seen->compared[0];
	cJSON *plan = cJSON_CreateObject();
	lock_keep_add_number(plan, W_FDS_BASE, seen->fds_base);
	if (values[W_USERS].set && values[W_USERS].number > 0)
		lock_keep_add_number(plan,
				W_MEMORY_PER_USER,
				ceil(seen->bytes_per_connection * live->seen / values[W_USERS].number));
	else
		lock_keep_add_number(plan, W_MEMORY_PER_CONNECTION, seen->bytes_per_connection);
	if (!load->stage_count && values[W_CONNECTIONS].confidence != CONFIDENCE_EXACT &&
			fabs(live->difference) > same_ratio)
		lock_keep_add_number(plan, W_CONNECTIONS, live->seen);
	if (!isnan(seen->closes_here_share) && values[W_CLOSER].confidence != CONFIDENCE_EXACT)
		add_closer(plan, values, seen->closes_here_share);
	return plan;
}

static const char *command_text(const struct run *run)
{
	const struct name_list *child = &run->options->child;
	const char *line = mask_line(run->arena, child->items, child->count);
	return text_clean(run->arena, line, strlen(line), COMMAND_CHARS);
}

static cJSON *empty_lock(void)
{
	cJSON *root = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(root, "schema", LOCK_FILE_SCHEMA);
	(void)cJSON_AddObjectToObject(root, "commands");
	return root;
}

static cJSON *with_entry(const struct gate *gate, const struct json *before)
{
	const struct run *run = gate->pipeline->run;
	const char *digest = lock_file_digest(run);
	cJSON *entry = cJSON_CreateObject();
	cJSON *root;
	if (before)
		root = cJSON_Duplicate(json_root(before), true);
	else
		root = empty_lock();
	(void)cJSON_AddStringToObject(entry, "command", command_text(run));
	(void)cJSON_AddStringToObject(entry, "learned", gate->pipeline->created);
	(void)cJSON_AddItemToObject(entry, "workload", taught_plan(gate));
	cJSON *commands = cJSON_GetObjectItemCaseSensitive(root, "commands");
	cJSON_DeleteItemFromObjectCaseSensitive(commands, digest);
	(void)cJSON_AddItemToObject(commands, digest, entry);
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

bool lock_keep(const struct gate *gate, struct error *err)
{
	struct arena *arena = gate->pipeline->run->arena;
	if (!gate->watched || !is_certified(&gate->certificate)) {
		screen_say("--learn: nothing is kept of a run that was not certified");
		return true;
	}
	err->text[0] = '\0';
	__attribute__((cleanup(json_close))) struct json *json = lock_file_read(err);
	if (err->text[0])
		return false;
	__attribute__((cleanup(text_release))) struct text text = {0};
	cJSON *root = with_entry(gate, json);
	json_print_lines(root, &text);
	text_add(&text, "\n");
	cJSON_Delete(root);
	return write_lock(arena, &text, err);
}

/* Reads workload.lock.json. A command is known by the digest of its words; its plan's members are
 * those of headroom.workload/2. */
#include "audit/run/lock_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

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

struct json *lock_file_read(struct error *err)
{
	static const char *const members[] = {"schema", "commands", NULL};
	if (access(LOCK_FILE_PATH, F_OK) != 0 && errno == ENOENT)
		return NULL;
	struct json *json = json_read_file(LOCK_FILE_PATH, err);
	const cJSON *root = json ? json_root(json) : NULL;
	const cJSON *named = cJSON_GetObjectItemCaseSensitive(root, "schema");
	if (!root)
		return NULL;
	bool good = cJSON_IsObject(root) ? json_check_members(json, root, members, err)
									 : json_error(json, root, err, "a lock file is an object");
	if (good && (!cJSON_IsString(named) || strcmp(named->valuestring, LOCK_FILE_SCHEMA) != 0))
		good = json_error(json,
				named ? named : root,
				err,
				"\"schema\" is not \"%s\"",
				LOCK_FILE_SCHEMA);
	const cJSON *commands = cJSON_GetObjectItemCaseSensitive(root, "commands");
	if (good && !cJSON_IsObject(commands))
		good = json_error(json, commands ? commands : root, err, "\"commands\" is an object");
	if (good)
		return json;
	json_free(json);
	return NULL;
}

bool lock_file_apply(const struct run *run, struct workload *workload, struct error *err)
{
	static const char *const members[] = {"command", "learned", "workload", NULL};
	err->text[0] = '\0';
	__attribute__((cleanup(json_close))) struct json *json = lock_file_read(err);
	const cJSON *commands = json ? cJSON_GetObjectItemCaseSensitive(json_root(json), "commands")
								 : NULL;
	const cJSON *entry = cJSON_GetObjectItemCaseSensitive(commands, lock_file_digest(run));
	const cJSON *plan = cJSON_GetObjectItemCaseSensitive(entry, "workload");
	const char *learned = "";
	struct workload taught = {0};
	if (!entry)
		return !err->text[0];
	if (!json_check_members(json, entry, members, err) ||
			!json_string(json, entry, "learned", run->arena, &learned, err))
		return false;
	if (!cJSON_IsObject(plan))
		return json_error(json, entry, err, "\"workload\" is an object");
	const char *from = arena_printf(run->arena, "%s, learned %.10s", LOCK_FILE_PATH, learned);
	if (!workload_from_json(run->arena, json, plan, from, &taught, err))
		return false;
	workload_merge(workload, &taught);
	workload_merge(workload, &run->options->workload);
	return true;
}

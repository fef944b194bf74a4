/* Reads workload.lock.json. A command is known by the digest of its words; its plan's members are
 * those of headroom.workload/2. */
#include "audit/run/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/foreign.h"
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
	if (faccessat(AT_FDCWD, LOCK_FILE_PATH, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
		return NULL;
	struct json *json = json_read_below(AT_FDCWD, LOCK_FILE_PATH, err);
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

static void add_foreign(const struct run *run, const struct json *json)
{
	char digest[SHA256_HEX_MAX];
	struct foreign *foreign = foreign_add(run->arena,
			run->foreign,
			FOREIGN_LOCK,
			"./" LOCK_FILE_PATH,
			arena_strdup(run->arena, json_digest(json, digest)));
	name_list_append(run->arena, &foreign->taken, LOCK_FILE_PLAN);
	foreign->way_out = "gate --learn takes its word, --no-config none of it";
}

static bool read_entry(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct workload *ret_taught,
		struct error *err)
{
	static const char *const members[] = {"command", "learned", "workload", NULL};
	const cJSON *plan = cJSON_GetObjectItemCaseSensitive(entry, "workload");
	const char *learned = "";
	if (!json_check_members(json, entry, members, err) ||
			!json_string(json, entry, "learned", run->arena, &learned, err))
		return false;
	if (!cJSON_IsObject(plan))
		return json_error(json, entry, err, "\"workload\" is an object");
	const char *from = arena_printf(run->arena, "%s, learned %.10s", LOCK_FILE_PATH, learned);
	return workload_from_json(run->arena, json, plan, from, ret_taught, err);
}

bool lock_file_taught(const struct run *run,
		struct workload *ret_taught,
		bool *ret_any,
		struct error *err)
{
	*ret_taught = (struct workload){0};
	*ret_any = false;
	err->text[0] = '\0';
	if (run->options->no_config)
		return true;
	__attribute__((cleanup(json_close))) struct json *json = lock_file_read(err);
	if (!json)
		return !err->text[0];
	const cJSON *commands = cJSON_GetObjectItemCaseSensitive(json_root(json), "commands");
	const cJSON *entry = cJSON_GetObjectItemCaseSensitive(commands, lock_file_digest(run));
	if (!entry)
		return true;
	add_foreign(run, json);
	*ret_any = true;
	return read_entry(run, json, entry, ret_taught, err);
}

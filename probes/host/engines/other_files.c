/* dockerd and the kubelet: JSON, YAML and options of their command lines. */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/host/engines/configuration.h"
#include "probes/host/parse.h"

/* --- dockerd
 * ------------------------------------------------------------------------------------------ */

/* -1 is no limit. NULL: no such number. */
static const char *ulimit_number(struct arena *arena, const cJSON *limit, const char *name)
{
	char out[NUMBER_TEXT_MAX];
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(limit, name);
	if (!cJSON_IsNumber(number))
		return NULL;
	(void)text_plain_number(out, number->valuedouble);
	return arena_strdup(arena, out);
}

/* {"Name": "nofile", "Soft": 1024, "Hard": 4096} */
static bool take_docker_limit(struct engine_reader *reader, const cJSON *limit, const char *where)
{
	struct arena *arena = reader->arena;
	const char *soft = ulimit_number(arena, limit, "Soft");
	const char *hard = ulimit_number(arena, limit, "Hard");
	if (!soft || !hard)
		return false;
	const char *word = arena_printf(arena, "nofile=%s:%s", soft, hard);
	return configuration_ulimit(reader, word, where);
}

/* Registries and proxies have passwords in there: only this member is kept. */
static void keep_daemon_json(struct engine_reader *reader, const char *path, const cJSON *limit)
{
	struct text text = {0};
	text_add(&text, "{");
	if (limit) {
		text_add(&text, "\"default-ulimits\":{\"nofile\":");
		json_print(limit, &text);
		text_add(&text, "}");
	}
	text_add(&text, "}\n");
	configuration_keep(reader, path, &text);
}

static void read_daemon_json(struct engine_reader *reader, const char *path)
{
	const char *text = configuration_text(reader, path);
	if (!text)
		return;
	struct json *json = configuration_json(path, text);
	bool good = json && cJSON_IsObject(json_root(json));
	if (!good) {
		configuration_unread(reader, path, "not a JSON object");
		source_keep(reader->source, path, "{", 1);
		json_free(json);
		return;
	}
	const cJSON *root = json_root(json);
	const cJSON *limits = cJSON_GetObjectItemCaseSensitive(root, "default-ulimits");
	const cJSON *limit = cJSON_GetObjectItemCaseSensitive(limits, "nofile");
	const char *shown = configuration_shown(reader, path);
	const char *where = arena_printf(reader->arena, "%s, default-ulimits", shown);
	if (limit && !take_docker_limit(reader, limit, where))
		configuration_unread(reader, path, "default-ulimits.nofile is not understood");
	keep_daemon_json(reader, path, limit);
	json_free(json);
}

void configuration_of_docker(struct engine_reader *reader)
{
	static const char usual[] = "etc/docker/daemon.json";
	const struct daemon *daemon = reader->daemon;
	const char *path = daemon_path(daemon, "--config-file", usual);
	read_daemon_json(reader, path);
	const char *ulimit = daemon_option(daemon, "--default-ulimit");
	if (ulimit && !configuration_ulimit(reader, ulimit, "the command line of dockerd"))
		configuration_unread(reader, path, "--default-ulimit of dockerd is not understood");
}

/* --- the kubelet
 * ------------------------------------------------------------------------------------------ */

static void take_pids(struct engine_reader *reader, const char *text, const char *where)
{
	struct engine_value *threads = &reader->engines->threads;
	uint64_t number;
	threads->where = where;
	threads->text = "infinity"; /* -1 */
	bool limited = parse_whole(text, &number) && number > 0;
	if (limited)
		threads->text = arena_strdup(reader->arena, text);
}

/* A word of YAML without quotes and comment. */
static const char *yaml_word(struct arena *arena, const char *text)
{
	char *word = parse_trim(arena_strdup(arena, text));
	if (*word == '"' || *word == '\'') {
		const char quote[] = {*word, '\0'};
		word++;
		word[strcspn(word, quote)] = '\0';
		return word;
	}
	word[strcspn(word, "#")] = '\0';
	return parse_trim(word);
}

static void kubelet_allows(struct engine_reader *reader, const char *name)
{
	if (*name)
		name_list_add_once(reader->arena, &reader->engines->allowed, name);
}

/* "a,b" and "[a, b]" */
static void kubelet_allows_all(struct engine_reader *reader, const char *text)
{
	struct arena *arena = reader->arena;
	char *all = arena_strdup(arena, text);
	char *words = all;
	while (*(words += strcspn(words, ",[]")))
		*words++ = '\n';
	words = all;
	char *line;
	while ((line = parse_line(&words))) {
		const char *name = yaml_word(arena, line);
		kubelet_allows(reader, name);
	}
}

struct kubelet_file {
	struct engine_reader *reader;
	const char *path, *where;
	bool in_list;
	struct text kept;
};

/* One line of a KubeletConfiguration: what matters has no indentation. */
static void kubelet_line(struct kubelet_file *file, const char *line)
{
	static const char pids[] = "podPidsLimit:", sysctls[] = "allowedUnsafeSysctls:";
	struct engine_reader *reader = file->reader;
	struct arena *arena = reader->arena;
	const char *inner = line + strspn(line, " ");
	bool item = file->in_list && text_begins_with(inner, "- ");
	bool limit = text_begins_with(line, pids);
	if (item) {
		kubelet_allows(reader, yaml_word(arena, inner + 2));
	} else if (limit) {
		const char *word = yaml_word(arena, line + strlen(pids));
		take_pids(reader, word, file->where);
	} else if (text_begins_with(line, sysctls)) {
		kubelet_allows_all(reader, line + strlen(sysctls));
		file->in_list = true;
		item = true;
	} else if (*inner && *inner != '#') {
		file->in_list = false;
	}
	if (item || limit)
		text_addf(&file->kept, "%s\n", line);
}

/* A snapshot keeps it as YAML. */
static void kubelet_json(struct kubelet_file *file, const char *text)
{
	struct engine_reader *reader = file->reader;
	struct arena *arena = reader->arena;
	struct json *json = configuration_json(file->path, text);
	if (!json) {
		configuration_unread(reader, file->path, "not JSON");
		text_add(&file->kept, "{\n");
		return;
	}
	const char *pids = ulimit_number(arena, json_root(json), "podPidsLimit");
	if (pids) {
		take_pids(reader, pids, file->where);
		text_addf(&file->kept, "podPidsLimit: %s\n", pids);
	}
	const cJSON *root = json_root(json);
	const cJSON *name;
	const cJSON *names = cJSON_GetObjectItemCaseSensitive(root, "allowedUnsafeSysctls");
	text_add(&file->kept, "allowedUnsafeSysctls:\n");
	cJSON_ArrayForEach(name, names) {
		const char *listed = cJSON_GetStringValue(name);
		if (!listed || strpbrk(listed, "\r\n"))
			continue;
		listed = arena_strdup(arena, listed);
		kubelet_allows(reader, listed);
		text_addf(&file->kept, "- %s\n", listed);
	}
	json_free(json);
}

static void read_kubelet(struct engine_reader *reader, const char *path)
{
	struct arena *arena = reader->arena;
	const char *text = configuration_text(reader, path);
	if (!text)
		return;
	struct kubelet_file file = {.reader = reader, .path = path};
	file.where = arena_printf(arena, "%s, podPidsLimit", configuration_shown(reader, path));
	const char *start = text + strspn(text, " \t\r\n");
	if (*start == '{') {
		kubelet_json(&file, text);
	} else {
		char *lines = arena_strdup(arena, text);
		char *line;
		while ((line = parse_line(&lines)))
			kubelet_line(&file, line);
	}
	configuration_keep(reader, path, &file.kept);
}

/* Options of the command line win over the file. */
void configuration_of_kubelet(struct engine_reader *reader)
{
	static const char command[] = "the command line of the kubelet";
	static const char usual[] = "var/lib/kubelet/config.yaml";
	const struct daemon *daemon = reader->daemon;
	const char *path = daemon_path(daemon, "--config", usual);
	read_kubelet(reader, path);
	const char *given = daemon_option(daemon, "--config-dir");
	if (given)
		configuration_unread(reader, path, "the kubelet's --config-dir is not read");
	given = daemon_option(daemon, "--pod-max-pids");
	if (given)
		take_pids(reader, given, command);
	given = daemon_option(daemon, "--allowed-unsafe-sysctls");
	if (given) {
		reader->engines->allowed = (struct name_list){0};
		kubelet_allows_all(reader, given);
	}
}

/* CRI-O, Podman and containerd: configuration in TOML. Of a file a snapshot keeps the settings that
 * are read, and nothing else: registries have passwords in there. */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/host/engines/configuration.h"
#include "probes/host/parse.h"
#include "probes/plan/tree.h"

struct toml_file;
typedef void toml_take(struct toml_file *file, const struct tree_node *root);

struct toml_file {
	struct engine_reader *reader;
	const char *path, *where;
	const char *table; /* "crio" "runtime": where the defaults of containers stand */
	const char *inner; /* NULL: it has no table in it */
	struct text kept;
	/* containerd: the runtime that is taken where a pod names none, and the specification that
	 * each runtime begins with. */
	const char *runtime;
	struct name_list specs; /* "runc" "/etc/containerd/base.json" … */
	struct name_list imports;
};

/* JSON's strings are strings of TOML. */
static void keep_string(struct text *kept, const char *text)
{
	cJSON *string = cJSON_CreateString(text);
	json_print(string, kept);
	cJSON_Delete(string);
}

static void keep_node(struct text *kept, const struct tree_node *node)
{
	text_addf(kept, "%s = ", node->name);
	if (node->kind != TREE_SEQUENCE) {
		keep_string(kept, node->text ? node->text : "");
		text_add(kept, "\n");
		return;
	}
	text_add(kept, "[");
	for (const struct tree_node *item = node->child; item; item = item->next) {
		if (item->kind != TREE_SCALAR)
			continue;
		keep_string(kept, item->text);
		text_add(kept, ",");
	}
	text_add(kept, "]\n");
}

static void read_toml(struct toml_file *file, toml_take *take)
{
	struct engine_reader *reader = file->reader;
	struct error why = {0};
	const char *text = configuration_text(reader, file->path);
	if (!text)
		return;
	file->where = configuration_shown(reader, file->path);
	const struct tree_node *root =
			tree_from_toml(reader->arena, file->where, text, strlen(text), &why);
	if (root) {
		take(file, root);
	} else {
		configuration_unread(reader, file->path, "not TOML");
		text_add(&file->kept, "broken = [\n");
	}
	configuration_keep(reader, file->path, &file->kept);
}

static bool is_engine_file(const char *name)
{
	if (*name == '.')
		return false;
	if (text_ends_with(name, ".conf"))
		return true;
	return text_ends_with(name, ".toml");
}

/* The files of a directory by their names. CRI-O takes any name, Podman those in ".conf". */
static void read_toml_directory(struct toml_file *file, const char *directory, toml_take *take)
{
	struct engine_reader *reader = file->reader;
	const char *const *names;
	size_t count;
	bool more = false;
	struct source *source = reader->source;
	int error = source_list(source, directory, &names, &count, &more);
	if (error == SOURCE_NOT_COLLECTED)
		configuration_unread(reader, directory, "not in the snapshot");
	else if (more)
		configuration_unread(reader, directory, "more files than are looked at");
	if (error)
		return;
	for (size_t i = 0; i < count; i++) {
		if (!is_engine_file(names[i]))
			continue;
		file->path = arena_printf(reader->arena, "%s/%s", directory, names[i]);
		read_toml(file, take);
	}
}

/* --- CRI-O and Podman: default_ulimits, default_sysctls, pids_limit
 * ------------------------------------------------------------------------------------------ */

static void take_items(struct toml_file *file,
		const struct tree_node *node,
		bool (*take)(struct engine_reader *reader, const char *word, const char *where))
{
	struct engine_reader *reader = file->reader;
	struct arena *arena = reader->arena;
	if (!node)
		return;
	keep_node(&file->kept, node);
	for (const struct tree_node *item = node->child; item; item = item->next) {
		const char *word = item->text;
		if (item->kind != TREE_SCALAR)
			continue;
		if (take(reader, word, file->where))
			continue;
		const char *shown = text_clean(arena, word, strlen(word), 60);
		const char *why = arena_printf(arena, "%s has \"%s\"", node->name, shown);
		configuration_unread(reader, file->path, why);
	}
}

/* 0 and -1 are no limit. */
static void take_threads(struct toml_file *file, const struct tree_node *node)
{
	struct engine_value *threads = &file->reader->engines->threads;
	uint64_t number;
	if (!node || !node->text)
		return;
	keep_node(&file->kept, node);
	*threads = (struct engine_value){"infinity", file->where};
	if (parse_whole(node->text, &number) && number > 0)
		threads->text = node->text;
}

static void take_tables(struct toml_file *file, const struct tree_node *root)
{
	const struct tree_node *table = tree_child(root, file->table);
	text_addf(&file->kept, "[%s", file->table);
	if (file->inner) {
		table = tree_child(table, file->inner);
		text_addf(&file->kept, ".%s", file->inner);
	}
	text_add(&file->kept, "]\n");
	take_items(file, tree_child(table, "default_ulimits"), configuration_ulimit);
	take_items(file, tree_child(table, "default_sysctls"), configuration_sysctl);
	take_threads(file, tree_child(table, "pids_limit"));
}

void configuration_of_crio(struct engine_reader *reader)
{
	struct toml_file file = {
			.reader = reader,
			.table = "crio",
			.inner = "runtime",
	};
	const struct daemon *crio = reader->daemon;
	file.path = daemon_path(crio, "--config", "etc/crio/crio.conf");
	read_toml(&file, take_tables);
	const char *directory = daemon_path(crio, "--config-dir", "etc/crio/crio.conf.d");
	read_toml_directory(&file, directory, take_tables);
	const char *given = daemon_option(crio, "--default-ulimits");
	if (given && !configuration_ulimit(reader, given, "the command line of crio"))
		configuration_unread(reader, file.path, "--default-ulimits of crio is not understood");
}

/* containers.conf(5): the later file wins. What a user has in his home counts for him alone. */
void configuration_of_podman(struct engine_reader *reader)
{
	static const char *const files[] = {
			"usr/share/containers/containers.conf",
			"etc/containers/containers.conf",
	};
	struct toml_file file = {
			.reader = reader,
			.table = "containers",
	};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		file.path = files[i];
		read_toml(&file, take_tables);
	}
	read_toml_directory(&file, "etc/containers/containers.conf.d", take_tables);
}

/* --- containerd: base_runtime_spec of its runtime for pods
 * ------------------------------------------------------------------------------------------ */

static void keep_table(struct text *kept, const char *plugin, const char *runtime)
{
	text_add(kept, "[plugins.");
	keep_string(kept, plugin);
	text_add(kept, ".containerd");
	if (runtime) {
		text_add(kept, ".runtimes.");
		keep_string(kept, runtime);
	}
	text_add(kept, "]\n");
}

static void take_runtime_of(struct toml_file *file,
		const struct tree_node *plugin,
		const struct tree_node *runtime)
{
	struct arena *arena = file->reader->arena;
	const struct tree_node *spec = tree_child(runtime, "base_runtime_spec");
	if (!spec || !spec->text)
		return;
	keep_table(&file->kept, plugin->name, runtime->name);
	keep_node(&file->kept, spec);
	name_list_append(arena, &file->specs, runtime->name);
	name_list_append(arena, &file->specs, spec->text);
}

/* plugins."io.containerd.grpc.v1.cri".containerd of 1.x, 'io.containerd.cri.v1.runtime' of 2.x. */
static void take_plugin(struct toml_file *file, const struct tree_node *plugin)
{
	const struct tree_node *table = tree_child(plugin, "containerd");
	const struct tree_node *name = tree_child(table, "default_runtime_name");
	const struct tree_node *runtimes = tree_child(table, "runtimes");
	if (name && name->text) {
		keep_table(&file->kept, plugin->name, NULL);
		keep_node(&file->kept, name);
		file->runtime = name->text;
	}
	if (!runtimes)
		return;
	for (const struct tree_node *runtime = runtimes->child; runtime; runtime = runtime->next)
		take_runtime_of(file, plugin, runtime);
}

static void note_import(struct toml_file *file, const struct tree_node *item)
{
	struct arena *arena = file->reader->arena;
	if (item->kind == TREE_SCALAR)
		name_list_append(arena, &file->imports, item->text);
}

static void take_containerd(struct toml_file *file, const struct tree_node *root)
{
	const struct tree_node *plugins = tree_child(root, "plugins");
	const struct tree_node *imports = tree_child(root, "imports");
	const struct tree_node *item = NULL;
	if (imports) {
		keep_node(&file->kept, imports);
		item = imports->child;
	}
	for (; item; item = item->next)
		note_import(file, item);
	if (plugins)
		item = plugins->child;
	for (; item; item = item->next)
		take_plugin(file, item);
}

/* A file, or all files in ".toml" of a directory; containerd takes other patterns as well. */
static void read_import(struct toml_file *file, const char *import)
{
	struct engine_reader *reader = file->reader;
	const char *slash = strrchr(import, '/');
	if (*import != '/' || !slash) {
		configuration_unread(reader, "etc/containerd/config.toml", "a relative import");
		return;
	}
	const char *path = import + 1;
	if (strcmp(slash, "/*.toml") == 0 && slash > import) {
		path = arena_copy(reader->arena, path, (size_t)(slash - path));
		read_toml_directory(file, path, take_containerd);
	} else if (strchr(import, '*')) {
		configuration_unread(reader, path, "imported by a pattern that is not read");
	} else {
		file->path = path;
		read_toml(file, take_containerd);
	}
}

static void read_imports(struct toml_file *file)
{
	const struct name_list imports = file->imports;
	file->imports = (struct name_list){0};
	for (size_t i = 0; i < imports.count; i++)
		read_import(file, imports.items[i]);
	if (file->imports.count > 0)
		configuration_unread(file->reader, file->path, "it imports more files");
}

static const cJSON *spec_member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void add_json(struct text *text, const cJSON *value, const char *nothing)
{
	if (value)
		json_print(value, text);
	else
		text_add(text, nothing);
}

/* What of the specification is read, as a text. */
static void keep_spec(struct engine_reader *reader,
		const char *path,
		const cJSON *limits,
		const cJSON *sysctls)
{
	struct text text = {0};
	text_add(&text, "{\"process\":{\"rlimits\":");
	add_json(&text, limits, "[]");
	text_add(&text, "},\"linux\":{\"sysctl\":");
	add_json(&text, sysctls, "{}");
	text_add(&text, "}}\n");
	configuration_keep(reader, path, &text);
}

static void take_rlimit(struct engine_reader *reader, const char *path, const cJSON *limit)
{
	struct arena *arena = reader->arena;
	char a[NUMBER_TEXT_MAX], b[NUMBER_TEXT_MAX];
	const cJSON *type = spec_member(limit, "type");
	const cJSON *soft = spec_member(limit, "soft");
	const cJSON *hard = spec_member(limit, "hard");
	const char *name = cJSON_GetStringValue(type);
	if (!name || strcmp(name, "RLIMIT_NOFILE") != 0)
		return;
	bool numbers = cJSON_IsNumber(soft) && cJSON_IsNumber(hard);
	bool good = numbers;
	if (good) {
		const char *shown = configuration_shown(reader, path);
		const char *where = arena_printf(arena, "%s, RLIMIT_NOFILE", shown);
		(void)text_plain_number(a, soft->valuedouble);
		(void)text_plain_number(b, hard->valuedouble);
		const char *word = arena_printf(arena, "nofile=%s:%s", a, b);
		good = configuration_ulimit(reader, word, where);
	}
	if (!good)
		configuration_unread(reader, path, "its RLIMIT_NOFILE is not understood");
}

static void take_sysctl(struct engine_reader *reader, const char *path, const cJSON *sysctl)
{
	const char *where = configuration_shown(reader, path);
	const char *name = sysctl->string;
	const char *word = "";
	if (cJSON_IsString(sysctl))
		word = arena_printf(reader->arena, "%s=%s", name, sysctl->valuestring);
	if (!configuration_sysctl(reader, word, where))
		configuration_unread(reader, path, "its linux.sysctl is not understood");
}

/* config.json of an OCI bundle: process.rlimits and linux.sysctl. */
static void read_base_spec(struct engine_reader *reader, const char *path)
{
	const char *text = configuration_text(reader, path);
	if (!text) {
		configuration_unread(reader, path, "containerd's base_runtime_spec was not read");
		return;
	}
	struct json *json = configuration_json(path, text);
	if (!json) {
		configuration_unread(reader, path, "not JSON");
		source_keep(reader->source, path, "{", 1);
		return;
	}
	const cJSON *limit, *sysctl;
	const cJSON *root = json_root(json);
	const cJSON *kernel = spec_member(root, "linux");
	const cJSON *process = spec_member(root, "process");
	const cJSON *sysctls = spec_member(kernel, "sysctl");
	const cJSON *limits = spec_member(process, "rlimits");
	cJSON_ArrayForEach(limit, limits)
		take_rlimit(reader, path, limit);
	cJSON_ArrayForEach(sysctl, sysctls)
		take_sysctl(reader, path, sysctl);
	keep_spec(reader, path, limits, sysctls);
	json_free(json);
}

void configuration_of_containerd(struct engine_reader *reader)
{
	struct toml_file file = {
			.reader = reader,
			.runtime = "runc",
	};
	const char *spec = "";
	const struct daemon *daemon = reader->daemon;
	file.path = daemon_path(daemon, "-c", "etc/containerd/config.toml");
	file.path = daemon_path(daemon, "--config", file.path);
	read_toml(&file, take_containerd);
	read_imports(&file);
	for (size_t i = 0; i < file.specs.count; i += 2) {
		const char *runtime = file.specs.items[i];
		if (strcmp(runtime, file.runtime) == 0)
			spec = file.specs.items[i + 1];
	}
	if (*spec == '/')
		read_base_spec(reader, spec + 1);
	else if (*spec)
		configuration_unread(reader, file.path, "base_runtime_spec is not an absolute path");
}

/* kubectl apply -f FILE: the pod of a manifest that makes the load, as a container (Kubernetes API
 * v1, batch/v1, apps/v1; k6-operator's TestRun). The cluster is not asked. */
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"
#include "probes/plan/command/container_words.h"
#include "probes/plan/document.h"

static const char engine[] = "kubernetes";

enum {
	CONTAINERS_MAX = 256 /* more are not looked at */
};

struct cluster {
	struct peel *peel;
	struct arena *arena;
	struct document file; /* a list of documents */
};

/* A workload of the cluster, and the pods that it starts. */
struct pods {
	const struct tree_node *object, *spec; /* spec: of one pod */
	const char *copies;                    /* or NULL */
};

static const struct tree_node *at(const struct tree_node *node, const char *path)
{
	while (node && *path) {
		char name[64];
		size_t length = strcspn(path, ".");
		if (length >= sizeof name) {
			return NULL;
		}
		memcpy(name, path, length);
		name[length] = '\0';
		node = tree_child(node, name);
		path += length + (path[length] == '.');
	}
	return node;
}

static const char *text_at(const struct tree_node *node, const char *path)
{
	const struct tree_node *found = at(node, path);
	if (!found || found->kind != TREE_SCALAR) {
		return NULL;
	}
	return found->text;
}

static bool text_is(const struct tree_node *node, const char *path, const char *text)
{
	const char *found = text_at(node, path);
	return found && !strcmp(found, text);
}

static const struct tree_node *first_of(const struct tree_node *list)
{
	if (!list) {
		return NULL;
	}
	return list->child;
}

/* --- ConfigMaps ----------------------------------------------------------------------------- */

static const struct tree_node *config_map(const struct cluster *k, const char *name)
{
	for (const struct tree_node *d = first_of(k->file.root); d && name; d = d->next) {
		if (text_is(d, "kind", "ConfigMap") && text_is(d, "metadata.name", name)) {
			return tree_child(d, "data");
		}
	}
	return NULL;
}

/* Where the files of a ConfigMap are mounted from: they are put there as if a script had written
 * them. */
static const char *config_directory(struct cluster *k, const char *name)
{
	const struct tree_node *data = config_map(k, name);
	if (!data) {
		return arena_printf(k->arena, "ConfigMap %s (not in %s)", name, k->file.path);
	}
	const char *directory = arena_printf(k->arena, "ConfigMap %s", name);
	for (const struct tree_node *entry = first_of(data); entry; entry = entry->next) {
		peel_written(k->peel, arena_printf(k->arena, "%s/%s", directory, entry->name), entry->text);
	}
	return directory;
}

/* --- one container -------------------------------------------------------------------------- */

static const char *variable_in(const struct name_list *options, const char *name, size_t length)
{
	for (size_t i = 1; i < options->count; i++) {
		const char *item = options->items[i];
		bool variable = !strcmp(options->items[i - 1], "-e");
		if (variable && !strncmp(item, name, length) && item[length] == '=') {
			return item + length + 1;
		}
	}
	return NULL;
}

/* $(NAME) in a command or its arguments; "$$" is a dollar sign. */
static const char *expanded(const struct container_words *to, const char *text)
{
	struct text out = {0};
	for (const char *c = text; *c; c++) {
		size_t length = 0;
		if (c[0] == '$' && c[1] == '(') {
			length = strcspn(c + 2, ")");
		}
		const char *value = NULL;
		if (length) {
			value = variable_in(&to->options, c + 2, length);
		}
		if (value) {
			text_add(&out, value);
			c += length + 2;
		} else {
			text_add_bytes(&out, c, 1);
			c += c[0] == '$' && c[1] == '$';
		}
	}
	return text_take(to->arena, &out);
}

static void add_variables(struct cluster *k,
		struct container_words *to,
		const struct tree_node *container)
{
	const struct tree_node *entry = first_of(tree_child(container, "envFrom"));
	for (; entry; entry = entry->next) {
		const char *name = text_at(entry, "configMapRef.name");
		const struct tree_node *data = first_of(config_map(k, name));
		for (; data; data = data->next) {
			container_option(to, "-e", arena_printf(k->arena, "%s=%s", data->name, data->text));
		}
	}
	for (entry = first_of(tree_child(container, "env")); entry; entry = entry->next) {
		const char *name = text_at(entry, "name"), *value = text_at(entry, "value");
		const struct tree_node *key = at(entry, "valueFrom.configMapKeyRef");
		if (key) {
			const struct tree_node *data = config_map(k, text_at(key, "name"));
			const char *wanted = text_at(key, "key");
			if (wanted) {
				value = tree_text(data, wanted);
			}
		}
		if (name && value) {
			container_option(to, "-e", arena_printf(k->arena, "%s=%s", name, expanded(to, value)));
		}
	}
}

/* Of a volume only ConfigMaps in the same file are seen. */
static void add_mounts(struct cluster *k,
		struct container_words *to,
		const struct tree_node *spec,
		const struct tree_node *container)
{
	const struct tree_node *mount = first_of(tree_child(container, "volumeMounts"));
	for (; mount; mount = mount->next) {
		const char *name = text_at(mount, "name"), *path = text_at(mount, "mountPath");
		const char *part = text_at(mount, "subPath");
		const struct tree_node *volume = first_of(tree_child(spec, "volumes"));
		while (volume && name && !text_is(volume, "name", name)) {
			volume = volume->next;
		}
		const char *map = text_at(volume, "configMap.name");
		if (!map || !path || !name) {
			continue;
		}
		const char *directory = config_directory(k, map);
		const struct tree_node *item = first_of(at(volume, "configMap.items"));
		for (; item; item = item->next) {
			const char *key = text_at(item, "key"), *file = text_at(item, "path");
			const char *text = NULL;
			if (key) {
				text = tree_text(config_map(k, map), key);
			}
			if (text && file) {
				peel_written(k->peel, arena_printf(k->arena, "%s/%s", directory, file), text);
			}
		}
		if (part) {
			directory = arena_printf(k->arena, "%s/%s", directory, part);
		}
		container_option(to, "-v", arena_printf(k->arena, "%s:%s", directory, path));
	}
}

/* "500m" CPUs; "512Mi" and "500M" bytes. NULL: not understood. */
static const char *amount(const struct cluster *k, const char *text, bool bytes)
{
	static const struct quantity_unit units[] = {
			{"m", 1e-3},
			{"k", 1e3},
			{"M", 1e6},
			{"G", 1e9},
			{"T", 1e12},
			{"Ki", 1024.0},
			{"Mi", 1024.0 * 1024},
			{"Gi", 1024.0 * 1024 * 1024},
			{"Ti", 1024.0 * 1024 * 1024 * 1024},
			{NULL, 0},
	};
	static const struct quantity_syntax syntax = {
			.example = "500m or 512Mi",
			.units = units,
			.bare = 1,
			.fraction = true,
	};
	struct error ignored = {0};
	double value;
	if (!text || !quantity_read(text, &syntax, &value, &ignored)) {
		return NULL;
	}
	if (bytes) {
		return arena_printf(k->arena, "%.0f", value);
	}
	return arena_printf(k->arena, "%.6g", value);
}

static void add_limits(struct cluster *k,
		struct container_words *to,
		const struct tree_node *spec,
		const struct tree_node *container)
{
	const struct tree_node *sysctl = first_of(at(spec, "securityContext.sysctls"));
	container_option(to, "--cpus", amount(k, text_at(container, "resources.limits.cpu"), false));
	container_option(to, "-m", amount(k, text_at(container, "resources.limits.memory"), true));
	container_option(to, "-w", text_at(container, "workingDir"));
	if (text_is(spec, "hostNetwork", "true")) {
		container_option(to, "--network", "host");
	}
	for (; sysctl; sysctl = sysctl->next) {
		const char *name = text_at(sysctl, "name"), *value = text_at(sysctl, "value");
		if (name && value) {
			container_option(to, "--sysctl", arena_printf(k->arena, "%s=%s", name, value));
		}
	}
}

static struct container_words pod_words(struct cluster *k,
		const struct tree_node *spec,
		const struct tree_node *container)
{
	struct container_words to = {.arena = k->arena, .image = text_at(container, "image")};
	const struct tree_node *word = first_of(tree_child(container, "command"));
	if (!to.image) {
		to.image = "(no image)";
	}
	add_limits(k, &to, spec, container);
	add_variables(k, &to, container);
	add_mounts(k, &to, spec, container);
	if (word) {
		to.entry = expanded(&to, word->text);
		word = word->next;
	}
	for (; word; word = word->next) {
		name_list_append(k->arena, &to.words, expanded(&to, word->text));
	}
	for (word = first_of(tree_child(container, "args")); word; word = word->next) {
		name_list_append(k->arena, &to.words, expanded(&to, word->text));
	}
	return to;
}

/* --- k6-operator ---------------------------------------------------------------------------- */

/* Each pod of a TestRun runs its part of the script: `k6 run --execution-segment=0:1/N`. */
static struct container_words test_run_words(struct cluster *k, const struct tree_node *object)
{
	const struct tree_node *runner = at(object, "spec.runner");
	struct container_words to = {.arena = k->arena, .image = text_at(runner, "image")};
	const char *map = text_at(object, "spec.script.configMap.name");
	const char *file = text_at(object, "spec.script.configMap.file");
	const char *claimed = text_at(object, "spec.script.volumeClaim.file");
	const char *local = text_at(object, "spec.script.localFile");
	const char *copies = text_at(object, "spec.parallelism");
	const char *arguments = text_at(object, "spec.arguments");
	if (!to.image) {
		to.image = "grafana/k6";
	}
	if (!file) {
		file = claimed;
	}
	if (!file) {
		file = "test.js";
	}
	add_limits(k, &to, runner, runner);
	add_variables(k, &to, runner);
	to.entry = "k6";
	name_list_append(k->arena, &to.words, "run");
	if (copies && strcmp(copies, "1") != 0) {
		name_list_append(k->arena,
				&to.words,
				arena_printf(k->arena, "--execution-segment=0:1/%s", copies));
	}
	if (arguments) {
		container_split(k->arena, arguments, &to.words);
	}
	if (map) {
		container_option(&to, "-v", arena_printf(k->arena, "%s:/test", config_directory(k, map)));
	}
	if (!local) {
		local = arena_printf(k->arena, "/test/%s", file);
	}
	name_list_append(k->arena, &to.words, local);
	return to;
}

/* --- which one ------------------------------------------------------------------------------ */

static bool find_pods(const struct tree_node *object, struct pods *ret)
{
	static const struct {
		const char *kind, *spec, *copies;
	} kinds[] = {
			{
					"Pod",
					"spec",
					NULL,
			},
			{
					"Job",
					"spec.template.spec",
					"spec.parallelism",
			},
			{
					"CronJob",
					"spec.jobTemplate.spec.template.spec",
					"spec.jobTemplate.spec.parallelism",
			},
			{
					"Deployment",
					"spec.template.spec",
					"spec.replicas",
			},
			{
					"StatefulSet",
					"spec.template.spec",
					"spec.replicas",
			},
			{
					"ReplicaSet",
					"spec.template.spec",
					"spec.replicas",
			},
			{
					"DaemonSet",
					"spec.template.spec",
					NULL,
			},
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!text_is(object, "kind", kinds[i].kind)) {
			continue;
		}
		*ret = (struct pods){.object = object, .spec = at(object, kinds[i].spec)};
		if (kinds[i].copies) {
			ret->copies = text_at(object, kinds[i].copies);
		}
		return ret->spec;
	}
	return false;
}

struct choice {
	struct container_words words;
	const char *copies;
	struct name_list clients, servers; /* "Job load" */
	unsigned looked;                   /* at so many containers */
};

static void consider(struct cluster *k,
		const struct tree_node *object,
		const struct container_words *words,
		const char *copies,
		struct choice *choice)
{
	bool serves;
	if (++choice->looked > CONTAINERS_MAX) {
		return;
	}
	if (!container_makes_load(k->peel, engine, words, &serves)) {
		return;
	}
	const char *kind = text_at(object, "kind"), *name = text_at(object, "metadata.name");
	struct name_list *list = &choice->clients;
	bool first = !choice->clients.count;
	if (serves) {
		list = &choice->servers;
		first &= !choice->servers.count;
	}
	if (!name) {
		name = "without a name";
	}
	if (first) {
		choice->words = *words;
		choice->copies = copies;
	}
	name_list_append(k->arena, list, arena_printf(k->arena, "%s %s", kind, name));
}

static void consider_object(struct cluster *k,
		const struct tree_node *object,
		struct choice *choice)
{
	const char *version = text_at(object, "apiVersion");
	struct pods pods;
	if (text_is(object, "kind", "List")) {
		const struct tree_node *item = first_of(tree_child(object, "items"));
		for (; item; item = item->next) {
			if (!text_is(item, "kind", "List")) {
				consider_object(k, item, choice);
			}
		}
	}
	if (version && text_begins_with(version, "k6.io/")) {
		const struct container_words words = test_run_words(k, object);
		consider(k, object, &words, text_at(object, "spec.parallelism"), choice);
	}
	if (!find_pods(object, &pods)) {
		return;
	}
	const struct tree_node *container = first_of(tree_child(pods.spec, "containers"));
	for (; container; container = container->next) {
		const struct container_words words = pod_words(k, pods.spec, container);
		consider(k, object, &words, pods.copies, choice);
	}
}

static bool enter_pod(struct cluster *k, const struct choice *choice)
{
	const struct name_list *found = &choice->clients;
	if (!found->count) {
		found = &choice->servers;
	}
	if (!found->count) {
		return error_set(k->peel->err,
				"no container of %.200s starts a load test tool that headroom reads",
				k->file.path);
	}
	if (found->count > 1) {
		return error_set(k->peel->err,
				"%.200s starts several load tests (%.80s, %.80s): put each into a separate file",
				k->file.path,
				found->items[0],
				found->items[1]);
	}
	if (choice->clients.count && choice->servers.count) {
		k->peel->command->beside = choice->servers.items[0];
	}
	if (choice->copies) {
		peel_copies(k->peel, choice->copies);
	}
	return container_enter(k->peel, engine, &choice->words);
}

/* The file of -f; "-" is standard input. */
static bool read_manifest(struct cluster *k, const char *path)
{
	const struct plan_context *context = k->peel->context;
	const char *text = NULL;
	size_t length;
	if (strcmp(path, "-") != 0) {
		return document_read(context,
				k->peel->command,
				path,
				"yaml-stream",
				engine,
				&k->file,
				k->peel->err);
	}
	if (!plan_input(context, k->peel->command, &text, k->peel->err)) {
		return false;
	}
	if (!text) {
		return error_set(k->peel->err,
				"kubectl: its standard input is not known here; name a file with -f FILE");
	}
	length = strlen(text);
	return document_parse(context,
			"standard input",
			"yaml-stream",
			text,
			length,
			&k->file,
			k->peel->err);
}

bool peel_kubectl(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	struct cluster *k = arena_alloc(peel->context->arena, sizeof *k);
	struct choice choice = {0};
	const char *path = NULL, *verb = "";
	if (command->count > 1) {
		verb = command->words[1];
	}
	*k = (struct cluster){.peel = peel, .arena = peel->context->arena};
	for (size_t i = 2; i < command->count; i++) {
		const char *word = command->words[i];
		bool option = !strcmp(word, "-f") || !strcmp(word, "--filename");
		if (option && i + 1 < command->count) {
			path = command->words[i + 1];
		} else if (text_begins_with(word, "--filename=")) {
			path = word + strlen("--filename=");
		}
	}
	if (!path || (strcmp(verb, "apply") != 0 && strcmp(verb, "create") != 0)) {
		return error_set(peel->err,
				"%.20s %.20s runs in a cluster: run headroom inside the pod, in front of "
				"the command. Or give the manifest of a pod or job, which headroom "
				"reads: kubectl apply -f FILE",
				command->words[0],
				verb);
	}
	if (!read_manifest(k, path)) {
		return false;
	}
	const struct tree_node *object = first_of(k->file.root);
	for (; object; object = object->next) {
		consider_object(k, object, &choice);
	}
	return enter_pod(k, &choice);
}

/* Containers and network namespaces: options of the command that makes one, lines of a compose file
 * or a pod, and what reaches one that runs. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/layer/form.h"
#include "model/layer/form_make.h"
#include "model/system.h"

/* --- the command that makes the container
 * ------------------------------------------------------- */

/* "nofile" of "nofile=1:2", which a later option of the same name replaces. */
static bool same_setting(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");
	if (a[length] == '\0')
		return true; /* --pids-limit has one value */
	return strncmp(a, b, length + 1) == 0;
}

/* Does the word, with the one after it, give an option that is given anew? Returns how many words
 * it has; 0: no. */
static size_t given_anew(const struct name_list *options, const struct name_list *words, size_t at)
{
	for (size_t i = 0; i + 1 < options->count; i += 2) {
		const char *option = options->items[i], *value = options->items[i + 1];
		size_t length = strlen(option);
		const char *word = words->items[at];
		if (!text_begins_with(word, option))
			continue;
		if (word[length] == '=' && same_setting(value, word + length + 1))
			return 1;
		bool next = word[length] == '\0' && at + 1 < words->count;
		if (next && same_setting(value, words->items[at + 1]))
			return 2;
	}
	return 0;
}

/* Where "run" stands; 0: nowhere. */
static size_t run_word(const struct name_list *words)
{
	for (size_t i = 1; i < words->count; i++)
		if (strcmp(words->items[i], "run") == 0)
			return i;
	return 0;
}

static void add_options(const struct form_question *q,
		const struct name_list *options,
		struct name_list *words)
{
	for (size_t i = 0; i < options->count; i++)
		name_list_append(q->arena, words, options->items[i]);
}

/* Options of earlier steps, but for what is given anew. */
static void add_earlier(const struct form_question *q,
		const struct name_list *anew,
		struct name_list *words)
{
	const struct name_list *earlier = q->options;
	for (size_t i = 0; i < earlier->count;) {
		size_t skipped = given_anew(anew, earlier, i);
		if (!skipped) {
			name_list_append(q->arena, words, earlier->items[i]);
			skipped = 1;
		}
		i += skipped;
	}
}

/* The plan's own command with these options in front of the others. */
static void add_own_command(const struct form_question *q,
		const struct name_list *options,
		struct fix_form *form)
{
	const struct name_list *words = &q->holder->command;
	size_t run = run_word(words);
	struct command_words *command = shell_add(q->arena, &form->commands);
	for (size_t i = 0; i < words->count;) {
		size_t skipped = 0;
		if (i > run)
			skipped = given_anew(options, words, i);
		if (skipped) {
			i += skipped;
			continue;
		}
		name_list_append(q->arena, &command->words, words->items[i]);
		if (i == run)
			add_options(q, options, &command->words);
		i++;
	}
}

static const char *engine_of(const struct form_question *q)
{
	const char *engine = holder_engine(q->holder);
	if (strcmp(engine, "docker compose") == 0)
		return "docker";
	return engine;
}

/* Podman splits --sysctl at commas, and takes quotes of its own. */
static const char *engine_value(const struct form_question *q, const char *value)
{
	if (strcmp(engine_of(q), "podman") != 0 || !strchr(value, ','))
		return value;
	return arena_printf(q->arena, "\"%s\"", value);
}

/* "docker run OPTIONS IMAGE", for a container that something else started. */
static void add_engine_command(const struct form_question *q,
		const struct name_list *options,
		struct fix_form *form)
{
	const char *engine = engine_of(q);
	struct shell_script *commands = &form->commands;
	shell_add_words(q->arena, commands, engine, "run", NULL);
	struct name_list *words = &commands->items[0].words;
	add_options(q, options, words);
	name_list_append(q->arena, words, "IMAGE");
}

static bool is_of_compose(const struct form_question *q)
{
	const char *engine = holder_engine(q->holder);
	return strcmp(engine, "docker compose") == 0;
}

void form_option(const struct form_question *q,
		struct fix_form *form,
		const char *option,
		const char *value)
{
	struct name_list all = {0};
	const char *engine = engine_of(q);
	if (strcmp(option, "--sysctl") == 0)
		value = engine_value(q, value);
	name_list_append(q->arena, &form->options, option);
	name_list_append(q->arena, &form->options, value);
	if (q->options)
		add_earlier(q, &form->options, &all);
	add_options(q, &form->options, &all);
	form->commands = (struct shell_script){0};
	if (q->holder->planned && run_word(&q->holder->command)) {
		add_own_command(q, &all, form);
	} else if (!is_of_compose(q)) {
		add_engine_command(q, &all, form);
	}
	form->file_count = 0;
	const char *shown = shell_shown(q->arena, value);
	if (!shown)
		shown = value;
	const char *text = arena_printf(q->arena, "%s %s", option, shown);
	form_add_file(form, engine, NULL, text);
}

void form_compose(const struct form_question *q, struct fix_form *form, const char *lines)
{
	if (strcmp(engine_of(q), "podman") == 0)
		return;
	form_add_file(form, "compose", NULL, lines);
	if (is_of_compose(q) && form->commands.count == 0)
		form->say = "add these lines to the service in the compose file, and start it again";
}

/* --- settings of a network namespace
 * ------------------------------------------------------------ */

enum {
	SETTINGS_MAX = 4
};

struct setting {
	const char *key, *value;
};

/* "net.core.somaxconn=1024": the words of the rule's command. */
static size_t settings_of(const struct form_question *q, struct setting ret_settings[SETTINGS_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < q->texts->commands.count; i++) {
		const struct name_list *words = &q->texts->commands.items[i].words;
		for (size_t k = 1; k < words->count && count < SETTINGS_MAX; k++) {
			const char *word = words->items[k], *equals = strchr(word, '=');
			if (!equals || *word == '-')
				continue;
			ret_settings[count++] = (struct setting){
					.key = arena_copy(q->arena, word, (size_t)(equals - word)),
					.value = equals + 1,
			};
		}
	}
	return count;
}

/* Names of the kubelet may end in "*". */
static bool is_allowed(const struct name_list *allowed, const char *key)
{
	for (size_t i = 0; i < allowed->count; i++) {
		const char *name = allowed->items[i];
		size_t length = strlen(name);
		if (strcmp(name, key) == 0)
			return true;
		if (length > 0 && name[length - 1] == '*' && strncmp(name, key, length - 1) == 0)
			return true;
	}
	return false;
}

static void settings_of_pod(const struct form_question *q, struct fix_form *form)
{
	struct setting settings[SETTINGS_MAX];
	size_t count = settings_of(q, settings);
	const char *lines = "securityContext:\n  sysctls:", *allowed = NULL;
	for (size_t i = 0; i < count; i++) {
		const char *key = settings[i].key;
		lines = arena_printf(q->arena,
				"%s\n    - name: %s\n      value: \"%s\"",
				lines,
				key,
				settings[i].value);
		if (!sysctl_is_safe_of_pods(key) && !is_allowed(&q->holder->node.allowed, key))
			allowed = arena_printf(q->arena,
					"%s\n  - \"%s\"",
					allowed ? allowed : "allowedUnsafeSysctls:",
					key);
	}
	const char *say = form->say && q->change->rule->kind == FIX_WORKLOAD ? form->say : NULL;
	form_clear(form);
	form->say = "give the pod these settings in its securityContext";
	if (allowed)
		form->say =
				"allow them in the kubelet's configuration of the node, restart the kubelet, and "
				"give the pod these settings in its securityContext";
	if (say)
		form->say = arena_printf(q->arena, "%s; then %s", form->say, say);
	form->undo_say = "remove them from the pod's securityContext";
	form->restart = "the pod";
	if (allowed)
		form->restart = "the kubelet, then the pod";
	form->shared_with = "all containers of the pod";
	form_add_file(form, "kubernetes", NULL, lines);
	if (allowed)
		form_add_file(form, "kubelet", "/var/lib/kubelet/config.yaml", allowed);
	form_note(q->arena,
			form,
			"Checked against the schema of Kubernetes 1.37, not run on a cluster. It "
			"does not work with hostNetwork, where the node's settings apply.");
}

/* A container that is made, or made anew, with these options. */
static void settings_of_engine(const struct form_question *q, struct fix_form *form)
{
	struct setting settings[SETTINGS_MAX];
	size_t count = settings_of(q, settings);
	const char *say = form->say;
	const char *lines = "sysctls:", *kept = NULL;
	form_clear(form);
	for (size_t i = 0; i < count; i++) {
		const struct setting *setting = &settings[i];
		form_option(q,
				form,
				"--sysctl",
				arena_printf(q->arena, "%s=%s", setting->key, setting->value));
		const char *option = form->files[0].text;
		if (kept)
			option = arena_printf(q->arena, "%s %s", kept, option);
		kept = option;
		lines = arena_printf(q->arena, "%s\n  %s: \"%s\"", lines, setting->key, setting->value);
	}
	form->say = say;
	form->files[0].text = kept;
	form->undo_say = "create the container without the option";
	form->restart = "the container: it must be created again";
	if (q->holder->planned)
		form->restart = "nothing: the container is created with it";
	form->shared_with = "this container only";
	form_compose(q, form, lines);
}

/* One that runs is entered; what makes it has to set it next time. */
void form_enter_network(const struct form_question *q, struct shell_script *script)
{
	const struct limit_holder *holder = q->holder;
	const char *pid = arena_printf(q->arena, "%d", holder->pid);
	const char *const enter[] = {"nsenter", "-t", pid, "-n"};
	if (!holder->other_network || holder->pid <= 0)
		return;
	for (size_t k = 0; k < script->count; k++) {
		struct name_list entered = {0}, *words = &script->items[k].words;
		for (size_t n = 0; n < COUNT_OF(enter); n++)
			name_list_append(q->arena, &entered, enter[n]);
		add_options(q, words, &entered);
		*words = entered;
	}
}

/* What keeps it in a container or a pod that is made anew: with the form of that. */
static void keep_anew(const struct form_question *q, bool pod, struct fix_form *form)
{
	struct fix_form anew = *form;
	if (pod)
		settings_of_pod(q, &anew);
	else
		settings_of_engine(q, &anew);
	memcpy(form->files, anew.files, sizeof form->files);
	form->file_count = anew.file_count;
	if (pod)
		form->note = anew.note;
}

void form_of_network(const struct form_question *q, struct fix_form *form)
{
	static const char lasts[] = "It lasts until that network namespace ends. Whatever creates the "
								"namespace must set it again.";
	const struct limit_holder *holder = q->holder;
	const struct layer layer = layer_of(q->arena, holder, q->change->before, SUBJECT_NETWORK);
	bool pod = layer.kind == LAYER_POD;
	bool made = pod || layer.kind == LAYER_ENGINE;
	bool running = holder->other_network && holder->pid > 0;
	/* A container with the right to it sets them itself, as a machine does. */
	bool itself = holder->within && holder->writes_network;
	if (made && !running && !itself) {
		if (pod)
			settings_of_pod(q, form);
		else
			settings_of_engine(q, form);
		return;
	}
	if (made) { /* both: now, and when it is made anew */
		keep_anew(q, pod, form);
	} else if (running || holder->child_network) {
		form->file_count = 0;
		form_note(q->arena, form, lasts);
	}
	form_enter_network(q, &form->commands);
	form_enter_network(q, &form->undo);
}

/* Where a simulation's file is: below the folders that Gatling and its plug-ins compile, by the
 * class that the command names, or the only one there is. */
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "probes/plan/gatling/gatling.h"

enum {
	FOLDERS_DEEP = 8,
	FILES_MAX = 400
};

static const char *const extensions[] = {".java", ".scala", ".kt"};

/* The search for a simulation. */
struct search {
	const struct plan_context *context;
	const struct plan_command *command;
	struct arena *arena;
	const char *class;
	const char *project; /* directory of the build, "." if none is said */
	struct name_list found;
	size_t looked_at;
};

/* The word after an option, or attached to it by "="; NULL: not there. */
static const char *option_text(const struct plan_command *command, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 1; i < command->count && command->words[i]; i++) {
		const char *word = command->words[i];
		if (strncmp(word, name, length) != 0)
			continue;
		if (word[length] == '=')
			return word + length + 1;
		if (!word[length] && i + 1 < command->count)
			return command->words[i + 1];
	}
	return NULL;
}

const char *gatling_class(const struct plan_command *command)
{
	static const char *const options[] = {"-s", "--simulation", "-Dgatling.simulationClass"};
	static const char task[] = "gatlingRun-", sbt[] = "Gatling/testOnly";
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		const char *class = option_text(command, options[i]);
		if (class)
			return class;
	}
	for (size_t i = 1; i < command->count && command->words[i]; i++) {
		const char *word = command->words[i];
		if (text_begins_with(word, task))
			return word + sizeof task - 1;
		if (!text_begins_with(word, sbt))
			continue;
		word += sizeof sbt - 1;
		word += strspn(word, " ");
		if (*word)
			return word;
		if (i + 1 < command->count)
			return command->words[i + 1];
	}
	return NULL;
}

/* The directory of a project that the command names: mvn -f DIR/pom.xml, gradle -p DIR. */
static const char *project_of(struct arena *arena, const struct plan_command *command)
{
	const char *file = option_text(command, "-f");
	const char *slash = NULL;
	const char *directory = option_text(command, "-p");
	if (directory)
		return directory;
	if (file)
		slash = strrchr(file, '/');
	if (file && !text_ends_with(file, ".xml"))
		return file;
	if (slash)
		return arena_copy(arena, file, (size_t)(slash - file));
	return ".";
}

static const char *in_folder(const struct search *search, const char *folder, const char *name)
{
	if (strcmp(folder, ".") == 0)
		return name;
	return arena_printf(search->arena, "%s/%s", folder, name);
}

/* The file of that name in one of the languages; NULL: none is there. */
static const char *source_file(const struct search *search, const char *folder, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(extensions); i++) {
		const char *whole = arena_printf(search->arena, "%s%s", name, extensions[i]);
		const char *file = in_folder(search, folder, whole);
		if (plan_file_exists(search->context, search->command, file))
			return file;
	}
	return NULL;
}

/* a.b.Class in a folder, by its package or without it. */
static const char *file_of_class(const struct search *search, const char *folder)
{
	char *path = arena_strdup(search->arena, search->class);
	for (char *c = path; *c; c++)
		if (*c == '.')
			*c = '/';
	const char *slash = strrchr(path, '/');
	const char *names[] = {path, NULL};
	if (slash)
		names[1] = slash + 1;
	for (size_t n = 0; n < COUNT_OF(names) && names[n]; n++) {
		const char *file = source_file(search, folder, names[n]);
		if (file)
			return file;
	}
	return NULL;
}

/* Does the word that begins here, a class, end with "Simulation"? */
static bool names_simulation(const char *word)
{
	static const char class[] = "Simulation";
	size_t tail = sizeof class - 1;
	size_t end = strcspn(word, " \t\r\n{(");
	if (end < tail)
		return false;
	return text_begins_with(word + end - tail, class);
}

/* Is a class of that name declared, without its package? */
static bool declares(const char *text, const char *class)
{
	static const char word[] = "class ";
	const char *dot = strrchr(class, '.');
	if (dot)
		class = dot + 1;
	size_t length = strlen(class);
	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		const char *name = at + sizeof word - 1;
		name += strspn(name, " ");
		bool same = strncmp(name, class, length) == 0;
		if (same && (!name[length] || strchr(" \t\r\n{(:", name[length])))
			return true;
	}
	return false;
}

static bool is_simulation(const struct search *search, const char *path)
{
	static const char extends[] = "extends ";
	const char *bytes;
	size_t length;
	struct error ignored;
	if (!plan_file(search->context, search->command, path, "gatling", &bytes, &length, &ignored))
		return false;
	if (search->class)
		return declares(bytes, search->class);
	const char *at = strstr(bytes, extends);
	for (; at; at = strstr(at + 1, extends))
		if (names_simulation(at + sizeof extends - 1))
			return true;
	return strstr(bytes, ": Simulation()");
}

/* All simulations below a folder. */
static void look_below(struct search *search, const char *folder, unsigned depth)
{
	struct name_list names;
	if (depth > FOLDERS_DEEP || !plan_names(search->context, search->command, folder, &names))
		return;
	for (size_t i = 0; i < names.count && search->looked_at < FILES_MAX; i++) {
		const char *name = names.items[i];
		const char *path = in_folder(search, folder, name);
		bool source = false;
		for (size_t e = 0; e < COUNT_OF(extensions); e++)
			source |= text_ends_with(name, extensions[e]);
		if (*name == '.')
			continue;
		search->looked_at++;
		if (!source && !strchr(name, '.'))
			look_below(search, path, depth + 1);
		else if (source && is_simulation(search, path))
			name_list_add_once(search->arena, &search->found, path);
	}
}

/* The folders in which simulations may be. */
static size_t folders_of(struct search *search, const char *folders[])
{
	static const char *const usual[] = {"user-files/simulations",
			"src/test/java",
			"src/test/scala",
			"src/test/kotlin",
			"src/gatling/java",
			"src/gatling/scala",
			"src/gatling/kotlin",
			"src/gatling/simulations",
			"src/main/scala",
			"src/it/scala",
			"app/src/gatling/java"};
	size_t count = 0;
	const char *said = option_text(search->command, "-sf");
	const char *program = search->command->words[0];
	const char *slash = strrchr(program, '/');
	if (!said)
		said = option_text(search->command, "--simulations-folder");
	if (said)
		folders[count++] = said;
	for (size_t i = 0; i < COUNT_OF(usual); i++)
		folders[count++] = in_folder(search, search->project, usual[i]);
	for (size_t i = 0; slash && i < 2; i++)
		folders[count++] = arena_printf(search->arena,
				"%.*s/../%s",
				(int)(slash - program),
				program,
				usual[i]);
	folders[count++] = search->project;
	return count;
}

static const char *shown_path(const struct search *search, const char *text)
{
	return text_clean(search->arena, text, strlen(text), 80);
}

static const char *why_no_class(const struct search *search)
{
	const char *class = shown_path(search, search->class);
	const char *said = option_text(search->command, "-sf");
	const struct name_list *found = &search->found;
	if (found->count > 1)
		return arena_printf(search->arena,
				"%zu files declare the simulation %s: %s, %s …; put its package before its name "
				"to say which one",
				found->count,
				class,
				shown_path(search, found->items[0]),
				shown_path(search, found->items[1]));
	const char *below = "src/test, src/gatling or user-files/simulations";
	if (said)
		below = arena_printf(search->arena, "%s, %s", shown_path(search, said), below);
	return arena_printf(search->arena,
			"no file that declares the simulation %s was found below %s; name another folder "
			"with `gatling.sh -sf FOLDER -s %s`, or the file itself with `headroom workload FILE`",
			class,
			below,
			class);
}

bool gatling_find(const struct plan_context *context,
		const struct plan_command *command,
		const char **ret_path,
		const char **ret_why)
{
	struct search search = {.context = context, .command = command, .arena = context->arena};
	const char *folders[16];
	*ret_path = NULL;
	search.class = gatling_class(command);
	search.project = project_of(context->arena, command);
	size_t count = folders_of(&search, folders);
	for (size_t i = 0; i < count && search.class && !*ret_path; i++)
		*ret_path = file_of_class(&search, folders[i]);
	if (*ret_path)
		return true;
	for (size_t i = 0; i + 1 < count; i++)
		look_below(&search, folders[i], 0);
	if (search.class && search.found.count != 1) {
		*ret_why = why_no_class(&search);
		return false;
	}
	if (search.found.count == 1) {
		*ret_path = search.found.items[0];
		return true;
	}
	*ret_why = "the command names no simulation, and no file with one was found";
	if (search.found.count)
		*ret_why = arena_printf(context->arena,
				"the command names no simulation, and there are %zu: %s, %s …",
				search.found.count,
				shown_path(&search, search.found.items[0]),
				shown_path(&search, search.found.items[1]));
	return false;
}

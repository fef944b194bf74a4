/* npm run, npx, pnpm dlx, uvx, pipx run, poetry run and their like: the program that they start.
 * The scripts of a package.json are read as the shell texts that they are. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/wrappers.h"
#include "probes/plan/document.h"

/* Whose argument is a word of its own. */
static const char *const valued[] = {"--package",
		"-p",
		"--spec",
		"--from",
		"--with",
		"--python",
		"--prefix",
		"-C",
		"--cwd",
		"--directory",
		"--project",
		"--extra",
		"--group",
		"--env-file",
		"--filter",
		"-w",
		"--workspace"};

/* What a runner's subcommand starts. */
enum starts {
	STARTS_NOTHING,
	STARTS_PROGRAM, /* the next word */
	STARTS_SCRIPT,  /* of package.json */
	STARTS_EITHER   /* a script of that name, else a program */
};

static const struct runner {
	const char *name, *subcommand; /* "": without a subcommand */
	enum starts starts;
} runners[] = {
		{"npx", "", STARTS_PROGRAM},
		{"bunx", "", STARTS_PROGRAM},
		{"pnpx", "", STARTS_PROGRAM},
		{"uvx", "", STARTS_PROGRAM},
		{"npm", "run", STARTS_SCRIPT},
		{"npm", "run-script", STARTS_SCRIPT},
		{"npm", "exec", STARTS_PROGRAM},
		{"npm", "x", STARTS_PROGRAM},
		{"pnpm", "dlx", STARTS_PROGRAM},
		{"pnpm", "exec", STARTS_PROGRAM},
		{"pnpm", "run", STARTS_SCRIPT},
		{"pnpm", "", STARTS_EITHER},
		{"yarn", "dlx", STARTS_PROGRAM},
		{"yarn", "exec", STARTS_PROGRAM},
		{"yarn", "run", STARTS_EITHER},
		{"yarn", "", STARTS_EITHER},
		{"bun", "x", STARTS_PROGRAM},
		{"bun", "run", STARTS_EITHER},
		{"uv", "run", STARTS_PROGRAM},
		{"uv", "tool", STARTS_PROGRAM}, /* uv tool run */
		{"pipx", "run", STARTS_PROGRAM},
		{"poetry", "run", STARTS_PROGRAM},
		{"pipenv", "run", STARTS_PROGRAM},
		{"hatch", "run", STARTS_PROGRAM},
		{"pdm", "run", STARTS_PROGRAM},
		{"rye", "run", STARTS_PROGRAM},
		{"bundle", "exec", STARTS_PROGRAM},
};

static bool is_valued(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(valued); i++) {
		if (!strcmp(word, valued[i])) {
			return true;
		}
	}
	return false;
}

/* Behind the runner's options; *directory is left with what --prefix says. */
static size_t skip_options(const struct plan_command *command, size_t at, const char **directory)
{
	while (at < command->count && command->words[at][0] == '-') {
		const char *word = command->words[at++];
		if (!strcmp(word, "--")) {
			break;
		}
		if (!is_valued(word) || at == command->count) {
			continue;
		}
		if (!strcmp(word, "--prefix") || !strcmp(word, "-C") || !strcmp(word, "--cwd")) {
			*directory = command->words[at];
		}
		at++;
	}
	return at;
}

/* The text of a script; NULL: there is no such script. */
static const char *script_of(const struct peel *peel, const char *directory, const char *name)
{
	struct document document;
	struct error ignored = {0};
	const char *path = "package.json";
	if (directory) {
		path = arena_printf(peel->context->arena, "%s/%s", directory, path);
	}
	bool read =
			document_read(peel->context, peel->command, path, "json", "npm", &document, &ignored);
	if (!read) {
		return NULL;
	}
	return tree_text(tree_child(document.root, "scripts"), name);
}

/* The script's text with the words behind its name, as `sh -c`. */
static bool start_script(struct peel *peel,
		const char *text,
		const char *directory,
		const char *const *words,
		size_t count)
{
	struct arena *arena = peel->context->arena;
	struct name_list all = {0};
	const char *const first[] = {"sh", "-c", arena_printf(arena, "%s \"$@\"", text), "npm"};
	for (size_t i = 0; i < COUNT_OF(first); i++) {
		name_list_append(arena, &all, first[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (i == 0 && !strcmp(words[i], "--")) {
			continue;
		}
		name_list_append(arena, &all, words[i]);
	}
	if (directory) {
		peel->command->vantage.cwd = directory;
	}
	return peel_rest(peel, all.items, all.count);
}

/* "artillery@latest" without the version, "artillery" of "@scope/artillery" as it is. */
static bool start_program(struct peel *peel, const char *const *words, size_t count)
{
	struct name_list all = {0};
	struct arena *arena = peel->context->arena;
	for (size_t i = 0; i < count; i++) {
		const char *word = words[i], *version = strrchr(word, '@');
		if (i == 0 && version && version != word) {
			word = arena_copy(arena, word, (size_t)(version - word));
		}
		name_list_append(arena, &all, word);
	}
	return peel_rest(peel, all.items, all.count);
}

static const struct runner *find_runner(const char *name, const char *subcommand)
{
	const struct runner *found = NULL;
	for (size_t i = 0; i < COUNT_OF(runners); i++) {
		if (strcmp(runners[i].name, name) != 0) {
			continue;
		}
		if (!strcmp(runners[i].subcommand, subcommand)) {
			return &runners[i];
		}
		if (!*runners[i].subcommand) {
			found = &runners[i];
		}
	}
	return found;
}

bool peel_runner(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	const char *slash = strrchr(command->words[0], '/'), *name = command->words[0];
	const char *directory = NULL, *word = "";
	if (slash) {
		name = slash + 1;
	}
	size_t at = skip_options(command, 1, &directory);
	if (at < command->count) {
		word = command->words[at];
	}
	const struct runner *runner = find_runner(name, word);
	if (!runner) {
		return error_set(peel->err,
				"headroom does not read %.20s %.60s: give the load test's command after \"--\"",
				name,
				word);
	}
	if (*runner->subcommand) {
		at = skip_options(command, at + 1, &directory);
	}
	if (!strcmp(word, "tool") && at < command->count && !strcmp(command->words[at], "run")) {
		at = skip_options(command, at + 1, &directory);
	}
	if (at >= command->count) {
		return error_set(peel->err, "there is no command after %.20s", name);
	}
	const char *const *words = command->words + at;
	size_t count = command->count - at;
	const char *text = NULL;
	if (runner->starts != STARTS_PROGRAM) {
		text = script_of(peel, directory, words[0]);
	}
	if (text) {
		return start_script(peel, text, directory, words + 1, count - 1);
	}
	if (runner->starts == STARTS_SCRIPT) {
		return error_set(peel->err,
				"%.20s run %.60s: package.json here has no script of that name; give the "
				"load test's command after \"--\"",
				name,
				words[0]);
	}
	return start_program(peel, words, count);
}

/* Tells files of tools apart by what is in them. Parses none of them: the tool's reader does. */
#include "probes/plan/command/stands_for.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"

enum {
	LOOKED_MAX = 256 * 1024, /* what says which file it is stands near its top */
	WORDS_MAX = 6
};

struct file {
	struct arena *arena;
	const char *path, *name; /* the name without its directory */
	const char *text;        /* its beginning */
};

static bool begins_line(const char *text, const char *at)
{
	return at == text || at[-1] == '\n';
}

/* Does a line begin with this word, at its first column? */
static bool has_line(const struct file *file, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = file->text; (at = strstr(at, word)); at += length)
		if (begins_line(file->text, at))
			return true;
	return false;
}

/* The same behind blanks, and the word ends there. */
static bool has_word_line(const struct file *file, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = file->text; (at = strstr(at, word)); at += length) {
		const char *begin = at;
		while (begin > file->text && (begin[-1] == ' ' || begin[-1] == '\t'))
			begin--;
		if (begins_line(file->text, begin) && !ascii_is_name(at[length]))
			return true;
	}
	return false;
}

static bool has(const struct file *file, const char *text)
{
	return strstr(file->text, text);
}

static bool ends_with_any(const char *name, const char *const *endings)
{
	for (; *endings; endings++)
		if (text_ends_with(name, *endings))
			return true;
	return false;
}

/* --- kinds ---------------------------------------------------------------------------------- */

static bool is_jmeter(const struct file *file)
{
	return has(file, "<jmeterTestPlan");
}

static bool is_tsung(const struct file *file)
{
	return has(file, "<tsung");
}

static bool is_javascript(const struct file *file)
{
	static const char *const endings[] = {".js", ".ts", ".mjs", ".cjs", NULL};
	return ends_with_any(file->name, endings);
}

/* import http from 'k6/http', require("k6/ws"), and what scripts export. */
static bool is_k6(const struct file *file)
{
	if (text_ends_with(file->name, ".tar"))
		return true;
	return is_javascript(file) && (has(file, "'k6") || has(file, "\"k6"));
}

static bool is_locust(const struct file *file)
{
	return text_ends_with(file->name, ".py") &&
			(has(file, "from locust") || has(file, "import locust"));
}

static bool is_yaml(const struct file *file)
{
	static const char *const endings[] = {".yml", ".yaml", NULL};
	return ends_with_any(file->name, endings);
}

static bool is_json(const struct file *file)
{
	char first = file->text[strspn(file->text, " \t\r\n")];
	return first == '{' || first == '[';
}

/* A key of the top level, in YAML or as JSON. */
static bool has_key(const struct file *file, const char *key)
{
	if (is_json(file))
		return has(file, arena_printf(file->arena, "\"%s\"", key));
	return has_line(file, arena_printf(file->arena, "%s:", key)) ||
			has_line(file, arena_printf(file->arena, "\"%s\":", key));
}

static bool is_kubernetes(const struct file *file)
{
	return is_yaml(file) && has_key(file, "apiVersion") && has_key(file, "kind");
}

static bool is_compose(const struct file *file)
{
	return is_yaml(file) && has_key(file, "services") && !has_key(file, "apiVersion");
}

static bool is_taurus(const struct file *file)
{
	return (is_yaml(file) || is_json(file)) && has_key(file, "execution");
}

static bool is_artillery(const struct file *file)
{
	bool scenarios = has_key(file, "config") && has_key(file, "scenarios");
	return is_yaml(file) ? has_key(file, "scenarios") || has_key(file, "config")
						 : is_json(file) && scenarios;
}

static bool is_ghz(const struct file *file)
{
	bool toml = text_ends_with(file->name, ".toml") && has_line(file, "call");
	return toml || (is_json(file) && has_key(file, "call") && has_key(file, "host"));
}

static bool is_nginx(const struct file *file)
{
	return has_word_line(file, "events") && has(file, "worker_connections");
}

/* "http {" */
static bool is_nginx_part(const struct file *file)
{
	static const char *const blocks[] = {"http {", "http{", "server {", "server{", "stream {"};
	for (size_t i = 0; i < COUNT_OF(blocks); i++)
		if (has_word_line(file, blocks[i]))
			return true;
	return false;
}

static bool is_haproxy(const struct file *file)
{
	return (has_line(file, "frontend ") || has_line(file, "listen ") ||
				   has_line(file, "backend ")) &&
			!has(file, "{\n");
}

static bool is_gatling(const struct file *file)
{
	return has(file, "io.gatling") && has(file, "Simulation");
}

static bool is_shell(const struct file *file)
{
	static const char *const endings[] = {".sh", ".bash", NULL};
	if (ends_with_any(file->name, endings))
		return true;
	size_t line = strcspn(file->text, "\n");
	const char *first = arena_copy(file->arena, file->text, line);
	return text_begins_with(first, "#!") &&
			(strstr(first, "/sh") || strstr(first, "bash") || strstr(first, "/dash") ||
					strstr(first, "ksh"));
}

/* --- commands ------------------------------------------------------------------------------- */

static const char self[] = "FILE"; /* stands for the path */

static const struct {
	bool (*is)(const struct file *file);
	const char *words[WORDS_MAX];
} kinds[] = {
		{is_jmeter, {"jmeter", "-n", "-t", self}},
		{is_tsung, {"tsung", "-f", self, "start"}},
		{is_k6, {"k6", "run", self}},
		{is_locust, {"locust", "-f", self}},
		{is_kubernetes, {"kubectl", "apply", "-f", self}},
		{is_compose, {"docker", "compose", "-f", self, "up"}},
		{is_taurus, {"bzt", self}},
		{is_artillery, {"artillery", "run", self}},
		{is_ghz, {"ghz", "--config", self}},
		{is_shell, {"sh", self}},
		{is_nginx, {"nginx", "-c", self}},
		{is_haproxy, {"haproxy", "-f", self}},
		{is_nginx_part, {"nginx", "-c", self}},
};

/* The first name behind this word: a class, a package. */
static const char *name_behind(const struct file *file, const char *word)
{
	for (const char *at = file->text; (at = strstr(at, word)); at += strlen(word)) {
		const char *name = at + strlen(word);
		size_t length = 0;
		while (ascii_is_name(name[length]) || name[length] == '.')
			length++;
		if (length && (at == file->text || strchr(" \t\n", at[-1])))
			return arena_copy(file->arena, name, length);
	}
	return NULL;
}

/* The class that is a simulation, else the first one. */
static const char *simulation_in(const struct file *file)
{
	static const char word[] = "class ";
	for (const char *at = file->text; (at = strstr(at, word)); at++) {
		const char *name = at + sizeof word - 1, *end = name + strcspn(name, "{");
		size_t length = 0;
		while (ascii_is_name(name[length]))
			length++;
		const char *base = strstr(name, "Simulation");
		const char *next = strstr(name, word);
		bool own = base && base >= name + length && base < end && (!next || base < next);
		if (length && own && (at == file->text || strchr(" \t\n", at[-1])))
			return arena_copy(file->arena, name, length);
	}
	return name_behind(file, word);
}

/* gatling.sh -sf DIRECTORY -s PACKAGE.CLASS */
static bool take_gatling(const struct file *file, struct name_list *ret_words)
{
	const char *package = name_behind(file, "package "), *class = simulation_in(file);
	const char *slash = strrchr(file->path, '/'), *directory = ".";
	if (!class)
		return false;
	if (package)
		class = arena_printf(file->arena, "%s.%s", package, class);
	if (slash)
		directory = arena_copy(file->arena, file->path, (size_t)(slash - file->path));
	const char *const words[] = {"gatling.sh", "-sf", directory, "-s", class};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		name_list_append(file->arena, ret_words, words[i]);
	return true;
}

/* --- what is no plan ------------------------------------------------------------------------ */

/* "GET http://…": a list of requests. */
static bool is_targets(const struct file *file)
{
	static const char *const methods[] = {"GET http", "POST http", "PUT http", "HEAD http", NULL};
	for (size_t i = 0; methods[i]; i++)
		if (has_line(file, methods[i]))
			return true;
	return false;
}

static bool is_urls(const struct file *file)
{
	return text_begins_with(file->text, "http://") || text_begins_with(file->text, "https://");
}

static bool is_makefile(const struct file *file)
{
	return !strcmp(file->name, "Makefile") || text_ends_with(file->name, ".mk");
}

static bool is_package(const struct file *file)
{
	return !strcmp(file->name, "package.json");
}

static bool is_python(const struct file *file)
{
	return text_ends_with(file->name, ".py");
}

static bool is_program(const struct file *file)
{
	return text_begins_with(file->text, "\177ELF");
}

static bool is_inspected(const struct file *file)
{
	return is_json(file) && has_key(file, "maxVUs") && has_key(file, "totalDuration");
}

static const struct {
	bool (*is)(const struct file *file);
	const char *what;
} others[] = {
		{is_program, "is a program: write -- in front of the load test's command"},
		{is_package, "contains npm scripts: headroom audit -- npm run NAME reads one of them"},
		{is_makefile,
				"is a makefile: put headroom into the recipe, in front of the load test's command"},
		{is_inspected,
				"is the output of k6 inspect: set HEADROOM_K6_INSPECT to this file and "
				"run headroom audit -- k6 run SCRIPT"},
		{is_targets,
				"is a list of requests: headroom audit -- vegeta attack -targets=FILE -rate=N"},
		{is_urls, "is a list of URLs: give the load test's command after --, as in siege -f FILE"},
		{is_javascript, "does not import k6: give the load test's command after --"},
		{is_python, "does not import locust: give the load test's command after --"},
		{is_yaml,
				"is not a file of Artillery, Taurus, Docker Compose or Kubernetes: give "
				"the load test's command after --"},
};

bool stands_for_name(const char *path)
{
	static const char *const endings[] = {".jmx",
			".js",
			".ts",
			".mjs",
			".cjs",
			".py",
			".yml",
			".yaml",
			".toml",
			".conf",
			".cfg",
			".xml",
			".sh",
			".bash",
			".scala",
			".java",
			".kt",
			".tar",
			".txt",
			NULL};
	return ends_with_any(path, endings);
}

bool stands_for(struct arena *arena,
		const char *path,
		const char *bytes,
		size_t length,
		struct name_list *ret_words,
		struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct file file = {.arena = arena, .path = path, .name = path, .text = bytes};
	*ret_words = (struct name_list){0};
	if (slash)
		file.name = slash + 1;
	if (length > LOOKED_MAX)
		file.text = arena_copy(arena, bytes, LOOKED_MAX);
	if (is_gatling(&file) && take_gatling(&file, ret_words))
		return true;
	size_t kind = 0;
	while (kind < COUNT_OF(kinds) && (is_inspected(&file) || !kinds[kind].is(&file)))
		kind++;
	for (size_t i = 0; kind < COUNT_OF(kinds) && i < WORDS_MAX && kinds[kind].words[i]; i++) {
		const char *word = kinds[kind].words[i];
		name_list_append(arena, ret_words, word == self ? path : word);
	}
	if (kind < COUNT_OF(kinds))
		return true;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (others[i].is(&file))
			return error_set(err, "%.200s %s", path, others[i].what);
	if (is_json(&file))
		return true;
	return error_set(err,
			"%.200s is not a plan that headroom can read: it reads files of JMeter, k6, "
			"Locust, Gatling, Artillery, Taurus, tsung, nginx, HAProxy, Docker Compose "
			"and Kubernetes, shell scripts, and its own JSON",
			path);
}

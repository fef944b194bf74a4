/* Ports that programs and their tests listen on. */
#include "model/lint/program.h"

#include <string.h>

#include "base/ascii.h"
#include "model/lint/names.h"
#include "model/lint/readers.h"

enum {
	DEFINITIONS_MAX = 200 /* of one file: each is looked for in all of it */
};

/* The host in "127.0.0.1:54320" is this one, or none is named. */
static bool host_is_here(const struct program_number *number)
{
	static const char *const here[] = {
			"",
			":",
			"0.0.0.0:",
			"127.0.0.1:",
			"localhost:",
			"[::]:",
			"[::1]:",
			"*:",
			"tcp://0.0.0.0:",
			"tcp://127.0.0.1:",
			"tcp://*:",
			"tcp://localhost:",
			"tcp://:",
			NULL,
	};
	if (!number->in_text)
		return true;
	return slice_in(number->host, here);
}

static bool is_http_address(const struct program_number *number)
{
	static const char *const starts[] = {
			"http://localhost:",
			"http://127.0.0.1:",
			"http://0.0.0.0:",
			"http://+:",
			"http://*:",
			"https://localhost:",
			NULL,
	};
	return number->in_text && slice_in(number->host, starts);
}

static void program_add_number(const struct program *source,
		const struct program_number *number,
		bool likely,
		const char *what)
{
	struct lint_scan *scan = source->scan;
	struct lint_range ports = {number->port, number->port};
	scan->likely = likely;
	if (lint_file_of(scan)->tests)
		scan->start = LINT_STARTS_TEST;
	lint_add(scan, number->line + 1, ports, what);
	scan->likely = false;
	scan->start = LINT_STARTS_ANY;
}

/* --- names ---------------------------------------------------------------------------------- */

/* Finds the next use of a name as a whole word. */
static const char *program_find_name(struct slice line, const char *name, size_t length)
{
	for (size_t from = 0; from < line.length;) {
		struct slice rest = slice_after(line, from);
		const char *at = slice_find(rest, name);
		if (!at)
			return NULL;
		size_t index = (size_t)(at - line.at);
		bool begins = index == 0 || !ascii_is_name(line.at[index - 1]);
		if (begins && !ascii_is_name(slice_byte(line, index + length)))
			return at;
		from = index + length;
	}
	return NULL;
}

static enum program_call use_kind(const struct program *source, size_t index, const char *at)
{
	static const char *const starting[] = {
			"popen",
			"spawn",
			"subprocess",
			"start",
			"launch",
			"run",
			"listen",
			"bind",
			NULL,
	};
	static const char *const launching[] = {
			"spawn",
			"start",
			"launch",
			NULL,
	};
	static const char *const talking[] = {
			"http://",
			"https://",
			"ws://",
			"localhost:",
			NULL,
	};
	struct slice line = source->lines[index];
	struct slice before = slice_between(line.at, at);
	enum program_call kind = program_call_of(source, index, before);
	if (kind != CALL_OTHER)
		return kind;
	if (slice_find(line, "--port") || slice_find(line, "-port") || slice_find(line, "LocalPort =>"))
		return CALL_LISTENS;
	/* startDaemon(`ws://localhost:${port}`): the address that it is told to have. */
	if (name_has_any(before, launching))
		return CALL_LISTENS;
	for (const char *const *text = talking; *text; text++) {
		if (slice_find(before, *text))
			return CALL_CONNECTS;
	}
	if (name_has_any(before, starting))
		return CALL_LISTENS;
	return CALL_OTHER;
}

struct name_uses {
	size_t listens, connects, others;
	size_t calls; /* of `listens`: those that are calls which listen */
};

static struct name_uses program_uses_of(const struct program *source,
		struct slice name,
		size_t defined_at)
{
	struct name_uses uses = {0};
	const char *text = slice_text(source->scan->arena, name);
	for (size_t i = 0; i < source->count; i++) {
		const char *at = program_find_name(source->lines[i], text, name.length);
		if (!at || i == defined_at)
			continue;
		struct slice before = slice_between(source->lines[i].at, at);
		uses.calls += program_call_of(source, i, before) == CALL_LISTENS;
		switch (use_kind(source, i, at)) {
		case CALL_LISTENS:
			uses.listens++;
			break;
		case CALL_CONNECTS:
			uses.connects++;
			break;
		case CALL_OTHER:
			uses.others++;
			break;
		}
	}
	return uses;
}

static bool names_listener(const struct program_number *number, struct slice name)
{
	static const char *const addresses[] = {
			"addr",
			"address",
			NULL,
	};
	static const char *const servers[] = {"server", "mock", "fake", "stub", NULL};
	enum name_says says = name_says(name);
	if (says == NAME_LISTENS)
		return true;
	if (name_is_of_client(name) && !name_has_any(name, servers))
		return false;
	bool bare = number->in_text && slice_is(number->host, ":");
	if (says == NAME_NO_PORT && bare && name_has_any(name, addresses))
		return true;
	return says == NAME_PORT && (number->host.length == 0 || bare);
}

/* The first call behind a definition that says what an address is for. */
static bool first_call_listens(const struct program *source, struct slice name, size_t defined_at)
{
	const char *text = slice_text(source->scan->arena, name);
	size_t indent = slice_indent(source->lines[defined_at]);
	for (size_t i = defined_at + 1; i < source->count; i++) {
		struct slice line = source->lines[i];
		if (slice_trim(line).length > 0 && slice_indent(line) < indent)
			return false;
		const char *at = program_find_name(line, text, name.length);
		if (!at)
			continue;
		struct slice before = slice_between(line.at, at);
		enum program_call kind = program_call_of(source, i, before);
		if (kind != CALL_OTHER)
			return kind == CALL_LISTENS && program_call_takes_address(before);
	}
	return false;
}

/* let addr = "0.0.0.0:54320".parse()?; and then serve(addr). */
static bool is_own_address(const struct program *source,
		const struct program_number *number,
		struct slice name)
{
	static const char *const words[] = {"addr", "address", NULL};
	bool fits = number->in_text && number->host.length > 0 && host_is_here(number) &&
			name_has_any(name, words) && name_says(name) != NAME_OTHER;
	return fits && first_call_listens(source, name, number->line);
}

/* LISTEN_PORT, handed on to a function of this file that binds its parameter listen_port. */
static bool parameter_listens(const struct program *source, struct slice name)
{
	if (name_says(name) != NAME_LISTENS)
		return false;
	char *lower =
			arena_copy(source->scan->arena, slice_text(source->scan->arena, name), name.length);
	for (size_t i = 0; i < name.length; i++)
		lower[i] = ascii_lower(lower[i]);
	struct slice parameter = {lower, name.length};
	if (slice_same(parameter, name))
		return false;
	return program_uses_of(source, parameter, source->count).calls > 0;
}

static bool is_settings_source(struct slice path)
{
	static const char *const endings[] = {
			".config.js",
			".config.ts",
			".config.mjs",
			".config.cjs",
			".config.mts",
			NULL,
	};
	for (const char *const *ending = endings; *ending; ending++) {
		if (slice_ends(path, *ending))
			return true;
	}
	return false;
}

/* test_http_client.py: what it names is the port of a server that somebody else starts. */
static bool is_of_client_test(const struct program *source)
{
	struct slice path = slice_of(lint_file_of(source->scan)->path);
	const char *slash = slice_last_char(path, '/');
	if (slash)
		path = slice_between(slash + 1, slice_end(path));
	return name_has_word(path, "client");
}

/* A constant of a test: what its uses in this file say, else its name. */
static void read_definition(struct program *source, const struct program_number *number)
{
	static const char *const unreal[] = {
			"fake",
			"dummy",
			"invalid",
			"bogus",
			"example",
			"sample",
			"unused",
			NULL,
	};
	struct slice name = program_defined(number);
	if (name.length == 0 || source->defined >= DEFINITIONS_MAX)
		return;
	if (is_own_address(source, number, name)) {
		source->defined++;
		program_add_number(source, number, false, slice_text(source->scan->arena, name));
		return;
	}
	if (!names_listener(number, name))
		return;
	source->defined++;
	/* opts.port: its uses are those of every port. */
	struct name_uses uses = {0};
	if (!slice_char(slice_trim(number->before), '.'))
		uses = program_uses_of(source, name, number->line);
	bool only_client = uses.connects > 0 && uses.others == 0;
	bool made_up = name_has_any(name, unreal);
	if (uses.listens == 0 && (only_client || made_up || is_of_client_test(source)))
		return;
	/* Outside tests a constant counts where the same file listens on it. */
	struct slice path = slice_of(lint_file_of(source->scan)->path);
	size_t evidence = uses.calls;
	if (is_settings_source(path))
		evidence = uses.listens;
	if (!lint_file_of(source->scan)->tests && evidence == 0 && !parameter_listens(source, name))
		return;
	program_add_number(source, number, uses.listens == 0, slice_text(source->scan->arena, name));
}

/* --- files of known form -------------------------------------------------------------------- */

/* server: { port: 54320 }: the name of what the setting is in. */
static bool is_in_server(const struct program *source, const struct program_number *number)
{
	static const char *const names[] = {
			"server:",
			"devServer:",
			"preview:",
			"webServer:",
			"serve:",
			NULL,
	};
	size_t indent = slice_indent(source->lines[number->line]);
	for (size_t back = 0; back <= 12 && back <= number->line; back++) {
		struct slice line = source->lines[number->line - back];
		if (back > 0 && slice_indent(line) >= indent)
			continue;
		if (back > 0 && slice_trim(line).length > 0)
			indent = slice_indent(line);
		for (const char *const *name = names; *name; name++) {
			if (slice_find(line, *name))
				return true;
		}
	}
	return false;
}

/* Is this the value of a named argument: "name=", "name=("? Not "name == ". */
static bool is_argument(struct slice before)
{
	const char *host = slice_find(before, "=(");
	if (host && slice_ends(slice_trim(before), ","))
		before = slice_between(before.at, host + 1);
	while (before.length > 0 && strchr("(\"'", before.at[before.length - 1]))
		before = slice_cut(before, before.length - 1);
	char previous = slice_byte(before, before.length - 2);
	return slice_ends(before, "=") && ascii_is_name(previous);
}

static bool is_address_label(struct slice label)
{
	static const char *const words[] = {
			"addr",
			"address",
			"listen",
			"bind",
			NULL,
	};
	return name_has_any(label, words);
}

/* {listen: ":54320", want: "127.0.0.1:54320"}: what a test gives to a function. */
static bool is_row_of_table(struct slice line)
{
	static const char *const words[] = {"want", "expected", NULL};
	return name_has_any(line, words);
}

/* true: the number is a listener because of the file that it stands in. */
static const char *listens_by_file(const struct program *source,
		const struct program_number *number)
{
	struct slice path = slice_of(lint_file_of(source->scan)->path);
	struct slice line = slice_trim(source->lines[number->line]);
	struct slice label = program_label(number->before);
	if (slice_ends(path, "Vagrantfile")) {
		if (slice_find(line, "forwarded_port") && slice_is(label, "host"))
			return "forwarded_port";
		return NULL;
	}
	if (slice_ends(path, "puma.rb") || slice_ends(path, "unicorn.rb")) {
		if (slice_begins(line, "port ") || slice_begins(line, "bind ") ||
				slice_begins(line, "listen "))
			return "port";
		return NULL;
	}
	if (slice_find(path, "karma.conf") && slice_is(label, "port"))
		return "port";
	if (slice_find(path, "gunicorn") && slice_is(label, "bind"))
		return "bind";
	if (slice_ends(path, ".exs") && slice_is(label, "port") &&
			(slice_find(number->before, "http: [") || slice_find(number->before, "https: [")))
		return "endpoint";
	if (is_settings_source(path) && slice_is(label, "port") && is_in_server(source, number))
		return "server.port";
	if (slice_is(label, "LocalPort") && slice_ends(slice_trim(number->before), "=>"))
		return "LocalPort"; /* Perl's IO::Socket */
	/* bind_address=("127.0.0.1", 54320), listen_port=54320 */
	if (is_argument(number->before) && name_says(label) == NAME_LISTENS && host_is_here(number))
		return slice_text(source->scan->arena, label);
	if (slice_is(label, "port") && slice_find(line, "options()"))
		return "port";
	/* ":54320": an address without a host is one to listen on. */
	if (number->in_text && slice_is(number->host, ":") && is_address_label(label) &&
			!is_row_of_table(line))
		return slice_text(source->scan->arena, label);
	return NULL;
}

static bool label_fits(const struct program_number *number)
{
	static const char *const parts[] = {
			"port",
			"addr",
			"address",
			"host",
			"listen",
			"bind",
			NULL,
	};
	struct slice before = slice_trim(number->before);
	if (!slice_ends(before, "=") && !slice_ends(before, ":") && !slice_ends(before, "=>"))
		return true;
	struct slice label = program_label(before);
	return name_has_any(label, parts) && !slice_is(label, "targetPort");
}

/* What only tests do with a port. */
static bool read_of_test(const struct program *source, const struct program_number *number)
{
	struct slice path = slice_of(lint_file_of(source->scan)->path);
	struct slice name = program_fallback_of(number);
	bool settings = slice_begins(path, "config/") || slice_find(path, "/config/");
	if (name.length > 0 && !settings && names_listener(number, name)) {
		program_add_number(source, number, true, slice_text(source->scan->arena, name));
		return true;
	}
	if (number->in_text || program_test_call(number->before) != CALL_LISTENS)
		return false;
	program_add_number(source, number, true, "port of a test");
	return true;
}

static void program_read_number(struct program *source, const struct program_number *number)
{
	const char *by_file = listens_by_file(source, number);
	if (by_file) {
		program_add_number(source, number, false, by_file);
		return;
	}
	if (host_is_here(number) || is_http_address(number)) {
		enum program_call kind = program_call_of(source, number->line, number->before);
		bool url = is_http_address(number) && !slice_find(number->before, "UseUrls") &&
				!slice_find(number->before, "Prefixes");
		if (kind == CALL_LISTENS && label_fits(number) && !url) {
			program_add_number(source, number, false, "listen");
			return;
		}
		if (kind == CALL_CONNECTS)
			return;
	}
	if (lint_file_of(source->scan)->tests && read_of_test(source, number))
		return;
	read_definition(source, number);
}

void lint_read_source(struct lint_scan *scan, struct slice text)
{
	struct program source = program_open(scan, text);
	for (size_t i = 0; i < source.count; i++) {
		struct program_number number;
		size_t at = 0;
		while (program_next(&source, i, &at, &number))
			program_read_number(&source, &number);
	}
}

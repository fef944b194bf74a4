/* .env, Dockerfile, Makefile, limits.conf, systemd units. */
#include <string.h>

#include "base/ascii.h"
#include "model/lint/names.h"
#include "model/lint/ports.h"
#include "model/lint/readers.h"
#include "model/lint/shell.h"

static struct slice directory_of_path(const char *path)
{
	struct slice whole = slice_of(path);
	const char *slash = slice_last_char(whole, '/');
	if (!slash)
		return slice_cut(whole, 0);
	return slice_between(whole.at, slash);
}

/* Compose reads .env; a template is what people copy to it. */
static unsigned rank_of_env(struct slice path)
{
	if (slice_ends(path, "/.env") || slice_is(path, ".env"))
		return 0;
	return 1;
}

static void file_keep_variable(struct lint_scan *scan, struct lint_variable variable)
{
	struct lint_found *found = scan->found;
	found->variables = arena_grow(found->arena,
			found->variables,
			found->variable_count,
			&found->variable_capacity,
			sizeof *found->variables);
	found->variables[found->variable_count++] = variable;
}

void lint_read_env(struct lint_scan *scan, struct slice text)
{
	const char *path = lint_file_of(scan)->path;
	struct slice line;
	for (size_t number = 1; slice_line(&text, &line); number++) {
		struct lint_range ports;
		line = slice_trim(line);
		if (slice_begins(line, "export "))
			line = slice_trim(slice_after(line, strlen("export ")));
		const char *equals = slice_char(line, '=');
		if (!equals || slice_begins(line, "#"))
			continue;
		struct slice name = slice_trim(slice_between(line.at, equals));
		struct slice value = slice_trim(slice_between(equals + 1, slice_end(line)));
		const char *remark = slice_find(value, " #");
		if (remark)
			value = slice_between(value.at, remark);
		value = slice_unquote(value);
		file_keep_variable(scan,
				(struct lint_variable){
						.directory = directory_of_path(path),
						.name = name,
						.value = value,
						.file = scan->file,
						.line = number,
						.rank = rank_of_env(slice_of(path)),
				});
		if (name_is_own_port(name) && lint_local_address(value, &ports))
			lint_add(scan, number, ports, slice_text(scan->arena, name));
	}
}

/* --- Dockerfile ----------------------------------------------------------------------------- */

struct image_reader {
	struct lint_scan *scan;
	bool boots;    /* systemd or a bootable image: sysctl.d is read */
	bool sessions; /* sshd or su: limits.conf is read */
};

static void add_image_fault(struct image_reader *reader,
		enum lint_rule rule,
		size_t line,
		const char *what,
		const char *says)
{
	const char *instead = "docker run --ulimit, or ulimits of compose";
	if (rule == LINT_SYSCTL)
		instead = "docker run --sysctl, sysctls of compose, or the host";
	lint_add_useless(reader->scan,
			(struct lint_useless){
					.rule = rule,
					.line = line,
					.what = what,
					.says = says,
					.instead = instead,
			});
}

static bool file_sets_sysctl(const struct shell_command *command, size_t at)
{
	static const char *const loads[] = {"-p", "--system", "--load", NULL};
	for (size_t i = at + 1; i < command->count; i++) {
		struct slice word = command->words[i].text;
		if (slice_char(word, '=') || slice_in(word, loads))
			return true;
	}
	return false;
}

static bool names_any(const struct shell_command *command, const char *text)
{
	for (size_t i = 0; i < command->count; i++) {
		if (slice_find(command->words[i].text, text))
			return true;
	}
	return false;
}

static void check_run(struct image_reader *reader, const struct shell_command *command)
{
	static const char *const before[] = {"RUN", "sudo", "then", "if", "do", "!", "{", NULL};
	size_t at = 0;
	while (at + 1 < command->count &&
			(slice_in(command->words[at].text, before) ||
					slice_begins(command->words[at].text, "--")))
		at++;
	const struct shell_word *program = &command->words[at];
	bool writes = slice_is(program->text, "echo") || slice_is(program->text, "printf") ||
			slice_is(program->text, "tee") || slice_is(program->text, "cat") ||
			slice_is(program->text, "sed");
	if (slice_is(program->text, "sysctl") && file_sets_sysctl(command, at))
		add_image_fault(reader,
				LINT_SYSCTL,
				program->line,
				"RUN sysctl",
				"a kernel setting is not part of an image: the container starts without it");
	else if (writes && names_any(command, "/etc/sysctl") && !reader->boots)
		add_image_fault(reader,
				LINT_SYSCTL,
				program->line,
				"RUN … /etc/sysctl",
				"no container reads sysctl.conf or sysctl.d when it starts");
	else if (writes && names_any(command, "/etc/security/limits") && !reader->sessions)
		add_image_fault(reader,
				LINT_ULIMIT,
				program->line,
				"limits.conf",
				"limits.conf is read at a login: what the container runs keeps the engine's "
				"limits");
}

/* The instruction of a line and what belongs to it: lines that end with "\" go on. */
static bool next_instruction(struct slice *text,
		size_t *line,
		struct slice *ret_text,
		size_t *ret_line)
{
	struct slice first;
	do {
		*ret_line = *line;
		if (!slice_line(text, &first))
			return false;
		(*line)++;
		first = slice_trim(first);
	} while (first.length == 0 || first.at[0] == '#');
	struct slice last = first;
	while (slice_ends(slice_trim(last), "\\") || slice_begins(slice_trim(last), "#")) {
		if (!slice_line(text, &last))
			break;
		(*line)++;
	}
	*ret_text = slice_between(first.at, slice_end(last));
	return true;
}

static void read_instruction(struct image_reader *reader, struct slice text, size_t line)
{
	struct lint_scan *scan = reader->scan;
	bool copies = slice_begins(text, "COPY ") || slice_begins(text, "ADD ");
	if (copies && slice_find(text, "/etc/sysctl.") && !reader->boots)
		add_image_fault(reader,
				LINT_SYSCTL,
				line,
				"COPY … /etc/sysctl.d",
				"no container reads sysctl.conf or sysctl.d when it starts");
	if (copies && slice_find(text, "/etc/security/limits") && !reader->sessions)
		add_image_fault(reader,
				LINT_ULIMIT,
				line,
				"limits.conf",
				"limits.conf is read at a login: what the container runs keeps the engine's "
				"limits");
	if (!slice_begins(text, "RUN "))
		return;
	struct shell_command *command = arena_alloc(scan->arena, sizeof *command);
	struct slice rest = text;
	size_t number = line;
	while (shell_next(scan->arena, &rest, &number, command))
		check_run(reader, command);
	lint_read_idle_ulimit(scan, slice_after(text, strlen("RUN ")), line, "the end of this RUN");
}

void lint_read_image(struct lint_scan *scan, struct slice text)
{
	static const char *const boot[] = {"bootc", "/sbin/init", "systemd", NULL};
	static const char *const logins[] = {"sshd", "openssh-server", "su -", NULL};
	struct image_reader reader = {.scan = scan};
	struct slice instruction;
	size_t line = 1;
	size_t first;
	for (size_t i = 0; boot[i]; i++)
		reader.boots |= slice_find(text, boot[i]) != NULL;
	for (size_t i = 0; logins[i]; i++)
		reader.sessions |= slice_find(text, logins[i]) != NULL;
	while (next_instruction(&text, &line, &instruction, &first))
		read_instruction(&reader, instruction, first);
}

/* --- Makefile ------------------------------------------------------------------------------- */

/* NAME = value, NAME ?= value, NAME := value */
static bool make_assignment(struct lint_scan *scan, struct slice line, size_t number)
{
	const char *equals = slice_char(line, '=');
	if (!equals || slice_byte(line, 0) == '\t')
		return false;
	struct slice name = slice_trim(slice_between(line.at, equals));
	while (slice_ends(name, "?") || slice_ends(name, ":") || slice_ends(name, "+"))
		name = slice_trim(slice_cut(name, name.length - 1));
	if (slice_begins(name, "export "))
		name = slice_trim(slice_after(name, strlen("export ")));
	for (size_t i = 0; i < name.length; i++) {
		if (!ascii_is_name(name.at[i]))
			return false;
	}
	struct slice value = slice_trim(slice_between(equals + 1, slice_end(line)));
	const char *remark = slice_find(value, " #");
	if (remark)
		value = slice_between(value.at, remark);
	lint_set_name(scan, name, slice_trim(value), number);
	return true;
}

/* Each line of a recipe has a shell of its own. */
static void recipe_line(struct lint_scan *scan, struct slice text, size_t number, bool one_shell)
{
	while (text.length > 0 && strchr("@+-", text.at[0]))
		text = slice_after(text, 1);
	lint_read_shell(scan, text, number);
	if (!one_shell)
		lint_read_idle_ulimit(scan, text, number, "the end of this line");
}

void lint_read_make(struct lint_scan *scan, struct slice text)
{
	bool one_shell = slice_find(text, ".ONESHELL") != NULL;
	struct slice rest = text;
	struct slice line;
	size_t number = 1;
	/* Names first: a recipe may stand before the value that it takes. */
	for (size_t i = 1; slice_line(&rest, &line); i++)
		(void)make_assignment(scan, line, i);
	while (slice_line(&text, &line)) {
		size_t first = number++;
		struct slice last = line;
		while (slice_ends(last, "\\") && slice_line(&text, &last))
			number++;
		struct slice whole = slice_between(line.at, slice_end(last));
		char begin = slice_byte(line, 0);
		if (begin == '\t' || begin == ' ' || begin == '@')
			recipe_line(scan, slice_trim(whole), first, one_shell);
	}
}

/* --- limits.conf and units -------------------------------------------------------------------- */

static void keep_user(struct arena *arena,
		struct lint_user **users,
		size_t *count,
		size_t *capacity,
		struct lint_user user)
{
	*users = arena_grow(arena, *users, *count, capacity, sizeof **users);
	(*users)[(*count)++] = user;
}

void lint_read_limits(struct lint_scan *scan, struct slice text)
{
	struct lint_found *found = scan->found;
	struct slice line;
	for (size_t number = 1; slice_line(&text, &line); number++) {
		line = slice_trim(line);
		if (slice_begins(line, "#") || !slice_find(line, "nofile"))
			continue;
		size_t length = 0;
		while (length < line.length && !strchr(" \t", line.at[length]))
			length++;
		struct lint_user user = {
				.name = slice_cut(line, length),
				.file = scan->file,
				.line = number,
		};
		keep_user(found->arena,
				&found->limited,
				&found->limited_count,
				&found->limited_capacity,
				user);
	}
}

/* "ListenStream=54320", ExecStart=, User=, LimitNOFILE= */
void lint_read_unit(struct lint_scan *scan, struct slice text)
{
	struct lint_found *found = scan->found;
	struct lint_user user = {.file = scan->file};
	struct slice line;
	for (size_t number = 1; slice_line(&text, &line); number++) {
		line = slice_trim(line);
		const char *equals = slice_char(line, '=');
		if (!equals || slice_begins(line, "#") || slice_begins(line, ";"))
			continue;
		struct slice name = slice_between(line.at, equals);
		struct slice value = slice_trim(slice_between(equals + 1, slice_end(line)));
		if (slice_is(name, "ListenStream") || slice_is(name, "ListenDatagram"))
			lint_add_address(scan, value, number, "socket unit");
		else if (slice_is(name, "PublishPort"))
			lint_add_published(scan, value, number, "PublishPort");
		else if (slice_is(name, "ExecStart") || slice_is(name, "ExecStartPre"))
			lint_read_shell(scan, value, number);
		else if (slice_is(name, "User")) {
			user.name = value;
			user.line = number;
		} else if (slice_begins(name, "LimitNOFILE"))
			user.has_nofile = true;
	}
	if (user.name.length > 0)
		keep_user(found->arena, &found->units, &found->unit_count, &found->unit_capacity, user);
}

/* Settings of the kernel and limits of a shell in texts: what keeps ports out of the range of
 * outgoing ones, and what ends with the shell that set it. */
#include <string.h>

#include "base/ascii.h"
#include "model/lint/ports.h"
#include "model/lint/shell.h"

static const char reserved_key[] = "ip_local_reserved_ports";
static const char range_key[] = "ip_local_port_range";

static struct slice number_list(struct slice text)
{
	size_t length = 0;
	while (length < text.length && strchr("0123456789,- \t", text.at[length]))
		length++;
	return slice_trim(slice_cut(text, length));
}

static void add_cure(struct lint_scan *scan, struct lint_cure cure, size_t line)
{
	struct lint_found *found = scan->found;
	found->cures = arena_grow(found->arena,
			found->cures,
			found->cure_count,
			&found->cure_capacity,
			sizeof *found->cures);
	cure.file = scan->file;
	cure.line = line;
	cure.job = scan->job;
	cure.step = scan->step;
	cure.in_container = scan->in_container;
	found->cures[found->cure_count++] = cure;
}

/* "48700 60999" */
static void sysctl_add_range(struct lint_scan *scan, struct slice value, size_t line)
{
	struct lint_range first, last;
	size_t length = 0;
	while (ascii_is_digit(slice_byte(value, length)))
		length++;
	struct slice rest = slice_trim(slice_after(value, length));
	if (!lint_ports_of(slice_cut(value, length), &first) || !lint_ports_of(rest, &last))
		return;
	struct lint_cure cure = {.range = {first.first, last.first}};
	add_cure(scan, cure, line);
}

static void add_reservation(struct lint_scan *scan, struct slice value, size_t line)
{
	struct error err = {0};
	struct lint_cure cure = {.reserved = arena_alloc(scan->arena, sizeof *cure.reserved)};
	if (value.length == 0)
		return;
	if (portset_parse(slice_text(scan->arena, value), cure.reserved, &err))
		add_cure(scan, cure, line);
}

void lint_read_cure(struct lint_scan *scan, struct slice name, struct slice value, size_t line)
{
	struct lint_value known = lint_expand(scan, value, line);
	struct slice numbers = number_list(slice_unquote(known.text));
	if (slice_ends(name, range_key))
		sysctl_add_range(scan, numbers, line);
	else if (slice_ends(name, reserved_key))
		add_reservation(scan, numbers, line);
}

/* What is written behind the key: "=48700 60999", "= \"1-2\"". */
static struct slice value_behind_key(struct slice rest)
{
	while (rest.length > 0 && strchr("= \t\"':", rest.at[0]))
		rest = slice_after(rest, 1);
	return rest;
}

/* What is written into the key's file: echo 48700 60999 > /proc/sys/… */
static struct slice value_before_key(struct slice before)
{
	struct slice none = {NULL, 0};
	const char *echo = slice_find(before, "echo ");
	size_t length = strlen("echo ");
	if (!echo) {
		echo = slice_find(before, "printf ");
		length = strlen("printf ");
	}
	if (!echo)
		return none;
	struct slice value = slice_between(echo + length, slice_end(before));
	while (value.length > 0 && strchr("\"' -n", value.at[0]))
		value = slice_after(value, 1);
	return value;
}

/* Of a container, or kept in a file that nothing reads again. */
static bool is_for_others(struct slice line, struct slice text)
{
	static const char *const engines[] = {
			"docker ",
			"podman ",
			"ssh ",
			NULL,
	};
	static const char *const loads[] = {
			"sysctl -p",
			"sysctl --system",
			"sysctl --load",
			"sysctl -q -p",
			"sysctl -e -p",
			"systemd-sysctl",
			NULL,
	};
	if (slice_find(line, "--sysctl"))
		return false;
	if (slice_find_any(line, engines))
		return true;
	if (!slice_find(line, "/etc/sysctl"))
		return false;
	return !slice_find_any(text, loads);
}

static void read_cure_line(struct lint_scan *scan,
		struct slice line,
		const char *at,
		const char *key,
		size_t number)
{
	struct slice rest = slice_between(at + strlen(key), slice_end(line));
	struct slice value = value_behind_key(rest);
	struct slice name = slice_of(key);
	bool spelled = ascii_is_digit(slice_byte(value, 0)) || slice_byte(value, 0) == '$';
	if (!spelled)
		value = value_before_key(slice_between(line.at, at));
	if (slice_byte(value, 0) == '$') {
		size_t length = 0;
		while (length < value.length && !strchr(" \t\"';&|>", value.at[length]))
			length++;
		value = slice_cut(value, length);
	}
	lint_read_cure(scan, name, value, number);
}

void lint_read_cures(struct lint_scan *scan, struct slice text, size_t number)
{
	static const char *const keys[] = {range_key, reserved_key};
	struct slice rest = text;
	struct slice line;
	if (!slice_find(text, "ip_local_"))
		return;
	for (; slice_line(&rest, &line); number++) {
		struct slice trimmed = slice_trim(line);
		if (slice_begins(trimmed, "#") || !slice_find(trimmed, "ip_local_"))
			continue;
		if (is_for_others(trimmed, text))
			continue;
		scan->in_container = slice_find(trimmed, "--sysctl") != NULL;
		for (size_t i = 0; i < 2; i++) {
			const char *at = slice_find(trimmed, keys[i]);
			if (at)
				read_cure_line(scan, trimmed, at, keys[i], number);
		}
		scan->in_container = false;
	}
}

/* --- ulimit --------------------------------------------------------------------------------- */

static bool sets_limit(const struct shell_command *command)
{
	if (command->count < 2 || !slice_is(command->words[0].text, "ulimit"))
		return false;
	struct slice last = command->words[command->count - 1].text;
	return ascii_is_digit(slice_byte(last, 0)) || slice_is(last, "unlimited") ||
			slice_byte(last, 0) == '$';
}

/* What a limit makes no difference to. */
static bool sysctl_is_idle(const struct shell_command *command)
{
	static const char *const idle[] =
			{"ulimit", "echo", "printf", "true", ":", "sysctl", "cat", "set", "fi", "done", NULL};
	size_t at = 0;
	if (slice_is(command->words[0].text, "sudo") && command->count > 1)
		at = 1;
	return slice_in(command->words[at].text, idle);
}

void lint_read_idle_ulimit(struct lint_scan *scan,
		struct slice text,
		size_t line,
		const char *until)
{
	struct shell_command *command = arena_alloc(scan->arena, sizeof *command);
	size_t set_at = 0;
	if (!slice_find(text, "ulimit"))
		return;
	while (shell_next(scan->arena, &text, &line, command)) {
		if (sets_limit(command))
			set_at = command->words[0].line;
		else if (!sysctl_is_idle(command))
			set_at = 0;
	}
	if (set_at == 0)
		return;
	lint_add_useless(scan,
			(struct lint_useless){
					.rule = LINT_ULIMIT,
					.line = set_at,
					.what = "ulimit",
					.says = arena_printf(scan->arena, "ulimit ends with its shell, at %s", until),
					.instead = "put it before the command in the same shell",
			});
}

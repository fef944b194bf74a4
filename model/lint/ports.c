#include "model/lint/ports.h"

#include <string.h>

#include "base/ascii.h"

enum {
	PORT_DIGITS = 5,
	PORT_MAX = 65535,
	NAMES_MAX = 2000 /* of one file */
};

static size_t digits_at(struct slice text, size_t from)
{
	size_t count = 0;
	while (ascii_is_digit(slice_byte(text, from + count)))
		count++;
	return count;
}

static unsigned port_at(struct slice text, size_t from, size_t digits)
{
	unsigned port = 0;
	if (digits == 0 || digits > PORT_DIGITS)
		return 0;
	for (size_t i = 0; i < digits; i++)
		port = port * 10 + (unsigned)(text.at[from + i] - '0');
	if (port > PORT_MAX)
		return 0;
	return port;
}

bool lint_ports_of(struct slice text, struct lint_range *ret)
{
	size_t first = digits_at(text, 0);
	ret->first = port_at(text, 0, first);
	ret->last = ret->first;
	if (ret->first == 0)
		return false;
	if (first == text.length)
		return true;
	if (text.at[first] != '-')
		return false;
	size_t last = digits_at(text, first + 1);
	ret->last = port_at(text, first + 1, last);
	return ret->last >= ret->first && first + 1 + last == text.length;
}

static struct slice without_protocol(struct slice text)
{
	if (slice_ends(text, "/tcp") || slice_ends(text, "/udp"))
		return slice_cut(text, text.length - 4);
	if (slice_ends(text, "/sctp"))
		return slice_cut(text, text.length - 5);
	return text;
}

/* "http://host:1/path?x" is "host:1". */
static struct slice authority_of(struct slice text)
{
	const char *scheme = slice_find(text, "://");
	if (scheme)
		text = slice_between(scheme + 3, slice_end(text));
	for (size_t i = 0; i < text.length; i++) {
		if (strchr("/?#,; ", text.at[i]))
			return slice_cut(text, i);
	}
	return text;
}

/* Splits "host:port"; the host may be empty or in brackets. */
static bool split_address(struct slice text, struct slice *ret_host, struct lint_range *ret)
{
	text = slice_unquote(without_protocol(slice_unquote(text)));
	struct slice whole = authority_of(text);
	*ret_host = (struct slice){NULL, 0};
	if (lint_ports_of(whole, ret))
		return true;
	const char *colon = slice_last_char(whole, ':');
	if (!colon)
		return false;
	*ret_host = slice_between(whole.at, colon);
	return lint_ports_of(slice_between(colon + 1, slice_end(whole)), ret);
}

bool lint_address(struct slice text, struct lint_range *ret)
{
	struct slice host;
	return split_address(text, &host, ret);
}

bool lint_local_address(struct slice text, struct lint_range *ret)
{
	static const char *const here[] =
			{"", "*", "+", "0.0.0.0", "127.0.0.1", "localhost", "[::]", "[::1]", "::", "::1", NULL};
	struct slice host;
	if (!split_address(text, &host, ret))
		return false;
	return host.length == 0 || slice_in(host, here);
}

bool lint_published(struct slice text, struct lint_range *ret)
{
	text = without_protocol(slice_unquote(text));
	const char *last = slice_last_char(text, ':');
	if (!last)
		return false;
	struct lint_range container;
	struct slice inner = slice_between(last + 1, slice_end(text));
	bool known = lint_ports_of(inner, &container);
	if (!known && !slice_char(inner, '$'))
		return false;
	struct slice outer = slice_between(text.at, last);
	const char *before = slice_last_char(outer, ':');
	if (before)
		outer = slice_between(before + 1, slice_end(outer));
	return lint_ports_of(outer, ret);
}

/* --- variables ------------------------------------------------------------------------------ */

struct reference {
	size_t length; /* of all of it; 0: it is none */
	struct slice name, otherwise;
};

static size_t variable_length(struct slice text)
{
	size_t length = 0;
	while (ascii_is_name(slice_byte(text, length)))
		length++;
	return length;
}

/* What stands between the braces: NAME, NAME:-default. */
static struct reference braced(struct slice inner)
{
	size_t length = variable_length(inner);
	struct reference found = {.name = slice_cut(inner, length)};
	struct slice behind = slice_after(inner, length);
	if (slice_begins(behind, ":-") || slice_begins(behind, ":="))
		found.otherwise = slice_after(behind, 2);
	else if (slice_begins(behind, "-") || slice_begins(behind, ":"))
		found.otherwise = slice_after(behind, 1);
	return found;
}

static struct reference github_reference(struct slice text)
{
	const char *close = slice_find(text, "}}");
	struct reference found = {0};
	if (!close)
		return found;
	struct slice inner = slice_trim(slice_between(text.at + 3, close));
	const char *dot = slice_last_char(inner, '.');
	found.length = (size_t)(close - text.at) + 2;
	if (dot)
		found.name = slice_between(dot + 1, slice_end(inner));
	return found;
}

static struct reference reference_at(struct slice text)
{
	struct reference found = {0};
	char next = slice_byte(text, 1);
	char close = '}';
	if (slice_begins(text, "${{"))
		return github_reference(text);
	if (next == '(')
		close = ')';
	if (next == '{' || next == '(') {
		const char *end = slice_char(text, close);
		if (!end)
			return found;
		found = braced(slice_between(text.at + 2, end));
		found.length = (size_t)(end - text.at) + 1;
		return found;
	}
	found.name = slice_cut(slice_after(text, 1), variable_length(slice_after(text, 1)));
	if (found.name.length > 0)
		found.length = found.name.length + 1;
	return found;
}

static const struct lint_variable *name_of_file(const struct lint_scan *scan, struct slice name)
{
	for (size_t i = scan->name_count; i > 0; i--) {
		const struct lint_variable *variable = &scan->names[i - 1];
		if (slice_same(variable->name, name))
			return variable;
	}
	return NULL;
}

static const struct lint_variable *name_beside(const struct lint_scan *scan, struct slice name)
{
	const struct lint_variable *best = NULL;
	for (size_t i = 0; i < scan->found->variable_count; i++) {
		const struct lint_variable *variable = &scan->found->variables[i];
		if (!slice_same(variable->name, name))
			continue;
		if (!slice_same(variable->directory, scan->directory))
			continue;
		if (!best || variable->rank < best->rank)
			best = variable;
	}
	return best;
}

static const struct lint_variable *lint_variable_of(const struct lint_scan *scan, struct slice name)
{
	const struct lint_variable *variable = name_of_file(scan, name);
	if (!variable && scan->directory.at)
		variable = name_beside(scan, name);
	return variable;
}

static void replace(const struct lint_scan *scan,
		const struct reference *reference,
		struct lint_value *value,
		struct text *out)
{
	const struct lint_variable *variable = lint_variable_of(scan, reference->name);
	struct lint_range ports;
	if (!variable) {
		struct slice otherwise = reference->otherwise;
		text_add_bytes(out, slice_text(scan->arena, otherwise), otherwise.length);
		return;
	}
	struct slice known = variable->value;
	text_add_bytes(out, slice_text(scan->arena, known), known.length);
	if (lint_address(known, &ports) || lint_published(known, &ports)) {
		value->file = variable->file;
		value->line = variable->line;
	}
}

static bool variable_known(const struct lint_scan *scan, const struct reference *reference)
{
	if (reference->length == 0)
		return false;
	return reference->otherwise.length > 0 || lint_variable_of(scan, reference->name);
}

struct lint_value lint_expand(const struct lint_scan *scan, struct slice text, size_t line)
{
	struct lint_value value = {text, scan->file, line};
	struct text out = {0};
	if (!slice_char(text, '$'))
		return value;
	for (size_t i = 0; i < text.length; i++) {
		struct reference reference = {0};
		if (text.at[i] == '$')
			reference = reference_at(slice_after(text, i));
		if (!variable_known(scan, &reference)) {
			text_add_bytes(&out, text.at + i, 1);
			continue;
		}
		replace(scan, &reference, &value, &out);
		i += reference.length - 1;
	}
	value.text.length = out.length;
	value.text.at = text_take(scan->arena, &out);
	return value;
}

void lint_set_name(struct lint_scan *scan, struct slice name, struct slice value, size_t line)
{
	struct lint_variable *variable;
	if (scan->name_count >= NAMES_MAX)
		return;
	scan->names = arena_grow(scan->arena,
			scan->names,
			scan->name_count,
			&scan->name_capacity,
			sizeof *variable);
	variable = &scan->names[scan->name_count++];
	*variable = (struct lint_variable){
			.name = name,
			.value = slice_unquote(value),
			.file = scan->file,
			.line = line,
	};
}

void lint_add_published(struct lint_scan *scan, struct slice text, size_t line, const char *what)
{
	struct lint_range ports;
	struct lint_value value = lint_expand(scan, slice_unquote(text), line);
	if (lint_published(value.text, &ports))
		lint_add_at(scan, value.file, value.line, ports, what);
}

void lint_add_address(struct lint_scan *scan, struct slice text, size_t line, const char *what)
{
	struct lint_range ports;
	struct lint_value value = lint_expand(scan, slice_unquote(text), line);
	if (lint_address(value.text, &ports))
		lint_add_at(scan, value.file, value.line, ports, what);
}

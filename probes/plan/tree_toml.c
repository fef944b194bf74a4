/* TOML 1.0 as a tree: tables, arrays of tables, dotted keys, strings of all four kinds, arrays over
 * many lines, inline tables. Numbers, dates and truth values stay texts and are not checked. */
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "probes/plan/tree.h"

enum {
	DEPTH_MAX = 50,
	TABLES_MAX = 5000 /* each is looked for among those before it */
};

struct toml {
	struct arena *arena;
	const char *shown;
	const char *at; /* ends with a NUL */
	size_t line, depth, tables;
	struct error *err;
};

static bool toml_refuse(const struct toml *toml, const char *what)
{
	return error_set(toml->err, "%s:%zu: %s", toml->shown, toml->line, what);
}

static void pass_blanks(struct toml *toml)
{
	toml->at += strspn(toml->at, " \t");
}

static void pass_comment(struct toml *toml)
{
	if (*toml->at == '#')
		toml->at += strcspn(toml->at, "\n");
}

static bool at_line_end(const struct toml *toml)
{
	if (toml->at[0] == '\r')
		return toml->at[1] == '\n';
	return toml->at[0] == '\n';
}

/* Blanks, comments and ends of lines. */
static void pass_lines(struct toml *toml)
{
	for (;;) {
		pass_blanks(toml);
		pass_comment(toml);
		if (!at_line_end(toml))
			return;
		toml->at += strcspn(toml->at, "\n") + 1;
		toml->line++;
	}
}

/* Behind a value or a table's name nothing may follow in its line. */
static bool end_line(struct toml *toml)
{
	pass_blanks(toml);
	pass_comment(toml);
	if (*toml->at && !at_line_end(toml))
		return toml_refuse(toml, "unexpected text after the value");
	return true;
}

/* UTF-8 of a code point; 0 for what is no character. */
static size_t encode(unsigned long code, char out[4])
{
	static const unsigned char marks[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
	size_t length = 1;
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	if (code >= 0x80)
		length = 2;
	if (code >= 0x800)
		length = 3;
	if (code >= 0x10000)
		length = 4;
	for (size_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)(marks[length] | code);
	return length;
}

static bool add_code_point(struct toml *toml, struct text *text, size_t digits)
{
	unsigned long code = 0;
	char bytes[4] = {0};
	for (size_t i = 0; i < digits; i++) {
		int value = ascii_hex_value(toml->at[i]);
		if (value < 0)
			return toml_refuse(toml, "an escape with too few hexadecimal digits");
		code = code * 16 + (unsigned long)value;
	}
	toml->at += digits;
	size_t length = encode(code, bytes);
	text_add_bytes(text, bytes, length);
	return length > 0 || toml_refuse(toml, "an escape that stands for no character");
}

/* A backslash at the end of a line takes away that end and the blanks behind it. */
static bool pass_line_escape(struct toml *toml)
{
	const char *saved = toml->at;
	pass_blanks(toml);
	if (!at_line_end(toml)) {
		toml->at = saved;
		return false;
	}
	while (at_line_end(toml)) {
		toml->at += strcspn(toml->at, "\n") + 1;
		toml->line++;
		pass_blanks(toml);
	}
	return true;
}

static bool toml_escape(struct toml *toml, struct text *text, bool many_lines)
{
	static const char letters[] = "btnfr\"\\e";
	static const char values[] = "\b\t\n\f\r\"\\\033";
	if (many_lines && pass_line_escape(toml))
		return true;
	char letter = *toml->at;
	if (!letter)
		return toml_refuse(toml, "a string without its closing quote");
	const char *found = strchr(letters, letter);
	toml->at++;
	if (letter == 'u')
		return add_code_point(toml, text, 4);
	if (letter == 'U')
		return add_code_point(toml, text, 8);
	if (!found)
		return toml_refuse(toml, "an escape that TOML does not know");
	text_add_bytes(text, &values[found - letters], 1);
	return true;
}

/* How many quotation marks begin and end a string. */
static size_t marks_of(bool many_lines)
{
	if (many_lines)
		return 3;
	return 1;
}

/* Is the end of the string here? */
static bool at_close(const struct toml *toml, char quote, bool many_lines)
{
	if (!many_lines)
		return *toml->at == quote;
	return toml->at[0] == quote && toml->at[1] == quote && toml->at[2] == quote;
}

static bool string_body(struct toml *toml, char quote, bool many_lines, struct text *text)
{
	while (!at_close(toml, quote, many_lines)) {
		char c = *toml->at;
		if (!c || (c == '\n' && !many_lines))
			return toml_refuse(toml, "a string without its closing quote");
		toml->at++;
		if (c == '\n')
			toml->line++;
		if (c != '\\' || quote == '\'')
			text_add_bytes(text, &c, 1);
		else if (!toml_escape(toml, text, many_lines))
			return false;
	}
	toml->at += marks_of(many_lines);
	for (size_t more = 0; many_lines && more < 2 && *toml->at == quote; more++) {
		text_add_bytes(text, &quote, 1); /* """" ends with a quotation mark of its own */
		toml->at++;
	}
	return true;
}

static bool toml_string(struct toml *toml, const char **ret)
{
	struct text text __attribute__((cleanup(text_release))) = {0};
	char quote = *toml->at;
	bool many_lines = toml->at[1] == quote && toml->at[2] == quote;
	toml->at += marks_of(many_lines);
	if (many_lines && at_line_end(toml)) {
		toml->at += strcspn(toml->at, "\n") + 1;
		toml->line++;
	}
	bool good = string_body(toml, quote, many_lines, &text);
	*ret = arena_copy(toml->arena, text_string(&text), text.length);
	return good;
}

/* One part of a key: bare or quoted. */
static bool key_part(struct toml *toml, const char **ret)
{
	pass_blanks(toml);
	if (*toml->at == '"' || *toml->at == '\'')
		return toml_string(toml, ret);
	size_t length = 0;
	while (ascii_is_name(toml->at[length]) || toml->at[length] == '-')
		length++;
	*ret = arena_copy(toml->arena, toml->at, length);
	toml->at += length;
	return length > 0 || toml_refuse(toml, "neither a [table] nor name = value");
}

static struct tree_node *entry_of(const struct tree_node *parent, const char *name)
{
	struct tree_node *found = NULL;
	for (struct tree_node *node = parent->child; node && !found; node = node->next) {
		if (!strcmp(node->name, name))
			found = node;
	}
	return found;
}

/* The mapping of that name below another; of an array of tables, its last one. Made where it is not
 * there yet. */
static struct tree_node *table_of(struct toml *toml, struct tree_node *parent, const char *name)
{
	struct tree_node *node = entry_of(parent, name);
	if (node && node->kind == TREE_SEQUENCE && node->last)
		node = node->last;
	if (node && node->kind == TREE_MAPPING)
		return node;
	toml->tables++;
	return tree_add(toml->arena, parent, TREE_MAPPING, name, "", toml->line);
}

/* Reads "a.b.c": the table that holds the last part, and that part. */
static bool toml_key(struct toml *toml,
		struct tree_node *table,
		struct tree_node **ret_table,
		const char **ret_name)
{
	*ret_table = table;
	for (size_t parts = 0;; parts++) {
		if (toml->tables > TABLES_MAX)
			return toml_refuse(toml, "more than 5,000 tables");
		if (!key_part(toml, ret_name))
			return false;
		pass_blanks(toml);
		if (*toml->at != '.')
			return true;
		if (parts == DEPTH_MAX)
			return toml_refuse(toml, "a key with too many parts");
		toml->at++;
		*ret_table = table_of(toml, *ret_table, *ret_name);
	}
}

static bool toml_value(struct toml *toml, struct tree_node *parent, const char *name);

static bool toml_array(struct toml *toml, struct tree_node *array)
{
	toml->at++;
	for (;;) {
		pass_lines(toml);
		if (*toml->at == ']')
			break;
		if (!toml_value(toml, array, ""))
			return false;
		pass_lines(toml);
		if (*toml->at == ',')
			toml->at++;
		else if (*toml->at != ']')
			return toml_refuse(toml, "an array without its closing ]");
	}
	toml->at++;
	return true;
}

static bool toml_pair(struct toml *toml, struct tree_node *table)
{
	const char *name;
	if (!toml_key(toml, table, &table, &name))
		return false;
	if (*toml->at != '=')
		return toml_refuse(toml, "neither a [table] nor name = value");
	toml->at++;
	pass_blanks(toml);
	return toml_value(toml, table, name);
}

static bool inline_table(struct toml *toml, struct tree_node *table)
{
	toml->at++;
	for (;;) {
		pass_lines(toml);
		if (*toml->at == '}')
			break;
		if (!toml_pair(toml, table))
			return false;
		pass_lines(toml);
		if (*toml->at == ',')
			toml->at++;
		else if (*toml->at != '}')
			return toml_refuse(toml, "an inline table without its closing }");
	}
	toml->at++;
	return true;
}

/* A number, a date or a truth value, up to what may follow a value. */
static bool bare_value(struct toml *toml, const char **ret)
{
	size_t length = strcspn(toml->at, ",]}#\r\n");
	while (length > 0 && strchr(" \t", toml->at[length - 1]))
		length--;
	*ret = arena_copy(toml->arena, toml->at, length);
	toml->at += length;
	return length > 0 || toml_refuse(toml, "a value is missing");
}

static bool nested(struct toml *toml, struct tree_node *parent, const char *name)
{
	bool is_array = *toml->at == '[', good;
	enum tree_kind kind = TREE_MAPPING;
	if (is_array)
		kind = TREE_SEQUENCE;
	struct tree_node *node = tree_add(toml->arena, parent, kind, name, "", toml->line);
	if (toml->depth == DEPTH_MAX)
		return toml_refuse(toml, "values are nested too deeply");
	toml->depth++;
	if (is_array)
		good = toml_array(toml, node);
	else
		good = inline_table(toml, node);
	toml->depth--;
	return good;
}

static bool toml_value(struct toml *toml, struct tree_node *parent, const char *name)
{
	const char *text;
	size_t line = toml->line;
	bool good;
	if (*toml->at == '[' || *toml->at == '{')
		return nested(toml, parent, name);
	if (*toml->at == '"' || *toml->at == '\'')
		good = toml_string(toml, &text);
	else
		good = bare_value(toml, &text);
	if (good)
		(void)tree_add(toml->arena, parent, TREE_SCALAR, name, text, line);
	return good;
}

/* "[a.b]" and "[[a.b]]": the table that the entries below it belong to. */
static bool toml_header(struct toml *toml, struct tree_node *root, struct tree_node **ret_table)
{
	const char *name;
	struct tree_node *table, *list;
	bool repeats = toml->at[1] == '[';
	size_t marks = 1 + (size_t)repeats;
	toml->at += marks;
	if (!toml_key(toml, root, &table, &name))
		return false;
	if (toml->at[0] != ']' || (repeats && toml->at[1] != ']'))
		return toml_refuse(toml, "a table name without its closing ]");
	toml->at += marks;
	if (!repeats) {
		*ret_table = table_of(toml, table, name);
		return end_line(toml);
	}
	list = entry_of(table, name);
	if (!list || list->kind != TREE_SEQUENCE)
		list = tree_add(toml->arena, table, TREE_SEQUENCE, name, "", toml->line);
	*ret_table = tree_add(toml->arena, list, TREE_MAPPING, "", "", toml->line);
	return end_line(toml);
}

const struct tree_node *tree_from_toml(struct arena *arena,
		const char *shown,
		const char *bytes,
		size_t length,
		struct error *err)
{
	struct toml toml = {.arena = arena, .shown = shown, .line = 1, .err = err};
	struct tree_node *root = tree_add(arena, NULL, TREE_MAPPING, "", "", 1);
	struct tree_node *table = root;
	bool good = true;
	toml.at = arena_copy(arena, bytes, length);
	if (text_begins_with(toml.at, "\xef\xbb\xbf"))
		toml.at += 3;
	for (pass_lines(&toml); *toml.at && good; pass_lines(&toml)) {
		if (*toml.at == '[')
			good = toml_header(&toml, root, &table);
		else
			good = toml_pair(&toml, table) && end_line(&toml);
	}
	if (!good)
		return NULL;
	return root;
}

/* Settings line by line: "name = value", "name: value", "name value;", sections in brackets (INI,
 * TOML) and in braces (nginx, HCL). */
#include <string.h>

#include "base/ascii.h"
#include "model/lint/tree.h"

struct settings {
	struct node_reader reader;
	struct node *root, *section;
	struct slice text;
};

static bool settings_begins_comment(struct slice line)
{
	static const char *const marks[] = {
			"#",
			";",
			"//",
			"!",
			"--",
			NULL,
	};
	return slice_begins_any(line, marks);
}

/* "[a.b]", "[[a]]": each name a section in the one before. */
static void enter_section(struct settings *settings, struct slice line)
{
	const char *close = slice_char(line, ']');
	struct node *section = settings->root;
	if (!close)
		return;
	struct slice names = slice_between(line.at, close);
	while (slice_begins(names, "["))
		names = slice_after(names, 1);
	while (names.length > 0) {
		const char *dot = slice_char(names, '.');
		size_t length = names.length;
		if (dot)
			length = (size_t)(dot - names.at);
		struct slice name = slice_unquote(slice_cut(names, length));
		struct node *inner = section->last;
		bool again = inner && slice_same(inner->key, name) && dot;
		if (!again)
			inner = node_add(&settings->reader, section, name);
		if (!inner)
			return;
		inner->kind = NODE_MAP;
		section = inner;
		names = slice_after(names, length + 1);
	}
	settings->section = section;
}

/* "listener "tcp" {", "upstream app {", "http {": a section in braces. */
static void enter_braces(struct settings *settings, struct slice line)
{
	struct slice name = slice_trim(slice_cut(line, line.length - 1));
	if (slice_ends(name, "="))
		name = slice_trim(slice_cut(name, name.length - 1));
	struct node *section = node_add(&settings->reader, settings->section, name);
	if (!section)
		return;
	section->kind = NODE_MAP;
	settings->section = section;
}

static void leave_braces(struct settings *settings)
{
	if (settings->section->parent)
		settings->section = settings->section->parent;
}

/* The end of the name: at "=", ": " or a blank. */
static size_t name_end(struct slice line)
{
	size_t i = 0;
	if (slice_byte(line, 0) == '"')
		i = node_quoted_length(line);
	for (; i < line.length; i++) {
		char c = line.at[i];
		if (c == '=' || c == ' ' || c == '\t')
			return i;
		if (c == ':' && i > 0 && strchr(" \t=", slice_byte(line, i + 1)))
			return i;
	}
	return i;
}

static struct slice value_behind(struct slice line, size_t from)
{
	struct slice value = slice_trim(slice_after(line, from));
	if (slice_begins(value, "=") || slice_begins(value, ":="))
		value = slice_trim(slice_after(value, 1));
	else if (slice_begins(value, ": "))
		value = slice_trim(slice_after(value, 2));
	while (slice_begins(value, "="))
		value = slice_trim(slice_after(value, 1));
	return value;
}

/* What stands behind a value that is no part of it. */
static struct slice without_remark(struct slice value)
{
	size_t quoted = 0;
	if (slice_begins(value, "\"") || slice_begins(value, "'"))
		quoted = node_quoted_length(value);
	for (size_t i = quoted; i < value.length; i++) {
		bool mark = value.at[i] == '#' || value.at[i] == ';';
		bool apart = i > 0 && (value.at[i - 1] == ' ' || value.at[i - 1] == '\t');
		if (mark && apart)
			value = slice_cut(value, i);
	}
	value = slice_trim(value);
	while (slice_ends(value, ";") || slice_ends(value, ","))
		value = slice_trim(slice_cut(value, value.length - 1));
	return value;
}

/* TOML's text of several lines. */
static void skip_long_text(struct settings *settings, struct slice value)
{
	char mark[] = {value.at[0], value.at[0], value.at[0], '\0'};
	struct slice line;
	if (slice_find(slice_after(value, 3), mark))
		return;
	while (slice_line(&settings->reader.rest, &line)) {
		settings->reader.line++;
		if (slice_find(line, mark))
			return;
	}
}

static void settings_read_setting(struct settings *settings, struct slice line)
{
	size_t length = name_end(line);
	struct slice name = slice_unquote(slice_cut(line, length));
	struct slice value = value_behind(line, length);
	struct node *node = node_add(&settings->reader, settings->section, name);
	if (!node)
		return;
	node->line = settings->reader.line - 1;
	if (slice_begins(value, "\"\"\"") || slice_begins(value, "'''"))
		skip_long_text(settings, value);
	else if (node_begins_flow(value))
		node_read_flow_at(&settings->reader, settings->text, node, value.at);
	else
		node->value = slice_unquote(without_remark(value));
}

static bool ends_with_brace(struct slice line)
{
	return slice_ends(line, "{") && !slice_ends(line, "${") && !slice_begins(line, "{{");
}

static void settings_read_line(struct settings *settings, struct slice line)
{
	line = slice_trim(line);
	if (line.length == 0 || settings_begins_comment(line))
		return;
	const char *remark = slice_find(line, " #");
	struct slice bare = line;
	if (remark)
		bare = slice_trim(slice_between(line.at, remark));
	if (slice_begins(line, "["))
		enter_section(settings, line);
	else if (ends_with_brace(bare))
		enter_braces(settings, bare);
	else if (slice_begins(line, "}"))
		leave_braces(settings);
	else
		settings_read_setting(settings, line);
}

struct node *tree_of_settings(struct arena *arena, struct slice text)
{
	struct settings settings = {.reader = {arena, text, 1, 0}, .text = text};
	struct slice line;
	settings.root = arena_alloc(arena, sizeof *settings.root);
	settings.root->kind = NODE_MAP;
	settings.section = settings.root;
	while (slice_line(&settings.reader.rest, &line)) {
		settings.reader.line++;
		settings_read_line(&settings, line);
	}
	return settings.root;
}

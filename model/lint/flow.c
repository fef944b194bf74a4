/* Collections in braces and brackets: JSON with comments, and the flow style of YAML and TOML. */
#include <string.h>

#include "model/lint/tree.h"

static char flow_here(const struct node_reader *reader)
{
	return slice_byte(reader->rest, 0);
}

static void flow_step(struct node_reader *reader, size_t count)
{
	for (size_t i = 0; i < count; i++)
		reader->line += slice_byte(reader->rest, i) == '\n';
	reader->rest = slice_after(reader->rest, count);
}

static bool flow_begins(const struct node_reader *reader, const char *text)
{
	return slice_begins(reader->rest, text);
}

static void skip_until(struct node_reader *reader, const char *end)
{
	const char *at = slice_find(reader->rest, end);
	size_t length = reader->rest.length;
	if (at)
		length = (size_t)(at - reader->rest.at) + strlen(end);
	flow_step(reader, length);
}

/* Blanks, lines, commas and comments. */
static void skip_between(struct node_reader *reader)
{
	while (reader->rest.length > 0) {
		char c = flow_here(reader);
		if (flow_begins(reader, "//") || c == '#')
			skip_until(reader, "\n");
		else if (flow_begins(reader, "/*"))
			skip_until(reader, "*/");
		else if (strchr(" \t\r\n,", c))
			flow_step(reader, 1);
		else
			return;
	}
}

size_t node_quoted_length(struct slice text)
{
	char quote = slice_byte(text, 0);
	for (size_t i = 1; i < text.length; i++) {
		if (text.at[i] == '\\' && quote == '"')
			i++;
		else if (text.at[i] == quote)
			return i + 1;
	}
	return 0;
}

bool node_begins_flow(struct slice text)
{
	static const char *const others[] = {"{{", "{%", "[:", NULL};
	if (slice_begins_any(text, others))
		return false; /* a template, an address of IPv6 */
	return slice_byte(text, 0) == '{' || slice_byte(text, 0) == '[';
}

static size_t quoted_here(const struct node_reader *reader)
{
	char c = flow_here(reader);
	if (c != '"' && c != '\'')
		return 0;
	return node_quoted_length(reader->rest);
}

/* A word without quotes: up to what ends it in a collection. ":" ends it before a blank only. */
static size_t plain_here(const struct node_reader *reader)
{
	size_t i = 0;
	for (; i < reader->rest.length; i++) {
		char c = reader->rest.at[i];
		char next = slice_byte(reader->rest, i + 1);
		if (strchr(",]}\n\r", c))
			break;
		if (c == '=' || (c == ':' && strchr(" \t\r\n{[\"", next)))
			break;
		if (c == '#' && i > 0 && reader->rest.at[i - 1] == ' ')
			break;
	}
	return i;
}

static struct slice flow_take_word(struct node_reader *reader)
{
	size_t length = quoted_here(reader);
	if (length == 0)
		length = plain_here(reader);
	struct slice word = slice_unquote(slice_cut(reader->rest, length));
	flow_step(reader, length);
	return word;
}

static void flow_skip_blanks(struct node_reader *reader)
{
	while (flow_here(reader) == ' ' || flow_here(reader) == '\t')
		flow_step(reader, 1);
}

static bool take_colon(struct node_reader *reader)
{
	struct node_reader before = *reader;
	flow_skip_blanks(reader);
	if (flow_here(reader) == ':' || flow_here(reader) == '=') {
		flow_step(reader, 1);
		skip_between(reader);
		return true;
	}
	*reader = before;
	return false;
}

/* A collection that is nested too deeply, or the one node too many: passed over. */
static void pass_over(struct node_reader *reader)
{
	reader->rest = slice_after(reader->rest, reader->rest.length);
}

static void flow_read_member(struct node_reader *reader, struct node *parent)
{
	struct slice none = {NULL, 0};
	if (flow_here(reader) == '{' || flow_here(reader) == '[') {
		struct node *node = node_add(reader, parent, none);
		if (node)
			node_read_flow(reader, node);
		else
			pass_over(reader);
		return;
	}
	size_t line = reader->line;
	struct slice word = flow_take_word(reader);
	bool named = parent->kind == NODE_MAP && take_colon(reader);
	struct node *node = node_add(reader, parent, none);
	if (!node) {
		pass_over(reader);
		return;
	}
	node->line = line;
	node->value = word;
	if (!named)
		return;
	node->key = word;
	node->value = none;
	node->line = reader->line;
	node_read_flow(reader, node);
}

void node_read_flow(struct node_reader *reader, struct node *node)
{
	char open = flow_here(reader);
	char close = '}';
	if (open != '{' && open != '[') {
		node->value = flow_take_word(reader);
		return;
	}
	node->kind = NODE_MAP;
	if (open == '[') {
		node->kind = NODE_LIST;
		close = ']';
	}
	flow_step(reader, 1);
	for (skip_between(reader); reader->rest.length > 0; skip_between(reader)) {
		size_t before = reader->rest.length;
		if (flow_here(reader) == close) {
			flow_step(reader, 1);
			return;
		}
		flow_read_member(reader, node);
		if (reader->rest.length == before)
			flow_step(reader, 1);
	}
}

void node_read_flow_at(struct node_reader *reader,
		struct slice text,
		struct node *node,
		const char *at)
{
	struct node_reader flow = *reader;
	flow.rest = slice_between(at, slice_end(text));
	flow.line = node->line;
	node_read_flow(&flow, node);
	reader->count = flow.count;
	/* What was read of later lines is not read again. */
	if (flow.rest.length < reader->rest.length) {
		struct slice skipped;
		reader->line = flow.line;
		reader->rest = flow.rest;
		if (slice_line(&reader->rest, &skipped))
			reader->line++;
	}
}

struct node *tree_of_json(struct arena *arena, struct slice text)
{
	struct node *root = arena_alloc(arena, sizeof *root);
	struct node_reader reader = {arena, text, 1, 0};
	skip_between(&reader);
	if (node_begins_flow(reader.rest))
		node_read_flow(&reader, root);
	return root;
}

/* YAML by its indentation. Anchors are passed over, an alias is its name. */
#include <string.h>

#include "model/lint/tree.h"

/* A collection that may get more members, and the column that they begin in. */
struct open_node {
	size_t column;
	struct node *node;
};

struct yaml {
	struct node_reader reader;
	struct node *root, *document;
	struct open_node open[NODE_DEPTH_MAX + 2];
	size_t depth;
	struct slice text; /* all of it */
};

static struct open_node *innermost(struct yaml *yaml)
{
	return &yaml->open[yaml->depth - 1];
}

static void yaml_begin_document(struct yaml *yaml)
{
	struct slice none = {NULL, 0};
	struct node *node = node_add(&yaml->reader, yaml->root, none);
	if (!node)
		return;
	node->kind = NODE_MAP;
	yaml->document = node;
	yaml->depth = 0;
}

static void yaml_open(struct yaml *yaml, size_t column, struct node *node)
{
	if (yaml->depth > NODE_DEPTH_MAX)
		return;
	yaml->open[yaml->depth++] = (struct open_node){column, node};
}

/* The collection that a member in this column belongs to. */
static struct node *container_at(struct yaml *yaml, size_t column, bool item)
{
	while (yaml->depth > 0) {
		const struct open_node *top = innermost(yaml);
		bool ends_list = !item && top->node->kind == NODE_LIST && top->column == column;
		if (top->column <= column && !ends_list)
			break;
		yaml->depth--;
	}
	if (yaml->depth == 0) {
		yaml_open(yaml, column, yaml->document);
		return yaml->document;
	}
	struct open_node *top = innermost(yaml);
	bool same = top->column == column;
	if (same && (!item || top->node->kind == NODE_LIST || !top->node->last))
		return top->node;
	struct node *inner = top->node;
	if (top->node->last)
		inner = top->node->last;
	yaml_open(yaml, column, inner);
	return inner;
}

/* Where a comment begins: "#" behind a blank, outside quotes. */
static struct slice without_comment(struct slice line)
{
	char quote = '\0';
	for (size_t i = 0; i < line.length; i++) {
		char c = line.at[i];
		char before = ' ';
		if (i > 0)
			before = line.at[i - 1];
		bool is_quote = c == '"' || c == '\'';
		if (quote && c == quote)
			quote = '\0';
		else if (!quote && is_quote && strchr(" [{,:\t", before))
			quote = c;
		if (quote || c != '#')
			continue;
		if (before == ' ' || before == '\t')
			return slice_trim(slice_cut(line, i));
	}
	return slice_trim(line);
}

/* The length of the key at the start of the line, and of what separates it; 0: there is none. */
static size_t key_length(struct slice line, size_t *ret_behind)
{
	char first = slice_byte(line, 0);
	size_t i = 0;
	if (first == '"' || first == '\'')
		i = node_quoted_length(line);
	if (first == '{' || first == '[' || first == '#')
		return 0;
	for (; i < line.length; i++) {
		char next = slice_byte(line, i + 1);
		if (line.at[i] == ':' && strchr(" \t\r", next)) {
			*ret_behind = i + 1;
			return i;
		}
		if (line.at[i] == '#' && i > 0 && line.at[i - 1] == ' ')
			return 0;
	}
	return 0;
}

static struct slice without_tags(struct slice value)
{
	while (slice_begins(value, "&") || slice_begins(value, "!")) {
		size_t length = 0;
		while (length < value.length && value.at[length] != ' ')
			length++;
		value = slice_trim(slice_after(value, length));
	}
	return value;
}

/* The lines of a block that are indented more than its parent. */
static void yaml_read_block(struct yaml *yaml, struct node *node, size_t column)
{
	struct node_reader *reader = &yaml->reader;
	const char *from = reader->rest.at;
	const char *end = from;
	node->kind = NODE_BLOCK;
	node->line = reader->line;
	while (reader->rest.length > 0) {
		struct slice line;
		struct slice rest = reader->rest;
		(void)slice_line(&rest, &line);
		if (slice_trim(line).length > 0 && slice_indent(line) <= column)
			break;
		reader->rest = rest;
		reader->line++;
		end = slice_end(line);
	}
	node->value = slice_between(from, end);
}

/* `column`: what belongs to a block is indented more. */
static void yaml_read_value(struct yaml *yaml, struct node *node, struct slice raw, size_t column)
{
	struct slice value = without_tags(without_comment(raw));
	if (value.length == 0)
		return;
	char first = value.at[0];
	if (first == '|' || first == '>')
		yaml_read_block(yaml, node, column);
	else if (node_begins_flow(value))
		node_read_flow_at(&yaml->reader, yaml->text, node, value.at);
	else
		node->value = slice_unquote(value);
}

static void yaml_read_content(struct yaml *yaml, struct slice line, size_t column);

static void yaml_read_item(struct yaml *yaml, struct slice line, size_t column)
{
	struct slice none = {NULL, 0};
	struct node *list = container_at(yaml, column, true);
	list->kind = NODE_LIST;
	struct node *item = node_add(&yaml->reader, list, none);
	if (!item)
		return;
	item->line = yaml->reader.line - 1;
	struct slice inner = slice_after(line, 1);
	size_t blanks = slice_indent(inner);
	inner = slice_after(inner, blanks);
	struct slice tagged = without_tags(inner);
	blanks += inner.length - tagged.length;
	size_t behind;
	bool is_key = key_length(tagged, &behind) > 0;
	bool is_item = slice_begins(tagged, "- ") || slice_is(tagged, "-");
	if (!is_key && !is_item) {
		yaml_read_value(yaml, item, tagged, column);
		return;
	}
	yaml_open(yaml, column + 1 + blanks, item);
	yaml_read_content(yaml, tagged, column + 1 + blanks);
}

static void yaml_read_key(struct yaml *yaml, struct slice line, size_t column)
{
	size_t behind = 0;
	size_t length = key_length(line, &behind);
	struct node *map = container_at(yaml, column, false);
	map->kind = NODE_MAP;
	struct slice key = slice_unquote(slice_cut(line, length));
	struct node *node = node_add(&yaml->reader, map, key);
	if (!node)
		return;
	node->line = yaml->reader.line - 1;
	yaml_read_value(yaml, node, slice_after(line, behind), column);
}

/* A plain value that goes on in the next line. */
static void yaml_continue(struct yaml *yaml, struct slice line)
{
	if (yaml->depth == 0)
		return;
	struct node *node = innermost(yaml)->node;
	if (node->last)
		node = node->last;
	struct slice more = without_comment(line);
	if (node->kind != NODE_SCALAR || more.length == 0)
		return;
	if (node->value.length == 0) {
		node->value = slice_unquote(more);
		node->line = yaml->reader.line - 1;
		return;
	}
	node->value = slice_between(node->value.at, slice_end(more));
	node->kind = NODE_BLOCK;
}

static void yaml_read_content(struct yaml *yaml, struct slice line, size_t column)
{
	size_t behind;
	if (slice_begins(line, "- ") || slice_is(slice_trim(line), "-"))
		yaml_read_item(yaml, line, column);
	else if (key_length(line, &behind) > 0)
		yaml_read_key(yaml, line, column);
	else if (yaml->depth == 0 && node_begins_flow(line))
		node_read_flow_at(&yaml->reader, yaml->text, yaml->document, line.at);
	else
		yaml_continue(yaml, line);
}

static void yaml_read_line(struct yaml *yaml, struct slice line)
{
	size_t column = slice_indent(line);
	struct slice content = slice_after(line, column);
	if (slice_begins(line, "---") || slice_is(slice_trim(line), "...")) {
		yaml_begin_document(yaml);
		return;
	}
	static const char *const passed_over[] = {
			"#",
			"{{",
			"%",
			NULL,
	};
	if (content.length == 0 || slice_begins_any(content, passed_over))
		return;
	yaml_read_content(yaml, content, column);
}

struct node *tree_of_yaml(struct arena *arena, struct slice text)
{
	struct yaml yaml = {.reader = {arena, text, 1, 0}, .text = text};
	struct slice line;
	yaml.root = arena_alloc(arena, sizeof *yaml.root);
	yaml_begin_document(&yaml);
	while (yaml.document && slice_line(&yaml.reader.rest, &line)) {
		yaml.reader.line++;
		yaml_read_line(&yaml, line);
	}
	return yaml.root;
}

/* The flat list of nodes: bounds, and its JSON. Knows neither XML nor YAML. */
#include "report/helper/tree/nodes.h"

#include <string.h>

#include "base/text.h"

bool nodes_charge(struct nodes *nodes, size_t line, size_t bytes, struct error *err)
{
	nodes->bytes += bytes;
	return nodes->bytes <= TREE_INPUT_BYTES_MAX * 2u ||
			error_set(err,
					"%zu: the document grows beyond %d MiB here (by its aliases)",
					line,
					TREE_INPUT_BYTES_MAX / (1024 * 1024) * 2);
}

struct node *nodes_add(struct nodes *nodes, const struct node *node, struct error *err)
{
	if (node->depth > TREE_DEPTH_MAX) {
		(void)error_set(err, "%zu: nested more than %d levels deep", node->line, TREE_DEPTH_MAX);
		return NULL;
	}
	if (nodes->count == TREE_NODES_MAX) {
		(void)error_set(err, "%zu: more than %d elements", node->line, TREE_NODES_MAX);
		return NULL;
	}
	if (!nodes_charge(nodes, node->line, strlen(node->name) + strlen(node->text), err))
		return NULL;
	nodes->items = arena_grow(nodes->arena,
			nodes->items,
			nodes->count,
			&nodes->capacity,
			sizeof *nodes->items);
	nodes->items[nodes->count] = *node;
	return &nodes->items[nodes->count++];
}

static bool is_text(const char *text)
{
	size_t length = strlen(text);
	return text_is_utf8(text, length);
}

bool nodes_check(const struct nodes *nodes, struct error *err)
{
	for (size_t i = 0; i < nodes->count; i++) {
		const struct node *node = &nodes->items[i];
		if (is_text(node->name) && is_text(node->text))
			continue;
		return error_set(err, "%zu: a text that is not valid UTF-8", node->line);
	}
	return true;
}

static void print_string(struct text *out, const char *string)
{
	text_add(out, "\"");
	while (*string) {
		size_t plain = 0;
		while ((unsigned char)string[plain] >= ' ' && string[plain] != '"' && string[plain] != '\\')
			plain++;
		text_add_bytes(out, string, plain);
		string += plain;
		if (*string == '"' || *string == '\\')
			text_addf(out, "\\%c", *string++);
		else if (*string)
			text_addf(out, "\\u%04x", (unsigned)(unsigned char)*string++);
	}
	text_add(out, "\"");
}

void nodes_print(const struct nodes *nodes, struct text *out)
{
	text_add(out, "{\"schema\":\"headroom.tree/1\",\"nodes\":[");
	for (size_t i = 0; i < nodes->count; i++) {
		const struct node *node = &nodes->items[i];
		text_addf(out, "%s[%zu,%zu,\"%s\",", i ? ",\n" : "\n", node->depth, node->line, node->kind);
		print_string(out, node->name);
		text_add(out, ",");
		print_string(out, node->text);
		text_add(out, "]");
	}
	text_add(out, "\n]}\n");
}

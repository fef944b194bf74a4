/* JSON and "name = value" files as trees: small formats that the core reads itself (TOML:
 * tree_toml.c). */
#include <string.h>

#include "base/os/json.h"
#include "base/text.h"
#include "probes/plan/tree.h"

static const char *scalar_text(const cJSON *node, struct arena *arena)
{
	if (cJSON_IsString(node))
		return arena_strdup(arena, node->valuestring);
	if (cJSON_IsNumber(node))
		return arena_printf(arena, "%.15g", node->valuedouble);
	if (cJSON_IsTrue(node))
		return "true";
	if (cJSON_IsFalse(node))
		return "false";
	return "";
}

/* JSON's depth is bounded by json_read. An entry that is null is left out: no tool tells it from an
 * absent one. */
static struct tree_node *convert(struct arena *arena,
		const struct json *json,
		const cJSON *node,
		struct tree_node *parent)
{
	const char *name = node->string ? arena_strdup(arena, node->string) : "";
	size_t line = json_line(json, node);
	if (!cJSON_IsObject(node) && !cJSON_IsArray(node))
		return tree_add(arena, parent, TREE_SCALAR, name, scalar_text(node, arena), line);
	struct tree_node *made = tree_add(arena,
			parent,
			cJSON_IsObject(node) ? TREE_MAPPING : TREE_SEQUENCE,
			name,
			"",
			line);
	const cJSON *child;
	cJSON_ArrayForEach(child, node) {
		if (!cJSON_IsNull(child))
			(void)convert(arena, json, child, made);
	}
	return made;
}

const struct tree_node *tree_from_document(struct arena *arena,
		const char *shown,
		const char *bytes,
		size_t length,
		struct error *err)
{
	struct json *json = json_read(shown, bytes, length, err);
	const struct tree_node *root = json ? convert(arena, json, json_root(json), NULL) : NULL;
	json_free(json);
	return root;
}

static char *tree_files_trimmed(struct arena *arena, const char *start, const char *end)
{
	while (start < end && strchr(" \t\r", *start))
		start++;
	while (end > start && strchr(" \t\r", end[-1]))
		end--;
	return arena_copy(arena, start, (size_t)(end - start));
}

/* One line of the text; NULL after the last. */
static char *tree_files_next_line(struct arena *arena,
		const char **at,
		const char *end,
		size_t *line)
{
	if (*at >= end)
		return NULL;
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	char *text = tree_files_trimmed(arena, *at, stop ? stop : end);
	*at = stop ? stop + 1 : end;
	++*line;
	return text;
}

const struct tree_node *tree_from_lines(struct arena *arena, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	struct tree_node *root = tree_add(arena, NULL, TREE_MAPPING, "", "", 1);
	size_t line = 0;
	for (char *text; (text = tree_files_next_line(arena, &at, end, &line));) {
		size_t name = strcspn(text, "=:");
		if (!*text || strchr("#!;[", *text) || !text[name])
			continue;
		(void)tree_add(arena,
				root,
				TREE_SCALAR,
				tree_files_trimmed(arena, text, text + name),
				tree_files_trimmed(arena, text + name + 1, text + strlen(text)),
				line);
	}
	return root;
}

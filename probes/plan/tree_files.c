/* JSON, TOML and "name = value" files as trees: the small formats that the core reads itself.
 * Of TOML: tables, and keys with a string, number, truth value or one-line array; no more. */
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

struct toml {
	struct arena *arena;
	const char *shown;
	size_t line;
	struct error *err;
};

static bool tree_files_refuse(const struct toml *toml, const char *what)
{
	return error_set(toml->err, "%s:%zu: %s", toml->shown, toml->line, what);
}

/* A value up to the end of the line, a comment, or, inside an array, a comma or bracket. */
static bool toml_scalar(const struct toml *toml,
		const char **at,
		const char *stops,
		const char **ret)
{
	const char *text = *at;
	if (*text == '"' || *text == '\'') {
		const char *close = strchr(text + 1, *text);
		if (!close || text_begins_with(text, "\"\"\"") || text_begins_with(text, "'''"))
			return tree_files_refuse(toml, "a string over several lines, or one that does not end");
		*ret = arena_copy(toml->arena, text + 1, (size_t)(close - text - 1));
		*at = close + 1 + strspn(close + 1, " \t");
		return !strchr(*ret, '\\') || *text == '\'' ||
				tree_files_refuse(toml, "escapes in strings are not read");
	}
	size_t length = strcspn(text, stops);
	*ret = tree_files_trimmed(toml->arena, text, text + length);
	*at = text + length;
	return **ret || tree_files_refuse(toml, "a value is missing");
}

static bool toml_array(struct toml *toml,
		const char *at,
		struct tree_node *parent,
		const char *name)
{
	struct tree_node *array = tree_add(toml->arena, parent, TREE_SEQUENCE, name, "", toml->line);
	at += 1 + strspn(at + 1, " \t");
	while (*at && *at != ']') {
		const char *text;
		if (!toml_scalar(toml, &at, ",]#", &text))
			return false;
		(void)tree_add(toml->arena, array, TREE_SCALAR, "", text, toml->line);
		at += strspn(at, " \t");
		if (*at == ',')
			at += 1 + strspn(at + 1, " \t");
	}
	return *at == ']' || tree_files_refuse(toml, "an array over several lines");
}

static bool toml_entry(struct toml *toml, const char *text, struct tree_node *table)
{
	size_t length = strcspn(text, "=");
	if (!text[length])
		return tree_files_refuse(toml, "neither a [table] nor name = value");
	char *name = tree_files_trimmed(toml->arena, text, text + length);
	size_t last = strlen(name);
	if (last > 1 && (*name == '"' || *name == '\'') && name[last - 1] == *name)
		name = arena_copy(toml->arena, name + 1, last - 2);
	const char *at = text + length + 1, *value;
	at += strspn(at, " \t");
	if (*at == '[')
		return toml_array(toml, at, table, name);
	if (*at == '{') {
		(void)tree_add(toml->arena, table, TREE_MAPPING, name, "", toml->line);
		return true; /* inline tables hold request data */
	}
	if (!toml_scalar(toml, &at, "#", &value))
		return false;
	(void)tree_add(toml->arena, table, TREE_SCALAR, name, value, toml->line);
	return true;
}

const struct tree_node *tree_from_toml(struct arena *arena,
		const char *shown,
		const char *bytes,
		size_t length,
		struct error *err)
{
	struct toml toml = {.arena = arena, .shown = shown, .err = err};
	const char *at = bytes, *end = bytes + length;
	struct tree_node *root = tree_add(arena, NULL, TREE_MAPPING, "", "", 1), *table = root;
	for (char *text; (text = tree_files_next_line(arena, &at, end, &toml.line));) {
		if (!*text || *text == '#')
			continue;
		if (*text == '[')
			table = tree_add(arena,
					root,
					TREE_MAPPING,
					arena_copy(arena, text + 1, strcspn(text + 1, "]")),
					"",
					toml.line);
		else if (!toml_entry(&toml, text, table))
			return NULL;
	}
	return root;
}

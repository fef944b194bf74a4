/* Reads the samples once and applies the changes to a copy. */
#include "tests/fuzz/document.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "tests/fuzz/property.h"

enum {
	CHANGES_MAX = 64,
	SAMPLE_BYTES_MAX = 1 << 20
};

static const char *const samples[] = {"tests/report/sample-audit.json",
		"tests/report/pass-audit.json",
		"tests/report/unknown-audit.json",
		"tests/report/none-audit.json",
		"tests/report/calibrated-audit.json",
		"tests/report/staged-audit.json",
		"tests/report/loads-audit.json"};

const cJSON *document_sample(size_t number)
{
	static cJSON *read[COUNT_OF(samples)];
	size_t at = number % COUNT_OF(samples);
	if (read[at])
		return read[at];
	struct text text = {0};
	int fd = open(samples[at], O_RDONLY | O_CLOEXEC);
	demand(fd >= 0 && file_read_all(fd, SAMPLE_BYTES_MAX, &text), "a sample", samples[at]);
	(void)close(fd);
	read[at] = cJSON_ParseWithLength(text.data, text.length);
	demand(read[at] != NULL, "a sample is JSON", samples[at]);
	text_release(&text);
	return read[at];
}

/* The member `name` of an object, or the element of that number. */
static cJSON *inner(cJSON *node, const char *name)
{
	if (cJSON_IsArray(node))
		return cJSON_GetArrayItem(node, atoi(name));
	return cJSON_GetObjectItemCaseSensitive(node, name);
}

static void put(cJSON *node, const char *name, cJSON *value)
{
	if (!value)
		return;
	if (cJSON_IsArray(node)) {
		if (!cJSON_ReplaceItemInArray(node, atoi(name), value))
			cJSON_Delete(value);
		return;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(node, name);
	if (!cJSON_AddItemToObject(node, name, value))
		cJSON_Delete(value);
}

static void drop(cJSON *node, const char *name)
{
	if (cJSON_IsArray(node))
		cJSON_DeleteItemFromArray(node, atoi(name));
	else
		cJSON_DeleteItemFromObjectCaseSensitive(node, name);
}

static void change(cJSON *root, char *line)
{
	size_t length = strcspn(line, "=:-");
	char kind = line[length], *value = line + length + 1, *name = line, *dot;
	cJSON *node = root;
	if (!kind)
		return;
	line[length] = '\0';
	for (; node && (dot = strchr(name, '.')); name = dot + 1) {
		*dot = '\0';
		node = inner(node, name);
	}
	if (!cJSON_IsObject(node) && !cJSON_IsArray(node))
		return;
	if (kind == '=')
		put(node, name, cJSON_CreateString(value));
	else if (kind == ':')
		put(node, name, cJSON_Parse(value));
	else
		drop(node, name);
}

const char *document_of(struct arena *arena, const char *bytes, size_t size, size_t *ret_length)
{
	if (size == 0 || bytes[0] < '0' || bytes[0] > '9') {
		*ret_length = size;
		return arena_copy(arena, bytes, size);
	}
	char *text = arena_copy(arena, bytes, size), *line;
	cJSON *root = cJSON_Duplicate(document_sample((size_t)(bytes[0] - '0')), true);
	(void)strsep(&text, "\n");
	for (size_t i = 0; i < CHANGES_MAX && (line = strsep(&text, "\n")); i++)
		change(root, line);
	char *printed = cJSON_PrintUnformatted(root);
	const char *copy = arena_strdup(arena, printed);
	cJSON_free(printed);
	cJSON_Delete(root);
	*ret_length = strlen(copy);
	return copy;
}

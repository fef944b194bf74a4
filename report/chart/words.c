/* Reads words.json and fills placeholders in. What is filled in is not read again: a host cannot
 * name one. */
#include "report/chart/words.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/array.h"
#include "base/embed.h"
#include "base/os/json.h"
#include "base/text.h"
#include "model/verdict.h"
#include "report/document/view.h"

enum {
	FILE_BYTES_MAX = 64 * 1024,
	TEXT_BYTES_MAX = 400,
	VALUES_MAX = 8
};

cJSON *words_built_in(void)
{
	for (size_t i = 0; i < embedded_count; i++)
		if (strcmp(embedded_files[i].path, "templates/words.json") == 0)
			return cJSON_ParseWithLength((const char *)embedded_files[i].bytes,
					embedded_files[i].size);
	return NULL;
}

/* --- a user's file -------------------------------------------------------------------------- */

static int words_line_at(const char *json, const char *at)
{
	int line = 1;
	for (; json < at; json++)
		line += *json == '\n';
	return line;
}

/* Where string number `wanted` of a JSON text begins. In an object of texts the keys are every
 * second one. */
static const char *string_at(const char *json, size_t wanted)
{
	const char *at = strchr(json, '"');
	for (size_t number = 0; at && number < wanted; number++) {
		for (at++; *at && *at != '"'; at++)
			at += *at == '\\' && at[1];
		at = *at ? strchr(at + 1, '"') : NULL;
	}
	return at ? at : json;
}

/* The length of the name in "{name}", 0 if this is none. */
static size_t placeholder(const char *at)
{
	size_t length = *at == '{' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
	return length && at[1 + length] == '}' ? length : 0;
}

/* Does the text have this placeholder, braces and all? */
static bool has_placeholder(const char *text, const char *braced, size_t length)
{
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
		if (strncmp(at, braced, length) == 0)
			return true;
	return false;
}

static bool words_check_text(const char *text,
		const char *built_in,
		const char *name,
		int line,
		struct error *err)
{
	if (strlen(text) > TEXT_BYTES_MAX)
		return error_set(err,
				"%s:%d: a text may have at most %d bytes",
				name,
				line,
				TEXT_BYTES_MAX);
	if (!text_is_utf8(text, strlen(text)))
		return error_set(err, "%s:%d: the text is not valid UTF-8", name, line);
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		size_t length = placeholder(at);
		if (!length)
			return error_set(err,
					"%s:%d: after { a placeholder's name and } were expected",
					name,
					line);
		if (!has_placeholder(built_in, at, length + 2))
			return error_set(err,
					"%s:%d: there is no placeholder %.*s in this text; the built-in one is "
					"\"%.150s\"",
					name,
					line,
					(int)(length < 40 ? length + 2 : 40),
					at,
					built_in);
	}
	return true;
}

static bool change_text(cJSON *words,
		const cJSON *own,
		const cJSON *file,
		const char *name,
		int line,
		struct error *err)
{
	cJSON *known = cJSON_GetObjectItemCaseSensitive(words, own->string);
	char *key = own->string;
	if (!known)
		return error_set(err, "%s:%d: there is no text \"%.60s\" among the words", name, line, key);
	if (cJSON_GetObjectItemCaseSensitive(file, key) != own)
		return error_set(err, "%s:%d: the text \"%.60s\" is there twice", name, line, key);
	if (!cJSON_IsString(own))
		return error_set(err, "%s:%d: \"%.60s\" must be a text", name, line, key);
	if (!words_check_text(own->valuestring, known->valuestring, name, line, err))
		return false;
	struct arena *arena = arena_new();
	cJSON_SetValuestring(known, text_clean(arena, own->valuestring, strlen(own->valuestring), 0));
	arena_free(arena);
	return true;
}

bool words_change(cJSON *words, const char *name, const char *json, struct error *err)
{
	const char *end = json;
	if (strlen(json) > FILE_BYTES_MAX)
		return error_set(err, "%s: larger than 64 KiB", name);
	__attribute__((cleanup(json_close_tree))) cJSON *own = cJSON_ParseWithOpts(json, &end, true);
	if (!cJSON_IsObject(own))
		return error_set(err, "%s:%d: not valid JSON", name, words_line_at(json, end));
	size_t number = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, own)
		if (!change_text(words,
					item,
					own,
					name,
					words_line_at(json, string_at(json, 2 * number++)),
					err))
			return false;
	return true;
}

/* --- saying them ---------------------------------------------------------------------------- */

const cJSON *words_of(const cJSON *root)
{
	return view_object(root, "page.words");
}

struct value {
	const char *name, *text;
};

static const char *words_value_of(const struct value *values,
		size_t count,
		const char *name,
		size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(values[i].name) == length && memcmp(values[i].name, name, length) == 0)
			return values[i].text;
	return "";
}

static const char *words_fill(struct arena *arena,
		const char *text,
		const struct value *values,
		size_t count)
{
	struct text out = {0};
	while (*text) {
		size_t plain = strcspn(text, "{"), length = placeholder(text + plain);
		text_add_bytes(&out, text, plain);
		text += plain;
		if (length)
			text_add(&out, words_value_of(values, count, text + 1, length));
		else if (*text)
			text_add_bytes(&out, text, 1);
		text += length ? length + 2 : *text != '\0';
	}
	return text_take(arena, &out);
}

const char *words_say(struct arena *arena, const cJSON *words, const char *key, ...)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(words, key);
	struct value values[VALUES_MAX];
	size_t count = 0;
	assert(item || !words);
	va_list args;
	va_start(args, key);
	for (const char *name = va_arg(args, const char *); name && count < VALUES_MAX;
			name = va_arg(args, const char *))
		values[count++] = (struct value){name, va_arg(args, const char *)};
	va_end(args);
	return cJSON_IsString(item) ? words_fill(arena, item->valuestring, values, count) : "";
}

const char *words_status(struct arena *arena, const cJSON *words, const char *status)
{
	enum {
		STATUS_CHARS_MAX = 20
	};
	enum status as_status;
	enum verdict as_verdict;
	bool known = status_from_name(status, &as_status) || verdict_from_name(status, &as_verdict);
	if (words && known)
		return words_say(arena, words, arena_printf(arena, "status.%s", status), NULL);
	return text_clean(arena, status, strlen(status), STATUS_CHARS_MAX);
}

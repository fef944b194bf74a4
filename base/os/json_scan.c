/* The structure of a document: lists, members, values, and the blanks between them. How strings and
 * numbers are written: json_literal.c. */
#include "base/os/json_scan.h"

#include <string.h>

#include "base/array.h"
#include "base/memory.h"

static bool scan_value(struct json_scan *scan, size_t name_at);

/* Only here can a line end: a string may not hold a line break. */
static void skip_blanks(struct json_scan *scan)
{
	for (;; scan->cursor.at++) {
		int c = json_cursor_peek(&scan->cursor);
		if (c == '\n')
			scan->line++;
		else if (c != ' ' && c != '\t' && c != '\r')
			return;
	}
}

static bool scan_word(struct json_scan *scan)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t left = scan->cursor.length - scan->cursor.at;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t length = strlen(words[i]);
		if (left < length || memcmp(scan->cursor.bytes + scan->cursor.at, words[i], length) != 0)
			continue;
		scan->cursor.at += length;
		return true;
	}
	return json_cursor_fail(&scan->cursor, "expected a value");
}

static bool scan_member(struct json_scan *scan)
{
	size_t name_at = scan->cursor.at;
	int c = json_cursor_peek(&scan->cursor);
	if (c == '}')
		return json_cursor_fail(&scan->cursor, "a comma before the end");
	if (c != '"')
		return json_cursor_fail(&scan->cursor, "expected a member name in quotes");
	if (!json_literal_string(&scan->cursor))
		return false;
	skip_blanks(scan);
	if (json_cursor_peek(&scan->cursor) != ':')
		return json_cursor_fail(&scan->cursor, "expected ':' after the member name");
	scan->cursor.at++;
	skip_blanks(scan);
	return scan_value(scan, name_at);
}

static bool scan_element(struct json_scan *scan)
{
	return scan_value(scan, scan->cursor.at);
}

/* The two kinds of list: the members of an object, the elements of an array. */
struct list_kind {
	int end;
	bool (*scan_item)(struct json_scan *scan);
	const char *expected;
};

static const struct list_kind object_kind = {'}', scan_member, "expected ',' or '}'"};
static const struct list_kind array_kind = {']', scan_element, "expected ',' or ']'"};

/* Items up to the end of the list; `at` is at the first one. */
static bool scan_items(struct json_scan *scan, const struct list_kind *kind)
{
	for (;;) {
		if (!kind->scan_item(scan))
			return false;
		skip_blanks(scan);
		int c = json_cursor_peek(&scan->cursor);
		if (c == kind->end)
			return true;
		if (c != ',')
			return json_cursor_fail(&scan->cursor, kind->expected);
		scan->cursor.at++;
		skip_blanks(scan);
	}
}

static bool scan_list(struct json_scan *scan, const struct list_kind *kind)
{
	if (++scan->depth > JSON_DEPTH_MAX)
		return json_cursor_fail(&scan->cursor, "nested too deeply (64 levels at most)");
	scan->cursor.at++;
	skip_blanks(scan);
	if (json_cursor_peek(&scan->cursor) != kind->end && !scan_items(scan, kind))
		return false;
	scan->cursor.at++;
	scan->depth--;
	return true;
}

static void note_position(struct json_scan *scan, size_t name_at)
{
	if (scan->count == scan->capacity) {
		scan->capacity = scan->capacity * 2 + 64;
		scan->positions = memory_resize(scan->positions, scan->capacity * sizeof *scan->positions);
	}
	scan->positions[scan->count++] = (struct json_position){
			.value_at = (uint32_t)scan->cursor.at,
			.name_at = (uint32_t)name_at,
			.line = scan->line + 1,
	};
}

static bool scan_value(struct json_scan *scan, size_t name_at)
{
	note_position(scan, name_at);
	int c = json_cursor_peek(&scan->cursor);
	if (c < 0)
		return json_cursor_fail(&scan->cursor, "the text ends where a value should be");
	if (c == '"')
		return json_literal_string(&scan->cursor);
	if (c == '{')
		return scan_list(scan, &object_kind);
	if (c == '[')
		return scan_list(scan, &array_kind);
	if (c == '-' || (c >= '0' && c <= '9'))
		return json_literal_number(&scan->cursor);
	return scan_word(scan);
}

bool json_scan_document(struct json_scan *scan)
{
	if (scan->cursor.length >= 3 && memcmp(scan->cursor.bytes, "\xEF\xBB\xBF", 3) == 0)
		return json_cursor_fail(&scan->cursor,
				"it begins with a byte order mark: save it as UTF-8 without one");
	skip_blanks(scan);
	if (json_cursor_peek(&scan->cursor) < 0)
		return json_cursor_fail(&scan->cursor, "it is empty");
	if (!scan_element(scan))
		return false;
	skip_blanks(scan);
	if (scan->cursor.at < scan->cursor.length)
		return json_cursor_fail(&scan->cursor, "text after the end of the document");
	return true;
}

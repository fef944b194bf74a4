#include "model/lint/slice.h"

#include <string.h>

#include "base/ascii.h"

struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

struct slice slice_between(const char *from, const char *end)
{
	if (!from || end <= from)
		return (struct slice){from, 0};
	return (struct slice){from, (size_t)(end - from)};
}

struct slice slice_after(struct slice slice, size_t count)
{
	if (count > slice.length)
		count = slice.length;
	if (count == 0)
		return slice;
	return (struct slice){slice.at + count, slice.length - count};
}

struct slice slice_cut(struct slice slice, size_t length)
{
	if (length < slice.length)
		slice.length = length;
	return slice;
}

const char *slice_end(struct slice slice)
{
	if (slice.length == 0)
		return slice.at;
	return slice.at + slice.length;
}

char slice_byte(struct slice slice, size_t index)
{
	if (index >= slice.length)
		return '\0';
	return slice.at[index];
}

bool slice_is(struct slice slice, const char *text)
{
	return slice_same(slice, slice_of(text));
}

bool slice_same(struct slice a, struct slice b)
{
	if (a.length != b.length)
		return false;
	return a.length == 0 || memcmp(a.at, b.at, a.length) == 0;
}

static bool folded_equals(const char *bytes, const char *lower, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (ascii_lower(bytes[i]) != lower[i])
			return false;
	}
	return true;
}

bool slice_is_folded(struct slice slice, const char *lower)
{
	if (slice.length != strlen(lower))
		return false;
	return folded_equals(slice.at, lower, slice.length);
}

bool slice_begins(struct slice slice, const char *start)
{
	return slice_is(slice_cut(slice, strlen(start)), start);
}

bool slice_begins_any(struct slice slice, const char *const *starts)
{
	for (; *starts; starts++) {
		if (slice_begins(slice, *starts))
			return true;
	}
	return false;
}

bool slice_ends(struct slice slice, const char *end)
{
	size_t length = strlen(end);
	if (slice.length < length)
		return false;
	return slice_is(slice_after(slice, slice.length - length), end);
}

bool slice_in(struct slice slice, const char *const *names)
{
	for (; *names; names++) {
		if (slice_is(slice, *names))
			return true;
	}
	return false;
}

const char *slice_find(struct slice slice, const char *text)
{
	if (slice.length == 0)
		return NULL;
	return memmem(slice.at, slice.length, text, strlen(text));
}

bool slice_find_any(struct slice slice, const char *const *texts)
{
	for (; *texts; texts++) {
		if (slice_find(slice, *texts))
			return true;
	}
	return false;
}

const char *slice_find_folded(struct slice slice, const char *lower)
{
	size_t length = strlen(lower);
	for (size_t i = 0; i + length <= slice.length; i++) {
		const char *at = slice.at + i;
		if (folded_equals(at, lower, length))
			return at;
	}
	return NULL;
}

const char *slice_char(struct slice slice, char c)
{
	if (slice.length == 0)
		return NULL;
	return memchr(slice.at, c, slice.length);
}

const char *slice_last_char(struct slice slice, char c)
{
	if (slice.length == 0)
		return NULL;
	return memrchr(slice.at, c, slice.length);
}

static bool slice_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice slice)
{
	while (slice.length > 0 && slice_blank(slice.at[slice.length - 1]))
		slice.length--;
	while (slice.length > 0 && slice_blank(slice.at[0]))
		slice = slice_after(slice, 1);
	return slice;
}

struct slice slice_unquote(struct slice slice)
{
	slice = slice_trim(slice);
	if (slice.length < 2)
		return slice;
	char quote = slice.at[0];
	if (quote != '"' && quote != '\'' && quote != '`')
		return slice;
	if (slice.at[slice.length - 1] != quote)
		return slice;
	return (struct slice){slice.at + 1, slice.length - 2};
}

bool slice_line(struct slice *text, struct slice *ret_line)
{
	if (text->length == 0)
		return false;
	const char *end = slice_char(*text, '\n');
	size_t length = text->length;
	if (end)
		length = (size_t)(end - text->at);
	*ret_line = slice_cut(*text, length);
	*text = slice_after(*text, length + 1);
	if (slice_ends(*ret_line, "\r"))
		ret_line->length--;
	return true;
}

size_t slice_indent(struct slice line)
{
	size_t indent = 0;
	while (slice_byte(line, indent) == ' ' || slice_byte(line, indent) == '\t')
		indent++;
	return indent;
}

char *slice_text(struct arena *arena, struct slice slice)
{
	if (slice.length == 0)
		return arena_strdup(arena, "");
	return arena_copy(arena, slice.at, slice.length);
}

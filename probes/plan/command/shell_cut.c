/* What ${NAME%.js}, ${NAME#*:}, ${NAME/a/b}, ${NAME:1:2} and ${NAME^^} make of a value (bash). */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "probes/plan/command/shell_scan.h"

enum {
	/* Matching goes back and forth: long values and patterns of many stars are left alone. */
	VALUE_MAX = 128,
	PATTERN_MAX = 64,
	STARS_MAX = 2
};

static bool cut_is_dear(const char *value, const char *pattern)
{
	size_t stars = 0;
	for (const char *at = pattern; *at; at++) {
		stars += *at == '*';
	}
	if (stars > STARS_MAX) {
		return true;
	}
	return strlen(value) > VALUE_MAX || strlen(pattern) > PATTERN_MAX;
}

/* The part of the value that the pattern takes off its front; `longest` is ##. */
static size_t cut_front(const struct scanner *s,
		const char *value,
		const char *pattern,
		bool longest)
{
	size_t length = strlen(value);
	size_t found = 0;
	char *front = arena_alloc(s->arena, length + 1);
	for (size_t i = 0; i <= length; i++) {
		if (i > 0) {
			front[i - 1] = value[i - 1];
		}
		if (fnmatch(pattern, front, 0) != 0) {
			continue;
		}
		found = i;
		if (!longest) {
			break;
		}
	}
	return found;
}

/* Where the part begins that the pattern takes off its end; `longest` is %%. */
static size_t cut_back(const char *value, const char *pattern, bool longest)
{
	size_t length = strlen(value);
	size_t found = length;
	for (size_t i = length + 1; i-- > 0;) {
		if (fnmatch(pattern, value + i, 0) != 0) {
			continue;
		}
		found = i;
		if (!longest) {
			break;
		}
	}
	return found;
}

/* #PATTERN, ##PATTERN, %PATTERN, %%PATTERN */
static const char *cut_trim(struct scanner *s, const char *value, size_t at, size_t end)
{
	char how = s->text[at];
	bool longest = s->text[at + 1] == how;
	const char *pattern = shell_expand_text(s, at + 1 + longest, end, false);
	if (!pattern || shell_is_open(pattern) || cut_is_dear(value, pattern)) {
		return NULL;
	}
	size_t length = strlen(value);
	s->bytes += length * length;
	if (s->bytes > SHELL_BYTES_MAX) {
		return NULL;
	}
	if (how == '#') {
		return value + cut_front(s, value, pattern, longest);
	}
	return arena_copy(s->arena, value, cut_back(value, pattern, longest));
}

/* /A/B, //A/B of plain texts. */
static const char *cut_replace(struct scanner *s, const char *value, size_t at, size_t end)
{
	bool all = s->text[at + 1] == '/';
	const char *whole = shell_expand_text(s, at + 1 + all, end, false);
	if (!whole || shell_is_open(whole) || strpbrk(whole, "*?[#%")) {
		return NULL;
	}
	size_t length = strcspn(whole, "/");
	const char *from = arena_copy(s->arena, whole, length);
	const char *to = whole + length;
	to += *to == '/';
	if (!*from || strlen(value) > VALUE_MAX) {
		return NULL;
	}
	struct text out = {0};
	for (const char *found; (found = strstr(value, from));) {
		text_add_bytes(&out, value, (size_t)(found - value));
		text_add(&out, to);
		value = found + length;
		if (!all) {
			break;
		}
	}
	text_add(&out, value);
	return text_take(s->arena, &out);
}

/* :1, :1:2 */
static const char *cut_part(struct scanner *s, const char *value, size_t at, size_t end)
{
	char *behind;
	const char *text = s->text + at + 1;
	size_t length = strlen(value);
	if (!ascii_is_digit(*text)) {
		return NULL;
	}
	size_t from = strtoul(text, &behind, 10);
	size_t most = length;
	if (*behind == ':' && ascii_is_digit(behind[1])) {
		most = strtoul(behind + 1, &behind, 10);
	}
	if (behind != s->text + end) {
		return NULL;
	}
	if (from > length) {
		from = length;
	}
	if (most > length - from) {
		most = length - from;
	}
	return arena_copy(s->arena, value + from, most);
}

/* ^^ and ,, */
static const char *cut_case(struct scanner *s, const char *value, size_t at, size_t end)
{
	char how = s->text[at];
	if (end != at + 2 || s->text[at + 1] != how) {
		return NULL;
	}
	char *out = arena_strdup(s->arena, value);
	for (char *c = out; *c; c++) {
		int other = tolower((unsigned char)*c);
		if (how == '^') {
			other = toupper((unsigned char)*c);
		}
		*c = (char)other;
	}
	return out;
}

const char *shell_cut(struct scanner *s, const char *value, size_t at, size_t end)
{
	switch (s->text[at]) {
	case '#':
	case '%':
		return cut_trim(s, value, at, end);
	case '/':
		return cut_replace(s, value, at, end);
	case ':':
		return cut_part(s, value, at, end);
	case '^':
	case ',':
		return cut_case(s, value, at, end);
	default:
		return NULL;
	}
}

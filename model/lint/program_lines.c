/* The lines of a program without its comments, and the numbers in them. */
#include <string.h>

#include "base/ascii.h"
#include "model/lint/program.h"

enum {
	SOURCE_PORT_MIN = 1024,
	SOURCE_PORT_MAX = 65535,
	SOURCE_COLUMNS_MAX = 1000, /* a longer line was written by a program */
	HOST_CHARS_MAX = 60
};

/* How comments of a language look. */
struct comments {
	const char *line;         /* to the end of the line */
	const char *open, *close; /* or NULL */
	bool long_texts;          /* texts in three quotes */
	bool raw_texts;           /* texts in backquotes that go over lines */
};

static struct comments comments_of(struct slice path)
{
	static const char *const hashes[] =
			{".py", ".rb", ".ex", ".exs", ".pl", ".t", "Vagrantfile", ".nim", NULL};
	struct comments found = {.line = "//", .open = "/*", .close = "*/"};
	for (const char *const *ending = hashes; *ending; ending++) {
		if (slice_ends(path, *ending))
			found = (struct comments){.line = "#", .long_texts = true};
	}
	found.raw_texts = slice_ends(path, ".go");
	if (slice_ends(path, ".erl"))
		found = (struct comments){.line = "%"};
	if (slice_ends(path, ".lua"))
		found = (struct comments){.line = "--", .open = "--[[", .close = "]]"};
	return found;
}

static bool code_lines_is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Where a comment begins, outside texts; the length of the line where none does. */
static size_t comment_at(struct slice line, const struct comments *comments, bool *ret_opens)
{
	char quote = '\0';
	*ret_opens = false;
	for (size_t i = 0; i < line.length; i++) {
		char c = line.at[i];
		if (c == '\\' && quote) {
			i++;
			continue;
		}
		if (quote) {
			if (c == quote)
				quote = '\0';
			continue;
		}
		bool may_begin = c == *comments->line || (comments->open && c == *comments->open);
		if (!may_begin && !code_lines_is_quote(c))
			continue;
		struct slice rest = slice_after(line, i);
		*ret_opens = comments->open && slice_begins(rest, comments->open);
		bool hash = *comments->line == '#' && i > 0 && line.at[i - 1] == '$';
		if (*ret_opens || (slice_begins(rest, comments->line) && !hash))
			return i;
		/* A quote that never closes is an apostrophe or a lifetime. */
		if (code_lines_is_quote(c) && slice_char(slice_after(rest, 1), c))
			quote = c;
	}
	return line.length;
}

/* Where a text in backquotes begins that this line does not end. */
static size_t raw_text_at(struct slice line)
{
	char quote = '\0';
	size_t from = line.length;
	for (size_t i = 0; i < line.length; i++) {
		char c = line.at[i];
		if (c == '\\' && quote && quote != '`') {
			i++;
		} else if (quote) {
			if (c == quote)
				quote = '\0';
		} else if (code_lines_is_quote(c)) {
			quote = c;
			from = i;
		}
	}
	if (quote == '`')
		return from;
	return line.length;
}

struct line_state {
	const char *until; /* what ends the comment or text that goes on; NULL: none does */
};

static const char *long_text_mark(struct slice line)
{
	if (slice_find(line, "\"\"\""))
		return "\"\"\"";
	if (slice_find(line, "'''"))
		return "'''";
	return NULL;
}

static struct slice code_of(struct slice line,
		const struct comments *comments,
		struct line_state *state)
{
	bool opens;
	if (state->until) {
		const char *end = slice_find(line, state->until);
		if (!end)
			return slice_cut(line, 0);
		line = slice_between(end + strlen(state->until), slice_end(line));
		state->until = NULL;
	}
	const char *mark = NULL;
	if (comments->long_texts)
		mark = long_text_mark(line);
	if (mark) {
		const char *from = slice_find(line, mark);
		struct slice behind = slice_between(from + 3, slice_end(line));
		if (!slice_find(behind, mark))
			state->until = mark;
		return slice_between(line.at, from);
	}
	size_t length = comment_at(line, comments, &opens);
	struct slice code = slice_cut(line, length);
	if (opens) {
		struct slice inner = slice_after(line, length + strlen(comments->open));
		if (!slice_find(inner, comments->close))
			state->until = comments->close;
	}
	size_t raw = code.length;
	if (comments->raw_texts)
		raw = raw_text_at(code);
	if (raw < code.length) {
		state->until = "`";
		code = slice_cut(code, raw);
	}
	if (comments->long_texts && slice_begins(line, "=begin"))
		state->until = "=end";
	return code;
}

struct program program_open(struct lint_scan *scan, struct slice text)
{
	struct program source = {.scan = scan};
	const struct comments comments = comments_of(slice_of(lint_file_of(scan)->path));
	struct line_state state = {0};
	struct slice line;
	size_t capacity = 0;
	while (slice_line(&text, &line)) {
		source.lines = arena_grow(scan->arena,
				source.lines,
				source.count,
				&capacity,
				sizeof *source.lines);
		if (line.length > SOURCE_COLUMNS_MAX)
			line = slice_cut(line, 0);
		source.lines[source.count++] = code_of(line, &comments, &state);
	}
	return source;
}

/* --- numbers -------------------------------------------------------------------------------- */

/* Reads "54320" or "54_320" at `at`; the number of bytes, 0: it is no such number. */
static size_t code_lines_number_at(struct slice line, size_t at, unsigned *ret_port)
{
	size_t digits = 0;
	size_t length = 0;
	*ret_port = 0;
	for (;; length++) {
		char c = slice_byte(line, at + length);
		if (c == '_' && digits == 2 && ascii_is_digit(slice_byte(line, at + length + 1)))
			continue;
		if (!ascii_is_digit(c))
			break;
		digits++;
		if (digits <= 6)
			*ret_port = *ret_port * 10 + (unsigned)(c - '0');
	}
	return length;
}

static bool stands_alone(struct slice line, size_t at, size_t length)
{
	char before = slice_byte(line, at - 1);
	char next = slice_byte(line, at + length);
	char second = slice_byte(line, at + length + 1);
	if (at > 0 && (ascii_is_name(before) || before == '.' || before == '-'))
		return false;
	if (next == '.' && ascii_is_digit(second))
		return false;
	/* Suffixes of types: 54320u16, 54320L. */
	return !ascii_is_name(next) || next == 'u' || next == 'U' || next == 'L' || next == '_';
}

/* Where the text that holds the number begins: its quote stands before the host and the colon. */
static const char *text_start(struct slice line, size_t at)
{
	for (size_t i = at; i > 0 && i + HOST_CHARS_MAX > at; i--) {
		char c = line.at[i - 1];
		if (code_lines_is_quote(c))
			return line.at + i - 1;
		if (c == ' ' || c == '(' || c == ',' || c == '=' || c == ';')
			return NULL;
	}
	return NULL;
}

bool program_next(const struct program *source,
		size_t index,
		size_t *at,
		struct program_number *ret)
{
	struct slice line = source->lines[index];
	while (*at < line.length) {
		size_t from = *at;
		unsigned port;
		size_t length = code_lines_number_at(line, from, &port);
		*at += 1;
		if (length == 0)
			continue;
		*at = from + length;
		if (length < 4 || port < SOURCE_PORT_MIN || port > SOURCE_PORT_MAX)
			continue;
		if (!stands_alone(line, from, length))
			continue;
		const char *quote = text_start(line, from);
		*ret = (struct program_number){
				.line = index,
				.port = port,
				.before = slice_cut(line, from),
				.behind = slice_after(line, from + length),
		};
		if (quote) {
			ret->in_text = true;
			ret->before = slice_between(line.at, quote);
			ret->host = slice_between(quote + 1, line.at + from);
		}
		return true;
	}
	return false;
}

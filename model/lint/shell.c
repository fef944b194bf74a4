/* Shell text taken apart: quotes, comments, lines that go on, here-documents passed over. */
#include "model/lint/shell.h"

#include <string.h>

#include "base/ascii.h"

struct shell_reader {
	struct arena *arena;
	struct slice rest;
	size_t line;
	struct slice here_end; /* the word that ends a here-document which begins in the next line */
	struct text word;      /* what is being read */
	bool in_word;
	size_t word_line;
};

static void shell_step(struct shell_reader *reader, size_t count)
{
	for (size_t i = 0; i < count; i++)
		reader->line += slice_byte(reader->rest, i) == '\n';
	reader->rest = slice_after(reader->rest, count);
}

static void word_add(struct shell_reader *reader, const char *bytes, size_t length)
{
	if (!reader->in_word)
		reader->word_line = reader->line;
	reader->in_word = true;
	text_add_bytes(&reader->word, bytes, length);
}

static void word_end(struct shell_reader *reader, struct shell_command *command)
{
	if (reader->in_word && command->count < SHELL_WORDS_MAX) {
		size_t length = reader->word.length;
		const char *text = "";
		if (length > 0)
			text = arena_copy(reader->arena, reader->word.data, length);
		command->words[command->count++] = (struct shell_word){{text, length}, reader->word_line};
	}
	reader->in_word = false;
	text_clear(&reader->word);
}

/* A quoted part of a word; a quote that does not end is one character. */
static void read_quoted(struct shell_reader *reader, char quote)
{
	size_t i = 1;
	while (i < reader->rest.length && reader->rest.at[i] != quote) {
		if (reader->rest.at[i] == '\\' && quote == '"')
			i++;
		i++;
	}
	if (i >= reader->rest.length) {
		shell_step(reader, 1);
		return;
	}
	word_add(reader, reader->rest.at + 1, i - 1);
	shell_step(reader, i + 1);
}

static void shell_skip_line(struct shell_reader *reader)
{
	size_t length = 0;
	while (length < reader->rest.length && reader->rest.at[length] != '\n')
		length++;
	shell_step(reader, length);
}

/* "<<EOF", "<<-'EOF'": remembers the word that ends it. */
static void read_here_mark(struct shell_reader *reader)
{
	size_t i = 2;
	if (slice_byte(reader->rest, i) == '-')
		i++;
	while (slice_byte(reader->rest, i) == ' ')
		i++;
	size_t from = i;
	while (slice_byte(reader->rest, i) && !strchr(" \t\n;|&)<>", slice_byte(reader->rest, i)))
		i++;
	reader->here_end = slice_unquote(slice_between(reader->rest.at + from, reader->rest.at + i));
	shell_step(reader, i);
}

static void skip_here_document(struct shell_reader *reader)
{
	while (reader->rest.length > 0) {
		struct slice line;
		(void)slice_line(&reader->rest, &line);
		reader->line++;
		if (slice_same(slice_trim(line), reader->here_end))
			break;
	}
	reader->here_end = (struct slice){NULL, 0};
}

static bool ends_command(char c)
{
	return strchr(";|&()\n`", c) != NULL;
}

/* "$(…)" and "${…}" are part of the word they stand in, if they are names. */
static size_t reference_length(struct slice rest)
{
	char open = slice_byte(rest, 1);
	char close = ')';
	if (slice_begins(rest, "${{")) {
		const char *end = slice_find(rest, "}}");
		if (end)
			return (size_t)(end - rest.at) + 2;
	}
	if (open == '{')
		close = '}';
	else if (open != '(')
		return 0;
	size_t i = 2;
	while (i < rest.length && rest.at[i] != close) {
		char c = rest.at[i];
		bool fits = ascii_is_name(c) || (open == '{' && !strchr("\n{", c));
		if (!fits)
			return 0;
		i++;
	}
	if (i >= rest.length)
		return 0;
	return i + 1;
}

/* Reads one piece. true: the command ends here. */
static bool shell_piece(struct shell_reader *reader, struct shell_command *command)
{
	char c = reader->rest.at[0];
	char next = slice_byte(reader->rest, 1);
	size_t reference = 0;
	if (c == '$')
		reference = reference_length(reader->rest);
	if (reference > 0) {
		word_add(reader, reader->rest.at, reference);
		shell_step(reader, reference);
	} else if (c == '\\' && (next == '\n' || next == '\r')) {
		word_end(reader, command);
		shell_step(reader, 1 + (next == '\r') + 1);
	} else if (c == '\\' && next) {
		word_add(reader, reader->rest.at + 1, 1);
		shell_step(reader, 2);
	} else if (c == '"' || c == '\'') {
		read_quoted(reader, c);
	} else if (c == '#' && !reader->in_word) {
		shell_skip_line(reader);
	} else if (slice_begins(reader->rest, "<<") && next == '<' &&
			slice_byte(reader->rest, 2) != '<') {
		word_end(reader, command);
		read_here_mark(reader);
	} else if (ends_command(c)) {
		word_end(reader, command);
		shell_step(reader, 1);
		if (c == '\n' && reader->here_end.length > 0)
			skip_here_document(reader);
		return true;
	} else if (c == ' ' || c == '\t' || c == '\r') {
		word_end(reader, command);
		shell_step(reader, 1);
	} else {
		word_add(reader, reader->rest.at, 1);
		shell_step(reader, 1);
	}
	return false;
}

bool shell_next(struct arena *arena, struct slice *text, size_t *line, struct shell_command *ret)
{
	struct shell_reader reader = {
			.arena = arena,
			.rest = *text,
			.line = *line,
			.here_end = ret->here_end,
	};
	ret->count = 0;
	while (reader.rest.length > 0) {
		bool ended = shell_piece(&reader, ret);
		if (ended && ret->count > 0)
			break;
	}
	word_end(&reader, ret);
	text_release(&reader.word);
	*text = reader.rest;
	*line = reader.line;
	ret->here_end = reader.here_end;
	return ret->count > 0;
}

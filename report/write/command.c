/* Breaks commands where a shell allows it. */
#include "report/write/command.h"

#include <stdbool.h>
#include <string.h>

#include "base/shell.h"
#include "base/text.h"
#include "report/document/view.h"
#include "report/write/columns.h"

static const char left_out[] = "# a command with characters that cannot be shown is left out here";

const char *command_shown(struct arena *arena, const cJSON *command)
{
	struct command_words shown = {0};
	const cJSON *word;
	cJSON_ArrayForEach(word, view_array(command, "words"))
		name_list_append(arena, &shown.words, view_raw(word, ""));
	const char *line = shell_line(arena, &shown);
	if (!line)
		return left_out;
	return line;
}

/* Bytes up to the next blank or end of line that no quotes hold. */
static size_t word_length(const char *text)
{
	char quote = '\0';
	size_t length = 0;
	for (; text[length]; length++) {
		char byte = text[length];
		if (!quote && strchr(" \n", byte))
			break;
		if (quote != '\'' && byte == '\\' && text[length + 1])
			length++;
		else if (!quote && strchr("\"'", byte))
			quote = byte;
		else if (byte == quote)
			quote = '\0';
	}
	return length;
}

struct folding {
	struct arena *arena;
	const struct command_place *place;
	struct text out;
	size_t at;
	bool begins; /* no word of the command is there yet */
};

static size_t word_columns(const struct folding *fold, const char *word, size_t length)
{
	const char *copy = arena_copy(fold->arena, word, length);
	return columns_of(copy);
}

/* An option and the value after it, which read better on one line. */
static size_t pair_columns(const struct folding *fold, const char *word, size_t length)
{
	size_t wide = word_columns(fold, word, length);
	const char *next = word + length;
	if (*word != '-' || *next != ' ')
		return wide;
	next += strspn(next, " ");
	if (*next == '-')
		return wide;
	size_t both = wide + 1 + word_columns(fold, next, word_length(next));
	size_t room = fold->place->width - columns_of(fold->place->rest);
	const size_t ends = 4; /* what is continued begins with two blanks and ends with " \" */
	if (both + ends > room)
		return wide;
	return both;
}

static void fold_word(struct folding *fold, const char *word, size_t length)
{
	size_t wide = pair_columns(fold, word, length);
	size_t ends = 3; /* a blank before it, " \" after it, unless it is the last */
	if (word[length] != ' ')
		ends = 1;
	if (fold->begins) {
		fold->begins = false;
	} else if (fold->at + wide + ends > fold->place->width) {
		text_addf(&fold->out, " \\\n%s  ", fold->place->rest);
		fold->at = columns_of(fold->place->rest) + 2;
	} else {
		text_add(&fold->out, " ");
		fold->at++;
	}
	text_add_bytes(&fold->out, word, length);
	fold->at += word_columns(fold, word, length);
}

const char *command_fold(struct arena *arena, const char *lines, const struct command_place *place)
{
	struct folding fold = {.arena = arena, .place = place, .at = place->at, .begins = true};
	while (*lines) {
		size_t length = word_length(lines);
		if (length > 0)
			fold_word(&fold, lines, length);
		lines += length;
		if (*lines == '\n' && lines[1]) {
			text_addf(&fold.out, "\n%s", place->rest);
			fold.at = columns_of(place->rest);
			fold.begins = true;
		}
		if (*lines)
			lines++;
	}
	return text_take(arena, &fold.out);
}

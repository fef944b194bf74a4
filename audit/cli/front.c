#include "audit/cli/front.h"

#include <string.h>

#include "audit/cli/option_table.h"
#include "base/text.h"

/* "--color", "--color=never" */
static bool is_long(const struct option_row *row, const char *word)
{
	size_t length = strlen(row->name);
	if (!text_begins_with(word, "--"))
		return false;
	word += 2;
	return strcspn(word, "=") == length && text_begins_with(word, row->name);
}

/* "-o", "-ojson" */
static bool is_short(const struct option_row *row, const char *word)
{
	return word[0] == '-' && row->letter && word[1] == row->letter;
}

/* Of any command; NULL: of none. */
static const struct option_row *row_of(const char *word)
{
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (is_long(row, word) || is_short(row, word))
			return row;
	}
	return NULL;
}

static bool holds_argument(const char *word)
{
	if (text_begins_with(word, "--"))
		return strchr(word, '=') != NULL;
	return word[2] != '\0';
}

/* How many words an option takes up; 0: it is none that is known. */
static int words_taken(const char *word)
{
	const struct option_row *row = row_of(word);
	if (!row)
		return text_begins_with(word, "--no-");
	if (!row->argument || holds_argument(word))
		return 1;
	return 2;
}

void front_move(int argc, char **argv)
{
	int at = 1;
	int taken = 1;
	while (at < argc && taken > 0) {
		taken = words_taken(argv[at]);
		at += taken;
	}
	if (at >= argc || argv[at][0] == '-')
		return;
	char *command = argv[at];
	for (; at > 1; at--)
		argv[at] = argv[at - 1];
	argv[1] = command;
}

/* What read and getopts give to variables, where it is known: a line of a here-string, the
 * arguments of the script. */
#include <stdlib.h>
#include <string.h>

#include "probes/plan/command/shell_scan.h"

static void read_is_open(struct scanner *s, struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++) {
		if (shell_name_length(command->words.items[i])) {
			shell_set_open(s, command->words.items[i], command->at);
		}
	}
	shell_set_open(s, "REPLY", command->at);
	shell_set_open(s, "OPTARG", command->at);
}

/* What a line is split at. */
static const char *read_separators(const struct scanner *s, const struct shell_command *command)
{
	const char *value = shell_variable(s, "IFS");
	for (size_t i = 0; i < command->assignments.count; i++) {
		const char *item = command->assignments.items[i];
		if (text_begins_with(item, "IFS=")) {
			value = item + strlen("IFS=");
		}
	}
	if (!value) {
		value = " \t\n";
	}
	return value;
}

/* One field of the line, and what is behind it; the last name takes all that is left. */
static char *read_next_field(char **rest, const char *between, bool last)
{
	char *field = *rest;
	if (!field) {
		return NULL;
	}
	if (last) {
		*rest = NULL;
		return field;
	}
	field = strsep(rest, between);
	if (*rest && strchr(between, ' ')) {
		*rest += strspn(*rest, " \t");
	}
	return field;
}

/* IFS=: read -r A B <<<"$line": the line is known. -a is an array. */
static bool read_split_line(struct scanner *s, struct shell_command *command)
{
	const char *between = read_separators(s, command);
	const char *array = NULL;
	struct name_list names = {0};
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		bool option = word[0] == '-';
		if (option && strspn(word + 1, "ra") != strlen(word + 1)) {
			return false;
		}
		if (option && strchr(word, 'a')) {
			array = shell_word_at(command, i + 1);
		}
		if (!option) {
			name_list_append(s->arena, &names, word);
		}
	}
	size_t length = strcspn(command->input, "\n");
	char *rest = arena_copy(s->arena, command->input, length);
	if (strchr(between, ' ')) {
		rest += strspn(rest, " \t");
	}
	if (!array && !names.count) {
		return false;
	}
	if (array) {
		struct text text = {0};
		const char field = SHELL_FIELD;
		for (char *one; (one = read_next_field(&rest, between, false));) {
			text_add_bytes(&text, &field, 1);
			text_add(&text, one);
		}
		shell_set(s, arena_printf(s->arena, "%s=%s", array, text_string(&text)));
		text_release(&text);
		return true;
	}
	for (size_t i = 0; i < names.count; i++) {
		const char *one = read_next_field(&rest, between, i + 1 == names.count);
		if (!one) {
			one = "";
		}
		shell_set(s, arena_printf(s->arena, "%s=%s", names.items[i], one));
	}
	return true;
}

void shell_apply_read(struct scanner *s, struct shell_command *command)
{
	bool known = command->input && !shell_is_open(command->input);
	bool reads = !strcmp(shell_word_at(command, 0), "read");
	if (!known || !reads || !read_split_line(s, command)) {
		read_is_open(s, command);
	}
}

/* getopts "c:u:" NAME: the next option of the arguments, as far as they are known. */
/* Which argument is next. */
static size_t getopts_at(const struct scanner *s)
{
	const char *index = shell_variable(s, "OPTIND");
	if (!index) {
		return 1;
	}
	return strtoul(index, NULL, 10);
}

void shell_apply_getopts(struct scanner *s, struct shell_command *command)
{
	const char *letters = shell_word_at(command, 1);
	const char *name = shell_word_at(command, 2);
	size_t at = getopts_at(s);
	const char *word = "";
	if (at < s->arguments.count) {
		word = s->arguments.items[at];
	}
	bool known = command->words.count == 3;
	if (shell_is_open(word) || shell_is_open(letters)) {
		known = false;
	}
	s->options_over = word[0] != '-' || !word[1];
	if (!strcmp(word, "--")) {
		s->options_over = true;
	}
	if (s->options_over && s->arguments.count < 2 && !s->end.exits) {
		s->end.asks = true;
		s->end.asked_at = command->at;
	}
	const char *found = NULL;
	if (known && !s->options_over) {
		found = strchr(letters, word[1]);
	}
	if (s->options_over || !known) {
		if (known && shell_name_length(name)) {
			shell_set(s, arena_printf(s->arena, "%s=?", name));
		} else {
			read_is_open(s, command);
		}
		return;
	}
	const char *value = word + 2;
	bool takes = false;
	if (found) {
		takes = found[1] == ':';
	}
	if (takes && !*value && at + 1 < s->arguments.count) {
		value = s->arguments.items[++at];
	}
	bool glued = !takes && *value; /* -xy: two options in a word */
	if (!found || word[1] == ':') {
		glued = true;
	}
	if (glued || shell_is_open(value)) {
		read_is_open(s, command);
		return;
	}
	shell_set(s, arena_printf(s->arena, "%s=%c", name, word[1]));
	shell_set(s, arena_printf(s->arena, "OPTARG=%s", value));
	shell_set(s, arena_printf(s->arena, "OPTIND=%zu", at + 1));
}

/* Commands for a POSIX shell, kept as words. A name from the host must not run anything when the
 * command is pasted, and no output may break a word. */
#ifndef HEADROOM_BASE_SHELL_H
#define HEADROOM_BASE_SHELL_H

#include "base/list.h"

/* One command; each word is one argument. The word "$$" alone stands for the shell's PID. */
struct command_words {
	struct name_list words;
};

struct shell_script {
	struct command_words *items;
	size_t count, capacity;
};

/* Returns the text as one word of a command, quoted where needed. NULL if it is empty or if
 * cleaning (text_clean) would change it: then no command can contain it. */
const char *shell_word(struct arena *arena, const char *text);

/* Returns one word for display: like shell_word(), but NAME="a b" where that is equivalent, and ''
 * for an empty word. NULL if cleaning would change the word. */
const char *shell_shown(struct arena *arena, const char *text);

/* Returns true for a placeholder that only the reader can fill in: a word in capitals, such as
 * IMAGE or ADDRESS/PREFIX. */
bool shell_is_placeholder(const char *word);

/* Appends an empty command and returns it. */
struct command_words *shell_add(struct arena *arena, struct shell_script *script);
/* Appends a command with these words; NULL ends them. */
void shell_add_words(struct arena *arena, struct shell_script *script, ...);

/* Returns a command as one line to paste, or NULL if one of its words cannot be shown. */
const char *shell_line(struct arena *arena, const struct command_words *command);
/* Returns all commands, one per line, or NULL if there are none or if one of them cannot be
 * shown. */
const char *shell_lines(struct arena *arena, const struct shell_script *script);

/* Reads commands as rules write them. Blanks separate words, quotes group them, and "&&" and line
 * breaks separate commands. Text after " #" is a remark for people, returned in *ret_remark, or
 * NULL. */
struct shell_script shell_parse(struct arena *arena, const char *text, const char **ret_remark);

#endif

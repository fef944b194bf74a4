/* Commands for a POSIX shell, as words: what the host calls something must not run anything when it
 * is pasted, and no view may break a word. */
#ifndef HEADROOM_BASE_SHELL_H
#define HEADROOM_BASE_SHELL_H

#include "base/list.h"

/* One command; a word is what the program gets. The word "$$" alone is the shell's own number. */
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
 * for an empty word. NULL if cleaning would change it. */
const char *shell_shown(struct arena *arena, const char *text);

/* A word in capitals is a placeholder for something that only the reader knows: IMAGE,
 * ADDRESS/PREFIX. */
bool shell_is_placeholder(const char *word);

/* A new, empty command at the end. */
struct command_words *shell_add(struct arena *arena, struct shell_script *script);
/* … of these words; NULL ends them. */
void shell_add_words(struct arena *arena, struct shell_script *script, ...);

/* A command as a line to paste; NULL: a word cannot be shown. */
const char *shell_line(struct arena *arena, const struct command_words *command);
/* All commands, one per line. NULL if there are no commands or if one of them cannot be shown. */
const char *shell_lines(struct arena *arena, const struct shell_script *script);

/* The words of commands as a rule writes them: blanks separate words, quotes group, "&&" and line
 * breaks separate commands, and what follows " #" is for people: *ret_remark, or NULL. */
struct shell_script shell_parse(struct arena *arena, const char *text, const char **ret_remark);

#endif

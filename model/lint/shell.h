/* Splits shell text into commands and words, each with its line. */
#ifndef HEADROOM_MODEL_LINT_SHELL_H
#define HEADROOM_MODEL_LINT_SHELL_H

#include "model/lint/lint.h"

enum {
	SHELL_WORDS_MAX = 512 /* per command; further words are ignored */
};

struct shell_word {
	struct slice text; /* without its quotes */
	size_t line;
};

/* One simple command; its words begin with the program. */
struct shell_command {
	struct shell_word words[SHELL_WORDS_MAX];
	size_t count;
	struct slice here_end; /* the word that ends the here-document starting on the next line */
};

/* Takes the next command off *text, which begins at *line. Returns false if none is left. */
bool shell_next(struct arena *arena, struct slice *text, size_t *line, struct shell_command *ret);

/* Notes the listeners, the cures and the settings without effect in a text. */
void lint_read_shell(struct lint_scan *scan, struct slice text, size_t line);
/* Does the same for a list of words, as in "args" (commands.c). */
void lint_read_command(struct lint_scan *scan, struct shell_command *command);

/* Notes kernel settings in any text that keep ports out of the range (sysctl.c). */
void lint_read_cures(struct lint_scan *scan, struct slice text, size_t line);
/* Notes a setting given as name and value, as in Ansible, if it keeps ports out of the range. */
void lint_read_cure(struct lint_scan *scan, struct slice name, struct slice value, size_t line);

/* Notes a step or a RUN whose ulimit ends with its shell and so has no effect (sysctl.c). */
void lint_read_idle_ulimit(struct lint_scan *scan,
		struct slice text,
		size_t line,
		const char *until);

#endif

/* Shell text: its commands as words, each with its line. */
#ifndef HEADROOM_MODEL_LINT_SHELL_H
#define HEADROOM_MODEL_LINT_SHELL_H

#include "model/lint/lint.h"

enum {
	SHELL_WORDS_MAX = 512 /* of one command; further ones are passed over */
};

struct shell_word {
	struct slice text; /* without its quotes */
	size_t line;
};

/* One simple command; `words` from the program on. */
struct shell_command {
	struct shell_word words[SHELL_WORDS_MAX];
	size_t count;
	struct slice here_end; /* ends a here-document that begins in the next line */
};

/* Takes the next command off *text, whose first line is *line. false: no command is left. */
bool shell_next(struct arena *arena, struct slice *text, size_t *line, struct shell_command *ret);

/* Notes the listeners, the cures and the settings without effect of a text. */
void lint_read_shell(struct lint_scan *scan, struct slice text, size_t line);
/* The same of a list of words, as in "args" (commands.c). */
void lint_read_command(struct lint_scan *scan, struct shell_command *command);

/* Settings of the kernel in a text of any kind: what is kept out of the range (sysctl.c). */
void lint_read_cures(struct lint_scan *scan, struct slice text, size_t line);
/* A setting that was taken apart already, as in Ansible: is it a cure? */
void lint_read_cure(struct lint_scan *scan, struct slice name, struct slice value, size_t line);

/* A step or a RUN that sets only what ends with its shell (sysctl.c). */
void lint_read_idle_ulimit(struct lint_scan *scan,
		struct slice text,
		size_t line,
		const char *until);

#endif

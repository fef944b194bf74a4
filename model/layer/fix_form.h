/* A fix in the form of the layer that sets the limit. */
#ifndef HEADROOM_MODEL_LAYER_FIX_FORM_H
#define HEADROOM_MODEL_LAYER_FIX_FORM_H

#include "model/layer/layer.h"
#include "model/text/fix_text.h"

/* A text that keeps a value: its kind ("systemd", "sysctl.d", "docker" …), the file it belongs in,
 * and its lines. The lines are never broken or quoted. */
struct form_file {
	const char *kind;
	const char *path; /* NULL: part of something else, such as an option or a manifest */
	const char *text;
};

enum {
	FORM_FILES_MAX = 6
};

struct fix_form {
	struct layer layer;
	struct shell_script commands, undo;
	/* What to do in words, instead of commands or after them; NULL: nothing. */
	const char *say, *undo_say;
	const char *restart, *note, *shared_with;
	struct form_file files[FORM_FILES_MAX];
	size_t file_count;
	/* Options of the container engine's command, such as "--ulimit" "nofile=…". Later fixes must
	 * repeat them. */
	struct name_list options;
};

struct form_question {
	struct arena *arena;
	const struct limit_holder *holder;
	const struct fix_change *change;
	const struct fix_texts *texts;
	/* Options that earlier steps gave the command that creates the container. */
	const struct name_list *options;
	/* The setting in the program's configuration file that limits its open files, and its place;
	 * NULL: none. */
	const char *setting, *set_at;
};

#endif

/* What a fix looks like in the layer that sets the limit. */
#ifndef HEADROOM_MODEL_LAYER_FIX_FORM_H
#define HEADROOM_MODEL_LAYER_FIX_FORM_H

#include "model/layer/layer.h"
#include "model/text/fix_text.h"

/* What keeps a value: a kind ("systemd", "sysctl.d", "docker" …), the file it belongs in, and its
 * lines. Lines are never broken or quoted. */
struct form_file {
	const char *kind;
	const char *path; /* NULL: it is a part of something else: an option, a manifest */
	const char *text;
};

enum {
	FORM_FILES_MAX = 6
};

struct fix_form {
	struct layer layer;
	struct shell_script commands, undo;
	const char *say, *undo_say; /* in words, instead of commands or after them; or NULL */
	const char *restart, *note, *shared_with;
	struct form_file files[FORM_FILES_MAX];
	size_t file_count;
	/* Options of an engine's command: "--ulimit" "nofile=…". Later fixes need them as well. */
	struct name_list options;
};

struct form_question {
	struct arena *arena;
	const struct limit_holder *holder;
	const struct fix_change *change;
	const struct fix_texts *texts;
	/* Options that earlier steps gave the command that makes the container. */
	const struct name_list *options;
	/* What sets the number of open files in the program's own file, and where; NULL: nothing. */
	const char *setting, *set_at;
};

#endif

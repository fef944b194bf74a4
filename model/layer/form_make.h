/* The parts of which forms are made. */
#ifndef HEADROOM_MODEL_LAYER_FORM_MAKE_H
#define HEADROOM_MODEL_LAYER_FORM_MAKE_H

#include "model/layer/fix_form.h"

/* Forgets what the rule says of commands, files and undoing. */
void form_clear(struct fix_form *form);
void form_add_file(struct fix_form *form, const char *kind, const char *path, const char *text);
/* One more sentence; NULL: none. */
void form_note(struct arena *arena, struct fix_form *form, const char *sentence);

/* RLIMIT_NOFILE and RLIMIT_NPROC. */
void form_inherited(const struct form_question *q, enum subject subject, struct fix_form *form);
/* The same for pods: what the runtime of their node gives them. */
struct node_limit {
	const char *name, *soft, *hard; /* "nofile"; -1: none */
	const char *unit_line, *unit_value;
};
void form_of_node(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form);
/* A control group's limit. */
void form_of_group(const struct form_question *q, struct fix_form *form);
/* Makes the form for a program whose own configuration file sets how many files it opens. Returns
 * false if the program has no such setting. */
bool form_of_own_file(const struct form_question *q, struct fix_form *form);
/* fs.nr_open before the other commands, where the change raises it: the same step. */
void form_with_nr_open(const struct form_question *q, struct fix_form *form);
/* A setting of a network namespace that is not the one this program is in, or of a container. */
void form_of_network(const struct form_question *q, struct fix_form *form);
/* An option of the engine: in the command that makes the container, and as its lines to keep. */
void form_option(const struct form_question *q,
		struct fix_form *form,
		const char *option,
		const char *value);
/* The lines of a compose file under this name: "ulimits". */
void form_compose(const struct form_question *q, struct fix_form *form, const char *lines);

#endif

/* Building blocks of a fix's form. */
#ifndef HEADROOM_MODEL_LAYER_FORM_MAKE_H
#define HEADROOM_MODEL_LAYER_FORM_MAKE_H

#include "model/layer/fix_form.h"

/* Removes the commands, files and undo steps that come from the rule. */
void form_clear(struct fix_form *form);
void form_add_file(struct fix_form *form, const char *kind, const char *path, const char *text);
/* Appends a sentence to the form's note; NULL appends nothing. */
void form_note(struct arena *arena, struct fix_form *form, const char *sentence);

/* Makes the form for RLIMIT_NOFILE or RLIMIT_NPROC. */
void form_inherited(const struct form_question *q, enum subject subject, struct fix_form *form);
/* The same for pods: the limit that the container runtime of their node gives them. */
struct node_limit {
	/* name: "nofile"; soft and hard: numbers as text; -1: no limit. */
	const char *name, *soft, *hard;
	const char *unit_line, *unit_value;
};
void form_of_node(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form);
/* Makes the form for the limit of a control group. */
void form_of_group(const struct form_question *q, struct fix_form *form);
/* Makes the form for a program whose configuration file sets how many files it opens. Returns false
 * if the program has no such setting. */
bool form_of_own_file(const struct form_question *q, struct fix_form *form);
/* Puts raising fs.nr_open before the other commands, as part of the same step, if the change needs
 * it. */
void form_with_nr_open(const struct form_question *q, struct fix_form *form);
/* Makes the form for a setting of a container's network namespace, or of another one than this
 * program's. */
void form_of_network(const struct form_question *q, struct fix_form *form);
/* Adds an option of the container engine: to the command that creates the container, and as a file
 * to keep. */
void form_option(const struct form_question *q,
		struct fix_form *form,
		const char *option,
		const char *value);
/* Adds lines for a compose file under this name, such as "ulimits". */
void form_compose(const struct form_question *q, struct fix_form *form, const char *lines);

#endif

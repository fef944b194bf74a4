/* Containers that a file describes, as the words that `docker run` would take for them: so there is
 * one reading of what a container is. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_CONTAINER_WORDS_H
#define HEADROOM_PROBES_PLAN_COMMAND_CONTAINER_WORDS_H

#include "probes/plan/command/wrappers.h"
#include "probes/plan/tree.h"

/* What the file says about one container, in the order of the file. */
struct container_words {
	struct arena *arena;
	struct name_list options; /* "--network", "host", … */
	const char *entry;        /* the first word of the entry point; NULL: the image's own */
	struct name_list words;   /* the rest of it, then the command's */
	const char *image;
};

/* Takes an option with its value; does nothing if the value is NULL. */
void container_option(struct container_words *container, const char *option, const char *value);
/* Splits a text into words as a shell does, but only by quotes and backslashes. */
void container_split(struct arena *arena, const char *text, struct name_list *ret_words);
/* The container takes the place of the command, under the name of what runs it ("docker compose").
 */
bool container_enter(struct peel *peel,
		const char *engine,
		const struct container_words *container);
/* Does the container run a load test, as a client? The command is not changed. */
bool container_makes_load(const struct peel *peel,
		const char *engine,
		const struct container_words *container,
		bool *ret_serves);

#endif

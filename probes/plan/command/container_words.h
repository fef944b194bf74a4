/* Turns containers that a file describes into the words of an equivalent `docker run`, so that
 * containers are interpreted in one place. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_CONTAINER_WORDS_H
#define HEADROOM_PROBES_PLAN_COMMAND_CONTAINER_WORDS_H

#include "probes/plan/command/wrappers.h"
#include "probes/plan/tree.h"

/* What the file says about one container, in the file's order. */
struct container_words {
	struct arena *arena;
	struct name_list options; /* "--network", "host", … */
	const char *entry;        /* first word of the entry point; NULL: that of the image */
	struct name_list words;   /* the rest of the entry point, then the command */
	const char *image;
};

/* Adds an option with its value; does nothing if the value is NULL. */
void container_option(struct container_words *container, const char *option, const char *value);
/* Splits a text into words like a shell, but only by quotes and backslashes. */
void container_split(struct arena *arena, const char *text, struct name_list *ret_words);
/* Replaces the command by the container, under the name of what runs it ("docker compose"). false
 * with an error in the peel. */
bool container_enter(struct peel *peel,
		const char *engine,
		const struct container_words *container);
/* Returns true if the container runs a load test as a client. *ret_serves: it is a server. Does not
 * change the command. */
bool container_makes_load(const struct peel *peel,
		const char *engine,
		const struct container_words *container,
		bool *ret_serves);

#endif

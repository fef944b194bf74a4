/* A compose file that is being read, and the containers of its services. Only compose*.c include
 * this. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_COMPOSE_H
#define HEADROOM_PROBES_PLAN_COMMAND_COMPOSE_H

#include "probes/plan/command/container_words.h"
#include "probes/plan/document.h"

enum {
	COMPOSE_FILES_MAX = 4
};

struct compose {
	struct peel *peel;
	struct arena *arena;
	struct document files[COMPOSE_FILES_MAX]; /* later files have precedence */
	size_t file_count;
	const char *directory; /* of the first file, ending with a slash; "": the current one */
	const char *variables; /* the text of the .env file next to it; NULL: none */
	const char *unset;     /* a variable that a service needs and that is not set; NULL: none */
};

/* Returns a member of a service from the last file that has it, or NULL. */
const struct tree_node *compose_member(const struct compose *compose,
		const char *service,
		const char *name);
/* Returns a value with its variables replaced; NULL for NULL. */
const char *compose_value(struct compose *compose, const char *text);
/* Returns the service as a container. `entry` and `command` of `compose run` override the file's;
 * `command` may be NULL. */
struct container_words compose_service(struct compose *compose,
		const char *service,
		const char *entry,
		const struct name_list *command);

#endif

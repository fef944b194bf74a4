/* A compose file while it is read, and the containers of its services. Only compose*.c include
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
	struct document files[COMPOSE_FILES_MAX]; /* a later one has precedence */
	size_t file_count;
	const char *directory; /* of the first file, with its slash; "" for the current one */
	const char *variables; /* the text of .env beside it, or NULL */
	const char *unset;     /* a variable that a service needs and that is not set */
};

/* A member of a service, in the last file that has it; NULL: none. */
const struct tree_node *compose_member(const struct compose *compose,
		const char *service,
		const char *name);
/* A value of the file with its variables put in. NULL stays NULL. */
const char *compose_value(struct compose *compose, const char *text);
/* The service as its container. `entry` and `command` of `compose run` win over the file's, and
 * `command` may be NULL. */
struct container_words compose_service(struct compose *compose,
		const char *service,
		const char *entry,
		const struct name_list *command);

#endif

/* Splits names of settings, flags and constants into words: HTTP_PORT, httpPort, http-port and
 * http.port are all "http" and "port". */
#ifndef HEADROOM_MODEL_LINT_NAMES_H
#define HEADROOM_MODEL_LINT_NAMES_H

#include <stdbool.h>

#include "model/lint/slice.h"

/* Takes the next word off *rest; returns false if there is none. */
bool name_next_word(struct slice *rest, struct slice *ret_word);
bool name_has_word(struct slice name, const char *lower);
bool name_has_any(struct slice name, const char *const *lower); /* NULL-terminated */

/* What a name reveals about its value. */
enum name_says {
	NAME_NO_PORT, /* not a port */
	NAME_PORT,    /* a port, but not whose */
	NAME_LISTENS, /* a port or an address to listen on */
	NAME_OTHER    /* a port of another program that this one connects to */
};
enum name_says name_says(struct slice name);
/* Returns true for variables from which programs take the port they listen on: PORT, APP_PORT,
 * LISTEN_ADDR. */
bool name_is_own_port(struct slice name);
/* Returns true if the name belongs to a database or another server that this program connects
 * to. */
bool name_is_of_client(struct slice name);

#endif

/* Names of settings, flags and constants, taken apart into words: HTTP_PORT, httpPort, http-port
 * and http.port are "http" and "port". */
#ifndef HEADROOM_MODEL_LINT_NAMES_H
#define HEADROOM_MODEL_LINT_NAMES_H

#include <stdbool.h>

#include "model/lint/slice.h"

/* Takes the next word off *rest. Returns false if there is no further word. */
bool name_next_word(struct slice *rest, struct slice *ret_word);
bool name_has_word(struct slice name, const char *lower);
bool name_has_any(struct slice name, const char *const *lower); /* NULL-terminated */

/* What a name says of the port that is its value. */
enum name_says {
	NAME_NO_PORT, /* it names no port */
	NAME_PORT,    /* a port, of whom it does not say */
	NAME_LISTENS, /* a port or an address to listen on */
	NAME_OTHER    /* a port of somebody else: where a client connects to */
};
enum name_says name_says(struct slice name);
/* Is it a variable that programs take their own port from: PORT, APP_PORT, LISTEN_ADDR? */
bool name_is_own_port(struct slice name);
/* Does it speak of a database or another server that this one is a client of? */
bool name_is_of_client(struct slice name);

#endif

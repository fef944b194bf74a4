/* Ports as they are written: "54320", "0.0.0.0:54320", "54320-54329:5432/tcp", with variables. */
#ifndef HEADROOM_MODEL_LINT_PORTS_H
#define HEADROOM_MODEL_LINT_PORTS_H

#include "model/lint/lint.h"

/* A text whose variables were replaced, and where the value of the last one is written. */
struct lint_value {
	struct slice text;
	size_t file, line;
};

/* Reads "54320" or "54320-54329", with nothing else around it. */
bool lint_ports_of(struct slice text, struct lint_range *ret);
/* The port of an address to listen on: "54320", ":54320", "tcp://0.0.0.0:54320/", "*:54320". */
bool lint_address(struct slice text, struct lint_range *ret);
/* The same, but the host must be this one or all of its addresses: for texts that may also be the
 * address of a server. */
bool lint_local_address(struct slice text, struct lint_range *ret);
/* The host's side of "[ADDRESS:]HOST:CONTAINER[/PROTOCOL]"; false: it names none. */
bool lint_published(struct slice text, struct lint_range *ret);

/* Replaces $NAME, ${NAME}, ${NAME:-default}, $(NAME) and ${{ env.NAME }} by what this file or the
 * .env beside it says. Unknown variables stay. `line`: the line of the text itself. */
struct lint_value lint_expand(const struct lint_scan *scan, struct slice text, size_t line);
/* Keeps the value of a name. */
void lint_set_name(struct lint_scan *scan, struct slice name, struct slice value, size_t line);

/* Adds the listener that a text names, if it does. */
void lint_add_published(struct lint_scan *scan, struct slice text, size_t line, const char *what);
void lint_add_address(struct lint_scan *scan, struct slice text, size_t line, const char *what);

#endif

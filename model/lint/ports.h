/* Reads ports as people write them: "54320", "0.0.0.0:54320", "54320-54329:5432/tcp", with
 * variables. */
#ifndef HEADROOM_MODEL_LINT_PORTS_H
#define HEADROOM_MODEL_LINT_PORTS_H

#include "model/lint/lint.h"

/* A text with its variables replaced, and where the last variable got its value. */
struct lint_value {
	struct slice text;
	size_t file, line;
};

/* Reads "54320" or "54320-54329" and nothing else. */
bool lint_ports_of(struct slice text, struct lint_range *ret);
/* Reads the port of an address to listen on: "54320", ":54320", "tcp://0.0.0.0:54320/",
 * "*:54320". */
bool lint_address(struct slice text, struct lint_range *ret);
/* The same, but only if the host is this one or all addresses: for texts that may also name a
 * server to connect to. */
bool lint_local_address(struct slice text, struct lint_range *ret);
/* Reads the host's port of "[ADDRESS:]HOST:CONTAINER[/PROTOCOL]"; returns false if there is
 * none. */
bool lint_published(struct slice text, struct lint_range *ret);

/* Replaces $NAME, ${NAME}, ${NAME:-default}, $(NAME) and ${{ env.NAME }} by the value from this
 * file or the .env file next to it. Unknown variables stay. `line`: the line of the text itself. */
struct lint_value lint_expand(const struct lint_scan *scan, struct slice text, size_t line);
/* Remembers the value of a variable. */
void lint_set_name(struct lint_scan *scan, struct slice name, struct slice value, size_t line);

/* Adds the listener that a text names, if it names one. */
void lint_add_published(struct lint_scan *scan, struct slice text, size_t line, const char *what);
void lint_add_address(struct lint_scan *scan, struct slice text, size_t line, const char *what);

#endif

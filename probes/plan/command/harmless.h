/* Which texts of a command line are no secrets: by what they look like, not by what they are. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_HARMLESS_H
#define HEADROOM_PROBES_PLAN_COMMAND_HARMLESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* "400", "30s", "50%", "1000/s", "60s:1000,5m:0", "8080:80", "soft:hard" */
bool harmless_number(const char *text);
/* "10.0.0.5:443", "[::1]:80", "localhost", "api.example.com" */
bool harmless_address(const char *text);
/* A path, or a name with the ending of a file that load tests have; an image of a container. */
bool harmless_file(const char *text);
/* A word that tools know: a method, a protocol, a subcommand, a program. */
bool harmless_word(const char *text);
/* "rate" of -rate: the long name of an option that is written with one dash. */
bool harmless_option(const char *name, size_t length);
/* Does the name say that its value is a secret: "password", "X-Auth-Token"? */
bool harmless_not(const char *name, size_t length);

/* Returns the URL with only its scheme, host and port. NULL if the text is not a URL. */
const char *harmless_url(struct arena *arena, const char *text);

#endif

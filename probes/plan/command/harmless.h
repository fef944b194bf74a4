/* Recognizes texts of a command line that are not secret, by their form. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_HARMLESS_H
#define HEADROOM_PROBES_PLAN_COMMAND_HARMLESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* For "400", "30s", "50%", "1000/s", "60s:1000,5m:0", "8080:80", "soft:hard". */
bool harmless_number(const char *text);
/* For "10.0.0.5:443", "[::1]:80", "localhost", "api.example.com". */
bool harmless_address(const char *text);
/* For paths, names that end like files of load tests, and container images. */
bool harmless_file(const char *text);
/* For words that tools know: methods, protocols, subcommands, programs. */
bool harmless_word(const char *text);
/* For the long name of an option with one dash, such as "rate" of -rate. */
bool harmless_option(const char *name, size_t length);
/* Returns true if the name says that its value is secret: "password", "X-Auth-Token". */
bool harmless_not(const char *name, size_t length);

/* Returns only scheme, host and port of a URL, or NULL if the text is not a URL. */
const char *harmless_url(struct arena *arena, const char *text);

#endif

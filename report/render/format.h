/* The formatters of the template, which turn a value of the document into text. Numbers are
 * formatted by base/text.h and strings cleaned by text_clean; no numbers are computed. */
#ifndef HEADROOM_REPORT_RENDER_FORMAT_H
#define HEADROOM_REPORT_RENDER_FORMAT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	SHOWN_CHARS_MAX = 2000
}; /* longer strings of the document are cut */

struct formatted {
	struct arena *arena;
	const cJSON *node;   /* NULL: absent */
	const cJSON *parent; /* the object that contains node, for its unit and quantity; may be NULL */
	const cJSON *root;   /* the document; may be NULL */
	const char *argument; /* the words after the formatter's name, "" if there are none */
};

typedef const char *format_fn(const struct formatted *value);

struct format_row {
	const char *name;
	format_fn *format;
	const char *help; /* for templates/README.md */
};

extern const struct format_row format_rows[];
extern const size_t format_row_count;

const struct format_row *format_find(const char *name, size_t length);
/* Formats a value without a formatter: strings are cleaned, numbers shown as counts. */
const char *format_plain(const struct formatted *value);

/* Returns true for https URLs whose bytes are all safe in every output. */
bool format_is_link(const char *url);

#endif

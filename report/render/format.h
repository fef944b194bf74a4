/* The formatters of the template: from a value of the document to text. Numbers go through
 * base/text.h, strings through text_clean; no number is computed. */
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
	const cJSON *node;    /* may be NULL: absent */
	const cJSON *parent;  /* the object that holds node: its unit and quantity are looked at; may be
	                         NULL */
	const cJSON *root;    /* the document; may be NULL */
	const char *argument; /* the words after the formatter's name, "" if none */
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
/* What a value without a formatter looks like: strings cleaned, numbers as counts. */
const char *format_plain(const struct formatted *value);

/* True for https URLs made of the bytes that are safe in every output. */
bool format_is_link(const char *url);

#endif

/* What the finishing pass (finish.h) adds to a PDF. */
#ifndef HEADROOM_REPORT_PDF_FINISH_INPUT_H
#define HEADROOM_REPORT_PDF_FINISH_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A structure element to complete. They are listed in the order in which they were begun. */
struct finish_tag {
	const char *tag;  /* "Figure", "TH" or "TD" */
	const char *text; /* the figure's description; "Column" or "Row"; "3" columns, "": one */
};

struct finish_attachment {
	const char *name; /* "headroom.json": letters, digits and dots */
	const char *about;
	const char *bytes;
	size_t size;
};

struct finish_input {
	struct arena *arena;
	const char *language, *title, *subject, *creator, *producer; /* UTF-8 */
	const char *date; /* "2026-05-20T08:00:00Z"; anything else: no date */
	bool accessible;  /* it says that it is PDF/UA-1: its structure is that of our own template */
	const struct finish_tag *tags; /* every Figure, TH and TD of the document */
	size_t tag_count;
	const struct finish_attachment *attached; /* or NULL */
};

#endif

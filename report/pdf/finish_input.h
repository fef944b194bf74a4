/* What the finishing pass (finish.h) adds to a PDF. */
#ifndef HEADROOM_REPORT_PDF_FINISH_INPUT_H
#define HEADROOM_REPORT_PDF_FINISH_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A structure element to complete, in the order in which the elements were begun. */
struct finish_tag {
	const char *tag;  /* "Figure", "TH" or "TD" */
	const char *text; /* the figure's description; for TH "Column" or "Row"; for TD the columns it
	                     spans, "": one */
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
	const char *date; /* "2026-05-20T08:00:00Z"; anything else counts as no date */
	bool accessible;  /* the file claims PDF/UA-1, because it uses the built-in template */
	const struct finish_tag *tags; /* every Figure, TH and TD of the document, in order */
	size_t tag_count;
	const struct finish_attachment *attached; /* NULL: nothing is attached */
};

#endif

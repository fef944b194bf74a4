/* What cairo 1.16 leaves out of a PDF: language, dates as the standard wants them, alternative
 * texts of figures, the scope of table heads, XMP, an identifier made from the content, the title
 * in the window, an attached file. Takes cairo's bytes and writes new ones; what it does not
 * understand it refuses. It draws nothing. */
#ifndef HEADROOM_REPORT_PDF_FINISH_H
#define HEADROOM_REPORT_PDF_FINISH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* A structure element that gets something, in the order in which the elements were begun. */
struct finish_tag {
	const char *tag;  /* "Figure" or "TH" */
	const char *text; /* the figure's description; "Column" or "Row" */
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
	const char *date;              /* "2026-05-20T08:00:00Z"; anything else: no date */
	const struct finish_tag *tags; /* every Figure and TH of the document */
	size_t tag_count;
	const struct finish_attachment *attached; /* or NULL */
};

/* Adds the whole file to out. On failure out is unchanged. */
bool finish_pdf(const struct finish_input *input,
		const char *bytes,
		size_t size,
		struct text *out,
		struct error *err);

/* A text string of PDF: UTF-16 in hex. */
void finish_string(struct text *out, const char *text);
/* The stream of metadata, without "N 0 obj". */
void finish_xmp(const struct finish_input *input, struct text *out);
/* The dictionary of the document's information. */
void finish_information(const struct finish_input *input, struct text *out);
/* The stream of the attached file and the dictionary that names it, whose number is one more. */
bool finish_file(const struct finish_input *input, struct text *out, struct error *err);
void finish_file_name(const struct finish_input *input, size_t stream, struct text *out);

#endif

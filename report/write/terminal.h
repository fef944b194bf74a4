/* Inside the terminal view: its state, and the parts of the page. */
#ifndef HEADROOM_REPORT_WRITE_TERMINAL_H
#define HEADROOM_REPORT_WRITE_TERMINAL_H

#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/write.h"

enum {
	TERMINAL_WIDTH = 80
};

struct terminal {
	const cJSON *document;
	const struct write_options *options;
	struct arena *arena;
	struct text *out;
};

enum tone {
	TONE_GOOD,
	TONE_BAD,
	TONE_CARE,
	TONE_QUIET,
	TONE_STRONG
};

/* SGR sequences around what is added in between; nothing without color. */
void terminal_tone(const struct terminal *t, enum tone tone);
void terminal_plain(const struct terminal *t);

/* A cleaned string of the document, folded to ASCII where that is asked for. */
const char *terminal_text(const struct terminal *t,
		const cJSON *node,
		const char *path,
		size_t max_chars);
const char *terminal_fold(const struct terminal *t, const char *text);

/* Wrapped to the width: label in column 2, text from column `indent` on. */
void terminal_paragraph(const struct terminal *t,
		const char *label,
		size_t indent,
		const char *text);
void terminal_line(const struct terminal *t, const char *text);

/* Parts of the page, in their order. */
void terminal_table(const struct terminal *t); /* limits and coverage */
void terminal_fixes(const struct terminal *t);
void terminal_holds(const struct terminal *t);       /* without a workload */
void terminal_remarks(const struct terminal *t);     /* findings, hits, waivers, assumptions */
void terminal_drift(const struct terminal *t);       /* what changed since an earlier audit */
void terminal_gate(const struct terminal *t);        /* what the run showed */
void terminal_calibration(const struct terminal *t); /* measured beside predicted */

#endif

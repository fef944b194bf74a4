/* What a reader must know before believing the numbers, as sentences: how a run differs from its
 * plan, which values were assumed, how old they are, which limits do not count, what could not be
 * read and how to read it. Every output shows them, each in its own form. */
#ifndef HEADROOM_REPORT_DOCUMENT_NOTES_H
#define HEADROOM_REPORT_DOCUMENT_NOTES_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

enum note_kind {
	NOTE_DIFFERS,
	NOTE_WHAT_TO_DO, /* about a run that is not certified */
	NOTE_BEFORE,     /* what the audit said before the run */
	NOTE_IMAGE,
	NOTE_HYPOTHETICAL,
	NOTE_GIVEN,
	NOTE_PRESET, /* the load is the preset's, nobody gave it */
	NOTE_AGE,
	NOTE_BASELINE,
	NOTE_WAIVED,
	NOTE_IGNORED,
	NOTE_UNREAD, /* followed by its NOTE_WAY_OUT, if there is one */
	NOTE_WAY_OUT,
	NOTE_DECIDES, /* after a single NOTE_UNREAD: up to which value the plan passes */
	NOTE_KINDS
};

struct note {
	enum note_kind kind;
	const char *label; /* "Hypothetical": a literal of at most 14 characters */
	const char *text;  /* fit to show, in the arena */
};

struct notes {
	struct note *items;
	size_t count;
};

/* In the order of the kinds. */
struct notes document_notes(struct arena *arena, const cJSON *document);

/* "PASS with up to 186,608, FAIL with more": how the verdict depends on the one number that could
 * not be read; "": it does not depend on one number alone. */
const char *document_decides_text(struct arena *arena, const cJSON *document);

/* How the run differs from its plan, in a sentence; "" if it does not, or if the sentence of the
 * certificate begins in the same way and so says it already. */
const char *document_differs(struct arena *arena, const cJSON *document);

/* For documents that are views of an audit: adds `badge`, the text of badge.h, and `notes`,
 * [{label, text}], to the object. */
void document_put_basis(const cJSON *audit, cJSON *object);

/* "waived by ops until 2026-12-31: the unit raises it", "ignored (--ignore)": why a failing or
 * unknown limit does not decide the verdict; "" if it does. */
const char *document_excuse(struct arena *arena, const cJSON *document, const cJSON *limit);

#endif

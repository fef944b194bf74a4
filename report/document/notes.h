/* What a reader must know before trusting the numbers, as sentences: how a run differs from its
 * plan, which values were assumed, how old they are, which limits do not count, what could not be
 * read and how to read it. Every output shows them in its format. */
#ifndef HEADROOM_REPORT_DOCUMENT_NOTES_H
#define HEADROOM_REPORT_DOCUMENT_NOTES_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

enum note_kind {
	NOTE_DIFFERS,
	NOTE_WHAT_TO_DO, /* for a run that is not certified */
	NOTE_BEFORE,     /* the audit's result before the run */
	NOTE_IMAGE,
	NOTE_HYPOTHETICAL,
	NOTE_GIVEN,
	NOTE_PRESET, /* the load comes from a preset; the user gave none */
	NOTE_AGE,
	NOTE_BASELINE,
	NOTE_WAIVED,
	NOTE_IGNORED,
	NOTE_UNREAD, /* its NOTE_WAY_OUT follows, if there is one */
	NOTE_WAY_OUT,
	NOTE_DECIDES, /* after a single NOTE_UNREAD: for which values the plan passes */
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

/* Returns the notes in the order of their kinds. */
struct notes document_notes(struct arena *arena, const cJSON *document);

/* Returns how the verdict depends on the one number that could not be read: "PASS with up to
 * 186,608, FAIL with more". "" if it does not depend on a single number. */
const char *document_decides_text(struct arena *arena, const cJSON *document);

/* Returns a sentence that says how the run differs from its plan. "" if it does not, or if the
 * certificate's sentence already begins that way. */
const char *document_differs(struct arena *arena, const cJSON *document);

/* For documents that are made from an audit: adds `badge`, the text of badge.h, and `notes`,
 * [{label, text}], to the object. */
void document_put_basis(const cJSON *audit, cJSON *object);

/* Returns why a failing or unknown limit does not decide the verdict: "waived by ops until
 * 2026-12-31: the unit raises it", "ignored (--ignore)". "" if it does decide. */
const char *document_excuse(struct arena *arena, const cJSON *document, const cJSON *limit);

#endif

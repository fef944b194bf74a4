/* The names that headroom explain knows: one screen of limits, or all names of a kind. */
#ifndef HEADROOM_AUDIT_EXPLAIN_LIST_H
#define HEADROOM_AUDIT_EXPLAIN_LIST_H

#include "audit/explain/explanation.h"

/* Are there names of this kind? */
bool explain_lists_kind(enum rule_kind kind);
/* The limits with their short names, and how to list the other names. */
void explain_list_screen(const struct explanation *e);
/* All names of a kind: "presets"; of all kinds: "all". Returns false if `word` is no kind. */
bool explain_list_kind(const struct explanation *e, const char *word);
/* Adds the words that explain_list_kind accepts, one a line. */
void explain_list_words(struct text *out);

#endif

/* The sentences of headroom why. */
#ifndef HEADROOM_AUDIT_WHY_WORDS_H
#define HEADROOM_AUDIT_WHY_WORDS_H

#include "audit/why/why.h"
#include "base/text.h"

/* Returns the answer in one or two sentences. */
const char *why_headline(struct arena *arena, const struct why_case *in_case);
/* Returns what this host shows of a cause. */
const char *why_says(struct arena *arena, const struct why_cause *cause);
/* Returns how much of a limit is free: "3.1% of 262,144". */
const char *why_room(struct arena *arena, const struct why_cause *cause);
/* Returns the title of a fix without the values that depend on a plan. */
const char *why_fix_title(struct arena *arena,
		const struct facts *facts,
		const struct fix_rule *fix);
/* Returns "12 TCP sockets, 3 files". */
const char *why_open_kinds(struct arena *arena, const struct inventory *inventory);
/* Returns "12 to 10.0.0.5:80: 10 established, 2 in SYN_SENT (no answer yet)". */
const char *why_group_says(struct arena *arena, const struct inventory_group *group);
/* Appends ": 10 established, 2 in TIME_WAIT" from the counts of all states. */
void why_add_states(struct arena *arena, struct text *line, const size_t states[STATES]);
/* Returns true if the answer should say that the use of this limit is not known. */
bool why_is_unread(const struct why_case *in_case,
		const struct limit_rule *rule,
		const struct present *now);

#endif

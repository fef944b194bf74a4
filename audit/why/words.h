/* The sentences of headroom why. */
#ifndef HEADROOM_AUDIT_WHY_WORDS_H
#define HEADROOM_AUDIT_WHY_WORDS_H

#include "audit/why/why.h"
#include "base/text.h"

/* The answer in a sentence or two. */
const char *why_headline(struct arena *arena, const struct why_case *in_case);
/* What this host shows of a cause. */
const char *why_says(struct arena *arena, const struct why_cause *cause);
/* How much is free of a limit, in a few words: "3.1% of 262,144". */
const char *why_room(struct arena *arena, const struct why_cause *cause);
/* The title of a fix, without the values that depend on a plan. */
const char *why_fix_title(struct arena *arena,
		const struct facts *facts,
		const struct fix_rule *fix);
/* "12 TCP sockets, 3 files" */
const char *why_open_kinds(struct arena *arena, const struct inventory *inventory);
/* "12 to 10.0.0.5:80: 10 established, 2 in SYN_SENT (no answer yet)" */
const char *why_group_says(struct arena *arena, const struct inventory_group *group);
/* ": 10 established, 2 in TIME_WAIT" of the counts of all states. */
void why_add_states(struct arena *arena, struct text *line, const size_t states[STATES]);
/* Should the answer say that the use of this limit is not known? */
bool why_is_unread(const struct why_case *in_case,
		const struct limit_rule *rule,
		const struct present *now);

#endif

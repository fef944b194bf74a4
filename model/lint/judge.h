/* Finds listeners inside the range of outgoing ports, what keeps them out of it, and settings that
 * have no effect in their place. */
#ifndef HEADROOM_MODEL_LINT_JUDGE_H
#define HEADROOM_MODEL_LINT_JUDGE_H

#include "model/lint/lint.h"

/* The outgoing ports of a system: the range, and the reserved ports in it. */
struct lint_system {
	struct lint_range range;
	struct portset reserved;
};

enum lint_state {
	LINT_FOUND,
	LINT_KEPT,   /* the repository itself keeps the port out of the range */
	LINT_ALLOWED /* the line, or a comment above it, says "headroom: allow" */
};

struct lint_finding {
	enum lint_rule rule;
	enum lint_state state;
	size_t file, line;
	struct lint_range ports; /* those inside the range; 0, 0: the finding is not a listener */
	const char *what;
	/* For a setting without effect: the reason, and what to write instead. */
	const char *says, *instead;
	const char *os; /* the system that its CI job runs on if that is not Linux; NULL: Linux */
	bool likely;
	bool is_service; /* a CI service, which starts before the first step of its job */
	size_t kept_file, kept_line;
};

struct lint_verdict {
	struct lint_finding *items; /* sorted by file and line */
	size_t count;
	size_t found, kept, allowed;
	struct portset reserve; /* the ports found, and those that the system reserves already */
	size_t reserved;        /* how many of the ports found a reservation would protect */
};

/* Judges what was found. `system` has the ports of Linux, `other` those of macOS and Windows. */
struct lint_verdict lint_judge(const struct lint_found *found,
		const struct lint_system *system,
		const struct lint_system *other);

/* Returns true if the text may contain something that lint finds: a quick check that saves parsing
 * it. `other`: the range of systems that only CI jobs name. */
bool lint_may_matter(const struct lint_file *file,
		struct lint_range range,
		struct lint_range other);

#endif

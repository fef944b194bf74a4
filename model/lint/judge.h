/* Finds listeners inside the range of outgoing ports, what keeps them out of it, and settings that
 * have no effect where they are. */
#ifndef HEADROOM_MODEL_LINT_JUDGE_H
#define HEADROOM_MODEL_LINT_JUDGE_H

#include "model/lint/lint.h"

/* What hands out ports: the first and last one, and those it leaves out. */
struct lint_system {
	struct lint_range range;
	struct portset reserved;
};

enum lint_state {
	LINT_FOUND,
	LINT_KEPT,   /* the repository itself keeps the port out of the range */
	LINT_ALLOWED /* its line says "headroom: allow" */
};

struct lint_finding {
	enum lint_rule rule;
	enum lint_state state;
	size_t file, line;
	struct lint_range ports; /* those in the range; 0, 0: it is no listener */
	const char *what;
	const char *says, *instead; /* of a setting that does nothing */
	const char *os;             /* what its job runs on, where that is not Linux */
	bool likely;
	bool is_service; /* it starts before the first step of its job */
	size_t kept_file, kept_line;
};

struct lint_verdict {
	struct lint_finding *items; /* by file and line */
	size_t count;
	size_t found, kept, allowed;
	struct portset reserve; /* the ports found, and those that are reserved already */
	size_t reserved;        /* how many ports that a reservation would save */
};

/* `other`: what macOS and Windows hand out. */
struct lint_verdict lint_judge(const struct lint_found *found,
		const struct lint_system *system,
		const struct lint_system *other);

/* Can this text contain anything that lint finds? A quick check that saves parsing it. `other`: the
 * range of systems that only CI jobs name. */
bool lint_may_matter(const struct lint_file *file,
		struct lint_range range,
		struct lint_range other);

#endif

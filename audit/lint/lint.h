/* headroom lint: reads the files of a repository, judges the findings, makes the document. */
#ifndef HEADROOM_AUDIT_LINT_LINT_H
#define HEADROOM_AUDIT_LINT_LINT_H

#include <cjson/cJSON.h>

#include "audit/lint/image.h"
#include "probes/lint/walk.h"

struct lint_case {
	const struct run *run;
	struct lint_machine machine;
	struct lint_system other;
	struct lint_walk walk;
	struct lint_found found;
	struct lint_verdict verdict;
	const char *created;
};

/* Reads the paths that the user named, or else the current directory. false with err. */
bool lint_collect(struct lint_case *in_case, struct error *err);
/* Returns headroom.lint/1 (docs/lint.schema.json). Delete it before the arena is freed. */
cJSON *lint_document(const struct lint_case *in_case);

#endif

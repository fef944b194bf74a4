/* The port range that a machine uses for outgoing connections. The machine is this host, a facts
 * file, or a stock image of rules/images, whose facts have a date and sources. */
#ifndef HEADROOM_AUDIT_LINT_IMAGE_H
#define HEADROOM_AUDIT_LINT_IMAGE_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "model/lint/judge.h"

struct lint_machine {
	struct lint_system system;
	const char *name;  /* of the image; NULL: a host */
	const char *title; /* "this host", "GitHub-hosted runner, Ubuntu 24.04" */
	const char *kind;  /* linux, macos, windows */
	const char *dated; /* NULL: read now */
	bool captured;
	const char *note;
	struct name_list sources;
};

/* Reads --image, --facts and --set; without them, this host. Returns false with err if the name is
 * unknown or the range is not known. */
bool lint_machine_find(const struct run *run, struct lint_machine *ret, struct error *err);
/* Returns the port range of jobs on macOS and Windows. */
struct lint_system lint_other_system(void);

#endif

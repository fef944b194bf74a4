/* Shared by the writers of headroom.lint/1. */
#ifndef HEADROOM_REPORT_WRITE_LINT_PAGE_H
#define HEADROOM_REPORT_WRITE_LINT_PAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	LINT_PATH_CHARS = 400,
	LINT_SAYS_CHARS = 600
};

/* Returns the place of a finding: "compose.yaml:14". */
const char *lint_place(struct arena *arena, const cJSON *finding);
bool lint_is_port(const cJSON *finding);
size_t lint_count_ports(const cJSON *document);
/* Returns "2 listeners of this repository can lose their port to an outgoing connection". */
const char *lint_headline(struct arena *arena, const cJSON *document);
/* Returns the finding and its cure in one line. */
const char *lint_message(struct arena *arena, const cJSON *finding);

#endif

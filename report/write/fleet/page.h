/* Shared by the writers of headroom.fleet/1. */
#ifndef HEADROOM_REPORT_WRITE_FLEET_PAGE_H
#define HEADROOM_REPORT_WRITE_FLEET_PAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

enum {
	FLEET_NAME_CHARS = 80,
	FLEET_VALUE_CHARS = 80,
	FLEET_WHY_CHARS = 300
};

/* Returns the title of a limit in the document ("Open files (process)"); "" if it has none. */
const char *fleet_limit_title(struct arena *arena, const cJSON *document, const char *id);
/* Returns the settings in which a class differs from most hosts of its role: "limits.nofile.soft
 * 512, not 65536; … and 2 more"; "" if there are none. `most`: how many to name; 0: all. */
const char *fleet_differs(struct arena *arena, const cJSON *class, size_t most);
/* Returns how many hosts answered: "118 of 120", "4". */
const char *fleet_answered(struct arena *arena, const cJSON *document);
/* Returns the hosts in this state: "gen-017, gen-093 and 4 more"; "" if there are none. */
const char *fleet_names_in(struct arena *arena,
		const cJSON *document,
		const char *state,
		size_t most);
/* Returns the hosts of a class in the same form. */
const char *fleet_names_of(struct arena *arena,
		const cJSON *document,
		const char *class,
		size_t most);
/* Returns "PASS", "FAIL" or "UNKNOWN" for the document, a class or a host. */
const char *fleet_word(const cJSON *node);
/* Returns the load on each host of an end of the path: "10,000 connections", "9,998 to 10,000
 * connections". */
const char *fleet_stage_load(struct arena *arena, const cJSON *stage);

#endif

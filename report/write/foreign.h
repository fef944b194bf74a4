/* Names the files that influenced the result besides the command line and the built-in rules:
 * settings, a policy, waivers, rules. */
#ifndef HEADROOM_REPORT_WRITE_FOREIGN_H
#define HEADROOM_REPORT_WRITE_FOREIGN_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Returns one entry of the document's member "foreign" as text: "settings ./headroom.json (SHA-256
 * 0123456789ab): max_use, workload; not taken: force". */
const char *foreign_line(struct arena *arena, const cJSON *item);

#endif

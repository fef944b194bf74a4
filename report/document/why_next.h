/* What to do next where headroom.why/1 has no cause, or no process that it belongs to. */
#ifndef HEADROOM_REPORT_DOCUMENT_WHY_NEXT_H
#define HEADROOM_REPORT_DOCUMENT_WHY_NEXT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/list.h"

/* For an answer that found nothing: returns how many limits were hit since boot and have room
 * now. */
size_t why_hit_before(const cJSON *document);
/* Returns true if the text names a limit that each process has, no process was named, and none is
 * near its limit: then nothing here is known to be the cause. */
bool why_is_of_no_process(const cJSON *document);

struct why_next {
	const char *text;
	struct name_list commands; /* a line each */
};
/* Returns false if there is nothing to do. */
bool why_next_of(struct arena *arena, const cJSON *document, struct why_next *ret_next);

#endif

/* Assumed values of a plan, said in words. */
#ifndef HEADROOM_REPORT_DOCUMENT_ASSUMED_H
#define HEADROOM_REPORT_DOCUMENT_ASSUMED_H

#include <cJSON.h>

#include "base/arena.h"

/* An element of `assumptions`, in the arena. All texts are clean; none is NULL. */
struct assumed {
	const char *name;  /* "Files open besides the connections"; an unknown field as it is called */
	const char *flag;  /* the flag that states it: "--fds-base"; "": not known */
	const char *value; /* "not counted" */
	const char *why;   /* "typical of the runtime" */
};

struct assumed document_assumed(struct arena *arena, const cJSON *item);

#endif

/* Turns the limits of an audit document into the values that alerts are made from. */
#ifndef HEADROOM_AUDIT_FIX_ALERTS_H
#define HEADROOM_AUDIT_FIX_ALERTS_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "report/emit/fix_values.h"

/* Takes the limits that this plan uses, in the order of the document. Names and texts are clean. */
void fix_alerts_from(struct arena *arena, const cJSON *audit, struct fix_values *values);

#endif

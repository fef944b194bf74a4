/* Files of a tool that are more than options: what they say becomes terms of its rule. */
#ifndef HEADROOM_PROBES_PLAN_DATA_SOURCES_H
#define HEADROOM_PROBES_PLAN_DATA_SOURCES_H

#include "probes/plan/data/values.h"

/* Fills data->source, in the order of tool_source_terms; terms that are not known stay unknown. May
 * set the destinations. Without a source it does nothing. */
bool data_read_source(struct data *data);

#endif

/* Files of a tool that are more than options: their content becomes terms of the tool's rule. */
#ifndef HEADROOM_PROBES_PLAN_DATA_SOURCES_H
#define HEADROOM_PROBES_PLAN_DATA_SOURCES_H

#include "probes/plan/data/values.h"

/* Fills data->source in the order of tool_source_terms; terms that are not known stay unknown. May
 * also set the destinations. Does nothing if the rule has no source. false with err. */
bool data_read_source(struct data *data);

#endif

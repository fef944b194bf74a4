/* siege's configuration (its file of options) and its list of URLs. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_SIEGE_SOURCE_H
#define HEADROOM_PROBES_PLAN_TOOL_SIEGE_SOURCE_H

#include "probes/plan/data/values.h"

/* Opens the configuration that siege would find, as data->settings: named by the term rc, by
 * SIEGERC, the user's, or the system's. false with err. */
bool siege_open_rc(struct data *data);
/* Fills the terms connection, parser, limit and reps, in the order of tool_source_terms. If neither
 * the command (word) nor the configuration (url) names a destination, takes the destinations from
 * the list of URLs (file). false with err. */
bool siege_source(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX]);

#endif

/* siege's configuration as its file of options, and its list of URLs. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_SIEGE_SOURCE_H
#define HEADROOM_PROBES_PLAN_TOOL_SIEGE_SOURCE_H

#include "probes/plan/data/values.h"

/* Opens the configuration that siege finds, as data->settings: what the term rc names, SIEGERC, the
 * user's, the system's. */
bool siege_open_rc(struct data *data);
/* Fills the terms in the order of tool_source_terms (terms connection, parser, limit, reps). Sets
 * the destinations from the list of URLs (file) where neither the command (word) nor the
 * configuration (url) names one. */
bool siege_source(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX]);

#endif

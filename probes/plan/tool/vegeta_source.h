/* Terms of vegeta's rule that come from its targets. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_VEGETA_SOURCE_H
#define HEADROOM_PROBES_PLAN_TOOL_VEGETA_SOURCE_H

#include "probes/plan/data/values.h"

/* Reads the command's targets (terms targets, format) and where vegeta connects to for them: to
 * what -connect-to names (connect_to) or to a proxy, unless h2c is true. Fills the terms in the
 * order of tool_source_terms and sets the destinations; asks for them if the targets are not known.
 * false with err. */
bool vegeta_source(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX]);

#endif

/* vegeta's targets as terms of its rule. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_VEGETA_SOURCE_H
#define HEADROOM_PROBES_PLAN_TOOL_VEGETA_SOURCE_H

#include "probes/plan/data/values.h"

/* Reads the targets of the command (terms targets, format), and where vegeta connects to for them:
 * what -connect-to says (connect_to), or a proxy, unless h2c is true. Fills the terms in the order
 * of tool_source_terms, and sets the destinations. Asks for them if the targets are not known. */
bool vegeta_source(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX]);

#endif

/* Names in formulas that the model defines itself: how the plan is judged, its cloud NAT, what was
 * measured. One table row each. */
#ifndef HEADROOM_MODEL_OWN_NAMES_H
#define HEADROOM_MODEL_OWN_NAMES_H

#include "model/expr/expr.h"
#include "model/situation.h"

/* Both return false if there is no such name. */
bool own_name_value(const struct situation *situation,
		const struct load *load,
		const char *name,
		struct value *ret_value);
bool own_name_unit(const char *name, enum unit *ret_unit);

#endif

/* A fix in the form of the layer that holds the limit: what to type, which file keeps it, what to
 * start anew. What has no effect in that layer is left out. */
#ifndef HEADROOM_MODEL_LAYER_FORM_H
#define HEADROOM_MODEL_LAYER_FORM_H

#include "model/layer/fix_form.h"

struct fix_form form_of(const struct form_question *question);

#endif

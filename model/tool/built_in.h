/* The rules that come with headroom, read at build time (rules/tables.c). */
#ifndef HEADROOM_MODEL_TOOL_BUILT_IN_H
#define HEADROOM_MODEL_TOOL_BUILT_IN_H

#include "model/rule.h"

extern const struct rules built_in_rules;

#endif

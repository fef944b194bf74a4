/* What a sizing (headroom.size/1) says to order. */
#ifndef HEADROOM_REPORT_DOCUMENT_ORDER_H
#define HEADROOM_REPORT_DOCUMENT_ORDER_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* "Order at least 2 × c8i.large (aws), with the 3 values below set on each." */
const char *document_order_text(struct arena *arena, const cJSON *size);

#endif

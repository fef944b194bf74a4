/* Tables: widths the columns by their contents, makes each row a box, and repeats the head on every
 * page. */
#ifndef HEADROOM_REPORT_PDF_FLOW_TABLE_H
#define HEADROOM_REPORT_PDF_FLOW_TABLE_H

#include <libxml/tree.h>

#include "report/pdf/flow_box.h"

void flow_table(struct flow *flow, const xmlNode *table);

#endif

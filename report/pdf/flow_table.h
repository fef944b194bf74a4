/* Tables: column widths from the contents, rows as boxes, the head repeated on every page. */
#ifndef HEADROOM_REPORT_PDF_FLOW_TABLE_H
#define HEADROOM_REPORT_PDF_FLOW_TABLE_H

#include <libxml/tree.h>

#include "report/pdf/flow_box.h"

void flow_table(struct flow *flow, const xmlNode *table);

#endif

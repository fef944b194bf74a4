/* The bound page as a list of boxes, fitted to the width of the paper but not yet to its height. */
#ifndef HEADROOM_REPORT_PDF_FLOW_H
#define HEADROOM_REPORT_PDF_FLOW_H

#include "report/pdf/flow_box.h"

/* Fills the flow. The caller sets input, type, arena and width, and calls flow_release
 * afterwards. */
void flow_build(struct flow *flow);
void flow_release(struct flow *flow);

#endif

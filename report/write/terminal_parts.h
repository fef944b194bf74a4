/* The parts of the terminal view, in their order. */
#ifndef HEADROOM_REPORT_WRITE_TERMINAL_PARTS_H
#define HEADROOM_REPORT_WRITE_TERMINAL_PARTS_H

#include "report/write/pen.h"

void terminal_table(const struct pen *pen); /* limits and coverage */
void terminal_fixes(const struct pen *pen);
void terminal_holds(const struct pen *pen);       /* without a workload */
void terminal_remarks(const struct pen *pen);     /* findings, hits, waivers, assumptions */
void terminal_drift(const struct pen *pen);       /* what changed since an earlier audit */
void terminal_gate(const struct pen *pen);        /* what the run showed */
void terminal_calibration(const struct pen *pen); /* measured beside predicted */

#endif

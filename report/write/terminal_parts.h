/* The parts of the terminal view, in their order. */
#ifndef HEADROOM_REPORT_WRITE_TERMINAL_PARTS_H
#define HEADROOM_REPORT_WRITE_TERMINAL_PARTS_H

#include "report/write/terminal/sheet.h"

/* Parts that are blocks of a sheet. */
void terminal_answer(struct sheet *sheet);  /* headline, host and plan */
void terminal_load(struct sheet *sheet);    /* what is safe, where it fails, hosts needed */
void terminal_table(struct sheet *sheet);   /* limits and coverage */
void terminal_run(struct sheet *sheet);     /* what a gate's command did */
void terminal_remarks(struct sheet *sheet); /* findings, hits, who was judged, assumptions */
void terminal_unread(struct sheet *sheet);  /* what could not be read, and how to read it */
void terminal_fixes(struct sheet *sheet);

/* Parts that are plain text. */
void terminal_holds(const struct pen *pen);
/* Says how to get a verdict, with one example and more of them; nothing if examples are not
 * wanted. */
void terminal_ask_for_plan(const struct pen *pen);
void terminal_other_plans(const struct pen *pen); /* without a workload */
void terminal_drift(const struct pen *pen);       /* what changed since an earlier audit */
void terminal_calibration(const struct pen *pen); /* measurements next to predictions */

#endif

/* Makes the page of each kind of document. */
#ifndef HEADROOM_REPORT_ANSWER_KINDS_H
#define HEADROOM_REPORT_ANSWER_KINDS_H

#include "report/answer/parts.h"

typedef void answer_fn(const struct answer *a);

answer_fn answer_size, answer_history, answer_drift, answer_why, answer_lint;

#endif

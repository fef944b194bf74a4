/* The text exposition format of Prometheus, 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). */
#ifndef HEADROOM_REPORT_WRITE_METRICS_H
#define HEADROOM_REPORT_WRITE_METRICS_H

#include "base/text.h"

/* Appends the HELP and TYPE lines of the series that follow. */
void metrics_head(struct text *out, const char *name, const char *help, const char *type);

/* Appends NAME{LABEL="VALUE",…} NUMBER. A label without a value (NULL) is left out. */
struct metrics_label {
	const char *name, *value;
};
void metrics_add(struct text *out,
		const char *name,
		const struct metrics_label *labels,
		size_t count,
		double number);

#endif

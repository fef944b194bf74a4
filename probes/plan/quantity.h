/* Numbers and durations as each tool reads them: one table of units per syntax. */
#ifndef HEADROOM_PROBES_PLAN_QUANTITY_H
#define HEADROOM_PROBES_PLAN_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct quantity_unit {
	const char *word;
	double factor;
};

struct quantity_syntax {
	const char *example;               /* for errors: "30s, 5m or 1h" */
	const struct quantity_unit *units; /* ends with a NULL word; NULL: no units allowed */
	double bare;   /* factor of a number without a unit; 0: a unit is required */
	bool fraction; /* 1.5s */
	bool sequence; /* 1m30s */
	bool blank;    /* a blank may precede the unit */
	bool any_case; /* 10M is 10m */
};

extern const struct quantity_syntax quantity_count;         /* 400 */
extern const struct quantity_syntax quantity_decimal;       /* 0.5 */
extern const struct quantity_syntax quantity_seconds;       /* 30: whole seconds */
extern const struct quantity_syntax quantity_wrk_count;     /* 400, 20k, 1M (decimal) */
extern const struct quantity_syntax quantity_wrk_time;      /* 30, 30s, 5m, 1h */
extern const struct quantity_syntax quantity_h2load_time;   /* 10, 500ms, 10s, 1m, 1h */
extern const struct quantity_syntax quantity_siege_time;    /* 10S, 10M, 1H; bare: minutes */
extern const struct quantity_syntax quantity_tcpkali_count; /* 400, 20k, 1m */
extern const struct quantity_syntax quantity_tcpkali_time;  /* 10, 100ms, 10s, 5min, 1h, 1day */
extern const struct quantity_syntax quantity_timeout;       /* 30, 1.5m, 1h, 1d: timeout(1) */
extern const struct quantity_syntax quantity_docker_bytes;  /* 512m, 2g: binary */
extern const struct quantity_syntax quantity_go_duration;   /* 1m30s, 300ms, 1.5h; bare: 0 alone */
extern const struct quantity_syntax quantity_k6_duration;   /* Go's, and 1d; bare: milliseconds */
extern const struct quantity_syntax quantity_locust_time;   /* 20, 20s, 3m, 1h30m */
extern const struct quantity_syntax quantity_long_time;     /* 30, 1.5s, 0.05m, 2h, 1d */

/* Reads the whole text, which may be at most 2^53 after scaling. false with err, which says what is
 * wrong and how to write it. */
bool quantity_read(const char *text,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err);

#endif

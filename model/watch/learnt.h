/* What a run shows that no command line says: who closed, what the program itself takes, how fast
 * it was. Pure. One run gives one number of each kind; several give a spread, of which the verdict
 * takes the median. */
#ifndef HEADROOM_MODEL_WATCH_LEARNT_H
#define HEADROOM_MODEL_WATCH_LEARNT_H

#include "model/watch/certify.h"

enum learnt {
	LEARNT_CONNECTIONS,
	LEARNT_SOCKETS_PER_CONNECTION,
	LEARNT_OPEN_RATE,
	LEARNT_CLIENT_CLOSES,
	LEARNT_SERVER_CLOSES,
	LEARNT_FDS_BASE,
	LEARNT_FDS_PER_CONNECTION,
	LEARNT_MEMORY_BASE,
	LEARNT_MEMORY_PER_CONNECTION,
	LEARNT_CPU_CORES,
	LEARNT_OPENS_PER_CORE,
	LEARNT_REQUESTS,
	LEARNT_REQUESTS_PER_CORE,
	LEARNT_VALUES
};

struct learnt_row {
	const char *name; /* in workload.lock.json */
	enum unit unit;
	enum workload_field field; /* the member of a plan that it fills in; WORKLOAD_FIELDS: none */
};

extern const struct learnt_row learnt_rows[LEARNT_VALUES];

/* The value of this name, or LEARNT_VALUES if there is no such value. */
enum learnt learnt_find(const char *name);

/* One run. NAN: not seen. */
struct learnt_run {
	double values[LEARNT_VALUES];
	bool both_here; /* both ends of its connections were on this host */
};

/* requests_per_s: from the tool's own result; NAN: not known. `seen` is the certificate of the same
 * run. */
void learnt_of_run(const struct certify_input *input,
		const struct certificate *seen,
		double requests_per_s,
		struct learnt_run *ret_run);

struct learnt_spread {
	size_t n; /* runs that showed it; 0: the rest means nothing */
	double min, median, max;
};

/* The spread of `count` numbers; those that are NAN do not count. `values` is sorted in place. */
struct learnt_spread learnt_spread_of(double *values, size_t count);

#endif

/* What a run shows and no command line says: who closed, what the program itself used, how fast it
 * was. One run gives one number of each kind. Several runs give a spread, whose median the verdict
 * uses. Pure. */
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
	const char *name; /* its name in workload.lock.json */
	enum unit unit;
	enum workload_field field; /* the field of a plan that it fills in; WORKLOAD_FIELDS: none */
};

extern const struct learnt_row learnt_rows[LEARNT_VALUES];

/* Returns the value with this name, or LEARNT_VALUES if there is none. */
enum learnt learnt_find(const char *name);

/* The numbers of one run. NAN: not observed. */
struct learnt_run {
	double values[LEARNT_VALUES];
	bool both_here; /* both ends of its connections were on this host */
};

/* requests_per_s: from the tool's result; NAN: not known. `seen`: the certificate of the same
 * run. */
void learnt_of_run(const struct certify_input *input,
		const struct certificate *seen,
		double requests_per_s,
		struct learnt_run *ret_run);

struct learnt_spread {
	size_t n; /* number of runs with a value; 0: the rest is undefined */
	double min, median, max;
};

/* Returns the spread of `count` numbers, ignoring NAN. Sorts `values` in place. */
struct learnt_spread learnt_spread_of(double *values, size_t count);

#endif

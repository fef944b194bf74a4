/* k6's scenarios: how many VUs and iterations they ask for over time. Knows nothing of sockets. */
#ifndef HEADROOM_PROBES_PLAN_K6_SCENARIOS_H
#define HEADROOM_PROBES_PLAN_K6_SCENARIOS_H

#include "probes/plan/document.h"

enum {
	K6_SCENARIOS_MAX = 200,
	K6_STEPS_MAX = 450
};

struct k6_step {
	double duration_s, value; /* ramps to the value from the step before; 0 s: jumps */
};

struct k6_scenario {
	const char *name, *exec; /* exec: "default" where none is named */
	bool browser;            /* options.browser */
	double rate_per_s;       /* the highest arrival rate; NAN: it has none */
	double vus_max;
	double iterations; /* of all its VUs together; NAN: as many as they can make */
	struct k6_curve *curve;
};

struct k6_load {
	struct k6_scenario *scenarios;
	size_t scenario_count;
	double vus_max; /* at the peak, with what graceful stops overlap; what arrival rates may start
	                   counted */
	double duration_s;       /* with graceful stops */
	double iterations_per_s; /* highest sum of arrival rates; NAN where a scenario has no rate of
	                            its own */
	bool arrival_rate;       /* vus_max is a bound: a rate decides how many are busy */
	bool external;           /* externally-controlled: changed while it runs */
	const char *from;        /* file and line of the scenario that asks for most */
	/* What k6_load_draw() has drawn. */
	struct k6_step steps[K6_STEPS_MAX];
	size_t step_count; /* 0: no more than the peak is known */
	double peak;
};

/* Sockets that each VU of some scenarios opens, and keeps. */
struct k6_group {
	double sockets;
	bool in[K6_SCENARIOS_MAX];
	double high; /* of VUs; used while it is drawn */
};

/* `options` is the object of k6's options as `k6 inspect` and archives have it, shortcuts (vus,
 * duration, iterations, stages) included. The VUs of all scenarios are drawn. */
bool k6_load_read(const struct document *document,
		const struct tree_node *options,
		struct k6_load *ret,
		struct error *err);

/* Draws the sockets of all groups over time. A VU keeps its sockets when it pauses (k6 sets no
 * IdleConnTimeout), so no step falls. */
void k6_load_draw(struct k6_load *load, struct k6_group *groups, size_t count);

/* Is the load constant from the first second to the last, as far as is known? */
bool k6_load_is_flat(const struct k6_load *load);
/* It is known that all VUs start at once, and stay. */
bool k6_load_starts_at_once(const struct k6_load *load);

#endif

/* k6's scenarios: how many VUs and iterations they need over time. Knows nothing about sockets. */
#ifndef HEADROOM_PROBES_PLAN_K6_SCENARIOS_H
#define HEADROOM_PROBES_PLAN_K6_SCENARIOS_H

#include "probes/plan/document.h"

enum {
	K6_SCENARIOS_MAX = 200,
	K6_STEPS_MAX = 450
};

struct k6_step {
	double duration_s, value; /* ramps to `value` from the previous step; duration 0: jumps */
};

struct k6_scenario {
	const char *name, *exec; /* exec: "default" if none is named */
	bool browser;            /* options.browser */
	double rate_per_s;       /* highest arrival rate; NAN: none */
	double vus_max;
	double iterations; /* of all its VUs together; NAN: as many as they can do */
	struct k6_curve *curve;
};

struct k6_load {
	struct k6_scenario *scenarios;
	size_t scenario_count;
	double vus_max; /* at the peak, including the overlap of graceful stops and all VUs that arrival
	                   rates may start */
	double duration_s;       /* including graceful stops */
	double iterations_per_s; /* highest sum of arrival rates; NAN if a scenario has no rate */
	bool arrival_rate; /* a rate decides how many VUs are busy, so vus_max is an upper bound */
	bool external;     /* externally-controlled: can be changed during the run */
	const char *from;  /* file and line of the scenario that needs most */
	/* Result of k6_load_draw(). */
	struct k6_step steps[K6_STEPS_MAX];
	size_t step_count; /* 0: only the peak is known */
	double peak;
};

/* Sockets that each VU of some scenarios opens and keeps. */
struct k6_group {
	double sockets;
	bool in[K6_SCENARIOS_MAX];
	double high; /* highest number of VUs, used while drawing */
};

/* Reads the options object as `k6 inspect` and archives have it, including the shortcuts vus,
 * duration, iterations and stages, and draws the VUs of all scenarios. false with err. */
bool k6_load_read(const struct document *document,
		const struct tree_node *options,
		struct k6_load *ret,
		struct error *err);

/* Draws the sockets of all groups over time. A VU keeps its sockets while it pauses (k6 sets no
 * IdleConnTimeout), so the steps never go down. */
void k6_load_draw(struct k6_load *load, struct k6_group *groups, size_t count);

/* Returns true if the load is constant for the whole run, as far as is known. */
bool k6_load_is_flat(const struct k6_load *load);
/* Returns true if it is known that all VUs start at once and stay. */
bool k6_load_starts_at_once(const struct k6_load *load);

#endif

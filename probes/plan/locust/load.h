/* The load of a Locust run: users over time, and what each of them connects to. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_LOAD_H
#define HEADROOM_PROBES_PLAN_LOCUST_LOAD_H

#include "probes/plan/locust/shape.h"
#include "probes/plan/locust/users.h"

struct locust_run {
	struct locust_script *script;
	const char *unread;           /* a clause: why the locustfile could not be read; NULL: it was */
	struct name_list chosen;      /* classes named on the command line */
	const char *host, *host_from; /* from --host; NULL: not given */
	double users, rate_per_s, run_s; /* -u, -r, -t; run_s NAN: no end */
	const char *users_from, *rate_from, *run_from;
	bool typed; /* users are entered on the web page */
	double processes;
	bool forked; /* --processes: one master and workers */
};

bool locust_set_load(const struct locust_run *run, struct error *err);

#endif

/* Finds the hosts that a k6 script connects to: the addresses passed to its calls, as far as the
 * text shows them, or else those written in code that runs. */
#ifndef HEADROOM_PROBES_PLAN_K6_HOSTS_H
#define HEADROOM_PROBES_PLAN_K6_HOSTS_H

#include "probes/plan/k6/calls.h"

enum {
	K6_VUS_TRIED = 64
};

struct k6_hosts {
	struct name_list targets;   /* "host:port", each once */
	struct name_list encrypted; /* of these, those with https or wss addresses */
	struct name_list kept;      /* of these, those with http or https addresses */
	/* If __VU decides: hosts that at least one VU connects to, and the hosts of each VU. */
	struct name_list by_vu, of_vu[K6_VUS_TRIED];
	bool tls, plain;        /* some address is encrypted; some is not */
	const char *unknown_at; /* "file:line" of an address that the script computes; NULL: none */
	const char *missing; /* the variable of __ENV that an address needs and that is not set; NULL:
	                        none */
};

/* Returns how many of the targets one VU does not connect to because each VU has only one of
 * several. */
double k6_hosts_of_others(const struct k6_hosts *hosts);

/* Adds the hosts passed to the call. *ret_requests (may be NULL): the length of the list for
 * http.batch; INFINITY: not known. */
void k6_hosts_of_call(struct k6_calls *calls,
		const struct k6_call *call,
		struct k6_hosts *hosts,
		double *ret_requests);

/* Adds the addresses written in code that runs, except in headers, tags, log lines and comparisons,
 * and except those whose name is not used. */
void k6_hosts_written(struct js_program *program,
		const struct js_reach *reach,
		struct k6_hosts *hosts);

#endif

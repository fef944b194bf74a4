/* Which hosts a k6 script talks to: the addresses its calls are given, as far as the text says
 * them, else those written out in what runs. */
#ifndef HEADROOM_PROBES_PLAN_K6_HOSTS_H
#define HEADROOM_PROBES_PLAN_K6_HOSTS_H

#include "probes/plan/k6/calls.h"

enum {
	K6_VUS_TRIED = 64
};

struct k6_hosts {
	struct name_list targets;   /* "host:port", each once */
	struct name_list encrypted; /* those of them that an https or wss address names */
	struct name_list kept;      /* those of them that http and https addresses name */
	/* If __VU decides: hosts that at least one VU talks to, and each VU's own hosts. */
	struct name_list by_vu, of_vu[K6_VUS_TRIED];
	bool tls, plain;        /* an address is encrypted, one is not */
	const char *unknown_at; /* "file:line" of an address that is put together while it runs */
	const char *missing;    /* the variable of __ENV that it needs and that is not set, or NULL */
};

/* How many of the targets a VU does not talk to, as it has one of several. */
double k6_hosts_of_others(const struct k6_hosts *hosts);

/* Adds what the call is given. *ret_requests: how many a list for http.batch has; INFINITY: not
 * known. May be NULL. */
void k6_hosts_of_call(struct k6_calls *calls,
		const struct k6_call *call,
		struct k6_hosts *hosts,
		double *ret_requests);

/* Adds the addresses that are written out in code that runs. Leaves out headers, tags, log lines,
 * comparisons, and addresses whose name is not used. */
void k6_hosts_written(struct js_program *program,
		const struct js_reach *reach,
		struct k6_hosts *hosts);

#endif

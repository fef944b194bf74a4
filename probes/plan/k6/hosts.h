/* Which hosts a k6 script talks to: the addresses its calls are given, as far as the text says
 * them, else those written out in what runs. */
#ifndef HEADROOM_PROBES_PLAN_K6_HOSTS_H
#define HEADROOM_PROBES_PLAN_K6_HOSTS_H

#include "probes/plan/k6/calls.h"

struct k6_hosts {
	struct name_list targets;   /* "host:port", each once */
	struct name_list encrypted; /* those of them that an https or wss address names */
	bool tls, plain;            /* an address is encrypted, one is not */
	const char *unknown_at;     /* "file:line" of an address that is put together while it runs */
	const char *missing; /* the variable of __ENV that it needs and that is not set, or NULL */
};

/* Adds what the call is given. */
void k6_hosts_of_call(struct k6_calls *calls, const struct k6_call *call, struct k6_hosts *hosts);

/* Adds the addresses that are written out in what runs: not in headers, tags or log lines, not in
 * comparisons, and not where nothing uses the name they have. */
void k6_hosts_written(struct js_program *program,
		const struct js_reach *reach,
		struct k6_hosts *hosts);

#endif

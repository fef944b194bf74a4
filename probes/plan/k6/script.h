/* A k6 script as text: which hosts each of its scenarios talks to, and how it opens connections.
 * Never run. What it finds is likely, not sure. */
#ifndef HEADROOM_PROBES_PLAN_K6_SCRIPT_H
#define HEADROOM_PROBES_PLAN_K6_SCRIPT_H

#include "probes/plan/k6/hosts.h"
#include "probes/plan/k6/often.h"

enum {
	K6_ROOTS_MAX = 128
};

/* One function that VUs run, with all that it calls. Places are "file:line", the first one found;
 * NULL: it is not there. */
struct k6_root {
	const char *name; /* "default", or what a scenario has as exec */
	struct k6_hosts hosts;
	const char *http_at;
	bool speaks_http;     /* there, or in a way that the text does not show */
	const char *batch_at; /* http.batch(…) */
	/* For its calls of http.batch: the number of requests in the longest list, and the requests
	 * beyond the first of each list, summed over all lists. INFINITY: not known. */
	double batch_longest, batch_more;
	const char *async_at; /* requests in parallel, in unknown number */
	double parallel;      /* http.asyncRequest(…) that is not waited for, at most */
	const char *websocket_at, *websocket_once_at;
	const char *sockets_at; /* the number of a VU's open sockets is unknown */
	/* Every socket and client has a separate connection, even to the same host: those of the
	 * VU, those of an iteration, and how many of these are open at a time, at most. */
	double connects_once, connects, connects_at_once;
	bool timed;          /* a timer in the script closes a WebSocket */
	bool open_ended;     /* a WebSocket that the script does not close */
	double nested;       /* of these ws.connect(…), inside of each other */
	const char *grpc_at; /* a gRPC client connects in each iteration */
	const char *grpc_once_at;
	bool grpc_closes;
	const char *browser_at;
	const char *foreign_at, *foreign; /* another protocol, and its module */
	const char *close_header_at;      /* "Connection": "close" among headers */
	/* Requests of an iteration that come one after another, at most, and the time it takes at least
	 * by what it sleeps; 0 requests: they cannot be counted. */
	double requests, sleeps_s;
};

struct k6_script {
	struct js_program program;
	struct k6_calls calls;
	bool read;               /* there is a script */
	struct js_reach loading; /* what runs when it is loaded */
	struct k6_root roots[K6_ROOTS_MAX];
	size_t root_count, roots_max; /* fewer in a long script: each needs a byte for each token */
};

/* Reads the script and its modules; program.outside is set. */
void k6_script_read(struct arena *arena,
		const char *path,
		const char *text,
		size_t length,
		struct k6_script *script);

/* The function of that name, looked at once. From roots_max on they share one, which is all of the
 * script and has no name. */
const struct k6_root *k6_script_root(struct k6_script *script, const char *name);

#endif

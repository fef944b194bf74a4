/* A k6 script as text: which hosts each of its scenarios connects to, and how it opens connections.
 * It is never run, so the findings are likely, not certain. */
#ifndef HEADROOM_PROBES_PLAN_K6_SCRIPT_H
#define HEADROOM_PROBES_PLAN_K6_SCRIPT_H

#include "probes/plan/k6/hosts.h"
#include "probes/plan/k6/often.h"

enum {
	K6_ROOTS_MAX = 128
};

/* One function that VUs run, with everything it calls. Places are "file:line" of the first
 * occurrence; NULL: none. */
struct k6_root {
	const char *name; /* "default", or the exec of a scenario */
	struct k6_hosts hosts;
	const char *http_at;
	bool speaks_http;     /* uses HTTP there, or in a way that the text does not show */
	const char *batch_at; /* http.batch(…) */
	/* For its calls of http.batch: the number of requests in the longest list, and the number
	 * beyond the first of each list, summed over all lists. INFINITY: not known. */
	double batch_longest, batch_more;
	const char *async_at; /* an unknown number of requests in parallel */
	double parallel;      /* most http.asyncRequest(…) that are not awaited */
	const char *websocket_at, *websocket_once_at;
	const char *sockets_at; /* a VU opens an unknown number of sockets */
	/* Sockets and clients, each with a separate connection even to the same host: per VU, per
	 * iteration, and the most of the latter that are open at one time. */
	double connects_once, connects, connects_at_once;
	bool timed;          /* a timer in the script closes a WebSocket */
	bool open_ended;     /* a WebSocket is not closed by the script */
	double nested;       /* how many of these ws.connect(…) are nested */
	const char *grpc_at; /* a gRPC client connects in each iteration */
	const char *grpc_once_at;
	bool grpc_closes;
	const char *browser_at;
	const char *foreign_at, *foreign; /* another protocol, and its module */
	const char *close_header_at;      /* "Connection": "close" among headers */
	/* Most requests of an iteration that follow one another, and its shortest time by its sleeps; 0
	 * requests: they cannot be counted. */
	double requests, sleeps_s;
};

struct k6_script {
	struct js_program program;
	struct k6_calls calls;
	bool read;               /* there is a script */
	struct js_reach loading; /* what runs when the script is loaded */
	struct k6_root roots[K6_ROOTS_MAX];
	/* Lower for a long script, because each root needs a byte for each token. */
	size_t root_count, roots_max;
};

/* Reads the script and its modules. Set program.outside first. */
void k6_script_read(struct arena *arena,
		const char *path,
		const char *text,
		size_t length,
		struct k6_script *script);

/* Returns the function with this name, which is analyzed once. From roots_max on, functions share
 * one root without a name that covers the whole script. */
const struct k6_root *k6_script_root(struct k6_script *script, const char *name);

#endif

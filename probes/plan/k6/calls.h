/* Finds where a k6 script opens connections: calls of k6's modules, under the names by which the
 * script imports them. */
#ifndef HEADROOM_PROBES_PLAN_K6_CALLS_H
#define HEADROOM_PROBES_PLAN_K6_CALLS_H

#include "base/list.h"
#include "probes/plan/script/program.h"

enum k6_call_kind {
	K6_CALL_HTTP,      /* one request */
	K6_CALL_BATCH,     /* http.batch(…) */
	K6_CALL_ASYNC,     /* http.asyncRequest(…): possibly several at once */
	K6_CALL_INDIRECT,  /* HTTP that the text does not show directly: a client passed on, Httpx */
	K6_CALL_WEBSOCKET, /* ws.connect(…): the VU waits until it ends */
	K6_CALL_SOCKET,    /* new WebSocket(…): the VU does not wait */
	K6_CALL_GRPC,      /* client.connect(…) */
	K6_CALL_GRPC_CLOSE,
	K6_CALL_BROWSER, /* k6/browser */
	K6_CALL_FOREIGN, /* another protocol: redis, sql, kafka */
	K6_CALL_SLEEP,
	K6_CALL_PARALLEL, /* Promise.all(…) */
	K6_CALL_CLOSE     /* a header "Connection: close" */
};

struct k6_call {
	enum k6_call_kind kind;
	struct js_module *module;
	size_t at;           /* index of its token */
	size_t argument;     /* first token of its argument, the address; 0: none */
	const char *foreign; /* the module's name */
};

struct k6_calls {
	struct js_program *program;
	struct k6_call *items;
	size_t count, capacity;
};

void k6_calls_find(struct js_program *program, struct k6_calls *ret);

/* Returns true if each VU makes the call only once: in its first iteration, or guarded by a
 * variable of the module. The guard may also be around the call of the function that contains
 * it. */
bool k6_call_is_once(const struct k6_calls *calls, const struct k6_call *call);

#endif

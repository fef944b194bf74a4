/* Where a k6 script opens connections: the calls of k6's modules, under the names that the script
 * gives them when it imports them. */
#ifndef HEADROOM_PROBES_PLAN_K6_CALLS_H
#define HEADROOM_PROBES_PLAN_K6_CALLS_H

#include "base/list.h"
#include "probes/plan/script/program.h"

enum k6_call_kind {
	K6_CALL_HTTP,      /* one request */
	K6_CALL_BATCH,     /* http.batch(…) */
	K6_CALL_ASYNC,     /* http.asyncRequest(…): several at once, if the script likes */
	K6_CALL_INDIRECT,  /* HTTP in a way that its text does not show: a client handed on, Httpx */
	K6_CALL_WEBSOCKET, /* ws.connect(…): the VU waits for its end */
	K6_CALL_SOCKET,    /* new WebSocket(…): it does not */
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
	size_t at;           /* its token */
	size_t argument;     /* the first token of what it is given: the address; 0: nothing */
	const char *foreign; /* the module */
};

struct k6_calls {
	struct js_program *program;
	struct k6_call *items;
	size_t count, capacity;
};

void k6_calls_find(struct js_program *program, struct k6_calls *ret);

/* Is the call made once for each VU: in its first iteration, or behind a variable of the module
 * that says that it was not made yet? That condition may also surround the calls of the function
 * that contains the call. */
bool k6_call_is_once(const struct k6_calls *calls, const struct k6_call *call);

#endif

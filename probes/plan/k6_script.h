/* A k6 script as text: which hosts it names and how it opens connections. Never run; comments and strings are told
 * from code, no more. What it finds is likely, not sure. */
#ifndef HEADROOM_PROBES_PLAN_K6_SCRIPT_H
#define HEADROOM_PROBES_PLAN_K6_SCRIPT_H

#include "model/arena.h"
#include "model/result.h"

/* Lines count from 1; 0: it is not there. */
struct k6_script {
	struct name_list targets;    /* "host:port" of URLs in strings, each once */
	size_t template_line;        /* a URL whose host is put together while it runs */
	size_t options_line;         /* options are exported */
	size_t batch_line;           /* http.batch(…) */
	size_t async_line;           /* http.asyncRequest(…), Promise.all(…) */
	size_t websocket_line;       /* ws.connect(…), new WebSocket(…) */
	size_t grpc_line;            /* .connect(…) of a gRPC client inside a function, not only in the first iteration */
	size_t grpc_once_line;       /* the same, only in the first iteration, or outside any function */
	bool grpc_closes;            /* .close() is there */
	size_t close_header_line;    /* "Connection": "close" among headers */
};

void k6_script_read(struct arena *arena, const char *text, size_t length, struct k6_script *ret);

#endif

/* A k6 script as text: which hosts it names and how it opens connections. Never run; comments and
 * strings are told from code, no more. What it finds is likely, not sure. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_K6_SCRIPT_H
#define HEADROOM_PROBES_PLAN_TOOL_K6_SCRIPT_H

#include "base/arena.h"
#include "model/result.h"

/* Places are "file:line", the first one found; NULL: it is not there. */
struct k6_script {
	struct name_list targets; /* "host:port" of URLs in strings, each once */
	bool tls, plain;          /* a URL in a string is encrypted, one is not */
	const char *template_at;  /* a URL whose host is put together while it runs */
	const char *options_at;   /* options are exported */
	const char *batch_at;     /* http.batch(…) */
	const char *async_at;     /* http.asyncRequest(…), Promise.all(…) */
	const char *websocket_at; /* ws.connect(…), new WebSocket(…) */
	const char *grpc_at; /* .connect(…) of a gRPC client inside a function, not only in the first
	                        iteration */
	const char *grpc_once_at; /* the same, only in the first iteration, or outside any function */
	bool grpc_closes;         /* .close() is there */
	struct name_list imports; /* "./lib.js": modules of the script's own, as it names them */
	const char *close_header_at; /* "Connection": "close" among headers */
};

/* Adds what one file holds; begin with an empty *ret. `file` is its name in places. */
void k6_script_read(struct arena *arena,
		const char *file,
		const char *text,
		size_t length,
		struct k6_script *ret);

#endif

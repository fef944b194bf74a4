/* vegeta's command line and targets, and what its connections follow from. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_VEGETA_H
#define HEADROOM_PROBES_PLAN_TOOL_VEGETA_H

#include "base/list.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/plan.h"

enum vegeta_option {
	VEGETA_RATE,
	VEGETA_DURATION,
	VEGETA_TARGETS,
	VEGETA_FORMAT,
	VEGETA_KEEPALIVE,
	VEGETA_MAX_WORKERS,
	VEGETA_MAX_CONNECTIONS,
	VEGETA_TIMEOUT,
	VEGETA_LADDR,
	VEGETA_H2C,
	VEGETA_UNIX_SOCKET,
	VEGETA_CONNECTIONS,
	VEGETA_HTTP2,
	VEGETA_HEADER,
	VEGETA_LAZY,
	VEGETA_CONNECT_TO,
	VEGETA_DNS_TTL,
	VEGETA_OUTPUT,
	VEGETA_BODY,
	VEGETA_PROMETHEUS,
	VEGETA_SESSION_TICKETS
};

/* The targets that it takes in turn. */
struct vegeta_targets {
	bool known;             /* false: they come from a program that has not run */
	size_t count;           /* requests of one round */
	size_t closing;         /* of these, how many end their connection by a header */
	const char *closing_at; /* where the first of them says so, or NULL */
	bool without_host;      /* "http://:80" */
	bool tls;               /* all of them are encrypted */
	struct name_list hosts; /* "host:port" of each, in order; a URL that comes again counts again */
	struct name_list urls;  /* as written */
};

struct vegeta {
	double rate;               /* requests per second; 0: as fast as the answers come */
	double duration_s;         /* 0: until somebody ends it */
	double timeout_s;          /* 0: none */
	double max_workers;        /* INFINITY: no bound */
	double max_connections;    /* to each host; 0: no bound */
	double idle;               /* kept for each host while nobody needs them; -1: none is */
	double hosts;              /* pools of connections; 0: not known */
	bool h2c;                  /* HTTP/2 without TLS: most options of a connection do nothing */
	bool no_http2;             /* -http2=false */
	const char *no_keepalive;  /* the option, or NULL */
	const char *header_closes; /* what says Connection: close for every request, or NULL */
	struct vegeta_targets targets;
	struct arguments arguments;
};

/* Reads the targets of a text in one of vegeta's two formats; `from` begins errors. A text without
 * a target is an error. */
bool vegeta_targets_read(struct arena *arena,
		const char *text,
		bool json,
		const char *from,
		struct vegeta_targets *ret,
		struct error *err);

/* Sets connections, opens, who closes, and what vegeta itself needs. The destinations are set
 * already. */
void vegeta_plan_load(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *vegeta);

#endif

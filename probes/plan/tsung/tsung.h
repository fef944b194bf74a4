/* tsung's XML file: what read_tsung.c and sessions.c share. */
#ifndef HEADROOM_PROBES_PLAN_TSUNG_TSUNG_H
#define HEADROOM_PROBES_PLAN_TSUNG_TSUNG_H

#include "base/list.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/arrivals.h"

enum {
	TSUNG_OPENINGS_MAX = 500
};

/* One session, or the mean of them. */
struct tsung_session {
	double think_s, requests;
	double closing; /* requests after which the server closes */
	double changes; /* to another server */
};

struct tsung {
	const struct plan_context *context;
	struct plan *plan;
	struct document document;
	struct error *err;
	double latency_s;         /* NAN: not said */
	double share;             /* of the load that the busiest client host makes */
	double highest_per_s;     /* arrivals, on this host */
	double users;             /* that start at their own time, beside the phases */
	struct arrivals arrivals; /* on this host */
	double default_think_s;   /* NAN: none */
	bool think_override;
	struct tsung_session mean;
	struct opening openings[TSUNG_OPENINGS_MAX];
	size_t opening_count;
	struct name_list hosts; /* that absolute URLs name */
	const char *at; /* the server that a session is connected to, while it is walked through */
	const char *session_from;
	const char *unknown_at; /* a think time or a loop that only the run knows */
	const char *close_at;   /* HTTP/1.0, or a header, asks the server to close */
	bool any_kept;          /* a session keeps a connection */
};

/* A number of an attribute, blanks around it; *ret is left alone where there is none. */
bool tsung_number(struct tsung *t, const struct tree_node *node, const char *name, double *ret);
/* The factor to seconds of the node's unit attribute. */
bool tsung_unit_of(struct tsung *t, const struct tree_node *node, double *ret);

/* The sessions' means, and the sockets that a mean user opens. */
bool tsung_read_sessions(struct tsung *t);

#endif

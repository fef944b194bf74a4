/* tsung's XML file: shared by read_tsung.c and sessions.c. */
#ifndef HEADROOM_PROBES_PLAN_TSUNG_TSUNG_H
#define HEADROOM_PROBES_PLAN_TSUNG_TSUNG_H

#include "base/list.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/arrivals.h"

enum {
	TSUNG_OPENINGS_MAX = 500
};

/* One session, or the mean of all. */
struct tsung_session {
	double think_s, requests;
	double closing; /* requests after which the server closes the connection */
	double changes; /* changes to another server */
};

struct tsung {
	const struct plan_context *context;
	struct plan *plan;
	struct document document;
	struct error *err;
	double latency_s;         /* NAN: not given */
	double share;             /* part of the load that the busiest client host makes */
	double highest_per_s;     /* arrivals per second on this host */
	double users;             /* users that start at fixed times instead of in the phases */
	struct arrivals arrivals; /* on this host */
	double default_think_s;   /* NAN: none */
	bool think_override;
	struct tsung_session mean;
	struct opening openings[TSUNG_OPENINGS_MAX];
	size_t opening_count;
	struct name_list hosts; /* that absolute URLs name */
	const char *at; /* the server that a session is connected to, while the session is read */
	const char *session_from;
	const char *unknown_at; /* a think time or a loop that is only known at run time; NULL: none */
	const char *close_at;   /* where HTTP/1.0 or a header asks the server to close; NULL: nowhere */
	bool any_kept;          /* a session keeps its connection */
};

/* Reads the number of an attribute, ignoring surrounding blanks; leaves *ret unchanged if there is
 * none. false with err. */
bool tsung_number(struct tsung *t, const struct tree_node *node, const char *name, double *ret);
/* Gives the factor from the node's unit attribute to seconds. false with err. */
bool tsung_unit_of(struct tsung *t, const struct tree_node *node, double *ret);

/* Computes the means of the sessions and the sockets that an average user opens. false with err. */
bool tsung_read_sessions(struct tsung *t);

#endif

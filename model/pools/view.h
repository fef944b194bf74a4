/* What the facts say about sockets and their ports, read once for all destinations of a plan. */
#ifndef HEADROOM_MODEL_POOLS_VIEW_H
#define HEADROOM_MODEL_POOLS_VIEW_H

#include "base/address.h"
#include "base/portset.h"
#include "model/conflict.h"
#include "model/fact.h"
#include "model/load/workload.h"

/* The sockets of one pool. */
struct pool_row {
	struct address from; /* family 0: not known */
	struct address to;
	unsigned port;
	double ports, reusable;
};

/* The local address that connect() chooses for a destination. */
struct pool_source {
	struct address to, from;
};

/* How many pools lead to a destination. */
struct pool_counted {
	struct address to;
	unsigned port;
	double pools;
};

/* What applies to all destinations. */
struct pool_view {
	struct arena *arena;
	struct facts *facts;
	const struct workload *workload;
	unsigned low, high;
	double size; /* unreserved ports in the range */
	struct portset reserved;
	bool counted; /* the connected sockets are known */
	double held;  /* ports that these sockets use and nothing else blocks */
	struct pool_row *rows;
	size_t row_count, row_capacity;
	double unlisted;   /* the highest number of sockets in a pool that has no row */
	bool rows_missing; /* rows are missing, so a pool may have more sockets than they say */
	struct pool_counted *counts;
	size_t counts_known;
	struct holdings pinned;
	bool pinned_known;
	struct pool_source *routes;
	size_t route_count;
	bool routes_known; /* routes were looked up */
};

/* Fills the view; arena, facts and workload must be set. Returns false if the port range is not
 * known, because then nothing else can be known. */
bool pool_view_open(struct pool_view *view);
/* Returns the highest number of sockets that a pool to this destination without a row may have.
 * `rows`: how many pools to it have one. */
double pool_view_unlisted(const struct pool_view *view,
		const struct address *to,
		unsigned port,
		size_t rows);
/* Returns how many ports of the set are in the range and not reserved. */
unsigned pool_view_count_ports(const struct pool_view *view, const struct portset *set);
/* Returns true if connect() may take over a port in TIME_WAIT. At worst, a setting that is not
 * known counts as no. */
bool pool_view_reuses(const struct pool_view *view, bool loopback, bool at_worst);
/* Returns true if the plan has this word in this field. */
bool pool_plan_says(const struct workload *workload, enum workload_field field, const char *word);
/* Returns the number of a fact, or `missing` if it is not known. */
double pool_number_or(const struct facts *facts, const char *key, double missing);

#endif

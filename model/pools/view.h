/* What the facts say of sockets and their ports, read once for all destinations of a plan. */
#ifndef HEADROOM_MODEL_POOLS_VIEW_H
#define HEADROOM_MODEL_POOLS_VIEW_H

#include "base/address.h"
#include "base/portset.h"
#include "model/conflict.h"
#include "model/fact.h"
#include "model/load/workload.h"

/* The sockets of one pool, as facts say. */
struct pool_row {
	struct address from; /* family 0: not known */
	struct address to;
	unsigned port;
	double ports, reusable;
};

/* The local address that connect() chooses towards `to`. */
struct pool_source {
	struct address to, from;
};

/* How many pools there are towards a destination. */
struct pool_counted {
	struct address to;
	unsigned port;
	double pools;
};

/* What all destinations share. */
struct pool_view {
	struct arena *arena;
	struct facts *facts;
	const struct workload *workload;
	unsigned low, high;
	double size; /* ports of the range that are not reserved */
	struct portset reserved;
	bool counted; /* the connected sockets are known */
	double held;  /* ports that these sockets use and that nothing else blocks */
	struct pool_row *rows;
	size_t row_count, row_capacity;
	double unlisted;   /* the most sockets of a pool that is not among the rows */
	bool rows_missing; /* rows that should be there are not: a pool may have more than they say */
	struct pool_counted *counts;
	size_t counts_known;
	struct holdings pinned;
	bool pinned_known;
	struct pool_source *routes;
	size_t route_count;
	bool routes_known; /* they were looked for */
};

/* Fills the view, whose arena, facts and workload must be set. Returns false if the port range is
 * not known: then nothing else can be known. */
bool pool_view_open(struct pool_view *view);
/* The most sockets of a pool towards this destination that is not among the rows. `rows` is how
 * many are. */
double pool_view_unlisted(const struct pool_view *view,
		const struct address *to,
		unsigned port,
		size_t rows);
/* Ports of the set that are in the range and not reserved. */
unsigned pool_view_count_ports(const struct pool_view *view, const struct portset *set);
/* May connect() take over a port in TIME_WAIT? At best; at worst, settings that are not known say
 * no. */
bool pool_view_reuses(const struct pool_view *view, bool loopback, bool at_worst);
/* Does the plan have this word in this field? */
bool pool_plan_says(const struct workload *workload, enum workload_field field, const char *word);
/* The number of a known fact, or `missing` if it has no number. */
double pool_number_or(const struct facts *facts, const char *key, double missing);

#endif

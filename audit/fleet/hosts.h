/* The hosts of a fleet: those that were expected (--hosts), and those that answered. */
#ifndef HEADROOM_AUDIT_FLEET_HOSTS_H
#define HEADROOM_AUDIT_FLEET_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/fleet/fleet.h"
#include "model/verdict.h"

enum {
	FLEET_HOSTS_MAX = 1000000,
	FLEET_NAME_MAX = 253,
	FLEET_PRINT_MAX = 32 /* of a fingerprint */
};

enum host_state {
	HOST_MISSING,
	HOST_JUDGED,
	HOST_BROKEN,   /* its document cannot be read or judged */
	HOST_DUPLICATE /* this is the same machine as another host */
};

/* One host. Small: there may be very many. */
struct fleet_record {
	const char *name;
	enum fleet_role role;
	double weight;
	const char *group;
	bool expected;  /* --hosts names it */
	bool stands_by; /* it gets no share of the plan */
	size_t place;   /* its index among the hosts that get a share */
	enum host_state state;
	const char *why;                 /* the reason of any state but HOST_JUDGED; NULL: not known */
	const char *where;               /* the document that counts */
	char as_of[32];                  /* RFC 3339; "": the document does not say */
	double age_s;                    /* NAN: not known */
	bool too_old;                    /* for --max-age */
	char print[FLEET_PRINT_MAX];     /* fingerprint; "": none */
	size_t documents;                /* how many came under this name */
	const struct fleet_record *same; /* for a duplicate: the host that counts */
	struct judged *judged;           /* NULL: it was not judged */
	double carries;                  /* the part of the whole plan it can carry; NAN: not known */
};

struct fleet_hosts {
	struct arena *arena;
	struct fleet_record **items; /* records never move in memory */
	size_t count, capacity;
	size_t expected;
	struct name_table *by_name, *by_short;
};

struct fleet_hosts *fleet_hosts_new(struct arena *arena);
void fleet_hosts_free(struct fleet_hosts *hosts);

/* Returns NULL if no host has this name. */
struct fleet_record *fleet_hosts_find(const struct fleet_hosts *hosts, const char *name);
/* Finds a host by its full name, or by the part before the first dot if only one of the two names
 * has a dot. Returns NULL if no host matches, or several. */
struct fleet_record *fleet_hosts_match(const struct fleet_hosts *hosts, const char *name);
/* Adds a host. Copies the name, which must be new. */
struct fleet_record *fleet_hosts_add(struct fleet_hosts *hosts, const char *name);

/* Reads lines NAME [role=client|proxy|server|both] [weight=N] [group=G], one for each host; #
 * begins a comment. false with err. */
bool fleet_hosts_read(struct fleet_hosts *hosts, const char *path, struct error *err);

#endif

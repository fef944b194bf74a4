/* What users.c, hosts.c and waits.c share while they go through the notes of a locustfile. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_COLLECT_H
#define HEADROOM_PROBES_PLAN_LOCUST_COLLECT_H

#include "probes/plan/locust/users.h"

enum url_kind {
	URL_NONE, /* of a note that is no request */
	URL_RELATIVE,
	URL_ABSOLUTE,
	URL_UNKNOWN_HOST,
	URL_UNKNOWN
};

struct url {
	enum url_kind kind;
	const char *target; /* "host:port" of an absolute one */
};

struct collect {
	struct locust_script *script;
	const char *host; /* of --host, or NULL */
	double latency_s;
	struct url *urls;            /* one for each note */
	bool **bases;                /* [user][class]: does the user's class derive from it? */
	struct name_list candidates; /* hosts of URLs that some name stands for */
	struct locust_users *users;
};

/* Does what stands in the note's class happen to this user? */
bool collect_concerns(const struct collect *c, const struct locust_note *note, size_t user);

/* Finds what every request's URL says, then the hosts of each user. */
void collect_hosts(struct collect *c);

/* How long a user takes from one new connection to the next, where each request opens one. */
void collect_cycles(struct collect *c);

#endif

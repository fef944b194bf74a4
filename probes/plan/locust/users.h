/* Which users a locustfile starts, which hosts each talks to, and how often it would open a
 * connection. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_USERS_H
#define HEADROOM_PROBES_PLAN_LOCUST_USERS_H

#include "probes/plan/locust/script.h"

enum locust_kind {
	KIND_OPEN, /* not found yet */
	KIND_NONE, /* no user, no shape: a helper, a TaskSet */
	KIND_HTTP,
	KIND_FAST,
	KIND_PLAIN, /* User: brings its own client */
	KIND_OTHER, /* a client that is not HTTP, or a class that was not read */
	KIND_SHAPE
};

struct locust_user {
	int class;
	const char *name, *where;
	enum locust_kind kind;
	double weight, fixed;
	double hosts;   /* that it connects to, at least 1 */
	bool each;      /* requests of its open a connection each */
	bool keeps;     /* others are made on a connection that stays */
	double cycle_s; /* from one new connection to the next, if `each`; NAN: not known */
};

struct locust_users {
	struct locust_user *items;
	size_t count;
	struct name_list hosts; /* "host:port", of all users */
	const char *unknown_host_at;
	/* The first note of each fact that concerns one of the users, or NULL. */
	const struct locust_note *facts[FACT_SIDE_CLIENT + 1];
	const struct locust_name *shared_pool; /* whose connections all users share */
	double concurrency;                /* of a FastHttpUser's greenlets: the most of any class */
	const char *other_at, *other_name; /* a class that is not HTTP, or not known */
	bool other_browser;                /* its users are browsers */
	const char *missing, *missing_at;  /* tasks or a base from a module that is not here */
};

/* The kind of a class, by its bases. */
enum locust_kind locust_kind_of(struct locust_script *script, int class);

/* Does the dotted name come from a module that is not here, unless it is a library known to change
 * nothing? */
bool locust_is_missing(struct locust_script *script, const char *dotted);
/* Has a class whose base is not here what users have? */
bool locust_may_be_user(struct locust_script *script, int class);

bool locust_is_abstract(const struct locust_script *script, int class);

/* `chosen`: the names on the command line, or empty for all. `host`: of --host, or NULL.
 * `latency_s` as said by the user, or NAN. */
void locust_users_read(struct locust_script *script,
		const struct name_list *chosen,
		const char *host,
		double latency_s,
		struct locust_users *ret);

/* What users.c, hosts.c and waits.c share while they go through the notes of a locustfile. */

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
	struct name_list candidates; /* hosts of URLs that a name is assigned */
	struct locust_users *users;
};

/* Does the note apply to this user, given the class that the note is in? */
bool collect_concerns(const struct collect *c, const struct locust_note *note, size_t user);

/* Finds what every request's URL says, then the hosts of each user. */
void collect_hosts(struct collect *c);

/* Finds what the users take from modules that are not here. */
void collect_missing(struct collect *c);

/* How long a user takes from one new connection to the next, where each request opens one. */
void collect_cycles(struct collect *c);

#endif

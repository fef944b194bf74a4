/* Finds which users a locustfile starts, which hosts each connects to, and how often it would open
 * a connection. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_USERS_H
#define HEADROOM_PROBES_PLAN_LOCUST_USERS_H

#include "probes/plan/locust/script.h"

enum locust_kind {
	KIND_OPEN, /* not determined yet */
	KIND_NONE, /* neither a user nor a shape: a helper, a TaskSet */
	KIND_HTTP,
	KIND_FAST,
	KIND_PLAIN, /* User: has a separate kind of client */
	KIND_OTHER, /* a client without HTTP, or a class that was not read */
	KIND_SHAPE
};

struct locust_user {
	int class;
	const char *name, *where;
	enum locust_kind kind;
	double weight, fixed;
	double hosts;   /* number of hosts it connects to, at least 1 */
	bool each;      /* its requests open a connection each */
	bool keeps;     /* other requests use a connection that stays */
	double cycle_s; /* seconds from one new connection to the next, if `each`; NAN: not known */
};

struct locust_users {
	struct locust_user *items;
	size_t count;
	struct name_list hosts; /* "host:port" for all users */
	const char *unknown_host_at;
	/* The first note of each fact that concerns a user, or NULL. */
	const struct locust_note *facts[FACT_SIDE_CLIENT + 1];
	/* The pool whose connections all users share; NULL: none. */
	const struct locust_name *shared_pool;
	double concurrency; /* a FastHttpUser's concurrent greenlets: the most of any class */
	const char *other_at, *other_name; /* a class without HTTP, or an unknown one; NULL: none */
	bool other_browser;                /* users of that class are browsers */
	/* Tasks or a base from a module that is not here; NULL: none. */
	const char *missing, *missing_at;
};

/* Returns the kind of a class according to its bases. */
enum locust_kind locust_kind_of(struct locust_script *script, int class);

/* Returns true if the dotted name comes from a module that is not here, except libraries known to
 * have no influence. */
bool locust_is_missing(struct locust_script *script, const char *dotted);
/* Returns true if a class whose base is not here has what users have. */
bool locust_may_be_user(struct locust_script *script, int class);

bool locust_is_abstract(const struct locust_script *script, int class);

/* Finds the users. `chosen`: names on the command line; empty: all. `host`: from --host, or NULL.
 * `latency_s`: from the user, or NAN. */
void locust_users_read(struct locust_script *script,
		const struct name_list *chosen,
		const char *host,
		double latency_s,
		struct locust_users *ret);

/* Shared by users.c, hosts.c and waits.c while they read the notes of a locustfile. */

enum url_kind {
	URL_NONE, /* the note is no request */
	URL_RELATIVE,
	URL_ABSOLUTE,
	URL_UNKNOWN_HOST,
	URL_UNKNOWN
};

struct url {
	enum url_kind kind;
	const char *target; /* "host:port" of an absolute URL */
};

struct collect {
	struct locust_script *script;
	const char *host; /* from --host; NULL: not given */
	double latency_s;
	struct url *urls;            /* one for each note */
	bool **bases;                /* [user][class]: the user's class derives from that class */
	struct name_list candidates; /* hosts of URLs that are assigned to names */
	struct locust_users *users;
};

/* Returns true if the note concerns this user, by the class that contains the note. */
bool collect_concerns(const struct collect *c, const struct locust_note *note, size_t user);

/* Finds the URL of every request, then the hosts of each user. */
void collect_hosts(struct collect *c);

/* Finds what the users need from modules that are not here. */
void collect_missing(struct collect *c);

/* Finds how long a user takes from one new connection to the next if each request opens one. */
void collect_cycles(struct collect *c);

#endif

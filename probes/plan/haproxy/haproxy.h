/* HAProxy's configuration: what each section says, and how many connections all of them accept. */
#ifndef HEADROOM_PROBES_PLAN_HAPROXY_HAPROXY_H
#define HEADROOM_PROBES_PLAN_HAPROXY_HAPROXY_H

#include "base/list.h"
#include "probes/plan/plan.h"

enum {
	HAPROXY_FILES_MAX = 64
};

enum haproxy_section {
	HAPROXY_NOWHERE,
	HAPROXY_GLOBAL,
	HAPROXY_DEFAULTS,
	HAPROXY_FRONTEND,
	HAPROXY_BACKEND,
	HAPROXY_LISTEN,
	HAPROXY_PEERS,
	HAPROXY_ELSEWHERE
};

struct haproxy_server {
	const char *address, *where;
	double many, maxconn, weight, pool; /* maxconn, pool (pool-max-conn) NAN: not set */
	double checks, agents;              /* descriptors for health checks */
	bool backup, disabled;
};

/* Settings that a defaults section passes on. */
struct haproxy_settings {
	bool http, pretends, splices, source, source_range, transparent, sticks;
	bool alone;                   /* http-reuse never: clients share no connections to servers */
	double maxconn, backlog;      /* NAN: not set */
	struct haproxy_server server; /* default-server */
	const char *closes;           /* the option in force: "httpclose" */
	const char *closes_from, *source_from, *sticks_from;
};

/* A defaults section with a name. */
struct haproxy_defaults {
	const char *name;
	struct haproxy_settings settings;
};

struct haproxy_bind {
	double sockets, maxconn, backlog; /* NAN: not set */
	const char *where;
	bool http2; /* clients may use HTTP/2 or HTTP/3 */
};

/* A frontend, backend or listen section. */
struct haproxy_proxy {
	const char *name, *where;
	bool frontend, backend;
	bool statistics; /* has "stats enable" and no server, so it gets no load */
	bool dynamic;    /* use_backend with an expression, which may choose any backend */
	struct haproxy_settings settings;
	struct haproxy_bind *binds;
	size_t bind_count, bind_capacity;
	struct haproxy_server *servers;
	size_t server_count, server_capacity;
	struct name_list uses; /* names of backends */
};

struct haproxy {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const char *directory; /* -C; NULL: not given */
	const char *files[HAPROXY_FILES_MAX];
	size_t file_count;
	double maxconn;       /* -n, or maxconn of the global section; NAN: neither is given */
	double proxy_maxconn; /* -N: for frontends without maxconn; NAN: not given */
	const char *maxconn_from;
	double threads, processes, ulimit_n, fd_hard_limit, maxpipes, cli, peers, checks, sockets;
	const char *threads_from, *ulimit_from;
	/* Simultaneous requests of one client: more than one with HTTP/2 and HTTP/3. */
	double streams;
	const char *streams_from; /* the listener; NULL: one request at a time */
	struct haproxy_settings defaults;
	struct haproxy_defaults *named;
	size_t named_count, named_capacity;
	enum haproxy_section section;
	struct haproxy_proxy *proxies;
	size_t proxy_count, proxy_capacity;
	/* The section being read, and the words of its current line. */
	struct haproxy_proxy *proxy;
	struct haproxy_settings *settings;
	const char *file, *name, *value;
	const char *const *words;
	size_t line, word_count;
};

/* haproxy_where returns "haproxy.cfg:12"; haproxy_refuse calls error_set with that in front and
 * always returns false. */
const char *haproxy_where(const struct haproxy *h);
bool haproxy_refuse(struct haproxy *h, const char *what, const char *word);

/* Returns the settings of an empty defaults section. */
struct haproxy_settings haproxy_preset(const struct haproxy *h);

/* Reads a file line by line into h. false with err. */
bool haproxy_read_file(struct haproxy *h, const char *path);
/* Reads one line of the open section; h->words has its words. false with err. */
bool haproxy_line(struct haproxy *h);

/* Returns true for the address of a unix socket or another one without a port. */
bool haproxy_is_local(const char *address);
/* Returns the most connections that all frontends together accept, or INFINITY. */
double haproxy_frontends(const struct haproxy *h);
/* Returns the smallest accept queue of all listeners, and its origin; NAN: not known. */
double haproxy_backlog(const struct haproxy *h, const char **ret_from);
/* Sets h->streams_from by the listeners in mode http. */
void haproxy_find_streams(struct haproxy *h);
/* Returns true if a section splices, for which HAProxy keeps pipes. */
bool haproxy_splices(const struct haproxy *h);
/* Returns the descriptors that HAProxy needs besides one per connection and side, as it counts them
 * for `live` connections. */
double haproxy_own_descriptors(const struct haproxy *h,
		double live,
		double threads,
		const char **ret_from);

/* Fills in the plan's upstream side. live: the most connections of clients. */
void haproxy_set_upstream(struct haproxy *h, double live);
/* Returns the most connections to servers while `live` clients are connected. */
double haproxy_upstream(const struct haproxy *h, double live, const char **ret_from);
/* Returns true if all servers of all backends are behind unix sockets; false if there are no
 * servers. */
bool haproxy_all_local(const struct haproxy *h);

#endif

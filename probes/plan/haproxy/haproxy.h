/* HAProxy's configuration: what each section says, and what all of them let in. */
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
	double checks, agents;              /* descriptors of health checks */
	bool backup, disabled;
};

/* What a defaults section hands on. */
struct haproxy_settings {
	bool http, pretends, splices, source, source_range, transparent, sticks;
	bool alone;              /* http-reuse never: each client has its own connections to servers */
	double maxconn, backlog; /* NAN: not set */
	struct haproxy_server server; /* default-server */
	const char *closes;           /* the option that is in force: "httpclose" */
	const char *closes_from, *source_from, *sticks_from;
};

/* A named defaults section. */
struct haproxy_defaults {
	const char *name;
	struct haproxy_settings settings;
};

struct haproxy_bind {
	double sockets, maxconn, backlog; /* NAN: not set */
	const char *where;
	bool http2; /* clients may speak HTTP/2 or HTTP/3 to it */
};

/* A frontend, backend or listen section. */
struct haproxy_proxy {
	const char *name, *where;
	bool frontend, backend;
	bool statistics; /* stats enable and no server: gets no load */
	bool dynamic;    /* use_backend by an expression: to any of them */
	struct haproxy_settings settings;
	struct haproxy_bind *binds;
	size_t bind_count, bind_capacity;
	struct haproxy_server *servers;
	size_t server_count, server_capacity;
	struct name_list uses; /* backends */
};

struct haproxy {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const char *directory; /* -C, or NULL */
	const char *files[HAPROXY_FILES_MAX];
	size_t file_count;
	double maxconn;       /* -n, or that of the global section; NAN: neither */
	double proxy_maxconn; /* -N: of frontends that set none; NAN: not given */
	const char *maxconn_from;
	double threads, processes, ulimit_n, fd_hard_limit, maxpipes, cli, peers, checks, sockets;
	const char *threads_from, *ulimit_from;
	/* Requests that one client may have under way: more than one over HTTP/2 and HTTP/3. */
	double streams;
	const char *streams_from; /* the listener, or NULL: one at a time */
	struct haproxy_settings defaults;
	struct haproxy_defaults *named;
	size_t named_count, named_capacity;
	enum haproxy_section section;
	struct haproxy_proxy *proxies;
	size_t proxy_count, proxy_capacity;
	/* What is being read, and what its line sets. */
	struct haproxy_proxy *proxy;
	struct haproxy_settings *settings;
	const char *file, *name, *value;
	const char *const *words;
	size_t line, word_count;
};

/* "haproxy.cfg:12", and error_set with that in front, which is always false. */
const char *haproxy_where(const struct haproxy *h);
bool haproxy_refuse(struct haproxy *h, const char *what, const char *word);

/* What a defaults section without a line starts from. */
struct haproxy_settings haproxy_preset(const struct haproxy *h);

/* Reads a file line by line into h. */
bool haproxy_read_file(struct haproxy *h, const char *path);
/* One line of the section that is open; h->words has its words. */
bool haproxy_line(struct haproxy *h);

/* Is this the address of a unix socket or another that takes no port? */
bool haproxy_is_local(const char *address);
/* The most connections that the frontends let in: of all of them, or INFINITY. */
double haproxy_frontends(const struct haproxy *h);
/* The smallest accept queue of all listeners, with its origin; NAN: not known. */
double haproxy_backlog(const struct haproxy *h, const char **ret_from);
/* Sets h->streams_from, by the listeners in mode http. */
void haproxy_find_streams(struct haproxy *h);
/* Does any section splice, for which HAProxy keeps pipes? */
bool haproxy_splices(const struct haproxy *h);
/* The descriptors beside one per connection of a side, as HAProxy counts them for `live`. */
double haproxy_own_descriptors(const struct haproxy *h,
		double live,
		double threads,
		const char **ret_from);

/* Fills in the plan's side to the servers; live: connections of clients at most. */
void haproxy_set_upstream(struct haproxy *h, double live);
/* The most connections to servers while `live` clients are connected. */
double haproxy_upstream(const struct haproxy *h, double live, const char **ret_from);
/* Are the servers of all backends behind unix sockets? False if there are no servers. */
bool haproxy_all_local(const struct haproxy *h);

#endif

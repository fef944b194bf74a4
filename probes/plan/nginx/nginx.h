/* nginx's configuration as a tree of blocks, and what follows from it for each place that passes
 * requests on. A block is read first and judged when the whole text is known, because nginx also
 * applies to a nested block the directives that come after it. */
#ifndef HEADROOM_PROBES_PLAN_NGINX_NGINX_H
#define HEADROOM_PROBES_PLAN_NGINX_NGINX_H

#include "base/list.h"
#include "probes/plan/plan.h"

enum {
	NGINX_NAMES = 4096 /* places of a table of names, half of which may be taken */
};

/* What a block is; it decides which directives mean something in it. */
enum nginx_kind {
	NGINX_TOP,
	NGINX_EVENTS,
	NGINX_HTTP,
	NGINX_HTTP_SERVER,
	NGINX_LOCATION, /* also if and limit_except, which inherit in the same way */
	NGINX_UPSTREAM,
	NGINX_VALUES, /* map, geo, split_clients: each entry is a value of one variable */
	NGINX_STREAM,
	NGINX_STREAM_SERVER,
	NGINX_MAIL,
	NGINX_OTHER /* types, and all blocks that change nothing here */
};

enum nginx_protocol {
	NGINX_PROXY,
	NGINX_GRPC,
	NGINX_FASTCGI,
	NGINX_UWSGI,
	NGINX_SCGI,
	NGINX_MEMCACHED,
	NGINX_STREAM_PASS
};

enum nginx_http_version {
	NGINX_HTTP_UNSET, /* nginx's default, which changed in 1.29.7 */
	NGINX_HTTP_10,
	NGINX_HTTP_11,
	NGINX_HTTP_2
};

enum nginx_flag {
	NGINX_FLAG_UNSET,
	NGINX_FLAG_OFF,
	NGINX_FLAG_ON
};

/* A place in a file. */
struct nginx_place {
	const char *path, *at, *end;
	size_t line;
};

/* One server of an upstream block. */
struct nginx_server {
	const char *address, *where;
	double weight, max_conns; /* max_conns NAN: no limit */
	bool backup, down;
};

/* upstream NAME { … } */
struct nginx_group {
	const char *name, *where;
	struct nginx_server *servers;
	size_t server_count, server_capacity;
	double keepalive; /* idle connections that each worker keeps; NAN: not said */
	double requests;  /* keepalive_requests; NAN: not said */
	const char *keepalive_from;
	/* A balancing method that is written after keepalive: before 1.29.7 it switches the pool
	 * off. */
	const char *lost_from;
	const char *sticks_from; /* ip_hash or hash: a client always gets the same server */
	bool zone;
	bool stream;
};

/* A variable of set, map, geo or split_clients, and what it may be. */
struct nginx_variable {
	const char *name;            /* without "$" */
	const char *source;          /* what map looks at ("$http_upgrade"); NULL: not a map */
	const char *empty, *missing; /* of a map: for '', and by default; NULL: not said */
	struct name_list values;     /* each once */
	bool many;                   /* it has more values than are kept */
};

struct nginx_block {
	const struct nginx_block *parent;
	enum nginx_kind kind;
	enum nginx_http_version version;
	bool own_headers;       /* its own proxy_set_header drops all inherited ones */
	const char *connection; /* its value of proxy_set_header Connection; NULL: none */
	enum nginx_flag keep_conn;
	double mirrors; /* NAN: inherited */
	enum nginx_flag auth, cache;
	bool udp;
	enum nginx_flag http2;
	bool quic;
	double streams;                  /* of HTTP/2 and HTTP/3 at a time; NAN: inherited */
	struct name_list listens;        /* of a server: the addresses of its listeners */
	struct nginx_group *group;       /* of NGINX_UPSTREAM */
	struct nginx_variable *variable; /* of NGINX_VALUES */
};

/* One directive that passes requests or connections on. */
struct nginx_route {
	const struct nginx_block *block;
	enum nginx_protocol protocol;
	const char *address, *where;
};

struct nginx_listener {
	const char *address; /* "*:80": one socket, however many servers name it */
	const char *where;
	double backlog; /* NAN: nginx's own */
	bool reuseport;
	bool http2;
};

struct nginx {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const struct nginx_place *place; /* the directive that is being read, and its words */
	const char *const *words;        /* NULL-terminated */
	const char *name, *value;        /* the first two of them */
	const char *prefix;              /* relative names start here; NULL: where the main file is */
	struct nginx_block *block;
	size_t depth, blocks, locations, files, nesting, bytes;
	double workers, per_worker, rlimit, version; /* NAN: not said */
	const char *workers_from, *per_worker_from, *rlimit_from, *bind_from, *mail_from, *retries_from;
	bool missing; /* the file that was to be read last is not here */
	bool alone;   /* master_process off: one process serves */
	/* Requests that one client may have under way: more than one over HTTP/2 and HTTP/3. */
	double streams;
	const char *streams_from;
	double logs;
	struct nginx_listener *listeners;
	size_t listener_count, listener_capacity;
	struct nginx_route *routes;
	size_t route_count, route_capacity;
	size_t compared, *steps; /* work that a hostile file could make endless */
	size_t group_count, variable_count;
	struct nginx_group *groups[NGINX_NAMES];
	struct nginx_variable *variables[NGINX_NAMES];
	struct name_list unread; /* "FILE:LINE: include PATH": not here, and it may decide */
};

/* "nginx.conf:12", and error_set with that in front, which is always false. */
const char *nginx_where(const struct nginx *n, const struct nginx_place *place);
bool nginx_refuse(struct nginx *n, const struct nginx_place *place, const char *what);

/* Reads a file and what it includes into the tree; `text` in place of a file is for -g and for the
 * configuration of an image. */
bool nginx_read_path(struct nginx *n, const char *path, const char *named_by);
bool nginx_read_text(struct nginx *n, const char *shown, const char *text);
/* A relative path is taken from nginx's prefix. */
const char *nginx_full_path(const struct nginx *n, const char *path);

/* Takes in the directive of n->words, or opens the block that they name. */
bool nginx_directive(struct nginx *n);
bool nginx_open_block(struct nginx *n);

/* The index of a name in a table, or the index at which to insert it. */
size_t nginx_place_of_variable(const struct nginx *n, const char *name, size_t length);
size_t nginx_place_of_group(const struct nginx *n, const char *name, size_t length, bool stream);
/* The values that a text with variables may have: at most `most`, in the arena. *ret_unknown is set
 * where a part of it is not known before nginx runs. */
struct name_list nginx_values(const struct nginx *n, const char *text, bool *ret_unknown);

#endif

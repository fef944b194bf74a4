/* nginx's configuration as a tree of blocks, and what follows for each place that passes requests
 * on. Blocks are judged only after the whole text was read, because nginx also applies later
 * directives of a block to the blocks nested in it. */
#ifndef HEADROOM_PROBES_PLAN_NGINX_NGINX_H
#define HEADROOM_PROBES_PLAN_NGINX_NGINX_H

#include "base/list.h"
#include "probes/plan/plan.h"

enum {
	NGINX_NAMES = 4096 /* slots in a table of names, of which at most half may be used */
};

/* The kind of a block decides which directives have a meaning in it. */
enum nginx_kind {
	NGINX_TOP,
	NGINX_EVENTS,
	NGINX_HTTP,
	NGINX_HTTP_SERVER,
	NGINX_LOCATION, /* also if and limit_except, which inherit the same way */
	NGINX_UPSTREAM,
	NGINX_VALUES, /* map, geo, split_clients: each entry is a possible value of one variable */
	NGINX_STREAM,
	NGINX_STREAM_SERVER,
	NGINX_MAIL,
	NGINX_OTHER /* types, and all blocks without influence here */
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

/* A position in a file. */
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
	double keepalive; /* idle connections that each worker keeps; NAN: not set */
	double requests;  /* keepalive_requests; NAN: not set */
	const char *keepalive_from;
	/* A balancing method written after keepalive, which disables the pool before 1.29.7; NULL:
	 * none. */
	const char *lost_from;
	const char *sticks_from; /* ip_hash or hash: each client always gets the same server; NULL:
	                            neither */
	bool zone;
	bool stream;
};

/* A variable of set, map, geo or split_clients, and its possible values. */
struct nginx_variable {
	const char *name;   /* without "$" */
	const char *source; /* the text that map evaluates ("$http_upgrade"); NULL: not a map */
	const char *empty, *missing; /* of a map: value for '' and by default; NULL: not given */
	struct name_list values;     /* each once */
	bool many;                   /* it has more values than are stored */
};

struct nginx_block {
	const struct nginx_block *parent;
	enum nginx_kind kind;
	enum nginx_http_version version;
	bool own_headers;       /* has proxy_set_header, which drops all inherited headers */
	const char *connection; /* its proxy_set_header Connection; NULL: none */
	enum nginx_flag keep_conn;
	double mirrors; /* NAN: inherited */
	enum nginx_flag auth, cache;
	bool udp;
	enum nginx_flag http2;
	bool quic;
	double streams;                  /* simultaneous streams of HTTP/2 and HTTP/3; NAN: inherited */
	struct name_list listens;        /* for a server: addresses of its listeners */
	struct nginx_group *group;       /* of NGINX_UPSTREAM */
	struct nginx_variable *variable; /* of NGINX_VALUES */
};

/* A directive that passes requests or connections on. */
struct nginx_route {
	const struct nginx_block *block;
	enum nginx_protocol protocol;
	const char *address, *where;
};

struct nginx_listener {
	const char *address; /* such as "*:80": one socket, however many servers name it */
	const char *where;
	double backlog; /* NAN: nginx's default */
	bool reuseport;
	bool http2;
};

struct nginx {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const struct nginx_place *place; /* position of the directive being read */
	const char *const *words;        /* words of the directive, NULL-terminated */
	const char *name, *value;        /* the first two words */
	const char *prefix; /* where relative names start; NULL: the directory of the main file */
	struct nginx_block *block;
	size_t depth, blocks, locations, files, nesting, bytes;
	double workers, per_worker, rlimit, version; /* NAN: not set */
	const char *workers_from, *per_worker_from, *rlimit_from, *bind_from, *mail_from, *retries_from;
	bool missing; /* the last file to read is not here */
	bool alone;   /* master_process off: only one process serves */
	/* Simultaneous requests of one client: more than one with HTTP/2 and HTTP/3. */
	double streams;
	const char *streams_from;
	double logs;
	struct nginx_listener *listeners;
	size_t listener_count, listener_capacity;
	struct nginx_route *routes;
	size_t route_count, route_capacity;
	size_t compared, *steps; /* counters of work, which a hostile file could make endless */
	size_t group_count, variable_count;
	struct nginx_group *groups[NGINX_NAMES];
	struct nginx_variable *variables[NGINX_NAMES];
	/* "FILE:LINE: include PATH" of files that are not here and may matter. */
	struct name_list unread;
};

/* nginx_where returns "nginx.conf:12"; nginx_refuse calls error_set with that in front and always
 * returns false. */
const char *nginx_where(const struct nginx *n, const struct nginx_place *place);
bool nginx_refuse(struct nginx *n, const struct nginx_place *place, const char *what);

/* Read a file, or a text (for -g, and for the configuration of an image), with its includes into
 * the tree. false with err. */
bool nginx_read_path(struct nginx *n, const char *path, const char *named_by);
bool nginx_read_text(struct nginx *n, const char *shown, const char *text);
/* Returns the path; a relative one starts at nginx's prefix. */
const char *nginx_full_path(const struct nginx *n, const char *path);

/* nginx_directive applies the directive in n->words; nginx_open_block opens the block that they
 * name. false with err. */
bool nginx_directive(struct nginx *n);
bool nginx_open_block(struct nginx *n);

/* Return the index of a name in a table, or where to insert it. */
size_t nginx_place_of_variable(const struct nginx *n, const char *name, size_t length);
size_t nginx_place_of_group(const struct nginx *n, const char *name, size_t length, bool stream);
/* Returns possible values of a text with variables, in the arena. *ret_unknown is set if a part is
 * not known before nginx runs. */
struct name_list nginx_values(const struct nginx *n, const char *text, bool *ret_unknown);

#endif

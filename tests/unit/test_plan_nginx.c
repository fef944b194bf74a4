/* What nginx's configuration says of the connections to upstreams: each row is a configuration and
 * a version, and what the plan must say. What follows from a configuration was counted with 1.22
 * (tests/live/proxies.py); of 1.30 it is read in its source. */
#include "tests/unit/plan_test.h"

#include "base/array.h"

struct nginx_case {
	const char *version; /* tag of the image; "latest" says nothing of it */
	const char *http;    /* what stands in http {} */
	const char *want;
};

#define PASS(directives) "server { listen 80; location / { " directives " } }"
#define KEPT_HEADERS     "proxy_http_version 1.1; proxy_set_header Connection \"\"; "
#define POOL             "upstream app { server 10.0.0.9:80; keepalive 500; } "
#define ASKS             "?upstream-open-rate ?requests +plan-nginx-keepalive "

static int run_case(const struct nginx_case *c, const char *configuration)
{
	struct arena *arena = arena_new();
	const struct plan_pair files[] = {{"/n.conf", configuration}, {NULL, NULL}};
	const struct plan_case one = {
			arena_printf(arena,
					"docker run --ulimit nofile=9:9 -v /n.conf:/etc/nginx/nginx.conf nginx:%s",
					c->version),
			c->want,
	};
	plan_test_files = files;
	int failures = plan_test_one(arena, &one);
	if (failures)
		print_error("  nginx %s: %s\n", c->version, configuration);
	plan_test_files = NULL;
	arena_free(arena);
	return failures;
}

static void run_http(const struct nginx_case *cases, size_t count)
{
	int failures = 0;
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		const char *configuration = arena_printf(arena,
				"worker_processes 2; events { worker_connections 1000; } http { %s }",
				cases[i].http);
		failures += run_case(&cases[i], configuration);
		arena_free(arena);
	}
	assert_int_equal(failures, 0);
}

static void run_whole(const struct nginx_case *cases, size_t count)
{
	int failures = 0;
	for (size_t i = 0; i < count; i++)
		failures += run_case(&cases[i], cases[i].http);
	assert_int_equal(failures, 0);
}

static void who_closes_and_who_keeps(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			/* by default: HTTP/1.0 and Connection: close; since 1.29.7 HTTP/1.1 and no header */
			{"1.22", PASS("proxy_pass http://10.0.0.9;"), ASKS "upstream.closer=server tool=nginx"},
			{"1.30", PASS("proxy_pass http://10.0.0.9;"), ASKS "upstream.closer=client"},
			{"latest", PASS("proxy_pass http://10.0.0.9;"), ASKS "?upstream-closer ?client-closes"},
			{"1.30.2", POOL PASS("proxy_pass http://app;"), "upstream.closer=client"},
			{"1.30",
					"upstream app { server h:80; } " PASS("proxy_pass http://app;"),
					"upstream.open_rate_per_s=0 +plan-nginx-pool"},
			{"1.30",
					"upstream app { server h:80; keepalive 0; } " PASS("proxy_pass http://app;"),
					ASKS "upstream.closer=client"},
			/* the pool alone is not enough, nor the header alone */
			{"1.22", POOL PASS("proxy_pass http://app;"), ASKS "upstream.closer=server"},
			{"1.22",
					POOL PASS("proxy_http_version 1.1; proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.22",
					POOL PASS("proxy_set_header Connection \"\"; proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.22",
					POOL PASS(KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=0 upstream.closer=client +plan-nginx-pool"},
			{"1.22",
					PASS(KEPT_HEADERS "proxy_pass http://10.0.0.9;"),
					ASKS "upstream.closer=client upstream.closer~bound"},
			{"latest",
					PASS(KEPT_HEADERS "proxy_pass http://10.0.0.9;"),
					ASKS "upstream.closer=client"},
			/* HTTP/1.0 with keep-alive is kept, too */
			{"1.22",
					POOL PASS("proxy_set_header Connection Keep-Alive; proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			{"1.22",
					PASS("proxy_set_header Connection keep-alive; proxy_pass http://10.0.0.9;"),
					ASKS "upstream.closer=client"},
			/* any word but close keeps HTTP/1.1 */
			{"1.22",
					POOL PASS("proxy_http_version 1.1; proxy_set_header connection upgrade; "
							  "proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			{"1.30",
					POOL PASS("proxy_set_header Connection Close; proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.30",
					POOL PASS("proxy_http_version 1.0; proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.30",
					POOL PASS("proxy_http_version 2; proxy_set_header Connection close; "
							  "proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			/* a method of balancing behind keepalive takes the pool away */
			{"1.22",
					"upstream app { server h:80; keepalive 500; least_conn; } " PASS(
							KEPT_HEADERS "proxy_pass http://app;"),
					ASKS "upstream.closer=client"},
			{"1.22",
					"upstream app { least_conn; server h:80; keepalive 500; } " PASS(
							KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			{"1.30",
					"upstream app { server h:80; keepalive 500; least_conn; } " PASS(
							KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
	};
	run_http(cases, COUNT_OF(cases));
}

static void directives_inherit_as_nginx_merges_them(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			{"1.22",
					KEPT_HEADERS POOL PASS("proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			/* also from behind the block */
			{"1.22",
					POOL PASS("proxy_pass http://app;") KEPT_HEADERS,
					"upstream.open_rate_per_s=0"},
			/* one proxy_set_header of its own drops all inherited ones */
			{"1.22",
					KEPT_HEADERS POOL PASS("proxy_set_header Host $host; proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.22",
					KEPT_HEADERS POOL
					"server { proxy_set_header Host $host; location / { proxy_pass http://app; } }",
					ASKS "upstream.closer=server"},
			{"1.22",
					POOL
					"server { " KEPT_HEADERS
					"location / { proxy_set_header A b; location /c { proxy_pass http://app; } } }",
					ASKS "upstream.closer=server"},
			{"1.22",
					KEPT_HEADERS POOL PASS("if ($arg_x) { proxy_pass http://app; }"),
					"upstream.open_rate_per_s=0"},
			{"1.22",
					"proxy_http_version 1.1; " POOL PASS(
							"proxy_http_version 1.0; " KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			/* the same directives mean nothing where they cannot stand */
			{"1.22",
					"types { " KEPT_HEADERS " } " POOL PASS("proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
	};
	run_http(cases, COUNT_OF(cases));
}

static void variables_are_put_in(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			{"1.22",
					"map $http_upgrade $c { default upgrade; '' close; } " POOL PASS(
							"proxy_http_version 1.1; proxy_set_header Connection $c; "
							"proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.22",
					"map $http_upgrade $c { default upgrade; '' ''; } " POOL PASS(
							"proxy_http_version 1.1; proxy_set_header Connection $c; "
							"proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			{"1.22",
					"map $http_upgrade $c { default $d; } map $http_upgrade $d { default "
					"keep-alive; } " POOL PASS(
							"proxy_http_version 1.1; proxy_set_header Connection ${c}; "
							"proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			{"1.22",
					POOL PASS(
							"proxy_http_version 1.1; proxy_set_header Connection $http_connection; "
							"proxy_pass http://app;"),
					"upstream.open_rate_per_s=0"},
			/* not known: the worse of the two */
			{"1.22",
					POOL PASS("proxy_http_version 1.1; proxy_set_header Connection $arg_x; "
							  "proxy_pass http://app;"),
					ASKS "upstream.closer=server"},
			{"1.22",
					"map $arg_x $c { a close; b keep-alive; default ''; } " PASS(
							"proxy_http_version 1.1; proxy_set_header Connection $c; "
							"proxy_pass http://10.0.0.9;"),
					ASKS "upstream.closer=client"},
			{"1.22",
					POOL PASS("set $to app; " KEPT_HEADERS "proxy_pass http://$to;"),
					"upstream.open_rate_per_s=0 upstream.destinations=10.0.0.9:80"},
			{"1.22",
					PASS("set $to 10.0.0.7:81; " KEPT_HEADERS "proxy_pass http://$to/x;"),
					ASKS "upstream.closer=client upstream.destinations=10.0.0.7:81"},
			{"1.22",
					POOL PASS(KEPT_HEADERS "proxy_pass http://$host;"),
					ASKS "upstream.closer=client +plan-nginx-variable upstream.destinations=-"},
			/* a path says nothing of where it goes */
			{"1.22",
					POOL PASS(KEPT_HEADERS "proxy_pass http://app$request_uri;"),
					"upstream.open_rate_per_s=0 upstream.destinations=10.0.0.9:80"},
			{"1.22",
					POOL PASS(KEPT_HEADERS "proxy_pass $scheme://app/$1?x=$arg_y;"),
					"upstream.open_rate_per_s=0 upstream.destinations=10.0.0.9:80"},
			{"1.22",
					PASS("proxy_pass http://10.0.0.7:81$uri$is_args$args;"),
					"upstream.destinations=10.0.0.7:81"},
			{"1.22",
					PASS("proxy_pass http://b-$arg_x.example/;"),
					"+plan-nginx-variable upstream.destinations=-"},
			{"1.22",
					"map $http_upgrade $c { default upgrade; '' close; } " PASS(
							"proxy_http_version 1.1; proxy_set_header Connection $c; "
							"proxy_pass http://b;"),
					"+plan-nginx-websocket"},
			{"1.22",
					"map $arg_x $to { default app; 2 10.0.0.8; } " POOL PASS(
							KEPT_HEADERS "proxy_pass http://$to;"),
					ASKS "upstream.closer=client upstream.destinations=10.0.0.8:80 "
						 "+plan-nginx-mixed"},
	};
	run_http(cases, COUNT_OF(cases));
}

static void other_protocols(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			{"1.22", POOL PASS("grpc_pass app;"), "upstream.open_rate_per_s=0"},
			{"1.22", POOL PASS("grpc_pass grpcs://APP;"), "upstream.open_rate_per_s=0"},
			{"1.22",
					PASS("grpc_pass grpc://10.0.0.9:50051;"),
					ASKS "upstream.closer=client upstream.destinations=10.0.0.9:50051"},
			{"1.22", PASS("fastcgi_pass 10.0.0.9:9000;"), ASKS "upstream.closer=server"},
			{"1.22", POOL PASS("fastcgi_pass app;"), ASKS "upstream.closer=server"},
			{"1.30", POOL PASS("fastcgi_pass app;"), ASKS "upstream.closer=server"},
			{"1.22",
					"fastcgi_keep_conn on; " POOL PASS("fastcgi_pass app;"),
					"upstream.open_rate_per_s=0"},
			{"1.22",
					PASS("fastcgi_keep_conn on; fastcgi_pass 10.0.0.9:9000;"),
					ASKS "upstream.closer=client"},
			{"1.22",
					POOL PASS("uwsgi_pass uwsgi://app;"),
					ASKS "upstream.closer=server upstream.destinations=10.0.0.9:80"},
			{"1.22",
					PASS("uwsgi_pass suwsgi://10.0.0.9:3031;"),
					ASKS "upstream.closer=server upstream.destinations=10.0.0.9:3031"},
			{"1.30", POOL PASS("scgi_pass app;"), ASKS "upstream.closer=server"},
			{"1.22", POOL PASS("memcached_pass app;"), "upstream.open_rate_per_s=0"},
			{"1.22", PASS("memcached_pass 10.0.0.9:11211;"), ASKS "upstream.closer=client"},
			/* unix sockets take no port */
			{"1.22",
					PASS("proxy_pass http://unix:/run/a.sock:/x;"),
					"role=server fds_per_connection=2 connections=1000 +plan-nginx-unix"},
			{"1.22", PASS("fastcgi_pass unix:/run/a.sock;"), "role=server +plan-nginx-unix =bound"},
			{"1.22", PASS("uwsgi_pass unix:///run/a.sock;"), "role=server +plan-nginx-unix"},
			{"1.22", PASS("scgi_pass scgi://unix:/run/a.sock;"), "role=server +plan-nginx-unix"},
			{"1.22",
					"upstream u { server unix:/run/1.sock; server unix:/run/2.sock; } " PASS(
							"proxy_pass http://u;"),
					"role=server +plan-nginx-unix"},
			{"1.22",
					"upstream u { server unix:/run/1.sock; server 10.0.0.3:80; } " PASS(
							"proxy_pass http://u;"),
					"role=proxy upstream.destinations=10.0.0.3:80 " ASKS},
	};
	run_http(cases, COUNT_OF(cases));
}

static void the_worst_of_several(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			{"1.22",
					POOL "server { " KEPT_HEADERS "location / { proxy_pass http://app; } location "
						 "/b { proxy_pass http://b:1; } }",
					ASKS "upstream.closer=client upstream.destinations=b:1 +plan-nginx-mixed"},
			{"1.22",
					POOL "server { location / { " KEPT_HEADERS
						 "proxy_pass http://app; } location /b { proxy_pass http://b; } }",
					ASKS "upstream.closer=server upstream.destinations=b:80 +plan-nginx-mixed"},
			/* nothing of an upstream that nobody passes to */
			{"1.22",
					"upstream x { server x:1; } " PASS("proxy_pass http://b;"),
					"upstream.destinations=b:80"},
			{"1.22",
					"upstream u { server a:1; server b:1 backup; server c:1 down; } " PASS(
							"proxy_pass http://u;"),
					"upstream.destinations=a:1"},
			{"1.22",
					"upstream u { server a:1; server b:1; ip_hash; } " PASS("proxy_pass http://u;"),
					"upstream.destinations=a:1 upstream.destinations~estimate +plan-nginx-sticky"},
			{"1.22",
					"upstream u { server a:1; server b:1; } " PASS("proxy_pass http://u;"),
					"upstream.destinations=2 upstream.destinations~exact"},
			{"1.22",
					"upstream u { zone z 1m; server a:1 max_conns=30; server b:1 max_conns=20; "
					"} " PASS("proxy_pass http://u;"),
					"upstream.connections=50"},
			{"1.22",
					"upstream u { server a:1 max_conns=30; } " PASS("proxy_pass http://u;"),
					"upstream.connections=60"},
			{"1.22",
					"server { auth_request /a; location / { mirror /m; mirror /m; proxy_pass "
					"http://b; } }",
					"+plan-nginx-subrequests"},
			{"1.22",
					"proxy_next_upstream error http_502; upstream u { server a:1; server b:1; "
					"} " PASS("proxy_pass http://u;"),
					"+plan-nginx-retries"},
			{"1.22", "server { listen 80 reuseport; }", "role=server +plan-nginx-reuseport"},
			{"1.22", "server { listen 80 backlog=4096; } server { listen *:80; }", "backlog=4096"},
			{"1.22", "server { listen 80 backlog=4096; listen 81; }", "backlog=511"},
	};
	run_http(cases, COUNT_OF(cases));
}

static void with_requests(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			{"1.22",
					PASS("proxy_pass http://b;"),
					"upstream.open_rate_per_s=1000 upstream.open_rate_per_s~exact =bound"},
			{"1.22",
					"server { auth_request /a; location / { mirror /m; mirror /n; proxy_pass "
					"http://b; } }",
					"upstream.open_rate_per_s=4000"},
			{"1.22",
					"proxy_cache c; " PASS("proxy_pass http://b;"),
					"upstream.open_rate_per_s=1000 upstream.open_rate_per_s~bound"},
			{"1.22",
					"proxy_cache c; " PASS("proxy_cache off; proxy_pass http://b;"),
					"upstream.open_rate_per_s~exact"},
			{"1.22",
					"server { location / { root /x; } location /b { proxy_pass http://b; } }",
					"upstream.open_rate_per_s~bound"},
			/* 1,000 connections of clients at most; a pool of 500 misses half at worst */
			{"1.22",
					POOL PASS(KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=500.5 upstream.open_rate_per_s~bound"},
			{"1.22",
					"upstream app { server h; keepalive 1000; keepalive_requests 10; } " PASS(
							KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=100"},
			{"1.18",
					"upstream app { server h; keepalive 1000; } " PASS(
							KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.open_rate_per_s=10"},
			/* kept elsewhere in a small pool: nginx closes half of those */
			{"1.22",
					POOL "server { location / { " KEPT_HEADERS
						 "proxy_pass http://app; } location /b { proxy_pass http://b; } }",
					"upstream.open_rate_per_s=1000 upstream.closer=server client_closes=0.5005"},
	};
	static const struct nginx_case quick[] = {
			/* 20 under way, and 3 × √20 for chance */
			{"1.22",
					PASS("proxy_pass http://b;"),
					"upstream.connections=34 upstream.connections~estimate"},
			{"1.22",
					"upstream app { server h; keepalive 17; } " PASS(
							KEPT_HEADERS "proxy_pass http://app;"),
					"upstream.connections=1000 upstream.open_rate_per_s=500.5"},
	};
	plan_test_given.values[W_REQUESTS] = (struct workload_value){.set = true, .number = 1000};
	run_http(cases, COUNT_OF(cases));
	plan_test_given.values[W_LATENCY] = (struct workload_value){.set = true, .number = 0.02};
	run_http(quick, COUNT_OF(quick));
	plan_test_given.values[W_LATENCY].set = false;
	plan_test_given.values[W_REQUESTS].set = false;
}

static void whole_files(void **state)
{
	(void)state;
	static const struct nginx_case cases[] = {
			{"1.22",
					"events {} http { include /etc/nginx/mime.types; server { listen 80; } }",
					"connections=512 role=server +plan-nginx-include"},
			{"1.22",
					"events {} http { include /etc/nginx/conf.d/*.conf; }",
					"connections=512 role=server +plan-nginx-include"},
			{"1.22", "events {} http { include /etc/nginx/sites-enabled/*; }", "?role"},
			{"1.22", "events {} http { include snippets/proxy.conf; }", "?role"},
			{"1.22",
					"include /etc/nginx/modules-enabled/*.conf; events {} http { server {} }",
					"role=server +plan-nginx-include"},
			{"1.22", "master_process off; worker_processes 8; events {}", "processes=1"},
			{"1.22", "worker_processes auto; events { worker_connections 10; }", "connections=20"},
			{"1.22",
					"events {} stream { server { listen 1; proxy_pass 10.0.0.9:1; } }",
					"role=proxy upstream.closer=client upstream.connections=- "
					"upstream.destinations=10.0.0.9:1"},
			{"1.22",
					"events {} stream { upstream u { server a:1; server b:1; } "
					"server { listen 53 udp; proxy_pass u; } }",
					"role=proxy protocol=udp upstream.destinations=2"},
			{"1.22",
					"events {} http { server { listen 80; } } mail { server { listen 25; } }",
					"role=proxy connections=256"},
			{"1.22", "server { listen 80; }", "!is outside http"},
			{"1.22", "events {} http { upstream u { server; } }", "!server needs an address"},
			{"1.22",
					"events {} http { server { location / { proxy_pass; } } }",
					"!needs an address"},
			{"1.22", "events {} http { map $a { default b; } server { set $x; } }", "!set needs"},
			{"1.22",
					"events {} http { server { content_by_lua_block { local a = \"}\" -- don't }\n "
					"} "
					"listen 80; } }",
					"role=server"},
			{"1.22",
					"events {} http { server { location / { x_by_lua_block { \"",
					"!a block has no closing brace"},
			{"1.22", "events { worker_connections; }", "!needs a number"},
			{"1.22", "}", "!unexpected"},
			{"1.22", "", "role=server connections=512"},
	};
	run_whole(cases, COUNT_OF(cases));
}

/* 2,000 connections of either side. A client of HTTP/2 has many requests under way, and each takes
 * one (counted: 200 for 4 clients of 50 streams). */
static void clients_with_streams(void **state)
{
	(void)state;
#define KEPT(listen) \
	POOL "server { " listen " location / { " KEPT_HEADERS "proxy_pass http://app; } }"
	static const struct nginx_case unknown[] = {
			{"1.22",
					KEPT("listen 443 ssl http2;"),
					"connections=16 upstream.connections=1984 upstream.connections~bound "
					"+plan-http2-clients"},
			{"1.26", "http2 on; " KEPT("listen 443 ssl;"), "upstream.connections=1984"},
			{"1.26", "http2 on; " KEPT("listen 443 ssl; http2 off;"), "upstream.connections=1000"},
			{"1.26", KEPT("listen 443 ssl; listen 443 quic;"), "upstream.connections=1984"},
			{"1.22",
					KEPT("listen 80;") "server { listen 443 http2; location / { root /x; } }",
					"upstream.connections=1000"},
			/* one socket for both servers */
			{"1.22",
					KEPT("listen 443 ssl;") "server { listen *:443 http2; location / { root /x; } "
											"}",
					"upstream.connections=1984"},
			{"1.22",
					"server { listen 1 http2; location / { grpc_pass unix:/a; } }",
					"fds_per_connection=2"},
	};
	static const struct nginx_case known[] = {
			{"1.22", KEPT("listen 443 http2;"), "upstream.connections=1280"},
			{"1.22",
					KEPT("listen 443 http2; http2_max_concurrent_streams 20;"),
					"upstream.connections=200 upstream.connections~bound"},
			{"1.22", KEPT("listen 443;"), "upstream.connections=1000"},
			{"1.22",
					"server { listen 1 http2; location / { grpc_pass unix:/a; } }",
					"fds_per_connection=129"},
	};
	struct workload_value *clients = &plan_test_given.values[W_CONNECTIONS];
	struct workload_value *streams = &plan_test_given.values[W_STREAMS];
	run_http(unknown, COUNT_OF(unknown));
	*clients = (struct workload_value){.set = true, .number = 10};
	run_http(known, COUNT_OF(known));
	*streams = (struct workload_value){.set = true, .number = 4};
	static const struct nginx_case few[] = {
			{"1.22", KEPT("listen 443 http2;"), "upstream.connections=40"},
	};
	run_http(few, COUNT_OF(few));
	clients->number = 1900;
	static const struct nginx_case full[] = {
			{"1.22", KEPT("listen 443 http2;"), "upstream.connections=1000"},
	};
	run_http(full, COUNT_OF(full));
	*clients = *streams = (struct workload_value){0};
#undef KEPT
}

/* Files that are not here may hold servers. */
static void what_is_not_here(void **state)
{
	(void)state;
	static const struct plan_pair files[] = {
			{"/c/nginx.conf", "events {} http { include /etc/nginx/sites-enabled/*; }"},
			{"/d/nginx.conf",
					"include /etc/nginx/modules-enabled/*.conf; events {} http { "
					"include /etc/nginx/mime.types; server { listen 80; "
					"include /etc/letsencrypt/options-ssl-nginx.conf; } }"},
			{NULL, NULL}};
	static const struct plan_case cases[] = {
			{"nginx -c /c/nginx.conf", "?role"},
			{"nginx -c /d/nginx.conf", "role=server"},
	};
	plan_test_files = files;
	plan_test_table(cases, COUNT_OF(cases));
	plan_test_files = NULL;
}

static void images_and_mounts(void **state)
{
	(void)state;
	static const struct plan_pair files[] = {{"/n.conf", "events {} http { server {} }"},
			{"/s.conf", "server { listen 8080; location / { proxy_pass http://h; } }"},
			{NULL, NULL}};
	static const struct plan_case cases[] = {
			{"docker run --ulimit nofile=9:9 nginx:1.22",
					"connections=2048 role=server +plan-nginx-image +plan-nginx-include"},
			{"docker run --ulimit nofile=9:9 -v /s.conf:/etc/nginx/conf.d/default.conf nginx:1.22",
					"connections=1024 role=proxy upstream.destinations=h:80 +plan-nginx-image"},
			{"docker run --ulimit nofile=9:9 -v /s.conf:/etc/nginx/conf.d/a.conf:ro "
			 "reg.example/x/nginx-unprivileged:1.22",
					"connections=1024 role=proxy"},
			{"docker run --ulimit nofile=9:9 -v /t:/etc/nginx/templates:ro nginx:1.22", "?role"},
			{"docker run --ulimit nofile=9:9 "
			 "-v /n.conf:/usr/local/openresty/nginx/conf/nginx.conf openresty/openresty:1.25.3.1",
					"connections=512 role=server"},
			{"docker run --ulimit nofile=9:9 -v /n.conf:/opt/bitnami/nginx/conf/nginx.conf "
			 "bitnami/nginx",
					"connections=512 role=server"},
			{"docker run --cpuset-cpus 0-2 --cpus 0.5 --ulimit nofile=9:9 nginx:1.22",
					"connections=3072 processes=3"},
			{"docker run --cpus 0.5 --ulimit nofile=9:9 nginx:1.22",
					"connections=2048 processes=2"},
			{"openresty -c /n.conf", "connections=512"},
			{"nginx -c /none.conf", "!none.conf"},
	};
	plan_test_files = files;
	plan_test_table(cases, COUNT_OF(cases));
	plan_test_files = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(who_closes_and_who_keeps),
			cmocka_unit_test(directives_inherit_as_nginx_merges_them),
			cmocka_unit_test(variables_are_put_in),
			cmocka_unit_test(other_protocols),
			cmocka_unit_test(the_worst_of_several),
			cmocka_unit_test(with_requests),
			cmocka_unit_test(whole_files),
			cmocka_unit_test(clients_with_streams),
			cmocka_unit_test(what_is_not_here),
			cmocka_unit_test(images_and_mounts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* nginx: what its configuration lets in. worker_connections counts both sides of a proxied
 * connection, so that a proxy holds half as many; it is a bound, not what a test will open.
 * Sources: nginx src/event/ngx_event.c (DEFAULT_CONNECTIONS 512), src/core/ngx_connection.h
 * (NGX_LISTEN_BACKLOG 511), src/core/nginx.c (ngx_get_options()); the image's nginx.conf as its
 * Dockerfile leaves it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/nginx/nginx_fate.h"
#include "probes/plan/tool/tools.h"

enum {
	WORKER_CONNECTIONS = 512,
	BACKLOG = 511,
	FDS_OWN = 10
};

/* Where images have their configuration, the official one first. */
static const char *const image_paths[] = {"/etc/nginx/nginx.conf",
		"/usr/local/openresty/nginx/conf/nginx.conf",
		"/opt/bitnami/nginx/conf/nginx.conf"};
/* What the official one has where nothing is mounted over it. */
static const char image_text[] = "worker_processes auto; error_log /var/log/nginx/error.log notice;"
								 "events { worker_connections 1024; }"
								 "http { access_log /var/log/nginx/access.log main;"
								 " include /etc/nginx/conf.d/*.conf; }";

/* "1.27.4" as 1027004; NAN where a part is missing or it is no version. */
static double version_number(const char *text)
{
	double number = 0;
	for (int i = 0; i < 3; i++) {
		char *end;
		long part = strtol(text, &end, 10);
		if (end == text || part < 0 || part > 999)
			return NAN;
		number = number * 1000 + (double)part;
		text = end;
		if (i < 2 && *text++ != '.')
			return NAN;
	}
	return number;
}

/* "1.27" is the last of its series, which decides all the same but for 1.29. */
static double version_of_tag(const char *image)
{
	const char *slash = strrchr(image, '/');
	if (slash)
		image = slash;
	const char *colon = strchr(image, ':');
	double number;
	if (!colon)
		return NAN;
	number = version_number(colon + 1);
	if (!isnan(number))
		return number;
	char *end;
	long major = strtol(colon + 1, &end, 10);
	if (end == colon + 1 || *end != '.')
		return NAN;
	const char *minor_text = end + 1;
	long minor = strtol(minor_text, &end, 10);
	if (end == minor_text || major != 1 || minor < 0 || minor > 999 || minor == 29)
		return NAN;
	return 1e6 + 1e3 * (double)minor + 999;
}

/* Its version, and the path of the configuration that it was built with. */
static void ask_nginx(struct nginx *n, const char **ret_path)
{
	const char *const argv[] = {n->command->words[0], "-V", NULL};
	const char *output;
	bool found = false;
	struct error ignored;
	if (n->command->vantage.container && n->command->vantage.image)
		n->version = version_of_tag(n->command->vantage.image);
	if (n->context->no_run || !n->context->run || !plan_sees_host(n->context, n->command) ||
			!n->context->run(n->context,
					argv,
					NULL,
					n->command->vantage.cwd,
					true,
					&output,
					&found,
					&ignored) ||
			!found)
		return;
	const char *version = strstr(output, "nginx/"), *path = strstr(output, "--conf-path=");
	if (version)
		n->version = version_number(version + strlen("nginx/"));
	if (path)
		*ret_path = arena_copy(n->arena, path + 12, strcspn(path + 12, " \n'"));
}

/* -c FILE -p PREFIX -g DIRECTIVES -e FILE -s SIGNAL -t -T -q -v -V (src/core/nginx.c,
 * ngx_get_options()). */
static bool nginx_read_arguments(struct nginx *n, const char **ret_path, const char **ret_extra)
{
	const char *const *words = n->command->words;
	for (size_t i = 1; i < n->command->count; i++) {
		const char *word = words[i];
		if (*word != '-' || !word[1])
			return error_set(n->err, "nginx: \"%.60s\" is not an option", word);
		for (const char *letter = word + 1; *letter; letter++) {
			if (strchr("tTqvV?h", *letter))
				continue;
			if (!strchr("cpges", *letter))
				return error_set(n->err, "nginx has no option -%c", *letter);
			const char *value = NULL;
			if (letter[1])
				value = letter + 1;
			else if (i + 1 < n->command->count)
				value = words[++i];
			if (!value)
				return error_set(n->err, "nginx: -%c needs an argument", *letter);
			if (*letter == 's')
				return error_set(n->err,
						"nginx: -s %.20s talks to a running nginx; audit that one with --pid N",
						value);
			if (*letter == 'c')
				*ret_path = value;
			else if (*letter == 'p')
				n->prefix = value;
			else if (*letter == 'g')
				*ret_extra = value;
			break;
		}
	}
	return true;
}

static double workers(const struct nginx *n, const char **ret_from)
{
	double processors = n->context->processors;
	bool automatic = n->workers_from && isnan(n->workers);
	if (n->plan->vantage.processors > 0)
		processors = n->plan->vantage.processors;
	*ret_from = "worker_processes: nginx's default";
	if (n->workers_from)
		*ret_from = n->workers_from;
	if (n->alone) {
		*ret_from = "master_process off: one process";
		return 1;
	}
	if (!n->workers_from)
		return 1;
	if (!automatic)
		return fmax(1, n->workers);
	*ret_from = arena_printf(n->arena, "%s: auto, one per processor", n->workers_from);
	if (!isnan(processors))
		return ceil(processors);
	plan_ask(n->plan,
			n->context,
			"nginx starts one worker per processor, and it is not known how many that host has",
			W_PROCESSES,
			WORKLOAD_FIELDS);
	return plan_given(n->context, W_PROCESSES);
}

/* Each listener's own queue counts, so the smallest decides. */
static void set_backlog(struct nginx *n, double count)
{
	double least = INFINITY;
	const char *from = "nginx listens with 511", *reuse = NULL;
	for (size_t i = 0; i < n->listener_count; i++) {
		const struct nginx_listener *listener = &n->listeners[i];
		double backlog = BACKLOG;
		if (listener->reuseport && !reuse)
			reuse = listener->where;
		if (!isnan(listener->backlog))
			backlog = listener->backlog;
		if (backlog >= least)
			continue;
		least = backlog;
		from = "nginx listens with 511";
		if (!isnan(listener->backlog))
			from = arena_printf(n->arena, "%s: listen … backlog=", listener->where);
	}
	if (!isfinite(least))
		least = BACKLOG;
	plan_number(n->plan, W_BACKLOG, least, CONFIDENCE_EXACT, from);
	if (reuse && count > 1)
		plan_find(n->plan,
				"plan-nginx-reuseport",
				"note",
				reuse,
				arena_printf(n->arena,
						"With reuseport each of the %g workers has its own accept queue. The "
						"kernel picks one by a hash, even if it is full, so the plan counts only "
						"one queue.",
						count));
}

static double listening_sockets(const struct nginx *n, double count)
{
	double sockets = 0;
	for (size_t i = 0; i < n->listener_count; i++) {
		if (n->listeners[i].reuseport)
			sockets += count;
		else
			sockets++;
	}
	return fmax(1, sockets);
}

/* Behind a unix socket: one to the client, one to the upstream for each of its requests. */
static double sockets_of_client(const struct nginx *n, double all)
{
	double clients = plan_given(n->context, W_CONNECTIONS);
	if (n->streams <= 1 || !(clients > 0))
		return 2;
	return fmax(2, 1 + ceil(fmin(n->streams, all / clients - 1)));
}

static void set_descriptors(struct nginx *n, double count, double each)
{
	struct plan *plan = n->plan;
	enum confidence confidence = CONFIDENCE_EXACT;
	if (each > 2)
		confidence = CONFIDENCE_BOUND;
	if (each > 1)
		plan_number(plan,
				W_FDS_PER_CONNECTION,
				each,
				confidence,
				"one socket to the client, one to the unix socket of the upstream for each of its "
				"requests");
	else
		plan_number(plan, W_FDS_PER_CONNECTION, 1, CONFIDENCE_EXACT, "one socket each");
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN + listening_sockets(n, count) + n->logs + 2 * count,
			CONFIDENCE_ESTIMATE,
			"listeners, logs and channels to the other workers");
	if (isnan(n->rlimit))
		plan_choice(plan, W_NOFILE, "soft", CONFIDENCE_EXACT, "no worker_rlimit_nofile");
	else
		plan_own_nofile(plan, "worker_rlimit_nofile", n->rlimit, n->rlimit_from);
}

/* A unix socket takes no port; what it has is the accept queue of the program behind it. */
static void find_unix(struct nginx *n, const struct nginx_outcome *worst)
{
	plan_find(n->plan,
			"plan-nginx-unix",
			"note",
			worst->route->where,
			"The upstream is a unix socket: each connection to it takes an open file and no "
			"port. Its accept queue belongs to the program behind it (ss -xl shows it), and "
			"headroom does not judge it.");
}

static void set_role(struct nginx *n, const struct nginx_outcome *worst)
{
	struct plan *plan = n->plan;
	if (worst->route && worst->fate != NGINX_NONE)
		plan_choice(plan, W_ROLE, "proxy", CONFIDENCE_EXACT, worst->route->where);
	else if (n->mail_from)
		plan_choice(plan, W_ROLE, "proxy", CONFIDENCE_EXACT, n->mail_from);
	else if (worst->route)
		plan_choice(plan, W_ROLE, "server", CONFIDENCE_EXACT, "its upstreams are unix sockets");
	else
		plan_choice(plan, W_ROLE, "server", CONFIDENCE_EXACT, "no proxy_pass or similar directive");
	if (worst->route && worst->route->protocol == NGINX_STREAM_PASS && worst->route->block->udp) {
		plan_choice(plan, W_PROTOCOL, "udp", CONFIDENCE_EXACT, worst->route->where);
	}
}

static void ask_unread(struct nginx *n)
{
	const char *state = "not here", *way = "Put a copy next to the file of -c";
	if (n->command->vantage.container) {
		state = "inside the image";
		way = "Mount it with -v";
	}
	if (!n->unread.count || n->context->given->values[W_ROLE].set)
		return;
	n->plan->workload.values[W_ROLE].set = false;
	plan_ask(n->plan,
			n->context,
			arena_printf(n->arena,
					"%s is %s and was not read; it may contain servers and upstreams. %s, or say "
					"--role server if it passes nothing on",
					n->unread.items[0],
					state,
					way),
			W_ROLE,
			WORKLOAD_FIELDS);
}

static void nginx_set_plan(struct nginx *n)
{
	struct plan *plan = n->plan;
	const char *workers_from, *per_from = "nginx's default of 512", *sides = "";
	const struct nginx_outcome worst = nginx_worst(n, NGINX_SINCE).outcome;
	double count = workers(n, &workers_from), per_worker = WORKER_CONNECTIONS;
	bool through_sockets = worst.route && worst.fate == NGINX_NONE;
	set_role(n, &worst);
	ask_unread(n);
	if (isnan(count))
		return; /* asked for */
	if (n->per_worker_from) {
		per_worker = n->per_worker;
		per_from = n->per_worker_from;
	}
	double all = count * per_worker, live = all;
	if (worst.route || n->mail_from) {
		live = floor(all / 2);
		sides = " ÷ 2 sides";
	}
	plan_number(plan,
			W_CONNECTIONS,
			live,
			CONFIDENCE_BOUND,
			arena_printf(n->arena, "%s: %g × %g per worker%s", per_from, count, per_worker, sides));
	plan_number(plan, W_MAX_CONNECTIONS, live, CONFIDENCE_BOUND, per_from);
	plan_number(plan, W_PROCESSES, count, CONFIDENCE_EXACT, workers_from);
	nginx_find_streams(n);
	double each = 1;
	if (through_sockets)
		each = sockets_of_client(n, all);
	set_descriptors(n, count, each);
	set_backlog(n, count);
	if (through_sockets)
		find_unix(n, &worst);
	else if (worst.route)
		nginx_set_upstream(n, all, count);
}

static bool has_mount(const struct nginx *n, const char *path)
{
	const struct name_list *mounts = &n->command->vantage.mounts;
	for (size_t i = 0; i < mounts->count; i++) {
		const char *colon = strchr(mounts->items[i], ':');
		if (!colon)
			continue;
		size_t length = strcspn(colon + 1, ":");
		if (length && strncmp(path, colon + 1, length) == 0 && strchr("/", path[length]))
			return true;
	}
	return false;
}

static bool read_image(struct nginx *n)
{
	plan_find(n->plan,
			"plan-nginx-image",
			"note",
			n->command->vantage.image,
			"No nginx.conf is mounted, so the plan assumes the one of the official image, with "
			"one worker per processor and 1,024 connections each.");
	return nginx_read_text(n, "nginx.conf of the image", image_text);
}

static bool read_all(struct nginx *n, const char *path, const char *extra)
{
	const char *built_in = image_paths[0];
	bool image = !path && n->command->vantage.container;
	ask_nginx(n, &built_in);
	for (size_t i = 0; image && i < COUNT_OF(image_paths); i++) {
		if (!has_mount(n, image_paths[i]))
			continue;
		built_in = image_paths[i];
		image = false;
	}
	if (!path)
		path = built_in;
	path = nginx_full_path(n, path);
	const char *slash = strrchr(path, '/');
	n->prefix = NULL;
	if (slash)
		n->prefix = arena_copy(n->arena, path, (size_t)(slash - path));
	if (extra && !nginx_read_text(n, "-g", extra))
		return false;
	if (image)
		return read_image(n);
	return nginx_read_path(n, path, "-c");
}

static bool read_nginx(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct nginx *n = arena_alloc(plan->arena, sizeof *n);
	struct nginx_block *top = arena_alloc(plan->arena, sizeof *top);
	const char *path = NULL, *extra = NULL;
	*top = (struct nginx_block){.kind = NGINX_TOP, .mirrors = NAN, .streams = NAN};
	*n = (struct nginx){.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err,
			.block = top,
			.steps = arena_alloc(plan->arena, sizeof *n->steps),
			.workers = NAN,
			.per_worker = NAN,
			.rlimit = NAN,
			.version = NAN};
	if (!nginx_read_arguments(n, &path, &extra))
		return false;
	if (!path && context->elsewhere && !command->vantage.container)
		return error_set(err,
				"nginx: the configuration of the other host is not here; name a copy of it with "
				"-c FILE");
	if (!read_all(n, path, extra))
		return false;
	nginx_set_plan(n);
	return true;
}

/* -t and -T check the configuration, -v and -V tell the version. */
static bool nginx_serves(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		if (word[0] == '-' && word[1] && strspn(word + 1, "tTqvVh?") == strlen(word + 1) &&
				strcmp(word, "-q") != 0)
			return false;
	}
	return true;
}

static const char *const programs[] = {"nginx", "openresty", NULL};
static const char *const images[] = {"nginx",
		"nginx-unprivileged",
		"openresty/openresty",
		"bitnami/nginx",
		NULL};
const struct plan_reader plan_reader_nginx = {
		.tool = "nginx",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.role = "server",
		.read = read_nginx,
		.loads = nginx_serves,
		.help = "the file of -c and what it includes: workers, worker_connections, "
				"worker_rlimit_nofile, listeners, and what becomes of each upstream connection",
};

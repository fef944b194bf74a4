/* HAProxy: what its configuration lets in, and the descriptors it will ask for. maxconn is what it
 * accepts at most, so the plan is a bound. Sources: doc/configuration.txt (3.1), src/haproxy.c
 * (init_args()), src/limits.c. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/haproxy/haproxy.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/tools.h"

enum {
	THREADS_MAX = 64,         /* include/haproxy/defaults.h, MAX_THREADS */
	STREAMS = 100,            /* tune.h2.max-concurrent-streams, and QUIC's */
	CONNECTIONS_LEAST = 100,  /* DEFAULT_MAXCONN */
	DESCRIPTORS_MAX = 1048576 /* DEFAULT_MAXFD, where no limit is configured */
};

static bool add_file(struct haproxy *h, const char *path)
{
	if (h->file_count == HAPROXY_FILES_MAX)
		return error_set(h->err, "haproxy: more than %d configuration files", HAPROXY_FILES_MAX);
	h->files[h->file_count++] = path;
	return true;
}

/* -f DIR takes the *.cfg files in it, in order of their names. */
static bool haproxy_add_files(struct haproxy *h, const char *path)
{
	struct name_list names;
	if (*path != '/' && h->directory)
		path = arena_printf(h->arena, "%s%s", h->directory, path);
	if (!plan_names(h->context, h->command, path, &names))
		return add_file(h, path);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		if (*name == '.' || !text_ends_with(name, ".cfg"))
			continue;
		if (!add_file(h, arena_printf(h->arena, "%s/%s", path, name)))
			return false;
	}
	return h->file_count > 0 || error_set(h->err, "-f: %s: no *.cfg file in this directory", path);
}

static const char *with_slash(const struct haproxy *h, const char *directory)
{
	if (text_ends_with(directory, "/") || strcmp(directory, "/") == 0)
		return directory;
	return arena_printf(h->arena, "%s/", directory);
}

/* -C DIR: where HAProxy goes before it reads its files, wherever it stands in the command. */
static void find_directory(struct haproxy *h)
{
	for (size_t i = 1; i + 1 < h->command->count; i++)
		if (strcmp(h->command->words[i], "-C") == 0)
			h->directory = with_slash(h, h->command->words[i + 1]);
}

/* src/haproxy.c, init_args(): single letters, with their value in the next word. */
static bool haproxy_read_arguments(struct haproxy *h)
{
	const char *const *words = h->command->words;
	struct error inner;
	find_directory(h);
	for (size_t i = 1; i < h->command->count; i++) {
		const char *word = words[i];
		bool more = i + 1 < h->command->count;
		if (strcmp(word, "--") == 0) {
			while (++i < h->command->count)
				if (!haproxy_add_files(h, words[i]))
					return false;
			break;
		}
		if (strcmp(word, "-sf") == 0 || strcmp(word, "-st") == 0) {
			while (i + 1 < h->command->count && *words[i + 1] != '-')
				i++;
		} else if (word[0] != '-' || !word[1]) {
			return error_set(h->err, "haproxy: \"%.60s\" is not an option", word);
		} else if (strchr("dDWqVcvGM", word[1])) {
			continue;
		} else if (!strchr("fCnNmpLxS", word[1]) || word[2]) {
			return error_set(h->err, "haproxy has no option %.40s", word);
		} else if (!more) {
			return error_set(h->err, "haproxy: %s needs an argument", word);
		} else if (word[1] == 'f') {
			if (!haproxy_add_files(h, words[++i]))
				return false;
		} else if (word[1] == 'n' || word[1] == 'N') {
			double *to = &h->proxy_maxconn;
			if (word[1] == 'n')
				to = &h->maxconn;
			if (!quantity_read(words[++i], &quantity_count, to, &inner))
				return error_set(h->err, "haproxy: %s %.40s: %s", word, words[i], inner.text);
			if (word[1] == 'n')
				h->maxconn_from = arena_printf(h->arena, "-n %s", words[i]);
		} else {
			i++;
		}
	}
	if (!h->file_count && h->command->vantage.container) /* what the image's command names */
		return haproxy_add_files(h, "/usr/local/etc/haproxy/haproxy.cfg");
	return h->file_count > 0 ||
			error_set(h->err, "haproxy: no configuration: name it with -f FILE");
}

/* nbthread, or a thread for each processor that it may run on: affinity counts, no quota does. */
static double threads_of(const struct haproxy *h, const char **ret_from)
{
	double processors = h->context->processors;
	if (h->plan->vantage.processors > 0)
		processors = h->plan->vantage.processors;
	*ret_from = h->threads_from;
	if (h->threads_from)
		return h->threads;
	*ret_from = "nbthread: at most 64";
	if (isnan(processors))
		return THREADS_MAX;
	*ret_from = "nbthread: one per processor";
	return fmin(ceil(processors), THREADS_MAX);
}

static void say_descriptors(struct haproxy *h, double live, bool local)
{
	struct plan *plan = h->plan;
	const char *ignored, *from, *own_from, *reserved = "";
	double threads = threads_of(h, &from);
	double own = haproxy_own_descriptors(h, live, threads, &own_from);
	enum confidence confidence = CONFIDENCE_ESTIMATE;
	double spare = 0; /* two for each of maxconn, used or not */
	if (h->threads_from)
		confidence = CONFIDENCE_EXACT;
	if (!isnan(h->maxconn))
		spare = fmax(0, 2 * h->maxconn - live - haproxy_upstream(h, live, &ignored));
	if (spare > 0)
		reserved = " + what maxconn reserves beyond the plan";
	plan_number(plan, W_THREADS, threads, confidence, from);
	if (h->processes > 1)
		plan_number(plan, W_PROCESSES, h->processes, CONFIDENCE_EXACT, "nbproc");
	plan_number(plan,
			W_FDS_BASE,
			own + spare,
			confidence,
			arena_printf(h->arena, "%s%s", own_from, reserved));
	if (local)
		plan_number(plan,
				W_FDS_PER_CONNECTION,
				2,
				CONFIDENCE_EXACT,
				"one socket to the client, one to the unix socket of the server");
	else
		plan_number(plan, W_FDS_PER_CONNECTION, 1, CONFIDENCE_EXACT, "one socket each");
	if (!isnan(h->ulimit_n) && !isnan(h->maxconn))
		plan_own_nofile(plan, "ulimit-n", h->ulimit_n, h->ulimit_from);
	else
		plan_choice(plan,
				W_NOFILE,
				"hard",
				CONFIDENCE_EXACT,
				"HAProxy raises its soft limit to what maxconn needs");
}

/* What HAProxy takes for maxconn where nobody says it: half of the descriptors that it may have
 * (measured: 9,987 of 20,000). NAN: they are not known. */
static double computed_maxconn(const struct haproxy *h)
{
	const char *ignored;
	const struct plan_vantage *v = &h->command->vantage;
	double most = fmax(h->context->nofile_soft, h->context->nofile_hard);
	double own = haproxy_own_descriptors(h, 0, threads_of(h, &ignored), &ignored);
	if (v->container)
		most = NAN;
	if (v->nofile_hard > 0)
		most = fmax(v->nofile_soft, v->nofile_hard);
	if (!(most > 0))
		return NAN;
	double bound = DESCRIPTORS_MAX;
	if (h->fd_hard_limit > 0)
		bound = h->fd_hard_limit;
	double remain = fmin(most, bound) - own;
	if (haproxy_splices(h) && isnan(h->maxpipes)) /* a quarter of a pipe for each */
		return fmax(CONNECTIONS_LEAST, floor(2 * remain / 5));
	return fmax(CONNECTIONS_LEAST, floor(remain / 2));
}

/* Nothing in the configuration bounds it. */
static void ask_connections(struct haproxy *h)
{
	double computed = computed_maxconn(h);
	char shown[NUMBER_TEXT_MAX];
	const char *why =
			"the configuration sets no maxconn for all frontends: HAProxy then accepts as many "
			"connections as its open-files limit allows";
	if (!isnan(computed)) {
		why = arena_printf(h->arena, "%s, %s here", why, text_number(shown, computed, UNIT_COUNT));
		plan_number(h->plan,
				W_MAX_CONNECTIONS,
				computed,
				CONFIDENCE_ESTIMATE,
				"half of the files that HAProxy may open");
	}
	plan_ask(h->plan, h->context, why, W_CONNECTIONS, WORKLOAD_FIELDS);
}

static double set_load(struct haproxy *h)
{
	struct plan *plan = h->plan;
	double frontends = haproxy_frontends(h), live = h->maxconn;
	const char *from = NULL, *backlog_from = NULL;
	if (!isnan(live))
		from = arena_printf(h->arena, "%s: maxconn", h->maxconn_from);
	if (frontends < live || (isnan(live) && isfinite(frontends))) {
		live = frontends;
		from = "sum of the frontends' maxconn";
		if (!isnan(h->proxy_maxconn))
			from = arena_printf(h->arena, "%s (-N %g where none is set)", from, h->proxy_maxconn);
	}
	if (from) {
		plan_number(plan, W_CONNECTIONS, live, CONFIDENCE_BOUND, from);
		plan_number(plan, W_MAX_CONNECTIONS, live, CONFIDENCE_EXACT, from);
	} else {
		ask_connections(h);
		live = plan_given(h->context, W_CONNECTIONS);
	}
	double backlog = haproxy_backlog(h, &backlog_from);
	double computed = computed_maxconn(h);
	if (!isnan(backlog))
		plan_number(plan, W_BACKLOG, backlog, CONFIDENCE_EXACT, backlog_from);
	else if (!isnan(computed))
		plan_number(plan,
				W_BACKLOG,
				computed,
				CONFIDENCE_ESTIMATE,
				"HAProxy listens with the maxconn that it computes");
	if (isnan(plan_given(h->context, W_OPEN_RATE)) && isnan(plan_given(h->context, W_LIFETIME)))
		plan_find(plan,
				"plan-proxy-rate",
				"note",
				h->files[0],
				"The configuration does not say how long connections live, so the plan assumes "
				"that they stay. Give the number of new ones per second with --open-rate and "
				"--upstream-open-rate.");
	if (isnan(live))
		return 0;
	return live;
}

/* A unix socket takes no port; what it has is the accept queue of the program behind it. */
static void set_local(struct haproxy *h)
{
	plan_choice(h->plan, W_ROLE, "server", CONFIDENCE_EXACT, "its servers are unix sockets");
	plan_find(h->plan,
			"plan-haproxy-unix",
			"note",
			h->files[0],
			"All servers are unix sockets: each connection to them takes an open file and no "
			"port. Their accept queues belong to the programs behind them (ss -xl shows them), "
			"and headroom does not judge those.");
}

static bool has_frontend(const struct haproxy *h)
{
	for (size_t i = 0; i < h->proxy_count; i++)
		if (h->proxies[i].frontend)
			return true;
	return false;
}

static bool read_haproxy(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct haproxy *h = arena_alloc(plan->arena, sizeof *h);
	*h = (struct haproxy){
			.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err,
			.maxconn = NAN,
			.proxy_maxconn = NAN,
			.threads = NAN,
			.ulimit_n = NAN,
			.maxpipes = NAN,
			.streams = STREAMS,
	};
	if (!haproxy_read_arguments(h))
		return false;
	h->defaults = haproxy_preset(h);
	double flag = h->maxconn;
	const char *flag_from = h->maxconn_from;
	for (size_t i = 0; i < h->file_count; i++)
		if (!haproxy_read_file(h, h->files[i]))
			return false;
	if (!isnan(flag)) { /* -n wins over the file (haproxy(1)) */
		h->maxconn = flag;
		h->maxconn_from = flag_from;
	}
	if (!(h->maxconn > 0))
		h->maxconn = NAN;
	if (!has_frontend(h))
		return error_set(err, "%s: neither a frontend nor a listen section", h->files[0]);
	haproxy_find_streams(h);
	double live = set_load(h);
	bool local = haproxy_all_local(h);
	say_descriptors(h, live, local);
	if (local)
		set_local(h);
	else
		haproxy_set_upstream(h, live);
	return true;
}

/* -c checks the configuration, -v and -vv tell the version. */
static bool haproxy_serves(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count && strcmp(command->words[i], "--") != 0; i++)
		if (!strcmp(command->words[i], "-c") || text_begins_with(command->words[i], "-v"))
			return false;
	return true;
}

static const char *const programs[] = {"haproxy", NULL};
static const char *const images[] = {"haproxy",
		"haproxytech/haproxy-debian",
		"haproxytech/haproxy-alpine",
		NULL};
const struct plan_reader plan_reader_haproxy = {
		.tool = "haproxy",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.role = "proxy",
		.read = read_haproxy,
		.loads = haproxy_serves,
		.help = "the files of -f: maxconn, nbthread, ulimit-n, listeners, servers and their limits",
};

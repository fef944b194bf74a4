/* k6. What the script asks for is k6's own answer (`k6 inspect --execution-requirements`, which
 * runs the script's init part and nothing else), a saved one, or an archive's metadata; flags and
 * K6_* variables override it as in k6. Sources (k6 2.2.0):
 * internal/cmd/{run,options,inspect,config}.go, internal/js/runner.go, lib/types/ipblock.go. */
#include <arpa/inet.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/k6/k6.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

enum {
	FDS_OWN = 10,
	BATCH = 20,
	BATCH_PER_HOST = 6
};

/* "5s:10,1m:200" as options have it. */
static void add_stages(struct k6 *k6, struct tree_node *object, const char *text)
{
	struct tree_node *list = tree_add(k6->arena, object, TREE_SEQUENCE, "stages", "", 1);
	while (*text) {
		size_t length = strcspn(text, ","), colon = strcspn(text, ":,");
		struct tree_node *stage = tree_add(k6->arena, list, TREE_MAPPING, "", "", 1);
		if (colon)
			(void)tree_add(k6->arena,
					stage,
					TREE_SCALAR,
					"duration",
					arena_copy(k6->arena, text, colon),
					1);
		if (colon < length)
			(void)tree_add(k6->arena,
					stage,
					TREE_SCALAR,
					"target",
					arena_copy(k6->arena, text + colon + 1, length - colon - 1),
					1);
		text += length + (text[length] == ',');
	}
}

/* Asks for the connections that k6 inspect would have told. */
static void k6_ask(struct k6 *k6, const char *why)
{
	static const char saved[] =
			"save `k6 inspect --execution-requirements` and name the file in HEADROOM_K6_INSPECT";
	const char *instead = arena_printf(k6->arena, "k6 is not there: install it, or %s", saved);
	if (k6->context->refused && *k6->context->refused)
		instead = arena_printf(k6->arena,
				"k6 was not asked: %s (--inspect asks it; or %s)",
				*k6->context->refused,
				saved);
	if (k6->context->elsewhere)
		instead = arena_printf(k6->arena, "k6 is not asked for another host: %s", saved);
	why = arena_printf(k6->arena, "%s, and %s", why, instead);
	plan_ask(k6->plan, k6->context, why, W_CONNECTIONS, WORKLOAD_FIELDS);
}

/* Flags and variables alone: where they name a duration, iterations or stages they replace what the
 * script says. */
static bool load_from_flags(struct k6 *k6)
{
	struct tree_node *object = tree_add(k6->arena, NULL, TREE_MAPPING, "", "", 1);
	bool decides = false;
	struct error why = {0};
	double number;
	for (size_t i = 0; i < K6_ROWS_OF_LOAD; i++) {
		const char *from, *text = k6_setting(k6, k6_rows[i].option, &from),
						  *all = k6_joined(k6, k6_rows[i].option);
		if (!text)
			continue;
		bool counts = k6_rows[i].option == K6_O_VUS || k6_rows[i].option == K6_O_ITERATIONS;
		if (counts && !quantity_read(text, &quantity_count, &number, &why))
			return error_set(k6->err, "k6: %s: %s", from, why.text);
		k6->source = from;
		decides |= k6_rows[i].option != K6_O_VUS;
		if (k6_rows[i].option == K6_O_STAGE)
			add_stages(k6, object, all ? all : text);
		else
			(void)tree_add(k6->arena, object, TREE_SCALAR, k6_rows[i].member, text, 1);
	}
	const struct argument *config = arguments_last(&k6->arguments, K6_O_CONFIG);
	const char *bytes;
	size_t length;
	if (config &&
			!plan_file(k6->context,
					k6->command,
					config->text,
					"k6 --config",
					&bytes,
					&length,
					k6->err))
		return false;
	if (!decides && config) {
		k6_ask(k6, "the options of --config are not read: k6 inspect would list them");
		return true;
	}
	if (!decides && (!k6->has_script || k6->script.options_at)) {
		k6_ask(k6, "the script's own options decide how many VUs there are");
		return true;
	}
	k6->document = (struct document){.arena = k6->arena, .path = "command line", .root = object};
	k6->has_load = true;
	k6->source = k6->source ? k6->source : "k6's default";
	return k6_load_read(&k6->document, object, &k6->load, k6->err);
}

/* "0:1/4": a part of the test; 1 if none is given. */
static double segment(const struct k6 *k6, const char **ret_from)
{
	const char *text = k6_setting(k6, K6_O_SEGMENT, ret_from);
	double ends[2] = {0, 1}, from = 0;
	for (size_t i = 0; text && *text && i < 2; i++) {
		char *end;
		ends[i] = strtod(text, &end);
		if (*end == '/')
			ends[i] /= strtod(end + 1, &end);
		if (*end == '%')
			ends[i] /= 100, end++;
		if (i == 0 && *end != ':')
			return ends[0] > 0 && ends[0] <= 1 ? ends[0] : 1;
		text = *end ? end + 1 : end;
	}
	from = ends[1] - ends[0];
	return from > 0 && from <= 1 ? from : 1;
}

static bool k6_read_load(struct k6 *k6)
{
	double most = NAN, total = NAN;
	if (!k6->options)
		return load_from_flags(k6);
	/* A saved answer does not know this command's flags. */
	bool saved = strcmp(k6->source, "k6 inspect") != 0;
	if (saved &&
			(arguments_given(&k6->arguments, K6_O_DURATION) ||
					arguments_given(&k6->arguments, K6_O_STAGE) ||
					arguments_given(&k6->arguments, K6_O_ITERATIONS)))
		return load_from_flags(k6);
	if (saved && arguments_given(&k6->arguments, K6_O_VUS))
		plan_find(k6->plan,
				"plan-k6-saved",
				"warning",
				k6->document.path,
				"The saved answer of k6 inspect decides; --vus of this command is not in it.");
	k6->has_load = true;
	if (!k6_load_read(&k6->document, k6->options, &k6->load, k6->err) ||
			!document_number(&k6->document,
					k6->options,
					"maxVUs",
					&quantity_count,
					&most,
					k6->err) ||
			!document_number(&k6->document,
					k6->options,
					"totalDuration",
					&quantity_k6_duration,
					&total,
					k6->err))
		return false;
	if (most > k6->load.vus_max)
		k6->load.vus_max = most;
	if (!isnan(total))
		k6->load.duration_s = total;
	return true;
}

/* Addresses in "10.0.0.8-10.0.0.11,10.1.0.0/30,192.0.2.7" (IPv4 blocks are counted, an IPv6 one is
 * one). */
static double count_addresses(const char *text)
{
	double sum = 0;
	while (*text) {
		char part[128] = "";
		size_t length = strcspn(text, ","),
			   copied = length < sizeof part ? length : sizeof part - 1;
		memcpy(part, text, copied);
		char *dash = strchr(part, '-'), *slash = strchr(part, '/');
		struct in_addr low, high;
		double here = 1;
		if (slash && !strchr(part, ':'))
			here = ldexp(1, 32 - atoi(slash + 1));
		if (dash) {
			*dash = '\0';
			if (inet_pton(AF_INET, part, &low) == 1 && inet_pton(AF_INET, dash + 1, &high) == 1 &&
					ntohl(high.s_addr) >= ntohl(low.s_addr))
				here = (double)(ntohl(high.s_addr) - ntohl(low.s_addr)) + 1;
		}
		sum += here;
		text += length + (text[length] == ',');
	}
	return sum;
}

static void set_binding(struct k6 *k6)
{
	const char *from, *addresses = k6_setting(k6, K6_O_LOCAL_IPS, &from);
	bool any = addresses && *addresses;
	plan_choice(k6->plan,
			W_BIND,
			any ? "address" : "none",
			CONFIDENCE_EXACT,
			any ? from : "k6 connects without bind");
	if (any)
		plan_number(k6->plan,
				W_SOURCE_ADDRESSES,
				fmax(1, count_addresses(addresses)),
				CONFIDENCE_EXACT,
				from);
}

/* How many hosts a VU talks to: named by the user, or by the URLs in the script's text. */
static bool set_hosts(struct k6 *k6)
{
	static const char *const variables[] = {"HTTPS_PROXY",
			"https_proxy",
			"HTTP_PROXY",
			"http_proxy"};
	struct plan *plan = k6->plan;
	double given = plan_given(k6->context, W_DESTINATIONS);
	const struct name_list *targets = &k6->script.targets;
	for (size_t i = 0; i < COUNT_OF(variables); i++) {
		const char *proxy = plan_environment(k6->context, k6->command, variables[i]);
		if (!proxy || !*proxy)
			continue;
		k6->hosts = fmax(1, (double)targets->count);
		return plan_url(plan, proxy, variables[i], k6->err);
	}
	if (!isnan(given) || !targets->count) {
		k6->hosts = given;
		plan_ask(plan,
				k6->context,
				"the script's text names no host (a VU opens a connection to each host it talks "
				"to)",
				W_DESTINATIONS,
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	k6->hosts = (double)targets->count;
	plan->tls = k6->script.tls && !k6->script.plain && !k6->script.template_at;
	if (k6->script.template_at)
		plan_find(plan,
				"plan-k6-hosts",
				"note",
				k6->script.template_at,
				"This URL's host is put together while the script runs; the hosts counted are "
				"those written out. "
				"--to names them all.");
	return plan_destinations(plan,
			targets->items,
			targets->count,
			CONFIDENCE_ESTIMATE,
			arena_printf(k6->arena, "%s: URLs in the text", k6->path),
			k6->err);
}

/* Sockets of one VU. http.batch goes to each host up to batchPerHost at once, and up to batch in
 * all (lib/netext/httpext/batch.go). */
static bool sockets_per_vu(struct k6 *k6, double *ret, const char **ret_from)
{
	double batch = BATCH, per_host = BATCH_PER_HOST;
	const char *from;
	*ret = k6->hosts;
	*ret_from = k6->hosts > 1 ? arena_printf(k6->arena, " × %g hosts", k6->hosts) : "";
	if (!k6_number(k6, K6_O_BATCH, &batch, &from) ||
			!k6_number(k6, K6_O_PER_HOST, &per_host, &from))
		return false;
	if (!k6->script.batch_at)
		return true;
	double many = fmax(per_host > 0 ? per_host * k6->hosts : batch, k6->hosts);
	*ret = batch > 0 ? fmin(fmax(batch, k6->hosts), many) : many;
	*ret_from = arena_printf(k6->arena,
			" × %g (http.batch at %s: batch %g, per host %g)",
			*ret,
			k6->script.batch_at,
			batch,
			per_host);
	return true;
}

static enum confidence load_confidence(const struct k6 *k6)
{
	if (k6->load.arrival_rate || k6->load.external || k6->script.batch_at)
		return CONFIDENCE_BOUND;
	bool named = !isnan(plan_given(k6->context, W_DESTINATIONS));
	return k6->script.async_at || (k6->has_script && !named) ? CONFIDENCE_ESTIMATE
															 : CONFIDENCE_EXACT;
}

/* The peak, and the way there if it is not reached at once. */
static bool k6_set_connections(struct k6 *k6, bool staged)
{
	struct plan *plan = k6->plan;
	const struct k6_load *load = &k6->load;
	const char *from, *segment_from;
	double per_vu, part = segment(k6, &segment_from);
	if (k6->unknown)
		return true;
	if (!sockets_per_vu(k6, &per_vu, &from))
		return false;
	const char *whole = arena_printf(k6->arena,
			"%s: %g VUs%s%s%s",
			k6->options ? load->from : k6->source,
			load->vus_max,
			from,
			segment_from ? " × " : "",
			segment_from ? segment_from : "");
	if (!staged || k6_load_is_flat(load)) {
		plan_number(plan,
				W_CONNECTIONS,
				ceil(load->vus_max * per_vu * part - 1e-9),
				load_confidence(k6),
				whole);
		return true;
	}
	for (size_t i = 0; i < load->step_count; i++)
		plan_stage(plan,
				load->steps[i].duration_s,
				ceil(load->steps[i].vus * per_vu * part - 1e-9),
				NAN,
				load_confidence(k6),
				whole);
	return true;
}

/* Connections that end with an iteration: a rate is needed, from the arrival rates or from the
 * user. */
static void set_reconnects(struct k6 *k6, const char *why, const char *from)
{
	struct plan *plan = k6->plan;
	const char *segment_from;
	double rate = k6->load.iterations_per_s * k6->hosts * segment(k6, &segment_from);
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, from);
	if (k6->has_load && !k6->unknown && rate > 0)
		plan_number(plan,
				W_OPEN_RATE,
				rate,
				CONFIDENCE_BOUND,
				arena_printf(k6->arena,
						"%s: %g iterations/s%s",
						k6->load.from,
						k6->load.iterations_per_s,
						k6->hosts > 1 ? " × hosts" : ""));
	if (k6_load_starts_at_once(&k6->load))
		plan_choice(plan, W_START, "together", CONFIDENCE_ESTIMATE, "all VUs start at once");
	plan_ask(plan, k6->context, why, W_LIFETIME, W_OPEN_RATE, WORKLOAD_FIELDS);
}

/* Patterns in the text that open connections in every iteration. True if one decides the churn. */
static bool judge_script(struct k6 *k6)
{
	const struct k6_script *s = &k6->script;
	struct plan *plan = k6->plan;
	if (s->async_at)
		plan_find(plan,
				"plan-k6-async",
				"warning",
				s->async_at,
				"Requests in parallel within a VU have no bound here: each one in flight may hold "
				"a connection "
				"of its own. --connections says how many.");
	if (s->grpc_at && !s->grpc_closes) {
		plan_find(plan,
				"plan-k6-grpc-leak",
				"warning",
				s->grpc_at,
				"The gRPC client connects in every iteration and is never closed: each iteration "
				"leaves a "
				"connection open. Connect once (if (__ITER == 0)), or call client.close().");
		plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
		plan_ask(plan,
				k6->context,
				"each iteration leaves a gRPC connection open: as many as all VUs make iterations",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		k6->unknown = true;
		return true;
	}
	if (s->grpc_at) {
		plan_find(plan,
				"plan-k6-grpc-reconnect",
				"warning",
				s->grpc_at,
				"The gRPC client connects in every iteration: each one opens and closes a "
				"connection, and "
				"TIME_WAIT stays here. Connect once per VU (if (__ITER == 0)).");
		set_reconnects(k6,
				"the script connects in every iteration: how long does one last",
				s->grpc_at);
		return true;
	}
	if (s->websocket_at) {
		plan_find(plan,
				"plan-k6-websocket",
				"note",
				s->websocket_at,
				"Each iteration opens a WebSocket and closes it at its end.");
		set_reconnects(k6,
				"each iteration opens a WebSocket: how long does one stay open",
				s->websocket_at);
		return true;
	}
	return false;
}

/* Who closes, and how often: from the options, then from the script's text. */
static bool set_churn(struct k6 *k6)
{
	struct plan *plan = k6->plan;
	const char *from;
	double rps = NAN;
	if (!k6_number(k6, K6_O_RPS, &rps, &from))
		return false;
	if (rps > 0)
		plan_number(plan, W_REQUESTS, rps, CONFIDENCE_BOUND, from);
	bool no_reuse = k6_is_on(k6, K6_O_NO_REUSE, &from);
	if (no_reuse || k6->script.close_header_at) {
		from = no_reuse ? from : k6->script.close_header_at;
		plan_closes_each(plan, k6->context, NAN, "every request opens a connection", from);
		return k6_set_connections(k6, false);
	}
	if (k6_is_on(k6, K6_O_NO_VU_REUSE, &from)) {
		set_reconnects(k6,
				"every iteration opens its connections anew: how long does one last",
				from);
		return k6_set_connections(k6, false);
	}
	if (judge_script(k6))
		return k6_set_connections(k6, false);
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "k6 keeps its connections to the end");
	if (!k6_set_connections(k6, true))
		return false;
	if (!plan->workload.stage_count)
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, "k6 keeps its connections");
	return true;
}

static bool find_path(struct k6 *k6)
{
	const char *word = k6->arguments.word_count ? k6->arguments.words[0] : "";
	size_t at = 1;
	if (strcmp(word, "cloud") == 0) {
		at = k6->arguments.word_count > 1 && strcmp(k6->arguments.words[1], "run") == 0 ? 2 : 1;
		if (!arguments_given(&k6->arguments, K6_O_LOCAL))
			return error_set(k6->err,
					"k6 cloud: the load comes from elsewhere, not from this host "
					"(--local-execution would make it here)");
	} else if (strcmp(word, "run") != 0) {
		return error_set(k6->err, "k6: \"%.40s\" is no load test: `k6 run SCRIPT`", word);
	}
	if (k6->arguments.word_count <= at)
		return error_set(k6->err, "k6: no script in the command");
	k6->path = k6->arguments.words[at];
	return true;
}

static bool read_k6(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct k6 *k6 = arena_alloc(plan->arena, sizeof *k6);
	*k6 = (struct k6){.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err,
			.hosts = NAN};
	if (!arguments_read(plan->arena,
				&k6_syntax,
				command->words + 1,
				command->count - 1,
				&k6->arguments,
				err) ||
			!find_path(k6) || !k6_read_source(k6) || !k6_read_load(k6) || !set_hosts(k6))
		return false;
	set_binding(k6);
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN,
			CONFIDENCE_ESTIMATE,
			"k6: about 10 beside the connections");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"Go raises the soft limit to the hard one");
	if (k6->has_load && k6->load.duration_s > 0)
		plan_number(plan, W_DURATION, k6->load.duration_s, CONFIDENCE_BOUND, "with graceful stops");
	k6->unknown = isnan(k6->hosts); /* asked for above */
	return k6->has_load ? set_churn(k6) : true;
}

static const char *const programs[] = {"k6", NULL};
static const char *const images[] = {"grafana/k6", "loadimpact/k6", NULL};
const struct plan_reader plan_reader_k6 = {
		.tool = "k6",
		.programs = programs,
		.images = images,
		.runtime = "go",
		.read = read_k6,
		.help = "`k6 inspect`, a saved answer of it or an archive; flags, K6_* variables, connects "
				"in the script's text",
};

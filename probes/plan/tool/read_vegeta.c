/* vegeta attack: its command line and targets (12.13.0: attack.go, flags.go, lib/attack.go). Every
 * socket is bound first. What follows from it is vegeta_load.c's. */
#include <math.h>
#include <string.h>

#include "base/address.h"
#include "base/array.h"
#include "base/text.h"
#include "model/load/destination.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/go_client.h"
#include "probes/plan/tool/tools.h"
#include "probes/plan/tool/vegeta.h"

#define TEXT(n)                \
	{                          \
		n, 0, TAKES_TEXT, NULL \
	}
#define SWITCH(n)                 \
	{                             \
		n, 0, TAKES_NOTHING, NULL \
	}
static const struct argument_option options[] = {
		[VEGETA_RATE] = TEXT("rate"),
		[VEGETA_DURATION] = TEXT("duration"),
		[VEGETA_TARGETS] = TEXT("targets"),
		[VEGETA_FORMAT] = TEXT("format"),
		[VEGETA_KEEPALIVE] = SWITCH("keepalive"),
		[VEGETA_MAX_WORKERS] = TEXT("max-workers"),
		[VEGETA_MAX_CONNECTIONS] = TEXT("max-connections"),
		[VEGETA_TIMEOUT] = TEXT("timeout"),
		[VEGETA_LADDR] = TEXT("laddr"),
		[VEGETA_H2C] = SWITCH("h2c"),
		[VEGETA_UNIX_SOCKET] = TEXT("unix-socket"),
		[VEGETA_CONNECTIONS] = TEXT("connections"),
		[VEGETA_HTTP2] = SWITCH("http2"),
		[VEGETA_HEADER] = TEXT("header"),
		[VEGETA_LAZY] = SWITCH("lazy"),
		[VEGETA_CONNECT_TO] = TEXT("connect-to"),
		[VEGETA_DNS_TTL] = TEXT("dns-ttl"),
		[VEGETA_OUTPUT] = TEXT("output"),
		[VEGETA_BODY] = TEXT("body"),
		[VEGETA_PROMETHEUS] = TEXT("prometheus-addr"),
		[VEGETA_SESSION_TICKETS] = SWITCH("session-tickets"),
		TEXT("name"),
		SWITCH("chunked"),
		TEXT("cert"),
		TEXT("key"),
		TEXT("root-certs"),
		SWITCH("insecure"),
		TEXT("workers"),
		TEXT("redirects"),
		TEXT("max-body"),
		TEXT("proxy-header"),
		TEXT("resolvers"),
};
static const struct argument_syntax syntax = {"vegeta", ARGUMENTS_GO, options, COUNT_OF(options)};
static const struct argument_option global_options[] = {TEXT("cpus"),
		TEXT("profile"),
		SWITCH("version")};
static const struct argument_syntax global_syntax = {"vegeta", ARGUMENTS_GO, global_options, 3};

enum {
	GO_IDLE = 2 /* net/http: MaxIdleConnsPerHost of 0 */
};

/* "50", "50/1s", "3000/m", "0", "infinity": attack.go rateFlag. */
static bool read_rate(const struct plan_context *context, struct vegeta *v, struct error *err)
{
	const struct argument *a = arguments_last(&v->arguments, VEGETA_RATE);
	struct error why = {0};
	double number, per = 1;
	if (!a)
		return true;
	if (!strcmp(a->text, "infinity")) {
		v->rate = 0;
		return true;
	}
	const char *slash = strchr(a->text, '/');
	const char *digits = slash ? arena_copy(context->arena, a->text, (size_t)(slash - a->text))
							   : a->text;
	const char *unit = slash ? slash + 1 : "1s";
	if (*unit < '0' || *unit > '9')
		unit = arena_printf(context->arena, "1%s", unit);
	if (!quantity_read(digits, &quantity_count, &number, &why) ||
			!quantity_read(unit, &quantity_go_duration, &per, &why))
		return error_set(err, "vegeta: %s: %s; a rate is 50/1s", a->shown, why.text);
	if (per <= 0)
		return error_set(err, "vegeta: %s: no time to divide by", a->shown);
	v->rate = number / per;
	return true;
}

/* What stands behind a word that is no option is not read: Go's flag package stops there. */
static void note_words(struct plan *plan, const struct arguments *a)
{
	if (!a->word_count)
		return;
	const char *word = text_clean(plan->arena, a->words[0], strlen(a->words[0]), 40);
	plan_find(plan,
			"plan-ignored-words",
			"warning",
			"vegeta",
			arena_printf(plan->arena,
					"vegeta 12.13 stops reading options at \"%s\" and ignores all behind it. A "
					"switch "
					"takes its value by \"=\": -keepalive=false.",
					word));
}

static bool check_options(const struct vegeta *v, struct error *err)
{
	const struct arguments *a = &v->arguments;
	const char *format = arguments_text(a, VEGETA_FORMAT, "http");
	if (v->rate <= 0 && isinf(v->max_workers))
		return error_set(err, "vegeta: -rate=0 requires -max-workers");
	if (strcmp(format, "http") != 0 && strcmp(format, "json") != 0)
		return error_set(err, "vegeta: -format %.40s: http or json", format);
	if (v->h2c && arguments_given(a, VEGETA_SESSION_TICKETS))
		return error_set(err, "vegeta: -h2c and -session-tickets together end it with a panic");
	if (!v->h2c && *arguments_text(a, VEGETA_UNIX_SOCKET, ""))
		return error_set(err,
				"vegeta -unix-socket: a unix socket has no ports, and headroom judges TCP and UDP; "
				"of its limits only open files remain, one for each connection");
	return true;
}

/* -connections: 0 is Go's own default, and below 0 none is kept. */
static bool read_idle(struct vegeta *v, struct error *err)
{
	const char *text = arguments_text(&v->arguments, VEGETA_CONNECTIONS, "10000");
	if (text[0] == '-' && text[1]) {
		v->idle = -1;
		return !text[1 + strspn(text + 1, "0123456789")] ||
				error_set(err, "vegeta: -connections %.40s is no number", text);
	}
	if (!arguments_number(&v->arguments, VEGETA_CONNECTIONS, &quantity_count, &v->idle, err))
		return false;
	if (v->idle == 0)
		v->idle = GO_IDLE;
	return true;
}

static bool read_pool(struct vegeta *v, struct error *err)
{
	const char *text = arguments_text(&v->arguments, VEGETA_MAX_CONNECTIONS, "0");
	if (text[0] == '-')
		return true; /* below 0: no bound, as 0 */
	return arguments_number(&v->arguments,
			VEGETA_MAX_CONNECTIONS,
			&quantity_count,
			&v->max_connections,
			err);
}

static void read_closes(struct vegeta *v)
{
	const struct argument *keepalive = arguments_last(&v->arguments, VEGETA_KEEPALIVE);
	size_t cursor = 0;
	if (keepalive && !arguments_given(&v->arguments, VEGETA_KEEPALIVE) && !v->h2c)
		v->no_keepalive = keepalive->shown;
	for (const struct argument *h; (h = arguments_next(&v->arguments, VEGETA_HEADER, &cursor));)
		if (header_closes(h->text))
			v->header_closes = h->shown;
}

static bool vegeta_read_options(const struct plan_context *context,
		const struct plan_command *command,
		struct vegeta *v,
		struct error *err)
{
	const struct arguments *a = &v->arguments;
	struct arguments global;
	*v = (struct vegeta){.rate = 50, .timeout_s = 30, .max_workers = INFINITY, .idle = 10000};
	if (!arguments_read(context->arena,
				&global_syntax,
				command->words + 1,
				command->count - 1,
				&global,
				err))
		return false;
	size_t from = command->count - global.word_count + 1; /* behind "attack" */
	if (!arguments_read(context->arena,
				&syntax,
				command->words + from,
				command->count - from,
				&v->arguments,
				err))
		return false;
	const struct argument *http2 = arguments_last(a, VEGETA_HTTP2);
	v->h2c = arguments_given(a, VEGETA_H2C);
	v->no_http2 = http2 && !arguments_given(a, VEGETA_HTTP2);
	read_closes(v);
	return read_rate(context, v, err) &&
			arguments_number(a, VEGETA_DURATION, &quantity_go_duration, &v->duration_s, err) &&
			arguments_number(a, VEGETA_TIMEOUT, &quantity_go_duration, &v->timeout_s, err) &&
			arguments_number(a, VEGETA_MAX_WORKERS, &quantity_count, &v->max_workers, err) &&
			read_idle(v, err) && read_pool(v, err) && check_options(v, err);
}

static bool read_targets(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct vegeta *v,
		struct error *err)
{
	const char *path = arguments_text(&v->arguments, VEGETA_TARGETS, "stdin"), *text = NULL;
	bool json = !strcmp(arguments_text(&v->arguments, VEGETA_FORMAT, "http"), "json");
	size_t length;
	bool good;
	if (!strcmp(path, "stdin"))
		good = plan_input(context, command, &text, err);
	else
		good = plan_file(context, command, path, "vegeta -targets", &text, &length, err);
	if (!good)
		return false;
	if (text)
		return vegeta_targets_read(plan->arena, text, json, "targets", &v->targets, err);
	plan_ask(plan,
			context,
			"the targets come from standard input and are not known before",
			W_DESTINATIONS,
			WORKLOAD_FIELDS);
	return true;
}

/* Where vegeta dials for a target: lists of what -connect-to puts in its place. */
static void dialled(struct arena *arena,
		const struct vegeta *v,
		const char *target,
		struct name_list *ret)
{
	size_t cursor = 0, length = strlen(target);
	*ret = (struct name_list){0};
	for (const struct argument *c;
			(c = arguments_next(&v->arguments, VEGETA_CONNECT_TO, &cursor)) && !v->h2c;)
		if (!strncmp(c->text, target, length) && c->text[length] == ':')
			name_list_append(arena, ret, c->text + length + 1);
	if (!ret->count)
		name_list_append(arena, ret, target);
}

static size_t count_colons(const char *text)
{
	size_t colons = 0;
	for (const char *at = text; *at; at++) {
		if (*at == ':')
			colons++;
	}
	return colons;
}

static bool check_connect_to(const struct vegeta *v, struct error *err)
{
	size_t cursor = 0;
	for (const struct argument *c;
			(c = arguments_next(&v->arguments, VEGETA_CONNECT_TO, &cursor));) {
		if (count_colons(c->text) != 3)
			return error_set(err, "vegeta: %s: it is written HOST:PORT:HOST:PORT", c->shown);
	}
	return true;
}

struct vegeta_route {
	struct name_list to;    /* where connections go */
	struct name_list pools; /* what shares idle connections */
	const char *proxy_from; /* the variable that names a proxy, or NULL */
	size_t most_of_one;     /* destinations that stand for one target */
};

static bool add_route(const struct plan_context *context,
		const struct plan_command *command,
		const struct vegeta *v,
		size_t i,
		struct vegeta_route *route,
		struct error *err)
{
	const char *target = v->targets.hosts.items[i], *proxy = NULL, *variable = NULL;
	bool tls = plan_url_is_tls(v->targets.urls.items[i]);
	struct name_list places;
	if (!v->h2c && !go_proxy(context, command, target, tls, &proxy, &variable, err))
		return false;
	if (proxy)
		route->proxy_from = variable;
	const char *pool = target;
	if (proxy && !tls)
		pool = proxy;
	if (proxy)
		target = proxy;
	name_list_append(context->arena, &route->pools, pool);
	dialled(context->arena, v, target, &places);
	size_t times = route->most_of_one / places.count;
	if (times < 1)
		times = 1;
	for (size_t n = 0; n < places.count * times; n++) {
		const char *place = places.items[n % places.count];
		name_list_append(context->arena, &route->to, place);
	}
	return true;
}

static size_t most_places(const struct plan_context *context, const struct vegeta *v)
{
	size_t most = 1;
	struct name_list places;
	if (!arguments_last(&v->arguments, VEGETA_CONNECT_TO))
		return most;
	for (size_t i = 0; i < v->targets.hosts.count; i++) {
		dialled(context->arena, v, v->targets.hosts.items[i], &places);
		if (places.count > most)
			most = places.count;
	}
	return most;
}

static bool set_destinations(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct vegeta *v,
		struct error *err)
{
	struct vegeta_route route = {.most_of_one = most_places(context, v)};
	const unsigned *weights;
	if (!check_connect_to(v, err))
		return false;
	for (size_t i = 0; i < v->targets.hosts.count; i++)
		if (!add_route(context, command, v, i, &route, err))
			return false;
	if (!route.to.count)
		return true;
	const char *from = route.proxy_from ? route.proxy_from : "targets";
	if (arguments_last(&v->arguments, VEGETA_CONNECT_TO) && !v->h2c)
		from = "-connect-to";
	plan->tls = v->targets.tls && !v->h2c && !route.proxy_from;
	v->hosts = (double)
			destinations_unique(plan->arena, route.pools.items, route.pools.count, &weights);
	return plan_destinations(plan, route.to.items, route.to.count, CONFIDENCE_EXACT, from, err);
}

static bool vegeta_set_bind(struct plan *plan, const struct arguments *a, struct error *err)
{
	const struct argument *address = arguments_last(a, VEGETA_LADDR);
	struct address any;
	if (!address || (address_parse_text(address->text, &any) && address_is_any(&any))) {
		plan_choice(plan,
				W_BIND,
				"wildcard",
				CONFIDENCE_EXACT,
				"vegeta binds 0.0.0.0 before it connects");
		return true;
	}
	plan_choice(plan, W_BIND, "address", CONFIDENCE_EXACT, address->shown);
	return workload_set(plan->arena,
			&plan->workload,
			W_SOURCE_ADDRESSES,
			address->text,
			address->shown,
			err);
}

/* net.Resolver finds no host without a name, and vegeta asks it unless -dns-ttl=-1. */
static void note_without_host(struct plan *plan, const struct vegeta *v)
{
	const char *ttl = arguments_text(&v->arguments, VEGETA_DNS_TTL, "0");
	if (!v->targets.without_host || ttl[0] == '-' || v->h2c)
		return;
	plan_find(plan,
			"plan-no-host",
			"warning",
			"targets",
			"A target has no host. vegeta 12.13 does not find it (\"no such host\") unless "
			"-dns-ttl=-1 is given, and every such request fails: write http://localhost:PORT/.");
}

static bool read_vegeta(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct vegeta v;
	if (!vegeta_read_options(context, command, &v, err) ||
			!read_targets(context, command, plan, &v, err) ||
			!set_destinations(context, command, plan, &v, err) ||
			!vegeta_set_bind(plan, &v.arguments, err))
		return false;
	if (v.targets.known && v.targets.closing == v.targets.count && !v.header_closes)
		v.header_closes = v.targets.closing_at;
	double hosts = plan_given(context, W_DESTINATIONS);
	if (!isnan(hosts) && !v.targets.known)
		v.hosts = hosts;
	note_words(plan, &v.arguments);
	note_without_host(plan, &v);
	vegeta_plan_load(context, plan, &v);
	return true;
}

/* `-cpus 2`, `--profile cpu`: an option of the program whose value is the next word. */
static bool takes_next(const char *word)
{
	static const char *const names[] = {"cpus", "profile"};
	word += strspn(word, "-");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!strcmp(word, names[i]))
			return true;
	}
	return false;
}

/* The command stands behind the program's own options: `vegeta -cpus=2 attack`. */
static bool attacks(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		if (*word != '-')
			return !strcmp(word, "attack");
		if (takes_next(word))
			i++;
	}
	return false;
}

static const char *const programs[] = {"vegeta", NULL};
static const char *const images[] = {"peterevans/vegeta", "tsenart/vegeta", NULL};
const struct plan_reader plan_reader_vegeta = {
		.tool = "vegeta",
		.programs = programs,
		.images = images,
		.runtime = "go",
		.read = read_vegeta,
		.loads = attacks,
		.help = "attack -rate -duration -targets -format -keepalive -connections -max-connections "
				"-max-workers -timeout -laddr -header -lazy -h2c -http2 -connect-to; "
				"echo … | vegeta",
};

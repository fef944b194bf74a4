/* vegeta's targets and what stands between it and them (12.13.0: attack.go, flags.go,
 * lib/attack.go). */
#include "probes/plan/tool/vegeta_source.h"

#include <string.h>

#include "base/list.h"
#include "model/load/destination.h"
#include "probes/plan/tool/go_client.h"
#include "probes/plan/tool/vegeta_targets.h"

/* The rule's term of this name. */
static const struct data_term *term_of(const struct data *data, const char *name)
{
	static const struct data_term none;
	const struct data_term *term = data_term_of(data, name);
	if (!term)
		return &none;
	return term;
}

static bool holds(const struct data *data, const char *name)
{
	struct value value = term_of(data, name)->value;
	return value.kind == VALUE_BOOL && value.number != 0;
}

static bool is_text(const struct data *data, const char *name, const char *text)
{
	const char *value = term_of(data, name)->text;
	return value && !strcmp(value, text);
}

static bool read_targets(struct data *data, struct vegeta_targets *ret)
{
	const struct data_term *targets = term_of(data, "targets");
	const char *text = NULL;
	size_t length;
	bool good;
	*ret = (struct vegeta_targets){.count = 0};
	bool standard = is_text(data, "targets", "stdin") || is_text(data, "targets", "/dev/stdin");
	if (!targets->text || standard)
		good = plan_input(data->context, data->command, &text, data->err);
	else
		good = plan_file(data->context,
				data->command,
				targets->text,
				"vegeta -targets",
				&text,
				&length,
				data->err);
	if (!good)
		return false;
	bool json = is_text(data, "format", "json");
	if (text)
		return vegeta_targets_read(data->context->arena, text, json, "targets", ret, data->err);
	plan_ask(data->plan,
			data->context,
			"the targets come from standard input and are not known before the run",
			W_DESTINATIONS,
			WORKLOAD_FIELDS);
	return true;
}

/* What -connect-to puts in the place of a target; itself, where it says nothing of it. HTTP/2
 * without TLS has a dialler of its own. */
static void dialed(const struct data *data, const char *target, struct name_list *ret)
{
	struct arena *arena = data->context->arena;
	const struct data_term *connect = term_of(data, "connect_to");
	size_t length = strlen(target);
	*ret = (struct name_list){0};
	for (size_t i = 0; i < connect->count && !holds(data, "h2c"); i++) {
		const char *text = connect->texts[i];
		if (!strncmp(text, target, length) && text[length] == ':')
			name_list_append(arena, ret, text + length + 1);
	}
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

static bool check_connect_to(const struct data *data)
{
	const struct data_term *connect = term_of(data, "connect_to");
	for (size_t i = 0; i < connect->count; i++) {
		if (count_colons(connect->texts[i]) != 3)
			return error_set(data->err,
					"vegeta: %s: write it as HOST:PORT:HOST:PORT",
					connect->shown);
	}
	return true;
}

struct vegeta_route {
	struct name_list to;    /* where connections go */
	struct name_list pools; /* what shares idle connections */
	const char *from;
	bool by_proxy;
	size_t most_of_one; /* destinations that stand for one target */
	bool direct;        /* to each target itself: no proxy, nothing instead of it */
};

static bool add_route(const struct data *data,
		const struct vegeta_targets *targets,
		size_t i,
		struct vegeta_route *route)
{
	struct arena *arena = data->context->arena;
	const char *target = targets->hosts.items[i], *pool = target, *proxy = NULL, *variable;
	bool tls = plan_url_is_tls(targets->urls.items[i]);
	struct name_list places;
	if (route->direct) {
		name_list_append(arena, &route->to, target);
		return true;
	}
	if (!holds(data, "h2c") &&
			!go_proxy(data->context, data->command, target, tls, &proxy, &variable, data->err))
		return false;
	if (proxy) {
		route->by_proxy = true;
		route->from = variable;
		target = proxy;
		if (!tls)
			pool = proxy;
	}
	name_list_append(arena, &route->pools, pool);
	dialed(data, target, &places);
	size_t times = route->most_of_one / places.count;
	if (times < 1)
		times = 1;
	for (size_t n = 0; n < places.count * times; n++) {
		const char *place = places.items[n % places.count];
		name_list_append(arena, &route->to, place);
	}
	return true;
}

static size_t most_places(const struct data *data, const struct vegeta_targets *targets)
{
	size_t most = 1;
	struct name_list places;
	if (!term_of(data, "connect_to")->count)
		return most;
	for (size_t i = 0; i < targets->hosts.count; i++) {
		dialed(data, targets->hosts.items[i], &places);
		if (places.count > most)
			most = places.count;
	}
	return most;
}

/* Is there anything that may stand between vegeta and a target? */
static bool may_be_replaced(const struct data *data)
{
	return term_of(data, "connect_to")->count || go_names_proxy(data->context, data->command);
}

static bool set_destinations(struct data *data,
		const struct vegeta_targets *targets,
		size_t *ret_pools)
{
	struct vegeta_route route = {.from = "targets", .most_of_one = most_places(data, targets)};
	struct plan *plan = data->plan;
	const unsigned *weights;
	if (term_of(data, "connect_to")->count && !holds(data, "h2c"))
		route.from = "-connect-to";
	route.direct = holds(data, "h2c") || !may_be_replaced(data);
	for (size_t i = 0; i < targets->hosts.count; i++) {
		if (!add_route(data, targets, i, &route))
			return false;
	}
	plan->tls = targets->tls && !holds(data, "h2c") && !route.by_proxy;
	if (!plan_destinations(plan,
				route.to.items,
				route.to.count,
				CONFIDENCE_EXACT,
				route.from,
				data->err))
		return false;
	*ret_pools = (size_t)plan->workload.values[W_DESTINATIONS].number;
	if (!route.direct)
		*ret_pools =
				destinations_unique(plan->arena, route.pools.items, route.pools.count, &weights);
	return true;
}

bool vegeta_source(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX])
{
	struct vegeta_targets targets;
	size_t pools;
	if (!check_connect_to(data) || !read_targets(data, &targets))
		return false;
	if (!targets.count)
		return true; /* not known: asked for */
	if (!set_destinations(data, &targets, &pools))
		return false;
	ret_terms[0] = value_number((double)targets.count, UNIT_COUNT);
	ret_terms[1] = value_number((double)targets.closing, UNIT_COUNT);
	if (targets.closing)
		ret_terms[2] = value_text(targets.closing_at);
	ret_terms[3] = value_number((double)pools, UNIT_COUNT);
	ret_terms[4] = value_bool(targets.tls);
	ret_terms[5] = value_bool(targets.without_host);
	return true;
}

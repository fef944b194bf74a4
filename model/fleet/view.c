/* Turning the loads of a plan around. The field `closer` names a side, not this host: it is the
 * same from both ends. */
#include "model/fleet/view.h"

#include <string.h>

#include "base/array.h"

static const char *const role_names[FLEET_ROLES] = {"client", "proxy", "server", "both"};

const char *fleet_role_name(enum fleet_role role)
{
	if (role == FLEET_UNSAID)
		return NULL;
	return role_names[role];
}

bool fleet_role_from_name(const char *name, enum fleet_role *ret)
{
	for (size_t i = 0; i < FLEET_ROLES; i++) {
		if (strcmp(name, role_names[i]) != 0)
			continue;
		*ret = (enum fleet_role)i;
		return true;
	}
	return false;
}

/* What is said of the connections, whichever end is looked at. */
static const enum workload_field connection_fields[] = {
		W_NAME,
		W_PROTOCOL,
		W_CONNECTIONS,
		W_OPEN_RATE,
		W_RAMP_RATE,
		W_LIFETIME,
		W_LIFETIME_SPREAD,
		W_START,
		W_BURST,
		W_DURATION,
		W_TIMEOUT,
		W_OPENS_TOTAL,
		W_REQUESTS,
		W_LATENCY,
		W_REQUESTS_PER_CONNECTION,
		W_STREAMS,
		W_PEER_MAX_STREAMS,
		W_CLOSER,
		W_STAGES,
		W_GROUPS,
};

/* What is said of whoever accepts them. */
static const enum workload_field listener_fields[] = {W_BURST_WINDOW, W_BACKLOG, W_DESTINATIONS};

static void take_fields(struct workload *to,
		const struct workload *from,
		const enum workload_field *fields,
		size_t count)
{
	for (size_t i = 0; i < count; i++)
		to->values[fields[i]] = from->values[fields[i]];
}

static struct workload_value text_value(const char *text, const char *from)
{
	return (struct workload_value){.set = true, .text = text, .from = from};
}

static struct workload_value count_value(double count, const char *from)
{
	return (struct workload_value){.set = true,
			.number = count,
			.from = from,
			.confidence = CONFIDENCE_ESTIMATE};
}

static enum fleet_role role_of(const struct workload *load)
{
	enum fleet_role role = FLEET_CLIENT;
	const char *said = load->values[W_ROLE].text;
	if (said)
		(void)fleet_role_from_name(said, &role);
	return role;
}

enum fleet_role fleet_plan_role(const struct loads *plan)
{
	enum fleet_role first = role_of(&plan->items[0]);
	for (size_t i = 1; i < plan->count; i++)
		if (role_of(&plan->items[i]) != first)
			return FLEET_UNSAID;
	return first;
}

/* The client closes only a part: at the other end all that may be the server's count. */
static void say_other_closer(struct workload *view, const struct workload *load)
{
	if (!load->values[W_CLIENT_CLOSES].set || load->values[W_CLOSER].set)
		return;
	view->values[W_CLOSER] = text_value("server", load->values[W_CLIENT_CLOSES].from);
}

static struct workload as_seen_from(const struct workload *load, enum fleet_role role)
{
	struct workload view = {
			.title = load->title,
			.stages = load->stages,
			.stage_count = load->stage_count,
			.groups = load->groups,
			.group_count = load->group_count,
			.confidence = load->confidence,
			.first_version = load->first_version,
	};
	take_fields(&view, load, connection_fields, COUNT_OF(connection_fields));
	if (role_of(load) != FLEET_PROXY) /* there it is about the upstream side */
		say_other_closer(&view, load);
	view.values[W_ROLE] = text_value(fleet_role_name(role), "hosts");
	return view;
}

/* The same program, where the other end is now with_other_end it, or no longer. */
static struct workload with_other_end(const struct workload *load, enum fleet_role role)
{
	struct workload view = *load;
	struct workload_value *each = &view.values[W_FDS_PER_CONNECTION];
	view.values[W_ROLE] = text_value(fleet_role_name(role), "hosts");
	if (role == FLEET_BOTH)
		each->number++;
	else
		each->set = false;
	return view;
}

static struct workload client_view(const struct workload *load)
{
	if (role_of(load) == FLEET_BOTH)
		return with_other_end(load, FLEET_CLIENT);
	/* A server's list names its listeners, which may be [::]:443. */
	return as_seen_from(load, FLEET_CLIENT);
}

static void say_servers(struct workload *view, const struct fleet_way_through *way)
{
	if (view->values[W_UP_DESTINATIONS].set || way->servers == 0)
		return;
	view->values[W_UP_DESTINATIONS] = count_value((double)way->servers, "one for each server");
}

static struct workload proxy_view(const struct workload *load, const struct fleet_way_through *way)
{
	struct workload view = *load;
	if (role_of(load) != FLEET_PROXY) {
		view = as_seen_from(load, FLEET_PROXY);
		if (role_of(load) != FLEET_SERVER)
			take_fields(&view, load, listener_fields, COUNT_OF(listener_fields));
	}
	say_servers(&view, way);
	return view;
}

/* Proxies whose other side has numbers of its own. */
static void take_upstream(struct workload *view, const struct workload *proxy)
{
	static const enum workload_field gone[] = {W_LIFETIME, W_RAMP_RATE, W_START, W_OPENS_TOTAL};
	const struct workload_value *values = proxy->values;
	bool assumed = values[W_UP_CONNECTIONS].assumed && values[W_UP_OPEN_RATE].assumed;
	if (assumed || proxy->stage_count > 0)
		return;
	view->values[W_CONNECTIONS] = values[W_UP_CONNECTIONS];
	view->values[W_OPEN_RATE] = values[W_UP_OPEN_RATE];
	for (size_t i = 0; i < COUNT_OF(gone); i++)
		view->values[gone[i]].set = false;
}

/* Behind proxies it is they who open the connections, and close them unless the plan says
 * otherwise. */
static bool behind_proxies(struct arena *arena,
		const struct workload *proxy,
		struct workload *ret_view,
		struct error *err)
{
	struct assumption *assumptions;
	struct workload whole = *proxy;
	size_t count;
	if (!workload_complete(arena, &whole, &assumptions, &count, err))
		return false;
	*ret_view = as_seen_from(proxy, FLEET_SERVER);
	take_upstream(ret_view, &whole);
	ret_view->values[W_CLOSER] = whole.values[W_UP_CLOSER];
	if (proxy->values[W_UP_DESTINATIONS].list) /* else it does not say where they listen */
		ret_view->values[W_DESTINATIONS] = proxy->values[W_UP_DESTINATIONS];
	return true;
}

static bool server_view(struct arena *arena,
		const struct workload *load,
		const struct fleet_way_through *way,
		struct workload *ret_view,
		struct error *err)
{
	enum fleet_role role = role_of(load);
	if (role == FLEET_PROXY || way->proxies > 0) {
		const struct workload proxy = proxy_view(load, way);
		return behind_proxies(arena, &proxy, ret_view, err);
	}
	*ret_view = as_seen_from(load, FLEET_SERVER);
	take_fields(ret_view, load, listener_fields, COUNT_OF(listener_fields));
	return true;
}

static bool view_load(struct arena *arena,
		const struct workload *load,
		enum fleet_role role,
		const struct fleet_way_through *way,
		struct workload *ret_view,
		struct error *err)
{
	*ret_view = *load;
	if (role == FLEET_PROXY)
		*ret_view = proxy_view(load, way);
	else if (role == role_of(load))
		return true;
	else if (role == FLEET_SERVER)
		return server_view(arena, load, way, ret_view, err);
	else if (role == FLEET_CLIENT)
		*ret_view = client_view(load);
	else
		*ret_view = with_other_end(load, role);
	return true;
}

bool fleet_view(struct arena *arena,
		const struct loads *plan,
		enum fleet_role role,
		const struct fleet_way_through *way,
		struct loads *ret_view,
		struct error *err)
{
	struct error why = {0};
	*ret_view = loads_copy(arena, plan);
	if (role == FLEET_UNSAID)
		return true;
	for (size_t i = 0; i < plan->count; i++) {
		struct workload *load = &ret_view->items[i];
		if (!view_load(arena, &plan->items[i], role, way, load, &why))
			return error_set(err, "%.60s: %s", loads_name(arena, plan, i), why.text);
	}
	return true;
}

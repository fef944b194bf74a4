/* What a sampler opens: to which host, how many connections of one user, and whether they stay.
 * Sources: HTTPSamplerBase.java (getUrl, getProtocol, getPort), HTTPHC4Impl.java,
 * HTTPJavaImpl.java, TCPSampler.java. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/jmeter/jmeter.h"
#include "probes/plan/tool/closing.h"

/* Downloads at once where the plan does not say (HTTPSamplerBaseSchema.kt). */
static const double default_pool = 6;

static bool text_is(const char *text, const char *other)
{
	return text && strcasecmp(text, other) == 0;
}

/* The setting's text, "" where nobody sets it, NULL where it is not known before. */
static const char *setting(struct jmeter *j,
		const struct jmeter_scope *scope,
		enum jmeter_setting which)
{
	if (!scope->settings[which])
		return "";
	return jmeter_value(j, scope->settings[which], NULL);
}

static bool setting_is_true(struct jmeter *j,
		const struct jmeter_scope *scope,
		enum jmeter_setting which,
		bool otherwise)
{
	const char *text = setting(j, scope, which);
	if (!text || !*text)
		return otherwise;
	return text_is(text, "true");
}

static void jmeter_remember(struct jmeter *j, const char **place, const struct tree_node *node)
{
	if (!*place)
		*place = document_where(&j->document, node);
}

void jmeter_group_host(struct jmeter *j,
		struct jmeter_group *group,
		const char *name,
		double parallel)
{
	size_t i = 0;
	while (i < group->host_count && strcmp(group->hosts[i].name, name) != 0)
		i++;
	if (i < group->host_count) {
		group->hosts[i].parallel = fmax(group->hosts[i].parallel, parallel);
		return;
	}
	if (i == JMETER_HOSTS_MAX) {
		group->hosts[i - 1].parallel += parallel;
		return;
	}
	group->hosts = arena_grow(j->arena,
			group->hosts,
			group->host_count,
			&group->host_capacity,
			sizeof *group->hosts);
	group->hosts[group->host_count++] = (struct jmeter_host){name, parallel};
}

void jmeter_target(struct jmeter *j, const char *target, bool tls)
{
	for (size_t i = 0; i < j->target_count; i++)
		if (strcmp(j->targets[i], target) == 0)
			return;
	if (j->target_count == JMETER_TARGETS_MAX)
		return;
	j->targets[j->target_count++] = target;
	j->tls_count += tls;
}

/* The URL of an HTTP sampler as far as its host; NULL where that is not known. JMeter puts an IPv6
 * address in brackets (java.net.URL). */
static const char *http_url(struct jmeter *j, const struct jmeter_scope *scope)
{
	const char *path = setting(j, scope, JMETER_PATH);
	const char *domain = setting(j, scope, JMETER_DOMAIN);
	const char *port = setting(j, scope, JMETER_PORT);
	const char *protocol = setting(j, scope, JMETER_PROTOCOL);
	if (path && (text_begins_with(path, "http://") || text_begins_with(path, "https://")))
		return path;
	if (!domain || !*domain || !port || !protocol || strstr(domain, "://"))
		return NULL;
	if (!*protocol)
		protocol = "http";
	const char *colon = strchr(domain, ':');
	if (colon && strchr(colon + 1, ':') && *domain != '[')
		domain = arena_printf(j->arena, "[%s]", domain);
	port += strspn(port, " \t");
	port = arena_copy(j->arena, port, strspn(port, "0123456789"));
	if (!*port || strcmp(port, "0") == 0)
		return arena_printf(j->arena, "%s://%s", protocol, domain);
	return arena_printf(j->arena, "%s://%s:%s", protocol, domain, port);
}

/* The proxy that the plan or the command line names; NULL: none. */
static const char *proxy_of(struct jmeter *j, const struct jmeter_scope *scope)
{
	const char *host = setting(j, scope, JMETER_PROXY_HOST);
	const char *port = setting(j, scope, JMETER_PROXY_PORT);
	struct error ignored;
	if (!host || !*host || !port || !*port)
		return j->proxy;
	const char *both = arena_printf(j->arena, "%s:%s", host, port);
	return plan_url_target(j->arena, both, &ignored);
}

/* What stands for a host that is not known: two samplers with the same text have the same host. */
static const char *unknown_host(const struct jmeter_scope *scope, const struct tree_node *node)
{
	if (scope->settings[JMETER_DOMAIN])
		return scope->settings[JMETER_DOMAIN]->text;
	if (scope->settings[JMETER_PATH] && strstr(scope->settings[JMETER_PATH]->text, "${"))
		return scope->settings[JMETER_PATH]->text;
	return node->name;
}

static bool is_java(struct jmeter *j, const struct jmeter_scope *scope)
{
	const char *text = setting(j, scope, JMETER_IMPLEMENTATION);
	const struct jmeter_property *set = jmeter_property_find(&j->properties, "jmeter.httpsampler");
	if (text && !*text && set)
		text = set->value;
	return text_is(text, "Java");
}

static bool header_says_close(struct jmeter *j, const struct jmeter_scope *scope)
{
	if (!scope->connection)
		return false;
	const char *value = jmeter_value(j, scope->connection, NULL);
	return value && header_closes(arena_printf(j->arena, "Connection: %s", value));
}

static double download_pool(struct jmeter *j, const struct jmeter_scope *scope)
{
	const char *text = setting(j, scope, JMETER_POOL);
	struct error ignored;
	double pool;
	if (!text || !*text || !quantity_read(text, &quantity_count, &pool, &ignored))
		return default_pool;
	return fmax(1, pool);
}

/* Connections of one user to the host at once; more than one downloads what the page embeds. */
static double parallel_of(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	if (!setting_is_true(j, scope, JMETER_EMBEDDED, false))
		return 1;
	if (!setting_is_true(j, scope, JMETER_CONCURRENT, false))
		return 1;
	double pool = download_pool(j, scope);
	if (pool > 1) {
		group->download_pool = fmax(group->download_pool, pool);
		group->downloads = node;
	}
	return pool;
}

/* Does each sample open a connection, and who closes it? JMeter asks the server to close where
 * nobody sets keep-alive. */
static void read_closing(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times)
{
	const struct tree_node *said = scope->settings[JMETER_KEEPALIVE];
	bool kept = setting_is_true(j, scope, JMETER_KEEPALIVE, false);
	if (!said)
		said = node;
	if (header_says_close(j, scope)) {
		said = scope->connection;
		kept = false;
	}
	if (!kept) {
		group->server_closes += times;
		jmeter_remember(j, &j->server_closes, said);
	} else if (is_java(j, scope)) {
		group->client_closes += times;
		jmeter_remember(j, &j->client_closes, node);
	}
}

/* HttpClient has a pool for each host, also behind a proxy. */
static void read_http(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times)
{
	const char *url = http_url(j, scope);
	const char *proxy = proxy_of(j, scope);
	const char *host = NULL;
	struct error ignored;
	if (url)
		host = plan_url_target(j->arena, url, &ignored);
	if (proxy)
		jmeter_target(j, proxy, false);
	else if (host)
		jmeter_target(j, host, plan_url_is_tls(url));
	else
		jmeter_remember(j, &j->unresolved, node);
	if (!host)
		host = unknown_host(scope, node);
	jmeter_group_host(j, group, host, parallel_of(j, scope, node, group));
	group->samples += times;
	read_closing(j, scope, node, group, times);
}

static void read_tcp(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times)
{
	const char *server = setting(j, scope, JMETER_TCP_SERVER);
	const char *port = setting(j, scope, JMETER_TCP_PORT), *target = NULL;
	struct error ignored;
	if (server && *server && port && *port)
		target = plan_url_target(j->arena, arena_printf(j->arena, "%s:%s", server, port), &ignored);
	group->samples += times;
	if (!setting_is_true(j, scope, JMETER_TCP_REUSE, true) ||
			setting_is_true(j, scope, JMETER_TCP_CLOSE, false)) {
		group->client_closes += times;
		jmeter_remember(j, &j->client_closes, node);
	}
	if (target) {
		jmeter_target(j, target, false);
		jmeter_group_host(j, group, target, 1);
		return;
	}
	jmeter_remember(j, &j->unresolved, node);
	jmeter_group_host(j, group, "TCPSampler", 1);
}

/* A Java Request runs any class; those that JMeter brings open nothing. */
static bool java_opens_nothing(const struct tree_node *node)
{
	const struct tree_node *class = jmeter_node(node, "classname");
	return !class || text_begins_with(class->text, "org.apache.jmeter.protocol.java.test.");
}

static bool opens_nothing(const struct tree_node *node)
{
	static const char *const silent[] = {"DebugSampler",
			"JSR223Sampler",
			"BeanShellSampler",
			"BSFSampler",
			"SystemSampler",
			"AccessLogSampler",
			"kg.apc.jmeter.samplers.DummySampler",
			"kg.apc.jmeter.dummy.DummySampler"};
	for (size_t i = 0; i < COUNT_OF(silent); i++)
		if (strcmp(silent[i], node->name) == 0)
			return true;
	return strcmp(node->name, "JavaSampler") == 0 && java_opens_nothing(node);
}

/* "Flow Control Action": a pause in the midst of the samplers. */
static void read_action(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times)
{
	static const double ms_per_s = 1000;
	const char *action = jmeter_text(j, node, "ActionProcessor.action", NULL);
	double pause = jmeter_guess(j, node, "ActionProcessor.duration") / ms_per_s;
	if (!text_is(action, "1"))
		return;
	if (isnan(pause))
		group->timers_unknown = true;
	else
		group->pause_s += pause * times;
}

bool jmeter_is_sampler(const struct tree_node *node)
{
	if (jmeter_ends_with(node->name, "ParallelSampler"))
		return false; /* a controller */
	return jmeter_ends_with(node->name, "Sampler") || text_begins_with(node->name, "HTTPSampler") ||
			strcmp(node->name, "TestAction") == 0 || strstr(node->name, "WebSocket");
}

static void read_other(struct jmeter *j, const struct tree_node *node)
{
	const char *dot = strrchr(node->name, '.'), *name = node->name;
	if (j->other_sampler)
		return;
	if (dot)
		name = dot + 1;
	if (strcmp(node->name, "JavaSampler") == 0)
		name = jmeter_node(node, "classname")->text;
	jmeter_remember(j, &j->other_sampler, node);
	j->other_name = text_clean(j->arena, name, strlen(name), 60);
}

void jmeter_sampler(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times)
{
	struct jmeter_scope own = *scope;
	jmeter_scope_own(&own, node);
	group->pause_s += own.pause_s * times;
	group->most_per_s = fmin(group->most_per_s, own.most_per_s);
	group->timers_unknown |= own.timers_unknown;
	group->by_chance |= own.by_chance;
	if (strcmp(node->name, "TestAction") == 0)
		read_action(j, node, group, times);
	else if (text_begins_with(node->name, "HTTPSampler"))
		read_http(j, &own, node, group, times);
	else if (strcmp(node->name, "TCPSampler") == 0)
		read_tcp(j, &own, node, group, times);
	else if (!opens_nothing(node))
		read_other(j, node);
}

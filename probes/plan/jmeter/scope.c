/* What an element takes over from configuration elements and timers of the trees around it: the
 * nearest that says something counts, and of one tree its first. An empty text says nothing.
 * Sources: TestCompiler.java (saveSamplerConfigs), AbstractTestElement.java (addProperty: a text
 * that is empty is replaced, a boolean that is there is not). */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "probes/plan/jmeter/jmeter.h"

static const char *const setting_names[JMETER_SETTINGS] = {
		[JMETER_DOMAIN] = "HTTPSampler.domain",
		[JMETER_PORT] = "HTTPSampler.port",
		[JMETER_PROTOCOL] = "HTTPSampler.protocol",
		[JMETER_PATH] = "HTTPSampler.path",
		[JMETER_KEEPALIVE] = "HTTPSampler.use_keepalive",
		[JMETER_EMBEDDED] = "HTTPSampler.image_parser",
		[JMETER_CONCURRENT] = "HTTPSampler.concurrentDwn",
		[JMETER_POOL] = "HTTPSampler.concurrentPool",
		[JMETER_IMPLEMENTATION] = "HTTPSampler.implementation",
		[JMETER_PROXY_HOST] = "HTTPSampler.proxyHost",
		[JMETER_PROXY_PORT] = "HTTPSampler.proxyPort",
		[JMETER_TCP_SERVER] = "TCPSampler.server",
		[JMETER_TCP_PORT] = "TCPSampler.port",
		[JMETER_TCP_REUSE] = "TCPSampler.reUseConnection",
		[JMETER_TCP_CLOSE] = "TCPSampler.closeConnection",
};

static const double ms_per_s = 1000, s_per_minute = 60;

/* The first child of each name that has a text. */
static void element_settings(const struct tree_node *element, const struct tree_node **settings)
{
	for (const struct tree_node *child = element->child; child; child = child->next) {
		const char *name = tree_text(child, "name");
		if (child->kind != TREE_ELEMENT || !name || !*child->text)
			continue;
		for (size_t i = 0; i < JMETER_SETTINGS; i++)
			if (!settings[i] && strcmp(setting_names[i], name) == 0)
				settings[i] = child;
	}
}

static void take_over(struct jmeter_scope *scope, const struct tree_node *const *own)
{
	for (size_t i = 0; i < JMETER_SETTINGS; i++)
		if (own[i])
			scope->settings[i] = own[i];
}

void jmeter_scope_own(struct jmeter_scope *scope, const struct tree_node *element)
{
	const struct tree_node *own[JMETER_SETTINGS] = {NULL};
	element_settings(element, own);
	take_over(scope, own);
}

/* The value of a header manager's "Connection", NULL where it has none. */
static const struct tree_node *connection_header(const struct tree_node *manager)
{
	for (const struct tree_node *at = manager; (at = tree_next(manager, at, "elementProp"));) {
		const struct tree_node *name = jmeter_node(at, "Header.name");
		if (name && strcasecmp(name->text, "Connection") == 0)
			return jmeter_node(at, "Header.value");
	}
	return NULL;
}

/* Milliseconds that this property of a timer says. */
static double time_of(struct jmeter *j, const struct tree_node *timer, const char *name)
{
	return jmeter_guess(j, timer, name) / ms_per_s;
}

/* A timer that lets so many samplers through: for each thread by itself, or for all of them. */
static bool throughput(struct jmeter *j, const struct tree_node *timer, struct jmeter_scope *scope)
{
	double each_minute = jmeter_guess(j, timer, "throughput");
	double period_s = jmeter_guess(j, timer, "throughputPeriod");
	const char *mode = jmeter_text(j, timer, "calcMode", NULL);
	if (!(each_minute > 0))
		return false;
	scope->by_chance = true; /* 353 in 8.5 s were seen of 30 a second, 215 in 8.3 s of 20 */
	if (jmeter_ends_with(timer->name, "PreciseThroughputTimer")) {
		if (!(period_s > 0))
			return false;
		scope->most_per_s = fmin(scope->most_per_s, each_minute / period_s);
	} else if (!mode || *mode == '0') {
		scope->pause_s = fmax(scope->pause_s, s_per_minute / each_minute);
	} else {
		scope->most_per_s = fmin(scope->most_per_s, each_minute / s_per_minute);
	}
	return true;
}

/* Adds a timer to the scope; false where its time is not written down. */
static bool add_timer(struct jmeter *j, const struct tree_node *timer, struct jmeter_scope *scope)
{
	static const struct {
		const char *name;
		double range; /* part of RandomTimer.range that comes to the delay, on average */
	} timers[] = {
			{"ConstantTimer", 0},
			{"UniformRandomTimer", 0.5},
			{"GaussianRandomTimer", 0},
			{"PoissonRandomTimer", 1},
	};
	size_t i = 0;
	if (jmeter_ends_with(timer->name, "ThroughputTimer"))
		return throughput(j, timer, scope);
	while (i < COUNT_OF(timers) && strcmp(timers[i].name, timer->name) != 0)
		i++;
	if (i == COUNT_OF(timers))
		return false;
	double pause = time_of(j, timer, "ConstantTimer.delay");
	if (timers[i].range > 0)
		pause += timers[i].range * time_of(j, timer, "RandomTimer.range");
	if (isnan(pause))
		return false;
	scope->pause_s += pause;
	return true;
}

/* One element of a tree, as far as it configures others. */
static void configure_scope(struct jmeter *j,
		const struct tree_node *element,
		const struct tree_node **settings,
		const struct tree_node **ret_connection,
		struct jmeter_scope *scope)
{
	if (strcmp(element->name, "ConfigTestElement") == 0)
		element_settings(element, settings);
	if (strcmp(element->name, "HeaderManager") == 0 && !*ret_connection)
		*ret_connection = connection_header(element);
	if (jmeter_ends_with(element->name, "Timer") && !add_timer(j, element, scope))
		scope->timers_unknown = true;
}

void jmeter_scope_enter(struct jmeter *j,
		const struct jmeter_scope *outer,
		const struct tree_node *tree,
		struct jmeter_scope *ret)
{
	const struct tree_node *own[JMETER_SETTINGS] = {NULL};
	const struct tree_node *connection = NULL;
	*ret = (struct jmeter_scope){.most_per_s = INFINITY};
	if (outer)
		*ret = *outer;
	for (const struct tree_node *at = tree->child; at; at = at->next) {
		if (at->kind == TREE_ELEMENT && jmeter_enabled(at))
			configure_scope(j, at, own, &connection, ret);
	}
	take_over(ret, own);
	if (connection)
		ret->connection = connection;
}

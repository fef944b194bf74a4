/* JMeter: thread groups of a .jmx file, their hosts, ramps and connection settings, with the
 * properties of the command line put in. What a variable from a file or a script decides is asked
 * for. Sources (5.6.3): bin/jmeter.properties, HTTPHC4Impl.java, HTTPSamplerBase.java,
 * AbstractThreadGroupSchema.kt. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/sort.h"
#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/jmeter.h"
#include "probes/plan/tool/tools.h"

enum {
	NESTING_MAX = 60,
	PARALLEL = 6,
	JVM_THREADS = 30,
	TTL_VERSION = 4
};

enum {
	O_NO_GUI,
	O_PLAN,
	O_LOG,
	O_JMETER_LOG,
	O_ADD,
	O_PROPERTIES,
	O_PROPERTY,
	O_GLOBAL,
	O_SYSTEM,
	O_SYSTEM_FILE,
	O_LEVEL,
	O_REMOTE,
	O_REMOTE_START,
	O_REMOTE_EXIT,
	O_PROXY_HOST,
	O_PROXY_PORT,
	O_PROXY_USER,
	O_PROXY_PASSWORD,
	O_NO_PROXY,
	O_HOME,
	O_SERVER,
	O_REPORT,
	O_REPORT_DIR,
	O_REPORT_ONLY,
	O_FORCE,
	O_VERSION,
	O_HELP,
	O_OPTIONS,
	OPTIONS
};

static const struct argument_option options[OPTIONS] = {
		[O_NO_GUI] = {"nongui", 'n', TAKES_NOTHING, NULL},
		[O_PLAN] = {"testfile", 't', TAKES_TEXT, NULL},
		[O_LOG] = {"logfile", 'l', TAKES_TEXT, NULL},
		[O_JMETER_LOG] = {"jmeterlogfile", 'j', TAKES_TEXT, NULL},
		[O_ADD] = {"addprop", 'q', TAKES_TEXT, NULL},
		[O_PROPERTIES] = {"propfile", 'p', TAKES_TEXT, NULL},
		[O_PROPERTY] = {"jmeterproperty", 'J', TAKES_TEXT, NULL},
		[O_GLOBAL] = {"globalproperty", 'G', TAKES_TEXT, NULL},
		[O_SYSTEM] = {"systemproperty", 'D', TAKES_TEXT, NULL},
		[O_SYSTEM_FILE] = {"systemPropertyFile", 'S', TAKES_TEXT, NULL},
		[O_LEVEL] = {"loglevel", 'L', TAKES_TEXT, NULL},
		[O_REMOTE] = {"runremote", 'r', TAKES_NOTHING, NULL},
		[O_REMOTE_START] = {"remotestart", 'R', TAKES_TEXT, NULL},
		[O_REMOTE_EXIT] = {"remoteexit", 'X', TAKES_NOTHING, NULL},
		[O_PROXY_HOST] = {"proxyHost", 'H', TAKES_TEXT, NULL},
		[O_PROXY_PORT] = {"proxyPort", 'P', TAKES_TEXT, NULL},
		[O_PROXY_USER] = {"username", 'u', TAKES_TEXT, NULL},
		[O_PROXY_PASSWORD] = {"password", 'a', TAKES_TEXT, NULL},
		[O_NO_PROXY] = {"nonProxyHosts", 'N', TAKES_TEXT, NULL},
		[O_HOME] = {"homedir", 'd', TAKES_TEXT, NULL},
		[O_SERVER] = {"server", 's', TAKES_NOTHING, NULL},
		[O_REPORT] = {"reportatendofloadtests", 'e', TAKES_NOTHING, NULL},
		[O_REPORT_DIR] = {"reportoutputfolder", 'o', TAKES_TEXT, NULL},
		[O_REPORT_ONLY] = {"reportonly", 'g', TAKES_TEXT, NULL},
		[O_FORCE] = {"forceDeleteResultFile", 'f', TAKES_NOTHING, NULL},
		[O_VERSION] = {"version", 'v', TAKES_NOTHING, NULL},
		[O_HELP] = {"help", 'h', TAKES_NOTHING, NULL},
		[O_OPTIONS] = {NULL, '?', TAKES_NOTHING, NULL},
};

static const struct argument_syntax syntax = {"jmeter",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

static void jmeter_add_name(const char **list, size_t *count, size_t most, const char *name)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i], name) == 0)
			return;
	if (*count < most)
		list[(*count)++] = name;
}

/* Host and port of a sampler, after the defaults of the configuration element. */
static void jmeter_add_host(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group,
		const char *prefix)
{
	const char *domain = jmeter_text(j, node, arena_printf(j->arena, "%sdomain", prefix), NULL);
	const char *port = jmeter_text(j, node, arena_printf(j->arena, "%sport", prefix), NULL);
	const char *protocol = jmeter_text(j, node, "HTTPSampler.protocol", NULL);
	const struct tree_node *path_node = jmeter_node(node, "HTTPSampler.path"),
						   *raw = jmeter_node(node, arena_printf(j->arena, "%sdomain", prefix));
	const char *path = path_node ? path_node->text : "", *url = NULL;
	struct error ignored;
	if (strstr(path, "://") && !strstr(path, "${"))
		url = path;
	else if (raw && *raw->text && !domain)
		j->unresolved = j->unresolved ? j->unresolved : raw;
	if (raw && *raw->text && !domain && !url) {
		jmeter_add_name(group->hosts, &group->host_count, JMETER_HOSTS_MAX, raw->text);
		return;
	}
	domain = domain && *domain ? domain : j->default_domain;
	port = port && *port ? port : j->default_port;
	protocol = protocol && *protocol ? protocol
			: j->default_protocol    ? j->default_protocol
									 : "http";
	if (!url && domain && *domain)
		url = arena_printf(j->arena,
				port && *port ? "%s://%s:%s" : "%s://%s",
				protocol,
				domain,
				port);
	const char *target = url ? plan_url_target(j->arena, url, &ignored) : NULL;
	if (!target) {
		j->unresolved = j->unresolved ? j->unresolved : node;
		return;
	}
	jmeter_add_name(group->hosts, &group->host_count, JMETER_HOSTS_MAX, target);
	jmeter_add_name(j->targets, &j->target_count, JMETER_TARGETS_MAX, target);
}

static bool read_http(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	double pool = PARALLEL;
	jmeter_add_host(j, node, group, "HTTPSampler.");
	if (!jmeter_is_true(j, node, "HTTPSampler.use_keepalive", true) && !j->no_keepalive)
		j->no_keepalive = node;
	if (!jmeter_number(j, node, "HTTPSampler.concurrentPool", WORKLOAD_FIELDS, &pool, NULL))
		return false;
	if (jmeter_is_true(j, node, "HTTPSampler.image_parser", false))
		group->parallel = fmax(group->parallel,
				jmeter_is_true(j, node, "HTTPSampler.concurrentDwn", true) ? pool : 1);
	return true;
}

static void read_tcp(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	const char *server = jmeter_text(j, node, "TCPSampler.server", NULL);
	const char *port = jmeter_text(j, node, "TCPSampler.port", NULL);
	struct error ignored;
	const char *target = server && *server && port
			? plan_url_target(j->arena, arena_printf(j->arena, "%s:%s", server, port), &ignored)
			: NULL;
	if (!target) {
		j->unresolved = j->unresolved ? j->unresolved : node;
		return;
	}
	if (!jmeter_is_true(j, node, "TCPSampler.reUseConnection", true) ||
			jmeter_is_true(j, node, "TCPSampler.closeConnection", false))
		j->no_keepalive = j->no_keepalive ? j->no_keepalive : node;
	jmeter_add_name(group->hosts, &group->host_count, JMETER_HOSTS_MAX, target);
	jmeter_add_name(j->targets, &j->target_count, JMETER_TARGETS_MAX, target);
}

static void read_defaults(struct jmeter *j, const struct tree_node *node)
{
	const char *domain = jmeter_text(j, node, "HTTPSampler.domain", NULL);
	if (domain && *domain) {
		j->default_domain = domain;
		j->default_port = jmeter_text(j, node, "HTTPSampler.port", NULL);
		j->default_protocol = jmeter_text(j, node, "HTTPSampler.protocol", NULL);
	}
}

/* <Arguments> and the test plan's own variables: elementProp with Argument.name and Argument.value.
 */
static void read_variables(struct jmeter *j, const struct tree_node *top)
{
	for (const struct tree_node *at = top; (at = tree_next(top, at, "elementProp"));) {
		const struct tree_node *name = jmeter_node(at, "Argument.name"),
							   *value = jmeter_node(at, "Argument.value");
		if (name && value && !tree_next(at, at, "elementProp"))
			jmeter_property_set(&j->variables,
					name->text,
					value->text,
					document_where(&j->document, value));
	}
}

/* A header manager that asks the server to close. */
static void read_headers(struct jmeter *j, const struct tree_node *top)
{
	for (const struct tree_node *at = top; (at = tree_next(top, at, "elementProp"));) {
		const struct tree_node *name = jmeter_node(at, "Header.name"),
							   *value = jmeter_node(at, "Header.value");
		if (name && value &&
				header_closes(arena_printf(j->arena, "%s: %s", name->text, value->text)) &&
				!j->no_keepalive)
			j->no_keepalive = value;
	}
}

static bool on_element(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	static const char *const silent[] = {
			"DebugSampler",
			"TestAction",
			"JSR223Sampler",
			"BeanShellSampler",
			"BSFSampler",
			"JavaSampler",
			"SystemSampler",
			"AccessLogSampler",
			NULL,
	};
	if (strcmp(node->name, "ConfigTestElement") == 0)
		read_defaults(j, node);
	else if (strcmp(node->name, "Arguments") == 0 || strcmp(node->name, "TestPlan") == 0)
		read_variables(j, node);
	else if (strcmp(node->name, "HeaderManager") == 0)
		read_headers(j, node);
	else if (group && text_begins_with(node->name, "HTTPSampler"))
		return read_http(j, node, group);
	else if (group && strcmp(node->name, "TCPSampler") == 0)
		read_tcp(j, node, group);
	else if (group &&
			(jmeter_ends_with(node->name, "Sampler") || strstr(node->name, "WebSocket"))) {
		size_t i = 0;
		while (silent[i] && strcmp(silent[i], node->name) != 0)
			i++;
		if (!silent[i] && !j->other_sampler)
			j->other_sampler = node;
	}
	return true;
}

/* What belongs to an element stands in the <hashTree> after it. Configuration elements count before
 * samplers, wherever they stand in their tree: so two passes. */
static bool jmeter_walk(struct jmeter *j,
		const struct tree_node *tree,
		struct jmeter_group *group,
		unsigned depth)
{
	const char *outer[] = {j->default_domain, j->default_port, j->default_protocol};
	if (depth > NESTING_MAX)
		return document_error(&j->document, tree, j->err, "nested too deep");
	for (int pass = 0; pass < 2; pass++) {
		const struct tree_node *owner = NULL;
		struct jmeter_group *inner = group;
		for (const struct tree_node *at = tree->child; at; at = at->next) {
			bool good = true,
				 config = strcmp(at->name, "ConfigTestElement") == 0 ||
					strcmp(at->name, "Arguments") == 0;
			if (at->kind != TREE_ELEMENT)
				continue;
			bool below = strcmp(at->name, "hashTree") == 0;
			if (below && owner && pass == 1 && !document_is(owner, "enabled", "false") &&
					!jmeter_walk(j, at, inner, depth + 1))
				return false;
			if (below || document_is(at, "enabled", "false")) {
				owner = below ? NULL : at;
				continue;
			}
			owner = at;
			inner = group;
			if (pass == 1 && !group)
				inner = jmeter_group_read(j, at, &good);
			if (!good || (config == (pass == 0) && !on_element(j, at, inner)))
				return false;
		}
	}
	j->default_domain = outer[0];
	j->default_port = outer[1];
	j->default_protocol = outer[2];
	return true;
}

/* -p, then -q, then -J: the last one of a name wins (JMeter.java, initializeProperties()). */
static bool read_properties(struct jmeter *j)
{
	static const struct {
		size_t option;
		const char *named_by;
	} files[] = {{O_PROPERTIES, "-p"}, {O_ADD, "-q"}};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		size_t cursor = 0;
		for (const struct argument *flag;
				(flag = arguments_next(&j->arguments, files[i].option, &cursor));) {
			struct document document;
			if (!document_read(j->context,
						j->command,
						flag->text,
						"lines",
						files[i].named_by,
						&document,
						j->err))
				return false;
			for (const struct tree_node *at = document.root->child; at; at = at->next)
				jmeter_property_set(&j->properties,
						at->name,
						at->text,
						document_where(&document, at));
		}
	}
	size_t cursor = 0;
	for (const struct argument *flag;
			(flag = arguments_next(&j->arguments, O_PROPERTY, &cursor));) {
		const char *equals = strchr(flag->text, '=');
		if (!equals)
			return error_set(j->err, "jmeter: %s: NAME=VALUE is expected", flag->shown);
		jmeter_property_set(&j->properties,
				arena_copy(j->arena, flag->text, (size_t)(equals - flag->text)),
				equals + 1,
				flag->shown);
	}
	return true;
}

static double group_sockets(const struct jmeter_group *group)
{
	return group->threads * (double)group->host_count * group->parallel;
}

/* Sockets of a group at t, or just before. */
static double sockets_at(const struct jmeter_group *group, double t, bool before)
{
	double since = t - group->delay_s;
	if (since < 0 || (before && since <= 0))
		return 0;
	double part = group->ramp_s > 0 ? fmin(1, since / group->ramp_s) : 1;
	return part * group_sockets(group);
}

static double jmeter_sum_at(const struct jmeter *j, double t, bool before)
{
	double sum = 0;
	for (size_t i = 0; i < j->group_count; i++)
		sum += j->groups[i].setup ? 0 : sockets_at(&j->groups[i], t, before);
	return sum;
}

/* All groups start together and stay: the sum of their ramps. */
static void draw_ramps(struct jmeter *j,
		double duration_s,
		enum confidence confidence,
		const char *from)
{
	double borders[2 * JMETER_GROUPS_MAX + 1] = {0}, before = 0;
	size_t count = 0;
	for (size_t i = 0; i < j->group_count; i++) {
		if (j->groups[i].setup)
			continue;
		borders[count++] = j->groups[i].delay_s;
		borders[count++] = j->groups[i].delay_s + j->groups[i].ramp_s;
	}
	sort_numbers(borders, count);
	for (size_t i = 0; i < count; i++) {
		if (i && borders[i] <= borders[i - 1])
			continue;
		double left = jmeter_sum_at(j, borders[i], true),
			   right = jmeter_sum_at(j, borders[i], false);
		if (borders[i] > before)
			plan_stage(j->plan, borders[i] - before, ceil(left - 1e-9), NAN, confidence, from);
		if (right > left)
			plan_stage(j->plan, 0, ceil(right - 1e-9), NAN, confidence, from);
		before = fmax(before, borders[i]);
	}
	if (duration_s > before)
		plan_stage(j->plan,
				duration_s - before,
				ceil(jmeter_sum_at(j, duration_s, false) - 1e-9),
				NAN,
				confidence,
				from);
}

struct peak {
	double sockets, threads, ramp_s, duration_s;
	bool loops_end, new_user;
	const char *from;
};

/* Groups run side by side, or one after the other; setup and teardown groups alone. */
static struct peak jmeter_find_peak(const struct jmeter *j)
{
	struct peak peak = {.from = ""};
	size_t count = 0;
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		double sockets = group_sockets(group);
		bool alone = group->setup || j->serialized;
		peak.sockets = alone ? fmax(peak.sockets, sockets) : peak.sockets + sockets;
		peak.threads = alone ? fmax(peak.threads, group->threads) : peak.threads + group->threads;
		if (isnan(sockets))
			peak.sockets = NAN;
		peak.loops_end |= group->loops_end;
		peak.new_user |= group->new_user;
		peak.ramp_s = group->setup ? peak.ramp_s
								   : fmax(peak.ramp_s, group->delay_s + group->ramp_s);
		if (!group->setup && !isnan(group->duration_s))
			peak.duration_s = fmax(peak.duration_s, group->delay_s + group->duration_s);
		if (group->setup && sockets < peak.sockets)
			continue;
		peak.from = count++ ? arena_printf(j->arena, "%s; %s", peak.from, group->threads_from)
							: arena_printf(j->arena, "%s", group->threads_from);
		if (group->host_count > 1 || group->parallel > 1)
			peak.from = arena_printf(j->arena,
					"%s: %g threads × %g connections",
					peak.from,
					group->threads,
					sockets / group->threads);
	}
	return peak;
}

/* Pooled connections are renewed after httpclient4.time_to_live (60 s by default, since JMeter 4).
 */
static bool jmeter_set_lifetime(struct jmeter *j)
{
	const struct jmeter_property *set = jmeter_property_find(&j->properties,
			"httpclient4.time_to_live");
	const char *version = tree_text(j->document.root, "jmeter");
	double ms = 60000;
	struct error inner;
	if (!set && version && atoi(version) < TTL_VERSION)
		return true;
	if (set && !quantity_read(set->value, &quantity_count, &ms, &inner))
		return error_set(j->err, "%s: httpclient4.time_to_live: %s", set->from, inner.text);
	if (ms > 0)
		plan_number(j->plan,
				W_LIFETIME,
				ms / 1000,
				CONFIDENCE_ESTIMATE,
				set ? set->from : "httpclient4.time_to_live: JMeter's default");
	return true;
}

static bool jmeter_set_connections(struct jmeter *j, const struct peak *peak)
{
	struct plan *plan = j->plan;
	if (isnan(peak->sockets))
		return true; /* asked for */
	if (peak->sockets <= 0) {
		plan_ask(plan,
				j->context,
				"no thread group has a sampler whose connections are counted",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	enum confidence confidence = j->unresolved || j->other_sampler ? CONFIDENCE_ESTIMATE
			: peak->loops_end || j->serialized                     ? CONFIDENCE_BOUND
																   : CONFIDENCE_EXACT;
	for (size_t i = 0; i < j->group_count; i++)
		if (j->groups[i].parallel > 1)
			confidence = CONFIDENCE_BOUND;
	bool ramps = !j->serialized && peak->ramp_s > 0 &&
			jmeter_sum_at(j, INFINITY, false) >= peak->sockets && !j->no_keepalive &&
			!peak->new_user;
	if (ramps)
		draw_ramps(j, peak->duration_s, confidence, peak->from);
	else
		plan_number(plan, W_CONNECTIONS, peak->sockets, confidence, peak->from);
	plan_number(plan, W_USERS, peak->threads, CONFIDENCE_EXACT, peak->from);
	plan_number(plan,
			W_THREADS,
			peak->threads + JVM_THREADS,
			CONFIDENCE_ESTIMATE,
			"a thread per user, and the JVM's");
	return true;
}

/* Who closes, and when. */
static bool set_closes(struct jmeter *j, const struct peak *peak)
{
	struct plan *plan = j->plan;
	if (j->no_keepalive) {
		plan_closes_each(plan,
				j->context,
				NAN,
				"each sample opens a connection",
				document_where(&j->document, j->no_keepalive));
		return true;
	}
	plan_choice(plan,
			W_CLOSER,
			"client",
			CONFIDENCE_EXACT,
			"JMeter closes at the end, and what its pool renews");
	if (!peak->new_user)
		return jmeter_set_lifetime(j);
	plan_ask(plan,
			j->context,
			"each iteration is a new user with new connections: how long does one last",
			W_LIFETIME,
			W_OPEN_RATE,
			WORKLOAD_FIELDS);
	return true;
}

static bool jmeter_set_destinations(struct jmeter *j)
{
	struct plan *plan = j->plan;
	if (j->unresolved)
		plan_find(plan,
				"plan-jmeter-host",
				"note",
				document_where(&j->document, j->unresolved),
				"This host is not known before the run; it counts as one. --to names the hosts.");
	if (j->other_sampler)
		plan_find(plan,
				"plan-jmeter-sampler",
				"warning",
				document_where(&j->document, j->other_sampler),
				"Connections of this kind of sampler are not counted: --connections says how many "
				"there are.");
	const char *proxy = arguments_text(&j->arguments, O_PROXY_HOST, NULL);
	if (proxy) {
		const char *port = arguments_text(&j->arguments, O_PROXY_PORT, "");
		const char **item = arena_alloc(j->arena, sizeof *item);
		*item = arena_printf(j->arena, "%s:%s", proxy, port);
		if (!*port)
			return error_set(j->err, "jmeter: -H names a proxy without -P, its port");
		return plan_destinations(plan,
				item,
				1,
				CONFIDENCE_ESTIMATE,
				"-H, -P: all but -N goes through the proxy",
				j->err);
	}
	if (j->target_count) {
		const char **items = arena_alloc(j->arena, j->target_count * sizeof *items);
		memcpy(items, j->targets, j->target_count * sizeof *items);
		return plan_destinations(plan,
				items,
				j->target_count,
				j->unresolved ? CONFIDENCE_ESTIMATE : CONFIDENCE_EXACT,
				arena_printf(j->arena, "%s: samplers", j->document.path),
				j->err);
	}
	plan_ask(plan,
			j->context,
			"no sampler names a host that is known before",
			W_DESTINATIONS,
			WORKLOAD_FIELDS);
	return true;
}

static bool jmeter_read_plan(struct jmeter *j)
{
	const struct tree_node *tree = tree_child(j->document.root, "hashTree");
	if (strcmp(j->document.root->name, "jmeterTestPlan") != 0 || !tree)
		return document_error(&j->document, j->document.root, j->err, "not a JMeter test plan");
	const struct tree_node *test = tree_child(tree, "TestPlan");
	j->serialized = test && jmeter_is_true(j, test, "TestPlan.serialize_threadgroups", false);
	if (!jmeter_walk(j, tree, NULL, 0))
		return false;
	if (!j->group_count)
		return document_error(&j->document, j->document.root, j->err, "no thread group is enabled");
	struct peak peak = jmeter_find_peak(j);
	if (peak.duration_s > 0)
		plan_number(j->plan,
				W_DURATION,
				peak.duration_s,
				CONFIDENCE_EXACT,
				"the thread groups' schedulers");
	plan_choice(j->plan, W_BIND, "none", CONFIDENCE_EXACT, "JMeter connects without bind");
	plan_choice(j->plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"the JVM raises the soft limit to the hard one");
	return jmeter_set_destinations(j) && jmeter_set_connections(j, &peak) && set_closes(j, &peak);
}

/* `java … -jar …/ApacheJMeter.jar WORDS`: the place of the jar; 0 if it is not that. */
static size_t jar_at(const struct plan_command *command)
{
	static const char jar[] = "ApacheJMeter.jar";
	for (size_t i = 2; i < command->count; i++)
		if (strcmp(command->words[i - 1], "-jar") == 0 && jmeter_ends_with(command->words[i], jar))
			return i;
	return 0;
}

static bool jmeter_matches(const struct plan_command *command)
{
	return jar_at(command) > 0;
}

static bool read_jmeter(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	size_t skipped = jar_at(command) + 1;
	struct jmeter *j = arena_alloc(plan->arena, sizeof *j);
	*j = (struct jmeter){.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err,
			.properties = {.arena = plan->arena},
			.variables = {.arena = plan->arena}};
	j->groups = arena_alloc(plan->arena, JMETER_GROUPS_MAX * sizeof *j->groups);
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + skipped,
				command->count - skipped,
				&j->arguments,
				err))
		return false;
	if (arguments_given(&j->arguments, O_REMOTE) || arguments_given(&j->arguments, O_REMOTE_START))
		return error_set(err,
				"jmeter: with -r or -R the load comes from other hosts, not from this one");
	const char *path = arguments_text(&j->arguments, O_PLAN, NULL);
	if (!path && arguments_given(&j->arguments, O_REPORT_ONLY))
		return error_set(err, "jmeter: -g makes a report and no load");
	if (!path)
		return error_set(err, "jmeter: no test plan: -t FILE");
	if (!arguments_given(&j->arguments, O_NO_GUI))
		plan_find(plan,
				"plan-jmeter-gui",
				"note",
				NULL,
				"Without -n JMeter opens its window and starts nothing by itself.");
	return read_properties(j) &&
			document_read(context, command, path, "xml", "-t", &j->document, err) &&
			jmeter_read_plan(j);
}

static const char *const programs[] = {"jmeter", "jmeter.sh", "jmeter-n", NULL};
static const char *const images[] = {"justb4/jmeter", "alpine/jmeter", NULL};
const struct plan_reader plan_reader_jmeter = {
		.tool = "jmeter",
		.programs = programs,
		.images = images,
		.runtime = "java",
		.matches = jmeter_matches,
		.read = read_jmeter,
		.help = "the .jmx of -t: thread groups, hosts, keep-alive; -J, -q and -p in ${__P()}",
};

/* What a scenario of Taurus asks for in one iteration: requests, blocks of them, pauses. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/taurus/taurus.h"
#include "probes/plan/tool/closing.h"

enum {
	INCLUDES_MAX = 20,
	VISITED_MAX = 100000 /* requests, those of included scenarios as often as they are called */
};

/* Where the walk is. */
struct scenario_place {
	const struct tree_node *scenario;
	struct jmeter_group *group;
	double times;
	double parallel; /* downloads of embedded resources at once; 1: none */
};

static bool walk_requests(struct taurus *t,
		const struct tree_node *list,
		struct scenario_place place);

/* "2s", "uniform(2s,500ms)": the middle of it. */
static void add_pause(struct taurus *t, const char *text, struct scenario_place place)
{
	struct error ignored = {0};
	struct error *err = t->err;
	double seconds;
	const char *open = strchr(text, '(');
	if (open)
		text = arena_copy(t->arena, open + 1, strcspn(open + 1, ", )"));
	t->err = &ignored;
	if (taurus_time(t, text, &seconds))
		place.group->pause_s += seconds * place.times;
	else
		place.group->timers_unknown = true;
	t->err = err;
}

static bool scenario_closes(struct taurus *t, const struct tree_node *node)
{
	const struct tree_node *headers = tree_child(node, "headers");
	const struct tree_node *at = NULL;
	if (headers)
		at = headers->child;
	for (; at; at = at->next) {
		const char *line = arena_printf(t->arena, "%s: %s", at->name, at->text);
		if (header_closes(line))
			return true;
	}
	return false;
}

const char *taurus_url(struct taurus *t, const struct tree_node *scenario, const char *url)
{
	const char *address = taurus_text(scenario, "default-address");
	url += *url == '/';
	if (strstr(url, "://") || !address)
		return url;
	if (!strstr(address, "://"))
		return arena_printf(t->arena, "http://%s/%s", address, url);
	return arena_printf(t->arena, "%s/%s", address, url);
}

static void add_scenario_host(struct taurus *t, const char *url, struct scenario_place place)
{
	struct error ignored;
	const char *target = NULL;
	if (strstr(url, "://"))
		target = plan_url_target(t->arena, url, &ignored);
	if (target && !strstr(target, "${")) {
		jmeter_target(t->j, target, plan_url_is_tls(url));
	} else {
		target = arena_copy(t->arena, url, strcspn(url, "/?"));
		if (!t->j->unresolved)
			t->j->unresolved = t->shown;
	}
	jmeter_group_host(t->j, place.group, target, place.parallel);
}

/* A request: its URL, and what it says over the scenario. */
static void add_scenario_request(struct taurus *t,
		const char *url,
		const struct tree_node *node,
		struct scenario_place place)
{
	const struct tree_node *scenario = place.scenario;
	bool kept = taurus_is_true(scenario, "keepalive", true);
	bool closes = scenario_closes(t, scenario);
	const char *pause = taurus_text(scenario, "think-time");
	if (node) {
		kept = taurus_is_true(node, "keepalive", kept);
		closes |= scenario_closes(t, node);
		if (taurus_text(node, "think-time"))
			pause = taurus_text(node, "think-time");
	}
	add_scenario_host(t, taurus_url(t, place.scenario, url), place);
	place.group->samples += place.times;
	if (pause)
		add_pause(t, pause, place);
	if (kept && !closes)
		return;
	place.group->server_closes += place.times;
	if (!t->j->server_closes)
		t->j->server_closes = arena_printf(t->arena, "%s: keepalive, headers", t->shown);
}

static bool include(struct taurus *t, const char *name, struct scenario_place place)
{
	const struct tree_node *all = tree_child(t->config, "scenarios");
	const struct tree_node *other = tree_child(all, name);
	const struct tree_node *requests = tree_child(other, "requests");
	if (!requests)
		return error_set(t->err, "%s: no scenario \"%.60s\" with requests", t->shown, name);
	if (++t->depth > INCLUDES_MAX)
		return error_set(t->err, "%s: scenarios include each other", t->shown);
	place.scenario = other;
	bool good = walk_requests(t, requests, place);
	t->depth--;
	return good;
}

/* if, while, loop, transaction … : what they do stands in do, then, else. */
static bool walk_block(struct taurus *t, const struct tree_node *node, struct scenario_place place)
{
	static const char *const parts[] = {"do", "then", "else"};
	static const char *const branching[] = {"if", "while", "foreach"};
	struct error ignored;
	double loops;
	const char *loop = taurus_text(node, "loop");
	for (size_t i = 0; i < COUNT_OF(branching); i++)
		place.group->branches |= tree_child(node, branching[i]) != NULL;
	if (loop && quantity_read(loop, &quantity_count, &loops, &ignored))
		place.times *= loops;
	const struct tree_node *once = tree_child(node, "once");
	if (once)
		place.times = 0;
	if (once && once->kind == TREE_SEQUENCE && !walk_requests(t, once, place))
		return false;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const struct tree_node *list = tree_child(node, parts[i]);
		if (list && list->kind == TREE_SEQUENCE && !walk_requests(t, list, place))
			return false;
	}
	return true;
}

static bool walk_mapping(struct taurus *t,
		const struct tree_node *node,
		struct scenario_place place)
{
	const char *url = taurus_text(node, "url");
	const char *included = taurus_text(node, "include-scenario");
	const char *pause = taurus_text(node, "pause-duration");
	if (included)
		return include(t, included, place);
	if (url) {
		add_scenario_request(t, url, node, place);
		return true;
	}
	if (taurus_text(node, "action")) {
		if (pause)
			add_pause(t, pause, place);
		return true;
	}
	return walk_block(t, node, place);
}

static bool walk_requests(struct taurus *t,
		const struct tree_node *list,
		struct scenario_place place)
{
	for (const struct tree_node *item = list->child; item; item = item->next) {
		if (++t->visited > VISITED_MAX)
			return error_set(t->err, "%s: more than %d requests run", t->shown, VISITED_MAX);
		if (item->kind == TREE_SCALAR)
			add_scenario_request(t, item->text, NULL, place);
		else if (item->kind == TREE_MAPPING && !walk_mapping(t, item, place))
			return false;
	}
	return true;
}

/* JMeter alone downloads what a page embeds, unless it is told not to. */
static double downloads_at_once(const struct taurus_execution *execution)
{
	static const double pool = 4;
	struct error ignored;
	double number;
	if (strcmp(execution->executor, "jmeter") != 0)
		return 1;
	if (!taurus_is_true(execution->scenario, "retrieve-resources", true))
		return 1;
	const char *text = taurus_text(execution->scenario, "concurrent-pool-size");
	if (!text || !quantity_read(text, &quantity_count, &number, &ignored) || number < 1)
		return pool;
	return number;
}

bool taurus_scenario(struct taurus *t,
		const struct taurus_execution *execution,
		struct jmeter_group *group)
{
	const struct tree_node *requests = tree_child(execution->scenario, "requests");
	struct scenario_place place = {.times = 1};
	place.scenario = execution->scenario;
	place.group = group;
	place.parallel = downloads_at_once(execution);
	if (place.parallel > 1) {
		group->downloads = execution->node;
		group->download_pool = place.parallel;
	}
	bool listed = requests && requests->kind == TREE_SEQUENCE;
	if (!listed || !requests->child) {
		const char *address = taurus_text(execution->scenario, "default-address");
		if (address)
			add_scenario_host(t, taurus_url(t, execution->scenario, ""), place);
		return true;
	}
	return walk_requests(t, requests, place);
}

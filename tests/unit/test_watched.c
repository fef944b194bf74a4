/* Audit and watch take a limit's capacity from the same rule: for the hosts of tests/hosts, and for
 * this one, every row says the same number. And what rules may say of "observed". */
#include "tests/unit/probe_test.h"

#include "audit/rules/fact_types.h"
#include "audit/rules/presets.h"
#include "base/array.h"
#include "model/derive.h"
#include "model/model.h"
#include "model/watch/watched.h"
#include "tests/unit/state_test.h"

static const struct model_options options = {.target = 0.75, .planning_constants = true};

struct room {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
};

static int set_up(void **state)
{
	static struct room room;
	struct error err = {0};
	room = (struct room){.arena = arena_new()};
	*state = &room;
	if (!rules_load(room.arena, NULL, 0, false, &room.rules, &room.extras, &err))
		fail_msg("%s", err.text);
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;
	rule_extras_release(&room->extras);
	arena_free(room->arena);
	return 0;
}

/* A ready workload that starts threads as well, since the limit on them is else not judged. */
static struct workload plan_of(struct room *room, const char *preset)
{
	struct workload workload = {0};
	struct error err = {0};
	if (!preset_workload(room->arena, rule_extras_preset(&room->extras, preset), &workload, &err))
		fail_msg("%s: %s", preset, err.text);
	workload.values[W_THREADS] = (struct workload_value){.set = true, .number = 200};
	return workload;
}

static struct watched_limits limits_of(struct room *room, const struct result *result)
{
	struct situation *situation = arena_alloc(room->arena, sizeof *situation);
	struct error err = {0};
	const struct state state = state_of_one(room->arena, result->facts, &result->loads.items[0]);
	if (!situation_build(room->arena, &room->rules, &state, &options, situation, &err))
		fail_msg("%s", err.text);
	return watched_limits_of(situation);
}

static struct observation nothing_seen(void)
{
	struct observation sample = {0};
	for (size_t i = 0; i < OBSERVED; i++)
		sample.values[i] = (double)NAN;
	return sample;
}

/* Ports that are lost at worst, if the connected sockets called bind(). */
static double ports_in_doubt(const struct facts *facts)
{
	const struct fact *best = facts_get(facts, "destination.blocked_best", "");
	const struct fact *worst = facts_get(facts, "destination.blocked_worst", "");
	if (!best || !worst)
		return 0;
	return worst->number - best->number;
}

/* The number that watch shows. Of conntrack and of ports it is another on purpose: the plan may
 * have what is left of the table or of the range, while what is watched fills the whole of it. */
static double shown(const struct watched_limit *limit, const struct result *result)
{
	const struct observation sample = nothing_seen();
	double capacity = watched_use(limit, NULL, &sample).capacity;
	double taken = facts_number(result->facts, "net.netfilter.nf_conntrack_count");
	if (!strcmp(limit->id, "conntrack") && taken > 0)
		return capacity - taken;
	if (!strcmp(limit->id, "ephemeral-ports"))
		return capacity - ports_in_doubt(result->facts);
	return capacity;
}

/* How many rows both show. */
static size_t compare_rows(struct room *room, const struct result *result, const char *where)
{
	const struct watched_limits limits = limits_of(room, result);
	size_t both = 0;
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *judged = &result->resources[i].worst;
		const struct watched_limit *limit = watched_find(&limits, judged->rule->id);
		if (!limit || isnan(judged->capacity))
			continue;
		double capacity = shown(limit, result);
		if (isnan(capacity) && judged->assumed.count)
			continue; /* the audit judges by the worst that it can be; nobody knows it */
		if (capacity != judged->capacity)
			fail_msg("%s, %s: audit %.17g, watch %.17g",
					where,
					limit->id,
					judged->capacity,
					capacity);
		both++;
	}
	return both;
}

static size_t compare_host(struct room *room, const char *path, const char *preset)
{
	struct facts *facts = facts_new(room->arena);
	struct host_info info = {0};
	struct workload workload = plan_of(room, preset);
	const struct loads plan = loads_of(&workload);
	struct result result;
	struct error err = {0};
	probe_path(room->arena, path, facts, &info);
	facts_sort(facts);
	if (!model_run(room->arena, &room->rules, facts, &plan, &options, &result, &err))
		fail_msg("%s: %s", path ? path : "live", err.text);
	return compare_rows(room, &result, path ? path : "live");
}

static const char *const presets[] = {"default", "ws-client", "haproxy-tcp", "hold-server"};

static void captured_hosts(void **state)
{
	static const char *const hosts[] = {
			"tests/hosts/boot-order",
			"tests/hosts/container-cgroup1",
			"tests/hosts/container-cgroup2-unprivileged",
			"tests/hosts/debian-default",
			"tests/hosts/docker-publish",
			"tests/hosts/hostile",
			"tests/hosts/ipv6-listeners",
			"tests/hosts/no-conntrack",
			"tests/hosts/rabbitmq-node",
			"tests/hosts/tuned-loadgen",
	};
	size_t both = 0;
	for (size_t i = 0; i < COUNT_OF(hosts); i++)
		for (size_t k = 0; k < COUNT_OF(presets); k++)
			both += compare_host(*state, hosts[i], presets[k]);
	assert_true(both > 5 * COUNT_OF(hosts) * COUNT_OF(presets));
}

static void this_host(void **state)
{
	for (size_t k = 0; k < COUNT_OF(presets); k++)
		assert_true(compare_host(*state, NULL, presets[k]) >= 4);
}

/* A control group's limit on threads counts for watch and gate as it does for the audit. */
static void threads_of_a_group(void **state)
{
	struct room *room = *state;
	struct facts *facts = facts_new(room->arena);
	struct workload workload = plan_of(room, "default");
	struct result result;
	const struct loads plan = loads_of(&workload);
	struct error err = {0};
	facts->whole = true;
	facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, "32768 60999", NULL);
	facts_put_number(facts, "vantage.uid", NULL, 0, UNIT_COUNT, NULL);
	facts_put_number(facts, "kernel.pid_max", NULL, 32768, UNIT_COUNT, NULL);
	facts_put_number(facts, "threads.running", NULL, 142, UNIT_COUNT, NULL);
	facts_put_number(facts, "cgroup.pids.max", NULL, 500, UNIT_COUNT, NULL);
	facts_put_number(facts, "cgroup.pids.current", NULL, 100, UNIT_COUNT, NULL);
	facts_sort(facts);
	assert_true(model_run(room->arena, &room->rules, facts, &plan, &options, &result, &err));
	const struct watched_limits limits = limits_of(room, &result);
	struct observation sample = nothing_seen();
	sample.values[O_THREADS] = 271;
	struct watched_use use = watched_use(watched_find(&limits, "threads"), NULL, &sample);
	assert_true(use.used == 271 - 142 + 100 && use.capacity == 500);
	/* The host has no such limit. */
	assert_true(isnan(watched_find(&limits, "system-fds")->capacity));
}

/* Of 100: what was used at the look before and at this one, what was refused between them. */
static void states_of_two_looks(void **state)
{
	(void)state;
	static const struct {
		enum scope scope;
		double before, now, refused;
		enum present_state state;
	} cases[] = {
			{SCOPE_HOST, NAN, NAN, NAN, PRESENT_UNKNOWN},
			{SCOPE_HOST, NAN, 74, NAN, PRESENT_FREE},
			{SCOPE_HOST, NAN, 75, NAN, PRESENT_NEAR},
			{SCOPE_HOST, 10, 100, 0, PRESENT_FULL},
			{SCOPE_HOST, 80, 80, 3, PRESENT_FULL}, /* it was full in between */
			{SCOPE_HOST, 80, 10, 3, PRESENT_FREE}, /* something else refused them */
			{SCOPE_LISTENER, NAN, 100, NAN, PRESENT_UNKNOWN},
			{SCOPE_LISTENER, 99, 100, 0, PRESENT_UNKNOWN},
			{SCOPE_LISTENER, 100, 100, 0, PRESENT_FULL},
			{SCOPE_LISTENER, 100, 90, 0, PRESENT_NEAR},
			{SCOPE_LISTENER, 10, 90, 1, PRESENT_FULL},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct observation before = nothing_seen(), now = nothing_seen();
		const struct watched_limit limit = {
				.scope = cases[i].scope,
				.capacity = 100,
				.used = O_QUEUE,
				.refused = O_LISTEN_OVERFLOWS,
		};
		before.values[O_QUEUE] = cases[i].before;
		before.values[O_LISTEN_OVERFLOWS] = 40;
		now.t_s = 1;
		now.values[O_QUEUE] = cases[i].now;
		now.values[O_LISTEN_OVERFLOWS] = 40 + cases[i].refused;
		enum present_state found = watched_state(&limit, &before, &now, 0.75);
		if (found != cases[i].state)
			fail_msg("case %zu: %d", i, (int)found);
	}
}

#define HEAD                                                                                      \
	"{\"kind\":\"limit\",\"id\":\"x\",\"title\":\"X\",\"unit\":\"threads\",\"scope\":\"host\","   \
	"\"severity\":\"hard\",\"consequence\":\"refuse\",\"applies\":\"false\",\"demand\":\"live\"," \
	"\"capacity\":\"500\",\"why\":\"w\",\"breaks_as\":\"b\","                                     \
	"\"sources\":[{\"title\":\"t\"}],\"let\":{\"half\":\"250\"},"

static bool read_rule(struct room *room, const char *observed, struct error *err)
{
	const char *text = arena_printf(room->arena, "%s\"observed\":%s}", HEAD, observed);
	*err = (struct error){0};
	room->rules.limit_count = 0;
	room->rules.text_count = 0; /* they name limits */
	room->extras.item_count = 0;
	return rules_read(room->arena, "r.json", text, strlen(text), &room->rules, &room->extras, err);
}

static void rules_say_what_is_observed(void **state)
{
	static const char *const good[] = {
			"\"threads\"",
			"\"threads + half\"",
			"{\"used\":\"if(workload.bind == none, threads, 0)\",\"capacity\":\"half\"}",
			"{\"used\":\"threads\",\"refused\":\"listen_drops\"}",
	};
	static const struct {
		const char *observed, *error;
	} bad[] = {
			{"\"thread\"", "unknown observation \"thread\"; did you mean threads?"},
			{"{\"used\":\"threads\",\"capacity\":\"fds_limt\"}",
					"unknown observation \"fds_limt\"; did you mean fds_limit?"},
			{"{\"used\":\"threads\",\"refused\":\"listen_drop\"}",
					"unknown observation \"listen_drop\"; did you mean listen_drops?"},
			{"{\"used\":\"threads\",\"refused\":\"threads\"}",
					"\"refused\" must be an observation that counts"},
			{"{\"capacity\":\"half\"}", "\"observed\" needs \"used\""},
			{"{\"used\":\"threads\",\"of\":\"half\"}", "\"of\""},
			{"[\"threads\"]", "must be a formula in quotes"},
	};
	struct error err;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!read_rule(*state, good[i], &err))
			fail_msg("%s: %s", good[i], err.text);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(read_rule(*state, bad[i].observed, &err));
		if (strncmp(err.text, "r.json:1:", 9) != 0 || !strstr(err.text, bad[i].error))
			fail_msg("%s: %s", bad[i].observed, err.text);
	}
}

static bool read_now(struct room *room, const char *now, struct error *err)
{
	const char *observed = arena_printf(room->arena, "\"threads\",\"now\":%s", now);
	return read_rule(room, observed, err);
}

static bool check_now(struct room *room, const char *now, struct error *err)
{
	return read_now(room, now, err) && rules_check(&room->rules, fact_type, NULL, err);
}

static void rules_say_what_is_in_use(void **state)
{
	static const char *const good[] = {
			"\"only the peer knows\"",
			"{\"used\":\"threads.running\"}",
			"{\"capacity\":\"half\"}",
			"[{\"when\":\"vantage.uid > 0\",\"used\":\"threads.of_user\","
			"\"by\":\"{vantage.user}\"},"
			"{\"each\":\"listener.queue\",\"used\":\"listener.queue\",\"by\":\"{instance}\","
			"\"sure\":\"instance.loopback\",\"refused\":\"conntrack.drop\"},"
			"{\"used\":\"half\",\"by\":\"group {group:cgroup.pids.max}\"}]",
	};
	static const struct {
		const char *now, *error;
	} bad[] = {
			{"\"\"", "not empty"},
			{"5", "\"now\" must be an object"},
			{"[5]", "\"now\" must be an object"},
			{"{\"used\":\"\"}", "used"},
			{"{\"use\":\"half\"}", "\"use\""},
			{"{\"used\":\"threads.run\"}", "now, used"},
			{"{\"used\":\"memory.total\"}", "now, used: is in bytes"},
			{"{\"capacity\":\"1 s\"}", "now, capacity"},
			{"{\"when\":\"half\"}", "now, when: must be a condition"},
			{"{\"sure\":\"half\"}", "now, sure: must be a condition"},
			{"{\"each\":\"listener.tail\"}", "now, each: no such fact"},
			{"{\"refused\":\"conntrack.dropped\"}", "now, refused: no such fact"},
			{"{\"by\":\"user {vantage.usr}\"}", "now, by: no such fact"},
			{"{\"by\":\"{group:cgroup.pid.max}\"}", "now, by: no such fact"},
	};
	struct error err;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!check_now(*state, good[i], &err))
			fail_msg("%s: %s", good[i], err.text);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(check_now(*state, bad[i].now, &err));
		if (!strstr(err.text, bad[i].error))
			fail_msg("%s: %s", bad[i].now, err.text);
	}
}

static void every_limit_says_what_is_in_use(void **state)
{
	const struct room *room = *state;
	for (size_t i = 0; i < room->rules.limit_count; i++) {
		const struct limit_rule *limit = &room->rules.limits[i];
		if (limit->now_count == 0 && !limit->now_hidden)
			fail_msg("%s has no \"now\"", limit->id);
	}
}

static void observations_are_documented(void **state)
{
	struct room *room = *state;
	FILE *file = fopen("docs/rules.md", "re");
	char *text = arena_alloc(room->arena, 65536);
	assert_non_null(file);
	text[fread(text, 1, 65535, file)] = '\0';
	(void)fclose(file);
	const char *names = strstr(text, "## What is observed");
	assert_non_null(names);
	for (const char *const *name = observed_names(); *name; name++) {
		const char *found = strstr(names, *name);
		if (!found)
			fail_msg("docs/rules.md does not name the observation %s", *name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(captured_hosts, set_up, tear_down),
			cmocka_unit_test_setup_teardown(this_host, set_up, tear_down),
			cmocka_unit_test_setup_teardown(threads_of_a_group, set_up, tear_down),
			cmocka_unit_test(states_of_two_looks),
			cmocka_unit_test_setup_teardown(rules_say_what_is_observed, set_up, tear_down),
			cmocka_unit_test_setup_teardown(rules_say_what_is_in_use, set_up, tear_down),
			cmocka_unit_test_setup_teardown(every_limit_says_what_is_in_use, set_up, tear_down),
			cmocka_unit_test_setup_teardown(observations_are_documented, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

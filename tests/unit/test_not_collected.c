/* What nobody collected never helps a plan: every fact of every captured host is removed, one at a
 * time, and every limit judged again under plans of all kinds. No limit may pass, or be said not to
 * exist, that failed, warned or was unknown before, and no highest safe load may grow.
 *
 * HEADROOM_EVERY_FACT=1 asks for all facts; otherwise those that decide no limit are left out. */
#include "tests/unit/probe_test.h"

#include <cjson/cJSON.h>
#include <dirent.h>

#include "audit/rules/rules.h"
#include "base/array.h"
#include "base/text.h"
#include "model/model.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"

static const struct model_options options = {.target = 0.75, .planning_constants = true};

enum {
	FIELDS_MAX = 8,
	COMPLAINTS_MAX = 30
};

struct plan_field {
	enum workload_field field;
	const char *text;
};

/* Each reaches other limits, and other facts. */
static const struct plan_row {
	const char *name;
	struct plan_field fields[FIELDS_MAX];
} plans[] = {
		{"client",
				{{W_CONNECTIONS, "15000"}, {W_LIFETIME, "60s"}, {W_DESTINATIONS, "10.0.0.5:443"}}},
		{"loopback client",
				{{W_CONNECTIONS, "2000"},
						{W_LIFETIME, "2s"},
						{W_BURST, "2000"},
						{W_DESTINATIONS, "127.0.0.1:8080,[::1]:80"}}},
		{"client that binds an address",
				{{W_CONNECTIONS, "9000"},
						{W_BIND, "address"},
						{W_SOURCE_ADDRESSES, "10.0.0.1"},
						{W_DESTINATIONS, "10.0.0.5:443"}}},
		{"client that binds any address", {{W_CONNECTIONS, "9000"}, {W_BIND, "wildcard"}}},
		{"silent peer",
				{{W_CONNECTIONS, "4000"},
						{W_LIFETIME, "10s"},
						{W_PEER_CLOSE, "never"},
						{W_RUNTIME, "go"}}},
		{"UDP client", {{W_CONNECTIONS, "9000"}, {W_PROTOCOL, "udp"}, {W_LIFETIME, "30s"}}},
		{"server",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "20000"},
						{W_LIFETIME, "20s"},
						{W_CLOSER, "server"},
						{W_BURST, "60"},
						{W_DESTINATIONS, "10.0.0.1:22"}}},
		{"server with a backlog",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "400000"},
						{W_LIFETIME, "500s"},
						{W_BACKLOG, "4096"},
						{W_QUEUED_BYTES, "64KiB"}}},
		{"proxy",
				{{W_ROLE, "proxy"},
						{W_CONNECTIONS, "10000"},
						{W_LIFETIME, "30s"},
						{W_UP_CONNECTIONS, "500"},
						{W_UP_OPEN_RATE, "100"},
						{W_UP_DESTINATIONS, "10.0.0.5:443"}}},
		{"Erlang node",
				{{W_ROLE, "both"},
						{W_RUNTIME, "erlang"},
						{W_CONNECTIONS, "40000"},
						{W_DESTINATIONS, "10.0.0.5:443"}}},
		{"published port",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "20000"},
						{W_LIFETIME, "30s"},
						{W_NAT, "publish"},
						{W_BURST, "900"}}},
		{"threads",
				{{W_CONNECTIONS, "1000"},
						{W_THREADS, "3000"},
						{W_NOFILE, "hard"},
						{W_ON_LINK_PEERS, "900"},
						{W_MEMORY_PER_CONNECTION, "1MiB"}}},
};

/* Judged of a host before anything was removed. */
struct baseline {
	struct result results[COUNT_OF(plans)];
};

struct room {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
	struct workload workloads[COUNT_OF(plans)];
	size_t asked, complaints;
};

static struct workload workload_of(struct arena *arena, const struct plan_row *plan)
{
	struct workload workload = {0};
	struct error err = {0};
	for (size_t i = 0; i < FIELDS_MAX && plan->fields[i].text; i++) {
		const struct plan_field *field = &plan->fields[i];
		if (!workload_set(arena, &workload, field->field, field->text, "test", &err))
			fail_msg("%s: %s", plan->name, err.text);
	}
	return workload;
}

static int set_up(void **state)
{
	static struct room room;
	struct error err = {0};
	room = (struct room){.arena = arena_new()};
	*state = &room;
	if (!rules_load(room.arena, NULL, 0, false, &room.rules, &room.extras, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < COUNT_OF(plans); i++)
		room.workloads[i] = workload_of(room.arena, &plans[i]);
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;
	rule_extras_release(&room->extras);
	arena_free(room->arena);
	return 0;
}

static void judge(struct room *room,
		struct arena *arena,
		const struct facts *facts,
		size_t plan,
		struct result *ret_result)
{
	struct error err = {0};
	const struct workload *workload = &room->workloads[plan];
	room->asked++;
	if (!model_judge(arena, &room->rules, facts, workload, &options, ret_result, &err))
		fail_msg("%s: %s", plans[plan].name, err.text);
}

/* What was done to the host, and what came of it. */
struct change_of {
	const char *host, *what;
	size_t plan;
};

static void complain(struct room *room, const struct change_of *of, const char *text)
{
	if (room->complaints++ < COMPLAINTS_MAX)
		print_error("%s without %s, %s: %s\n", of->host, of->what, plans[of->plan].name, text);
}

static bool helps(enum status before, enum status after)
{
	if (after == STATUS_NOT_APPLICABLE)
		return before != STATUS_NOT_APPLICABLE;
	if (after != STATUS_PASS)
		return false;
	return before == STATUS_FAIL || before == STATUS_WARN || before == STATUS_UNKNOWN;
}

static bool grows(double before, double after)
{
	return after > before * (1 + 1e-9);
}

static void compare_limit(struct room *room,
		const struct change_of *of,
		const struct judgement *before,
		const struct judgement *after)
{
	const char *id = before->rule->id;
	const char *was = status_name(before->status), *is = status_name(after->status);
	if (helps(before->status, after->status))
		complain(room, of, arena_printf(room->arena, "%s was %s, is %s", id, was, is));
	else if (grows(before->max_safe_scale, after->max_safe_scale))
		complain(room,
				of,
				arena_printf(room->arena,
						"%s (%s, now %s) was safe up to %g, is up to %g",
						id,
						was,
						is,
						before->max_safe_scale,
						after->max_safe_scale));
}

static void compare(struct room *room,
		const struct change_of *of,
		const struct result *before,
		const struct result *after)
{
	static const int ranks[] = {[VERDICT_PASS] = 0, [VERDICT_UNKNOWN] = 1, [VERDICT_FAIL] = 1};
	for (size_t i = 0; i < before->resource_count; i++)
		compare_limit(room, of, &before->resources[i].worst, &after->resources[i].worst);
	if (ranks[after->verdict] < ranks[before->verdict])
		complain(room, of, "the verdict passes now");
	if (grows(before->max_safe.scale, after->max_safe.scale))
		complain(room, of, "the highest safe load has grown");
}

static void compare_all(struct room *room,
		const struct baseline *baseline,
		const struct facts *facts,
		const char *host,
		const char *what)
{
	for (size_t i = 0; i < COUNT_OF(plans); i++) {
		const struct change_of of = {host, what, i};
		struct arena *arena = arena_new();
		struct result after;
		judge(room, arena, facts, i, &after);
		compare(room, &of, &baseline->results[i], &after);
		arena_free(arena);
	}
}

static struct baseline *baseline_of(struct room *room,
		struct arena *arena,
		const struct facts *facts)
{
	struct baseline *baseline = arena_alloc(arena, sizeof *baseline);
	for (size_t i = 0; i < COUNT_OF(plans); i++)
		judge(room, arena, facts, i, &baseline->results[i]);
	return baseline;
}

/* Counters, and what holds after the next boot. */
static bool decides_nothing(const char *key)
{
	static const char *const families[] = {
			"boot.",
			"netstat.",
			"snmp.",
			"softnet.",
			"sockets.tcp.",
			"nothing",
	};
	if (getenv("HEADROOM_EVERY_FACT"))
		return false;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		if (text_begins_with(key, families[i]))
			return true;
	}
	return false;
}

static struct facts *read_document(struct arena *arena, const struct json *json)
{
	struct facts *facts = facts_new(arena);
	struct host_info info = {0};
	struct error err = {0};
	if (!facts_from_json(arena, json, facts, &info, &err))
		fail_msg("%s", err.text);
	facts_sort(facts);
	return facts;
}

/* The document of a host as a file has it. */
static struct json *document_of(struct arena *arena, const char *path)
{
	struct facts facts;
	struct host_info info;
	struct error err = {0};
	probe_path(arena, path, &facts, &info);
	facts.whole = false;
	cJSON *tree = facts_to_json(&facts, &info, "test");
	char *text = cJSON_PrintUnformatted(tree);
	struct json *json = json_read("facts", text, strlen(text), &err);
	if (!json)
		fail_msg("%s: %s", path, err.text);
	free(text);
	cJSON_Delete(tree);
	return json;
}

static void without_fact(struct room *room,
		const struct baseline *baseline,
		const struct json *json,
		cJSON *list,
		cJSON *fact,
		const char *host)
{
	struct arena *arena = arena_new();
	const char *key = cJSON_GetObjectItem(fact, "key")->valuestring;
	const char *instance = cJSON_GetObjectItem(fact, "instance")->valuestring;
	const char *what = key;
	cJSON *next = fact->next;
	if (*instance)
		what = arena_printf(arena, "%s[%s]", key, instance);
	cJSON_DetachItemViaPointer(list, fact);
	compare_all(room, baseline, read_document(arena, json), host, what);
	if (next)
		cJSON_InsertItemInArray(list, 0, fact);
	else
		cJSON_AddItemToArray(list, fact);
	arena_free(arena);
}

static void remove_each(struct room *room, const char *path, const char *host)
{
	struct arena *arena = arena_new();
	struct json *json = document_of(arena, path);
	cJSON *root = (cJSON *)(uintptr_t)json_root(json);
	cJSON *list = cJSON_GetObjectItem(root, "facts");
	const struct baseline *baseline = baseline_of(room, arena, read_document(arena, json));
	size_t count = (size_t)cJSON_GetArraySize(list);
	cJSON **facts = arena_alloc(arena, count * sizeof *facts);
	cJSON *fact;
	size_t i = 0;
	cJSON_ArrayForEach(fact, list)
		facts[i++] = fact;
	for (i = 0; i < count; i++) {
		if (!decides_nothing(cJSON_GetObjectItem(facts[i], "key")->valuestring))
			without_fact(room, baseline, json, list, facts[i], host);
	}
	json_free(json);
	arena_free(arena);
}

static void no_fact_that_is_missing_helps(void **state)
{
	struct room *room = *state;
	size_t hosts = 0;
	DIR *directory = opendir("tests/hosts");
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		remove_each(room,
				arena_printf(room->arena, "tests/hosts/%s", entry->d_name),
				arena_strdup(room->arena, entry->d_name));
		hosts++;
	}
	closedir(directory);
	print_message("%zu hosts, judged %zu times\n", hosts, room->asked);
	assert_true(hosts > 10 && room->asked > 1000 * hosts);
	assert_int_equal(room->complaints, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(no_fact_that_is_missing_helps),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

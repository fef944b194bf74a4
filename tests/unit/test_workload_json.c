/* headroom.workload/2: what is read, what is refused and where, and that writing is the inverse.
 * JSON is written with ' for the double quote; so are the messages that are compared. */
#include "probes/plan/workload_json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/text.h"

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	arena_free(*state);
	return 0;
}

static char *swap_quotes(char *text, char from, char to)
{
	for (char *at = text; (at = strchr(at, from));)
		*at = to;
	return text;
}

static bool read_text(struct arena *arena,
		const char *text,
		const char *from,
		struct workload *ret,
		struct error *err)
{
	char *bytes = swap_quotes(arena_strdup(arena, text), '\'', '"');
	struct json *json = json_read("plan.json", bytes, strlen(bytes), err);
	bool good = json && workload_from_json(arena, json, json_root(json), from, ret, err);
	json_free(json);
	swap_quotes(err->text, '"', '\'');
	return good;
}

static struct workload must_read(struct arena *arena, const char *text, const char *from)
{
	struct workload workload;
	struct error err = {0};
	if (!read_text(arena, text, from, &workload, &err))
		fail_msg("%s\n  %s", text, err.text);
	return workload;
}

static const char full[] =
		"{'schema':'headroom.workload/"
		"1','name':'login','role':'proxy','protocol':'tcp','runtime':'go',\n"
		"'connections':15000,'open_rate_per_s':'250/"
		"s','ramp_rate_per_s':0.5,'lifetime_s':'60s','burst':'1.5k',\n"
		"'duration_s':'10m','destinations':['10.0.0.1:443','[::1]:80'],'source_addresses':3,'"
		"closer':'server',\n"
		"'bind':'noport','nat':'publish-proxy','egress':'aws-nat-gateway:ips=2','nofile':'hard',\n"
		"'memory_per_user_bytes':'4MiB','stages':[{'duration_s':60,'connections':100},\n"
		"{'duration_s':'5m','open_rate_per_s':20}],\n"
		"'groups':[{'name':'eth','share':0.4},{'name':'boba','share':'60%'}],\n"
		"'upstream':{'connections':20,'closer':'reset','destinations':2},'confidence':'estimate',\n"
		"'origins':{'lifetime_s':{'confidence':'exact','from':'script.js:12'},\n"
		"'upstream.closer':{'confidence':'bound'},'backlog':{'confidence':'needs-input'}}}";

static void every_kind_is_read(void **state)
{
	struct workload w = must_read(*state, full, NULL);
	const struct workload_value *v = w.values;
	assert_string_equal(v[W_NAME].text, "login");
	assert_string_equal(v[W_ROLE].text, "proxy");
	assert_true(v[W_CONNECTIONS].set && v[W_CONNECTIONS].number == 15000);
	assert_true(v[W_OPEN_RATE].number == 250 && v[W_RAMP_RATE].number == 0.5 &&
			v[W_LIFETIME].number == 60);
	assert_true(v[W_BURST].number == 1500 && v[W_DURATION].number == 600);
	assert_true(v[W_DESTINATIONS].number == 2);
	assert_string_equal(v[W_DESTINATIONS].list[1], "[::1]:80");
	assert_true(v[W_SOURCE_ADDRESSES].number == 3 && !v[W_SOURCE_ADDRESSES].list);
	assert_string_equal(v[W_NOFILE].text, "hard");
	assert_true(v[W_MEMORY_PER_USER].number == 4194304);
	assert_int_equal(w.stage_count, 2);
	assert_true(w.stages[0].connections == 100 && isnan(w.stages[0].open_rate_per_s));
	assert_true(w.stages[1].duration_s == 300 && w.stages[1].open_rate_per_s == 20);
	assert_true(isnan(w.stages[1].connections));
	assert_int_equal(w.group_count, 2);
	assert_true(w.groups[1].share == 0.6);
	assert_true(v[W_UP_CONNECTIONS].number == 20 && v[W_UP_DESTINATIONS].number == 2);
	assert_string_equal(v[W_UP_CLOSER].text, "reset");
	assert_false(v[W_BACKLOG].set || v[W_UP_OPEN_RATE].set || v[W_THREADS].set);
}

static void origins_are_kept(void **state)
{
	struct workload w = must_read(*state, full, NULL);
	const struct workload_value *v = w.values;
	assert_int_equal(w.confidence, CONFIDENCE_ESTIMATE);
	assert_string_equal(v[W_CONNECTIONS].from, "plan.json:2");
	assert_int_equal(v[W_CONNECTIONS].confidence, CONFIDENCE_ESTIMATE);
	assert_string_equal(v[W_LIFETIME].from, "script.js:12");
	assert_int_equal(v[W_LIFETIME].confidence, CONFIDENCE_EXACT);
	assert_int_equal(v[W_UP_CLOSER].confidence, CONFIDENCE_BOUND);
	assert_string_equal(v[W_UP_CLOSER].from, "plan.json:8");
	assert_int_equal(v[W_BACKLOG].confidence, CONFIDENCE_NEEDS_INPUT);
	w = must_read(*state, "{'burst':5}", "preset x");
	assert_string_equal(w.values[W_BURST].from, "preset x");
}

static char *printed(struct arena *arena, const struct workload *workload)
{
	cJSON *tree = workload_to_json(workload);
	char *text = cJSON_Print(tree);
	char *copy = arena_strdup(arena, text);
	cJSON_free(text);
	cJSON_Delete(tree);
	return copy;
}

static void writing_is_the_inverse(void **state)
{
	static const char *const texts[] = {full,
			"{}",
			"{'nofile':'unlimited','connections':900719925474099}",
			"{'stages':'60s:1000,5m:500/s','groups':'eth:40%,boba:60%'}",
			"{'confidence':'bound','upstream':{'open_rate_per_s':0.1}}"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct workload first = must_read(*state, texts[i], NULL);
		char *once = printed(*state, &first);
		struct workload second = must_read(*state, once, NULL);
		assert_string_equal(once, printed(*state, &second));
		for (int j = 0; j < WORKLOAD_FIELDS; j++) {
			assert_int_equal(first.values[j].set, second.values[j].set);
			assert_true(first.values[j].number == second.values[j].number);
		}
	}
}

/* What was completed is left out; another value than the one it was completed with is not. */
static void completed_fields_are_left_out(void **state)
{
	static const char text[] =
			"{'connections':233.1,'lifetime_s':'unlimited','closer':'server','role':'client',"
			"'upstream':{'closer':'client'},\n"
			"'origins':{'connections':{'confidence':'exact','from':'a law','completed':233.1},"
			"'lifetime_s':{'confidence':'estimate','completed':'unlimited'},"
			"'upstream.closer':{'confidence':'estimate','completed':'client'},"
			"'closer':{'confidence':'estimate','from':'default','completed':'client'}}}";
	struct workload w = must_read(*state, text, NULL);
	const struct workload_value *v = w.values;
	assert_false(v[W_CONNECTIONS].set || v[W_LIFETIME].set || v[W_UP_CLOSER].set);
	assert_null(v[W_CONNECTIONS].from);
	assert_true(v[W_CLOSER].set && v[W_ROLE].set);
	assert_string_equal(v[W_CLOSER].text, "server");
	assert_string_equal(v[W_CLOSER].from, "plan.json:1");
	assert_int_equal(v[W_CLOSER].confidence, CONFIDENCE_EXACT);
}

static const struct {
	const char *text, *expected;
} bad[] = {
		{"[]", "plan.json:1:1: a workload must be an object"},
		{"{'schema':'headroom.workload/3'}",
				"plan.json:1:11: 'schema' must be 'headroom.workload/2' or 'headroom.workload/1'"},
		{"{'schema':'headroom.audit/2'}", "plan.json:1:11: 'schema' must be 'headroom.workload/2'"},
		{"{'conections':1}",
				"plan.json:1:2: unknown member 'conections'; did you mean 'connections'?"},
		{"{\n 'connections': 1.5}", "plan.json:2:17: 'connections' must be a whole number"},
		{"{'connections':-1}", "must not be negative"},
		{"{'connections':9007199254740993}", "plan.json:1:"},
		{"{'connections':true}", "must be a number"},
		{"{'connections':null}", "must be a number"},
		{"{'connections':'unlimited'}", "give a number"},
		{"{'connections':'60s'}", "'60s' is not a count"},
		{"{'lifetime_s':'fast'}", "'lifetime_s': 'fast' is not a time"},
		{"{'role':'clint'}", "one of: client, server, proxy, both"},
		{"{'role':1}", "must be a text"},
		{"{'name':''}", "must be a text that is not empty"},
		{"{'name':'a\\u0007'}", "contains a control character"},
		{"{'destinations':0}", "must be at least 1"},
		{"{'destinations':[]}", "must have 1 to"},
		{"{'destinations':[1]}", "must be a text"},
		{"{'destinations':2.5}", "whole number"},
		{"{'nofile':'some'}", "neither soft, hard nor a number"},
		{"{'stages':[]}", "1 to 1000 stages"},
		{"{'stages':5}", "1 to 1000 stages"},
		{"{'stages':[{'connections':1}]}", "plan.json:1:12: a stage needs 'duration_s'"},
		{"{'stages':[{'duration_s':1}]}", "exactly one of"},
		{"{'stages':[{'duration_s':1,'connections':1,'open_rate_per_s':1}]}", "exactly one of"},
		{"{'stages':[{'duration_s':1,'connections':1,'x':1}]}", "unknown member 'x'"},
		{"{'stages':[7]}", "expected an object"},
		{"{'stages':'60s:unlimited'}", "give a number"},
		{"{'groups':[{'name':'a','share':0.5}]}", "add up to 0.5, not to 1"},
		{"{'groups':[{'share':1}]}", "needs 'name' and 'share'"},
		{"{'upstream':5}", "expected an object"},
		{"{'upstream':{'role':'client'}}", "unknown member 'role'"},
		{"{'upstream.closer':'client'}", "unknown member"},
		{"{'confidence':'sure'}", "one of: exact, bound"},
		{"{'origins':[]}", "'origins' must be an object"},
		{"{'origins':{'speed':{}}}", "unknown field 'speed'"},
		{"{'origins':{'burst':{'confidence':1}}}", "one of: exact"},
		{"{'origins':{'burst':{'why':1}}}", "unknown member 'why'"},
		{"{'burst':1,'burst':2}", "duplicate member"},
		{"{'burst':1} x", "plan.json:1:13"},
};

static void bad_plans_are_refused(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct workload workload;
		struct error err = {0};
		if (read_text(*state, bad[i].text, NULL, &workload, &err))
			fail_msg("accepted: %s", bad[i].text);
		if (!strstr(err.text, bad[i].expected) || strncmp(err.text, "plan.json:", 10) != 0)
			fail_msg("%s\n  said \"%s\", not \"%s\"", bad[i].text, err.text, bad[i].expected);
	}
}

static void stages_are_bounded(void **state)
{
	struct text text = {0};
	struct workload workload;
	struct error err = {0};
	text_add(&text, "{'stages':[");
	for (int i = 0; i < WORKLOAD_STAGES_MAX; i++)
		text_addf(&text, "%s{'duration_s':1,'connections':%d}", i ? "," : "", i);
	size_t length = text.length;
	text_add(&text, "]}");
	workload = must_read(*state, text.data, NULL);
	assert_int_equal(workload.stage_count, WORKLOAD_STAGES_MAX);
	text.length = length;
	text_add(&text, ",{'duration_s':1,'connections':1}]}");
	assert_false(read_text(*state, text.data, NULL, &workload, &err));
	assert_non_null(strstr(err.text, "plan.json:1:11: 'stages' must be a list of 1 to 1000"));
	text_release(&text);
}

static void files_are_read(void **state)
{
	char path[] = "/tmp/headroom-plan-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "{\"burst\": 7}\n", 13), 13);
	close(fd);
	struct loads plan;
	struct error err = {0};
	assert_true(loads_from_file(*state, path, &plan, &err));
	assert_int_equal(plan.count, 1);
	assert_true(plan.items[0].values[W_BURST].number == 7);
	assert_int_equal(unlink(path), 0);
	assert_false(loads_from_file(*state, path, &plan, &err));
	assert_non_null(strstr(err.text, "No such file"));
}

static bool read_loads(struct arena *arena, const char *text, struct loads *ret, struct error *err)
{
	char *quoted = arena_strdup(arena, text);
	for (char *at = quoted; *at; at++)
		*at = (char)(*at == '\'' ? '"' : *at);
	struct json *json = json_read("plan.json", quoted, strlen(quoted), err);
	bool good = json && loads_from_json(arena, json, json_root(json), NULL, ret, err);
	json_free(json);
	return good;
}

static const char *printed_loads(struct arena *arena, const struct loads *loads)
{
	cJSON *tree = loads_to_json(arena, loads);
	char *text = cJSON_Print(tree);
	const char *copy = arena_strdup(arena, text);
	cJSON_free(text);
	cJSON_Delete(tree);
	return copy;
}

/* One load is written as it ever was; several have a name of their own. */
static void several_loads_are_read_and_written(void **state)
{
	static const char two[] = "{'schema':'headroom.workload/2','loads':[{'name':'chat',"
							  "'connections':50000},\n{'open_rate_per_s':2000,'lifetime_s':0.1}]}";
	struct loads plan, again;
	struct error err = {0};
	assert_true(read_loads(*state, two, &plan, &err));
	assert_int_equal(plan.count, 2);
	assert_null(plan.name);
	assert_true(plan.items[0].values[W_CONNECTIONS].number == 50000);
	assert_string_equal(plan.items[1].values[W_OPEN_RATE].from, "plan.json:2");
	const char *once = printed_loads(*state, &plan);
	assert_non_null(strstr(once, "chat + load 2"));
	assert_true(read_loads(*state, once, &again, &err));
	assert_string_equal(again.name, "chat + load 2");
	assert_string_equal(once, printed_loads(*state, &again));
	assert_true(read_loads(*state, "{'loads':[{'burst':7}]}", &plan, &err));
	assert_null(strstr(printed_loads(*state, &plan), "loads"));
}

static void bad_loads_are_refused(void **state)
{
	static const char *const wrong[][2] = {
			{"{'loads':[]}", "plan.json:1:10: \"loads\" must be a list of 1 to 16 loads"},
			{"{'loads':{}}", "must be a list of 1 to 16"},
			{"{'loads':[7]}", "plan.json:1:11: a workload must be an object"},
			{"{'loads':[{'burst':-1}]}", "plan.json:1:20: \"burst\" must not be negative"},
			{"{'loads':[{'loads':[{}]}]}", "only one load is allowed here"},
			{"{'connections':7,'loads':[{},{}]}", "\"connections\""},
			{"{'name':'','loads':[{},{}]}", "\"name\" must be a text that is not empty"},
			{"{'schema':'headroom.workload/1','loads':[{},{}]}", "needs the schema"},
			{"{'schema':'headroom.workload/3','loads':[{},{}]}", "\"schema\" must be"},
			{"{'loads':[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]}", "1 to 16"},
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct loads plan;
		struct error err = {0};
		assert_false(read_loads(*state, wrong[i][0], &plan, &err));
		if (!strstr(err.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], err.text);
	}
	struct workload one;
	struct error err = {0};
	assert_false(read_text(*state, "{'loads':[{}]}", NULL, &one, &err));
	assert_non_null(strstr(err.text, "only one load is allowed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(every_kind_is_read, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(origins_are_kept, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(writing_is_the_inverse, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(completed_fields_are_left_out, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(bad_plans_are_refused, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(stages_are_bounded, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(files_are_read, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(several_loads_are_read_and_written,
					make_arena,
					free_arena),
			cmocka_unit_test_setup_teardown(bad_loads_are_refused, make_arena, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

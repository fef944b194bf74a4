/* What each chart says in words: one text for the caption, the SVG's desc and the PDF's Alt. And a
 * chart without data is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "report/chart/chart.h"
#include "report/document/view.h"
#include "report/render/page.h"

static const struct {
	const char *document, *chart, *finding; /* NULL: there is no chart */
} cases[] = {
		{"calibrated",
				"headroom",
				"Outgoing ports: safe up to 10,587 connections, 176/s. This is the tightest "
				"limit. "
				"The plan is 15,000 connections, 250/s. Next is File descriptors of the process "
				"with "
				"49,112 connections, 818/s. With the changes: safe up to 65,458 connections, "
				"1,090/s."},
		{"calibrated",
				"time",
				"Outgoing ports: used up 1:53 after the start, with 15,000 connections open. "
				"Outgoing ports: peak 106%. After the first failure the chart goes on "
				"as if nothing "
				"had failed. Calculated from the plan."},
		{"calibrated",
				"ports",
				"Outgoing connections take ports from 32768 to 60999; 28,232 of them are usable. "
				"Listeners inside "
				"this range: 1."},
		{"calibrated",
				"sizing",
				"For the plan: 2 hosts now, after the changes 1 host. For 400% of it "
				"(60,000 connections, "
				"1,000/s): 6 hosts, after the changes 1 host."},
		{"calibrated",
				"calibration",
				"3 of 5 measurements on this kernel agree with the model. connections until no "
				"port "
				"is left: 28,200 measured, 28,232 predicted. opening and closing with ports in "
				"TIME_WAIT: 1,411.6 measured, at least 470.5 predicted."},
		{"calibrated",
				"history",
				"2026-03-02: fail, safe up to 7,058 connections, 117/s. 2026-05-20: fail, safe up "
				"to 10,587 connections, 176/s. 2026-04-01 14:00: 7,058 → 20,491; now reached "
				"first: File descriptors of the process. 2026-05-06 07:45: 20,491 → 10,587; now "
				"reached first: "
				"Outgoing ports."},
		{"staged",
				"time",
				"Open files (process): used up 0:33 after the start, with 1,084 connections open. "
				"Open files (process): peak 587% at 5:05. Outgoing ports: peak 276% at 6:06. "
				"TIME_WAIT: peak 54.9% at 6:06. After the first failure the chart goes on "
				"as if nothing had failed. Calculated from the plan."},
		{"staged",
				"sizing",
				"For the plan: 8 hosts now, after the changes 1 host. For 400% of it "
				"(24,000 connections, "
				"4,800/s): 32 hosts, after the changes 4 hosts."},
		{"unknown",
				"headroom",
				"File handles of the system is not known. Connection tracking entries is not "
				"known. "
				"No known hard limit comes close to the plan."},
		{"staged", "history", NULL},
		{"staged", "calibration", NULL},
		{"pass", "sizing", NULL},
		{"pass", "time", NULL},
		{"none", "headroom", NULL},
		{"none", "history", NULL},
};

static cJSON *read_document(const char *name)
{
	char path[128];
	(void)snprintf(path, sizeof path, "tests/report/%s-audit.json", name);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	static char bytes[1 << 20];
	size_t size = fread(bytes, 1, sizeof bytes - 1, file);
	(void)fclose(file);
	bytes[size] = '\0';
	cJSON *root = cJSON_Parse(bytes);
	assert_non_null(root);
	return root;
}

static cJSON *prepared(struct arena *arena, const char *name)
{
	cJSON *root = read_document(name);
	const struct page_budget budget = {100, 100000, 0};
	struct error err = {0};
	if (!page_prepare(arena, root, NULL, &budget, &err))
		fail_msg("%s: %s", name, err.text);
	return root;
}

static void findings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		cJSON *root = prepared(arena, cases[i].document);
		const cJSON *chart = cJSON_GetObjectItem(view_object(root, "page.charts"), cases[i].chart);
		const char *finding = view_raw(chart, "finding");
		if (cases[i].finding ? strcmp(finding, cases[i].finding) != 0 : chart != NULL)
			fail_msg("%s, %s: \"%s\" instead of \"%s\"",
					cases[i].document,
					cases[i].chart,
					finding,
					cases[i].finding ? cases[i].finding : "no chart");
		if (cases[i].finding)
			assert_string_equal(chart_find(cases[i].chart)->draw(arena, root, NULL)->finding,
					finding);
		cJSON_Delete(root);
		arena_free(arena);
	}
}

static const cJSON *time_of(struct arena *arena, cJSON *root)
{
	const struct page_budget budget = {100, 100000, 0};
	struct error err = {0};
	assert_true(page_prepare(arena, root, NULL, &budget, &err));
	return view_object(root, "page.charts.time");
}

static const char *line_of(const cJSON *chart, int index)
{
	return view_raw(cJSON_GetArrayItem(view_array(chart, "lines"), index), "id");
}

/* What breaks first, then what else goes above half. */
static void time_shows_what_matters(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = read_document("staged");
	const cJSON *chart = time_of(arena, root);
	assert_int_equal(view_count(chart, "lines"), 3);
	assert_string_equal(line_of(chart, 0), "process-fds");
	assert_string_equal(line_of(chart, 1), "ephemeral-ports");
	assert_string_equal(line_of(chart, 2), "time-wait-buckets");
	assert_string_equal(view_raw(chart, "broken.id"), "process-fds");
	const cJSON *row = cJSON_GetArrayItem(view_array(chart, "rows"), 0);
	assert_int_equal(view_count(row, "uses"), 3);
	cJSON_Delete(root);
	arena_free(arena);
}

static void set_all(cJSON *values, double value)
{
	cJSON *item;
	cJSON_ArrayForEach(item, values)
		cJSON_SetNumberValue(item, value);
}

/* A plan during which no use changes, or which breaks before anything changed, has no drawing. */
static void time_needs_a_change(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = read_document("staged");
	cJSON_SetNumberValue(cJSON_GetObjectItem(cJSON_GetObjectItem(root, "breaks"), "at_s"), 0);
	assert_null(time_of(arena, root));
	cJSON_Delete(root);
	root = read_document("staged");
	cJSON *series = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "timeline"), "series");
	cJSON *values;
	cJSON_ArrayForEach(values, cJSON_GetObjectItem(series, "use"))
		set_all(values, 0.6);
	assert_null(time_of(arena, root));
	cJSON *first = cJSON_GetObjectItem(cJSON_GetObjectItem(series, "use"), "process-fds");
	cJSON_SetNumberValue(first->child, 0.45);
	assert_non_null(time_of(arena, root));
	cJSON_Delete(root);
	arena_free(arena);
}

/* A run of 20 s in which the ports were used up; `certified` takes that back. */
static cJSON *watched_run(bool certified, double use)
{
	static const char text[] =
			"{\"bottleneck\": \"ephemeral-ports\", \"certified\": false, \"differs\": null,"
			"\"observed\": {\"compared\": [{\"id\": \"live\", \"predicted\": 40, \"seen\": 82}],"
			"\"limits\": [{\"id\": \"threads\", \"title\": \"Threads\", \"utilization\": 0.05},"
			"{\"id\": \"ephemeral-ports\", \"title\": \"Outgoing ports\", \"used\": 3500,"
			"\"capacity\": 3500, \"utilization\": 1, \"at_s\": 18.7}],"
			"\"timeline\": {\"t\": [0, 18.7, 20], \"series\": {\"live\": [0, 82, 0],"
			"\"use\": {\"threads\": [0, 0.05, 0.05], \"ephemeral-ports\": [0, 1, 1]}}}}}";
	cJSON *root = read_document("staged"), *gate = cJSON_Parse(text);
	assert_non_null(gate);
	cJSON_ReplaceItemInObject(root, "gate", gate);
	if (!certified)
		return root;
	cJSON_ReplaceItemInObject(gate, "bottleneck", cJSON_CreateNull());
	cJSON_ReplaceItemInObject(gate, "certified", cJSON_CreateTrue());
	cJSON *limits = cJSON_GetObjectItem(cJSON_GetObjectItem(gate, "observed"), "limits");
	cJSON_ReplaceItemInObject(cJSON_GetArrayItem(limits, 1),
			"utilization",
			cJSON_CreateNumber(use));
	return root;
}

static const cJSON *run_of(struct arena *arena, cJSON *root)
{
	(void)time_of(arena, root);
	return view_object(root, "page.charts.run");
}

/* The limit that ended it is first, though another one is listed before it; what stays low is left
 * out. */
static void run_shows_what_ended_it(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = watched_run(false, 1);
	const cJSON *chart = run_of(arena, root);
	assert_int_equal(view_count(chart, "lines"), 1);
	assert_string_equal(line_of(chart, 0), "ephemeral-ports");
	assert_string_equal(view_raw(chart, "reached.id"), "ephemeral-ports");
	assert_true(view_number(chart, "connections.predicted") == 40);
	assert_string_equal(view_raw(chart, "finding"),
			"Highest: Outgoing ports, 3,500 of 3,500 (100%), after 18.7 s. The plan would have "
			"used 276%.");
	cJSON_Delete(root);
	arena_free(arena);
}

/* Of a certified run nothing is drawn, unless a limit came near, or it was not the planned one. */
static void certified_runs_are_drawn_if_there_is_something(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = watched_run(true, 0.3);
	assert_null(run_of(arena, root));
	cJSON *gate = cJSON_GetObjectItem(root, "gate");
	cJSON_ReplaceItemInObject(gate, "differs", cJSON_CreateString("It ran twice as much."));
	assert_non_null(run_of(arena, root));
	cJSON_Delete(root);
	root = watched_run(true, 0.6);
	assert_non_null(run_of(arena, root));
	cJSON_Delete(root);
	arena_free(arena);
}

/* A change of the safe load has a number, and what made it where the audit knows it. */
static void history_says_what_changed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = read_document("calibrated");
	cJSON *because = cJSON_AddArrayToObject(
			cJSON_GetArrayItem(cJSON_GetObjectItem(root, "history"), 2),
			"because");
	cJSON_AddItemToArray(because, cJSON_CreateString("net.ipv4.tcp_tw_reuse"));
	cJSON_AddItemToArray(because, cJSON_CreateString("net.ipv4.ip_local_port_range"));
	(void)time_of(arena, root);
	const cJSON *rows = view_array(root, "page.charts.history.rows");
	const cJSON *third = cJSON_GetArrayItem(rows, 2);
	assert_true(view_number(third, "step") == 1);
	assert_string_equal(view_raw(third, "says_step"),
			"7,058 → 20,491: net.ipv4.tcp_tw_reuse and 1 more");
	assert_true(isnan(view_number(cJSON_GetArrayItem(rows, 1), "step")));
	assert_true(isnan(view_number(cJSON_GetArrayItem(rows, 6), "step")));
	cJSON_Delete(root);
	arena_free(arena);
}

/* What is safe after an audit that does not know it has its value again. */
static void history_values_come_back(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = read_document("calibrated");
	(void)time_of(arena, root);
	const struct canvas *canvas = chart_find("history")->draw(arena, root, NULL);
	int shown = 0;
	for (size_t i = 0; i < canvas->count; i++)
		shown += canvas->ops[i].kind == OP_TEXT && !strcmp(canvas->ops[i].text, "10,587");
	assert_int_equal(shown, 2);
	cJSON_Delete(root);
	arena_free(arena);
}

/* Two audits are no history; of many the last twelve are shown, and where another limit binds is
 * known. */
static void history_needs_three(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const struct page_budget budget = {100, 100000, 0};
	struct error err = {0};
	cJSON *root = read_document("calibrated"), *history = cJSON_GetObjectItem(root, "history");
	assert_true(page_prepare(arena, root, NULL, &budget, &err));
	const cJSON *rows = view_array(root, "page.charts.history.rows");
	assert_int_equal(cJSON_GetArraySize(rows), 7); /* six earlier ones and this one */
	for (int i = 0; i < 7; i++)
		assert_int_equal(view_true(cJSON_GetArrayItem(rows, i), "changed"), i == 2 || i == 4);
	while (cJSON_GetArraySize(history) < 15)
		cJSON_AddItemToArray(history, cJSON_Duplicate(cJSON_GetArrayItem(history, 0), true));
	assert_true(page_prepare(arena, root, NULL, &budget, &err));
	assert_int_equal(view_count(root, "page.charts.history.rows"), 12);
	while (cJSON_GetArraySize(history) > 1)
		cJSON_DeleteItemFromArray(history, 0);
	assert_true(page_prepare(arena, root, NULL, &budget, &err));
	assert_null(view_object(root, "page.charts.history"));
	cJSON_Delete(root);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(findings),
			cmocka_unit_test(time_shows_what_matters),
			cmocka_unit_test(time_needs_a_change),
			cmocka_unit_test(run_shows_what_ended_it),
			cmocka_unit_test(certified_runs_are_drawn_if_there_is_something),
			cmocka_unit_test(history_says_what_changed),
			cmocka_unit_test(history_values_come_back),
			cmocka_unit_test(history_needs_three)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

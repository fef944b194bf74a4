/* What each chart says in words: one text for the caption, the SVG's desc and the PDF's Alt. And a
 * chart without data is none. */
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
				"Ephemeral ports: safe up to 10,587 connections, 176/s. This is the tightest "
				"limit. "
				"The plan is 15,000 connections, 250/s. Next is File descriptors of the process "
				"with "
				"49,112 connections, 818/s. With the changes: safe up to 65,458 connections, "
				"1,090/s."},
		{"calibrated",
				"ramp",
				"Ephemeral ports: the limit is reached 112.9 s after the start. Ephemeral ports "
				"passes the target "
				"of 75 % at 84.7 s. At its peak Ephemeral ports reaches 106 %. Modelled from the "
				"plan."},
		{"calibrated",
				"ports",
				"Outgoing connections take ports from 32768 to 60999; 28,232 of them are usable. "
				"Listeners inside "
				"this range: 1."},
		{"calibrated",
				"sizing",
				"The plan: 2 hosts as it is, after the changes 1 host. At 400 % of the plan "
				"(60,000 connections, "
				"1,000/s): 6 hosts, after the changes 1 host."},
		{"calibrated",
				"calibration",
				"ports: 28,200 connections in 310 ms, then EADDRNOTAVAIL. Predicted: 28,232; the "
				"model disagrees. "
				"Measured on this kernel."},
		{"calibrated",
				"history",
				"2026-03-02: fail, safe up to 7,058 connections, 117/s. 2026-05-20: fail, safe up "
				"to 10,587 "
				"connections, 176/s."},
		{"staged",
				"ramp",
				"Process descriptors: the limit is reached 32.9 s after the start. Ephemeral "
				"ports: at 103.3 s. "
				"Process descriptors passes the target of 75 % at 25.2 s. At its peak Process "
				"descriptors reaches "
				"587 %. Modelled from the plan."},
		{"staged",
				"sizing",
				"The plan: 8 hosts as it is, after the changes 1 host. At 400 % of the plan "
				"(24,000 connections, "
				"4,800/s): 32 hosts, after the changes 4 hosts."},
		{"unknown",
				"headroom",
				"File handles of the system is not known. Connection tracking entries is not "
				"known. "
				"No hard limit that is known comes near the plan."},
		{"staged", "history", NULL},
		{"staged", "calibration", NULL},
		{"pass", "sizing", NULL},
		{"pass", "ramp", NULL},
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

/* The limit's line and the second at which it is reached belong to the sockets only where its
 * demand is theirs. */
static void ramp_shows_the_limit_of_sockets(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *root = prepared(arena, "staged");
	assert_string_equal(view_raw(root, "page.charts.ramp.limit.id"), "ephemeral-ports");
	cJSON_Delete(root);
	root = read_document("staged");
	cJSON *use = cJSON_GetObjectItem(
			cJSON_GetObjectItem(cJSON_GetObjectItem(root, "timeline"), "series"),
			"use");
	cJSON_DeleteItemFromObject(use, "ephemeral-ports");
	cJSON_DeleteItemFromObject(use, "conntrack");
	cJSON_DeleteItemFromObject(use, "system-fds");
	const struct page_budget budget = {100, 100000, 0};
	struct error err = {0};
	assert_true(page_prepare(arena, root, NULL, &budget, &err));
	assert_null(view_object(root, "page.charts.ramp.limit"));
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
			cmocka_unit_test(ramp_shows_the_limit_of_sockets),
			cmocka_unit_test(history_needs_three)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

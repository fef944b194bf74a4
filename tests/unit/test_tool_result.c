/* What load test tools wrote about their runs (tests/results/: as they wrote it; those
 * of k6 and Gatling as published), and what follows from it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/file.h"
#include "model/tool/built_in.h"
#include "probes/result/reader.h"

#define UNKNOWN ((double)NAN)

struct sample {
	const char *tool, *file;
	double requests, errors, lost, dropped, rate; /* NAN: not in it */
	bool guilty;
	const char *cause;
};

static const struct tool_results *results_of(const char *tool)
{
	const struct tool_rule *rule = rules_tool_named(&built_in_rules, tool);
	assert_non_null(rule);
	return &rule->reading.results;
}

static void add_file(struct result_reader *reader, const char *path, size_t step)
{
	__attribute__((cleanup(text_release))) struct text text = {0};
	FILE *file = fopen(path, "re");
	char bytes[4096];
	size_t count;
	if (!file)
		fail_msg("%s cannot be opened", path);
	while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
		text_add_bytes(&text, bytes, count);
	(void)fclose(file);
	for (size_t at = 0; at < text.length; at += step) {
		size_t part = text.length - at < step ? text.length - at : step;
		result_add(reader, text.data + at, part);
	}
}

/* Two files of one run are written with a blank between. */
static struct tool_result read_sample(struct arena *arena, const struct sample *sample, size_t step)
{
	struct result_reader *reader = result_open(arena, results_of(sample->tool));
	struct tool_result result = tool_result_none(sample->tool, NULL);
	char *rest = arena_strdup(arena, sample->file);
	bool first = true;
	for (char *file; (file = strsep(&rest, " ")); first = false) {
		if (!first)
			result_next(reader);
		add_file(reader, arena_printf(arena, "tests/results/%s/%s", sample->tool, file), step);
	}
	result.from = sample->file;
	assert_true(result_end(reader, &result));
	return result;
}

static void assert_figure(const struct sample *sample, const char *what, double is, double wanted)
{
	bool same = isnan(wanted) ? isnan(is) : fabs(is - wanted) <= 1e-6 + fabs(wanted) / 1000;
	if (!same)
		fail_msg("%s/%s: %s is %g, not %g", sample->tool, sample->file, what, is, wanted);
}

static const struct result_limits limits = {.errors_ratio = 0.001, .rate_ratio = 0.95};
static const struct asked nothing_asked = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};

static void check_sample(const struct sample *sample, size_t step)
{
	struct arena *arena = arena_new();
	struct result_verdict verdict;
	const struct tool_result result = read_sample(arena, sample, step);
	tool_result_judge(arena, &result, &nothing_asked, &limits, &verdict);
	assert_figure(sample, "requests", verdict.requests, sample->requests);
	assert_figure(sample, "errors", verdict.errors, sample->errors);
	assert_figure(sample, "lost", verdict.lost, sample->lost);
	assert_figure(sample, "dropped", verdict.dropped, sample->dropped);
	assert_figure(sample, "rate", verdict.rate, sample->rate);
	if (sample->guilty != (verdict.guilt != NULL))
		fail_msg("%s/%s: %s", sample->tool, sample->file, verdict.guilt);
	const char *is = result.cause ? result.cause : "none";
	const char *wanted = sample->cause ? sample->cause : "none";
	if (strcmp(is, wanted) != 0)
		fail_msg("%s/%s: most: %s, not %s", sample->tool, sample->file, is, wanted);
	arena_free(arena);
}

static const struct sample samples[] = {
		{"wrk", "good.txt", 132941, 0, 0, UNKNOWN, 66302.52, false, NULL},
		{"wrk", "404.txt", 115, 0, 0, UNKNOWN, 114.79, false, NULL},
		{"wrk", "no-ports.txt", 147646, 0, 21, UNKNOWN, 70140.32, true, NULL},
		{"wrk", "timeout.txt", 20, 10, 0, UNKNOWN, 1.99, true, NULL},
		{"h2load", "good.txt", 1000, 0, UNKNOWN, UNKNOWN, 35566.94, false, NULL},
		{"h2load", "404.txt", 50, 0, UNKNOWN, UNKNOWN, 124.12, false, NULL},
		{"h2load", "timed.txt", 30, 0, UNKNOWN, UNKNOWN, 15, false, NULL},
		{"h2load", "no-ports.txt", 1000, 400, UNKNOWN, UNKNOWN, 38126.71, true, NULL},
		{"h2load", "refused.txt", 1000, 1000, UNKNOWN, UNKNOWN, 0, true, NULL},
		{"h2load", "timeout.txt", 10, 10, UNKNOWN, UNKNOWN, 0, true, NULL},
		{"ab", "good.txt", 1000, 0, UNKNOWN, UNKNOWN, 9116.35, false, NULL},
		{"ab", "404.txt", 20, 0, UNKNOWN, UNKNOWN, 1808.81, false, NULL},
		{"ab", "refused.txt", 50, 75, UNKNOWN, UNKNOWN, 0, true, NULL},
		{"siege", "good.txt", 200, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"siege", "404.txt", 100, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"siege", "500.txt", 100, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"siege", "no-ports.txt", 1000, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"hey", "rate.txt", 400, 0, UNKNOWN, UNKNOWN, 198.9291, false, NULL},
		{"hey", "404.txt", 50, 0, UNKNOWN, UNKNOWN, 119.0965, false, NULL},
		{"hey", "answers.csv", 20, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"hey", "no-ports.txt", 1000, 476, UNKNOWN, UNKNOWN, 3938.2, true, "no free port"},
		{"hey", "timeout.txt", 10, 10, UNKNOWN, UNKNOWN, 0, true, "timeout"},
		{"vegeta", "good.txt", 200, 0, UNKNOWN, UNKNOWN, 100.9, false, NULL},
		{"vegeta", "good.json", 200, 0, UNKNOWN, UNKNOWN, 100.9, false, NULL},
		{"vegeta", "no-ports.txt", 200, 170, UNKNOWN, UNKNOWN, 15.1, true, NULL},
		{"vegeta", "no-ports.json", 200, 170, UNKNOWN, UNKNOWN, 15.1, true, NULL},
		{"vegeta", "no-ports.bin", 200, 170, UNKNOWN, UNKNOWN, 15.025, true, "no free port"},
		{"vegeta", "lines.json", 3, 2, UNKNOWN, UNKNOWN, UNKNOWN, true, "no free port"},
		{"vegeta", "rows.csv", 3, 2, UNKNOWN, UNKNOWN, 0.1451, true, "no free port"},
		{"bombardier", "rate.txt", 402, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"bombardier", "rate.json", 402, 0, UNKNOWN, UNKNOWN, 199.95, false, NULL},
		{"bombardier", "404.json", 50, 0, UNKNOWN, UNKNOWN, 120.1, false, NULL},
		{"bombardier", "no-ports.txt", 1000, 969, UNKNOWN, UNKNOWN, UNKNOWN, true, NULL},
		{"bombardier", "no-ports.json", 1000, 1000, UNKNOWN, UNKNOWN, 0, true, "no free port"},
		{"bombardier", "timeout.json", 5, 5, UNKNOWN, UNKNOWN, 0, true, "timeout"},
		{"oha", "rate.txt", 401, 0, UNKNOWN, UNKNOWN, 200.7432, false, NULL},
		{"oha", "timed.json", 101018, 0, UNKNOWN, UNKNOWN, 50458.31, false, NULL},
		{"oha", "answers.csv", 5, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"oha", "no-ports.txt", 1000, 595, UNKNOWN, UNKNOWN, 9576.1, true, "no free port"},
		{"oha", "no-ports.json", 1000, 1000, UNKNOWN, UNKNOWN, 0, true, "no free port"},
		{"autocannon", "good.json", 600, 0, UNKNOWN, UNKNOWN, 200, false, NULL},
		{"autocannon", "no-ports.json", 92546, 8220, UNKNOWN, UNKNOWN, 42164, true, NULL},
		{"autocannon", "refused.json", 15875, 15875, UNKNOWN, UNKNOWN, 0, true, NULL},
		{"loadtest", "rate.txt", 500, 0, UNKNOWN, UNKNOWN, 200, false, NULL},
		{"loadtest", "no-ports.txt", 500, 470, UNKNOWN, UNKNOWN, 288.48, true, NULL},
		{"fortio", "good.json", 300, 0, UNKNOWN, UNKNOWN, 99.96, false, NULL},
		{"fortio", "404.json", 50, 0, UNKNOWN, UNKNOWN, 1301.77, false, NULL},
		{"fortio", "slow.json", 75, 0, UNKNOWN, UNKNOWN, 24.71, true, NULL},
		{"ghz", "rate.txt", 199, 0, UNKNOWN, UNKNOWN, 98.87, false, NULL},
		{"ghz", "rate.json", 199, 0, UNKNOWN, UNKNOWN, 99.464, false, NULL},
		{"ghz", "no-ports.txt", 600, 546, UNKNOWN, UNKNOWN, 751.7, true, "no free port"},
		{"locust",
				"good_stats.csv good_failures.csv",
				40,
				0,
				UNKNOWN,
				UNKNOWN,
				UNKNOWN,
				false,
				NULL},
		{"locust", "good.json", 50, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"locust",
				"no-ports_stats.csv no-ports_failures.csv",
				200,
				80,
				UNKNOWN,
				UNKNOWN,
				UNKNOWN,
				true,
				"no free port"},
		{"locust", "no-ports.json", 250, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"artillery", "good.json", 60, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"artillery", "good.txt", 60, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"artillery", "no-ports.json", 60, 30, UNKNOWN, UNKNOWN, UNKNOWN, true, "no free port"},
		{"artillery", "no-ports.txt", 60, 30, UNKNOWN, UNKNOWN, UNKNOWN, true, "no free port"},
		{"jmeter", "good.jtl", 39, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"jmeter", "good.xml", 4, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"jmeter", "no-ports.jtl", 39, 15, UNKNOWN, UNKNOWN, UNKNOWN, true, "no free port"},
		{"gatling", "good.txt", 110, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"gatling", "failed.txt", 1200, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"gatling", "old.txt", 108672, 5533, UNKNOWN, UNKNOWN, UNKNOWN, true, "connection refused"},
		{"k6", "summary.txt", 47902, UNKNOWN, UNKNOWN, 713686, UNKNOWN, true, NULL},
		{"k6", "old-summary.txt", 503, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"k6", "export.json", 1587, UNKNOWN, UNKNOWN, 3, UNKNOWN, true, NULL},
		{"k6", "handle-summary.json", 6000, 0, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL},
		{"k6", "points.json", 4, 1, UNKNOWN, 1, UNKNOWN, true, "no free port"},
		{"k6", "points.csv", 2, 1, UNKNOWN, 1, UNKNOWN, true, "no free port"},
};

/* However the bytes come. */
static void test_samples(void **state)
{
	static const size_t steps[] = {1 << 20, 1, 7};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(steps); i++)
		for (size_t k = 0; k < COUNT_OF(samples); k++)
			check_sample(&samples[k], steps[i]);
}

static bool read_text(const char *tool,
		const char *bytes,
		size_t length,
		struct tool_result *ret_result)
{
	struct arena *arena = arena_new();
	struct result_reader *reader = result_open(arena, results_of(tool));
	*ret_result = tool_result_none(tool, NULL);
	result_add(reader, bytes, length);
	bool found = result_end(reader, ret_result);
	arena_free(arena);
	return found;
}

/* Commas, quotes and line ends inside quotes; a row without its end. */
static void test_rows_with_quotes(void **state)
{
	static const char text[] =
			"timeStamp,elapsed,label,responseCode,responseMessage,success,failureMessage\n"
			"1,2,\"a, \"\"b\"\"\",200,OK,true,\n"
			"2,2,x,500,\"no\nNon HTTP response code, 3,4\",false,\"one\n1,2,3,Non HTTP response "
			"code\"\n"
			"3,2,x,Non HTTP response code: java.net.BindException,in use,false,";
	struct tool_result result;
	(void)state;
	assert_true(read_text("jmeter", text, sizeof text - 1, &result));
	assert_true(result.figures[RESULT_REQUESTS] == 3);
	assert_true(result.figures[RESULT_ERRORS] == 1);
}

static void test_nonsense(void **state)
{
	static const char zeros[3000] = {0};
	static const char *const texts[] = {
			"",
			"\n",
			"{",
			"{\"requests\": 5",
			"{\"requests\": \"5\"]",
			"[[[[[[",
			"Requests      [total, rate, throughput]         many",
			"\x06Result",
			"1,2,3,4\n",
			"\"",
	};
	struct tool_result result;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (read_text("vegeta", texts[i], strlen(texts[i]), &result))
			fail_msg("a result: %s", texts[i]);
	assert_false(read_text("vegeta", zeros, sizeof zeros, &result));
}

/* Deeper than anything that has a figure, and still without more memory. */
static void test_deep(void **state)
{
	struct text text = {0};
	struct tool_result result;
	(void)state;
	text_add(&text, "{\"a\": ");
	for (int i = 0; i < 100000; i++)
		text_add(&text, "[{\"requests\": ");
	text_add(&text, "7");
	for (int i = 0; i < 100000; i++)
		text_add(&text, "}]");
	text_add(&text, ", \"requests\": 5, \"status_codes\": {\"0\": 2}}");
	assert_true(read_text("vegeta", text.data, text.length, &result));
	assert_true(result.figures[RESULT_REQUESTS] == 5);
	assert_true(result.figures[RESULT_ERRORS] == 2);
	text_release(&text);
}

struct judged {
	double requests, errors, failures, lost, connections, dropped, rate, asked, duration, run;
	bool too_many, too_slow, unsure;
};

static const struct judged judged[] = {
		{1000, 1, UNKNOWN, 0, 10, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 9, false, false, false},
		{1000, 2, UNKNOWN, 0, 10, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 9, true, false, false},
		{0, 3, UNKNOWN, 0, 10, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 9, true, false, false},
		{1000000, 0, UNKNOWN, 1, 100, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 9, true, false, false},
		{1000, UNKNOWN, 0, UNKNOWN, 10, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 9, false, false, false},
		{1000, UNKNOWN, 9, UNKNOWN, 10, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 9, false, false, true},
		{1000, 0, UNKNOWN, 0, 10, 2, UNKNOWN, UNKNOWN, UNKNOWN, 9, true, false, false},
		{1000, 0, UNKNOWN, 0, 10, UNKNOWN, 95, 100, UNKNOWN, 9, false, false, false},
		{1000, 0, UNKNOWN, 0, 10, UNKNOWN, 94, 100, UNKNOWN, 9, false, true, false},
		/* All of them in time; the last answers made it longer. */
		{1000, 0, UNKNOWN, 0, 10, UNKNOWN, 90, 100, 10, 11, false, false, false},
		/* All of them, and much too late. */
		{1000, 0, UNKNOWN, 0, 10, UNKNOWN, 50, 100, 10, 20, false, true, false},
		/* Neither a rate nor a time in it: the plan's time counts, if the run took it. */
		{30, 0, UNKNOWN, 0, 10, UNKNOWN, UNKNOWN, 100, 10, 10.5, false, true, false},
		{990, 0, UNKNOWN, 0, 10, UNKNOWN, UNKNOWN, 100, 10, 10.5, false, false, false},
		{30, 0, UNKNOWN, 0, 10, UNKNOWN, UNKNOWN, 100, 10, 1, false, false, false},
		/* What failed is no rate. */
		{1000, 500, UNKNOWN, 0, 10, UNKNOWN, 100, 100, 10, 10, true, true, false},
};

static void test_judgement(void **state)
{
	struct arena *arena = arena_new();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(judged); i++) {
		const struct judged *row = &judged[i];
		struct tool_result result = tool_result_none("wrk", NULL);
		struct result_verdict verdict;
		const struct asked asked = {row->asked, row->duration, row->connections, row->run};
		result.from = "a file";
		result.figures[RESULT_REQUESTS] = row->requests;
		result.figures[RESULT_ERRORS] = row->errors;
		result.figures[RESULT_FAILURES] = row->failures;
		result.figures[RESULT_LOST] = row->lost;
		result.figures[RESULT_DROPPED] = row->dropped;
		result.figures[RESULT_RATE] = row->rate;
		tool_result_judge(arena, &result, &asked, &limits, &verdict);
		if (verdict.too_many != row->too_many || verdict.too_slow != row->too_slow ||
				verdict.unsure != row->unsure)
			fail_msg("row %zu: %s", i, verdict.sentence);
		assert_true((verdict.guilt != NULL) == (row->too_many || row->too_slow));
		const struct charge_check *check = &verdict.check;
		assert_true(!row->too_many || check->measured > check->threshold);
		assert_true(!row->unsure || !check->known);
	}
	arena_free(arena);
}

/* What was not read accuses nobody. */
static void test_not_read(void **state)
{
	struct arena *arena = arena_new();
	struct tool_result result = tool_result_none("wrk", "a reason");
	const struct asked asked = {100, 10, 10, 10};
	struct result_verdict verdict;
	(void)state;
	result.figures[RESULT_REQUESTS] = 10;
	result.figures[RESULT_ERRORS] = 10;
	result.figures[RESULT_RATE] = 1;
	tool_result_judge(arena, &result, &asked, &limits, &verdict);
	assert_null(verdict.sentence);
	assert_null(verdict.guilt);
	assert_false(verdict.check.known);
	assert_null(verdict.check.seen);
	assert_false(verdict.too_many || verdict.too_slow || verdict.unsure);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_samples),
			cmocka_unit_test(test_rows_with_quotes),
			cmocka_unit_test(test_nonsense),
			cmocka_unit_test(test_deep),
			cmocka_unit_test(test_judgement),
			cmocka_unit_test(test_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

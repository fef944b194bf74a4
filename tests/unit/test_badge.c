/* The badge, the notes and the last line: what every output says of a verdict, and what it rests
 * on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/text.h"
#include "model/answer/age.h"
#include "report/document/age.h"
#include "report/document/badge.h"
#include "report/document/notes.h"
#include "report/write/write.h"

#define DATED(as_of) "\"created\":\"2026-11-30T12:00:00Z\",\"as_of\":\"" as_of "\""
#define LIVE         DATED("2026-11-30T11:59:58Z")

static cJSON *parsed(const char *json)
{
	cJSON *root = cJSON_Parse(json);
	assert_non_null(root);
	return root;
}

static const struct {
	const char *json, *badge;
	enum verdict as;
} badges[] = {
		{"{\"verdict\":\"pass\"," LIVE "}", "PASS", VERDICT_PASS},
		{"{\"verdict\":\"fail\"," LIVE "}", "FAIL", VERDICT_FAIL},
		{"{\"verdict\":\"none\"," LIVE "}", "AUDIT", VERDICT_NONE},
		{"{\"verdict\":\"splendid\"}", "UNKNOWN", VERDICT_UNKNOWN},
		{"{}", "UNKNOWN", VERDICT_UNKNOWN},
		/* The result of a run is the verdict; headroom.audit/1 has the certificate only. */
		{"{\"verdict\":\"pass\",\"run\":{\"verdict\":\"certified\"}}", "CERTIFIED", VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"run\":{\"verdict\":\"not-certified\"}}",
				"NOT-CERTIFIED",
				VERDICT_FAIL},
		{"{\"verdict\":\"pass\",\"run\":{\"verdict\":\"not-run\"}}", "NOT-RUN", VERDICT_UNKNOWN},
		{"{\"verdict\":\"pass\",\"run\":{\"verdict\":\"odd\"}}", "UNKNOWN", VERDICT_UNKNOWN},
		{"{\"verdict\":\"pass\",\"run\":null,\"gate\":{\"certified\":false}}",
				"NOT-CERTIFIED",
				VERDICT_FAIL},
		{"{\"verdict\":\"fail\",\"gate\":{\"certified\":null}}", "FAIL", VERDICT_FAIL},
		/* Warnings: limits that do not decide, and findings. */
		{"{\"verdict\":\"pass\",\"findings\":[{\"severity\":\"warning\"},{\"severity\":\"note\"}]}",
				"PASS · 1 warning",
				VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"findings\":[{\"severity\":\"warning\"}],"
		 "\"resources\":[{\"status\":\"warn\"},{\"status\":\"warn\",\"ignored\":true}]}",
				"PASS · 2 warnings",
				VERDICT_PASS},
		/* A waiver for what passes hides nothing. */
		{"{\"verdict\":\"pass\",\"resources\":[{\"status\":\"fail\",\"waived\":true},"
		 "{\"status\":\"unknown\",\"waived\":true},{\"status\":\"pass\",\"waived\":true}]}",
				"PASS · 2 waived",
				VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"hypothetical\":[{}]}", "PASS · hypothetical", VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"hypothetical\":[],\"given\":[{}]}", "PASS", VERDICT_PASS},
		/* headroom.audit/1 does not say whether it had been read. */
		{"{\"verdict\":\"pass\",\"facts\":[{\"origin\":\"given\",\"where\":\"--set\"}]}",
				"PASS · hypothetical",
				VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"facts\":[{\"origin\":\"given\",\"where\":\"facts file\"}]}",
				"PASS",
				VERDICT_PASS},
		/* From one hour on, and from the future. */
		{"{\"verdict\":\"pass\"," DATED("2026-11-30T11:00:01Z") "}", "PASS", VERDICT_PASS},
		{"{\"verdict\":\"pass\"," DATED("2026-11-30T11:00:00Z") "}",
				"PASS · host as of 2026-11-30",
				VERDICT_PASS},
		{"{\"verdict\":\"pass\"," DATED("2026-11-30T12:04:00Z") "}", "PASS", VERDICT_PASS},
		{"{\"verdict\":\"pass\"," DATED("2026-12-02T12:00:00Z") "}",
				"PASS · host as of 2026-12-02",
				VERDICT_PASS},
		{"{\"verdict\":\"pass\"," DATED("yesterday") "}", "PASS", VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"created\":\"2026-11-30T12:00:00Z\",\"as_of\":null,"
		 "\"facts\":[{\"read_at\":\"2026-11-21T02:00:00Z\"}]}",
				"PASS",
				VERDICT_PASS},
		{"{\"verdict\":\"pass\",\"created\":\"2026-11-30T12:00:00Z\","
		 "\"facts\":[{\"read_at\":\"2026-11-21T02:00:00Z\"}]}",
				"PASS · host as of 2026-11-21",
				VERDICT_PASS},
		{"{\"verdict\":\"fail\",\"hypothetical\":[{}],\"findings\":[{\"severity\":\"warning\"}],"
		 "\"resources\":[{\"status\":\"fail\",\"waived\":true}]," DATED("2026-11-21T02:00:00Z") "}",
				"FAIL · 1 warning · 1 waived · hypothetical · host as of 2026-11-21",
				VERDICT_FAIL},
};

static void one_badge(void **state)
{
	for (size_t i = 0; i < COUNT_OF(badges); i++) {
		cJSON *root = parsed(badges[i].json);
		assert_string_equal(badge_text(*state, root), badges[i].badge);
		assert_int_equal(badge_verdict(root), badges[i].as);
		cJSON_Delete(root);
	}
}

static void ages_in_words(void **state)
{
	static const struct {
		double age_s;
		const char *text;
	} ages[] = {
			{0, "0 seconds"},
			{1, "1 second"},
			{59.9, "59 seconds"},
			{60, "1 minute"},
			{3599, "59 minutes"},
			{3600, "1 hour"},
			{86400, "24 hours"},
			{172799, "47 hours"},
			{172800, "2 days"},
			{777600, "9 days"},
	};
	for (size_t i = 0; i < COUNT_OF(ages); i++)
		assert_string_equal(age_text(*state, ages[i].age_s), ages[i].text);
}

static void too_old(void **state)
{
	(void)state;
	const double nan = (double)NAN;
	static const double day = 86400;
	const struct {
		double age_s, max_age_s;
		bool old;
	} cases[] = {
			{1e9, 0, false},
			{day, day, false},
			{day + 1, day, true},
			{nan, 0, false},
			{nan, day, true},
			{-60, day, false},
			{-3600, day, true},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct model_options options = {
				.age_s = cases[i].age_s,
				.max_age_s = cases[i].max_age_s,
		};
		assert_int_equal(age_is_too_old(&options), cases[i].old);
	}
}

static const struct {
	const char *json, *note; /* label and text of the only note; NULL: there is none */
} only_notes[] = {
		{"{" LIVE "}", NULL},
		{"{\"hypothetical\":[{\"key\":\"limits.nofile.soft\",\"instance\":\"\",\"unit\":\"count\","
		 "\"was\":\"known\",\"from\":1024,\"to\":21000}]}",
				"Hypothetical: limits.nofile.soft = 21,000 instead of 1,024: assumed, not read "
				"from the host."},
		{"{\"hypothetical\":[{\"key\":\"a.b\",\"instance\":\"0.0.0.0:80\",\"unit\":\"count\","
		 "\"was\":\"absent\",\"from\":null,\"to\":5}]}",
				"Hypothetical: a.b[0.0.0.0:80] = 5, which this host does not have: assumed, not "
				"read from the host."},
		{"{\"hypothetical\":[],\"given\":[{\"key\":\"fs.file-max\",\"instance\":\"\","
		 "\"unit\":\"count\",\"was\":\"denied\",\"from\":null,\"to\":1000}]}",
				"Given: fs.file-max = 1,000 (denied)."},
		{"{" DATED("2026-11-21T02:00:00Z") "}",
				"Host as of: 2026-11-21 02:00 UTC: its values were read 9 days before this audit."},
		{"{" DATED("2026-11-30T14:00:00Z") "}",
				"Host as of: 2026-11-30 14:00 UTC: its values were read 2 hours after this audit."},
		{"{\"waivers\":[{\"id\":\"threads\",\"justification\":\"agreed\",\"by\":\"ops\","
		 "\"expires\":\"2027-01-01\",\"expired\":false}]}",
				"Waived: threads: agreed (until 2027-01-01), waived by ops"},
		{"{\"waivers\":[{\"id\":\"threads\",\"justification\":\"agreed\",\"by\":null,"
		 "\"expires\":\"2026-01-01\",\"expired\":true}]}",
				"Waived: threads: agreed (EXPIRED, counts again since 2026-01-01)"},
		{"{\"ignored\":[\"threads\"]}",
				"Ignored: threads does not count for the verdict, and no number includes it "
				"(--ignore)"},
		{"{\"unread\":[{\"key\":\"k\",\"instance\":\"\",\"path\":\"/proc/x\","
		 "\"status\":\"denied\",\"note\":null,\"way_out\":null}]}",
				"Could not read: /proc/x (permission denied)"},
		{"{\"ignored\":[\"\\u001b[31mred\"]}",
				"Ignored: \xef\xbf\xbd[31mred does not count for the verdict, and no number "
				"includes "
				"it (--ignore)"},
};

static void notes_say_it_once(void **state)
{
	for (size_t i = 0; i < COUNT_OF(only_notes); i++) {
		cJSON *root = parsed(only_notes[i].json);
		const struct notes notes = document_notes(*state, root);
		assert_int_equal(notes.count, only_notes[i].note != NULL);
		if (notes.count) {
			const struct note *note = &notes.items[0];
			const char *text = arena_printf(*state, "%s: %s", note->label, note->text);
			assert_string_equal(text, only_notes[i].note);
		}
		cJSON_Delete(root);
	}
}

#define FAILS(more)                                                            \
	"{\"verdict\":\"fail\",\"plan\":{\"connections\":15000},"                  \
	"\"binding\":{\"resource\":\"process-fds\"},\"max_safe\":{\"scale\":0.05," \
	"\"connections\":758},\"resources\":[{\"id\":\"process-fds\","             \
	"\"status\":\"fail\",\"severity\":\"hard\",\"utilization\":14.66}]" more "}"

static const struct {
	const char *json, *line;
} lines[] = {
		{FAILS(""), "headroom: FAIL process-fds 1466% safe=758\n"},
		{FAILS(",\"fixes\":[{\"in_ladder\":true,\"gain\":{\"after\":{\"connections\":15740}}}]"),
				"headroom: FAIL process-fds 1466% safe=758 after=15740\n"},
		{FAILS(",\"run\":{\"verdict\":\"fail\",\"reason\":null,\"exit\":121}"),
				"headroom: FAIL process-fds 1466% safe=758 exit=121\n"},
		{FAILS(",\"hypothetical\":[{},{}]"),
				"headroom: FAIL process-fds 1466% safe=758 hypothetical=2\n"},
		/* A waived limit may bind: the one that decides is named, the number is the lowest. */
		{"{\"verdict\":\"fail\",\"plan\":{\"connections\":15000},\"binding\":{\"resource\":\"a\"},"
		 "\"max_safe\":{\"scale\":0.05,\"connections\":758},\"resources\":["
		 "{\"id\":\"a\",\"status\":\"fail\",\"waived\":true,\"utilization\":14},"
		 "{\"id\":\"b\",\"status\":\"fail\",\"utilization\":1.5}]}",
				"headroom: FAIL b 150% safe=758 waived=a\n"},
		{"{\"verdict\":\"pass\",\"plan\":{\"connections\":10},\"max_safe\":{\"scale\":2,"
		 "\"connections\":20,\"without\":[\"threads\",\"conntrack\"]}}",
				"headroom: PASS binding=none safe=20 without=threads,conntrack\n"},
		{"{\"verdict\":\"unknown\",\"plan\":{\"connections\":10},\"max_safe\":{\"scale\":0,"
		 "\"connections\":0},\"at_most\":{\"max_safe\":{\"scale\":4,\"connections\":40}},"
		 "\"resources\":[{\"id\":\"conntrack\",\"status\":\"unknown\",\"severity\":\"hard\"},"
		 "{\"id\":\"x\",\"status\":\"unknown\",\"severity\":\"advisory\"}]}",
				"headroom: UNKNOWN conntrack safe_at_most=40\n"},
		{"{\"verdict\":\"unknown\",\"plan\":{\"connections\":10},\"max_safe\":{\"scale\":0.2,"
		 "\"connections\":2},\"at_most\":{\"max_safe\":{\"scale\":4,\"connections\":40}}}",
				"headroom: UNKNOWN safe_at_most=40 safe=2\n"},
		{"{\"verdict\":\"unknown\",\"too_old\":true,\"plan\":{\"connections\":10},"
		 "\"max_safe\":{\"scale\":4,\"connections\":40}}",
				"headroom: UNKNOWN too_old=yes safe=40\n"},
		{"{\"verdict\":\"pass\",\"run\":{\"verdict\":\"not-certified\",\"reason\":\"limit\","
		 "\"exit\":123},\"gate\":{\"bottleneck\":\"ephemeral-ports\"}}",
				"headroom: NOT-CERTIFIED ephemeral-ports exit=123\n"},
		{"{\"verdict\":\"pass\",\"run\":{\"verdict\":\"certified\",\"reason\":null,\"exit\":0},"
		 "\"gate\":{\"observed\":{\"limits\":[{\"id\":\"a\",\"utilization\":0.01},"
		 "{\"id\":\"b\",\"utilization\":0.34}]}}}",
				"headroom: CERTIFIED tightest=b use=34% exit=0\n"},
		{"{\"verdict\":\"pass\",\"hypothetical\":[{}],\"run\":{\"verdict\":\"not-run\","
		 "\"reason\":\"hypothetical\",\"exit\":125}}",
				"headroom: NOT-RUN hypothetical hypothetical=1 exit=125\n"},
		{"{\"verdict\":\"none\"}", "headroom: AUDIT no plan given, so no verdict\n"},
};

static void the_last_line(void **state)
{
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		__attribute__((cleanup(text_release))) struct text out = {0};
		cJSON *root = parsed(lines[i].json);
		write_summary_line(root, *state, &out);
		assert_string_equal(text_string(&out), lines[i].line);
		cJSON_Delete(root);
	}
}

static int open_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int close_arena(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(one_badge),
			cmocka_unit_test(ages_in_words),
			cmocka_unit_test(too_old),
			cmocka_unit_test(notes_say_it_once),
			cmocka_unit_test(the_last_line),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}

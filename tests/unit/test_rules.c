/* Rule files: reading, overriding, refusing, the static check; and the built-in rules themselves.
 */
#include "audit/rules/rules.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/embed.h"
#include "probes/plan/workload_json.h"

/* JSON is written with ' for the double quote; so are the messages that are compared. */
#define SOURCE "'sources':[{'title':'man','url':'https://example.org/a?b=1'}]"
#define LIMIT_HEAD                                                                         \
	"'kind':'limit','id':'p','title':'P','unit':'ports','scope':'host','severity':'hard'," \
	"'consequence':'refuse','why':'w','breaks_as':'more',"
#define LIMIT(rest) "{" LIMIT_HEAD rest "," SOURCE "}"
#define PLAIN       "'applies':'true','demand':'live','capacity':'100'"

struct set {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
	struct error err;
};

static int set_up(void **state)
{
	static struct set set;
	set = (struct set){.arena = arena_new()};
	*state = &set;
	return 0;
}

static int tear_down(void **state)
{
	struct set *set = *state;
	rule_extras_release(&set->extras);
	arena_free(set->arena);
	return 0;
}

static char *swap_quotes(char *text, char from, char to)
{
	for (char *at = text; (at = strchr(at, from));)
		*at = to;
	return text;
}

static bool take(struct set *set, const char *name, const char *text)
{
	char *json = swap_quotes(arena_strdup(set->arena, text), '\'', '"');
	bool good =
			rules_read(set->arena, name, json, strlen(json), &set->rules, &set->extras, &set->err);
	swap_quotes(set->err.text, '"', '\'');
	return good;
}

static void must_take(struct set *set, const char *text)
{
	if (!take(set, "r.json", text))
		fail_msg("%s", set->err.text);
}

static bool type_of(void *context, const char *name, enum unit *ret_unit)
{
	static const struct {
		const char *name;
		enum unit unit;
	} facts[] = {
			{"live", UNIT_COUNT},
			{"net.hold", UNIT_SECONDS},
			{"net.max", UNIT_COUNT},
			{"os.name", UNIT_TEXT},
	};
	(void)context;
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		if (strcmp(facts[i].name, name) == 0) {
			*ret_unit = facts[i].unit;
			return true;
		}
	}
	return false;
}

static void a_limit_is_read(void **state)
{
	struct set *set = *state;
	must_take(set,
			"{" LIMIT_HEAD
			"'quantity':'count','hard_if':'live > 5','applies':'true','otherwise':'o',"
			"'let':{'b':'1','a':'b + 1'},'demand':'a * live','capacity':'net.max',"
			"'planning':{'demand':'4 * live','note':'n'},"
			"'missing':[{'fact':'net.max','worst':'10','because':'b','assume':'worst'}],"
			"'absent':[{'fact':'net.max','value':'not-applicable','because':'b'}],"
			"'error':'EADDRNOTAVAIL','counters':['net.max'],'fixes':['f'],'divides':false,"
			"'calibrated_by':'ports','examples':[{'name':'e','facts':{'live':1},'expect':{}}]"
			"," SOURCE "}");
	const struct limit_rule *limit = rules_limit(&set->rules, "p");
	assert_non_null(limit);
	assert_int_equal(limit->scope, SCOPE_HOST);
	assert_int_equal(limit->severity, SEVERITY_HARD);
	assert_int_equal(limit->let_count, 2);
	assert_string_equal(limit->lets[0].name, "b");
	assert_string_equal(limit->lets[1].name, "a");
	assert_non_null(limit->planning_demand);
	assert_int_equal(limit->bound_count, 1);
	assert_true(limit->bounds[0].assume_worst);
	assert_null(limit->bounds[0].best);
	assert_int_equal(limit->absent_count, 1);
	assert_null(limit->absents[0].value);
	assert_false(limit->divides);
	assert_string_equal(limit->sources[0].url, "https://example.org/a?b=1");
	assert_string_equal(limit->counters.items[0], "net.max");
	assert_string_equal(limit->origin, "built in");
	assert_int_equal(set->extras.example_count, 1);
	assert_string_equal(set->extras.examples[0].name, "e");
	assert_non_null(set->extras.examples[0].facts);
	assert_null(set->extras.examples[0].workload);
}

static void the_other_kinds_are_read(void **state)
{
	struct set *set = *state;
	must_take(set,
			"[{'kind':'fix','id':'f','title':'F','change':'fact','target':'net.max',"
			"'to':65536,'round':'pow2','persistent':{'sysctl.d':'x = {to}','a':'b'}," SOURCE "},"
			"{'kind':'myth','id':'m','title':'M','when':'live > 1','text':'t',"
			"'severity':'warning'," SOURCE "},"
			"{'kind':'egress','id':'aws-nat','title':'A','ports_per_ip':55000,'hold_s':350},"
			"{'kind':'platform','id':'darwin','title':'D','applies':'os.name == darwin',"
			"'let':{'hold':'30 s'}},"
			"{'kind':'workload','id':'ws-client','title':'W','workload':{'role':'client'}}]");
	const struct fix_rule *fix = rules_fix(&set->rules, "f");
	assert_int_equal(fix->rounding, ROUND_POW2);
	assert_string_equal(fix->persistent[0], "sysctl.d");
	assert_string_equal(fix->persistent[3], "b");
	assert_null(fix->persistent[4]);
	assert_non_null(fix->to);
	assert_string_equal(set->rules.myths[0].severity, "warning");
	const struct egress_rule *egress = rules_egress(&set->rules, "aws-nat");
	assert_true(egress->ports_per_ip == 55000 && isnan(egress->ports) && egress->max_ips == 1);
	assert_int_equal(set->rules.platforms[0].let_count, 1);
	const struct workload_preset *preset = rule_extras_preset(&set->extras, "ws-client");
	assert_non_null(cJSON_GetObjectItemCaseSensitive(preset->workload, "role"));
	assert_null(rule_extras_preset(&set->extras, "ws"));
	assert_int_equal(set->extras.item_count, 5);
}

static const struct {
	const char *text, *expected;
} bad[] = {
		{"", "r.json:1:1:"},
		{"5", "r.json:1:1: a rule must be an object"},
		{"[{}]", "r.json:1:2: 'kind' must be one of"},
		{"{'kind':'limitt'}", "r.json:1:9: 'kind' must be one of"},
		{"{'kind':'fix'}", "'id' must consist of"},
		{"{'kind':'fix','id':'A b'}", "r.json:1:20: 'id' must consist of"},
		{"{'kind':'fix','id':'a'}", "the member 'title' is missing"},
		{"{'kind':'fix','id':'a','title':'t','change':'fact'}", "'target' is missing"},
		{"{'kind':'fix','id':'a','title':'t','change':'hosts','set':true}", "'set' needs 'to'"},
		{"{'kind':'fix','id':'a','title':'t','change':'all'}", "one of: fact, workload, hosts"},
		{"{'kind':'egress','id':'a','title':'t','hold_s':1}",
				"'ports_per_ip', 'ports' and 'ports_by_vms'"},
		{"{'kind':'egress','id':'a','title':'t','hold_s':-1}", "not negative"},
		{"{'kind':'workload','id':'a','title':'t','workload':[]}", "must be an object"},
		{LIMIT(PLAIN ",'demandd':'1'"), "unknown member 'demandd'; did you mean 'demand'?"},
		{LIMIT("'applies':'true',\n'demand':'1 +','capacity':'1'"),
				"r.json:2:10: the formula 'demand', column 4: unexpected end"},
		{LIMIT("'applies':'true','demand':null,'capacity':'1'"), "must be a formula"},
		{LIMIT("'applies':'true','demand':'1'"), "the member 'capacity' is missing"},
		{LIMIT(PLAIN ",'let':{'A':'1'}"), "may contain only a-z"},
		{LIMIT(PLAIN ",'let':{'a':'1','a':'2'}"), "duplicate member"},
		{LIMIT(PLAIN ",'let':[]"), "must be an object"},
		{LIMIT(PLAIN ",'fixes':[1]"), "must be a text"},
		{LIMIT(PLAIN ",'missing':[{'fact':'x','because':'y'}]"), "'worst' or 'best'"},
		{LIMIT(PLAIN ",'missing':[5]"), "expected an object"},
		{LIMIT(PLAIN ",'absent':[{'fact':'x','because':'y'}]"), "'value' and 'because'"},
		{LIMIT(PLAIN ",'planning':{'demand':'1'}"), "needs 'demand' and 'note'"},
		{LIMIT(PLAIN ",'divides':1"), "must be true or false"},
		{LIMIT(PLAIN ",'quantity':'text'"), "one of: count, bytes, seconds, per_s, ratio"},
		{LIMIT(PLAIN ",'examples':[{}]"), "needs 'expect'"},
		{LIMIT(PLAIN ",'examples':[{'expect':{},'facts':1}]"), "'facts' must be an object"},
		{"[" LIMIT(PLAIN) "," LIMIT(PLAIN) "]",
				"the limit 'p' is defined twice (also in built in)"},
};

static void bad_files_are_refused(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct set *set = *state;
		rule_extras_release(&set->extras);
		set->rules = (struct rules){0};
		if (take(set, "r.json", bad[i].text))
			fail_msg("accepted: %s", bad[i].text);
		assert_int_equal(set->err.kind, ERROR_INPUT);
		if (!strstr(set->err.text, bad[i].expected) || strncmp(set->err.text, "r.json:", 7) != 0)
			fail_msg("%s\n  said \"%s\", not \"%s\"", bad[i].text, set->err.text, bad[i].expected);
	}
}

static const struct {
	const char *text, *expected; /* NULL: passes */
} checks[] = {
		{LIMIT(PLAIN), NULL},
		{LIMIT("'applies':'true','let':{'a':'live','b':'a * 2'},'demand':'b','capacity':'a'"),
				NULL},
		{LIMIT("'applies':'true','let':{'a':'b','b':'1'},'demand':'b','capacity':'a'"),
				"limit 'p' (built in): a: column 1: no such name 'b'"},
		{LIMIT("'applies':'true','demand':'live + net.hold','capacity':'1'"),
				"demand: column 6: '+' between"},
		{LIMIT("'applies':'true','demand':'net.hold','capacity':'1'"),
				"demand: is in seconds, but must be in"},
		{LIMIT("'applies':'live','demand':'1','capacity':'1'"), "applies: must be a condition"},
		{LIMIT("'applies':'true','demand':'nowhere.x','capacity':'1'"), "no such name 'nowhere.x'"},
		{LIMIT(PLAIN ",'fixes':['gone']"), "gone: no fix has this id"},
		{LIMIT(PLAIN ",'counters':['gone']"), "gone: no such fact"},
		{LIMIT(PLAIN ",'missing':[{'fact':'net.hold','worst':'5','because':'y'}]"),
				"worst: is in count"},
		{LIMIT(PLAIN ",'missing':[{'fact':'net.hold','worst':'5 s','best':'0','because':'y'}]"),
				NULL},
		{LIMIT(PLAIN ",'let':{'a':'net.hold','b':'5 s'},"
					 "'missing':[{'fact':'net.hold','worst':'b','because':'y'}]"),
				"missing, worst: column 1: no such name 'b'"},
		{"{" LIMIT_HEAD PLAIN "}", "it has no 'sources'"},
		{"{" LIMIT_HEAD PLAIN ",'sources':[{'title':'x','url':'http://a'}]}",
				"must begin with https://"},
		{"{" LIMIT_HEAD PLAIN ",'sources':[{'title':'x','url':'https://a/<b>'}]}",
				"must begin with https://"},
		{"{" LIMIT_HEAD PLAIN ",'sources':[{'title':'kernel file'}]}", NULL},
		{"{'kind':'fix','id':'f','title':'F','change':'fact','target':'gone'," SOURCE "}",
				"gone: no such fact"},
		{"{'kind':'fix','id':'f','title':'F','change':'fact','target':'net.max','to':'1 s'," SOURCE
		 "}",
				"to: is in seconds"},
		{"{'kind':'fix','id':'f','title':'F','change':'fact','target':'net.max',"
		 "'persistent':{'sysctl.d':'net.max = {to}'}," SOURCE "}",
				NULL},
		{"{'kind':'fix','id':'f','title':'F','change':'fact','target':'net.max',"
		 "'persistent':{'sysctl.d':'net = 1 {to}','limits.d':'* soft nofile 1'}," SOURCE "}",
				NULL},
		{"{'kind':'fix','id':'f','title':'F','change':'fact','target':'net.max',"
		 "'persistent':{'sysctl.d':'net.max={to}\\nnet.other = 1'}," SOURCE "}",
				"persistent: sysctl.d sets net.other"},
		{"{'kind':'fix','id':'f','title':'F','change':'workload','target':'backlog',"
		 "'persistent':{'sysctl.d':'net.max = {to}'}," SOURCE "}",
				"persistent: sysctl.d sets net.max"},
		{"{'kind':'myth','id':'m','title':'M','when':'live','text':'t','severity':'note'," SOURCE
		 "}",
				"when: must be a condition"},
};

static void the_static_check(void **state)
{
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		struct set *set = *state;
		rule_extras_release(&set->extras);
		set->rules = (struct rules){0};
		must_take(set, checks[i].text);
		bool good = rules_check(&set->rules, type_of, NULL, &set->err);
		swap_quotes(set->err.text, '"', '\'');
		if (good != !checks[i].expected)
			fail_msg("%s\n  %s", checks[i].text, good ? "passes" : set->err.text);
		if (!good && !strstr(set->err.text, checks[i].expected))
			fail_msg("%s\n  said \"%s\", not \"%s\"",
					checks[i].text,
					set->err.text,
					checks[i].expected);
	}
}

static void put_file(const char *dir, const char *name, const char *text)
{
	char path[512];
	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	for (; *text; text++)
		(void)putc(*text == '\'' ? '"' : *text, file);
	(void)fclose(file);
}

static void drop(const char *dir, const char *name)
{
	char path[512];
	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	(void)remove(path);
}

#define NAMED(title) "{'kind':'egress','id':'zz-test','title':'" title "','ports':1,'hold_s':1}"

static void directories_override(void **state)
{
	struct set *set = *state;
	char dir[] = "/tmp/headroom-rules-XXXXXX", inner[64];
	assert_non_null(mkdtemp(dir));
	(void)snprintf(inner, sizeof inner, "%s/sub", dir);
	assert_int_equal(mkdir(inner, 0700), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", dir, 1), 0);
	put_file(dir, "b.json", NAMED("first"));
	put_file(dir, "ignored.txt", "not JSON");
	const char *dirs[] = {dir, inner};
	assert_true(rules_load(set->arena, dirs, 1, true, &set->rules, &set->extras, &set->err));
	assert_string_equal(rules_egress(&set->rules, "zz-test")->title, "first");
	size_t count = set->rules.egress_count;
	const char *version = set->rules.version;
	assert_int_equal(strlen(version), 12);
	rule_extras_release(&set->extras);
	/* The second directory is also inside the first one: its file is read twice, in two layers. */
	drop(dir, "b.json");
	put_file(inner, "c.json", NAMED("second"));
	assert_true(rules_load(set->arena, dirs, 2, true, &set->rules, &set->extras, &set->err));
	assert_string_equal(rules_egress(&set->rules, "zz-test")->title, "second");
	assert_int_equal(set->rules.egress_count, count);
	assert_string_not_equal(set->rules.version, version);
	rule_extras_release(&set->extras);
	put_file(inner, "d.json", NAMED("again"));
	assert_false(rules_load(set->arena, dirs, 1, true, &set->rules, &set->extras, &set->err));
	assert_non_null(strstr(set->err.text, "d.json:1:1: the egress \"zz-test\" is defined twice"));
	rule_extras_release(&set->extras);
	drop(inner, "c.json");
	drop(inner, "d.json");
	drop(dir, "ignored.txt");
	(void)rmdir(inner);
	(void)rmdir(dir);
	assert_false(rules_load(set->arena, dirs, 1, true, &set->rules, &set->extras, &set->err));
	assert_non_null(strstr(set->err.text, "No such file"));
}

static void the_built_in_rules_load(void **state)
{
	struct set *set = *state;
	assert_int_equal(setenv("XDG_CONFIG_HOME", "/nonexistent", 1), 0);
	if (!rules_load(set->arena, NULL, 0, true, &set->rules, &set->extras, &set->err))
		fail_msg("%s", set->err.text);
	for (size_t i = 0; i < set->extras.preset_count; i++) {
		const struct workload_preset *preset = &set->extras.presets[i];
		struct workload workload;
		if (!workload_from_json(set->arena,
					preset->source,
					preset->workload,
					preset->id,
					&workload,
					&set->err))
			fail_msg("%s", set->err.text);
	}
	for (size_t i = 1; i < embedded_count; i++)
		assert_true(strcmp(embedded_files[i - 1].path, embedded_files[i].path) < 0);
	assert_null(embedded_files[embedded_count].path);
	assert_null(embedded_find("rules/none.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(a_limit_is_read, set_up, tear_down),
			cmocka_unit_test_setup_teardown(the_other_kinds_are_read, set_up, tear_down),
			cmocka_unit_test_setup_teardown(bad_files_are_refused, set_up, tear_down),
			cmocka_unit_test_setup_teardown(the_static_check, set_up, tear_down),
			cmocka_unit_test_setup_teardown(directories_override, set_up, tear_down),
			cmocka_unit_test_setup_teardown(the_built_in_rules_load, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

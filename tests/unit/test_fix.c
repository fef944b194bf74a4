/* Fixes as values and files: what a document may bring, never lowering, the journal, files below a
 * root. */
#include "tests/unit/probe_test.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/fix/apply.h"
#include "audit/fix/sysctl.h"
#include "audit/fix/values.h"
#include "base/array.h"
#include "report/emit/emit.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void add_fact(cJSON *audit, const char *key, double value)
{
	cJSON *facts = cJSON_GetObjectItem(audit, "facts"), *fact = cJSON_CreateObject();
	if (!facts)
		facts = cJSON_AddArrayToObject(audit, "facts");
	(void)cJSON_AddStringToObject(fact, "key", key);
	(void)cJSON_AddStringToObject(fact, "instance", "");
	(void)cJSON_AddNumberToObject(fact, "value", value);
	(void)cJSON_AddItemToArray(facts, fact);
}

/* A document with one fix in the ladder. `changes` is its member "facts", `kind` its one persistent
 * form, whose text is never a source of values. */
static struct fix_values fix_values_with(const char *kind, const char *changes)
{
	struct fix_values values;
	struct error err = {0};
	cJSON *audit = cJSON_CreateObject(), *fix = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(audit, "workload_title", "plan");
	(void)cJSON_AddItemToArray(cJSON_AddArrayToObject(audit, "fixes"), fix);
	add_fact(audit, "limits.nofile.hard", 4096);
	add_fact(audit, "net.ipv4.tcp_mem.min", 10);
	add_fact(audit, "net.ipv4.tcp_mem.pressure", 20);
	add_fact(audit, "net.ipv4.tcp_mem.max", 30);
	add_fact(audit, "net.ipv4.tcp_rmem.max", 30);
	add_fact(audit, "net.core.somaxconn", 4096);
	(void)cJSON_AddStringToObject(fix, "title", "the title");
	(void)cJSON_AddBoolToObject(fix, "in_ladder", true);
	(void)cJSON_AddStringToObject(cJSON_AddObjectToObject(fix, "persistent"), kind, "evil = 1");
	cJSON *facts = cJSON_Parse(changes);
	assert_non_null(facts);
	(void)cJSON_AddItemToObject(fix, "facts", facts);
	assert_true(fix_values_from(arena, audit, NULL, "2026-01-01", &values, &err));
	cJSON_Delete(audit);
	return values;
}

static void kernel_settings(void **state)
{
	static const struct {
		const char *changes, *key, *to; /* key NULL: refused */
	} cases[] = {
			{"{\"net.core.netdev_max_backlog\":{\"from\":1,\"to\":4000}}",
					"net.core.netdev_max_backlog",
					"4000"},
			{"{\"fs.file-max\":{\"to\":1e6}}", "fs.file-max", "1000000"},
			{"{\"net.ipv4.ip_local_port_range\":{\"to\":\" 1024\\t65535\\n\"}}",
					"net.ipv4.ip_local_port_range",
					"1024 65535"},
			{"{\"net.ipv4.ip_local_reserved_ports\":{\"to\":\"80,90-99\"}}",
					"net.ipv4.ip_local_reserved_ports",
					"80,90-99"},
			{"{\"net.ipv4.tcp_mem.max\":{\"to\":70}}", "net.ipv4.tcp_mem", "10 20 70"},
			{"{\"net.ipv4.tcp_mem.pressure\":{\"to\":50},\"net.ipv4.tcp_mem.max\":{\"to\":70}}",
					"net.ipv4.tcp_mem",
					"10 50 70"},
			{"{\"net.ipv4.tcp_rmem.max\":{\"to\":70}}", NULL, NULL}, /* the others: not known */
			{"{\"net.core.rmem_max\":{}}", NULL, NULL},
			{"{\"net.core.rmem_max\":{\"to\":null}}", NULL, NULL},
			{"{\"net.core.rmem_max\":{\"to\":\"unlimited\"}}", NULL, NULL},
			{"{\"net.core.rmem_max\":{\"to\":[1]}}", NULL, NULL},
			{"{\"net.core.rmem_max\":7}", NULL, NULL},
			{"{\"net.core.rmem_max\":{\"to\":\"1; rm -rf /\"}}", NULL, NULL},
			{"{\"net.core.rmem_max\":{\"to\":\"$(id)\"}}", NULL, NULL},
			{"{\"net./../etc/passwd\":{\"to\":1}}", NULL, NULL},
			{"{\"net..core\":{\"to\":1}}", NULL, NULL},
			{"{\"net.core.\\nx\":{\"to\":1}}", NULL, NULL},
			{"{\"net.a b\":{\"to\":1}}", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fix_values values = fix_values_with("sysctl.d", cases[i].changes);
		assert_int_equal(values.sysctl_count, cases[i].key ? 1 : 0);
		assert_int_equal(values.elsewhere.count, cases[i].key ? 0 : 1);
		if (!cases[i].key) {
			assert_non_null(strstr(values.elsewhere.items[0], "not well-formed"));
			continue;
		}
		assert_string_equal(values.sysctls[0].key, cases[i].key);
		assert_string_equal(values.sysctls[0].to, cases[i].to);
	}
}

/* A container, or a network namespace beside the first: set now, and no file keeps it. */
static void settings_inside(void **state)
{
	static const char *const commands[] = {"sysctl -w net.core.somaxconn=4000",
			"docker run --sysctl net.core.somaxconn=4000 IMAGE",
			"nsenter -t 7 -n sysctl -w net.core.somaxconn=4000"};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		struct fix_values values;
		struct error err = {0};
		const size_t here = i == 0;
		cJSON *audit = cJSON_Parse(
				"{\"workload_title\":\"plan\",\"facts\":[],\"fixes\":[{\"title\":\"the title\","
				"\"in_ladder\":true,\"persistent\":{\"docker\":\"--sysctl\"},"
				"\"facts\":{\"net.core.somaxconn\":{\"from\":1,\"to\":4000}}}]}");
		cJSON *fix = cJSON_GetArrayItem(cJSON_GetObjectItem(audit, "fixes"), 0);
		assert_non_null(cJSON_AddStringToObject(fix, "command", commands[i]));
		assert_true(fix_values_from(arena, audit, NULL, "2026-01-01", &values, &err));
		assert_int_equal(values.sysctl_count, 0);
		assert_int_equal(values.inside->sysctl_count, here);
		assert_int_equal(values.kept_elsewhere.count, here);
		assert_int_equal(values.elsewhere.count, 1 - here);
		if (here)
			assert_string_equal(values.inside->sysctls[0].to, "4000");
		cJSON_Delete(audit);
	}
}

/* Limits of threads go into files; what --apply leaves out is named. */
static void threads_in_files(void **state)
{
	(void)state;
	struct fix_values values = fix_values_with("systemd", "{\"cgroup.pids.max\":{\"to\":3000}}");
	assert_true(values.tasks_max >= 3000 && values.tasks_max <= 3000);
	assert_true(isnan(values.nproc_soft));
	assert_int_equal(values.elsewhere.count, 0);
	assert_int_equal(values.in_files.count, 1);
	assert_string_equal(values.in_files.items[0], "the title");
	values = fix_values_with("limits.d",
			"{\"limits.nproc.hard\":{\"to\":9000},\"limits.nproc.soft\":{\"to\":9000}}");
	assert_true(values.nproc_soft >= 9000 && values.nproc_hard >= 9000);
	assert_true(isnan(values.tasks_max));
}

/* What no setting of a host brings about is named by the title of its fix. */
static void settings_elsewhere(void **state)
{
	static const char *const cases[][2] = {
			{"workload", "{\"processes\":{\"from\":1,\"to\":4}}"},
			{"systemd", "{\"cgroup.memory.max\":{\"from\":1,\"to\":4}}"},
			{"sysctl.d", "{\"-w\":{\"to\":1}}"},
			{"sysctl.d", "{\"\":{\"to\":1}}"},
			{"sysctl.d", "{}"},
			{"sysctl.d", "7"},
			{"modules-load.d", "{\"net.core.rmem_max\":{\"to\":4}}"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fix_values values = fix_values_with(cases[i][0], cases[i][1]);
		assert_int_equal(values.sysctl_count, 0);
		assert_int_equal(values.elsewhere.count, 1);
		assert_string_equal(values.elsewhere.items[0], "the title");
	}
}

static void value_in_force(void **state)
{
	struct fix_values values = fix_values_with("sysctl.d",
			"{\"net.core.somaxconn\":{\"from\":1,\"to\":4096}}");
	(void)state;
	assert_int_equal(values.sysctl_count, 0);
	assert_int_equal(values.elsewhere.count, 0);
	values = fix_values_with("sysctl.d", "{\"net.core.somaxconn\":{\"from\":1,\"to\":8192}}");
	assert_string_equal(values.sysctls[0].from, "4096"); /* the fact, not what the fix says */
	assert_int_equal(values.sysctls[0].change, CHANGE_RAISE);
}

static void reserved_ports_come_first(void **state)
{
	struct fix_values values = fix_values_with("sysctl.d",
			"{\"net.ipv4.tcp_tw_reuse\":{\"to\":1},"
			"\"net.ipv4.ip_local_port_range\":{\"to\":\"1024 65535\"},"
			"\"net.ipv4.ip_local_reserved_ports\":{\"to\":\"8080\"}}");
	(void)state;
	assert_int_equal(values.sysctl_count, 3);
	assert_string_equal(values.sysctls[0].key, "net.ipv4.ip_local_reserved_ports");
	assert_string_equal(values.sysctls[2].key, "net.ipv4.ip_local_port_range");
}

static void macos_settings(void **state)
{
	struct fix_values values = fix_values_with("macos", "{\"ports.low\":{\"to\":1024}}");
	(void)state;
	assert_int_equal(values.macos.count, 2);
	assert_string_equal(values.macos.items[0], "net.inet.ip.portrange.first=1024");
	assert_string_equal(values.macos.items[1], "net.inet.ip.portrange.hifirst=1024");
	values = fix_values_with("macos", "{\"net.inet.tcp.msl\":{\"to\":2}}");
	assert_int_equal(values.macos.count, 1);
	assert_string_equal(values.macos.items[0], "net.inet.tcp.msl=2000"); /* in ms */
	values = fix_values_with("macos", "{\"kern.maxfiles\":{\"to\":\"1 2\"}}");
	assert_int_equal(values.macos.count, 0);
}

static void descriptor_limits(void **state)
{
	static const struct {
		const char *changes;
		double soft, hard;
		bool changes_hard;
	} cases[] = {
			{"{\"limits.nofile.soft\":{\"to\":1000}}", 1000, 4096, false},
			{"{\"limits.nofile.hard\":{\"to\":9000},\"limits.nofile.soft\":{\"to\":9000}}",
					9000,
					9000,
					true},
			{"{\"limits.nofile.hard\":{\"to\":9000}}", 9000, 9000, true},
			{"{\"nofile\":{\"to\":1000}}", 1000, 4096, false}, /* 4096: never lowered */
			{"{\"beam.nofile.soft\":{\"to\":5000}}", 5000, 5000, true},
			{"{\"nofile\":{\"to\":\"unlimited\"}}", INFINITY, INFINITY, true},
			{"{\"nofile\":{}}", NAN, NAN, false},
			{"{\"nofile\":{\"to\":-1}}", NAN, NAN, false},
			{"{\"nofile\":{\"to\":1.5}}", NAN, NAN, false},
			{"{\"nofile\":{\"to\":1e300}}", NAN, NAN, false},
			{"{\"nofile\":{\"to\":\"1000\"}}", NAN, NAN, false},
			{"{\"nproc\":{\"to\":7}}", NAN, NAN, false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fix_values values = fix_values_with("systemd", cases[i].changes);
		assert_int_equal(isnan(cases[i].soft), isnan(values.nofile_soft));
		assert_int_equal(isnan(cases[i].soft), values.elsewhere.count == 1);
		if (isnan(cases[i].soft))
			continue;
		assert_close(values.nofile_soft, cases[i].soft);
		assert_close(values.nofile_hard, cases[i].hard);
		assert_int_equal(values.hard_changes, cases[i].changes_hard);
	}
}

static void erlang_limits(void **state)
{
	struct fix_values values = fix_values_with("erlang",
			"{\"erlang.port_limit\":{\"to\":65536},\"beam.process_limit\":{\"to\":262144}}");
	(void)state;
	assert_close(values.erlang_ports, 65536);
	assert_close(values.erlang_processes, 262144);
	values = fix_values_with("erlang", "{\"erlang_ports\":{\"to\":\"unlimited\"}}");
	assert_true(isnan(values.erlang_ports));
	assert_int_equal(values.elsewhere.count, 1);
}

static void units(void **state)
{
	static const struct {
		const char *given, *unit; /* NULL: refused */
	} cases[] = {
			{"nginx", "nginx.service"},
			{"nginx.service", "nginx.service"},
			{"getty@tty1.service", "getty@tty1.service"},
			{"x.slice", NULL},
			{"../x", NULL},
			{"", NULL},
			{"-x", NULL},
			{"a b", NULL},
			{"a\nb", NULL},
			{".service", NULL},
	};
	cJSON *audit = cJSON_CreateObject();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fix_values values;
		struct error err = {0};
		assert_int_equal(fix_values_from(arena, audit, cases[i].given, "", &values, &err),
				cases[i].unit != NULL);
		if (cases[i].unit)
			assert_string_equal(values.unit, cases[i].unit);
	}
	cJSON_Delete(audit);
}

static void never_worse(void **state)
{
	static const struct {
		enum sysctl_change change;
		const char *now, *to, *want;
	} cases[] = {
			{CHANGE_RAISE, "128", "4096", "4096"},
			{CHANGE_RAISE, "8192", "4096", "8192"},
			{CHANGE_RAISE, "10 20 30", "5 25 30", "10 25 30"},
			{CHANGE_RAISE, "max", "7", "7"},
			{CHANGE_WIDEN, "32768 60999", "10000 60999", "10000 60999"},
			{CHANGE_WIDEN, "1024 50000", "10000 60999", "1024 60999"},
			{CHANGE_ADD, "80,443", "90-99", "80,90-99,443"},
			{CHANGE_ADD, "", "8080", "8080"},
			{CHANGE_SET, "2", "1", "1"},
			{CHANGE_SET, "60", "5", "5"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(sysctl_better(arena, cases[i].change, cases[i].now, cases[i].to),
				cases[i].want);
}

static void plain_text(void **state)
{
	static const struct {
		const char *given, *want;
	} cases[] = {
			{"a plan", "a plan"},
			{"two\nlines", "two lines"},
			{"{{x}} $(y) `z` \"q\" \\", "((x)) S(y) 'z' 'q' /"},
			{"caf\303\251 \342\200\250 \302\205", NULL},
			{"\033[31m", NULL},
			{"\377\376", NULL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got = emit_plain(arena, cases[i].given);
		if (cases[i].want)
			assert_string_equal(got, cases[i].want);
		for (const char *p = got; *p; p++)
			assert_true(*p >= 0x20 && *p <= 0x7e && !strchr("\\\"`{}$", *p));
	}
}

/* A directory of its own, with what the journal needs. */
static int new_root(char path[64])
{
	struct error err = {0};
	(void)snprintf(path, 64, "/tmp/headroom-test-XXXXXX");
	assert_non_null(mkdtemp(path));
	int root = file_below_root_open(path, &err);
	assert_true(root >= 0);
	assert_true(directory_below_root_make(root, arena, "/etc", 0755, &err));
	return root;
}

static int drop_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status, (void)kind, (void)at;
	return remove(path);
}

static void drop_root(const char *path, int root)
{
	(void)close(root);
	assert_int_equal(nftw(path, drop_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void journal_round_trip(void **state)
{
	struct error err = {0};
	struct journal journal = {.plan = "p", .date = "d", .tool = "t"}, again;
	const struct content before = {.exists = true,
			.bytes = "a\0b\n\377",
			.length = 5,
			.mode = 0640,
			.uid = 12,
			.gid = 34,
			.modified = {.tv_sec = 981173106, .tv_nsec = 789000001}};
	char path[64];
	int root = new_root(path);
	(void)state;
	const struct content first = {.exists = true, .bytes = "first\n", .length = 6};
	journal_note(arena, &journal, ENTRY_FILE, FIX_SYSCTL_PATH, &before, "first\n");
	journal_note(arena, &journal, ENTRY_FILE, FIX_SYSCTL_PATH, &first, "second\n");
	int lock = journal_lock(root, arena, &err);
	assert_true(lock >= 0);
	assert_int_equal(journal_lock(root, arena, &err), -1); /* one at a time */
	assert_true(journal_write(root, arena, &journal, &err));
	assert_true(journal_read(root, arena, &again, &err));
	assert_true(again.exists && again.count == 1);
	const struct entry *entry = &again.items[0];
	assert_int_equal(entry->before.length, 5);
	assert_memory_equal(entry->before.bytes, before.bytes, 5);
	assert_int_equal(entry->before.mode, 0640);
	assert_int_equal(entry->before.modified.tv_nsec, 789000001);
	assert_int_equal(entry->after_count, 2);
	assert_string_equal(entry->after[1], "second\n");
	assert_true(journal_remove(root, arena, &err));
	assert_true(journal_read(root, arena, &again, &err) && !again.exists);
	(void)close(lock);
	drop_root(path, root);
}

/* What somebody else left is the state to return to, and what was written before it is forgotten.
 */
static void foreign_states(void **state)
{
	const struct content before = {.exists = true, .bytes = "4096", .length = 4};
	const struct content admin = {.exists = true, .bytes = "20000", .length = 5};
	const struct content again = {.exists = true, .bytes = "65535", .length = 5};
	struct journal journal = {.plan = "p", .date = "d", .tool = "t"};
	(void)state;
	journal_note(arena, &journal, ENTRY_SYSCTL, "net.core.somaxconn", &before, "8192");
	journal_note(arena, &journal, ENTRY_SYSCTL, "net.core.somaxconn", &admin, "65535");
	const struct entry *entry = &journal.items[0];
	assert_true(entry->foreign && journal.count == 1);
	assert_string_equal(entry->before.bytes, "20000");
	assert_int_equal(entry->after_count, 1);
	journal_note(arena, &journal, ENTRY_SYSCTL, "net.core.somaxconn", &again, "70000");
	assert_false(entry->foreign);
	assert_string_equal(entry->before.bytes, "20000");
}

static void journals_refused(void **state)
{
	static const char *const entries[] = {
			"{\"kind\":\"file\",\"name\":\"/root/x\"",
			"{\"kind\":\"file\",\"name\":\"/etc/../root/x\"",
			"{\"kind\":\"sysctl\",\"name\":\"../x/y\"",
			"{\"kind\":\"socket\",\"name\":\"/etc/x\"",
	};
	static const char rest[] =
			",\"existed\":true,\"before\":\"00\",\"mode\":420,\"uid\":0,\"gid\":0,\"modified_s\":0,"
			"\"modified_ns\":0,\"after\":[]}";
	struct error err = {0};
	struct journal journal;
	char path[64];
	int root = new_root(path), lock = journal_lock(root, arena, &err);
	(void)state;
	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		const char *text = arena_printf(arena,
				"{\"schema\":\"headroom.journal/1\",\"entries\":[%s%s]}",
				entries[i],
				rest);
		const struct content content = {.bytes = text, .length = strlen(text), .mode = 0600};
		assert_true(file_below_root_write(root, arena, JOURNAL_PATH, &content, false, &err));
		assert_false(journal_read(root, arena, &journal, &err));
		assert_non_null(strstr(err.text, "damaged"));
	}
	(void)close(lock);
	drop_root(path, root);
}

/* Links may not lead out of the root, nor be written through. */
static void links(void **state)
{
	struct error err = {0};
	struct content content;
	const struct content new = {.bytes = "x", .length = 1, .mode = 0644};
	char path[64];
	int root = new_root(path);
	(void)state;
	assert_int_equal(symlinkat("/etc/hostname", root, "etc/link"), 0);
	assert_int_equal(symlinkat("../../../../../../tmp", root, "etc/out"), 0);
	assert_false(file_below_root_read(root, arena, "/etc/link", &content, &err));
	assert_non_null(strstr(err.text, "symbolic link"));
	assert_false(file_below_root_write(root, arena, "/etc/out/headroom-test", &new, false, &err));
	assert_int_equal(access("/tmp/headroom-test", F_OK), -1);
	drop_root(path, root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(kernel_settings, begin, end),
			cmocka_unit_test_setup_teardown(settings_inside, begin, end),
			cmocka_unit_test_setup_teardown(settings_elsewhere, begin, end),
			cmocka_unit_test_setup_teardown(threads_in_files, begin, end),
			cmocka_unit_test_setup_teardown(value_in_force, begin, end),
			cmocka_unit_test_setup_teardown(macos_settings, begin, end),
			cmocka_unit_test_setup_teardown(erlang_limits, begin, end),
			cmocka_unit_test_setup_teardown(reserved_ports_come_first, begin, end),
			cmocka_unit_test_setup_teardown(descriptor_limits, begin, end),
			cmocka_unit_test_setup_teardown(units, begin, end),
			cmocka_unit_test_setup_teardown(never_worse, begin, end),
			cmocka_unit_test_setup_teardown(plain_text, begin, end),
			cmocka_unit_test_setup_teardown(journal_round_trip, begin, end),
			cmocka_unit_test_setup_teardown(foreign_states, begin, end),
			cmocka_unit_test_setup_teardown(journals_refused, begin, end),
			cmocka_unit_test_setup_teardown(links, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

/* A document with one fix of the ladder with this persistent form. */
static struct fix_values fix_values_with(const char *kind, const char *text)
{
	struct fix_values values;
	struct error err = {0};
	cJSON *audit = cJSON_CreateObject(), *fix = cJSON_CreateObject(), *fact = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(audit, "workload_title", "plan");
	(void)cJSON_AddItemToArray(cJSON_AddArrayToObject(audit, "fixes"), fix);
	(void)cJSON_AddItemToArray(cJSON_AddArrayToObject(audit, "facts"), fact);
	(void)cJSON_AddStringToObject(fact, "key", "limits.nofile.hard");
	(void)cJSON_AddStringToObject(fact, "instance", "");
	(void)cJSON_AddNumberToObject(fact, "value", 4096);
	(void)cJSON_AddBoolToObject(fix, "in_ladder", true);
	(void)cJSON_AddStringToObject(cJSON_AddObjectToObject(fix, "persistent"), kind, text);
	assert_true(fix_values_from(arena, audit, NULL, "2026-01-01", &values, &err));
	cJSON_Delete(audit);
	return values;
}

static void sysctl_lines(void **state)
{
	static const struct {
		const char *line, *key, *to; /* key NULL: refused */
	} cases[] = {
			{"net.core.somaxconn = 4096", "net.core.somaxconn", "4096"},
			{"net.ipv4.ip_local_port_range=1024\t65535",
					"net.ipv4.ip_local_port_range",
					"1024 65535"},
			{"net.ipv4.ip_local_reserved_ports = 80,90-99",
					"net.ipv4.ip_local_reserved_ports",
					"80,90-99"},
			{"net.core.somaxconn", NULL, NULL},
			{"net.core.somaxconn = 1; rm -rf /", NULL, NULL},
			{"net.core.somaxconn = $(id)", NULL, NULL},
			{"../../etc/passwd = 1", NULL, NULL},
			{"net..core = 1", NULL, NULL},
			{"-w = 1", NULL, NULL},
			{" = 1", NULL, NULL},
			{"a b = 1", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fix_values values = fix_values_with("sysctl.d", cases[i].line);
		assert_int_equal(values.sysctl_count, cases[i].key ? 1 : 0);
		if (!cases[i].key)
			continue;
		assert_string_equal(values.sysctls[0].key, cases[i].key);
		assert_string_equal(values.sysctls[0].to, cases[i].to);
	}
}

static void reserved_ports_come_first(void **state)
{
	struct fix_values values = fix_values_with("sysctl.d",
			"net.ipv4.tcp_tw_reuse = 1\nnet.ipv4.ip_local_port_range = 1024 65535\n"
			"net.ipv4.ip_local_reserved_ports = 8080");
	(void)state;
	assert_int_equal(values.sysctl_count, 3);
	assert_string_equal(values.sysctls[0].key, "net.ipv4.ip_local_reserved_ports");
	assert_string_equal(values.sysctls[2].key, "net.ipv4.ip_local_port_range");
}

static void descriptor_limits(void **state)
{
	static const struct {
		const char *line;
		double soft, hard;
		bool changes;
	} cases[] = {
			{"LimitNOFILE=1000:4096", 1000, 4096, false},
			{"LimitNOFILE=9000", 9000, 9000, true},
			{"LimitNOFILE=1000", 1000, 4096, false}, /* the hard limit is 4096: never lowered */
			{"LimitNOFILE=infinity", INFINITY, INFINITY, true},
			{"LimitNOFILE=", NAN, NAN, false},
			{"LimitNOFILE=-1", NAN, NAN, false},
			{"LimitNOFILE=1:x", NAN, NAN, false},
			{"LimitNPROC=7", NAN, NAN, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fix_values values = fix_values_with("systemd", cases[i].line);
		assert_int_equal(isnan(cases[i].soft), isnan(values.nofile_soft));
		if (isnan(cases[i].soft))
			continue;
		assert_close(values.nofile_soft, cases[i].soft);
		assert_close(values.nofile_hard, cases[i].hard);
		assert_int_equal(values.hard_changes, cases[i].changes);
	}
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
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
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
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
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
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
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
	journal_note(arena, &journal, ENTRY_FILE, "/etc/x", &before, "first\n");
	journal_note(arena, &journal, ENTRY_FILE, "/etc/x", &(struct content){.bytes = ""}, "second\n");
	int lock = journal_lock(root, arena, true, &err);
	assert_true(lock >= 0);
	assert_int_equal(journal_lock(root, arena, true, &err), -1); /* one at a time */
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
	int root = new_root(path), lock = journal_lock(root, arena, true, &err);
	(void)state;
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
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
			cmocka_unit_test_setup_teardown(sysctl_lines, begin, end),
			cmocka_unit_test_setup_teardown(reserved_ports_come_first, begin, end),
			cmocka_unit_test_setup_teardown(descriptor_limits, begin, end),
			cmocka_unit_test_setup_teardown(units, begin, end),
			cmocka_unit_test_setup_teardown(never_worse, begin, end),
			cmocka_unit_test_setup_teardown(plain_text, begin, end),
			cmocka_unit_test_setup_teardown(journal_round_trip, begin, end),
			cmocka_unit_test_setup_teardown(journals_refused, begin, end),
			cmocka_unit_test_setup_teardown(links, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

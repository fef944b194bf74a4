/* Parsers of kernel texts and of configuration lines: valid, malformed, hostile. */
#include "base/array.h"
#include "tests/unit/probe_test.h"

#include <errno.h>

#include "base/text.h"
#include "probes/host/boot/limits_files.h"
#include "probes/host/boot/sysctl_files.h"
#include "probes/host/boot/systemd_files.h"
#include "probes/host/cgroup.h"
#include "probes/host/counters.h"
#include "probes/host/descriptors.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/host/processes/beam.h"
#include "probes/host/processes/inventory.h"
#include "probes/host/source/manifest.h"

static void whole_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
		uint64_t number;
	} rows[] = {
			{"0", true, 0},
			{" 42\n", true, 42},
			{"18446744073709551615", true, UINT64_MAX},
			{"18446744073709551616", false, 0},
			{"", false, 0},
			{" ", false, 0},
			{"-1", false, 0},
			{"+1", false, 0},
			{"0x10", false, 0},
			{"1 2", false, 0},
			{"1e3", false, 0},
			{"4k", false, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t number = 0;
		assert_int_equal(parse_whole(rows[i].text, &number), rows[i].good);
		assert_true(!rows[i].good || number == rows[i].number);
	}
}

static void huge_numbers(void **state)
{
	(void)state;
	double number;
	assert_true(parse_to_double(UINT64_C(1) << 53, false, &number));
	assert_false(parse_to_double((UINT64_C(1) << 53) + 1, true, &number));
	assert_true(parse_to_double(INT64_MAX, true, &number) && isinf(number));
	assert_false(parse_to_double(INT64_MAX, false, &number));
	assert_true(parse_limit("max\n", &number) && isinf(number));
	assert_true(parse_limit("unlimited", &number) && isinf(number));
	assert_true(parse_limit("9223372036854771712\n", &number) && isinf(number));
	assert_false(parse_limit("maximum", &number));
	assert_false(parse_limit("max 1", &number));
}

static void sysctl_values(void **state)
{
	(void)state;
	static const struct {
		const char *key, *raw, *text; /* text NULL: refused; "=N": the number N */
	} rows[] = {
			{"net.ipv4.ip_local_port_range", "32768\t60999\n", "32768 60999"},
			{"net.ipv4.ip_local_port_range", "1-65535", "1 65535"},
			{"net.ipv4.ip_local_port_range", "60999 32768", NULL},
			{"net.ipv4.ip_local_port_range", "1 65536", NULL},
			{"net.ipv4.ip_local_port_range", "32768", NULL},
			{"net.ipv4.ip_local_port_range", "1 2 3", NULL},
			{"net.ipv4.ip_local_reserved_ports", "9148-9150,8080\n", "8080,9148-9150"},
			{"net.ipv4.ip_local_reserved_ports", "\n", ""},
			{"net.ipv4.ip_local_reserved_ports", "80,,81", NULL},
			{"net.ipv4.ip_local_reserved_ports", "65536", NULL},
			{"net.ipv4.tcp_tw_reuse_delay", "250\n", "=0.25"},
			{"net.ipv4.tcp_mem.pressure", "1\t2\t3\n", "=2"},
			{"net.ipv4.tcp_mem.max", "1 2", NULL},
			{"net.core.somaxconn", "4096\n", "=4096"},
			{"net.core.somaxconn", "-1\n", NULL},
			{"net.core.somaxconn", "99999999999999999999999", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct reading value = {0};
		const char *problem = NULL;
		bool read = sysctl_parse(arena, keys_find(rows[i].key), rows[i].raw, &value, &problem);
		if (read != (rows[i].text != NULL))
			fail_msg("%s: '%s'", rows[i].key, rows[i].raw);
		if (read && rows[i].text[0] == '=')
			assert_close(value.number, strtod(rows[i].text + 1, NULL));
		else if (read)
			assert_string_equal(value.text, rows[i].text);
		else
			assert_non_null(problem);
		arena_free(arena);
	}
}

static void process_limits(void **state)
{
	(void)state;
	static const char text[] =
			"Limit                     Soft Limit           Hard Limit           Units     \n"
			"Max processes             96365                unlimited            processes \n"
			"Max open files            1024                 4096                 files     \n";
	double soft, hard;
	int line;
	assert_true(limits_find(text, "Max open files", &soft, &hard, &line));
	assert_close(soft, 1024);
	assert_close(hard, 4096);
	assert_int_equal(line, 3);
	assert_true(limits_find(text, "Max processes", &soft, &hard, &line) && isinf(hard));
	assert_false(limits_find(text, "Max stack size", &soft, &hard, &line));
	assert_false(limits_find("Max open files\n", "Max open files", &soft, &hard, &line));
	assert_false(limits_find("Max open files 1\n", "Max open files", &soft, &hard, &line));
	assert_false(limits_find("Max open files -1 2 files\n", "Max open files", &soft, &hard, &line));
}

static void descriptor_lists(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
		double open, below; /* below 10 */
	} rows[] = {
			{"", true, 0, 0},
			{"0-2", true, 3, 3},
			{"0-2,9-11,100\n", true, 7, 4},
			{"5-2", false, 0, 0},
			{"0-", false, 0, 0},
			{"3,2", false, 0, 0},
			{"1,1", false, 0, 0},
			{"a", false, 0, 0},
			{"0-99999999999", false, 0, 0},
			{"0-2147483647", true, 2147483648.0, 10},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct descriptors found;
		const struct descriptor_limits limits = {.soft = 10, .hard = 101};
		if (descriptors_parse(rows[i].text, &limits, &found) != rows[i].good)
			fail_msg("'%s'", rows[i].text);
		if (rows[i].good) {
			assert_close(found.open, rows[i].open);
			assert_close(found.below_soft, rows[i].below);
			assert_close(found.below_hard, fmin(rows[i].open, 101));
		}
	}
}

static void control_groups(void **state)
{
	(void)state;
	static const struct {
		const char *groups, *mounts, *controller;
		int version;
		const char *mount, *path;
	} rows[] = {
			{"0::/a/b\n", NULL, "memory", 2, "sys/fs/cgroup", "/a/b"},
			{"0::/\n", NULL, "memory", 2, "sys/fs/cgroup", ""},
			{"4:memory:/docker/x\n0::/\n", NULL, "memory", 1, "sys/fs/cgroup/memory", "/docker/x"},
			{"4:memory:/docker/x\n0::/\n", NULL, "pids", 2, "sys/fs/cgroup", ""},
			{"4:cpu,memory:/docker/x\n",
					"7 6 0:3 /docker/x /cg/mem ro shared:1 - cgroup cgroup rw,cpu,memory\n",
					"memory",
					1,
					"cg/mem",
					""},
			{"4:memory:/docker/x/y\n",
					"7 6 0:3 /docker/x /cg ro - cgroup cgroup rw,memory\n",
					"memory",
					1,
					"cg",
					"/y"},
			{"0::/../../other\n",
					"7 6 0:3 / /sys/fs/cgroup ro - cgroup2 none rw\n",
					"pids",
					2,
					"sys/fs/cgroup",
					""},
			{"0::/x\n",
					"1 2 3 - cgroup2\n1 2 3 /only - cgroup2 x y\n",
					"memory",
					2,
					"sys/fs/cgroup",
					"/x"},
			{"", NULL, "memory", 0, "", ""},
			{"garbage\n:::\n1:x\n", NULL, "memory", 0, "", ""},
			{"4:mem:/x\n", NULL, "memory", 0, "", ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct cgroup_place place =
				cgroup_find(arena, rows[i].groups, rows[i].mounts, rows[i].controller);
		assert_int_equal(place.version, rows[i].version);
		assert_string_equal(place.mount, rows[i].mount);
		assert_string_equal(place.path, rows[i].path);
		arena_free(arena);
	}
	assert_int_equal(cgroup_version("0::/\n"), 2);
	assert_int_equal(cgroup_version("1:cpu:/\n2:name=systemd:/\n"), 1);
	assert_int_equal(cgroup_version("1:name=systemd:/\n0::/\n"), 2);
	assert_int_equal(cgroup_version("3:pids:/\n0::/\n"), 12);
}

static void counter_tables(void **state)
{
	(void)state;
	static const char pairs[] =
			"TcpExt: SyncookiesSent ListenOverflows\nTcpExt: 3 17\nIpExt: A\nIpExt: 1\n";
	static const char columns[] =
			"entries  drop early_drop\n0000000a 00000010 00000001\n0000000a 00000020 00000000\n";
	uint64_t number;
	int line;
	assert_true(counters_pair(pairs, "TcpExt", "ListenOverflows", &number, &line) && number == 17 &&
			line == 2);
	assert_false(counters_pair(pairs, "TcpExt", "Listen", &number, &line));
	assert_false(counters_pair(pairs, "MPTcpExt", "A", &number, &line));
	assert_false(counters_pair("TcpExt: A B\nTcpExt: 1\n", "TcpExt", "B", &number, &line));
	assert_false(counters_pair("TcpExt: A\nTcpExt: x\n", "TcpExt", "A", &number, &line));
	assert_false(counters_pair("TcpExt: A\n", "TcpExt", "A", &number, &line));
	assert_true(counters_column(columns, "drop", true, &number) && number == 48);
	assert_true(counters_column(columns, "entries", false, &number) && number == 10);
	assert_false(counters_column(columns, "insert_failed", true, &number));
	assert_false(counters_column("drop\nzz\n", "drop", true, &number));
	assert_false(counters_column("drop\n", "drop", true, &number));
	assert_true(counters_index("00000001 0000000f 1\n00000001 00000001 2\n", 1, &number) &&
			number == 16);
	assert_false(counters_index("1\n", 1, &number));
	assert_true(counters_word("sockets: used 9\nTCP: inuse 5 orphan 2\n",
			"TCP",
			"orphan",
			&number,
			&line));
	assert_int_equal(number, 2);
	assert_false(counters_word("TCP: inuse\n", "TCP", "inuse", &number, &line));
}

static void sysctl_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line, *key, *value; /* key NULL: refused */
	} rows[] = {
			{"net.ipv4.tcp_tw_reuse = 1", "net.ipv4.tcp_tw_reuse", "1"},
			{"  net/ipv4/tcp_tw_reuse=1  ", "net.ipv4.tcp_tw_reuse", "1"},
			{"-net.core.somaxconn=5", "net.core.somaxconn", "5"},
			{"-net.core.somaxconn", "net.core.somaxconn", NULL},
			{"net.ipv4.ip_local_port_range = 1024 65535",
					"net.ipv4.ip_local_port_range",
					"1024 65535"},
			{"net/ipv4/conf/eth0.1/x=1", "net.ipv4.conf.eth0/1.x", "1"},
			{"# net.core.somaxconn=5", NULL, NULL},
			{"; x=1", NULL, NULL},
			{"", NULL, NULL},
			{"novalue", NULL, NULL},
			{"=5", NULL, NULL},
			{"-", NULL, NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char line[128];
		struct sysctl_line parsed;
		(void)snprintf(line, sizeof line, "%s", rows[i].line);
		assert_int_equal(sysctl_line_parse(line, &parsed), rows[i].key != NULL);
		if (!rows[i].key)
			continue;
		assert_string_equal(parsed.key, rows[i].key);
		assert_int_equal(parsed.value != NULL, rows[i].value != NULL);
		if (rows[i].value)
			assert_string_equal(parsed.value, rows[i].value);
	}
}

static void limits_lines(void **state)
{
	(void)state;
	static const char *const groups[] = {"dev", "load"};
	static const struct limits_user dev = {"dev", 1000, groups, 2}, root = {"root", 0, groups, 2};
	static const struct {
		const char *line;
		const struct limits_user *user;
		enum limits_nearness nearness; /* LIMITS_NONE: does not concern the user */
		double value;
	} rows[] = {
			{"* soft nofile 4096", &dev, LIMITS_ALL, 4096},
			{"* soft nofile 4096", &root, LIMITS_NONE, 0},
			{"@load - nofile unlimited", &dev, LIMITS_GROUP, INFINITY},
			{"@load - nofile 9", &root, LIMITS_NONE, 0},
			{"root - nofile 9", &root, LIMITS_USER, 9},
			{"dev\thard\tnofile\t-1 # x", &dev, LIMITS_USER, INFINITY},
			{"1000:1005 - nofile 5", &dev, LIMITS_USER, 5},
			{"1001: - nofile 5", &dev, LIMITS_NONE, 0},
			{"@wheel - nofile 5", &dev, LIMITS_NONE, 0},
			{"dev - nproc 5", &dev, LIMITS_NONE, 0},
			{"# dev - nofile 5", &dev, LIMITS_NONE, 0},
			{"dev - nofile", &dev, LIMITS_NONE, 0},
			{"dev both nofile 5", &dev, LIMITS_NONE, 0},
			{"dev - nofile x", &dev, LIMITS_NONE, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char line[128];
		struct limits_line parsed = {0};
		(void)snprintf(line, sizeof line, "%s", rows[i].line);
		bool concerns = limits_line_parse(line, "nofile", rows[i].user, &parsed);
		if (concerns != (rows[i].nearness != LIMITS_NONE))
			fail_msg("%s", rows[i].line);
		if (concerns) {
			assert_int_equal(parsed.nearness, rows[i].nearness);
			assert_close(parsed.value, rows[i].value);
		}
	}
}

static void systemd_limits(void **state)
{
	(void)state;
	double soft, hard;
	assert_true(systemd_parse_limit("1024:524288", &soft, &hard));
	assert_close(soft, 1024);
	assert_close(hard, 524288);
	assert_true(systemd_parse_limit("65536", &soft, &hard));
	assert_close(hard, 65536);
	assert_true(systemd_parse_limit("infinity", &soft, &hard) && isinf(soft) && isinf(hard));
	assert_false(systemd_parse_limit("", &soft, &hard));
	assert_false(systemd_parse_limit("10:5", &soft, &hard));
	assert_false(systemd_parse_limit("1:", &soft, &hard));
	assert_false(systemd_parse_limit("many", &soft, &hard));
}

static void erlang_flags(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	static const char line[] = "beam.smp\0-W\0w\0-Q\0"
							   "5000\0-P\0"
							   "9000\0--\0-root\0/x\0-sname\0mq\0"
							   "-setcookie\0S\0--\0-Q\0"
							   "1";
	struct beam_flags flags = {.ports = NAN, .processes = NAN};
	beam_parse_cmdline(arena, line, sizeof line, &flags);
	assert_close(flags.ports, 5000);
	assert_close(flags.processes, 9000);
	assert_string_equal(flags.name, "mq");
	assert_false(flags.bad);
	struct beam_flags broken = {.ports = NAN, .processes = NAN};
	beam_parse_cmdline(arena, "b\0-Q\0-1", 7, &broken);
	assert_true(broken.bad && isnan(broken.ports));
	struct beam_flags more = {.ports = NAN, .processes = NAN};
	beam_parse_flags(arena, "+K true +Q 3000 +P 4000", &more);
	beam_parse_flags(arena, "+Q legacy", &more);
	assert_close(more.ports, 65536);
	assert_close(more.processes, 4000);
	assert_string_equal(beam_environ(arena, "A=1\0ERL_MAX_PORTS=7\0", 20, "ERL_MAX_PORTS"), "7");
	assert_null(beam_environ(arena, "XERL_MAX_PORTS=7\0", 17, "ERL_MAX_PORTS"));
	static const double rounds[][2] = {{1, 1024},
			{1024, 1024},
			{1025, 2048},
			{5000, 8192},
			{65536, 65536},
			{200000, 262144},
			{134217727, 134217727}};
	for (size_t i = 0; i < COUNT_OF(rounds); i++)
		assert_close(beam_round(rounds[i][0]), rounds[i][1]);
	arena_free(arena);
}

static void manifest_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line, *path;
		int error;
	} rows[] = {
			{"proc/x\tEACCES", "proc/x", 13},
			{"/proc/x 1", "proc/x", 1},
			{"proc/x  EPERM \r", "proc/x", 1},
			{"proc/x", "proc/x", 5},
			{"proc/x EWHAT", "proc/x", 5},
			{"proc/x 99999", "proc/x", 5},
			{"", NULL, 0},
			{"# note", NULL, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char line[64];
		const char *path = NULL;
		int error = 0;
		(void)snprintf(line, sizeof line, "%s", rows[i].line);
		assert_int_equal(manifest_parse_line(line, &path, &error), rows[i].path != NULL);
		if (rows[i].path) {
			assert_string_equal(path, rows[i].path);
			assert_int_equal(error, rows[i].error);
		}
	}
}

/* What is printed is read back; the first errno of a path stays. */
static void manifest_round_trip(void **state)
{
	(void)state;
	static const char text[] = "# kept\nproc/a EACCES\nproc/b\t77\nproc/a EIO\nproc/c nonsense";
	struct arena *arena = arena_new();
	struct manifest manifest = {0}, again = {0};
	struct text printed = {0};
	manifest_read(&manifest, arena, text, strlen(text));
	manifest_add(&manifest, arena, "proc/b", EPERM);
	manifest_print(&manifest, &printed);
	const char *lines = strchr(text_string(&printed), '\n') + 1;
	assert_string_equal(lines, "proc/a\tEACCES\nproc/b\t77\nproc/c\tEIO\n");
	assert_false(manifest.names_absent); /* 0.1 wrote it */
	manifest_read(&again, arena, printed.data, printed.length);
	assert_true(again.names_absent);
	assert_int_equal(again.count, 3);
	assert_int_equal(manifest_error(&again, "proc/a"), EACCES);
	assert_int_equal(manifest_error(&again, "proc/b"), 77);
	assert_int_equal(manifest_error(&again, "proc/d"), 0);
	text_release(&printed);
	arena_free(arena);
}

static void lists_and_lines(void **state)
{
	(void)state;
	assert_true(parse_list_has("cpu,cpuacct", "cpu"));
	assert_true(parse_list_has("cpu,cpuacct", "cpuacct"));
	assert_false(parse_list_has("cpuset,cpuacct", "cpu"));
	assert_false(parse_list_has("cpu", "cpuacct"));
	assert_false(parse_list_has("", "cpu"));
	assert_string_equal(parse_next_line("one\ntwo\n"), "two\n");
	assert_string_equal(parse_next_line("one\n"), "");
	assert_string_equal(parse_next_line("one"), "");
	assert_string_equal(parse_next_line(""), "");
}

static void kernel_versions(void **state)
{
	(void)state;
	double version;
	assert_true(parse_kernel_version("6.1.0-18-amd64", &version));
	assert_close(version, 6001);
	assert_true(parse_kernel_version("4.19", &version));
	assert_close(version, 4019);
	assert_false(parse_kernel_version("6", &version));
	assert_false(parse_kernel_version("v6.1", &version));
	assert_false(parse_kernel_version("6.1000", &version));
}

static void open_files_by_kind(void **state)
{
	(void)state;
	static const struct {
		const char *target, *protocol;
		enum open_kind kind;
	} cases[] = {
			{"socket:[1]", "TCPv6", OPEN_TCP},
			{"socket:[1]", "UDP", OPEN_UDP},
			{"socket:[1]", "UNIX-STREAM", OPEN_UNIX},
			{"socket:[1]", "NETLINK", OPEN_SOCKET},
			{"socket:[1]", "", OPEN_SOCKET},
			{"pipe:[1]", "", OPEN_PIPE},
			{"anon_inode:[eventpoll]", "", OPEN_EPOLL},
			{"anon_inode:inotify", "", OPEN_INOTIFY},
			{"anon_inode:bpf-map", "", OPEN_OTHER},
			{"/var/log/x", "", OPEN_FILE},
			{"/var/log/x (deleted)", "", OPEN_DELETED},
			{"/memfd:x (deleted)", "", OPEN_MEMFD},
			{"/dev/null", "", OPEN_DEVICE},
			{"/dev/shm/x (deleted)", "", OPEN_DELETED},
			{"", "", OPEN_OTHER},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(open_kind_of(cases[i].target, cases[i].protocol), cases[i].kind);
	for (int i = 0; i < OPEN_KINDS; i++)
		assert_non_null(open_kind_name((enum open_kind)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(open_files_by_kind),
			cmocka_unit_test(whole_numbers),
			cmocka_unit_test(huge_numbers),
			cmocka_unit_test(sysctl_values),
			cmocka_unit_test(process_limits),
			cmocka_unit_test(control_groups),
			cmocka_unit_test(counter_tables),
			cmocka_unit_test(descriptor_lists),
			cmocka_unit_test(sysctl_lines),
			cmocka_unit_test(limits_lines),
			cmocka_unit_test(systemd_limits),
			cmocka_unit_test(erlang_flags),
			cmocka_unit_test(manifest_lines),
			cmocka_unit_test(manifest_round_trip),
			cmocka_unit_test(lists_and_lines),
			cmocka_unit_test(kernel_versions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

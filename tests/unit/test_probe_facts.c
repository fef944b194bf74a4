/* Facts given by people (--set, facts files), the table of keys, snapshots that try to escape or
 * block, and a snapshot of this machine that must say what the machine says. */
#include "tests/unit/probe_test.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/facts/keys.h"
#include "probes/host/snapshot.h"
#include "probes/host/source/source.h"

static void set_accepts(void **state)
{
	(void)state;
	static const struct {
		const char *assignment, *key, *instance, *text;
		double number;
	} rows[] = {
			{"net.core.somaxconn=4096", "net.core.somaxconn", "", NULL, 4096},
			{"net.core.somaxconn=64k", "net.core.somaxconn", "", NULL, 64000},
			{"net.ipv4.ip_local_port_range=1024-65535",
					"net.ipv4.ip_local_port_range",
					"",
					"1024 65535",
					0},
			{"net.ipv4.ip_local_reserved_ports=", "net.ipv4.ip_local_reserved_ports", "", "", 0},
			{"net.ipv4.tcp_mem=1 2 3", "net.ipv4.tcp_mem.pressure", "", NULL, 2},
			{"net.ipv4.tcp_fin_timeout=2m", "net.ipv4.tcp_fin_timeout", "", NULL, 120},
			{"memory.available=4GiB", "memory.available", "", NULL, 4294967296.0},
			{"limits.nofile.soft=unlimited", "limits.nofile.soft", "", NULL, INFINITY},
			{"kernel.version=6.8", "kernel.version", "", NULL, 6008},
			{"conntrack.tracked=yes", "conntrack.tracked", "", NULL, 1},
			{"listener.backlog[0.0.0.0:80]=128", "listener.backlog", "0.0.0.0:80", NULL, 128},
			{"listener.backlog[[::]:80]=7", "listener.backlog", "[::]:80", NULL, 7},
			{"boot.net.core.somaxconn=5", "boot.net.core.somaxconn", "", NULL, 5},
			{"host.name=a=b", "host.name", "", "a=b", 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = facts_new(arena);
		struct error err = {0};
		if (!given_set(facts, rows[i].assignment, &err))
			fail_msg("%s: %s", rows[i].assignment, err.text);
		const struct fact *fact = facts_get(facts, rows[i].key, rows[i].instance);
		assert_non_null(fact);
		assert_int_equal(fact->origin, ORIGIN_GIVEN);
		if (rows[i].text)
			assert_string_equal(fact->text, rows[i].text);
		else
			assert_close(fact->number, rows[i].number);
		arena_free(arena);
	}
}

static void set_refuses(void **state)
{
	(void)state;
	static const struct {
		const char *assignment, *message; /* a part of it */
	} rows[] = {
			{"net.core.somaxcon=1", "did you mean net.core.somaxconn?"},
			{"net.core.somaxconn", "expected KEY=VALUE"},
			{"=1", "expected KEY=VALUE"},
			{"memory.total=0", "it must be more than 0"},
			{"kernel.hz=0", "it must be more than 0"},
			{"net.core.somaxconn=many", "net.core.somaxconn=many"},
			{"net.core.somaxconn=1.5", "net.core.somaxconn=1.5"},
			{"net.core.somaxconn=-1", "net.core.somaxconn=-1"},
			{"net.core.somaxconn=5s", "net.core.somaxconn=5s"},
			{"net.core.somaxconn[x]=5", "has no instances"},
			{"listener.backlog=5", "say which one"},
			{"listener.backlog[x=5", "expected KEY[INSTANCE]=VALUE"},
			{"net.ipv4.ip_local_port_range=65535 1024", "expected two ports"},
			{"net.ipv4.tcp_mem=1 2", "whole numbers"},
			{"kernel.version=six", "expected a version such as 6.8"},
			{"conntrack.tracked=maybe", "yes or no"},
			{"boot.os.name=linux", "no such fact"},
			{"nonsense.key=1", "no such fact"},
			{"conntrack.max=1", "did you mean net.netfilter.nf_conntrack_max?"},
			{"nofile.soft=1", "did you mean limits.nofile.soft?"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct error err = {0};
		assert_false(given_set(facts_new(arena), rows[i].assignment, &err));
		if (!strstr(err.text, rows[i].message))
			fail_msg("%s: %s", rows[i].assignment, err.text);
		arena_free(arena);
	}
}

static void files_refuse(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} rows[] = {
			{"{\"facts\":{}}", "f:1:1: \"schema\" must be"},
			{"{\"schema\":\"headroom.facts/1\"}", "f:1:1: it lacks \"facts\""},
			{"{\"schema\":\"headroom.facts/1\",\"facts\":7}", "f:1:38: \"facts\" must be"},
			{"{\"schema\":\"headroom.facts/1\",\"fcats\":{}}", "did you mean \"facts\""},
			{"{\"schema\":\"headroom.facts/1\",\"facts\":{\"net.core.somaxcon\":1}}",
					"did you mean net.core.somaxconn"},
			{"{\"schema\":\"headroom.facts/1\",\"facts\":{\"net.core.somaxconn\":-1}}",
					"net.core.somaxconn=-1"},
			{"{\"schema\":\"headroom.facts/1\",\"facts\":{\"net.core.somaxconn\":null}}",
					"expected a number"},
			{"{\"schema\":\"headroom.facts/1\",\"facts\":[{}]}", "\"unit\" must be"},
			{"{\"schema\":\"headroom.facts/1\",\"facts\":[{\"unit\":\"count\"}]}",
					"needs a \"key\""},
			{"{\"schema\":\"headroom.facts/"
			 "1\",\"facts\":[{\"key\":\"x.y\",\"unit\":\"count\",\"value\":1}]}",
					"no such fact"},
			{"{\"schema\":\"headroom.facts/"
			 "1\",\"facts\":[{\"key\":\"fs.nr_open\",\"unit\":\"bytes\",\"value\":1}]}",
					"fs.nr_open is in count"},
			{"{\"schema\":\"headroom.facts/"
			 "1\",\"facts\":[{\"key\":\"fs.nr_open\",\"unit\":\"count\"}]}",
					"needs a \"value\""},
			{"{\"schema\":\"headroom.facts/"
			 "1\",\"facts\":[{\"key\":\"fs.nr_open\",\"unit\":\"count\",\"value\":\"x\"}]}",
					"must be a number"},
			{"{\"schema\":\"headroom.facts/"
			 "1\",\"facts\":[{\"key\":\"fs.nr_open\",\"unit\":\"count\",\"value\":1,"
			 "\"status\":\"absent\"}]}",
					"must not have"},
			{"{\"schema\":\"headroom.facts/"
			 "1\",\"facts\":[{\"key\":\"fs.nr_open\",\"unit\":\"count\",\"value\":1},"
			 "{\"key\":\"fs.nr_open\",\"unit\":\"count\",\"value\":2}]}",
					"appears twice"},
			{"{\"schema\":\"headroom.facts/1\",\"host\":{\"nmae\":\"x\"},\"facts\":[]}",
					"did you mean \"name\""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct host_info info = {0};
		struct error err = {0};
		struct json *json = json_read("f", rows[i].text, strlen(rows[i].text), &err);
		assert_non_null(json);
		assert_false(facts_from_json(arena, json, facts_new(arena), &info, &err));
		if (!strstr(err.text, rows[i].message) || strncmp(err.text, "f:1:", 4) != 0)
			fail_msg("%s\n%s", rows[i].text, err.text);
		json_free(json);
		arena_free(arena);
	}
}

/* Every row of the table: unique, documented, readable or said where. */
static void keys_are_sound(void **state)
{
	(void)state;
	size_t first, count;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *key = keys_at(i);
		if (key->read != READ_BY_PROBE) {
			const char *name = keys_sysctl(arena, key);
			assert_true(strncmp(key->key, name, strlen(name)) == 0);
			assert_true(strncmp(keys_path(arena, key), "proc/sys/", 9) == 0);
			assert_int_equal(strlen(keys_path(arena, key)), strlen(name) + 9);
		}
		assert_ptr_equal(keys_find(key->key), key);
		assert_true(strlen(key->means) > 5);
		assert_true(key->read != READ_RANGE || key->unit == UNIT_TEXT);
		assert_true(key->read != READ_FIELD || key->path != NULL);
	}
	assert_null(keys_find("net.core.somaxcon"));
	assert_non_null(keys_find("boot.net.core.somaxconn"));
	assert_null(keys_find("boot.sockets.source"));
	assert_true(keys_group("net.ipv4.tcp_mem", &first, &count) && count == 3);
	assert_false(keys_group("net.ipv4", &first, &count));
	assert_false(keys_group("fs.file-nr", &first, &count));
	arena_free(arena);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

struct tree {
	char path[64];
};

static struct tree make_tree(void)
{
	struct tree tree = {"/tmp/headroom-test-XXXXXX"};
	char name[128];
	assert_non_null(mkdtemp(tree.path));
	(void)snprintf(name, sizeof name, "%s/proc", tree.path);
	assert_int_equal(mkdir(name, 0755), 0);
	return tree;
}

static void remove_tree(const struct tree *tree)
{
	(void)nftw(tree->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Links that lead out of the tree, FIFOs and devices: refused at once, nothing outside is opened.
 */
static void snapshots_do_not_escape(void **state)
{
	(void)state;
	struct tree tree = make_tree();
	struct arena *arena = arena_new();
	struct error err = {0};
	const char *text;
	size_t length;
	static const char *const links[][2] = {
			{"proc/absolute", "/etc/passwd"},
			{"proc/relative", "../../../../../../etc/passwd"},
			{"proc/up", "../.."},
			{"proc/self-link", "self-link"},
			{"proc/null", "/dev/null"},
	};
	for (size_t i = 0; i < COUNT_OF(links); i++)
		assert_int_equal(symlink(links[i][1], arena_printf(arena, "%s/%s", tree.path, links[i][0])),
				0);
	assert_int_equal(mkfifo(arena_printf(arena, "%s/proc/fifo", tree.path), 0644), 0);
	struct source *source = source_snapshot(arena, tree.path, &err);
	assert_non_null(source);
	assert_true(source_read(source, "proc/absolute", &text, &length) != 0);
	assert_true(source_read(source, "proc/relative", &text, &length) != 0);
	assert_true(source_read(source, "proc/up/etc/passwd", &text, &length) != 0);
	assert_true(source_read(source, "../../../../etc/passwd", &text, &length) != 0);
	assert_true(source_read(source, "proc/self-link", &text, &length) != 0);
	assert_true(source_read(source, "proc/null", &text, &length) != 0);
	assert_true(source_read(source, "proc/fifo", &text, &length) != 0);
	assert_false(source_exists(source, "proc/relative"));
	source_close(source);
	arena_free(arena);
	remove_tree(&tree);
}

static void files_are_bounded(void **state)
{
	(void)state;
	struct tree tree = make_tree();
	struct arena *arena = arena_new();
	struct error err = {0};
	const char *text;
	size_t length;
	int fd = open(arena_printf(arena, "%s/proc/large", tree.path), O_WRONLY | O_CREAT, 0644);
	assert_int_equal(ftruncate(fd, SOURCE_FILE_MAX + 1), 0);
	close(fd);
	struct source *source = source_snapshot(arena, tree.path, &err);
	assert_int_equal(source_read(source, "proc/large", &text, &length), 27 /* EFBIG */);
	assert_int_equal(length, SOURCE_FILE_MAX);
	source_close(source);
	arena_free(arena);
	remove_tree(&tree);
}

static void bad_options_are_named(void **state)
{
	(void)state;
	struct tree tree = make_tree();
	struct arena *arena = arena_new();
	struct facts facts;
	struct host_info info;
	struct error err = {0};
	struct host_options options = {.facts_path = "/nonexistent/tree"};
	assert_false(host_probe(arena, &options, &facts, &info, &err));
	assert_non_null(strstr(err.text, "/nonexistent/tree: No such file"));
	options = (struct host_options){.pid = 4194304};
	assert_false(host_probe(arena, &options, &facts, &info, &err));
	assert_non_null(strstr(err.text, "--pid 4194304: no such process"));
	options = (struct host_options){.facts_path = tree.path, .pid = 1};
	assert_false(host_probe(arena, &options, &facts, &info, &err));
	options = (struct host_options){0};
	assert_false(snapshot_take(tree.path, &options, &err));
	assert_non_null(strstr(err.text, "is not empty"));
	assert_int_equal(rmdir(arena_printf(arena, "%s/proc", tree.path)), 0);
	options.facts_path = tree.path;
	assert_false(host_probe(arena, &options, &facts, &info, &err));
	assert_non_null(strstr(err.text, "not a snapshot"));
	arena_free(arena);
	remove_tree(&tree);
}

/* Facts that do not change from one moment to the next. */
static bool is_static(const char *key)
{
	static const char *const moving[] = {"memory.",
			"cgroup.",
			"sockets.",
			"sockstat.",
			"netstat.",
			"snmp.",
			"softnet.",
			"threads.",
			"fs.file-nr",
			"host.uptime",
			"listener.",
			"destination.",
			"ports.",
			"neighbours.",
			"arp.",
			"ndisc.",
			"files.",
			"inotify.",
			"pool",
			"local",
			"route.",
			"conntrack.",
			"beam.",
			"dockerfile.",
			"net.netfilter.nf_conntrack_count"};
	for (size_t i = 0; i < COUNT_OF(moving); i++)
		if (strncmp(key, moving[i], strlen(moving[i])) == 0)
			return strcmp(key, "memory.total") == 0 || strcmp(key, "cgroup.version") == 0;
	return true;
}

static void same_text(const char *key, const char *what, const char *a, const char *b)
{
	if ((a == NULL) != (b == NULL) || (a && strcmp(a, b) != 0))
		fail_msg("%s: %s is %s live and %s in the snapshot",
				key,
				what,
				a ? a : "(none)",
				b ? b : "(none)");
}

static void a_snapshot_says_the_same(void **state)
{
	(void)state;
	struct tree tree = make_tree();
	struct arena *arena = arena_new();
	struct facts live, kept;
	struct host_info live_info, kept_info;
	struct error err = {0};
	const struct host_options options = {0};
	const char *dir = arena_printf(arena, "%s/kept", tree.path);
	size_t compared = 0;
	if (!snapshot_take(dir, &options, &err))
		fail_msg("%s", err.text);
	probe_path(arena, NULL, &live, &live_info);
	probe_path(arena, dir, &kept, &kept_info);
	for (size_t i = 0; i < live.count; i++) {
		const struct fact *a = live.items[i], *b = facts_get(&kept, a->key, a->instance);
		if (!is_static(a->key))
			continue;
		if (!b)
			fail_msg("%s[%s] is not in the snapshot", a->key, a->instance);
		same_text(a->key, "status", fact_status_name(a->status), fact_status_name(b->status));
		same_text(a->key, "text", a->text, b->text);
		same_text(a->key, "where", a->where, b->where);
		same_text(a->key, "set_by", a->set_by, b->set_by);
		same_text(a->key, "raw", a->raw, b->raw);
		if (a->status == FACT_KNOWN && a->unit != UNIT_TEXT)
			assert_close(a->number, b->number);
		compared++;
	}
	assert_true(compared > 80);
	assert_string_equal(live_info.fingerprint, kept_info.fingerprint);
	assert_string_equal(live_info.vantage, kept_info.vantage);
	arena_free(arena);
	remove_tree(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(set_accepts),
			cmocka_unit_test(set_refuses),
			cmocka_unit_test(files_refuse),
			cmocka_unit_test(keys_are_sound),
			cmocka_unit_test(files_are_bounded),
			cmocka_unit_test(snapshots_do_not_escape),
			cmocka_unit_test(bad_options_are_named),
			cmocka_unit_test(a_snapshot_says_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

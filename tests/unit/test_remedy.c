/* What ends a failure now: the form that reaches the process, with the values of the rules. */
#include "tests/unit/probe_test.h"

#include <math.h>

#include "audit/rules/presets.h"
#include "base/array.h"
#include "base/shell.h"
#include "model/situation.h"
#include "model/why/remedy.h"

struct room {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
	struct facts *facts;
	struct remedy remedies[REMEDIES_MAX];
	size_t count;
};

static int set_up(void **state)
{
	static struct room room;
	struct error err = {0};
	room = (struct room){.arena = arena_new()};
	*state = &room;
	if (!rules_load(room.arena, NULL, 0, false, &room.rules, &room.extras, &err))
		fail_msg("%s", err.text);
	room.facts = facts_new(room.arena);
	facts_put_text(room.facts, "os.name", NULL, "linux", "test");
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;
	rule_extras_release(&room->extras);
	arena_free(room->arena);
	return 0;
}

static void put(struct room *room, const char *key, const char *instance, double number)
{
	facts_put_number(room->facts, key, instance, number, UNIT_COUNT, "test");
}

static void find(struct room *room,
		const char *limit,
		const struct present *now,
		const struct limit_holder *holder)
{
	static const struct model_options options = {.target = 0.75, .planning_constants = true};
	struct error err = {0};
	struct workload *usual = arena_alloc(room->arena, sizeof *usual);
	struct loads plan = loads_of(usual);
	const struct workload_preset *preset = rule_extras_preset(&room->extras, "default");
	bool ready = preset_workload(room->arena, preset, usual, &err) &&
			loads_complete(room->arena, &plan, &err);
	if (!ready)
		fail_msg("%s", err.text);
	struct facts *facts = facts_overlay(room->arena, room->facts);
	const struct state state = state_new(room->arena, &room->rules, facts, &plan);
	const struct remedy_question question = {
			.arena = room->arena,
			.rules = &room->rules,
			.state = &state,
			.options = &options,
			.limit = rules_limit(&room->rules, limit),
			.now = now,
			.holder = holder,
	};
	room->count = remedies_of(&question, room->remedies);
}

/* All commands of the remedy, joined; fails where there is no such remedy. */
static const char *commands(struct room *room, size_t i)
{
	struct text out = {0};
	if (i >= room->count)
		fail_msg("there are %zu remedies", room->count);
	for (size_t k = 0; k < room->remedies[i].commands.count; k++)
		text_addf(&out,
				"%s%s",
				k > 0 ? "; " : "",
				shell_line(room->arena, &room->remedies[i].commands.items[k]));
	return text_take(room->arena, &out);
}

/* What takes back the first. */
static const char *undo_of(struct room *room)
{
	return shell_lines(room->arena, &room->remedies[0].undo);
}

static void says(const char *text, const char *word)
{
	if (!text || !strstr(text, word))
		fail_msg("\"%s\" is not in \"%s\"", word, text ? text : "nothing");
}

/* --- descriptors --------------------------------------------------------------------------- */

static const struct present files_full = {
		.state = PRESENT_FULL,
		.used = 1024,
		.capacity = 1024,
};

static void descriptors(struct room *room, double hard)
{
	put(room, "limits.nofile.soft", NULL, 1024);
	put(room, "limits.nofile.hard", NULL, hard);
	put(room, "fs.nr_open", NULL, 1048576);
}

/* A larger limit reaches those that are known to use it; the hard one is left where it is enough.
 */
static void prlimit(void **state)
{
	struct room *room = *state;
	struct limit_holder holder = {.pid = 4711, .program = "java", .user = "kafka"};
	descriptors(room, 524288);
	find(room, "process-fds", &files_full, &holder);
	assert_int_equal(room->count, 1);
	assert_string_equal(commands(room, 0), "prlimit --pid 4711 --nofile=3000:524288");
	assert_string_equal(undo_of(room), "prlimit --pid 4711 --nofile=1024:524288");
	assert_int_equal(room->remedies[0].reach, REMEDY_NOW);
	assert_true(room->remedies[0].sure);
	assert_string_equal(room->remedies[0].files[0].kind, "limits.d");
	assert_string_equal(room->remedies[0].files[0].text, "kafka soft nofile 3000");
}

static void prlimit_hard(void **state)
{
	struct room *room = *state;
	struct limit_holder holder = {.pid = 4711, .program = "worker", .unit = "worker.service"};
	descriptors(room, 1024);
	find(room, "process-fds", &files_full, &holder);
	assert_string_equal(commands(room, 0), "prlimit --pid 4711 --nofile=3000:3000");
	assert_false(room->remedies[0].sure);
	says(room->remedies[0].note, "If the error stays, restart worker");
	says(room->remedies[0].note, "CAP_SYS_RESOURCE");
	assert_string_equal(room->remedies[0].files[0].kind, "systemd");
	assert_string_equal(room->remedies[0].files[0].text, "[Service]\nLimitNOFILE=3000");
}

/* What sizes its table at its start is started anew, each in its own way; never by prlimit. */
static void tables_sized_at_start(void **state)
{
	struct room *room = *state;
	static const char *const programs[] = {"beam.smp", "haproxy", "redis-server", "memcached"};
	descriptors(room, 524288);
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		struct limit_holder holder = {.pid = 7, .program = programs[i], .unit = "web.service"};
		find(room, "process-fds", &files_full, &holder);
		assert_string_equal(commands(room, 0),
				"mkdir -p /etc/systemd/system/web.service.d; "
				"sh -c 'printf \"[Service]\\n%s\\n\" \"$1\" >\"$2\"' sh LimitNOFILE=3000:524288 "
				"/etc/systemd/system/web.service.d/headroom-nofile.conf; "
				"systemctl daemon-reload; systemctl restart web.service");
		assert_int_equal(room->remedies[0].reach, REMEDY_RESTART);
		says(room->remedies[0].note, "when it starts");
	}
	struct limit_holder shell = {
			.pid = 7,
			.program = "beam.smp",
			.user = "dev",
			.unit = "session-3.scope",
	};
	find(room, "process-fds", &files_full, &shell);
	assert_string_equal(commands(room, 0), "ulimit -Sn 3000");
	assert_string_equal(room->remedies[0].files[0].kind, "limits.d");
	struct limit_holder container = {
			.pid = 7,
			.program = "redis-server",
			.unit = "docker.service",
			.container = "docker",
	};
	find(room, "process-fds", &files_full, &container);
	assert_string_equal(commands(room, 0), "");
	says(room->remedies[0].note, "docker update does not set it");
	says(room->remedies[0].note, "--ulimit nofile=3000:524288");
	assert_string_equal(room->remedies[0].files[0].kind, "docker");
}

/* --- ports --------------------------------------------------------------------------------- */

static const struct present ports_full = {
		.state = PRESENT_FULL,
		.used = 12232,
		.capacity = 12232,
		.instance = "10.99.0.1>10.99.0.2:8081",
};

static void ports(struct room *room, double waiting)
{
	facts_put_text(room->facts, "net.ipv4.ip_local_port_range", NULL, "32768 44999", "test");
	put(room, "net.ipv4.tcp_tw_reuse", NULL, 2);
	put(room, "net.ipv4.tcp_timestamps", NULL, 1);
	put(room, "pool.sockets", "10.99.0.1>10.99.0.2:8081", 12232);
	put(room, "pool.time_wait", "10.99.0.1>10.99.0.2:8081", waiting);
}

/* Ports that wait are taken over; where connections hold them, that helps nobody. */
static void ports_by_what_holds_them(void **state)
{
	struct room *room = *state;
	struct limit_holder holder = {.pid = 0};
	ports(room, 12000);
	find(room, "ephemeral-ports", &ports_full, &holder);
	assert_int_equal(room->count, 2);
	assert_string_equal(commands(room, 0), "sysctl -w net.ipv4.tcp_tw_reuse=1");
	assert_string_equal(commands(room, 1),
			"sysctl -w net.ipv4.ip_local_port_range=\"20000 44999\"");
	assert_string_equal(room->remedies[0].files[0].text, "net.ipv4.tcp_tw_reuse = 1");
	says(room->remedies[0].note, "before connecting");
	ports(room, 3);
	find(room, "ephemeral-ports", &ports_full, &holder);
	assert_int_equal(room->count, 1);
	assert_string_equal(room->remedies[0].fix->id, "port-range");
}

/* In the namespace of the process, not in that of whoever types it. */
static void other_namespace(void **state)
{
	struct room *room = *state;
	struct limit_holder holder = {.pid = 4711, .other_network = true};
	ports(room, 12232);
	find(room, "ephemeral-ports", &ports_full, &holder);
	assert_string_equal(commands(room, 0), "nsenter -t 4711 -n sysctl -w net.ipv4.tcp_tw_reuse=1");
	assert_string_equal(undo_of(room), "nsenter -t 4711 -n sysctl -w net.ipv4.tcp_tw_reuse=2");
	assert_int_equal(room->remedies[0].file_count, 0);
	says(room->remedies[0].note, "until that network namespace ends");
	holder.container = "docker";
	find(room, "ephemeral-ports", &ports_full, &holder);
	assert_string_equal(room->remedies[0].files[0].kind, "docker");
}

/* Inside of a container, its files are no place to write settings to. */
static void inside_a_container(void **state)
{
	struct room *room = *state;
	struct limit_holder holder = {
			.pid = 7,
			.program = "java",
			.within = "docker",
			.child_network = true,
			.writes_network = true,
	};
	const struct present full = {.state = PRESENT_FULL, .used = 65530, .capacity = 65530};
	descriptors(room, 524288);
	find(room, "process-fds", &files_full, &holder);
	assert_string_equal(commands(room, 0), "prlimit --pid 7 --nofile=3000:524288");
	assert_string_equal(room->remedies[0].files[0].text, "--ulimit nofile=3000:524288");
	ports(room, 12232);
	find(room, "ephemeral-ports", &ports_full, &holder);
	assert_string_equal(commands(room, 0), "sysctl -w net.ipv4.tcp_tw_reuse=1");
	assert_string_equal(room->remedies[0].files[0].kind, "docker");
	holder.writes_network = false;
	find(room, "ephemeral-ports", &ports_full, &holder);
	assert_string_equal(commands(room, 0), "");
	says(room->remedies[0].note, "it must be created again");
	assert_int_equal(room->remedies[0].reach, REMEDY_RESTART);
	put(room, "vm.max_map_count", NULL, 65530);
	find(room, "max-map-count", &full, &holder);
	says(room->remedies[0].note, "a container may not change kernel settings");
	assert_string_equal(room->remedies[0].files[0].kind, "sysctl.d");
	holder.within = "kubernetes";
	find(room, "process-fds", &files_full, &holder);
	says(room->remedies[0].files[0].path, "containerd.service.d");
	says(room->remedies[0].note, "a pod has no field for this");
}

/* --- settings of the whole host ------------------------------------------------------------ */

/* Each is doubled at least, rounded as its rule says, in the host's own namespace. */
static void settings_of_the_host(void **state)
{
	struct room *room = *state;
	static const struct {
		const char *limit, *fact;
		double capacity, used;
		const char *command;
	} rows[] = {
			{"conntrack",
					"net.netfilter.nf_conntrack_max",
					262144,
					262144,
					"sysctl -w net.netfilter.nf_conntrack_max=524288"},
			{"system-fds", "fs.file-max", 100000, 100000, "sysctl -w fs.file-max=200000"},
			{"neighbour-table",
					"net.ipv4.neigh.default.gc_thresh3",
					1024,
					1024,
					"sysctl -w net.ipv4.neigh.default.gc_thresh3=2048"},
			{"max-map-count",
					"vm.max_map_count",
					65530,
					65530,
					"sysctl -w vm.max_map_count=131072"},
			{"tcp-orphans",
					"net.ipv4.tcp_max_orphans",
					65536,
					65738,
					"sysctl -w net.ipv4.tcp_max_orphans=131072"},
			{"inotify-instances",
					"fs.inotify.max_user_instances",
					128,
					128,
					"sysctl -w fs.inotify.max_user_instances=256"},
			{"time-wait-buckets",
					"net.ipv4.tcp_max_tw_buckets",
					65536,
					65536,
					"nsenter -t 9 -n sysctl -w net.ipv4.tcp_max_tw_buckets=131072"},
	};
	struct limit_holder holder = {.pid = 9, .other_network = true};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct present now = {
				.state = PRESENT_FULL,
				.used = rows[i].used,
				.capacity = rows[i].capacity,
		};
		put(room, rows[i].fact, NULL, rows[i].capacity);
		find(room, rows[i].limit, &now, &holder);
		assert_string_equal(commands(room, 0), rows[i].command);
		assert_int_equal(room->remedies[0].reach, REMEDY_NOW);
	}
}

/* A shorter time leaves the entries that are there: they are deleted, where they are. */
static void closed_entries(void **state)
{
	struct room *room = *state;
	const struct present full = {.state = PRESENT_FULL, .used = 262144, .capacity = 262144};
	struct limit_holder holder = {.pid = 9, .other_network = true};
	put(room, "net.netfilter.nf_conntrack_max", NULL, 262144);
	facts_put_number(room->facts,
			"net.netfilter.nf_conntrack_tcp_timeout_time_wait",
			NULL,
			120,
			UNIT_SECONDS,
			"test");
	find(room, "conntrack", &full, &holder);
	assert_true(room->remedies[0].sure);
	assert_false(room->remedies[1].sure);
	assert_string_equal(commands(room, 1),
			"nsenter -t 9 -n sysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=30; "
			"nsenter -t 9 -n conntrack -D -p tcp --state TIME_WAIT");
	says(room->remedies[1].note, "NAT port");
	holder.other_network = false;
	find(room, "conntrack", &full, &holder);
	says(commands(room, 1), "30; conntrack -D -p tcp");
}

static void group_limit(struct room *room, const char *where)
{
	facts_put_number(room->facts, "cgroup.pids.max", NULL, 512, UNIT_COUNT, where);
}

/* Of several limits on threads, the one that is full. */
static void threads(void **state)
{
	struct room *room = *state;
	const struct present group = {.state = PRESENT_FULL, .used = 512, .capacity = 512};
	const struct present user = {.state = PRESENT_FULL, .used = 4096, .capacity = 4096};
	struct limit_holder holder = {.pid = 4711, .program = "worker"};
	put(room, "kernel.pid_max", NULL, 32768);
	put(room, "kernel.threads-max", NULL, 120000);
	put(room, "limits.nproc.soft", NULL, 4096);
	put(room, "limits.nproc.hard", NULL, 120000);
	put(room, "cgroup.version", NULL, 2);
	group_limit(room, "/sys/fs/cgroup/my group/pids.max");
	facts_put_text(room->facts, "cgroup.pids.group", NULL, "/my group", "test");
	find(room, "threads", &group, &holder);
	assert_int_equal(room->count, 1);
	assert_string_equal(commands(room, 0),
			"sh -c 'echo $1 >\"$2\"' sh 2000 '/sys/fs/cgroup/my group/pids.max'");
	find(room, "threads", &user, &holder);
	assert_int_equal(room->count, 1);
	assert_string_equal(commands(room, 0), "prlimit --pid 4711 --nproc=9000:120000");
	group_limit(room, "/sys/fs/cgroup/system.slice/web.service/pids.max");
	facts_put_text(room->facts, "cgroup.pids.unit", NULL, "web.service", "test");
	find(room, "threads", &group, &holder);
	assert_string_equal(commands(room, 0), "systemctl set-property web.service TasksMax=2000");
}

/* --- queues -------------------------------------------------------------------------------- */

static void queues(void **state)
{
	struct room *room = *state;
	const struct present now = {
			.state = PRESENT_FULL,
			.used = 129,
			.capacity = 129,
			.instance = "0.0.0.0:8080",
	};
	static const struct {
		const char *program;
		double most;
		const char *commands;
		enum remedy_reach reach;
		const char *note;
	} rows[] = {
			{"nginx",
					128,
					"sysctl -w net.core.somaxconn=512; nginx -s reload",
					REMEDY_RELOAD,
					"Set 512 there first"},
			{"nginx", 4096, "nginx -s reload", REMEDY_RELOAD, "backlog="},
			{"haproxy",
					128,
					"sysctl -w net.core.somaxconn=512; systemctl restart web.service",
					REMEDY_RESTART,
					"keeps the old queue"},
			{"unheard-of",
					128,
					"sysctl -w net.core.somaxconn=512; systemctl restart web.service",
					REMEDY_RESTART,
					"ask for that many in listen()"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct limit_holder holder = {
				.pid = 7,
				.program = rows[i].program,
				.unit = "web.service",
		};
		put(room, "net.core.somaxconn", NULL, rows[i].most);
		find(room, "accept-queue", &now, &holder);
		assert_string_equal(commands(room, 0), rows[i].commands);
		assert_int_equal(room->remedies[0].reach, rows[i].reach);
		says(room->remedies[0].note, rows[i].note);
	}
}

/* --- what is not known --------------------------------------------------------------------- */

static void nothing_known(void **state)
{
	struct room *room = *state;
	const struct present unknown = {.used = (double)NAN, .capacity = (double)NAN};
	const struct present unlimited = {.used = 5, .capacity = INFINITY};
	const struct limit_holder nobody = {.pid = 0};
	for (size_t i = 0; i < room->rules.limit_count; i++) {
		find(room, room->rules.limits[i].id, &unknown, &nobody);
		assert_int_equal(room->count, 0);
		find(room, room->rules.limits[i].id, &unlimited, &nobody);
		assert_int_equal(room->count, 0);
	}
	descriptors(room, 4096);
	find(room, "process-fds", &files_full, &nobody);
	assert_string_equal(commands(room, 0), "ulimit -Sn 3000");
}

/* Whatever a host calls its units, nothing of it is run by a shell that it is pasted into. */
static void words(void **state)
{
	struct room *room = *state;
	static const struct {
		const char *text, *word;
	} rows[] = {
			{"web.service", "web.service"},
			{"a b", "'a b'"},
			{"$(reboot)", "'$(reboot)'"},
			{"it's", "'it'\\''s'"},
			{"dev-disk-by\\x2dlabel", "'dev-disk-by\\x2dlabel'"},
			{"a\nb", NULL},
			{"", NULL},
			{NULL, NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *word = shell_word(room->arena, rows[i].text);
		if (rows[i].word)
			assert_string_equal(word, rows[i].word);
		else
			assert_null(word);
	}
	struct limit_holder holder = {.pid = 7, .program = "haproxy", .unit = "x;reboot.service"};
	descriptors(room, 4096);
	find(room, "process-fds", &files_full, &holder);
	says(commands(room, 0), "systemctl restart 'x;reboot.service'");
	says(commands(room, 0), "'/etc/systemd/system/x;reboot.service.d/headroom-nofile.conf'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(prlimit, set_up, tear_down),
			cmocka_unit_test_setup_teardown(prlimit_hard, set_up, tear_down),
			cmocka_unit_test_setup_teardown(tables_sized_at_start, set_up, tear_down),
			cmocka_unit_test_setup_teardown(ports_by_what_holds_them, set_up, tear_down),
			cmocka_unit_test_setup_teardown(other_namespace, set_up, tear_down),
			cmocka_unit_test_setup_teardown(inside_a_container, set_up, tear_down),
			cmocka_unit_test_setup_teardown(settings_of_the_host, set_up, tear_down),
			cmocka_unit_test_setup_teardown(closed_entries, set_up, tear_down),
			cmocka_unit_test_setup_teardown(threads, set_up, tear_down),
			cmocka_unit_test_setup_teardown(queues, set_up, tear_down),
			cmocka_unit_test_setup_teardown(nothing_known, set_up, tear_down),
			cmocka_unit_test_setup_teardown(words, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

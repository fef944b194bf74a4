/* The trees of tests/hosts: what each fact must be, read as an audit reads them. */
#include "base/array.h"
#include "tests/unit/probe_test.h"

#include "base/text.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/facts/keys.h"

struct expectation {
	const char *host, *key, *instance,
			*text; /* text: a text fact; or a number as text_plain_number has it; or a status */
};

static const struct expectation expectations[] = {
		{"debian-default", "net.ipv4.ip_local_port_range", "", "32768 60999"},
		{"debian-default", "net.core.somaxconn", "", "4096"},
		{"debian-default", "net.ipv4.tcp_tw_reuse_delay", "", "1"},
		{"debian-default", "kernel.version", "", "6018"},
		{"debian-default", "limits.nofile.soft", "", "1024"},
		{"debian-default", "vantage.user", "", "dev"},
		{"debian-default", "conntrack.tracked", "", "0"},
		{"debian-default", "vantage.netns.initial", "", "1"},
		{"debian-default", "net.ipv4.tcp_tw_recycle", "", "absent"},
		{"debian-default", "host.container", "", "none"},
		{"tuned-loadgen", "net.ipv4.ip_local_port_range", "", "1024 65535"},
		{"tuned-loadgen", "net.ipv4.ip_local_reserved_ports", "", "8080,9100,30000-32767"},
		{"tuned-loadgen", "fs.file-max", "", "unlimited"},
		{"tuned-loadgen", "limits.nproc.soft", "", "unlimited"},
		{"tuned-loadgen", "host.cloud", "", "aws"},
		{"tuned-loadgen", "host.cpus", "", "16"},
		{"tuned-loadgen", "destination.sockets", "10.0.0.5:443", "12800"},
		{"tuned-loadgen", "destination.time_wait", "10.0.0.6:443", "100"},
		{"tuned-loadgen", "ports.bound", "", "20000"},
		{"tuned-loadgen", "ports.connected_in_range", "", "12900"},
		{"tuned-loadgen", "boot.net.ipv4.tcp_fin_timeout", "", "30"},
		{"tuned-loadgen", "boot.net.core.somaxconn", "", "65535"},
		{"tuned-loadgen", "boot.limits.nofile.soft", "", "524288"},
		{"tuned-loadgen", "boot.limits.nofile.hard", "", "1048576"},
		{"tuned-loadgen", "boot.systemd.default_nofile.soft", "", "65536"},
		{"tuned-loadgen", "boot.systemd.default_nofile.hard", "", "unlimited"},
		{"tuned-loadgen", "boot.modules.nf_conntrack", "", "1"},
		{"tuned-loadgen", "cgroup.pids.max", "", "31627"},
		{"boot-order", "boot.net.core.somaxconn", "", "8192"},
		{"boot-order",
				"boot.overridden",
				"net.core.somaxconn",
				"/etc/sysctl.d/10-early.conf:1 sets 1024"},
		{"boot-order", "boot.net.ipv4.tcp_max_syn_backlog", "", "8192"},
		{"boot-order",
				"boot.overridden",
				"net.ipv4.tcp_max_syn_backlog",
				"/usr/lib/sysctl.d/60-vendor.conf:1 sets 4096"},
		{"boot-order", "boot.net.ipv4.tcp_fin_timeout", "", "20"},
		{"boot-order", "tuned.profile", "", "loadgen"},
		{"boot-order", "boot.kube_proxy.conntrack_max", "", "196608"},
		{"boot-order", "boot.net.netfilter.nf_conntrack_max", "", "196608"},
		{"boot-order",
				"boot.overridden",
				"net.netfilter.nf_conntrack_max",
				"/etc/sysctl.d/10-early.conf:2 sets 524288"},
		{"boot-order", "boot.unit.nofile.soft", "", "65536"},
		{"boot-order", "boot.modules.nf_conntrack", "", "0"},
		{"container-cgroup1", "host.container", "", "docker"},
		{"container-cgroup1", "cgroup.version", "", "1"},
		{"container-cgroup1", "cgroup.memory.max", "", "2147483648"},
		{"container-cgroup1", "cgroup.memory.file", "", "104857600"},
		{"container-cgroup1", "cgroup.pids.max", "", "512"},
		{"container-cgroup1", "net.ipv4.tcp_mem.pressure", "", "not-visible"},
		{"container-cgroup1", "net.core.netdev_max_backlog", "", "not-visible"},
		{"container-cgroup1", "vantage.netns.initial", "", "0"},
		{"container-cgroup1", "vantage.cap_net_admin", "", "0"},
		{"container-cgroup1", "conntrack.tracked", "", "denied"},
		{"container-cgroup2-unprivileged", "host.container", "", "podman"},
		{"container-cgroup2-unprivileged", "cgroup.version", "", "2"},
		{"container-cgroup2-unprivileged", "cgroup.memory.max", "", "536870912"},
		{"container-cgroup2-unprivileged", "process.fds_open", "", "denied"},
		{"container-cgroup2-unprivileged", "net.ipv4.tcp_max_syn_backlog", "", "denied"},
		{"container-cgroup2-unprivileged", "conntrack.drop", "", "denied"},
		{"container-cgroup2-unprivileged", "listener.backlog", "0.0.0.0:8080", "511"},
		{"container-cgroup2-unprivileged", "listener.process", "0.0.0.0:8080", "skipped"},
		{"no-conntrack", "conntrack.tracked", "", "0"},
		{"no-conntrack", "net.netfilter.nf_conntrack_max", "", "absent"},
		{"no-conntrack", "net.ipv4.tcp_tw_reuse_delay", "", "absent"},
		{"no-conntrack", "sockets.tcp.bound", "", "skipped"},
		{"no-conntrack", "kernel.version", "", "5010"},
		{"rabbitmq-node", "beam.port_limit_requested", "1523", "100000"},
		{"rabbitmq-node", "beam.port_limit", "1523", "131072"},
		{"rabbitmq-node", "beam.process_limit", "1523", "1048576"},
		{"rabbitmq-node", "beam.name", "1523", "rabbit@mq1"},
		{"rabbitmq-node", "beam.fds_open", "1523", "115"},
		{"rabbitmq-node", "beam.nofile.soft", "1523", "65536"},
		{"rabbitmq-node", "beam.port_limit", "1701", "262144"},
		{"rabbitmq-node", "beam.port_limit", "1810", "65536"},
		{"rabbitmq-node", "boot.unit.nofile.soft", "", "65536"},
		{"rabbitmq-node", "vantage.unit", "", "rabbitmq-server.service"},
		{"ipv6-listeners", "sockets.source", "", "proc"},
		{"ipv6-listeners", "listener.queue", "[::]:35000", "2"},
		{"ipv6-listeners", "listener.backlog", "[::]:35000", "skipped"},
		{"ipv6-listeners", "ports.listening", "", "22,35000,45000"},
		{"ipv6-listeners", "destination.sockets", "[fd00::5]:8443", "1"},
		{"ipv6-listeners", "destination.established", "10.0.0.5:443", "2"},
		{"ipv6-listeners", "destination.time_wait", "10.0.0.5:443", "1"},
		{"ipv6-listeners", "ports.udp_bound", "", "5353"},
		{"ipv6-listeners", "ports.connected_in_range", "", "4"},
		{"ipv6-listeners", "sockets.tcp.established", "", "4"},
		{"ipv6-listeners", "neighbours.ipv6.count", "", "17"},
		{"ipv6-listeners", "ndisc.table_fulls", "", "3"},
		{"ipv6-listeners", "softnet.backlog", "", "31"},
		{"debian-default", "process.maps", "", "absent"},
		{"docker-publish", "process.maps", "", "44"},
		{"docker-publish", "inotify.instances", "1000", "120"},
		{"docker-publish", "fs.inotify.max_user_instances", "", "128"},
		{"tuned-loadgen", "inotify.instances", "0", "3"},
		{"tuned-loadgen", "inotify.instances", "1000", "12"},
		{"hostile", "process.maps", "", "malformed"},
		{"boot-order", "files.open", "812", "1024"},
		{"boot-order", "files.soft", "700", "unlimited"},
		{"boot-order", "files.process", "700", "postgres: io worker"},
		{"docker-publish", "ports.published", "", "5000-5010,8080,9443"},
		{"docker-publish", "conntrack.tracked", "", "1"},
		{"docker-publish", "kubernetes.node", "", "1"},
		{"hostile", "net.ipv4.ip_local_port_range", "", "malformed"},
		{"hostile", "net.core.somaxconn", "", "malformed"},
		{"hostile", "fs.file-max", "", "malformed"},
		{"hostile", "net.ipv4.tcp_syncookies", "", "malformed"},
		{"hostile", "net.ipv4.tcp_mem.max", "", "malformed"},
		{"hostile", "net.ipv4.tcp_mem.min", "", "malformed"},
		{"hostile", "net.ipv4.tcp_max_tw_buckets", "", "malformed"},
		{"hostile", "limits.nofile.soft", "", "malformed"},
		{"hostile", "memory.available", "", "malformed"},
		{"hostile", "host.uptime", "", "malformed"},
		{"hostile", "host.cpus", "", "malformed"},
		{"hostile", "process.fds_open", "", "malformed"},
		{"hostile", "sockets.tcp.listen", "", "malformed"},
		{"hostile", "conntrack.tracked", "", "malformed"},
		{"hostile", "conntrack.other_dataplane", "", "malformed"},
		{"hostile", "beam.port_limit", "666", "malformed"},
		{"hostile", "vantage.uid", "", "malformed"},
		{"hostile", "softnet.backlog", "", "absent"},
		{"hostile", "neighbours.ipv6.count", "", "skipped"},
		{"hostile", "arp.table_fulls", "", "malformed"},
		{"hostile", "netstat.TcpExt.ListenDrops", "", "malformed"},
		{"macos.facts.json", "os.name", "", "darwin"},
		{"macos.facts.json", "net.inet.tcp.msl", "", "15"},
		{"macos.facts.json", "limits.nofile.soft", "", "256"},
};

static const char *show(const struct fact *fact, char out[NUMBER_TEXT_MAX])
{
	if (!fact)
		return "(no such fact)";
	if (fact->status != FACT_KNOWN)
		return fact_status_name(fact->status);
	if (fact->unit == UNIT_TEXT)
		return fact->text;
	return isinf(fact->number) ? "unlimited" : text_plain_number(out, fact->number);
}

static void hosts_say_what_they_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(expectations); i++) {
		const struct expectation *row = &expectations[i];
		struct arena *arena = arena_new();
		struct facts facts;
		struct host_info info;
		char number[NUMBER_TEXT_MAX];
		probe_path(arena, arena_printf(arena, "tests/hosts/%s", row->host), &facts, &info);
		const char *shown = show(facts_get(&facts, row->key, row->instance), number);
		if (strcmp(shown, row->text) != 0)
			fail_msg("%s: %s[%s] is %s, wanted %s",
					row->host,
					row->key,
					row->instance,
					shown,
					row->text);
		arena_free(arena);
	}
}

static const char *const hosts[] = {
		"boot-order",
		"debian-default",
		"tuned-loadgen",
		"container-cgroup1",
		"container-cgroup2-unprivileged",
		"no-conntrack",
		"rabbitmq-node",
		"ipv6-listeners",
		"docker-publish",
		"hostile",
};

/* Every fact has bounded raw text and no control characters in its text; its key and its unit are
 * checked where it is probed. */
static void facts_are_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		struct arena *arena = arena_new();
		struct facts facts;
		struct host_info info;
		probe_path(arena, arena_printf(arena, "tests/hosts/%s", hosts[i]), &facts, &info);
		assert_true(facts.count > 100);
		for (size_t j = 0; j < facts.count; j++) {
			const struct fact *fact = facts.items[j];
			assert_true(!fact->raw || strlen(fact->raw) <= 256);
			assert_true(fact->unit != UNIT_TEXT || fact->status != FACT_KNOWN ||
					text_is_utf8(fact->text, strlen(fact->text)));
			assert_true(fact->status == FACT_KNOWN || isnan(fact->number));
		}
		arena_free(arena);
	}
}

/* Keys that no captured host has. Where they are put is tested in other places: on the live host
 * and by the command-line cases. */
static const char *const elsewhere[] = {
		/* found by live probes and by --to */
		"listener.interfaces_differ",
		"listener.own",
		"local.ports",
		"locals.total",
		"name.addresses",
		"pool.counted",
		"pool.established",
		"pool.ports",
		"pool.reusable",
		"pool.sockets",
		"pool.time_wait",
		"pools.largest_unlisted",
		"pools.unlisted",
		"ports.bound_connected",
		"ports.pinned",
		"ports.udp_pinned",
		"route.source",
		/* found with Erlang, or in a Dockerfile */
		"dockerfile.run_sysctl",
		"erlang.otp_release",
		"erlang.port_limit",
		"erlang.port_limit_requested",
		"erlang.process_limit",
		/* only given, or from a facts file */
		"erlang.max_fds",
		"kern.ipc.somaxconn",
		"kern.maxfiles",
		"kern.maxfilesperproc",
		"kern.num_files",
		"kern.num_taskthreads",
		"net.inet.ip.portrange.first",
		"net.inet.ip.portrange.last",
		"net.inet.tcp.msl",
};

static bool is_elsewhere(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
		if (strcmp(elsewhere[i], key) == 0)
			return true;
	}
	return false;
}

/* So that the test above sees every key: none is put only where no test looks. */
static void every_key_is_put(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct facts facts[COUNT_OF(hosts)];
	struct host_info info;
	for (size_t i = 0; i < COUNT_OF(hosts); i++)
		probe_path(arena, arena_printf(arena, "tests/hosts/%s", hosts[i]), &facts[i], &info);
	for (size_t i = 0; i < keys_count(); i++) {
		const char *key = keys_at(i)->key;
		size_t first, seen = 0;
		for (size_t j = 0; j < COUNT_OF(hosts); j++)
			seen += facts_instances(&facts[j], key, &first);
		if (seen == 0 && !is_elsewhere(key))
			fail_msg("no captured host has %s: its type is not tested", key);
	}
	arena_free(arena);
}

/* Written as JSON and read again, a host says the same. */
static void facts_go_through_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		struct arena *arena = arena_new();
		struct facts facts, *again = facts_new(arena);
		struct host_info info, info_again = {0};
		struct error err = {0};
		char a[NUMBER_TEXT_MAX], b[NUMBER_TEXT_MAX];
		probe_path(arena, arena_printf(arena, "tests/hosts/%s", hosts[i]), &facts, &info);
		cJSON *tree = facts_to_json(&facts, &info, "0");
		char *text = cJSON_Print(tree);
		struct json *json = json_read("facts", text, strlen(text), &err);
		if (!json || !facts_from_json(arena, json, again, &info_again, &err))
			fail_msg("%s: %s", hosts[i], err.text);
		assert_int_equal(again->count, facts.count);
		for (size_t j = 0; j < facts.count; j++)
			assert_string_equal(show(facts.items[j], a),
					show(facts_get(again, facts.items[j]->key, facts.items[j]->instance), b));
		json_free(json);
		free(text);
		cJSON_Delete(tree);
		arena_free(arena);
	}
}

/* No secret of the tree's command lines and environments becomes a fact. */
static void secrets_stay_out(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct facts facts;
	struct host_info info;
	probe_path(arena, "tests/hosts/rabbitmq-node", &facts, &info);
	cJSON *tree = facts_to_json(&facts, &info, "0");
	char *text = cJSON_Print(tree);
	assert_non_null(strstr(text, "rabbit@mq1"));
	assert_null(strstr(text, "SECRETSECRET"));
	assert_null(strstr(text, "hunter2"));
	free(text);
	cJSON_Delete(tree);
	arena_free(arena);
}

static void provenance_is_kept(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct facts facts;
	struct host_info info;
	probe_path(arena, "tests/hosts/tuned-loadgen", &facts, &info);
	const struct fact *fact = facts_get(&facts, "net.ipv4.ip_local_port_range", NULL);
	assert_string_equal(fact->where, "/proc/sys/net/ipv4/ip_local_port_range");
	assert_string_equal(fact->raw, "1024\t65535");
	assert_string_equal(fact->set_by, "/etc/sysctl.d/90-loadgen.conf:2");
	assert_string_equal(fact->read_at, "2026-11-21T02:00:00Z");
	/* The file says 30 and the kernel 15: nobody known has set it. */
	assert_null(facts_get(&facts, "net.ipv4.tcp_fin_timeout", NULL)->set_by);
	assert_int_equal(facts_get(&facts, "limits.nofile.soft", NULL)->line, 5);
	assert_string_equal(info.vantage, "as user dev, limits of PID 4711, host's network");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(hosts_say_what_they_hold),
			cmocka_unit_test(facts_are_well_formed),
			cmocka_unit_test(every_key_is_put),
			cmocka_unit_test(facts_go_through_json),
			cmocka_unit_test(secrets_stay_out),
			cmocka_unit_test(provenance_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

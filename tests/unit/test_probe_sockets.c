/* The tally of sockets: endpoints, lines of /proc/net/tcp, many sockets, sockets.json, and the
 * rules that need connection tracking. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/array.h"
#include "tests/unit/probe_test.h"

#include "base/os/json.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/sockets/json.h"
#include "probes/host/sockets/pools_json.h"
#include "probes/host/sockets/proc_net.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/source/source.h"

static void endpoints(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
			{"10.0.0.5:443", true},
			{"[::1]:80", true},
			{"[fd00::5]:65535", true},
			{"0.0.0.0:0", true},
			{"10.0.0.5", false},
			{"10.0.0.5:", false},
			{"10.0.0.5:65536", false},
			{"10.0.0:80", false},
			{"[::1]", false},
			{"[::1:80", false},
			{"::1:80", false},
			{"[10.0.0.1]:80", false},
			{"", false},
			{":80", false},
			{"1.2.3.4:80x", false},
			{"1111111111111111111111111111111111111111111111111111111111111111:1", false},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct endpoint endpoint;
		if (endpoint_parse(rows[i].text, &endpoint) != rows[i].good)
			fail_msg("%s", rows[i].text);
		if (rows[i].good)
			assert_string_equal(endpoint_text(arena, &endpoint), rows[i].text);
	}
	arena_free(arena);
}

static void proc_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line, *local, *remote; /* local NULL: refused */
		int line_state;
		unsigned rqueue, inode;
	} rows[] = {
			{"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000    "
			 "    0 4711 1 0",
					"127.0.0.1:8080",
					"0.0.0.0:0",
					STATE_LISTEN,
					3,
					4711},
			{"   1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 01 "
			 "0:0 00:0 0 0 0 7",
					"[::1]:80",
					"[::]:0",
					STATE_ESTABLISHED,
					0,
					7},
			{"   2: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000200007F:0051 06 "
			 "0:0 00:0 0 0 0 0",
					"127.0.0.1:80",
					"127.0.0.2:81",
					STATE_TIME_WAIT,
					0,
					0},
			{"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
			 "timeout inode",
					NULL,
					NULL,
					0,
					0,
					0},
			{"   0: 0100007F:1F90 00000000:0000 0A 0:0", NULL, NULL, 0, 0, 0},
			{"   0: 0100007F:1F90 00000000:0000 FF 0:0 0:0 0 0 0 1", NULL, NULL, 0, 0, 0},
			{"   0: 0100007F:1F901 00000000:0000 0A 0:0 0:0 0 0 0 1", NULL, NULL, 0, 0, 0},
			{"   0: 0100007:1F90 00000000:0000 0A 0:0 0:0 0 0 0 1", NULL, NULL, 0, 0, 0},
			{"   0: 0100007F", NULL, NULL, 0, 0, 0},
			{"", NULL, NULL, 0, 0, 0},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct tally_socket socket;
		if (proc_net_parse(rows[i].line, &socket) != (rows[i].local != NULL))
			fail_msg("%s", rows[i].line);
		if (!rows[i].local)
			continue;
		assert_string_equal(endpoint_text(arena, &socket.local), rows[i].local);
		assert_string_equal(endpoint_text(arena, &socket.remote), rows[i].remote);
		assert_int_equal(socket.state, rows[i].line_state);
		assert_int_equal(socket.rqueue, rows[i].rqueue);
		assert_int_equal(socket.inode, rows[i].inode);
	}
	arena_free(arena);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[128];
	(void)snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	(void)fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* An IPv6 listener stands in the second file, and has the port of a connection in the first one. A
 * timer is in hundredths of a second. */
static void tables_of_the_kernel(void **state)
{
	(void)state;
	static const char head[] = "  sl  local_address rem_address   st tx_queue\n";
	static const char four[] = "   0: 0100007F:9C40 0100007F:0009 01 0:0 00:0 0 0 0 5\n"
							   "   1: 0100007F:9C41 0100007F:0009 06 0:0 03:00001770 0 0 0 0\n"
							   "   2: 0100007F:9C42 0100007F:0009 06 0:0 03:00000fa0 0 0 0 0\n";
	static const char six[] = "   0: 00000000000000000000000001000000:9C40 "
							  "00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 7\n"
							  "   1: 00000000000000000000000001000000:9C43 "
							  "00000000000000000000000001000000:0009 01 0:0 00:0 0 0 0 8\n";
	char directory[] = "/tmp/headroom-test-XXXXXX", text[1024], path[64];
	struct arena *arena = arena_new();
	struct error err;
	struct socket_tally tally = {.low = 40000, .high = 40009, .reuse_delay_ms = 1000};
	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof path, "%s/proc", directory);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(path, sizeof path, "%s/proc/net", directory);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(text, sizeof text, "%s%s", head, four);
	write_file(path, "tcp", text);
	(void)snprintf(text, sizeof text, "%s%s", head, six);
	write_file(path, "tcp6", text);
	tally.pools = arena_alloc(arena, sizeof *tally.pools);
	struct source *source = source_snapshot(arena, directory, &err);
	assert_non_null(source);
	assert_int_equal(proc_net_read(arena, source, &tally), 0);
	source_close(source);
	const struct pool **pools;
	assert_int_equal(pools_sorted(arena, tally.pools, &pools), 2);
	assert_int_equal(pools[0]->sockets, 3);
	assert_int_equal(pools[0]->ports, 1);
	assert_int_equal(pools[0]->reusable, 1);
	assert_int_equal(pools[1]->ports, 1);
	assert_int_equal(tally.states[STATE_LISTEN], 1);
	tally_release(&tally);
	assert_int_equal(nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	arena_free(arena);
}

static struct tally_socket make_socket(enum tcp_state line_state,
		unsigned local_port,
		unsigned remote)
{
	struct tally_socket socket = {.state = line_state};
	socket.local.family = socket.remote.family = 4;
	socket.local.port = (uint16_t)local_port;
	memcpy(socket.remote.address, &remote, sizeof remote);
	socket.remote.port = 443;
	return socket;
}

static struct socket_tally *many_sockets(struct arena *arena, unsigned destinations)
{
	struct socket_tally *tally = arena_alloc(arena, sizeof *tally);
	*tally = (struct socket_tally){.source = "sock_diag",
			.bound_listed = true,
			.low = 1000,
			.high = 60000};
	for (unsigned i = 0; i < destinations; i++)
		for (unsigned j = 0; j <= i % 3; j++) {
			struct tally_socket socket =
					make_socket(j ? STATE_TIME_WAIT : STATE_ESTABLISHED, 1000 + i % 5000, 1 + i);
			tally_add(arena, tally, &socket);
		}
	return tally;
}

static void counts(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct socket_tally *tally = many_sockets(arena, 50000);
	struct tally_socket outside = make_socket(STATE_ESTABLISHED, 80, 9),
						bound = make_socket(STATE_CLOSE, 7, 0);
	const struct destination **top;
	tally_add(arena, tally, &outside);
	tally_add(arena, tally, &bound);
	assert_int_equal(tally->destinations, 50000); /* port 80 is outside the range */
	assert_int_equal(tally->states[STATE_ESTABLISHED], 50001);
	assert_int_equal(tally->states[STATE_TIME_WAIT], 49999);
	assert_int_equal(tally->states[STATE_BOUND], 1);
	assert_true(portset_has(&tally->bound, 7));
	assert_int_equal(portset_count(&tally->held, 1000, 60000), 5000);
	assert_int_equal(tally_top(arena, tally, 32, &top), 32);
	assert_int_equal(top[0]->sockets, 3);
	assert_int_equal(top[0]->time_wait, 2);
	tally_release(tally);
	arena_free(arena);
}

static void destinations_are_bounded(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct socket_tally *tally = many_sockets(arena, DESTINATIONS_MAX + 100);
	assert_int_equal(tally->destinations, DESTINATIONS_MAX);
	assert_true(tally->more_destinations);
	assert_int_equal(tally->states[STATE_ESTABLISHED], DESTINATIONS_MAX + 100);
	tally_release(tally);
	arena_free(arena);
}

static void listeners_share_addresses(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct socket_tally *tally = many_sockets(arena, 0);
	for (unsigned i = 0; i < 4; i++) {
		struct tally_socket socket = make_socket(STATE_LISTEN, 8080, 0);
		socket.wqueue = 100 + i;
		socket.rqueue = i;
		socket.inode = 7 + i;
		socket.drops = 2 * i;
		socket.backlog_known = true;
		tally_add(arena, tally, &socket);
	}
	assert_int_equal(tally->listener_count, 1);
	assert_int_equal(tally->listener_socket_count, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(tally->listener_sockets[i].inode, 7 + i);
	const struct listener *all = &tally->listeners[0];
	assert_int_equal(all->sockets, 4);
	assert_int_equal(all->backlog, 100);
	assert_int_equal(all->queue, 3);
	assert_int_equal(all->room, 101);
	assert_int_equal(all->fullest_queue, 3);
	assert_int_equal(all->fullest_backlog, 103);
	assert_int_equal((int)all->holds, 101 + 102 + 103 + 104);
	assert_int_equal((int)all->waiting, 6);
	assert_int_equal((int)all->drops, 12);
	assert_false(all->interfaces_differ);
	/* listen() was called again with less: more waits than it holds. */
	struct tally_socket full = make_socket(STATE_LISTEN, 8080, 0);
	full.wqueue = 5;
	full.rqueue = 100;
	full.interface = 2;
	tally_add(arena, tally, &full);
	assert_int_equal(tally->listeners[0].room, 0);
	assert_int_equal(tally->listeners[0].fullest_queue, 100);
	assert_true(tally->listeners[0].interfaces_differ);
	tally_release(tally);
	arena_free(arena);
}

static void json_round_trip(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct socket_tally *tally = many_sockets(arena, 100), *again = many_sockets(arena, 0);
	struct tally_socket listener = make_socket(STATE_LISTEN, 8080, 0);
	struct error err = {0};
	const struct destination **a, **b;
	listener.backlog_known = true;
	listener.wqueue = 511;
	listener.drops_known = true;
	listener.drops = 30;
	tally_add(arena, tally, &listener);
	listener.wqueue = 10;
	listener.rqueue = 4;
	listener.drops = 3;
	tally_add(arena, tally, &listener);
	cJSON *tree = sockets_to_json(arena, tally);
	char *text = cJSON_Print(tree);
	if (!sockets_from_json(arena, text, strlen(text), again, &err))
		fail_msg("%s", err.text);
	assert_memory_equal(again->states, tally->states, sizeof tally->states);
	assert_memory_equal(&again->held, &tally->held, sizeof tally->held);
	assert_memory_equal(&again->listening, &tally->listening, sizeof tally->listening);
	const struct listener *kept = &again->listeners[0];
	assert_int_equal(kept->backlog, 10);
	assert_int_equal(kept->sockets, 2);
	assert_int_equal(kept->room, 7);
	assert_int_equal((int)kept->holds, 523);
	assert_int_equal((int)kept->waiting, 4);
	assert_int_equal((int)kept->drops, 33);
	assert_true(kept->drops_known);
	assert_int_equal(tally_top(arena, again, 4096, &b), tally_top(arena, tally, 4096, &a));
	for (size_t i = 0; i < 100; i++)
		assert_memory_equal(a[i], b[i], sizeof **a);
	free(text);
	cJSON_Delete(tree);
	tally_release(tally);
	tally_release(again);
	arena_free(arena);
}

static void pools_round_trip(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct socket_tally *tally = many_sockets(arena, 0);
	struct kept_pools kept;
	struct error err = {0};
	const struct pool **a, **b;
	tally->pools = arena_alloc(arena, sizeof *tally->pools);
	tally->reuse_delay_ms = 1000;
	struct tally_socket listener = make_socket(STATE_LISTEN, 1003, 0);
	tally_add(arena, tally, &listener);
	for (unsigned i = 0; i < 600; i++) {
		struct tally_socket socket = make_socket(STATE_ESTABLISHED, 1000 + i, 1 + i % 7);
		socket.local.address[0] = (unsigned char)(10 + i % 3);
		if (i % 2)
			socket.state = STATE_TIME_WAIT;
		socket.expires_ms = 59500 - 1000 * (i % 4); /* every fourth is younger than 1 s */
		tally_add(arena, tally, &socket);
	}
	cJSON *tree = pools_to_json(arena, tally->pools, "0.0.0.0:1003");
	char *text = cJSON_Print(tree);
	if (!pools_from_json(arena, text, strlen(text), &kept, &err))
		fail_msg("%s", err.text);
	size_t count = pools_sorted(arena, tally->pools, &a);
	unsigned ports = 0, reusable = 0, sockets = 0;
	assert_int_equal(count, 21);
	assert_int_equal(pools_sorted(arena, &kept.pools, &b), count);
	for (size_t i = 0; i < count; i++) {
		assert_memory_equal(a[i], b[i], sizeof **a);
		ports += a[i]->ports;
		reusable += a[i]->reusable;
		sockets += a[i]->sockets;
	}
	assert_int_equal(sockets, 600);
	assert_int_equal(ports + reusable, 599); /* one has the listener's port */
	assert_int_equal(reusable, 299);
	assert_int_equal(kept.pools.local_count, 3);
	assert_memory_equal(&kept.pools.locals[0].held,
			&tally->pools->locals[0].held,
			sizeof(struct portset));
	assert_string_equal(kept.pinned, "0.0.0.0:1003");
	free(text);
	cJSON_Delete(tree);
	tally_release(tally);
	arena_free(arena);
}

static void pools_refusals(void **state)
{
	(void)state;
	static const char *const texts[] = {
			"[]",
			"{\"schema\":\"headroom.pools/2\"}",
			"{\"schema\":\"headroom.pools/1\"}",
			"{\"schema\":\"headroom.pools/1\",\"pools\":[7],\"locals\":[],\"routes\":[]}",
			"{\"schema\":\"headroom.pools/1\",\"pools\":[],\"locals\":[],\"routes\":[{}]}",
			"{\"schema\":\"headroom.pools/1\",\"pools\":[],\"locals\":[],\"routes\":[],"
			"\"total\":-1}",
			"{\"schema\":\"headroom.pools/1\",\"pools\":[],\"routes\":[],"
			"\"locals\":[{\"at\":\"10.0.0.1\",\"held\":\"70000\"}]}",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct arena *arena = arena_new();
		struct kept_pools kept;
		struct error err = {0};
		if (pools_from_json(arena, texts[i], strlen(texts[i]), &kept, &err))
			fail_msg("accepted: %s", texts[i]);
		arena_free(arena);
	}
}

static void json_refusals(void **state)
{
	(void)state;
	static const char *const texts[] = {
			"[]",
			"{}",
			"{\"schema\":\"headroom.sockets/1\"}",
			"{\"schema\":\"headroom.sockets/2\",\"states\":{}}",
			"{\"schema\":\"headroom.sockets/1\",\"states\":{\"listen\":-1}}",
			"{\"schema\":\"headroom.sockets/1\",\"states\":{\"listen\":1.5}}",
			"{\"schema\":\"headroom.sockets/1\",\"states\":{\"unheard_of\":1}}",
			"{\"schema\":\"headroom.sockets/1\",\"states\":{},\"held\":\"70000\"}",
			"{\"schema\":\"headroom.sockets/"
			"1\",\"states\":{},\"listeners\":[{\"at\":\"nowhere\"}]}",
			"{\"schema\":\"headroom.sockets/"
			"1\",\"states\":{},\"listeners\":[{\"at\":\"1.1.1.1:1\"},{\"at\":\"1.1.1.1:1\"}]}",
			"{\"schema\":\"headroom.sockets/"
			"1\",\"states\":{},\"destinations\":[{\"to\":\"1.1.1.1:1\",\"sockets\":0}]}",
			"{\"schema\":\"headroom.sockets/1\",\"states\":{},\"destinations\":[7]}",
			"{\"schema\":\"headroom.sockets/"
			"1\",\"states\":{},\"listeners\":[{\"at\":\"1.1.1.1:1\",\"holds\":1.5}]}",
			"{\"schema\":\"headroom.sockets/"
			"1\",\"states\":{},\"listeners\":[{\"at\":\"1.1.1.1:1\",\"drops\":-1}]}",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct arena *arena = arena_new();
		struct socket_tally *tally = many_sockets(arena, 0);
		struct error err = {0};
		if (sockets_from_json(arena, texts[i], strlen(texts[i]), tally, &err))
			fail_msg("accepted: %s", texts[i]);
		assert_true(strncmp(err.text, "sockets.json:1:", 15) == 0);
		tally_release(tally);
		arena_free(arena);
	}
}

/* Snapshots of 0.1 have the smallest backlog and the longest queue of several sockets alone: then
 * these count for each. */
static void groups_of_old_snapshots(void **state)
{
	(void)state;
	static const char text[] = "{\"schema\":\"headroom.sockets/1\",\"states\":{},\"listeners\":["
							   "{\"at\":\"1.1.1.1:1\",\"sockets\":3,\"backlog\":5,\"queue\":2},"
							   "{\"at\":\"1.1.1.1:2\",\"backlog\":5,\"queue\":9}]}";
	struct arena *arena = arena_new();
	struct socket_tally *tally = many_sockets(arena, 0);
	struct error err = {0};
	if (!sockets_from_json(arena, text, strlen(text), tally, &err))
		fail_msg("%s", err.text);
	const struct listener *group = &tally->listeners[0], *one = &tally->listeners[1];
	assert_int_equal(group->room, 4);
	assert_int_equal((int)group->holds, 18);
	assert_int_equal((int)group->waiting, 6);
	assert_false(group->drops_known);
	assert_int_equal(one->room, 0);
	assert_int_equal((int)one->holds, 6);
	tally_release(tally);
	arena_free(arena);
}

/* Expressions as nft -j of nftables 1.0.6 prints them, and as iptables-nft rules come out. */
static void rules_that_track(void **state)
{
	(void)state;
	static const struct {
		const char *expressions;
		bool tracked, notrack;
		unsigned published; /* one port that must be in; 0: none at all */
	} rows[] = {
			{"{\"accept\":null}", false, false, 0},
			{"{\"counter\":{\"packets\":1,\"bytes\":2}},{\"drop\":null}", false, false, 0},
			{"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"tcp\",\"field\":"
			 "\"dport\"}},\"right\":22}},"
			 "{\"accept\":null}",
					false,
					false,
					0},
			{"{\"match\":{\"op\":\"in\",\"left\":{\"ct\":{\"key\":\"state\"}},\"right\":["
			 "\"established\"]}}",
					true,
					false,
					0},
			{"{\"masquerade\":null}", true, false, 0},
			{"{\"snat\":{\"addr\":\"1.2.3.4\"}}", true, false, 0},
			{"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"tcp\",\"field\":"
			 "\"dport\"}},\"right\":8080}},"
			 "{\"dnat\":{\"addr\":\"172.17.0.2\",\"port\":80}}",
					true,
					false,
					8080},
			{"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"udp\",\"field\":"
			 "\"dport\"}},"
			 "\"right\":{\"set\":[53,5353]}}},{\"redirect\":{\"port\":9}}",
					true,
					false,
					5353},
			{"{\"xt\":{\"type\":\"match\",\"name\":\"conntrack\"}}", true, false, 0},
			{"{\"xt\":{\"type\":\"target\",\"name\":\"MASQUERADE\"}}", true, false, 0},
			{"{\"xt\":{\"type\":\"match\",\"name\":\"comment\"}}", false, false, 0},
			{"{\"flow\":{\"op\":\"add\",\"flowtable\":\"@f\"}}", true, false, 0},
			{"{\"notrack\":null}", false, true, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct nft_findings *findings = arena_alloc(arena, sizeof *findings);
		struct error err = {0};
		const char *text = arena_printf(arena,
				"{\"nftables\":[{\"metainfo\":{}},{\"rule\":{\"family\":\"ip\","
				"\"table\":\"t\",\"chain\":\"c\",\"expr\":[%s]}}]}",
				rows[i].expressions);
		struct json *json = json_read("nft.json", text, strlen(text), &err);
		assert_non_null(json);
		nft_judge(arena, json_root(json), findings);
		if (findings->tracked4 != rows[i].tracked || findings->tracked6 ||
				findings->notrack != rows[i].notrack)
			fail_msg("%s", rows[i].expressions);
		assert_int_equal(findings->rules, 1);
		unsigned ports = portset_count(&findings->published, 0, 65535);
		assert_int_equal(ports > 0, rows[i].published > 0);
		assert_true(!rows[i].published || portset_has(&findings->published, rows[i].published));
		json_free(json);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(endpoints),
			cmocka_unit_test(proc_lines),
			cmocka_unit_test(tables_of_the_kernel),
			cmocka_unit_test(counts),
			cmocka_unit_test(destinations_are_bounded),
			cmocka_unit_test(json_round_trip),
			cmocka_unit_test(listeners_share_addresses),
			cmocka_unit_test(json_refusals),
			cmocka_unit_test(groups_of_old_snapshots),
			cmocka_unit_test(pools_round_trip),
			cmocka_unit_test(pools_refusals),
			cmocka_unit_test(rules_that_track),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

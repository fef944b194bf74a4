/* Whose a socket is, from look to look; what the command and others use of a pair of addresses; how
 * long threads wait. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "probes/watch/container.h"
#include "probes/watch/ownership.h"
#include "probes/watch/pairs.h"
#include "probes/watch/waiting.h"

/* What the processes of the command hold when they are looked at. */
struct world {
	uint64_t inodes[8];
	size_t count;
	uint64_t group;
	bool hidden; /* one of them may not be read */
	unsigned looks;
};

static void look(void *context, struct holders *holders)
{
	struct world *world = context;
	world->looks++;
	for (size_t i = 0; i < world->count; i++)
		inodes_add(&holders->held, world->inodes[i]);
	inodes_add(&holders->groups, world->group);
	holders->complete = !world->hidden;
}

static struct endpoint at(unsigned last, unsigned port)
{
	struct endpoint endpoint = {.family = 4, .port = (uint16_t)port};
	endpoint.address[0] = 10;
	endpoint.address[3] = (unsigned char)last;
	return endpoint;
}

static struct tally_socket connection(unsigned port, uint32_t inode)
{
	return (struct tally_socket){
			.state = STATE_ESTABLISHED,
			.local = at(1, port),
			.remote = at(2, 80),
			.inode = inode,
	};
}

static enum owner owner_now(struct ownership *ownership, const struct tally_socket *socket)
{
	struct owned owned;
	ownership_judge(ownership, socket, 1, &owned);
	return owned.owner;
}

static void held_by_a_process(void **state)
{
	(void)state;
	struct world world = {.inodes = {11}, .count = 1};
	struct ownership *ownership = ownership_new(look, &world);
	struct tally_socket socket = connection(1000, 11);
	assert_int_equal(owner_now(ownership, &socket), OWNER_OWN);
	assert_int_equal(world.looks, 1);
	/* What is known needs no look. */
	assert_int_equal(owner_now(ownership, &socket), OWNER_OWN);
	assert_int_equal(world.looks, 1);
	/* The connection was the command's, so its TIME_WAIT is. */
	socket.state = STATE_TIME_WAIT;
	socket.inode = 0;
	assert_int_equal(owner_now(ownership, &socket), OWNER_OWN);
	/* Gone, and the same numbers again, by another program. */
	ownership_judge(ownership, NULL, 0, NULL);
	socket = connection(1000, 12);
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	assert_int_equal(owner_now(ownership, &socket), OWNER_OTHER);
	ownership_free(ownership);
}

static void there_before(void **state)
{
	(void)state;
	struct world world = {.inodes = {21}, .count = 1};
	struct ownership *ownership = ownership_new(look, &world);
	struct tally_socket before[2] = {connection(1000, 20), connection(1001, 21)};
	struct owned owned[2];
	ownership_before(ownership, before, 2);
	ownership_judge(ownership, before, 2, owned);
	assert_int_equal(owned[0].owner, OWNER_OTHER);
	assert_true(owned[0].before);
	assert_false(owned[0].found_other);          /* it is not one that came since */
	assert_int_equal(owned[1].owner, OWNER_OWN); /* inherited */
	before[0].state = STATE_TIME_WAIT;
	before[0].inode = 0;
	assert_int_equal(owner_now(ownership, before), OWNER_OTHER);
	ownership_free(ownership);
}

static void not_found(void **state)
{
	(void)state;
	struct world world = {.inodes = {99}, .count = 1};
	struct ownership *ownership = ownership_new(look, &world);
	struct tally_socket socket = connection(1000, 30);
	struct owned owned;
	/* Once it may have been closed before its process was looked at; twice it is another's. */
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	ownership_judge(ownership, &socket, 1, &owned);
	assert_true(owned.owner == OWNER_OTHER && owned.found_other);
	ownership_judge(ownership, &socket, 1, &owned);
	assert_false(owned.found_other); /* each once */
	/* Of a process that may not be read nothing is known. */
	world.hidden = true;
	socket = connection(1001, 31);
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	/* TIME_WAIT that nobody saw alive. */
	socket = connection(1002, 0);
	socket.state = STATE_TIME_WAIT;
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	ownership_free(ownership);
}

static void of_a_group(void **state)
{
	(void)state;
	struct world world = {.inodes = {99}, .count = 1, .group = 4711};
	struct ownership *ownership = ownership_new(look, &world);
	struct tally_socket socket = connection(1000, 40);
	socket.cgroup = 4711;
	assert_int_equal(owner_now(ownership, &socket), OWNER_OWN);
	socket = connection(1001, 41);
	socket.cgroup = 4712;
	assert_int_equal(owner_now(ownership, &socket), OWNER_MAYBE);
	ownership_free(ownership);
}

static void many(void **state)
{
	enum {
		MANY = 5000
	};
	(void)state;
	static struct tally_socket sockets[MANY];
	static struct owned owned[MANY];
	struct world world = {.inodes = {1, 2, 3}, .count = 3};
	struct ownership *ownership = ownership_new(look, &world);
	for (unsigned i = 0; i < MANY; i++)
		sockets[i] = connection(1000 + i, 1 + i);
	for (unsigned round = 0; round < 3; round++)
		ownership_judge(ownership, sockets, MANY, owned);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(owned[i].owner, i < 3 ? OWNER_OWN : OWNER_OTHER);
	ownership_free(ownership);
}

/* --- pairs
 * ----------------------------------------------------------------------------------------- */

static void pair_add(struct pairs *pairs,
		unsigned to,
		enum owner owner,
		enum tcp_state socket_state)
{
	const struct tally_socket socket = {
			.state = socket_state,
			.local = at(1, 1000),
			.remote = at(to, 80),
	};
	const struct pair_socket counted = {.socket = &socket, .owner = owner, .in_range = true};
	pairs_add(pairs, &counted);
}

static void shares_of_a_pair(void **state)
{
	(void)state;
	struct pairs pairs = {.has_sockets = true};
	pairs_begin(&pairs);
	for (int i = 0; i < 3; i++)
		pair_add(&pairs, 2, OWNER_OWN, STATE_ESTABLISHED);
	for (int i = 0; i < 5; i++)
		pair_add(&pairs, 2, OWNER_OTHER, STATE_TIME_WAIT);
	for (int i = 0; i < 90; i++)
		pair_add(&pairs, 3, OWNER_OTHER, STATE_TIME_WAIT); /* fuller, but not the command's */
	pair_add(&pairs, 2, OWNER_MAYBE, STATE_TIME_WAIT);
	pair_add(&pairs, 3, OWNER_MAYBE, STATE_TIME_WAIT);
	pair_add(&pairs, 2, OWNER_OWN, STATE_SYN_SENT);
	pairs_end(&pairs);
	struct pair_sums sums = pairs_sum(&pairs);
	assert_true(sums.own.live == 3 && sums.own.connecting == 1 && sums.own.time_wait == 1);
	assert_int_equal(sums.fullest->to.address[3], 2);
	assert_true(sums.fullest->own.ports == 4 && sums.fullest->maybe.ports == 1);
	assert_true(sums.fullest->others.ports == 5);
	pairs_release(&pairs);
}

/* A command without any socket owns none; one that tries to go there may find it full. */
static void pair_of_the_plan(void **state)
{
	(void)state;
	struct pairs pairs = {.has_sockets = false};
	const struct endpoint any_port = at(2, 0);
	pairs_add_target(&pairs, &any_port);
	pairs_begin(&pairs);
	pair_add(&pairs, 2, OWNER_MAYBE, STATE_TIME_WAIT);
	pair_add(&pairs, 2, OWNER_OTHER, STATE_TIME_WAIT);
	pairs_end(&pairs);
	assert_null(pairs_sum(&pairs).fullest);
	assert_true(pairs_sum(&pairs).own.time_wait == 0);
	pairs.goes_there = true;
	assert_true(pairs_sum(&pairs).fullest->others.ports == 2);
	/* One that was over before anybody looked: its own words say where it went. */
	pairs_begin(&pairs);
	pair_add(&pairs, 2, OWNER_MAYBE, STATE_TIME_WAIT);
	pairs_end(&pairs);
	assert_true(pairs_sum(&pairs).own.time_wait == 1);
	pairs.has_sockets = true;
	pairs_begin(&pairs);
	pair_add(&pairs, 2, OWNER_MAYBE, STATE_TIME_WAIT);
	pair_add(&pairs, 3, OWNER_MAYBE, STATE_TIME_WAIT);
	pairs_end(&pairs);
	assert_true(pairs_sum(&pairs).own.time_wait == 1);
	pairs_release(&pairs);
}

/* --- waiting
 * --------------------------------------------------------------------------------------- */

static void waits(void **state)
{
	(void)state;
	struct waiting *waiting = waiting_new(true);
	waiting_begin(waiting, 1);
	assert_true(waiting_add(waiting, 7, "1000000000 400000000 10\n"));
	assert_true(waiting_add(waiting, 8, "0 900000000 10\n"));
	waiting_end(waiting, 1);
	struct waited sums = waiting_sums(waiting);
	assert_true(fabs(sums.wait_s - 0.8995) < 1e-9); /* the longest; ten wakings are allowed for */
	assert_true(sums.run_s == 1 && sums.thread_s == 1);
	/* Thousands of short waits are wakings. */
	waiting_begin(waiting, 1);
	assert_true(waiting_add(waiting, 7, "1500000000 800000000 20010\n"));
	waiting_end(waiting, 1);
	sums = waiting_sums(waiting);
	assert_true(fabs(sums.wait_s - 0.8995) < 1e-9);
	assert_true(sums.run_s == 1.5);
	/* Thread 8 has ended; another one has its number. */
	waiting_begin(waiting, 1);
	assert_true(waiting_add(waiting, 8, "100 200000000 1\n"));
	waiting_end(waiting, 1);
	sums = waiting_sums(waiting);
	assert_true(fabs(sums.wait_s - 0.8995 - 0.19995) < 1e-9);
	/* Nobody waits longer than it is since the last look. */
	waiting_begin(waiting, 1);
	assert_true(waiting_add(waiting, 9, "100 5000000000 1"));
	waiting_end(waiting, 0.5);
	assert_true(fabs(waiting_sums(waiting).wait_s - sums.wait_s - 0.5) < 1e-9);
	waiting_free(waiting);
}

static void waits_not_told(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "1", "1 2", "a b c", "1 2 x", "-1 2 3", "1  2 3"};
	struct waiting *waiting = waiting_new(false);
	waiting_begin(waiting, 1);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(waiting_add(waiting, 7, bad[i]));
	assert_false(waiting_add(waiting, 0, "1 2 3"));
	waiting_end(waiting, 1);
	assert_true(isnan(waiting_sums(waiting).wait_s));
	waiting_free(waiting);
}

/* --- containers
 * ------------------------------------------------------------------------------------ */

static void ids_of_containers(void **state)
{
	static const char id[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const struct {
		const char *before, *after;
		bool is_one;
	} groups[] = {
			{"0::/system.slice/docker-", ".scope\n", true},
			{"0::/docker/", "\n", true},
			{"12:cpu,cpuacct:/docker/", "\n0::/\n", true},
			{"0::/kubepods.slice/pod1/cri-containerd-", ".scope", true},
			{"", "", true},
			{"0::/docker/0", "\n", false}, /* one digit too many is no id */
			{"0::/docker/", "0\n", false},
	};
	char text[256], found[CONTAINER_ID + 1];
	(void)state;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		(void)snprintf(text, sizeof text, "%s%s%s", groups[i].before, id, groups[i].after);
		assert_int_equal(container_id(text, found), groups[i].is_one);
		if (groups[i].is_one)
			assert_string_equal(found, id);
	}
	assert_false(container_id("", found));
	assert_false(container_id("0::/docker/0123456789abcdef\n", found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(held_by_a_process),
			cmocka_unit_test(there_before),
			cmocka_unit_test(not_found),
			cmocka_unit_test(of_a_group),
			cmocka_unit_test(many),
			cmocka_unit_test(shares_of_a_pair),
			cmocka_unit_test(pair_of_the_plan),
			cmocka_unit_test(waits),
			cmocka_unit_test(waits_not_told),
			cmocka_unit_test(ids_of_containers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

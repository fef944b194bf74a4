/* Counting sockets: one hash lookup for each connected socket, so that counting costs less than the
 * dump itself. */
#include "probes/host/sockets/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	FIRST_TABLE = 1024
};

const char *const tcp_state_names[STATES] = {
		[STATE_ESTABLISHED] = "established",
		[STATE_SYN_SENT] = "syn_sent",
		[STATE_SYN_RECV] = "syn_recv",
		[STATE_FIN_WAIT1] = "fin_wait1",
		[STATE_FIN_WAIT2] = "fin_wait2",
		[STATE_TIME_WAIT] = "time_wait",
		[STATE_CLOSE_WAIT] = "close_wait",
		[STATE_LAST_ACK] = "last_ack",
		[STATE_LISTEN] = "listen",
		[STATE_CLOSING] = "closing",
		[STATE_BOUND] = "bound",
};

void tally_release(struct socket_tally *tally)
{
	free(tally->table);
	tally->table = NULL;
	tally->table_size = tally->destinations = 0;
}

/* Multiplying by 2^64 divided by the golden ratio spreads neighboring addresses (Knuth, The Art of
 * Computer Programming, volume 3, 6.4). */
#define GOLDEN_RATIO UINT64_C(0x9E3779B97F4A7C15)

static uint32_t hash_endpoint(const struct endpoint *endpoint)
{
	uint64_t words[2];
	memcpy(words, endpoint->address, sizeof words);
	uint64_t mixed = words[1] * GOLDEN_RATIO;
	mixed ^= words[0];
	mixed ^= endpoint->port;
	mixed *= GOLDEN_RATIO;
	return (uint32_t)(mixed >> 32);
}

/* The slot of `to`, or the free one where it belongs. `size` is a power of two, and some slot is
 * free. */
static struct destination *find_slot(struct destination *table,
		size_t size,
		const struct endpoint *to)
{
	size_t mask = size - 1;
	size_t i = hash_endpoint(to) & mask;
	while (table[i].sockets && !endpoint_is_same(&table[i].to, to))
		i = (i + 1) & mask;
	return &table[i];
}

const struct destination *tally_destination(const struct socket_tally *tally,
		const struct endpoint *to)
{
	if (tally->table_size == 0)
		return NULL;
	const struct destination *slot = find_slot(tally->table, tally->table_size, to);
	if (slot->sockets == 0)
		return NULL;
	return slot;
}

static void grow_table(struct socket_tally *tally)
{
	size_t size = FIRST_TABLE;
	if (tally->table_size > 0)
		size = tally->table_size * 2;
	assert((size & (size - 1)) == 0); /* find_slot relies on it */
	struct destination *grown = memory_new(size * sizeof *grown);
	for (size_t i = 0; i < tally->table_size; i++) {
		const struct destination *destination = &tally->table[i];
		if (destination->sockets > 0)
			*find_slot(grown, size, &destination->to) = *destination;
	}
	free(tally->table);
	tally->table = grown;
	tally->table_size = size;
}

/* The slot of a destination, which is new if its sockets are 0. NULL: the table is full. */
static inline struct destination *destination_slot(struct socket_tally *tally,
		const struct endpoint *to)
{
	if ((tally->destinations + 1) * 2 > tally->table_size)
		grow_table(tally);
	struct destination *slot = find_slot(tally->table, tally->table_size, to);
	if (slot->sockets > 0)
		return slot;
	if (tally->destinations == DESTINATIONS_MAX) {
		tally->more_destinations = true;
		return NULL;
	}
	slot->to = *to;
	tally->destinations++;
	return slot;
}

void tally_set_destination(struct socket_tally *tally, const struct destination *destination)
{
	assert(destination->sockets > 0);
	struct destination *slot = destination_slot(tally, &destination->to);
	if (slot)
		*slot = *destination;
}

static void add_destination(struct socket_tally *tally, const struct tally_socket *socket)
{
	struct destination *slot = destination_slot(tally, &socket->remote);
	if (!slot)
		return;
	slot->sockets++;
	slot->established += socket->state == STATE_ESTABLISHED;
	slot->time_wait += socket->state == STATE_TIME_WAIT;
}

static void tally_set_port(struct portset *set, unsigned port)
{
	set->bits[port >> 6] |= UINT64_C(1) << (port & 63);
}

/* What is left in a queue: it holds one more than its backlog (sk_acceptq_is_full() in
 * include/net/sock.h), and more than that may wait where listen() was called again with less. */
static uint32_t room_of(const struct tally_socket *socket)
{
	if (socket->rqueue > socket->wqueue)
		return 0;
	return socket->wqueue - socket->rqueue + 1;
}

static bool is_fuller(const struct listener *listener, const struct tally_socket *socket)
{
	double queue = socket->rqueue, holds = (double)socket->wqueue + 1;
	double fullest_holds = (double)listener->fullest_backlog + 1;
	return queue / holds > listener->fullest_queue / fullest_holds;
}

static struct listener listener_of(const struct tally_socket *socket)
{
	return (struct listener){
			.at = socket->local,
			.sockets = 1,
			.backlog_known = socket->backlog_known,
			.drops_known = socket->drops_known,
			.backlog = socket->wqueue,
			.queue = socket->rqueue,
			.room = room_of(socket),
			.fullest_queue = socket->rqueue,
			.fullest_backlog = socket->wqueue,
			.holds = (double)socket->wqueue + 1,
			.waiting = socket->rqueue,
			.drops = socket->drops,
			.interface = socket->interface,
	};
}

static void merge_listener(struct listener *listener, const struct tally_socket *socket)
{
	uint32_t room = room_of(socket);
	if (is_fuller(listener, socket)) {
		listener->fullest_queue = socket->rqueue;
		listener->fullest_backlog = socket->wqueue;
	}
	if (socket->wqueue < listener->backlog)
		listener->backlog = socket->wqueue;
	if (socket->rqueue > listener->queue)
		listener->queue = socket->rqueue;
	if (room < listener->room)
		listener->room = room;
	if (socket->interface != listener->interface)
		listener->interfaces_differ = true;
	listener->sockets++;
	listener->holds += (double)socket->wqueue + 1;
	listener->waiting += socket->rqueue;
	listener->drops += socket->drops;
}

/* Beyond the bound a socket counts, but no process is found for it. */
static void add_listener_socket(struct arena *arena,
		struct socket_tally *tally,
		const struct listener *listener,
		uint32_t inode)
{
	if (inode == 0 || tally->listener_socket_count == LISTENER_SOCKETS_MAX)
		return;
	tally->listener_sockets = arena_grow(arena,
			tally->listener_sockets,
			tally->listener_socket_count,
			&tally->listener_socket_capacity,
			sizeof *tally->listener_sockets);
	tally->listener_sockets[tally->listener_socket_count++] = (struct listener_socket){
			.inode = inode,
			.listener = (uint32_t)(listener - tally->listeners),
	};
}

static struct listener *find_listener(const struct socket_tally *tally, const struct endpoint *at)
{
	for (size_t i = 0; i < tally->listener_count; i++) {
		if (endpoint_is_same(&tally->listeners[i].at, at))
			return &tally->listeners[i];
	}
	return NULL;
}

static void add_listener(struct arena *arena,
		struct socket_tally *tally,
		const struct tally_socket *socket)
{
	struct listener *listener = find_listener(tally, &socket->local);
	if (listener) {
		merge_listener(listener, socket);
		add_listener_socket(arena, tally, listener, socket->inode);
		return;
	}
	tally->more_listeners = tally->listener_count == LISTENERS_MAX;
	if (tally->more_listeners)
		return;
	tally->listeners = arena_grow(arena,
			tally->listeners,
			tally->listener_count,
			&tally->listener_capacity,
			sizeof *tally->listeners);
	listener = &tally->listeners[tally->listener_count++];
	*listener = listener_of(socket);
	add_listener_socket(arena, tally, listener, socket->inode);
}

/* Where the range is not known, every port counts. */
static bool is_in_range(const struct socket_tally *tally, unsigned port)
{
	if (tally->high == 0)
		return true;
	return port >= tally->low && port <= tally->high;
}

/* Keeps at most PINNED_MAX + 1 of them: one too many says that the list is not complete. */
static void add_pinned(struct arena *arena,
		struct socket_tally *tally,
		const struct tally_socket *socket)
{
	if (tally->pinned_count > PINNED_MAX || !is_in_range(tally, socket->local.port))
		return;
	tally->pinned = arena_grow(arena,
			tally->pinned,
			tally->pinned_count,
			&tally->pinned_capacity,
			sizeof *tally->pinned);
	struct pinned *pinned = &tally->pinned[tally->pinned_count++];
	pinned->at = socket->local;
	pinned->six_only = socket->six_only;
}

/* The state under which a socket is counted. */
static enum tcp_state counted_state(enum tcp_state state)
{
	if (state == STATE_NEW_SYN_RECV)
		return STATE_SYN_RECV;
	/* The kernel lists a bound, unconnected socket as closed. Closed sockets without a port are not
	 * listed. */
	if (state == STATE_CLOSE)
		return STATE_BOUND;
	return state;
}

/* Of a connected socket in the range. Listeners and bound sockets were counted before: the kernel
 * lists them first. */
static void add_to_pool(struct arena *arena,
		struct socket_tally *tally,
		const struct tally_socket *socket)
{
	const uint32_t time_wait_ms = 60000; /* TCP_TIMEWAIT_LEN */
	unsigned port = socket->local.port;
	bool time_wait = socket->state == STATE_TIME_WAIT;
	bool pinned = portset_has(&tally->listening, port) || portset_has(&tally->bound, port);
	bool young = socket->expires_ms + tally->reuse_delay_ms > time_wait_ms;
	const struct pool_socket counted = {
			.local = &socket->local,
			.remote = &socket->remote,
			.established = socket->state == STATE_ESTABLISHED,
			.time_wait = time_wait,
			.is_free = !pinned && !portset_has(&tally->reserved, port),
			.reusable = time_wait && !young,
	};
	pools_add(arena, tally->pools, &counted);
}

void tally_add(struct arena *arena, struct socket_tally *tally, const struct tally_socket *socket)
{
	enum tcp_state state = counted_state(socket->state);
	unsigned port = socket->local.port;
	if (state <= 0 || state >= STATES)
		return;
	tally->states[state]++;
	switch (state) {
	case STATE_LISTEN:
		tally_set_port(&tally->listening, port);
		add_pinned(arena, tally, socket);
		add_listener(arena, tally, socket);
		break;
	case STATE_BOUND:
		tally_set_port(&tally->bound, port);
		add_pinned(arena, tally, socket);
		break;
	default:
		tally_set_port(&tally->held, port);
		if (!is_in_range(tally, port))
			break;
		add_destination(tally, socket);
		if (tally->pools)
			add_to_pool(arena, tally, socket);
		break;
	}
}

static int compare_destinations(const void *a, const void *b)
{
	const struct destination *const *left = a, *const *right = b;
	if ((*left)->sockets == (*right)->sockets)
		return memcmp(&(*left)->to, &(*right)->to, sizeof(*left)->to);
	if ((*left)->sockets < (*right)->sockets)
		return 1;
	return -1;
}

size_t tally_top(struct arena *arena,
		const struct socket_tally *tally,
		size_t max,
		const struct destination ***ret_top)
{
	size_t count = 0, room = tally->destinations + 1;
	const struct destination **all = arena_alloc(arena, room * sizeof *all);
	for (size_t i = 0; i < tally->table_size; i++) {
		if (tally->table[i].sockets > 0)
			all[count++] = &tally->table[i];
	}
	if (count)
		qsort(all, count, sizeof *all, compare_destinations);
	*ret_top = all;
	if (count > max)
		return max;
	return count;
}

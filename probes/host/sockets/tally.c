/* Counting sockets: one hash lookup per connected socket, so that the count costs less than the
 * dump. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/sockets.h"

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

static uint32_t hash_endpoint(const struct endpoint *endpoint)
{
	uint64_t words[2];
	memcpy(words, endpoint->address, sizeof words);
	uint64_t mixed = (words[0] ^ (words[1] * 0x9E3779B97F4A7C15u) ^ endpoint->port) *
			0x9E3779B97F4A7C15u;
	return (uint32_t)(mixed >> 32);
}

static bool tally_is_same(const struct endpoint *a, const struct endpoint *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static struct destination *find_slot(struct destination *table,
		size_t size,
		const struct endpoint *to)
{
	size_t mask = size - 1, i = hash_endpoint(to) & mask;
	while (table[i].sockets && !tally_is_same(&table[i].to, to))
		i = (i + 1) & mask;
	return &table[i];
}

const struct destination *tally_destination(const struct socket_tally *tally,
		const struct endpoint *to)
{
	const struct destination *slot = tally->table_size
			? find_slot(tally->table, tally->table_size, to)
			: NULL;
	return slot && slot->sockets ? slot : NULL;
}

static void grow_table(struct socket_tally *tally)
{
	size_t size = tally->table_size ? tally->table_size * 2 : FIRST_TABLE;
	struct destination *grown = memory_new(size * sizeof *grown);
	for (size_t i = 0; i < tally->table_size; i++)
		if (tally->table[i].sockets)
			*find_slot(grown, size, &tally->table[i].to) = tally->table[i];
	free(tally->table);
	tally->table = grown;
	tally->table_size = size;
}

static void add_destination(struct socket_tally *tally, const struct tally_socket *socket)
{
	if ((tally->destinations + 1) * 2 > tally->table_size)
		grow_table(tally);
	struct destination *slot = find_slot(tally->table, tally->table_size, &socket->remote);
	if (slot->sockets == 0) {
		if (tally->destinations == DESTINATIONS_MAX) {
			tally->more_destinations = true;
			return;
		}
		slot->to = socket->remote;
		tally->destinations++;
	}
	slot->sockets++;
	slot->established += socket->state == STATE_ESTABLISHED;
	slot->time_wait += socket->state == STATE_TIME_WAIT;
}

static void merge_listener(struct listener *listener, const struct tally_socket *socket)
{
	listener->sockets++;
	if (socket->wqueue < listener->backlog)
		listener->backlog = socket->wqueue;
	if (socket->rqueue > listener->queue)
		listener->queue = socket->rqueue;
}

static void add_listener(struct arena *arena,
		struct socket_tally *tally,
		const struct tally_socket *socket)
{
	for (size_t i = 0; i < tally->listener_count; i++)
		if (tally_is_same(&tally->listeners[i].at, &socket->local)) {
			merge_listener(&tally->listeners[i], socket);
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
	tally->listeners[tally->listener_count++] = (struct listener){.at = socket->local,
			.sockets = 1,
			.backlog = socket->wqueue,
			.queue = socket->rqueue,
			.backlog_known = socket->backlog_known,
			.inode = socket->inode};
}

/* Of the range; one too many says that there are more. */
static void add_pinned(struct arena *arena,
		struct socket_tally *tally,
		const struct tally_socket *socket)
{
	if (tally->pinned_count > PINNED_MAX || (tally->high && socket->local.port < tally->low) ||
			(tally->high && socket->local.port > tally->high))
		return;
	tally->pinned = arena_grow(arena,
			tally->pinned,
			tally->pinned_count,
			&tally->pinned_capacity,
			sizeof *tally->pinned);
	tally->pinned[tally->pinned_count++] = (struct pinned){socket->local, socket->six_only};
}

void tally_add(struct arena *arena, struct socket_tally *tally, const struct tally_socket *socket)
{
	enum tcp_state state = socket->state;
	uint64_t bit = UINT64_C(1) << (socket->local.port & 63);
	if (state == STATE_NEW_SYN_RECV)
		state = STATE_SYN_RECV;
	else if (state ==
			STATE_CLOSE) /* so a bound, unconnected socket is listed; others have no port */
		state = STATE_BOUND;
	if (state <= 0 || state >= STATES)
		return;
	tally->states[state]++;
	if (state == STATE_LISTEN || state == STATE_BOUND)
		add_pinned(arena, tally, socket);
	if (state == STATE_LISTEN) {
		tally->listening.bits[socket->local.port >> 6] |= bit;
		add_listener(arena, tally, socket);
	} else if (state == STATE_BOUND) {
		tally->bound.bits[socket->local.port >> 6] |= bit;
	} else {
		tally->held.bits[socket->local.port >> 6] |= bit;
		if (tally->high == 0 ||
				(socket->local.port >= tally->low && socket->local.port <= tally->high))
			add_destination(tally, socket);
	}
}

static int compare_destinations(const void *a, const void *b)
{
	const struct destination *const *left = a, *const *right = b;
	if ((*left)->sockets != (*right)->sockets)
		return (*left)->sockets < (*right)->sockets ? 1 : -1;
	return memcmp(&(*left)->to, &(*right)->to, sizeof(*left)->to);
}

size_t tally_top(struct arena *arena,
		const struct socket_tally *tally,
		size_t max,
		const struct destination ***ret_top)
{
	size_t count = 0;
	const struct destination **all = arena_alloc(arena, (tally->destinations + 1) * sizeof *all);
	for (size_t i = 0; i < tally->table_size; i++)
		if (tally->table[i].sockets)
			all[count++] = &tally->table[i];
	if (count)
		qsort(all, count, sizeof *all, compare_destinations);
	*ret_top = all;
	return count < max ? count : max;
}

const char *endpoint_text(struct arena *arena, const struct endpoint *endpoint)
{
	char address[INET6_ADDRSTRLEN] = "?";
	bool v6 = endpoint->family == 6;
	(void)inet_ntop(v6 ? AF_INET6 : AF_INET, endpoint->address, address, sizeof address);
	return arena_printf(arena, v6 ? "[%s]:%u" : "%s:%u", address, endpoint->port);
}

bool endpoint_parse(const char *text, struct endpoint *ret_endpoint)
{
	char address[INET6_ADDRSTRLEN + 1];
	uint64_t port;
	bool v6 = *text == '[';
	const char *end = v6 ? strstr(text, "]:") : strchr(text, ':'), *start = text + v6;
	*ret_endpoint = (struct endpoint){.family = v6 ? 6 : 4};
	if (!end || (size_t)(end - start) >= sizeof address)
		return false;
	memcpy(address, start, (size_t)(end - start));
	address[end - start] = '\0';
	if (!parse_whole(end + (v6 ? 2 : 1), &port) || port > 65535)
		return false;
	ret_endpoint->port = (uint16_t)port;
	return inet_pton(v6 ? AF_INET6 : AF_INET, address, ret_endpoint->address) == 1;
}

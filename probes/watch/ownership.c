/* Remembers each connection from look to look by its four numbers. Each look makes the memory anew
 * from what is there, so that it is never larger than the socket table of the kernel. */
#include "probes/watch/ownership.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum known_as {
	KNOWN_NEW, /* not known: what a free slot says */
	KNOWN_BEFORE,
	KNOWN_UNFOUND, /* no process of the command had it at one look */
	KNOWN_OTHER,   /* nor at the next */
	KNOWN_OWN
};

struct known {
	uint64_t tuple; /* of both ends; 0: a free slot */
	uint32_t inode;
	enum known_as as;
};

struct memory {
	struct known *slots;
	size_t size; /* a power of two, more than twice of what is in it */
};

struct ownership {
	holders_fn *look;
	void *context;
	struct holders holders;
	struct memory then;
	bool looked; /* at least once */
	bool has_sockets;
};

struct ownership *ownership_new(holders_fn *look, void *context)
{
	struct ownership *ownership = memory_new(sizeof *ownership);
	ownership->look = look;
	ownership->context = context;
	return ownership;
}

void ownership_free(struct ownership *ownership)
{
	if (!ownership)
		return;
	inodes_release(&ownership->holders.held);
	inodes_release(&ownership->holders.groups);
	free(ownership->then.slots);
	free(ownership);
}

/* --- connections --------------------------------------------------------------------------------
 */

/* The mixing of SplitMix64 (Steele, Lea, Flood 2014) over the words of both ends. Never 0. */
static uint64_t mix_word(uint64_t mixed, uint64_t word)
{
	mixed += word + UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

static uint64_t mix_endpoint(uint64_t mixed, const struct endpoint *endpoint)
{
	uint64_t words[2];
	memcpy(words, endpoint->address, sizeof words);
	mixed = mix_word(mixed, words[0]);
	mixed = mix_word(mixed, words[1]);
	return mix_word(mixed, (uint64_t)endpoint->family << 16 | endpoint->port);
}

static uint64_t tuple_of(const struct tally_socket *socket)
{
	uint64_t mixed = mix_endpoint(0, &socket->local);
	return mix_endpoint(mixed, &socket->remote) | 1;
}

static bool is_connected(const struct tally_socket *socket)
{
	return socket->state != STATE_LISTEN && socket->state != STATE_CLOSE &&
			socket->state != STATE_BOUND;
}

static struct memory memory_for(size_t count)
{
	struct memory memory = {.size = 64};
	while (memory.size < count * 2 + 2)
		memory.size *= 2;
	memory.slots = memory_new(memory.size * sizeof *memory.slots);
	return memory;
}

/* The slot of the connection, or the free one where it belongs. */
static struct known *memory_slot(const struct memory *memory, uint64_t tuple)
{
	size_t mask = memory->size - 1;
	size_t i = (size_t)(tuple >> 20) & mask;
	while (memory->slots[i].tuple && memory->slots[i].tuple != tuple)
		i = (i + 1) & mask;
	return &memory->slots[i];
}

static void memory_keep(const struct memory *memory, const struct known *known)
{
	*memory_slot(memory, known->tuple) = *known;
}

/* What was known of it. The same four numbers with another inode are another connection. */
static struct known recall(const struct ownership *ownership, const struct tally_socket *socket)
{
	struct known known = {.tuple = tuple_of(socket), .inode = socket->inode};
	if (!ownership->then.size)
		return known;
	const struct known *then = memory_slot(&ownership->then, known.tuple);
	bool other = socket->inode && then->inode && socket->inode != then->inode;
	if (then->tuple && !other)
		known.as = then->as;
	if (!known.inode && then->tuple)
		known.inode = then->inode;
	return known;
}

/* --- whose --------------------------------------------------------------------------------------
 */

static bool of_own_group(const struct ownership *ownership, const struct tally_socket *socket)
{
	return inodes_have(&ownership->holders.groups, socket->cgroup);
}

static bool is_own_now(const struct ownership *ownership, const struct tally_socket *socket)
{
	return inodes_have(&ownership->holders.held, socket->inode) || of_own_group(ownership, socket);
}

/* Must the processes be looked at for it? What was there before may be inherited, which the first
 * look tells. */
static bool asks(const struct ownership *ownership,
		const struct tally_socket *socket,
		const struct known *known)
{
	if (!socket->inode || of_own_group(ownership, socket))
		return false;
	if (known->as == KNOWN_BEFORE)
		return !ownership->looked;
	return known->as == KNOWN_NEW || known->as == KNOWN_UNFOUND;
}

static void settle(struct ownership *ownership,
		const struct tally_socket *socket,
		struct known *known)
{
	if (known->as != KNOWN_OWN && is_own_now(ownership, socket)) {
		known->as = KNOWN_OWN;
	} else if (known->as == KNOWN_NEW) {
		known->as = KNOWN_UNFOUND;
	} else if (known->as == KNOWN_UNFOUND && socket->inode && ownership->holders.complete) {
		known->as = KNOWN_OTHER;
	}
}

static enum owner owner_of(const struct known *known)
{
	if (known->as == KNOWN_OWN)
		return OWNER_OWN;
	if (known->as == KNOWN_UNFOUND)
		return OWNER_MAYBE;
	return OWNER_OTHER;
}

static bool must_look(const struct ownership *ownership,
		const struct tally_socket *sockets,
		size_t count)
{
	/* One that has no sockets yet may be about to fail to open any. */
	if (!ownership->has_sockets)
		return true;
	for (size_t i = 0; i < count; i++) {
		struct known known;
		if (!is_connected(&sockets[i]))
			continue;
		known = recall(ownership, &sockets[i]);
		if (asks(ownership, &sockets[i], &known))
			return true;
	}
	return false;
}

static void look_at_processes(struct ownership *ownership)
{
	inodes_clear(&ownership->holders.held);
	inodes_clear(&ownership->holders.groups);
	ownership->holders.complete = false;
	ownership->look(ownership->context, &ownership->holders);
	ownership->looked = true;
	ownership->has_sockets |= ownership->holders.held.count > 0;
	ownership->has_sockets |= !ownership->holders.complete;
}

void ownership_judge(struct ownership *ownership,
		const struct tally_socket *sockets,
		size_t count,
		struct owned *ret_owners)
{
	const struct memory now = memory_for(count);
	if (must_look(ownership, sockets, count))
		look_at_processes(ownership);
	for (size_t i = 0; i < count; i++) {
		const struct tally_socket *socket = &sockets[i];
		ret_owners[i] = (struct owned){.owner = OWNER_OTHER};
		if (!is_connected(socket))
			continue;
		struct known known = recall(ownership, socket);
		const enum known_as then = known.as;
		settle(ownership, socket, &known);
		ret_owners[i].owner = owner_of(&known);
		ret_owners[i].before = known.as == KNOWN_BEFORE;
		ret_owners[i].found_other = known.as == KNOWN_OTHER && then != KNOWN_OTHER;
		memory_keep(&now, &known);
	}
	free(ownership->then.slots);
	ownership->then = now;
}

void ownership_before(struct ownership *ownership, const struct tally_socket *sockets, size_t count)
{
	const struct memory now = memory_for(count);
	for (size_t i = 0; i < count; i++) {
		if (!is_connected(&sockets[i]))
			continue;
		const struct known known = {
				.tuple = tuple_of(&sockets[i]),
				.inode = sockets[i].inode,
				.as = KNOWN_BEFORE,
		};
		memory_keep(&now, &known);
	}
	free(ownership->then.slots);
	ownership->then = now;
}

bool ownership_has_sockets(const struct ownership *ownership)
{
	return ownership->has_sockets;
}

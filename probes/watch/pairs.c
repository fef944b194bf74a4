/* Counting by pair: one hash lookup for each socket. */
#include "probes/watch/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void pairs_release(struct pairs *pairs)
{
	free(pairs->table);
	*pairs = (struct pairs){.table = NULL};
}

void pairs_add_target(struct pairs *pairs, const struct endpoint *to)
{
	if (pairs->target_count < PAIR_TARGETS)
		pairs->targets[pairs->target_count++] = *to;
}

/* --- the table
 * ------------------------------------------------------------------------------------- */

static uint64_t hash_of_pair(const struct endpoint *from, const struct endpoint *to)
{
	const uint64_t spread = UINT64_C(0x9E3779B97F4A7C15);
	uint64_t words[4];
	memcpy(words, from->address, sizeof from->address);
	memcpy(words + 2, to->address, sizeof to->address);
	uint64_t mixed = to->port;
	for (size_t i = 0; i < 4; i++) {
		mixed = (mixed ^ words[i]) * spread;
		mixed ^= mixed >> 32;
	}
	return mixed;
}

static struct pair *pair_slot(struct pair *table,
		size_t size,
		const struct endpoint *from,
		const struct endpoint *to)
{
	size_t mask = size - 1;
	size_t i = (size_t)hash_of_pair(from, to) & mask;
	while (table[i].to.family &&
			!(endpoint_is_same(&table[i].to, to) && endpoint_is_same(&table[i].from, from)))
		i = (i + 1) & mask;
	return &table[i];
}

static void pairs_grow(struct pairs *pairs)
{
	size_t size = 64;
	if (pairs->size)
		size = pairs->size * 2;
	struct pair *grown = memory_new(size * sizeof *grown);
	for (size_t i = 0; i < pairs->size; i++) {
		const struct pair *pair = &pairs->table[i];
		if (pair->to.family)
			*pair_slot(grown, size, &pair->from, &pair->to) = *pair;
	}
	free(pairs->table);
	pairs->table = grown;
	pairs->size = size;
}

/* NULL: there are too many. */
static struct pair *pair_of(struct pairs *pairs, const struct tally_socket *socket)
{
	struct endpoint from = socket->local;
	from.port = 0;
	if ((pairs->count + 1) * 2 > pairs->size)
		pairs_grow(pairs);
	struct pair *pair = pair_slot(pairs->table, pairs->size, &from, &socket->remote);
	if (pair->to.family)
		return pair;
	if (pairs->count == PAIRS_MAX) {
		pairs->more = true;
		return NULL;
	}
	pair->from = from;
	pair->to = socket->remote;
	pairs->count++;
	return pair;
}

/* --- a look
 * ---------------------------------------------------------------------------------------- */

void pairs_begin(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->size; i++) {
		struct pair *pair = &pairs->table[i];
		pair->own = pair->maybe = pair->others = (struct pair_count){.live = 0};
	}
}

static struct pair_count *count_for(struct pair *pair, enum owner owner)
{
	switch (owner) {
	case OWNER_OWN:
		return &pair->own;
	case OWNER_MAYBE:
		return &pair->maybe;
	case OWNER_OTHER:
		break;
	}
	return &pair->others;
}

void pairs_add(struct pairs *pairs, const struct pair_socket *socket)
{
	struct pair *pair = pair_of(pairs, socket->socket);
	bool connecting = socket->socket->state == STATE_SYN_SENT;
	bool live = socket->socket->state != STATE_TIME_WAIT && !connecting;
	if (!pair)
		return;
	struct pair_count *count = count_for(pair, socket->owner);
	count->live += live;
	count->connecting += connecting;
	count->time_wait += socket->socket->state == STATE_TIME_WAIT;
	count->ports += socket->in_range && !socket->reusable;
	pair->own_ever |= socket->owner == OWNER_OWN;
	pair->others_ever |= (live || connecting) && socket->owner == OWNER_OTHER;
	pairs->own_ever |= socket->owner == OWNER_OWN;
}

static bool is_target(const struct pairs *pairs, const struct endpoint *to)
{
	for (size_t i = 0; i < pairs->target_count; i++) {
		struct endpoint target = pairs->targets[i];
		if (!target.port)
			target.port = to->port;
		if (endpoint_is_same(&target, to))
			return true;
	}
	return false;
}

/* Of what no process was found for: can it be the command's? Certainly where it has others of that
 * pair, or the plan goes there. If nothing of it was ever found, and nothing says where it goes,
 * all that came since the start, but where another program was found. */
static bool may_be_own(const struct pairs *pairs, const struct pair *pair)
{
	if (pair->own_ever)
		return true;
	if (!pairs->has_sockets && !pairs->goes_there)
		return false;
	if (is_target(pairs, &pair->to))
		return true;
	return pairs->has_sockets && !pairs->own_ever && !pairs->target_count && !pair->others_ever;
}

void pair_count_add(struct pair_count *to, const struct pair_count *from)
{
	to->live += from->live;
	to->connecting += from->connecting;
	to->time_wait += from->time_wait;
	to->ports += from->ports;
}

void pairs_end(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->size; i++) {
		struct pair *pair = &pairs->table[i];
		if (!pair->to.family || may_be_own(pairs, pair))
			continue;
		pair_count_add(&pair->others, &pair->maybe);
		pair->maybe = (struct pair_count){.live = 0};
	}
}

/* --- sums
 * ------------------------------------------------------------------------------------------ */

static double ports_of(const struct pair *pair)
{
	return pair->own.ports + pair->maybe.ports + pair->others.ports;
}

static bool is_used(const struct pair *pair)
{
	return pair->own_ever || pair->maybe.live + pair->maybe.connecting + pair->maybe.time_wait > 0;
}

/* Does the command use it, or else the plan mean it? More of it is better than less. */
static int use_of_pair(const struct pairs *pairs, const struct pair *pair)
{
	if (is_used(pair))
		return 2;
	if (!pairs->has_sockets && !pairs->goes_there)
		return 0;
	return is_target(pairs, &pair->to);
}

static const struct pair *fullest_pair(const struct pairs *pairs)
{
	const struct pair *fullest = NULL;
	int best = 1;
	for (size_t i = 0; i < pairs->size; i++) {
		const struct pair *pair = &pairs->table[i];
		int use = 0;
		if (pair->to.family)
			use = use_of_pair(pairs, pair);
		if (use < best)
			continue;
		if (use > best || !fullest || ports_of(pair) > ports_of(fullest))
			fullest = pair;
		best = use;
	}
	return fullest;
}

struct pair_sums pairs_sum(const struct pairs *pairs)
{
	struct pair_sums sums = {.fullest = fullest_pair(pairs)};
	for (size_t i = 0; i < pairs->size; i++) {
		const struct pair *pair = &pairs->table[i];
		if (!pair->to.family)
			continue;
		pair_count_add(&sums.own, &pair->own);
		pair_count_add(&sums.own, &pair->maybe);
		sums.unsure += pair->maybe.live + pair->maybe.time_wait;
		sums.others_live += pair->others.live;
	}
	return sums;
}

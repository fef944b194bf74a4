/* One count: the kernel's table is copied, then it is found out whose each socket is, then they are
 * counted. */
#include "probes/watch/socket_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/os/clock.h"
#include "probes/host/sockets/sock_diag.h"
#include "probes/host/sockets/udp_diag.h"
#include "probes/watch/ownership.h"
#include "probes/watch/pairs.h"

/* Counting sockets may take this part of a processor, beside so much at first: a run may be over
 * before that part of it is worth a count. */
static const double count_share = 0.01, count_first_s = 0.1;

enum {
	OWN_MAX = 64,
	TIME_WAIT_MS = 60000 /* TCP_TIMEWAIT_LEN */
};

struct own_listener {
	uint32_t inode;
	bool own;
};

/* Connections that were accepted here. */
struct accepted {
	double live, time_wait;
};

struct socket_watch {
	struct arena *arena;
	const struct sampler_options *options;
	struct family *family;
	struct socket_dump *dump;
	double opened_s, spent_s; /* since when it counts, and the processor time of that */
	/* The last dump. */
	struct tally_socket *sockets;
	struct owned *owners;
	size_t count, capacity;
	size_t tcp_count; /* of them; the others are UDP */
	struct ownership *ownership;
	struct pairs pairs;
	/* The last count. */
	struct arena *last_arena;
	struct socket_tally last; /* table of outgoing sockets only */
	bool counted;
	struct portset listened; /* every port that was a listener's at some time */
	struct accepted accepted_own, accepted_all;
	double closing;
	double others_opened; /* since the start */
	struct own_listener own[OWN_MAX];
	size_t own_count;
	struct seen_destination seen[SAMPLER_DESTINATIONS];
	struct endpoint seen_at[SAMPLER_DESTINATIONS];
	size_t seen_count;
};

static void look_for_holders(void *context, struct holders *holders)
{
	struct family *family = context;
	family_holders(family, holders);
}

struct socket_watch *socket_watch_open(struct arena *arena,
		const struct sampler_options *options,
		struct family *family)
{
	int error = 0;
	struct socket_watch *watch = memory_new(sizeof *watch);
	watch->arena = arena;
	watch->options = options;
	watch->opened_s = clock_now_s();
	watch->family = family;
	/* Without it the states are unknown, the rest is not. */
	watch->dump = socket_dump_open(&error);
	if (family && options->own_only)
		watch->ownership = ownership_new(look_for_holders, family);
	watch->pairs.goes_there = options->goes_there;
	for (size_t i = 0; i < options->target_count; i++)
		pairs_add_target(&watch->pairs, &options->targets[i]);
	return watch;
}

static void forget_count(struct socket_watch *watch)
{
	tally_release(&watch->last);
	if (watch->last_arena)
		arena_free(watch->last_arena);
	watch->last_arena = NULL;
	watch->counted = false;
}

void socket_watch_close(struct socket_watch *watch)
{
	if (!watch)
		return;
	forget_count(watch);
	socket_dump_close(watch->dump);
	ownership_free(watch->ownership);
	pairs_release(&watch->pairs);
	free(watch->sockets);
	free(watch->owners);
	free(watch);
}

/* --- the dump
 * -------------------------------------------------------------------------------------- */

static void keep_socket(void *context, const struct tally_socket *socket)
{
	struct socket_watch *watch = context;
	if (watch->count == watch->capacity) {
		watch->capacity = watch->capacity * 2 + 1024;
		watch->sockets = memory_resize(watch->sockets, watch->capacity * sizeof *watch->sockets);
		watch->owners = memory_resize(watch->owners, watch->capacity * sizeof *watch->owners);
	}
	watch->sockets[watch->count++] = *socket;
}

/* One that is not connected counts as well: it has its port. */
static void keep_udp_socket(void *context, const struct udp_socket *socket)
{
	const struct tally_socket kept = {
			.state = STATE_ESTABLISHED,
			.local = socket->at,
			.remote = socket->to,
			.inode = socket->inode,
	};
	keep_socket(context, &kept);
}

static bool read_dump(struct socket_watch *watch)
{
	watch->count = 0;
	if (socket_dump_read(watch->dump, keep_socket, watch) != 0)
		return false;
	watch->tcp_count = watch->count;
	if (!watch->options->udp)
		return true;
	return udp_diag_read(keep_udp_socket, watch) == 0;
}

void socket_watch_start(struct socket_watch *watch)
{
	if (!watch->dump || !watch->ownership || !read_dump(watch))
		return;
	ownership_before(watch->ownership, watch->sockets, watch->count);
	for (size_t i = 0; i < watch->count; i++) {
		const struct tally_socket *socket = &watch->sockets[i];
		unsigned port = socket->local.port;
		if (socket->state == STATE_LISTEN)
			portset_add(&watch->listened, port, port);
	}
}

static void judge_owners(struct socket_watch *watch)
{
	if (watch->ownership) {
		ownership_judge(watch->ownership, watch->sockets, watch->count, watch->owners);
		watch->pairs.has_sockets = ownership_has_sockets(watch->ownership);
		return;
	}
	watch->pairs.has_sockets = true;
	for (size_t i = 0; i < watch->count; i++)
		watch->owners[i] = (struct owned){.owner = OWNER_OWN};
}

/* Have many of the connections that were opened here, and are there, no known process? */
static bool are_many_unfound(const struct socket_watch *watch)
{
	const size_t few = 5, part = 20;
	size_t unfound = 0, all = 0;
	for (size_t i = 0; i < watch->tcp_count; i++) {
		const struct tally_socket *socket = &watch->sockets[i];
		bool accepted = portset_has(&watch->listened, socket->local.port);
		bool there = socket->inode && socket->state == STATE_ESTABLISHED;
		if (!there || accepted)
			continue;
		all++;
		unfound += watch->owners[i].owner == OWNER_MAYBE;
	}
	return unfound > few && unfound * part > all;
}

static void keep_found_others(struct socket_watch *watch)
{
	for (size_t i = 0; i < watch->tcp_count; i++) {
		unsigned port = watch->sockets[i].local.port;
		if (!portset_has(&watch->listened, port))
			watch->others_opened += watch->owners[i].found_other;
	}
}

/* A program beside the command that opens and closes all the time has others at each look, which
 * would pass for the command's each time. Those that are still there at a second look, at once, and
 * still have no process of it, are not. */
static bool look_again(struct socket_watch *watch)
{
	if (!watch->ownership || !are_many_unfound(watch))
		return true;
	keep_found_others(watch);
	if (!read_dump(watch))
		return false;
	judge_owners(watch);
	return true;
}

/* --- counting
 * -------------------------------------------------------------------------------------- */

static bool is_live(enum tcp_state state)
{
	return state == STATE_ESTABLISHED || state == STATE_CLOSE_WAIT;
}

static bool is_closing(enum tcp_state state)
{
	return state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_CLOSING ||
			state == STATE_LAST_ACK;
}

static bool is_opened(enum tcp_state state)
{
	return state != STATE_LISTEN && state != STATE_CLOSE && state != STATE_BOUND;
}

static bool is_loopback(const struct endpoint *to)
{
	static const unsigned char loopback6[16] = {[15] = 1};
	if (to->family == 4)
		return to->address[0] == 127;
	return !memcmp(to->address, loopback6, sizeof loopback6);
}

/* May a new connection take over its port? ip-sysctl: tcp_tw_reuse 2 is loopback only. */
static bool is_reusable(const struct socket_watch *watch, const struct tally_socket *socket)
{
	const struct sampler_options *options = watch->options;
	bool allowed = options->reuse == 1;
	if (options->reuse == 2)
		allowed = is_loopback(&socket->remote);
	if (socket->state != STATE_TIME_WAIT)
		return false;
	if (!allowed)
		return false;
	return socket->expires_ms + options->reuse_delay_ms <= TIME_WAIT_MS;
}

static bool is_ephemeral(const struct socket_watch *watch, unsigned port)
{
	const struct sampler_options *options = watch->options;
	return !options->high || (port >= options->low && port <= options->high);
}

static void count_accepted(struct socket_watch *watch,
		const struct tally_socket *socket,
		const struct owned *owned)
{
	int state = (int)socket->state;
	if (state == STATE_NEW_SYN_RECV)
		state = STATE_SYN_RECV;
	watch->last.states[state]++;
	const struct accepted one = {
			.live = is_live(socket->state),
			.time_wait = socket->state == STATE_TIME_WAIT,
	};
	if (owned->before)
		return;
	watch->accepted_all.live += one.live;
	watch->accepted_all.time_wait += one.time_wait;
	if (owned->owner == OWNER_OTHER)
		return;
	watch->accepted_own.live += one.live;
	watch->accepted_own.time_wait += one.time_wait;
}

static void count_opened(struct socket_watch *watch,
		const struct tally_socket *socket,
		const struct owned *owned)
{
	enum owner owner = owned->owner;
	const struct pair_socket opened = {
			.socket = socket,
			.owner = owner,
			.in_range = is_ephemeral(watch, socket->local.port),
			.reusable = is_reusable(watch, socket),
	};
	pairs_add(&watch->pairs, &opened);
	watch->others_opened += owned->found_other;
	watch->closing += owner != OWNER_OTHER && is_closing(socket->state);
}

/* Listeners come first in a dump, so that accepted sockets are told from those opened here. */
static void count_socket(struct socket_watch *watch,
		const struct tally_socket *socket,
		const struct owned *owned)
{
	bool accepted = socket->state != STATE_LISTEN &&
			portset_has(&watch->listened, socket->local.port);
	if (socket->state == STATE_LISTEN)
		portset_add(&watch->listened, socket->local.port, socket->local.port);
	if (accepted && socket->state < STATES && socket->state > 0) {
		count_accepted(watch, socket, owned);
		return;
	}
	tally_add(watch->last_arena, &watch->last, socket);
	if (is_opened(socket->state) && !watch->options->udp)
		count_opened(watch, socket, owned);
}

bool socket_watch_count(struct socket_watch *watch, bool all)
{
	double at = clock_now_s(), cpu = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	bool dear = watch->spent_s > count_first_s + (at - watch->opened_s) * count_share;
	if (!watch->dump || (!all && dear))
		return false;
	forget_count(watch);
	if (!read_dump(watch))
		return false;
	judge_owners(watch);
	if (!look_again(watch))
		return false;
	watch->last_arena = arena_new();
	watch->last = (struct socket_tally){.low = watch->options->low, .high = watch->options->high};
	watch->accepted_own = watch->accepted_all = (struct accepted){.live = 0};
	watch->closing = 0;
	pairs_begin(&watch->pairs);
	for (size_t i = 0; i < watch->tcp_count; i++)
		count_socket(watch, &watch->sockets[i], &watch->owners[i]);
	for (size_t i = watch->tcp_count; i < watch->count; i++) {
		const struct tally_socket *socket = &watch->sockets[i];
		if (is_ephemeral(watch, socket->local.port))
			count_opened(watch, socket, &watch->owners[i]);
	}
	pairs_end(&watch->pairs);
	watch->counted = true;
	watch->spent_s += clock_read_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	return true;
}

/* --- destinations
 * ---------------------------------------------------------------------------------- */

/* The command's sockets of one destination. */
struct now_seen {
	struct endpoint to;
	double live, time_wait;
};

static struct now_seen *now_slot(struct now_seen *list, size_t *count, const struct pair *pair)
{
	size_t least = 0;
	for (size_t i = 0; i < *count; i++) {
		if (endpoint_is_same(&list[i].to, &pair->to))
			return &list[i];
		if (list[i].live + list[i].time_wait < list[least].live + list[least].time_wait)
			least = i;
	}
	if (*count < SAMPLER_DESTINATIONS)
		least = (*count)++;
	else if (list[least].live + list[least].time_wait >= pair->own.live + pair->own.time_wait)
		return NULL;
	list[least] = (struct now_seen){.to = pair->to};
	return &list[least];
}

static double seen_sockets(const struct socket_watch *watch, size_t slot)
{
	const struct seen_destination *seen = &watch->seen[slot];
	return seen->live + seen->time_wait;
}

static struct seen_destination *seen_slot(struct socket_watch *watch, const struct now_seen *now)
{
	size_t least = 0;
	for (size_t i = 0; i < watch->seen_count; i++) {
		if (endpoint_is_same(&watch->seen_at[i], &now->to))
			return &watch->seen[i];
		if (seen_sockets(watch, i) < seen_sockets(watch, least))
			least = i;
	}
	if (watch->seen_count < SAMPLER_DESTINATIONS)
		least = watch->seen_count++;
	else if (seen_sockets(watch, least) >= now->live + now->time_wait)
		return NULL;
	watch->seen_at[least] = now->to;
	watch->seen[least] = (struct seen_destination){.to = endpoint_text(watch->arena, &now->to)};
	return &watch->seen[least];
}

static void note_destinations(struct socket_watch *watch, double t_s)
{
	struct now_seen list[SAMPLER_DESTINATIONS];
	size_t count = 0;
	for (size_t i = 0; i < watch->pairs.size; i++) {
		const struct pair *pair = &watch->pairs.table[i];
		struct pair_count own = pair->own;
		struct now_seen *now = NULL;
		pair_count_add(&own, &pair->maybe);
		if (pair->to.family && own.live + own.time_wait > 0)
			now = now_slot(list, &count, pair);
		if (!now)
			continue;
		now->live += own.live;
		now->time_wait += own.time_wait;
	}
	for (size_t i = 0; i < count; i++) {
		struct seen_destination *seen = seen_slot(watch, &list[i]);
		if (!seen)
			continue;
		if (list[i].live > seen->live)
			seen->at_s = t_s;
		seen->live = fmax(seen->live, list[i].live);
		seen->time_wait = fmax(seen->time_wait, list[i].time_wait);
	}
}

/* --- listeners
 * ------------------------------------------------------------------------------------- */

static bool is_own_listener(struct socket_watch *watch, uint32_t inode)
{
	for (size_t i = 0; i < watch->own_count; i++)
		if (watch->own[i].inode == inode)
			return watch->own[i].own;
	if (watch->own_count == OWN_MAX)
		return false;
	bool own = inode && family_holds(watch->family, inode);
	watch->own[watch->own_count++] = (struct own_listener){inode, own};
	return own;
}

/* A listener of several sockets is own if one of them is. */
static bool find_own_listeners(struct socket_watch *watch)
{
	struct socket_tally *tally = &watch->last;
	bool any = false;
	if (!watch->options->own_listeners || !watch->family)
		return false;
	for (size_t i = 0; i < tally->listener_socket_count; i++) {
		const struct listener_socket *socket = &tally->listener_sockets[i];
		struct listener *listener = &tally->listeners[socket->listener];
		listener->own = listener->own || is_own_listener(watch, socket->inode);
		any |= listener->own;
	}
	return any;
}

static void put_queues(struct socket_watch *watch, bool any_own, struct observation *sample)
{
	double worst = -1;
	for (size_t i = 0; i < watch->last.listener_count; i++) {
		const struct listener *listener = &watch->last.listeners[i];
		double room = (double)listener->fullest_backlog + 1;
		double use = listener->fullest_queue / room;
		bool is_meant = listener->own || !any_own;
		if (!is_meant)
			continue;
		if (use <= worst)
			continue;
		worst = use;
		sample->values[O_QUEUE] = listener->fullest_queue;
		sample->values[O_QUEUE_LIMIT] = room;
	}
}

/* --- what is said
 * ---------------------------------------------------------------------------------- */

/* Those of a server that the command is; where its listeners were not found, all. */
static void put_accepted(struct socket_watch *watch, bool any_own, struct observation *sample)
{
	const struct accepted *accepted = &watch->accepted_all;
	if (watch->ownership && (any_own || watch->accepted_own.live > 0))
		accepted = &watch->accepted_own;
	sample->values[O_ACCEPTED] = accepted->live;
	sample->values[O_ACCEPTED_TIME_WAIT] = accepted->time_wait;
}

/* Each UDP socket has a port for itself, whatever its address. What was there before is not in the
 * capacity. */
static void put_udp(const struct socket_watch *watch, struct observation *sample)
{
	struct portset all = {.bits = {0}}, own = {.bits = {0}};
	for (size_t i = watch->tcp_count; i < watch->count; i++) {
		unsigned port = watch->sockets[i].local.port;
		const struct owned *owned = &watch->owners[i];
		if (owned->before)
			continue;
		if (!is_ephemeral(watch, port))
			continue;
		portset_add(&all, port, port);
		if (owned->owner != OWNER_OTHER)
			portset_add(&own, port, port);
	}
	double *values = sample->values;
	values[O_PORTS_USED] = values[O_SOURCE_PORTS] = portset_count(&all, 0, UINT16_MAX);
	values[O_PORTS_OWN] = values[O_SOURCE_OWN] = portset_count(&own, 0, UINT16_MAX);
}

/* The ports of one local address that bind() cannot have: each once, whatever it is connected to.
 */
static void put_source(const struct socket_watch *watch,
		const struct endpoint *from,
		struct observation *sample)
{
	struct portset all = {.bits = {0}}, own = {.bits = {0}};
	for (size_t i = 0; i < watch->count; i++) {
		const struct tally_socket *socket = &watch->sockets[i];
		struct endpoint local = socket->local;
		unsigned port = local.port;
		local.port = 0;
		if (!is_opened(socket->state) || !is_ephemeral(watch, port) ||
				portset_has(&watch->listened, port) || !endpoint_is_same(&local, from))
			continue;
		portset_add(&all, port, port);
		if (watch->owners[i].owner != OWNER_OTHER)
			portset_add(&own, port, port);
	}
	sample->values[O_SOURCE_PORTS] = portset_count(&all, 0, UINT16_MAX);
	sample->values[O_SOURCE_OWN] = portset_count(&own, 0, UINT16_MAX);
}

static void put_pairs(struct socket_watch *watch, struct observation *sample)
{
	const struct pair_sums sums = pairs_sum(&watch->pairs);
	const struct pair *fullest = sums.fullest;
	double *values = sample->values;
	values[O_LIVE] = sums.own.live;
	values[O_CONNECTING] = sums.own.connecting;
	values[O_TIME_WAIT] = sums.own.time_wait;
	values[O_UNSURE] = sums.unsure;
	values[O_OTHERS_LIVE] = sums.others_live;
	values[O_PORTS_USED] = values[O_PORTS_OWN] = 0;
	values[O_BUSIEST_LIVE] = values[O_BUSIEST_TIME_WAIT] = 0;
	values[O_SOURCE_PORTS] = values[O_SOURCE_OWN] = 0;
	if (!fullest)
		return;
	put_source(watch, &fullest->from, sample);
	struct pair_count all = fullest->own;
	pair_count_add(&all, &fullest->maybe);
	values[O_PORTS_OWN] = all.ports;
	pair_count_add(&all, &fullest->others);
	values[O_PORTS_USED] = all.ports;
	values[O_BUSIEST_LIVE] = all.live;
	values[O_BUSIEST_TIME_WAIT] = all.time_wait;
}

void socket_watch_put(struct socket_watch *watch, struct observation *sample)
{
	bool any_own = find_own_listeners(watch);
	const uint64_t *states = watch->last.states;
	put_pairs(watch, sample);
	if (watch->options->udp)
		put_udp(watch, sample);
	put_accepted(watch, any_own, sample);
	put_queues(watch, any_own, sample);
	note_destinations(watch, sample->t_s);
	sample->values[O_CLOSING] = watch->closing;
	sample->values[O_TIME_WAIT_ALL] = (double)states[STATE_TIME_WAIT];
	sample->values[O_OTHERS_OPENED] = watch->others_opened;
}

size_t socket_watch_seen(const struct socket_watch *watch, const struct seen_destination **ret_seen)
{
	*ret_seen = watch->seen;
	return watch->seen_count;
}

const struct socket_tally *socket_watch_tally(const struct socket_watch *watch)
{
	if (!watch->counted)
		return NULL;
	return &watch->last;
}

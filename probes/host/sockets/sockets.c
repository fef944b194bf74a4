/* Facts about the sockets of the vantage's network namespace: states, destinations, listeners,
 * ports. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/derive.h"
#include "probes/host/put.h"
#include "probes/host/sockets/json.h"
#include "probes/host/sockets/listeners.h"
#include "probes/host/sockets/pool_facts.h"
#include "probes/host/sockets/proc_net.h"
#include "probes/host/sockets/sock_diag.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/sockets/udp.h"

static const char diag_command[] = "ss -tan"; /* shows what the netlink dump contains */

static struct fact *sockets_put_count(struct probing *probing,
		const char *key,
		const char *instance,
		double number)
{
	struct fact *fact =
			facts_put_number(probing->facts, key, instance, number, UNIT_COUNT, diag_command);
	fact->read_at = probing->read_at;
	return fact;
}

static struct fact *sockets_put_ports(struct probing *probing,
		const char *key,
		const struct portset *set,
		const char *where)
{
	struct text text = {0};
	portset_print(set, &text);
	const char *copy = text_take(probing->arena, &text);
	struct fact *fact = facts_put_text(probing->facts, key, NULL, copy, where);
	fact->read_at = probing->read_at;
	return fact;
}

static void sockets_put_not_listed(struct probing *probing, const char *key, const char *note)
{
	facts_put_missing(probing->facts, key, NULL, FACT_SKIPPED, UNIT_COUNT, diag_command, note);
}

static const char *state_key(struct probing *probing, size_t state)
{
	return arena_printf(probing->arena, "sockets.tcp.%s", tcp_state_names[state]);
}

/* Why bound, unconnected sockets are not known; NULL: they are. */
static const char *bound_note(const struct socket_tally *tally)
{
	if (tally->bound_listed)
		return NULL;
	if (strcmp(tally->source, "proc") == 0)
		return "/proc/net/tcp does not list bound, unconnected sockets";
	return "this kernel does not list bound, unconnected sockets (6.8 and later do)";
}

static void sockets_put_states(struct probing *probing, const struct socket_tally *tally)
{
	const char *note = bound_note(tally);
	for (size_t i = 0; i < STATES; i++) {
		if (!tcp_state_names[i])
			continue;
		const char *key = state_key(probing, i);
		if (i == STATE_BOUND && note)
			sockets_put_not_listed(probing, key, note);
		else
			sockets_put_count(probing, key, NULL, (double)tally->states[i]);
	}
	const char *command = "ss -ta state bound-inactive";
	sockets_put_ports(probing, "ports.bound", &tally->bound, command)->note = note;
	sockets_put_ports(probing, "ports.listening", &tally->listening, "ss -tln");
}

/* "0.0.0.0:8080 127.0.0.1:9000 [::]:9001/6": /6 is for IPv6 alone. NULL: only the ports are known.
 */
static const char *pinned_text(struct arena *arena, const struct socket_tally *tally)
{
	struct text text = {0};
	bool listed = strcmp(tally->source, "sock_diag") == 0;
	if (!listed || tally->pinned_count > PINNED_MAX)
		return NULL;
	for (size_t i = 0; i < tally->pinned_count; i++) {
		const struct pinned *pinned = &tally->pinned[i];
		if (i > 0)
			text_add(&text, " ");
		text_add(&text, endpoint_text(arena, &pinned->at));
		if (pinned->six_only)
			text_add(&text, "/6");
	}
	return text_take(arena, &text);
}

/* Says that there are more destinations than are listed. */
static const char *destinations_note(struct arena *arena,
		const struct socket_tally *tally,
		size_t listed)
{
	const char *more = "";
	if (tally->more_destinations)
		more = " or more";
	return arena_printf(arena,
			"the %zu with the most sockets of %zu%s destinations",
			listed,
			tally->destinations,
			more);
}

static void sockets_put_lists(struct probing *probing, const char *prefix, bool more)
{
	enum list_state state = LIST_COMPLETE;
	if (more)
		state = LIST_PARTIAL;
	put_lists(probing, prefix, state, 0);
}

static struct fact *sockets_put_destination(struct probing *probing,
		const struct destination *destination)
{
	const char *to = endpoint_text(probing->arena, &destination->to);
	struct fact *fact;
	fact = sockets_put_count(probing, "destination.sockets", to, destination->sockets);
	sockets_put_count(probing, "destination.established", to, destination->established);
	sockets_put_count(probing, "destination.time_wait", to, destination->time_wait);
	return fact;
}

static void sockets_put_destinations(struct probing *probing, const struct socket_tally *tally)
{
	const struct destination **top;
	size_t max = DESTINATIONS_SHOWN;
	if (probing->options->destinations_detail)
		max = DESTINATIONS_DETAIL;
	size_t count = tally_top(probing->arena, tally, max, &top);
	for (size_t i = 0; i < count; i++) {
		struct fact *fact = sockets_put_destination(probing, top[i]);
		if (i == 0 && tally->destinations > count)
			fact->note = destinations_note(probing->arena, tally, count);
	}
	bool more = tally->more_destinations || tally->destinations > count;
	sockets_put_lists(probing, "destination.", more);
}

static const char only_diag[] = "only sock_diag shows it";

static void sockets_put_backlog(struct probing *probing,
		const struct listener *listener,
		const char *at)
{
	static const char key[] = "listener.backlog", path[] = "proc/net/tcp";
	struct facts *facts = probing->facts;
	if (listener->backlog_known)
		sockets_put_count(probing, key, at, listener->backlog);
	else
		facts_put_missing(facts, key, at, FACT_SKIPPED, UNIT_COUNT, path, only_diag);
}

static void sockets_put_drops(struct probing *probing,
		const struct listener *listener,
		const char *at)
{
	static const char key[] = "listener.drops";
	struct facts *facts = probing->facts;
	if (listener->drops_known)
		sockets_put_count(probing, key, at, listener->drops)->where = "ss -tlm";
	else
		facts_put_missing(facts, key, at, FACT_SKIPPED, UNIT_COUNT, "ss -tlm", only_diag);
}

/* Of several sockets on one address: what their queues hold together. */
static void sockets_put_group(struct probing *probing,
		const struct listener *listener,
		const char *at)
{
	struct facts *facts = probing->facts;
	sockets_put_count(probing, "listener.sockets", at, listener->sockets);
	sockets_put_count(probing, "listener.waiting", at, listener->waiting);
	if (!listener->backlog_known)
		return;
	sockets_put_count(probing, "listener.holds", at, listener->holds);
	sockets_put_count(probing, "listener.room", at, listener->room);
	if (listener->interfaces_differ)
		facts_put_number(facts, "listener.interfaces_differ", at, 1, UNIT_BOOL, diag_command);
}

/* `note` says why there is no process. */
static void sockets_put_process(struct probing *probing,
		const struct listener *listener,
		const char *at,
		const char *note)
{
	static const char key[] = "listener.process", command[] = "ss -tlnp";
	if (listener->process)
		facts_put_text(probing->facts, key, at, listener->process, command);
	else if (note)
		facts_put_missing(probing->facts, key, at, FACT_SKIPPED, UNIT_TEXT, command, note);
	if (listener->own)
		facts_put_number(probing->facts, "listener.own", at, 1, UNIT_BOOL, command);
}

static void sockets_put_listener(struct probing *probing,
		const struct listener *listener,
		const char *process_note)
{
	const char *at = endpoint_text(probing->arena, &listener->at);
	struct fact *port = sockets_put_count(probing, "listener.port", at, listener->at.port);
	if (listener->sockets > 1)
		port->note = arena_printf(probing->arena,
				"%u sockets share it; the smallest backlog and the longest queue are shown",
				listener->sockets);
	sockets_put_count(probing, "listener.queue", at, listener->queue);
	sockets_put_backlog(probing, listener, at);
	sockets_put_drops(probing, listener, at);
	if (listener->sockets > 1)
		sockets_put_group(probing, listener, at);
	sockets_put_process(probing, listener, at, process_note);
}

static void sockets_put_all(struct probing *probing,
		struct socket_tally *tally,
		const char *process_note)
{
	struct fact *source;
	source = facts_put_text(probing->facts, "sockets.source", NULL, tally->source, NULL);
	source->note = tally->note;
	sockets_put_states(probing, tally);
	pool_facts_put(probing, tally, pinned_text(probing->arena, tally));
	sockets_put_destinations(probing, tally);
	for (size_t i = 0; i < tally->listener_count; i++)
		sockets_put_listener(probing, &tally->listeners[i], process_note);
	sockets_put_lists(probing, "listener.", tally->more_listeners);
	put_lists(probing, "listener.process", LIST_PARTIAL, 0);
	if (tally->own_error)
		put_lists(probing, "listener.own", LIST_SKIPPED, tally->own_error);
	if (probing->port_high == 0)
		return;
	unsigned held = portset_count(&tally->held, probing->port_low, probing->port_high);
	sockets_put_count(probing, "ports.connected_in_range", NULL, held);
}

static void keep_tally(struct probing *probing, const struct socket_tally *tally)
{
	if (!source_keeps(probing->source))
		return;
	cJSON *json = sockets_to_json(probing->arena, tally);
	char *text = cJSON_Print(json);
	if (text)
		source_keep(probing->source, "sockets.json", text, strlen(text));
	free(text);
	cJSON_Delete(json);
}

/* Puts as missing what sockets_put_all would put. */
static void sockets_put_unreadable(struct probing *probing, int error, const char *note)
{
	static const char *const texts[] = {"sockets.source", "ports.listening", "ports.bound"};
	static const char held[] = "ports.connected_in_range";
	enum fact_status status = put_status_of(error);
	const char *path = "sockets.json";
	if (probing->live)
		path = "proc/net/tcp";
	put_lists(probing, "listener.", LIST_SKIPPED, error);
	put_lists(probing, "destination.", LIST_SKIPPED, error);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		put_missing(probing, texts[i], status, UNIT_TEXT, path, note);
	for (size_t i = 0; i < STATES; i++) {
		if (tcp_state_names[i])
			put_missing(probing, state_key(probing, i), status, UNIT_COUNT, path, note);
	}
	put_missing(probing, held, status, UNIT_COUNT, path, note);
	pool_facts_put_unreadable(probing, error, path, note);
}

static int sockets_ask_kernel(struct probing *probing, struct socket_tally *tally)
{
	if (probing->netns_denied)
		return EPERM;
	return sock_diag_read(probing->arena, tally);
}

/* Live: netlink, else /proc. Whether bound sockets are listed is told by the kernel's version; an
 * empty answer does not tell it. */
static int sockets_read_live(struct probing *probing, struct socket_tally *tally)
{
	static const char format[] = "sock_diag: %s; backlogs and bound sockets are not shown";
	int error = sockets_ask_kernel(probing, tally);
	if (error == 0) {
		double version = facts_number(probing->facts, "kernel.version");
		tally->source = "sock_diag";
		tally->bound_listed = version >= 6008 || tally->states[STATE_BOUND] > 0;
		return 0;
	}
	tally_release(tally);
	*tally->pools = (struct pools){.count = 0};
	*tally = (struct socket_tally){
			.low = tally->low,
			.high = tally->high,
			.pools = tally->pools,
			.reserved = tally->reserved,
			.source = "proc",
			.note = arena_printf(probing->arena, format, strerror(error)),
	};
	return proc_net_read(probing->arena, probing->source, tally);
}

/* Destinations may be names: a snapshot keeps what the vantage process finds in its hosts file. */
static void keep_hosts(struct probing *probing)
{
	const char *text;
	size_t length;
	if (source_keeps(probing->source))
		(void)source_read_in_root(probing->source, "etc/hosts", &text, &length);
}

static int sockets_read_kept(struct probing *probing, struct socket_tally *tally, struct error *err)
{
	const char *bytes;
	size_t length;
	if (source_read_bytes(probing->source, "sockets.json", &bytes, &length) != 0) {
		tally->source = "proc";
		tally->note = "from /proc/net/tcp; backlogs and bound sockets are not shown";
		return proc_net_read(probing->arena, probing->source, tally);
	}
	if (!sockets_from_json(probing->arena, bytes, length, tally, err))
		return EINVAL;
	return 0;
}

static void sockets_run_live(struct probing *probing, struct socket_tally *tally)
{
	int error = sockets_read_live(probing, tally);
	if (error) {
		sockets_put_unreadable(probing, error, NULL);
		return;
	}
	sockets_put_all(probing, tally, listeners_find_processes(probing, tally));
	keep_tally(probing, tally);
	keep_hosts(probing);
}

static void sockets_run_kept(struct probing *probing, struct socket_tally *tally)
{
	struct error err = {0};
	int error = sockets_read_kept(probing, tally, &err);
	const char *note = NULL;
	if (err.text[0] != '\0')
		note = arena_strdup(probing->arena, err.text);
	if (error)
		sockets_put_unreadable(probing, error, note);
	else
		sockets_put_all(probing, tally, "not known when the snapshot was made");
}

/* An image has no socket: what it will open is not known, as on a host that has just booted. */
static void sockets_put_none(struct probing *probing, struct socket_tally *tally)
{
	static const char note[] = "nothing runs in an image";
	tally->source = "image";
	tally->note = note;
	sockets_put_all(probing, tally, note);
}

/* What is needed to count by pool. */
static void sockets_prepare(struct probing *probing, struct socket_tally *tally)
{
	const double second_ms = 1000;
	double delay_s = facts_number(probing->facts, "net.ipv4.tcp_tw_reuse_delay");
	tally->low = probing->port_low;
	tally->high = probing->port_high;
	tally->pools = arena_alloc(probing->arena, sizeof *tally->pools);
	tally->reuse_delay_ms = (uint32_t)second_ms;
	if (delay_s > 0 && delay_s < UINT16_MAX)
		tally->reuse_delay_ms = (uint32_t)(delay_s * second_ms);
	derive_reserved_now(probing->facts, &tally->reserved);
}

static void sockets_run(struct probing *probing)
{
	struct socket_tally *tally = arena_alloc(probing->arena, sizeof *tally);
	sockets_prepare(probing, tally);
	if (probing->live)
		sockets_run_live(probing, tally);
	else if (probing->options->image)
		sockets_put_none(probing, tally);
	else
		sockets_run_kept(probing, tally);
	tally_release(tally);
	udp_put(probing);
}

const struct probe probe_sockets = {.name = "sockets", .run = sockets_run};

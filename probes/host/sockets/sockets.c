/* Facts about the sockets of the vantage's network namespace: states, destinations, listeners,
 * ports. */
#include "probes/host/sockets/sockets.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/put.h"

static const char diag_command[] = "ss -tan"; /* shows by hand what the netlink dump holds */

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

static void sockets_put_states(struct probing *probing, const struct socket_tally *tally)
{
	const char *bound_note = strcmp(tally->source, "proc") == 0
			? "/proc/net/tcp does not list bound, unconnected sockets"
			: "this kernel does not list bound, unconnected sockets (6.8 and later do)";
	for (size_t i = 0; i < STATES; i++) {
		if (!tcp_state_names[i])
			continue;
		const char *key = arena_printf(probing->arena, "sockets.tcp.%s", tcp_state_names[i]);
		if (i == STATE_BOUND && !tally->bound_listed)
			facts_put_missing(probing->facts,
					key,
					NULL,
					FACT_SKIPPED,
					UNIT_COUNT,
					diag_command,
					bound_note);
		else
			sockets_put_count(probing, key, NULL, (double)tally->states[i]);
	}
	struct fact *fact =
			sockets_put_ports(probing, "ports.bound", &tally->bound, "ss -ta state bound-inactive");
	fact->note = tally->bound_listed ? NULL : bound_note;
	sockets_put_ports(probing, "ports.listening", &tally->listening, "ss -tln");
}

/* "0.0.0.0:8080 127.0.0.1:9000 [::]:9001/6": /6 is for IPv6 alone. */
static void put_pinned(struct probing *probing, const struct socket_tally *tally)
{
	struct text text = {0};
	if (strcmp(tally->source, "sock_diag") != 0 || tally->pinned_count > PINNED_MAX)
		return; /* then the ports alone are known */
	for (size_t i = 0; i < tally->pinned_count; i++)
		text_addf(&text,
				"%s%s%s",
				i ? " " : "",
				endpoint_text(probing->arena, &tally->pinned[i].at),
				tally->pinned[i].six_only ? "/6" : "");
	const char *copy = text_take(probing->arena, &text);
	facts_put_text(probing->facts, "ports.pinned", NULL, copy, diag_command)->read_at =
			probing->read_at;
}

static void sockets_put_destinations(struct probing *probing, const struct socket_tally *tally)
{
	const struct destination **top;
	size_t max = probing->options->destinations_detail ? DESTINATIONS_DETAIL : DESTINATIONS_SHOWN;
	size_t count = tally_top(probing->arena, tally, max, &top);
	for (size_t i = 0; i < count; i++) {
		const char *to = endpoint_text(probing->arena, &top[i]->to);
		struct fact *fact = sockets_put_count(probing, "destination.sockets", to, top[i]->sockets);
		if (tally->destinations > count && i == 0)
			fact->note = arena_printf(probing->arena,
					"the %zu with the most sockets of %zu%s destinations",
					count,
					tally->destinations,
					tally->more_destinations ? " or more" : "");
		sockets_put_count(probing, "destination.established", to, top[i]->established);
		sockets_put_count(probing, "destination.time_wait", to, top[i]->time_wait);
	}
}

static void put_listener(struct probing *probing,
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
	if (listener->backlog_known)
		sockets_put_count(probing, "listener.backlog", at, listener->backlog);
	else
		facts_put_missing(probing->facts,
				"listener.backlog",
				at,
				FACT_SKIPPED,
				UNIT_COUNT,
				"proc/net/tcp",
				"only sock_diag shows it");
	if (listener->process)
		facts_put_text(probing->facts, "listener.process", at, listener->process, "ss -tlnp");
	else if (process_note)
		facts_put_missing(probing->facts,
				"listener.process",
				at,
				FACT_SKIPPED,
				UNIT_TEXT,
				"ss -tlnp",
				process_note);
	if (listener->own)
		facts_put_number(probing->facts, "listener.own", at, 1, UNIT_BOOL, "ss -tlnp");
}

static void each_udp_line(void *context, char *line)
{
	struct tally_socket socket;
	struct portset *set = context;
	if (proc_net_parse(line, &socket))
		portset_add(set, socket.local.port, socket.local.port);
}

/* Does the file say "NAME: inuse 0"? */
static bool says_none(struct probing *probing, const char *path, const char *text)
{
	const char *bytes;
	size_t length;
	return source_read_bytes(probing->source, path, &bytes, &length) == 0 &&
			strstr(bytes, text) != NULL;
}

/* Listing UDP sockets walks the kernel's whole table; where it counts none, that is not needed (a
 * socket is counted when it gets its port: net/ipv4/udp.c, udp_lib_get_port()). */
static bool no_udp(struct probing *probing)
{
	return probing->live && !source_keeps(probing->source) &&
			says_none(probing, "proc/net/sockstat", "\nUDP: inuse 0 ") &&
			says_none(probing, "proc/net/sockstat6", "UDP6: inuse 0\n");
}

/* UDP sockets are few: text is good enough, and both files become one set. */
static void put_udp(struct probing *probing)
{
	static const char *const paths[] = {"proc/net/udp", "proc/net/udp6"};
	struct portset set = {0};
	int error = 0;
	for (size_t i = no_udp(probing) ? 2 : 0; i < 2 && !error; i++) {
		error = source_lines(probing->source, paths[i], each_udp_line, &set);
		if (error == ENOENT && i == 1)
			error = 0;
	}
	if (error)
		put_errno(probing, "ports.udp_bound", UNIT_TEXT, paths[0], error);
	else
		sockets_put_ports(probing,
				"ports.udp_bound",
				&set,
				source_where(probing->source, paths[0]));
}

/* A snapshot must hold the UDP ports too, without everybody's addresses. */
static void keep_udp(struct probing *probing)
{
	struct text text = {0};
	struct portset set = {0};
	struct error ignored;
	const char *ports = facts_text(probing->facts, "ports.udp_bound");
	if (!ports || !portset_parse(ports, &set, &ignored))
		return;
	text_add(&text,
			"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
			"timeout"
			" inode\n");
	for (unsigned port = 0; port <= 65535; port++)
		if (portset_has(&set, port))
			text_addf(&text,
					"    0: 00000000:%04X 00000000:0000 07 00000000:00000000 00:00000000 00000000 "
					"0 0 0\n",
					port);
	source_keep(probing->source, "proc/net/udp", text.data, text.length);
	text_release(&text);
}

static void sockets_put_all(struct probing *probing,
		struct socket_tally *tally,
		const char *process_note)
{
	struct fact *source =
			facts_put_text(probing->facts, "sockets.source", NULL, tally->source, NULL);
	source->note = tally->note;
	sockets_put_states(probing, tally);
	put_pinned(probing, tally);
	sockets_put_destinations(probing, tally);
	for (size_t i = 0; i < tally->listener_count; i++)
		put_listener(probing, &tally->listeners[i], process_note);
	if (probing->port_high > 0)
		sockets_put_count(probing,
				"ports.connected_in_range",
				NULL,
				portset_count(&tally->held, probing->port_low, probing->port_high));
}

static void keep_tally(struct probing *probing, const struct socket_tally *tally)
{
	cJSON *json = sockets_to_json(probing->arena, tally);
	char *text = cJSON_Print(json);
	if (text)
		source_keep(probing->source, "sockets.json", text, strlen(text));
	free(text);
	cJSON_Delete(json);
}

static void put_unreadable(struct probing *probing, int error, const char *note)
{
	const char *path = probing->live ? "proc/net/tcp" : "sockets.json";
	enum fact_status status = error ? put_status_of(error) : FACT_MALFORMED;
	static const char *const texts[] = {"sockets.source", "ports.listening", "ports.bound"};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		put_missing(probing, texts[i], status, UNIT_TEXT, path, note);
	for (size_t i = 0; i < STATES; i++)
		if (tcp_state_names[i])
			put_missing(probing,
					arena_printf(probing->arena, "sockets.tcp.%s", tcp_state_names[i]),
					status,
					UNIT_COUNT,
					path,
					note);
	put_missing(probing, "ports.connected_in_range", status, UNIT_COUNT, path, note);
}

/* Live: netlink, else /proc. The kernel version tells whether bound sockets can be listed: an empty
 * answer does not. */
static int sockets_read_live(struct probing *probing, struct socket_tally *tally)
{
	int error = probing->netns_denied ? EPERM : sock_diag_read(probing->arena, tally);
	double version = facts_number(probing->facts, "kernel.version");
	tally->source = "sock_diag";
	tally->bound_listed = version >= 6008 || tally->states[STATE_BOUND] > 0;
	if (!error)
		return 0;
	char reason[128];
	struct socket_tally fresh = {.low = tally->low, .high = tally->high, .source = "proc"};
	tally_release(tally);
	*tally = fresh;
	tally->note = arena_printf(probing->arena,
			"sock_diag: %s; backlogs and bound sockets are not shown",
			strerror_r(error, reason, sizeof reason));
	return proc_net_read(probing->arena, probing->source, tally);
}

static int sockets_read_kept(struct probing *probing, struct socket_tally *tally, struct error *err)
{
	const char *bytes;
	size_t length;
	int error = source_read_bytes(probing->source, "sockets.json", &bytes, &length);
	if (error == 0)
		return sockets_from_json(probing->arena, bytes, length, tally, err) ? 0 : EINVAL;
	tally->source = "proc";
	tally->note = "from /proc/net/tcp; backlogs and bound sockets are not shown";
	return proc_net_read(probing->arena, probing->source, tally);
}

static void sockets_run(struct probing *probing)
{
	struct socket_tally *tally = arena_alloc(probing->arena, sizeof *tally);
	struct error err = {0};
	const char *process_note = "not known when the snapshot was made";
	tally->low = probing->port_low;
	tally->high = probing->port_high;
	int error = probing->live ? sockets_read_live(probing, tally)
							  : sockets_read_kept(probing, tally, &err);
	if (error) {
		put_unreadable(probing, error, err.text[0] ? arena_strdup(probing->arena, err.text) : NULL);
	} else {
		if (probing->live)
			process_note = listeners_find_processes(probing, tally);
		sockets_put_all(probing, tally, process_note);
		if (source_keeps(probing->source))
			keep_tally(probing, tally);
	}
	tally_release(tally);
	put_udp(probing);
	if (source_keeps(probing->source))
		keep_udp(probing);
}

const struct probe probe_sockets = {.name = "sockets", .run = sockets_run};

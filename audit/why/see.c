/* What is seen here of causes that are no limits of this host: who has a port, whose address it is,
 * whether anything answers. */
#include <math.h>
#include <string.h>

#include "audit/why/why.h"
#include "base/array.h"
#include "probes/host/local_address.h"
#include "probes/host/processes/holders.h"

/* A cause being looked at. */
struct sight {
	const struct why_case *in_case;
	struct arena *arena;
	const struct facts *facts;
	struct why_named *named;
};

static int sight_pid(const struct sight *sight)
{
	return (int)sight->in_case->pipeline->run->options->pid;
}

static void seen(const struct sight *sight, enum why_strength strength, const char *shows)
{
	sight->named->seen = strength;
	sight->named->shows = shows;
}

/* The listener of a port, "0.0.0.0:9002"; NULL: none. *ret_known: is the list of them complete? */
static const char *listener_on(const struct sight *sight, unsigned port, bool *ret_known)
{
	static const char key[] = "listener.port";
	size_t first, count = facts_instances(sight->facts, key, &first);
	*ret_known = facts_list_state(sight->facts, key) == LIST_COMPLETE;
	for (size_t i = first; i < first + count; i++) {
		const struct fact *fact = sight->facts->items[i];
		if (fact->status == FACT_KNOWN && (unsigned)fact->number == port)
			return fact->instance;
	}
	return NULL;
}

/* "nginx listens on 0.0.0.0:80", "0.0.0.0:80 has a listener" */
static const char *listens(const struct sight *sight, const char *at)
{
	const struct fact *process = facts_get(sight->facts, "listener.process", at);
	if (process && process->status == FACT_KNOWN)
		return arena_printf(sight->arena, "%s listens on %s now", process->text, at);
	return arena_printf(sight->arena, "Something listens on %s now", at);
}

static bool is_local(const struct sight *sight, const char *host, enum local_address wanted)
{
	struct address address;
	if (!host || !why_is_live(sight->in_case) || !address_parse_text(host, &address))
		return false;
	return local_address_find(sight_pid(sight), &address) == wanted;
}

/* --- each cause ----------------------------------------------------------------------------- */

static void see_address(const struct sight *sight)
{
	const char *host = sight->named->line->local.host;
	if (is_local(sight, host, LOCAL_ADDRESS_NO))
		seen(sight,
				WHY_FULL,
				arena_printf(sight->arena, "No interface of this network namespace has %s", host));
	if (is_local(sight, host, LOCAL_ADDRESS_YES))
		seen(sight,
				WHY_IMPOSSIBLE,
				arena_printf(sight->arena, "%s is an address of this host", host));
}

static void see_listener(const struct sight *sight)
{
	bool known;
	unsigned port = sight->named->line->local.port;
	if (port == 0)
		return;
	const char *at = listener_on(sight, port, &known);
	if (at)
		seen(sight, WHY_FULL, listens(sight, at));
	else if (known)
		seen(sight,
				WHY_POSSIBLE,
				arena_printf(sight->arena, "Nothing listens on port %u now", port));
}

/* Connections of this host that have the port. */
static struct held_answer held_here(const struct sight *sight, unsigned port)
{
	struct held_answer answer = {0};
	const struct held_query query = {.pid = sight_pid(sight), .local_port = port};
	if (port > 0 && why_is_live(sight->in_case))
		held_read(sight->arena, &query, &answer);
	return answer;
}

static void see_taken(const struct sight *sight)
{
	unsigned port = sight->named->line->local.port;
	const struct held_answer answer = held_here(sight, port);
	const struct held *held = &answer.items[0];
	if (answer.count == 0 || held->accepted > 0)
		return;
	const char *to = endpoint_text(sight->arena, &held->to);
	if (held->holder_count > 0)
		seen(sight,
				WHY_FULL,
				arena_printf(sight->arena,
						"A connection of PID %d (%s) to %s has port %u now",
						held->holders[0].pid,
						held->holders[0].name,
						to,
						port));
	else
		seen(sight,
				WHY_FULL,
				arena_printf(sight->arena, "A connection to %s has port %u now", to, port));
}

/* Connections of a server that is gone keep the port until their TIME_WAIT ends. */
static void see_time_wait(const struct sight *sight)
{
	bool known;
	unsigned port = sight->named->line->local.port;
	if (port == 0 || listener_on(sight, port, &known))
		return;
	const struct held_answer answer = held_here(sight, port);
	size_t waiting = 0;
	for (size_t i = 0; i < answer.count; i++)
		waiting += answer.items[i].states[STATE_TIME_WAIT];
	if (waiting > 1)
		seen(sight,
				WHY_NEAR,
				arena_printf(sight->arena,
						"%zu connections of port %u are in TIME_WAIT",
						waiting,
						port));
}

static void see_refused(const struct sight *sight)
{
	bool known;
	const struct why_place *to = &sight->named->line->to;
	if (to->port == 0 || !is_local(sight, to->host, LOCAL_ADDRESS_YES))
		return;
	const char *at = listener_on(sight, to->port, &known);
	if (at)
		seen(sight, WHY_POSSIBLE, listens(sight, at));
	else if (known)
		seen(sight,
				WHY_FULL,
				arena_printf(sight->arena,
						"Nothing listens on port %u of this host now",
						to->port));
}

/* Connections that wait for an answer. */
static void see_no_answer(const struct sight *sight)
{
	struct held_answer answer;
	const struct name_list *to = &sight->in_case->asked.addresses;
	struct endpoint end;
	if (to->count == 0 || !why_is_live(sight->in_case) || !endpoint_parse(to->items[0], &end))
		return;
	struct held_query query = {.pid = sight_pid(sight), .port = end.port};
	query.to.family = end.family;
	memcpy(query.to.bytes, end.address, sizeof query.to.bytes);
	held_read(sight->arena, &query, &answer);
	size_t waiting = answer.count > 0 ? answer.items[0].states[STATE_SYN_SENT] : 0;
	if (waiting > 1)
		seen(sight,
				WHY_NEAR,
				arena_printf(sight->arena,
						"%zu connections to %s wait for an answer (SYN_SENT)",
						waiting,
						to->items[0]));
}

static const struct sight_row {
	const char *id;
	void (*see)(const struct sight *sight);
} sight_rows[] = {
		{"address-not-local", see_address},
		{"listener-conflict", see_listener},
		{"port-taken", see_taken},
		{"no-reuseaddr", see_time_wait},
		{"refused", see_refused},
		{"no-answer", see_no_answer},
};

/* Where nothing listens on the port, an outgoing connection is likelier to have it. */
static void prefer_port_taken(struct why_asked *asked)
{
	struct why_named *listener = NULL, *taken = NULL;
	for (size_t i = 0; i < asked->named_count; i++) {
		struct why_named *named = &asked->named[i];
		if (strcmp(named->id, "listener-conflict") == 0)
			listener = named;
		if (strcmp(named->id, "port-taken") == 0)
			taken = named;
	}
	if (!listener || !taken || taken < listener)
		return;
	if (listener->seen != WHY_POSSIBLE || !listener->shows)
		return;
	const struct why_named moved = *listener;
	*listener = *taken;
	*taken = moved;
}

/* Are all addresses that the lines go to those of other hosts? */
static bool goes_elsewhere(const struct why_case *in_case)
{
	const struct name_list *to = &in_case->asked.addresses;
	for (size_t i = 0; i < to->count; i++) {
		struct address address = {0};
		struct endpoint end;
		if (!endpoint_parse(to->items[i], &end))
			return false;
		address.family = end.family;
		memcpy(address.bytes, end.address, sizeof address.bytes);
		int pid = (int)in_case->pipeline->run->options->pid;
		if (local_address_find(pid, &address) != LOCAL_ADDRESS_NO)
			return false;
	}
	return to->count > 0;
}

void why_see(struct why_case *in_case)
{
	in_case->asked.remote = why_is_live(in_case) && goes_elsewhere(in_case);
	for (size_t i = 0; i < in_case->asked.named_count; i++) {
		const struct sight sight = {
				.in_case = in_case,
				.arena = in_case->pipeline->run->arena,
				.facts = why_last_look(in_case)->situation->facts,
				.named = &in_case->asked.named[i],
		};
		for (size_t row = 0; row < COUNT_OF(sight_rows); row++) {
			if (strcmp(sight.named->id, sight_rows[row].id) == 0)
				sight_rows[row].see(&sight);
		}
	}
	prefer_port_taken(&in_case->asked);
}

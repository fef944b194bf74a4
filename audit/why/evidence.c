/* One function for each limit that has more to show. */
#include "audit/why/why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/why/words.h"
#include "base/array.h"
#include "base/text.h"
#include "probes/host/processes/heaviest.h"
#include "probes/host/processes/holders.h"
#include "report/document/view.h"

struct gatherer {
	struct arena *arena;
	const struct why_case *in_case;
	const struct why_cause *cause;
	const struct facts *facts;
	struct why_evidence found;
};

static int vantage_pid(const struct gatherer *g)
{
	return (int)g->in_case->pipeline->run->options->pid;
}

static void shows(struct gatherer *g, const char *text)
{
	name_list_append(g->arena, &g->found.shows, text);
}

static void who(struct gatherer *g, const char *text)
{
	name_list_append(g->arena, &g->found.who, text);
}

static const char *evidence_count(const struct gatherer *g, double count)
{
	return view_figure_of(g->arena, count, UNIT_COUNT);
}

/* The number of a fact of this instance; NAN: not known. */
static double evidence_number(const struct gatherer *g, const char *key, const char *instance)
{
	const struct fact *fact = facts_get(g->facts, key, instance);
	if (!fact || fact->status != FACT_KNOWN)
		return (double)NAN;
	return fact->number;
}

static void say_holders(struct gatherer *g, const struct held *held)
{
	for (size_t i = 0; i < held->holder_count; i++) {
		const struct holder *holder = &held->holders[i];
		double sockets = (double)holder->sockets;
		const char *count = evidence_count(g, sockets);
		const char *text = arena_printf(g->arena,
				"PID %d (%s) has %s of them",
				holder->pid,
				holder->name,
				count);
		who(g, text);
	}
}

/* --- outgoing ports ------------------------------------------------------------------------- */

static void say_states(struct gatherer *g, const struct held *held, const char *to)
{
	struct text line = {0};
	double total = (double)held->total;
	double waiting = (double)held->states[STATE_TIME_WAIT];
	const char *count = evidence_count(g, total);
	text_addf(&line, "%s sockets to %s", count, to);
	why_add_states(g->arena, &line, held->states);
	shows(g, text_take(g->arena, &line));
	if (waiting * 2 > total && held->accepted == 0)
		shows(g, "TIME_WAIT stays on the side that closes first, which is this host");
}

/* "10.0.0.5:80", also where its source is named behind it. */
static const char *first_word(struct arena *arena, const char *text)
{
	size_t length = strcspn(text, " ");
	return arena_copy(arena, text, length);
}

static void show_ports_of_facts(struct gatherer *g, const char *to)
{
	double sockets = evidence_number(g, "destination.sockets", to);
	double waiting = evidence_number(g, "destination.time_wait", to);
	double established = evidence_number(g, "destination.established", to);
	if (!(sockets > 0))
		return;
	const char *text = arena_printf(g->arena,
			"%s sockets to %s: %s established, %s in TIME_WAIT",
			evidence_count(g, sockets),
			to,
			evidence_count(g, established),
			evidence_count(g, waiting));
	shows(g, text);
}

static void show_ports(struct gatherer *g)
{
	struct endpoint end;
	struct held_answer answer;
	if (!g->cause->now.by)
		return;
	const char *to = first_word(g->arena, g->cause->now.by);
	if (!why_is_live(g->in_case)) {
		show_ports_of_facts(g, to);
		return;
	}
	if (!endpoint_parse(to, &end))
		return;
	struct held_query query = {
			.pid = vantage_pid(g),
			.port = end.port,
	};
	query.to.family = end.family;
	memcpy(query.to.bytes, end.address, sizeof query.to.bytes);
	held_read(g->arena, &query, &answer);
	if (answer.count == 0)
		return;
	const struct held *held = answer.items;
	say_states(g, held, to);
	say_holders(g, held);
}

/* --- descriptors of a process --------------------------------------------------------------- */

/* "worker (PID 4711)"; 0: it names none. */
static int pid_that_names(const char *by)
{
	static const char mark[] = "(PID ";
	if (!by)
		return 0;
	const char *at = strstr(by, mark);
	if (!at)
		return 0;
	return atoi(at + strlen(mark));
}

static void show_files(struct gatherer *g)
{
	int pid = pid_that_names(g->cause->now.by);
	bool own = pid == vantage_pid(g);
	if (!why_is_live(g->in_case) || pid == 0)
		return;
	if (own && g->in_case->process)
		return; /* of the process that was asked for it stands there once */
	struct inventory *inventory = arena_alloc(g->arena, sizeof *inventory);
	inventory_read(g->arena, pid, inventory);
	if (inventory->open) {
		const char *kinds = why_open_kinds(g->arena, inventory);
		shows(g, arena_printf(g->arena, "Open: %s", kinds));
	}
	if (inventory->group_count)
		shows(g, why_group_says(g->arena, inventory->groups));
}

/* --- accept queues -------------------------------------------------------------------------- */

static void show_queue(struct gatherer *g)
{
	const char *at = g->cause->now.by;
	if (!at)
		return;
	double backlog = evidence_number(g, "listener.backlog", at);
	double waiting = evidence_number(g, "listener.queue", at);
	double drops = evidence_number(g, "listener.drops", at);
	const struct fact *process = facts_get(g->facts, "listener.process", at);
	if (!isnan(waiting) && !isnan(backlog)) {
		const char *text = arena_printf(g->arena,
				"%s connections wait for accept(); the backlog is %s",
				evidence_count(g, waiting),
				evidence_count(g, backlog));
		shows(g, text);
	}
	if (drops > 0) {
		const char *text = arena_printf(g->arena,
				"This listener has dropped %s so far",
				evidence_count(g, drops));
		shows(g, text);
	}
	if (process && process->status == FACT_KNOWN) {
		const char *text = arena_printf(g->arena, "%s listens on %s", process->text, at);
		who(g, text);
	}
}

/* --- threads -------------------------------------------------------------------------------- */

/* Whose limit it is: of a user, of a control group, of the host. */
static struct heavy_query whose_threads(const struct gatherer *g)
{
	static const char user[] = "user ";
	static const char group[] = "control group ";
	static const char pids[] = "/pids/";
	struct heavy_query query = {
			.with = HEAVY_THREADS,
			.uid = (double)NAN,
	};
	const char *by = g->cause->now.by;
	if (!by)
		return query;
	if (text_begins_with(by, user))
		query.uid = facts_number(g->facts, "vantage.uid");
	if (!text_begins_with(by, group))
		return query;
	query.group = by + strlen(group);
	if (text_begins_with(query.group, pids)) /* cgroup v1 */
		query.group += strlen(pids) - 1;
	return query;
}

static void say_heaviest(struct gatherer *g,
		const struct heavy_query *query,
		const char *one,
		const char *more)
{
	struct heavy most[HEAVIEST_SHOWN];
	size_t count = heaviest_read(g->arena, query, most);
	for (size_t i = 0; i < count; i++) {
		const struct heavy *heavy = &most[i];
		const char *things = one;
		if (heavy->count > 1)
			things = more;
		const char *text = arena_printf(g->arena,
				"PID %d (%s) has %s %s",
				heavy->pid,
				heavy->name,
				evidence_count(g, heavy->count),
				things);
		who(g, text);
	}
}

static void show_threads(struct gatherer *g)
{
	const struct heavy_query query = whose_threads(g);
	if (!why_is_live(g->in_case))
		return;
	say_heaviest(g, &query, "thread", "threads");
}

/* "user ID 1000" */
static void show_inotify(struct gatherer *g)
{
	static const char mark[] = "user ID ";
	const char *by = g->cause->now.by;
	if (!why_is_live(g->in_case))
		return;
	if (!by || !text_begins_with(by, mark))
		return;
	const struct heavy_query query = {
			.with = HEAVY_INOTIFY,
			.uid = strtod(by + strlen(mark), NULL),
	};
	say_heaviest(g, &query, "instance", "instances");
}

/* --- calls that fail ------------------------------------------------------------------------ */

/* The calls come first, then what the limit itself shows. */
static void show_failed(struct gatherer *g)
{
	const struct why_cause *cause = g->cause;
	const char *says = why_says(g->arena, cause);
	struct name_list lines = {0};
	g->found.elsewhere = why_calls_show(g->in_case, cause, &lines);
	if (lines.count == 0)
		return;
	g->found.says = arena_printf(g->arena, "%s.", lines.items[0]);
	for (size_t i = 1; i < lines.count; i++)
		shows(g, lines.items[i]);
	if (g->found.elsewhere)
		return;
	size_t length = strlen(says);
	if (text_ends_with(says, "."))
		length--;
	shows(g, arena_copy(g->arena, says, length));
}

/* -------------------------------------------------------------------------------------------- */

static const struct evidence_row {
	const char *id;
	void (*show)(struct gatherer *g);
} evidence_rows[] = {
		{"ephemeral-ports", show_ports},
		{"process-fds", show_files},
		{"accept-queue", show_queue},
		{"syn-backlog", show_queue},
		{"threads", show_threads},
		{"inotify-instances", show_inotify},
};

static void show_own(struct gatherer *g, const char *id)
{
	for (size_t i = 0; i < COUNT_OF(evidence_rows); i++) {
		const struct evidence_row *row = &evidence_rows[i];
		if (strcmp(row->id, id) == 0)
			row->show(g);
	}
}

static struct why_evidence evidence_of(const struct why_case *in_case,
		const struct why_cause *cause)
{
	struct gatherer g = {
			.arena = in_case->pipeline->run->arena,
			.in_case = in_case,
			.cause = cause,
			.facts = why_last_look(in_case)->situation->facts,
	};
	if (cause->failed > 0)
		show_failed(&g);
	if (cause->named && cause->named->shows)
		shows(&g, cause->named->shows);
	if (cause->rule && !g.found.elsewhere)
		show_own(&g, cause->rule->id);
	return g.found;
}

/* Does something speak for it? Of a process that was named, its own limits are looked at in any
 * case. */
static bool is_gathered(const struct why_case *in_case, const struct why_cause *cause)
{
	bool own = cause->rule && cause->rule->scope == SCOPE_PROCESS;
	bool asked = own && in_case->pipeline->run->options->pid > 0;
	bool shown = cause->named && cause->named->shows;
	if (asked || shown || cause->failed > 0)
		return true;
	return cause->strength > WHY_POSSIBLE;
}

void why_gather(struct why_case *in_case)
{
	struct arena *arena = in_case->pipeline->run->arena;
	const struct why_causes *causes = &in_case->answer.causes;
	const struct why_causes *also = &in_case->answer.also;
	in_case->evidence = arena_alloc(arena, (causes->count + 1) * sizeof *in_case->evidence);
	in_case->also_evidence = arena_alloc(arena, (also->count + 1) * sizeof *in_case->evidence);
	for (size_t i = 0; i < causes->count; i++) {
		const struct why_cause *cause = &causes->items[i];
		if (is_gathered(in_case, cause))
			in_case->evidence[i] = evidence_of(in_case, cause);
	}
	for (size_t i = 0; i < also->count; i++) {
		const struct why_cause *cause = &also->items[i];
		if (cause->failed > 0)
			in_case->also_evidence[i] = evidence_of(in_case, cause);
	}
}

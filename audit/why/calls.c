/* --for: between the two looks the kernel tells which calls fail. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/why/why.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "probes/host/sockets/endpoint.h"
#include "probes/trace/failing.h"
#include "report/document/view.h"

static const double least_s = 1;

enum {
	SHOWN_MAX = 4 /* sentences for each cause */
};

bool why_calls_check(const struct run *run, struct error *err)
{
	const struct options *options = run->options;
	double for_s = options->why.for_s;
	if (for_s == 0)
		return true;
	if (options->facts_path)
		return error_set(err, "--for watches calls as they fail: of a snapshot there are none");
	if (for_s >= least_s)
		return true;
	return error_set(err, "--for: %.3g s; give 1s to 1h", for_s);
}

/* --- waiting -------------------------------------------------------------------------------- */

struct waiting {
	sigset_t ends, before;
	bool ended;
};

static void hold_signals(struct waiting *waiting)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	(void)sigemptyset(&waiting->ends);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		(void)sigaddset(&waiting->ends, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &waiting->ends, &waiting->before);
}

static void release_signals(const struct waiting *waiting)
{
	(void)sigprocmask(SIG_SETMASK, &waiting->before, NULL);
}

/* Has a signal come? What was held is taken, so that it does not end the program later. */
static bool is_ended(void *context)
{
	const struct timespec now = {0, 0};
	struct waiting *waiting = context;
	if (sigtimedwait(&waiting->ends, NULL, &now) > 0)
		waiting->ended = true;
	return waiting->ended;
}

/* The counters of two looks that are so far apart say more than those of two looks at once. */
static double wait_blindly(struct waiting *waiting, double seconds)
{
	const double start = clock_now_s();
	const struct timespec round = {0, 100000000};
	while (clock_now_s() < start + seconds && !is_ended(waiting)) {
		if (sigtimedwait(&waiting->ends, NULL, &round) > 0)
			waiting->ended = true;
	}
	return clock_now_s() - start;
}

static void say_start(const struct options *options, const struct why_calls *calls)
{
	if (options->quiet || !isatty(STDERR_FILENO))
		return;
	if (calls->refused)
		screen_say("failing calls cannot be watched: %s", calls->refusal.why);
	screen_say("looking for %.3g s; Ctrl-C ends it early", options->why.for_s);
}

static void open_trace(struct arena *arena, int pid, struct why_calls *calls)
{
	struct error err = {0};
	calls->source = source_live(arena, 0, &err);
	if (calls->source)
		calls->trace = trace_open(arena, calls->source, pid, &calls->refusal);
	else
		calls->refusal = (struct trace_refusal){arena_strdup(arena, err.text), NULL};
	calls->refused = !calls->trace;
}

void why_calls_watch(const struct pipeline *pipeline, struct why_calls *calls)
{
	const struct run *run = pipeline->run;
	const struct options *options = run->options;
	struct waiting waiting = {.ended = false};
	hold_signals(&waiting);
	open_trace(run->arena, (int)options->pid, calls);
	say_start(options, calls);
	if (calls->trace) {
		calls->seconds = trace_run(calls->trace, options->why.for_s, is_ended, &waiting);
		trace_finish(calls->trace, &calls->seen);
	} else {
		calls->seconds = wait_blindly(&waiting, options->why.for_s);
	}
	release_signals(&waiting);
}

void why_calls_destination(struct arena *arena, const struct why_calls *calls, struct name_list *to)
{
	const struct trace_seen *seen = &calls->seen;
	for (size_t i = 0; to->count == 0 && i < seen->count; i++) {
		const struct call_row *row = &seen->rows[i];
		const char *name = why_call_to(arena, row);
		if (row->error == EADDRNOTAVAIL && name)
			name_list_append(arena, to, name);
	}
}

void why_calls_close(struct why_calls *calls)
{
	trace_close(calls->trace);
	if (calls->source)
		source_close(calls->source);
	*calls = (struct why_calls){0};
}

/* --- in words ------------------------------------------------------------------------------ */

const char *why_call_to(struct arena *arena, const struct call_row *row)
{
	struct endpoint to = {.family = row->to.family, .port = (uint16_t)row->to_port};
	if (row->to.family == 0)
		return NULL;
	memcpy(to.address, row->to.bytes, sizeof to.address);
	return endpoint_text(arena, &to);
}

/* Rows that differ by the process alone. */
struct same_calls {
	const struct call_row *most; /* the one with the most */
	double count;
	size_t processes;
};

static bool is_same_call(const struct call_row *a, const struct call_row *b)
{
	return a->error == b->error && a->to_port == b->to_port && strcmp(a->call, b->call) == 0 &&
			address_is_same(&a->to, &b->to);
}

static void add_same(struct same_calls *all, size_t *count, const struct call_row *row)
{
	size_t at = 0;
	while (at < *count && !is_same_call(all[at].most, row))
		at++;
	if (at == *count)
		all[(*count)++] = (struct same_calls){.most = row};
	all[at].count += row->count;
	all[at].processes++;
}

static int by_calls(const void *a, const void *b)
{
	const struct same_calls *left = a, *right = b;
	return (left->count < right->count) - (left->count > right->count);
}

static const char *who_called(struct arena *arena, const struct same_calls *same)
{
	const struct call_row *row = same->most;
	const char *name = text_clean(arena, row->name, strlen(row->name), 0);
	const char *who = arena_printf(arena,
			"PID %d%s%s%s",
			row->pid,
			*name ? " (" : "",
			name,
			*name ? ")" : "");
	if (row->pid <= 0)
		who = "a process that is not visible from here";
	if (same->processes == 1)
		return who;
	return arena_printf(arena, "%s and %zu more", who, same->processes - 1);
}

static const char *say_same(struct arena *arena,
		const struct why_calls *calls,
		const struct same_calls *same)
{
	const struct call_row *row = same->most;
	const char *to = why_call_to(arena, row);
	const char *times = view_figure_of(arena, same->count, UNIT_COUNT);
	return arena_printf(arena,
			"%s()%s%s failed %s%s %s with %s in %.3g s: %s",
			row->call,
			to ? " to " : "",
			to ? to : "",
			calls->seen.at_least ? "at least " : "",
			times,
			same->count == 1 ? "time" : "times",
			failing_error_name(row->error),
			calls->seconds,
			who_called(arena, same));
}

static bool is_in_other_network(struct source *source, int pid)
{
	char path[64], own[SOURCE_LINK_MAX], other[SOURCE_LINK_MAX];
	(void)snprintf(path, sizeof path, "proc/%d/ns/net", pid);
	return source_link(source, "proc/self/ns/net", own) == 0 &&
			source_link(source, path, other) == 0 && strcmp(own, other) != 0;
}

/* "worker (PID 4711)": is it this process's limit that was looked at? */
static bool is_of(struct arena *arena, const struct why_cause *cause, int pid)
{
	const char *mark = arena_printf(arena, "(PID %d)", pid);
	return cause->now.by && strstr(cause->now.by, mark);
}

/* Of the whole host, the looks saw this namespace, this control group and the fullest process: what
 * fails may be in another. */
static bool show_elsewhere(const struct why_case *in_case,
		const struct why_cause *cause,
		int pid,
		struct name_list *shows)
{
	struct arena *arena = in_case->pipeline->run->arena;
	const struct limit_rule *rule = cause->rule;
	if (!rule || in_case->pipeline->run->options->pid > 0 || pid <= 0)
		return false;
	const char *where = NULL;
	bool of_process = rule->scope == SCOPE_PROCESS;
	if (is_in_other_network(in_case->calls->source, pid) && !of_process)
		where = "is in another network namespace";
	else if (cause->now.state != PRESENT_FULL || (of_process && !is_of(arena, cause, pid)))
		where = "itself was not looked at";
	if (!where)
		return false;
	name_list_append(arena,
			shows,
			arena_printf(arena, "PID %d %s: headroom why --pid %d looks there", pid, where, pid));
	return true;
}

bool why_calls_show(const struct why_case *in_case,
		const struct why_cause *cause,
		struct name_list *shows)
{
	struct arena *arena = in_case->pipeline->run->arena;
	const struct why_calls *calls = in_case->calls;
	const struct trace_seen *seen = &calls->seen;
	const char *const *failed_of = in_case->answer.failed_of;
	const char *id = cause->rule ? cause->rule->id : cause->named->id;
	struct same_calls *all = arena_alloc(arena, (seen->count + 1) * sizeof *all);
	size_t count = 0;
	for (size_t i = 0; i < seen->count; i++)
		if (failed_of[i] && strcmp(failed_of[i], id) == 0)
			add_same(all, &count, &seen->rows[i]);
	if (count == 0)
		return false;
	qsort(all, count, sizeof *all, by_calls);
	for (size_t i = 0; i < count && i < SHOWN_MAX; i++)
		name_list_append(arena, shows, say_same(arena, calls, &all[i]));
	if (count > SHOWN_MAX)
		name_list_append(arena,
				shows,
				arena_printf(arena, "%zu more kinds of calls failed of it", count - SHOWN_MAX));
	return show_elsewhere(in_case, cause, all[0].most->pid, shows);
}

/* --- what they come from -------------------------------------------------------------------- */

/* A line of a log may leave open which call failed; here it is known, and these have one cause. */
static const struct {
	const char *call;
	int error;
	const char *cause;
} certain[] = {
		{"inotify_add_watch", ENOSPC, "inotify-watches"}, /* inotify_add_watch(2) */
};

static void drop_others(const struct call_row *row, struct why_failed *failed)
{
	for (size_t i = 0; i < COUNT_OF(certain); i++) {
		if (certain[i].error != row->error || strcmp(certain[i].call, row->call) != 0)
			continue;
		for (size_t k = 0; k < failed->named_count; k++) {
			if (strcmp(failed->named[k].id, certain[i].cause) != 0)
				continue;
			failed->named += k;
			failed->named_count = 1;
			return;
		}
	}
}

/* As a program would log it: "connect 10.0.0.5:80: EADDRNOTAVAIL". */
static const char *line_of(struct arena *arena, const struct call_row *row)
{
	const char *to = why_call_to(arena, row);
	return arena_printf(arena,
			"%s %s: %s",
			row->call,
			to ? to : "",
			failing_error_name(row->error));
}

void why_calls_match(struct arena *arena, const struct rules *rules, struct why_calls *calls)
{
	const struct trace_seen *seen = &calls->seen;
	const struct why_table *table = why_table_new(arena, rules);
	calls->failed = arena_alloc(arena, (seen->count + 1) * sizeof *calls->failed);
	for (size_t i = 0; i < seen->count; i++) {
		struct why_failed *failed = &calls->failed[i];
		struct why_named *named;
		const struct why_lines line = {.text = line_of(arena, &seen->rows[i])};
		failed->count = seen->rows[i].count;
		why_name(arena, table, &line, &named, &failed->named_count);
		failed->named = named;
		drop_others(&seen->rows[i], failed);
	}
}

/* --for: between the two looks the kernel tells which calls fail. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/why/why.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "probes/trace/failing.h"

static const double least_s = 1;

bool why_calls_check(const struct run *run, struct error *err)
{
	const struct options *options = run->options;
	double for_s = options->why.for_s;
	if (for_s == 0)
		return true;
	if (options->facts_path)
		return error_set(err,
				"--for watches calls as they fail, which a snapshot cannot show; leave out --for "
				"or --facts");
	if (for_s >= least_s)
		return true;
	return error_set(err, "--for: %.3g s; give 1s to 1h", for_s);
}

/* --- waiting -------------------------------------------------------------------------------- */

struct waiting {
	sigset_t ends, before;
	bool ended;
};

static void block_ends(struct waiting *waiting)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	(void)sigemptyset(&waiting->ends);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		(void)sigaddset(&waiting->ends, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &waiting->ends, &waiting->before);
}

/* A second Ctrl-C at the same moment is to end the watching, not the answer. */
static void drop_signals(const struct waiting *waiting)
{
	const struct timespec now = {0, 0};
	while (sigtimedwait(&waiting->ends, NULL, &now) > 0)
		continue;
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
		screen_say("cannot watch failing calls: %s", calls->refusal.why);
	screen_say("watching for %.3g s; Ctrl-C ends it early", options->why.for_s);
}

/* NULL: the calls cannot be seen, and *ret_refusal says why. */
static struct trace *open_trace(struct arena *arena,
		const struct options *options,
		struct source *source,
		struct trace_refusal *ret_refusal)
{
	const int pid = (int)options->pid;
	/* Its calls are asked for, not those of others. */
	if (options->vantage && pid <= 0) {
		ret_refusal->why = "it is not running";
		return NULL;
	}
	return trace_open(arena, source, pid, ret_refusal);
}

void why_calls_watch(const struct pipeline *pipeline, struct why_calls *calls)
{
	const struct run *run = pipeline->run;
	const struct options *options = run->options;
	struct waiting waiting = {.ended = false};
	block_ends(&waiting);
	struct error err = {0};
	calls->source = source_live(run->arena, 0, &err);
	if (calls->source)
		calls->trace = open_trace(run->arena, options, calls->source, &calls->refusal);
	else
		calls->refusal.why = arena_strdup(run->arena, err.text);
	calls->refused = calls->trace == NULL;
	say_start(options, calls);
	const double for_s = options->why.for_s;
	if (calls->trace) {
		calls->seconds = trace_run(calls->trace, for_s, is_ended, &waiting);
		trace_finish(calls->trace, &calls->seen);
	} else {
		calls->seconds = wait_blindly(&waiting, for_s);
	}
	drop_signals(&waiting);
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

/* --- what they come from -------------------------------------------------------------------- */

/* As a program would log it: "connect 10.0.0.5:80: EADDRNOTAVAIL". */
static const char *line_of_call(struct arena *arena, const struct call_row *row)
{
	const char *to = why_call_to(arena, row);
	const char *error = failing_error_name(row->error);
	if (to)
		return arena_printf(arena, "%s %s: %s", row->call, to, error);
	return arena_printf(arena, "%s: %s", row->call, error);
}

/* A line of a log may leave open which call failed; here it is known, and these have one cause. */
static const struct certain {
	const char *call;
	int error;
	const char *cause;
} certain[] = {
		{"inotify_add_watch", ENOSPC, "inotify-watches"}, /* inotify_add_watch(2) */
};

/* Leaves the one cause alone, if it is among those that are named. */
static void keep_certain(struct why_failed *failed, const char *cause)
{
	for (size_t i = 0; i < failed->named_count; i++) {
		const struct why_named *named = &failed->named[i];
		if (strcmp(named->id, cause) != 0)
			continue;
		failed->named = named;
		failed->named_count = 1;
		return;
	}
}

static void drop_others(const struct call_row *row, struct why_failed *failed)
{
	for (size_t i = 0; i < COUNT_OF(certain); i++) {
		const struct certain *one = &certain[i];
		if (one->error != row->error)
			continue;
		if (strcmp(one->call, row->call) == 0)
			keep_certain(failed, one->cause);
	}
}

void why_calls_match(struct arena *arena, const struct rules *rules, struct why_calls *calls)
{
	const struct trace_seen *seen = &calls->seen;
	const struct why_table *table = why_table_new(arena, rules);
	size_t room = seen->count + 1;
	calls->failed = arena_alloc(arena, room * sizeof *calls->failed);
	for (size_t i = 0; i < seen->count; i++) {
		const struct call_row *row = &seen->rows[i];
		struct why_failed *failed = &calls->failed[i];
		struct why_named *named;
		const char *text = line_of_call(arena, row);
		const struct why_lines line = {.text = text};
		why_name(arena, table, &line, &named, &failed->named_count);
		failed->count = row->count;
		failed->named = named;
		drop_others(row, failed);
	}
}

/* --for: the calls that failed, in words and in the document. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/why/why.h"
#include "base/text.h"
#include "probes/host/sockets/endpoint.h"
#include "probes/trace/failing.h"
#include "report/document/view.h"

enum {
	SHOWN_MAX = 4, /* sentences for each cause */
	ROWS_LISTED = 200
};

const char *why_call_to(struct arena *arena, const struct call_row *row)
{
	struct endpoint to = {
			.family = row->to.family,
			.port = (uint16_t)row->to_port,
	};
	if (to.family == 0)
		return NULL;
	memcpy(to.address, row->to.bytes, sizeof to.address);
	return endpoint_text(arena, &to);
}

/* --- in words ------------------------------------------------------------------------------ */

/* Rows that differ by the process alone. */
struct same_calls {
	const struct call_row *most; /* the one with the most */
	double count;
	size_t processes;
};

static bool is_same_call(const struct call_row *a, const struct call_row *b)
{
	if (a->error != b->error)
		return false;
	if (a->to_port != b->to_port)
		return false;
	if (strcmp(a->call, b->call) != 0)
		return false;
	return address_is_same(&a->to, &b->to);
}

static void add_same(struct same_calls *all, size_t *count, const struct call_row *row)
{
	struct same_calls *same = all;
	const struct same_calls *end = all + *count;
	while (same < end && !is_same_call(same->most, row))
		same++;
	if (same == end) {
		*same = (struct same_calls){.most = row};
		(*count)++;
	}
	same->count += row->count;
	same->processes++;
}

static int by_calls(const void *a, const void *b)
{
	const struct same_calls *left = a;
	const struct same_calls *right = b;
	if (left->count < right->count)
		return 1;
	if (left->count > right->count)
		return -1;
	return 0;
}

static const char *caller_name(struct arena *arena, const struct call_row *row)
{
	size_t length = strlen(row->name);
	const char *name = text_clean(arena, row->name, length, 0);
	if (*name == '\0')
		return NULL;
	return name;
}

static void add_who(struct arena *arena, struct text *line, const struct same_calls *same)
{
	const struct call_row *row = same->most;
	const char *name = caller_name(arena, row);
	double processes = (double)same->processes;
	const char *count = view_figure_of(arena, processes, UNIT_COUNT);
	if (row->pid == CALLS_OTHERS) {
		text_addf(line, "%s processes or more", count);
		return;
	}
	if (row->pid > 0)
		text_addf(line, "PID %d", row->pid);
	else
		text_add(line, "a process that is not visible here");
	if (name)
		text_addf(line, " (%s)", name);
	if (same->processes > 1)
		text_addf(line, " and %zu more", same->processes - 1);
}

static const char *say_same(struct arena *arena,
		const struct why_calls *calls,
		const struct same_calls *same)
{
	const struct call_row *row = same->most;
	const char *to = why_call_to(arena, row);
	const char *count = view_figure_of(arena, same->count, UNIT_COUNT);
	struct text line = {0};
	text_addf(&line, "%s()", row->call);
	if (to)
		text_addf(&line, " to %s", to);
	text_add(&line, " failed ");
	if (calls->seen.at_least)
		text_add(&line, "at least ");
	if (same->count == 1)
		text_add(&line, "once");
	else
		text_addf(&line, "%s times", count);
	text_addf(&line, " with %s", failing_error_name(row->error));
	text_addf(&line, " in %.3g s: ", calls->seconds);
	add_who(arena, &line, same);
	return text_take(arena, &line);
}

static bool is_in_other_network(struct source *source, int pid)
{
	char path[64];
	char own[SOURCE_LINK_MAX];
	char other[SOURCE_LINK_MAX];
	(void)snprintf(path, sizeof path, "proc/%d/ns/net", pid);
	if (source_link(source, "proc/self/ns/net", own) != 0)
		return false;
	if (source_link(source, path, other) != 0)
		return false;
	return strcmp(own, other) != 0;
}

/* "worker (PID 4711)": is it this process's limit that was looked at? */
static bool is_of(struct arena *arena, const struct why_cause *cause, int pid)
{
	const char *mark = arena_printf(arena, "(PID %d)", pid);
	return cause->now.by && strstr(cause->now.by, mark);
}

/* Of the whole host, the looks saw this namespace, this control group and the fullest process: what
 * fails may be in another. NULL: they saw it. */
static const char *unseen_place(const struct why_case *in_case,
		const struct why_cause *cause,
		int pid)
{
	static const char not_seen[] = "was not looked at";
	struct arena *arena = in_case->pipeline->run->arena;
	bool of_process = cause->rule->scope == SCOPE_PROCESS;
	bool other = is_in_other_network(in_case->calls->source, pid);
	if (other && !of_process)
		return "is in another network namespace";
	if (cause->now.state != PRESENT_FULL)
		return not_seen;
	if (of_process && !is_of(arena, cause, pid))
		return not_seen;
	return NULL;
}

static bool show_elsewhere(const struct why_case *in_case,
		const struct why_cause *cause,
		int pid,
		struct name_list *shows)
{
	static const char line[] = "PID %d %s; to look there: headroom why --pid %d";
	const struct run *run = in_case->pipeline->run;
	bool whole_host = !(run->options->pid > 0);
	if (!whole_host)
		return false;
	if (!cause->rule || pid <= 0)
		return false;
	const char *where = unseen_place(in_case, cause, pid);
	if (!where)
		return false;
	const char *text = arena_printf(run->arena, line, pid, where, pid);
	name_list_append(run->arena, shows, text);
	return true;
}

static size_t group_calls(const struct why_case *in_case, const char *cause, struct same_calls *all)
{
	const struct trace_seen *seen = &in_case->calls->seen;
	size_t count = 0;
	for (size_t i = 0; i < seen->count; i++) {
		const char *of = in_case->answer.failed_of[i];
		if (of && strcmp(of, cause) == 0)
			add_same(all, &count, &seen->rows[i]);
	}
	if (count > 1)
		qsort(all, count, sizeof *all, by_calls);
	return count;
}

bool why_calls_show(const struct why_case *in_case,
		const struct why_cause *cause,
		struct name_list *shows)
{
	struct arena *arena = in_case->pipeline->run->arena;
	const struct why_calls *calls = in_case->calls;
	size_t room = calls->seen.count + 1;
	struct same_calls *all = arena_alloc(arena, room * sizeof *all);
	size_t count = group_calls(in_case, why_cause_id(cause), all);
	if (count == 0)
		return false;
	size_t shown = count;
	if (shown > SHOWN_MAX)
		shown = SHOWN_MAX;
	for (size_t i = 0; i < shown; i++) {
		const char *text = say_same(arena, calls, &all[i]);
		name_list_append(arena, shows, text);
	}
	if (count > shown) {
		size_t more = count - shown;
		const char *text =
				arena_printf(arena, "%zu more kinds of calls failed for this reason", more);
		name_list_append(arena, shows, text);
	}
	int pid = all[0].most->pid;
	return show_elsewhere(in_case, cause, pid, shows);
}

/* --- in the document ------------------------------------------------------------------------ */

/* A failure: what, whose, where to, and what it comes from. */
static void put_call(const struct members *put,
		cJSON *rows,
		const struct call_row *row,
		const char *cause)
{
	cJSON *item = cJSON_CreateObject();
	double pid = (double)NAN;
	if (row->pid > 0)
		pid = row->pid;
	member_text(put, item, "call", row->call);
	member_text(put, item, "error", failing_error_name(row->error));
	member_number(item, "count", row->count);
	member_number(item, "pid", pid);
	member_text(put, item, "process", caller_name(put->arena, row));
	member_text(put, item, "to", why_call_to(put->arena, row));
	member_text(put, item, "cause", cause);
	(void)cJSON_AddItemToArray(rows, item);
}

/* Those with the most failures. */
static void put_call_rows(const struct members *put, cJSON *object, const struct why_case *in_case)
{
	const struct trace_seen *seen = &in_case->calls->seen;
	cJSON *rows = member_array(object, "rows");
	size_t listed = seen->count;
	if (listed > ROWS_LISTED)
		listed = ROWS_LISTED;
	for (size_t i = 0; i < listed; i++) {
		const char *cause = in_case->answer.failed_of[i];
		put_call(put, rows, &seen->rows[i], cause);
	}
	size_t more = seen->count - listed;
	member_number(object, "more_rows", (double)more);
}

void why_calls_put(const struct members *put, cJSON *document, const struct why_case *in_case)
{
	const struct why_calls *calls = in_case->calls;
	struct trace_seen seen = calls->seen;
	if (!calls->asked) {
		member_null(document, "calls");
		return;
	}
	if (calls->refused)
		seen.calls = seen.lost = (double)NAN;
	cJSON *object = member_object(document, "calls");
	member_number(object, "seconds", calls->seconds);
	member_bool(object, "watched", !calls->refused);
	member_text(put, object, "why_not", calls->refusal.why);
	member_text(put, object, "way_out", calls->refusal.way);
	member_number(object, "failed", seen.calls);
	member_number(object, "lost", seen.lost);
	member_bool(object, "at_least", seen.at_least);
	member_text(put, object, "not_seen", seen.blind);
	put_call_rows(put, object, in_case);
}

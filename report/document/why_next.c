#include "report/document/why_next.h"

#include <math.h>
#include <string.h>

#include "report/document/view.h"

size_t why_hit_before(const cJSON *document)
{
	size_t count = 0;
	const cJSON *cause;
	const char *answer = view_raw(document, "answer");
	if (strcmp(answer, "none") != 0)
		return 0;
	cJSON_ArrayForEach(cause, view_array(document, "also")) {
		const char *strength = view_raw(cause, "strength");
		count += strcmp(strength, "hit-since-boot") == 0;
	}
	return count;
}

struct next_question {
	struct arena *arena;
	const cJSON *document;
	struct why_next *next;
};

static void next_command(const struct next_question *q, const char *command)
{
	name_list_append(q->arena, &q->next->commands, command);
}

/* "headroom why --pid 4711 --for 60s", or without the process. */
static void next_watch_calls(const struct next_question *q)
{
	double pid = view_number(q->document, "process.pid");
	const char *command = "headroom why --for 60s";
	if (!isnan(pid))
		command = arena_printf(q->arena, "headroom why --pid %.0f --for 60s", pid);
	next_command(q, command);
}

bool why_is_of_no_process(const cJSON *document)
{
	const cJSON *first = cJSON_GetArrayItem(view_array(document, "causes"), 0);
	bool own = strcmp(view_raw(first, "scope"), "process") == 0;
	bool possible = strcmp(view_raw(first, "strength"), "possible") == 0;
	bool has_process = strstr(view_raw(first, "now.by"), "(PID ") != NULL;
	if (view_object(document, "process") || !view_true(document, "host.live"))
		return false;
	return own && possible && has_process;
}

static void next_name_process(const struct next_question *q)
{
	q->next->text = "Name the process that wrote the line, by its PID (or with --unit NAME or "
					"--container NAME):";
	next_command(q, "headroom why --pid PID \"LOG LINE\"");
}

static void next_after_hits(const struct next_question *q)
{
	if (!view_true(q->document, "host.live")) {
		q->next->text = "A count since boot does not say when. Ask on the host itself, or with "
						"the line that the program logged:";
		next_command(q, "headroom why \"LOG LINE\"");
		return;
	}
	q->next->text = "A count since boot does not say when. If it fails again, run this as root "
					"meanwhile:";
	next_watch_calls(q);
}

static void next_on_the_host(const struct next_question *q)
{
	q->next->text = "Ask on the host itself while it fails, as root, or with the line that the "
					"program logged:";
	next_command(q, "headroom why --for 60s");
	next_command(q, "headroom why \"LOG LINE\"");
}

/* Was a text given that headroom does not know? */
static bool is_strange(const cJSON *document)
{
	const cJSON *text = view_object(document, "text");
	return text && !view_true(text, "known");
}

/* Nothing was found on this host now. */
static void next_look_while_it_fails(const struct next_question *q)
{
	bool watched = !isnan(view_number(q->document, "calls.seconds"));
	bool named = view_object(q->document, "process") != NULL;
	if (watched) {
		q->next->text = "The cause may be on the other side, or come back: this shows each limit "
						"as it fills.";
		next_command(q, "headroom watch");
		return;
	}
	const char *first = "";
	if (is_strange(q->document))
		first = "Give the line as the program logged it, with its error message. ";
	q->next->text = arena_printf(q->arena,
			"%sRun one of these while it fails (--for needs root). The cause may also be on the "
			"other "
			"side.",
			first);
	if (!named)
		next_command(q, "headroom why --pid PID");
	next_watch_calls(q);
	next_command(q, "headroom watch");
}

bool why_next_of(struct arena *arena, const cJSON *document, struct why_next *ret_next)
{
	const struct next_question q = {arena, document, ret_next};
	bool none = strcmp(view_raw(document, "answer"), "none") == 0;
	bool empty = view_count(document, "causes") == 0 && view_count(document, "also") == 0;
	*ret_next = (struct why_next){0};
	if (why_is_of_no_process(document))
		next_name_process(&q);
	else if (why_hit_before(document) > 0)
		next_after_hits(&q);
	else if (none && empty && view_true(document, "host.live"))
		next_look_while_it_fails(&q);
	else if (none && empty)
		next_on_the_host(&q);
	return ret_next->text != NULL;
}

/* How often a user of a locustfile opens a connection, where each request opens one: by wait_time,
 * and by how many requests a task makes. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/locust/users.h"

/* What wait_time says. */
struct wait {
	double seconds; /* NAN: not known */
	bool paced;     /* from one task's beginning to the next, whatever the task takes */
};

/* One argument of wait_time's call; *at moves behind it. */
static double wait_argument(struct collect *c,
		const struct locust_name *wait,
		size_t *at,
		size_t end)
{
	const struct python *python = &c->script->files[wait->file].python;
	struct locust_name argument = *wait;
	argument.start = *at;
	argument.end = python_item_end(python, *at, end);
	if (python_at(python, *at + 1, "="))
		argument.start += 2; /* between(min_wait=1, max_wait=5) */
	*at = argument.end + 1;
	if (argument.start >= argument.end)
		return NAN;
	return locust_number_of(c->script, &argument);
}

static struct wait wait_call(struct collect *c, const struct locust_name *wait, size_t open)
{
	const struct python *python = &c->script->files[wait->file].python;
	struct wait found = {NAN, false};
	size_t at = open + 1, ignored;
	size_t close = python_closing(python, open, wait->end);
	const char *dotted = locust_dotted(c->script, wait->file, open - 1, &ignored);
	const char *call = locust_last_part(dotted);
	double first = wait_argument(c, wait, &at, close);
	if (!strcmp(call, "between")) {
		double second = wait_argument(c, wait, &at, close);
		found.seconds = (first + second) / 2;
	} else if (!strcmp(call, "constant")) {
		found.seconds = first;
	} else if (!strcmp(call, "constant_pacing")) {
		found.seconds = first;
		found.paced = true;
	} else if (!strcmp(call, "constant_throughput")) {
		found.seconds = 1 / first;
		found.paced = true;
	}
	return found;
}

static struct wait wait_of(struct collect *c, int class)
{
	static const struct wait none = {0, false};
	static const struct wait unknown = {NAN, false};
	const struct locust_script *script = c->script;
	const struct locust_name *wait = locust_attribute(script, class, "wait_time");
	if (!wait && !locust_attribute(script, class, "min_wait"))
		return none;
	if (!wait)
		return unknown;
	const struct python *python = &script->files[wait->file].python;
	size_t open = wait->start;
	while (open < wait->end && !python_at(python, open, "("))
		open++;
	if (open == wait->end || open == wait->start)
		return unknown;
	return wait_call(c, wait, open);
}

static bool has_fact(const struct collect *c, size_t user, enum locust_fact fact)
{
	for (size_t i = 0; i < c->script->note_count; i++) {
		const struct locust_note *note = &c->script->notes[i];
		if (note->fact != fact)
			continue;
		if (collect_concerns(c, note, user))
			return true;
	}
	return false;
}

/* `all`: the user's own session does not keep its connection either. */
static bool opens(const struct locust_note *note, bool all)
{
	switch (note->fact) {
	case FACT_CALL:
	case FACT_URLOPEN:
	case FACT_SESSION_EACH:
		return true;
	case FACT_REQUEST:
		return all;
	default:
		return false;
	}
}

/* How many connections one iteration opens: the task with the most, and the functions it may call.
 * NAN: a loop decides. */
static double opens_per_iteration(const struct collect *c, size_t user, bool all)
{
	double helpers = 0, most = 0, here = 0;
	int function = LOCUST_NONE;
	for (size_t i = 0; i < c->script->note_count; i++) {
		const struct locust_note *note = &c->script->notes[i];
		if (!opens(note, all))
			continue;
		if (!collect_concerns(c, note, user))
			continue;
		if (isnan(note->rounds))
			return NAN;
		if (note->function != function)
			here = 0;
		here += note->rounds;
		function = note->function;
		if (note->task)
			most = fmax(most, here);
		else
			helpers += note->rounds;
	}
	return most + helpers;
}

static void read_cycle(struct collect *c, size_t index)
{
	struct locust_user *user = &c->users->items[index];
	bool all = false;
	all |= has_fact(c, index, FACT_CLOSE_HEADER);
	all |= has_fact(c, index, FACT_CLIENT_CLOSE);
	struct wait wait = wait_of(c, user->class);
	double opened = opens_per_iteration(c, index, all);
	double busy = 0;
	if (!isnan(c->latency_s))
		busy = opened * c->latency_s;
	double iteration = wait.seconds + busy;
	if (wait.paced && !isnan(wait.seconds))
		iteration = fmax(wait.seconds, busy);
	user->each = opened != 0 || all; /* also where it is not known */
	user->keeps = !all && has_fact(c, index, FACT_REQUEST);
	if (user->kind == KIND_PLAIN && has_fact(c, index, FACT_SESSION_EACH))
		user->keeps = false; /* its requests are that session's */
	user->cycle_s = NAN;
	if (!isfinite(iteration) || iteration <= 0)
		return;
	if (opened > 0)
		user->cycle_s = iteration / opened;
}

void collect_cycles(struct collect *c)
{
	for (size_t i = 0; i < c->users->count; i++)
		read_cycle(c, i);
}

/* Remembers each thread from one look to the next. What a thread waits after the last look at it is
 * not seen, so that the sums are too low rather than too high. */
#include "probes/watch/waiting.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "probes/host/parse.h"

/* What a processor that slept takes to wake up, and a virtual one its host to give it back. A tool
 * that sleeps between any two answers waits so long each time, on an idle host as well. Where
 * processors hardly ever sleep, what it waits for is others. */
static const double wake_ns = 50e3;

struct thread {
	int id; /* 0: a free slot */
	double run_ns, wait_ns, turns;
};

struct threads {
	struct thread *slots;
	size_t size, count;
};

struct waiting {
	struct threads then, now;
	double most_ns; /* in this look */
	double wake_ns; /* of each turn, in this look */
	struct waited sums;
	bool known; /* the kernel tells it */
};

struct waiting *waiting_new(bool known)
{
	struct waiting *waiting = memory_new(sizeof *waiting);
	waiting->known = known;
	return waiting;
}

void waiting_free(struct waiting *waiting)
{
	if (!waiting)
		return;
	free(waiting->then.slots);
	free(waiting->now.slots);
	free(waiting);
}

static struct thread *thread_slot(const struct threads *threads, int id)
{
	size_t mask = threads->size - 1;
	size_t i = ((size_t)id * 2654435761u) & mask; /* Knuth, 6.4 */
	while (threads->slots[i].id && threads->slots[i].id != id)
		i = (i + 1) & mask;
	return &threads->slots[i];
}

static void threads_grow(struct threads *threads)
{
	struct threads grown = {.size = 64, .count = threads->count};
	if (threads->size)
		grown.size = threads->size * 2;
	grown.slots = memory_new(grown.size * sizeof *grown.slots);
	for (size_t i = 0; i < threads->size; i++) {
		const struct thread *thread = &threads->slots[i];
		if (thread->id)
			*thread_slot(&grown, thread->id) = *thread;
	}
	free(threads->slots);
	*threads = grown;
}

static bool read_schedstat(const char *text, struct thread *thread)
{
	uint64_t run, wait, turns;
	if (!parse_u64(&text, &run) || *text++ != ' ' || !parse_u64(&text, &wait) || *text++ != ' ' ||
			!parse_u64(&text, &turns))
		return false;
	thread->run_ns = (double)run;
	thread->wait_ns = (double)wait;
	thread->turns = (double)turns;
	return true;
}

/* What it was at the look before; all 0 if it is new, also where another thread had its number. */
static struct thread thread_before(const struct waiting *waiting, const struct thread *now)
{
	const struct thread none = {.id = now->id};
	if (!waiting->then.size)
		return none;
	const struct thread *then = thread_slot(&waiting->then, now->id);
	if (!then->id || then->run_ns > now->run_ns || then->turns > now->turns)
		return none;
	return *then;
}

void waiting_begin(struct waiting *waiting, double idle)
{
	free(waiting->then.slots);
	waiting->then = waiting->now;
	waiting->now = (struct threads){.slots = NULL};
	waiting->most_ns = 0;
	waiting->wake_ns = wake_ns * fmax(0, fmin(1, idle));
}

bool waiting_add(struct waiting *waiting, int thread, const char *schedstat)
{
	struct thread now = {.id = thread};
	if (thread <= 0 || !read_schedstat(schedstat, &now))
		return false;
	const struct thread then = thread_before(waiting, &now);
	double woken_ns = (now.turns - then.turns) * waiting->wake_ns;
	double waited_ns = now.wait_ns - then.wait_ns - woken_ns;
	if ((waiting->now.count + 1) * 2 > waiting->now.size)
		threads_grow(&waiting->now);
	struct thread *slot = thread_slot(&waiting->now, thread);
	waiting->now.count += slot->id == 0;
	*slot = now;
	waiting->most_ns = fmax(waiting->most_ns, waited_ns);
	waiting->sums.run_s += (now.run_ns - then.run_ns) / 1e9;
	waiting->sums.thread_s = fmax(waiting->sums.thread_s, now.run_ns / 1e9);
	return true;
}

void waiting_end(struct waiting *waiting, double elapsed_s)
{
	waiting->sums.wait_s += fmin(waiting->most_ns / 1e9, elapsed_s);
}

struct waited waiting_sums(const struct waiting *waiting)
{
	struct waited sums = waiting->sums;
	if (!waiting->known)
		sums.wait_s = (double)NAN;
	return sums;
}

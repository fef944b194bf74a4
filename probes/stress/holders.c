/* The threads that hold descriptors. No thread allocates or writes to the pipe: the first thread
 * does. */
#include "probes/stress/holders.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"

enum {
	CHUNK = 64,
	LANES_MAX = 4,
	POINTS = 2048,
	STACK_BYTES = 256 * 1024
};

enum holder_state {
	HOLDER_IS_IDLE,
	HOLDER_IS_WORKING,
	HOLDER_IS_FULL
};

struct holder {
	struct holders *owner;
	pthread_t thread;
	pthread_cond_t wake;
	enum holder_state state;
	size_t held;
};

struct span {
	size_t from, to;
};

struct point {
	double wall_s, clock_s, count; /* clock_s runs only while filling */
};

struct holders {
	struct worker *worker;
	struct holder *items;
	size_t count, most;
	unsigned lanes, active;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	holder_fn *job;
	void *context;
	size_t next, end;
	struct span *left; /* what full tables could not do */
	size_t left_count;
	int error;
	size_t held;
	double clock_s, fill_start_s, total;
	struct point *points;
	size_t point_count;
	double step; /* a point is noted when so many more are held */
};

size_t holders_room(size_t want)
{
	struct rlimit files, raised;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return 0;
	raised = (struct rlimit){.rlim_cur = want,
			.rlim_max = want > files.rlim_max ? want : files.rlim_max};
	/* Beyond the hard limit needs CAP_SYS_RESOURCE. */
	if (setrlimit(RLIMIT_NOFILE, &raised) != 0) {
		raised = (struct rlimit){.rlim_cur = want < files.rlim_max ? want : files.rlim_max,
				.rlim_max = files.rlim_max};
		if (setrlimit(RLIMIT_NOFILE, &raised) != 0)
			raised = files;
	}
	return raised.rlim_cur;
}

static unsigned processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 2;
	return count < 1 ? 1 : count > LANES_MAX ? LANES_MAX : (unsigned)count;
}

struct holders *holders_new(struct worker *worker, size_t most, unsigned lanes)
{
	struct arena *arena = arena_new();
	struct holders *holders = arena_alloc(arena, sizeof *holders);
	pthread_condattr_t monotonic;
	holders->worker = worker;
	holders->most = most;
	holders->lanes = lanes ? lanes : processors();
	holders->items = arena_alloc(arena, (most + 1) * sizeof *holders->items);
	holders->left = arena_alloc(arena, (most + 1) * sizeof *holders->left);
	holders->points = arena_alloc(arena, POINTS * sizeof *holders->points);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&holders->lock, NULL);
	(void)pthread_cond_init(&holders->changed, &monotonic);
	return holders;
}

static bool has_work(const struct holders *holders)
{
	return holders->error == 0 && (holders->next < holders->end || holders->left_count > 0);
}

static struct span take_span(struct holders *holders)
{
	if (holders->left_count > 0)
		return holders->left[--holders->left_count];
	struct span span = {.from = holders->next, .to = holders->next + CHUNK};
	if (span.to > holders->end)
		span.to = holders->end;
	holders->next = span.to;
	return span;
}

static void note_point(struct holders *holders)
{
	double now = worker_seconds(holders->worker);
	if (!holders->points)
		return;
	const struct point *last = holders->point_count > 0 ? &holders->points[holders->point_count - 1]
														: NULL;
	if (last && (double)holders->held < last->count + holders->step)
		return;
	if (holders->point_count >= POINTS) { /* every second one is enough, from here on too */
		for (size_t i = 0; i < POINTS / 2; i++)
			holders->points[i] = holders->points[2 * i];
		holders->point_count = POINTS / 2;
		holders->step = fmax(2 * holders->step, 2 * (double)holders->held / POINTS);
	}
	holders->points[holders->point_count++] = (struct point){
			.wall_s = now,
			.clock_s = holders->clock_s + now - holders->fill_start_s,
			.count = (double)holders->held,
	};
}

/* Does a span without the lock; *ret_kept descriptors were kept. Returns where it ended: span.to
 * unless the table is full, -1 through *ret_error otherwise. */
static size_t do_span(struct holders *holders, struct span span, size_t *ret_kept, int *ret_error)
{
	size_t i = span.from;
	*ret_kept = 0;
	*ret_error = 0;
	for (; i < span.to && !worker_stopped(holders->worker); i++) {
		int fd = holders->job(holders->context, i);
		if (fd >= 0) {
			++*ret_kept;
		} else if (fd == HOLDER_FULL) {
			return i;
		} else if (fd == HOLDER_STOP) {
			*ret_error = errno ? errno : EIO;
			return span.to;
		}
	}
	return span.to;
}

/* One span, called and returning with the lock held. */
static void work_once(struct holder *holder)
{
	struct holders *holders = holder->owner;
	struct span span = take_span(holders);
	size_t kept;
	int error;
	(void)pthread_mutex_unlock(&holders->lock);
	size_t end = do_span(holders, span, &kept, &error);
	(void)pthread_mutex_lock(&holders->lock);
	holder->held += kept;
	holders->held += kept;
	if (kept > 0)
		note_point(holders);
	if (error && !holders->error)
		holders->error = error;
	if (end < span.to) {
		holders->left[holders->left_count++] = (struct span){end, span.to};
		holder->state = HOLDER_IS_FULL;
		/* A table that cannot hold anything would be followed by another, forever. */
		if (holder->held == 0 && !holders->error)
			holders->error = EMFILE;
	}
}

static void *holder_main(void *argument)
{
	struct holder *holder = argument;
	struct holders *holders = holder->owner;
	/* Without the first thread's: a socket is closed when the last table has closed it. */
	int error = unshare(CLONE_FILES) == 0 ? 0 : errno;
	if (!error)
		worker_close_from(3);
	(void)pthread_mutex_lock(&holders->lock);
	if (error && !holders->error)
		holders->error = error;
	for (;;) {
		while (holder->state == HOLDER_IS_WORKING && has_work(holders))
			work_once(holder);
		if (holder->state == HOLDER_IS_WORKING)
			holder->state = HOLDER_IS_IDLE;
		holders->active--;
		(void)pthread_cond_signal(&holders->changed);
		while (holder->state != HOLDER_IS_WORKING)
			(void)pthread_cond_wait(&holder->wake, &holders->lock);
	}
	return NULL;
}

static int create(struct holders *holders)
{
	struct holder *holder = &holders->items[holders->count];
	pthread_attr_t attributes;
	*holder = (struct holder){.owner = holders, .state = HOLDER_IS_WORKING};
	(void)pthread_cond_init(&holder->wake, NULL);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
	int error = pthread_create(&holder->thread, &attributes, holder_main, holder);
	(void)pthread_attr_destroy(&attributes);
	return error;
}

/* Sets one more thread to work. false: there is none to be had. */
static bool engage(struct holders *holders, int *ret_error)
{
	for (size_t i = 0; i < holders->count; i++)
		if (holders->items[i].state == HOLDER_IS_IDLE) {
			holders->items[i].state = HOLDER_IS_WORKING;
			holders->active++;
			(void)pthread_cond_signal(&holders->items[i].wake);
			return true;
		}
	*ret_error = holders->count < holders->most ? create(holders) : EAGAIN;
	if (*ret_error)
		return false;
	holders->count++;
	holders->active++;
	return true;
}

static void wait_change(struct holders *holders)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	(void)pthread_cond_timedwait(&holders->changed, &holders->lock, &until);
}

int holders_fill(struct holders *holders, size_t count, holder_fn *job, void *context, double total)
{
	int error = 0;
	(void)pthread_mutex_lock(&holders->lock);
	holders->job = job;
	holders->context = context;
	holders->next = 0;
	holders->end = count;
	holders->left_count = 0;
	holders->error = 0;
	holders->fill_start_s = worker_seconds(holders->worker);
	note_point(holders);
	for (;;) {
		if (worker_stopped(holders->worker) && !holders->error)
			holders->error = ECANCELED;
		while (has_work(holders) && holders->active < holders->lanes && engage(holders, &error))
			;
		if (holders->active == 0)
			break;
		wait_change(holders);
		worker_progress(holders->worker, (double)holders->held, total);
	}
	holders->clock_s += worker_seconds(holders->worker) - holders->fill_start_s;
	error = holders->error ? holders->error : has_work(holders) ? error : 0;
	(void)pthread_mutex_unlock(&holders->lock);
	return error;
}

void holders_count(struct holders *holders, size_t more)
{
	holders->held += more;
}

void holders_reset(struct holders *holders)
{
	holders->held = 0;
	holders->clock_s = 0;
	holders->point_count = 0;
	holders->step = 0;
}

size_t holders_held(const struct holders *holders)
{
	return holders->held;
}

size_t holders_threads(const struct holders *holders)
{
	return holders->count;
}

/* The filling clock at a count, between two points. */
static double clock_at(const struct holders *holders, double count)
{
	const struct point *points = holders->points;
	for (size_t i = 1; i < holders->point_count; i++)
		if (points[i].count >= count && points[i].count > points[i - 1].count) {
			double part = (count - points[i - 1].count) / (points[i].count - points[i - 1].count);
			return points[i - 1].clock_s +
					fmax(part, 0) * (points[i].clock_s - points[i - 1].clock_s);
		}
	return holders->clock_s;
}

void holders_report(const struct holders *holders)
{
	struct worker *worker = holders->worker;
	double all = (double)holders->held;
	size_t last = holders->point_count, step = last / (CALIBRATION_SAMPLES - 1) + 1;
	for (size_t i = 0; i < last; i += step)
		worker_sample(worker, holders->points[i].wall_s, holders->points[i].count);
	worker_sample(worker, worker_seconds(worker), all);
	worker_reached(worker, all);
	if (holders->held < 1 || !(holders->clock_s > 0))
		return;
	worker_rate(worker, all / holders->clock_s);
	for (unsigned i = 0; i < CALIBRATION_DECILES && holders->held >= 1000; i++) {
		double spent = clock_at(holders, all * (i + 1) / 10) - clock_at(holders, all * i / 10);
		if (spent > 0)
			worker_decile(worker, i, all / 10 / spent);
	}
}

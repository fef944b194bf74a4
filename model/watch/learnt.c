#include "model/watch/learnt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* So many closes while the run went on tell who closes; fewer may be chance. */
static const double closes_least = 100;
/* A socket in TIME_WAIT is gone after so long (include/net/tcp.h, TCP_TIMEWAIT_LEN): what it says
 * of closes is said of this time alone. */
static const double window_s = 60;
/* Two samples whose connections differ by so many show what each of them takes. */
static const double apart_least = 100;
/* In a shorter run no sample may show all connections at one time. */
static const double brief_run_s = 1;
/* So many times the connections of one time must have been opened for those that the end of the run
 * closes not to matter. */
static const double end_matters_not = 10;
/* Below this, a share of a processor is mostly start and end of the program. */
static const double cores_least = 0.05, cpu_least_s = 0.2;

const struct learnt_row learnt_rows[LEARNT_VALUES] = {
		[LEARNT_CONNECTIONS] = {"connections", UNIT_COUNT, W_CONNECTIONS},
		[LEARNT_SOCKETS_PER_CONNECTION] = {"sockets_per_connection", UNIT_RATIO, WORKLOAD_FIELDS},
		[LEARNT_OPEN_RATE] = {"open_rate_per_s", UNIT_PER_S, W_OPEN_RATE},
		[LEARNT_CLIENT_CLOSES] = {"client_closes", UNIT_RATIO, W_CLIENT_CLOSES},
		[LEARNT_SERVER_CLOSES] = {"server_closes", UNIT_RATIO, WORKLOAD_FIELDS},
		[LEARNT_FDS_BASE] = {"fds_base", UNIT_COUNT, W_FDS_BASE},
		[LEARNT_FDS_PER_CONNECTION] = {"fds_per_connection", UNIT_COUNT, W_FDS_PER_CONNECTION},
		[LEARNT_MEMORY_BASE] = {"memory_base_bytes", UNIT_BYTES, W_MEMORY_BASE},
		[LEARNT_MEMORY_PER_CONNECTION] = {"memory_per_connection_bytes",
				UNIT_BYTES,
				W_MEMORY_PER_CONNECTION},
		[LEARNT_CPU_CORES] = {"cpu_cores", UNIT_COUNT, WORKLOAD_FIELDS},
		[LEARNT_OPENS_PER_CORE] = {"opens_per_core", UNIT_PER_S, WORKLOAD_FIELDS},
		[LEARNT_REQUESTS] = {"requests_per_s", UNIT_PER_S, WORKLOAD_FIELDS},
		[LEARNT_REQUESTS_PER_CORE] = {"requests_per_core", UNIT_PER_S, WORKLOAD_FIELDS},
};

enum learnt learnt_find(const char *name)
{
	for (size_t i = 0; i < LEARNT_VALUES; i++)
		if (strcmp(name, learnt_rows[i].name) == 0)
			return (enum learnt)i;
	return LEARNT_VALUES;
}

/* --- spread --------------------------------------------------------------------------------------
 */

static int learnt_compare(const void *a, const void *b)
{
	const double *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

struct learnt_spread learnt_spread_of(double *values, size_t count)
{
	struct learnt_spread spread = {0, (double)NAN, (double)NAN, (double)NAN};
	for (size_t i = 0; i < count; i++) {
		const double value = values[i];
		if (!isnan(value))
			values[spread.n++] = value;
	}
	if (!spread.n)
		return spread;
	qsort(values, spread.n, sizeof *values, learnt_compare);
	size_t middle = spread.n / 2;
	const bool even = spread.n % 2 == 0;
	double lower = values[middle];
	if (even)
		lower = values[middle - 1];
	spread.min = values[0];
	spread.max = values[spread.n - 1];
	spread.median = (lower + values[middle]) / 2;
	return spread;
}

/* --- one run -------------------------------------------------------------------------------------
 */

struct lesson {
	const struct certify_input *input;
	const struct observations *seen;
	const struct workload *load; /* NULL: nothing was planned */
	enum observed live, opened, time_wait;
	enum learnt this_side, other_side;
	struct learnt_run *run;
};

static bool learnt_has_role(const struct workload *load, const char *role)
{
	const char *own = NULL;
	if (load)
		own = load->values[W_ROLE].text;
	if (!own)
		return false;
	return strcmp(own, role) == 0;
}

/* A server's connections are those it accepted. */
static void turn_to_server(struct lesson *lesson)
{
	lesson->live = O_ACCEPTED;
	lesson->opened = O_ACCEPTS;
	lesson->time_wait = O_ACCEPTED_TIME_WAIT;
	lesson->this_side = LEARNT_SERVER_CLOSES;
	lesson->other_side = LEARNT_CLIENT_CLOSES;
}

static struct lesson lesson_of(const struct certify_input *input, struct learnt_run *run)
{
	struct lesson lesson = {
			.input = input,
			.seen = input->seen,
			.live = O_LIVE,
			.opened = O_OPENS,
			.time_wait = O_TIME_WAIT,
			.this_side = LEARNT_CLIENT_CLOSES,
			.other_side = LEARNT_SERVER_CLOSES,
			.run = run,
	};
	if (input->plan)
		lesson.load = result_load(input->plan);
	bool server = learnt_has_role(lesson.load, "server");
	bool proxy = learnt_has_role(lesson.load, "proxy");
	if (server || proxy)
		turn_to_server(&lesson);
	return lesson;
}

static void lesson_keep(const struct lesson *lesson, enum learnt what, double value)
{
	lesson->run->values[what] = value;
}

/* A number of the plan. */
static double planned(const struct lesson *lesson, enum workload_field field, double otherwise)
{
	const struct workload_value *value;
	if (!lesson->load)
		return otherwise;
	value = &lesson->load->values[field];
	if (!value->set)
		return otherwise;
	if (!isfinite(value->number))
		return otherwise;
	return value->number;
}

static double peak_seen(const struct lesson *lesson, enum observed what)
{
	return observations_peak(lesson->seen, what, NULL);
}

/* --- what each connection takes ------------------------------------------------------------------
 */

static double lesson_live(const struct lesson *lesson, const struct observation *sample)
{
	return sample->values[lesson->live];
}

static bool is_more(const struct lesson *lesson,
		const struct observation *a,
		const struct observation *b)
{
	if (!b)
		return true;
	return lesson_live(lesson, a) > lesson_live(lesson, b);
}

static bool is_less(const struct lesson *lesson,
		const struct observation *a,
		const struct observation *b)
{
	if (!b)
		return true;
	return lesson_live(lesson, a) < lesson_live(lesson, b);
}

/* By the samples with the fewest and the most connections; NAN: they are too near to each other. */
static double slope_of(const struct lesson *lesson, enum observed what)
{
	const struct observations *seen = lesson->seen;
	const struct observation *few = NULL;
	const struct observation *many = NULL;
	for (size_t i = 1; i + 1 < seen->count; i++) {
		const struct observation *sample = &seen->items[i];
		double value = sample->values[what];
		if (isnan(lesson_live(lesson, sample)))
			continue;
		if (!(value > 0))
			continue;
		if (is_less(lesson, sample, few))
			few = sample;
		if (is_more(lesson, sample, many))
			many = sample;
	}
	if (!few)
		return (double)NAN;
	double apart = lesson_live(lesson, many) - lesson_live(lesson, few);
	double more = many->values[what] - few->values[what];
	if (apart < apart_least)
		return (double)NAN;
	return more / apart;
}

/* Of one process alone: which of several holds what connection is not seen. */
static void learn_files(const struct lesson *lesson, double live)
{
	double files = peak_seen(lesson, O_FDS_MOST);
	double each = round(slope_of(lesson, O_FDS_MOST));
	bool several = planned(lesson, W_PROCESSES, 1) > 1;
	if (several || !(files >= live))
		return;
	if (each >= 1)
		lesson_keep(lesson, LEARNT_FDS_PER_CONNECTION, each);
	else
		each = planned(lesson, W_FDS_PER_CONNECTION, 1);
	double base = files - live * each;
	if (base >= 0)
		lesson_keep(lesson, LEARNT_FDS_BASE, base);
}

/* What a connection takes where that was seen, else what the plan says of it, at most all there
 * was. */
static double learn_memory_of_each(const struct lesson *lesson,
		double resident,
		double live,
		double users)
{
	double each = slope_of(lesson, O_RESIDENT) - users / live;
	double plan = planned(lesson, W_MEMORY_PER_CONNECTION, 0);
	double most = resident / live;
	if (!(each > 0) && plan <= most)
		return plan;
	if (!(each > 0))
		each = most;
	each = ceil(each);
	lesson_keep(lesson, LEARNT_MEMORY_PER_CONNECTION, each);
	return each;
}

/* All that was resident is shared out: the rest is the program's own. */
static void learn_memory(const struct lesson *lesson, double live)
{
	double resident = peak_seen(lesson, O_RESIDENT);
	double users = planned(lesson, W_USERS, 0);
	double processes = planned(lesson, W_PROCESSES, 1);
	if (!(resident > 0))
		return;
	users *= planned(lesson, W_MEMORY_PER_USER, 0);
	double each = learn_memory_of_each(lesson, resident, live, users);
	double rest = fmax(0, resident - users - each * live);
	double base = ceil(rest / fmax(1, processes));
	lesson_keep(lesson, LEARNT_MEMORY_BASE, base);
}

/* --- who closed ----------------------------------------------------------------------------------
 */

/* From one sample to another. */
struct span {
	const struct observation *from, *to;
};

static double span_growth(const struct span *span, enum observed what)
{
	double before = span->from->values[what];
	double after = span->to->values[what];
	return after - before;
}

/* Counters are of the network namespace; what others were seen to open is not the command's. */
static double opened_in(const struct lesson *lesson, const struct span *span)
{
	double opened = span_growth(span, lesson->opened);
	double others = span_growth(span, O_OTHERS_OPENED);
	if (lesson->opened != O_OPENS || !(others > 0))
		return opened;
	return fmax(0, opened - others);
}

static struct span whole_span(const struct lesson *lesson)
{
	const struct observations *seen = lesson->seen;
	return (struct span){&seen->items[0], &seen->items[seen->count - 1]};
}

/* All of a run that is shorter than TIME_WAIT: after its end nothing moves any more, so that
 * counters and sockets are of one moment. What the end itself closed is in it. */
static bool whole_run(const struct lesson *lesson, struct span *ret_span)
{
	const struct observations *seen = lesson->seen;
	const struct observation *last = &seen->items[seen->count - 1];
	const struct span whole = whole_span(lesson);
	double opened = opened_in(lesson, &whole);
	double live = peak_seen(lesson, lesson->live);
	if (last->t_s >= window_s)
		return false;
	if (isnan(lesson_live(lesson, last)))
		return false;
	if (!(opened >= live * end_matters_not))
		return false;
	ret_span->from = seen->items;
	ret_span->to = last;
	return true;
}

/* The last sample that was taken while the command ran; NULL: no sockets were counted. */
static const struct observation *last_running(const struct lesson *lesson)
{
	const struct observations *seen = lesson->seen;
	const struct observation *found = NULL;
	for (size_t i = 1; i + 1 < seen->count; i++) {
		const struct observation *sample = &seen->items[i];
		if (!isnan(lesson_live(lesson, sample)))
			found = sample;
	}
	return found;
}

/* The last TIME_WAIT's life before it. */
static bool running_span(const struct lesson *lesson, struct span *ret_span)
{
	const struct observation *sample = lesson->seen->items;
	ret_span->from = sample;
	ret_span->to = last_running(lesson);
	if (!ret_span->to)
		return false;
	double since_s = ret_span->to->t_s - window_s;
	while (ret_span->from->t_s < since_s && sample < ret_span->to) {
		sample++;
		if (!isnan(lesson_live(lesson, sample)))
			ret_span->from = sample;
	}
	return true;
}

/* What was not counted is taken for none. */
static double span_end(const struct span *span, enum observed what)
{
	double value = span->to->values[what];
	if (isnan(value))
		return 0;
	return value;
}

static double closed_in(const struct lesson *lesson, const struct span *span)
{
	double more = span_growth(span, lesson->live);
	double opened = opened_in(lesson, span);
	if (isnan(more)) /* before the start nothing was there */
		more = span_end(span, lesson->live);
	return opened - more;
}

/* A TIME_WAIT that a new connection took over was a close as well, of one side or the other: it is
 * counted as this side's, which is the worse case for this host. */
static double closed_here(const struct lesson *lesson, const struct span *span)
{
	double own = span_end(span, lesson->time_wait);
	double taken_over = span_growth(span, O_TIME_WAIT_REUSED);
	if (isnan(taken_over))
		return own;
	return own + taken_over;
}

/* The other end is no part of the command: what came into TIME_WAIT here beside its own. */
static double closed_there(const struct lesson *lesson, const struct span *span)
{
	double all = span_growth(span, O_TIME_WAIT_ALL);
	double own = span_end(span, lesson->time_wait);
	return fmax(0, all - own);
}

/* TIME_WAIT by side. Where the kernel ended it before its time (tcp_max_tw_buckets), nothing is
 * learned. */
static void learn_closes(const struct lesson *lesson)
{
	struct span span;
	bool whole = whole_run(lesson, &span);
	if (!whole && !running_span(lesson, &span))
		return;
	if (span_growth(&span, O_TIME_WAIT_OVERFLOW) > 0)
		return;
	double closed = closed_in(lesson, &span);
	double live = peak_seen(lesson, lesson->live);
	if (!(closed >= closes_least && closed > live))
		return;
	double here = closed_here(lesson, &span);
	double there = closed_there(lesson, &span);
	lesson_keep(lesson, lesson->this_side, fmin(1, here / closed));
	if (lesson->run->both_here && !isnan(there))
		lesson_keep(lesson, lesson->other_side, fmin(1, there / closed));
	const struct span whole_time = whole_span(lesson);
	double opened = opened_in(lesson, &whole_time);
	double seconds = lesson->input->run_s;
	if (seconds > 0)
		lesson_keep(lesson, LEARNT_OPEN_RATE, opened / seconds);
}

/* What was opened here was accepted here: over loopback, or between programs of one namespace. */
static bool is_both_here(const struct lesson *lesson)
{
	double opened = observations_growth(lesson->seen, O_OPENS);
	double accepted = observations_growth(lesson->seen, O_ACCEPTS);
	static const double nearly = 0.9;
	if (!(opened > 0))
		return false;
	return accepted >= opened * nearly;
}

/* --- the processor -------------------------------------------------------------------------------
 */

/* The first and the last sample in which the command's processor time was seen. */
static bool busy_span(const struct lesson *lesson, struct span *ret_span)
{
	const struct observations *seen = lesson->seen;
	*ret_span = (struct span){NULL, NULL};
	for (size_t i = 0; i < seen->count; i++) {
		const struct observation *sample = &seen->items[i];
		if (isnan(sample->values[O_CPU_S]))
			continue;
		if (!ret_span->from)
			ret_span->from = sample;
		ret_span->to = sample;
	}
	return ret_span->from != ret_span->to;
}

static void learn_processor(const struct lesson *lesson, double requests_per_s)
{
	struct span span;
	if (!busy_span(lesson, &span))
		return;
	double seconds = span.to->t_s - span.from->t_s;
	double cpu_s = span_growth(&span, O_CPU_S);
	double opened = opened_in(lesson, &span);
	if (!(seconds > 0) || !(cpu_s >= cpu_least_s))
		return;
	double cores = cpu_s / seconds;
	lesson_keep(lesson, LEARNT_CPU_CORES, cores);
	if (cores < cores_least)
		return;
	if (opened >= seconds)
		lesson_keep(lesson, LEARNT_OPENS_PER_CORE, opened / cpu_s);
	if (requests_per_s > 0)
		lesson_keep(lesson, LEARNT_REQUESTS_PER_CORE, requests_per_s / cores);
}

/* --- all of it -----------------------------------------------------------------------------------
 */

static void learn_connections(const struct lesson *lesson, const struct compared *live)
{
	if (lesson->input->run_s < brief_run_s)
		return;
	lesson_keep(lesson, LEARNT_CONNECTIONS, live->seen);
	double each = live->seen / live->predicted;
	if (live->predicted > 0)
		lesson_keep(lesson, LEARNT_SOCKETS_PER_CONNECTION, each);
}

void learnt_of_run(const struct certify_input *input,
		const struct certificate *seen,
		double requests_per_s,
		struct learnt_run *ret_run)
{
	const struct lesson lesson = lesson_of(input, ret_run);
	const struct compared *live = &seen->compared[0];
	for (size_t i = 0; i < LEARNT_VALUES; i++)
		ret_run->values[i] = (double)NAN;
	ret_run->both_here = is_both_here(&lesson);
	if (input->blind || input->seen->count < 3)
		return;
	lesson_keep(&lesson, LEARNT_REQUESTS, requests_per_s);
	learn_processor(&lesson, requests_per_s);
	if (!(live->seen > 0))
		return;
	learn_connections(&lesson, live);
	learn_files(&lesson, live->seen);
	learn_memory(&lesson, live->seen);
	learn_closes(&lesson);
}

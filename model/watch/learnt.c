#include "model/watch/learnt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* So many closes while the run went on tell who closes; fewer may be chance. */
static const double closes_least = 100;
/* A socket in TIME_WAIT is gone after so long (include/net/tcp.h, TCP_TIMEWAIT_LEN): what it says of
 * closes is said of this time alone. */
static const double window_s = 60;
/* Two samples whose connections differ by so many show what each of them takes. */
static const double apart_least = 100;
/* In a shorter run no sample may show all connections at one time. */
static const double brief_run_s = 1;
/* So many times the connections of one time must have been opened for those that the end of the run
 * closes not to matter. */
static const double end_matters_not = 20;
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

static int compare_numbers(const void *a, const void *b)
{
	const double *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

struct learnt_spread learnt_spread_of(double *values, size_t count)
{
	struct learnt_spread spread = {0, (double)NAN, (double)NAN, (double)NAN};
	for (size_t i = 0; i < count; i++)
		if (!isnan(values[i]))
			values[spread.n++] = values[i];
	if (!spread.n)
		return spread;
	qsort(values, spread.n, sizeof *values, compare_numbers);
	size_t middle = spread.n / 2;
	spread.min = values[0];
	spread.max = values[spread.n - 1];
	spread.median = values[middle];
	if (spread.n % 2 == 0)
		spread.median = (values[middle - 1] + values[middle]) / 2;
	return spread;
}

/* --- one run -------------------------------------------------------------------------------------
 */

struct lesson {
	const struct certify_input *input;
	const struct observations *seen;
	const struct workload *load; /* NULL: nothing was planned */
	enum observed live, opened, time_wait, other_time_wait;
	bool client;
	struct learnt_run *run;
};

static bool learnt_has_role(const struct workload *load, const char *role)
{
	if (!load || !load->values[W_ROLE].text)
		return false;
	return strcmp(load->values[W_ROLE].text, role) == 0;
}

/* A server's connections are those it accepted. */
static struct lesson lesson_of(const struct certify_input *input, struct learnt_run *run)
{
	struct lesson lesson = {
			.input = input,
			.seen = input->seen,
			.live = O_LIVE,
			.opened = O_OPENS,
			.time_wait = O_TIME_WAIT,
			.other_time_wait = O_ACCEPTED_TIME_WAIT,
			.client = true,
			.run = run,
	};
	if (input->plan)
		lesson.load = result_load(input->plan);
	if (!learnt_has_role(lesson.load, "server") && !learnt_has_role(lesson.load, "proxy"))
		return lesson;
	lesson.live = O_ACCEPTED;
	lesson.opened = O_ACCEPTS;
	lesson.time_wait = O_ACCEPTED_TIME_WAIT;
	lesson.other_time_wait = O_TIME_WAIT;
	lesson.client = false;
	return lesson;
}

static double number_of(const struct lesson *lesson, enum workload_field field, double otherwise)
{
	const struct workload_value *value;
	if (!lesson->load)
		return otherwise;
	value = &lesson->load->values[field];
	if (!value->set || !isfinite(value->number))
		return otherwise;
	return value->number;
}

/* The sample with the most connections, or with the fewest; NULL: none has been counted. */
static const struct observation *extreme(const struct lesson *lesson, enum observed also, bool most)
{
	const struct observation *found = NULL;
	for (size_t i = 1; i + 1 < lesson->seen->count; i++) {
		const struct observation *sample = &lesson->seen->items[i];
		double live = sample->values[lesson->live];
		if (isnan(live) || isnan(sample->values[also]) || !(sample->values[also] > 0))
			continue;
		bool better = !found || live > found->values[lesson->live];
		if (!most)
			better = !found || live < found->values[lesson->live];
		if (better)
			found = sample;
	}
	return found;
}

/* What each connection takes more of, by the samples with the fewest and the most; NAN: they are too
 * near to each other. */
static double slope_of(const struct lesson *lesson, enum observed what)
{
	const struct observation *few = extreme(lesson, what, false);
	const struct observation *many = extreme(lesson, what, true);
	if (!few || !many)
		return (double)NAN;
	double apart = many->values[lesson->live] - few->values[lesson->live];
	if (apart < apart_least)
		return (double)NAN;
	return (many->values[what] - few->values[what]) / apart;
}

/* Of one process alone: which of several holds what connection is not seen. */
static void learn_files(const struct lesson *lesson, double live)
{
	double *values = lesson->run->values;
	double files = observations_peak(lesson->seen, O_FDS_MOST, NULL);
	double each = slope_of(lesson, O_FDS_MOST);
	if (number_of(lesson, W_PROCESSES, 1) > 1 || !(files >= live) || !(live > 0))
		return;
	if (each > 0.9)
		values[LEARNT_FDS_PER_CONNECTION] = round(each);
	each = values[LEARNT_FDS_PER_CONNECTION];
	if (isnan(each))
		each = number_of(lesson, W_FDS_PER_CONNECTION, 1);
	if (files >= live * each)
		values[LEARNT_FDS_BASE] = files - live * each;
}

/* All that was resident is shared out: what a connection takes where that was seen, else what the
 * plan says of it, at most all; the rest is the program's own. */
static void learn_memory(const struct lesson *lesson, double live)
{
	double *values = lesson->run->values;
	double resident = observations_peak(lesson->seen, O_RESIDENT, NULL);
	double each = slope_of(lesson, O_RESIDENT);
	double users = number_of(lesson, W_USERS, 0) * number_of(lesson, W_MEMORY_PER_USER, 0);
	double planned = number_of(lesson, W_MEMORY_PER_CONNECTION, 0);
	if (!(resident > 0) || !(live > 0))
		return;
	if (each > users / live)
		values[LEARNT_MEMORY_PER_CONNECTION] = ceil(each - users / live);
	else if (planned * live > resident)
		values[LEARNT_MEMORY_PER_CONNECTION] = ceil(resident / live);
	each = values[LEARNT_MEMORY_PER_CONNECTION];
	if (isnan(each))
		each = planned;
	double rest = fmax(0, resident - users - each * live);
	values[LEARNT_MEMORY_BASE] = ceil(rest / fmax(1, number_of(lesson, W_PROCESSES, 1)));
}

/* The samples between which TIME_WAIT shows each close. */
struct span {
	const struct observation *from, *to;
};

/* All of a run that is shorter than TIME_WAIT: after its end nothing moves any more, so that
 * counters and sockets are of one moment. What the end itself closed is in it. */
static bool whole_run(const struct lesson *lesson, struct span *ret_window)
{
	const struct observations *seen = lesson->seen;
	const struct observation *last = &seen->items[seen->count - 1];
	double opened = observations_growth(seen, lesson->opened);
	double live = observations_peak(seen, lesson->live, NULL);
	if (last->t_s >= window_s || isnan(last->values[lesson->live]))
		return false;
	if (!(opened >= live * end_matters_not))
		return false;
	*ret_window = (struct span){&seen->items[0], last};
	return true;
}

/* The last TIME_WAIT's life before the last sample that was taken while the command ran. */
static struct span running_window(const struct lesson *lesson)
{
	const struct observations *seen = lesson->seen;
	struct span window = {NULL, NULL};
	for (size_t i = seen->count - 1; i-- > 1;)
		if (!window.to && !isnan(seen->items[i].values[lesson->live]))
			window.to = &seen->items[i];
	if (!window.to)
		return window;
	window.from = &seen->items[0];
	for (size_t i = 1; i < seen->count; i++) {
		const struct observation *sample = &seen->items[i];
		if (window.to->t_s - window.from->t_s <= window_s || sample == window.to)
			break;
		if (!isnan(sample->values[lesson->live]))
			window.from = sample;
	}
	return window;
}

static double gauge(const struct observation *sample, enum observed what)
{
	if (isnan(sample->values[what]))
		return 0;
	return sample->values[what];
}

static double grown(const struct span *window, enum observed what)
{
	return window->to->values[what] - window->from->values[what];
}

static double closed_in(const struct lesson *lesson, const struct span *window)
{
	double more = gauge(window->to, lesson->live) - gauge(window->from, lesson->live);
	return grown(window, lesson->opened) - more;
}

/* TIME_WAIT by side. A TIME_WAIT that a new connection took over was a close as well, of one side or
 * the other: it is counted as this side's, which is the worse case for this host. Where the kernel
 * ended TIME_WAIT before its time (tcp_max_tw_buckets), nothing is learned. */
static void learn_closes(const struct lesson *lesson)
{
	double *values = lesson->run->values;
	struct span window;
	if (!whole_run(lesson, &window))
		window = running_window(lesson);
	if (!window.to || grown(&window, O_TIME_WAIT_OVERFLOW) > 0)
		return;
	double closed = closed_in(lesson, &window);
	double taken_over = grown(&window, O_TIME_WAIT_REUSED);
	if (!(closed >= closes_least) || !(closed > observations_peak(lesson->seen, lesson->live, NULL)))
		return;
	if (isnan(taken_over))
		taken_over = 0;
	double own = gauge(window.to, lesson->time_wait) + taken_over;
	double others = gauge(window.to, lesson->other_time_wait);
	enum learnt this_side = lesson->client ? LEARNT_CLIENT_CLOSES : LEARNT_SERVER_CLOSES;
	enum learnt other_side = lesson->client ? LEARNT_SERVER_CLOSES : LEARNT_CLIENT_CLOSES;
	values[this_side] = fmin(1, own / closed);
	if (lesson->run->both_here)
		values[other_side] = fmin(1, others / closed);
	if (lesson->input->run_s > 0)
		values[LEARNT_OPEN_RATE] = observations_growth(lesson->seen, lesson->opened) / lesson->input->run_s;
}

/* What was opened here was accepted here: over loopback, or between programs of one namespace. */
static bool is_both_here(const struct lesson *lesson)
{
	double opened = observations_growth(lesson->seen, O_OPENS);
	double accepted = observations_growth(lesson->seen, O_ACCEPTS);
	return opened > 0 && accepted >= opened * 0.9;
}

/* The first and the last sample in which the command's processor time was seen. */
static bool busy_window(const struct lesson *lesson, struct span *ret_window)
{
	*ret_window = (struct span){NULL, NULL};
	for (size_t i = 0; i < lesson->seen->count; i++) {
		const struct observation *sample = &lesson->seen->items[i];
		if (isnan(sample->values[O_CPU_S]))
			continue;
		if (!ret_window->from)
			ret_window->from = sample;
		ret_window->to = sample;
	}
	return ret_window->from != ret_window->to;
}

static void learn_processor(const struct lesson *lesson, double requests_per_s)
{
	double *values = lesson->run->values;
	struct span window;
	if (!busy_window(lesson, &window))
		return;
	double seconds = window.to->t_s - window.from->t_s;
	double cpu_s = grown(&window, O_CPU_S);
	double opened = grown(&window, lesson->opened);
	if (!(seconds > 0) || !(cpu_s >= cpu_least_s))
		return;
	double cores = cpu_s / seconds;
	values[LEARNT_CPU_CORES] = cores;
	if (cores < cores_least)
		return;
	if (opened >= seconds)
		values[LEARNT_OPENS_PER_CORE] = opened / cpu_s;
	if (requests_per_s > 0)
		values[LEARNT_REQUESTS_PER_CORE] = requests_per_s / cores;
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
	ret_run->values[LEARNT_REQUESTS] = requests_per_s;
	learn_processor(&lesson, requests_per_s);
	if (!(live->seen > 0))
		return;
	if (input->run_s >= brief_run_s)
		ret_run->values[LEARNT_CONNECTIONS] = live->seen;
	if (input->run_s >= brief_run_s && live->predicted > 0)
		ret_run->values[LEARNT_SOCKETS_PER_CONNECTION] = live->seen / live->predicted;
	learn_files(&lesson, live->seen);
	learn_memory(&lesson, live->seen);
	learn_closes(&lesson);
}

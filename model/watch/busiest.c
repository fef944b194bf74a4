#include "model/watch/busiest.h"

#include <math.h>

static const double second = 1;
/* Looks that are kept lie this far apart at least, so that they cover more than a second. */
static const double apart_least_s = 0.02;

void busiest_init(struct busiest *ret_busiest)
{
	*ret_busiest = (struct busiest){0};
	for (size_t i = 0; i < BUSIEST_COUNTERS; i++)
		ret_busiest->most[i] = (double)NAN;
}

/* The look that lies `back` looks behind the last one; 0 is the last. */
static const struct busiest_look *look_at(const struct busiest *busiest, size_t back)
{
	size_t at = busiest->next + BUSIEST_LOOKS - 1 - back;
	return &busiest->looks[at % BUSIEST_LOOKS];
}

/* From one look to another: all of it if they lie within a second, else so much per second. fmax()
 * prefers what is known to NAN. */
static void compare_looks(struct busiest *busiest,
		const struct busiest_look *from,
		const struct busiest_look *to)
{
	double seconds = to->t_s - from->t_s;
	seconds = fmax(seconds, second);
	for (size_t i = 0; i < BUSIEST_COUNTERS; i++) {
		double *most = &busiest->most[i];
		double growth = to->counters[i];
		growth -= from->counters[i];
		*most = fmax(*most, growth / seconds);
	}
}

static void remember(struct busiest *busiest, const struct busiest_look *look)
{
	busiest->looks[busiest->next] = *look;
	busiest->next = (busiest->next + 1) % BUSIEST_LOOKS;
	if (busiest->count < BUSIEST_LOOKS)
		busiest->count++;
}

static struct busiest_look look_of(const struct observation *sample)
{
	struct busiest_look look = {
			.t_s = sample->t_s,
	};
	const double *counters = &sample->values[O_COUNTERS];
	for (size_t i = 0; i < BUSIEST_COUNTERS; i++)
		look.counters[i] = counters[i];
	/* What is known to be others' is not the command's. */
	if (sample->values[O_OTHERS_OPENED] > 0)
		look.counters[O_OPENS - O_COUNTERS] -= sample->values[O_OTHERS_OPENED];
	return look;
}

void busiest_add(struct busiest *busiest, const struct observation *sample)
{
	const struct busiest_look now = look_of(sample);
	double last_s = -apart_least_s;
	for (size_t back = 0; back < busiest->count; back++) {
		const struct busiest_look *look = look_at(busiest, back);
		compare_looks(busiest, look, &now);
		if (now.t_s - look->t_s >= second)
			break;
	}
	if (busiest->count) {
		last_s = look_at(busiest, 0)->t_s;
		busiest->longest_s = fmax(busiest->longest_s, now.t_s - last_s);
	}
	if (now.t_s - last_s >= apart_least_s)
		remember(busiest, &now);
}

double busiest_second(const struct busiest *busiest, enum observed what)
{
	if (!observed_counts(what))
		return (double)NAN;
	return busiest->most[what - O_COUNTERS];
}

/* Two points of the same second are just before and after something that happens at once. */
static double opened_at_once(const struct timeline_result *timeline,
		const struct load_series *series,
		size_t i)
{
	if (i == 0)
		return series->live[0];
	if (timeline->t[i] > timeline->t[i - 1])
		return 0;
	return fmax(0, series->live[i] - series->live[i - 1]);
}

double busiest_planned(const struct timeline_result *timeline,
		const struct load_series *series,
		double until_s)
{
	double most = (double)NAN;
	if (!series->live || !series->opens)
		return most;
	for (size_t i = 0; i < timeline->points; i++) {
		if (timeline->t[i] > until_s)
			break;
		double at_once = opened_at_once(timeline, series, i);
		most = fmax(most, at_once + series->opens[i]);
	}
	return most;
}

#include "model/watch/busiest.h"

#include <math.h>

static const double second = 1;

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
	double seconds = fmax(to->t_s - from->t_s, second);
	for (size_t i = 0; i < BUSIEST_COUNTERS; i++) {
		double growth = to->counters[i] - from->counters[i];
		busiest->most[i] = fmax(busiest->most[i], growth / seconds);
	}
}

static void remember(struct busiest *busiest, const struct observation *sample)
{
	struct busiest_look *look = &busiest->looks[busiest->next];
	look->t_s = sample->t_s;
	for (size_t i = 0; i < BUSIEST_COUNTERS; i++)
		look->counters[i] = sample->values[O_COUNTERS + i];
	busiest->next = (busiest->next + 1) % BUSIEST_LOOKS;
	if (busiest->count < BUSIEST_LOOKS)
		busiest->count++;
}

void busiest_add(struct busiest *busiest, const struct observation *sample)
{
	remember(busiest, sample);
	const struct busiest_look *last = look_at(busiest, 0);
	for (size_t back = 1; back < busiest->count; back++) {
		const struct busiest_look *look = look_at(busiest, back);
		double apart_s = last->t_s - look->t_s;
		if (back == 1)
			busiest->longest_s = fmax(busiest->longest_s, apart_s);
		compare_looks(busiest, look, last);
		if (apart_s >= second)
			break;
	}
}

double busiest_second(const struct busiest *busiest, enum observed what)
{
	if (!observed_counts(what))
		return (double)NAN;
	return busiest->most[what - O_COUNTERS];
}

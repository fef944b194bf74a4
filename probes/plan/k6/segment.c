/* The part of a test that --execution-segment says, as k6 counts it: of every `lcd` VUs each
 * segment has its own, dealt out so that larger segments come first. With a sequence the segments
 * of all hosts add up to the whole. Source (k6 2.2.0): lib/execution_segment.go. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probes/plan/k6/k6.h"

enum {
	SEGMENTS_MAX = 2001,
	DENOMINATOR_MAX = 1000000,
	DEALT_MAX = 20000000 /* steps of dealing; above it the part is rounded up */
};

struct fraction {
	int64_t over, under;
};

/* The segments of a sequence by their length, in parts of lcd. */
struct dealing {
	int64_t *length, *dealt;
	size_t *order; /* the largest first */
	size_t count;
	size_t own; /* which of them is this host's */
	int64_t lcd;
};

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static struct fraction reduced(int64_t over, int64_t under)
{
	int64_t by = common_divisor(over, under);
	if (by == 0)
		by = 1;
	return (struct fraction){.over = over / by, .under = under / by};
}

/* A decimal fraction over a power of ten. */
static void make_whole(double *over, double *under)
{
	double scale = 1;
	while (scale < DENOMINATOR_MAX && fabs(*over * scale - round(*over * scale)) > 1e-9)
		scale *= 10;
	*over *= scale;
	*under *= scale;
	if (fabs(*over - round(*over)) <= 1e-9)
		*over = round(*over);
}

static bool is_whole_part(double over, double under)
{
	if (!(under >= 1) || under > DENOMINATOR_MAX)
		return false;
	if (!(over >= 0) || over > under)
		return false;
	return floor(over) == over && floor(under) == under;
}

/* "1/3", "25%", "0.25"; *ret_end: what stands behind it. */
static bool read_fraction(const char *text, struct fraction *ret, const char **ret_end)
{
	char *end;
	double over = strtod(text, &end);
	double under = 1;
	if (end == text)
		return false;
	if (*end == '/')
		under = strtod(end + 1, &end);
	if (*end == '%') {
		under = 100;
		end++;
	}
	*ret_end = end;
	make_whole(&over, &under);
	if (!is_whole_part(over, under))
		return false;
	*ret = reduced((int64_t)over, (int64_t)under);
	return true;
}

static bool same_fraction(struct fraction a, struct fraction b)
{
	return a.over == b.over && a.under == b.under;
}

/* The bounds of this host's segment; "1/4" alone begins at 0. */
static bool own_segment(const char *text, struct fraction ends[2])
{
	const char *rest;
	if (!read_fraction(text, &ends[1], &rest))
		return false;
	ends[0] = (struct fraction){0, 1};
	if (*rest == '\0')
		return true;
	ends[0] = ends[1];
	return *rest == ':' && read_fraction(rest + 1, &ends[1], &rest) && *rest == '\0';
}

static bool read_bounds(const char *text, struct fraction *bounds, size_t *ret_count)
{
	size_t count = 0;
	for (const char *rest = text;; rest++) {
		if (count == SEGMENTS_MAX || !read_fraction(rest, &bounds[count], &rest))
			return false;
		count++;
		if (*rest == '\0')
			break;
		if (*rest != ',')
			return false;
	}
	*ret_count = count;
	return count > 1;
}

/* Without a sequence k6 makes one of what stands before and behind the segment. */
static void bounds_around(const struct fraction ends[2], struct fraction *bounds, size_t *ret_count)
{
	size_t count = 0;
	if (ends[0].over > 0)
		bounds[count++] = (struct fraction){0, 1};
	bounds[count++] = ends[0];
	bounds[count++] = ends[1];
	if (ends[1].over < ends[1].under)
		bounds[count++] = (struct fraction){1, 1};
	*ret_count = count;
}

static bool find_lcd(struct dealing *dealing, const struct fraction *bounds)
{
	dealing->lcd = 1;
	for (size_t i = 0; i <= dealing->count; i++) {
		int64_t under = bounds[i].under;
		dealing->lcd *= under / common_divisor(dealing->lcd, under);
		if (dealing->lcd > DENOMINATOR_MAX)
			return false;
	}
	return true;
}

static bool measure_segments(struct dealing *dealing, const struct fraction *bounds)
{
	int64_t shared = dealing->lcd;
	for (size_t i = 0; i < dealing->count; i++) {
		int64_t from = dealing->lcd / bounds[i].under * bounds[i].over;
		int64_t to = dealing->lcd / bounds[i + 1].under * bounds[i + 1].over;
		dealing->length[i] = to - from;
		shared = common_divisor(shared, to - from);
		if (to <= from)
			return false;
	}
	/* k6 counts by the lengths, whose denominator may be smaller than that of the bounds. */
	for (size_t i = 0; i < dealing->count; i++)
		dealing->length[i] /= shared;
	dealing->lcd /= shared;
	return true;
}

/* Insertion: k6 keeps the order of segments that are as long. */
static void order_segments(struct dealing *dealing)
{
	for (size_t i = 0; i < dealing->count; i++) {
		size_t at = i;
		for (; at > 0; at--) {
			if (dealing->length[dealing->order[at - 1]] >= dealing->length[i])
				break;
			dealing->order[at] = dealing->order[at - 1];
		}
		dealing->order[at] = i;
	}
}

/* Who gets VU number `turn` of the first lcd. */
static size_t deal(struct dealing *dealing, int64_t turn)
{
	for (size_t i = 0; i < dealing->count; i++) {
		size_t at = dealing->order[i];
		int64_t due = dealing->dealt[at] * dealing->lcd;
		if (turn * dealing->length[at] < due)
			continue;
		dealing->dealt[at]++;
		return at;
	}
	return dealing->count;
}

static double scale_by(struct dealing *dealing, double whole)
{
	double rounds = floor(whole / (double)dealing->lcd);
	double rest = whole - rounds * (double)dealing->lcd;
	double own = rounds * (double)dealing->length[dealing->own];
	memset(dealing->dealt, 0, dealing->count * sizeof *dealing->dealt);
	for (int64_t turn = 0; (double)turn < rest; turn++)
		own += deal(dealing, turn) == dealing->own;
	return own;
}

static bool find_own_segment(struct dealing *dealing,
		const struct fraction *bounds,
		const struct fraction ends[2])
{
	for (size_t i = 0; i < dealing->count; i++) {
		if (!same_fraction(bounds[i], ends[0]) || !same_fraction(bounds[i + 1], ends[1]))
			continue;
		dealing->own = i;
		return true;
	}
	return false;
}

static bool is_whole_test(const struct fraction *bounds, size_t count)
{
	const struct fraction *last = &bounds[count - 1];
	return bounds[0].over == 0 && last->over == last->under;
}

static bool prepare_dealing(const struct k6 *k6, const char *own, struct dealing *dealing)
{
	const char *from, *all = k6_setting(k6, K6_O_SEGMENTS, &from);
	struct fraction *bounds = arena_alloc(k6->arena, (SEGMENTS_MAX + 1) * sizeof *bounds);
	struct fraction ends[2];
	size_t count;
	if (!own_segment(own, ends))
		return false;
	if (!all || *all == '\0')
		bounds_around(ends, bounds, &count);
	else if (!read_bounds(all, bounds, &count))
		return false;
	if (!is_whole_test(bounds, count))
		return false;
	dealing->count = count - 1;
	dealing->length = arena_alloc(k6->arena, count * sizeof *dealing->length);
	dealing->dealt = arena_alloc(k6->arena, count * sizeof *dealing->dealt);
	dealing->order = arena_alloc(k6->arena, count * sizeof *dealing->order);
	if (!find_lcd(dealing, bounds) || !find_own_segment(dealing, bounds, ends))
		return false;
	if (!measure_segments(dealing, bounds))
		return false;
	order_segments(dealing);
	return true;
}

double k6_segment_of(const struct k6 *k6, double whole)
{
	const char *from, *own = k6_setting(k6, K6_O_SEGMENT, &from);
	struct dealing dealing = {0};
	double rounded = ceil(whole * k6_part_of_test(k6, &from) - 1e-9);
	if (!own || *own == '\0' || !(whole >= 0) || floor(whole) != whole)
		return rounded;
	if (!prepare_dealing(k6, own, &dealing))
		return rounded;
	double steps = fmin(whole, (double)dealing.lcd) * (double)dealing.count;
	if (steps > DEALT_MAX)
		return rounded;
	return scale_by(&dealing, whole);
}

#include "model/judge/series.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

struct series_name {
	const char *name;
	enum timeline_series series;
	enum unit unit;
	bool up, here, kept;
};

/* closes_here: those this side starts, which leave TIME_WAIT here. closes_kept: of them, those that
 * the kernel keeps, at most tcp_max_tw_buckets at once. */
static const struct series_name series_names[] = {
		{
				.name = "live",
				.series = SERIES_LIVE,
				.unit = UNIT_COUNT,
		},
		{
				.name = "opens",
				.series = SERIES_OPENS,
				.unit = UNIT_PER_S,
		},
		{
				.name = "closes",
				.series = SERIES_CLOSES,
				.unit = UNIT_PER_S,
		},
		{
				.name = "closes_here",
				.series = SERIES_CLOSES,
				.unit = UNIT_PER_S,
				.here = true,
		},
		{
				.name = "closes_kept",
				.series = SERIES_CLOSES,
				.unit = UNIT_PER_S,
				.here = true,
				.kept = true,
		},
		{
				.name = "upstream_live",
				.series = SERIES_LIVE,
				.unit = UNIT_COUNT,
				.up = true,
		},
		{
				.name = "upstream_opens",
				.series = SERIES_OPENS,
				.unit = UNIT_PER_S,
				.up = true,
		},
		{
				.name = "upstream_closes",
				.series = SERIES_CLOSES,
				.unit = UNIT_PER_S,
				.up = true,
		},
		{
				.name = "upstream_closes_here",
				.series = SERIES_CLOSES,
				.unit = UNIT_PER_S,
				.up = true,
				.here = true,
		},
		{
				.name = "upstream_closes_kept",
				.series = SERIES_CLOSES,
				.unit = UNIT_PER_S,
				.up = true,
				.here = true,
				.kept = true,
		},
};

static const struct series_name *series_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(series_names); i++)
		if (!strcmp(name, series_names[i].name))
			return &series_names[i];
	return NULL;
}

bool series_unit(const char *name, enum unit *ret_unit)
{
	const struct series_name *row = series_find(name);
	if (row)
		*ret_unit = row->unit;
	return row != NULL;
}

bool series_named(const struct load *load, const char *name, struct plan_series *ret_series)
{
	const struct series_name *row = series_find(name);
	if (!row)
		return false;
	double share = load->share_here;
	*ret_series = (struct plan_series){
			.timeline = &load->down,
			.kind = row->series,
			.unit = row->unit,
			.factor = 1,
			.kept = row->kept,
			.most = INFINITY,
	};
	if (row->up) {
		ret_series->timeline = &load->up;
		share = load->up_share_here;
	}
	if (row->here)
		ret_series->factor = share;
	return true;
}

double series_at(struct plan_series *series, double scale, struct moment moment)
{
	double value = timeline_at_near(series->timeline, series->kind, moment, &series->cursor);
	return value * series->factor * scale;
}

double series_all(struct plan_series *series, double scale, struct moment moment, double seconds)
{
	double share = series->factor * scale;
	if (share <= 0) /* nothing stays nothing, however long it is kept */
		return 0;
	return share *
			timeline_last_near(series->timeline, series->kind, moment, seconds, &series->cursor);
}

double series_last(struct plan_series *series, double scale, struct moment moment, double seconds)
{
	return fmin(series_all(series, scale, moment, seconds), series->most);
}

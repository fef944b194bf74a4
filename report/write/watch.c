/* One look at the limits of a host: the table of headroom watch. */
#include <math.h>
#include <string.h>

#include "report/write/columns.h"
#include "report/write/terminal.h"

enum {
	NAME_COLUMNS = 24,
	NUMBER_COLUMNS = 12,
	USE_COLUMNS = 8,
	RATE_COLUMNS = 12,
	LEFT_COLUMNS = 10
};

static const char dash[] = "–";

static const char *watch_figure(const struct terminal *t,
		const cJSON *row,
		const char *name,
		enum unit unit)
{
	if (isnan(view_number(row, name)))
		return terminal_fold(t, dash);
	return terminal_fold(t, view_figure(t->arena, row, name, unit));
}

/* Cores are shown with their fraction. */
static const char *watch_used(const struct terminal *t, const cJSON *row)
{
	double number = view_number(row, "used");
	bool cores = !strcmp(view_raw(row, "unit"), "cores");
	if (cores && !isnan(number))
		return arena_printf(t->arena, "%.2f", number);
	return watch_figure(t, row, "used", view_unit(row, "quantity"));
}

/* "3 m 20 s": minutes are enough here. */
static const char *time_left(const struct terminal *t, const cJSON *row, const char *name)
{
	double seconds = view_number(row, name);
	if (isnan(seconds) || isinf(seconds))
		return terminal_fold(t, dash);
	if (seconds < 100)
		return arena_printf(t->arena, "%.0f s", seconds);
	if (seconds < 6000)
		return arena_printf(t->arena, "%.0f min", seconds / 60);
	if (seconds < 360000)
		return arena_printf(t->arena, "%.0f h", seconds / 3600);
	return terminal_fold(t, ">99 h");
}

static const char *change(const struct terminal *t, const cJSON *row)
{
	double rate = view_number(row, "rate_per_s");
	if (isnan(rate) || fabs(rate) < 0.05)
		return terminal_fold(t, dash);
	const char *sign = "-", *per = "/s";
	enum unit unit = view_unit(row, "quantity");
	if (rate > 0)
		sign = "+";
	if (unit == UNIT_COUNT) {
		unit = UNIT_PER_S;
		per = "";
	}
	return arena_printf(t->arena, "%s%s%s", sign, view_figure_of(t->arena, fabs(rate), unit), per);
}

static enum tone watch_tone_of(const struct terminal *t, const cJSON *row)
{
	double use = view_number(row, "utilization"),
		   target = view_number(t->document, "target_utilization");
	if (use >= 0.995)
		return TONE_BAD;
	if (use > target)
		return TONE_CARE;
	if (use > 0)
		return TONE_GOOD;
	return TONE_QUIET;
}

static void watch_add_row(const struct terminal *t, const cJSON *row)
{
	text_add(t->out, "  ");
	columns_left(t->out, terminal_text(t, row, "title", NAME_COLUMNS), NAME_COLUMNS);
	columns_right(t->out, watch_used(t, row), NUMBER_COLUMNS);
	columns_right(t->out,
			watch_figure(t, row, "capacity", view_unit(row, "quantity")),
			NUMBER_COLUMNS);
	terminal_tone(t, watch_tone_of(t, row));
	columns_right(t->out, watch_figure(t, row, "utilization", UNIT_RATIO), USE_COLUMNS);
	terminal_plain(t);
	columns_right(t->out, change(t, row), RATE_COLUMNS);
	columns_right(t->out, time_left(t, row, "to_limit_s"), LEFT_COLUMNS);
	text_add(t->out, "\n");
}

static void watch_add_head(const struct terminal *t)
{
	double target = view_number(t->document, "target_utilization");
	text_addf(t->out,
			"%s  %s  target %s\n",
			terminal_text(t, t->document, "host", 40),
			terminal_text(t, t->document, "time", 30),
			view_figure_of(t->arena, target, UNIT_RATIO));
	terminal_tone(t, TONE_QUIET);
	text_add(t->out, "  ");
	columns_left(t->out, "limit", NAME_COLUMNS);
	columns_right(t->out, "used", NUMBER_COLUMNS);
	columns_right(t->out, "of", NUMBER_COLUMNS);
	columns_right(t->out, "use", USE_COLUMNS);
	columns_right(t->out, "change", RATE_COLUMNS);
	columns_right(t->out, "full in", LEFT_COLUMNS);
	terminal_plain(t);
	text_add(t->out, "\n");
}

/* The target is passed before the limit is met: told where that is near. */
static void add_targets(const struct terminal *t)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(t->document, "limits")) {
		double left = view_number(row, "to_target_s");
		if (!isnan(left) && left < 3600)
			columns_wrap(t->out,
					"  ",
					"  ",
					arena_printf(t->arena,
							"%s passes the target in %s.",
							terminal_text(t, row, "title", 40),
							time_left(t, row, "to_target_s")),
					TERMINAL_WIDTH);
	}
}

static void add_sockets(const struct terminal *t)
{
	const cJSON *row;
	int count = 0, most = 4;
	if (t->options->all)
		most = 16;
	text_addf(t->out,
			"\n  opened here %s, accepted %s; TIME_WAIT %s and %s; %s new/s, %s sent again/s\n",
			watch_figure(t, t->document, "values.live", UNIT_COUNT),
			watch_figure(t, t->document, "values.accepted", UNIT_COUNT),
			watch_figure(t, t->document, "values.time_wait", UNIT_COUNT),
			watch_figure(t, t->document, "values.accepted_time_wait", UNIT_COUNT),
			watch_figure(t, t->document, "rates.opens", UNIT_COUNT),
			watch_figure(t, t->document, "rates.retransmits", UNIT_COUNT));
	cJSON_ArrayForEach(row, view_array(t->document, "destinations")) {
		if (count++ == most)
			break;
		text_add(t->out, "  to ");
		columns_left(t->out, terminal_text(t, row, "to", 48), 48);
		columns_right(t->out, watch_figure(t, row, "live", UNIT_COUNT), 9);
		text_addf(t->out, "  TIME_WAIT %s\n", watch_figure(t, row, "time_wait", UNIT_COUNT));
	}
}

void write_watch(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct terminal t = {document, options, options->arena, &page};
	const cJSON *row;
	watch_add_head(&t);
	cJSON_ArrayForEach(row, view_array(document, "limits"))
		if (options->all || view_number(row, "utilization") >= 0)
			watch_add_row(&t, row);
	add_targets(&t);
	add_sockets(&t);
	if (options->ascii)
		text_add(out, columns_to_ascii(options->arena, page.data));
	else
		text_add(out, page.data);
	text_release(&page);
}

/* One look at the limits of a host: the table of headroom watch. */
#include <math.h>
#include <string.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/now.h"
#include "report/write/pen.h"

enum {
	NAME_COLUMNS = 23,
	NUMBER_COLUMNS = 12,
	USE_COLUMNS = 8,
	RATE_COLUMNS = 13,
	LEFT_COLUMNS = 10,
	TO_COLUMNS = 42,
	BESIDE_TO = 38, /* what a destination's line has beside its address */
	WHOLE = 80,     /* a narrower screen has no column of changes */
	SHORT = 67,     /* nor, below this, the limit itself */
	PORTS_COLUMNS = 18
};

/* What is older than this is said to be. */
static const double fresh_s = 1.5;

static const char dash[] = "–";

static const char *watch_figure(const struct pen *pen,
		const cJSON *row,
		const char *name,
		enum unit unit)
{
	if (isnan(view_number(row, name)))
		return pen_fold(pen, dash);
	return pen_fold(pen, view_figure(pen->arena, row, name, unit));
}

/* Cores are shown with their fraction. */
static const char *watch_used(const struct pen *pen, const cJSON *row)
{
	double number = view_number(row, "used");
	bool cores = !strcmp(view_raw(row, "unit"), "cores");
	if (cores && !isnan(number))
		return arena_printf(pen->arena, "%.2f", number);
	return watch_figure(pen, row, "used", view_unit(row, "quantity"));
}

/* "3 m 20 s": minutes are enough here. */
static const char *time_left(const struct pen *pen, const cJSON *row, const char *name)
{
	double seconds = view_number(row, name);
	if (isnan(seconds) || isinf(seconds))
		return pen_fold(pen, dash);
	if (seconds < 100)
		return arena_printf(pen->arena, "%.0f s", seconds);
	if (seconds < 6000)
		return arena_printf(pen->arena, "%.0f min", seconds / 60);
	if (seconds < 360000)
		return arena_printf(pen->arena, "%.0f h", seconds / 3600);
	return pen_fold(pen, ">99 h");
}

static const char *change(const struct pen *pen, const cJSON *row)
{
	double rate = view_number(row, "rate_per_s");
	if (isnan(rate) || fabs(rate) < 0.05)
		return pen_fold(pen, dash);
	const char *sign = "-", *per = "/s";
	enum unit unit = view_unit(row, "quantity");
	if (rate > 0)
		sign = "+";
	if (unit == UNIT_COUNT) {
		unit = UNIT_PER_S;
		per = "";
	}
	return arena_printf(pen->arena,
			"%s%s%s",
			sign,
			view_figure_of(pen->arena, fabs(rate), unit),
			per);
}

static enum tone watch_tone_of(const struct pen *pen, const cJSON *row)
{
	double use = view_number(row, "utilization"),
		   target = view_number(pen->document, "target_utilization");
	if (use >= 0.995)
		return TONE_BAD;
	if (use > target)
		return TONE_CARE;
	if (use > 0)
		return TONE_GOOD;
	return TONE_QUIET;
}

static void watch_add_row(const struct pen *pen, const cJSON *row)
{
	text_add(pen->out, "  ");
	columns_left(pen->out, pen_text(pen, row, "title", NAME_COLUMNS), NAME_COLUMNS);
	columns_right(pen->out, watch_used(pen, row), NUMBER_COLUMNS);
	if (pen_width(pen) >= SHORT)
		columns_right(pen->out,
				watch_figure(pen, row, "capacity", view_unit(row, "quantity")),
				NUMBER_COLUMNS);
	pen_tone(pen, watch_tone_of(pen, row));
	columns_right(pen->out, watch_figure(pen, row, "utilization", UNIT_RATIO), USE_COLUMNS);
	pen_plain(pen);
	if (pen_width(pen) >= WHOLE)
		columns_right(pen->out, change(pen, row), RATE_COLUMNS);
	columns_right(pen->out, time_left(pen, row, "to_limit_s"), LEFT_COLUMNS);
	text_add(pen->out, "\n");
}

/* "counted 12 s ago"; "" where it was just now, or never. */
static const char *counted_ago(const struct pen *pen, const char *name, const char *before)
{
	double age = view_number(pen->document, name);
	if (isnan(age) || age < fresh_s)
		return "";
	return arena_printf(pen->arena,
			"%scounted %s ago",
			before,
			time_left(pen, pen->document, name));
}

static void watch_add_head(const struct pen *pen)
{
	double target = view_number(pen->document, "target_utilization");
	const char *head = arena_printf(pen->arena,
			"%s · %s · target %s%s",
			pen_text(pen, pen->document, "host", 26),
			pen_text(pen, pen->document, "time", 20),
			view_figure_of(pen->arena, target, UNIT_RATIO),
			counted_ago(pen, "age_s", " · "));
	pen_wrap(pen, "", "  ", pen_fold(pen, head));
	pen_tone(pen, TONE_QUIET);
	text_add(pen->out, "  ");
	columns_left(pen->out, "limit", NAME_COLUMNS);
	columns_right(pen->out, "used", NUMBER_COLUMNS);
	if (pen_width(pen) >= SHORT)
		columns_right(pen->out, "of", NUMBER_COLUMNS);
	columns_right(pen->out, "use", USE_COLUMNS);
	if (pen_width(pen) >= WHOLE)
		columns_right(pen->out, "change", RATE_COLUMNS);
	columns_right(pen->out, "time left", LEFT_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, "\n");
}

/* The target is passed before the limit is met: told where that is near. */
static void add_targets(const struct pen *pen)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(pen->document, "limits")) {
		double left = view_number(row, "to_target_s");
		if (!isnan(left) && left < 3600)
			pen_wrap(pen,
					"  ",
					"  ",
					arena_printf(pen->arena,
							"%s will pass the target in %s.",
							pen_text(pen, row, "title", 40),
							time_left(pen, row, "to_target_s")));
	}
}

/* The row of a limit; NULL: there is none. */
static const cJSON *watch_row(const struct pen *pen, const char *id)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(pen->document, "limits")) {
		if (!strcmp(view_raw(row, "id"), id))
			return row;
	}
	return NULL;
}

/* Where sockets go to it from several addresses, "10.0.0.5:80 from 10.0.0.1" is fuller than others
 * of it: the first one counts. */
static const cJSON *ports_to(const struct pen *pen, const char *to)
{
	const cJSON *ports = watch_row(pen, "ephemeral-ports"), *instance;
	const size_t length = strlen(to);
	if (!ports || length == 0)
		return NULL;
	cJSON_ArrayForEach(instance, view_array(ports, "instances")) {
		const char *by = view_raw(instance, "by");
		if (!strncmp(by, to, length) && (by[length] == '\0' || by[length] == ' '))
			return instance;
	}
	return NULL;
}

/* An address gives way, the numbers beside it do not. */
static size_t watch_to_columns(const struct pen *pen)
{
	size_t room = pen_width(pen) - BESIDE_TO;
	if (room > TO_COLUMNS)
		return TO_COLUMNS;
	return room;
}

static const char *used_of(const struct pen *pen, const cJSON *instance)
{
	return arena_printf(pen->arena,
			"%s of %s",
			watch_figure(pen, instance, "used", UNIT_COUNT),
			watch_figure(pen, instance, "capacity", UNIT_COUNT));
}

static void add_destination(const struct pen *pen, const cJSON *row)
{
	const cJSON *ports = ports_to(pen, view_raw(row, "to"));
	const char *used = watch_figure(pen, row, "live", UNIT_COUNT);
	if (ports)
		used = used_of(pen, ports);
	text_add(pen->out, "  to ");
	size_t width = watch_to_columns(pen);
	columns_left(pen->out, pen_text(pen, row, "to", TO_COLUMNS), width);
	columns_right(pen->out, used, PORTS_COLUMNS);
	text_addf(pen->out, "  TIME_WAIT %s\n", watch_figure(pen, row, "time_wait", UNIT_COUNT));
}

static void add_destinations(const struct pen *pen, int most)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(pen->document, "destinations")) {
		if (most-- == 0)
			return;
		add_destination(pen, row);
	}
}

/* Queues in which something waits. */
static void add_queues(const struct pen *pen, int most)
{
	const cJSON *queues = watch_row(pen, "accept-queue"), *row;
	if (!queues)
		return;
	cJSON_ArrayForEach(row, view_array(queues, "instances")) {
		if (!pen->options->all && !(view_number(row, "used") > 0))
			continue;
		if (most-- == 0)
			return;
		text_add(pen->out, "  at ");
		size_t width = watch_to_columns(pen);
		columns_left(pen->out, pen_text(pen, row, "by", TO_COLUMNS), width);
		columns_right(pen->out, used_of(pen, row), PORTS_COLUMNS);
		text_add(pen->out, "  wait\n");
	}
}

static void add_sockets(const struct pen *pen)
{
	const int most = pen->options->all ? 16 : 4;
	const char *line = arena_printf(pen->arena,
			"connections %s out, %s in; TIME_WAIT %s out, %s in",
			watch_figure(pen, pen->document, "values.live", UNIT_COUNT),
			watch_figure(pen, pen->document, "values.accepted", UNIT_COUNT),
			watch_figure(pen, pen->document, "values.time_wait", UNIT_COUNT),
			watch_figure(pen, pen->document, "values.accepted_time_wait", UNIT_COUNT));
	text_add(pen->out, "\n");
	pen_line(pen, line);
	line = arena_printf(pen->arena,
			"%s new/s, %s retransmits/s",
			watch_figure(pen, pen->document, "rates.opens", UNIT_COUNT),
			watch_figure(pen, pen->document, "rates.retransmits", UNIT_COUNT));
	pen_line(pen, line);
	const char *ago = counted_ago(pen, "sockets_age_s", "  sockets ");
	if (*ago)
		text_addf(pen->out, "%s\n", ago);
	add_destinations(pen, most);
	add_queues(pen, most);
}

/* What could not be counted, and why; what no host shows only if all is asked for. */
static void add_unknown(const struct pen *pen)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(pen->document, "limits")) {
		const cJSON *now = view_object(row, "now");
		const char *reason = view_raw(now, "reason");
		if (!isnan(view_number(row, "utilization")) || !*reason)
			continue;
		if (!pen->options->all && view_true(row, "none"))
			continue;
		const char *line = arena_printf(pen->arena,
				"%s: %s",
				pen_text(pen, row, "title", 40),
				pen_text(pen, now, "reason", 120));
		pen_wrap(pen, "  ", "    ", line);
	}
}

void write_watch(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	const cJSON *row;
	now_lines(&pen, view_array(document, "limits"));
	watch_add_head(&pen);
	cJSON_ArrayForEach(row, view_array(document, "limits"))
		if (options->all || view_number(row, "utilization") >= 0)
			watch_add_row(&pen, row);
	add_targets(&pen);
	add_unknown(&pen);
	add_sockets(&pen);
	if (options->ascii)
		text_add(out, columns_to_ascii(options->arena, page.data));
	else
		text_add(out, page.data);
	text_release(&page);
}

/* The table of measurements, for the terminal: predicted and measured side by side, and under a row
 * why it does not count. 80 columns; on a narrow screen without what the calibrator stopped by, its
 * rate and its time. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/terminal_parts.h"

/* With 5 for the mark and 2 before the words. */
enum {
	NAME_COLUMNS = 10,
	NUMBER_COLUMNS = 11,
	DIFFERENCE_COLUMNS = 8,
	STOP_COLUMNS = 16,
	RATE_COLUMNS = 10,
	TIME_COLUMNS = 6,
	NARROW_COLUMNS = 80
};

static const char dash[] = "–";

static const char *calibration_figure(const struct pen *pen, const cJSON *row, const char *name)
{
	bool bytes = text_begins_with(view_raw(row, "unit"), "bytes");
	return isnan(view_number(row, name))
			? dash
			: view_figure(pen->arena, row, name, bytes ? UNIT_BYTES : UNIT_COUNT);
}

struct outcome {
	const char *mark, *ascii;
	enum tone tone;
};

static struct outcome calibration_outcome_of(const cJSON *row)
{
	const cJSON *agrees = view_get(row, "agrees");
	if (!view_true(row, "comparable"))
		return (struct outcome){"?", "?", TONE_CARE};
	if (cJSON_IsBool(agrees))
		return cJSON_IsTrue(agrees) ? (struct outcome){"✓", "+", TONE_GOOD}
									: (struct outcome){"✗", "x", TONE_BAD};
	return (struct outcome){"·", "-", TONE_QUIET};
}

/* What the calibrator stopped by, its rate and its time. */
static void calibration_add_end(const struct pen *pen, const cJSON *row)
{
	double rate = view_number(row, "rate_per_s"), spent_s = view_number(row, "duration_s");
	const char *stopped_by = pen_text(pen, row, "stopped_by", 40);
	text_add(pen->out, "  ");
	columns_left(pen->out, *stopped_by ? stopped_by : pen_fold(pen, dash), STOP_COLUMNS);
	columns_right(pen->out,
			isnan(rate) ? pen_fold(pen, dash) : view_figure_of(pen->arena, floor(rate), UNIT_PER_S),
			RATE_COLUMNS);
	columns_right(pen->out,
			isnan(spent_s) ? pen_fold(pen, dash) : arena_printf(pen->arena, "%.1f s", spent_s),
			TIME_COLUMNS + 1);
}

static void calibration_add_row(const struct pen *pen, const cJSON *row)
{
	struct outcome outcome = calibration_outcome_of(row);
	text_add(pen->out, "  ");
	pen_tone(pen, outcome.tone);
	text_add(pen->out, pen->options->ascii ? outcome.ascii : outcome.mark);
	pen_plain(pen);
	text_add(pen->out, "  ");
	columns_left(pen->out, pen_text(pen, row, "id", 40), NAME_COLUMNS);
	columns_right(pen->out,
			pen_fold(pen, calibration_figure(pen, row, "predicted")),
			NUMBER_COLUMNS);
	columns_right(pen->out,
			pen_fold(pen, calibration_figure(pen, row, "measured")),
			NUMBER_COLUMNS);
	columns_right(pen->out,
			pen_fold(pen, calibration_figure(pen, row, "difference")),
			DIFFERENCE_COLUMNS);
	if (pen_width(pen) >= NARROW_COLUMNS)
		calibration_add_end(pen, row);
	text_add(pen->out, "\n");
}

static void add_under(const struct pen *pen, const char *text)
{
	pen_wrap(pen, "     ", "     ", text);
}

/* The Erlang table: 1,000, 10,000, … connections and when they were open. */
static void calibration_add_milestones(const struct pen *pen, const cJSON *row)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(row, "milestones")) {
		struct text line = {0};
		bool reached = !isnan(view_number(item, "reached_s"));
		text_add(&line, "     ");
		columns_right(&line,
				view_figure(pen->arena, item, "connections", UNIT_COUNT),
				NAME_COLUMNS);
		text_add(&line, " connections: ");
		if (reached)
			text_addf(&line,
					"after %s, %s",
					view_figure(pen->arena, item, "reached_s", UNIT_SECONDS),
					view_figure_of(pen->arena, floor(view_number(item, "rate_per_s")), UNIT_PER_S));
		else
			text_add(&line, "not reached");
		text_addf(pen->out, "%s\n", pen_fold(pen, line.data));
		text_release(&line);
	}
}

/* Of conntrack with --full: how late the kernel takes expired entries away. */
static void add_collector(const struct pen *pen, const cJSON *row)
{
	static const char text[] = "expired entries still counted for %s, until the kernel's collector "
							   "came by";
	if (isnan(view_number(row, "collector_s")))
		return;
	const char *late = view_figure(pen->arena, row, "collector_s", UNIT_SECONDS);
	add_under(pen, arena_printf(pen->arena, text, late));
}

static void add_remarks(const struct pen *pen, const cJSON *row)
{
	const char *reason = pen_text(pen, row, "reason", 400);
	double reached = view_number(row, "reached"), constant = view_number(row, "planning_constant");
	struct text missing = {0};
	const cJSON *key;
	if (*reason)
		add_under(pen, reason);
	if (isnan(view_number(row, "measured")) && reached > 0)
		add_under(pen,
				arena_printf(pen->arena,
						"came as far as %s",
						view_figure_of(pen->arena, reached, UNIT_COUNT)));
	cJSON_ArrayForEach(key, view_array(row, "not_copied"))
		text_addf(&missing,
				"%s%s",
				missing.length ? ", " : "not copied: ",
				pen_text(pen, key, "", 80));
	if (missing.length)
		add_under(pen, missing.data);
	text_release(&missing);
	if (!strcmp(view_raw(row, "prediction"), "at-least"))
		add_under(pen,
				view_number(row, "tolerance") > 1
						? arena_printf(pen->arena,
								  "predicted is a lower bound: any more agrees; so does %s less, "
								  "the "
								  "speed of one client",
								  view_figure(pen->arena, row, "tolerance", UNIT_COUNT))
						: "predicted is a lower bound: any more agrees");
	calibration_add_milestones(pen, row);
	add_collector(pen, row);
	if (constant > 0)
		add_under(pen,
				arena_printf(pen->arena,
						view_true(row, "comparable")
								? "the planning rule of %s entries per connection gives way to "
								  "this"
								: "the planning rule of %s entries per connection stays",
						view_figure_of(pen->arena, constant, UNIT_COUNT)));
}

static bool calibration_is_plain(const char *name)
{
	static const char *const shown[] = {"id",
			"title",
			"unit",
			"predicted",
			"measured",
			"difference",
			"agrees",
			"stopped_by",
			"rate_per_s",
			"duration_s",
			"comparable",
			"reason",
			"prediction",
			"planning_constant",
			"collector_s"};
	for (size_t i = 0; i < COUNT_OF(shown); i++)
		if (!strcmp(shown[i], name))
			return true;
	return false;
}

/* With --all: what it is, and the calibrator's own numbers. */
static void add_details(const struct pen *pen, const cJSON *row)
{
	const cJSON *field;
	struct text line = {0};
	text_addf(&line, "%s, in %s", pen_text(pen, row, "title", 80), pen_text(pen, row, "unit", 40));
	cJSON_ArrayForEach(field, row) {
		if (calibration_is_plain(field->string) || cJSON_IsArray(field) || cJSON_IsNull(field))
			continue;
		text_addf(&line,
				"; %s %s",
				text_clean(pen->arena, field->string, strlen(field->string), 48),
				view_value(pen->arena, field, "", UNIT_COUNT));
	}
	add_under(pen, line.data);
	text_release(&line);
}

static void calibration_add_header(const struct pen *pen)
{
	pen_tone(pen, TONE_QUIET);
	text_add(pen->out, "     ");
	columns_left(pen->out, "calibrator", NAME_COLUMNS);
	columns_right(pen->out, "predicted", NUMBER_COLUMNS);
	columns_right(pen->out, "measured", NUMBER_COLUMNS);
	columns_right(pen->out, "differ", DIFFERENCE_COLUMNS);
	if (pen_width(pen) >= NARROW_COLUMNS) {
		text_add(pen->out, "  ");
		columns_left(pen->out, "stopped by", STOP_COLUMNS);
		columns_right(pen->out, "rate", RATE_COLUMNS);
		columns_right(pen->out, "time", TIME_COLUMNS + 1);
	}
	pen_plain(pen);
	text_add(pen->out, "\n");
}

void terminal_calibration(const struct pen *pen)
{
	const cJSON *row;
	if (!view_count(pen->document, "calibration"))
		return;
	pen_line(pen, "Measured on this kernel, in a private network namespace");
	calibration_add_header(pen);
	cJSON_ArrayForEach(row, view_array(pen->document, "calibration")) {
		calibration_add_row(pen, row);
		add_remarks(pen, row);
		if (pen->options->all)
			add_details(pen, row);
	}
	text_add(pen->out, "\n");
}

void write_calibration(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	size_t good = 0, total = view_count(document, "calibration");
	const cJSON *row;
	terminal_calibration(&pen);
	cJSON_ArrayForEach(row, view_array(document, "calibration"))
		good += view_true(row, "comparable") && view_true(row, "agrees");
	text_addf(&page, "headroom: CALIBRATION %zu of %zu agree\n", good, total);
	text_add(out, options->ascii ? columns_to_ascii(options->arena, page.data) : page.data);
	text_release(&page);
}

/* The history as text: a list of audits, and the trend of one host and plan as a line of bars.
 * Reads the document headroom.history/1. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/pen.h"

enum {
	ID_COLUMNS = 7,
	TIME_COLUMNS = 18,
	VERDICT_COLUMNS = 9,
	NARROW_COLUMNS = 72,
	YEAR_COLUMNS = 5, /* that a narrow screen leaves out */
	LEAST_COLUMNS = 7 /* of a host's and of a plan's name, however long the others are */
};

/* Of the columns that are cut where the line is full: the limit that is reached first is whole. */
struct history_widths {
	size_t host, plan; /* host: 0 where it is not shown */
};

static const enum tone tones[] = {
		[VERDICT_NONE] = TONE_QUIET,
		[VERDICT_PASS] = TONE_GOOD,
		[VERDICT_FAIL] = TONE_BAD,
		[VERDICT_UNKNOWN] = TONE_CARE,
};

/* "2026-11-21 04:12" */
static const char *minute_of(const struct pen *pen, const cJSON *row)
{
	const char *created = pen_text(pen, row, "created", 40);
	char *text = arena_copy(pen->arena, created, strnlen(created, 16));
	char *middle = strchr(text, 'T');
	if (middle)
		*middle = ' ';
	return text;
}

static void cell(const struct pen *pen, const char *text, size_t width)
{
	columns_left(pen->out, text, width - 1);
	text_add(pen->out, " ");
}

/* The host stands there only where the list has several, and how many hosts a fleet has, always. */
static bool several_hosts(const cJSON *rows)
{
	const cJSON *row, *first = cJSON_GetArrayItem(rows, 0);
	cJSON_ArrayForEach(row, rows) {
		bool fleet = view_number(row, "fleet") > 0;
		const char *host = view_raw(row, "host");
		bool other = strcmp(host, view_raw(first, "host")) != 0;
		if (fleet || other)
			return true;
	}
	return false;
}

/* Values of --set stood in for what the host has. */
static bool is_assumed(const cJSON *row)
{
	return view_number(row, "hypothetical") > 0;
}

static bool any_assumed(const cJSON *rows)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		if (is_assumed(row))
			return true;
	return false;
}

/* "debian-1", "1,000 hosts" */
static const char *history_host(const struct pen *pen, const cJSON *row)
{
	double hosts = view_number(row, "fleet");
	if (!(hosts > 1))
		return pen_text(pen, row, "host", 60);
	const char *count = view_figure_of(pen->arena, hosts, UNIT_COUNT);
	return arena_printf(pen->arena, "%s hosts", count);
}

/* "ephemeral-ports 106%"; "" where none is reached. */
static const char *history_binding(const struct pen *pen, const cJSON *row)
{
	const char *binding = pen_text(pen, row, "binding", 40);
	const char *use = view_figure(pen->arena, row, "use", UNIT_RATIO);
	if (*binding == '\0')
		return "";
	return pen_fold(pen, arena_printf(pen->arena, "%s %s", binding, use));
}

static size_t history_larger(size_t width, const char *text)
{
	size_t own = columns_of(text);
	if (own > width)
		return own;
	return width;
}

static size_t history_smaller(size_t a, size_t b)
{
	if (a < b)
		return a;
	return b;
}

/* The names of hosts give way first, then those of plans. */
static struct history_widths history_fitted(struct history_widths wanted, size_t room)
{
	struct history_widths widths = wanted;
	if (wanted.host + wanted.plan <= room)
		return widths;
	size_t half = room / 2;
	widths.plan = history_smaller(wanted.plan, half);
	widths.host = history_smaller(wanted.host, room - widths.plan);
	widths.plan = history_smaller(wanted.plan, room - widths.host);
	return widths;
}

/* On a narrow screen without the year. */
static size_t history_time_columns(const struct pen *pen)
{
	if (pen_width(pen) < NARROW_COLUMNS)
		return TIME_COLUMNS - YEAR_COLUMNS;
	return TIME_COLUMNS;
}

static const char *history_time(const struct pen *pen, const cJSON *row)
{
	const char *minute = minute_of(pen, row);
	if (history_time_columns(pen) < TIME_COLUMNS && strlen(minute) > YEAR_COLUMNS)
		return minute + YEAR_COLUMNS;
	return minute;
}

/* The limit has the room that it needs, host and plan share the rest. */
static struct history_widths history_widths_of(const struct pen *pen, const cJSON *rows, bool hosts)
{
	const cJSON *row;
	size_t limit = 0;
	struct history_widths wanted = {.plan = LEAST_COLUMNS};
	cJSON_ArrayForEach(row, rows) {
		const char *plan = pen_text(pen, row, "workload", 60);
		size_t blank = 1;
		limit = history_larger(limit, history_binding(pen, row));
		wanted.plan = history_larger(wanted.plan - blank, plan) + blank;
		if (hosts)
			wanted.host = history_larger(wanted.host, history_host(pen, row));
	}
	wanted.host += hosts;
	size_t taken = ID_COLUMNS + 2 + history_time_columns(pen) + VERDICT_COLUMNS + limit;
	size_t room = 0;
	if (taken < pen_width(pen))
		room = pen_width(pen) - taken;
	if (room < 2 * LEAST_COLUMNS)
		wanted.host = 0;
	if (room < LEAST_COLUMNS)
		wanted.plan = 0;
	return history_fitted(wanted, room);
}

static void history_add_row(const struct pen *pen,
		const cJSON *row,
		const struct history_widths *widths)
{
	const char *verdict = pen_text(pen, row, "verdict", 20);
	const char *binding = history_binding(pen, row);
	columns_right(pen->out,
			view_figure_of(pen->arena, view_number(row, "id"), UNIT_COUNT),
			ID_COLUMNS);
	text_add(pen->out, "  ");
	cell(pen, history_time(pen, row), history_time_columns(pen));
	if (widths->host)
		cell(pen, history_host(pen, row), widths->host);
	if (widths->plan)
		cell(pen, pen_text(pen, row, "workload", 60), widths->plan);
	if (is_assumed(row))
		verdict = arena_printf(pen->arena, "%s*", verdict);
	pen_tone(pen, tones[document_verdict(row)]);
	cell(pen, verdict, VERDICT_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, binding);
	while (pen->out->length && pen->out->data[pen->out->length - 1] == ' ')
		pen->out->data[--pen->out->length] = '\0';
	text_add(pen->out, "\n");
}

static void history_finish(const struct write_options *options, struct text *page, struct text *out)
{
	const char *shown = text_string(page);
	if (options->ascii)
		shown = columns_to_ascii(options->arena, shown);
	text_add(out, shown);
	text_release(page);
}

static void say_none(const struct pen *pen)
{
	pen_line(pen,
			view_number(pen->document, "total") > 0
					? "No audit matches."
					: "No audit was kept so far: headroom audit keeps each.");
}

static void history_add_head(const struct pen *pen, const struct history_widths *widths)
{
	text_add(pen->out, "     id  ");
	cell(pen, "when (UTC)", history_time_columns(pen));
	if (widths->host)
		cell(pen, "host", widths->host);
	if (widths->plan)
		cell(pen, "plan", widths->plan);
	text_add(pen->out, "verdict  limit reached first\n");
}

void write_history(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	double total = view_number(document, "total");
	const cJSON *row;
	size_t shown = view_count(document, "audits");
	const cJSON *rows = view_array(document, "audits");
	bool with_host = several_hosts(rows);
	const struct history_widths widths = history_widths_of(&pen, rows, with_host);
	if (shown)
		history_add_head(&pen, &widths);
	cJSON_ArrayForEach(row, rows)
		history_add_row(&pen, row, &widths);
	if (any_assumed(view_array(document, "audits")))
		pen_line(&pen, "* hypothetical: values were assumed, not read from the host");
	if (!shown)
		say_none(&pen);
	else if (total > (double)shown)
		pen_line(&pen,
				arena_printf(pen.arena,
						"The last %zu of %s; --all shows every one.",
						shown,
						view_figure(pen.arena, document, "total", UNIT_COUNT)));
	history_finish(options, &page, out);
}

/* Eighths of a line; where only ASCII goes, digits. */
static const char *bar(const struct pen *pen, double value, double most)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8"};
	if (isnan(value))
		return " ";
	double level = isinf(value) || !(most > 0) ? 7 : floor(value / most * 7.999);
	size_t step = (size_t)fmin(fmax(level, 0), 7);
	if (pen->options->ascii)
		return digits[step];
	return bars[step];
}

static double write_history_most_of(const cJSON *rows, const char *name)
{
	double most = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		double value = view_number(row, name);
		if (isfinite(value) && value > most)
			most = value;
	}
	return most;
}

/* The plan's load may differ from audit to audit: connections where there are any, else new
 * connections per s. */
static void add_bars(const struct pen *pen,
		const cJSON *rows,
		const char *name,
		const char *label,
		enum unit unit)
{
	const cJSON *row, *first = cJSON_GetArrayItem(rows, 0), *last = NULL;
	double most = write_history_most_of(rows, name);
	pen_line(pen, label);
	text_add(pen->out, "  ");
	cJSON_ArrayForEach(row, rows) {
		pen_tone(pen, tones[document_verdict(row)]);
		text_add(pen->out, bar(pen, view_number(row, name), most));
		pen_plain(pen);
		last = row;
	}
	text_add(pen->out, "\n");
	pen_line(pen,
			arena_printf(pen->arena,
					"%s at first, %s now, %s at most",
					pen_fold(pen, view_figure(pen->arena, first, name, unit)),
					pen_fold(pen, view_figure(pen->arena, last, name, unit)),
					pen_fold(pen, view_figure_of(pen->arena, most, unit))));
}

static void add_tally(const struct pen *pen, const cJSON *rows)
{
	static const enum verdict verdicts[] = {VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN};
	struct text line = {0};
	const char *before = "Verdicts: ";
	for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
		size_t count = 0;
		const cJSON *row;
		cJSON_ArrayForEach(row, rows)
			count += document_verdict(row) == verdicts[i];
		if (!count)
			continue;
		text_addf(&line, "%s%s %zu", before, verdict_name(verdicts[i]), count);
		before = ", ";
	}
	if (line.length)
		pen_line(pen, line.data);
	text_release(&line);
}

void write_trend(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	const cJSON *rows = view_array(document, "audits"), *first = cJSON_GetArrayItem(rows, 0);
	const char *plan = pen_text(&pen, first, "workload", 40);
	if (!first) {
		say_none(&pen);
	} else {
		pen_line(&pen,
				arena_printf(pen.arena,
						"%s, %s: %zu audits since %s",
						pen_text(&pen, first, "host", 60),
						*plan ? plan : "no plan",
						view_count(document, "audits"),
						minute_of(&pen, first)));
		if (write_history_most_of(rows, "max_safe.connections") > 0)
			add_bars(&pen,
					rows,
					"max_safe.connections",
					"Highest safe number of connections",
					UNIT_COUNT);
		else if (write_history_most_of(rows, "max_safe.open_rate_per_s") > 0)
			add_bars(&pen,
					rows,
					"max_safe.open_rate_per_s",
					"Highest safe rate of new connections",
					UNIT_PER_S);
		add_bars(&pen, rows, "use", "Use of the tightest limit", UNIT_RATIO);
		add_tally(&pen, rows);
	}
	history_finish(options, &page, out);
}

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
	HOST_COLUMNS = 16,
	PLAN_COLUMNS = 17,
	VERDICT_COLUMNS = 9,
	ROW_COLUMNS = 80
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

static void history_add_row(const struct pen *pen, const cJSON *row, bool with_host)
{
	const char *verdict = pen_text(pen, row, "verdict", 20);
	const char *binding = pen_text(pen, row, "binding", 40);
	const char *use = pen_fold(pen, view_figure(pen->arena, row, "use", UNIT_RATIO));
	size_t taken = ID_COLUMNS + 2 + TIME_COLUMNS + PLAN_COLUMNS + VERDICT_COLUMNS;
	size_t left = ROW_COLUMNS - taken;
	columns_right(pen->out,
			view_figure_of(pen->arena, view_number(row, "id"), UNIT_COUNT),
			ID_COLUMNS);
	text_add(pen->out, "  ");
	cell(pen, minute_of(pen, row), TIME_COLUMNS);
	if (with_host)
		cell(pen, history_host(pen, row), HOST_COLUMNS);
	cell(pen, pen_text(pen, row, "workload", 60), PLAN_COLUMNS);
	if (is_assumed(row))
		verdict = arena_printf(pen->arena, "%s*", verdict);
	pen_tone(pen, tones[document_verdict(row)]);
	cell(pen, verdict, VERDICT_COLUMNS);
	pen_plain(pen);
	if (*binding)
		columns_left(pen->out,
				arena_printf(pen->arena, "%s %s", binding, use),
				left - (with_host ? HOST_COLUMNS : 0));
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

void write_history(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	double total = view_number(document, "total");
	const cJSON *row;
	size_t shown = view_count(document, "audits");
	bool with_host = several_hosts(view_array(document, "audits"));
	if (shown)
		text_addf(&page,
				"     id  when (UTC)        %splan             verdict  binds first\n",
				with_host ? "host            " : "");
	cJSON_ArrayForEach(row, view_array(document, "audits"))
		history_add_row(&pen, row, with_host);
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
		add_bars(&pen, rows, "use", "Use of the limit that binds first", UNIT_RATIO);
		add_tally(&pen, rows);
	}
	history_finish(options, &page, out);
}

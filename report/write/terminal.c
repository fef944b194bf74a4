/* The terminal view: the verdict first, then what binds, the table of limits, fixes and remarks,
 * at most 80 columns wide. terminal_parts.h lists its parts. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/now.h"
#include "report/write/terminal_parts.h"

static const struct verdict_row {
	const char *mark, *word;
	enum tone tone;
} verdicts[] = {
		[VERDICT_PASS] = {"✓", "PASS", TONE_GOOD},
		[VERDICT_FAIL] = {"✗", "FAIL", TONE_BAD},
		[VERDICT_UNKNOWN] = {"?", "UNKNOWN", TONE_CARE},
		[VERDICT_NONE] = {"·", "AUDIT", TONE_STRONG},
};

static void terminal_headline(const struct pen *pen)
{
	const struct verdict_row *verdict = &verdicts[document_verdict(pen->document)];
	const char *text = pen_text(pen, pen->document, "headline", 300);
	const char *mark = pen_fold(pen, verdict->mark);
	const char *first = arena_printf(pen->arena, "%s %s  ", mark, verdict->word);
	char *rest = arena_alloc(pen->arena, 32);
	memset(rest, ' ', columns_of(first));
	pen_tone(pen, verdict->tone);
	pen_tone(pen, TONE_STRONG);
	columns_wrap(pen->out, first, rest, text, PEN_WIDTH);
	pen_plain(pen);
	text_add(pen->out, "\n");
}

static const char *host_line(const struct pen *pen)
{
	const cJSON *host = view_object(pen->document, "host");
	const char *name = pen_text(pen, host, "name", 40), *kernel = pen_text(pen, host, "kernel", 40);
	const char *user = pen_text(pen, host, "user", 24),
			   *container = pen_text(pen, host, "container", 24);
	struct text line = {0};
	text_add(&line, *name ? name : "this host");
	if (*kernel) /* without the distribution's suffix: 6.1.0-21-amd64 */
		text_addf(&line,
				", %s%.*s",
				strchr("0123456789", *kernel) ? "Linux " : "",
				(int)strcspn(kernel, "-"),
				kernel);
	if (*user)
		text_addf(&line, ", as %s", user);
	if (*container)
		text_addf(&line, ", in %s", container);
	return text_take(pen->arena, &line);
}

static void terminal_subject(const struct pen *pen)
{
	const char *host = host_line(pen), *plan = pen_text(pen, pen->document, "workload_title", 120);
	size_t wide = columns_of(host), left = wide < 34 ? 36 : wide + 3;
	if (*plan && 2 + left + columns_of(plan) > PEN_WIDTH)
		left = wide + 3;
	if (*plan && 2 + left + columns_of(plan) <= PEN_WIDTH) {
		text_add(pen->out, "  ");
		columns_left(pen->out, host, left);
		text_addf(pen->out, "%s\n", plan);
		return;
	}
	pen_line(pen, host);
	if (*plan)
		pen_line(pen, plan);
}

/* Only where it is not simply the shell that runs headroom. */
static void seen_from(const struct pen *pen)
{
	const char *vantage = pen_text(pen, pen->document, "host.vantage", 160);
	if (*vantage && !strstr(vantage, "this shell"))
		pen_paragraph(pen, "Seen", 17, vantage);
}

static void binds_first(const struct pen *pen)
{
	const cJSON *binding = view_object(pen->document, "binding");
	if (!binding)
		return;
	const cJSON *resource = document_leading_limit(pen->document);
	enum unit unit = view_unit(resource, "quantity");
	const char *title = pen_text(pen, binding, "title", 60);
	const char *instance = pen_text(pen, binding, "instance", 40);
	const char *place = *instance ? arena_printf(pen->arena, " (%s)", instance) : "";
	pen_paragraph(pen,
			"Binds first",
			17,
			arena_printf(pen->arena,
					"%s%s: %s needed, %s available (%s), %s",
					title,
					place,
					view_figure(pen->arena, resource, "demand", unit),
					view_figure(pen->arena, resource, "capacity", unit),
					view_figure(pen->arena, resource, "utilization", UNIT_RATIO),
					view_object(resource, "calibrated") ? "measured" : "modelled"));
}

static void terminal_safe(const struct pen *pen)
{
	const char *safe = document_load_text(pen->arena, view_object(pen->document, "max_safe"));
	double scale = view_number(pen->document, "max_safe.scale");
	if (!*safe)
		return;
	if (isfinite(scale))
		safe = arena_printf(pen->arena,
				"%s (%s of the plan)",
				safe,
				view_figure_of(pen->arena, scale, UNIT_RATIO));
	pen_paragraph(pen, "Highest safe", 17, safe);
}

static void terminal_breaks(const struct pen *pen)
{
	const cJSON *breaks = view_object(pen->document, "breaks");
	const struct load_point at = document_load(pen->arena, breaks);
	const char *load = load_text(pen->arena, &at, ", ");
	double at_s = view_number(breaks, "at_s");
	const char *when = "";
	if (load_says(&at) == LOAD_SAYS_NOTHING || load_says(&at) == LOAD_SAYS_UNLIMITED)
		return;
	if (isfinite(at_s))
		when = arena_printf(pen->arena,
				"; this plan gets there after %s",
				view_figure_of(pen->arena, at_s, UNIT_SECONDS));
	pen_paragraph(pen, "Breaks at", 17, arena_printf(pen->arena, "%s%s", load, when));
}

static void terminal_hosts_needed(const struct pen *pen)
{
	double now = view_number(pen->document, "hosts_needed.now");
	double after = view_number(pen->document, "hosts_needed.after_fixes");
	if (isnan(now) && isnan(after))
		return;
	const char *first = view_figure_of(pen->arena, now, UNIT_COUNT),
			   *then = view_figure_of(pen->arena, after, UNIT_COUNT);
	if (isnan(now))
		first = "more hosts do not help";
	else
		first = arena_printf(pen->arena, "%s as it is", first);
	bool changes = isfinite(after) && view_count(pen->document, "fixes") > 0;
	pen_paragraph(pen,
			"Hosts",
			17,
			changes ? arena_printf(pen->arena, "%s, %s after the fixes", first, then) : first);
}

/* Facts of a file cannot be measured here. */
static bool terminal_from_file(const cJSON *document)
{
	const cJSON *word;
	cJSON_ArrayForEach(word, view_array(document, "command_line"))
		if (text_begins_with(view_raw(word, ""), "--facts"))
			return true;
	return false;
}

/* What of the table is measured. */
static void measured_remark(const struct pen *pen)
{
	struct text line = {0};
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(pen->document, "resources"))
		if (view_object(resource, "calibrated"))
			text_addf(&line,
					"%s%s",
					line.length ? ", " : "Measured: ",
					pen_text(pen, resource, "title", 60));
	text_add(&line,
			line.length ? ". Modelled: all others."
						: "Modelled: no measurement could be compared with it.");
	pen_line(pen, line.data);
	text_release(&line);
}

static void last_remark(const struct pen *pen)
{
	if (view_count(pen->document, "calibration"))
		measured_remark(pen);
	else if (terminal_from_file(pen->document))
		pen_line(pen, "Modelled, not measured.");
	else
		pen_line(pen, "Modelled, not measured. --calibrate proves it on this kernel in about 3 s.");
}

static void with_workload(const struct pen *pen)
{
	binds_first(pen);
	terminal_safe(pen);
	terminal_breaks(pen);
	terminal_hosts_needed(pen);
	text_add(pen->out, "\n");
	terminal_table(pen);
	terminal_fixes(pen);
	terminal_gate(pen);
	terminal_calibration(pen);
	terminal_drift(pen);
	terminal_remarks(pen);
	last_remark(pen);
}

void write_terminal(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	if (!options->past)
		now_lines(&pen, view_array(document, "resources"));
	terminal_headline(&pen);
	terminal_subject(&pen);
	seen_from(&pen);
	if (document_verdict(document) == VERDICT_NONE) {
		text_add(&page, "\n");
		terminal_holds(&pen);
		terminal_calibration(&pen);
		terminal_drift(&pen);
		terminal_remarks(&pen);
	} else {
		with_workload(&pen);
	}
	write_summary_line(document, options->arena, &page);
	text_add(out, options->ascii ? columns_to_ascii(options->arena, page.data) : page.data);
	text_release(&page);
}

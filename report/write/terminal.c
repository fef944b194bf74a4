/* The terminal view: the verdict first, then what binds, the table of limits, fixes and remarks,
 * at most 80 columns wide. terminal_parts.h lists its parts. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/badge.h"
#include "report/document/load.h"
#include "report/document/notes.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/now.h"
#include "report/write/terminal_parts.h"

static const struct verdict_row {
	const char *mark;
	enum tone tone;
} verdicts[] = {
		[VERDICT_PASS] = {"✓", TONE_GOOD},
		[VERDICT_FAIL] = {"✗", TONE_BAD},
		[VERDICT_UNKNOWN] = {"?", TONE_CARE},
		[VERDICT_NONE] = {"·", TONE_STRONG},
};

/* A badge that is wider has a line of its own. */
enum {
	BADGE_COLUMNS = 24,
	LABEL_COLUMNS = 17,
	HEADLINE_CHARS = 600
};

/* "✓ PASS · 1 warning" */
static const char *terminal_badge(const struct pen *pen)
{
	const struct verdict_row *verdict = &verdicts[badge_verdict(pen->document)];
	const char *badge = badge_text(pen->arena, pen->document);
	badge = arena_printf(pen->arena, "%s %s", verdict->mark, badge);
	return pen_fold(pen, badge);
}

static void terminal_headline(const struct pen *pen)
{
	static const char indents[] = "                            ";
	const char *text = pen_text(pen, pen->document, "headline", HEADLINE_CHARS);
	const char *badge = terminal_badge(pen);
	size_t width = columns_of(badge);
	const char *first = "  ", *rest = "  ";
	pen_tone(pen, verdicts[badge_verdict(pen->document)].tone);
	pen_tone(pen, TONE_STRONG);
	if (width > BADGE_COLUMNS) {
		text_addf(pen->out, "%s\n", badge);
	} else {
		first = arena_printf(pen->arena, "%s  ", badge);
		rest = indents + strlen(indents) - width - 2;
	}
	columns_wrap(pen->out, first, rest, text, PEN_WIDTH);
	pen_plain(pen);
	text_add(pen->out, "\n");
}

/* What to know before believing the numbers. */
static void terminal_notes(const struct pen *pen)
{
	const struct notes notes = document_notes(pen->arena, pen->document);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		pen_paragraph(pen, note->label, LABEL_COLUMNS, pen_fold(pen, note->text));
	}
}

/* What the kernel calls itself, as uname(1) prints it. */
static const char *kernel_of(const struct pen *pen)
{
	const cJSON *fact = view_find(view_array(pen->document, "facts"), "key", "os.name");
	if (strcmp(view_raw(fact, "value"), "darwin") == 0)
		return "Darwin ";
	return "Linux ";
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
				strchr("0123456789", *kernel) ? kernel_of(pen) : "",
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

static void terminal_request(const struct pen *pen)
{
	const char *request = document_request_text(pen->arena, pen->document);
	if (*request)
		pen_line(pen, request);
}

/* Of several loads each, and which of them a gate runs. */
static void terminal_loads(const struct pen *pen)
{
	const cJSON *load;
	const char *label = "Loads";
	bool gated = view_object(pen->document, "gate") != NULL;
	cJSON_ArrayForEach(load, view_array(pen->document, "loads")) {
		const char *line = pen_text(pen, load, "title", 120);
		if (gated)
			line = arena_printf(pen->arena, "%s (%s)", line, load_in_gate(load));
		pen_paragraph(pen, label, LABEL_COLUMNS, line);
		label = "";
	}
}

/* Only where it is not simply the shell that runs headroom. */
static void seen_from(const struct pen *pen)
{
	const char *vantage = pen_text(pen, pen->document, "host.vantage", 160);
	if (*vantage && !strstr(vantage, "this shell"))
		pen_paragraph(pen, "Seen", LABEL_COLUMNS, vantage);
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
	const char *parts = load_parts_text(pen->arena, resource);
	if (*parts)
		parts = arena_printf(pen->arena, " (%s)", parts);
	pen_paragraph(pen,
			"Binds first",
			LABEL_COLUMNS,
			arena_printf(pen->arena,
					"%s%s: %s needed%s, %s available (%s), %s",
					title,
					place,
					view_figure(pen->arena, resource, "demand", unit),
					parts,
					view_figure(pen->arena, resource, "capacity", unit),
					view_figure(pen->arena, resource, "utilization", UNIT_RATIO),
					view_object(resource, "calibrated") ? "measured" : "modelled"));
}

static void terminal_safe(const struct pen *pen)
{
	const char *safe = document_safe_text(pen->arena, pen->document);
	const struct load_point point = document_safe(pen->arena, pen->document);
	if (!*safe)
		return;
	if (isfinite(point.scale))
		safe = arena_printf(pen->arena,
				"%s (%s of the plan)",
				safe,
				view_figure_of(pen->arena, point.scale, UNIT_RATIO));
	pen_paragraph(pen, "Highest safe", LABEL_COLUMNS, safe);
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
	pen_paragraph(pen, "Breaks at", LABEL_COLUMNS, arena_printf(pen->arena, "%s%s", load, when));
}

static void terminal_hosts_needed(const struct pen *pen)
{
	const char *hosts = document_hosts_text(pen->arena, pen->document);
	double after = view_number(pen->document, "hosts_needed.after_fixes");
	if (!*hosts && isnan(after))
		return;
	if (!*hosts)
		hosts = "more hosts do not help";
	else
		hosts = arena_printf(pen->arena, "%s today", hosts);
	if (isfinite(after) && view_count(pen->document, "fixes") > 0)
		hosts = arena_printf(pen->arena,
				"%s, %s after the fixes",
				hosts,
				view_figure_of(pen->arena, after, UNIT_COUNT));
	pen_paragraph(pen, "Hosts", LABEL_COLUMNS, hosts);
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

/* --calibrate takes one load. */
static bool can_be_measured(const cJSON *document)
{
	return !terminal_from_file(document) && !view_count(document, "loads");
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
	else if (view_true(pen->document, "gate.ran"))
		pen_line(pen, "The run was measured; limits and fixes are modelled.");
	else if (!can_be_measured(pen->document))
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
	terminal_request(&pen);
	terminal_loads(&pen);
	seen_from(&pen);
	terminal_notes(&pen);
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

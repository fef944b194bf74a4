/* The terminal view: the verdict first, then what binds, the table of limits, fixes and remarks,
 * at most 80 columns wide. The parts are in terminal_table.c and terminal_remarks.c. */
#include "report/write/terminal.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/write/columns.h"

static const char *const tones[] = {
		[TONE_GOOD] = "\033[32m",
		[TONE_BAD] = "\033[31m",
		[TONE_CARE] = "\033[33m",
		[TONE_QUIET] = "\033[2m",
		[TONE_STRONG] = "\033[1m",
};

static const struct verdict_row {
	const char *mark, *word;
	enum tone tone;
} verdicts[] = {
		[VERDICT_PASS] = {"✓", "PASS", TONE_GOOD},
		[VERDICT_FAIL] = {"✗", "FAIL", TONE_BAD},
		[VERDICT_UNKNOWN] = {"?", "UNKNOWN", TONE_CARE},
		[VERDICT_NONE] = {"·", "AUDIT", TONE_STRONG},
};

void terminal_tone(const struct terminal *t, enum tone tone)
{
	if (t->options->color)
		text_add(t->out, tones[tone]);
}

void terminal_plain(const struct terminal *t)
{
	if (t->options->color)
		text_add(t->out, "\033[0m");
}

const char *terminal_fold(const struct terminal *t, const char *text)
{
	return t->options->ascii ? columns_to_ascii(t->arena, text) : text;
}

const char *terminal_text(const struct terminal *t,
		const cJSON *node,
		const char *path,
		size_t max_chars)
{
	return terminal_fold(t, view_text(t->arena, node, path, max_chars));
}

void terminal_line(const struct terminal *t, const char *text)
{
	columns_wrap(t->out, "  ", "  ", terminal_fold(t, text), TERMINAL_WIDTH);
}

void terminal_paragraph(const struct terminal *t,
		const char *label,
		size_t indent,
		const char *text)
{
	struct text first = {0};
	text_add(&first, "  ");
	columns_left(&first, label, indent - 2);
	char *rest = arena_alloc(t->arena, indent + 1);
	memset(rest, ' ', indent);
	columns_wrap(t->out, first.data, rest, terminal_fold(t, text), TERMINAL_WIDTH);
	text_release(&first);
}

static void terminal_headline(const struct terminal *t)
{
	const struct verdict_row *verdict = &verdicts[document_verdict(t->document)];
	const char *text = terminal_text(t, t->document, "headline", 300);
	const char *mark = terminal_fold(t, verdict->mark);
	const char *first = arena_printf(t->arena, "%s %s  ", mark, verdict->word);
	char *rest = arena_alloc(t->arena, 32);
	memset(rest, ' ', columns_of(first));
	terminal_tone(t, verdict->tone);
	terminal_tone(t, TONE_STRONG);
	columns_wrap(t->out, first, rest, text, TERMINAL_WIDTH);
	terminal_plain(t);
	text_add(t->out, "\n");
}

static const char *host_line(const struct terminal *t)
{
	const cJSON *host = view_object(t->document, "host");
	const char *name = terminal_text(t, host, "name", 40),
			   *kernel = terminal_text(t, host, "kernel", 40);
	const char *user = terminal_text(t, host, "user", 24),
			   *container = terminal_text(t, host, "container", 24);
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
	return text_take(t->arena, &line);
}

static void terminal_subject(const struct terminal *t)
{
	const char *host = host_line(t), *plan = terminal_text(t, t->document, "workload_title", 120);
	size_t wide = columns_of(host), left = wide < 34 ? 36 : wide + 3;
	if (*plan && 2 + left + columns_of(plan) > TERMINAL_WIDTH)
		left = wide + 3;
	if (*plan && 2 + left + columns_of(plan) <= TERMINAL_WIDTH) {
		text_add(t->out, "  ");
		columns_left(t->out, host, left);
		text_addf(t->out, "%s\n", plan);
		return;
	}
	terminal_line(t, host);
	if (*plan)
		terminal_line(t, plan);
}

/* Only where it is not simply the shell that runs headroom. */
static void seen_from(const struct terminal *t)
{
	const char *vantage = terminal_text(t, t->document, "host.vantage", 160);
	if (strstr(vantage, "pid ") || strstr(vantage, "container"))
		terminal_paragraph(t, "Seen", 17, vantage);
}

static void binds_first(const struct terminal *t)
{
	const cJSON *binding = view_object(t->document, "binding");
	if (!binding)
		return;
	const cJSON *resource = document_leading_limit(t->document);
	enum unit unit = view_unit(resource, "quantity");
	const char *title = terminal_text(t, binding, "title", 60);
	const char *instance = terminal_text(t, binding, "instance", 40);
	const char *place = *instance ? arena_printf(t->arena, " (%s)", instance) : "";
	terminal_paragraph(t,
			"Binds first",
			17,
			arena_printf(t->arena,
					"%s%s: %s needed, %s available (%s), %s",
					title,
					place,
					view_figure(t->arena, resource, "demand", unit),
					view_figure(t->arena, resource, "capacity", unit),
					view_figure(t->arena, resource, "utilization", UNIT_RATIO),
					view_object(resource, "calibrated") ? "measured" : "modelled"));
}

static void terminal_safe(const struct terminal *t)
{
	const char *safe = document_load_text(t->arena, view_object(t->document, "max_safe"));
	double scale = view_number(t->document, "max_safe.scale");
	if (!*safe)
		return;
	if (isfinite(scale))
		safe = arena_printf(t->arena,
				"%s (%s of the plan)",
				safe,
				view_figure_of(t->arena, scale, UNIT_RATIO));
	terminal_paragraph(t, "Highest safe", 17, safe);
}

static void terminal_breaks(const struct terminal *t)
{
	const cJSON *breaks = view_object(t->document, "breaks");
	const struct load_point at = document_load(breaks);
	const char *load = load_text(t->arena, &at, ", ");
	double at_s = view_number(breaks, "at_s");
	const char *when = "";
	if (load_says(&at) == LOAD_SAYS_NOTHING || load_says(&at) == LOAD_SAYS_UNLIMITED)
		return;
	if (isfinite(at_s))
		when = arena_printf(t->arena,
				"; this plan gets there after %s",
				view_figure_of(t->arena, at_s, UNIT_SECONDS));
	terminal_paragraph(t, "Breaks at", 17, arena_printf(t->arena, "%s%s", load, when));
}

static void terminal_hosts_needed(const struct terminal *t)
{
	double now = view_number(t->document, "hosts_needed.now");
	double after = view_number(t->document, "hosts_needed.after_fixes");
	if (isnan(now) && isnan(after))
		return;
	const char *first = view_figure_of(t->arena, now, UNIT_COUNT),
			   *then = view_figure_of(t->arena, after, UNIT_COUNT);
	if (isnan(now))
		first = "more hosts do not help";
	else
		first = arena_printf(t->arena, "%s as it is", first);
	bool changes = isfinite(after) && view_count(t->document, "fixes") > 0;
	terminal_paragraph(t,
			"Hosts",
			17,
			changes ? arena_printf(t->arena, "%s, %s after the fixes", first, then) : first);
}

/* Facts of a file cannot be measured here. */
static bool terminal_from_file(const cJSON *document)
{
	const cJSON *word;
	cJSON_ArrayForEach(word, view_array(document, "command_line"))
		if (!strncmp(view_raw(word, ""), "--facts", 7))
			return true;
	return false;
}

/* What of the table is measured. */
static void measured_remark(const struct terminal *t)
{
	struct text line = {0};
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(t->document, "resources"))
		if (view_object(resource, "calibrated"))
			text_addf(&line,
					"%s%s",
					line.length ? ", " : "Measured: ",
					terminal_text(t, resource, "title", 60));
	text_add(&line,
			line.length ? ". Modelled: all others."
						: "Modelled: no measurement could be compared with it.");
	terminal_line(t, line.data);
	text_release(&line);
}

static void last_remark(const struct terminal *t)
{
	if (view_count(t->document, "calibration"))
		measured_remark(t);
	else if (terminal_from_file(t->document))
		terminal_line(t, "Modelled, not measured.");
	else
		terminal_line(t,
				"Modelled, not measured. --calibrate proves it on this kernel in about 3 s.");
}

static void with_workload(const struct terminal *t)
{
	binds_first(t);
	terminal_safe(t);
	terminal_breaks(t);
	terminal_hosts_needed(t);
	text_add(t->out, "\n");
	terminal_table(t);
	terminal_fixes(t);
	terminal_gate(t);
	terminal_calibration(t);
	terminal_drift(t);
	terminal_remarks(t);
	last_remark(t);
}

void write_terminal(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct terminal t = {document, options, options->arena, &page};
	terminal_headline(&t);
	terminal_subject(&t);
	seen_from(&t);
	if (document_verdict(document) == VERDICT_NONE) {
		text_add(&page, "\n");
		terminal_holds(&t);
		terminal_calibration(&t);
		terminal_drift(&t);
		terminal_remarks(&t);
	} else {
		with_workload(&t);
	}
	write_summary_line(document, options->arena, &page);
	text_add(out, options->ascii ? columns_to_ascii(options->arena, page.data) : page.data);
	text_release(&page);
}

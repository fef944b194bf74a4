/* headroom.lint/1 on a terminal. */
#include <string.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/lint_page.h"
#include "report/write/pen.h"

enum {
	PLACE_WIDTH = 34,
	ROWS_SHOWN = 12, /* without --all */
	TITLE_CHARS = 120,
	WHAT_CHARS = 60
};

const char *lint_place(struct arena *arena, const cJSON *finding)
{
	return arena_printf(arena,
			"%s:%.0f",
			view_text(arena, finding, "file", LINT_PATH_CHARS),
			view_number(finding, "line"));
}

bool lint_is_port(const cJSON *finding)
{
	return strcmp(view_raw(finding, "rule"), "ephemeral-listener") == 0;
}

const char *lint_message(struct arena *arena, const cJSON *finding)
{
	return arena_printf(arena,
			"%s (%s). Cure: %s",
			view_text(arena, finding, "says", LINT_SAYS_CHARS),
			view_text(arena, finding, "what", WHAT_CHARS),
			view_text(arena, finding, "instead", LINT_SAYS_CHARS));
}

size_t lint_count_ports(const cJSON *document)
{
	size_t count = 0;
	const cJSON *finding;
	cJSON_ArrayForEach(finding, view_array(document, "findings"))
		count += lint_is_port(finding);
	return count;
}

static const char *machine_text(const struct pen *pen)
{
	const cJSON *document = pen->document;
	const char *title = pen_text(pen, document, "machine.title", TITLE_CHARS);
	return arena_printf(pen->arena,
			"%s: outgoing connections use ports %.0f-%.0f",
			title,
			view_number(document, "machine.first"),
			view_number(document, "machine.last"));
}

const char *lint_headline(struct arena *arena, const cJSON *document)
{
	static const char lose[] = "can lose their port to an outgoing connection";
	size_t ports = lint_count_ports(document);
	size_t all = view_count(document, "findings");
	const char *text;
	if (all == 0)
		return "No listener of this repository can lose its port to an outgoing connection";
	if (ports == 0)
		return arena_printf(arena, "Settings that have no effect where they are: %zu", all);
	if (ports == 1)
		text = "1 listener of this repository can lose its port to an outgoing connection";
	else
		text = arena_printf(arena, "%zu listeners of this repository %s", ports, lose);
	if (ports == all)
		return text;
	return arena_printf(arena,
			"%s, and %zu of its settings have no effect where they are",
			text,
			all - ports);
}

static void say_headline(const struct pen *pen)
{
	size_t all = view_count(pen->document, "findings");
	const char *mark = "✗  ";
	const char *text = lint_headline(pen->arena, pen->document);
	enum tone tone = TONE_BAD;
	if (all == 0) {
		mark = "✓  ";
		tone = TONE_GOOD;
	}
	pen_tone(pen, tone);
	pen_tone(pen, TONE_STRONG);
	columns_wrap(pen->out,
			pen_fold(pen, mark),
			"   ",
			pen_fold(pen, arena_printf(pen->arena, "%s (%s).", text, machine_text(pen))),
			pen_width(pen));
	pen_plain(pen);
}

static void say_row(const struct pen *pen, const cJSON *row)
{
	const char *place = pen_fold(pen, lint_place(pen->arena, row));
	const char *ports = pen_text(pen, row, "ports", 20);
	const char *what = pen_text(pen, row, "what", WHAT_CHARS);
	text_add(pen->out, "  ");
	/* A place is never cut: it is what people click on. */
	if (columns_of(place) < PLACE_WIDTH)
		columns_left(pen->out, place, PLACE_WIDTH);
	else
		text_add(pen->out, place);
	if (*ports)
		text_addf(pen->out, " %-12s", ports);
	text_addf(pen->out, " %s", what);
	if (strcmp(view_raw(row, "level"), "note") == 0)
		text_add(pen->out, " (likely)");
	text_add(pen->out, "\n");
	if (!lint_is_port(row))
		pen_paragraph(pen,
				"",
				6,
				arena_printf(pen->arena,
						"%s. Instead: %s",
						pen_text(pen, row, "says", LINT_SAYS_CHARS),
						pen_text(pen, row, "instead", LINT_SAYS_CHARS)));
	else if (view_true(row, "service") || *view_raw(row, "system"))
		pen_paragraph(pen, "", 6, pen_text(pen, row, "instead", LINT_SAYS_CHARS));
}

static void say_rows(const struct pen *pen)
{
	size_t shown = 0;
	size_t all = view_count(pen->document, "findings");
	const cJSON *row;
	if (all > 0)
		text_add(pen->out, "\n");
	cJSON_ArrayForEach(row, view_array(pen->document, "findings")) {
		if (shown == ROWS_SHOWN && !pen->options->all)
			break;
		say_row(pen, row);
		shown++;
	}
	if (shown < all)
		text_addf(pen->out, "  and %zu more: --all\n", all - shown);
}

/* What ends it for one listener, or for all of them. */
static const char *cure_text(const struct pen *pen)
{
	double first = view_number(pen->document, "machine.first");
	if (lint_count_ports(pen->document) == 1)
		return arena_printf(pen->arena,
				"Fix: use a port below %.0f, or reserve the port before the service starts:",
				first);
	return arena_printf(pen->arena,
			"Fix: use ports below %.0f, or reserve the ports before the services start:",
			first);
}

/* The command writes the whole list anew. */
static const char *cure_lasts(const struct pen *pen)
{
	const char *reserved = pen_text(pen, pen->document, "machine.reserved", LINT_SAYS_CHARS);
	const char *title = pen_text(pen, pen->document, "machine.title", TITLE_CHARS);
	if (!*reserved)
		return arena_printf(pen->arena,
				"This lasts until the next boot and replaces the list of reserved ports "
				"(%s: empty now).",
				title);
	return arena_printf(pen->arena,
			"This lasts until the next boot, and keeps the ports that are reserved already (%s: "
			"%s).",
			title,
			reserved);
}

static void say_cure(const struct pen *pen)
{
	const char *command = pen_text(pen, pen->document, "cure", 0);
	if (lint_count_ports(pen->document) > 0)
		pen_line(pen,
				arena_printf(pen->arena,
						"Why: %s.",
						pen_text(pen, pen->document, "race", LINT_SAYS_CHARS)));
	if (!*command)
		return;
	pen_line(pen, cure_text(pen));
	text_addf(pen->out, "  %s\n", command);
	pen_line(pen, cure_lasts(pen));
}

static void say_kept(const struct pen *pen)
{
	size_t kept = view_count(pen->document, "kept_out");
	const cJSON *row;
	if (kept > 0 && !pen->options->all)
		text_addf(pen->out,
				"  Kept out of the range by the repository itself: %zu (--all shows them)\n",
				kept);
	cJSON_ArrayForEach(row, view_array(pen->document, "kept_out")) {
		if (!pen->options->all)
			break;
		text_addf(pen->out,
				"  %s %s: kept out by %s\n",
				pen_fold(pen, lint_place(pen->arena, row)),
				pen_text(pen, row, "ports", 20),
				pen_fold(pen, lint_place(pen->arena, view_get(row, "by"))));
	}
	size_t allowed = view_count(pen->document, "allowed");
	if (allowed > 0)
		text_addf(pen->out, "  Not reported (headroom: allow): %zu\n", allowed);
}

static void say_unread_files(const struct pen *pen)
{
	double count = view_number(pen->document, "files.not_read");
	size_t shown = 0;
	const cJSON *row;
	if (!(count > 0))
		return;
	text_addf(pen->out, "  Not read: %.0f\n", count);
	cJSON_ArrayForEach(row, view_array(pen->document, "files.problems")) {
		if (shown++ == 3 && !pen->options->all)
			break;
		text_addf(pen->out,
				"    %s %s\n",
				pen_text(pen, row, "path", LINT_PATH_CHARS),
				pen_text(pen, row, "why", 100));
	}
}

void write_lint_line(const cJSON *document, const struct write_options *options, struct text *out)
{
	size_t likely = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "findings"))
		likely += strcmp(view_raw(row, "level"), "note") == 0;
	text_addf(out, "headroom: LINT found=%zu", view_count(document, "findings"));
	if (likely > 0)
		text_addf(out, " likely=%zu", likely);
	if (view_count(document, "kept_out") > 0)
		text_addf(out, " kept_out=%zu", view_count(document, "kept_out"));
	if (view_count(document, "allowed") > 0)
		text_addf(out, " allowed=%zu", view_count(document, "allowed"));
	if (view_number(document, "files.not_read") > 0)
		text_addf(out, " not_read=%.0f", view_number(document, "files.not_read"));
	const char *image = view_text(options->arena, document, "machine.image", 60);
	if (*image)
		text_addf(out, " image=%s", image);
	text_add(out, "\n");
}

void write_lint(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct pen pen = {document, options, options->arena, out};
	say_headline(&pen);
	say_rows(&pen);
	say_cure(&pen);
	say_kept(&pen);
	say_unread_files(&pen);
	write_lint_line(document, options, out);
}

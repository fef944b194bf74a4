/* headroom.lint/1 for CI systems: JUnit, and annotations of GitHub with file and line. */
#include <string.h>

#include "report/document/view.h"
#include "report/write/lint_page.h"
#include "report/write/markup.h"
#include "report/write/write.h"

static bool is_same_file(const cJSON *a, const cJSON *b)
{
	return strcmp(view_raw(a, "file"), view_raw(b, "file")) == 0;
}

/* A case for each file with findings: its findings are one failure. */
static void add_file_case(struct arena *arena, const cJSON *first, struct text *out)
{
	text_add(out, "\t\t<testcase classname=\"headroom.lint\" name=\"");
	markup_add_html(out, view_text(arena, first, "file", LINT_PATH_CHARS));
	text_add(out, "\" time=\"0\">\n\t\t\t<failure type=\"headroom\" message=\"");
	markup_add_html(out, view_text(arena, first, "says", LINT_SAYS_CHARS));
	text_add(out, "\">");
	for (const cJSON *row = first; row && is_same_file(row, first); row = row->next) {
		markup_add_html(out, lint_place(arena, row));
		text_add(out, ": ");
		markup_add_html(out, lint_message(arena, row));
		text_add(out, "\n");
	}
	text_add(out, "</failure>\n\t\t</testcase>\n");
}

static size_t lint_count_files(const cJSON *findings)
{
	size_t files = 0;
	const cJSON *row;
	const cJSON *last = NULL;
	cJSON_ArrayForEach(row, findings) {
		files += !last || !is_same_file(row, last);
		last = row;
	}
	return files;
}

/* Nothing found is a case that passes: a report without cases is an error to some readers. */
void write_lint_junit(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const cJSON *findings = view_array(document, "findings");
	const cJSON *row;
	const cJSON *last = NULL;
	size_t files = lint_count_files(findings);
	size_t cases = files;
	if (cases == 0)
		cases = 1;
	const char *numbers = arena_printf(arena,
			"tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\"",
			cases,
			files);
	text_addf(out,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"headroom\" %s>\n",
			numbers);
	text_addf(out, "\t<testsuite name=\"headroom lint\" %s time=\"0\" timestamp=\"", numbers);
	markup_add_html(out, view_text(arena, document, "created", 40));
	text_add(out, "\">\n");
	cJSON_ArrayForEach(row, findings) {
		if (!last || !is_same_file(row, last))
			add_file_case(arena, row, out);
		last = row;
	}
	if (files == 0)
		text_add(out,
				"\t\t<testcase classname=\"headroom.lint\" name=\"all files\" time=\"0\"/>\n");
	text_add(out, "\t</testsuite>\n</testsuites>\n");
}

/* As in actions/toolkit (packages/core/src/command.ts). */
static void add_command_text(struct text *out, const char *text, bool property)
{
	for (; *text; text++) {
		bool special = strchr("%\r\n", *text) || (property && strchr(":,", *text));
		if (special)
			text_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
		else
			text_add_bytes(out, text, 1);
	}
}

static const char *annotation_of(const cJSON *row)
{
	if (strcmp(view_raw(row, "level"), "note") == 0)
		return "notice";
	return "warning";
}

void write_lint_github(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "findings")) {
		text_addf(out, "::%s file=", annotation_of(row));
		add_command_text(out, view_text(arena, row, "file", LINT_PATH_CHARS), true);
		text_addf(out, ",line=%.0f,title=headroom lint::", view_number(row, "line"));
		add_command_text(out, lint_message(arena, row), false);
		text_add(out, "\n");
	}
}

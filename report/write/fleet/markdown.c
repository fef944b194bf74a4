/* headroom.fleet/1 for a ticket or a pull request. */
#include <math.h>
#include <string.h>

#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/fleet/page.h"
#include "report/write/markup.h"
#include "report/write/write.h"

enum {
	CLASSES_MAX = 20,
	NAMES_MAX = 12,
	DIFFERENCES_MAX = 5
};

struct fleet_sheet {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

static const char *mark_of(const cJSON *node)
{
	switch (document_verdict(node)) {
	case VERDICT_PASS:
		return "✓";
	case VERDICT_FAIL:
		return "✗";
	case VERDICT_NONE:
	case VERDICT_UNKNOWN:
		break;
	}
	return "◇";
}

static void sheet_text(const struct fleet_sheet *sheet, const char *text)
{
	markup_add_markdown(sheet->out, text);
}

static void sheet_cell(const struct fleet_sheet *sheet, const char *text)
{
	text_add(sheet->out, " ");
	sheet_text(sheet, text);
	text_add(sheet->out, " |");
}

static void sheet_item(const struct fleet_sheet *sheet, const char *label, const char *text)
{
	if (!*text)
		return;
	text_addf(sheet->out, "* %s: ", label);
	sheet_text(sheet, text);
	text_add(sheet->out, "\n");
}

static const char *spread_text(const struct fleet_sheet *sheet, const cJSON *spread)
{
	const char *least = view_figure(sheet->arena, spread, "least", UNIT_RATIO);
	const char *most = view_figure(sheet->arena, spread, "most", UNIT_RATIO);
	if (strcmp(least, most) == 0)
		return most;
	return arena_printf(sheet->arena, "%s to %s", least, most);
}

static void sheet_class(const struct fleet_sheet *sheet, const cJSON *class)
{
	struct arena *arena = sheet->arena;
	const char *limit = fleet_limit_title(arena, sheet->document, view_raw(class, "limit"));
	const char *name = view_text(arena, class, "name", FLEET_NAME_CHARS);
	const char *word = arena_printf(arena, "%s %s", mark_of(class), fleet_word(class));
	text_add(sheet->out, "|");
	sheet_cell(sheet, name);
	sheet_cell(sheet, view_text(arena, class, "role", FLEET_NAME_CHARS));
	sheet_cell(sheet, view_figure(arena, class, "hosts", UNIT_COUNT));
	sheet_cell(sheet, word);
	sheet_cell(sheet, limit);
	sheet_cell(sheet, spread_text(sheet, view_object(class, "use")));
	sheet_cell(sheet, fleet_differs(arena, class, DIFFERENCES_MAX));
	text_add(sheet->out, "\n");
}

static void sheet_classes(const struct fleet_sheet *sheet)
{
	const cJSON *class;
	size_t shown = 0;
	size_t all = view_count(sheet->document, "classes");
	if (all == 0)
		return;
	text_add(sheet->out,
			"\n| class | role | hosts | verdict | tightest limit | use | differs from most |\n"
			"|---|---|--:|---|---|--:|---|\n");
	cJSON_ArrayForEach(class, view_array(sheet->document, "classes")) {
		if (shown == CLASSES_MAX)
			break;
		sheet_class(sheet, class);
		shown++;
	}
	if (shown < all)
		text_addf(sheet->out, "\n%zu more classes are in the document.\n", all - shown);
}

static void sheet_failing(const struct fleet_sheet *sheet)
{
	const cJSON *class;
	cJSON_ArrayForEach(class, view_array(sheet->document, "classes")) {
		const char *name = view_text(sheet->arena, class, "name", FLEET_NAME_CHARS);
		if (document_verdict(class) != VERDICT_FAIL)
			continue;
		sheet_item(sheet,
				arena_printf(sheet->arena, "Hosts of class %s", name),
				fleet_names_of(sheet->arena, sheet->document, name, NAMES_MAX));
	}
}

static void sheet_state(const struct fleet_sheet *sheet, const char *label, const char *state)
{
	sheet_item(sheet, label, fleet_names_in(sheet->arena, sheet->document, state, NAMES_MAX));
}

static void sheet_sources(const struct fleet_sheet *sheet)
{
	const cJSON *problem;
	cJSON_ArrayForEach(problem, view_array(sheet->document, "problems")) {
		const char *where = view_text(sheet->arena, problem, "where", FLEET_WHY_CHARS);
		const char *why = view_text(sheet->arena, problem, "why", FLEET_WHY_CHARS);
		if (view_true(problem, "ends"))
			sheet_item(sheet,
					"Source ended in an error",
					arena_printf(sheet->arena, "%s: %s", where, why));
	}
}

void write_fleet_markdown(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	const struct fleet_sheet sheet = {document, options->arena, out};
	struct text line = {0};
	const char *answered = fleet_answered(options->arena, document);
	text_addf(out, "## %s %s: ", mark_of(document), fleet_word(document));
	sheet_text(&sheet, view_text(options->arena, document, "headline", 600));
	text_add(out, "\n\n");
	sheet_item(&sheet, "For", document_request_text(options->arena, document));
	sheet_item(&sheet, "Plan", view_text(options->arena, document, "workload_title", 200));
	sheet_item(&sheet, "Answered", answered);
	sheet_item(&sheet, "Values from", view_text(options->arena, document, "as_of", 40));
	sheet_state(&sheet, "Missing", "missing");
	sheet_state(&sheet, "Unreadable", "broken");
	sheet_state(&sheet, "Too old", "stale");
	sheet_state(&sheet, "Duplicate", "duplicate");
	sheet_sources(&sheet);
	sheet_failing(&sheet);
	sheet_classes(&sheet);
	write_fleet_line(document, options, &line);
	text_add(out, "\n");
	markup_add_code(options->arena, out, "", text_string(&line));
	text_release(&line);
}

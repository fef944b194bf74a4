/* headroom.fleet/1 on a terminal: at most 24 lines. */
#include <math.h>
#include <string.h>

#include "report/document/instead.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/fleet/page.h"
#include "report/write/pen.h"
#include "report/write/script.h"

enum {
	LABEL_COLUMNS = 14,
	NAME_COLUMNS = 6,
	HOSTS_COLUMNS = 8,
	VERDICT_COLUMNS = 11,
	LIMIT_COLUMNS = 24,
	USE_COLUMNS = 6,
	CLASSES_SHOWN = 5, /* without --all */
	NAMES_SHOWN = 4,
	SOURCES_SHOWN = 2,
	WIDTH_LEAST = 60,
	WIDTH_USUAL = 80,
	WIDTH_MOST = 160
};

static const struct fleet_look {
	const char *mark;
	enum tone tone;
} looks[] = {
		[VERDICT_PASS] = {"✓", TONE_GOOD},
		[VERDICT_FAIL] = {"✗", TONE_BAD},
		[VERDICT_UNKNOWN] = {"?", TONE_CARE},
		[VERDICT_NONE] = {"?", TONE_CARE},
};

static size_t page_width(const struct pen *pen)
{
	size_t width = pen->options->width;
	if (width == 0)
		return WIDTH_USUAL;
	if (width < WIDTH_LEAST)
		return WIDTH_LEAST;
	if (width > WIDTH_MOST)
		return WIDTH_MOST;
	return width;
}

/* A label and its text, wrapped to the page. */
static void fleet_row(const struct pen *pen, const char *label, const char *text)
{
	static const char rest[] = "              ";
	struct text first = {0};
	if (!*text)
		return;
	text_add(&first, "  ");
	columns_left(&first, label, LABEL_COLUMNS - 2);
	columns_wrap(pen->out, first.data, rest, pen_fold(pen, text), page_width(pen));
	text_release(&first);
}

static void screen_headline(const struct pen *pen)
{
	const struct fleet_look *look = &looks[document_verdict(pen->document)];
	const char *badge = arena_printf(pen->arena, "%s %s  ", look->mark, fleet_word(pen->document));
	static const char rest[] = "             ";
	const char *text = pen_text(pen, pen->document, "headline", 600);
	pen_tone(pen, look->tone);
	pen_tone(pen, TONE_STRONG);
	columns_wrap(pen->out,
			pen_fold(pen, badge),
			rest + sizeof rest - 1 - columns_of(badge),
			text,
			page_width(pen));
	pen_plain(pen);
	text_add(pen->out, "\n");
}

/* --- plan and path --- */

static const char *stage_label(const cJSON *stage)
{
	static const struct {
		const char *end, *label;
	} labels[] = {
			{"client", "Clients"},
			{"nat", "NAT"},
			{"proxy", "Proxies"},
			{"server", "Servers"},
	};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (strcmp(view_raw(stage, "end"), labels[i].end) == 0)
			return labels[i].label;
	return "Hosts";
}

/* "safe up to 3.5 times the plan" */
static const char *reach_text(const struct pen *pen, const cJSON *reach)
{
	double scale = view_number(reach, "scale");
	const char *most = view_true(reach, "at_most") ? "at most " : "";
	if (isnan(scale))
		return "how much is safe is not known";
	if (isinf(scale))
		return "no limit is reached";
	if (scale < 1)
		return arena_printf(pen->arena,
				"safe up to %s%s of the plan",
				most,
				view_figure_of(pen->arena, scale, UNIT_RATIO));
	return arena_printf(pen->arena, "safe up to %s%.1f× the plan", most, floor(scale * 10) / 10);
}

static void fleet_stage(const struct pen *pen, const cJSON *stage, bool several)
{
	struct text text = {0};
	const char *load = fleet_stage_load(pen->arena, stage);
	text_addf(&text, "%s", view_figure(pen->arena, stage, "hosts", UNIT_COUNT));
	if (*load)
		text_addf(&text, ", %s each", load);
	if (view_number(stage, "unknown") < view_number(stage, "hosts"))
		text_addf(&text, "; %s", reach_text(pen, view_object(stage, "now")));
	if (several && view_true(stage, "narrowest"))
		text_add(&text, " (the narrowest end)");
	fleet_row(pen, stage_label(stage), text_take(pen->arena, &text));
}

static void fleet_plan(const struct pen *pen)
{
	const cJSON *stage;
	size_t stages = view_count(pen->document, "path.stages");
	fleet_row(pen, "Plan", pen_text(pen, pen->document, "workload_title", 120));
	cJSON_ArrayForEach(stage, view_array(pen->document, "path.stages"))
		fleet_stage(pen, stage, stages > 1);
	fleet_row(pen, "Instead", document_instead_text(pen->arena, pen->document));
}

/* --- who answered --- */

static const char *first_why(const struct pen *pen, const char *state)
{
	const cJSON *host = view_find(view_array(pen->document, "hosts"), "state", state);
	return pen_text(pen, host, "why", 160);
}

static void say_state(const struct pen *pen, const char *label, const char *state)
{
	size_t most = pen->options->all ? 0 : NAMES_SHOWN;
	const char *names = fleet_names_in(pen->arena, pen->document, state, most);
	const char *why = first_why(pen, state);
	if (*names && *why)
		names = arena_printf(pen->arena, "%s (%s)", names, why);
	fleet_row(pen, label, names);
}

static void say_answered(const struct pen *pen)
{
	const char *answered = fleet_answered(pen->arena, pen->document);
	if (isnan(view_number(pen->document, "counts.expected")))
		answered = arena_printf(pen->arena,
				"%s; how many should have is not known (--hosts FILE)",
				answered);
	fleet_row(pen, "Answered", answered);
	say_state(pen, "Missing", "missing");
	say_state(pen, "Unreadable", "broken");
	say_state(pen, "Too old", "stale");
	say_state(pen, "Duplicate", "duplicate");
	say_state(pen, "Standing by", "standing-by");
}

static void say_unexpected(const struct pen *pen)
{
	const cJSON *name;
	struct text names = {0};
	size_t shown = 0;
	double count = view_number(pen->document, "counts.unexpected");
	cJSON_ArrayForEach(name, view_array(pen->document, "unexpected")) {
		if (shown++ == NAMES_SHOWN)
			break;
		text_add(&names, shown > 1 ? ", " : "");
		text_add(&names, view_text(pen->arena, name, "", FLEET_NAME_CHARS));
	}
	if (count > 0)
		fleet_row(pen,
				"Not expected",
				arena_printf(pen->arena,
						"%.0f not in --hosts, not judged: %s",
						count,
						text_string(&names)));
	text_release(&names);
}

static void say_problems(const struct pen *pen)
{
	const cJSON *problem;
	size_t shown = 0;
	double all = view_number(pen->document, "problem_count");
	cJSON_ArrayForEach(problem, view_array(pen->document, "problems")) {
		if (shown == SOURCES_SHOWN && !pen->options->all)
			break;
		const char *where = pen_text(pen, problem, "where", 200);
		const char *why = pen_text(pen, problem, "why", FLEET_WHY_CHARS);
		if (!text_begins_with(why, where))
			why = arena_printf(pen->arena, "%s: %s", where, why);
		fleet_row(pen, shown++ ? "" : "Sources", why);
	}
	if (all > (double)shown)
		fleet_row(pen, "", arena_printf(pen->arena, "and %.0f more", all - (double)shown));
}

/* --- since an earlier fleet --- */

/* "class B, was A: ": classes of two fleets have the same names for others, so it stands only in
 * front of what differs. */
static void add_class_change(const struct pen *pen, const cJSON *host, struct text *out)
{
	const char *from = pen_text(pen, host, "class_from", FLEET_NAME_CHARS);
	const char *to = pen_text(pen, host, "class_to", FLEET_NAME_CHARS);
	if (strcmp(from, to) == 0)
		return;
	if (!*from)
		from = "none";
	if (!*to)
		to = "none";
	text_addf(out, "class %s, was %s; ", to, from);
}

/* "gen-003 (class B, was A; net.ipv4.tcp_tw_reuse 0, was 2)" */
static void add_drifted(const struct pen *pen, const cJSON *host, struct text *out)
{
	const cJSON *changes = view_array(host, "changes");
	const cJSON *first = host;
	if (changes && changes->child)
		first = changes->child;
	const char *key = pen_text(pen, first, "key", FLEET_VALUE_CHARS);
	const char *to = pen_text(pen, first, "to", FLEET_VALUE_CHARS);
	const char *from = pen_text(pen, first, "from", FLEET_VALUE_CHARS);
	text_add(out, pen_text(pen, host, "name", FLEET_NAME_CHARS));
	text_add(out, " (");
	add_class_change(pen, host, out);
	text_add(out, key);
	if (*key)
		text_add(out, " ");
	text_add(out, to);
	text_add(out, ", was ");
	text_add(out, from);
	text_add(out, ")");
}

static void say_drift(const struct pen *pen)
{
	const cJSON *drift = view_object(pen->document, "drift");
	const cJSON *host;
	struct text text = {0};
	const char *before = ": ";
	size_t shown = 0;
	double all = view_number(drift, "changed");
	if (!drift)
		return;
	text_addf(&text, "%.0f since %s", all, view_text(pen->arena, drift, "created", 40));
	cJSON_ArrayForEach(host, view_array(drift, "hosts")) {
		if (shown == 3 && !pen->options->all)
			break;
		text_add(&text, before);
		before = ", ";
		shown++;
		add_drifted(pen, host, &text);
	}
	if (all > (double)shown)
		text_addf(&text, " and %.0f more", all - (double)shown);
	fleet_row(pen, "Changed", text_take(pen->arena, &text));
}

/* --- classes --- */

static int rank_of(const cJSON *class)
{
	switch (document_verdict(class)) {
	case VERDICT_FAIL:
		return 0;
	case VERDICT_NONE:
	case VERDICT_UNKNOWN:
		return 1;
	case VERDICT_PASS:
		break;
	}
	return 2;
}

static const char *use_text(const struct pen *pen, const cJSON *class)
{
	double use = view_number(class, "use.most");
	if (isnan(use))
		return "";
	return view_figure_of(pen->arena, use, UNIT_RATIO);
}

static const char *class_limit(const struct pen *pen, const cJSON *class)
{
	const char *id = view_raw(class, "limit");
	if (!*id)
		return "";
	return fleet_limit_title(pen->arena, pen->document, id);
}

static const char *class_differs(const struct pen *pen, const cJSON *class)
{
	struct text text = {0};
	const char *differs = fleet_differs(pen->arena, class, pen->options->all ? 0 : 2);
	if (document_verdict(class) != VERDICT_PASS)
		text_add(&text,
				fleet_names_of(pen->arena,
						pen->document,
						view_raw(class, "name"),
						pen->options->all ? 0 : NAMES_SHOWN));
	if (*differs)
		text_addf(&text, "%s%s", text.length > 0 ? ": " : "", differs);
	return text_take(pen->arena, &text);
}

static void class_row(const struct pen *pen, const cJSON *class)
{
	const struct fleet_look *look = &looks[document_verdict(class)];
	const char *use = use_text(pen, class);
	text_add(pen->out, "  ");
	columns_left(pen->out, pen_text(pen, class, "name", 8), NAME_COLUMNS);
	columns_left(pen->out, view_figure(pen->arena, class, "hosts", UNIT_COUNT), HOSTS_COLUMNS);
	pen_tone(pen, look->tone);
	columns_left(pen->out,
			pen_fold(pen, arena_printf(pen->arena, "%s %s", look->mark, fleet_word(class))),
			VERDICT_COLUMNS);
	pen_plain(pen);
	columns_left(pen->out, pen_fold(pen, class_limit(pen, class)), LIMIT_COLUMNS);
	columns_right(pen->out, pen_fold(pen, use), USE_COLUMNS);
	text_add(pen->out, "\n");
	const char *differs = class_differs(pen, class);
	if (*differs)
		columns_wrap(pen->out, "          ", "          ", pen_fold(pen, differs), page_width(pen));
}

static void class_head(const struct pen *pen)
{
	text_add(pen->out, "\n  ");
	pen_tone(pen, TONE_QUIET);
	columns_left(pen->out, "class", NAME_COLUMNS);
	columns_left(pen->out, "hosts", HOSTS_COLUMNS);
	columns_left(pen->out, "verdict", VERDICT_COLUMNS);
	columns_left(pen->out, "tightest limit", LIMIT_COLUMNS);
	columns_right(pen->out, "use", USE_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, "\n");
}

/* Those that fail first, then those that are not known; in each the largest first. */
static void fleet_classes(const struct pen *pen)
{
	const cJSON *class;
	size_t shown = 0, all = view_count(pen->document, "classes");
	if (all == 0)
		return;
	class_head(pen);
	for (int rank = 0; rank <= 2; rank++) {
		cJSON_ArrayForEach(class, view_array(pen->document, "classes")) {
			bool room = shown < CLASSES_SHOWN || pen->options->all;
			if (rank_of(class) != rank || !room)
				continue;
			class_row(pen, class);
			shown++;
		}
	}
	if (shown < all)
		text_addf(pen->out, "  and %zu more classes: --all\n", all - shown);
}

/* --- what to do --- */

static const cJSON *first_step(const cJSON *class)
{
	const cJSON *fix;
	cJSON_ArrayForEach(fix, view_array(class, "audit.fixes"))
		if (view_true(fix, "in_ladder"))
			return fix;
	return NULL;
}

/* Of the largest class that fails. */
static void fleet_fix(const struct pen *pen)
{
	const cJSON *class, *fix = NULL;
	cJSON_ArrayForEach(class, view_array(pen->document, "classes")) {
		if (document_verdict(class) == VERDICT_FAIL)
			fix = first_step(class);
		if (fix)
			break;
	}
	if (!fix)
		return;
	struct text first = {0};
	text_add(&first, "  ");
	columns_left(&first,
			arena_printf(pen->arena, "Fix class %s", pen_text(pen, class, "name", 8)),
			LABEL_COLUMNS - 2);
	const struct script_place place = {
			.first = first.data,
			.rest = "              ",
			.width = page_width(pen),
	};
	if (!script_add(pen->arena, pen->out, fix, "commands", &place))
		fleet_row(pen, "Fix", pen_text(pen, fix, "title", 200));
	text_release(&first);
}

/* --- the last line --- */

static void add_count(const cJSON *document, const char *key, const char *path, struct text *out)
{
	double count = view_number(document, path);
	if (count > 0)
		text_addf(out, " %s=%.0f", key, count);
}

static void add_leading(const cJSON *document, struct arena *arena, struct text *out)
{
	const char *id = view_text(arena, document, "binding.resource", 60);
	double use = view_number(document, "use");
	switch (document_verdict(document)) {
	case VERDICT_FAIL:
		text_addf(out, " %s", *id ? id : "unknown-limit");
		break;
	case VERDICT_PASS:
		text_addf(out, " binding=%s", *id ? id : "none");
		if (isnan(use))
			break;
		text_add(out, " ");
		view_add_share(out, use);
		break;
	case VERDICT_NONE:
	case VERDICT_UNKNOWN:
		break;
	}
}

void write_fleet_line(const cJSON *document, const struct write_options *options, struct text *out)
{
	double expected = view_number(document, "counts.expected");
	text_addf(out, "headroom: %s", fleet_word(document));
	add_leading(document, options->arena, out);
	if (isnan(expected))
		text_add(out, " expected=unknown");
	else
		text_addf(out, " expected=%.0f", expected);
	text_addf(out, " answered=%.0f", view_number(document, "counts.answered"));
	add_count(document, "failed", "counts.failed", out);
	add_count(document, "unknown", "counts.unknown", out);
	add_count(document, "missing", "counts.missing", out);
	add_count(document, "stale", "counts.stale", out);
	add_count(document, "duplicate", "counts.duplicate", out);
	add_count(document, "unreadable", "counts.broken", out);
	if (view_true(document, "source_error"))
		text_add(out, " source_error=yes");
	if (view_true(document, "stopped"))
		text_add(out, " stopped=yes");
	text_add(out, "\n");
}

void write_fleet(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct pen pen = {
			.document = document,
			.options = options,
			.arena = options->arena,
			.out = out,
	};
	screen_headline(&pen);
	fleet_row(&pen, "For", document_request_text(pen.arena, document));
	fleet_plan(&pen);
	say_answered(&pen);
	say_unexpected(&pen);
	say_problems(&pen);
	say_drift(&pen);
	fleet_classes(&pen);
	fleet_fix(&pen);
	write_fleet_line(document, options, out);
}

/* Reads the present use of limits from a document. Judges nothing: the state stands there. */
#include "report/write/now.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/present.h"
#include "report/document/view.h"
#include "report/write/columns.h"

enum {
	LINES_MAX = 3,
	TITLE_CHARS = 60,
	BY_CHARS = 120
};

static const struct now_mark {
	const char *text, *rest;
	enum tone tone;
} marks[] = {
		[PRESENT_NEAR] = {"NEARLY FULL  ", "             ", TONE_CARE},
		[PRESENT_FULL] = {"NOW FULL  ", "          ", TONE_BAD},
};

/* "to 10.0.0.5:80", "of user dev". */
static void add_by(struct text *out, const struct now_limit *limit)
{
	const char *by = limit->now.by;
	if (!by || *by == '\0')
		return;
	if (limit->to)
		text_addf(out, " to %s", by);
	else
		text_addf(out, " of %s", by);
}

static void add_more(struct arena *arena, struct text *out, const struct present *now)
{
	if (now->refused > 0) {
		const char *refused = view_figure_of(arena, now->refused, UNIT_COUNT);
		text_addf(out, ", %s refused so far", refused);
	}
	if (now->others > 0)
		text_addf(out, ", and %zu more like it", now->others);
}

/* "Open files (process)" of one process are its "Open files". */
static void now_add_title(struct text *out, const struct now_limit *limit)
{
	size_t length = strlen(limit->title);
	const char *aside = strstr(limit->title, " (");
	if (aside && limit->now.by && *limit->now.by)
		length = (size_t)(aside - limit->title);
	text_add_bytes(out, limit->title, length);
}

static void now_add_apart(struct text *out, const struct now_limit *limit)
{
	static const char apart[] = ", not by the command of this gate";
	if (!limit->apart)
		return;
	text_add(out, apart);
}

const char *now_sentence(struct arena *arena, const struct now_limit *limit)
{
	struct text out = {0};
	const struct present *now = &limit->now;
	const enum unit unit = limit->quantity;
	const char *used = view_figure_of(arena, now->used, unit);
	const char *capacity = view_figure_of(arena, now->capacity, unit);
	now_add_title(&out, limit);
	add_by(&out, limit);
	if (isnan(now->capacity))
		text_addf(&out, ": %s in use", used);
	else
		text_addf(&out, ": %s of %s in use", used, capacity);
	now_add_apart(&out, limit);
	add_more(arena, &out, now);
	return text_take(arena, &out);
}

void now_line(const struct pen *pen, const struct now_limit *limit)
{
	if (limit->now.state < PRESENT_NEAR)
		return;
	const struct now_mark *mark = &marks[limit->now.state];
	const char *sentence = now_sentence(pen->arena, limit);
	pen_tone(pen, mark->tone);
	pen_tone(pen, TONE_STRONG);
	pen_wrap(pen, mark->text, mark->rest, sentence);
	pen_plain(pen);
}

static enum present_state state_of(const cJSON *now)
{
	const char *word = view_raw(now, "state");
	for (int state = PRESENT_FREE; state <= PRESENT_FULL; state++) {
		const char *name = present_state_name((enum present_state)state);
		if (strcmp(word, name) == 0)
			return (enum present_state)state;
	}
	return PRESENT_UNKNOWN;
}

struct now_limit now_limit_of(const struct pen *pen, const cJSON *row)
{
	const cJSON *now = view_object(row, "now");
	double others = view_number(now, "others");
	const char *scope = view_raw(row, "scope");
	struct now_limit limit = {
			.title = pen_text(pen, row, "title", TITLE_CHARS),
			.quantity = view_unit(row, "quantity"),
			.to = strcmp(scope, "destination") == 0,
	};
	const cJSON *gate = view_object(pen->document, "gate");
	if (gate)
		limit.apart = strcmp(scope, "process") == 0;
	limit.now = (struct present){
			.state = state_of(now),
			.used = view_number(now, "used"),
			.capacity = view_number(now, "capacity"),
			.refused = view_number(now, "refused"),
			.by = pen_text(pen, now, "by", BY_CHARS),
	};
	if (others > 0)
		limit.now.others = (size_t)others;
	return limit;
}

static double now_ratio(const struct now_limit *limit)
{
	if (limit->now.capacity <= 0)
		return INFINITY;
	return limit->now.used / limit->now.capacity;
}

/* Less than 0: the left one comes first. */
static int by_fullness(const void *a, const void *b)
{
	const struct now_limit *left = a, *right = b;
	double left_ratio = now_ratio(left);
	double right_ratio = now_ratio(right);
	if (left->now.state != right->now.state)
		return (int)right->now.state - (int)left->now.state;
	if (left_ratio > right_ratio)
		return -1;
	if (left_ratio < right_ratio)
		return 1;
	return strcmp(left->title, right->title);
}

static bool is_hard(const cJSON *row)
{
	return strcmp(view_raw(row, "severity"), "hard") == 0;
}

void now_lines(const struct pen *pen, const cJSON *rows)
{
	size_t count = 0, capacity = 0;
	struct now_limit *limits = NULL;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		const struct now_limit limit = now_limit_of(pen, row);
		if (!is_hard(row) || limit.now.state < PRESENT_NEAR)
			continue;
		limits = arena_grow(pen->arena, limits, count, &capacity, sizeof limit);
		limits[count++] = limit;
	}
	if (count == 0)
		return;
	qsort(limits, count, sizeof *limits, by_fullness);
	if (count > LINES_MAX)
		count = LINES_MAX;
	for (size_t i = 0; i < count; i++)
		now_line(pen, &limits[i]);
}

void write_now(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	now_lines(&pen, view_array(document, "resources"));
	text_add(out, text_string(&page));
	text_release(&page);
}

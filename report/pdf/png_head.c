/* Drawn from the top: each part moves the place where the next one begins. */
#include "report/pdf/png_head.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "report/chart/chart.h"
#include "report/document/badge.h"
#include "report/document/notes.h"
#include "report/document/question.h"
#include "report/document/request.h"
#include "report/document/view.h"

enum {
	BADGE_WIDTH = 120,
	TEXT_LEFT = BADGE_WIDTH + 14,
	PADDING = 12,
	QUESTION_LINES = 2,
	ANSWER_LINES = 2,
	WHY_LINES = 4,
	NOTE_LINES = 2,
	NOTES_SHOWN = 4,
	TILES_SHOWN = 4,
	TILE_HEIGHT = 68, /* with one line of text; a second one takes as much more as a line does */
	TILE_LINE = 16,
	LINES_MOST = 4,
	FOREIGN_SHOWN = 4,
	PATH_CHARS = 46,
	DIGEST_CHARS = 12,
	TEXT_CHARS = 400
};

/* How much wider bold letters are, at most. */
static const double heavier = 1.17;

struct head {
	struct arena *arena;
	const cJSON *root;
	struct canvas *canvas;
	double y;
};

/* A paragraph that is to be drawn. */
struct paragraph {
	const char *text;
	double size, left, width;
	enum color color;
	bool bold;
	size_t most;
};

static size_t paragraph_lines(const struct head *head,
		const struct paragraph *p,
		const char **lines)
{
	double size = p->size;
	if (p->bold)
		size *= heavier;
	if (*p->text == '\0')
		return 0;
	return canvas_wrap(head->arena, p->text, size, p->width, lines, p->most);
}

static double paragraph_leading(const struct paragraph *p)
{
	return round(p->size * 1.36);
}

static double paragraph_height(const struct head *head, const struct paragraph *p)
{
	const char *lines[LINES_MOST];
	return (double)paragraph_lines(head, p, lines) * paragraph_leading(p);
}

static void draw_paragraph(struct head *head, const struct paragraph *p)
{
	const char *lines[LINES_MOST];
	size_t count = paragraph_lines(head, p, lines);
	for (size_t i = 0; i < count; i++) {
		head->y += paragraph_leading(p);
		struct op *op = canvas_text(head->canvas,
				p->left,
				head->y,
				p->size,
				ANCHOR_START,
				p->color,
				lines[i]);
		op->bold = p->bold;
	}
}

/* --- title --- */

/* "2026-12-01 01:13 UTC" */
static const char *head_made(const struct head *head)
{
	char text[CLOCK_TEXT_MAX];
	time_t made;
	if (!clock_parse(view_raw(head->root, "created"), &made))
		return "";
	(void)clock_utc(made, text);
	const char *hour = text + strlen("2026-12-01T");
	return arena_printf(head->arena, "written %.10s %.5s UTC", text, hour);
}

/* "client ws-client · 15,000 connections · written 2026-12-01 01:13 UTC" */
static const char *head_subject(const struct head *head)
{
	struct text text = {0};
	const char *between = "";
	const char *const parts[] = {
			view_text(head->arena, head->root, "workload_title", 120),
			head_made(head),
			document_request_text(head->arena, head->root),
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (!*parts[i])
			continue;
		text_addf(&text, "%s%s", between, parts[i]);
		between = " · ";
	}
	return text_take(head->arena, &text);
}

static void draw_title(struct head *head)
{
	const char *question = view_text(head->arena, head->root, "page.front.question", 200);
	const char *host = view_text(head->arena, head->root, "host.name", 64);
	if (!*question)
		question = view_text(head->arena, head->root, "page.question", 200);
	if (!*question)
		question = host;
	const struct paragraph title = {
			.text = question,
			.size = 19,
			.width = CHART_WIDTH,
			.color = COLOR_INK,
			.bold = true,
			.most = QUESTION_LINES,
	};
	const struct paragraph subject = {
			.text = head_subject(head),
			.size = 12.5,
			.width = CHART_WIDTH,
			.color = COLOR_INK2,
			.most = NOTE_LINES,
	};
	draw_paragraph(head, &title);
	draw_paragraph(head, &subject);
	head->y += PADDING;
}

/* --- the box with the answer --- */

/* The word of the badge in the room beside its mark; as small as it must be. */
static void put_word(struct canvas *canvas, double baseline, const char *word)
{
	const double left = 36, most = 15;
	const double room = BADGE_WIDTH - left - 6;
	double width = canvas_text_width(word, most, true);
	double size = fmin(most, most * room / width);
	struct op *op = canvas_text(canvas, left, baseline, size, ANCHOR_START, COLOR_BG, word);
	op->bold = true;
}

/* "NOT-CERTIFIED" has two lines. */
static void put_words(struct canvas *canvas, double middle, const char *word)
{
	const double half = 9;
	const char *hyphen = strchr(word, '-');
	if (!hyphen) {
		put_word(canvas, middle + 5.5, word);
		return;
	}
	size_t first = (size_t)(hyphen - word) + 1;
	put_word(canvas, middle + 5.5 - half, arena_copy(canvas->arena, word, first));
	put_word(canvas, middle + 5.5 + half, hyphen + 1);
}

/* In the middle of the badge, as large as fits. */
static void put_middle(struct canvas *canvas,
		double y,
		double most,
		enum color color,
		const char *text)
{
	const double center = BADGE_WIDTH / 2.0;
	const double room = BADGE_WIDTH - PADDING;
	double width = canvas_text_width(text, most, true);
	double size = fmin(most, most * room / width);
	(void)canvas_text(canvas, center, y, size, ANCHOR_MIDDLE, color, text);
}

/* The order of a sizing, or whatever else a page has in its badge. */
static void put_shown(struct head *head, double middle)
{
	const double large = 15;
	const double small = 11;
	const char *word = view_text(head->arena, head->root, "page.badge.word", 40);
	const char *kind = view_text(head->arena, head->root, "page.badge.kind", 40);
	put_middle(head->canvas, middle + 1, large, COLOR_BG, word);
	put_middle(head->canvas, middle + 18, small, COLOR_BG, kind);
}

/* A pass that a waiver makes: an outline, and the word that says so. */
static void draw_waived(struct head *head, double height, const char *waived)
{
	const double edge = 2;
	double middle = head->y + height / 2;
	struct canvas *canvas = head->canvas;
	canvas_rect(canvas, 0, head->y, BADGE_WIDTH, height, COLOR_WARN);
	canvas_rect(canvas, edge, head->y + edge, BADGE_WIDTH - 2 * edge, height - 2 * edge, COLOR_BG);
	put_middle(canvas, middle + 1, 15, COLOR_WARN, badge_word(head->root));
	put_middle(canvas, middle + 18, 11, COLOR_WARN, waived);
}

static void draw_badge(struct head *head, double height)
{
	const double size = 15;
	double middle = head->y + height / 2;
	enum verdict verdict = badge_verdict_shown(head->root);
	enum status status = canvas_status_of(verdict);
	enum color tone = color_of_status(status);
	const char *waived = badge_by_waiver(head->arena, head->root);
	canvas_rect(head->canvas, 0, head->y, CHART_WIDTH, height, COLOR_PANEL);
	if (*waived) {
		draw_waived(head, height, waived);
		return;
	}
	canvas_rect(head->canvas, 0, head->y, BADGE_WIDTH, height, tone);
	if (*view_raw(head->root, "page.badge.kind")) {
		put_shown(head, middle);
		return;
	}
	canvas_mark(head->canvas, 22, middle, size, status, COLOR_BG);
	put_words(head->canvas, middle, badge_word(head->root));
}

/* "FAIL · 1 warning"; "" where the word in the badge says it all. */
static const char *head_tags(const struct head *head)
{
	return view_text(head->arena, head->root, "page.front.tags", TEXT_CHARS);
}

static struct paragraph box_paragraph(const char *text, double size, size_t most)
{
	return (struct paragraph){
			.text = text,
			.size = size,
			.left = TEXT_LEFT,
			.width = CHART_WIDTH - TEXT_LEFT - PADDING,
			.color = COLOR_INK,
			.most = most,
	};
}

static void draw_box(struct head *head)
{
	const char *answer = view_text(head->arena, head->root, "page.front.answer", TEXT_CHARS);
	const char *why = document_why(head->arena, head->root, TEXT_CHARS);
	const cJSON *answers = view_array(head->root, "page.answers");
	if (view_array(head->root, "page.parts")) {
		answer = view_text(head->arena, head->root, "page.answer", TEXT_CHARS);
		why = view_text(head->arena, cJSON_GetArrayItem(answers, 0), "text", TEXT_CHARS);
	}
	struct paragraph parts[] = {
			box_paragraph(answer, 15, ANSWER_LINES),
			box_paragraph(why, 13, WHY_LINES),
			box_paragraph(head_tags(head), 12.5, 1),
	};
	const size_t count = COUNT_OF(parts);
	double height = 2 * PADDING;
	parts[0].bold = true;
	parts[1].bold = *answer == '\0'; /* many hosts: the headline is the answer */
	parts[2].color = COLOR_INK2;
	for (size_t i = 0; i < count; i++)
		height += paragraph_height(head, &parts[i]);
	double end = head->y + height;
	draw_badge(head, height);
	head->y += PADDING - 3;
	for (size_t i = 0; i < count; i++)
		draw_paragraph(head, &parts[i]);
	head->y = end;
}

/* --- what it rests on --- */

static bool note_is_drawn(enum note_kind kind)
{
	switch (kind) {
	case NOTE_WHAT_TO_DO:
	case NOTE_HYPOTHETICAL:
	case NOTE_WAIVED:
	case NOTE_UNREAD:
	case NOTE_WAY_OUT:
	case NOTE_DECIDES:
		return true;
	default:
		return false;
	}
}

static void draw_notes(struct head *head)
{
	const struct notes notes = document_notes(head->arena, head->root);
	size_t shown = 0;
	for (size_t i = 0; i < notes.count && shown < NOTES_SHOWN; i++) {
		const struct note *note = &notes.items[i];
		if (!note_is_drawn(note->kind))
			continue;
		const struct paragraph line = {
				.text = arena_printf(head->arena, "%s: %s", note->label, note->text),
				.size = 12,
				.width = CHART_WIDTH,
				.color = COLOR_INK2,
				.most = NOTE_LINES,
		};
		if (!shown++)
			head->y += PADDING / 2.0;
		draw_paragraph(head, &line);
	}
}

/* "judged by rules limits/a.json (SHA-256 0123456789ab)": what had a say beside what is built in.
 */
static const char *foreign_text(struct arena *arena, const cJSON *item)
{
	return arena_printf(arena,
			"judged by %s %s (SHA-256 %.*s)",
			view_text(arena, item, "kind", 20),
			view_text(arena, item, "path", PATH_CHARS),
			DIGEST_CHARS,
			view_text(arena, item, "digest", 0));
}

/* A line for each from the baseline on; the last for those that are not shown. Returns the last
 * baseline. */
static double draw_foreign(struct canvas *canvas, const cJSON *root, double baseline)
{
	const double size = 11, line = 15;
	size_t shown = 0, count = view_count(root, "foreign");
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(root, "foreign")) {
		const char *text = foreign_text(canvas->arena, item);
		bool rest = shown == FOREIGN_SHOWN - 1 && count > FOREIGN_SHOWN;
		if (rest)
			text = arena_printf(canvas->arena,
					"and %zu more, which the document names",
					count - shown);
		baseline += line;
		shown++;
		(void)canvas_text(canvas, 0, baseline, size, ANCHOR_START, COLOR_INK2, text);
		if (rest)
			break;
	}
	return baseline;
}

/* --- the numbers --- */

static const cJSON *head_tiles(const cJSON *root)
{
	const cJSON *tiles = view_array(root, "page.front.tiles");
	if (!tiles)
		tiles = view_array(root, "page.tiles");
	return tiles;
}

/* As large as fits. */
static double tile_size(const struct paragraph *part, double width)
{
	double wide = canvas_text_width(part->text, part->size * heavier, false);
	if (wide <= width)
		return part->size;
	return part->size * width / wide;
}

static void draw_tile(struct head *head,
		const cJSON *tile,
		double left,
		double width,
		double height)
{
	double top = head->y;
	double inside = width - 2 * PADDING;
	const struct paragraph parts[] = {
			{.text = view_text(head->arena, tile, "name", 60), .size = 11.5, .color = COLOR_INK2},
			{.text = view_text(head->arena, tile, "strong", 60),
					.size = 16,
					.color = COLOR_INK,
					.bold = true},
			{.text = view_text(head->arena, tile, "text", 120), .size = 11.5, .color = COLOR_INK2},
	};
	canvas_rect(head->canvas, left, top, width, height, COLOR_PANEL);
	head->y += PADDING / 2.0;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct paragraph part = parts[i];
		part.left = left + PADDING;
		part.width = inside;
		part.most = 1 + (i == 2);
		if (part.bold)
			part.size = tile_size(&part, inside);
		draw_paragraph(head, &part);
	}
	head->y = top;
}

/* As high as the one with the most lines needs. */
static double tiles_height(const struct head *head, double width)
{
	const cJSON *tile;
	double height = TILE_HEIGHT;
	cJSON_ArrayForEach(tile, head_tiles(head->root)) {
		const struct paragraph text = {
				.text = view_text(head->arena, tile, "text", 120),
				.size = 11.5,
				.width = width - 2 * PADDING,
				.most = 2,
		};
		const char *lines[LINES_MOST];
		if (paragraph_lines(head, &text, lines) > 1)
			height = TILE_HEIGHT + TILE_LINE;
	}
	return height;
}

static void draw_tiles(struct head *head)
{
	const double gap = 10;
	const cJSON *tile, *tiles = head_tiles(head->root);
	int count = cJSON_GetArraySize(tiles);
	double left = 0;
	if (count == 0)
		return;
	if (count > TILES_SHOWN)
		count = TILES_SHOWN;
	double width = (CHART_WIDTH - gap * (count - 1)) / count;
	double height = tiles_height(head, width);
	head->y += PADDING;
	cJSON_ArrayForEach(tile, tiles) {
		if (count-- == 0)
			break;
		draw_tile(head, tile, left, width, height);
		left += width + gap;
	}
	head->y += height;
}

const struct canvas *png_head(const struct pdf_input *input)
{
	const double below = 20;
	struct head head = {
			.arena = input->arena,
			.root = input->root,
			.canvas = canvas_new(input->arena, "head", CHART_WIDTH, 0),
	};
	draw_title(&head);
	draw_box(&head);
	draw_notes(&head);
	head.y = draw_foreign(head.canvas, input->root, head.y);
	draw_tiles(&head);
	head.canvas->height = head.y + below;
	return head.canvas;
}

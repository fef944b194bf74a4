/* A picture for a chat: verdict, headline, host and plan above the chart of limits. Its words come
 * from the document and the drawing. It is twice as large as it is meant to be seen, for dense
 * screens. */
#include <cairo.h>
#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "report/chart/chart.h"
#include "report/chart/paint.h"
#include "report/document/badge.h"
#include "report/document/view.h"
#include "report/pdf/png.h"

enum {
	HEAD_HEIGHT = 62,
	BADGE_WIDTH = 120,
	TEXT_LEFT = BADGE_WIDTH + 14,
	BORDER = 16,
	LINE_CHARS = 70,
	LINE_CHARS_LEAST = 35, /* of a line that is followed by another */
	FOREIGN_SHOWN = 4,
	PATH_CHARS = 46,
	DIGEST_CHARS = 12,
	SCALE = 2
};

static cairo_status_t png_take_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	text_add_bytes(closure, (const char *)bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* Where a long headline breaks: at the last blank of the first line, unless that leaves it less
 * than half full. */
static size_t first_line(const char *headline)
{
	size_t length = strlen(headline);
	if (length <= LINE_CHARS)
		return length;
	for (size_t i = LINE_CHARS; i > LINE_CHARS_LEAST; i--)
		if (headline[i] == ' ')
			return i;
	return length;
}

static struct op *put_text(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum color color,
		const char *text)
{
	return canvas_text(canvas, x, y, size, ANCHOR_START, color, text);
}

static void put_headline(struct canvas *canvas, double y, const char *text)
{
	const double size = 14;
	struct op *op = put_text(canvas, TEXT_LEFT, y, size, COLOR_INK, text);
	op->bold = true;
}

/* The headline on one line or two; returns the baseline of the last. */
static double draw_headline(struct canvas *canvas, const char *headline)
{
	const double first = 18, second = 36;
	size_t cut = first_line(headline);
	struct arena *arena = canvas->arena;
	const char *line = arena_copy(arena, headline, cut);
	put_headline(canvas, first, line);
	if (headline[cut] == '\0')
		return first;
	put_headline(canvas, second, headline + cut + 1);
	return second;
}

/* The word of the badge in the room beside its mark; as small as it must be. */
static void put_word(struct canvas *canvas, double baseline, const char *word)
{
	const double left = 36, most = 15;
	const double room = BADGE_WIDTH - left - 6;
	double width = canvas_text_width(word, most, true);
	double size = fmin(most, most * room / width);
	struct op *op = put_text(canvas, left, baseline, size, COLOR_BG, word);
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

static void draw_badge(struct canvas *canvas, const struct pdf_input *input)
{
	const double size = 15;
	const double height = canvas->height - 14;
	const double middle = height / 2;
	enum verdict verdict = badge_verdict(input->root);
	enum status status = canvas_status_of(verdict);
	enum color tone = color_of_status(status);
	const char *word = badge_word(input->root);
	canvas_rect(canvas, 0, 0, BADGE_WIDTH, height, tone);
	canvas_mark(canvas, 22, middle, size, status, COLOR_BG);
	put_words(canvas, middle, word);
}

/* "loadgen-03 · ws-client" */
static const char *head_subject(const struct pdf_input *input)
{
	const size_t plan_chars = LINE_CHARS - 20;
	struct arena *arena = input->arena;
	const cJSON *root = input->root;
	const char *host = view_text(arena, root, "host.name", 28);
	const char *plan = view_text(arena, root, "workload_title", plan_chars);
	if (*host == '\0')
		return plan;
	if (*plan == '\0')
		return host;
	return arena_printf(arena, "%s · %s", host, plan);
}

/* "PASS · 1 warning"; "" where the word in the badge says it all. */
static const char *head_tags(const struct pdf_input *input)
{
	const cJSON *root = input->root;
	const char *badge = badge_text(input->arena, root);
	if (strcmp(badge, badge_word(root)) == 0)
		return "";
	return badge;
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
		(void)put_text(canvas, TEXT_LEFT, baseline, size, COLOR_INK2, text);
		if (rest)
			break;
	}
	return baseline;
}

static const struct canvas *draw_head(const struct pdf_input *input)
{
	struct arena *arena = input->arena;
	struct canvas *canvas = canvas_new(arena, "head", CHART_WIDTH, HEAD_HEIGHT);
	const size_t most = 2 * LINE_CHARS - 10;
	const cJSON *root = input->root;
	const char *headline = view_text(arena, root, "headline", most);
	double y = draw_headline(canvas, headline);
	const char *tags = head_tags(input);
	const char *subject = head_subject(input);
	const double size = 12.5;
	const double line = 18;
	double baseline = y + 20;
	const double below = 14;
	(void)put_text(canvas, TEXT_LEFT, baseline, size, COLOR_INK2, subject);
	if (*tags)
		baseline += line;
	(void)put_text(canvas, TEXT_LEFT, baseline, size, COLOR_INK2, tags);
	baseline = draw_foreign(canvas, root, baseline);
	canvas->height = fmax(canvas->height, baseline + below);
	draw_badge(canvas, input);
	return canvas;
}

static cairo_surface_t *png_surface(double width, double height)
{
	width += 2 * BORDER;
	height += 2 * BORDER;
	int across = (int)(SCALE * width);
	int down = (int)(SCALE * height);
	return cairo_image_surface_create(CAIRO_FORMAT_RGB24, across, down);
}

/* A drawing that failed draws nothing more: it must not become a picture. */
static bool png_finish(cairo_surface_t *surface, cairo_t *cr, struct text *out, struct error *err)
{
	cairo_status_t status = cairo_status(cr);
	cairo_destroy(cr);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, png_take_bytes, out);
	cairo_surface_destroy(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		return true;
	return error_fail(err, "cairo: %s", cairo_status_to_string(status));
}

bool png_write(const struct pdf_input *input, struct text *out, struct error *err)
{
	const cJSON *root = input->root;
	const char *name = "headroom";
	if (view_array(root, "page.charts.ends.rows"))
		name = "ends"; /* of many hosts: what each end of the connections carries */
	else if (!view_array(root, "page.charts.headroom.rows"))
		return error_fail(err, "there is no plan to draw the limits against");
	const struct theme *theme = input->theme;
	struct type *type = type_open(input->font_dir, theme, err);
	if (!type)
		return false;
	const struct canvas *head = draw_head(input);
	const struct chart_row *chart = chart_find(name);
	const struct canvas *drawing = chart->draw(input->arena, root, NULL);
	double height = head->height + drawing->height;
	cairo_surface_t *surface = png_surface(drawing->width, height);
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, SCALE, SCALE);
	type_set_color(cr, theme, COLOR_BG);
	cairo_paint(cr);
	cairo_translate(cr, BORDER, BORDER);
	paint_canvas(cr, type, theme, head);
	cairo_translate(cr, 0, head->height);
	paint_canvas(cr, type, theme, drawing);
	bool done = png_finish(surface, cr, out, err);
	const char *complaint = type_complaint(type);
	if (done && complaint)
		done = error_fail(err, "%s", complaint);
	type_close(type);
	return done;
}

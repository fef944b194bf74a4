/* A picture for a chat: verdict, headline, host and plan above the ladder of limits. Its words come
 * from the document and the drawing. It is twice as large as it is meant to be seen, for dense
 * screens. */
#include <cairo.h>
#include <string.h>

#include "base/ascii.h"
#include "report/chart/chart.h"
#include "report/chart/paint.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/pdf/png.h"

enum {
	HEAD_HEIGHT = 62,
	BADGE_WIDTH = 120,
	BORDER = 16,
	LINE_CHARS = 70
};

static cairo_status_t png_take_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	text_add_bytes(closure, (const char *)bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* The headline on one line or two; returns the baseline of the last. */
static double draw_headline(struct canvas *canvas, const char *headline)
{
	size_t length = strlen(headline), cut = length;
	double y = 18;
	for (size_t i = LINE_CHARS; length > LINE_CHARS && cut == length && i > LINE_CHARS / 2; i--)
		cut = headline[i] == ' ' ? i : length;
	canvas_text(canvas,
			BADGE_WIDTH + 14,
			y,
			14,
			ANCHOR_START,
			COLOR_INK,
			arena_copy(canvas->arena, headline, cut))
			->bold = true;
	if (cut < length)
		canvas_text(canvas,
				BADGE_WIDTH + 14,
				y += 18,
				14,
				ANCHOR_START,
				COLOR_INK,
				headline + cut + 1)
				->bold = true;
	return y;
}

static const struct canvas *draw_head(const struct pdf_input *input)
{
	struct arena *arena = input->arena;
	enum status status = canvas_status_of(document_verdict(input->root));
	char *word = arena_strdup(arena, view_text(arena, input->root, "verdict", 12));
	for (char *at = word; *at; at++)
		*at = ascii_upper(*at);
	struct canvas *canvas = canvas_new(arena, "head", CHART_WIDTH, HEAD_HEIGHT);
	double y = draw_headline(canvas,
			view_text(arena, input->root, "headline", 2 * LINE_CHARS - 10));
	canvas->height = y + 20 > HEAD_HEIGHT - 14 ? y + 34 : HEAD_HEIGHT;
	canvas_rect(canvas, 0, 0, BADGE_WIDTH, canvas->height - 14, color_of_status(status));
	canvas_mark(canvas, 22, (canvas->height - 14) / 2.0, 15, status, COLOR_BG);
	canvas_text(canvas, 36, (canvas->height - 14) / 2.0 + 5.5, 15, ANCHOR_START, COLOR_BG, word)
			->bold = true;
	const char *plan = view_text(arena, input->root, "workload_title", LINE_CHARS - 20);
	canvas_text(canvas,
			BADGE_WIDTH + 14,
			y + 20,
			12.5,
			ANCHOR_START,
			COLOR_INK2,
			arena_printf(arena,
					"%s%s%s",
					view_text(arena, input->root, "host.name", 28),
					*plan ? " · " : "",
					plan));
	return canvas;
}

bool png_write(const struct pdf_input *input, struct text *out, struct error *err)
{
	const double scale = 2;
	if (!view_array(input->root, "page.charts.ladder.rows"))
		return error_fail(err, "there is no ladder of limits to draw: the audit had no workload");
	struct type *type = type_open(input->font_dir, input->theme, err);
	if (!type)
		return false;
	const struct canvas *head = draw_head(input),
						*ladder = chart_find("ladder")->draw(input->arena, input->root, NULL);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
			(int)(scale * (ladder->width + 2 * BORDER)),
			(int)(scale * (head->height + ladder->height + 2 * BORDER)));
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, scale, scale);
	type_set_color(cr, input->theme, COLOR_BG);
	cairo_paint(cr);
	cairo_translate(cr, BORDER, BORDER);
	paint_canvas(cr, type, input->theme, head);
	cairo_translate(cr, 0, head->height);
	paint_canvas(cr, type, input->theme, ladder);
	cairo_destroy(cr);
	cairo_status_t status = cairo_surface_write_to_png_stream(surface, png_take_bytes, out);
	cairo_surface_destroy(surface);
	type_close(type);
	return status == CAIRO_STATUS_SUCCESS ||
			error_fail(err, "cairo: %s", cairo_status_to_string(status));
}

/* A picture for a chat: question, answer and numbers above the chart of limits, the changes below.
 * Its words come from the document and the drawing. It is twice as large as it is meant to be seen,
 * for dense screens.
 */
#include <cairo.h>

#include "report/chart/chart.h"
#include "report/chart/paint.h"
#include "report/document/view.h"
#include "report/pdf/png.h"
#include "report/pdf/png_head.h"
#include "report/pdf/png_tail.h"

enum {
	BORDER = 20,
	SCALE = 2
};

static cairo_status_t png_take_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	text_add_bytes(closure, (const char *)bytes, length);
	return CAIRO_STATUS_SUCCESS;
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
	else if (view_array(root, "page.charts.roles.rows"))
		name = "roles"; /* without a plan: what this host can carry */
	else if (view_true(root, "trend"))
		name = "history"; /* of one host and plan */
	else if (!view_array(root, "page.charts.headroom.rows"))
		return error_fail(err, "there is no plan to draw the limits against");
	const struct theme *theme = input->theme;
	struct type *type = type_open(input->font_dir, theme, err);
	if (!type)
		return false;
	const struct canvas *head = png_head(input);
	const struct chart_row *chart = chart_find(name);
	const struct canvas *drawing = chart->draw(input->arena, root, NULL);
	const struct canvas *tail = png_tail(input);
	double height = head->height;
	height += drawing->height;
	height += tail->height;
	cairo_surface_t *surface = png_surface(drawing->width, height);
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, SCALE, SCALE);
	type_set_color(cr, theme, COLOR_BG);
	cairo_paint(cr);
	cairo_translate(cr, BORDER, BORDER);
	paint_canvas(cr, type, theme, head);
	cairo_translate(cr, 0, head->height);
	paint_canvas(cr, type, theme, drawing);
	cairo_translate(cr, 0, drawing->height);
	paint_canvas(cr, type, theme, tail);
	bool done = png_finish(surface, cr, out, err);
	const char *complaint = type_complaint(type);
	if (done && complaint)
		done = error_fail(err, "%s", complaint);
	type_close(type);
	return done;
}

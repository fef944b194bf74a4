/* The floor of a PDF: one page with a page's worth of text, set by Pango in one font and drawn by
 * cairo. Independent of headroom: no project code. Writes to the file named. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>

enum {
	LINES = 60,
	WIDTH = 595,
	HEIGHT = 842,
	SIZE = 9
};

int main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fprintf(stderr, "usage: bare_page FILE\n");
		return 2;
	}
	cairo_surface_t *surface = cairo_pdf_surface_create(argv[1], WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(surface);
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans");
	pango_font_description_set_absolute_size(font, SIZE * (double)PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	for (int i = 0; i < LINES; i++) {
		char line[128];
		(void)snprintf(line,
				sizeof line,
				"%d lines of text with 28,232 ports, 1,024 descriptors and 75%% of a limit",
				i);
		pango_layout_set_text(layout, line, -1);
		cairo_move_to(cr, 50, 50 + i * 12.0);
		pango_cairo_show_layout(cr, layout);
	}
	cairo_show_page(cr);
	pango_font_description_free(font);
	g_object_unref(layout);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	int failed = cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(surface);
	return failed;
}

/* Typesetting for PDF and PNG: the DejaVu fonts loaded from their files into a private
 * configuration, layouts whose bytes do not depend on the host, lines drawn so that text can be
 * copied and read aloud. */
#ifndef HEADROOM_REPORT_CHART_TYPE_H
#define HEADROOM_REPORT_CHART_TYPE_H

#include <pango/pangocairo.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/chart/theme.h"

struct type;

/* Directories with fonts; a theme's own fonts may also be beside it. */
const char *const *type_places(size_t *ret_count);

/* dir NULL: where distributions put the fonts. theme: its own fonts are used in their place, may be
 * NULL; kept by reference. Fails, naming package and place, when one is missing. */
struct type *type_open(const char *dir, const struct theme *theme, struct error *err);
/* The first warning of Pango or cairo since type_open, such as a font that could not be used. The
 * drawing is then not as intended. NULL: no warning. */
const char *type_complaint(const struct type *type);
const char *type_family(const struct type *type, bool mono);
void type_close(struct type *type);

/* A layout for this text, in points. The text should come from type_safe. Unref after use. */
PangoLayout *type_layout(const struct type *type,
		const char *text,
		double size,
		bool bold,
		bool mono);
/* The text with \u{…} in place of what the fonts lack. */
const char *type_safe(const struct type *type, struct arena *arena, const char *text);

/* Colors in layouts are foreground attributes. */
PangoAttribute *type_color(const struct theme *theme, enum color color);
void type_set_color(cairo_t *cr, const struct theme *theme, enum color color);

/* Draws one run of a line at (x, baseline) and returns its width. */
double type_show_run(cairo_t *cr, const char *text, PangoLayoutRun *run, double x, double baseline);
/* Restores the glyph of the blank at which a line was broken, so that words do not join when they
 * are copied. */
void type_restore_blank(PangoLayoutLine *line, const char *text);
/* One line of text at an anchor. */
void type_show(const struct type *type,
		cairo_t *cr,
		PangoLayout *layout,
		double x,
		double baseline);

#endif

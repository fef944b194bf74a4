/* Typesetting for PDF and PNG: loads the DejaVu fonts from their files into a private
 * configuration, makes layouts whose bytes do not depend on the host, and draws lines so that their
 * text can be copied and read aloud. */
#ifndef HEADROOM_REPORT_CHART_TYPE_H
#define HEADROOM_REPORT_CHART_TYPE_H

#include <pango/pangocairo.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/chart/theme.h"

struct type;

/* Returns the directories to look for fonts in. Fonts of a theme may also be next to its file. */
const char *const *type_places(size_t *ret_count);

/* Opens the fonts in `dir`; NULL: where distributions install them. The fonts of `theme` replace
 * them; it may be NULL and is kept by reference. Returns NULL with err, which names package and
 * place, if one is missing. Free with type_close. */
struct type *type_open(const char *dir, const struct theme *theme, struct error *err);
/* Returns the first warning of Pango or cairo since type_open, such as an unusable font; the
 * drawing is then not as intended. NULL: no warning. */
const char *type_complaint(const struct type *type);
const char *type_family(const struct type *type, bool mono);
void type_close(struct type *type);

/* Returns a layout of this text; `size` is in points. The text should come from type_safe. The
 * caller unrefs it. */
PangoLayout *type_layout(const struct type *type,
		const char *text,
		double size,
		bool bold,
		bool mono);
/* Returns the text with \u{…} in place of characters that the fonts lack. */
const char *type_safe(const struct type *type, struct arena *arena, const char *text);

/* Returns a color as a foreground attribute for layouts. */
PangoAttribute *type_color(const struct theme *theme, enum color color);
void type_set_color(cairo_t *cr, const struct theme *theme, enum color color);

/* Draws one run of a line at (x, baseline) and returns its width. */
double type_show_run(cairo_t *cr, const char *text, PangoLayoutRun *run, double x, double baseline);
/* Restores the blank at which a line was broken, so that words do not join when they are copied. */
void type_restore_blank(PangoLayoutLine *line, const char *text);
/* Draws one line of text at an anchor. */
void type_show(const struct type *type,
		cairo_t *cr,
		PangoLayout *layout,
		double x,
		double baseline);

#endif

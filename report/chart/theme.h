/* Colors and sizes of theme.json, for both the CSS variables and the PDF. */
#ifndef HEADROOM_REPORT_CHART_THEME_H
#define HEADROOM_REPORT_CHART_THEME_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "report/chart/canvas.h"

enum {
	FONT_NAME_MAX = 60,
	FONT_PATH_MAX = 400
};

/* A typeface: the family name for HTML, the files for the PDF. */
struct theme_font {
	char family[FONT_NAME_MAX];
	char regular[FONT_PATH_MAX], bold[FONT_PATH_MAX]; /* "": there is none */
};

struct theme {
	unsigned light[COLORS], dark[COLORS]; /* 0xRRGGBB */
	struct {                              /* points; 1/72 inch */
		double page_width, page_height, margin;
		double body, small, mono, h1, h2, h3, big;
	} pdf;
	struct theme_font sans, mono; /* family "": the built-in font */
};

/* Reads a whole theme. Returns false with err, which begins with `name`, if a member is missing or
 * invalid. */
bool theme_read(struct theme *theme, const char *name, const char *json, struct error *err);
/* Replaces only the members that are present. Returns false with err for an unknown name. */
bool theme_change(struct theme *theme, const char *name, const char *json, struct error *err);
/* Appends the CSS variables for light and dark screens, and a fill and a stroke class for each
 * color. */
void theme_css(const struct theme *theme, struct text *out);

#endif

/* A drawing: a short list of operations in semantic colors. The SVG writer and the cairo painter
 * are its two back ends. Text is placed by an anchor, never by its measured width. */
#ifndef HEADROOM_REPORT_CHART_CANVAS_H
#define HEADROOM_REPORT_CHART_CANVAS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/verdict.h"

enum color {
	COLOR_NONE,
	COLOR_BG,
	COLOR_PANEL,
	COLOR_INK,
	COLOR_INK2,
	COLOR_GRID,
	COLOR_BAND,
	COLOR_BAND2,
	COLOR_PASS,
	COLOR_WARN,
	COLOR_FAIL,
	COLOR_PASS2, /* grounds of cells */
	COLOR_WARN2,
	COLOR_FAIL2,
	COLOR_PASS3, /* backgrounds of fields, behind figures */
	COLOR_FAIL3,
	COLOR_S1,
	COLOR_S2,
	COLOR_S4,
	COLORS
};

extern const char *const color_names[COLORS]; /* as in theme.json and in CSS: "ink2" */

enum op_kind {
	OP_RECT,
	OP_LINE,
	OP_POLY,
	OP_CIRCLE,
	OP_TEXT,
	OP_IMAGE
};
enum text_anchor {
	ANCHOR_START,
	ANCHOR_MIDDLE,
	ANCHOR_END
};

struct op {
	enum op_kind kind;
	double x, y; /* corner, first point, center, or the anchor on the baseline */
	double w, h; /* rect: size; line: second point; circle: w is the radius; text: w is the size */
	const double *points; /* poly: x, y pairs */
	size_t point_count;
	bool closed, dashed, bold, halo; /* halo: drawn over a casing in the color of the ground */
	bool tick;                       /* text: a mark of the scale, no number of the audit */
	enum color fill, stroke;
	double stroke_width;
	enum text_anchor anchor;
	const char *text; /* clean UTF-8; of an image: PNG bytes, by reference */
	size_t size;      /* of an image, in bytes */
};

struct canvas {
	struct arena *arena;
	const cJSON *words; /* for texts of its own (words.h); NULL: it has none */
	double width, height;
	const char *name;    /* prefix of ids: [a-z0-9-] */
	const char *title;   /* NULL: a mark beside a word, hidden from screen readers */
	const char *finding; /* what it shows, in words: SVG desc, PDF Alt */
	bool in_order;       /* its texts are read in the order in which they were added */
	struct op *ops;
	size_t count, capacity;
};

struct canvas *canvas_new(struct arena *arena, const char *name, double width, double height);
void canvas_rect(struct canvas *canvas, double x, double y, double w, double h, enum color fill);
void canvas_line(struct canvas *canvas,
		double x1,
		double y1,
		double x2,
		double y2,
		enum color stroke,
		double width,
		bool dashed);
/* points are copied. */
void canvas_poly(struct canvas *canvas,
		const double *points,
		size_t count,
		bool closed,
		enum color fill,
		enum color stroke,
		double width);
void canvas_circle(struct canvas *canvas,
		double x,
		double y,
		double radius,
		enum color fill,
		enum color stroke);
/* The text is copied. Returns the operation, to set bold or halo; valid until the next one is
 * added. */
struct op *canvas_text(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum text_anchor anchor,
		enum color fill,
		const char *text);
/* The same, cut to a width with an ellipsis. */
struct op *canvas_label(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum text_anchor anchor,
		enum color fill,
		bool bold,
		const char *text,
		double width);
/* At the middle of a row at y: the baseline lies lower. */
double canvas_baseline(double y, double size);

/* measure.c: upper bounds, without a font. */
double canvas_text_width(const char *text, double size, bool bold);
const char *canvas_fit(struct arena *arena, const char *text, double size, bool bold, double width);
/* Breaks at blanks into at most `most` lines, the last one cut; returns their number. */
size_t canvas_wrap(struct arena *arena,
		const char *text,
		double size,
		double width,
		const char **lines,
		size_t most);

/* A PNG file, for the PDF only: a page in HTML holds it by itself. */
void canvas_image(struct canvas *canvas,
		double x,
		double y,
		double w,
		double h,
		const char *bytes,
		size_t size);
/* The shape of a status, `size` wide, centered. */
void canvas_mark(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum status status,
		enum color color);

enum color color_of_status(enum status status);
/* A verdict is drawn like the status of the same name, and none like a limit that does not apply.
 */
enum status canvas_status_of(enum verdict verdict);

#endif

/* A drawing: a short list of operations in semantic colors, written as SVG (svg.h) or painted with
 * cairo (paint.h). Text is placed by an anchor, never by its measured width. */
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
	COLOR_PASS2, /* backgrounds of cells */
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
	double x, y; /* corner, first point, center, or the anchor on the baseline, in canvas units */
	double w, h; /* rect: size; line: second point; circle: w is the radius; text: w is the size */
	const double *points; /* poly: x, y pairs */
	size_t point_count;
	bool closed, dashed, bold, halo; /* halo: with an outline in the background color */
	bool tick;                       /* text: a mark of the scale, not a number of the audit */
	enum color fill, stroke;
	double stroke_width;
	enum text_anchor anchor;
	const char *text; /* clean UTF-8; for an image PNG bytes, kept by reference */
	size_t size;      /* size of the image in bytes */
};

struct canvas {
	struct arena *arena;
	const cJSON *words; /* texts for the canvas (words.h); NULL: none */
	double width, height;
	const char *name;    /* prefix of ids: [a-z0-9-] */
	const char *title;   /* NULL: a mark beside a word, hidden from screen readers */
	const char *finding; /* what the drawing shows, in words: SVG desc, PDF Alt */
	bool in_order;       /* a reader gets the texts in the order in which they were added */
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
/* Copies the points. */
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
/* Copies the text. Returns the operation, for setting bold or halo; it is valid until the next
 * operation is added. */
struct op *canvas_text(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum text_anchor anchor,
		enum color fill,
		const char *text);
/* Does the same, with the text cut to `width` by an ellipsis. */
struct op *canvas_label(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum text_anchor anchor,
		enum color fill,
		bool bold,
		const char *text,
		double width);
/* Returns the baseline for text in the middle of a row at y. */
double canvas_baseline(double y, double size);

/* These return upper bounds, because no font is used (measure.c). */
double canvas_text_width(const char *text, double size, bool bold);
const char *canvas_fit(struct arena *arena, const char *text, double size, bool bold, double width);
/* Breaks a text at blanks into at most `most` lines and cuts the last one. Returns the number of
 * lines. */
size_t canvas_wrap(struct arena *arena,
		const char *text,
		double size,
		double width,
		const char **lines,
		size_t most);

/* Adds a PNG file, for the PDF only: an HTML page contains the image itself. */
void canvas_image(struct canvas *canvas,
		double x,
		double y,
		double w,
		double h,
		const char *bytes,
		size_t size);
/* Draws the symbol of a status, `size` wide and centered at (x, y). */
void canvas_mark(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum status status,
		enum color color);

enum color color_of_status(enum status status);
/* Returns the status with the same name as the verdict; VERDICT_NONE is drawn like a limit that
 * does not apply. */
enum status canvas_status_of(enum verdict verdict);

#endif

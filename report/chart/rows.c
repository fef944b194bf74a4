/* Names of limits beside a plot, each with the shape and the word of its status. */
#include "report/chart/rows.h"

#include <math.h>

#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	WORD_X = 20,
	NAME_X = 62,
	WORD_SIZE = 11
};

double axis_place(const struct axis *axis, double value)
{
	double share = (value - axis->from) / (axis->to - axis->from);
	return axis->x + axis->width * (isfinite(share) && share > 0 ? fmin(share, 1) : 0);
}

double rows_y(int index)
{
	return ROWS_TOP + ROWS_HEIGHT * (index + 0.5);
}

void rows_subtitle(struct canvas *canvas, const char *text)
{
	(void)canvas_label(canvas,
			3,
			14,
			ROWS_SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			text,
			canvas->width - 4);
}

/* "Ephemeral ports, 10.0.8.21:443". */
static const char *rows_name_of(struct arena *arena, const cJSON *row)
{
	const char *title = view_text(arena, row, "title", 300),
			   *instance = view_text(arena, row, "instance", 100);
	return *instance ? arena_printf(arena, "%s, %s", title, instance) : title;
}

/* Of two rows of one limit, the instance tells; of a long one the title has to do. */
static const char *fitted(struct arena *arena, const cJSON *row, bool bold)
{
	double width = ROWS_PLOT_X - NAME_X - 8;
	const char *whole = rows_name_of(arena, row);
	if (canvas_text_width(whole, ROWS_TEXT, bold) <= width)
		return whole;
	return canvas_fit(arena, view_text(arena, row, "title", 300), ROWS_TEXT, bold, width);
}

void rows_names(struct canvas *canvas, const cJSON *rows, int strong)
{
	const cJSON *row;
	int index = 0;
	cJSON_ArrayForEach(row, rows) {
		enum status status = document_status(row);
		canvas_mark(canvas, 9, rows_y(index++), 12, status, color_of_status(status));
	}
	index = 0;
	cJSON_ArrayForEach(row, rows) {
		const char *word = words_status(canvas->arena, canvas->words, view_raw(row, "status"));
		word = canvas_fit(canvas->arena, word, WORD_SIZE, false, NAME_X - WORD_X - 4);
		canvas_text(canvas,
				WORD_X,
				rows_y(index++) + 4,
				WORD_SIZE,
				ANCHOR_START,
				color_of_status(document_status(row)),
				word);
	}
	index = 0;
	cJSON_ArrayForEach(row, rows) {
		bool bold = index == strong;
		canvas_text(canvas,
				NAME_X,
				rows_y(index++) + 4.5,
				ROWS_TEXT,
				ANCHOR_START,
				COLOR_INK,
				fitted(canvas->arena, row, bold))
				->bold = bold;
	}
}

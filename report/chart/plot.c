/* Axes with round steps and labels that do not meet. */
#include "report/chart/plot.h"

#include <math.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/chart.h"

double plot_sane(double value)
{
	return isfinite(value) && value > 0 ? fmin(value, 1e15) : 0;
}

double plot_x(const struct plot *plot, double value)
{
	return plot->x + plot->width * fmin(plot_sane(value) / plot->end_x, 1);
}

double plot_y(const struct plot *plot, double value)
{
	return plot->y + plot->height * (1 - fmin(plot_sane(value) / plot->end_y, 1));
}

double plot_step(double span, double parts)
{
	double rough = fmax(span / parts, 1e-6), decade = pow(10, floor(log10(rough)));
	double lead = rough / decade;
	return decade * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1);
}

double plot_end(double value, double parts)
{
	double step = plot_step(value, parts);
	return step * ceil(value / step - 1e-9);
}

static void tick_text(const struct plot *plot,
		double x,
		double y,
		enum text_anchor anchor,
		double value,
		enum unit unit)
{
	char figure[NUMBER_TEXT_MAX];
	struct op *op = canvas_text(plot->canvas,
			x,
			y,
			PLOT_SMALL,
			anchor,
			COLOR_INK2,
			text_number(figure, value, unit));
	op->tick = true;
}

static double tick_width(double value, enum unit unit)
{
	char figure[NUMBER_TEXT_MAX];
	return canvas_text_width(text_number(figure, value, unit), PLOT_SMALL, false);
}

void plot_rows(struct plot *plot, enum unit unit, bool whole)
{
	double step = plot_step(plot->end_y, 5), widest = 0, right = plot->x + plot->width;
	if (whole)
		step = fmax(step, 1);
	for (int i = 0; i < TICKS_MAX && i * step <= plot->end_y * (1 + 1e-9); i++)
		widest = fmax(widest, tick_width(i * step, unit));
	plot->x = widest + 10;
	plot->width = right - plot->x;
	for (int i = 0; i < TICKS_MAX && i * step <= plot->end_y * (1 + 1e-9); i++) {
		double y = plot_y(plot, i * step);
		canvas_line(plot->canvas, plot->x, y, right, y, i ? COLOR_GRID : COLOR_S4, 1, false);
	}
	for (int i = 0; i < TICKS_MAX && i * step <= plot->end_y * (1 + 1e-9); i++)
		tick_text(plot,
				plot->x - 8,
				canvas_baseline(plot_y(plot, i * step), PLOT_SMALL),
				ANCHOR_END,
				i * step,
				unit);
}

static double plot_height_of(const struct side_label *label)
{
	return label->second ? 2.0 * PLOT_LINE + 2 : PLOT_LINE;
}

static void sort(struct side_label *labels, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && labels[k].y < labels[k - 1].y; k--) {
			struct side_label other = labels[k];
			labels[k] = labels[k - 1];
			labels[k - 1] = other;
		}
}

/* From the top each below the one before, then from the bottom up where they went too far. */
static void keep_apart(const struct plot *plot, struct side_label *labels, size_t count)
{
	double least = plot->y - PLOT_LINE / 2.0, most = plot->y + plot->height + PLOT_LINE / 2.0;
	sort(labels, count);
	for (size_t i = 0; i < count; i++) {
		labels[i].y = fmax(labels[i].y, least + plot_height_of(&labels[i]) / 2);
		least = labels[i].y + plot_height_of(&labels[i]) / 2;
	}
	for (size_t i = count; i-- > 0;) {
		labels[i].y = fmin(labels[i].y, most - plot_height_of(&labels[i]) / 2);
		most = labels[i].y - plot_height_of(&labels[i]) / 2;
	}
}

void plot_side_labels(const struct plot *plot, double x, struct side_label *labels, size_t count)
{
	double width = plot->canvas->width - x - 1;
	keep_apart(plot, labels, count);
	for (size_t i = 0; i < count; i++) {
		const struct side_label *label = &labels[i];
		double y = canvas_baseline(label->y, PLOT_SMALL) - (label->second ? PLOT_LINE / 2.0 : 0);
		(void)canvas_label(plot->canvas,
				x,
				y,
				PLOT_SMALL,
				ANCHOR_START,
				label->color,
				true,
				label->first,
				width);
		if (label->second)
			(void)canvas_label(plot->canvas,
					x,
					y + PLOT_LINE,
					PLOT_SMALL,
					ANCHOR_START,
					COLOR_INK2,
					false,
					label->second,
					width);
	}
}

void plot_label_at(const struct plot *plot, double x, double baseline, bool bold, const char *text)
{
	double wide = canvas_text_width(text, PLOT_TEXT, bold), room = plot->canvas->width - x - 2;
	bool left = wide > room && x > room;
	struct op *op = canvas_label(plot->canvas,
			x,
			baseline,
			PLOT_TEXT,
			left ? ANCHOR_END : ANCHOR_START,
			COLOR_INK,
			bold,
			text,
			left ? x - 2 : room);
	op->halo = true;
}

void plot_subtitle(const struct plot *plot, const char *text)
{
	(void)canvas_label(plot->canvas,
			3,
			14,
			PLOT_SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			text,
			plot->canvas->width - 4);
}

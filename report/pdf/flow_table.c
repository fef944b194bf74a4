#include "report/pdf/flow_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/sort.h"
#include "report/pdf/inline.h"
#include "report/render/node.h"

static const double pad_x = 4; /* points */

/* Widths in points: of the longest line, and of the widest part that must not be broken. */
struct extent {
	double natural, word;
};

struct placed { /* a cell of the table before its width is known */
	const xmlNode *node;
	size_t column, span;
	struct cell cell;
	struct extent extent; /* only of a cell in one column */
};

struct column {
	double natural, least; /* what its cells need */
	double width;
};

struct table {
	struct flow *flow;
	struct placed *cells;
	size_t count, capacity;
	struct column columns[COLUMNS_MAX];
	size_t column_count;
	double *wanted; /* of the cells of one column, while its width is chosen */
};

static enum color status_color(const xmlNode *node, enum color otherwise)
{
	for (int i = STATUS_PASS; i <= STATUS_UNKNOWN; i++) {
		enum status status = (enum status)i;
		if (node_has_class(node, status_name(status)))
			return color_of_status(status);
	}
	return otherwise;
}

/* Of a cell that shows how full a limit is. */
static enum color heat_ground(const xmlNode *node)
{
	static const struct {
		enum status status;
		enum color ground;
	} grounds[] = {
			{STATUS_PASS, COLOR_PASS2},
			{STATUS_WARN, COLOR_WARN2},
			{STATUS_UNKNOWN, COLOR_WARN2},
			{STATUS_FAIL, COLOR_FAIL2},
	};
	if (!node_has_class(node, "heat"))
		return COLOR_NONE;
	for (size_t i = 0; i < COUNT_OF(grounds); i++)
		if (node_has_class(node, status_name(grounds[i].status)))
			return grounds[i].ground;
	return COLOR_NONE;
}

static bool is_quiet(const xmlNode *node)
{
	return node_has_class(node, "more") || node_has_class(node->parent, "how");
}

static struct style cell_style(const struct flow *flow, const xmlNode *node, bool head)
{
	struct style style = {
			.size = flow->input->theme->pdf.small,
			.color = COLOR_INK,
			.bold = head,
			.breaks = true,
	};
	if (head || is_quiet(node))
		style.color = COLOR_INK2;
	if (node_has_class(node, "tight"))
		style.bold = true;
	if (!node_has_class(node, "status"))
		return style;
	if (node_has_class(node, status_name(STATUS_NOT_APPLICABLE))) {
		style.bold = false;
		style.color = COLOR_INK2;
		return style;
	}
	style.bold = true;
	style.color = status_color(node, style.color);
	return style;
}

/* Both come from one layout without a width: laying out the text again for each would cost more
 * than the rest of the table. */
static struct extent flow_table_measure(PangoLayout *layout)
{
	const char *text = pango_layout_get_text(layout), *at = text;
	int attribute_count, across, high, letter = 0, start = 0, most = 0, end = 0;
	pango_layout_set_width(layout, -1);
	pango_layout_get_size(layout, &across, &high);
	const PangoLogAttr *attributes = pango_layout_get_log_attrs_readonly(layout, &attribute_count);
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	do {
		PangoRectangle place;
		const char *wanted = text + pango_layout_iter_get_index(iter);
		pango_layout_iter_get_cluster_extents(iter, NULL, &place);
		for (; at < wanted; letter++)
			at = g_utf8_next_char(at);
		bool known = letter < attribute_count;
		if ((known && attributes[letter].is_line_break) ||
				place.x < end - PANGO_SCALE) /* or a new line */
			start = place.x;
		end = place.x + place.width;
		if (!known || !attributes[letter].is_white)
			most = MAX(most, end - start);
	} while (pango_layout_iter_next_cluster(iter));
	pango_layout_iter_free(iter);
	return (struct extent){across / (double)PANGO_SCALE, most / (double)PANGO_SCALE};
}

typedef double need_fn(const struct table *table, const struct placed *placed);

static bool is_whole(const struct placed *placed)
{
	return node_has_class(placed->node, "nowrap") || node_has_class(placed->node, "num");
}

static double natural_of(const struct table *table, const struct placed *placed)
{
	(void)table;
	return placed->extent.natural;
}

static double least_of(const struct table *table, const struct placed *placed)
{
	enum {
		FEW_COLUMNS = 5
	};
	const double name_width = 140; /* people find a row by its head: it may be this wide */
	if (is_whole(placed))
		return placed->extent.natural;
	double word = placed->extent.word;
	bool wide = *placed->cell.scope == 'R' && table->column_count <= FEW_COLUMNS;
	if (!wide)
		return word;
	return fmax(word, fmin(placed->extent.natural, name_width));
}

/* The width that most cells of a column need. In long tables the widest tenth may wrap, except for
 * short texts and those that must stay whole. */
static double column_need(struct table *table, size_t column, need_fn *need)
{
	enum {
		LONG_TABLE = 20
	};
	const double short_width = 70;
	size_t count = 0;
	double most = 0;
	for (size_t i = 0; i < table->count; i++) {
		const struct placed *placed = &table->cells[i];
		if (placed->span != 1 || placed->column != column)
			continue;
		double wanted = need(table, placed);
		table->wanted[count++] = wanted;
		if (is_whole(placed) || wanted <= short_width)
			most = fmax(most, wanted);
	}
	if (count == 0)
		return 0;
	sort_numbers(table->wanted, count);
	size_t last = count - 1;
	if (count >= LONG_TABLE)
		last = last * 9 / 10;
	return fmax(most, table->wanted[last]);
}

/* A cell in one column gets its width later. One that reaches over all of them has the whole, and
 * code in it is broken by that width. */
static double first_width(const struct flow *flow, const xmlNode *node)
{
	const double narrow = 100;
	if (!node_has_class(node->parent, "how"))
		return narrow;
	return flow->width - flow->indent - 2 * pad_x;
}

static struct cell new_cell(struct flow *flow, const xmlNode *node, bool head)
{
	struct style style = cell_style(flow, node, head);
	struct cell cell = inline_cell(flow, node, &style, 0, first_width(flow, node));
	cell.tag = "TD";
	if (node_is(node, "th"))
		cell.tag = "TH";
	cell.scope = "Column";
	if (strcmp(node_attribute(node, "scope"), "row") == 0)
		cell.scope = "Row";
	if (node_has_class(node, "num"))
		pango_layout_set_alignment(cell.layout, PANGO_ALIGN_RIGHT);
	if (node_has_class(node, "heat") || node_has_class(node, "heat-head"))
		pango_layout_set_alignment(cell.layout, PANGO_ALIGN_CENTER);
	return cell;
}

static size_t span_of(const xmlNode *node)
{
	const char *span = node_attribute(node, "colspan");
	if (*span == '\0')
		return 1;
	return strtoul(span, NULL, 10);
}

static bool is_cell(const xmlNode *node)
{
	return node_is(node, "td") || node_is(node, "th");
}

static void add_cells(struct table *table, const xmlNode *row, bool head)
{
	struct arena *arena = table->flow->arena;
	size_t column = 0;
	for (const xmlNode *node = row->children; node; node = node->next) {
		if (!is_cell(node))
			continue;
		struct placed placed = {
				.node = node,
				.column = column,
				.span = span_of(node),
				.cell = new_cell(table->flow, node, head),
		};
		if (placed.span == 1)
			placed.extent = flow_table_measure(placed.cell.layout);
		table->cells =
				arena_grow(arena, table->cells, table->count, &table->capacity, sizeof placed);
		table->cells[table->count++] = placed;
		column += placed.span;
		if (table->column_count < column && column <= COLUMNS_MAX)
			table->column_count = column;
	}
}

static void each_row(struct table *table,
		const xmlNode *node,
		void (*visit)(struct table *, const xmlNode *, bool))
{
	for (const xmlNode *part = node->children; part; part = part->next) {
		if (part->type != XML_ELEMENT_NODE)
			continue;
		for (const xmlNode *row = part->children; row; row = row->next)
			if (node_is(row, "tr"))
				visit(table, row, node_is(part, "thead"));
	}
}

/* Lowers the widest columns until all fit: the narrow ones, mostly numbers, stay whole. */
static double lower_widest(struct table *table, double total)
{
	double sum = 0, most = total * 0.6;
	while (most > 8) {
		sum = 0;
		for (size_t i = 0; i < table->column_count; i++) {
			struct column *column = &table->columns[i];
			column->least = fmin(column->least, most);
			sum += column->least;
		}
		if (sum <= total)
			break;
		most -= 2;
	}
	return sum;
}

/* Natural widths if they fit. Otherwise each column gets its least width and a share of the rest,
 * in proportion to what it lacks. */
static void choose_widths(struct table *table)
{
	const double pad = 2 * pad_x;
	const double widest = 0.42;
	const double total = table->flow->width - table->flow->indent;
	double natural = 0;
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		column->natural = fmin(column->natural + pad, total * widest);
		column->least = fmin(column->least + pad, column->natural);
		natural += column->natural;
	}
	double least = lower_widest(table, total);
	double wanted = natural - least;
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		double want = column->natural - column->least;
		if (natural <= total)
			column->width = column->natural * total / natural;
		else if (wanted <= 0)
			column->width = column->least * total / least;
		else
			column->width = column->least + (total - least) * want / wanted;
	}
}

/* A row that explains the one above stands close to it; so do the rows of a long list of facts. */
static double pad_of(const xmlNode *cell)
{
	const double close = 1.2, wide = 2.5;
	const xmlNode *table = cell->parent->parent->parent;
	if (node_has_class(cell->parent, "how") || node_has_class(table, "evidence"))
		return close;
	return wide;
}

/* In columns, where a cell of data has several: rows must add up to the same number. */
static void flow_table_span(const struct table *table, struct placed *placed)
{
	if (node_is(placed->node, "th"))
		return;
	size_t left = 1;
	if (placed->column < table->column_count)
		left = table->column_count - placed->column;
	size_t span = placed->span;
	if (span > left)
		span = left;
	placed->cell.scope = "";
	if (span > 1)
		placed->cell.scope = arena_printf(table->flow->arena, "%zu", span);
}

static void flow_table_place(const struct table *table, struct placed *placed)
{
	placed->cell.x = table->flow->indent;
	placed->cell.width = 0;
	size_t end = placed->column + placed->span;
	for (size_t i = 0; i < table->column_count; i++) {
		double width = table->columns[i].width;
		if (i < placed->column)
			placed->cell.x += width;
		else if (i < end)
			placed->cell.width += width;
	}
	/* A text that fits without wrapping is not laid out again. */
	double room = placed->cell.width - 2 * pad_x;
	double pad_y = pad_of(placed->node);
	if (placed->span != 1 || placed->extent.natural > room) {
		flow_pad(&placed->cell, pad_x, pad_y);
		return;
	}
	placed->cell.pad_x = pad_x;
	placed->cell.pad_y = pad_y;
	PangoAlignment alignment = pango_layout_get_alignment(placed->cell.layout);
	if (alignment == PANGO_ALIGN_RIGHT)
		placed->cell.shift = room - placed->extent.natural;
	if (alignment == PANGO_ALIGN_CENTER)
		placed->cell.shift = (room - placed->extent.natural) / 2;
}

/* The rows again, now with widths. The cells stand in the order in which they were added. */
struct emitting {
	struct table *table;
	size_t next;
};

static void emit_row(struct emitting *emitting, const xmlNode *row, bool head, bool last_of_body)
{
	struct table *table = emitting->table;
	struct cell cells[COLUMNS_MAX] = {0};
	size_t count = 0;
	for (const xmlNode *node = row->children; node; node = node->next) {
		if (!is_cell(node))
			continue;
		if (emitting->next == table->count || !table->cells)
			break;
		struct placed *placed = &table->cells[emitting->next++];
		flow_table_place(table, placed);
		flow_table_span(table, placed);
		placed->cell.ground = heat_ground(node);
		if (head)
			placed->cell.ground = COLOR_BAND;
		if (count < COLUMNS_MAX)
			cells[count++] = placed->cell;
		else
			g_object_unref(placed->cell.layout);
	}
	const char *id = node_attribute(row, "id");
	if (*id)
		flow_add_dest(table->flow, id);
	struct box *box = flow_row(table->flow, cells, count);
	box->tag = "TR";
	box->rule = last_of_body;
	box->keep_next = head || !last_of_body;
	if (head)
		table->flow->head = table->flow->count;
}

/* A row and the row below it that explains it belong together. */
static bool is_last_of_body(const xmlNode *row)
{
	const xmlNode *next = xmlNextElementSibling((xmlNode *)(guintptr)row);
	return !next || !node_has_class(next, "how");
}

static void flow_table_emit(struct table *table, const xmlNode *node)
{
	struct emitting emitting = {.table = table};
	for (const xmlNode *part = node->children; part; part = part->next) {
		if (part->type != XML_ELEMENT_NODE)
			continue;
		bool head = node_is(part, "thead");
		for (const xmlNode *row = part->children; row; row = row->next)
			if (node_is(row, "tr"))
				emit_row(&emitting, row, head, is_last_of_body(row));
	}
}

static void flow_table_caption(struct flow *flow, const xmlNode *caption)
{
	struct style style = {
			.size = flow->input->theme->pdf.small,
			.color = COLOR_INK2,
	};
	struct cell cell = inline_wide_cell(flow, caption, &style);
	cell.tag = "Caption";
	struct box *box = flow_row(flow, &cell, 1);
	box->before = 4;
	box->keep_next = true;
}

void flow_table(struct flow *flow, const xmlNode *node)
{
	struct table table = {.flow = flow};
	flow_mark(flow, BOX_OPEN, "Table");
	for (const xmlNode *part = node->children; part; part = part->next)
		if (node_is(part, "caption"))
			flow_table_caption(flow, part);
	each_row(&table, node, add_cells);
	table.wanted = arena_alloc(flow->arena, table.count * sizeof *table.wanted);
	for (size_t i = 0; i < table.column_count; i++) {
		struct column *column = &table.columns[i];
		column->natural = column_need(&table, i, natural_of);
		column->least = column_need(&table, i, least_of);
	}
	choose_widths(&table);
	size_t first = flow->count;
	flow_table_emit(&table, node);
	/* Its rows are kept in pairs already. */
	if (!node_has_class(node, "decisions"))
		flow_keep_ends(flow, first);
	if (node_has_class(node, "sign"))
		flow->signed_at = flow->count;
	flow_mark(flow, BOX_CLOSE, "Table");
	flow->head = 0;
}

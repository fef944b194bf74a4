/* CSV as it comes: commas, quotes, quotes doubled, line ends inside quotes. */
#include "probes/result/forms.h"

static void csv_form_put(struct csv_form *form, char c)
{
	form->any = true;
	if (form->count >= RESULT_CELLS_MAX)
		return;
	size_t *length = &form->lengths[form->count];
	if (*length + 1 < RESULT_CELL_MAX)
		form->cells[form->count][(*length)++] = c;
}

static void end_cell(struct csv_form *form)
{
	if (form->count >= RESULT_CELLS_MAX)
		return;
	form->cells[form->count][form->lengths[form->count]] = '\0';
	form->count++;
	if (form->count < RESULT_CELLS_MAX)
		form->lengths[form->count] = 0;
}

static void end_row(struct csv_form *form)
{
	end_cell(form);
	if (form->any)
		form->row(form->context, form);
	csv_form_drop(form);
}

void csv_form_drop(struct csv_form *form)
{
	form->count = 0;
	form->lengths[0] = 0;
	form->quoted = form->quote_before = form->any = false;
}

/* A quote ends the quotes, unless another follows at once: then it is one of the text. */
static void take_quote(struct csv_form *form)
{
	bool doubled = !form->quoted && form->quote_before;
	form->quote_before = form->quoted;
	form->quoted = !form->quoted;
	form->any = true;
	if (doubled)
		csv_form_put(form, '"');
}

static void csv_form_take(struct csv_form *form, char c)
{
	if (c == '"') {
		take_quote(form);
		return;
	}
	form->quote_before = false;
	if (form->quoted) {
		csv_form_put(form, c);
		return;
	}
	switch (c) {
	case ',':
		end_cell(form);
		form->any = true;
		break;
	case '\n':
		end_row(form);
		break;
	case '\r':
		break;
	default:
		csv_form_put(form, c);
	}
}

void csv_form_add(struct csv_form *form, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		csv_form_take(form, bytes[i]);
}

void csv_form_end(struct csv_form *form)
{
	if (form->any)
		end_row(form);
}

const char *csv_cell(const struct csv_form *form, size_t index)
{
	if (index >= form->count)
		return "";
	return form->cells[index];
}

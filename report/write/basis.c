/* What the verdict rests on, of a document that has "notes": a view of an audit. */
#include "report/document/request.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/foreign.h"
#include "report/write/pen.h"

enum {
	TEXT_CHARS = 1500,
	LABEL_CHARS = 20
};

/* "Hypothetical: net.ipv4.tcp_tw_reuse = 1 instead of 2 …" */
static void basis_add_note(const struct pen *pen, const cJSON *note)
{
	const char *label = pen_text(pen, note, "label", LABEL_CHARS);
	const char *text = pen_text(pen, note, "text", TEXT_CHARS);
	label = arena_printf(pen->arena, "%s: ", label);
	pen_wrap(pen, label, "  ", text);
}

static void basis_add_request(const struct pen *pen)
{
	const char *text = document_request_text(pen->arena, pen->document);
	const char *request = pen_fold(pen, text);
	if (*request)
		pen_wrap(pen, "", "  ", request);
}

void write_basis(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct pen pen = {
			.document = document,
			.options = options,
			.arena = options->arena,
			.out = out,
	};
	basis_add_request(&pen);
	const cJSON *note;
	cJSON_ArrayForEach(note, view_array(document, "notes")) {
		basis_add_note(&pen, note);
	}
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "foreign")) {
		const char *line = pen_fold(&pen, foreign_line(pen.arena, item));
		pen_wrap(&pen, "Judged by: ", "  ", line);
	}
}

/* The PDF: the bound page flowed onto A4 with the DejaVu fonts; and the ladder as PNG. */
#ifndef HEADROOM_REPORT_RENDER_PDF_H
#define HEADROOM_REPORT_RENDER_PDF_H

#include <cjson/cJSON.h>
#include <libxml/tree.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "report/chart/theme.h"

struct pdf_input {
	struct arena *arena;
	const struct theme *theme;
	const cJSON *root;
	const xmlDoc *doc;
	const char *font_dir;
	const char *json; /* the document as it came: attached */
	size_t json_size;
};

/* What could not be added to a PDF that is complete without it stands in `ret_remark` ("" if
 * nothing). The creation date is SOURCE_DATE_EPOCH or the document's own time; the same input gives
 * the same bytes. */
bool pdf_write(const struct pdf_input *input,
		struct text *out,
		const char **ret_remark,
		struct error *err);
bool pdf_write_png(const struct pdf_input *input, struct text *out, struct error *err);

#endif

/* The input for the PDF and the PNG. */
#ifndef HEADROOM_REPORT_PDF_INPUT_H
#define HEADROOM_REPORT_PDF_INPUT_H

#include <cjson/cJSON.h>
#include <libxml/tree.h>
#include <stddef.h>

#include "base/arena.h"
#include "report/chart/theme.h"

struct pdf_input {
	struct arena *arena;
	const struct theme *theme;
	const cJSON *root;
	const xmlDoc *doc;
	const char *font_dir;
	const char *json; /* the original document, to attach */
	size_t json_size;
};

#endif

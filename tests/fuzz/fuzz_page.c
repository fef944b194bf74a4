/* Fuzz target: an audit document as HTML, and where the input's second byte is "p" as PDF and PNG,
 * which take some hundred times as long. Whatever the document says, the page fetches nothing, and
 * the PDF has no action. */
#include <stdint.h>

#include "report/document/open.h"
#include "report/render/render.h"
#include "tests/fuzz/document.h"
#include "tests/fuzz/page_property.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* fontconfig keeps what it read for the whole process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static void render_as(struct render *render, const char *kind, void (*check)(const struct text *))
{
	struct text out = {0};
	struct error err = {0};
	if (render_output(render, kind, &out, &err))
		check(&out);
	else
		demand(*err.text != '\0', "refused without a word", kind);
	text_release(&out);
}

static void check_png(const struct text *png)
{
	demand(png->length > 8 && png->data[1] == 'P', "a PNG", "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	size_t length;
	const char *bytes = document_of(arena, (const char *)data, size, &length);
	struct json *json = document_open_bytes("audit.json", bytes, length, &err);
	struct render *render = render_new(NULL);
	if (json && render_load(render, bytes, length, &err)) {
		render_as(render, "html", demand_page);
		if (size > 1 && data[1] == 'p') {
			render_as(render, "pdf", demand_pdf);
			render_as(render, "png", check_png);
		}
	} else {
		demand(*err.text != '\0', "refused without a word", "");
	}
	render_free(render);
	json_free(json);
	arena_free(arena);
	return 0;
}

/* Fuzz target: a template. The first line of the input names the file (report.html, company.css,
 * theme.json, words.json …), the rest is its content. Whatever it is, it is refused with a text, or
 * the page of a sample document keeps to what every page does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/render/render.h"
#include "tests/fuzz/document.h"
#include "tests/fuzz/page_property.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A page that names the files which the input can be. */
static const char around[] = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta "
							 "http-equiv=\"Content-Security-Policy\" data-csp=\"\"/>"
							 "<link rel=\"stylesheet\" href=\"a.css\" data-optional=\"\"/>"
							 "<script src=\"a.js\" data-optional=\"\"></script></head>"
							 "<body><img src=\"a.png\" alt=\"a\" data-optional=\"\"/>"
							 "<p data-text=\"headline\">x</p></body></html>";
static const char *const names[] =
		{"report.html", "theme.json", "words.json", "a.css", "a.js", "a.png"};

static const char *sample_text(void)
{
	static char *printed;
	if (!printed)
		printed = cJSON_PrintUnformatted(document_sample(0));
	return printed;
}

static void render_with(const char *name, const char *bytes, size_t size)
{
	struct render *render = render_new(NULL);
	struct error err = {0};
	struct text out = {0};
	render_name_templates(render, "mine");
	if (strncmp(name, "a.", 2) == 0)
		render_use_template(render, "report.html", around, strlen(around));
	render_use_template(render, name, bytes, size);
	bool good = render_check(render, &err);
	bool loaded = good && render_load(render, sample_text(), strlen(sample_text()), &err);
	if (loaded && render_output(render, "html", &out, &err))
		demand_own_page(&out);
	else
		demand(*err.text != '\0', "refused without a word", name);
	text_release(&out);
	render_free(render);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	const char *end = size ? memchr(bytes, '\n', size) : NULL;
	size_t length = end ? (size_t)(end - bytes) : 0;
	for (size_t i = 0; end && i < COUNT_OF(names); i++)
		if (strlen(names[i]) == length && memcmp(names[i], bytes, length) == 0)
			render_with(names[i], end + 1, size - length - 1);
	return 0;
}

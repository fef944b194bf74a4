/* Fuzz harness of the helper's XML reader: what it accepts is strict JSON, what it refuses names a
 * line. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/os/json.h"
#include "report/helper/tree/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool truth, const char *what, const char *text)
{
	if (truth)
		return;
	(void)fprintf(stderr, "property broken: %s\n%s\n", what, text);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {0};
	struct error err = {0};
	if (tree_from_xml((const char *)data, size, &text, &err)) {
		struct json *json = json_read("tree", text.data, text.length, &err);
		demand(json != NULL, "its JSON is refused", err.text);
		json_free(json);
	} else {
		demand(isdigit((unsigned char)err.text[0]), "an error names no line", err.text);
	}
	text_release(&text);
	return 0;
}

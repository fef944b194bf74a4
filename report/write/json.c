/* The JSON writer: the document as it is, one tab per level. */
#include <stdlib.h>

#include "report/write/write.h"

enum {
	FIRST_BUFFER = 256 * 1024
}; /* a document is 60 to 120 KB: printed without growing */

void write_json(const cJSON *document, const struct write_options *options, struct text *out)
{
	(void)options;
	char *printed = cJSON_PrintBuffered(document, FIRST_BUFFER, true);
	if (printed) {
		text_add(out, printed);
		text_add(out, "\n");
	}
	cJSON_free(printed);
}

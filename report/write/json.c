/* The JSON writer: the document as it is, one tab per level. */
#include <stdlib.h>

#include "report/write/write.h"

void write_json(const cJSON *document, const struct write_options *options, struct text *out)
{
	(void)options;
	char *printed = cJSON_Print(document);
	if (printed) {
		text_add(out, printed);
		text_add(out, "\n");
	}
	cJSON_free(printed);
}

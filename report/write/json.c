/* The JSON writer: the document as it is, one tab per level. */
#include "base/os/json_print.h"
#include "report/write/write.h"

void write_json(const cJSON *document, const struct write_options *options, struct text *out)
{
	(void)options;
	json_print_lines(document, out);
	text_add(out, "\n");
}

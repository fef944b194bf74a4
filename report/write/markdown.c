/* Markdown for a ticket or a pull request: a first page that can be read alone, then folded parts.
 * Text of the host is escaped so that it can neither break a table nor bring in markup. */
#include "report/write/markdown/markdown.h"
#include "base/text.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/write.h"

void write_markdown(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct markdown m = {document, options->arena, out};
	markdown_front(&m);
	markdown_holds(&m);
	markdown_first_changes(&m);
	markdown_decide(&m);
	markdown_trust(&m);
	markdown_run(&m);
	markdown_limits(&m);
	markdown_drift(&m);
	markdown_changes(&m);
	markdown_found(&m);
	markdown_method(&m);
	markdown_facts(&m);
	markdown_again(&m);
	text_addf(out,
			"headroom %s, %s\n",
			markdown_string(&m, document, "tool.version", 40),
			markdown_string(&m, document, "created", 40));
}

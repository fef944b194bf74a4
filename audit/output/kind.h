/* Documents with a separate page (report/answer/): a sizing, the history, what changed, a cause, a
 * check of a repository. Each can be written in the formats of a report. */
#ifndef HEADROOM_AUDIT_OUTPUT_KIND_H
#define HEADROOM_AUDIT_OUTPUT_KIND_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/output/output.h"

enum {
	FORMATS_PAGE = FORMATS_TEXT_JSON | 1 << FORMAT_HTML | 1 << FORMAT_PDF | 1 << FORMAT_MARKDOWN
};

struct output_kind {
	unsigned formats;
	write_fn *text, *line;   /* `line`: for --quiet */
	write_fn *more[FORMATS]; /* the other formats that the core writes */
};

/* Reads -o and --template for such a document. false with err. */
bool output_kind_parse(const struct run *run,
		const struct output_kind *kind,
		struct outputs *ret_outputs,
		struct error *err);

/* Writes the files, and the text unless one of them uses standard output. *ret_written is false if
 * one failed, which standard error explains. false with err. */
bool output_kind_put(const struct run *run,
		const struct output_kind *kind,
		const cJSON *document,
		struct outputs *outputs,
		bool *ret_written,
		struct error *err);

#endif

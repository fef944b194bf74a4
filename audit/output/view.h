/* Documents with one text form besides their JSON: a list of fixes, a sizing, a calibration, a page
 * of the history. */
#ifndef HEADROOM_AUDIT_OUTPUT_VIEW_H
#define HEADROOM_AUDIT_OUTPUT_VIEW_H

#include "audit/cli/command.h"
#include "audit/output/output.h"

/* Writes the files of -o: JSON, or the text that `write` makes. Returns false if one of them
 * failed, which was reported on standard error. */
bool output_view_files(const struct run *run,
		struct outputs *outputs,
		const cJSON *document,
		write_fn *write);

/* Writes the text form to standard output. false with err. */
bool output_view_show(const struct run *run,
		const cJSON *document,
		write_fn *write,
		struct error *err);

#endif

/* Documents that have one text form beside their JSON: a list of fixes, a sizing, a calibration, a
 * page of the history. */
#ifndef HEADROOM_AUDIT_OUTPUT_VIEW_H
#define HEADROOM_AUDIT_OUTPUT_VIEW_H

#include "audit/cli/command.h"
#include "audit/output/output.h"

/* Writes the files of -o: the JSON itself, or what `write` makes of it. false if one of them
 * failed, which is then reported on standard error. */
bool output_view_files(const struct run *run,
		struct outputs *outputs,
		const cJSON *document,
		write_fn *write);

/* Writes the text form to standard output. */
bool output_view_show(const struct run *run,
		const cJSON *document,
		write_fn *write,
		struct error *err);

#endif

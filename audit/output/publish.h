/* Turns a finished document into everything the user asked for: files, standard output, the GitHub
 * step summary. Shared by audit and report. */
#ifndef HEADROOM_AUDIT_OUTPUT_PUBLISH_H
#define HEADROOM_AUDIT_OUTPUT_PUBLISH_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/output/output.h"

/* Writes the outputs, and the terminal view unless one of them uses standard output. *ret_exit
 * becomes the exit code for the document's verdict, or EXIT_BROKEN if an output failed (standard
 * error says why). false with err. */
bool publish(const struct run *run,
		const cJSON *document,
		struct outputs *outputs,
		const char *const *presets,
		int *ret_exit,
		struct error *err);

/* Writes only the outputs of -o and shows nothing. Returns false if one failed; standard error says
 * why. */
bool publish_outputs(const struct run *run, const cJSON *document, struct outputs *outputs);

/* For a run without a document, because nothing was run. Still writes the JUnit file, so that
 * nobody mistakes the file of an earlier run for this one's. */
void publish_not_run(const struct run *run, const struct outputs *outputs, const char *message);

#endif

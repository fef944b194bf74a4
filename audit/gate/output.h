/* Where the command's standard output goes, and how its result is read from there. A file is read
 * afterwards. For a pipe, a process in between copies every byte and keeps the beginning and the
 * end. A terminal is passed on directly. */
#ifndef HEADROOM_AUDIT_GATE_OUTPUT_H
#define HEADROOM_AUDIT_GATE_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "probes/result/reader.h"

enum output_kind {
	OUTPUT_NONE, /* not looked at */
	OUTPUT_TERMINAL,
	OUTPUT_FILE,
	OUTPUT_PIPE,
	OUTPUT_DEVICE
};

struct output {
	enum output_kind kind;
	off_t from;     /* of a file: where the command's part begins */
	int command_fd; /* what the command gets as its standard output; -1: that of headroom */
	int done_fd;    /* of a pipe: closed when everything has been copied */
	struct output_kept *kept;
};

/* Call right before the command starts. If no copy can be made, the command keeps headroom's
 * standard output. `closed`: there is no standard output. */
void output_begin(struct output *ret_output, bool closed);
/* The command has been started, or will not be. */
void output_release(struct output *output);
/* Reads the result after the command has ended. Returns false if nothing was read; *ret_why then
 * says why (a clause). */
bool output_read(struct output *output,
		struct result_reader *reader,
		const char **ret_part,
		const char **ret_why);
void output_close(struct output *output);

#endif

/* Handles the command's standard output so that its result can be read. A file is read afterwards.
 * For a pipe, a process in between copies every byte and keeps the beginning and the end. A
 * terminal is passed on directly. */
#ifndef HEADROOM_AUDIT_GATE_OUTPUT_H
#define HEADROOM_AUDIT_GATE_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "probes/result/reader.h"

enum output_kind {
	OUTPUT_NONE, /* not read */
	OUTPUT_TERMINAL,
	OUTPUT_FILE,
	OUTPUT_PIPE,
	OUTPUT_DEVICE
};

struct output {
	enum output_kind kind;
	off_t from;     /* for a file: offset where the command's output begins */
	int command_fd; /* standard output for the command; -1: that of headroom */
	int done_fd;    /* for a pipe: closed when everything was copied */
	struct output_kept *kept;
};

/* Call right before the command starts. If no copying process can be created, the command gets
 * headroom's standard output. `closed`: there is no standard output. */
void output_begin(struct output *ret_output, bool closed);
/* Call after the command was started, or if it will not be. */
void output_release(struct output *output);
/* Reads the result after the command has ended. Returns false with a clause in *ret_why if nothing
 * was read. */
bool output_read(struct output *output,
		struct result_reader *reader,
		const char **ret_part,
		const char **ret_why);
void output_close(struct output *output);

#endif

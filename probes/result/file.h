/* A file with a result: its state before the command, and what the command wrote. */
#ifndef HEADROOM_PROBES_RESULT_FILE_H
#define HEADROOM_PROBES_RESULT_FILE_H

#include <sys/stat.h>

#include "probes/result/reader.h"

enum {
	RESULT_PART_BYTES = 128 * 1024 *
			/* How much is read of the beginning and of the end of a larger file. */
			1024,
	RESULT_MARK_BYTES = 256
};

/* State of the file before the run. If the file was only appended to, it still has these last bytes
 * there. */
struct result_mark {
	bool there;
	struct stat status;
	char end[RESULT_MARK_BYTES]; /* its last bytes */
	size_t end_length;
};

void result_mark_file(const char *path, struct result_mark *ret_mark);

/* Reads what was written since. Returns false if nothing was read, with a clause in *ret_why.
 * *ret_part: which part of a large file was read; NULL: all of it. */
bool result_read_file(struct result_reader *reader,
		const char *path,
		const struct result_mark *mark,
		const char **ret_part,
		const char **ret_why);

/* The same for an open file, from an offset on. */
bool result_read_open(struct result_reader *reader,
		int fd,
		off_t from,
		const char **ret_part,
		const char **ret_why);

#endif

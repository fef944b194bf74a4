/* Unpacks tar files for the core, which links no archive library. */
#ifndef HEADROOM_REPORT_HELPER_UNTAR_H
#define HEADROOM_REPORT_HELPER_UNTAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
	UNTAR_FILE_MAX = 64 * 1024 * 1024,
	UNTAR_NAME_MAX = 4096,
	UNTAR_MEMBERS_MAX = 8 * 1000 * 1000
};

/* The most bytes of all members after unpacking: a small file may unpack to any size. */
#define UNTAR_BYTES_MAX ((size_t)16 << 30)

/* Reads a tar file (plain, gzip, xz, zstd, bzip2) from `input` and writes each member to `output`
 * as a frame: a line "KIND LENGTH NAME-LENGTH", the name, the bytes. KIND: F a file, D a directory,
 * L a symbolic link (the bytes are its target), S a skipped member (the bytes say what it is), E
 * the end. Only a stream that ends with E is complete. false with err. */
bool untar_frames(int input, int output, struct error *err);

/* Runs `headroom-import untar`, from standard input to standard output. Returns the exit status. */
int untar_main(int argc, char **argv);

#endif

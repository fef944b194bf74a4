/* A directory for one harness, in memory if the system has such a place. */
#ifndef HEADROOM_TESTS_FUZZ_SCRATCH_H
#define HEADROOM_TESTS_FUZZ_SCRATCH_H

#include <stddef.h>

/* Returns the directory. The first call creates it; it is removed with its content when the program
 * ends. */
const char *scratch_directory(void);

/* Creates a file that only its owner can read. Its directory must exist. */
void scratch_write(const char *path, const void *bytes, size_t size);

#endif

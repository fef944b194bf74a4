/* A directory of the harness's own, in memory where the system has such a place. */
#ifndef HEADROOM_TESTS_FUZZ_SCRATCH_H
#define HEADROOM_TESTS_FUZZ_SCRATCH_H

#include <stddef.h>

/* Made at the first call, removed with all that is in it when the program ends. */
const char *scratch_directory(void);

/* Makes the file, for its owner only; its directory must be there. */
void scratch_write(const char *path, const void *bytes, size_t size);

#endif

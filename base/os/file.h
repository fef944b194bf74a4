/* Reads and writes whole files, and closes files when a function returns. */
#ifndef HEADROOM_BASE_OS_FILE_H
#define HEADROOM_BASE_OS_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

/* Appends everything up to the end of the file to *out. Continues after an interruption by a
 * signal. Returns false with errno if reading fails, with EFBIG if *out would become longer than
 * `most` bytes; what was read until then is in *out. */
bool file_read_all(int fd, size_t most, struct text *out);

/* Reads at most size - 1 bytes and adds a NUL; if nothing can be read, buffer[0] is '\0'. Returns
 * the number of bytes, or -1 with errno. A larger file is truncated without notice, so use it only
 * for kernel files that are known to be small. */
ssize_t file_read_some(int fd, char *buffer, size_t size);

/* Does the same for the file at a path. */
ssize_t file_read_path(const char *path, char *buffer, size_t size);

/* Reads a file into the buffer; "" if it cannot be read. Returns buffer. */
const char *file_text(const char *path, char *buffer, size_t size);

/* Writes all bytes, continuing after an interruption by a signal. Returns false with errno. */
bool file_write_all(int fd, const void *bytes, size_t length);

/* opendir(3) and fdopendir(3), except that the program ends if memory runs out (base/memory.h): the
 * caller could not tell that from a missing directory. Return NULL with errno; the descriptor then
 * stays open. */
DIR *file_open_directory(const char *path);
DIR *file_read_directory(int fd);

/* For __attribute__((cleanup(…))). Ignore NULL and descriptors below 0, and keep errno. */
void file_close_fd(const int *fd);
void file_close_directory(DIR **directory);

#endif

/* Reading and writing whole files, and closing what is open when a function returns. */
#ifndef HEADROOM_BASE_OS_FILE_H
#define HEADROOM_BASE_OS_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

/* Appends everything up to the end of the file to *out. Reads on after an interruption by a signal.
 * false with errno if reading fails; false with errno EFBIG if *out would become longer than `most`
 * bytes. What was read so far is then in *out, at most `most` bytes of it. */
bool file_read_all(int fd, size_t most, struct text *out);

/* Reads at most size - 1 bytes and adds a NUL: buffer[0] is '\0' if nothing can be read. Returns
 * the number of bytes, or -1 with errno. A larger file is cut off without notice, so use it only
 * for files of the kernel that are known to be small. */
ssize_t file_read_some(int fd, char *buffer, size_t size);

/* The same for the file at a path. Returns the number of bytes, or -1 with errno. */
ssize_t file_read_path(const char *path, char *buffer, size_t size);

/* The text of the file in the buffer, "" if it cannot be read. Returns buffer. */
const char *file_text(const char *path, char *buffer, size_t size);

/* Writes all bytes, also after an interruption by a signal. false with errno. */
bool file_write_all(int fd, const void *bytes, size_t length);

/* opendir(3) and fdopendir(3), but with too little memory the program ends (base/memory.h): to its
 * reader a directory that is not there would look the same. NULL with errno; the descriptor then
 * stays open. */
DIR *file_open_directory(const char *path);
DIR *file_read_directory(int fd);

/* For __attribute__((cleanup(…))). A descriptor below 0 and a NULL are left alone. Errno stays. */
void file_close_fd(const int *fd);
void file_close_directory(DIR **directory);

#endif

/* Whole files. Every loop goes on after EINTR, so that a signal never shortens a file. */
#include "base/os/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/memory.h"

enum {
	PIECE_BYTES = 64 * 1024
};

/* read(2) that signals do not interrupt. */
static ssize_t file_read_piece(int fd, char *buffer, size_t size)
{
	for (;;) {
		ssize_t got = read(fd, buffer, size);
		if (got >= 0 || errno != EINTR)
			return got;
	}
}

bool file_read_all(int fd, size_t most, struct text *out)
{
	char piece[PIECE_BYTES];
	assert(out->length <= most);
	for (;;) {
		ssize_t got = file_read_piece(fd, piece, sizeof piece);
		if (got < 0)
			return false;
		if (got == 0)
			return true;
		if ((size_t)got > most - out->length) {
			errno = EFBIG;
			return false;
		}
		text_add_bytes(out, piece, (size_t)got);
	}
}

ssize_t file_read_some(int fd, char *buffer, size_t size)
{
	assert(size > 0);
	size_t length = 0;
	buffer[0] = '\0';
	while (length < size - 1) {
		ssize_t got = file_read_piece(fd, buffer + length, size - 1 - length);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
		buffer[length] = '\0';
	}
	return (ssize_t)length;
}

ssize_t file_read_path(const char *path, char *buffer, size_t size)
{
	assert(size > 0);
	buffer[0] = '\0';
	__attribute__((cleanup(file_close_fd))) int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	return file_read_some(fd, buffer, size);
}

const char *file_text(const char *path, char *buffer, size_t size)
{
	(void)file_read_path(path, buffer, size);
	return buffer;
}

bool file_write_all(int fd, const void *bytes, size_t length)
{
	const char *next = bytes;
	while (length > 0) {
		ssize_t written = write(fd, next, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		next += written;
		length -= (size_t)written;
	}
	return true;
}

void file_close_fd(const int *fd)
{
	int saved = errno;
	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}

/* The only allocation of both is the C library's own. */
static DIR *or_ends(DIR *directory)
{
	if (!directory && errno == ENOMEM)
		memory_exhausted();
	return directory;
}

DIR *file_open_directory(const char *path)
{
	return or_ends(opendir(path));
}

DIR *file_read_directory(int fd)
{
	return or_ends(fdopendir(fd));
}

void file_close_directory(DIR **directory)
{
	int saved = errno;
	if (*directory)
		(void)closedir(*directory);
	errno = saved;
}

#include "probes/result/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/os/file.h"

enum {
	CHUNK_BYTES = 64 * 1024,
	HEADER_BYTES = 4096
};

static const char both_parts[] = "the first and the last 128 MiB of it";

/* Never waits: what is no regular file is only opened. */
static int result_file_open(const char *path, struct stat *ret_status, const char **ret_why)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		*ret_why = strerror(errno);
		if (errno == ENOENT)
			*ret_why = "the run wrote no such file";
		return -1;
	}
	if (fstat(fd, ret_status) == 0 && S_ISREG(ret_status->st_mode))
		return fd;
	file_close_fd(&fd);
	*ret_why = "it is not a regular file";
	return -1;
}

static size_t last_bytes(int fd, off_t size, char *ret_bytes)
{
	off_t from = 0;
	if (size > RESULT_MARK_BYTES)
		from = size - RESULT_MARK_BYTES;
	ssize_t count = pread(fd, ret_bytes, RESULT_MARK_BYTES, from);
	if (count < 0)
		return 0;
	return (size_t)count;
}

void result_mark_file(const char *path, struct result_mark *ret_mark)
{
	const char *why;
	*ret_mark = (struct result_mark){0};
	__attribute__((
			cleanup(file_close_fd))) int fd = result_file_open(path, &ret_mark->status, &why);
	if (fd < 0)
		return;
	ret_mark->there = true;
	ret_mark->end_length = last_bytes(fd, ret_mark->status.st_size, ret_mark->end);
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool is_untouched(const struct result_mark *mark, const struct stat *now)
{
	const struct stat *was = &mark->status;
	return mark->there && was->st_ino == now->st_ino && was->st_dev == now->st_dev &&
			was->st_size == now->st_size && same_time(&was->st_mtim, &now->st_mtim);
}

/* How much of it was there before: 0 unless it was appended to. */
static off_t written_from(int fd, const struct result_mark *mark, const struct stat *now)
{
	const struct stat *was = &mark->status;
	char end[RESULT_MARK_BYTES];
	if (!mark->there || was->st_ino != now->st_ino || was->st_dev != now->st_dev)
		return 0;
	if (now->st_size <= was->st_size || mark->end_length == 0)
		return 0;
	size_t length = last_bytes(fd, was->st_size, end);
	if (length != mark->end_length || memcmp(end, mark->end, length) != 0)
		return 0;
	return was->st_size;
}

static bool feed_range(struct result_reader *reader, int fd, off_t from, off_t to)
{
	char bytes[CHUNK_BYTES];
	while (from < to) {
		size_t wanted = sizeof bytes;
		if (to - from < (off_t)wanted)
			wanted = (size_t)(to - from);
		ssize_t count = pread(fd, bytes, wanted, from);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count == 0;
		result_add(reader, bytes, (size_t)count);
		from += count;
	}
	return true;
}

/* A table that was appended to has its header where it begins. */
static void feed_header(struct result_reader *reader, int fd)
{
	char bytes[HEADER_BYTES];
	ssize_t count = pread(fd, bytes, sizeof bytes, 0);
	const char *end = NULL;
	if (count > 0)
		end = memchr(bytes, '\n', (size_t)count);
	if (end && bytes[0] != '{')
		result_add(reader, bytes, (size_t)(end - bytes) + 1);
}

bool result_read_open(struct result_reader *reader,
		int fd,
		off_t from,
		const char **ret_part,
		const char **ret_why)
{
	struct stat status;
	const off_t part = RESULT_PART_BYTES;
	if (fstat(fd, &status) != 0 || status.st_size <= from) {
		*ret_why = "the run wrote nothing into it";
		return false;
	}
	off_t size = status.st_size;
	bool good;
	if (size - from <= 2 * part) {
		good = feed_range(reader, fd, from, size);
	} else {
		*ret_part = both_parts;
		good = feed_range(reader, fd, from, from + part);
		result_skip(reader);
		good = good && feed_range(reader, fd, size - part, size);
		if (result_is_whole_only(reader)) {
			*ret_why = "it is larger than 256 MiB, and headroom reads this format only as a whole";
			return false;
		}
	}
	if (!good)
		*ret_why = strerror(errno);
	return good;
}

static bool is_packed(int fd)
{
	unsigned char magic[2] = {0};
	return pread(fd, magic, sizeof magic, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
}

static bool read_packed(struct result_reader *reader, int fd, const char **ret_why)
{
	char bytes[CHUNK_BYTES];
	size_t all = 0;
	int count;
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	gzFile file = NULL;
	if (own >= 0)
		file = gzdopen(own, "rb");
	if (!file) {
		file_close_fd(&own);
		*ret_why = "it cannot be unpacked";
		return false;
	}
	while ((count = gzread(file, bytes, sizeof bytes)) > 0 && all < 2 * (size_t)RESULT_PART_BYTES) {
		result_add(reader, bytes, (size_t)count);
		all += (size_t)count;
	}
	(void)gzclose_r(file);
	if (count < 0)
		*ret_why = "it cannot be unpacked";
	if (count > 0)
		*ret_why = "unpacked it is larger than 256 MiB";
	return count == 0;
}

bool result_read_file(struct result_reader *reader,
		const char *path,
		const struct result_mark *mark,
		const char **ret_part,
		const char **ret_why)
{
	struct stat now;
	__attribute__((cleanup(file_close_fd))) int fd = result_file_open(path, &now, ret_why);
	if (fd < 0)
		return false;
	if (is_untouched(mark, &now)) {
		*ret_why = "it is older than the run";
		return false;
	}
	if (is_packed(fd))
		return read_packed(reader, fd, ret_why);
	off_t from = written_from(fd, mark, &now);
	if (from > 0)
		feed_header(reader, fd);
	return result_read_open(reader, fd, from, ret_part, ret_why);
}

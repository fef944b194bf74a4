#include "audit/gate/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os/file.h"
#include "probes/result/file.h"

enum {
	HEAD_BYTES = 64 * 1024,
	TAIL_BYTES = 1024 * 1024,
	COPY_BYTES = 64 * 1024,
	/* What the command left running may hold the pipe for ever: the copy goes on without us. */
	DONE_MS = 2000
};

struct output_kept {
	size_t total; /* bytes that came */
	char head[HEAD_BYTES];
	char tail[TAIL_BYTES]; /* a ring: of what came behind the head */
};

/* --- the process that copies
 * ---------------------------------------------------------------------- */

static void keep_bytes(struct output_kept *kept, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		size_t at = kept->total + i;
		if (at < HEAD_BYTES)
			kept->head[at] = bytes[i];
		else
			kept->tail[(at - HEAD_BYTES) % TAIL_BYTES] = bytes[i];
	}
	kept->total += length;
}

/* The descriptor may be set to fail instead of to wait: others have it, too. */
static bool wait_for_event(int fd, short events)
{
	struct pollfd one = {fd, events, 0};
	while (poll(&one, 1, -1) < 0)
		if (errno != EINTR)
			return false;
	return true;
}

static bool write_out(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(STDOUT_FILENO, bytes, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0 && errno == EAGAIN && wait_for_event(STDOUT_FILENO, POLLOUT))
			continue;
		if (count < 0)
			return false;
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/* Bytes came. false: nobody reads any more, so that the command's next write shall fail. */
static bool wait_for_bytes(int from)
{
	struct pollfd ends[2] = {{from, POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
	while (poll(ends, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return ends[0].revents != 0 || !(ends[1].revents & POLLERR);
}

static _Noreturn void copy_all(int from, struct output_kept *kept)
{
	char bytes[COPY_BYTES];
	(void)prctl(PR_SET_NAME, "gate-copy");
	(void)signal(SIGPIPE, SIG_IGN);
	(void)close(STDIN_FILENO);
	(void)close(STDERR_FILENO);
	while (wait_for_bytes(from)) {
		ssize_t count = read(from, bytes, sizeof bytes);
		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (count <= 0 || !write_out(bytes, (size_t)count))
			break;
		keep_bytes(kept, bytes, (size_t)count);
	}
	_exit(0);
}

/* A process that belongs to the front, not to this worker: it is no part of the command, and copies
 * on when both have ended. */
static bool start_copy(int from, int done, const int others[2], struct output_kept *kept)
{
	(void)prctl(PR_SET_CHILD_SUBREAPER, 0);
	pid_t between = fork();
	if (between == 0) {
		if (fork() != 0)
			_exit(0);
		(void)close(others[0]);
		(void)close(others[1]);
		copy_all(from, kept);
	}
	while (between > 0 && waitpid(between, NULL, 0) < 0 && errno == EINTR)
		continue;
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	(void)close(from);
	(void)close(done);
	return between > 0;
}

static void close_pair(const int fds[2])
{
	file_close_fd(&fds[0]);
	file_close_fd(&fds[1]);
}

static void begin_copy(struct output *output)
{
	int bytes[2] = {-1, -1}, done[2] = {-1, -1};
	void *memory = mmap(NULL,
			sizeof *output->kept,
			PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS,
			-1,
			0);
	if (memory == MAP_FAILED)
		return;
	output->kept = memory;
	if (pipe2(bytes, O_CLOEXEC) != 0 || pipe2(done, O_CLOEXEC) != 0) {
		close_pair(bytes);
		return;
	}
	const int others[2] = {bytes[1], done[0]};
	if (!start_copy(bytes[0], done[1], others, output->kept)) {
		close_pair(others);
		return;
	}
	output->command_fd = bytes[1];
	output->done_fd = done[0];
}

/* --- the gate
 * ------------------------------------------------------------------------------------- */

static off_t position(const struct stat *status)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	off_t at = lseek(STDOUT_FILENO, 0, SEEK_CUR);
	if (at < 0 || (flags >= 0 && (flags & O_APPEND)))
		return status->st_size;
	return at;
}

void output_begin(struct output *ret_output, bool closed)
{
	struct stat status;
	*ret_output = (struct output){.kind = OUTPUT_DEVICE, .command_fd = -1, .done_fd = -1};
	if (closed || fstat(STDOUT_FILENO, &status) != 0)
		return;
	if (S_ISREG(status.st_mode)) {
		ret_output->kind = OUTPUT_FILE;
		ret_output->from = position(&status);
	} else if (isatty(STDOUT_FILENO) == 1) {
		ret_output->kind = OUTPUT_TERMINAL;
	} else if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) {
		ret_output->kind = OUTPUT_PIPE;
		begin_copy(ret_output);
	}
}

void output_release(struct output *output)
{
	file_close_fd(&output->command_fd);
	output->command_fd = -1;
}

static void wait_for_copy(const struct output *output)
{
	struct pollfd done = {output->done_fd, POLLIN, 0};
	while (poll(&done, 1, DONE_MS) < 0)
		if (errno != EINTR)
			return;
}

static bool read_kept(const struct output *output,
		struct result_reader *reader,
		const char **ret_part,
		const char **ret_why)
{
	const struct output_kept *kept = output->kept;
	if (output->done_fd < 0) {
		*ret_why = "standard output could not be copied";
		return false;
	}
	wait_for_copy(output);
	size_t total = kept->total;
	size_t head = total < HEAD_BYTES ? total : HEAD_BYTES;
	size_t rest = total - head;
	result_add(reader, kept->head, head);
	size_t at = 0;
	if (rest > TAIL_BYTES) {
		*ret_part = "the first 64 KiB and the last 1 MiB of it";
		result_skip(reader);
		at = rest % TAIL_BYTES;
		result_add(reader, kept->tail + at, TAIL_BYTES - at);
		result_add(reader, kept->tail, at);
	} else {
		result_add(reader, kept->tail, rest);
	}
	if (total == 0)
		*ret_why = "the command wrote nothing to standard output";
	return total > 0;
}

static bool read_written(const struct output *output,
		struct result_reader *reader,
		const char **ret_part,
		const char **ret_why)
{
	__attribute__((cleanup(file_close_fd))) int fd = open("/proc/self/fd/1",
			O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		*ret_why = strerror(errno);
		return false;
	}
	return result_read_open(reader, fd, output->from, ret_part, ret_why);
}

bool output_read(struct output *output,
		struct result_reader *reader,
		const char **ret_part,
		const char **ret_why)
{
	switch (output->kind) {
	case OUTPUT_FILE:
		return read_written(output, reader, ret_part, ret_why);
	case OUTPUT_PIPE:
		return read_kept(output, reader, ret_part, ret_why);
	case OUTPUT_TERMINAL:
		*ret_why = "standard output is a terminal";
		return false;
	case OUTPUT_DEVICE:
		*ret_why = "standard output is neither a file nor a pipe";
		return false;
	case OUTPUT_NONE:
		break;
	}
	*ret_why = "its standard output is redirected";
	return false;
}

void output_close(struct output *output)
{
	output_release(output);
	file_close_fd(&output->done_fd);
	output->done_fd = -1;
	if (output->kept)
		(void)munmap(output->kept, sizeof *output->kept);
	output->kept = NULL;
}

/* Starts `headroom-helper untar`, feeds it the bytes of a tar file, and takes its frames. */
#include "audit/helper/untar.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/helper/helper.h"
#include "base/memory.h"
#include "base/os/file.h"
#include "base/os/spawn.h"
#include "base/text.h"
#include "report/helper/import.h"

enum {
	CHUNK_BYTES = 64 * 1024,
	SAID_BYTES = 1000,
	HEAD_MAX = 64,
	NAME_MAX_BYTES = 4096,
	MEMBER_MAX = 64 * 1024 * 1024,
	INPUT_END = 0, /* places in the array of poll(2) */
	OUTPUT_END = 1,
	MESSAGES_END = 2,
	ENDS = 3
};

struct taking {
	pid_t pid;
	int input, output, messages; /* our ends of the pipes; -1 when closed */
	const struct untar_input *from;
	const struct untar_sink *sink;
	bool from_ended;
	char chunk[CHUNK_BYTES]; /* to be fed */
	size_t chunk_at, chunk_length;
	struct text frames; /* what came and is no whole frame yet */
	size_t taken;       /* of it */
	char said[SAID_BYTES];
	size_t said_length;
	bool ended;     /* the last frame came */
	bool enough;    /* the sink wants no more */
	bool malformed; /* what came is no frame */
};

static void untar_close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static bool untar_spawn(const char *path, const int ends[ENDS], pid_t *ret_pid)
{
	char name[] = HELPER_IMPORT_NAME, mode[] = "untar";
	char *argv[] = {name, mode, NULL};
	struct spawn how = {
			.program = path,
			.argv = argv,
			.input = ends[INPUT_END],
			.output = ends[OUTPUT_END],
			.errors = ends[MESSAGES_END],
	};
	errno = spawn_start(&how, ret_pid);
	return errno == 0;
}

static void untar_close_pair(int pair[2])
{
	untar_close_end(&pair[0]);
	untar_close_end(&pair[1]);
}

/* The pipes have close-on-exec: the helper gets its three ends by number. */
static bool untar_start(struct taking *taking, const char *path, struct error *err)
{
	int input[2] = {-1, -1}, output[2] = {-1, -1}, messages[2] = {-1, -1};
	bool piped = pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0 &&
			pipe2(messages, O_CLOEXEC) == 0;
	const int ends[ENDS] = {input[0], output[1], messages[1]};
	bool started = piped && untar_spawn(path, ends, &taking->pid);
	if (!started)
		(void)error_fail(err, "cannot start %s: %s", path, strerror(errno));
	untar_close_end(&input[0]);
	untar_close_end(&output[1]);
	untar_close_end(&messages[1]);
	if (!started) {
		untar_close_pair(input);
		untar_close_pair(output);
		untar_close_pair(messages);
		return false;
	}
	taking->input = input[1];
	taking->output = output[0];
	taking->messages = messages[0];
	(void)fcntl(taking->input, F_SETFL, O_NONBLOCK);
	return true;
}

/* The next bytes of the tar file; none: it has ended. */
static void untar_refill(struct taking *taking)
{
	ssize_t count = read(taking->from->fd, taking->chunk, sizeof taking->chunk);
	if (count < 0 && errno == EINTR)
		return;
	taking->chunk_at = 0;
	taking->chunk_length = count > 0 ? (size_t)count : 0;
	taking->from_ended = count <= 0;
}

static void untar_feed(struct taking *taking)
{
	if (taking->chunk_at == taking->chunk_length && !taking->from_ended)
		untar_refill(taking);
	size_t left = taking->chunk_length - taking->chunk_at;
	if (left == 0) {
		if (taking->from_ended)
			untar_close_end(&taking->input);
		return;
	}
	ssize_t count = write(taking->input, taking->chunk + taking->chunk_at, left);
	if (count > 0)
		taking->chunk_at += (size_t)count;
	else if (count < 0 && errno != EINTR && errno != EAGAIN)
		untar_close_end(&taking->input); /* it stopped reading, and says why */
}

static bool read_size(const char **at, char end, size_t most, size_t *ret)
{
	char *after;
	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	unsigned long long value = strtoull(*at, &after, 10);
	if (errno != 0 || value > most || *after != end)
		return false;
	*ret = (size_t)value;
	*at = after + 1;
	return true;
}

struct frame {
	char kind;
	size_t head, name_length, length;
};

/* The head of the frame that begins here; false: it is not there yet, or malformed. */
static bool read_head(struct taking *taking, struct frame *ret)
{
	const char *start = text_string(&taking->frames) + taking->taken;
	size_t left = taking->frames.length - taking->taken;
	const char *newline = memchr(start, '\n', left < HEAD_MAX ? left : HEAD_MAX);
	const char *at = start + 2;
	if (!newline) {
		taking->malformed |= left >= HEAD_MAX;
		return false;
	}
	ret->kind = start[0];
	ret->head = (size_t)(newline - start) + 1;
	if (strchr("FDLSE", start[0]) && start[1] == ' ' &&
			read_size(&at, ' ', MEMBER_MAX, &ret->length) &&
			read_size(&at, '\n', NAME_MAX_BYTES, &ret->name_length))
		return true;
	taking->malformed = true;
	return false;
}

/* The sink sees strings: name and bytes are copied out, each with a NUL behind. */
static void pass_on(struct taking *taking, const struct frame *frame, const char *name)
{
	char shown[NAME_MAX_BYTES + 1];
	memcpy(shown, name, frame->name_length);
	shown[frame->name_length] = '\0';
	char *bytes = memory_get(frame->length + 1);
	memcpy(bytes, name + frame->name_length, frame->length);
	bytes[frame->length] = '\0';
	const struct untar_member member = {
			.kind = frame->kind,
			.name = shown,
			.bytes = bytes,
			.length = frame->length,
	};
	taking->enough = !taking->sink->member(taking->sink->context, &member);
	free(bytes);
}

/* One whole frame; false: there is none. */
static bool take_frame(struct taking *taking)
{
	struct frame frame;
	if (taking->enough || taking->ended || !read_head(taking, &frame))
		return false;
	size_t whole = frame.head + frame.name_length + frame.length;
	if (taking->frames.length - taking->taken < whole)
		return false;
	const char *start = taking->frames.data + taking->taken;
	if (frame.kind == 'E')
		taking->ended = true;
	else
		pass_on(taking, &frame, start + frame.head);
	taking->taken += whole;
	return true;
}

static void take_frames(struct taking *taking)
{
	while (take_frame(taking))
		;
	size_t left = taking->frames.length - taking->taken;
	if (taking->taken > 0 && left > 0)
		memmove(taking->frames.data, taking->frames.data + taking->taken, left);
	taking->frames.length = left;
	taking->taken = 0;
}

static void untar_read_output(struct taking *taking)
{
	char bytes[CHUNK_BYTES];
	ssize_t count = read(taking->output, bytes, sizeof bytes);
	if (count < 0 && errno == EINTR)
		return;
	if (count <= 0) {
		untar_close_end(&taking->output);
		return;
	}
	text_add_bytes(&taking->frames, bytes, (size_t)count);
	take_frames(taking);
}

static void untar_read_messages(struct taking *taking)
{
	char bytes[SAID_BYTES];
	ssize_t count = read(taking->messages, bytes, sizeof bytes);
	size_t room = SAID_BYTES - taking->said_length;
	if (count < 0 && errno == EINTR)
		return;
	if (count <= 0) {
		untar_close_end(&taking->messages);
		return;
	}
	if ((size_t)count < room)
		room = (size_t)count;
	memcpy(taking->said + taking->said_length, bytes, room);
	taking->said_length += room;
}

static bool untar_is_over(struct taking *taking)
{
	if (taking->from->stop && *taking->from->stop)
		taking->enough = true;
	return taking->enough || taking->malformed;
}

static void untar_talk(struct taking *taking)
{
	while (taking->output >= 0 && !untar_is_over(taking)) {
		struct pollfd ends[ENDS] = {
				[INPUT_END] = {taking->input, POLLOUT, 0},
				[OUTPUT_END] = {taking->output, POLLIN, 0},
				[MESSAGES_END] = {taking->messages, POLLIN, 0},
		};
		if (poll(ends, ENDS, -1) < 0)
			continue;
		if (ends[OUTPUT_END].revents)
			untar_read_output(taking);
		if (ends[MESSAGES_END].revents)
			untar_read_messages(taking);
		if (ends[INPUT_END].revents && taking->input >= 0)
			untar_feed(taking);
	}
	while (taking->messages >= 0 && !untar_is_over(taking))
		untar_read_messages(taking);
}

/* Ends the helper if it has not ended by itself. */
static int untar_finish(struct taking *taking)
{
	int status = 0;
	untar_close_end(&taking->input);
	untar_close_end(&taking->output);
	untar_close_end(&taking->messages);
	if (taking->enough || taking->malformed)
		(void)kill(taking->pid, SIGKILL);
	while (waitpid(taking->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static bool untar_judge_end(struct arena *arena,
		const struct taking *taking,
		int status,
		struct error *err)
{
	const char *shown = taking->from->shown;
	size_t length = taking->said_length;
	while (length > 0 && taking->said[length - 1] == '\n')
		length--;
	if (taking->enough || (taking->ended && WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return true;
	if (length > 0)
		return error_set(err, "%.300s: %s", shown, text_clean(arena, taking->said, length, 300));
	if (taking->malformed)
		return error_fail(err, "%.300s: headroom-import gave an invalid answer", shown);
	if (WIFSIGNALED(status))
		return error_set(err,
				"%.300s: headroom-import was killed by signal %d while reading it",
				shown,
				WTERMSIG(status));
	return error_set(err, "%.300s ends too early; is it complete?", shown);
}

bool helper_untar(struct arena *arena,
		const struct untar_input *input,
		const struct untar_sink *sink,
		struct error *err)
{
	const char *path = helper_import_path(arena, err);
	if (!path)
		return false;
	struct taking *taking = memory_new(sizeof *taking);
	taking->from = input;
	taking->sink = sink;
	size_t first = input->first_length;
	if (first > CHUNK_BYTES)
		first = CHUNK_BYTES;
	if (first > 0)
		memcpy(taking->chunk, input->first, first);
	taking->chunk_length = first;
	bool good = untar_start(taking, path, err);
	if (good) {
		untar_talk(taking);
		good = untar_judge_end(arena, taking, untar_finish(taking), err);
	}
	text_release(&taking->frames);
	free(taking);
	return good;
}

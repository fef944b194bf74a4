/* Starts headroom-helper, feeds it, relays what it says, waits for it. Renders and parses nothing
 * itself. */
#include "audit/helper/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/cli/version.h"
#include "audit/helper/template.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/os/spawn.h"
#include "base/text.h"
#include "report/helper/import.h"

static const char HELPER[] = "headroom-helper", HELPER_HTTP[] = "headroom-http",
				  HELPER_IMPORT[] = HELPER_IMPORT_NAME;

/* What each program is for, and the package that has it. */
static const struct {
	const char *program, *does, *package, *without;
} helper_rows[] = {
		{HELPER,
				"writes HTML, PDF and PNG",
				"headroom-report",
				"; text, json, markdown, junit and github work without it"},
		{HELPER_HTTP, "speaks HTTP", "headroom-http", ""},
		{HELPER_IMPORT, "reads XML, YAML and tar files", "headroom", ""},
};

enum {
	HTTP_SECONDS_MAX = 150,
	RENDER_SECONDS_MAX = 60,
	TREE_SECONDS_MAX = 20,
	LINE_MAX_BYTES = 1000,
	LINES_MAX = 50
};

struct conversation {
	pid_t pid;
	int input, messages; /* our ends of the pipes; -1 when closed */
	const char *document;
	size_t left;
	char line[LINE_MAX_BYTES + 1];
	size_t line_length, lines;
	double started_s;
	struct arena *arena;
	const char *shown; /* the output's name */
	bool silent;       /* no (more) word on progress */
	bool quiet;        /* lines are kept, not printed */
	char *said;        /* the first line kept, or NULL */
	bool progress;     /* lines "progress SHARE" are shown, on one line */
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Without /proc: as this program was called, if that was by a path. */
static bool own_path(char out[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
	const char *called = (const char *)getauxval(AT_EXECFN);
	if (length > 0)
		out[length] = '\0';
	else
		(void)snprintf(out, PATH_MAX, "%s", called ? called : "");
	return strchr(out, '/');
}

static bool helper_missing(const char *program,
		const char *first,
		const char *last,
		struct error *err)
{
	size_t row = 0;
	while (row + 1 < COUNT_OF(helper_rows) && strcmp(helper_rows[row].program, program) != 0)
		row++;
	return error_fail(err,
			"%s, which %s, is missing (looked for %s and %s). Install the package %s, or run `make "
			"all`%s",
			program,
			helper_rows[row].does,
			first,
			last,
			helper_rows[row].package,
			helper_rows[row].without);
}

const char *helper_path(struct arena *arena, const char *program, struct error *err)
{
	char self[PATH_MAX];
	const char *candidates[3] = {NULL};
	size_t count = 0;
	if (own_path(self)) {
		*strrchr(self, '/') = '\0';
		candidates[count++] = arena_printf(arena, "%s/%s", self, program);
		candidates[count++] = arena_printf(arena, "%s/../libexec/headroom/%s", self, program);
	}
	candidates[count++] = arena_printf(arena, "%s/%s", version_libexecdir(), program);
	for (size_t i = 0; i < count; i++) {
		if (access(candidates[i], X_OK) == 0)
			return candidates[i];
	}
	(void)helper_missing(program, candidates[0], candidates[count - 1], err);
	return NULL;
}

/* /proc/self/exe also is this file where it was renamed or removed meanwhile. */
static const char *helper_import_self(struct arena *arena, struct error *err)
{
	static const char self[] = "/proc/self/exe";
	const char *called = (const char *)getauxval(AT_EXECFN);
	if (access(self, X_OK) == 0)
		return self;
	if (called && strchr(called, '/') && access(called, X_OK) == 0)
		return arena_strdup(arena, called);
	(void)error_fail(err,
			"cannot find the headroom program, which has to start itself again to read XML, YAML "
			"and tar files; mount /proc, or call headroom by its path");
	return NULL;
}

const char *helper_import_path(struct arena *arena, struct error *err)
{
	if (import_run)
		return helper_import_self(arena, err);
	return helper_path(arena, HELPER_IMPORT, err);
}

/* "progress 0.42": on a terminal, from the first second on. */
static bool say_share(struct conversation *talk)
{
	double share;
	talk->line[talk->line_length] = '\0';
	if (!talk->progress || sscanf(talk->line, "progress %lf", &share) != 1)
		return false;
	if (isatty(STDERR_FILENO) && clock_now_s() - talk->started_s > 1)
		(void)fprintf(stderr,
				"\rheadroom: sending %s: %3.0f%%%s",
				talk->shown,
				share * 100,
				share < 1 ? "" : "\n");
	talk->line_length = 0;
	return true;
}

static void say_line(struct conversation *talk)
{
	if (say_share(talk))
		return;
	if (talk->line_length && talk->quiet && !talk->said)
		talk->said = text_clean(talk->arena, talk->line, talk->line_length, 0);
	if (talk->line_length && !talk->quiet && talk->lines++ < LINES_MAX)
		(void)fprintf(stderr,
				"headroom-helper: %s\n",
				text_clean(talk->arena, talk->line, talk->line_length, 0));
	talk->line_length = 0;
}

static void relay(struct conversation *talk)
{
	char bytes[4096];
	ssize_t count = read(talk->messages, bytes, sizeof bytes);
	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	for (ssize_t i = 0; i < count; i++) {
		if (bytes[i] == '\n' || talk->line_length == LINE_MAX_BYTES)
			say_line(talk);
		if (bytes[i] != '\n')
			talk->line[talk->line_length++] = bytes[i];
	}
	if (count <= 0) {
		say_line(talk);
		close_end(&talk->messages);
	}
}

static void helper_feed(struct conversation *talk)
{
	ssize_t count = write(talk->input, talk->document, talk->left);
	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (count > 0) {
		talk->document += count;
		talk->left -= (size_t)count;
	}
	if (count < 0 || !talk->left)
		close_end(&talk->input); /* a helper that stopped reading says why by its exit status */
}

/* After a second, once, on a terminal only. */
static void say_progress(struct conversation *talk)
{
	if (talk->silent || clock_now_s() - talk->started_s < 1)
		return;
	talk->silent = true;
	screen_say("rendering %s ...", talk->shown);
}

/* False if the time is up. */
static bool converse(struct conversation *talk, double deadline)
{
	talk->started_s = clock_now_s();
	while (talk->messages >= 0 || talk->input >= 0) {
		struct pollfd ends[2] = {{talk->input, POLLOUT, 0}, {talk->messages, POLLIN, 0}};
		if (clock_now_s() >= deadline)
			return false;
		if (poll(ends, 2, 250) < 0 && errno != EINTR)
			return false;
		say_progress(talk);
		if (ends[0].revents)
			helper_feed(talk);
		if (ends[1].revents)
			relay(talk);
	}
	return true;
}

/* The wait status; kills the helper when the time is up. */
static int wait_for(pid_t pid, double deadline)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	int status = 0;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_now_s() > deadline)
			(void)kill(pid, SIGKILL);
		(void)nanosleep(&pause, NULL);
	}
	return status;
}

/* The command line, and the descriptors that go along. */
struct call {
	char *argv[8 + HELPER_OUTPUTS_MAX + 2 * TEMPLATE_FILES_MAX];
	int fds[HELPER_OUTPUTS_MAX + TEMPLATE_FILES_MAX];
	size_t arguments, fd_count;
	bool to_output; /* the first descriptor is its standard output, too */
};

static void add_argument(struct call *call, char *argument)
{
	call->argv[call->arguments++] = argument;
}

static void add_templates(struct arena *arena,
		struct call *call,
		const struct template_files *templates)
{
	if (!templates || !templates->count)
		return;
	add_argument(call, arena_strdup(arena, "--template-name"));
	add_argument(call, arena_strdup(arena, templates->dir));
	for (size_t i = 0; i < templates->count; i++) {
		add_argument(call, arena_strdup(arena, "--template-fd"));
		add_argument(call,
				arena_printf(arena, "%s=%d", templates->files[i].name, templates->files[i].fd));
		call->fds[call->fd_count++] = templates->files[i].fd;
	}
}

static bool helper_spawn(const char *path,
		const struct call *call,
		int input,
		int messages,
		pid_t *ret_pid)
{
	struct spawn how = {
			.program = path,
			.argv = call->argv,
			.input = input,
			.output = call->to_output ? call->fds[0] : messages,
			.errors = messages,
			.files = call->fds,
			.file_count = call->fd_count,
	};
	errno = spawn_start(&how, ret_pid);
	return errno == 0;
}

static bool helper_started(struct conversation *talk,
		const char *path,
		const struct call *call,
		struct error *err)
{
	int input[2], messages[2];
	if (pipe2(input, O_CLOEXEC) < 0)
		return error_fail(err, "%s: cannot create a pipe: %s", path, strerror(errno));
	if (pipe2(messages, O_CLOEXEC) < 0) {
		(void)close(input[0]);
		(void)close(input[1]);
		return error_fail(err, "%s: cannot create a pipe: %s", path, strerror(errno));
	}
	bool ok = helper_spawn(path, call, input[0], messages[1], &talk->pid);
	int why = errno;
	(void)close(input[0]);
	(void)close(messages[1]);
	talk->input = input[1];
	talk->messages = messages[0];
	if (ok) {
		(void)fcntl(talk->input, F_SETFL, O_NONBLOCK);
		return true;
	}
	close_end(&talk->input);
	close_end(&talk->messages);
	return error_fail(err, "cannot start %s: %s", path, strerror(why));
}

/* True also for a pipe or a device: what it got cannot be seen. */
static bool has_content(int fd)
{
	struct stat status;
	return fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size > 0;
}

/* The exit status, or -1 with err. */
static int run_helper(struct conversation *talk,
		const char *path,
		const struct call *call,
		struct error *err)
{
	if (!helper_started(talk, path, call, err))
		return -1;
	double deadline = clock_now_s() + RENDER_SECONDS_MAX;
	bool in_time = converse(talk, deadline);
	close_end(&talk->input);
	int status = wait_for(talk->pid, in_time ? deadline : 0);
	close_end(&talk->messages);
	if (!in_time || (WIFSIGNALED(status) && clock_now_s() > deadline))
		(void)error_fail(err,
				"%s was not written: headroom-helper took more than %d s",
				talk->shown,
				RENDER_SECONDS_MAX);
	else if (WIFSIGNALED(status))
		(void)error_fail(err,
				"%s was not written: headroom-helper was killed by signal %d",
				talk->shown,
				WTERMSIG(status));
	else
		return WEXITSTATUS(status);
	return -1;
}

/* Which outputs failed: exit 1 is all of them, 64 and more tell them by bits
 * (report/helper/render_main.c). */
static bool has_failed(int status, size_t index)
{
	enum {
		SOME_FAILED = 64
	};
	return status != 0 &&
			(status < SOME_FAILED || status >= 2 * SOME_FAILED || (status >> index & 1));
}

static const char *names_of(struct arena *arena, const struct helper_output *outputs, size_t count)
{
	const char *names = outputs[0].shown;
	for (size_t i = 1; i < count; i++)
		names = arena_printf(arena, "%s, %s", names, outputs[i].shown);
	return names;
}

void helper_render(struct arena *arena,
		const char *document,
		size_t length,
		struct helper_output *outputs,
		size_t count,
		const struct template_files *templates)
{
	struct error err = {0};
	const char *path = helper_path(arena, HELPER, &err);
	struct conversation talk = {.input = -1,
			.messages = -1,
			.document = document,
			.left = length,
			.arena = arena,
			.shown = names_of(arena, outputs, count),
			.silent = !isatty(STDERR_FILENO)};
	struct call call = {.argv = {arena_strdup(arena, HELPER), arena_strdup(arena, "render")},
			.arguments = 2};
	for (size_t i = 0; i < count; i++) {
		add_argument(&call, arena_printf(arena, "%s:%d", outputs[i].format, outputs[i].fd));
		call.fds[call.fd_count++] = outputs[i].fd;
	}
	add_templates(arena, &call, templates);
	int status = path ? run_helper(&talk, path, &call, &err) : -1;
	for (size_t i = 0; i < count; i++) {
		struct helper_output *output = &outputs[i];
		if (status < 0)
			output->err = err;
		else if (has_failed(status, i))
			(void)error_fail(&output->err,
					"%s was not written: headroom-helper failed (exit %d)",
					output->shown,
					status);
		else if (!has_content(output->fd))
			(void)error_fail(&output->err,
					"%s was not written: headroom-helper produced nothing",
					output->shown);
	}
}

bool helper_check_template(struct arena *arena,
		const struct template_files *templates,
		struct error *err)
{
	const char *path = helper_path(arena, HELPER, err);
	struct conversation talk = {.input = -1,
			.messages = -1,
			.document = "",
			.arena = arena,
			.shown = templates->dir,
			.silent = true,
			.quiet = true};
	struct call call = {.argv = {arena_strdup(arena, HELPER), arena_strdup(arena, "check")},
			.arguments = 2};
	add_templates(arena, &call, templates);
	int status = path ? run_helper(&talk, path, &call, err) : -1;
	if (status > 0)
		(void)error_set(err, "%s", talk.said ? talk.said : "headroom-helper refused the template");
	return status == 0;
}

static bool read_back(int fd,
		struct arena *arena,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	struct stat status;
	if (fstat(fd, &status) < 0 || status.st_size < 0)
		return error_fail(err, "cannot read what headroom-helper wrote: %s", strerror(errno));
	char *bytes = arena_alloc(arena, (size_t)status.st_size + 1);
	size_t done = 0;
	while (done < (size_t)status.st_size) {
		ssize_t count = pread(fd, bytes + done, (size_t)status.st_size - done, (off_t)done);
		if (count <= 0)
			return error_fail(err, "cannot read what headroom-helper wrote");
		done += (size_t)count;
	}
	*ret_bytes = bytes;
	*ret_length = done;
	return true;
}

enum outcome {
	OUTCOME_GOOD,
	OUTCOME_REFUSED,
	OUTCOME_FAILED,
	OUTCOME_LATE,
	OUTCOME_NONE
};

/* Runs a program that answers with one document on its standard output, of which there is a memory
 * file. */
static enum outcome helper_ask(struct conversation *talk,
		const char *program,
		struct call *call,
		double seconds,
		const char **ret_answer,
		size_t *ret_length,
		struct error *err)
{
	bool imports = program == HELPER_IMPORT;
	const char *path = imports ? helper_import_path(talk->arena, err)
							   : helper_path(talk->arena, program, err);
	int fd = path ? memfd_create("answer", MFD_CLOEXEC) : -1;
	if (path && fd < 0)
		(void)error_fail(err,
				"%s: cannot create a file in memory: %s",
				talk->shown,
				strerror(errno));
	call->fds[0] = fd;
	call->to_output = true;
	if (fd < 0 || !helper_started(talk, path, call, err)) {
		close_end(&fd);
		return OUTCOME_NONE;
	}
	double deadline = clock_now_s() + seconds;
	bool in_time = converse(talk, deadline);
	close_end(&talk->input);
	int status = wait_for(talk->pid, in_time ? deadline : 0);
	close_end(&talk->messages);
	enum outcome outcome = OUTCOME_FAILED;
	if (!in_time || (WIFSIGNALED(status) && clock_now_s() > deadline))
		outcome = OUTCOME_LATE;
	else if (WIFEXITED(status) && WEXITSTATUS(status) < 2)
		outcome = WEXITSTATUS(status) ? OUTCOME_REFUSED : OUTCOME_GOOD;
	if (outcome == OUTCOME_GOOD && !read_back(fd, talk->arena, ret_answer, ret_length, err))
		outcome = OUTCOME_NONE;
	close_end(&fd);
	return outcome;
}

bool helper_tree(struct arena *arena,
		const char *format,
		const char *bytes,
		size_t length,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err)
{
	struct conversation talk = {.input = -1,
			.messages = -1,
			.document = bytes,
			.left = length,
			.arena = arena,
			.shown = shown,
			.silent = true,
			.quiet = true};
	struct call call = {.argv = {arena_strdup(arena, HELPER_IMPORT),
								arena_strdup(arena, "tree"),
								arena_strdup(arena, format)},
			.arguments = 3,
			.fd_count = 1};
	switch (helper_ask(&talk, HELPER_IMPORT, &call, TREE_SECONDS_MAX, ret_json, ret_length, err)) {
	case OUTCOME_GOOD:
		return true;
	case OUTCOME_REFUSED:
		return talk.said ? error_set(err, "%s:%s", shown, talk.said) /* "LINE: what is wrong" */
						 : error_fail(err, "%s: headroom-import failed", shown);
	case OUTCOME_FAILED:
		return error_fail(err,
				"%s: headroom-import failed%s%s",
				shown,
				talk.said ? ": " : "",
				talk.said ? talk.said : "");
	case OUTCOME_LATE:
		return error_set(err,
				"%s: headroom-import took more than %d s to read it",
				shown,
				TREE_SECONDS_MAX);
	case OUTCOME_NONE:
		break;
	}
	return false;
}

bool helper_http(struct arena *arena,
		const char *request,
		size_t length,
		const int *fds,
		size_t fd_count,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err)
{
	struct conversation talk = {.input = -1,
			.messages = -1,
			.document = request,
			.left = length,
			.arena = arena,
			.shown = shown,
			.silent = true,
			.quiet = true,
			.progress = true};
	struct call call = {.argv = {arena_strdup(arena, HELPER_HTTP)},
			.arguments = 1,
			.fd_count = 1 + fd_count};
	memcpy(call.fds + 1, fds, fd_count * sizeof *fds);
	enum outcome outcome =
			helper_ask(&talk, HELPER_HTTP, &call, HTTP_SECONDS_MAX, ret_json, ret_length, err);
	if (outcome == OUTCOME_LATE)
		return error_fail(err, "%s: no answer within %d s", shown, HTTP_SECONDS_MAX);
	if (outcome == OUTCOME_REFUSED || outcome == OUTCOME_FAILED)
		return error_fail(err,
				"%s: headroom-http failed%s%s",
				shown,
				talk.said ? ": " : "",
				talk.said ? talk.said : "");
	return outcome == OUTCOME_GOOD;
}

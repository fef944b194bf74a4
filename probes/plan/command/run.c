/* Runs a program and keeps what it says. Understands nothing of it. */
#include "probes/plan/command/run.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/os/clock.h"
#include "base/os/file.h"
#include "base/os/spawn.h"
#include "probes/plan/command/descendants.h"

extern char **environ;

enum {
	ERRORS_MAX = 4096
};

/* This process's environment with the request's names in front: getenv() and execvp() take the
 * first. */
static char **merged_environment(const char *const *more)
{
	size_t count = 0, added = 0;
	while (environ[count])
		count++;
	while (more && more[added])
		added++;
	char **merged = memory_get((count + added + 1) * sizeof *merged);
	for (size_t i = 0; i < added; i++)
		merged[i] = (char *)(size_t)more[i];
	size_t to = added;
	for (size_t i = 0; i < count; i++) {
		size_t name = strcspn(environ[i], "=") + 1, other = 0;
		while (other < added && strncmp(environ[i], more[other], name) != 0)
			other++;
		if (other == added)
			merged[to++] = environ[i];
	}
	merged[to] = NULL;
	return merged;
}

static int run_spawn(const struct run_request *request, int output, int errors, pid_t *ret_pid)
{
	int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (empty < 0)
		return errno;
	char **environment = merged_environment(request->environment);
	/* posix_spawn's prototype lacks a const that exec*(3p) explains; the strings are not written
	 * to. */
	struct spawn how = {
			.program = request->program,
			.argv = (char *const *)(size_t)request->arguments,
			.environment = environment,
			.directory = request->cwd,
			.input = empty,
			.output = output,
			.errors = errors,
			.search = true,
			.group = true,
	};
	int broken = spawn_start(&how, ret_pid);
	(void)close(empty);
	free(environment);
	return broken;
}

/* What a program is waited for with: the time that is left, and who is told when it is slow. */
struct patience {
	const struct run_request *request;
	double deadline, slow_at;
};

static struct patience patience_begin(const struct run_request *request)
{
	double now = clock_now_s();
	return (struct patience){request, now + request->seconds_max, now + request->slow_s};
}

/* How long a poll may take, in ms; 0: the time is over. */
static int patience_step_ms(struct patience *patience)
{
	double now = clock_now_s(), left = patience->deadline - now;
	bool told = !patience->request->slow;
	if (!told && now >= patience->slow_at) {
		patience->request->slow(patience->request);
		patience->slow_at = patience->deadline;
	}
	if (left <= 0)
		return 0;
	if (!told && patience->slow_at > now)
		left = fmin(left, patience->slow_at - now);
	return (int)(fmin(left, 1) * 1000) + 1;
}

/* Reads once; the end of the file closes *fd. False: it is more than bytes_max. */
static bool run_take(int *fd, struct text *out, size_t bytes_max)
{
	char bytes[8192];
	ssize_t count = read(*fd, bytes, sizeof bytes);
	if (count < 0 && errno == EINTR)
		return true;
	if (count <= 0) {
		file_close_fd(fd);
		*fd = -1;
		return true;
	}
	if (out->length + (size_t)count > bytes_max)
		return false;
	text_add_bytes(out, bytes, (size_t)count);
	return true;
}

/* The end of what a program says on standard error is what it died of: that is kept. */
static void run_take_errors(int *fd, struct text *errors)
{
	(void)run_take(fd, errors, SIZE_MAX);
	if (errors->length <= ERRORS_MAX)
		return;
	size_t over = errors->length - ERRORS_MAX;
	memmove(errors->data, errors->data + over, ERRORS_MAX + 1);
	errors->length = ERRORS_MAX;
}

/* RUN_EXITED when the output has ended. What the program has started may keep standard error open:
 * nobody waits for that. */
static enum run_end run_collect(int fds[2], struct patience *patience, struct run_result *result)
{
	while (fds[0] >= 0) {
		struct pollfd ends[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
		int step_ms = patience_step_ms(patience);
		if (!step_ms)
			return RUN_TIMED_OUT;
		if (poll(ends, 2, step_ms) <= 0)
			continue;
		if (ends[1].revents)
			run_take_errors(&fds[1], &result->errors);
		if (ends[0].revents && !run_take(&fds[0], &result->output, patience->request->bytes_max))
			return RUN_TOO_LONG;
	}
	return RUN_EXITED;
}

/* --- the keeper: a process of its own between the program and this one, so that nothing which the
 * program starts outlives it, not even where this one is killed ---------------------------------
 */

/* What the keeper tells. */
struct run_report {
	int error;  /* errno of the start; 0: it has started */
	int status; /* as waitpid() gives it */
};

struct keeper {
	pid_t pid;
	int life;    /* closed: the keeper ends what is left, then itself */
	int reports; /* one when the program has started, one when it has ended */
};

/* False when the caller has heard enough. */
static bool keeper_wait(pid_t pid, int life, int *ret_status)
{
	const int step_ms = 2;
	while (waitpid(pid, ret_status, WNOHANG) == 0) {
		struct pollfd end = {life, POLLIN, 0};
		if (poll(&end, 1, step_ms) > 0)
			return false;
	}
	return true;
}

static void keeper_tell(int reports, const struct run_report *report)
{
	(void)signal(SIGPIPE, SIG_IGN);
	if (write(reports, report, sizeof *report) < 0)
		return; /* nobody listens any more; the end of `life` says so, too */
}

static _Noreturn void keeper_main(const struct run_request *request,
		int output,
		int errors,
		int life,
		int reports)
{
	struct run_report report = {0};
	pid_t pid = -1;
	char byte;
	(void)setpgid(0, 0); /* what ends this process's group is not meant for it */
	(void)descendants_adopt();
	report.error = run_spawn(request, output, errors, &pid);
	(void)close(output);
	(void)close(errors);
	keeper_tell(reports, &report);
	bool ended = report.error || keeper_wait(pid, life, &report.status);
	if (ended && !report.error)
		keeper_tell(reports, &report);
	while (read(life, &byte, 1) < 0 && errno == EINTR)
		;
	if (!ended)
		(void)kill(-pid, SIGKILL);
	descendants_end();
	_exit(0);
}

static void close_ends(int ends[2])
{
	file_close_fd(&ends[0]);
	file_close_fd(&ends[1]);
}

/* 0 or an errno. */
static int keeper_fork(const struct run_request *request,
		const int output[2],
		const int errors[2],
		struct keeper *ret_keeper)
{
	int life[2] = {-1, -1}, reports[2] = {-1, -1};
	if (pipe2(life, O_CLOEXEC) < 0 || pipe2(reports, O_CLOEXEC) < 0) {
		int error = errno;
		close_ends(life);
		return error;
	}
	ret_keeper->pid = fork();
	int error = errno;
	if (ret_keeper->pid == 0) {
		(void)close(life[1]);
		(void)close(reports[0]);
		(void)close(output[0]);
		(void)close(errors[0]);
		keeper_main(request, output[1], errors[1], life[0], reports[1]);
	}
	file_close_fd(&life[0]);
	file_close_fd(&reports[1]);
	ret_keeper->life = life[1];
	ret_keeper->reports = reports[0];
	if (ret_keeper->pid > 0)
		return 0;
	file_close_fd(&ret_keeper->life);
	file_close_fd(&ret_keeper->reports);
	return error;
}

/* The next report. false: there was none in time. Standard error is read meanwhile, so that no
 * program waits for a reader. */
static bool keeper_report(const struct keeper *keeper,
		struct patience *patience,
		int *errors_fd,
		struct text *errors,
		struct run_report *ret_report)
{
	for (;;) {
		struct pollfd ends[2] = {{keeper->reports, POLLIN, 0}, {*errors_fd, POLLIN, 0}};
		int step_ms = patience_step_ms(patience);
		if (!step_ms)
			return false;
		if (poll(ends, 2, step_ms) <= 0)
			continue;
		if (ends[1].revents)
			run_take_errors(errors_fd, errors);
		if (!ends[0].revents || ends[1].revents)
			continue;
		ssize_t got = read(keeper->reports, ret_report, sizeof *ret_report);
		if (got < 0 && errno == EINTR)
			continue;
		return got == (ssize_t)sizeof *ret_report;
	}
}

static void keeper_stop(struct keeper *keeper)
{
	file_close_fd(&keeper->life);
	file_close_fd(&keeper->reports);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void run_watch(const struct keeper *keeper,
		const struct run_request *request,
		int fds[2],
		struct run_result *result)
{
	struct run_report report = {0};
	struct patience patience = patience_begin(request);
	result->end = RUN_TIMED_OUT;
	if (!keeper_report(keeper, &patience, &fds[1], &result->errors, &report))
		return;
	if (report.error) {
		result->end = RUN_NOT_STARTED;
		result->status = report.error;
		return;
	}
	result->end = run_collect(fds, &patience, result);
	if (result->end != RUN_EXITED)
		return;
	if (!keeper_report(keeper, &patience, &fds[1], &result->errors, &report)) {
		result->end = RUN_TIMED_OUT;
		return;
	}
	result->status = WEXITSTATUS(report.status);
	if (!WIFSIGNALED(report.status))
		return;
	result->end = RUN_SIGNALLED;
	result->status = WTERMSIG(report.status);
}

/* Two pipes; where standard error goes with the output, the second leads there, too. */
static int open_pipes(const struct run_request *request, int output[2], int errors[2])
{
	if (pipe2(output, O_CLOEXEC) < 0)
		return errno;
	if (request->with_errors) {
		errors[1] = fcntl(output[1], F_DUPFD_CLOEXEC, 0);
		return errors[1] < 0 ? errno : 0;
	}
	return pipe2(errors, O_CLOEXEC) < 0 ? errno : 0;
}

void run_program(const struct run_request *request, struct run_result *ret_result)
{
	int output[2] = {-1, -1}, errors[2] = {-1, -1};
	struct keeper keeper = {.life = -1, .reports = -1};
	*ret_result = (struct run_result){.end = RUN_NOT_STARTED};
	ret_result->status = open_pipes(request, output, errors);
	if (ret_result->status == 0)
		ret_result->status = keeper_fork(request, output, errors, &keeper);
	file_close_fd(&output[1]);
	file_close_fd(&errors[1]);
	if (ret_result->status == 0) {
		int fds[2] = {output[0], errors[0]};
		run_watch(&keeper, request, fds, ret_result);
		output[0] = fds[0];
		errors[0] = fds[1];
		keeper_stop(&keeper);
	}
	file_close_fd(&output[0]);
	file_close_fd(&errors[0]);
}

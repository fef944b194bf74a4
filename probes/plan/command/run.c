/* Runs a program and keeps what it says. Understands nothing of it. */
#include "probes/plan/command/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/os/clock.h"
#include "base/os/file.h"
#include "probes/plan/command/descendants.h"

extern char **environ;

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

static int run_spawn(const struct run_request *request, int output, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	char **environment = merged_environment(request->environment);
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	int broken = posix_spawn_file_actions_init(&actions);
	broken |= posix_spawnattr_init(&attributes);
	broken |= posix_spawnattr_setsigdefault(&attributes, &defaults);
	broken |= posix_spawnattr_setpgroup(&attributes, 0);
	broken |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	broken |= posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	broken |= posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (request->cwd)
		broken |= posix_spawn_file_actions_addchdir_np(&actions, request->cwd);
	if (request->with_errors)
		broken |= posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	else
		broken |=
				posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	/* posix_spawn's prototype lacks a const that exec*(3p) explains; the strings are not written
	 * to. */
	if (!broken)
		broken = posix_spawnp(ret_pid,
				request->program,
				&actions,
				&attributes,
				(char *const *)(size_t)request->arguments,
				environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	free(environment);
	return broken;
}

/* RUN_EXITED when the output ended. */
static enum run_end run_collect(int fd,
		const struct run_request *request,
		double deadline,
		struct text *out)
{
	char bytes[8192];
	for (;;) {
		struct pollfd end = {fd, POLLIN, 0};
		double left = deadline - clock_now_s();
		if (left <= 0)
			return RUN_TIMED_OUT;
		if (poll(&end, 1, left > 1 ? 1000 : (int)(left * 1000) + 1) <= 0)
			continue;
		ssize_t count = read(fd, bytes, sizeof bytes);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return RUN_EXITED;
		if (out->length + (size_t)count > request->bytes_max)
			return RUN_TOO_LONG;
		text_add_bytes(out, bytes, (size_t)count);
	}
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
		int life,
		int reports)
{
	struct run_report report = {0};
	pid_t pid = -1;
	char byte;
	(void)setpgid(0, 0); /* what ends this process's group is not meant for it */
	(void)descendants_adopt();
	report.error = run_spawn(request, output, &pid);
	(void)close(output);
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
		keeper_main(request, output[1], life[0], reports[1]);
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

/* The next report. false: there was none in time. */
static bool keeper_report(const struct keeper *keeper,
		double deadline,
		struct run_report *ret_report)
{
	struct pollfd end = {keeper->reports, POLLIN, 0};
	for (;;) {
		double left = deadline - clock_now_s();
		if (left <= 0)
			return false;
		if (poll(&end, 1, left > 1 ? 1000 : (int)(left * 1000) + 1) <= 0)
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
		int output,
		struct run_result *result)
{
	struct run_report report = {0};
	double deadline = clock_now_s() + request->seconds_max;
	result->end = RUN_TIMED_OUT;
	if (!keeper_report(keeper, deadline, &report))
		return;
	if (report.error) {
		result->end = RUN_NOT_STARTED;
		result->status = report.error;
		return;
	}
	result->end = run_collect(output, request, deadline, &result->output);
	if (result->end != RUN_EXITED)
		return;
	if (!keeper_report(keeper, deadline, &report)) {
		result->end = RUN_TIMED_OUT;
		return;
	}
	result->status = WEXITSTATUS(report.status);
	if (!WIFSIGNALED(report.status))
		return;
	result->end = RUN_SIGNALLED;
	result->status = WTERMSIG(report.status);
}

void run_program(const struct run_request *request, struct run_result *ret_result)
{
	int output[2];
	struct keeper keeper = {.life = -1, .reports = -1};
	*ret_result = (struct run_result){.end = RUN_NOT_STARTED};
	if (pipe2(output, O_CLOEXEC) < 0) {
		ret_result->status = errno;
		return;
	}
	ret_result->status = keeper_fork(request, output, &keeper);
	file_close_fd(&output[1]);
	if (ret_result->status == 0) {
		run_watch(&keeper, request, output[0], ret_result);
		keeper_stop(&keeper);
	}
	file_close_fd(&output[0]);
}

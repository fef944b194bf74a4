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
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/os/clock.h"

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

/* False when the time was over first. */
static bool reap(pid_t pid, double deadline, int *ret_status)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	while (waitpid(pid, ret_status, WNOHANG) == 0) {
		if (clock_now_s() > deadline)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

void run_program(const struct run_request *request, struct run_result *ret_result)
{
	int ends[2], status = 0;
	pid_t pid = -1;
	*ret_result = (struct run_result){.end = RUN_NOT_STARTED};
	if (pipe2(ends, O_CLOEXEC) < 0) {
		ret_result->status = errno;
		return;
	}
	ret_result->status = run_spawn(request, ends[1], &pid);
	(void)close(ends[1]);
	if (ret_result->status) {
		(void)close(ends[0]);
		return;
	}
	double deadline = clock_now_s() + request->seconds_max;
	ret_result->end = run_collect(ends[0], request, deadline, &ret_result->output);
	(void)close(ends[0]);
	if (ret_result->end != RUN_EXITED || !reap(pid, deadline, &status)) {
		ret_result->end = ret_result->end == RUN_TOO_LONG ? RUN_TOO_LONG : RUN_TIMED_OUT;
		(void)kill(-pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
		return;
	}
	if (WIFSIGNALED(status))
		ret_result->end = RUN_SIGNALLED;
	ret_result->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

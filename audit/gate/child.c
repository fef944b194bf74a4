/* One child in our own process group. Signals of the terminal reach it by themselves; what is sent
 * to the front alone is passed on. When it stops, this process stops, and the front with it. */
#include "audit/gate/child.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit/gate/descendants.h"
#include "base/array.h"
#include "base/os/clock.h"

static const double tick_least_s = 0.001, tick_most_s = 3600;
/* From SIGTERM to SIGKILL. */
static const double child_grace_s = 10;
/* The same once who started this gate has ended it, and may soon end it by force. */
static const double child_rest_s = 2;

/* --- is it there?
 * --------------------------------------------------------------------------------- */

/* 0, or the errno that execve(2) would give. */
static int try_file(const char *path)
{
	struct stat status;
	if (stat(path, &status) != 0)
		return errno;
	if (!S_ISREG(status.st_mode))
		return EACCES;
	return access(path, X_OK) == 0 ? 0 : errno;
}

/* As a shell searches: one that may not be executed is passed over, and remembered; a directory
 * that may not be searched holds nothing. */
static int search(struct arena *arena, const char *command)
{
	const char *path = getenv("PATH");
	int found = ENOENT;
	char *rest = arena_strdup(arena, path ? path : "/bin:/usr/bin");
	for (char *directory; (directory = strsep(&rest, ":"));) {
		struct stat status;
		const char *file = arena_printf(arena, "%s/%s", *directory ? directory : ".", command);
		if (try_file(file) == 0)
			return 0;
		if (stat(file, &status) == 0 && S_ISREG(status.st_mode))
			found = EACCES;
	}
	return found;
}

int child_find(struct arena *arena, const char *command, struct error *err)
{
	bool named = strchr(command, '/') != NULL;
	int error = !*command ? ENOENT : named ? try_file(command) : search(arena, command);
	if (!error)
		return 0;
	if (error == ENOENT || error == ENOTDIR) {
		(void)error_set(err,
				"%.200s: %s",
				*command ? command : "\"\"",
				named ? strerror(error) : "command not found");
		return CHILD_NOT_FOUND;
	}
	struct stat status;
	bool directory = named && stat(command, &status) == 0 && S_ISDIR(status.st_mode);
	(void)error_set(err,
			"%.200s: cannot execute: %s",
			command,
			strerror(directory ? EISDIR : error));
	return CHILD_CANNOT_EXECUTE;
}

/* --- the new process
 * ------------------------------------------------------------------------------- */

static void raise_soft_limit(double soft)
{
	struct rlimit limit;
	if (isnan(soft) || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = isinf(soft) || soft > (double)limit.rlim_max ? limit.rlim_max : (rlim_t)soft;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* In the new process: everything as this one found it. Never returns. */
static void execute(const struct child_plan *plan, pid_t parent, int error_fd)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	const struct front *front = plan->front;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a gate that is killed leaves no load behind */
	if (getppid() != parent)
		_exit(CHILD_CANNOT_EXECUTE);
	if (!plan->given->pipe_ignored)
		(void)sigaction(SIGPIPE, &usual, NULL);
	(void)sigaction(SIGCHLD, &front->child_was, NULL);
	raise_soft_limit(plan->soft_nofile);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (plan->given->closed >> fd & 1)
			(void)close(fd);
	if (plan->output_fd >= 0)
		(void)dup2(plan->output_fd, STDOUT_FILENO);
	(void)sigprocmask(SIG_SETMASK, &front->before, NULL);
	(void)execvp(plan->argv[0], plan->argv);
	int error = errno;
	(void)!write(error_fd, &error, sizeof error);
	_exit(CHILD_NOT_FOUND);
}

struct child {
	const struct child_plan *plan;
	pid_t pid;
	bool stopped, ended, timed_out;
	bool told_to_end; /* by a signal to the gate alone, which was passed on */
	double began_s;
	siginfo_t end;
};

/* 0 if it could be executed, else the errno. */
static int child_start(struct child *child, struct error *err)
{
	int fds[2], error = 0;
	pid_t self = getpid();
	if (pipe2(fds, O_CLOEXEC) != 0)
		return error_fail(err, "cannot create a pipe for the command: %s", strerror(errno)), -1;
	child->pid = fork();
	if (child->pid == 0)
		execute(child->plan, self, fds[1]);
	(void)close(fds[1]);
	if (child->pid < 0)
		(void)error_fail(err, "cannot start a process for the command: %s", strerror(errno));
	else if (read(fds[0], &error, sizeof error) != (ssize_t)sizeof error)
		error = 0;
	(void)close(fds[0]);
	return child->pid < 0 ? -1 : error;
}

/* --- waiting
 * ---------------------------------------------------------------------------------------- */

/* Orphans of the command become ours (PR_SET_CHILD_SUBREAPER): they are waited for as they end. */
static void look_for_ends(struct child *child)
{
	siginfo_t info = {0};
	while (!child->ended && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
			info.si_pid) {
		child->ended = info.si_pid == child->pid;
		if (child->ended)
			child->end = info; /* waited for later: its numbers can still be read */
		else
			(void)waitpid(info.si_pid, NULL, WNOHANG);
		info = (siginfo_t){0};
	}
	info = (siginfo_t){0};
	if (!child->ended &&
			waitid(P_PID, (id_t)child->pid, &info, WSTOPPED | WCONTINUED | WNOHANG) == 0 &&
			info.si_pid)
		child->stopped = info.si_code == CLD_STOPPED;
}

/* Stopped with the command; SIGCONT wakes both, or this one, which then wakes the command. */
static void stop_along(struct child *child)
{
	(void)raise(SIGSTOP);
	look_for_ends(child);
	if (child->stopped && !child->ended)
		(void)kill(child->pid, SIGCONT);
	child->stopped = false;
}

static void take_signal(struct child *child, const siginfo_t *info)
{
	int number = front_signal(child->plan->front, info);
	if (!number)
		return;
	(void)kill(child->pid, number);
	child->told_to_end |= number == SIGTERM || number == SIGINT || number == SIGHUP ||
			number == SIGQUIT;
}

/* The front was killed: nothing of the command stays behind. */
static void end_with_front(const struct child *child)
{
	if (!front_is_gone(child->plan->front))
		return;
	descendants_kill(0);
	_exit(128 + SIGKILL);
}

static void wait_until(struct child *child, double until_s)
{
	const sigset_t *signals = &child->plan->front->blocked;
	while (!child->ended) {
		siginfo_t info;
		double left = until_s - clock_now_s();
		if (!(left > 0))
			return;
		double whole = floor(left);
		const struct timespec time = {
				.tv_sec = (time_t)whole,
				.tv_nsec = (long)((left - whole) * 1e9),
		};
		int number = sigtimedwait(signals, &info, &time);
		end_with_front(child);
		if (number > 0 && number != SIGCHLD && number != SIGCONT)
			take_signal(child, &info);
		look_for_ends(child);
		if (child->stopped && !child->ended)
			stop_along(child);
	}
}

static void watch_until(struct child *child, double end_s)
{
	const struct child_plan *plan = child->plan;
	while (!child->ended) {
		double now_s = clock_now_s();
		if (!(now_s < end_s))
			return;
		double wait_s = plan->tick(plan->context, false);
		wait_s = fmax(wait_s, tick_least_s);
		wait_s = fmin(wait_s, tick_most_s);
		wait_until(child, fmin(end_s, now_s + wait_s));
	}
}

/* Waits for what the command left. */
static void wait_for_rest(const struct child *child, double end_s)
{
	const struct timespec moment = {0, 20000000};
	while (clock_now_s() < end_s && descendants_signal(0, child->pid))
		(void)nanosleep(&moment, NULL);
}

/* A shell that is ended leaves the load test that it started: who ends a gate means that, too. */
static void child_end_rest(const struct child *child)
{
	if (!child->told_to_end || child->timed_out)
		return;
	(void)descendants_signal(SIGTERM, child->pid);
	(void)descendants_signal(SIGCONT, child->pid);
	wait_for_rest(child, clock_now_s() + child_rest_s);
	descendants_kill(child->pid);
}

/* --time-limit: it is asked to end, and has some seconds to write what it found. What it leaves
 * then ends as well. */
static void child_time_out(struct child *child)
{
	double end_s = clock_now_s() + child_grace_s;
	child->timed_out = true;
	child->plan->timed_out(child->plan->context);
	(void)kill(child->pid, SIGTERM);
	(void)descendants_signal(SIGTERM, child->pid);
	(void)kill(child->pid, SIGCONT);
	(void)descendants_signal(SIGCONT, child->pid);
	watch_until(child, end_s);
	wait_for_rest(child, end_s);
	if (!child->ended)
		(void)kill(child->pid, SIGKILL);
	descendants_kill(child->pid);
	watch_until(child, (double)INFINITY);
}

static void child_watch(struct child *child)
{
	const struct child_plan *plan = child->plan;
	double limit_s = (double)INFINITY;
	if (plan->limit_s > 0)
		limit_s = plan->limit_s;
	watch_until(child, child->began_s + limit_s);
	if (!child->ended)
		child_time_out(child);
}

static struct child_end child_end_of(const struct child *child, double run_s)
{
	int number = child->end.si_status;
	struct child_end end = {
			.status = number,
			.ran = true,
			.timed_out = child->timed_out,
			.run_s = run_s,
	};
	if (child->end.si_code == CLD_EXITED)
		return end;
	end.status = 128 + number;
	end.signal = number;
	return end;
}

bool child_run(const struct child_plan *plan, struct child_end *ret_end, struct error *err)
{
	struct child child = {.plan = plan, .began_s = clock_now_s()};
	*ret_end = (struct child_end){0};
	int error = child_start(&child, err);
	if (error < 0)
		return false;
	if (error) {
		(void)waitpid(child.pid, NULL, 0);
		*ret_end = (struct child_end){.status = CHILD_CANNOT_EXECUTE};
		const char *hint = "";
		if (error == ENOENT) {
			ret_end->status = CHILD_NOT_FOUND;
			hint = " (or the interpreter in its first line)";
		}
		const char *why = strerror(error);
		return error_set(err, "%.200s: cannot execute: %s%s", plan->argv[0], why, hint);
	}
	plan->started(plan->context);
	child_watch(&child);
	double run_s = clock_now_s() - child.began_s;
	(void)plan->tick(plan->context, true);
	child_end_rest(&child);
	(void)waitpid(child.pid, NULL, 0);
	*ret_end = child_end_of(&child, run_s);
	return true;
}

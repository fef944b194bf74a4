/* One child in our own process group. Signals of the terminal reach it by themselves; what is sent
 * to this process alone is passed on. When it stops, this process stops, so that the shell's job
 * control sees one job. */
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

#include "audit/gate/group_witness.h"
#include "base/array.h"
#include "base/os/clock.h"

static const double tick_least_s = 0.001, tick_most_s = 3600;

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
			"%.200s: cannot be executed: %s",
			command,
			strerror(directory ? EISDIR : error));
	return CHILD_CANNOT_EXECUTE;
}

/* --- the new process
 * ------------------------------------------------------------------------------- */

struct signals {
	sigset_t blocked, before;
	struct sigaction child_before;
};

/* All that can be passed on or must be waited for. Faults of our own are not. */
static void child_hold_signals(struct signals *signals)
{
	static const int faults[] = {SIGSEGV,
			SIGBUS,
			SIGFPE,
			SIGILL,
			SIGTRAP,
			SIGABRT,
			SIGSYS,
			SIGPIPE,
			SIGPROF,
			SIGVTALRM};
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	(void)sigfillset(&signals->blocked);
	for (size_t i = 0; i < COUNT_OF(faults); i++)
		(void)sigdelset(&signals->blocked, faults[i]);
	(void)sigprocmask(SIG_BLOCK, &signals->blocked, &signals->before);
	(void)sigaction(SIGCHLD, &usual, &signals->child_before); /* ignored ones leave no status */
}

static void release_signals(const struct signals *signals)
{
	const struct timespec now = {0, 0};
	sigset_t left = signals->blocked;
	/* The command is gone, so a signal that is still pending cannot be forwarded: drop it. */
	while (sigtimedwait(&left, NULL, &now) > 0)
		continue;
	(void)sigaction(SIGCHLD, &signals->child_before, NULL);
	(void)sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

static void raise_soft_limit(double soft)
{
	struct rlimit limit;
	if (isnan(soft) || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = isinf(soft) || soft > (double)limit.rlim_max ? limit.rlim_max : (rlim_t)soft;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* In the new process: everything as this one found it. Never returns. */
static void execute(const struct child_plan *plan,
		const struct signals *signals,
		pid_t parent,
		int error_fd)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a gate that is killed leaves no load behind */
	if (getppid() != parent)
		_exit(CHILD_CANNOT_EXECUTE);
	if (!plan->given->pipe_ignored)
		(void)sigaction(SIGPIPE, &usual, NULL);
	(void)sigaction(SIGCHLD, &signals->child_before, NULL);
	raise_soft_limit(plan->soft_nofile);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (plan->given->closed >> fd & 1)
			(void)close(fd);
	(void)sigprocmask(SIG_SETMASK, &signals->before, NULL);
	(void)execvp(plan->argv[0], plan->argv);
	int error = errno;
	(void)!write(error_fd, &error, sizeof error);
	_exit(CHILD_NOT_FOUND);
}

struct child {
	struct arena *arena;
	const struct child_plan *plan;
	struct group_witness group_witness;
	pid_t pid;
	bool stopped, ended;
	siginfo_t end;
};

/* 0 if it could be executed, else the errno. */
static int child_start(struct child *child, const struct signals *signals, struct error *err)
{
	int fds[2], error = 0;
	pid_t self = getpid();
	if (pipe2(fds, O_CLOEXEC) != 0)
		return error_fail(err, "a pipe for the command cannot be made: %s", strerror(errno)), -1;
	child->pid = fork();
	if (child->pid == 0)
		execute(child->plan, signals, self, fds[1]);
	(void)close(fds[1]);
	if (child->pid < 0)
		(void)error_fail(err, "no process can be made for the command: %s", strerror(errno));
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

static void pass_on(const struct child *child, const siginfo_t *info)
{
	bool sent = info->si_code <=
			0; /* by a process: SI_USER, SI_QUEUE, SI_TKILL; else by the kernel, to the group */
	if (sent && info->si_pid != getpid() &&
			!group_witness_got(&child->group_witness, info->si_signo))
		(void)kill(child->pid, info->si_signo);
}

static void wait_until(struct child *child, const sigset_t *signals, double until_s)
{
	for (double left = until_s - clock_now_s(); left > 0 && !child->ended;
			left = until_s - clock_now_s()) {
		const struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
		siginfo_t info;
		int number = sigtimedwait(signals, &info, &time);
		if (number > 0 && number != SIGCHLD && number != SIGCONT)
			pass_on(child, &info);
		look_for_ends(child);
		if (child->stopped && !child->ended)
			stop_along(child);
	}
}

static void child_watch(struct child *child, const sigset_t *signals)
{
	const struct child_plan *plan = child->plan;
	plan->started(plan->context, child->pid, child->group_witness.pid);
	while (!child->ended) {
		double wait_s = plan->tick(plan->context, false);
		wait_until(child, signals, clock_now_s() + fmin(fmax(wait_s, tick_least_s), tick_most_s));
	}
}

static struct child_end child_end_of(const struct child *child, double run_s)
{
	bool exited = child->end.si_code == CLD_EXITED;
	int number = child->end.si_status;
	return (struct child_end){.status = exited ? number : 128 + number,
			.signal = exited ? 0 : number,
			.ran = true,
			.run_s = run_s};
}

static bool gate_child_run(struct child *child,
		const struct signals *signals,
		struct child_end *ret_end,
		struct error *err)
{
	double begin = clock_now_s();
	int error = child_start(child, signals, err);
	if (error < 0)
		return false;
	if (error) {
		(void)waitpid(child->pid, NULL, 0);
		*ret_end = (struct child_end){
				.status = error == ENOENT ? CHILD_NOT_FOUND : CHILD_CANNOT_EXECUTE};
		return error_set(err,
				"%.200s: cannot be executed: %s%s",
				child->plan->argv[0],
				strerror(error),
				error == ENOENT ? " (its interpreter, if it is a script)" : "");
	}
	child_watch(child, &signals->blocked);
	double run_s = clock_now_s() - begin;
	(void)child->plan->tick(child->plan->context, true);
	(void)waitpid(child->pid, NULL, 0);
	*ret_end = child_end_of(child, run_s);
	return true;
}

bool child_run(struct arena *arena,
		const struct child_plan *plan,
		struct child_end *ret_end,
		struct error *err)
{
	struct child child = {.arena = arena, .plan = plan};
	struct signals signals;
	*ret_end = (struct child_end){0};
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	child_hold_signals(&signals);
	group_witness_start(&child.group_witness);
	bool done = gate_child_run(&child, &signals, ret_end, err);
	group_witness_stop(&child.group_witness);
	release_signals(&signals);
	return done;
}

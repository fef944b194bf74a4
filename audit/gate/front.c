#include "audit/gate/front.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit/gate/descendants.h"
#include "base/array.h"
#include "base/os/clock.h"

/* kill(2) to a group goes through it one process after the other. */
static const double group_s = 0.1;
static const struct timespec group_moment = {0, 5000000};

/* "The front got a signal": its number is the value. */
static int told_signal(void)
{
	return SIGRTMAX - 1;
}

/* Wakes the worker when the front is gone. */
static int gone_signal(void)
{
	return SIGRTMAX;
}

/* All that can be passed on or must be waited for. Faults of our own are not. */
static void front_hold_signals(struct front *front)
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
	(void)sigfillset(&front->blocked);
	for (size_t i = 0; i < COUNT_OF(faults); i++)
		(void)sigdelset(&front->blocked, faults[i]);
	(void)sigprocmask(SIG_BLOCK, &front->blocked, &front->before);
	(void)sigaction(SIGCHLD, &usual, &front->child_was); /* ignored ones leave no status */
}

static void front_restore_signals(const struct front *front)
{
	(void)sigaction(SIGCHLD, &front->child_was, NULL);
	(void)sigprocmask(SIG_SETMASK, &front->before, NULL);
}

void front_die(int number)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t one;
	(void)sigemptyset(&one);
	(void)sigaddset(&one, number);
	(void)fflush(NULL);
	(void)sigaction(number, &usual, NULL);
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL);
	(void)raise(number);
	_exit(128 + number); /* the first process of a container is not ended by its own signals */
}

/* --- the front
 * ----------------------------------------------------------------------------------- */

/* If the worker was killed, what it ran is ours now, and ends with it. By SIGINT it ends itself,
 * after the command did. */
static _Noreturn void front_end_as(int status)
{
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	if (WTERMSIG(status) != SIGINT)
		descendants_kill(0);
	front_die(WTERMSIG(status));
}

static void front_reap(pid_t worker)
{
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0;) {
		if (pid != worker)
			continue;
		if (!WIFSTOPPED(status))
			front_end_as(status);
		(void)raise(SIGSTOP); /* the shell's job control sees one job */
		(void)kill(worker, SIGCONT);
	}
}

/* What the kernel sends, a terminal's signals, goes to the whole group. */
static bool was_sent(const siginfo_t *info)
{
	return info->si_code <= 0 && info->si_pid != getpid();
}

static _Noreturn void front_serve(const struct front *front, pid_t worker)
{
	for (;;) {
		siginfo_t info;
		int number = sigwaitinfo(&front->blocked, &info);
		if (number == SIGCONT)
			(void)kill(worker, SIGCONT);
		else if (number > 0 && number != SIGCHLD && was_sent(&info))
			(void)sigqueue(worker, told_signal(), (union sigval){.sival_int = number});
		front_reap(worker);
	}
}

/* --- the worker
 * ---------------------------------------------------------------------------------- */

static void become_worker(struct front *front)
{
	(void)prctl(PR_SET_PDEATHSIG, gone_signal());
	(void)prctl(PR_SET_NAME, "gate-worker"); /* who ends programs by name means the front */
	if (front_is_gone(front))
		_exit(128 + SIGKILL);
}

bool front_split(struct front *ret_front, struct error *err)
{
	*ret_front = (struct front){.pid = getpid()};
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	(void)fflush(NULL); /* what is buffered must not be written twice */
	front_hold_signals(ret_front);
	pid_t worker = fork();
	if (worker > 0)
		front_serve(ret_front, worker);
	if (worker < 0) {
		front_restore_signals(ret_front);
		return error_fail(err, "cannot start a process for the command: %s", strerror(errno));
	}
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	become_worker(ret_front);
	return true;
}

bool front_is_gone(const struct front *front)
{
	return getppid() != front->pid;
}

static bool got_it_too(struct front *front, int number)
{
	const struct timespec now = {0, 0};
	sigset_t one;
	double heard_s = front->heard_s[number];
	front->heard_s[number] = 0;
	if (heard_s > 0 && clock_now_s() - heard_s < group_s)
		return true;
	(void)sigemptyset(&one);
	(void)sigaddset(&one, number);
	(void)nanosleep(&group_moment, NULL);
	return sigtimedwait(&one, NULL, &now) == number;
}

int front_signal(struct front *front, const siginfo_t *info)
{
	bool told = info->si_signo == told_signal() && info->si_code == SI_QUEUE &&
			info->si_pid == front->pid;
	int number = info->si_value.sival_int;
	if (!told) {
		if (was_sent(info) && info->si_signo < _NSIG)
			front->heard_s[info->si_signo] = clock_now_s();
		return 0;
	}
	if (number <= 0 || number >= _NSIG || got_it_too(front, number))
		return 0;
	return number;
}

void front_release(const struct front *front)
{
	const struct timespec now = {0, 0};
	sigset_t left = front->blocked;
	/* The command is gone, so a signal that is still pending cannot be passed on: drop it. */
	while (sigtimedwait(&left, NULL, &now) > 0)
		continue;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (front_is_gone(front))
		_exit(128 + SIGKILL);
	front_restore_signals(front);
}

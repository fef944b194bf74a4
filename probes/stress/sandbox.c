/* Supervisor and worker. The worker dies with the supervisor (PR_SET_PDEATHSIG), after its time
 * (alarm), or by the supervisor's SIGKILL; its namespaces and sockets go with it, because nothing
 * else refers to them. */
#include "probes/stress/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "base/os/open.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/isolate.h"

enum {
	PIPE_FD = 3,
	TICK_MS = 50
};

/* A worker that was asked to stop has this long to report what it has; then it is killed. */
static const double grace_s = 0.4;

/* After a signal, headroom waits this long for the worker to end, and leaves without it after
 * that. */
static const double stop_wait_s = 0.2;

static void quiet_signals(void)
{
	static const int defaults[] =
			{SIGTERM, SIGQUIT, SIGHUP, SIGALRM, SIGCHLD, SIGSEGV, SIGBUS, SIGABRT};
	sigset_t none;
	for (size_t i = 0; i < COUNT_OF(defaults); i++)
		(void)signal(defaults[i], SIG_DFL);
	/* A terminal's Ctrl-C goes to the whole group: the supervisor handles it for both. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* False if the supervisor has ended already: then nobody is left to end this process. */
static bool tie_to(pid_t supervisor)
{
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == supervisor;
}

/* Keeps standard error (for sanitizers) and the pipe, and closes everything else: calibrators rely
 * on a table of descriptors that is otherwise empty. */
static bool keep_only(int pipe_fd)
{
	if (pipe_fd != PIPE_FD && dup3(pipe_fd, PIPE_FD, O_CLOEXEC) < 0)
		return false;
	worker_close_from(PIPE_FD + 1);
	/* The table may be full even now: /dev/null takes the place of standard input. */
	(void)close(STDIN_FILENO);
	int null = open_nothing(O_RDWR);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return false;
	/* If headroom was started with it closed, the pipe may have got its number. */
	bool error_is_open = fcntl(STDERR_FILENO, F_GETFD) >= 0 && pipe_fd != STDERR_FILENO;
	return error_is_open || dup2(null, STDERR_FILENO) >= 0;
}

/* When memory runs out, the kernel should kill the worker first. Raising one's own score needs no
 * privilege (proc(5)). */
static void volunteer(void)
{
	(void)setting_write("/proc/self/oom_score_adj", "1000");
}

static void work(struct worker *worker)
{
	if (worker->calibrator->outside)
		worker->calibrator->outside(worker);
	if (worker->calibrator->no_network || isolate(worker))
		worker->calibrator->run(worker);
}

/* False if nobody reads the pipe anymore. */
static bool is_read(int pipe_fd)
{
	struct pollfd poll_fd = {.fd = pipe_fd};
	return poll(&poll_fd, 1, 0) >= 0 && !(poll_fd.revents & POLLERR);
}

/* Does the work in a child that is the first process of a new PID namespace: when it ends, the
 * kernel ends all other processes of the namespace, too. */
static void work_in_pid_namespace(struct worker *worker)
{
	if (!isolate_pids(worker))
		return;
	pid_t child = fork();
	if (child < 0) {
		(void)worker_refuse(worker,
				"not possible: a process cannot be started (%s)",
				strerrorname_np(errno));
	} else if (child == 0) {
		/* The parent is outside the namespace, where getppid() cannot see it: only the pipe tells
		 * whether it still lives. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && is_read(PIPE_FD))
			work(worker);
		_exit(0);
	} else {
		int status = 0;
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFSIGNALED(status))
			(void)raise(WTERMSIG(status)); /* so that the supervisor sees how it ended */
	}
}

static _Noreturn void worker_main(struct worker *worker, int pipe_fd, pid_t supervisor)
{
	const struct calibrate_request *request = worker->request;
	quiet_signals();
	if (!tie_to(supervisor) || !keep_only(pipe_fd))
		_exit(1);
	worker->out = PIPE_FD;
	volunteer();
	/* The last resort, in case the supervisor itself is stopped (SIGSTOP): SIGALRM ends the
	 * worker. */
	(void)alarm((unsigned)fmin(ceil(request->seconds) + 2, 86400));
	if (worker->calibrator->own_pids)
		work_in_pid_namespace(worker);
	else
		work(worker);
	if (write(worker->out, "end\n", 4) != 4)
		_exit(1);
	_exit(0);
}

struct session {
	const struct calibrator *calibrator;
	const struct calibrate_request *request;
	const struct sandbox_watch *watch;
	struct protocol *protocol;
	volatile int *stop; /* shared with the worker */
	pid_t child;
	int in;
	double start_s;
	double asked_s;  /* when the worker was asked to stop; 0: not yet */
	const char *why; /* the reason for asking */
	double looked_s; /* when memory and threads were last looked at */
	bool killed;
};

static void sandbox_ask(struct session *session, const char *why)
{
	if (session->asked_s > 0)
		return;
	session->asked_s = clock_now_s();
	session->why = why;
	*session->stop = 1;
}

/* Threads of the worker, from the number of directories in its task directory. */
static double tasks_of(pid_t pid)
{
	char path[64];
	struct stat found;
	(void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	return stat(path, &found) == 0 && found.st_nlink > 2 ? (double)found.st_nlink - 2 : 1;
}

static void watch_over(struct session *session)
{
	double now = clock_now_s();
	if (session->watch->stop && *session->watch->stop)
		sandbox_ask(session, "stopped by a signal");
	if (now - session->start_s > session->request->seconds)
		sandbox_ask(session, "stopped: its time is up");
	if (now - session->looked_s > 0.1) {
		session->looked_s = now;
		if (budget_memory() <= 0)
			sandbox_ask(session, "stopped: the host's memory is running low");
		if (tasks_of(session->child) > session->request->processes + 1)
			sandbox_ask(session, "stopped: more threads than the budget allows");
		if (session->watch->progress)
			session->watch->progress(session->watch->context,
					session->calibrator->id,
					session->protocol->done,
					session->protocol->of);
	}
	if (session->asked_s > 0 && now - session->asked_s > grace_s && !session->killed) {
		session->killed = true;
		(void)kill(session->child, SIGKILL);
	}
}

static bool asked_by_signal(const struct session *session)
{
	return session->watch->stop && *session->watch->stop;
}

/* Reads until the worker closes the pipe, which it does at its end at the latest. After a signal:
 * until the worker has reported everything or was killed. */
static void listen_to(struct session *session)
{
	struct pollfd poll_fd = {.fd = session->in, .events = POLLIN};
	char bytes[16384];
	for (;;) {
		int ready = poll(&poll_fd, 1, TICK_MS);
		if (ready > 0) {
			ssize_t length = read(session->in, bytes, sizeof bytes);
			if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN))
				return;
			if (length > 0)
				protocol_feed(session->protocol, bytes, (size_t)length);
		}
		if (session->protocol->bad && !session->killed) {
			session->killed = true;
			(void)kill(session->child, SIGKILL);
		}
		watch_over(session);
		if (asked_by_signal(session) && (session->protocol->ended || session->killed))
			return;
	}
}

static bool judge_end(struct session *session, int status, struct error *err)
{
	struct protocol *protocol = session->protocol;
	struct calibration *calibration = protocol->calibration;
	const char *id = session->calibrator->id;
	if (protocol->bad)
		return error_fail(err,
				"calibrate %s: the worker's answer cannot be used: %s",
				id,
				protocol->why);
	if (protocol->ended && !(session->asked_s > 0))
		return true;
	calibration->comparable = false;
	if (session->asked_s > 0) {
		if (isnan(calibration->measured))
			calibration->reason = session->why;
		else if (!calibration->reason)
			calibration->comparable = true; /* it had finished when it was asked */
		return true;
	}
	calibration->measured = NAN;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		calibration->reason =
				"ended early: the worker was killed (SIGKILL), perhaps for lack of memory";
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		calibration->reason = "not possible: a system call filter (seccomp) ends the process that "
							  "makes a private "
							  "namespace (SIGSYS)";
	else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM)
		return error_fail(err,
				"calibrate %s: the worker was ended by signal %d",
				id,
				WTERMSIG(status));
	else
		calibration->reason = "ended early: the worker ended without a result";
	return true;
}

/* After a signal this does not wait until the kernel has removed a million sockets: the worker is
 * ending by then, and nothing can stop that. */
static void await_end(struct session *session, int *ret_status)
{
	bool asked = asked_by_signal(session);
	double until = clock_now_s() + stop_wait_s;
	pid_t ended;
	while ((ended = waitpid(session->child, ret_status, asked ? WNOHANG : 0)) <= 0) {
		if (ended < 0 && errno != EINTR)
			return;
		if (asked && clock_now_s() > until)
			return;
		if (asked)
			(void)usleep(5000);
	}
}

static bool supervise(struct session *session, struct error *err)
{
	int status = 0;
	listen_to(session);
	/* A closed pipe does not prove that the worker has ended: a stray close() could be the
	 * reason. */
	if (!session->protocol->ended)
		(void)kill(session->child, SIGKILL);
	await_end(session, &status);
	return judge_end(session, status, err);
}

/* The two ends of the pipe are the first that headroom asks for. */
static bool no_descriptors(const struct session *session)
{
	session->protocol->calibration->comparable = false;
	session->protocol->calibration->reason =
			"not run: headroom needs two descriptors to measure, but fewer are left";
	return true;
}

static bool sandbox_start(struct session *session, struct error *err)
{
	int ends[2];
	pid_t supervisor = getpid();
	int made = pipe2(ends, O_CLOEXEC);
	if (made != 0 && errno == EMFILE)
		return no_descriptors(session);
	if (made != 0)
		return error_fail(err, "calibrate: a pipe cannot be made: %s", strerror(errno));
	session->start_s = clock_now_s();
	session->child = fork();
	if (session->child == 0) {
		struct worker worker = {.request = session->request,
				.calibrator = session->calibrator,
				.stop = session->stop,
				.start_s = session->start_s};
		worker_main(&worker, ends[1], supervisor);
	}
	int saved = errno;
	close(ends[1]);
	if (session->child > 0) {
		session->in = ends[0];
		bool done = supervise(session, err);
		close(ends[0]);
		return done;
	}
	close(ends[0]);
	session->protocol->calibration->comparable = false;
	session->protocol->calibration->reason = saved == EAGAIN
			? "not possible: no further process can be started (EAGAIN: pids.max, RLIMIT_NPROC or "
			  "kernel.pid_max)"
			: "not possible: a process cannot be started: too little memory (ENOMEM)";
	return true;
}

bool sandbox_run(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		const struct sandbox_watch *watch,
		struct protocol *protocol,
		struct error *err)
{
	volatile int *stop =
			mmap(NULL, sizeof *stop, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stop == MAP_FAILED)
		return error_fail(err, "calibrate: no memory is left: %s", strerror(errno));
	struct session session = {.calibrator = calibrator,
			.request = request,
			.watch = watch,
			.protocol = protocol,
			.stop = stop};
	bool done = sandbox_start(&session, err);
	(void)munmap((void *)stop, sizeof *stop);
	return done;
}

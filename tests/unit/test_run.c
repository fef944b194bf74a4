/* A program that is asked something: how it ends, and that nothing of it is left, whatever it has
 * started in sessions of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/run.h"

/* Leaves a process in a session of its own, twice removed, which writes its id; stdout closed. */
#define DAEMON                                                                                    \
	"setsid sh -c 'setsid sh -c \"echo \\$\\$ >$PIDS; exec sleep 1000\" >/dev/null 2>&1 & exit' " \
	">/dev/null 2>&1; while [ ! -s $PIDS ]; do sleep 0.01; done; "

struct kase {
	const char *script;
	double seconds_max;
	size_t bytes_max;
	enum run_end end;
	int status;
	const char *output; /* NULL: any */
};

static const struct kase cases[] = {
		{DAEMON "echo said; exit 7", 30, 100, RUN_EXITED, 7, "said\n"},
		{DAEMON "kill -TERM $$", 30, 100, RUN_SIGNALLED, SIGTERM, ""},
		{DAEMON "exec sleep 1000", 0.5, 100, RUN_TIMED_OUT, 0, NULL},
		{DAEMON "exec >/dev/null 2>&1; exec sleep 1000", 0.5, 100, RUN_TIMED_OUT, 0, NULL},
		{DAEMON "echo too long; exec sleep 1000", 30, 3, RUN_TOO_LONG, 0, NULL},
};

static char pids[PATH_MAX];

static void run_script(const struct kase *kase, struct run_result *ret_result)
{
	char variable[PATH_MAX + 5];
	(void)snprintf(variable, sizeof variable, "PIDS=%s", pids);
	const char *const arguments[] = {"sh", "-c", kase->script, NULL};
	const char *const environment[] = {variable, NULL};
	const struct run_request request = {
			.program = "sh",
			.arguments = arguments,
			.environment = environment,
			.seconds_max = kase->seconds_max,
			.bytes_max = kase->bytes_max,
	};
	run_program(&request, ret_result);
}

/* The id that the daemon has written; 0: none. */
static pid_t daemon_id(void)
{
	int id = 0;
	FILE *file = fopen(pids, "re");
	if (file && fscanf(file, "%d", &id) != 1)
		id = 0;
	if (file)
		(void)fclose(file);
	return (pid_t)id;
}

/* Is it gone, or soon? */
static bool is_gone(pid_t pid)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	for (int i = 0; i < 6000; i++) {
		if (kill(pid, 0) != 0 && errno == ESRCH)
			return true;
		(void)nanosleep(&pause, NULL);
	}
	return false;
}

static void test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct run_result result;
		(void)unlink(pids);
		run_script(&cases[i], &result);
		assert_int_equal(result.end, cases[i].end);
		assert_int_equal(result.status, cases[i].status);
		if (cases[i].output)
			assert_string_equal(text_string(&result.output), cases[i].output);
		pid_t id = daemon_id();
		if (id <= 0 && cases[i].end == RUN_TIMED_OUT)
			continue; /* a machine that is busy: it had no time to start it */
		assert_true(id > 0);
		/* At once: it is waited for. */
		assert_int_equal(kill(id, 0), -1);
		assert_int_equal(errno, ESRCH);
		text_release(&result.output);
		text_release(&result.errors);
	}
}

static int slow_calls;

static void count_slow(const struct run_request *request)
{
	(void)request;
	slow_calls++;
}

/* What it says on standard error is kept apart, and the end of it where it is much. */
static void test_errors(void **state)
{
	(void)state;
	static const struct {
		const char *script, *output, *errors_end;
		int slow;
		double slow_s;
	} rows[] = {
			{"echo out; echo why >&2; exit 7", "out\n", "why\n", 0, 20},
			{"i=0; while [ $i -lt 9000 ]; do echo 0123456789 >&2; i=$((i + 1)); done; echo last "
			 ">&2",
					"",
					"0123456789\nlast\n",
					0,
					20},
			{"exec >&-; i=0; while [ $i -lt 9000 ]; do echo 0123456789 >&2; i=$((i + 1)); done",
					"",
					"0123456789\n",
					0,
					20},
			{"sleep 0.4; echo late", "late\n", "", 1, 0.1},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const arguments[] = {"sh", "-c", rows[i].script, NULL};
		const struct run_request request = {.program = "sh",
				.arguments = arguments,
				.seconds_max = 30,
				.bytes_max = 100,
				.slow = count_slow,
				.slow_s = rows[i].slow_s};
		struct run_result result;
		slow_calls = 0;
		run_program(&request, &result);
		assert_int_equal(result.end, RUN_EXITED);
		assert_string_equal(text_string(&result.output), rows[i].output);
		const char *errors = text_string(&result.errors);
		assert_true(strlen(errors) >= strlen(rows[i].errors_end));
		assert_string_equal(errors + strlen(errors) - strlen(rows[i].errors_end),
				rows[i].errors_end);
		assert_true(strlen(errors) <= 4096);
		assert_int_equal(slow_calls, rows[i].slow);
		text_release(&result.output);
		text_release(&result.errors);
	}
}

static void test_not_started(void **state)
{
	(void)state;
	const char *const arguments[] = {"nothing", NULL};
	const struct run_request request = {
			.program = "/nonexistent/nothing",
			.arguments = arguments,
			.seconds_max = 30,
			.bytes_max = 100,
	};
	struct run_result result;
	run_program(&request, &result);
	assert_int_equal(result.end, RUN_NOT_STARTED);
	assert_int_equal(result.status, ENOENT);
}

/* What headroom had started before, or inherited from a shell that became it, is not its business.
 */
static void test_others_live(void **state)
{
	(void)state;
	static const struct kase plain = {"exit 0", 30, 100, RUN_EXITED, 0, ""};
	struct run_result result;
	pid_t other = fork();
	if (other == 0) {
		(void)pause();
		_exit(0);
	}
	run_script(&plain, &result);
	text_release(&result.output);
	assert_int_equal(waitpid(other, NULL, WNOHANG), 0);
	(void)kill(other, SIGKILL);
	assert_int_equal(waitpid(other, NULL, 0), other);
}

/* Killed while it waits, it leaves nothing behind, either. */
static void test_killed(void **state)
{
	(void)state;
	static const struct kase hangs = {DAEMON "exec sleep 1000", 1000, 100, RUN_TIMED_OUT, 0, NULL};
	const struct timespec pause = {.tv_nsec = 10000000};
	(void)unlink(pids);
	pid_t asker = fork();
	if (asker == 0) {
		struct run_result result;
		run_script(&hangs, &result);
		_exit(0);
	}
	for (int i = 0; i < 6000 && daemon_id() <= 0; i++)
		(void)nanosleep(&pause, NULL);
	pid_t id = daemon_id();
	assert_true(id > 0);
	assert_int_equal(kill(asker, SIGKILL), 0);
	assert_int_equal(waitpid(asker, NULL, 0), asker);
	assert_true(is_gone(id));
}

int main(void)
{
	char directory[] = "/tmp/headroom-run-XXXXXX";
	if (!mkdtemp(directory))
		return 1;
	(void)snprintf(pids, sizeof pids, "%s/pids", directory);
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_ends),
			cmocka_unit_test(test_errors),
			cmocka_unit_test(test_not_started),
			cmocka_unit_test(test_others_live),
			cmocka_unit_test(test_killed),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(pids);
	(void)rmdir(directory);
	return failed;
}

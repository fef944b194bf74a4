/* Small calibrations against the running kernel, and refusals. Skips what needs a namespace where
 * none can be made. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "probes/stress/calibrate.h"
#include "probes/stress/isolate.h"

/* The settings of a target, as facts. */
struct target {
	const char *range, *reserved, *listening, *bound;
	double somaxconn, tw_reuse;
};

static const struct target usual = {"20000 20399", "20010-20019", "20100,443", "20200", 128, 2};

static struct facts *facts_of(struct arena *arena, const struct target *target)
{
	static const struct {
		const char *key;
		double number;
	} numbers[] = {
			{"net.ipv4.ip_unprivileged_port_start", 1024},
			{"net.ipv4.ip_autobind_reuse", 0},
			{"net.ipv4.tcp_fin_timeout", 60},
			{"net.ipv4.tcp_max_tw_buckets", 65536},
			{"net.ipv4.tcp_timestamps", 1},
			{"net.ipv4.tcp_max_syn_backlog", 512},
			{"net.ipv4.tcp_syncookies", 1},
			{"net.ipv4.tcp_abort_on_overflow", 0},
	};
	struct facts *facts = facts_new(arena);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		facts_put_number(facts, numbers[i].key, "", numbers[i].number, UNIT_COUNT, NULL);
	facts_put_number(facts, "net.core.somaxconn", "", target->somaxconn, UNIT_COUNT, NULL);
	facts_put_number(facts, "net.ipv4.tcp_tw_reuse", "", target->tw_reuse, UNIT_COUNT, NULL);
	facts_put_number(facts, "net.ipv4.tcp_tw_reuse_delay", "", 1, UNIT_SECONDS, NULL);
	facts_put_text(facts, "net.ipv4.ip_local_port_range", "", target->range, NULL);
	facts_put_text(facts, "net.ipv4.ip_local_reserved_ports", "", target->reserved, NULL);
	facts_put_text(facts, "ports.listening", "", target->listening, NULL);
	facts_put_text(facts, "ports.bound", "", target->bound, NULL);
	return facts;
}

static struct calibrate_request request_of(const struct facts *facts)
{
	return (struct calibrate_request){
			.facts = facts,
			.destinations = 1,
			.sources = 1,
			.nofile_soft = 256,
			.open_below = 4,
			.backlog = 50,
			.predicted = NAN,
			.seconds = 20,
			.bytes = 1e9,
			.processes = 200,
	};
}

static void run(struct arena *arena,
		const char *id,
		const struct calibrate_request *request,
		struct calibration *ret)
{
	struct error err = {0};
	assert_non_null(calibrator_find(id));
	if (!calibrate_run(arena, calibrator_find(id), request, NULL, NULL, NULL, ret, &err))
		fail_msg("%s", err.text);
	if (ret->reason && strncmp(ret->reason, "not possible", 12) == 0) {
		print_message("# %s\n", ret->reason);
		arena_free(arena);
		skip();
	}
}

static const char *text_field(const struct calibration *calibration, const char *name)
{
	for (size_t i = 0; i < calibration->field_count; i++)
		if (strcmp(calibration->fields[i].name, name) == 0)
			return calibration->fields[i].text;
	return NULL;
}

static double number_field(const struct calibration *calibration, const char *name)
{
	for (size_t i = 0; i < calibration->field_count; i++)
		if (strcmp(calibration->fields[i].name, name) == 0)
			return calibration->fields[i].number;
	return NAN;
}

/* Range of 400, 10 reserved, one listener, one bound: 388. */
static void counts_ports(void **state)
{
	static const struct {
		enum calibrate_bind bind;
		double destinations, sources, expected;
		const char *stopped_by;
	} rows[] = {
			{CALIBRATE_BIND_NONE, 1, 1, 388, "EADDRNOTAVAIL"},
			{CALIBRATE_BIND_NONE, 3, 2, 1164, "EADDRNOTAVAIL"},
			{CALIBRATE_BIND_NOPORT, 3, 2, 2328, "EADDRNOTAVAIL"},
			{CALIBRATE_BIND_ADDRESS, 3, 2, 776, "EADDRINUSE"},
			{CALIBRATE_BIND_WILDCARD, 3, 2, 388, "EADDRINUSE"},
	};
	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
		size_t row = i / 2;
		struct arena *arena = arena_new();
		struct calibrate_request request = request_of(facts_of(arena, &usual));
		struct calibration result;
		request.bind = rows[row].bind;
		request.destinations = rows[row].destinations;
		request.sources = rows[row].sources;
		request.predicted = rows[row].expected;
		request.explicit_bind = i % 2;
		run(arena, "ports", &request, &result);
		if (!result.agrees || !result.comparable)
			fail_msg("row %zu: %g expected, %g found, %s",
					i,
					rows[row].expected,
					result.measured,
					result.reason ? result.reason : "no reason");
		if (!request.explicit_bind)
			assert_string_equal(result.stopped_by, rows[row].stopped_by);
		arena_free(arena);
	}
}

static void counts_descriptors(void **state)
{
	struct arena *arena = arena_new();
	struct calibrate_request request = request_of(facts_of(arena, &usual));
	struct calibration result;
	(void)state;
	request.predicted = 252;
	run(arena, "fds", &request, &result);
	assert_true(result.agrees && result.comparable);
	assert_string_equal(result.stopped_by, "EMFILE");
	arena_free(arena);
}

static void fills_queue(void **state)
{
	static const double rows[][3] = {{50, 128, 51}, {4096, 128, 129}, {0, 128, 1}, {511, 1, 2}};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct target target = usual;
		struct calibration result;
		target.somaxconn = rows[i][1];
		struct calibrate_request request = request_of(facts_of(arena, &target));
		request.backlog = rows[i][0];
		request.predicted = rows[i][2];
		run(arena, "accept", &request, &result);
		assert_true(result.agrees && result.comparable);
		assert_string_equal(result.stopped_by, "ListenOverflows");
		/* With SYN cookies every client of the burst believes to be connected. */
		assert_int_equal((int)number_field(&result, "burst_accepted"), (int)rows[i][2]);
		assert_int_equal((int)number_field(&result, "ghosts"),
				(int)(number_field(&result, "burst") - rows[i][2]));
		arena_free(arena);
	}
}

static void tells_reuse(void **state)
{
	static const struct {
		double tw_reuse;
		bool loopback, reuses;
	} rows[] = {{0, true, false}, {2, false, false}, {2, true, true}, {1, false, true}};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct target target = usual;
		struct calibration result;
		target.tw_reuse = rows[i].tw_reuse;
		struct calibrate_request request = request_of(facts_of(arena, &target));
		request.loopback = rows[i].loopback;
		request.predicted = rows[i].reuses ? 194 : 388 / 60.0;
		run(arena, "churn", &request, &result);
		assert_non_null(text_field(&result, "reuse"));
		assert_int_equal(strncmp(text_field(&result, "reuse"), rows[i].reuses ? "yes" : "no", 2) ==
						0,
				1);
		assert_true(result.agrees);
		arena_free(arena);
	}
}

static void names_what_is_not_copied(void **state)
{
	struct arena *arena = arena_new();
	struct facts *facts = facts_of(arena, &usual);
	struct calibration result;
	(void)state;
	facts_put_missing(facts, "net.core.somaxconn", "", FACT_DENIED, UNIT_COUNT, NULL, NULL);
	struct calibrate_request request = request_of(facts);
	run(arena, "accept", &request, &result);
	assert_false(result.comparable);
	assert_int_equal(result.not_copied_count, 1);
	assert_string_equal(result.not_copied[0], "net.core.somaxconn");
	assert_non_null(result.reason);
	arena_free(arena);
}

static void keeps_budgets(void **state)
{
	struct arena *arena = arena_new();
	struct calibrate_request request = request_of(facts_of(arena, &usual));
	struct calibration result;
	(void)state;
	request.bytes = 1000;
	run(arena, "ports", &request, &result);
	assert_true(isnan(result.measured) && !result.comparable);
	assert_int_equal(strncmp(result.reason, "not run", 7), 0);
	request.bytes = 1e9;
	request.processes = 0;
	run(arena, "ports", &request, &result);
	assert_true(isnan(result.measured));
	assert_non_null(strstr(result.reason, "threads"));
	arena_free(arena);
}

static void stops_at_once(void **state)
{
	static const volatile sig_atomic_t stop = 1;
	struct arena *arena = arena_new();
	struct calibrate_request request = request_of(
			facts_of(arena, &(struct target){"1024 65535", "", "", "", 128, 2}));
	struct calibration result;
	struct error err = {0};
	(void)state;
	request.full = true;
	request.seconds = 100;
	assert_true(calibrate_run(arena,
			calibrator_find("churn"),
			&request,
			NULL,
			NULL,
			&stop,
			&result,
			&err));
	assert_true(isnan(result.measured) && !result.comparable && result.reason);
	assert_true(result.duration_s < 1);
	arena_free(arena);
}

static void needs_time_for_full(void **state)
{
	struct arena *arena = arena_new();
	struct calibrate_request request = request_of(facts_of(arena, &usual));
	const char *reason;
	(void)state;
	request.full = true;
	assert_false(calibrator_supported(calibrator_find("churn"), &request, &reason));
	assert_non_null(reason);
	assert_true(calibrator_supported(calibrator_find("ports"), &request, &reason));
	assert_null(calibrator_find("nothing"));
	arena_free(arena);
}

/* Lets all calls through but unshare(2). */
static bool forbid_unshare(void)
{
	struct sock_filter code[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {.len = COUNT_OF(code), .filter = code};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
			prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* In a process of its own: 0 if every calibrator that needs a namespace says that it cannot have
 * one. */
static int refused_everywhere(void)
{
	struct arena *arena = arena_new();
	struct calibrate_request request = request_of(facts_of(arena, &usual));
	struct error err = {0};
	if (!forbid_unshare())
		return 77;
	for (size_t i = 0; i < calibrators_count; i++) {
		struct calibration result;
		if (strcmp(calibrator_id(calibrators[i]), "fds") == 0)
			continue;
		if (!calibrate_run(arena, calibrators[i], &request, NULL, NULL, NULL, &result, &err) ||
				!isnan(result.measured) || result.comparable || !result.reason ||
				strncmp(result.reason, "not ", 4) != 0)
			return 1;
	}
	return 0;
}

static void says_when_forbidden(void **state)
{
	int status = 0;
	pid_t child = fork();
	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(refused_everywhere());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Ubuntu 24.04 answers EPERM, and so do a seccomp filter and an old Debian: only the setting tells.
 */
static void names_apparmor(void **state)
{
	static const char setting[] = "kernel.apparmor_restrict_unprivileged_userns";
	(void)state;
	assert_non_null(strstr(isolate_hint(EPERM, true), setting));
	assert_non_null(strstr(isolate_hint(EACCES, true), "with sudo"));
	assert_null(strstr(isolate_hint(EPERM, false), setting));
	assert_null(strstr(isolate_hint(ENOSPC, true), setting));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(counts_ports),
			cmocka_unit_test(counts_descriptors),
			cmocka_unit_test(fills_queue),
			cmocka_unit_test(tells_reuse),
			cmocka_unit_test(names_what_is_not_copied),
			cmocka_unit_test(keeps_budgets),
			cmocka_unit_test(stops_at_once),
			cmocka_unit_test(needs_time_for_full),
			cmocka_unit_test(says_when_forbidden),
			cmocka_unit_test(names_apparmor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A list of what is allowed. Everything else fails with EPERM and does not kill: a new C library
 * that tries a new call first must not end the reports. */
#include "report/helper/sandbox_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/array.h"

/* On what is open already, on its own memory, threads, time and signals. */
static const int allowed[] = {
		SCMP_SYS(read),
		SCMP_SYS(write),
		SCMP_SYS(readv),
		SCMP_SYS(writev),
		SCMP_SYS(pread64),
		SCMP_SYS(pwrite64),
		SCMP_SYS(lseek),
		SCMP_SYS(_llseek),
		SCMP_SYS(close),
		SCMP_SYS(fstat),
		SCMP_SYS(fstat64),
		SCMP_SYS(brk),
		SCMP_SYS(munmap),
		SCMP_SYS(mremap),
		SCMP_SYS(madvise),
		SCMP_SYS(futex),
		SCMP_SYS(futex_time64),
		SCMP_SYS(set_robust_list),
		SCMP_SYS(set_tid_address),
		SCMP_SYS(rseq),
		SCMP_SYS(exit),
		SCMP_SYS(exit_group),
		SCMP_SYS(rt_sigaction),
		SCMP_SYS(rt_sigprocmask),
		SCMP_SYS(rt_sigreturn),
		SCMP_SYS(sigreturn),
		SCMP_SYS(sigaltstack),
		SCMP_SYS(restart_syscall),
		SCMP_SYS(sched_yield),
		SCMP_SYS(sched_getaffinity),
		SCMP_SYS(getpid),
		SCMP_SYS(gettid),
		SCMP_SYS(getuid),
		SCMP_SYS(geteuid),
		SCMP_SYS(getgid),
		SCMP_SYS(getegid),
		SCMP_SYS(getrandom),
		SCMP_SYS(clock_gettime),
		SCMP_SYS(clock_gettime64),
		SCMP_SYS(clock_getres),
		SCMP_SYS(clock_nanosleep),
		SCMP_SYS(nanosleep),
		SCMP_SYS(gettimeofday),
		SCMP_SYS(sysinfo),
		SCMP_SYS(uname),
};

/* Names of files; whether one may be read is asked when it is opened. */
static const int names_of_files[] = {
		SCMP_SYS(access),
		SCMP_SYS(faccessat),
		SCMP_SYS(faccessat2),
		SCMP_SYS(stat),
		SCMP_SYS(stat64),
		SCMP_SYS(lstat),
		SCMP_SYS(lstat64),
		SCMP_SYS(newfstatat),
		SCMP_SYS(fstatat64),
		SCMP_SYS(statx),
		SCMP_SYS(readlink),
		SCMP_SYS(readlinkat),
		SCMP_SYS(getcwd),
		SCMP_SYS(getdents64),
		SCMP_SYS(statfs),
		SCMP_SYS(fstatfs),
		SCMP_SYS(fadvise64),
};

/* What the C library does without where they do not exist: their flags are behind a pointer. */
static const int unknown[] = {SCMP_SYS(clone3), SCMP_SYS(openat2)};

#if defined(__s390__) || defined(__s390x__)
#define CLONE_FLAGS 1 /* the first two arguments are the other way round there */
#else
#define CLONE_FLAGS 0
#endif

static bool allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
		if (code != 0 && code != -EDOM) /* EDOM: this architecture has no such call */
			return false;
	}
	return true;
}

/* Allowed where the bits of `mask` in this argument are `value`. */
static bool allow_if(scmp_filter_ctx filter,
		int call,
		unsigned argument,
		scmp_datum_t mask,
		scmp_datum_t value)
{
	const struct scmp_arg_cmp compare = {argument, SCMP_CMP_MASKED_EQ, mask, value};
	int code = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &compare);
	return code == 0 || code == -EDOM;
}

static bool allow_equal(scmp_filter_ctx filter, int call, unsigned argument, scmp_datum_t value)
{
	return allow_if(filter, call, argument, ~(scmp_datum_t)0, value);
}

static bool allow_threads(scmp_filter_ctx filter)
{
	const scmp_datum_t spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
			CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
	const scmp_datum_t shared = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
	return allow_if(filter, SCMP_SYS(clone), CLONE_FLAGS, spaces | shared, shared);
}

/* Memory that is to be executed is refused. */
static bool allow_memory(scmp_filter_ctx filter)
{
	static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		if (!allow_if(filter, calls[i], 2, PROT_EXEC, 0))
			return false;
	}
	return true;
}

static bool allow_reading(scmp_filter_ctx filter)
{
	const scmp_datum_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
	return allow_all(filter, names_of_files, COUNT_OF(names_of_files)) &&
			allow_if(filter, SCMP_SYS(open), 1, writing, 0) &&
			allow_if(filter, SCMP_SYS(openat), 2, writing, 0);
}

/* Flags of its own descriptors; its own limits, to be read; a signal to itself, for abort(). */
static bool allow_own(scmp_filter_ctx filter)
{
	static const int flags[] = {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC};
	const struct scmp_arg_cmp limits[] = {
			{.arg = 0, .op = SCMP_CMP_EQ, .datum_a = 0},
			{.arg = 2, .op = SCMP_CMP_EQ, .datum_a = 0},
	};
	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		scmp_datum_t flag = (scmp_datum_t)flags[i];
		if (!allow_equal(filter, SCMP_SYS(fcntl), 1, flag) ||
				!allow_equal(filter, SCMP_SYS(fcntl64), 1, flag))
			return false;
	}
	return allow_equal(filter, SCMP_SYS(tgkill), 0, (scmp_datum_t)getpid()) &&
			seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, limits) == 0;
}

static bool pretend_unknown(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), unknown[i], 0) != 0)
			return false;
	}
	return true;
}

static void release(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

bool sandbox_restrict_calls(bool files, struct error *err)
{
	__attribute__((cleanup(release))) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool good = filter && allow_all(filter, allowed, COUNT_OF(allowed)) && allow_threads(filter) &&
			allow_memory(filter) && allow_own(filter) && pretend_unknown(filter) &&
			(!files || allow_reading(filter));
	if (!good)
		return error_fail(err, "the sandbox cannot be entered: its filter cannot be made");
	int code = seccomp_load(filter);
	if (code == 0)
		return true;
	return error_fail(err, "the sandbox cannot be entered: seccomp: %s", strerror(-code));
}

/* The sandbox: limits, identity, Landlock and seccomp, in this order. Descriptors that are open
 * already can be used as before. */
#include "report/helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report/helper/sandbox_calls.h"
#include "report/helper/sandbox_files.h"

enum {
	NOBODY = 65534,
	DESCRIPTORS_MAX = 32,
	CPU_SECONDS_MAX = 50
};

/* An audit document has at most 64 MiB, its tree and the page some times that. */
static const rlim_t memory_max = (rlim_t)6 << 30;
static const rlim_t file_max = (rlim_t)512 << 20;

#if defined(__SANITIZE_ADDRESS__)
#define SHADOWED 1 /* address space by the terabyte, most of it never used */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SHADOWED 1
#endif
#endif
#ifndef SHADOWED
#define SHADOWED 0
#endif

static bool limit(int resource, rlim_t most, const char *name, struct error *err)
{
	struct rlimit now;
	if (getrlimit((__rlimit_resource_t)resource, &now) == 0) {
		if (most > now.rlim_max)
			most = now.rlim_max;
		if (setrlimit((__rlimit_resource_t)resource, &(struct rlimit){most, most}) == 0)
			return true;
	}
	return error_fail(err, "the sandbox cannot be entered: %s: %s", name, strerror(errno));
}

static bool set_limits(struct error *err)
{
	if (!limit(RLIMIT_CORE, 0, "RLIMIT_CORE", err))
		return false;
	if (!limit(RLIMIT_NOFILE, DESCRIPTORS_MAX, "RLIMIT_NOFILE", err))
		return false;
	if (!limit(RLIMIT_CPU, CPU_SECONDS_MAX, "RLIMIT_CPU", err))
		return false;
	if (!limit(RLIMIT_FSIZE, file_max, "RLIMIT_FSIZE", err))
		return false;
	return SHADOWED || limit(RLIMIT_AS, memory_max, "RLIMIT_AS", err);
}

/* Root in a container that does not map the user nobody, or that took CAP_SETUID away: what makes
 * root mighty goes, the number stays. */
static bool drop_capabilities(struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
	if (syscall(SYS_capset, &header, none) == 0)
		return true;
	return error_fail(err, "the sandbox cannot be entered: capset: %s", strerror(errno));
}

static bool become_nobody(struct error *err)
{
	if (geteuid() != 0)
		return true;
	bool groups = setgroups(0, NULL) == 0;
	bool group = setresgid(NOBODY, NOBODY, NOBODY) == 0;
	bool user = setresuid(NOBODY, NOBODY, NOBODY) == 0;
	if (groups && group && user)
		return true;
	if (errno != EINVAL && errno != EPERM)
		return error_fail(err,
				"the sandbox cannot be entered: root cannot be given up: %s",
				strerror(errno));
	return drop_capabilities(err);
}

bool sandbox_enter(const struct sandbox_files *files, struct error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return error_fail(err,
				"the sandbox cannot be entered: PR_SET_NO_NEW_PRIVS: %s",
				strerror(errno));
	if (!set_limits(err) || !sandbox_restrict_files(files, err) || !become_nobody(err))
		return false;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return error_fail(err,
				"the sandbox cannot be entered: PR_SET_DUMPABLE: %s",
				strerror(errno));
	return sandbox_restrict_calls(files != NULL, err);
}

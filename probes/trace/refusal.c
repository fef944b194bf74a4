#include "probes/trace/refusal.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>

#include "probes/host/parse.h"

static const char as_root[] = "run headroom as root on the host";
static const char locked_down[] = "the kernel is locked down (confidentiality)";

/* "none integrity [confidentiality]": from there on nothing of the kernel may be read
 * (kernel_lockdown(7)). */
static bool is_locked_down(struct source *source)
{
	const char *text;
	size_t length;
	return source_read_bytes(source, "sys/kernel/security/lockdown", &text, &length) == 0 &&
			strstr(text, "[confidentiality]");
}

struct trace_refusal refusal_of_list(struct source *source, int error)
{
	if (error == EPERM && is_locked_down(source))
		return (struct trace_refusal){locked_down, NULL};
	switch (error) {
	case EACCES:
		return (struct trace_refusal){
				"only root can read the list of the kernel's events (tracefs)",
				as_root};
	case ENODEV:
		return (struct trace_refusal){"this kernel has no tracepoints (CONFIG_TRACING)", NULL};
	case ENOENT:
		return (struct trace_refusal){
				"this kernel has no tracepoints of system calls (CONFIG_FTRACE_SYSCALLS)",
				NULL};
	default:
		return (struct trace_refusal){
				"the list of the kernel's events (tracefs) is not mounted, and reading it without "
				"mounting it takes root and Linux 5.2",
				"run headroom as root, or first: mount -t tracefs tracefs /sys/kernel/tracing"};
	}
}

static struct trace_refusal not_permitted(struct source *source)
{
	if (is_locked_down(source))
		return (struct trace_refusal){locked_down, NULL};
	if (prctl(PR_GET_SECCOMP) == SECCOMP_MODE_FILTER)
		return (struct trace_refusal){"the seccomp profile of this container or service forbids "
									  "perf_event_open()",
				as_root};
	return (struct trace_refusal){"perf_event_open() is not permitted here", as_root};
}

/* What stands in kernel.perf_event_paranoid matters only to who lacks the capability. */
static struct trace_refusal lacks_capability(struct arena *arena, struct source *source)
{
	const char *text, *level = "not readable";
	size_t length;
	if (source_read_bytes(source, "proc/sys/kernel/perf_event_paranoid", &text, &length) == 0)
		level = parse_trim(arena_copy(arena, text, length));
	return (struct trace_refusal){
			arena_printf(arena,
					"kernel.perf_event_paranoid is %.20s, and this process lacks CAP_PERFMON",
					level),
			as_root};
}

struct trace_refusal refusal_of_open(struct arena *arena,
		struct source *source,
		int error,
		size_t files)
{
	switch (error) {
	case EACCES:
		return lacks_capability(arena, source);
	case EPERM:
		return not_permitted(source);
	case ENOSYS:
		return (struct trace_refusal){"this kernel has no perf events (CONFIG_PERF_EVENTS)", NULL};
	case EMFILE:
	case ENFILE:
		return (struct trace_refusal){
				arena_printf(arena,
						"it needs %zu open files, and this process may not open so many",
						files),
				arena_printf(arena, "first, as root: prlimit --pid $$ --nofile=%zu", files + 200)};
	default:
		return (struct trace_refusal){
				arena_printf(arena, "perf_event_open() failed: %s", strerror(error)),
				NULL};
	}
}

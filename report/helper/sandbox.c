/* The sandbox: limits, identity, and a BPF filter on system calls. It does not hide files: fonts
 * and templates are read from their usual places. */
#include "report/helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"

enum {
	NOBODY = 65534,
	DESCRIPTORS_MAX = 32,
	CPU_SECONDS_MAX = 50
};

#if defined(__x86_64__)
enum {
	ARCHITECTURE = (int)AUDIT_ARCH_X86_64
};
#elif defined(__aarch64__)
enum {
	ARCHITECTURE = (int)AUDIT_ARCH_AARCH64
};
#else
enum {
	ARCHITECTURE = 0
}; /* no filter: the numbers are not known here */
#endif

static void limit(int resource, rlim_t most)
{
	struct rlimit now;
	if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
		return;
	if (most > now.rlim_max)
		most = now.rlim_max;
	(void)setrlimit((__rlimit_resource_t)resource, &(struct rlimit){most, most});
}

/* EINVAL and EPERM are accepted: a container that does not map the user nobody, or that took
 * CAP_SETUID away. Being root means little there. */
static bool is_contained(int error)
{
	return error == EINVAL || error == EPERM;
}

static bool become_nobody(struct error *err)
{
	if (geteuid() != 0)
		return true;
	if (setgroups(0, NULL) != 0 && !is_contained(errno))
		return error_fail(err, "cannot give up root's groups: %s", strerror(errno));
	if (setresgid(NOBODY, NOBODY, NOBODY) != 0 && !is_contained(errno))
		return error_fail(err, "cannot give up root's group: %s", strerror(errno));
	if (setresuid(NOBODY, NOBODY, NOBODY) != 0 && !is_contained(errno))
		return error_fail(err, "cannot give up root: %s", strerror(errno));
	return true;
}

/* Refused with EPERM. Numbers from asm/unistd.h; the old calls do not exist on arm64. */
static const unsigned refused[] = {
		SYS_socket,
		SYS_socketpair,
		SYS_connect,
		SYS_bind,
		SYS_listen,
		SYS_accept4,
		SYS_execve,
		SYS_execveat,
		SYS_ptrace,
		SYS_process_vm_readv,
		SYS_process_vm_writev,
		SYS_mount,
		SYS_unshare,
		SYS_setns,
		SYS_bpf,
		SYS_kill,
		SYS_tkill,
		SYS_unlinkat,
		SYS_renameat2,
		SYS_mkdirat,
		SYS_mknodat,
		SYS_linkat,
		SYS_symlinkat,
		SYS_fchmodat,
		SYS_fchownat,
		SYS_truncate,
		SYS_keyctl,
		SYS_add_key,
		SYS_perf_event_open,
		SYS_userfaultfd,
#ifdef SYS_open
		SYS_unlink,
		SYS_rename,
		SYS_renameat,
		SYS_mkdir,
		SYS_rmdir,
		SYS_mknod,
		SYS_link,
		SYS_symlink,
		SYS_chmod,
		SYS_chown,
		SYS_creat,
		SYS_fork,
		SYS_vfork,
#endif
#ifdef SYS_io_uring_setup
		SYS_io_uring_setup,
#endif
#ifdef SYS_openat2
		SYS_openat2, /* its flags are behind a pointer */
#endif
};

enum {
	REFUSED = COUNT_OF(refused),
	PROGRAM_MAX = 2 * REFUSED + 24
};

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short length;
};

static void sandbox_add(struct program *program,
		unsigned code,
		unsigned constant,
		unsigned char yes,
		unsigned char no)
{
	program->code[program->length++] =
			(struct sock_filter){.code = (unsigned short)code, .k = constant, .jt = yes, .jf = no};
}

static void sandbox_load(struct program *program, size_t offset)
{
	sandbox_add(program, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void refuse_if_equal(struct program *program, unsigned value)
{
	sandbox_add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	sandbox_add(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
}

/* If this is the call `number`, refuse it when a writing flag is in its argument `argument`. */
static void refuse_writing(struct program *program, unsigned number, size_t argument)
{
	const unsigned writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
	sandbox_add(program, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
	sandbox_load(program,
			offsetof(struct seccomp_data, args) + 8 * argument); /* the low half: little endian */
	sandbox_add(program, BPF_JMP | BPF_JSET | BPF_K, writing, 0, 1);
	sandbox_add(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
	sandbox_add(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

static void filter_calls(void)
{
	struct program program = {.length = 0};
	if (ARCHITECTURE == 0)
		return;
	sandbox_load(&program, offsetof(struct seccomp_data, arch));
	sandbox_add(&program, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)ARCHITECTURE, 1, 0);
	sandbox_add(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
	sandbox_load(&program, offsetof(struct seccomp_data, nr));
	refuse_writing(&program, SYS_openat, 2);
#ifdef SYS_open
	sandbox_add(&program,
			BPF_JMP | BPF_JGE | BPF_K,
			0x40000000,
			0,
			1); /* __X32_SYSCALL_BIT, asm/unistd.h */
	sandbox_add(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
	refuse_writing(&program, SYS_open, 1);
#endif
	for (size_t i = 0; i < REFUSED; i++)
		refuse_if_equal(&program, refused[i]);
	sandbox_add(&program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	struct sock_fprog whole = {.len = program.length, .filter = program.code};
	(void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole);
}

bool sandbox_enter(struct error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return error_fail(err, "prctl(PR_SET_NO_NEW_PRIVS): %s", strerror(errno));
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
	limit(RLIMIT_CPU, CPU_SECONDS_MAX);
	if (!become_nobody(err))
		return false;
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	filter_calls();
	return true;
}

/* A program in the helper's sandbox that tries to get out: every attempt is refused, and what
 * rendering needs still works. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "report/helper/sandbox.h"

/* A file of this user's that the sandbox does not name, open for reading, and its name. */
static char secret[] = "/tmp/headroom-sandbox-XXXXXX";
static char allowed_dir[] = "/tmp/headroom-allowed-XXXXXX";
static char allowed_file[64];
static int secret_fd = -1;
static pid_t parent;
static char bytes[64];

static long call(long number, long a, long b, long c, long d)
{
	return syscall(number, a, b, c, d, 0, 0);
}

static long at(const void *pointer)
{
	return (long)(uintptr_t)pointer;
}

static char elsewhere[] = "/tmp/headroom-sandbox-new";
static char empty[] = "";

#ifdef SYS_modify_ldt
#define SYS_modify_ldt_or_none SYS_modify_ldt
#else
#define SYS_modify_ldt_or_none (-1)
#endif

#define ESCAPE(name, expression)   \
	static long try_##name(void)   \
	{                              \
		return (long)(expression); \
	}

ESCAPE(socket, socket(AF_INET, SOCK_STREAM, 0))
ESCAPE(unix_socket, socket(AF_UNIX, SOCK_STREAM, 0))
ESCAPE(execve, execl("/bin/true", "true", (char *)NULL))
ESCAPE(execveat, call(SYS_execveat, secret_fd, at(empty), 0, 0))
ESCAPE(fork, call(SYS_clone, SIGCHLD, 0, 0, 0))
ESCAPE(new_user, call(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0))
ESCAPE(unshare, unshare(CLONE_NEWUSER))
ESCAPE(setns, call(SYS_setns, secret_fd, 0, 0, 0))
ESCAPE(open_write, open(secret, O_WRONLY))
ESCAPE(open_create, open(elsewhere, O_RDONLY | O_CREAT, 0600))
ESCAPE(open_truncate, open(secret, O_RDONLY | O_TRUNC))
ESCAPE(open_hidden, open("/tmp", O_TMPFILE | O_RDWR, 0600))
ESCAPE(unlink, unlinkat(AT_FDCWD, secret, 0))
ESCAPE(rename, renameat(AT_FDCWD, secret, AT_FDCWD, elsewhere))
ESCAPE(mkdir, mkdirat(AT_FDCWD, elsewhere, 0700))
ESCAPE(link, linkat(AT_FDCWD, secret, AT_FDCWD, elsewhere, 0))
ESCAPE(symlink, symlinkat(secret, AT_FDCWD, elsewhere))
ESCAPE(mknod, mknodat(AT_FDCWD, elsewhere, S_IFIFO | 0600, 0))
ESCAPE(truncate, truncate(secret, 0))
ESCAPE(ftruncate, ftruncate(secret_fd, 0))
ESCAPE(fchmod, fchmod(secret_fd, 0666))
ESCAPE(fchmodat, fchmodat(AT_FDCWD, secret, 0666, 0))
ESCAPE(fchmodat2, call(452, AT_FDCWD, at(secret), 0666, 0)) /* SYS_fchmodat2 */
ESCAPE(fchown, fchown(secret_fd, 12, 12))
ESCAPE(setxattr, fsetxattr(secret_fd, "user.x", "y", 1, 0))
ESCAPE(utimens, futimens(secret_fd, NULL))
ESCAPE(kill, kill(parent, SIGCONT))
ESCAPE(tgkill, call(SYS_tgkill, parent, parent, SIGCONT, 0))
ESCAPE(tkill, call(SYS_tkill, parent, SIGCONT, 0, 0))
ESCAPE(pidfd_open, call(434, parent, 0, 0, 0))                 /* SYS_pidfd_open */
ESCAPE(pidfd_getfd, call(438, secret_fd, 0, 0, 0))             /* SYS_pidfd_getfd */
ESCAPE(pidfd_send_signal, call(424, secret_fd, SIGCONT, 0, 0)) /* SYS_pidfd_send_signal */
ESCAPE(prlimit, prlimit(parent, RLIMIT_NOFILE, NULL, &(struct rlimit){0, 0}))
ESCAPE(own_limit, setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}))
ESCAPE(ptrace, ptrace(PTRACE_ATTACH, parent, NULL, NULL))
ESCAPE(vm_readv,
		process_vm_readv(parent, &(struct iovec){bytes, 1}, 1, &(struct iovec){bytes, 1}, 1, 0))
ESCAPE(memory_to_run,
		mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
						MAP_FAILED
				? -1
				: 0)
ESCAPE(shmget, shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600))
ESCAPE(mq_open, call(SYS_mq_open, at("x"), O_CREAT | O_RDWR, 0600, 0))
ESCAPE(memfd, call(SYS_memfd_create, at("x"), 0, 0, 0))
ESCAPE(io_uring, call(425, 4, at(bytes), 0, 0)) /* SYS_io_uring_setup */
ESCAPE(bpf, call(SYS_bpf, 0, at(bytes), sizeof bytes, 0))
ESCAPE(perf, call(SYS_perf_event_open, at(bytes), 0, -1, -1))
ESCAPE(keyctl, call(SYS_keyctl, 0, 0, 0, 0))
ESCAPE(mount, call(SYS_mount, at("none"), at("/tmp"), at("tmpfs"), 0))
ESCAPE(chroot, chroot("/tmp"))
ESCAPE(userfaultfd, call(SYS_userfaultfd, 0, 0, 0, 0))
ESCAPE(handle, call(SYS_name_to_handle_at, AT_FDCWD, at(secret), at(bytes), at(bytes)))
ESCAPE(open_by_handle, call(SYS_open_by_handle_at, AT_FDCWD, at(bytes), O_RDONLY, 0))
ESCAPE(add_key, call(SYS_add_key, at("user"), at("x"), at(bytes), 1))
ESCAPE(request_key, call(SYS_request_key, at("user"), at("x"), 0, 0))
ESCAPE(vm_writev,
		process_vm_writev(parent, &(struct iovec){bytes, 1}, 1, &(struct iovec){bytes, 1}, 1, 0))
ESCAPE(process_madvise, call(440, secret_fd, at(bytes), 1, 0)) /* SYS_process_madvise */
ESCAPE(kcmp, call(SYS_kcmp, parent, parent, 0, 0))
ESCAPE(clone3, call(435, at(bytes), sizeof bytes, 0, 0)) /* SYS_clone3 */
ESCAPE(vmsplice, call(SYS_vmsplice, STDOUT_FILENO, at(bytes), 0, 0))
ESCAPE(own_memory, open("/proc/self/mem", O_RDWR))
ESCAPE(socketpair, socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0}))
ESCAPE(mprotect_to_run, mprotect((void *)((uintptr_t)bytes & ~4095ul), 1, PROT_READ | PROT_EXEC))
ESCAPE(personality, call(SYS_personality, 0x0400000, 0, 0, 0)) /* READ_IMPLIES_EXEC */
ESCAPE(modify_ldt, call(SYS_modify_ldt_or_none, 1, at(bytes), 16, 0))
ESCAPE(secret_memory, call(447, 0, 0, 0, 0))          /* SYS_memfd_secret */
ESCAPE(new_mount, call(428, AT_FDCWD, at("/"), 1, 0)) /* SYS_open_tree, cloned */
ESCAPE(landlock_less, call(444, at(bytes), 8, 0, 0))  /* SYS_landlock_create_ruleset */
ESCAPE(seccomp_listener,
		call(SYS_seccomp, 1, 8, at(bytes), 0)) /* SECCOMP_FILTER_FLAG_NEW_LISTENER */
ESCAPE(openat2, call(437, AT_FDCWD, at(secret), at(bytes), 24)) /* SYS_openat2 */
ESCAPE(ioctl, ioctl(STDIN_FILENO, TIOCSTI, "x"))
ESCAPE(owner_of_signals, fcntl(secret_fd, F_SETOWN, parent))
ESCAPE(dumpable, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
ESCAPE(setuid, call(SYS_setuid, 0, 0, 0, 0))
ESCAPE(read_secret, open(secret, O_RDONLY))
ESCAPE(read_passwords, open("/etc/shadow", O_RDONLY))

static long try_read_of_parent(const char *name)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/%s", (int)parent, name);
	return open(path, O_RDONLY);
}
ESCAPE(environ_of_parent, try_read_of_parent("environ"))
ESCAPE(memory_of_parent, try_read_of_parent("mem"))

static const struct escape {
	const char *name;
	long (*run)(void);
	bool landlock; /* refused by it alone */
} escapes[] = {
		{"socket", try_socket, false},
		{"socket of the host", try_unix_socket, false},
		{"execve", try_execve, false},
		{"execveat", try_execveat, false},
		{"fork", try_fork, false},
		{"a user namespace", try_new_user, false},
		{"unshare", try_unshare, false},
		{"setns", try_setns, false},
		{"open for writing", try_open_write, false},
		{"create", try_open_create, false},
		{"truncate while opening", try_open_truncate, false},
		{"a file without a name", try_open_hidden, false},
		{"unlink", try_unlink, false},
		{"rename", try_rename, false},
		{"mkdir", try_mkdir, false},
		{"link", try_link, false},
		{"symlink", try_symlink, false},
		{"mknod", try_mknod, false},
		{"truncate", try_truncate, false},
		{"ftruncate", try_ftruncate, false},
		{"fchmod", try_fchmod, false},
		{"fchmodat", try_fchmodat, false},
		{"fchmodat2", try_fchmodat2, false},
		{"fchown", try_fchown, false},
		{"setxattr", try_setxattr, false},
		{"utimens", try_utimens, false},
		{"kill", try_kill, false},
		{"tgkill", try_tgkill, false},
		{"tkill", try_tkill, false},
		{"pidfd_open", try_pidfd_open, false},
		{"pidfd_getfd", try_pidfd_getfd, false},
		{"pidfd_send_signal", try_pidfd_send_signal, false},
		{"prlimit of the parent", try_prlimit, false},
		{"limits of its own", try_own_limit, false},
		{"ptrace", try_ptrace, false},
		{"process_vm_readv", try_vm_readv, false},
		{"memory to run", try_memory_to_run, false},
		{"shmget", try_shmget, false},
		{"mq_open", try_mq_open, false},
		{"memfd_create", try_memfd, false},
		{"io_uring", try_io_uring, false},
		{"bpf", try_bpf, false},
		{"perf_event_open", try_perf, false},
		{"keyctl", try_keyctl, false},
		{"mount", try_mount, false},
		{"chroot", try_chroot, false},
		{"userfaultfd", try_userfaultfd, false},
		{"name_to_handle_at", try_handle, false},
		{"open_by_handle_at", try_open_by_handle, false},
		{"add_key", try_add_key, false},
		{"request_key", try_request_key, false},
		{"process_vm_writev", try_vm_writev, false},
		{"process_madvise", try_process_madvise, false},
		{"kcmp", try_kcmp, false},
		{"clone3", try_clone3, false},
		{"vmsplice", try_vmsplice, false},
		{"/proc/self/mem", try_own_memory, false},
		{"socketpair", try_socketpair, false},
		{"data that becomes code", try_mprotect_to_run, false},
		{"personality", try_personality, false},
		{"modify_ldt", try_modify_ldt, false},
		{"memfd_secret", try_secret_memory, false},
		{"open_tree", try_new_mount, false},
		{"another ruleset", try_landlock_less, false},
		{"a listener of system calls", try_seccomp_listener, false},
		{"openat2", try_openat2, false},
		{"TIOCSTI", try_ioctl, false},
		{"F_SETOWN", try_owner_of_signals, false},
		{"PR_SET_DUMPABLE", try_dumpable, false},
		{"setuid", try_setuid, false},
		{"a private file", try_read_secret, true},
		{"/etc/shadow", try_read_passwords, true},
		{"the parent's environment", try_environ_of_parent, true},
		{"the parent's memory", try_memory_of_parent, true},
};

static bool has_landlock(void)
{
	return syscall(444, NULL, 0, 1) > 0; /* SYS_landlock_create_ruleset, its version */
}

static void *nothing(void *context)
{
	return context;
}

/* What rendering needs: a thread, memory, a file of a directory that was named, a written answer.
 */
static const char *first_need(void)
{
	pthread_t thread;
	int fd = open(allowed_file, O_RDONLY);
	if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
		return "a thread";
	void *more = malloc(32 << 20);
	if (!more)
		return "memory";
	free(more);
	if (fd < 0 || read(fd, bytes, 1) != 1)
		return "a file of a directory that was named";
	return NULL;
}

static void say(int out, const char *text)
{
	if (write(out, text, strlen(text)) < 0 || write(out, "\n", 1) < 0)
		_exit(2);
}

/* Ends with 0 if all was refused; else says what was not. */
static _Noreturn void be_confined(int out, bool files)
{
	const char *directories[] = {allowed_dir, "/nonexistent"};
	const struct sandbox_files reading = {directories, COUNT_OF(directories)};
	struct error err = {0};
	bool landlock = has_landlock();
	int failed = 0;
	if (!sandbox_enter(files ? &reading : NULL, &err)) {
		say(out, err.text);
		_exit(1);
	}
	for (size_t i = 0; i < COUNT_OF(escapes); i++) {
		if (escapes[i].landlock && !landlock && files)
			continue;
		errno = 0;
		long got = escapes[i].run();
		if (got == 0 && strcmp(escapes[i].name, "fork") == 0)
			_exit(0); /* the child of a fork that was not refused: its parent tells */
		if (got >= 0 || (errno != EPERM && errno != EACCES && errno != ENOSYS)) {
			say(out, escapes[i].name);
			failed = 1;
		}
	}
	const char *need = files ? first_need() : NULL;
	if (need)
		say(out, need);
	_exit(failed || need);
}

static void confined(bool files)
{
	int ends[2], status;
	char said[1000] = "";
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0)
		be_confined(ends[1], files);
	(void)close(ends[1]);
	size_t length = 0;
	for (ssize_t got; (got = read(ends[0], said + length, sizeof said - 1 - length)) > 0;)
		length += (size_t)got;
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (length)
		fail_msg("not refused, or not there: %s", said);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	struct stat now;
	assert_int_equal(stat(secret, &now), 0);
	assert_true((now.st_mode & 07777) == 0600 && now.st_size == 6);
	assert_int_equal(access(elsewhere, F_OK), -1);
}

static void nothing_gets_out(void **state)
{
	(void)state;
	assert_true(COUNT_OF(escapes) >= 30);
	confined(true);
}

static void nothing_is_opened_where_no_file_is_needed(void **state)
{
	(void)state;
	confined(false);
}

#ifdef __x86_64__
/* The calls of 32-bit programs have other numbers: 20, getpid, is writev in the list. Refused, or
 * the end. */
static void calls_of_other_programs(void **state)
{
	int status;
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct error err = {0};
		long got = 20;
		if (!sandbox_enter(NULL, &err))
			_exit(1);
		__asm__ volatile("int $0x80" : "+a"(got) : : "memory");
		_exit(got > 0 ? 2 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	bool ended = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	bool refused = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	bool none = WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV; /* a kernel without them */
	assert_true(ended || refused || none);
}
#endif

/* A filter that cannot be loaded is an error: here, because another one forbids it. */
static void what_cannot_be_had_is_said(void **state)
{
	int status;
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct error err = {0};
		/* A hard limit below what is asked for is kept; one that cannot be read is not possible
		 * to make here. A first sandbox forbids the second. */
		if (!sandbox_enter(NULL, &err))
			_exit(1);
		_exit(sandbox_enter(NULL, &err) || !strstr(err.text, "the sandbox cannot be entered"));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int begin(void **state)
{
	(void)state;
	parent = getpid();
	secret_fd = mkstemp(secret);
	assert_true(secret_fd >= 0 && write(secret_fd, "secret", 6) == 6);
	assert_non_null(mkdtemp(allowed_dir));
	assert_int_equal(chmod(allowed_dir, 0755), 0);
	(void)snprintf(allowed_file, sizeof allowed_file, "%s/font", allowed_dir);
	int fd = open(allowed_file, O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0 && write(fd, "x", 1) == 1);
	assert_int_equal(fchmod(fd, 0644), 0);
	return close(fd);
}

static int end(void **state)
{
	(void)state;
	(void)unlink(secret);
	(void)unlink(allowed_file);
	return rmdir(allowed_dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(nothing_gets_out),
			cmocka_unit_test(nothing_is_opened_where_no_file_is_needed),
#ifdef __x86_64__
			cmocka_unit_test(calls_of_other_programs),
#endif
			cmocka_unit_test(what_cannot_be_had_is_said),
	};
	return cmocka_run_group_tests(tests, begin, end);
}

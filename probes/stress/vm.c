/* Starts `erl` and reads what it says. The program it runs is here as text. */
#include "probes/stress/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "probes/host/parse.h"

enum {
	OTHER_LINES = 200
};

static const char *const words[VM_WORDS] = {
		[VM_PID] = "pid",
		[VM_READY] = "ready",
		[VM_AT] = "at",
		[VM_END] = "end",
};

/* After the last descriptor is gone no module can be loaded, so everything used at the end has been
 * used before: one connection that succeeds, one that is refused, and the line itself. A
 * destination serves 12,000 connections: less than half of the ports, beyond which connect() would
 * be slow. Only io:put_chars, no formatting. */
static const char program[] =
		"Say = fun(Word, A, B, Text) -> io:put_chars([Word, $\\s, integer_to_binary(A), $\\s, "
		"integer_to_binary(B),"
		" $\\s, atom_to_binary(Text, latin1), $\\n]) end,"
		"Open = fun(I) -> gen_tcp:connect({127, 77, 1, 1 + I div 12000}, %u,"
		" [binary, {active, false}, {linger, {true, 0}}], 5000) end,"
		"{ok, First} = Open(0), ok = gen_tcp:close(First),"
		"{error, Refused} = gen_tcp:connect({127, 0, 0, 1}, 1, [binary, {active, false}], 5000),"
		"true = is_atom(Refused), _ = erlang:monotonic_time(microsecond),"
		"Loop = fun Loop(I, Start, Kept) ->"
		"  case I >= %.0f orelse Open(I) of"
		"    {ok, Socket} ->"
		"      if (I + 1) rem 500 =:= 0 -> Say(\"at\", I + 1, erlang:monotonic_time(microsecond) - "
		"Start, ok); true -> ok end,"
		"      Loop(I + 1, Start, [Socket | Kept]);"
		"    {error, Why} -> Say(\"end\", I, erlang:monotonic_time(microsecond) - Start, Why), "
		"Kept;"
		"    true -> Say(\"end\", I, erlang:monotonic_time(microsecond) - Start, most), Kept"
		"  end end,"
		"Say(\"ready\", erlang:system_info(port_limit), length(erlang:ports()), ok),"
		"_ = io:get_line(\"\"),"
		"All = Loop(0, erlang:monotonic_time(microsecond), []),"
		"_ = io:get_line(\"\"),"
		"erlang:halt(length(All) * 0).";

bool vm_parse(const char *line, struct vm_answer *ret)
{
	size_t length = strcspn(line, " ");
	const char *cursor = line + length;
	uint64_t first, second;
	*ret = (struct vm_answer){.word = VM_WORDS};
	for (enum vm_word i = 0; i < VM_WORDS; i++)
		if (strlen(words[i]) == length && strncmp(line, words[i], length) == 0)
			ret->word = i;
	if (ret->word == VM_WORDS || *cursor++ != ' ' || !parse_u64(&cursor, &first) ||
			*cursor++ != ' ' || !parse_u64(&cursor, &second) || *cursor++ != ' ')
		return false;
	length = strspn(cursor, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (length == 0 || length >= sizeof ret->text || cursor[length] != '\0')
		return false;
	memcpy(ret->text, cursor, length);
	return parse_to_double(first, false, &ret->first) &&
			parse_to_double(second, false, &ret->second);
}

/* Only what the workload sets: nothing of this shell's if the request says what holds. A crash
 * leaves no file. */
static void set_environment(const struct calibrate_request *request)
{
	static const char *const flags[] = {"ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS", "ERL_MAX_PORTS"};
	char number[32];
	bool given = request->erlang_ports > 0 || request->erlang_max_ports > 0;
	for (size_t i = 0; given && i < COUNT_OF(flags); i++)
		(void)unsetenv(flags[i]);
	(void)snprintf(number, sizeof number, "%.0f", request->erlang_max_ports);
	if (request->erlang_max_ports > 0)
		(void)setenv("ERL_MAX_PORTS", number, 1);
	(void)setenv("ERL_CRASH_DUMP", "/dev/null", 1);
	(void)setenv("ERL_CRASH_DUMP_SECONDS", "0", 1);
	/* A home that cannot be read is reported on standard output, among the answers. */
	(void)setenv("HOME", "/", 1);
}

static bool vm_set_soft(double soft)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return false;
	files.rlim_cur = (rlim_t)soft;
	if (files.rlim_max < files.rlim_cur)
		files.rlim_max = files.rlim_cur;
	return setrlimit(RLIMIT_NOFILE, &files) == 0;
}

/* The number this process has in /proc, which is of another pid namespace, is only to be had from
 * inside. */
static void tell_pid(void)
{
	char target[32] = "", line[64];
	if (readlink("/proc/self", target, sizeof target - 1) <= 0)
		return;
	int length = snprintf(line, sizeof line, "pid %s 0 ok\n", target);
	if (write(STDOUT_FILENO, line, (size_t)length) != length)
		_exit(126);
}

static _Noreturn void become_vm(const struct calibrate_request *request,
		double soft,
		const char *text,
		int in,
		int out)
{
	char ports[32];
	const char *plain[] = {"erl", "-noshell", "-eval", text, NULL};
	const char *with_ports[] = {"erl", "+Q", ports, "-noshell", "-eval", text, NULL};
	(void)snprintf(ports, sizeof ports, "%.0f", request->erlang_ports);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || dup2(in, STDIN_FILENO) < 0 ||
			dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null >= 0)
		(void)dup2(null, STDERR_FILENO);
	worker_close_from(3);
	set_environment(request);
	tell_pid();
	if (vm_set_soft(soft))
		(void)execv(request->erl, (char *const *)(request->erlang_ports > 0 ? with_ports : plain));
	_exit(127);
}

int vm_start(struct vm *vm,
		const struct calibrate_request *request,
		double soft,
		unsigned port,
		double most)
{
	int to[2], from[2];
	static char text[sizeof program + 64];
	*vm = (struct vm){.pid = -1, .to = -1, .from = -1};
	(void)snprintf(text, sizeof text, program, port, most);
	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
		return errno; /* the worker ends soon, and its descriptors with it */
	vm->pid = fork();
	if (vm->pid == 0)
		become_vm(request, soft, text, to[0], from[1]);
	int error = vm->pid < 0 ? errno : 0;
	close(to[0]);
	close(from[1]);
	vm->to = to[1];
	vm->from = from[0];
	return error;
}

bool vm_go(const struct vm *vm)
{
	return write(vm->to, "go\n", 3) == 3;
}

/* Takes a whole line out of the buffer. */
static bool vm_take_line(struct vm *vm, char out[256])
{
	char *end = memchr(vm->line, '\n', vm->length);
	if (!end)
		return false;
	size_t length = (size_t)(end - vm->line);
	memcpy(out, vm->line, length);
	out[length] = '\0';
	vm->length -= length + 1;
	memmove(vm->line, end + 1, vm->length);
	return true;
}

bool vm_read(struct vm *vm, const struct worker *worker, struct vm_answer *ret)
{
	char line[256];
	for (unsigned others = 0; others < OTHER_LINES;) {
		if (vm_take_line(vm, line)) {
			if (vm_parse(line, ret))
				return true;
			others++; /* the VM's own reports go the same way */
			continue;
		}
		struct pollfd poll_fd = {.fd = vm->from, .events = POLLIN};
		if (worker_stopped(worker) || vm->length >= sizeof vm->line - 1)
			return false;
		if (poll(&poll_fd, 1, 50) <= 0)
			continue;
		ssize_t got = read(vm->from, vm->line + vm->length, sizeof vm->line - 1 - vm->length);
		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		vm->length += got > 0 ? (size_t)got : 0;
	}
	return false;
}

void vm_end(struct vm *vm)
{
	if (vm->pid <= 0)
		return;
	(void)kill(vm->pid, SIGKILL);
	while (waitpid(vm->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(vm->to);
	close(vm->from);
	vm->pid = -1;
}

/* The table of calls and errors. Why each error is there: man 2 of the call. */
#include "probes/trace/failing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

enum {
	NO_PORT = 1 << 0,
	IN_USE = 1 << 1,
	PROCESS_FILES = 1 << 2,
	HOST_FILES = 1 << 3,
	AGAIN = 1 << 4,
	MEMORY = 1 << 5,
	BUFFERS = 1 << 6,
	SPACE = 1 << 7,
	PERMISSION = 1 << 8,
	REFUSED = 1 << 9,
	TIMED_OUT = 1 << 10,
	NO_HOST = 1 << 11,
	NO_NETWORK = 1 << 12,
	RESET = 1 << 13,
	FILES = PROCESS_FILES | HOST_FILES,
	OBJECT = FILES | MEMORY, /* what each call that makes a descriptor can meet */
	PEER = REFUSED | TIMED_OUT | NO_HOST | NO_NETWORK | RESET,
	MAPPING = MEMORY | AGAIN,
	/* The filter of packets refuses one, also because connection tracking is full. */
	SENDING = BUFFERS | MEMORY | PERMISSION
};

static const struct {
	int error;
	const char *name;
} errors[] = {
		{EADDRNOTAVAIL, "EADDRNOTAVAIL"},
		{EADDRINUSE, "EADDRINUSE"},
		{EMFILE, "EMFILE"},
		{ENFILE, "ENFILE"},
		{EAGAIN, "EAGAIN"},
		{ENOMEM, "ENOMEM"},
		{ENOBUFS, "ENOBUFS"},
		{ENOSPC, "ENOSPC"},
		{EPERM, "EPERM"},
		{ECONNREFUSED, "ECONNREFUSED"},
		{ETIMEDOUT, "ETIMEDOUT"},
		{EHOSTUNREACH, "EHOSTUNREACH"},
		{ENETUNREACH, "ENETUNREACH"},
		{ECONNRESET, "ECONNRESET"},
};

/* EAGAIN of connect() is no normal work: a TCP socket that would wait gets EINPROGRESS. It is a
 * full queue of a Unix socket, or a UDP socket that found no port (inet_autobind()). accept() gets
 * EAGAIN whenever nobody waits, so it is left out there. */
static const struct failing_call calls[] = {
		{"connect", "connect", NO_PORT | IN_USE | AGAIN | SENDING | PEER},
		{"bind", "bind", NO_PORT | IN_USE | MEMORY},
		{"listen", "listen", IN_USE | MEMORY},
		{"socket", "socket", OBJECT | BUFFERS},
		{"socketpair", "socketpair", OBJECT | BUFFERS},
		{"accept", "accept", OBJECT | BUFFERS},
		{"accept4", "accept4", OBJECT | BUFFERS},
		{"open", "open", OBJECT | SPACE},
		{"openat", "open", OBJECT | SPACE},
		{"pipe", "pipe", OBJECT},
		{"pipe2", "pipe", OBJECT},
		{"dup", "dup", PROCESS_FILES},
		{"fcntl", "fcntl", PROCESS_FILES},
		{"eventfd2", "eventfd", OBJECT},
		{"timerfd_create", "timerfd_create", OBJECT},
		{"memfd_create", "memfd_create", OBJECT},
		{"epoll_create1", "epoll_create", OBJECT},
		{"epoll_ctl", "epoll_ctl", SPACE | MEMORY},
		{"inotify_init1", "inotify_init", OBJECT},
		{"inotify_add_watch", "inotify_add_watch", SPACE | MEMORY},
		{"clone", "clone", AGAIN | MEMORY | PERMISSION},
		{"clone3", "clone", AGAIN | MEMORY | PERMISSION},
		{"fork", "fork", AGAIN | MEMORY},
		{"vfork", "vfork", AGAIN | MEMORY},
		{"execve", "execve", AGAIN | MEMORY | FILES},
		{"mmap", "mmap", MAPPING},
		{"mprotect", "mprotect", MEMORY},
		{"mremap", "mremap", MAPPING},
		{"sendto", "sendto", SENDING},
		{"sendmsg", "sendmsg", SENDING},
		{"sendmmsg", "sendmmsg", SENDING},
};

size_t failing_count(void)
{
	return COUNT_OF(calls);
}

const struct failing_call *failing_at(size_t index)
{
	return &calls[index];
}

void failing_filter(const struct failing_call *call, char out[FAILING_FILTER_MAX])
{
	const char *between = "";
	size_t length = 0;
	out[0] = '\0';
	for (size_t i = 0; i < COUNT_OF(errors) && length < FAILING_FILTER_MAX; i++) {
		if (!(call->errors & 1u << i))
			continue;
		length += (size_t)snprintf(out + length,
				FAILING_FILTER_MAX - length,
				"%sret == -%d",
				between,
				errors[i].error);
		between = " || ";
	}
}

const char *failing_error_name(int error)
{
	for (size_t i = 0; i < COUNT_OF(errors); i++)
		if (errors[i].error == error)
			return errors[i].name;
	return NULL;
}

/* setns(2) there and back. The process has one thread, so nobody else notices. A rootless container
 * belongs to a user namespace: its owner may enter that first, and then there is no way back (the
 * same user, so files are as before). */
#include "probes/host/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_namespace(int pid, const char *kind)
{
	char path[64];
	if (pid == 0)
		(void)snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
	else
		(void)snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, kind);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static bool namespace_is_same(int a, int b)
{
	struct stat left, right;
	return fstat(a, &left) == 0 && fstat(b, &right) == 0 && left.st_dev == right.st_dev &&
			left.st_ino == right.st_ino;
}

/* By way of the user namespace that owns it. */
static bool enter_as_owner(int pid, int net)
{
	int user = open_namespace(pid, "user");
	bool entered = user >= 0 && setns(user, CLONE_NEWUSER) == 0 && setns(net, CLONE_NEWNET) == 0;
	if (user >= 0)
		close(user);
	return entered;
}

bool namespace_enter(struct namespace *namespace, int pid, bool *ret_denied, struct error *err)
{
	int own = open_namespace(0, "net"), other = open_namespace(pid, "net");
	*ret_denied = false;
	if (own < 0)
		return error_fail(err, "/proc/self/ns/net: %s", strerror(errno));
	if (other >= 0 && !namespace_is_same(own, other) && setns(other, CLONE_NEWNET) == 0) {
		namespace->own_fd = own;
		own = -1;
	} else {
		bool there = other >= 0 && namespace_is_same(own, other);
		namespace->in_userns = other >= 0 && !there && enter_as_owner(pid, other);
		*ret_denied = !there && !namespace->in_userns;
	}
	if (own >= 0)
		close(own);
	if (other >= 0)
		close(other);
	return true;
}

bool namespace_leave(struct namespace *namespace, struct error *err)
{
	if (namespace->own_fd < 0)
		return true;
	bool back = setns(namespace->own_fd, CLONE_NEWNET) == 0;
	int saved = errno;
	close(namespace->own_fd);
	namespace->own_fd = -1;
	return back ||
			error_fail(err,
					"the way back to the own network namespace is gone: %s",
					strerror(saved));
}

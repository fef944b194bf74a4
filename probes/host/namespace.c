/* setns(2) there and back. The process has one thread, so no other thread is affected. The network
 * namespace of a rootless container belongs to a user namespace, which its owner may enter first.
 * From there is no way back, but it is still the same user, so access to files does not change. */
#include "probes/host/namespace.h"

#include <assert.h>
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

/* Files of /proc/PID/net are numbered anew for each network namespace (fs/proc/generic.c), and
 * everybody may look at their numbers. */
static bool shares_network(int pid)
{
	char path[64];
	struct stat own, other;
	(void)snprintf(path, sizeof path, "/proc/%d/net/tcp", pid);
	if (stat("/proc/self/net/tcp", &own) != 0 || stat(path, &other) != 0)
		return false;
	return own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

static bool namespace_is_same(int a, int b)
{
	struct stat left, right;
	if (fstat(a, &left) != 0 || fstat(b, &right) != 0)
		return false;
	return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* Enters the user namespace of the process first, then its network namespace `net`. */
static bool enter_as_owner(int pid, int net)
{
	int user = open_namespace(pid, "user");
	if (user < 0)
		return false;
	bool owner = setns(user, CLONE_NEWUSER) == 0;
	close(user);
	return owner && setns(net, CLONE_NEWNET) == 0;
}

/* Enters the network namespace `other` from ours. Returns true if `own` is kept to go back. */
static bool namespace_change(struct namespace *namespace,
		int pid,
		int own,
		int other,
		bool *ret_denied)
{
	if (namespace_is_same(own, other))
		return false;
	if (setns(other, CLONE_NEWNET) == 0) {
		namespace->own_fd = own;
		return true;
	}
	namespace->in_userns = enter_as_owner(pid, other);
	*ret_denied = !namespace->in_userns;
	return false;
}

bool namespace_enter(struct namespace *namespace, int pid, bool *ret_denied, struct error *err)
{
	int own = open_namespace(0, "net");
	assert(namespace->own_fd < 0);
	*ret_denied = false;
	if (own < 0)
		return error_fail(err, "/proc/self/ns/net: %s", strerror(errno));
	int other = open_namespace(pid, "net");
	bool keep = false;
	if (other >= 0) {
		keep = namespace_change(namespace, pid, own, other, ret_denied);
		close(other);
	} else {
		*ret_denied = !shares_network(pid);
	}
	if (!keep)
		close(own);
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
	if (back)
		return true;
	return error_fail(err,
			"cannot return to headroom's own network namespace: %s",
			strerror(saved));
}

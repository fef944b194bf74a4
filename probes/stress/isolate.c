/* Makes the namespaces. They have no name, so that they are gone with the last process in them. */
#include "isolate.h"

#include <errno.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static bool refuse_namespace(struct worker *worker, const char *what, int error)
{
	const char *hint = "run it as root, or allow unprivileged user namespaces";
	if (error == ENOSPC || error == EUSERS)
		hint = "the limits user.max_user_namespaces or user.max_net_namespaces are used up";
	else if (error == ENOMEM)
		hint = "there is too little memory";
	else if (error == EINVAL || error == ENOSYS)
		hint = "this kernel has none";
	return worker_refuse(worker, "not possible: a private network namespace cannot be made (%s: %s); %s", what,
	                     strerrorname_np(error) ? strerrorname_np(error) : "error", hint);
}

/* user_namespaces(7): one user and one group, both root inside. */
static bool map_ids(struct worker *worker, uid_t uid, gid_t gid)
{
	char line[64];
	int error = setting_write("/proc/self/setgroups", "deny");
	if (error && error != ENOENT)
		return refuse_namespace(worker, "setgroups", error);
	(void)snprintf(line, sizeof line, "0 %u 1", (unsigned)uid);
	error = setting_write("/proc/self/uid_map", line);
	if (error)
		return refuse_namespace(worker, "uid_map", error);
	(void)snprintf(line, sizeof line, "0 %u 1", (unsigned)gid);
	error = setting_write("/proc/self/gid_map", line);
	return error ? refuse_namespace(worker, "gid_map", error) : true;
}

/* The connections of the sandbox get a hash table of their own (ip-sysctl.rst, tcp_child_ehash_entries, 6.1):
 * the next namespace made from this one has it. Without it they share the host's, which is only slower. */
static void own_hash(unsigned entries)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%u", entries);
	if (setting_write("/proc/sys/net/ipv4/tcp_child_ehash_entries", text) == 0)
		(void)unshare(CLONE_NEWNET);
}

/* Some kind of namespace, in a user namespace of its own where this process has not the right. */
static bool leave(struct worker *worker, int kind)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	if (unshare(kind) == 0)
		return true;
	if (errno != EPERM)
		return refuse_namespace(worker, "unshare", errno);
	if (unshare(CLONE_NEWUSER | kind) != 0)
		return refuse_namespace(worker, "unshare", errno);
	return map_ids(worker, uid, gid);
}

static bool lo_up(struct worker *worker)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error ? refuse_namespace(worker, "setting lo up", error) : true;
}

static int address_four(int fd, const struct sockaddr_in *address)
{
	/* A label of its own per address: SIOCSIFADDR on "lo" would replace 127.0.0.1 (devinet_ioctl). */
	struct ifreq request = {0};
	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "lo:%x", ntohl(address->sin_addr.s_addr));
	memcpy(&request.ifr_addr, address, sizeof *address);
	return ioctl(fd, SIOCSIFADDR, &request) == 0 ? 0 : errno;
}

static int address_six(int fd, const struct sockaddr_in6 *address)
{
	struct in6_ifreq request = {.ifr6_addr = address->sin6_addr, .ifr6_prefixlen = 128};
	request.ifr6_ifindex = (int)if_nametoindex("lo");
	return ioctl(fd, SIOCSIFADDR, &request) == 0 || errno == EEXIST ? 0 : errno;
}

int isolate_address(const struct sockaddr_storage *address)
{
	int fd = socket(address->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	int error = address->ss_family == AF_INET6 ? address_six(fd, (const struct sockaddr_in6 *)(const void *)address)
	                                           : address_four(fd, (const struct sockaddr_in *)(const void *)address);
	close(fd);
	return error;
}

bool isolate_pids(struct worker *worker)
{
	return leave(worker, CLONE_NEWPID);
}

bool isolate(struct worker *worker)
{
	if (!leave(worker, CLONE_NEWNET))
		return false;
	if (worker->calibrator->hash_entries)
		own_hash(worker->calibrator->hash_entries);
	if (!lo_up(worker))
		return false;
	unsigned long failed = settings_copy(worker->request->facts) & worker->calibrator->matters;
	for (enum setting_id id = 0; id < SETTINGS; id++)
		if (failed >> id & 1)
			worker_not_copied(worker, setting_key(id));
	return true;
}

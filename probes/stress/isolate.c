/* Makes the namespaces. They have no name, so that they are gone with the last process in them. */
#include "probes/stress/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "probes/stress/calibrator.h"
#include "probes/stress/settings.h"
#include "probes/stress/wire.h"

enum {
	ADDRESS_WAIT_MS = 2000
};

/* Ubuntu 23.10 and later let anyone make a user namespace, without any right inside it: the maps of
 * its users are refused then, or the first setting (AppArmor, kernel.apparmor_restrict_…). */
static bool apparmor_restricts(void)
{
	char value = '0';
	int fd = open("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool on = read(fd, &value, 1) == 1 && value == '1';
	close(fd);
	return on;
}

const char *isolate_hint(int error, bool restricted)
{
	bool denied = error == EPERM || error == EACCES;
	if (denied && restricted)
		return "AppArmor restricts user namespaces of users other than root "
			   "(kernel.apparmor_restrict_unprivileged_userns is 1, the default of Ubuntu 24.04): "
			   "run "
			   "it with sudo, or until the next boot: sudo sysctl -w "
			   "kernel.apparmor_restrict_unprivileged_userns=0";
	if (error == ENOSPC || error == EUSERS)
		return "the limits user.max_user_namespaces or user.max_net_namespaces are used up";
	if (error == ENOMEM)
		return "there is too little memory";
	if (error == EINVAL || error == ENOSYS)
		return "this kernel has none";
	return "run it as root, or allow unprivileged user namespaces";
}

static bool refuse_namespace(struct worker *worker, const char *what, int error)
{
	return worker_refuse(worker,
			"not possible: a private network namespace cannot be made (%s: %s); %s",
			what,
			strerrorname_np(error) ? strerrorname_np(error) : "error",
			isolate_hint(error, apparmor_restricts()));
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

/* The connections of the sandbox get a hash table of their own (ip-sysctl.rst,
 * tcp_child_ehash_entries, 6.1): the next namespace made from this one has it. Without it they
 * share the host's, which is only slower. */
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
	/* A label of its own per address: SIOCSIFADDR on "lo" would replace 127.0.0.1 (devinet_ioctl).
	 */
	struct ifreq request = {0};
	(void)snprintf(request.ifr_name,
			sizeof request.ifr_name,
			"lo:%x",
			ntohl(address->sin_addr.s_addr));
	memcpy(&request.ifr_addr, address, sizeof *address);
	return ioctl(fd, SIOCSIFADDR, &request) == 0 ? 0 : errno;
}

static int add_six(const struct sockaddr_in6 *address)
{
	_Alignas(struct nlmsghdr) char buffer[512];
	struct wire wire;
	int error = wire_open(&wire, NETLINK_ROUTE);
	if (error)
		return error;
	struct nlmsghdr *message =
			wire_message(&wire, buffer, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *body = mnl_nlmsg_put_extra_header(message, sizeof *body);
	*body = (struct ifaddrmsg){.ifa_family = AF_INET6,
			.ifa_prefixlen = 128,
			.ifa_index = if_nametoindex("lo")};
	mnl_attr_put_u32(message, IFA_FLAGS, IFA_F_NODAD | IFA_F_NOPREFIXROUTE);
	mnl_attr_put(message, IFA_LOCAL, sizeof address->sin6_addr, &address->sin6_addr);
	mnl_attr_put(message, IFA_ADDRESS, sizeof address->sin6_addr, &address->sin6_addr);
	error = wire_talk(&wire, message, message->nlmsg_len, message->nlmsg_seq);
	wire_close(&wire);
	return error == EEXIST ? 0 : error;
}

/* A UDP socket with a port that is not asked of the range: the target's may have none left. */
static int own_port_socket(void)
{
	const struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_port = htons(65535)};
	const int shared = 1; /* with the other threads */
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &shared, sizeof shared) == 0 &&
			bind(fd, (const struct sockaddr *)&own, sizeof own) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Does the kernel find its way to the address, from the address itself? */
static bool is_reached(const struct sockaddr_in6 *address)
{
	struct sockaddr_in6 to = *address, from = {.sin6_port = 0};
	socklen_t length = sizeof from;
	int fd = own_port_socket();
	to.sin6_port = htons(9); /* nothing is sent */
	bool reached = fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
			getsockname(fd, (struct sockaddr *)&from, &length) == 0 &&
			memcmp(&from.sin6_addr, &to.sin6_addr, sizeof to.sin6_addr) == 0;
	if (fd >= 0)
		close(fd);
	return reached;
}

/* The kernel leaves the last steps to a worker of its own (addrconf_dad_work, on lo too). Before
 * them the address may be tentative: bind() refuses it, connect() takes ::1 for its source; and its
 * own route is missing: the prefix route, were there one, would swallow the packets (on lo it is a
 * reject route without an error code). So it is waited for. */
static int address_six(const struct sockaddr_in6 *address)
{
	int error = add_six(address);
	for (unsigned i = 0; !error && !is_reached(address); i++) {
		if (i >= ADDRESS_WAIT_MS)
			return ETIMEDOUT;
		(void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	return error;
}

int isolate_address(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET6)
		return address_six((const struct sockaddr_in6 *)(const void *)address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	int error = address_four(fd, (const struct sockaddr_in *)(const void *)address);
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

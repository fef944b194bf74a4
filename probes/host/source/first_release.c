/* The list does not grow: what later releases read, 0.1 did not. */
#include "probes/host/source/first_release.h"

#include <stddef.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Below proc/sys/. */
static const char *const settings[] = {
		"fs/epoll/max_user_watches",
		"fs/file-max",
		"fs/file-nr",
		"fs/nr_open",
		"kernel/hostname",
		"kernel/osrelease",
		"kernel/pid_max",
		"kernel/random/boot_id",
		"kernel/threads-max",
		"net/core/netdev_max_backlog",
		"net/core/somaxconn",
		"net/ipv4/ip_autobind_reuse",
		"net/ipv4/ip_local_port_range",
		"net/ipv4/ip_local_port_step_width",
		"net/ipv4/ip_local_reserved_ports",
		"net/ipv4/ip_unprivileged_port_start",
		"net/ipv4/neigh/default/gc_thresh1",
		"net/ipv4/neigh/default/gc_thresh2",
		"net/ipv4/neigh/default/gc_thresh3",
		"net/ipv4/tcp_abort_on_overflow",
		"net/ipv4/tcp_fin_timeout",
		"net/ipv4/tcp_max_orphans",
		"net/ipv4/tcp_max_syn_backlog",
		"net/ipv4/tcp_max_tw_buckets",
		"net/ipv4/tcp_mem",
		"net/ipv4/tcp_rmem",
		"net/ipv4/tcp_syncookies",
		"net/ipv4/tcp_timestamps",
		"net/ipv4/tcp_tw_recycle",
		"net/ipv4/tcp_tw_reuse",
		"net/ipv4/tcp_tw_reuse_delay",
		"net/ipv4/tcp_tw_timeout",
		"net/ipv4/tcp_wmem",
		"net/ipv6/neigh/default/gc_thresh1",
		"net/ipv6/neigh/default/gc_thresh2",
		"net/ipv6/neigh/default/gc_thresh3",
		"net/netfilter/nf_conntrack_buckets",
		"net/netfilter/nf_conntrack_count",
		"net/netfilter/nf_conntrack_max",
		"net/netfilter/nf_conntrack_tcp_timeout_close",
		"net/netfilter/nf_conntrack_tcp_timeout_close_wait",
		"net/netfilter/nf_conntrack_tcp_timeout_established",
		"net/netfilter/nf_conntrack_tcp_timeout_fin_wait",
		"net/netfilter/nf_conntrack_tcp_timeout_last_ack",
		"net/netfilter/nf_conntrack_tcp_timeout_syn_recv",
		"net/netfilter/nf_conntrack_tcp_timeout_syn_sent",
		"net/netfilter/nf_conntrack_tcp_timeout_time_wait",
		"net/netfilter/nf_conntrack_udp_timeout",
		"net/netfilter/nf_conntrack_udp_timeout_stream",
		"vm/max_map_count",
};

/* Below proc/net/. */
static const char *const tables[] = {
		"dev",
		"ip6_tables_names",
		"ip_tables_names",
		"netstat",
		"snmp",
		"sockstat",
		"sockstat6",
		"softnet_stat",
		"stat/arp_cache",
		"stat/nf_conntrack",
		"tcp",
		"tcp6",
		"udp",
		"udp6",
};

/* Of the vantage process, and of others. */
static const char *const of_process[] = {
		"cgroup",
		"cmdline",
		"comm",
		"environ",
		"fd",
		"limits",
		"mountinfo",
		"root",
		"status",
};

static const char *const single[] = {
		".dockerenv",
		"Dockerfile",
		"erlang",
		"nft.json",
		"proc/cpuinfo",
		"proc/loadavg",
		"proc/meminfo",
		"proc/modules",
		"proc/uptime",
		"sockets.json",
};

/* All below these. */
static const char *const directories[] = {
		"etc/",
		"home/",
		"lib/",
		"run/",
		"sys/",
		"usr/",
		"var/",
};

/* Since 0.2: what configures engines of containers. */
static const char *const later[] = {
		"etc/docker/",
		"etc/containerd/",
		"etc/crio/",
		"etc/containers/",
		"usr/share/containers/",
		"var/lib/kubelet/",
};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static bool is_below_one_of(const char *path, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_begins_with(path, names[i]))
			return true;
	}
	return false;
}

/* proc/self/NAME or proc/PID/NAME. */
static bool is_of_process(const char *path)
{
	static const char proc[] = "proc/", self[] = "self";
	if (!text_begins_with(path, proc))
		return false;
	path += strlen(proc);
	size_t length = strspn(path, "0123456789");
	if (text_begins_with(path, self))
		length = strlen(self);
	if (length == 0 || path[length] != '/')
		return false;
	return is_one_of(path + length + 1, of_process, COUNT_OF(of_process));
}

bool first_release_read(const char *path)
{
	static const char sys[] = "proc/sys/", net[] = "proc/net/";
	if (strcmp(path, "etc/hosts") == 0 || is_below_one_of(path, later, COUNT_OF(later)))
		return false;
	if (text_begins_with(path, sys))
		return is_one_of(path + strlen(sys), settings, COUNT_OF(settings));
	if (text_begins_with(path, net))
		return is_one_of(path + strlen(net), tables, COUNT_OF(tables));
	if (is_one_of(path, single, COUNT_OF(single)))
		return true;
	bool below = is_below_one_of(path, directories, COUNT_OF(directories));
	return below || is_of_process(path);
}

/* The table of known fact keys, one row for each. A limit that is the content of one file needs
 * nothing more to be read. A row that names no way to read it is READ_BY_PROBE: its path only says
 * where the probe looks. Paths are relative to the root. */
#include "probes/host/facts/keys.h"

#include <assert.h>
#include <string.h>

#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"

/* clang-format off */
static const struct known_key known_keys[] = {
	/* The host */
	{"os.name", UNIT_TEXT,
	 .means = "linux or darwin"},
	{"os.pretty", UNIT_TEXT, .path = "etc/os-release",
	 .means = "the distribution's own name for itself"},
	{"kernel.release", UNIT_TEXT, .path = "proc/sys/kernel/osrelease",
	 .means = "the kernel release"},
	{"kernel.version", UNIT_VERSION, .path = "proc/sys/kernel/osrelease",
	 .means = "the kernel's version; formulas compare it with v6.9"},
	{"kernel.hz", UNIT_COUNT, .positive = true,
	 .means = "timer ticks per second (CONFIG_HZ)"},
	{"host.name", UNIT_TEXT, .path = "proc/sys/kernel/hostname",
	 .means = "the host name"},
	{"host.cpus", UNIT_COUNT, .positive = true, .path = "sys/devices/system/cpu/online",
	 .means = "CPUs that are online"},
	{"host.boot_id", UNIT_TEXT, .path = "proc/sys/kernel/random/boot_id",
	 .means = "an ID that changes with every boot"},
	{"host.virtualization", UNIT_TEXT, .path = "sys/class/dmi/id",
	 .means = "kvm, vmware, hyperv, xen, virtualbox, amazon, google, wsl, vm, or none"},
	{"host.cloud", UNIT_TEXT, .path = "sys/class/dmi/id/sys_vendor",
	 .means = "aws, gcp or azure, recognized by the names in the firmware"},
	{"host.container", UNIT_TEXT,
	 .means = "docker, podman, kubernetes, lxc, systemd-nspawn or none"},
	{"host.uptime", UNIT_SECONDS, .path = "proc/uptime",
	 .means = "seconds since boot"},
	{"memory.page_bytes", UNIT_BYTES, .positive = true,
	 .means = "size of a memory page"},
	{"memory.total", UNIT_BYTES, .positive = true, .path = "proc/meminfo",
	 .means = "memory of the machine"},
	{"memory.available", UNIT_BYTES, .path = "proc/meminfo",
	 .means = "memory available without swapping"},
	{"memory.free", UNIT_BYTES, .path = "proc/meminfo",
	 .means = "unused memory"},

	/* The vantage: the process whose limits count */
	{"vantage.pid", UNIT_COUNT, .path = "proc/self/status",
	 .means = "process ID of the audited process"},
	{"vantage.uid", UNIT_COUNT, .path = "proc/self/status",
	 .means = "user ID of the audited process, as seen outside user namespaces"},
	{"vantage.user", UNIT_TEXT, .path = "etc/passwd",
	 .means = "user name of the audited process"},
	{"vantage.process", UNIT_TEXT, .path = "proc/self/status",
	 .means = "name of the audited process"},
	{"vantage.unit", UNIT_TEXT, .path = "proc/self/cgroup",
	 .means = "the systemd unit that the process belongs to"},
	{"vantage.netns.initial", UNIT_BOOL, .path = "proc/sys/net/ipv4",
	 .means = "the process is in the initial network namespace (others hide global values)"},
	{"vantage.cap_net_admin", UNIT_BOOL, .path = "proc/self/status",
	 .means = "the process may change network settings"},
	{"vantage.cap_sys_resource", UNIT_BOOL, .path = "proc/self/status",
	 .means = "the process may raise hard limits"},
	{"vantage.cap_sys_admin", UNIT_BOOL, .path = "proc/self/status",
	 .means = "the process may administer the system"},
	{"vantage.userns.initial", UNIT_BOOL, .path = "proc/self/ns/user",
	 .means = "the process is in the initial user namespace, where capabilities count everywhere"},
	{"limits.nofile.soft", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "open files per process: the limit in force"},
	{"limits.nofile.hard", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "open files per process: up to here the process may raise its limit"},
	{"limits.nproc.soft", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "threads of the user (not for root, CAP_SYS_RESOURCE, CAP_SYS_ADMIN)"},
	{"limits.nproc.hard", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "threads of the user: up to here the process may raise its limit"},
	{"process.fds_open", UNIT_COUNT, .path = "proc/self/fd",
	 .means = "open files now (of this shell: those that a command started from it inherits)"},
	{"process.fds_below_soft", UNIT_COUNT, .path = "proc/self/fd",
	 .means = "open files whose number is below the soft limit"},
	{"process.fds_below_hard", UNIT_COUNT, .path = "proc/self/fd",
	 .means = "open files whose number is below the hard limit"},
	{"process.fd_slots", UNIT_COUNT, .path = "proc/self/status",
	 .means = "size of the process's file table; no more files can be open (FDSize)"},
	{"process.threads", UNIT_COUNT, .path = "proc/self/status",
	 .means = "threads of the process"},
	{"process.maps", UNIT_COUNT, .path = "proc/self/maps",
	 .means = "memory mappings of the process (with --pid)"},
	{"files.open", UNIT_COUNT, .instances = true, .path = "proc",
	 .means = "open files by PID: processes with the most or closest to their limit (Linux 6.2)"},
	{"files.soft", UNIT_COUNT, .instances = true, .path = "proc",
	 .means = "open-files limits of those processes"},
	{"files.process", UNIT_TEXT, .instances = true, .path = "proc",
	 .means = "names of those processes"},
	{"cgroup.version", UNIT_COUNT, .path = "proc/self/cgroup",
	 .means = "1, 2, or 12 for both"},
	{"cgroup.memory.max", UNIT_BYTES,
	 .means = "the tightest memory limit of the process's control groups"},
	{"cgroup.memory.current", UNIT_BYTES,
	 .means = "memory in use in the group of cgroup.memory.max"},
	{"cgroup.memory.file", UNIT_BYTES,
	 .means = "the part of cgroup.memory.current that is file cache and can be reclaimed"},
	{"cgroup.pids.max", UNIT_COUNT,
	 .means = "the tightest thread limit of the process's control groups"},
	{"cgroup.pids.current", UNIT_COUNT,
	 .means = "threads in the group of cgroup.pids.max"},
	{"cgroup.pids.group", UNIT_TEXT,
	 .means = "the group of cgroup.pids.max, as a path below the root of the control groups"},
	{"cgroup.pids.unit", UNIT_TEXT,
	 .means = "the systemd unit of that group, whose TasksMax sets the limit"},
	{"cgroup.pids.next.max", UNIT_COUNT,
	 .means = "the tightest thread limit of the other control groups above the process"},
	{"cgroup.pids.next.current", UNIT_COUNT,
	 .means = "threads in the group of cgroup.pids.next.max"},
	{"cgroup.pids.next.group", UNIT_TEXT,
	 .means = "the group of cgroup.pids.next.max, as a path below the root of the control groups"},
	{"cgroup.pids.next.unit", UNIT_TEXT,
	 .means = "the systemd unit of that group"},

	/* Outgoing ports and TIME_WAIT */
	{"net.ipv4.ip_local_port_range", UNIT_TEXT, READ_RANGE,
	 .means = "first and last outgoing port"},
	{"net.ipv4.ip_local_reserved_ports", UNIT_TEXT, READ_PORTS,
	 .means = "ports that are never chosen automatically"},
	{"net.ipv4.ip_unprivileged_port_start", UNIT_COUNT, READ_NUMBER,
	 .means = "ports below it need a privilege; the port range cannot begin below it"},
	{"net.ipv4.ip_autobind_reuse", UNIT_COUNT, READ_NUMBER,
	 .means = "bind(0) with SO_REUSEADDR may share ports"},
	{"net.ipv4.ip_local_port_step_width", UNIT_COUNT, READ_NUMBER,
	 .means = "step of the port search (new kernels)"},
	{"net.ipv4.tcp_tw_reuse", UNIT_COUNT, READ_NUMBER,
	 .means = "0 off, 1 on, 2 loopback only: connect() may take a port in TIME_WAIT"},
	{"net.ipv4.tcp_tw_reuse_delay", UNIT_SECONDS, READ_MILLISECONDS,
	 .means = "how long a port must have been in TIME_WAIT before that (since 6.14)"},
	{"net.ipv4.tcp_fin_timeout", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long an orphaned socket stays in FIN_WAIT_2; does not change TIME_WAIT"},
	{"net.ipv4.tcp_tw_timeout", UNIT_SECONDS, READ_NUMBER,
	 .means = "TIME_WAIT on some vendor kernels; on mainline it is always 60 s"},
	{"net.ipv4.tcp_tw_recycle", UNIT_COUNT, READ_NUMBER,
	 .means = "removed in Linux 4.12"},
	{"net.ipv4.tcp_max_tw_buckets", UNIT_COUNT, READ_NUMBER,
	 .means = "most sockets in TIME_WAIT; the kernel closes more without TIME_WAIT"},
	{"net.ipv4.tcp_timestamps", UNIT_COUNT, READ_NUMBER,
	 .means = "TCP timestamps; tcp_tw_reuse needs them"},

	/* TCP memory and orphans */
	{"net.ipv4.tcp_max_orphans", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "most orphaned sockets (closed by the program); the kernel resets more"},
	{"net.ipv4.tcp_mem.min", UNIT_COUNT, READ_FIELD, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem",
	 .means = "pages of all TCP sockets: no memory pressure below this"},
	{"net.ipv4.tcp_mem.pressure", UNIT_COUNT, READ_FIELD, .field = 1, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem",
	 .means = "pages of all TCP sockets: memory pressure begins here"},
	{"net.ipv4.tcp_mem.max", UNIT_COUNT, READ_FIELD, .field = 2, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem",
	 .means = "pages of all TCP sockets: hard limit"},
	{"net.ipv4.tcp_rmem.min", UNIT_BYTES, READ_FIELD, .path = "proc/sys/net/ipv4/tcp_rmem",
	 .means = "receive buffer of one socket: guaranteed size"},
	{"net.ipv4.tcp_rmem.default", UNIT_BYTES, READ_FIELD, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_rmem",
	 .means = "receive buffer of one socket: initial size"},
	{"net.ipv4.tcp_rmem.max", UNIT_BYTES, READ_FIELD, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_rmem",
	 .means = "receive buffer of one socket: largest size"},
	{"net.ipv4.tcp_wmem.min", UNIT_BYTES, READ_FIELD, .path = "proc/sys/net/ipv4/tcp_wmem",
	 .means = "send buffer of one socket: guaranteed size"},
	{"net.ipv4.tcp_wmem.default", UNIT_BYTES, READ_FIELD, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_wmem",
	 .means = "send buffer of one socket: initial size"},
	{"net.ipv4.tcp_wmem.max", UNIT_BYTES, READ_FIELD, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_wmem",
	 .means = "send buffer of one socket: largest size"},

	/* Listen queues and the packet backlog */
	{"net.core.somaxconn", UNIT_COUNT, READ_NUMBER,
	 .means = "upper bound of every listen() backlog"},
	{"net.ipv4.tcp_max_syn_backlog", UNIT_COUNT, READ_NUMBER,
	 .means = "handshakes in progress; matters only without SYN cookies"},
	{"net.ipv4.tcp_syncookies", UNIT_COUNT, READ_NUMBER,
	 .means = "SYN cookies: 0 never, 1 when a queue is full, 2 always"},
	{"net.ipv4.tcp_abort_on_overflow", UNIT_COUNT, READ_NUMBER,
	 .means = "a full accept queue resets the connection instead of dropping the last ACK"},
	{"net.core.netdev_max_backlog", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "packets that may wait per CPU (lo, veth, drivers without NAPI)"},

	/* Neighbour tables */
	{"net.ipv4.neigh.default.gc_thresh1", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv4 neighbor entries: never removed below this"},
	{"net.ipv4.neigh.default.gc_thresh2", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv4 neighbor entries: old ones are removed above this"},
	{"net.ipv4.neigh.default.gc_thresh3", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv4 neighbor entries: hard limit"},
	{"net.ipv6.neigh.default.gc_thresh1", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv6 neighbor entries: never removed below this"},
	{"net.ipv6.neigh.default.gc_thresh2", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv6 neighbor entries: old ones are removed above this"},
	{"net.ipv6.neigh.default.gc_thresh3", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv6 neighbor entries: hard limit"},

	/* Connection tracking */
	{"net.netfilter.nf_conntrack_max", UNIT_COUNT, READ_NUMBER,
	 .means = "most conntrack entries of each network namespace"},
	{"net.netfilter.nf_conntrack_buckets", UNIT_COUNT, READ_NUMBER,
	 .means = "hash buckets of the conntrack table (one table for all namespaces)"},
	{"net.netfilter.nf_conntrack_count", UNIT_COUNT, READ_NUMBER,
	 .means = "conntrack entries of this network namespace now"},
	{"net.netfilter.nf_conntrack_tcp_timeout_time_wait", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry stays after a close with FIN"},
	{"net.netfilter.nf_conntrack_tcp_timeout_close", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry stays after a reset"},
	{"net.netfilter.nf_conntrack_tcp_timeout_established", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry of an idle open connection stays"},
	{"net.netfilter.nf_conntrack_tcp_timeout_fin_wait", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry stays after the first FIN"},
	{"net.netfilter.nf_conntrack_tcp_timeout_close_wait", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry stays while the second FIN is missing"},
	{"net.netfilter.nf_conntrack_tcp_timeout_last_ack", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry stays while the last ACK is missing"},
	{"net.netfilter.nf_conntrack_tcp_timeout_syn_sent", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry of an unanswered SYN stays"},
	{"net.netfilter.nf_conntrack_tcp_timeout_syn_recv", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry of an unfinished handshake stays"},
	{"net.netfilter.nf_conntrack_udp_timeout", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry of a UDP flow stays"},
	{"net.netfilter.nf_conntrack_udp_timeout_stream", UNIT_SECONDS, READ_NUMBER,
	 .means = "how long a conntrack entry of a UDP flow with traffic both ways stays"},
	{"conntrack.tracked", UNIT_BOOL,
	 .means = "a rule in this network namespace makes the kernel track IPv4 connections"},
	{"conntrack.tracked6", UNIT_BOOL,
	 .means = "a rule in this network namespace makes the kernel track IPv6 connections"},
	{"conntrack.untracked", UNIT_TEXT,
	 .means = "traffic that rules exempt from tracking: in ip tcp from 8080; out ip tcp to 8080"},
	{"conntrack.policy_timeout", UNIT_SECONDS,
	 .means = "the longest timeout that firewall rules themselves set (ct timeout)"},
	{"nat.source_ports", UNIT_COUNT,
	 .means = "the fewest source ports that a masquerade or SNAT rule has for one destination"},
	{"conntrack.drop", UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "packets dropped because the table was full, since boot"},
	{"conntrack.early_drop", UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "conntrack entries evicted early to make room"},
	{"conntrack.insert_failed", UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "conntrack entries that could not be added (a race of packets, or no NAT port left)"},
	{"cloud.conntrack_available", UNIT_COUNT,
	 .means = "how many more connections the cloud would track for this machine (AWS, driver ena)"},
	{"cloud.conntrack_exceeded", UNIT_COUNT,
	 .means = "packets dropped because the cloud could not track more connections"},
	{"dockerfile.run_sysctl", UNIT_TEXT,
	 .means = "line of ./Dockerfile where RUN sets a sysctl (it has no effect)"},
	{"conntrack.other_dataplane", UNIT_TEXT, .path = "proc/net/dev",
	 .means = "an eBPF data plane with its own table (cilium)"},

	/* The whole system */
	{"fs.file-max", UNIT_COUNT, READ_HUGE,
	 .means = "open files on the whole host: the limit"},
	{"fs.nr_open", UNIT_COUNT, READ_NUMBER,
	 .means = "the highest value that a hard nofile limit can have"},
	{"fs.file-nr.allocated", UNIT_COUNT, READ_FIELD, .path = "proc/sys/fs/file-nr",
	 .means = "open files on the whole host now"},
	{"fs.epoll.max_user_watches", UNIT_COUNT, READ_NUMBER,
	 .means = "epoll watches that one user may have"},
	{"fs.inotify.max_user_instances", UNIT_COUNT, READ_NUMBER,
	 .means = "inotify instances that one user may have"},
	{"fs.inotify.max_user_watches", UNIT_COUNT, READ_NUMBER,
	 .means = "files and directories that one user may watch with inotify"},
	{"inotify.instances", UNIT_COUNT, .instances = true, .path = "proc",
	 .means = "inotify instances of this user ID's processes"},
	{"kernel.pid_max", UNIT_COUNT, READ_NUMBER,
	 .means = "highest process and thread ID"},
	{"kernel.threads-max", UNIT_COUNT, READ_NUMBER,
	 .means = "threads on the whole host: the limit"},
	{"vm.max_map_count", UNIT_COUNT, READ_NUMBER,
	 .means = "memory mappings that one process may have (a thread takes two)"},
	{"threads.running", UNIT_COUNT, .path = "proc/loadavg",
	 .means = "threads on the whole host now"},
	{"threads.of_user", UNIT_COUNT, .path = "proc",
	 .means = "threads of the process's user, which RLIMIT_NPROC counts"},

	/* Sockets now */
	{"sockets.source", UNIT_TEXT,
	 .means = "sock_diag, or proc if netlink cannot be used"},
	{"sockets.tcp.established", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.syn_sent", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.syn_recv", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.fin_wait1", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.fin_wait2", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.time_wait", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.close_wait", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.last_ack", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.closing", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.listen", UNIT_COUNT,
	 .means = "TCP sockets in this state"},
	{"sockets.tcp.bound", UNIT_COUNT,
	 .means = "TCP sockets that are bound to a port but not connected (listed since 6.8)"},
	{"destination.sockets", UNIT_COUNT, .instances = true,
	 .means = "sockets with a local port in the outgoing range, to one IP:PORT"},
	{"destination.established", UNIT_COUNT, .instances = true,
	 .means = "the established ones among destination.sockets"},
	{"destination.time_wait", UNIT_COUNT, .instances = true,
	 .means = "those of destination.sockets in TIME_WAIT"},
	{"pool.sockets", UNIT_COUNT, .instances = true,
	 .means = "connected sockets from one local address to one IP:PORT, SOURCE>DESTINATION"},
	{"pool.established", UNIT_COUNT, .instances = true,
	 .means = "the established ones among pool.sockets"},
	{"pool.time_wait", UNIT_COUNT, .instances = true,
	 .means = "those of pool.sockets in TIME_WAIT"},
	{"pool.ports", UNIT_COUNT, .instances = true,
	 .means = "outgoing ports that pool.sockets use, without those in pool.reusable"},
	{"pool.reusable", UNIT_COUNT, .instances = true,
	 .means = "ports in TIME_WAIT that tcp_tw_reuse can take over now"},
	{"pool.counted", UNIT_COUNT, .instances = true,
	 .means = "how many pools lead to a destination that the plan names"},
	{"pools.total", UNIT_COUNT,
	 .means = "pools (local address and destination) that have sockets"},
	{"pools.unlisted", UNIT_COUNT,
	 .means = "pools that are not listed as facts"},
	{"pools.largest_unlisted", UNIT_COUNT,
	 .means = "the most sockets of a pool that is not listed"},
	{"local.ports", UNIT_COUNT, .instances = true,
	 .means = "outgoing ports that connected sockets of this local address use"},
	{"locals.total", UNIT_COUNT,
	 .means = "local addresses that connected sockets use"},
	{"ports.in_use", UNIT_COUNT,
	 .means = "outgoing ports that connected sockets use and nothing else blocks"},
	{"ports.in_use4", UNIT_COUNT,
	 .means = "ports where IPv4 sockets prevent a bind() to 0.0.0.0"},
	{"ports.in_use6", UNIT_COUNT,
	 .means = "ports where IPv6 sockets prevent a bind() to [::]"},
	{"ports.in_use6_for4", UNIT_COUNT,
	 .means = "ports where IPv6 sockets may prevent a bind() to 0.0.0.0"},
	{"ports.bound_connected", UNIT_COUNT,
	 .means = "ports of connected sockets that called bind(); only --set can give it"},
	{"route.source", UNIT_TEXT, .instances = true,
	 .means = "the local address that connect() chooses for this destination"},
	{"name.addresses", UNIT_TEXT, .instances = true,
	 .means = "the addresses of a host name"},
	{"ports.udp_pinned", UNIT_TEXT,
	 .means = "UDP sockets in the port range, ADDR:PORT; /6: only IPv6, /c: connected"},
	{"listener.port", UNIT_COUNT, .instances = true,
	 .means = "port of the listener ADDR:PORT"},
	{"listener.backlog", UNIT_COUNT, .instances = true,
	 .means = "its backlog in force: min(backlog, somaxconn) at the time of listen()"},
	{"listener.queue", UNIT_COUNT, .instances = true,
	 .means = "connections in the listener's accept queue"},
	{"listener.drops", UNIT_COUNT, .instances = true,
	 .means = "SYNs and handshakes that the listener has dropped since it began to listen"},
	{"listener.sockets", UNIT_COUNT, .instances = true,
	 .means = "sockets that listen on this address (SO_REUSEPORT); one if not given"},
	{"listener.holds", UNIT_COUNT, .instances = true,
	 .means = "of several sockets: connections that all their accept queues together can hold"},
	{"listener.waiting", UNIT_COUNT, .instances = true,
	 .means = "of several sockets: connections in all their accept queues"},
	{"listener.room", UNIT_COUNT, .instances = true,
	 .means = "of several sockets: the room left in the fullest accept queue"},
	{"listener.interfaces_differ", UNIT_BOOL, .instances = true,
	 .means = "of several sockets: each is for one interface, so they share nothing"},
	{"listener.process", UNIT_TEXT, .instances = true,
	 .means = "the process that the listener belongs to"},
	{"listener.own", UNIT_BOOL, .instances = true,
	 .means = "the listener belongs to the audited process (--pid)"},
	{"ports.listening", UNIT_TEXT,
	 .means = "TCP ports with a listener"},
	{"ports.bound", UNIT_TEXT,
	 .means = "TCP ports of sockets that are bound but not connected; connect() cannot use them"},
	{"ports.pinned", UNIT_TEXT,
	 .means = "listening and bound sockets in the port range, ADDR:PORT; /6: only IPv6"},
	{"ports.connected_in_range", UNIT_COUNT,
	 .means = "different outgoing ports that connected sockets use"},
	{"ports.udp_bound", UNIT_TEXT, .path = "proc/net/udp",
	 .means = "UDP ports in use"},
	{"ports.published", UNIT_TEXT,
	 .means = "ports of this host that are forwarded to containers"},
	{"kubernetes.node", UNIT_BOOL,
	 .means = "kubelet or kube-proxy runs here"},

	/* Counters since boot */
	{"netstat.TcpExt.ListenOverflows", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections dropped because an accept queue was full"},
	{"netstat.TcpExt.ListenDrops", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections dropped by a listener, for any reason"},
	{"netstat.TcpExt.TCPTimeWaitOverflow", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "sockets closed without TIME_WAIT, because tcp_max_tw_buckets was reached"},
	{"netstat.TcpExt.TCPReqQFullDoCookies", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "times a SYN queue was full and SYN cookies were sent"},
	{"netstat.TcpExt.TCPReqQFullDrop", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYNs dropped because a SYN queue was full"},
	{"netstat.TcpExt.SyncookiesSent", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN cookies sent"},
	{"netstat.TcpExt.SyncookiesRecv", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN cookies received back"},
	{"netstat.TcpExt.SyncookiesFailed", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN cookies that were not valid"},
	{"netstat.TcpExt.TCPAbortOnMemory", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections reset for lack of TCP memory or too many orphans"},
	{"netstat.TcpExt.TCPMemoryPressures", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "times that TCP memory came under pressure"},
	{"netstat.TcpExt.PAWSActive", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections refused because of old timestamps"},
	{"netstat.TcpExt.TW", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "sockets that left TIME_WAIT when their time was over"},
	{"netstat.TcpExt.TWRecycled", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "TIME_WAIT sockets that a new connection reused"},
	{"snmp.Tcp.ActiveOpens", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections opened by this host"},
	{"snmp.Tcp.PassiveOpens", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections accepted by this host"},
	{"snmp.Tcp.AttemptFails", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connection attempts that failed"},
	{"snmp.Tcp.CurrEstab", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "established connections now"},
	{"snmp.Tcp.RetransSegs", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "segments retransmitted"},
	{"softnet.dropped", UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "packets dropped because a per-CPU backlog was full"},
	{"softnet.squeezed", UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "times the kernel used up its budget for received packets before it was done"},
	{"softnet.backlog", UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "packets waiting in the fullest per-CPU backlog (since Linux 5.10)"},
	{"neighbours.count", UNIT_COUNT, .path = "proc/net/stat/arp_cache",
	 .means = "IPv4 neighbor entries, all network namespaces"},
	{"arp.table_fulls", UNIT_COUNT, .path = "proc/net/stat/arp_cache",
	 .means = "times the IPv4 neighbor table was full"},
	{"neighbours.ipv6.count", UNIT_COUNT, .path = "proc/net/stat/ndisc_cache",
	 .means = "IPv6 neighbor entries, all network namespaces"},
	{"ndisc.table_fulls", UNIT_COUNT, .path = "proc/net/stat/ndisc_cache",
	 .means = "times the IPv6 neighbor table was full"},
	{"sockstat.used", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "sockets of all kinds"},
	{"sockstat.orphan", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "orphaned TCP sockets: closed by the program, not yet by the peer"},
	{"sockstat.tw", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets in TIME_WAIT"},
	{"sockstat.alloc", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets allocated"},
	{"sockstat.mem_pages", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "pages of TCP memory in use"},

	/* Erlang: every running BEAM (by process id), and the erl of this PATH */
	{"beam.name", UNIT_TEXT, .instances = true,
	 .means = "node name of the Erlang node"},
	{"beam.port_limit_requested", UNIT_COUNT, .instances = true,
	 .means = "Erlang ports requested with +Q or ERL_MAX_PORTS"},
	{"beam.port_limit", UNIT_COUNT, .instances = true,
	 .means = "Erlang ports in force: the next power of two"},
	{"beam.process_limit_requested", UNIT_COUNT, .instances = true,
	 .means = "Erlang processes requested with +P"},
	{"beam.process_limit", UNIT_COUNT, .instances = true,
	 .means = "Erlang processes in force"},
	{"beam.nofile.soft", UNIT_COUNT, .instances = true,
	 .means = "open-files limit of the Erlang node"},
	{"beam.fds_open", UNIT_COUNT, .instances = true,
	 .means = "open files of the Erlang node"},
	{"erlang.path", UNIT_TEXT,
	 .means = "the erl that PATH finds"},
	{"erlang.otp_release", UNIT_TEXT,
	 .means = "OTP release of that erl"},
	{"erlang.port_limit_requested", UNIT_COUNT,
	 .means = "Erlang ports requested by the environment"},
	{"erlang.port_limit", UNIT_COUNT,
	 .means = "Erlang ports that this erl would have"},
	{"erlang.process_limit", UNIT_COUNT,
	 .means = "Erlang processes that this erl would have"},
	{"erlang.max_fds", UNIT_COUNT,
	 .means = "largest number of files that this erl would watch"},

	/* After the next boot (boot.KEY of every sysctl is known as well) */
	{"boot.limits.nofile.soft", UNIT_COUNT, .path = "etc/security/limits.conf",
	 .means = "soft open-files limit of the user's next login"},
	{"boot.limits.nofile.hard", UNIT_COUNT, .path = "etc/security/limits.conf",
	 .means = "hard open-files limit of the user's next login"},
	{"boot.systemd.default_nofile.soft", UNIT_COUNT, .path = "etc/systemd/system.conf",
	 .means = "soft open-files limit of a service that does not set its own"},
	{"boot.systemd.default_nofile.hard", UNIT_COUNT, .path = "etc/systemd/system.conf",
	 .means = "hard open-files limit of a service that does not set its own"},
	{"boot.unit.nofile.soft", UNIT_COUNT,
	 .means = "soft LimitNOFILE of the audited process's unit"},
	{"boot.unit.nofile.hard", UNIT_COUNT,
	 .means = "hard LimitNOFILE of the audited process's unit"},
	{"boot.overridden", UNIT_TEXT, .instances = true,
	 .means = "settings of this sysctl (the instance) that a later one overrides"},
	{"boot.refused", UNIT_TEXT, .instances = true,
	 .means = "a value of this sysctl (the instance) that the kernel refuses at boot"},
	{"boot.dead", UNIT_TEXT, .instances = true,
	 .means = "a line for a sysctl (the instance) that no longer exists"},
	{"boot.kube_proxy.conntrack_max", UNIT_COUNT,
	 .means = "nf_conntrack_max as kube-proxy sets it each time it starts"},
	{"tuned.profile", UNIT_TEXT, .path = "etc/tuned/active_profile",
	 .means = "TuneD's profile"},
	{"boot.modules.nf_conntrack", UNIT_BOOL, .path = "etc/modules-load.d",
	 .means = "nf_conntrack is loaded at boot"},

	/* macOS (from a facts file, or a tree of headroom-collect) */
	{"net.inet.ip.portrange.first", UNIT_COUNT,
	 .means = "first outgoing port"},
	{"net.inet.ip.portrange.last", UNIT_COUNT,
	 .means = "last outgoing port"},
	{"net.inet.tcp.msl", UNIT_SECONDS,
	 .means = "half of TIME_WAIT (the sysctl is in ms)"},
	{"kern.maxfilesperproc", UNIT_COUNT,
	 .means = "open files per process: the limit"},
	{"kern.maxfiles", UNIT_COUNT,
	 .means = "open files on the whole host: the limit"},
	{"kern.num_files", UNIT_COUNT,
	 .means = "open files on the whole host now"},
	{"kern.num_taskthreads", UNIT_COUNT,
	 .means = "most threads per process"},
	{"kern.ipc.somaxconn", UNIT_COUNT,
	 .means = "upper bound of every listen() backlog"},
};
/* clang-format on */

enum {
	KNOWN_KEYS = COUNT_OF(known_keys)
};

size_t keys_count(void)
{
	return KNOWN_KEYS;
}

const struct known_key *keys_at(size_t index)
{
	assert(index < KNOWN_KEYS);
	return &known_keys[index];
}

static const struct known_key *find_exact(const char *key)
{
	for (size_t i = 0; i < KNOWN_KEYS; i++) {
		if (strcmp(known_keys[i].key, key) == 0)
			return &known_keys[i];
	}
	return NULL;
}

const struct known_key *keys_find(const char *key)
{
	const struct known_key *found = find_exact(key);
	if (found || !text_begins_with(key, "boot."))
		return found;
	found = find_exact(key + 5);
	if (found && found->read == READ_BY_PROBE)
		return NULL;
	return found;
}

/* Words are looked for in the values of today that the host has once. */
static bool is_main(const struct known_key *key)
{
	return !key->instances && !text_begins_with(key->key, "boot.");
}

const char *keys_suggest(const char *key)
{
	const char *names[KNOWN_KEYS + 1] = {NULL}, *mains[KNOWN_KEYS + 1] = {NULL};
	size_t count = 0;
	for (size_t i = 0; i < KNOWN_KEYS; i++) {
		names[i] = known_keys[i].key;
		if (is_main(&known_keys[i]))
			mains[count++] = names[i];
	}
	const char *by_words = suggest_words(key, mains);
	return by_words ? by_words : suggest_name(key, names);
}

/* One of several numbers in a file: NAME.PART. */
static bool is_part_of(const struct known_key *key, const char *name, size_t length)
{
	if (key->read != READ_FIELD || strncmp(key->key, name, length) != 0)
		return false;
	const char *rest = key->key + length;
	return *rest == '.' && !strchr(rest + 1, '.');
}

bool keys_group(const char *name, size_t *ret_first, size_t *ret_count)
{
	size_t length = strlen(name), count = 0;
	for (size_t i = 0; i < KNOWN_KEYS; i++) {
		if (!is_part_of(&known_keys[i], name, length))
			continue;
		if (count == 0)
			*ret_first = i;
		count++;
	}
	*ret_count = count;
	return count > 1;
}

const char *keys_sysctl(struct arena *arena, const struct known_key *key)
{
	static const char root[] = "proc/sys/";
	assert(key->read != READ_BY_PROBE);
	if (!key->path)
		return key->key;
	assert(text_begins_with(key->path, root));
	char *name = arena_strdup(arena, key->path + strlen(root));
	for (char *p = name; *p; p++) {
		if (*p == '/')
			*p = '.';
	}
	return name;
}

const char *keys_path(struct arena *arena, const struct known_key *key)
{
	if (key->path || key->read == READ_BY_PROBE)
		return key->path;
	char *path = arena_printf(arena, "proc/sys/%s", key->key);
	for (char *p = path; *p; p++) {
		if (*p == '.')
			*p = '/';
	}
	return path;
}

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
	 .means = "the distribution, as it calls itself"},
	{"kernel.release", UNIT_TEXT, .path = "proc/sys/kernel/osrelease",
	 .means = "the kernel release"},
	{"kernel.version", UNIT_VERSION, .path = "proc/sys/kernel/osrelease",
	 .means = "its version; formulas compare it with v6.9"},
	{"kernel.hz", UNIT_COUNT, .positive = true,
	 .means = "timer ticks a second (CONFIG_HZ)"},
	{"host.name", UNIT_TEXT, .path = "proc/sys/kernel/hostname",
	 .means = "the host name"},
	{"host.cpus", UNIT_COUNT, .positive = true, .path = "sys/devices/system/cpu/online",
	 .means = "CPUs that are online"},
	{"host.boot_id", UNIT_TEXT, .path = "proc/sys/kernel/random/boot_id",
	 .means = "changes with every boot"},
	{"host.virtualization", UNIT_TEXT, .path = "sys/class/dmi/id",
	 .means = "kvm, vmware, hyperv, xen, virtualbox, amazon, google, wsl, vm, or none"},
	{"host.cloud", UNIT_TEXT, .path = "sys/class/dmi/id/sys_vendor",
	 .means = "aws, gcp or azure, from the firmware's names"},
	{"host.container", UNIT_TEXT,
	 .means = "docker, podman, kubernetes, lxc, systemd-nspawn or none"},
	{"host.uptime", UNIT_SECONDS, .path = "proc/uptime",
	 .means = "seconds since boot"},
	{"memory.page_bytes", UNIT_BYTES, .positive = true,
	 .means = "size of a memory page"},
	{"memory.total", UNIT_BYTES, .positive = true, .path = "proc/meminfo",
	 .means = "memory of the machine"},
	{"memory.available", UNIT_BYTES, .path = "proc/meminfo",
	 .means = "memory that can be had without swapping"},
	{"memory.free", UNIT_BYTES, .path = "proc/meminfo",
	 .means = "memory that nothing uses"},

	/* The vantage: the process whose limits count */
	{"vantage.pid", UNIT_COUNT, .path = "proc/self/status",
	 .means = "its process id"},
	{"vantage.uid", UNIT_COUNT, .path = "proc/self/status",
	 .means = "its user ID outside of user namespaces"},
	{"vantage.user", UNIT_TEXT, .path = "etc/passwd",
	 .means = "its user name"},
	{"vantage.process", UNIT_TEXT, .path = "proc/self/status",
	 .means = "its name"},
	{"vantage.unit", UNIT_TEXT, .path = "proc/self/cgroup",
	 .means = "the systemd unit it belongs to"},
	{"vantage.netns.initial", UNIT_BOOL, .path = "proc/sys/net/ipv4",
	 .means = "it is in the initial network namespace (else global values are hidden)"},
	{"vantage.cap_net_admin", UNIT_BOOL, .path = "proc/self/status",
	 .means = "it may change network settings"},
	{"vantage.cap_sys_resource", UNIT_BOOL, .path = "proc/self/status",
	 .means = "it may raise hard limits"},
	{"vantage.cap_sys_admin", UNIT_BOOL, .path = "proc/self/status",
	 .means = "it may administer the system"},
	{"vantage.userns.initial", UNIT_BOOL, .path = "proc/self/ns/user",
	 .means = "it is in the initial user namespace, where its capabilities count everywhere"},
	{"limits.nofile.soft", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "open files: the limit in force"},
	{"limits.nofile.hard", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "open files: how far the process may raise it"},
	{"limits.nproc.soft", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "processes and threads of the user (not for root, CAP_SYS_RESOURCE, CAP_SYS_ADMIN)"},
	{"limits.nproc.hard", UNIT_COUNT, .path = "proc/self/limits",
	 .means = "how far it may be raised"},
	{"process.fds_open", UNIT_COUNT, .path = "proc/self/fd",
	 .means = "files open now (of this shell: what a command started from it inherits)"},
	{"process.fds_below_soft", UNIT_COUNT, .path = "proc/self/fd",
	 .means = "those of them numbered below the soft limit"},
	{"process.fds_below_hard", UNIT_COUNT, .path = "proc/self/fd",
	 .means = "those of them numbered below the hard limit"},
	{"process.fd_slots", UNIT_COUNT, .path = "proc/self/status",
	 .means = "entries of its table of files: no more can be open (FDSize)"},
	{"process.threads", UNIT_COUNT, .path = "proc/self/status",
	 .means = "its threads"},
	{"process.maps", UNIT_COUNT, .path = "proc/self/maps",
	 .means = "memory mappings of the process (with --pid)"},
	{"files.open", UNIT_COUNT, .instances = true, .path = "proc",
	 .means = "open files of processes (by PID): the most, and nearest to their limit (Linux 6.2)"},
	{"files.soft", UNIT_COUNT, .instances = true, .path = "proc",
	 .means = "their limits of open files"},
	{"files.process", UNIT_TEXT, .instances = true, .path = "proc",
	 .means = "their names"},
	{"cgroup.version", UNIT_COUNT, .path = "proc/self/cgroup",
	 .means = "1, 2, or 12 for both"},
	{"cgroup.memory.max", UNIT_BYTES,
	 .means = "the tightest memory limit of its control groups"},
	{"cgroup.memory.current", UNIT_BYTES,
	 .means = "memory in use in that group"},
	{"cgroup.memory.file", UNIT_BYTES,
	 .means = "the part of it that is file cache and can be reclaimed"},
	{"cgroup.pids.max", UNIT_COUNT,
	 .means = "the tightest limit of tasks of its control groups"},
	{"cgroup.pids.current", UNIT_COUNT,
	 .means = "tasks in that group"},
	{"cgroup.pids.group", UNIT_TEXT,
	 .means = "that group, as a path below the root of the control groups"},
	{"cgroup.pids.unit", UNIT_TEXT,
	 .means = "the systemd unit that it is, whose TasksMax sets the limit"},
	{"cgroup.pids.next.max", UNIT_COUNT,
	 .means = "the tightest limit of tasks of the other groups above the process"},
	{"cgroup.pids.next.current", UNIT_COUNT,
	 .means = "tasks in that group"},
	{"cgroup.pids.next.group", UNIT_TEXT,
	 .means = "that group, as a path below the root of the control groups"},
	{"cgroup.pids.next.unit", UNIT_TEXT,
	 .means = "the systemd unit that it is"},

	/* Outgoing ports and TIME_WAIT */
	{"net.ipv4.ip_local_port_range", UNIT_TEXT, READ_RANGE,
	 .means = "first and last outgoing port"},
	{"net.ipv4.ip_local_reserved_ports", UNIT_TEXT, READ_PORTS,
	 .means = "ports never chosen automatically"},
	{"net.ipv4.ip_unprivileged_port_start", UNIT_COUNT, READ_NUMBER,
	 .means = "ports below it need a privilege; the range cannot begin below"},
	{"net.ipv4.ip_autobind_reuse", UNIT_COUNT, READ_NUMBER,
	 .means = "bind(0) with SO_REUSEADDR may share ports"},
	{"net.ipv4.ip_local_port_step_width", UNIT_COUNT, READ_NUMBER,
	 .means = "step of the port search (new kernels)"},
	{"net.ipv4.tcp_tw_reuse", UNIT_COUNT, READ_NUMBER,
	 .means = "0 off, 1 on, 2 loopback only: connect() may take a port in TIME_WAIT"},
	{"net.ipv4.tcp_tw_reuse_delay", UNIT_SECONDS, READ_MILLISECONDS,
	 .means = "how long such a port must have waited (since 6.14)"},
	{"net.ipv4.tcp_fin_timeout", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an orphaned FIN_WAIT_2; does not change TIME_WAIT"},
	{"net.ipv4.tcp_tw_timeout", UNIT_SECONDS, READ_NUMBER,
	 .means = "TIME_WAIT of some vendor kernels; mainline has 60 s fixed"},
	{"net.ipv4.tcp_tw_recycle", UNIT_COUNT, READ_NUMBER,
	 .means = "gone since 4.12"},
	{"net.ipv4.tcp_max_tw_buckets", UNIT_COUNT, READ_NUMBER,
	 .means = "most sockets in TIME_WAIT; above it they are just closed"},
	{"net.ipv4.tcp_timestamps", UNIT_COUNT, READ_NUMBER,
	 .means = "needed by tcp_tw_reuse"},

	/* TCP memory and orphans */
	{"net.ipv4.tcp_max_orphans", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "most sockets without a process; above it they are reset"},
	{"net.ipv4.tcp_mem.min", UNIT_COUNT, READ_FIELD, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem",
	 .means = "pages of all TCP sockets: no pressure below"},
	{"net.ipv4.tcp_mem.pressure", UNIT_COUNT, READ_FIELD, .field = 1, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem",
	 .means = "pages of all TCP sockets: pressure begins"},
	{"net.ipv4.tcp_mem.max", UNIT_COUNT, READ_FIELD, .field = 2, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem",
	 .means = "pages of all TCP sockets: hard limit"},
	{"net.ipv4.tcp_rmem.min", UNIT_BYTES, READ_FIELD, .path = "proc/sys/net/ipv4/tcp_rmem",
	 .means = "receive buffer of one socket: guaranteed"},
	{"net.ipv4.tcp_rmem.default", UNIT_BYTES, READ_FIELD, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_rmem",
	 .means = "receive buffer of one socket: at first"},
	{"net.ipv4.tcp_rmem.max", UNIT_BYTES, READ_FIELD, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_rmem",
	 .means = "receive buffer of one socket: at most"},
	{"net.ipv4.tcp_wmem.min", UNIT_BYTES, READ_FIELD, .path = "proc/sys/net/ipv4/tcp_wmem",
	 .means = "send buffer of one socket: guaranteed"},
	{"net.ipv4.tcp_wmem.default", UNIT_BYTES, READ_FIELD, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_wmem",
	 .means = "send buffer of one socket: at first"},
	{"net.ipv4.tcp_wmem.max", UNIT_BYTES, READ_FIELD, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_wmem",
	 .means = "send buffer of one socket: at most"},

	/* Listen queues and the packet backlog */
	{"net.core.somaxconn", UNIT_COUNT, READ_NUMBER,
	 .means = "upper bound of every listen backlog"},
	{"net.ipv4.tcp_max_syn_backlog", UNIT_COUNT, READ_NUMBER,
	 .means = "half-open connections; counts only without syncookies"},
	{"net.ipv4.tcp_syncookies", UNIT_COUNT, READ_NUMBER,
	 .means = "0 off, 1 when a queue is full, 2 always"},
	{"net.ipv4.tcp_abort_on_overflow", UNIT_COUNT, READ_NUMBER,
	 .means = "reset instead of drop on the last ACK"},
	{"net.core.netdev_max_backlog", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "packets waiting per CPU (lo, veth, non-NAPI)"},

	/* Neighbour tables */
	{"net.ipv4.neigh.default.gc_thresh1", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "ARP neighbor entries: never swept below"},
	{"net.ipv4.neigh.default.gc_thresh2", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "ARP neighbor entries: swept above"},
	{"net.ipv4.neigh.default.gc_thresh3", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "ARP neighbor entries: hard limit"},
	{"net.ipv6.neigh.default.gc_thresh1", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv6 neighbor entries: never swept below"},
	{"net.ipv6.neigh.default.gc_thresh2", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv6 neighbor entries: swept above"},
	{"net.ipv6.neigh.default.gc_thresh3", UNIT_COUNT, READ_NUMBER, .global = true,
	 .means = "IPv6 neighbor entries: hard limit"},

	/* Connection tracking */
	{"net.netfilter.nf_conntrack_max", UNIT_COUNT, READ_NUMBER,
	 .means = "most entries of each network namespace"},
	{"net.netfilter.nf_conntrack_buckets", UNIT_COUNT, READ_NUMBER,
	 .means = "hash buckets (one table for all)"},
	{"net.netfilter.nf_conntrack_count", UNIT_COUNT, READ_NUMBER,
	 .means = "entries now, of this network namespace"},
	{"net.netfilter.nf_conntrack_tcp_timeout_time_wait", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: after a close by FIN"},
	{"net.netfilter.nf_conntrack_tcp_timeout_close", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: after a reset"},
	{"net.netfilter.nf_conntrack_tcp_timeout_established", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: of an idle open connection"},
	{"net.netfilter.nf_conntrack_tcp_timeout_fin_wait", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: half closed"},
	{"net.netfilter.nf_conntrack_tcp_timeout_close_wait", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: waiting for the application"},
	{"net.netfilter.nf_conntrack_tcp_timeout_last_ack", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: waiting for the last ACK"},
	{"net.netfilter.nf_conntrack_tcp_timeout_syn_sent", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: unanswered SYN"},
	{"net.netfilter.nf_conntrack_tcp_timeout_syn_recv", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of an entry: unfinished handshake"},
	{"net.netfilter.nf_conntrack_udp_timeout", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of a UDP entry"},
	{"net.netfilter.nf_conntrack_udp_timeout_stream", UNIT_SECONDS, READ_NUMBER,
	 .means = "life of a UDP entry with traffic both ways"},
	{"conntrack.tracked", UNIT_BOOL,
	 .means = "a rule of this network namespace needs connection tracking of IPv4"},
	{"conntrack.tracked6", UNIT_BOOL,
	 .means = "a rule of this network namespace needs connection tracking of IPv6"},
	{"conntrack.untracked", UNIT_TEXT,
	 .means = "traffic that rules exempt from it: in ip tcp from 8080; out ip tcp to 8080"},
	{"conntrack.policy_timeout", UNIT_SECONDS,
	 .means = "the longest timeout that rules themselves give to entries (ct timeout)"},
	{"nat.source_ports", UNIT_COUNT,
	 .means = "the fewest source ports that a masquerade or SNAT rule gives towards a destination"},
	{"conntrack.drop", UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "packets dropped because the table was full, since boot"},
	{"conntrack.early_drop", UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "entries evicted early to make room"},
	{"conntrack.insert_failed", UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "entries that could not be inserted (a race of packets, or no NAT port left)"},
	{"cloud.conntrack_available", UNIT_COUNT,
	 .means = "connections that the cloud still tracks for this machine (AWS, driver ena)"},
	{"cloud.conntrack_exceeded", UNIT_COUNT,
	 .means = "packets dropped because the cloud tracked no more connections"},
	{"dockerfile.run_sysctl", UNIT_TEXT,
	 .means = "line of ./Dockerfile where RUN sets a sysctl (without effect)"},
	{"conntrack.other_dataplane", UNIT_TEXT, .path = "proc/net/dev",
	 .means = "an eBPF data plane with its own table (cilium)"},

	/* The whole system */
	{"fs.file-max", UNIT_COUNT, READ_HUGE,
	 .means = "open files of the whole system"},
	{"fs.nr_open", UNIT_COUNT, READ_NUMBER,
	 .means = "the most that a hard nofile limit can be"},
	{"fs.file-nr.allocated", UNIT_COUNT, READ_FIELD, .path = "proc/sys/fs/file-nr",
	 .means = "open files now, whole system"},
	{"fs.epoll.max_user_watches", UNIT_COUNT, READ_NUMBER,
	 .means = "epoll watches of one user"},
	{"fs.inotify.max_user_instances", UNIT_COUNT, READ_NUMBER,
	 .means = "inotify instances of one user"},
	{"fs.inotify.max_user_watches", UNIT_COUNT, READ_NUMBER,
	 .means = "files and directories that one user's inotify instances watch"},
	{"inotify.instances", UNIT_COUNT, .instances = true, .path = "proc",
	 .means = "inotify instances of the processes of this user ID"},
	{"kernel.pid_max", UNIT_COUNT, READ_NUMBER,
	 .means = "process and thread ids"},
	{"kernel.threads-max", UNIT_COUNT, READ_NUMBER,
	 .means = "threads of the whole system"},
	{"vm.max_map_count", UNIT_COUNT, READ_NUMBER,
	 .means = "memory mappings of one process (two per thread)"},
	{"threads.running", UNIT_COUNT, .path = "proc/loadavg",
	 .means = "threads of the whole system now"},
	{"threads.of_user", UNIT_COUNT, .path = "proc",
	 .means = "those of the vantage process's user, which RLIMIT_NPROC counts"},

	/* Sockets now */
	{"sockets.source", UNIT_TEXT,
	 .means = "sock_diag, or proc where netlink cannot be used"},
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
	 .means = "TCP sockets bound to a port and not connected (listed since 6.8)"},
	{"destination.sockets", UNIT_COUNT, .instances = true,
	 .means = "sockets with a local port in the outgoing range, to one IP:PORT"},
	{"destination.established", UNIT_COUNT, .instances = true,
	 .means = "those of them that are established"},
	{"destination.time_wait", UNIT_COUNT, .instances = true,
	 .means = "those of them in TIME_WAIT"},
	{"pool.sockets", UNIT_COUNT, .instances = true,
	 .means = "connected sockets of one local address towards one IP:PORT, SOURCE>DESTINATION"},
	{"pool.established", UNIT_COUNT, .instances = true,
	 .means = "those of them that are established"},
	{"pool.time_wait", UNIT_COUNT, .instances = true,
	 .means = "those of them in TIME_WAIT"},
	{"pool.ports", UNIT_COUNT, .instances = true,
	 .means = "ports of the range that they use, without those in pool.reusable"},
	{"pool.reusable", UNIT_COUNT, .instances = true,
	 .means = "ports in TIME_WAIT that tcp_tw_reuse can take over now"},
	{"pool.counted", UNIT_COUNT, .instances = true,
	 .means = "how many pools there are towards a destination that the plan names"},
	{"pools.total", UNIT_COUNT,
	 .means = "pools (local address and destination) that have sockets"},
	{"pools.unlisted", UNIT_COUNT,
	 .means = "those of them that are not among the facts"},
	{"pools.largest_unlisted", UNIT_COUNT,
	 .means = "the most sockets that one of those has"},
	{"local.ports", UNIT_COUNT, .instances = true,
	 .means = "ports of the range that connected sockets of this local address hold"},
	{"locals.total", UNIT_COUNT,
	 .means = "local addresses that connected sockets have"},
	{"ports.in_use", UNIT_COUNT,
	 .means = "ports of the range that connected sockets hold and nothing else blocks"},
	{"ports.in_use4", UNIT_COUNT,
	 .means = "ports that IPv4 sockets hold against bind() to 0.0.0.0"},
	{"ports.in_use6", UNIT_COUNT,
	 .means = "ports that IPv6 sockets hold against bind() to [::]"},
	{"ports.in_use6_for4", UNIT_COUNT,
	 .means = "ports that IPv6 sockets may hold against bind() to 0.0.0.0"},
	{"ports.bound_connected", UNIT_COUNT,
	 .means = "ports of connected sockets that called bind(); only --set can give it"},
	{"route.source", UNIT_TEXT, .instances = true,
	 .means = "the local address that connect() chooses for this destination"},
	{"name.addresses", UNIT_TEXT, .instances = true,
	 .means = "the addresses of a host name"},
	{"ports.udp_pinned", UNIT_TEXT,
	 .means = "the range's UDP sockets, ADDR:PORT; /6: IPv6 alone, /c: connected"},
	{"listener.port", UNIT_COUNT, .instances = true,
	 .means = "port of the listener ADDR:PORT"},
	{"listener.backlog", UNIT_COUNT, .instances = true,
	 .means = "its queue bound in force: min(backlog, somaxconn) at listen()"},
	{"listener.queue", UNIT_COUNT, .instances = true,
	 .means = "connections waiting in it to be accepted"},
	{"listener.drops", UNIT_COUNT, .instances = true,
	 .means = "SYNs and handshakes it has dropped since it began to listen"},
	{"listener.sockets", UNIT_COUNT, .instances = true,
	 .means = "sockets that listen on this address (SO_REUSEPORT); not given: one"},
	{"listener.holds", UNIT_COUNT, .instances = true,
	 .means = "of several sockets: connections that all their queues hold"},
	{"listener.waiting", UNIT_COUNT, .instances = true,
	 .means = "of several sockets: connections that wait in all their queues"},
	{"listener.room", UNIT_COUNT, .instances = true,
	 .means = "of several sockets: the least that is left in one of their queues"},
	{"listener.interfaces_differ", UNIT_BOOL, .instances = true,
	 .means = "of several sockets: each is for one interface, so they share nothing"},
	{"listener.process", UNIT_TEXT, .instances = true,
	 .means = "the process that has it"},
	{"listener.own", UNIT_BOOL, .instances = true,
	 .means = "it belongs to the vantage process (--pid)"},
	{"ports.listening", UNIT_TEXT,
	 .means = "TCP ports with a listener"},
	{"ports.bound", UNIT_TEXT,
	 .means = "TCP ports of bound, unconnected sockets: they block connect()"},
	{"ports.pinned", UNIT_TEXT,
	 .means = "the range's listening and bound sockets, ADDR:PORT; /6: IPv6 alone"},
	{"ports.connected_in_range", UNIT_COUNT,
	 .means = "distinct local ports inside the range that other sockets hold"},
	{"ports.udp_bound", UNIT_TEXT, .path = "proc/net/udp",
	 .means = "UDP ports in use"},
	{"ports.published", UNIT_TEXT,
	 .means = "ports of this host that are passed on to containers"},
	{"kubernetes.node", UNIT_BOOL,
	 .means = "kubelet or kube-proxy runs here"},

	/* Counters since boot */
	{"netstat.TcpExt.ListenOverflows", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "a full accept queue dropped a connection"},
	{"netstat.TcpExt.ListenDrops", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections dropped by a listener, for any reason"},
	{"netstat.TcpExt.TCPTimeWaitOverflow", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "closed without TIME_WAIT: tcp_max_tw_buckets was reached"},
	{"netstat.TcpExt.TCPReqQFullDoCookies", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN queue full, cookies sent"},
	{"netstat.TcpExt.TCPReqQFullDrop", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN queue full, SYN dropped"},
	{"netstat.TcpExt.SyncookiesSent", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "cookies sent"},
	{"netstat.TcpExt.SyncookiesRecv", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "cookies received back"},
	{"netstat.TcpExt.SyncookiesFailed", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "cookies that were not valid"},
	{"netstat.TcpExt.TCPAbortOnMemory", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections reset for lack of TCP memory or too many orphans"},
	{"netstat.TcpExt.TCPMemoryPressures", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "times that TCP memory came under pressure"},
	{"netstat.TcpExt.PAWSActive", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections refused by old timestamps"},
	{"netstat.TcpExt.TW", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "sockets that left TIME_WAIT by timeout"},
	{"netstat.TcpExt.TWRecycled", UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "TIME_WAIT sockets reused"},
	{"snmp.Tcp.ActiveOpens", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections opened from here"},
	{"snmp.Tcp.PassiveOpens", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections accepted"},
	{"snmp.Tcp.AttemptFails", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connection attempts that failed"},
	{"snmp.Tcp.CurrEstab", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections now"},
	{"snmp.Tcp.RetransSegs", UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "segments sent again"},
	{"softnet.dropped", UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "packets dropped from a full per-CPU backlog"},
	{"softnet.squeezed", UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "times the budget of a softirq ran out"},
	{"softnet.backlog", UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "packets that wait in the fullest per-CPU backlog (since Linux 5.10)"},
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
	 .means = "TCP sockets without a process"},
	{"sockstat.tw", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets in TIME_WAIT"},
	{"sockstat.alloc", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets allocated"},
	{"sockstat.mem_pages", UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "pages of TCP memory in use"},

	/* Erlang: every running BEAM (by process id), and the erl of this PATH */
	{"beam.name", UNIT_TEXT, .instances = true,
	 .means = "its node name"},
	{"beam.port_limit_requested", UNIT_COUNT, .instances = true,
	 .means = "ports asked for by +Q or ERL_MAX_PORTS"},
	{"beam.port_limit", UNIT_COUNT, .instances = true,
	 .means = "ports in force: the next power of two"},
	{"beam.process_limit_requested", UNIT_COUNT, .instances = true,
	 .means = "processes asked for by +P"},
	{"beam.process_limit", UNIT_COUNT, .instances = true,
	 .means = "processes in force"},
	{"beam.nofile.soft", UNIT_COUNT, .instances = true,
	 .means = "its limit of open files"},
	{"beam.fds_open", UNIT_COUNT, .instances = true,
	 .means = "its open files"},
	{"erlang.path", UNIT_TEXT,
	 .means = "the erl that would be started"},
	{"erlang.otp_release", UNIT_TEXT,
	 .means = "its OTP release"},
	{"erlang.port_limit_requested", UNIT_COUNT,
	 .means = "ports asked for by the environment"},
	{"erlang.port_limit", UNIT_COUNT,
	 .means = "ports it would have"},
	{"erlang.process_limit", UNIT_COUNT,
	 .means = "processes it would have"},
	{"erlang.max_fds", UNIT_COUNT,
	 .means = "largest number of files it would watch"},

	/* After the next boot (boot.KEY of every sysctl is known as well) */
	{"boot.limits.nofile.soft", UNIT_COUNT, .path = "etc/security/limits.conf",
	 .means = "open files of a new login session of the user"},
	{"boot.limits.nofile.hard", UNIT_COUNT, .path = "etc/security/limits.conf",
	 .means = "the same, hard"},
	{"boot.systemd.default_nofile.soft", UNIT_COUNT, .path = "etc/systemd/system.conf",
	 .means = "open files of a service that does not set them"},
	{"boot.systemd.default_nofile.hard", UNIT_COUNT, .path = "etc/systemd/system.conf",
	 .means = "the same, hard"},
	{"boot.unit.nofile.soft", UNIT_COUNT,
	 .means = "LimitNOFILE of the vantage process's unit"},
	{"boot.unit.nofile.hard", UNIT_COUNT,
	 .means = "the same, hard"},
	{"boot.overridden", UNIT_TEXT, .instances = true,
	 .means = "settings of this sysctl (the instance) that come earlier and lose"},
	{"boot.refused", UNIT_TEXT, .instances = true,
	 .means = "a value of this sysctl (the instance) that the kernel refuses at boot"},
	{"boot.dead", UNIT_TEXT, .instances = true,
	 .means = "a line for a sysctl (the instance) that no longer exists"},
	{"boot.kube_proxy.conntrack_max", UNIT_COUNT,
	 .means = "nf_conntrack_max as kube-proxy sets it at each start"},
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
	 .means = "open files of one process"},
	{"kern.maxfiles", UNIT_COUNT,
	 .means = "open files of the whole system"},
	{"kern.num_files", UNIT_COUNT,
	 .means = "open files of the whole system now"},
	{"kern.num_taskthreads", UNIT_COUNT,
	 .means = "most threads of one process"},
	{"kern.ipc.somaxconn", UNIT_COUNT,
	 .means = "upper bound of every listen backlog"},
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

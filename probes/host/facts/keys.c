/* The table of known fact keys. One row per key; a sysctl-like limit needs nothing else to be read.
 * Paths are relative to the root; those of READ_BY_PROBE rows only say where the probe looks. */
#include "probes/host/facts/keys.h"

#include <string.h>

#include "base/suggest.h"

static const struct known_key known_keys[] = {
	/* The host */
	{.key = "os.name", .unit = UNIT_TEXT, .means = "linux or darwin"},
	{.key = "os.pretty", .unit = UNIT_TEXT, .path = "etc/os-release",
	 .means = "the distribution, as it calls itself"},
	{.key = "kernel.release", .unit = UNIT_TEXT, .path = "proc/sys/kernel/osrelease",
	 .means = "the kernel release"},
	{.key = "kernel.version", .unit = UNIT_VERSION, .path = "proc/sys/kernel/osrelease",
	 .means = "its version; formulas compare it with v6.9"},
	{.key = "host.name", .unit = UNIT_TEXT, .path = "proc/sys/kernel/hostname",
	 .means = "the host name"},
	{.key = "host.cpus", .unit = UNIT_COUNT, .path = "sys/devices/system/cpu/online",
	 .means = "CPUs that are online"},
	{.key = "host.boot_id", .unit = UNIT_TEXT, .path = "proc/sys/kernel/random/boot_id",
	 .means = "changes with every boot"},
	{.key = "host.virtualization", .unit = UNIT_TEXT, .path = "sys/class/dmi/id",
	 .means = "kvm, vmware, hyperv, xen, virtualbox, amazon, google, vm, or none"},
	{.key = "host.cloud", .unit = UNIT_TEXT, .path = "sys/class/dmi/id/sys_vendor",
	 .means = "aws, gcp or azure, from the firmware's names"},
	{.key = "host.container", .unit = UNIT_TEXT,
	 .means = "docker, podman, kubernetes, lxc, systemd-nspawn or none"},
	{.key = "host.uptime", .unit = UNIT_SECONDS, .path = "proc/uptime", .means = "seconds since boot"},
	{.key = "memory.page_bytes", .unit = UNIT_BYTES, .means = "size of a memory page"},
	{.key = "memory.total", .unit = UNIT_BYTES, .path = "proc/meminfo",
	 .means = "memory of the machine"},
	{.key = "memory.available", .unit = UNIT_BYTES, .path = "proc/meminfo",
	 .means = "memory that can be had without swapping"},
	{.key = "memory.free", .unit = UNIT_BYTES, .path = "proc/meminfo",
	 .means = "memory that nothing uses"},

	/* The vantage: the process whose limits count */
	{.key = "vantage.pid", .unit = UNIT_COUNT, .path = "proc/self/status", .means = "its process id"},
	{.key = "vantage.uid", .unit = UNIT_COUNT, .path = "proc/self/status",
	 .means = "its effective user id"},
	{.key = "vantage.user", .unit = UNIT_TEXT, .path = "etc/passwd", .means = "its user name"},
	{.key = "vantage.process", .unit = UNIT_TEXT, .path = "proc/self/status", .means = "its name"},
	{.key = "vantage.unit", .unit = UNIT_TEXT, .path = "proc/self/cgroup",
	 .means = "the systemd unit it belongs to"},
	{.key = "vantage.netns.initial", .unit = UNIT_BOOL, .path = "proc/sys/net/ipv4",
	 .means = "it is in the initial network namespace (else global values are hidden)"},
	{.key = "vantage.cap_net_admin", .unit = UNIT_BOOL, .path = "proc/self/status",
	 .means = "it may change network settings"},
	{.key = "vantage.cap_sys_resource", .unit = UNIT_BOOL, .path = "proc/self/status",
	 .means = "it may raise hard limits"},
	{.key = "limits.nofile.soft", .unit = UNIT_COUNT, .path = "proc/self/limits",
	 .means = "open files: the limit in force"},
	{.key = "limits.nofile.hard", .unit = UNIT_COUNT, .path = "proc/self/limits",
	 .means = "open files: how far the process may raise it"},
	{.key = "limits.nproc.soft", .unit = UNIT_COUNT, .path = "proc/self/limits",
	 .means = "processes and threads of the user (not for root)"},
	{.key = "limits.nproc.hard", .unit = UNIT_COUNT, .path = "proc/self/limits",
	 .means = "how far it may be raised"},
	{.key = "process.fds_open", .unit = UNIT_COUNT, .path = "proc/self/fd",
	 .means = "files open now (of this shell: what a command started from it inherits)"},
	{.key = "process.fds_below_soft", .unit = UNIT_COUNT, .path = "proc/self/fd",
	 .means = "those of them numbered below the soft limit"},
	{.key = "process.threads", .unit = UNIT_COUNT, .path = "proc/self/status", .means = "its threads"},
	{.key = "cgroup.version", .unit = UNIT_COUNT, .path = "proc/self/cgroup",
	 .means = "1, 2, or 12 for both"},
	{.key = "cgroup.memory.max", .unit = UNIT_BYTES,
	 .means = "the tightest memory limit of its control groups"},
	{.key = "cgroup.memory.current", .unit = UNIT_BYTES, .means = "memory in use in that group"},
	{.key = "cgroup.memory.file", .unit = UNIT_BYTES,
	 .means = "the part of it that is file cache and can be reclaimed"},
	{.key = "cgroup.pids.max", .unit = UNIT_COUNT,
	 .means = "the tightest limit of tasks of its control groups"},
	{.key = "cgroup.pids.current", .unit = UNIT_COUNT, .means = "tasks in that group"},

	/* Ephemeral ports and TIME_WAIT */
	{.key = "net.ipv4.ip_local_port_range", .unit = UNIT_TEXT, .read = READ_RANGE,
	 .means = "first and last ephemeral port"},
	{.key = "net.ipv4.ip_local_reserved_ports", .unit = UNIT_TEXT, .read = READ_PORTS,
	 .means = "ports never chosen automatically"},
	{.key = "net.ipv4.ip_unprivileged_port_start", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "ports below it need a privilege; the range cannot begin below"},
	{.key = "net.ipv4.ip_autobind_reuse", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "bind(0) with SO_REUSEADDR may share ports"},
	{.key = "net.ipv4.ip_local_port_step_width", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "step of the port search (new kernels)"},
	{.key = "net.ipv4.tcp_tw_reuse", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "0 off, 1 on, 2 loopback only: connect() may take a port in TIME_WAIT"},
	{.key = "net.ipv4.tcp_tw_reuse_delay", .unit = UNIT_SECONDS, .read = READ_MILLISECONDS,
	 .means = "how long such a port must have waited (since 6.14)"},
	{.key = "net.ipv4.tcp_fin_timeout", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an orphaned FIN_WAIT_2; does not change TIME_WAIT"},
	{.key = "net.ipv4.tcp_tw_timeout", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "TIME_WAIT of some vendor kernels; mainline has 60 s fixed"},
	{.key = "net.ipv4.tcp_tw_recycle", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "gone since 4.12"},
	{.key = "net.ipv4.tcp_max_tw_buckets", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "most sockets in TIME_WAIT; above it they are just closed"},
	{.key = "net.ipv4.tcp_timestamps", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "needed by tcp_tw_reuse"},

	/* TCP memory and orphans */
	{.key = "net.ipv4.tcp_max_orphans", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "most sockets without a process; above it they are reset"},
	{.key = "net.ipv4.tcp_mem.min", .unit = UNIT_COUNT, .read = READ_FIELD, .global = true,
	 .path = "proc/sys/net/ipv4/tcp_mem", .means = "pages of all TCP sockets: no pressure below"},
	{.key = "net.ipv4.tcp_mem.pressure", .unit = UNIT_COUNT, .read = READ_FIELD, .global = true, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_mem", .means = "pages of all TCP sockets: pressure begins"},
	{.key = "net.ipv4.tcp_mem.max", .unit = UNIT_COUNT, .read = READ_FIELD, .global = true, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_mem", .means = "pages of all TCP sockets: hard limit"},
	{.key = "net.ipv4.tcp_rmem.min", .unit = UNIT_BYTES, .read = READ_FIELD,
	 .path = "proc/sys/net/ipv4/tcp_rmem", .means = "receive buffer of one socket: guaranteed"},
	{.key = "net.ipv4.tcp_rmem.default", .unit = UNIT_BYTES, .read = READ_FIELD, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_rmem", .means = "receive buffer of one socket: at first"},
	{.key = "net.ipv4.tcp_rmem.max", .unit = UNIT_BYTES, .read = READ_FIELD, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_rmem", .means = "receive buffer of one socket: at most"},
	{.key = "net.ipv4.tcp_wmem.min", .unit = UNIT_BYTES, .read = READ_FIELD,
	 .path = "proc/sys/net/ipv4/tcp_wmem", .means = "send buffer of one socket: guaranteed"},
	{.key = "net.ipv4.tcp_wmem.default", .unit = UNIT_BYTES, .read = READ_FIELD, .field = 1,
	 .path = "proc/sys/net/ipv4/tcp_wmem", .means = "send buffer of one socket: at first"},
	{.key = "net.ipv4.tcp_wmem.max", .unit = UNIT_BYTES, .read = READ_FIELD, .field = 2,
	 .path = "proc/sys/net/ipv4/tcp_wmem", .means = "send buffer of one socket: at most"},

	/* Listen queues and the packet backlog */
	{.key = "net.core.somaxconn", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "upper bound of every listen backlog"},
	{.key = "net.ipv4.tcp_max_syn_backlog", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "half-open connections; counts only without syncookies"},
	{.key = "net.ipv4.tcp_syncookies", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "0 off, 1 when a queue is full, 2 always"},
	{.key = "net.ipv4.tcp_abort_on_overflow", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "reset instead of drop on the last ACK"},
	{.key = "net.core.netdev_max_backlog", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "packets waiting per CPU (lo, veth, non-NAPI)"},

	/* Neighbour tables */
	{.key = "net.ipv4.neigh.default.gc_thresh1", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "ARP neighbour entries: never swept below"},
	{.key = "net.ipv4.neigh.default.gc_thresh2", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "ARP neighbour entries: swept above"},
	{.key = "net.ipv4.neigh.default.gc_thresh3", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "ARP neighbour entries: hard limit"},
	{.key = "net.ipv6.neigh.default.gc_thresh1", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "IPv6 neighbour entries: never swept below"},
	{.key = "net.ipv6.neigh.default.gc_thresh2", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "IPv6 neighbour entries: swept above"},
	{.key = "net.ipv6.neigh.default.gc_thresh3", .unit = UNIT_COUNT, .read = READ_NUMBER, .global = true,
	 .means = "IPv6 neighbour entries: hard limit"},

	/* Connection tracking */
	{.key = "net.netfilter.nf_conntrack_max", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "most entries of each network namespace"},
	{.key = "net.netfilter.nf_conntrack_buckets", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "hash buckets (one table for all)"},
	{.key = "net.netfilter.nf_conntrack_count", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "entries now, of this network namespace"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_time_wait", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: after a close by FIN"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_close", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: after a reset"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_established", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: of an idle open connection"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_fin_wait", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: half closed"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_close_wait", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: waiting for the application"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_last_ack", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: waiting for the last ACK"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_syn_sent", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: unanswered SYN"},
	{.key = "net.netfilter.nf_conntrack_tcp_timeout_syn_recv", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of an entry: unfinished handshake"},
	{.key = "net.netfilter.nf_conntrack_udp_timeout", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of a UDP entry"},
	{.key = "net.netfilter.nf_conntrack_udp_timeout_stream", .unit = UNIT_SECONDS, .read = READ_NUMBER,
	 .means = "life of a UDP entry with traffic both ways"},
	{.key = "conntrack.tracked", .unit = UNIT_BOOL,
	 .means = "a rule of this network namespace needs connection tracking"},
	{.key = "conntrack.drop", .unit = UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "packets dropped because the table was full, since boot"},
	{.key = "conntrack.early_drop", .unit = UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "entries evicted early to make room"},
	{.key = "conntrack.insert_failed", .unit = UNIT_COUNT, .path = "proc/net/stat/nf_conntrack",
	 .means = "entries that could not be inserted (NAT ports used up)"},
	{.key = "dockerfile.run_sysctl", .unit = UNIT_TEXT,
	 .means = "line of ./Dockerfile where RUN sets a sysctl (without effect)"},
	{.key = "conntrack.other_dataplane", .unit = UNIT_TEXT, .path = "proc/net/dev",
	 .means = "an eBPF data plane with its own table (cilium)"},

	/* The whole system */
	{.key = "fs.file-max", .unit = UNIT_COUNT, .read = READ_HUGE,
	 .means = "open files of the whole system"},
	{.key = "fs.nr_open", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "the most that a hard nofile limit can be"},
	{.key = "fs.file-nr.allocated", .unit = UNIT_COUNT, .read = READ_FIELD,
	 .path = "proc/sys/fs/file-nr", .means = "open files now, whole system"},
	{.key = "fs.epoll.max_user_watches", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "epoll watches of one user"},
	{.key = "kernel.pid_max", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "process and thread ids"},
	{.key = "kernel.threads-max", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "threads of the whole system"},
	{.key = "vm.max_map_count", .unit = UNIT_COUNT, .read = READ_NUMBER,
	 .means = "memory mappings of one process (two per thread)"},
	{.key = "threads.running", .unit = UNIT_COUNT, .path = "proc/loadavg",
	 .means = "threads of the whole system now"},

	/* Sockets now */
	{.key = "sockets.source", .unit = UNIT_TEXT,
	 .means = "sock_diag, or proc where netlink cannot be used"},
	{.key = "sockets.tcp.established", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.syn_sent", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.syn_recv", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.fin_wait1", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.fin_wait2", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.time_wait", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.close_wait", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.last_ack", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.closing", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.listen", .unit = UNIT_COUNT, .means = "TCP sockets in this state"},
	{.key = "sockets.tcp.bound", .unit = UNIT_COUNT,
	 .means = "TCP sockets bound to a port and not connected (listed since 6.8)"},
	{.key = "destination.sockets", .unit = UNIT_COUNT, .instances = true,
	 .means = "sockets with an ephemeral local port towards one IP:PORT"},
	{.key = "destination.established", .unit = UNIT_COUNT, .instances = true,
	 .means = "those of them that are established"},
	{.key = "destination.time_wait", .unit = UNIT_COUNT, .instances = true,
	 .means = "those of them in TIME_WAIT"},
	{.key = "listener.port", .unit = UNIT_COUNT, .instances = true,
	 .means = "port of the listener ADDR:PORT"},
	{.key = "listener.backlog", .unit = UNIT_COUNT, .instances = true,
	 .means = "its queue bound in force: min(backlog, somaxconn) at listen()"},
	{.key = "listener.queue", .unit = UNIT_COUNT, .instances = true,
	 .means = "connections waiting in it to be accepted"},
	{.key = "listener.process", .unit = UNIT_TEXT, .instances = true,
	 .means = "the process that has it"},
	{.key = "listener.own", .unit = UNIT_BOOL, .instances = true,
	 .means = "it belongs to the vantage process (--pid)"},
	{.key = "ports.listening", .unit = UNIT_TEXT, .means = "TCP ports with a listener"},
	{.key = "ports.bound", .unit = UNIT_TEXT,
	 .means = "TCP ports of bound, unconnected sockets: they block connect()"},
	{.key = "ports.pinned", .unit = UNIT_TEXT,
	 .means = "the range's listening and bound sockets, ADDR:PORT (live hosts alone)"},
	{.key = "ports.connected_in_range", .unit = UNIT_COUNT,
	 .means = "distinct local ports inside the range that other sockets hold"},
	{.key = "ports.udp_bound", .unit = UNIT_TEXT, .path = "proc/net/udp", .means = "UDP ports in use"},
	{.key = "ports.published", .unit = UNIT_TEXT,
	 .means = "ports of this host that are passed on to containers"},
	{.key = "kubernetes.node", .unit = UNIT_BOOL, .means = "kubelet or kube-proxy runs here"},

	/* Counters since boot */
	{.key = "netstat.TcpExt.ListenOverflows", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "a full accept queue dropped a connection"},
	{.key = "netstat.TcpExt.ListenDrops", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections dropped by a listener, for any reason"},
	{.key = "netstat.TcpExt.TCPTimeWaitOverflow", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "closed without TIME_WAIT: tcp_max_tw_buckets was reached"},
	{.key = "netstat.TcpExt.TCPReqQFullDoCookies", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN queue full, cookies sent"},
	{.key = "netstat.TcpExt.TCPReqQFullDrop", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "SYN queue full, SYN dropped"},
	{.key = "netstat.TcpExt.SyncookiesSent", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "cookies sent"},
	{.key = "netstat.TcpExt.SyncookiesRecv", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "cookies received back"},
	{.key = "netstat.TcpExt.SyncookiesFailed", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "cookies that were not valid"},
	{.key = "netstat.TcpExt.TCPAbortOnMemory", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections reset for lack of TCP memory or too many orphans"},
	{.key = "netstat.TcpExt.TCPMemoryPressures", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "times that TCP memory came under pressure"},
	{.key = "netstat.TcpExt.PAWSActive", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "connections refused by old timestamps"},
	{.key = "netstat.TcpExt.TW", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "sockets that left TIME_WAIT by timeout"},
	{.key = "netstat.TcpExt.TWRecycled", .unit = UNIT_COUNT, .path = "proc/net/netstat",
	 .means = "TIME_WAIT sockets reused"},
	{.key = "snmp.Tcp.ActiveOpens", .unit = UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections opened from here"},
	{.key = "snmp.Tcp.PassiveOpens", .unit = UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections accepted"},
	{.key = "snmp.Tcp.AttemptFails", .unit = UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connection attempts that failed"},
	{.key = "snmp.Tcp.CurrEstab", .unit = UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "connections now"},
	{.key = "snmp.Tcp.RetransSegs", .unit = UNIT_COUNT, .path = "proc/net/snmp",
	 .means = "segments sent again"},
	{.key = "softnet.dropped", .unit = UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "packets dropped from a full per-CPU backlog"},
	{.key = "softnet.squeezed", .unit = UNIT_COUNT, .path = "proc/net/softnet_stat",
	 .means = "times the budget of a softirq ran out"},
	{.key = "neighbours.count", .unit = UNIT_COUNT, .path = "proc/net/stat/arp_cache",
	 .means = "IPv4 neighbour entries, all network namespaces"},
	{.key = "arp.table_fulls", .unit = UNIT_COUNT, .path = "proc/net/stat/arp_cache",
	 .means = "times the neighbour table was full"},
	{.key = "sockstat.used", .unit = UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "sockets of all kinds"},
	{.key = "sockstat.orphan", .unit = UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets without a process"},
	{.key = "sockstat.tw", .unit = UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets in TIME_WAIT"},
	{.key = "sockstat.alloc", .unit = UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "TCP sockets allocated"},
	{.key = "sockstat.mem_pages", .unit = UNIT_COUNT, .path = "proc/net/sockstat",
	 .means = "pages of TCP memory in use"},

	/* Erlang: every running BEAM (by process id), and the erl of this PATH */
	{.key = "beam.name", .unit = UNIT_TEXT, .instances = true, .means = "its node name"},
	{.key = "beam.port_limit_requested", .unit = UNIT_COUNT, .instances = true,
	 .means = "ports asked for by +Q or ERL_MAX_PORTS"},
	{.key = "beam.port_limit", .unit = UNIT_COUNT, .instances = true,
	 .means = "ports in force: the next power of two"},
	{.key = "beam.process_limit_requested", .unit = UNIT_COUNT, .instances = true,
	 .means = "processes asked for by +P"},
	{.key = "beam.process_limit", .unit = UNIT_COUNT, .instances = true, .means = "processes in force"},
	{.key = "beam.nofile.soft", .unit = UNIT_COUNT, .instances = true,
	 .means = "its limit of open files"},
	{.key = "beam.fds_open", .unit = UNIT_COUNT, .instances = true, .means = "its open files"},
	{.key = "erlang.path", .unit = UNIT_TEXT, .means = "the erl that would be started"},
	{.key = "erlang.otp_release", .unit = UNIT_COUNT, .means = "its OTP release"},
	{.key = "erlang.port_limit_requested", .unit = UNIT_COUNT,
	 .means = "ports asked for by the environment"},
	{.key = "erlang.port_limit", .unit = UNIT_COUNT, .means = "ports it would have"},
	{.key = "erlang.process_limit", .unit = UNIT_COUNT, .means = "processes it would have"},
	{.key = "erlang.max_fds", .unit = UNIT_COUNT, .means = "largest number of files it would watch"},

	/* After the next boot (boot.KEY of every sysctl is known as well) */
	{.key = "boot.limits.nofile.soft", .unit = UNIT_COUNT, .path = "etc/security/limits.conf",
	 .means = "open files of a new login session of the user"},
	{.key = "boot.limits.nofile.hard", .unit = UNIT_COUNT, .path = "etc/security/limits.conf",
	 .means = "the same, hard"},
	{.key = "boot.systemd.default_nofile.soft", .unit = UNIT_COUNT, .path = "etc/systemd/system.conf",
	 .means = "open files of a service that does not set them"},
	{.key = "boot.systemd.default_nofile.hard", .unit = UNIT_COUNT, .path = "etc/systemd/system.conf",
	 .means = "the same, hard"},
	{.key = "boot.unit.nofile.soft", .unit = UNIT_COUNT,
	 .means = "LimitNOFILE of the vantage process's unit"},
	{.key = "boot.unit.nofile.hard", .unit = UNIT_COUNT, .means = "the same, hard"},
	{.key = "boot.overridden", .unit = UNIT_TEXT, .instances = true,
	 .means = "settings of this sysctl (the instance) that come earlier and lose"},
	{.key = "boot.kube_proxy.conntrack_max", .unit = UNIT_COUNT,
	 .means = "nf_conntrack_max as kube-proxy sets it at each start"},
	{.key = "tuned.profile", .unit = UNIT_TEXT, .path = "etc/tuned/active_profile", .means = "TuneD's profile"},
	{.key = "boot.modules.nf_conntrack", .unit = UNIT_BOOL, .path = "etc/modules-load.d",
	 .means = "nf_conntrack is loaded at boot"},

	/* macOS (from a facts file) */
	{.key = "net.inet.ip.portrange.first", .unit = UNIT_COUNT, .means = "first ephemeral port"},
	{.key = "net.inet.ip.portrange.last", .unit = UNIT_COUNT, .means = "last ephemeral port"},
	{.key = "net.inet.tcp.msl", .unit = UNIT_SECONDS,
	 .means = "half of TIME_WAIT (the sysctl is in ms)"},
	{.key = "kern.maxfilesperproc", .unit = UNIT_COUNT, .means = "open files of one process"},
	{.key = "kern.maxfiles", .unit = UNIT_COUNT, .means = "open files of the whole system"},
	{.key = "kern.ipc.somaxconn", .unit = UNIT_COUNT, .means = "upper bound of every listen backlog"},
};

enum { KNOWN_KEYS = sizeof known_keys / sizeof known_keys[0] };

size_t keys_count(void)
{
	return KNOWN_KEYS;
}

const struct known_key *keys_at(size_t index)
{
	return &known_keys[index];
}

static const struct known_key *find_exact(const char *key)
{
	for (size_t i = 0; i < KNOWN_KEYS; i++)
		if (strcmp(known_keys[i].key, key) == 0)
			return &known_keys[i];
	return NULL;
}

const struct known_key *keys_find(const char *key)
{
	const struct known_key *found = find_exact(key);
	if (found || strncmp(key, "boot.", 5) != 0)
		return found;
	found = find_exact(key + 5);
	return found && found->read != READ_BY_PROBE ? found : NULL;
}

const char *keys_suggest(const char *key)
{
	const char *names[KNOWN_KEYS + 1];
	for (size_t i = 0; i < KNOWN_KEYS; i++)
		names[i] = known_keys[i].key;
	names[KNOWN_KEYS] = NULL;
	return suggest_name(key, names);
}

bool keys_group(const char *name, size_t *ret_first, size_t *ret_count)
{
	size_t length = strlen(name);
	*ret_count = 0;
	for (size_t i = 0; i < KNOWN_KEYS; i++) {
		const struct known_key *key = &known_keys[i];
		if (key->read != READ_FIELD || strncmp(key->key, name, length) != 0 || key->key[length] != '.')
			continue;
		if (strchr(key->key + length + 1, '.'))
			continue;
		if ((*ret_count)++ == 0)
			*ret_first = i;
	}
	return *ret_count > 1;
}

const char *keys_path(struct arena *arena, const struct known_key *key)
{
	if (key->path || key->read == READ_BY_PROBE)
		return key->path;
	char *path = arena_printf(arena, "proc/sys/%s", key->key);
	for (char *p = path; *p; p++)
		if (*p == '.')
			*p = '/';
	return path;
}

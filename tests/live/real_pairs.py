"""The hosts and plans of real_fixes.py."""
PAIRS = []
NGINX = r"""
cat >/tmp/nginx.conf <<'END'
worker_processes 1; pid /tmp/nginx.pid; error_log /srv/error.log;
events { worker_connections 8192; multi_accept on; }
http { access_log off; keepalive_requests 1000000;
    server { listen 8080 backlog=8192; listen [::]:8080 backlog=8192; location / { return 200 "yes\n"; } } }
END
nginx -c /tmp/nginx.conf
"""


class Pair:
    """One host and one plan. What is not given has the value that most pairs need."""

    def __init__(self, name, **given):
        self.name, self.host, self.plan, self.limit = name, "", "", ""
        self.needs, self.systemd, self.groups = [], False, False
        self.options = ""  # before the command that is the plan
        self.raises = False  # the fix raises a hard limit: CAP_SYS_RESOURCE
        self.setup, self.shell, self.prologue = NGINX, [], ""
        self.load, self.audit, self.broken = "", None, ""
        self.values, self.between = "", ""
        self.asked, self.refused = 0, ""  # connections, and what the tool calls those that failed
        self.anew = False  # the fix is a command that makes a container: it is the load itself
        self.stay = False  # what is to stay is written to its file, and a new login reads it
        self.fill = {}
        self.restart_by_root = True
        for name, value in given.items():
            if not hasattr(self, name):
                raise AttributeError(name)
            setattr(self, name, value)
        if self.audit is None:
            self.audit = self.options + " -- " + self.load
        PAIRS.append(self)


def user(name="dev", limits=""):
    """A user of its own, and the words that are its shell."""
    return ["runuser", "-u", name, "--", "prlimit", *limits.split(), "env", "HOME=/tmp"]


ADD_DEV = "useradd -m -s /bin/bash dev\n"
SUDO = "echo 'dev ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev\n"
RANGE = "cat /proc/sys/net/ipv4/ip_local_port_range"

# --- network namespaces with odd settings ---
Pair("narrow-range", asked=400, refused=r"connect (\d+)", host="network namespace, 200 outgoing ports", plan="wrk, 400 connections", limit="ephemeral-ports",
     needs=["wrk", "nginx"], prologue="sysctl -qw net.ipv4.ip_local_port_range='40000 40199'", values=RANGE,
     load="wrk -c 400 -t 2 -d 2s http://127.0.0.1:8080/", broken=r"connect [1-9]\d*")
Pair("reserved", host="network namespace, 900 of 1,000 outgoing ports reserved", plan="ab, 150 at a time", limit="ephemeral-ports",
     needs=["ab", "nginx"], prologue="sysctl -qw net.ipv4.ip_local_port_range='40000 40999' net.ipv4.ip_local_reserved_ports=40000-40899",
     values=RANGE + " /proc/sys/net/ipv4/ip_local_reserved_ports",
     load="ab -q -k -c 150 -n 3000 http://127.0.0.1:8080/", broken=r"Cannot assign requested address")
Pair("ipv6", host="network namespace, 100 outgoing ports, IPv6", plan="h2load, 150 connections", limit="ephemeral-ports",
     needs=["h2load", "nginx"], prologue="sysctl -qw net.ipv4.ip_local_port_range='40000 40099'; echo ::1 six.test >>/etc/hosts", values=RANGE,
     load="h2load --h1 -c 150 -n 3000 http://six.test:8080/", broken=r"[1-9]\d* (errored|failed)")
Pair("no-reuse", host="network namespace, tcp_tw_reuse=0, 1,000 outgoing ports", plan="redis-benchmark, a connection for each of 3,000 requests",
     limit="ephemeral-ports", needs=["redis-benchmark", "redis-server"],
     setup="redis-server --port 6379 --save '' --daemonize yes >/dev/null; sleep 0.3",
     prologue="sysctl -qw net.ipv4.ip_local_port_range='40000 40999' net.ipv4.tcp_tw_reuse=0",
     values=RANGE + " /proc/sys/net/ipv4/tcp_tw_reuse",
     load="redis-benchmark -k 0 -c 20 -n 3000 -t ping", broken=r"Cannot assign requested address")

SLOW = r"""
cat >/tmp/slow.py <<'END'
import socket, time
server = socket.create_server(("0.0.0.0", 8080), backlog=4096)
time.sleep(1.5)
kept = []
while True:
    kept.append(server.accept()[0])
END
python3 /tmp/slow.py & echo $! >/tmp/slow.pid
sleep 0.3
"""
BURST = r"""
nstat -n; python3 - 400 <<'END'
import socket, sys, time
kept = []
for _ in range(int(sys.argv[1])):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(("127.0.0.1", 8080))
    kept.append(client)
time.sleep(0.8)
END
nstat -sz TcpExtListenOverflows | tail -n 1
"""
Pair("somaxconn", host="network namespace, somaxconn=64", plan="server that asks for 4,096 in listen(), burst of 400", limit="accept-queue",
     setup="sysctl -qw net.core.somaxconn=64 net.ipv4.tcp_syncookies=0\n" + SLOW, values="cat /proc/sys/net/core/somaxconn",
     load=BURST, audit="--role server --connections 400 --burst 400 --backlog 4096", broken=r"ListenOverflows +[1-9]\d*",
     between="kill $(cat /tmp/slow.pid); sleep 0.2; " + SLOW)
RESTART = "kill $(cat /tmp/nginx.pid); sleep 0.3; rm /srv/error.log; nginx -c /tmp/nginx.conf"
Pair("nginx-files", host="network namespace, nginx with worker_rlimit_nofile 100", plan="nginx behind wrk, 300 connections",
     limit="process-fds", needs=["wrk", "nginx"], setup=NGINX.replace("worker_processes 1;", "worker_processes 1; worker_rlimit_nofile 100;"),
     audit="--connections 300 -- nginx -c /tmp/nginx.conf", between=RESTART, values="grep -o 'rlimit_nofile [0-9]*' /tmp/nginx.conf",
     load="wrk -c 300 -t 2 -d 2s http://127.0.0.1:8080/; cat /srv/error.log", broken="Too many open files")
HAPROXY = NGINX + r"""
cat >/tmp/haproxy.cfg <<'END'
global
    maxconn 400
defaults
    mode tcp
    timeout connect 2s
    timeout client 30s
    timeout server 30s
listen front
    bind 127.0.0.1:8090
    server one 127.0.0.1:8080
END
"""
Pair("haproxy-ports", host="network namespace, 200 outgoing ports", plan="HAProxy between wrk (400 connections) and nginx", limit="ephemeral-ports",
     needs=["wrk", "nginx", "haproxy"],
     setup=HAPROXY + "ip addr add 10.9.0.1/32 dev lo; sysctl -qw net.ipv4.ip_local_port_range='40000 40199'; "
     "sed -i s/127.0.0.1:8080/10.9.0.1:8080/ /tmp/haproxy.cfg; haproxy -f /tmp/haproxy.cfg -D",
     values=RANGE, audit="-- haproxy -f /tmp/haproxy.cfg",
     load="wrk -c 400 -t 2 -d 2s http://127.0.0.1:8090/", broken=r"(connect|read) [1-9]\d*")

Pair("privileged", asked=300, refused=r"connect (\d+)", host="network namespace, 100 outgoing ports right above ip_unprivileged_port_start", plan="wrk, 300 connections", limit="ephemeral-ports",
     needs=["wrk", "nginx"], prologue="sysctl -qw net.ipv4.ip_local_port_range='40000 40099' net.ipv4.ip_unprivileged_port_start=40000",
     setup=NGINX.replace("8080", "41000"), values=RANGE, load="wrk -c 300 -t 2 -d 2s http://127.0.0.1:41000/", broken=r"connect [1-9]\d*")
Pair("last-ports", host="network namespace, the last 100 ports, and listeners below them", plan="ab, 200 at a time", limit="ephemeral-ports",
     needs=["ab", "nginx"], prologue="sysctl -qw net.ipv4.ip_local_port_range='65436 65535'", setup=NGINX.replace("8080", "65400"),
     values=RANGE + " /proc/sys/net/ipv4/ip_local_reserved_ports", load="ab -q -k -c 200 -n 2000 http://127.0.0.1:65400/", broken="Cannot assign requested address")
Pair("nginx-burst", host="network namespace, somaxconn=16", plan="nginx, burst of 300 by wrk", limit="accept-queue", needs=["wrk", "nginx"],
     setup="sysctl -qw net.core.somaxconn=16\n" + NGINX, values="cat /proc/sys/net/core/somaxconn", audit="--connections 300 --burst 300 -- nginx -c /tmp/nginx.conf",
     load="nstat -n; kill -STOP $(pgrep -P $(cat /tmp/nginx.pid)); wrk -c 300 -t 1 -d 2s http://127.0.0.1:8080/ & sleep 0.5; kill -CONT $(pgrep -P $(cat /tmp/nginx.pid)); wait $!; nstat -sz TcpExtListenOverflows",
     broken=r"ListenOverflows +[1-9]\d*", between=RESTART)
Pair("redis-files", host="shell with 150 open files, 4,096 at most", plan="redis-benchmark, 300 clients", limit="process-fds", needs=["redis-benchmark", "redis-server"],
     setup="redis-server --port 6379 --save '' --daemonize yes >/dev/null; sleep 0.3", shell=["prlimit", "--nofile=150:4096"],
     load="redis-benchmark -c 300 -n 3000 -t ping", broken="(?i)too many open files")
Pair("half-open", host="network namespace, tcp_max_syn_backlog=64 without SYN cookies, 150 ms away", plan="server, burst of 400", limit="syn-backlog",
     needs=[], setup=r"""
unshare -n sleep 100 & echo $! >/tmp/far.pid
sleep 0.3
@BUILD@/tests/live/slow_link /proc/$$/ns/net /proc/$(cat /tmp/far.pid)/ns/net 150 60 >/tmp/link & sleep 0.5
ip addr add 10.9.0.1 peer 10.9.0.2 dev slow0; ip link set slow0 up
nsenter -t $(cat /tmp/far.pid) -n sh -c 'ip addr add 10.9.0.2 peer 10.9.0.1 dev slow0; ip link set slow0 up; ip link set lo up'
sysctl -qw net.ipv4.tcp_max_syn_backlog=64 net.ipv4.tcp_syncookies=0
""" + SLOW, values="cat /proc/sys/net/ipv4/tcp_max_syn_backlog",
     audit="--role server --connections 400 --burst 400 --burst-window 300ms --backlog 4096",
     load=BURST.replace("python3 - 400", "nsenter -t $(cat /tmp/far.pid) -n python3 - 400").replace("127.0.0.1", "10.9.0.1").replace("ListenOverflows", "ListenDrops"),
     broken=r"ListenDrops +[1-9]\d*", between="kill $(cat /tmp/slow.pid); sleep 0.2; " + SLOW)

# --- limits of users and their shells ---
Pair("haproxy-files", raises=True, host="user with 256 open files, 600 at most; sudo", plan="HAProxy with maxconn 400 behind wrk", limit="process-fds",
     needs=["wrk", "nginx", "haproxy", "sudo"], setup=HAPROXY + ADD_DEV + SUDO, shell=user(limits="--nofile=256:600"),
     audit="-- haproxy -f /tmp/haproxy.cfg",
     load="haproxy -f /tmp/haproxy.cfg -D -p /tmp/ha.pid && { sleep 0.3; wrk -c 400 -t 2 -d 2s http://127.0.0.1:8090/; kill $(cat /tmp/ha.pid); }",
     broken=r"(?i)FD limit|connect [1-9]\d*|timeout [1-9]\d*")
Pair("soft-limit", host="user with 256 open files, 4,096 at most", plan="h2load, 400 connections", limit="process-fds", needs=["h2load", "nginx"],
     setup=NGINX + ADD_DEV, shell=user(limits="--nofile=256:4096"), load="h2load --h1 -c 400 -n 2000 http://127.0.0.1:8080/",
     broken=r"[1-9]\d* (errored|failed)")
Pair("wrk", asked=500, refused=r"connect (\d+)", host="user with 256 open files, 4,096 at most", plan="wrk, 500 connections", limit="process-fds", needs=["wrk", "nginx"],
     setup=NGINX + ADD_DEV, shell=user(limits="--nofile=256:4096"), load="wrk -c 500 -t 2 -d 2s http://127.0.0.1:8080/",
     broken=r"connect [1-9]\d*")
Pair("hey", raises=True, host="user who may open 300 files, no more; sudo", plan="hey, 400 workers", limit="process-fds", needs=["hey", "nginx", "sudo"],
     setup=NGINX + ADD_DEV + SUDO, shell=user(limits="--nofile=300:300"), load="hey -c 400 -n 4000 http://127.0.0.1:8080/", broken="too many open files")
Pair("hard-limit", asked=500, refused=r"connect (\d+)", raises=True, host="user with 256 open files, no more allowed; sudo", plan="wrk, 500 connections", limit="process-fds", needs=["wrk", "nginx", "sudo"],
     setup=NGINX + ADD_DEV + SUDO,
     shell=user(limits="--nofile=256:256"), load="wrk -c 500 -t 2 -d 2s http://127.0.0.1:8080/", broken="connect [1-9]\\d*",
     values="")
Pair("root-shell", raises=True, host="root's shell with 200 open files, no more", plan="ab, 300 at a time", limit="process-fds", needs=["ab", "nginx"],
     shell=["prlimit", "--nofile=200:200"], load="ab -q -k -c 300 -n 3000 http://127.0.0.1:8080/", broken="Too many open files")
Pair("limits-d", host="user whose limits.d allows 300 open files", plan="h2load, 500 connections", limit="process-fds", needs=["h2load", "nginx"],
     setup=NGINX + ADD_DEV + "printf 'dev soft nofile 300\\ndev hard nofile 300\\n' >/etc/security/limits.d/50-dev.conf",
     shell=["su", "-", "dev"], stay=True, values="su - dev -c 'ulimit -Sn; ulimit -Hn'",
     load="h2load --h1 -c 500 -n 2000 http://127.0.0.1:8080/", broken=r"[1-9]\d* (errored|failed)")
Pair("threads", host="user with 60 processes and threads", plan="siege, 100 users", limit="threads", needs=["siege", "nginx"],
     setup=NGINX + ADD_DEV, shell=user(limits="--nproc=60:4096"), options="--latency 100ms",
     load="siege -b -c 100 -r 20 http://127.0.0.1:8080/", broken="(?i)resource temporarily unavailable|pthread|thread")
Pair("locust", host="user with 128 open files, 4,096 at most", plan="Locust, 200 users", limit="process-fds", needs=["locust", "nginx"],
     setup=NGINX + ADD_DEV + r"""cat >/tmp/locustfile.py <<'END'
from locust import HttpUser, constant, task
class Visitor(HttpUser):
    wait_time = constant(0.5)
    @task
    def page(self): self.client.get("/")
END
""", shell=user(limits="--nofile=128:4096"), prologue="cd /tmp", load="locust -f locustfile.py --headless -u 200 -r 200 -t 4s --host http://127.0.0.1:8080",
     broken="Too many open files")

# --- services of a systemd that is process 1 ---
UNIT = "cat >'/etc/systemd/system/%s' <<'END'\n%s\nEND\nsystemctl daemon-reload\n"


def unit(name, *lines):
    return UNIT % (name, "\n".join(("[Service]",) + lines))


NGINX_UNIT = NGINX.replace("nginx -c /tmp/nginx.conf\n", "")
SIEGE = "siege -b -c 100 -r 20 http://127.0.0.1:8080/"
Pair("unit-files", systemd=True, host="systemd service with LimitNOFILE=128", plan="nginx behind wrk, 400 connections", limit="process-fds",
     needs=["wrk", "nginx"], values="systemctl show -P LimitNOFILE shop", between="sleep 0.5",
     setup=NGINX_UNIT + unit("shop.service", "ExecStart=/usr/sbin/nginx -c /tmp/nginx.conf -g 'daemon off;'", "LimitNOFILE=128") + "systemctl start shop; sleep 0.3",
     audit="--unit shop --role server --connections 400",
     load="rm -f /srv/error.log; systemctl kill -s USR1 shop; sleep 0.2; wrk -c 400 -t 2 -d 2s http://127.0.0.1:8080/; cat /srv/error.log", broken="Too many open files")
Pair("unit-tasks", systemd=True, host="systemd service with TasksMax=50", plan="siege, 100 users", limit="threads", needs=["siege", "nginx"],
     setup=NGINX + unit("load.service", "Type=oneshot", "ExecStart=/bin/sh -c '%s >/tmp/load.log 2>&1'" % SIEGE, "TasksMax=50"),
     values="systemctl show -P TasksMax load", audit="--unit load --role client --connections 100 --threads 101 --to 127.0.0.1:8080",
     load="systemctl start load; cat /tmp/load.log", broken="(?i)resource temporarily unavailable|pthread|thread")
Pair("unit-threads", systemd=True, host="systemd service of another user with LimitNPROC=60", plan="siege, 100 users", limit="threads",
     needs=["siege", "nginx"],
     setup=NGINX + ADD_DEV + unit("load.service", "Type=exec", "User=dev", "ExecStart=/bin/sh -c '%s >/tmp/load.log 2>&1'" % SIEGE, "LimitNPROC=60") + "touch /tmp/load.log; chmod 666 /tmp/load.log",
     values="systemctl show -P LimitNPROC load", audit="--unit load --role client --connections 100 --threads 101 --to 127.0.0.1:8080",
     between="systemctl stop load", load="systemctl start load; while systemctl is-active -q load; do sleep 0.1; done; cat /tmp/load.log", broken="(?i)resource temporarily unavailable|pthread|thread")
Pair("slice", systemd=True, host="systemd service in a slice with TasksMax=40", plan="siege, 100 users", limit="threads", needs=["siege", "nginx"],
     setup=NGINX + UNIT % ("tests.slice", "[Slice]\nTasksMax=40") + unit("load.service", "Type=oneshot", "Slice=tests.slice", "ExecStart=/bin/sh -c '%s >/tmp/load.log 2>&1'" % SIEGE) +
     unit("other.service", "Slice=tests.slice", "ExecStart=/bin/sleep 100") + "systemctl start other",
     values="systemctl show -P TasksMax tests.slice", audit="--unit load --role client --connections 100 --threads 101 --to 127.0.0.1:8080",
     load="systemctl start load; cat /tmp/load.log", broken="(?i)resource temporarily unavailable|pthread|thread")
Pair("idle-slice", systemd=True, host="systemd service in a slice below one with TasksMax=40, neither active", plan="siege, 100 users", limit="threads", needs=["siege", "nginx"],
     setup=NGINX + UNIT % ("tests.slice", "[Slice]\nTasksMax=40") + unit("load.service", "Type=oneshot", "Slice=tests-load.slice", "ExecStart=/bin/sh -c '%s >/tmp/load.log 2>&1'" % SIEGE),
     values="systemctl show -P TasksMax tests.slice", audit="--unit load --role client --connections 100 --threads 101 --to 127.0.0.1:8080",
     load="systemctl start load; cat /tmp/load.log", broken="(?i)resource temporarily unavailable|pthread|thread")
PROXY = NGINX.replace("listen 8080 backlog", "listen 8081 backlog").replace("listen [::]:8080 backlog=8192; ", "").replace(
    "location / { return 200 \"yes\\n\"; }", "location / { proxy_pass http://127.0.0.1:8080; }").replace(
    "/tmp/nginx", "/tmp/front").replace("/srv/error", "/srv/front-error")
Pair("unit-instance", systemd=True, host="instance of a systemd template with LimitNOFILE=300", plan="nginx as a proxy behind wrk, 400 connections",
     limit="process-fds", needs=["wrk", "nginx"],
     setup=NGINX + PROXY.replace("nginx -c /tmp/front.conf\n", "") + unit("proxy@.service", "ExecStart=/usr/sbin/nginx -c /tmp/%i.conf -g 'daemon off;'", "LimitNOFILE=300") +
     "systemctl start proxy@front; sleep 0.3", between="sleep 0.5",
     values="systemctl show -P LimitNOFILE proxy@front", audit="--unit proxy@front --role proxy --connections 400 --to 127.0.0.1:8080",
     load="rm -f /srv/front-error.log; systemctl kill -s USR1 proxy@front; sleep 0.2; wrk -c 400 -t 2 -d 2s http://127.0.0.1:8081/; cat /srv/front-error.log",
     broken="Too many open files")

# --- containers of Podman ---
PODMAN = r"""
umount /sys/fs/cgroup/unified 2>/dev/null
mkdir -p /tmp/image/bin /tmp/image/lib64 /tmp/image/tmp /tmp/image/etc /tmp/image/usr/bin
ln -s /usr/bin/busybox /tmp/image/bin/sh
cp -r /etc/siege /tmp/image/etc/ 2>/dev/null
for tool in busybox wrk ab siege h2load; do
    path=$(command -v $tool) || continue
    cp "$path" /tmp/image/usr/bin/
    ldd "$path" | grep -o '/[^ ]*' | while read -r library; do mkdir -p "/tmp/image$(dirname "$library")"; cp -Ln "$library" "/tmp/image$library"; done
done
cat >/etc/containers/storage.conf <<'END'
[storage]
driver = "vfs"
graphroot = "/tmp/storage"
runroot = "/run/storage"
END
cat >/etc/containers/containers.conf <<'END'
[containers]
cgroups = "disabled"
default_ulimits = ["nproc=4096:8192", "nofile=1024:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
END
tar -C /tmp/image -c . | podman import - tools >/dev/null 2>&1
podman images -q | grep -q .
"""
CONTAINER = ["podman", "crun", "busybox"]
Pair("podman-files", asked=400, refused=r"connect (\d+)", anew=True, groups=True, host="container of Podman, --ulimit nofile=128:128, host's network", plan="wrk, 400 connections", limit="process-fds",
     needs=CONTAINER + ["wrk", "nginx"], setup=NGINX + PODMAN,
     load="podman run --rm --network host --ulimit nproc=4096:8192 --ulimit nofile=128:128 tools wrk -c 400 -t 2 -d 2s http://127.0.0.1:8080/", broken=r"connect [1-9]\d*")

Pair("podman-range", anew=True, groups=True, host="container of Podman, --sysctl ip_local_port_range of 100 ports, bridge", plan="ab, 200 at a time", limit="ephemeral-ports",
     needs=CONTAINER + ["ab", "nginx"], setup=NGINX + PODMAN + "ip link add side0 type veth peer side1; ip addr add 10.9.0.1/24 dev side0; ip link set side0 up; ip link set side1 up",
     load="podman run --rm --ulimit nproc=4096:8192 --ulimit nofile=1024:4096 --sysctl net.ipv4.ip_local_port_range='40000 40099' tools ab -q -k -c 200 -n 2000 http://10.9.0.1:8080/",
     broken="Cannot assign requested address")
Pair("podman-host", groups=True, host="container of Podman on the network of a namespace with 100 outgoing ports", plan="h2load, 200 connections", limit="ephemeral-ports",
     needs=CONTAINER + ["h2load", "nginx"], setup=NGINX + PODMAN + "sysctl -qw net.ipv4.ip_local_port_range='40000 40099'", values=RANGE,
     load="podman run --rm --network host --ulimit nproc=4096:8192 --ulimit nofile=1024:4096 tools h2load --h1 -c 200 -n 2000 http://127.0.0.1:8080/",
     broken=r"[1-9]\d* (errored|failed)")
Pair("podman-pids", anew=True, groups=True, host="container of Podman, --pids-limit 40", plan="siege, 100 users", limit="threads",
     needs=CONTAINER + ["siege", "nginx"], setup=NGINX + PODMAN,
     load="podman run --cgroups=enabled --rm --network host --ulimit nproc=4096:8192 --ulimit nofile=1024:4096 --pids-limit 40 tools siege -b -c 100 -r 20 http://127.0.0.1:8080/",
     options="--latency 100ms",
     broken="(?i)resource temporarily unavailable|pthread|thread")
Pair("podman-shell", anew=True, groups=True, host="container of Podman, --ulimit=nofile=100:100, its command in a shell", plan="ab, 200 at a time", limit="process-fds",
     needs=CONTAINER + ["ab", "nginx"], setup=NGINX + PODMAN,
     load="podman run --rm --network=host --ulimit=nproc=4096:8192 --ulimit=nofile=100:100 tools sh -c 'ab -q -k -c 200 -n 2000 http://127.0.0.1:8080/'",
     broken="Too many open files")

# --- a control group that nothing but a script made ---
Pair("group", groups=True, host="control group with pids.max=40", plan="siege, 100 users", limit="threads", needs=["siege", "nginx"],
     setup=NGINX + "mkdir /sys/fs/cgroup/pids/load; echo 40 >/sys/fs/cgroup/pids/load/pids.max", values="cat /sys/fs/cgroup/pids/load/pids.max",
     shell=["sh", "-c", "echo $$ >/sys/fs/cgroup/pids/load/cgroup.procs; exec \"$@\"", "sh"],
     options="--latency 100ms", load=SIEGE, broken="(?i)resource temporarily unavailable|pthread|thread")

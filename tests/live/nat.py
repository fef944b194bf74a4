#!/usr/bin/env python3
"""Connection tracking and address translation: what headroom says, and what the kernel does.

nat.py HEADROOM [rules|churn|ports|quick] [--count N] [--seed N]

rules: random and chosen rules of nftables and iptables. Connections of a client, of a server and over loopback are
opened over IPv4 and IPv6, and the entries of the table are counted: where there are any, headroom must say so.
churn: connections that end in every way, through real NAT: the highest number of entries is at most what headroom said.
ports: a NAT with few source ports: how many connections to one destination get through.
quick: a few seconds of churn.

All in private network namespaces; the timeouts of connection tracking are those of the namespace alone. It shares no
code with headroom, and opens a few thousand connections at most."""
import argparse
import json
import os
import random
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from truth import space  # noqa: E402

NS_PATH = "/proc/%d/ns/net"
HERE, THERE = ("10.8.0.1", "fd08::1"), ("10.8.0.2", "fd08::2")
LOOP = ("127.0.0.1", "::1")
PORTS = (8080, 8081)
COUNT_PATH = "/proc/sys/net/netfilter/nf_conntrack_count"


def run(command, **how):
    return subprocess.run(command, shell=isinstance(command, str), capture_output=True, text=True, **how)


def must(command, **how):
    done = run(command, **how)
    if done.returncode:
        raise RuntimeError("%s: %s" % (command, done.stderr.strip()))
    return done.stdout


class Namespace:
    """A network namespace that a sleeping child keeps."""

    def __init__(self):
        self.pid = os.fork()
        if self.pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            space.unshare(space.CLONE_NEWNET)
            subprocess.run(["ip", "link", "set", "lo", "up"])
            os.execvp("sleep", ["sleep", "3600"])
        while os.readlink(NS_PATH % self.pid) == os.readlink(NS_PATH % os.getpid()) or \
                "UP" not in self.run("ip -o link show lo").stdout:
            time.sleep(0.005)

    def enter(self):
        fd = os.open(NS_PATH % self.pid, os.O_RDONLY)
        space.check(space.libc.setns(fd, space.CLONE_NEWNET), "setns")
        os.close(fd)

    def run(self, command, **how):
        return run(["nsenter", "-t", str(self.pid), "-n"] +
                   (["sh", "-c", command] if isinstance(command, str) else command), **how)

    def must(self, command, **how):
        done = self.run(command, **how)
        if done.returncode:
            raise RuntimeError("%s: %s" % (command, done.stderr.strip()))
        return done.stdout

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)


def join(a, b, name, ends):
    """A link between two namespaces. ends: addresses of both, IPv4 and IPv6."""
    must(["ip", "link", "add", name, "netns", str(a.pid), "type", "veth", "peer", "name", name, "netns", str(b.pid)])
    for one, addresses in ((a, ends[0]), (b, ends[1])):
        one.must("ip addr add %s/24 dev %s; ip addr add %s/64 dev %s nodad; ip link set %s up" %
                 (addresses[0], name, addresses[1], name, name))


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def shown(address, port):
    return "[%s]:%d" % (address, port) if ":" in address else "%s:%d" % (address, port)


# --- rules ----------------------------------------------------------------------------------------------------------

# What is tracked by these is checked one by one; `exact`: headroom must not charge what is not tracked.
CHOSEN = [
    ("no rules", "", True),
    ("a filter", "table inet t {\n chain c { type filter hook input priority 0; tcp dport 8080 accept; }\n}", True),
    ("ct state", "table inet t {\n chain c { type filter hook input priority 0; ct state established accept; }\n}", True),
    ("IPv4 alone", "table ip t {\n chain c { type filter hook output priority 0; ct state new accept; }\n}", True),
    ("IPv6 alone", "table ip6 t {\n chain c { type filter hook output priority 0; ct state new accept; }\n}", True),
    ("masquerade", "table ip t {\n chain c { type nat hook postrouting priority 100; oifname nowhere masquerade; }\n}", True),
    ("an unused chain", "table ip t {\n chain c { ct state new accept; }\n}", True),
    ("a nat chain alone", "table ip t {\n chain c { type nat hook postrouting priority 100; }\n}", True),
    ("connlimit in a set", "table ip t {\n set s { type ipv4_addr; flags dynamic; }\n chain c { type filter hook input priority 0; "
     "add @s { ip saddr ct count over 100 } drop; }\n}", True),
    ("a helper", 'table ip6 t {\n ct helper f { type "ftp" protocol tcp; }\n}', True),
    ("a timeout", "table ip t {\n ct timeout x { protocol tcp; policy = { close : 20 }; }\n}", True),
    ("an expectation", "table ip t {\n ct expectation e { protocol tcp; dport 9; timeout 1h; size 1; }\n}", True),
    ("a counted set", "table ip t {\n set s { type ipv4_addr; flags dynamic; ct count over 9; }\n}", True),
    ("notrack of all", "table inet t {\n chain p { type filter hook prerouting priority raw; notrack; }\n"
     " chain o { type filter hook output priority raw; notrack; }\n chain c { type filter hook input priority 0; ct state new; }\n}", True),
    ("notrack of a port", "table inet t {\n chain p { type filter hook prerouting priority raw; tcp sport 8080 notrack; }\n"
     " chain o { type filter hook output priority raw; tcp dport 8080 notrack; }\n chain c { type filter hook input priority 0; ct state new; }\n}", True),
    ("notrack one way", "table inet t {\n chain o { type filter hook output priority raw; tcp dport 8080 notrack; }\n"
     " chain c { type filter hook input priority 0; ct state new; }\n}", False),
    ("notrack of loopback", "table inet t {\n chain o { type filter hook output priority raw; oif lo notrack; }\n"
     " chain c { type filter hook input priority 0; ct state new; }\n}", True),
    ("notrack too late", "table inet t {\n chain p { type filter hook prerouting priority -150; notrack; }\n"
     " chain o { type filter hook output priority -150; notrack; }\n chain c { type filter hook input priority 0; ct state new; }\n}", False),
    ("notrack behind accept", "table inet t {\n chain p { type filter hook prerouting priority raw; tcp sport 8080 accept; notrack; }\n"
     " chain o { type filter hook output priority raw; tcp dport 8080 accept; notrack; }\n chain c { type filter hook input priority 0; ct state new; }\n}", False),
    ("a zone before notrack", "table inet t {\n chain p { type filter hook prerouting priority -310; ct zone set 1; }\n chain q { type filter hook prerouting priority raw; notrack; }\n"
     " chain o { type filter hook output priority -310; ct zone set 1; }\n chain r { type filter hook output priority raw; notrack; }\n}", False),
    ("iptables-nft", "!iptables-nft -A INPUT -m conntrack --ctstate NEW -j ACCEPT", True),
    ("iptables-nft notrack", "!iptables-nft -t raw -A OUTPUT -p tcp --dport 8080 -j CT --notrack; iptables-nft -t raw -A PREROUTING -p tcp --sport 8080 -j CT --notrack;"
     " iptables-nft -A INPUT -m state --state NEW -j ACCEPT", True),
    ("legacy filter", "!iptables-legacy -A INPUT -p tcp --dport 8080 -j ACCEPT", True),
    ("legacy conntrack", "!iptables-legacy -A INPUT -m conntrack --ctstate NEW -j ACCEPT", True),
    ("legacy connlimit", "!ip6tables-legacy -A INPUT -p tcp -m connlimit --connlimit-above 900 -j DROP", True),
    ("legacy nat table, empty", "!iptables-legacy -t nat -L -n", True),
    ("legacy masquerade", "!iptables-legacy -t nat -A POSTROUTING -o nowhere -j MASQUERADE", True),
    ("legacy notrack", "!iptables-legacy -t raw -A OUTPUT -p tcp --dport 8080 -j CT --notrack; iptables-legacy -t raw -A PREROUTING -p tcp --sport 8080 -j CT --notrack;"
     " iptables-legacy -A INPUT -m state --state NEW -j ACCEPT", True),
    ("legacy notrack of another", "!iptables-legacy -t raw -A OUTPUT -d 1.2.3.4 -j CT --notrack; iptables-legacy -t raw -A PREROUTING -s 1.2.3.4 -j CT --notrack;"
     " iptables-legacy -A INPUT -m state --state NEW -j ACCEPT", True),
]


def random_rules(rng):
    """Tables with chains before and after connection tracking, in which rules that track and rules that exempt stand in
    any order."""
    matches = ["", "tcp dport 8080", "tcp sport 8080", "tcp dport 8080-8090", "tcp sport { 8080, 9000 }", "meta l4proto tcp", "udp dport 53",
               "iif lo", "oif lo", "iifname lo", "tcp dport != 22", "meta nfproto ipv4", "meta nfproto ipv6", "meta mark 0", "ct state new", "tcp flags syn",
               "limit rate 1/second", "tcp dport 8081", "meta l4proto { tcp, udp }"]
    acts = ["notrack", "notrack", "notrack", "notrack accept", "accept", "return", "counter", "counter notrack", "meta mark set 1", "ct mark set 1",
            "ct zone set 3", "jump other", "goto other", "log prefix x", "continue", "meta mark set 1 notrack"]
    late = ["ct state new", "ct state established accept", "ct count over 900 drop", "accept", "counter", "ct mark 5 drop", "tcp dport 8080 accept",
            "meta l4proto tcp ct original packets > 9000 drop"]
    text = ""
    for number in range(rng.randint(1, 3)):
        kind = rng.choice(["ip", "ip6", "inet", "inet"])
        text += "table %s t%d {\n" % (kind, number)
        text += " chain other {\n  %s\n }\n" % rng.choice(["accept", "notrack", "return", "counter"])
        for hook in ("prerouting", "output"):
            if rng.random() < 0.7:
                text += " chain raw%s {\n  type filter hook %s priority %s\n" % (hook, hook, rng.choice(["raw", "raw", "-210", "-201", "-400", "-199", "0"]))
                for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
                    match = rng.choice(matches if rng.random() < 0.6 else [""])
                    if hook == "prerouting" and "oif" in match or hook == "output" and "iif" in match or kind == "ip6" and "nfproto" in match or \
                            kind == "ip" and "nfproto" in match:
                        match = ""
                    text += "  %s %s\n" % (match, rng.choice(acts if rng.random() < 0.5 else ["notrack"]))
                text += " }\n"
        if rng.random() < 0.6:
            text += " chain late {\n  type filter hook %s priority 0\n  %s\n }\n" % (rng.choice(["input", "output", "forward"]), rng.choice(late))
        text += "}\n"
    return text


def apply(here, rules):
    """None, or why the kernel does not take them."""
    if rules.startswith("!"):
        done = here.run(rules[1:])
    else:
        done = here.run(["nft", "-f", "-"], input=rules)
    return done.stderr.strip() if done.returncode else None


class Listeners:
    """Accepts in a namespace, and keeps what it accepted until told to drop it."""

    def __init__(self, namespace):
        self.command = subprocess.Popen(["nsenter", "-t", str(namespace.pid), "-n", sys.executable, os.path.abspath(__file__), "--serve"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.command.stdout.readline()

    def close(self):
        self.command.stdin.close()
        self.command.wait()


def serve():
    sockets = []
    for address in ("0.0.0.0", "::"):
        for port in PORTS:
            one = socket.socket(family(address))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if ":" in address:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind((address, port))
            one.listen(1024)
            sockets.append(one)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select(sockets + [sys.stdin], [], [])
        if sys.stdin in ready:
            return
        for one in ready:
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                accepted, _ = one.accept()
                sockets.append(accepted)
                continue
            data = one.recv(1000)
            if data:
                one.send(data)
            else:
                sockets.remove(one)
                one.close()


TALK = """
import socket, sys
n, address, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
kept = []
for i in range(n):
    s = socket.create_connection((address, port), 3)
    s.send(b'x'); s.recv(1); s.send(b'y'); s.recv(1)
    kept.append(s)
print(open('%s').read() if len(sys.argv) < 5 else '', flush=True)
sys.stdin.readline()
""" % COUNT_PATH


def entries(here, at, address, port, number=5):
    """How many more entries `here` has while connections are open that are opened `at` a namespace."""
    before = int(here.must("cat " + COUNT_PATH))
    client = subprocess.Popen(["nsenter", "-t", str(at.pid), "-n", sys.executable, "-c", TALK, str(number), address, str(port)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = client.stdout.readline()
    during = int(here.must("cat " + COUNT_PATH))
    client.stdin.write("\n")
    client.stdin.close()
    client.wait()
    return (during - before) if said else None


QUESTIONS = [(role, version) for role in ("client", "server", "both") for version in (0, 1)]


def ask(headroom, here, options):
    done = here.run([headroom, "audit", "--no-history", "--planning-constants", "off", "-o", "json:-"] + options)
    if not done.stdout.startswith("{"):
        raise RuntimeError("%s: %s" % (" ".join(options), done.stderr))
    return {r["id"]: r for r in json.loads(done.stdout)["resources"]}


def try_rules(headroom, here, there, rules, port):
    """What the kernel and headroom answer differently, and how many questions had an answer with entries, and without.
    All is asked before the first entry: entries would show that something is tracked."""
    missed, charged, counts = [], [], [0, 0]
    said = {}
    for role, version in QUESTIONS:
        to = (THERE if role == "client" else HERE if role == "server" else LOOP)[version]
        options = ["--role", role, "--connections", "5", "--to", shown(to, port)]
        said[role, version] = ask(headroom, here, options)["conntrack"]["status"] != "not-applicable"
    for role, version in QUESTIONS:
        to = (THERE if role == "client" else HERE if role == "server" else LOOP)[version]
        found = entries(here, there if role == "server" else here, to, port)
        if found is None:
            continue  # the rules let nothing through
        counts[found > 0] += 1
        if found > 0 and not said[role, version]:
            missed.append((role, to, found))
        if found == 0 and said[role, version]:
            charged.append((role, to))
    return missed, charged, counts


def rules_main(headroom, count, rng):
    missed = charged = refused = 0
    with_entries, without = 0, 0
    broken = []
    chosen = [(name, text, exact, PORTS[0]) for name, text, exact in CHOSEN]
    sets = chosen + [("random %d" % i, random_rules(rng), False, rng.choice(PORTS)) for i in range(count)]
    for name, text, exact, port in sets:
        here, there = Namespace(), Namespace()
        join(here, there, "v0", (HERE, THERE))
        listeners = [Listeners(here), Listeners(there)]
        try:
            why = apply(here, text)
            if why:
                refused += 1
                if exact:
                    print("# not tried: %s: %s" % (name, why.splitlines()[0]))
                continue
            wrong, dear, counts = try_rules(headroom, here, there, text, port)
            without += counts[0]
            with_entries += counts[1]
            missed += len(wrong)
            charged += len(dear)
            if wrong or (exact and dear):
                broken.append((name, text, wrong, dear))
        finally:
            for one in listeners:
                one.close()
            for one in (here, there):
                one.close()
    for name, text, wrong, dear in broken:
        print("not ok - %s: tracked, and not said: %s; not tracked, and charged: %s\n%s" % (name, wrong, dear, text))
    print("%s - %d rule sets (%d refused by the kernel): of %d questions whose connections had entries, %d times headroom said that nothing is "
          "tracked; of %d without entries, %d times it said that something is" %
          ("not ok" if broken else "ok", len(sets), refused, with_entries, missed, without, charged))
    return not broken


# --- churn ----------------------------------------------------------------------------------------------------------

CLIENT_NET, SERVER_NET = ("10.81.0.2", "10.81.0.1"), ("10.82.0.1", "10.82.0.2")  # client, router; router, server
CHURN_PORT = 7000
LIFE_S = 0.2
# How connections end, and what the plan says of it.
KINDS = {
    "client": ["--closer", "client"],
    "server": ["--closer", "server"],
    "reset": ["--closer", "reset"],
    "half": ["--closer", "client", "--peer-close", "never"],
    "udp": ["--protocol", "udp"],
}
# What the router does: its rules, who the client is and where it connects to, and the plan.
DNAT = "table ip n {\n chain p { type nat hook %s priority -100; ip daddr %s meta l4proto { tcp, udp } dnat to %s; }\n%s}"
MASQUERADE = " chain q { type nat hook postrouting priority 100; %smasquerade; }\n"
TOPOLOGIES = {
    "masquerade": ("table ip n {\n" + MASQUERADE % "" + "}", "client", SERVER_NET[1], ["--role", "client", "--nat", "masquerade"]),
    "forward": ("table ip n {\n chain f { type filter hook forward priority 0; ct state established accept; }\n}", "client", SERVER_NET[1],
                ["--role", "server"]),
    "publish": (DNAT % ("prerouting", CLIENT_NET[1], SERVER_NET[1], ""), "client", CLIENT_NET[1], ["--role", "server", "--nat", "publish"]),
    "both": (DNAT % ("prerouting", CLIENT_NET[1], SERVER_NET[1], MASQUERADE % ""), "client", CLIENT_NET[1], ["--role", "server", "--nat", "publish"]),
    "hairpin": (DNAT % ("prerouting", SERVER_NET[0], SERVER_NET[1], MASQUERADE % ""), "server", SERVER_NET[0], ["--role", "server", "--nat", "publish"]),
    "output": (DNAT % ("output", CLIENT_NET[1], SERVER_NET[1], MASQUERADE % ""), "router", CLIENT_NET[1], ["--role", "client", "--nat", "publish"]),
    "zones": ("table ip n {\n chain z { type filter hook prerouting priority raw; iifname v1 ct zone set 1; iifname v2 ct zone set 1; }\n" +
              MASQUERADE % "" + "}", "client", SERVER_NET[1], ["--role", "client", "--nat", "masquerade"]),
}


def answer(kind):
    """A server: answers a byte, and ends the connection as the kind says."""
    if kind == "udp":
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.bind(("0.0.0.0", CHURN_PORT))
        print("ready", flush=True)
        while True:
            data, peer = own.recvfrom(100)
            own.sendto(data, peer)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", CHURN_PORT))
    listener.listen(4096)
    print("ready", flush=True)
    poll, ends, kept = select.epoll(), [], {}
    poll.register(listener, select.EPOLLIN)
    while True:
        for fd, _ in poll.poll(0.02):
            if fd == listener.fileno():
                one, _ = listener.accept()
                kept[one.fileno()] = one
                poll.register(one, select.EPOLLIN)
                ends.append((time.monotonic() + LIFE_S, one.fileno()))
                continue
            try:
                data = kept[fd].recv(100)
                if data:
                    kept[fd].send(data)
            except OSError:
                data = b""
            if not data:
                poll.unregister(fd)
                if kind != "half":
                    kept.pop(fd).close()
        while kind == "server" and ends and ends[0][0] <= time.monotonic():
            _, fd = ends.pop(0)
            if fd in kept:
                kept[fd].shutdown(socket.SHUT_WR)


def count_entries():
    """The table of a namespace is seen by a process that is in it."""
    while True:
        with open(COUNT_PATH) as file:
            print(file.read(), end="", flush=True)
        time.sleep(0.05)


def drive(kind, address, rate, seconds):
    """A client: opens at this rate. Prints how many it opened."""
    start, opened, ends = time.monotonic(), 0, []
    while True:
        now = time.monotonic()
        while ends and ends[0][0] <= now:
            _, one = ends.pop(0)
            if kind == "reset":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
        if now - start >= seconds and not ends:
            break
        if now - start < seconds and opened < (now - start) * rate:
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
            one.settimeout(60)
            one.connect((address, CHURN_PORT))
            one.send(b"x")
            one.recv(1)
            opened += 1
            if kind == "server":
                ends.append((now + 2 * LIFE_S, one))  # the server was first
            else:
                ends.append((now + LIFE_S, one))
            continue
        time.sleep(0.001)
    print(opened, flush=True)


class Churn:
    """One topology and one kind of closing, in three namespaces."""

    def __init__(self, headroom, topology, kind, rate, seconds, timeout):
        self.name = "%s, closed by %s" % (topology, kind)
        rules, who, to, plan = TOPOLOGIES[topology]
        self.seconds = seconds
        self.client, self.router, self.server = self.all = [Namespace(), Namespace(), Namespace()]
        self.peak = 0
        join(self.client, self.router, "v1", ((CLIENT_NET[0], "fd81::2"), (CLIENT_NET[1], "fd81::1")))
        join(self.router, self.server, "v2", ((SERVER_NET[0], "fd82::1"), (SERVER_NET[1], "fd82::2")))
        self.router.must("sysctl -qw net.ipv4.ip_forward=1")
        self.client.must("ip route add default via " + CLIENT_NET[1])
        self.server.must("ip route add default via " + SERVER_NET[0])
        if timeout:
            names = ["tcp_timeout_time_wait", "tcp_timeout_close", "tcp_timeout_close_wait", "udp_timeout", "udp_timeout_stream"]
            self.router.must("sysctl -qw " + " ".join("net.netfilter.nf_conntrack_%s=%d" % (name, timeout) for name in names))
        why = apply(self.router, rules)
        if why:
            raise RuntimeError(why)
        options = plan + KINDS[kind] + ["--new-conns", str(rate), "--lifetime", "%gs" % LIFE_S, "--duration", "%ds" % seconds]
        if "client" in plan:
            options += ["--to", "%s:%d" % (to, CHURN_PORT)]
        resource = ask(headroom, self.router, options)["conntrack"]
        self.said, self.status = resource["kernel_demand"], resource["status"]
        self.answering = self.start(self.server, ["--answer", kind])
        self.answering.stdout.readline()
        self.counting = self.start(self.router, ["--count-entries"])
        self.counting.stdout.readline()
        self.reader = threading.Thread(target=self.take_counts)
        self.reader.start()
        self.driving = self.start({"client": self.client, "server": self.server, "router": self.router}[who],
                                  ["--drive", kind, to, str(rate), str(seconds)])

    def start(self, namespace, options):
        return subprocess.Popen(["nsenter", "-t", str(namespace.pid), "-n", sys.executable, os.path.abspath(__file__)] + options,
                                stdout=subprocess.PIPE, text=True)

    def take_counts(self):
        for line in self.counting.stdout:
            self.peak = max(self.peak, int(line))

    def close(self):
        """How many the client opened."""
        self.driving.wait()
        time.sleep(0.1)
        self.counting.kill()
        self.counting.wait()
        self.reader.join()
        opened = self.driving.stdout.read().strip()
        self.answering.kill()
        self.answering.wait()
        for one in self.all:
            one.close()
        return int(opened or 0)


def churn_of(headroom, cases, rate, seconds, timeout, most_ratio):
    good, ratios = True, []
    runs = [Churn(headroom, topology, kind, rate, seconds, timeout) for topology, kind in cases]
    for one in runs:
        opened = one.close()
        ratio = one.said / max(one.peak, 1)
        ratios.append(ratio)
        # A client that was late opened less than the plan: its peak proves less, and never too much.
        late = opened < 0.9 * rate * seconds
        wrong = one.peak > one.said * 1.01 + 2 or (ratio > most_ratio and not late) or opened == 0
        if wrong:
            good = False
            print("not ok - %s: %d entries at the peak, %d said, %d opened" % (one.name, one.peak, one.said, opened))
    ratios.sort()
    print("%s - %d runs of %d s at %d/s, timeouts %s: said is %.2f to %.2f times the peak, %.2f in the middle" %
          ("ok" if good else "not ok", len(runs), seconds, rate, "%d s" % timeout if timeout else "as the kernel has them",
           ratios[0], ratios[-1], ratios[len(ratios) // 2]))
    return good


def quick_main(headroom, count, rng):
    """A few seconds: up to the timeout the number is exact."""
    cases = [(topology, kind) for topology in TOPOLOGIES for kind in KINDS]
    return churn_of(headroom, rng.sample(cases, 6), 60, 3, 0, 1.15)


def churn_main(headroom, count, rng):
    cases = [(topology, kind) for topology in TOPOLOGIES for kind in KINDS]
    good = churn_of(headroom, cases, 40, 8, 0, 1.1)
    # Beyond the timeout it is a bound: shorter timeouts leave more of it to the collector.
    good &= churn_of(headroom, rng.sample(cases, 12), 40, 100, 10, 7)
    return good & churn_of(headroom, rng.sample(cases, 6), 40, 260, 0, 1.6)


# --- ports ----------------------------------------------------------------------------------------------------------

# Opens more connections than there are ports, all at once, and says how many were established after 2 s.
CROWD = """
import socket, sys, time
kept = []
for i in range(int(sys.argv[1])):
    s = socket.socket(); s.setblocking(False)
    try: s.connect((sys.argv[2], int(sys.argv[3])))
    except BlockingIOError: pass
    kept.append(s); time.sleep(0.002)
time.sleep(2)
def up(s):
    try: s.getpeername(); return True
    except OSError: return False
print(sum(map(up, kept)))
"""
# How a rule names the ports, and how many there are.
PORT_RULES = [("nft", "table ip n {\n" + MASQUERADE.replace("masquerade;", "meta l4proto tcp masquerade to :2000-2099;") % "" + "}", 100),
              ("nft snat", "table ip n {\n chain q { type nat hook postrouting priority 100; oifname v2 meta l4proto tcp snat to %s:3000-3049; }\n}" % SERVER_NET[0], 50),
              ("iptables-nft", "!iptables-nft -t nat -A POSTROUTING -p tcp -j MASQUERADE --to-ports 4000-4079", 80),
              ("legacy", "!iptables-legacy -t nat -A POSTROUTING -o v2 -p tcp -j SNAT --to-source %s:5000-5039" % SERVER_NET[0], 40)]


def ports_main(headroom, count, rng):
    """The ports that a rule names are all that a destination has: a plan of one more must fail, and the kernel agrees."""
    good = True
    for name, rules, ports in PORT_RULES:
        client, router, server = spaces = [Namespace(), Namespace(), Namespace()]
        join(client, router, "v1", ((CLIENT_NET[0], "fd81::2"), (CLIENT_NET[1], "fd81::1")))
        join(router, server, "v2", ((SERVER_NET[0], "fd82::1"), (SERVER_NET[1], "fd82::2")))
        router.must("sysctl -qw net.ipv4.ip_forward=1")
        client.must("ip route add default via " + CLIENT_NET[1])
        listeners = Listeners(server)
        try:
            why = apply(router, rules)
            if why:
                print("# not tried: %s: %s" % (name, why.splitlines()[0]))
                continue
            options = ["--max-use", "100%", "--role", "client", "--nat", "masquerade", "--to", "%s:%d" % (SERVER_NET[1], PORTS[0])]
            said = [ask(headroom, router, options + ["--connections", str(n)])["snat-ports"]["status"] for n in (ports, ports + 1)]
            up = int(client.must([sys.executable, "-c", CROWD, str(ports + 30), SERVER_NET[1], str(PORTS[0])]))
            # The kernel tries some places only: near the end it gives up although one or two ports are free.
            fits = said == ["pass", "fail"] and 0.95 * ports <= up <= ports
            good &= fits
            print("%s - %s: %d of %d connections through %d ports; a plan of %d: %s, of one more: %s" %
                  ("ok" if fits else "not ok", name, up, ports + 30, ports, ports, said[0], said[1]))
        finally:
            listeners.close()
            for one in spaces:
                one.close()
    return good


def main():
    if sys.argv[1:] == ["--serve"]:
        serve()
        return 0
    if sys.argv[1:2] == ["--answer"]:
        answer(sys.argv[2])
    if sys.argv[1:] == ["--count-entries"]:
        count_entries()
    if sys.argv[1:2] == ["--drive"]:
        drive(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("headroom")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for program in ("ip", "nft", "nsenter"):
        if not shutil.which(program):
            print("# skipped: %s is missing" % program)
            return 77
    if os.getuid() != 0:
        print("# skipped: not root")
        return 77
    headroom = os.path.abspath(options.headroom)
    good = True
    for part in options.parts or ["rules", "ports", "churn"]:
        good &= globals()[part + "_main"](headroom, options.count, random.Random(options.seed))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

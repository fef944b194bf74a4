#!/usr/bin/env python3
"""Sockets that are there already: random ones, and how many more the kernel really gives to a plan.

    random_pools.py HEADROOM COUNT [SEED]        (as root: each case is a network namespace of its own)

Shares no code with headroom. A case opens listeners, bound and connected sockets and TIME_WAIT of
plain clients and of clients that call bind(), over IPv4, IPv6 and mapped addresses, asks headroom
about a plan of some size, then connects until the kernel refuses. The verdict must be true:

    pass     the plan's connections really fit
    fail     they really do not
    unknown  only where connected sockets are there that may have called bind()

Prints one line for each difference, then the counts. Exit 1: there was a false pass or a false fail.
"""
import ctypes
import errno
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time

CLONE_NEWNET = 0x40000000
IP_BIND_ADDRESS_NO_PORT = 24
LOW = 20000
FOUR, SIX = socket.AF_INET, socket.AF_INET6
FOURS = ["10.9.0.1", "10.9.0.2", "10.9.0.3", "127.0.0.1"]
SIXES = ["fd00::1", "fd00::2", "::1"]
SERVER = 9  # below every range

libc = ctypes.CDLL(None, use_errno=True)


def run(command):
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)


def family_of(address):
    return SIX if ":" in address else FOUR


def spelled(rng, address):
    """One of the ways to write it."""
    if ":" not in address:
        ways = [address, "[::ffff:%s]" % address]
        if address == "127.0.0.1":
            ways.append("LocalHost")
        return rng.choice(ways)
    ways = [address, address.upper(), address.replace("::", ":0::")]
    if address == "fd00::1":
        ways.append("fd00:0:0:0:0:0:0:1")
    return "[%s]" % rng.choice(ways)


class Case:
    def __init__(self, rng):
        self.rng = rng
        self.keep = []
        self.odd = 0
        self.width = rng.choice([40, 60, 100, 160]) + rng.choice([0, 0, 0, 1])
        self.servers = {}
        self.unseen = 0  # ports of connected sockets outside the plan's pool
        self.steps = []

    def prepare(self):
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        run("ip link set lo up")
        for a in FOURS[:3]:
            run("ip addr add %s/32 dev lo" % a)
        for a in SIXES[:2]:
            run("ip -6 addr add %s/128 dev lo nodad" % a)
        high = LOW + self.width - 1
        self.set("ip_local_port_range", "%d %d" % (LOW, high))
        self.reuse = self.rng.choice([0, 0, 1, 2])
        self.set("tcp_tw_reuse", str(self.reuse))
        if self.rng.random() < 0.4:
            ports = sorted(self.rng.sample(range(LOW, high + 1), self.rng.randint(1, 8)))
            self.set("ip_local_reserved_ports", ",".join(map(str, ports)))
        for a in FOURS + SIXES:
            s = socket.socket(family_of(a))
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((a, SERVER))
            s.listen(4096)
            self.servers[a] = s
            u = socket.socket(family_of(a), socket.SOCK_DGRAM)
            u.bind((a, SERVER))
            self.keep.append(u)

    def set(self, name, value):
        with open("/proc/sys/net/ipv4/" + name, "w") as f:
            f.write(value)

    def client(self, bind, source, to, kind=socket.SOCK_STREAM, mapped=False, port=SERVER):
        family = SIX if mapped else family_of(to)
        s = socket.socket(family, kind)
        try:
            if bind == "noport":
                s.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            if bind in ("address", "noport"):
                s.bind((("::ffff:" if mapped else "") + source, 0))
            elif bind == "wildcard":
                s.bind(("::" if family == SIX else "0.0.0.0", 0))
            s.connect((("::ffff:" if mapped else "") + to, port))
        except OSError:
            s.close()
            raise
        return s

    def add_pinned(self):
        n = self.rng.randint(1, 15)
        kind = self.rng.choice(["0.0.0.0", "::", "::/6", "127.0.0.1", "10.9.0.2", "::1", "fd00::1"])
        listen = self.rng.random() < 0.5
        self.steps.append("%s %d %s" % ("listen" if listen else "bound", n, kind))
        for _ in range(n):
            address = kind.split("/")[0]
            s = socket.socket(family_of(address))
            if kind == "::/6":
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                s.bind((address, self.rng.randrange(LOW, LOW + self.width)))
                if listen:
                    s.listen(5)
                    if self.rng.random() < 0.3:
                        self.use_listener(s, address)
            except OSError:
                s.close()
                continue
            self.keep.append(s)

    def use_listener(self, s, address):
        to = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
        c = socket.socket(family_of(to))
        c.bind((to, self.rng.randrange(2000, 9000)))
        c.connect((to, s.getsockname()[1]))
        a, _ = s.accept()
        self.keep += [c, a]

    def add_connected(self):
        n = self.rng.randint(1, self.width // 2)
        to = self.rng.choice(FOURS + SIXES)
        bind = self.rng.choice(["none", "none", "address", "wildcard", "noport"])
        same = [a for a in (FOURS if family_of(to) == FOUR else SIXES)]
        source = self.rng.choice(same)
        if (to in ("127.0.0.1", "::1")) != (source in ("127.0.0.1", "::1")):
            source = to
        mapped = family_of(to) == FOUR and self.rng.random() < 0.3
        wait = self.rng.random() < 0.5
        self.steps.append("%s %d %s %s>%s%s" % ("tw" if wait else "conn", n, bind, source, to,
                                                " mapped" if mapped else ""))
        pairs = []
        for _ in range(n):
            try:
                c = self.client(bind, source, to, mapped=mapped)
            except OSError:
                break
            a, _ = self.servers[to].accept()
            pairs.append((c, a))
        for c, a in pairs:
            if wait:
                c.close()
                a.close()
            else:
                self.keep += [c, a]
        return bool(pairs)

    def add_udp(self):
        n = self.rng.randint(1, 20)
        kind = self.rng.choice(["0.0.0.0", "::", "::/6", "127.0.0.1", "10.9.0.1", "fd00::1", "plain"])
        self.steps.append("udp %d %s" % (n, kind))
        for _ in range(n):
            address = kind.split("/")[0]
            try:
                if kind == "plain":
                    s = self.client("none", None, self.rng.choice(FOURS + SIXES),
                                    socket.SOCK_DGRAM)
                else:
                    s = socket.socket(family_of(address), socket.SOCK_DGRAM)
                    if kind == "::/6":
                        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    s.bind((address, 0))
            except OSError:
                break
            self.keep.append(s)

    def busy_destinations(self):
        """Forty destinations with more sockets than the plan's own."""
        self.steps.append("40 busy")
        for i in range(40):
            to = "127.0.1.%d" % (i + 1)
            s = socket.socket()
            s.bind((to, SERVER))
            s.listen(100)
            for _ in range(self.width // 3):
                try:
                    c = self.client("none", None, to)
                except OSError:
                    break
                a, _ = s.accept()
                self.keep += [c, a]
            self.keep.append(s)

    def truth(self, kind):
        """How many more connections the kernel gives, and why it stops."""
        got = []
        why = 0
        while len(got) < 2 * self.width:
            try:
                c = self.client(self.bind, self.source, self.to, kind)
            except OSError as e:
                why = e.errno
                break
            if kind == socket.SOCK_STREAM:
                a, _ = self.servers[self.to].accept()
                self.keep.append(a)
            got.append(c)
        for c in got:
            c.close()
        assert why in (errno.EADDRNOTAVAIL, errno.EADDRINUSE, errno.EAGAIN), why
        return len(got)

    def ask(self, headroom, plan, udp):
        to = "%s:%d" % (spelled(self.rng, self.to), SERVER)
        command = [headroom, "audit", "--role", "client", "--connections", str(plan), "--to", to,
                   "--max-use", "100%", "--bind", self.bind, "--runtime", "native",
                   "--nofile", "1000000", "-o", "json:-"]
        if self.bind in ("address", "noport"):
            command += ["--source-addresses", self.source]
        if udp:
            command += ["--protocol", "udp"]
        if self.rng.random() < 0.15:  # a name that --resolve gives an address
            command[command.index(to)] = "Some.Host:%d" % SERVER
            command += ["--resolve", "some.host:%d:%s" % (SERVER, self.to)]
        late = self.bind in ("none", "noport") and not udp
        if late and self.rng.random() < 0.25:  # among others, as one of several destinations
            more = ",192.0.2.7:80,192.0.2.8:80"
            command[command.index("--connections") + 1] = str(3 * plan)
            command[command.index("--to") + 1] += more
        if self.facts:
            command += ["--facts", self.facts]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if not done.stdout.startswith("{"):
            raise SystemExit("%s: %s" % (" ".join(command), done.stderr))
        for resource_ in json.loads(done.stdout)["resources"]:
            if resource_["id"] == "ephemeral-ports":
                return resource_, " ".join(command)
        raise SystemExit("no ephemeral-ports")

    def keep_facts(self, headroom):
        """Asks live, a snapshot or a facts file: all must say the same."""
        way = self.rng.choice(["live", "live", "snapshot", "file"])
        if way == "live":
            return None
        path = os.path.join(self.directory, "f" if way == "snapshot" else "f.json")
        option = ["--snapshot", path] if way == "snapshot" else ["-o", path]
        subprocess.run([headroom, "facts"] + option, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        return path

    def one(self, headroom):
        rng = self.rng
        self.prepare()
        udp = rng.random() < 0.2
        kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
        self.to = rng.choice(FOURS + SIXES)
        self.bind = rng.choice(["none", "none", "noport", "address", "wildcard"])
        others = [a for a in (FOURS if family_of(self.to) == FOUR else SIXES)]
        self.source = rng.choice(others)
        if (self.to in ("127.0.0.1", "::1")) != (self.source in ("127.0.0.1", "::1")):
            self.source = self.to
        connected = False
        for _ in range(rng.randint(0, 4)):
            what = rng.random()
            if what < 0.35:
                self.add_pinned()
            elif udp:
                self.add_udp()
            else:
                connected |= self.add_connected()
        if rng.random() < 0.05 and not udp:
            self.busy_destinations()
            connected = True
        if self.reuse:
            time.sleep(1.3)  # tcp_tw_reuse_delay
        self.facts = self.keep_facts(headroom)
        plans = sorted({rng.randint(1, self.width + 2) for _ in range(4)})
        answers = [(plan,) + self.ask(headroom, plan, udp) for plan in plans]
        real = self.truth(kind)
        bad = []
        unknown = 0
        odd = self.width % 2
        for plan, answer, command in answers:
            status = answer["status"]
            text = "%s plan %d, really %d, %s: %s [%s]" % (
                status, plan, real, "; ".join(self.steps), command, answer.get("reason"))
            if status == "pass" and plan > real + odd:
                bad.append("FALSE PASS " + text)
            elif status == "fail" and plan <= real:
                bad.append("FALSE FAIL " + text)
            elif status == "unknown":
                unknown += 1
                exact = self.bind in ("address",) or udp
                if not connected and not udp and self.bind != "wildcard":
                    bad.append("UNKNOWN " + text)
                elif exact and self.bind == "address":
                    bad.append("UNKNOWN " + text)
        return bad, unknown, len(answers)


def child(headroom, seed, out):
    case = Case(random.Random(seed))
    with tempfile.TemporaryDirectory() as case.directory:
        bad, unknown, asked = case.one(headroom)
    os.write(out, json.dumps([bad, unknown, asked]).encode())


def main():
    headroom, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.environ["HEADROOM_HISTORY"] = "off"
    wrong = unknown = asked = 0
    for seed in range(first, first + count):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            child(headroom, seed, write)
            os._exit(0)
        os.close(write)
        text = b""
        while True:
            piece = os.read(read, 65536)
            if not piece:
                break
            text += piece
        os.close(read)
        _, status = os.waitpid(pid, 0)
        if status or not text:
            print("seed %d: the case itself failed" % seed)
            wrong += 1
            continue
        bad, some, questions = json.loads(text)
        unknown += some
        asked += questions
        wrong += len(bad)
        for line in bad:
            print("seed %d: %s" % (seed, line))
    print("random_pools: %d cases from seed %d, %d questions, %d unknown, %d wrong" % (
        count, first, asked, unknown, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

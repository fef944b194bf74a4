#!/usr/bin/env python3
"""Named situations for tests/live/pools.sh, in its network and mount namespace. Shares no code with headroom."""
import os
import socket
import subprocess
import sys
import time

HEADROOM = sys.argv[1]
LOW, WIDTH, PORT = 20000, 100, 9
keep = []
failed = 0


def run(command):
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)


def listen(address, port=PORT, v6only=None):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if v6only is not None:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    s.bind((address, port))
    s.listen(1000)
    return s


def connect(to, source=None, family=None):
    s = socket.socket(family or (socket.AF_INET6 if ":" in to else socket.AF_INET))
    try:
        if source:
            s.bind((source, 0))
        s.connect((to, PORT))
    except OSError:
        s.close()
        raise
    return s


def fill(server, to, count, source=None, wait=False):
    pairs = []
    for _ in range(count):
        c = connect(to, source)
        a, _ = server.accept()
        pairs.append((c, a))
    if not wait:
        keep.extend(pairs)
        return pairs
    for c, a in pairs:
        c.close()
        a.close()
    return []


def close(pairs):
    for c, a in pairs:
        for s in (c, a):
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
    if pairs:
        keep[:] = [p for p in keep if p not in pairs]


def free(server, to, source=None):
    """How many more the kernel gives."""
    got = []
    while True:
        try:
            c = connect(to, source)
        except OSError:
            break
        a, _ = server.accept()
        got.append((c, a))
    count = len(got)
    for c, a in got:
        for s in (c, a):
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
    return count


def ask(plan, to, *more):
    """pass, fail or unknown of the limit."""
    command = [HEADROOM, "audit", "--role", "client", "--connections", str(plan), "--to", to,
               "--max-use", "100%", "--nofile", "1000000", "--runtime", "native", "--all"] + list(more)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr
    return {0: "pass", 3: "fail", 4: "unknown"}.get(done.returncode, last), done.stdout


def check(name, real, to, *more, best=None):
    """`real` more connections are had. best: what a host is judged by at best, where that is more."""
    global failed
    most = real if best is None else best
    for plan, good in ((real, ("pass",) if best is None else ("pass", "unknown")), (most + 1, ("fail",))):
        if plan < 1:
            continue
        said, _ = ask(plan, to, *more)
        right = said in good
        failed += not right
        print("%s %s: %s, %d of %d connections: %s" % ("ok" if right else "not ok", name, to, plan, real, said))


run("ip link set lo up")
run("sysctl -qw net.ipv4.ip_local_port_range='%d %d'" % (LOW, LOW + WIDTH - 1))
run("sysctl -qw net.ipv4.tcp_tw_reuse=0")
for a in ("10.9.0.1", "10.9.0.2", "10.9.0.3"):
    run("ip addr add %s/32 dev lo" % a)
run("ip -6 addr add fd00::1/128 dev lo nodad")
with open("/tmp/headroom-hosts.%d" % os.getpid(), "w") as f:
    f.write("127.0.0.1 localhost\n::1 localhost\n10.9.0.1 one.example\n10.9.0.1 both.example\n"
            "10.9.0.2 both.example\n")
run("mount --bind /tmp/headroom-hosts.%d /etc/hosts" % os.getpid())
servers = {a: listen(a) for a in ("127.0.0.1", "10.9.0.1", "10.9.0.2", "10.9.0.3", "::1", "fd00::1")}

# One thing in many spellings.
for to, spellings in {
    "127.0.0.1": ["127.0.0.1:9", "localhost:9", "[::ffff:127.0.0.1]:9", "[::FFFF:7F00:1]:9"],
    "fd00::1": ["[fd00::1]:9", "[FD00::1]:9", "[fd00:0:0::1]:9", "[fd00:0:0:0:0:0:0:1]:9"],
    "10.9.0.1": ["10.9.0.1:9", "one.example:9", "ONE.Example:9", "both.example:9"],
}.items():
    pairs = fill(servers[to], to, 60)
    left = free(servers[to], to)
    for spelling in spellings:
        check("60 sockets", left, spelling)
    close(pairs)

# The plan's destination is not among the busiest.
busy = [fill(listen("127.0.2.%d" % (i + 1)), "127.0.2.%d" % (i + 1), 45) for i in range(40)]
own = fill(servers["10.9.0.1"], "10.9.0.1", 40)
check("40 busy destinations", 60, "10.9.0.1:9", "--set", "ports.bound_connected=0")
assert free(servers["10.9.0.1"], "10.9.0.1") == 60
for pairs in busy + [own]:
    close(pairs)

# A client that binds takes its ports from everybody: connected, and in TIME_WAIT.
pairs = fill(servers["10.9.0.1"], "10.9.0.1", 60, source="10.9.0.1")
check("60 sockets of a client that binds", free(servers["10.9.0.2"], "10.9.0.2"), "10.9.0.2:9", best=100)
close(pairs)
pairs = fill(servers["10.9.0.1"], "10.9.0.1", 60)
check("60 sockets of a plain client", free(servers["10.9.0.2"], "10.9.0.2"), "10.9.0.2:9",
      "--set", "ports.bound_connected=0")
said, _ = ask(30, "10.9.0.2:9")
failed += said != "pass"
print("%s room enough at worst: %s" % ("ok" if said == "pass" else "not ok", said))
close(pairs)

# Listeners block a plain client whatever their address, and one that binds only by conflict.
listeners = [listen("::1", LOW + i) for i in range(30)]
listeners += [listen("::", LOW + 40 + i, 1) for i in range(10)]
check("40 listeners of IPv6 alone", free(servers["10.9.0.1"], "10.9.0.1"), "10.9.0.1:9")
check("the same, bind", free(servers["10.9.0.1"], "10.9.0.1", "10.9.0.1"), "10.9.0.1:9", "--bind", "address",
      "--source-addresses", "10.9.0.1")
for s in listeners:
    s.close()

# A port that listens and is used is one port.
for i in range(10):
    s = listen("10.9.0.3", LOW + i)
    c = socket.socket()
    c.bind(("10.9.0.3", 3000 + i))
    c.connect(("10.9.0.3", LOW + i))
    keep.append((s, c, s.accept()[0]))
check("listeners that are used", free(servers["10.9.0.3"], "10.9.0.3", "10.9.0.3"), "10.9.0.3:9",
      "--bind", "address", "--source-addresses", "10.9.0.3")

# TIME_WAIT of the last run, and the gate before the next one under another name.
fill(servers["127.0.0.1"], "127.0.0.1", 80, wait=True)
left = free(servers["127.0.0.1"], "127.0.0.1")
check("80 in TIME_WAIT", left, "localhost:9", best=left)
gate = subprocess.run([HEADROOM, "gate", "--connections", "60", "--role", "client", "--to", "localhost:9",
                       "--max-use", "100%", "--", "true"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
right = gate.returncode == 121
failed += not right
print("%s gate does not start 60 connections over %d ports: %d" % ("ok" if right else "not ok", left, gate.returncode))
run("sysctl -qw net.ipv4.tcp_tw_reuse=1")
time.sleep(1.2)
left = free(servers["127.0.0.1"], "127.0.0.1")
check("the same with tcp_tw_reuse=1", left, "127.0.0.1:9", "--set", "ports.bound_connected=0")

# Names as the process sees them that is looked at, not as we do.
run("umount /etc/hosts")
child = subprocess.Popen(["unshare", "-m", "sh", "-c",
                          "mount --bind /tmp/headroom-hosts.%d /etc/hosts; exec sleep 60" % os.getpid()])
time.sleep(0.3)
pairs = fill(servers["10.9.0.1"], "10.9.0.1", 60)
said, text = ask(60, "one.example:9", "--pid", str(child.pid))
failed += said != "fail"
print("%s a name of another mount namespace: %s" % ("ok" if said == "fail" else "not ok", said))
said, text = ask(60, "one.example:9")
failed += said != "unknown"
print("%s a name that does not resolve: %s" % ("ok" if said == "unknown" else "not ok", said))
said, text = ask(60, "one.example:9", "--resolve", "one.example:9:10.9.0.1")
failed += said != "fail"
print("%s --resolve: %s" % ("ok" if said == "fail" else "not ok", said))
child.kill()
os.unlink("/tmp/headroom-hosts.%d" % os.getpid())
print("pools: %d wrong" % failed)
sys.exit(1 if failed else 0)

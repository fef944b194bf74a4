#!/usr/bin/env python3
"""headroom gate in made situations, innocent and guilty: is the certificate about the command, and is the reason right?

Usage: situations.py [BUILD]      Needs root (a network namespace of its own) and wrk, h2load, nginx; skips without.

Each situation is a command with what runs beside it, and what the last line and the document must say. Traffic stays on
the loopback device of the private namespace. Only the situations that are about processors judge waiting for one:
other programs of this machine may have them (--max-cpu-wait 100%).
"""
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOST, SLOW, FAST, OTHER, CLOSED = "10.99.0.2", 8080, 8081, 8082, 8083
RANGE_FROM = [20000]
HEADROOM = None
WORK = None
results = {"ok": 0, "not ok": 0, "skip": 0}
beside = []  # processes and sockets that a situation made


def say(good, name, why=""):
    word = "ok" if good else "not ok"
    results[word] += 1
    print("%s - %s%s" % (word, name, "" if good else ": " + why), flush=True)


def skip(name, why):
    results["skip"] += 1
    print("ok - %s # SKIP %s" % (name, why), flush=True)


def ports(count):
    """A range of its own for each situation: the TIME_WAIT of the last one do not matter."""
    low = RANGE_FROM[0]
    RANGE_FROM[0] += count + 2
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as out:
        out.write("%d %d" % (low, low + count - 1))


def start(*words, **more):
    process = subprocess.Popen(words, **more)
    beside.append(process)
    return process


def end_beside():
    while beside:
        item = beside.pop()
        if isinstance(item, socket.socket):
            item.close()
        elif item.poll() is None:
            item.kill()
            item.wait()


def connect(port, count):
    for _ in range(count):
        client = socket.socket()
        try:
            client.connect((HOST, port))
        except OSError:
            client.close()
            break
        beside.append(client)


def leave_time_wait(port, count):
    """Another program that closed first, and is gone."""
    text = ("import socket\nfor _ in range(%d):\n s = socket.socket()\n try: s.connect((%r, %d))\n except OSError: break\n"
            " s.send(b'GET /none HTTP/1.0\\r\\n'); s.close()\n" % (count, HOST, port))
    subprocess.run([sys.executable, "-c", text], check=True)


def gate(command, *options, cpu=False, within=60):
    document = os.path.join(WORK, "run.json")
    if os.path.exists(document):
        os.remove(document)
    calm = [] if cpu else ["--max-cpu-wait", "100%"]
    words = [HEADROOM, "gate", "--no-config", "--force", "--certify", "strict", "-o", document, *calm, *options, "--", *command]
    run = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         timeout=within, cwd=WORK, text=True)
    if not os.path.exists(document):
        raise SystemExit("not run: %s: %s" % (" ".join(words), run.stderr))
    with open(document) as text:
        read = json.load(text)
    read["said"] = run.stderr
    read["status"] = run.returncode
    return read


def held(run):
    return [row["seen"] for row in run["gate"]["observed"]["compared"] if row["id"] == "live"][0]


def innocent(name, run, live=None, status=0):
    why = []
    if run["run"]["verdict"] != "certified":
        why.append("%s %s: %s" % (run["run"]["verdict"], run["run"]["reason"], run["gate"]["sentence"]))
    if run["status"] != status:
        why.append("status %d" % run["status"])
    if live is not None and held(run) != live:
        why.append("%s connections, not %s" % (held(run), live))
    say(not why, name, "; ".join(why))


def guilty(name, run, reason, limit=None, text=""):
    why = []
    sentence = run["gate"]["sentence"]
    if (run["run"]["verdict"], run["run"]["reason"]) != ("not-certified", reason):
        why.append("%s %s" % (run["run"]["verdict"], run["run"]["reason"]))
    if run["status"] != 123:
        why.append("status %d" % run["status"])
    if run["gate"]["bottleneck"] != limit:
        why.append("limit %s" % run["gate"]["bottleneck"])
    if not re.search(text, sentence):
        why.append("no \"%s\"" % text)
    if not run["gate"]["charges"] or not run["gate"]["charges"][0]["fix"]:
        why.append("no fix")
    say(not why, name, "; ".join(why) + ": " + sentence)


def url(port, path="/slow"):
    return "http://%s:%d%s" % (HOST, port, path)


def wrk(port=SLOW, connections=100, seconds=2, path="/slow"):
    return ["wrk", "-t1", "-c%d" % connections, "-d%ds" % seconds, "--timeout", "5s", url(port, path)]


HOLD = ["--connections", "100", "--lifetime", "1h"]

# --- innocent -------------------------------------------------------------------------------------------------------


def alone():
    ports(1500)
    innocent("a test alone", gate(wrk()), live=100)


def time_wait_elsewhere():
    ports(1000)
    leave_time_wait(OTHER, 1000)
    innocent("another program's TIME_WAIT, to another destination", gate(wrk()), live=100)


def sockets_elsewhere():
    ports(1000)
    connect(OTHER, 950)
    innocent("another program's connections, to another destination", gate(wrk()), live=100)


def churn_elsewhere():
    ports(1000)
    text = ("import socket, time\nwhile True:\n s = socket.socket()\n try:\n  s.connect((%r, %d)); s.close()\n"
            " except OSError: time.sleep(0.01)\n" % (HOST, OTHER))
    start(sys.executable, "-c", text)
    innocent("another program that opens and closes, to another destination", gate(wrk()), live=100)


def brief():
    ports(1000)
    innocent("a run of some milliseconds", gate(["h2load", "--h1", "-n100", "-c10", url(FAST, "/fast")]))


def nested():
    ports(1000)
    command = ["sh", "-c", "(setsid sh -c '" + " ".join(wrk()) + "' &) ; sleep 3"]
    innocent("a daemon below two shells", gate(command, *HOLD), live=100)


def own_namespace():
    ports(1000)
    script = ("ip link set lo up; ip addr add %s/32 dev lo; nginx -c %s/nginx.conf -e %s/error2 -g 'pid %s/pid2;' & "
              "sleep 1; %s; kill $(cat %s/pid2); wait" % (HOST, WORK, WORK, WORK, " ".join(wrk(seconds=3)), WORK))
    innocent("a network namespace of its own", gate(["unshare", "-n", "sh", "-c", script], *HOLD), live=100)


def six():
    ports(1000)
    innocent("over IPv6", gate(["wrk", "-t1", "-c50", "-d2s", "http://[::1]:%d/slow" % SLOW]), live=50)


ENGINE = """import os, subprocess, sys
group, work, command = sys.argv[1:4]
os.mkfifo(work + "/engine")
open(work + "/engine").read()
pid = os.fork()
if pid == 0:
    with open(group + "/cgroup.procs", "w") as out:
        out.write(str(os.getpid()))
    os.execvp("sh", ["sh", "-c", command])
os.waitpid(pid, 0)
open(work + "/engine", "w").close()
"""


def container_group():
    """The control group of a container, as engines name it: its directory, or None."""
    for base in ("/sys/fs/cgroup/unified", "/sys/fs/cgroup"):
        group = os.path.join(base, "%064x" % (os.getpid() << 100))
        if os.path.exists(os.path.join(base, "cgroup.procs")):
            try:
                os.mkdir(group)
                return group
            except OSError:
                pass
    return None


def container():
    """A client asks a daemon, which was there before, to run the load in a control group and a network of its own."""
    name = "a container that the command started"
    group = container_group()
    if not group:
        skip(name, "no control group can be made here")
        return
    ports(1000)
    script = ("ip link set lo up; ip addr add %s/32 dev lo; nginx -c %s/nginx.conf -e %s/error2 -g 'pid %s/pid2;' & "
              "sleep 1; %s; kill $(cat %s/pid2); wait" % (HOST, WORK, WORK, WORK, " ".join(wrk(seconds=4)), WORK))
    start(sys.executable, "-c", ENGINE, group, WORK, "exec unshare -n sh -c \"%s\"" % script.replace("$", "\\$"))
    while not os.path.exists(WORK + "/engine"):
        time.sleep(0.05)
    with open(WORK + "/docker", "w") as out:
        out.write("#!/bin/sh\necho >%s/engine; read -r done <%s/engine; exit 0\n" % (WORK, WORK))
    os.chmod(WORK + "/docker", 0o755)
    try:
        innocent(name, gate(["./docker", "run", "wrk"], *HOLD), live=100)
    finally:
        end_beside()
        time.sleep(0.3)
        os.rmdir(group)
        os.remove(WORK + "/engine")


def no_container():
    ports(1000)
    with open(WORK + "/docker", "w") as out:
        out.write("#!/bin/sh\nsleep 1.5\n")
    os.chmod(WORK + "/docker", 0o755)
    guilty("a container on another host", gate(["./docker", "run", "wrk"], *HOLD), "unseen", text="docker ran it elsewhere")


def own_status():
    ports(1000)
    innocent("a status that is not 0", gate(["sh", "-c", " ".join(wrk()) + "; exit 3"], *HOLD), live=100, status=3)


def many_processes():
    ports(1000)
    script = "for i in $(seq 1500); do sleep 6 & done; " + " ".join(wrk(seconds=3)) + "; kill $(jobs -p)"
    innocent("among 1,500 processes", gate(["bash", "-c", script], *HOLD), live=100)


def many_short_processes():
    ports(1500)
    script = "for i in $(seq 400); do (exec 3<>/dev/tcp/%s/%d); done" % (HOST, FAST)
    run = gate(["bash", "-c", script], "--open-rate", "20", "--lifetime", "10ms")
    innocent("a process for each connection", run)


def ssh_beside():
    ports(1000)
    shutil.copy(shutil.which("sleep"), os.path.join(WORK, "ssh"))
    innocent("ssh, with the whole load here", gate(["sh", "-c", "./ssh 3 & " + " ".join(wrk()) + "; wait"], *HOLD), live=100)


UDP = ("import socket, time\nheld = []\nfor _ in range(100):\n s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
       " try: s.connect((%r, 53)); s.send(b'x'); held.append(s)\n except OSError: pass\ntime.sleep(2)\n" % HOST)


def udp():
    ports(1000)
    innocent("UDP", gate([sys.executable, "-c", UDP], *HOLD, "--protocol", "udp"), live=100)


def mapped():
    ports(1000)
    text = ("import socket, time\nheld = []\nfor _ in range(100):\n s = socket.socket(socket.AF_INET6)\n"
            " s.connect(('::ffff:%s', %d)); held.append(s)\ntime.sleep(2)\n" % (HOST, SLOW))
    run = gate([sys.executable, "-c", text], *HOLD, "--to", "%s:%d" % (HOST, SLOW))
    innocent("IPv4 through IPv6 sockets", run, live=100)


def many_short_threads():
    ports(1500)
    text = ("import socket, threading\ndef one():\n s = socket.create_connection((%r, %d)); s.send(b'GET /fast HTTP/1.0\\r\\n\\r\\n')\n"
            " s.recv(500); s.close()\nfor _ in range(60):\n t = [threading.Thread(target=one) for _ in range(20)]\n"
            " [x.start() for x in t]; [x.join() for x in t]\n" % (HOST, FAST))
    innocent("a thread for each connection", gate([sys.executable, "-c", text], "--open-rate", "100", "--lifetime", "10ms"))


def server_of_its_own():
    """The command is the server: four processes that listen on one port, and others connect to it."""
    ports(1500)
    text = ("import os, socket, time\nfor _ in range(3):\n if os.fork() == 0: break\ns = socket.socket()\n"
            "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)\ns.bind((%r, 8091)); s.listen(500); s.settimeout(0.2)\n"
            "held = []; end = time.time() + 3\nwhile time.time() < end:\n try: held.append(s.accept())\n except OSError: pass\n" % HOST)
    clients = ("import socket, time\ntime.sleep(0.7)\nheld = [socket.create_connection((%r, 8091)) for _ in range(200)]\n"
               "time.sleep(10)\n" % HOST)
    start(sys.executable, "-c", clients)
    run = gate([sys.executable, "-c", text], "--role", "server", "--connections", "200", "--lifetime", "1h", "--backlog", "500")
    innocent("a server of four processes on one port", run, live=200)


# --- guilty ---------------------------------------------------------------------------------------------------------


def nothing():
    ports(1000)
    leave_time_wait(SLOW, 1000)
    run = gate(["true"], *HOLD, "--to", "%s:%d" % (HOST, SLOW))
    guilty("a command that does nothing, beside full ports", run, "short", text="held 0 of the 100 connections")


def time_wait_there():
    ports(1000)
    leave_time_wait(SLOW, 960)
    guilty("another program's TIME_WAIT, to the same destination", gate(wrk()), "limit", "ephemeral-ports", "others 9")


def sockets_there():
    ports(1000)
    connect(SLOW, 950)
    guilty("another program's connections, to the same destination", gate(wrk()), "limit", "ephemeral-ports", "others 9")


def all_ports_taken():
    ports(200)
    connect(SLOW, 200)
    guilty("another program has all ports", gate(wrk()), "limit", "ephemeral-ports", "others 200")


def own_ports():
    ports(60)
    guilty("too few ports", gate(wrk()), "limit", "ephemeral-ports", "(59|60) of 60")


def udp_ports():
    ports(60)
    run = gate([sys.executable, "-c", UDP], *HOLD, "--protocol", "udp")
    guilty("too few ports, UDP", run, "limit", "ephemeral-ports", "60 of 60")


def ports_of_its_namespace():
    script = ("ip link set lo up; ip addr add %s/32 dev lo; echo 30000 30059 >/proc/sys/net/ipv4/ip_local_port_range; "
              "echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse; nginx -c %s/nginx.conf -e %s/error2 -g 'pid %s/pid2;' & "
              "sleep 1; %s; kill $(cat %s/pid2); wait" % (HOST, WORK, WORK, WORK, " ".join(wrk(seconds=3)), WORK))
    ports(1000)
    guilty("too few ports in a network namespace of its own", gate(["unshare", "-n", "sh", "-c", script], *HOLD), "limit",
           "ephemeral-ports", "(59|60) of 60")


def files_of_a_child():
    ports(1000)
    run = gate(["sh", "-c", " ".join(["ulimit -n 64;"] + wrk())], *HOLD)
    guilty("descriptors of a child", run, "limit", "process-fds")


def overloaded():
    ports(1000)
    server = socket.create_server((HOST, 8090), backlog=10)
    beside.append(server)
    guilty("a server that does not accept", gate(wrk(port=8090)), "short", text="of the 100 connections")


def refused():
    ports(1000)
    run = gate(["h2load", "--h1", "-c100", "-D2", "--warm-up-time=0", url(CLOSED)])
    guilty("nobody listens", run, "short", text="held 0 of the 100.*attempts to connect failed")


def killed():
    ports(1000)
    script = " ".join(wrk(seconds=20)) + " & sleep 1; kill -9 $!; wait $!"
    run = gate(["sh", "-c", script], *HOLD, "--duration", "20s")
    guilty("a tool that is killed", run, "short", text="signal 9")


def elsewhere():
    ports(1000)
    shutil.copy(shutil.which("sleep"), os.path.join(WORK, "ssh"))
    guilty("ssh, with the load elsewhere", gate(["./ssh", "1"], *HOLD), "unseen", text="ssh ran it elsewhere")


def leader():
    ports(1000)
    with open(os.path.join(WORK, "locust"), "w") as out:
        out.write("#!/bin/sh\nsleep 1\n")
    os.chmod(os.path.join(WORK, "locust"), 0o755)
    run = gate(["./locust", "--master", "--headless", "-u", "100"], *HOLD)
    guilty("a master without its workers", run, "unseen", text="Locust master")


def in_the_background():
    ports(1000)
    guilty("a load test that outlives its shell", gate(["sh", "-c", " ".join(wrk(seconds=4)) + " & sleep 1"]), "unseen",
           text="went on with 100 connections")
    time.sleep(3.5)


def dropped():
    ports(1000)
    text = ("import socket, time\nheld = [socket.create_connection((%r, %d)) for _ in range(100)]\ntime.sleep(1)\n"
            "for s in held[20:]: s.close()\ntime.sleep(2)\n" % (HOST, SLOW))
    run = gate([sys.executable, "-c", text], *HOLD, "--duration", "3s")
    guilty("connections that are gone midway", run, "short", text="80 of its 100 connections were gone")


def neighbor_midway():
    ports(1000)
    start("sh", "-c", "sleep 1; exec " + " ".join(wrk(connections=50)), stdout=subprocess.DEVNULL)
    text = ("import socket, time\nheld = [socket.create_connection((%r, %d)) for _ in range(60)]\ntime.sleep(4)\n" % (HOST, SLOW))
    run = gate([sys.executable, "-c", text], *HOLD, "--duration", "4s")
    guilty("another program makes up what is missing", run, "short", text="held 60 of the 100")


def neighbor_that_churns():
    ports(4000)
    text = ("import socket, time\nwhile True:\n held = [socket.create_connection((%r, %d)) for _ in range(50)]\n time.sleep(0.05)\n"
            " [s.close() for s in held]\n" % (HOST, SLOW))
    start(sys.executable, "-c", text)
    text = ("import socket, time\nheld = [socket.create_connection((%r, %d)) for _ in range(60)]\ntime.sleep(3)\n" % (HOST, SLOW))
    run = gate([sys.executable, "-c", text], *HOLD, "--duration", "3s")
    guilty("another program that comes and goes makes up what is missing", run, "short", text="60 ?%|60 of the 100")


# --- processors -----------------------------------------------------------------------------------------------------


def busy_loops(count, cpu):
    for _ in range(count):
        start("taskset", "-c", str(cpu), sys.executable, "-c", "while True: pass")


def is_quiet():
    """Nobody else wants this machine's processors."""
    try:
        with open("/proc/pressure/cpu") as text:
            return float(re.search(r"avg10=([0-9.]+)", text.read()).group(1)) < 2
    except (OSError, AttributeError):
        return os.getloadavg()[0] < 0.3


def starved():
    ports(1500)
    cpu = min(os.sched_getaffinity(0))
    command = ["taskset", "-c", str(cpu)] + wrk(port=FAST, connections=50, seconds=4, path="/fast")
    busy_loops(4, cpu)
    run = gate(command, "--connections", "50", "--lifetime", "1h", cpu=True)
    guilty("four busy loops on its processor", run, "starved", text="waited for a CPU")


def idle_neighbor():
    ports(1500)
    name = "a neighbor that sleeps"
    if not is_quiet():
        skip(name, "this machine's processors are busy")
        return
    start("sleep", "30")
    innocent(name, gate(wrk(seconds=3), cpu=True), live=100)


def quota_group():
    """A control group with a tenth of a processor: its directory, or None."""
    for base, files in (("/sys/fs/cgroup/cpu", {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "10000"}),
                        ("/sys/fs/cgroup", {"cpu.max": "10000 100000"})):
        group = os.path.join(base, "situations-%d" % os.getpid())
        try:
            os.mkdir(group)
            for name, value in files.items():
                with open(os.path.join(group, name), "w") as out:
                    out.write(value)
            return group
        except OSError:
            if os.path.isdir(group):
                os.rmdir(group)
    return None


def throttled():
    ports(1500)
    name = "a quota of its control group"
    group = quota_group()
    if not group:
        skip(name, "no control group with a quota can be made here")
        return
    script = "echo $$ >%s/cgroup.procs; exec %s" % (group, " ".join(wrk(port=FAST, connections=50, seconds=3, path="/fast")))
    try:
        run = gate(["sh", "-c", script], "--connections", "50", "--lifetime", "1h", cpu=True)
        guilty(name, run, "starved", text="quota")
    finally:
        time.sleep(0.2)
        os.rmdir(group)


SITUATIONS = [alone, time_wait_elsewhere, sockets_elsewhere, churn_elsewhere, brief, nested, own_namespace, container, six, own_status,
              many_processes, many_short_processes, ssh_beside, udp, mapped,
              many_short_threads, server_of_its_own, nothing, time_wait_there, sockets_there, all_ports_taken,
              own_ports, udp_ports, ports_of_its_namespace, files_of_a_child, overloaded, refused, killed, elsewhere, no_container,
              leader, in_the_background, dropped, neighbor_midway, neighbor_that_churns, starved, idle_neighbor, throttled]


def serve():
    with open(os.path.join(WORK, "slow"), "w") as out:
        out.write("x" * 40000)
    listen = "".join("listen %s:%d backlog=4096; " % (HOST, port) for port in (SLOW, FAST, OTHER))
    with open(os.path.join(WORK, "nginx.conf"), "w") as out:
        out.write("""worker_processes 1; daemon off; error_log %(work)s/error crit; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; keepalive_timeout 300; client_header_timeout 300;
client_body_temp_path %(work)s/b; proxy_temp_path %(work)s/p;
fastcgi_temp_path %(work)s/f; uwsgi_temp_path %(work)s/u; scgi_temp_path %(work)s/s;
server { %(listen)s listen [::1]:%(slow)d; root %(work)s; location /slow { limit_rate 20000; } location /fast { return 200 "hello"; } } }
""" % {"work": WORK, "listen": listen, "slow": SLOW})
    os.chmod(WORK, 0o755)
    server = subprocess.Popen(["nginx", "-c", WORK + "/nginx.conf", "-e", WORK + "/error", "-g", "pid %s/pid;" % WORK])
    for _ in range(100):
        try:
            socket.create_connection((HOST, SLOW)).close()
            return server
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nginx does not start")


def main():
    global HEADROOM, WORK
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    HEADROOM = os.path.abspath(os.path.join(build, "headroom"))
    if os.environ.get("SITUATIONS_INSIDE") != "yes":
        missing = [name for name in ("wrk", "h2load", "nginx", "ip", "taskset", "unshare") if not shutil.which(name)]
        if os.getuid() or missing:
            print("situations: %s" % ("needs root for a network namespace" if os.getuid() else "not installed: " + " ".join(missing)))
            return 77
        os.environ["SITUATIONS_INSIDE"] = "yes"
        os.execvp("unshare", ["unshare", "-n", sys.executable] + sys.argv)
    for name in list(os.environ):
        if name.startswith("HEADROOM_"):
            del os.environ[name]
    os.environ.update(HEADROOM_HISTORY="off", LANG="C.UTF-8")
    soft = min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    signal.alarm(600)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "addr", "add", HOST + "/32", "dev", "lo"], check=True)
    for name, value in (("ipv4/tcp_tw_reuse", "0"), ("core/somaxconn", "4096")):
        with open("/proc/sys/net/" + name, "w") as out:
            out.write(value)
    with tempfile.TemporaryDirectory() as WORK:
        server = serve()
        wanted = sys.argv[2:]
        try:
            for situation in SITUATIONS:
                if not wanted or situation.__name__ in wanted:
                    try:
                        situation()
                    finally:
                        end_beside()
        finally:
            server.terminate()
            server.wait()
    print("%(ok)d passed, %(not ok)d failed, %(skip)d skipped" % results)
    return 1 if results["not ok"] else 0


sys.exit(main())

#!/usr/bin/env python3
"""Both ends of a connection, for real: a client, HAProxy and a server in three network namespaces. In each run one end is
made narrow; headroom fleet must name that end, its limit, and the load at which it breaks, and the real connections must
break there, at that load (2%), with the error of that limit. Where a setting of the namespace ends it, that is
changed as the ladder of fixes says: then the end is as wide as was said, and the whole plan goes through.

Usage: tests/live/ends.py BUILD_DIR   (root; run by tests/live/ends.sh, make live-ends)

Not tried: conntrack of the proxy, whose size is one for all namespaces of a kernel and would have to be changed for
everybody on this machine."""
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

FRONT, BACK = "10.231.1.2", "10.231.2.3"
FRONT_PORT, BACK_PORT = 18080, 19090
CONNECTIONS = 2000
NEAR = 0.02


# --- the programs inside the namespaces

def serve(backlog, pause_s):
    """Accepts and sends a byte; says on standard output what ended it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((BACK, BACK_PORT))
    listener.listen(backlog)
    print("ready", flush=True)
    if pause_s:
        time.sleep(pause_s)
    held = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError as error:
            print(f"accept errno {error.errno} with {len(held)}", flush=True)
            time.sleep(60)
            continue
        connection.send(b"x")
        held.append(connection)


def open_one_by_one(count):
    """Connections that the server has answered, until one is not; then why."""
    held, why = [], "none"
    for _ in range(count):
        connection = socket.socket()
        connection.settimeout(3)
        try:
            connection.connect((FRONT, FRONT_PORT))
            if connection.recv(1) != b"x":
                why = "closed"
                break
        except OSError as error:
            why = f"errno {error.errno}" if error.errno else "timeout"
            break
        held.append(connection)
    print(json.dumps({"opened": len(held), "why": why}), flush=True)
    sys.stdin.readline()


def open_at_once(count):
    """All at once, and nothing read: what stands in queues stays there."""
    held = []
    for _ in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex((FRONT, FRONT_PORT))
        held.append(connection)
    print("opened", flush=True)
    sys.stdin.readline()


# --- the three namespaces

class Ends:
    def __init__(self, work):
        self.work = work
        self.names = {end: f"ends-{os.getpid()}-{end}" for end in ("client", "proxy", "server")}
        self.started = []

    def run(self, *words):
        subprocess.run(words, check=True, capture_output=True, text=True)

    def inside(self, end, *words):
        return ["ip", "netns", "exec", self.names[end], *words]

    def start(self, end, *words, nofile=None, **more):
        limit = None
        if nofile:
            limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))
        process = subprocess.Popen(self.inside(end, *words), preexec_fn=limit, text=True, **more)
        self.started.append(process)
        return process

    def stop(self, process):
        if process.poll() is None:
            process.terminate()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        self.started.remove(process)

    def link(self, left, right, number, left_address, right_address):
        a, b = f"e{os.getpid() % 100000}a{number}", f"e{os.getpid() % 100000}b{number}"
        self.run("ip", "link", "add", a, "netns", self.names[left], "type", "veth",
                 "peer", "name", b, "netns", self.names[right])
        for end, device, address in ((left, a, left_address), (right, b, right_address)):
            self.run(*self.inside(end, "ip", "address", "add", f"{address}/24", "dev", device))
            self.run(*self.inside(end, "ip", "link", "set", device, "up"))

    def __enter__(self):
        for name in self.names.values():
            self.run("ip", "netns", "add", name)
        for end in self.names:
            self.run(*self.inside(end, "ip", "link", "set", "lo", "up"))
        self.link("client", "proxy", 1, "10.231.1.1", FRONT)
        self.link("proxy", "server", 2, "10.231.2.2", BACK)
        return self

    def __exit__(self, *_):
        for process in list(self.started):
            self.stop(process)
        for name in self.names.values():
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)

    def ports(self, end, low, high):
        self.run(*self.inside(end, "sysctl", "-qw", f"net.ipv4.ip_local_port_range={low} {high}"))

    def sockets(self, end, *words):
        done = subprocess.run(self.inside(end, "ss", "-Htan", *words), capture_output=True, text=True, check=True)
        return [line.split() for line in done.stdout.splitlines()]

    def counter(self, end, name):
        done = subprocess.run(self.inside(end, "nstat", "-az", name), capture_output=True, text=True, check=True)
        return int(done.stdout.splitlines()[-1].split()[1])


# --- what headroom says

def facts(ends, headroom, end, process):
    path = f"{ends.work}/{end}.json"
    words = [headroom, "facts", "-o", f"json:{path}"]
    if process:  # "ip netns exec" has become the program
        words += ["--pid", str(process.pid)]
    # With a host name of its own, or it would be the same machine three times.
    ends.run(*ends.inside(end, "unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', end, *words))
    return f"{end}:{path}"


def fleet(ends, headroom, plan, sources, *more):
    path = f"{ends.work}/fleet.json"
    done = subprocess.run([headroom, "fleet", *plan, *more, *sources, "-o", f"json:{path}"],
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3, 4) or not os.path.exists(path):
        raise RuntimeError(f"headroom fleet: exit {done.returncode}: {done.stderr}")
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    os.unlink(path)
    return document


def narrowest(document):
    stage = next(stage for stage in document["path"]["stages"] if stage["narrowest"])
    return stage["end"], stage["now"]["limit"], stage["now"]["scale"]


def stage_of(document, end):
    return next(stage for stage in document["path"]["stages"] if stage["end"] == end)


def settings_of(document, end):
    """What the class of this end's host has to set."""
    audit = next(found["audit"] for found in document["classes"] if found["role"] == end)
    fixes = [fix for fix in audit["fixes"] if fix["in_ladder"]]
    return {key: change["to"] for fix in fixes for key, change in fix["facts"].items()}


class Run:
    """One variant: the narrow end, and what was predicted and found."""

    def __init__(self, name, end, limit, plan, whole):
        self.name, self.end, self.limit, self.plan, self.whole = name, end, limit, plan, whole
        self.good, self.notes = True, []
        self.settings, self.after = {}, None

    def check(self, what, good):
        if not good:
            self.good = False
        self.notes.append(f"{'' if good else 'WRONG: '}{what}")

    def predict(self, ends, headroom, sources):
        """The verdict at the target, and the load that just goes through."""
        judged = fleet(ends, headroom, self.plan, sources)
        end, limit, scale = narrowest(judged)
        self.check(f"verdict {judged['verdict']}", judged["verdict"] == "fail")
        self.check(f"narrowest {end} ({limit}), safe {scale * self.whole:.0f}",
                   end == self.end and limit == self.limit)
        self.after = stage_of(judged, self.end)["after"]["scale"]
        self.settings = settings_of(judged, self.end)
        whole = fleet(ends, headroom, self.plan, sources, "--max-use", "100%")
        self.predicted = narrowest(whole)[2] * self.whole

    def compare(self, found, why):
        near = abs(found - self.predicted) <= max(2, NEAR * self.predicted)
        self.check(f"goes through: {self.predicted:.0f} predicted, {found} counted ({why})", near)

    def fix(self, ends):
        """The changes of the ladder."""
        for key, value in self.settings.items():
            ends.run(*ends.inside(self.end, "sysctl", "-qw", f"{key}={value}"))

    def compare_fixed(self, judged, opened):
        now = stage_of(judged, self.end)["now"]["scale"]
        settings = ", ".join(f"{key}={value}" for key, value in self.settings.items())
        self.check(f"after {settings}: {self.after * self.whole:.0f} said, {now * self.whole:.0f} judged",
                   abs(now - self.after) <= NEAR * self.after)
        self.check(f"then the verdict is {judged['verdict']}", judged["verdict"] == "pass")
        self.check(f"all {self.whole} go through: {opened}", opened == self.whole)

    def say(self):
        print(f"{'ok' if self.good else 'not ok'} - {self.name}")
        for note in self.notes:
            print(f"#   {note}")
        return self.good


HAPROXY = f"""
global
	maxconn 9000
	nbthread 1
defaults
	mode tcp
	timeout connect 2s
	timeout client 60s
	timeout server 60s
	retries 0
listen ends
	bind {FRONT}:{FRONT_PORT} backlog 4096
	server one {BACK}:{BACK_PORT}
"""


def start_haproxy(ends):
    path = f"{ends.work}/haproxy.cfg"
    with open(path, "w", encoding="utf-8") as file:
        file.write(HAPROXY)
    process = ends.start("proxy", "haproxy", "-db", "-f", path, nofile=19000,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        if ends.sockets("proxy", f"sport = :{FRONT_PORT}"):
            return process
        time.sleep(0.05)
    raise RuntimeError("haproxy does not listen")


def start_server(ends, backlog=4096, pause_s=0, nofile=19000):
    process = ends.start("server", sys.executable, __file__, "serve", str(backlog), str(pause_s), nofile=nofile,
                         stdout=subprocess.PIPE)
    if process.stdout.readline().strip() != "ready":
        raise RuntimeError("the server does not listen")
    return process


def start_client(ends, how, count):
    return ends.start("client", sys.executable, __file__, how, str(count), nofile=19000,
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)


LONG_LIVED = ["--connections", str(CONNECTIONS), "--nofile", "19000",
              "--to", f"{FRONT}:{FRONT_PORT}"]


def one_by_one(ends, headroom, look, server_nofile=19000):
    """What `look` makes of the facts of the three, and then what opens."""
    proxy, server = start_haproxy(ends), start_server(ends, nofile=server_nofile)
    look([facts(ends, headroom, "client", None), facts(ends, headroom, "proxy", proxy),
          facts(ends, headroom, "server", server)])
    client = start_client(ends, "one-by-one", CONNECTIONS)
    seen = json.loads(client.stdout.readline())
    seen["to_proxy"] = len(ends.sockets("client", "state", "established", f"dport = :{FRONT_PORT}"))
    seen["to_server"] = len(ends.sockets("proxy", "state", "established", f"dport = :{BACK_PORT}"))
    for process in (client, proxy, server):
        ends.stop(process)
    return seen


def few_ports(work, headroom, run, low, high):
    """At one end; and in fresh namespaces, where nothing is left in TIME_WAIT, the change that ends it."""
    with Ends(work) as ends:
        ends.ports(run.end, low, high)
        seen = one_by_one(ends, headroom, lambda sources: run.predict(ends, headroom, sources))
    run.compare(seen["opened"], seen["why"])
    judged = []
    with Ends(work) as ends:
        ends.ports(run.end, low, high)
        run.fix(ends)
        fixed = one_by_one(ends, headroom, lambda sources: judged.append(fleet(ends, headroom, run.plan, sources)))
    run.compare_fixed(judged[0], fixed["opened"])
    return seen


def client_ports(work, headroom):
    run = Run("the client's ports are the narrowest end", "client", "ephemeral-ports", LONG_LIVED, CONNECTIONS)
    seen = few_ports(work, headroom, run, 40000, 40999)
    run.check(f"connect fails with EADDRNOTAVAIL: {seen['why']}", seen["why"] == "errno 99")
    return run.say()


def proxy_ports(work, headroom):
    run = Run("the proxy's ports are the narrowest end", "proxy", "ephemeral-ports", LONG_LIVED, CONNECTIONS)
    seen = few_ports(work, headroom, run, 40000, 40799)
    run.check(f"the client is closed by the proxy: {seen['why']}", seen["why"] == "closed")
    run.check(f"of {seen['to_proxy']} connections to the proxy {seen['to_server']} go on to the server",
              seen["to_server"] == 800)
    return run.say()


def server_descriptors(work, headroom):
    run = Run("the server's descriptors are the narrowest end", "server", "process-fds", LONG_LIVED, CONNECTIONS)
    with Ends(work) as ends:
        seen = one_by_one(ends, headroom, lambda sources: run.predict(ends, headroom, sources), server_nofile=600)
    run.compare(seen["opened"], seen["why"])
    run.check(f"nobody answers: {seen['why']}", seen["why"] == "timeout")
    run.check(f"the proxy's connections to it are more: {seen['to_server']}", seen["to_server"] > run.predicted)
    return run.say()


def server_queue(work, headroom):
    """A server that does not accept for a while: what arrives meanwhile stands in its queue."""
    backlog, burst = 128, 400
    plan = ["--connections", str(burst), "--burst", str(burst), "--nofile", "19000",
            "--to", f"{FRONT}:{FRONT_PORT}"]
    run = Run("the server's accept queue is the narrowest end", "server", "accept-queue", plan, burst)
    with Ends(work) as ends:
        proxy, server = start_haproxy(ends), start_server(ends, backlog=backlog, pause_s=30)
        run.predict(ends, headroom, [facts(ends, headroom, "client", None), facts(ends, headroom, "proxy", proxy),
                                     facts(ends, headroom, "server", server)])
        client = start_client(ends, "at-once", burst)
        client.stdout.readline()
        waiting, drops = 0, 0
        for _ in range(20):
            time.sleep(0.1)
            listener = ends.sockets("server", "state", "listening", f"sport = :{BACK_PORT}")[0]
            waiting = max(waiting, int(listener[0 if listener[0].isdigit() else 1]))
            drops = ends.counter("server", "TcpExtListenOverflows")
    run.compare(waiting, f"{drops} overflows")
    run.check("connections were refused room", drops > 0)
    return run.say()


def main(build):
    headroom = os.path.abspath(f"{build}/headroom")
    os.environ.update(HEADROOM_HISTORY="off", NO_COLOR="1")
    good = True
    for variant in (client_ports, proxy_ports, server_descriptors, server_queue):
        work = tempfile.mkdtemp(prefix="headroom-ends-")
        try:
            good &= variant(work, headroom)
        finally:
            shutil.rmtree(work)
    return 0 if good else 1


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), float(sys.argv[3]))
    elif sys.argv[1] == "one-by-one":
        open_one_by_one(int(sys.argv[2]))
    elif sys.argv[1] == "at-once":
        open_at_once(int(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1]))

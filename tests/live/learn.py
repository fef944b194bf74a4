#!/usr/bin/env python3
"""What headroom gate --learn keeps of real load tests, beside what ss and procfs say of the same runs. Two private network
namespaces with a delay between them: the tool's, and nginx's. Nothing here is the project's own code: descriptors are the
names in /proc/PID/fd, memory and processor time come from /proc/PID/status and stat, closes from ss and /proc/net.
Usage: tests/live/learn.py [HEADROOM]   Needs root; a tool that is missing is skipped.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE, THERE = "10.77.0.1", "10.77.0.2"
PORTS = range(8101, 8107)
CASES = [
    # name, port, connections that stay, the command ({url}: where to)
    ("wrk", 8101, 200, ["wrk", "-t1", "-c200", "-d3s", "{url}"]),
    ("h2load", 8102, 100, ["h2load", "--h1", "-c100", "-D", "3", "--warm-up-time=0", "{url}"]),
    ("ab", 8103, 0, ["ab", "-q", "-n", "8000", "-c", "50", "{url}"]),
    ("wrk", 8104, 0, ["wrk", "-t1", "-c50", "-d2s", "-H", "Connection: close", "{url}"]),
    ("siege", 8105, 0, ["siege", "-b", "-q", "-c", "20", "-t", "2S", "{url}"]),
]
failed = []


def say(good, title):
    print(("ok" if good else "not ok") + " - " + title, flush=True)
    if not good:
        failed.append(title)


def near(title, got, want, part, least):
    far = None if got is None else abs(got - want)
    say(far is not None and far <= max(want * part, least), f"{title}: learned {got}, counted {want:.6g}")


class Watcher(threading.Thread):
    """The process of this name below a parent: the most files and memory, and its processor time."""

    def __init__(self, name):
        super().__init__(daemon=True)
        self.name_wanted, self.files, self.memory, self.cpu, self.over = name, 0, 0, 0.0, False

    def look(self, pid):
        with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as file:
            if file.read().strip() != self.name_wanted:
                return
        self.files = max(self.files, len(os.listdir(f"/proc/{pid}/fd")))
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    self.memory = max(self.memory, int(line.split()[1]) * 1024)
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        self.cpu = max(self.cpu, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))

    def run(self):
        known, next_search = [], 0.0
        while not self.over:
            if time.monotonic() >= next_search:
                known, next_search = [name for name in os.listdir("/proc") if name.isdigit()], time.monotonic() + 0.05
                known = [pid for pid in known if comm_is(pid, self.name_wanted)]
            for pid in known:
                try:
                    self.look(pid)
                except OSError:
                    pass
            time.sleep(0.005)


def comm_is(pid, name):
    try:
        with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as file:
            return file.read().strip() == name
    except OSError:
        return False


def time_wait(port, inside=()):
    side = "dport" if not inside else "sport"
    out = subprocess.run([*inside, "ss", "-Htan", "state", "time-wait", f"{side} = :{port}"], capture_output=True, text=True, check=True)
    return len(out.stdout.splitlines())


def counter(path, section, name):
    with open(path, encoding="ascii") as file:
        lines = [line.split() for line in file if line.startswith(section + ":")]
    return int(lines[1][lines[0].index(name)])


def opened():
    return counter("/proc/net/snmp", "Tcp", "ActiveOpens")


def taken_over():
    return counter("/proc/net/netstat", "TcpExt", "TWRecycled")


def requests_said(output):
    """As wrk, h2load and ab print it."""
    found = re.search(r"Requests/sec: *([0-9.]+)|finished in [0-9.]+m?s, ([0-9.]+) req/s|Requests per second: *([0-9.]+)", output)
    return float(next(number for number in found.groups() if number)) if found else None


def check(headroom, case, work, inside):
    tool, port, stay, command = case
    if not shutil.which(tool):
        print(f"ok - {tool} # SKIP not installed")
        return
    words = [word.replace("{url}", f"http://{THERE}:{port}/") for word in command]
    watcher = Watcher(tool)
    opens, reused = opened(), taken_over()
    watcher.start()
    began = time.monotonic()
    run = subprocess.run([headroom, "gate", "--learn", "--force", "--max-cpu-wait", "100%", "--min-reached", "1%", "--latency", "5ms", "--", *words], cwd=work,
                         capture_output=True, text=True, timeout=120, check=False)
    seconds = time.monotonic() - began
    watcher.over = True
    watcher.join()
    opens, reused = opened() - opens, taken_over() - reused
    here, there = time_wait(port), time_wait(port, inside)
    title = " ".join(words[:-1])
    with open(os.path.join(work, "workload.lock.json"), encoding="utf-8") as file:
        entries = json.load(file)["commands"].values()
    found = [entry for entry in entries if entry["command"].endswith(f":{port}/")]
    say(len(found) == 1, f"{title}: kept")
    if not found:
        print("#  " + run.stderr.strip().replace("\n", "\n#  "))
        return
    got = found[0]["runs"][-1]
    say("both_here" not in got, f"{title}: the other end is elsewhere")
    if stay:
        near(f"{title}: connections", got.get("connections"), stay, 0, 0)
        near(f"{title}: files beside them", got.get("fds_base"), watcher.files - stay, 0, 1)
        say("client_closes" not in got, f"{title}: nobody chose who closes")
        memory = got.get("memory_base_bytes", 0) + got.get("memory_per_connection_bytes", 0) * stay
        near(f"{title}: memory (seen every second)", memory, watcher.memory, 0.25, 1 << 20)
    else:
        near(f"{title}: the client's part of {opens} closes", got.get("client_closes"), (here + reused) / opens, 0.01, 0.01)
        near(f"{title}: opened per second", got.get("open_rate_per_s"), opens / seconds, 0.25, 1)
        print(f"#  TIME_WAIT: {here} here, {there} there, {reused} taken over; opened {opens}")
    said = requests_said(run.stdout)
    if said is not None:
        near(f"{title}: requests per second", got.get("requests_per_s"), said, 0.01, 1)
        near(f"{title}: requests per core", got.get("requests_per_core"), said / (watcher.cpu / seconds), 0.35, 1)
    if watcher.cpu > 0.3:
        near(f"{title}: cores", got.get("cpu_cores"), watcher.cpu / seconds, 0.35, 0.1)


def main():
    if os.environ.get("LEARN_INSIDE") != "yes":
        if os.geteuid() != 0:
            print("learn: needs root for network namespaces")
            sys.exit(77)
        for program in ("nginx", "ss", "ip", "nsenter", "unshare"):
            if not shutil.which(program):
                print(f"learn: {program} is not installed")
                sys.exit(77)
        os.execvpe("unshare", ["unshare", "-n", sys.executable, os.path.abspath(__file__), *sys.argv[1:]],
                   dict(os.environ, LEARN_INSIDE="yes", HEADROOM_HISTORY="off"))
    headroom = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/headroom")
    started = []
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        try:
            holder = subprocess.Popen(["unshare", "-n", "sleep", "600"])
            started.append(holder)
            inside = ["nsenter", "-t", str(holder.pid), "-n"]
            own = os.readlink("/proc/self/ns/net")
            for _ in range(100):
                if os.readlink(f"/proc/{holder.pid}/ns/net") != own:
                    break
                time.sleep(0.02)
            for line in (f"ip link add near type veth peer name far netns {holder.pid}", f"ip addr add {HERE}/24 dev near", "ip link set near up",
                         "ip link set lo up", " ".join(inside) + f" ip addr add {THERE}/24 dev far", " ".join(inside) + " ip link set far up",
                         " ".join(inside) + " ip link set lo up"):
                subprocess.run(line.split(), check=True)
            subprocess.run("tc qdisc add dev near root netem delay 1ms limit 10000".split(), check=False, stderr=subprocess.DEVNULL)
            listens = " ".join(f"listen {THERE}:{port} backlog=4096;" for port in PORTS)
            with open(os.path.join(work, "nginx.conf"), "w", encoding="ascii") as file:
                file.write(f"worker_processes 1; daemon off; master_process off; pid {work}/pid; error_log {work}/error crit;\n"
                           "events { worker_connections 4096; }\nhttp { access_log off; keepalive_requests 100000000;\n"
                           f"client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u;\n"
                           f"scgi_temp_path {work}/s; server {{ {listens} location / {{ return 200 \"hello\"; }} }} }}\n")
            started.append(subprocess.Popen([*inside, "nginx", "-c", f"{work}/nginx.conf", "-e", f"{work}/error"]))
            time.sleep(0.5)
            for case in CASES:
                check(headroom, case, work, inside)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()
    print(f"{'all as counted' if not failed else 'failed: ' + str(len(failed))}")
    sys.exit(1 if failed else 0)


main()

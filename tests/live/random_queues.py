#!/usr/bin/env python3
"""Random listeners: what headroom says that their queues take, and what clients find that the kernel takes
(measure_queue, which shares no code with headroom). One socket: equal. Several sockets on one address: the first
connection that is not taken comes between the two bounds, and all queues together hold the larger one. The SYN queue:
equal. Drops of a listener: equal.

  tests/live/random_queues.py BUILD [ROUNDS] [SEED]        as root, or skipped (77); makes a network namespace of its own
"""
import json, os, random, subprocess, sys

build, rounds, seed = sys.argv[1], int((sys.argv + ["", "30"])[2] or 30), int((sys.argv + ["", "", "1"])[3] or 1)
passed = failed = 0


def setting(name, value):
    with open("/proc/sys/net/" + name, "w") as file:
        file.write(str(value))


def headroom(*arguments):
    command = [build + "/headroom", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, HEADROOM_HISTORY="off"))
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit("not ok - %s: %s" % (" ".join(command), done.stderr.decode()[:300]))


def check(title, good, *numbers):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    if not good or len(sys.argv) <= 2:
        print("%s - %s: %s" % ("ok" if good else "not ok", title, ", ".join(map(str, numbers))), flush=True)


class Server:
    def __init__(self, address, port, backlogs):
        command = [build + "/tests/live/measure_queue", address, str(port), *map(str, backlogs)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", command

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        return [int(word) for word in answer if word.isdigit()] or answer


def at_of(address, port):
    return "[%s]:%d" % (address, port) if ":" in address else "%s:%d" % (address, port)


def facts_of(document, at):
    """The numbers of the facts of one listener."""
    return {fact["key"][len("listener."):]: fact.get("value") for fact in document["facts"] if fact["instance"] == at}


def one_host(number):
    random.seed(seed * 100003 + number)
    somaxconn, later = random.choice([1, 5, 50, 128, 511, 4096]), random.choice([0, 3, 100, 4096, 65535])
    address = random.choice(["127.0.0.1", "0.0.0.0", "127.3.2.1", "::1", "::"])
    sockets = random.choice([1, 1, 1, 2, 3, 4, 8])
    port = random.randint(1030, 9000)
    backlogs = [random.choice([0, 1, 5, 10, 40, 128, 300, 511, 1200])] * sockets
    if random.random() < 0.3:
        backlogs = [random.choice([0, 1, 5, 40, 128]) for _ in backlogs]
    setting("core/somaxconn", somaxconn)
    setting("ipv4/tcp_syncookies", random.choice([0, 1, 2]))
    setting("ipv4/tcp_max_syn_backlog", 4096)
    at, target = at_of(address, port), at_of("::1" if ":" in address else "127.0.0.1", port)
    if address == "127.3.2.1":
        target = at
    with Server(address, port, backlogs) as server:
        setting("core/somaxconn", later)
        if random.random() < 0.25:
            backlogs = [random.choice([0, 2, 60, 2000])] * sockets
            server.ask("listen %d" % backlogs[0])
        before = 0
        if random.random() < 0.4:
            before = server.ask("wait %d" % random.choice([1, 3, 30]))[1]
        document = headroom("audit", "--role", "server", "--connections", "1", "--lifetime", "1h", "--burst", "1",
                            "--to", target, "-o", "json")
        facts = facts_of(document, at)
        best, worst, taken = facts["capacity_best"], facts["capacity_worst"], facts["taken"]
        queue = next(limit for limit in document["resources"] if limit["id"] == "accept-queue")
        first = server.ask("first")[0]
        dropped = before + 1 + server.ask("all")[2]
        drops = facts_of(headroom("facts", "-o", "json"), at)["drops"]
        held = server.ask("drain")[0]
    title = "host %d: %s, backlogs %s, somaxconn %d then %d, %d waiting" % (number, at, backlogs, somaxconn, later, taken)
    check(title + ": it is the listener judged", queue["instance"] == at, queue["instance"])
    check(title + ": all queues", held == max(best, taken), held, best)
    if sockets == 1:
        check(title + ": one socket is exact", best == worst and first == max(0, best - taken), first, best, worst)
    check(title + ": the first drop is between the bounds", worst - taken <= first <= max(0, best - taken), worst - taken, first, best - taken)
    check(title + ": drops", drops == dropped, drops, dropped)


def one_syn_queue(number):
    random.seed(seed * 200003 + number)
    largest, backlog = random.choice([1, 2, 3, 4, 7, 64, 100, 128, 255, 1000, 2048]), random.choice([0, 1, 10, 100, 511, 4096])
    address, cookies = random.choice(["127.0.0.1", "::1"]), random.choice([0, 0, 1])
    setting("core/somaxconn", 4096)
    setting("ipv4/tcp_syncookies", cookies)
    setting("ipv4/tcp_max_syn_backlog", largest)
    port = 10000 + number % 20000
    target = at_of(address, port)
    with Server(address, port, [backlog]) as server:
        document = headroom("audit", "--role", "server", "--connections", "1", "--lifetime", "1h", "--burst", "1",
                            "--to", target, "-o", "json")
        limit = next(limit for limit in document["resources"] if limit["id"] == "syn-backlog")
        kept = server.ask("syn")[0]
    check("SYN queue: backlog %d, tcp_max_syn_backlog %d, tcp_syncookies %d, %s" % (backlog, largest, cookies, target),
          limit["capacity"] == kept, limit["capacity"], kept)


if os.environ.get("RANDOM_QUEUES_INSIDE"):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for number in range(rounds):
        one_host(number)
        if number % 3 == 0:
            one_syn_queue(number)
    print("%d passed, %d failed, 0 skipped" % (passed, failed))
    sys.exit(failed > 0)
if os.geteuid() != 0 or subprocess.run(["unshare", "-n", "true"], stderr=subprocess.DEVNULL).returncode:
    print("ok - random queues # SKIP needs root and the right to make network namespaces")
    sys.exit(77)
os.execvpe("unshare", ["unshare", "-n", sys.executable, *sys.argv], dict(os.environ, RANDOM_QUEUES_INSIDE="1"))

"""Kinds "queue" and "syn": what the queues of a listener take. measure_queue is the server, and its own clients."""
import json
import os
import subprocess

from . import ask, space

LIMITS = {"queue": "accept-queue", "syn": "syn-backlog"}
BACKLOGS = [0, 1, 5, 10, 40, 128, 300, 511, 1200]


def draw(rng, kind):
    address = rng.choice(["127.0.0.1", "0.0.0.0", "127.3.2.1", "::1", "::"])
    if kind == "syn":
        return {"address": rng.choice(["127.0.0.1", "::1"]), "port": rng.randint(10000, 29999),
                "backlogs": [rng.choice([0, 1, 10, 100, 511, 4096])], "somaxconn": 4096, "later": 4096,
                "cookies": rng.choice([0, 0, 1]), "syns": rng.choice([1, 2, 3, 4, 7, 64, 100, 128, 255, 1000, 2048]),
                "again": None, "waiting": 0, "ways": ask.draw_ways(rng)}
    sockets = rng.choice([1, 1, 1, 2, 3, 4, 8])
    backlogs = [rng.choice(BACKLOGS)] * sockets
    if rng.random() < 0.3:
        backlogs = [rng.choice(BACKLOGS[:6]) for _ in backlogs]
    return {"address": address, "port": rng.randint(1030, 9000), "backlogs": backlogs,
            "somaxconn": rng.choice([1, 5, 50, 128, 511, 4096]), "later": rng.choice([0, 3, 100, 4096, 65535]),
            "cookies": rng.choice([0, 1, 2]), "syns": 4096,
            "again": rng.choice([None, None, None, 0, 2, 60, 2000]), "waiting": rng.choice([0, 0, 0, 1, 3, 30]),
            "sizes": [rng.randint(1, 2 + sum(backlogs) + sockets) for _ in range(2)],
            "ways": ask.draw_ways(rng)}


def smaller(config):
    if len(config["backlogs"]) > 1:
        yield dict(config, backlogs=config["backlogs"][1:])
    for key, value in (("again", None), ("waiting", 0), ("later", config["somaxconn"]), ("cookies", 0)):
        if config[key] != value:
            yield dict(config, **{key: value})


class Server:
    def __init__(self, headroom, config):
        program = os.path.join(os.path.dirname(headroom), "tests/live/measure_queue")
        command = [program, config["address"], str(config["port"])] + [str(b) for b in config["backlogs"]]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError(" ".join(command) + " does not start")

    def ask(self, line):
        """The numbers of the answer."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return [int(word) for word in self.process.stdout.readline().split() if word.isdigit()]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def ends_of(config):
    """The listener as the kernel has it, and as a plan names it."""
    def end(address):
        return "%s:%d" % ("[%s]" % address if ":" in address else address, config["port"])
    address = config["address"]
    return end(address), end({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address))


def drops_of(headroom, listener):
    done = subprocess.run([headroom, "facts", "-o", "json:-"], capture_output=True, text=True)
    for fact in json.loads(done.stdout)["facts"]:
        if (fact["key"], fact["instance"]) == ("listener.drops", listener):
            return fact["value"]
    return None


def accept_queue(tally, server, config, asking, options):
    """In a group of sockets the addresses of the clients decide which queue is the first to be full, so it is asked
    before. One queue is filled, emptied, filled again as it was, and asked about what it took."""
    alone = len(config["backlogs"]) == 1
    answers = [(size, asking.ask(way, options + ["--burst", str(size)])) for way, size in zip(asking.ways, config["sizes"])]
    first = server.ask("first")[0]
    dropped = 1 + server.ask("all")[2]
    drained = server.ask("drain")[0]
    tally.truth = first
    for size, answer in answers:
        if size <= first:
            tally.judge(answer, size, True, alone)
        elif alone or size > drained - config["waiting"]:  # more than all queues take, whoever comes
            tally.judge(answer, size, False, alone)
        elif answer.status == "pass":
            tally.wrong.append("false pass: %d in a group that took %d: %s" % (size, first, answer.command))
    if not alone:
        return
    said = drops_of(asking.headroom, ends_of(config)[0])
    before = config["before"]
    if said != before + dropped:
        tally.wrong.append("drops: %s said, %d really" % (said, before + dropped))
    server.ask("wait %d" % config["waiting"])
    ask.compare(tally, asking, options, ask.Truth(first, first, first + 1), of="--burst")


def run(config, kind, headroom, directory):
    tally = ask.Tally()
    space.enter()
    space.network()
    space.sysctl("net.core.somaxconn", config["somaxconn"])
    space.sysctl("net.ipv4.tcp_syncookies", config["cookies"])
    space.sysctl("net.ipv4.tcp_max_syn_backlog", config["syns"])
    server = Server(headroom, config)
    space.sysctl("net.core.somaxconn", config["later"])
    if config["again"] is not None:
        server.ask("listen %d" % config["again"])
    config["before"] = server.ask("wait %d" % config["waiting"])[1] if config["waiting"] else 0
    options = ["--role", "server", "--connections", "1", "--lifetime", "1h", "--to", ends_of(config)[1]]
    asking = ask.Asking(headroom, directory, LIMITS[kind], config["ways"])
    if kind == "queue":
        accept_queue(tally, server, config, asking, options)
    else:
        tally.truth = server.ask("syn")[0]
        ask.compare(tally, asking, options, ask.Truth(tally.truth, tally.truth, tally.truth + 1), of="--burst")
    server.end()
    return tally

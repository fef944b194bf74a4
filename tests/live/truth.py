#!/usr/bin/env python3
"""Random hosts and plans: what headroom says, and what the kernel really does.

Each configuration is built in private namespaces. headroom is asked (live, and by way of a facts file or a snapshot),
then programs that share no code with it measure how many connections, descriptors or threads really fit. A plan of
exactly that many must not fail, a plan of one more must not pass, and the safe load must not be above the truth. Where
what can be seen from outside decides the answer, it must be the truth itself and nothing may be unknown.

A configuration follows from its seed alone. One that is wrong is made smaller as long as it stays wrong, then printed.
"""
import argparse
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from truth import descriptors, erlang, ports, queues, space, threads  # noqa: E402

KINDS = {"tcp": ports, "udp": ports, "files": descriptors, "threads": threads,
         "queue": queues, "syn": queues}
if erlang.erl():
    KINDS["erlang"] = erlang
# Of a run over all kinds, this share is of each.
SHARES = {"tcp": 7, "udp": 2, "files": 1, "threads": 1, "queue": 1, "syn": 0.3, "erlang": 0.1}
SMALLER_MOST = 150


def too_long(number, frame):
    raise TimeoutError("the configuration took more than five minutes")


def in_child(work):
    """Runs it in a process of its own, which enters namespaces that nothing can leave. What it returns, or raised."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        os.setpgid(0, 0)
        signal.signal(signal.SIGALRM, too_long)
        signal.alarm(300)
        try:
            said = work()
        except BaseException:  # whatever it is, the parent shows it
            said = {"broken": traceback.format_exc()}
        with os.fdopen(write, "w") as out:
            json.dump(said, out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    _, status = os.waitpid(pid, 0)
    try:
        os.killpg(pid, signal.SIGKILL)  # what it has left behind
    except ProcessLookupError:
        pass
    return json.loads(text) if text else {"broken": "the configuration ended with status %d" % status}


def try_one(kind, config, options):
    def work():
        if options.short:
            config["ways"] = config["ways"][:1]
        return vars(KINDS[kind].run(config, kind, options.headroom, directory))
    with tempfile.TemporaryDirectory(prefix="truth") as directory:
        return in_child(work)


def is_wrong(said):
    return bool(said.get("broken") or said["wrong"])


def why(said):
    return said.get("broken") or "\n".join(said["wrong"])


def make_smaller(kind, config, said, options):
    """As long as it is wrong in the same way."""
    def same(other):
        return is_wrong(other) and why(other).split(":")[0] == why(said).split(":")[0]
    tries = 0
    while True:
        for less in KINDS[kind].smaller(config):
            tries += 1
            if tries > SMALLER_MOST:
                return config, said
            other = try_one(kind, less, options)
            if same(other):
                config, said = less, other
                break
        else:
            return config, said


def kind_of(seed, kinds):
    """Seeds share themselves out among the kinds, each kind always getting the same ones."""
    if len(kinds) == 1:
        return kinds[0]
    return random.Random(seed).choices(kinds, [SHARES[k] for k in kinds])[0]


def draw(kind, seed):
    config = KINDS[kind].draw(random.Random("%s %d" % (kind, seed)), kind)
    return json.loads(json.dumps(config))  # as it is when it is read back


def try_seed(job):
    seed, kinds, options = job
    kind = kind_of(seed, kinds)
    config = draw(kind, seed)
    said = try_one(kind, config, options)
    if is_wrong(said) and not options.whole:
        config, said = make_smaller(kind, config, said, options)
    return kind, seed, config, said


def report(kind, seed, config, said, options):
    print("not ok - %s, seed %s: truth %s: %s" % (kind, seed, said.get("truth"), why(said)))
    print("# the smallest that is still wrong: %s" % json.dumps(config))
    print("# again: %s --headroom %s --only %s --seed %s --count 1" % (sys.argv[0], options.headroom, kind, seed))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", default="build/headroom", help="the program to ask (build/headroom)")
    parser.add_argument("--only", metavar="KIND", help="these kinds alone, separated by commas: " + ", ".join(KINDS))
    parser.add_argument("--seed", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--count", type=int, default=100, help="how many configurations, one for each seed (100)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time (one for each processor)")
    parser.add_argument("--short", action="store_true", help="ask half as many questions")
    parser.add_argument("--whole", action="store_true", help="do not make a wrong configuration smaller")
    parser.add_argument("--config", metavar="JSON", help="try this configuration, as it was printed, of the kind --only")
    options = parser.parse_args()
    options.kinds = options.only.split(",") if options.only else list(KINDS)
    for kind in options.kinds:
        if kind not in KINDS:
            parser.error("--only %s: there are %s" % (kind, ", ".join(KINDS)))
    options.headroom = os.path.abspath(options.headroom)
    if not os.access(options.headroom, os.X_OK):
        parser.error("--headroom %s: no such program" % options.headroom)
    return options


class Sums:
    def __init__(self):
        self.rows = {}

    def add(self, kind, said):
        row = self.rows.setdefault(kind, dict.fromkeys(("configurations", "questions", "exact", "bound", "wrong"), 0))
        row["configurations"] += 1
        for key in ("questions", "exact", "bound"):
            row[key] += said.get(key, 0)
        row["wrong"] += is_wrong(said)

    def print(self):
        print("%-8s %14s %10s %10s %10s %6s" % ("kind", "configurations", "questions", "answered", "bounds", "wrong"))
        for kind, row in sorted(self.rows.items()):
            print("%-8s %14d %10d %10d %10d %6d" % (kind, *row.values()))


def main():
    options = arguments()
    os.closerange(3, 1024)  # what the caller left open
    os.environ["HEADROOM_HISTORY"] = "off"
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    reason = space.available()
    if reason:
        print("ok - random hosts # SKIP %s" % reason)
        return 77
    start, sums = time.time(), Sums()
    wrong = 0
    if options.config:
        said = try_one(options.kinds[0], json.loads(options.config), options)
        print(json.dumps(said, indent=1))
        return int(is_wrong(said))
    jobs = [(seed, options.kinds, options) for seed in range(options.seed, options.seed + options.count)]
    with multiprocessing.Pool(options.jobs) as pool:
        for kind, seed, config, said in pool.imap(try_seed, jobs, chunksize=4):
            sums.add(kind, said)
            if is_wrong(said):
                wrong += 1
                report(kind, seed, config, said, options)
                sys.stdout.flush()
    sums.print()
    print("# seeds %d to %d, %d s" % (options.seed, options.seed + options.count - 1, time.time() - start))
    print("%d passed, %d failed, 0 skipped" % (options.count - wrong, wrong))
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

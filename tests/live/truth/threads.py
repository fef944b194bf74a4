"""Kind "threads": how many more a program can start, as a user with RLIMIT_NPROC and in control groups with pids.max."""
import os
import resource
import subprocess
import time

from . import ask, space

LIMIT = "threads"
VERSION_1 = "/sys/fs/cgroup/pids"
VERSION_2 = "/sys/fs/cgroup"
PR_SET_DUMPABLE = 4  # setuid() takes away the right to write the own uid_map


def draw(rng, kind):
    def some():
        return [rng.choice([0, 1, 3, rng.randint(0, 40)]) for _ in range(rng.choice([0, 0, 1, 2]))]
    groups = []
    if base():
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
            groups.append({"max": rng.choice([None, rng.randint(20, 200), rng.randint(20, 600)]), "others": some()})
    limited = any(group["max"] for group in groups)
    return {"root": limited and rng.random() < 0.2, "inside": rng.random() < 0.2, "nproc": rng.randint(20, 500), "others": some(), "groups": groups,
            "running": rng.random() < 0.4, "told": rng.random() < 0.5, "ways": ask.draw_ways(rng)}


def smaller(config):
    groups = config["groups"]
    for i, group in enumerate(groups):
        yield dict(config, groups=groups[:i] + groups[i + 1:])
        if group["others"]:
            yield dict(config, groups=groups[:i] + [dict(group, others=[])] + groups[i + 1:])
    if config["others"]:
        yield dict(config, others=config["others"][1:])
    for key in ("running", "inside"):
        if config[key]:
            yield dict(config, **{key: False})


def base():
    """Where a control group of tasks can be made; None: nowhere."""
    if os.access(VERSION_1 + "/cgroup.procs", os.W_OK):
        return VERSION_1
    try:
        with open(VERSION_2 + "/cgroup.subtree_control") as f:
            return VERSION_2 if "pids" in f.read().split() and os.access(VERSION_2, os.W_OK) else None
    except OSError:
        return None


class Groups:
    """One inside the other."""

    def __init__(self, rows):
        self.paths = []
        path = base()
        for i, row in enumerate(rows):
            path = os.path.join(path, "headroom-truth-%d" % os.getpid() if i == 0 else "in")
            os.mkdir(path)
            self.paths.append(path)
            if not path.startswith(VERSION_1) and i + 1 < len(rows):
                space.write(path + "/cgroup.subtree_control", "+pids")
            if row["max"] is not None:
                space.write(path + "/pids.max", str(row["max"]))

    def remove(self):
        for path in reversed(self.paths):
            for _ in range(3000):
                try:
                    os.rmdir(path)
                    break
                except OSError:  # a task in it has not gone yet
                    time.sleep(0.01)


def become(uid, group, nproc=None, inside=False):
    """Of a child that is about to become another program. inside: root of a user namespace of its own."""
    def prepare():
        if group:
            space.write(group + "/cgroup.procs", "0")
        if nproc:
            resource.setrlimit(resource.RLIMIT_NPROC, (nproc, nproc))
        if uid:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            if inside:
                space.libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
                space.as_root()
    return prepare


class Program:
    def __init__(self, path, arguments, prepare):
        self.process = subprocess.Popen([path] + arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=prepare)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("%s %s does not start" % (path, arguments))

    def count(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline().split("=")[1])

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def fits(config):
    """The others must have room."""
    return sum(n + 1 for n in config["others"]) + 2 < config["nproc"] and all(
        g["max"] is None or sum(n + 1 for inner in config["groups"][i:] for n in inner["others"]) + 2 < g["max"]
        for i, g in enumerate(config["groups"]))


def run(config, kind, headroom, directory):
    tally = ask.Tally()
    if os.getuid() != 0 or not fits(config):
        return tally
    space.enter()
    uid = 0 if config["root"] else 200000 + 2 * os.getpid()
    os.chmod(directory, 0o777)
    measure = os.path.join(os.path.dirname(headroom), "tests/live/measure_threads")
    groups = Groups(config["groups"])
    inner = groups.paths[-1] if groups.paths else None
    programs = [Program(measure, [str(n)], become(uid, None)) for n in config["others"]]
    for path, row in zip(groups.paths, config["groups"]):
        programs += [Program(measure, [str(n)], become(uid + 1, path)) for n in row["others"]
                     if path == inner or path.startswith(VERSION_1)]
    prepare = become(uid, inner, config["nproc"], config["inside"])
    program = Program(measure, [], prepare)
    started = program.count()
    if config["running"]:
        vantage, how = ["--pid", str(program.process.pid)], {}
        programs.append(program)
    else:  # the next program takes its place
        program.end()
        vantage, how = [], {"preexec_fn": prepare}
    options = ["--role", "client", "--runtime", "native", "--connections", "1"]
    tally.truth = started
    if config["told"]:
        options += ["--set", "threads.of_user=%d" % (sum(n + 1 for n in config["others"]) + 1)]
    asking = ask.Asking(headroom, directory, LIMIT, config["ways"], vantage, how)
    # Where any process is in another user namespace, headroom cannot know which threads count for a user.
    exact = None if config["told"] or config["root"] else []
    ask.compare(tally, asking, options, ask.Truth(started, started, started + 1), exact, of="--threads")
    for program in programs:
        program.end()
    groups.remove()
    return tally

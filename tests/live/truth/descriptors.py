"""Kind "files": how many descriptors a process really gets, in a shell with open files and in a process that runs."""
import os
import re
import resource
import subprocess

from . import ask, space

LIMIT = "process-fds"


def draw(rng, kind):
    most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 20000)
    hard = rng.choice([rng.randint(40, 300), rng.randint(40, 300), rng.randint(300, 3000), rng.randint(3000, most)])
    soft = rng.choice([hard, rng.randint(30, hard), rng.randint(30, hard)])
    files = set(range(3, 3 + rng.choice([0, 0, 1, 10, rng.randint(0, soft // 2)])))
    for _ in range(rng.choice([0, 0, 1, 3])):  # with gaps, and above a limit that was lowered later
        first = rng.randint(3, min(most - 20, 2 * hard))
        files |= set(range(first, first + rng.randint(1, 20)))
    nofile = rng.choice(["soft", "soft", "hard", "number"])
    return {"soft": soft, "hard": hard, "files": sorted(files), "running": rng.random() < 0.5,
            "nofile": rng.randint(30, hard) if nofile == "number" else nofile,
            "processes": rng.choice([1, 1, 1, 2, 5]), "each": rng.choice([1, 1, 1, 2, 3]),
            "ways": ask.draw_ways(rng)}


def smaller(config):
    files = config["files"]
    for less in (files[:len(files) // 2], files[len(files) // 2:], files[:-1]):
        if less != files:
            yield dict(config, files=less)
    for key, value in (("processes", 1), ("each", 1), ("nofile", "soft")):
        if config[key] != value:
            yield dict(config, **{key: value})


def open_files(config):
    null = os.open("/dev/null", os.O_RDONLY)
    for number in config["files"]:
        if number != null:
            os.dup2(null, number, inheritable=True)
    if null not in config["files"]:
        os.close(null)


def limited(config, soft=None):
    """Of the child that is about to become another program."""
    def prepare():
        open_files(config)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft or config["soft"], config["hard"]))
    return prepare


def own_limit(config):
    """What the program under load sets for itself."""
    return {"soft": config["soft"], "hard": config["hard"]}.get(config["nofile"], config["nofile"])


def count(program, config):
    """In a new process: measure_fds counts."""
    done = subprocess.run([program], capture_output=True, text=True, close_fds=False,
                          preexec_fn=limited(config, own_limit(config)))
    return int(re.search(r"opened=(\d+)", done.stdout).group(1))


class Running:
    """A process that has opened its files, and lowered its limits since."""
    HIGH = 19980  # its pipes are there, out of the way

    def __init__(self, config):
        ready, self.go, self.answer = os.pipe(), os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self.be(config, (ready[1], self.go[0], self.answer[1]))
        os.close(ready[1])
        os.read(ready[0], 1)
        os.close(ready[0])

    def be(self, config, pipes):
        ready, go, answer = [os.dup2(fd, self.HIGH + i) for i, fd in enumerate(pipes)]
        null = os.open("/dev/null", os.O_RDWR)
        for i in range(3):
            os.dup2(null, i)
        os.closerange(3, self.HIGH)
        open_files(config)
        resource.setrlimit(resource.RLIMIT_NOFILE, (config["soft"], config["hard"]))
        os.write(ready, b"r")
        while os.read(go, 1):
            resource.setrlimit(resource.RLIMIT_NOFILE, (own_limit(config), config["hard"]))
            got = fill()
            for fd in got:
                os.close(fd)
            resource.setrlimit(resource.RLIMIT_NOFILE, (config["soft"], config["hard"]))
            os.write(answer, b"%d" % len(got))
        os._exit(0)

    def count(self):
        os.write(self.go[1], b"g")
        return int(os.read(self.answer[0], 100))


def fill():
    got = []
    while True:
        try:
            got.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            return got


def above(config):
    """Where a plan names its own limit, headroom takes the open files below the next higher one: it may count some
    that are above."""
    own = own_limit(config)
    next_limit = config["soft"] if own <= config["soft"] else config["hard"]
    numbers = set(config["files"]) | ({Running.HIGH + i for i in range(3)} if config["running"] else set())
    return len([n for n in numbers if own <= n < next_limit])


def run(config, kind, headroom, directory):
    tally = ask.Tally()
    space.enter()
    if config["running"]:
        running = Running(config)
        vantage, shell = ["--pid", str(running.pid)], {}
        opened = running.count()
    else:
        vantage, shell = [], {"preexec_fn": limited(config), "close_fds": False}
        opened = count(os.path.join(os.path.dirname(headroom), "tests/live/measure_fds"), config)
    options = ["--role", "client", "--runtime", "native", "--fds-base", "0", "--nofile", str(config["nofile"]),
               "--fds-per-connection", str(config["each"]), "--processes", str(config["processes"])]
    processes, each = config["processes"], config["each"]
    tally.truth = opened * processes // each
    truth = ask.Truth((opened - above(config)) * processes // each, tally.truth, tally.truth + processes)
    asking = ask.Asking(headroom, directory, LIMIT, config["ways"], vantage, shell)
    ask.compare(tally, asking, options, truth)
    return tally

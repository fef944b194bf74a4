"""What headroom says of one limit: live, from a facts file, from a snapshot."""
import json
import os
import subprocess


class Asked(Exception):
    pass


class Answer:
    def __init__(self, resource, command):
        # An advisory limit warns where a hard one fails.
        self.status = "fail" if resource["status"] == "warn" else resource["status"]
        self.capacity = resource["capacity"]
        self.reason = resource["reason"]
        safe = resource["max_safe"] or {}
        self.at_most = safe.get("connections") if safe.get("at_most") else None
        self.safe = 0 if self.at_most is not None else safe.get("connections")
        self.command = command


class Outside:
    """Runs headroom from where this process was before it entered its namespaces."""

    def __init__(self):
        there, back = os.pipe(), os.pipe()
        if os.fork() == 0:
            os.close(there[1])
            with os.fdopen(there[0]) as lines, os.fdopen(back[1], "w") as answers:
                for line in lines:
                    done = subprocess.run(json.loads(line), capture_output=True, text=True)
                    print(json.dumps([done.returncode, done.stdout, done.stderr]), file=answers, flush=True)
            os._exit(0)
        os.close(there[0])
        os.close(back[1])
        self.commands, self.answers = os.fdopen(there[1], "w"), os.fdopen(back[0])

    def run(self, command):
        print(json.dumps(command), file=self.commands, flush=True)
        return subprocess.CompletedProcess(command, *json.loads(self.answers.readline()))


class Asking:
    """Asks about one limit of this host: live, and by way of a facts file or a snapshot.

    vantage: options that say whose limits count. how: what subprocess.run() needs to be that process. outside: who
    runs headroom instead of this process."""

    def __init__(self, headroom, directory, limit, ways, vantage=(), how=None, outside=None):
        self.headroom, self.limit, self.vantage, self.how, self.outside = headroom, limit, list(vantage), how or {}, outside
        self.ways = {way: self.keep(directory, way) for way in ways}

    def run(self, command, live):
        if self.outside:
            return self.outside.run(command)
        return subprocess.run(command, capture_output=True, text=True, **(self.how if live else {}))

    def keep(self, directory, way):
        """The options that audit this host that way."""
        if way == "live":
            return self.vantage
        path = os.path.join(directory, way)
        target = ["-o", "json:" + path] if way == "facts.json" else ["--snapshot", path]
        done = self.run([self.headroom, "facts"] + self.vantage + target, True)
        if done.returncode not in (0, 4):
            raise Asked("facts %s ends with %d: %s" % (way, done.returncode, done.stderr))
        if way == "tables":
            only_tables(path)
        return ["--facts", path]

    def ask(self, way, options):
        command = [self.headroom, "audit", "--max-use", "100%", "-o", "json:-"] + self.ways[way] + options
        done = self.run(command, way == "live")
        text = " ".join(command)
        if not done.stdout.startswith("{"):
            raise Asked("%s ends with %d: %s" % (text, done.returncode, done.stderr))
        for resource in json.loads(done.stdout)["resources"]:
            if resource["id"] == self.limit:
                return Answer(resource, text)
        raise Asked("%s: no limit %s" % (text, self.limit))


def only_tables(path):
    """Makes a snapshot what a collector without netlink gets: the kernel's tables of sockets."""
    for name in ("sockets.json", "pools.json", "udp.pinned"):
        os.unlink(os.path.join(path, name))
    for name in ("tcp", "tcp6", "udp", "udp6"):
        with open("/proc/net/" + name) as table, open(os.path.join(path, "proc/net", name), "w") as copy:
            copy.write(table.read())
    manifest = os.path.join(path, "MANIFEST")
    with open(manifest) as f:
        lines = [line for line in f if not line.startswith("proc/net/")]
    with open(manifest, "w") as f:
        f.writelines(lines)


def draw_ways(rng, more=()):
    """The first one is taken where there is time for one alone."""
    ways = ["live", rng.choice(["facts.json"] * 6 + ["snapshot"] + list(more))]
    rng.shuffle(ways)
    return ways


class Tally:
    """What came of one configuration."""

    def __init__(self):
        self.wrong = []
        self.questions = self.exact = self.bound = self.gap = 0
        self.truth = None

    def judge(self, answer, plan, fits, exact, note=""):
        """A plan that really fits, or really does not."""
        self.questions += 1
        text = "%s for %d%s: %s [%s]" % (answer.status, plan, note, answer.command, answer.reason)
        if answer.status == ("fail" if fits else "pass"):
            self.wrong.append(("false fail: " if fits else "false pass: ") + text)
        elif answer.status not in ("pass", "fail", "unknown"):
            self.wrong.append("not judged: " + text)
        elif answer.status == "unknown" and exact:
            self.wrong.append("unknown: " + text)
        elif answer.status == "unknown":
            self.bound += 1
        else:
            self.exact += 1

    def safe(self, answer, least, most, exact):
        """The safe load lies within the truth where that is exact, and never above it. What may be safe at most is
        not below it."""
        if answer.at_most not in (None, "unlimited") and answer.at_most < least:
            self.wrong.append("at most %s, really %d: %s" % (answer.at_most, least, answer.command))
        said = answer.safe
        if said == "unlimited" or said is None or said > most:
            self.wrong.append("safe load too high: %s, really %d: %s" % (said, most, answer.command))
        elif exact and said < least:
            self.wrong.append("safe load too low: %s, really %d: %s" % (said, least, answer.command))
        else:
            self.gap = max(self.gap, least - said)


class Truth:
    """A plan that fits, the largest one that headroom may say fits (where the kernel does not always find
    the last one), and one that surely does not fit."""

    def __init__(self, least, most, over):
        self.least, self.most, self.over = least, most, over


def compare(tally, asking, options, truth, exact=None, of="--connections"):
    """Asks about a plan that fits and one that does not. exact: the ways that must know the answer; None: all.
    of: the option for the size of the plan."""
    for way in asking.ways:
        sure = exact is None or way in exact
        for size, fits in ((truth.least, True), (truth.over, False)):
            if size < 1:
                continue
            answer = asking.ask(way, options + [of, str(size)])
            tally.judge(answer, size, fits, sure)
            if of == "--connections":
                tally.safe(answer, truth.least, truth.most, sure)

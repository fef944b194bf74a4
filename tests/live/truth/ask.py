"""What headroom says of one limit: live, from a facts file, from a snapshot."""
import json
import os
import subprocess


class Asked(Exception):
    pass


class Answer:
    def __init__(self, resource, command):
        self.status = resource["status"]
        self.capacity = resource["capacity"]
        self.reason = resource["reason"]
        safe = resource["max_safe"] or {}
        self.at_most = safe.get("connections") if safe.get("at_most") else None
        self.safe = 0 if self.at_most is not None else safe.get("connections")
        self.command = command


def facts(headroom, directory, way, options=(), **run):
    """Keeps the facts of this host, and returns the options that audit them."""
    path = os.path.join(directory, way)
    target = ["--snapshot", path] if way == "snapshot" else ["-o", "json:" + path]
    done = subprocess.run([headroom, "facts"] + list(options) + target, capture_output=True, text=True, **run)
    if done.returncode not in (0, 4):
        raise Asked("facts %s ends with %d: %s" % (way, done.returncode, done.stderr))
    return ["--facts", path]


def audit(headroom, limit, options, **run):
    command = [headroom, "audit", "--max-use", "100%", "-o", "json:-"] + options
    done = subprocess.run(command, capture_output=True, text=True, **run)
    text = " ".join(command)
    if not done.stdout.startswith("{"):
        raise Asked("%s ends with %d: %s" % (text, done.returncode, done.stderr))
    for resource in json.loads(done.stdout)["resources"]:
        if resource["id"] == limit:
            return Answer(resource, text)
    raise Asked("%s: no limit %s" % (text, limit))


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


def both(tally, headroom, limit, ways, truth, exact=None, short=False, of="--connections"):
    """Asks in two ways about a plan that fits and one that does not. ways: name -> options, and how to run it.
    exact: the ways that must know the answer; None: both. of: the option for the size of the plan."""
    for number, (way, (options, how)) in enumerate(ways.items()):
        sure = exact is None or way in exact
        plans = [(truth.least, True), (truth.over, False)]
        for size, fits in plans[number % 2:number % 2 + 1] if short else plans:
            if size < 1:
                continue
            answer = audit(headroom, limit, options + [of, str(size)], **how)
            tally.judge(answer, size, fits, sure)
            if of == "--connections":
                tally.safe(answer, truth.least, truth.most, sure)

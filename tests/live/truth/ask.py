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
        self.safe = resource["max_safe"] and resource["max_safe"]["connections"]
        self.command = command


def facts(headroom, directory, way, options=()):
    """Keeps the facts of this host. The options that audit them: none for a live audit."""
    if way == "live":
        return list(options)
    path = os.path.join(directory, way)
    target = ["--snapshot", path] if way == "snapshot" else ["-o", "json:" + path]
    done = subprocess.run([headroom, "facts"] + list(options) + target, capture_output=True, text=True)
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
        """The safe load lies within the truth where that is exact, and never above it."""
        said = answer.safe
        if said == "unlimited" or said is None or said > most:
            self.wrong.append("safe load too high: %s, really %d: %s" % (said, most, answer.command))
        elif exact and said < least:
            self.wrong.append("safe load too low: %s, really %d: %s" % (said, least, answer.command))
        else:
            self.gap = max(self.gap, least - said)

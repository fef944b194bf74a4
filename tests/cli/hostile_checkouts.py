"""Random checkouts of somebody hostile: headroom.json and workload.lock.json with any member and any value. Usage: hostile_checkouts.py HEADROOM SCHEMA COUNT [SEED], in an empty directory.

Whatever they say: the verdict is never better than in an empty directory, the command runs only if it runs there, nothing
outside the checkout is read or written, nothing but the command is executed, and what was not taken is named, once.
"""

import hashlib
import json
import os
import random
import re
import resource
import subprocess
import sys

headroom, schema_path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 32)
SECRET = "hunter2-of-somebody-else"
TAKEN = {"workload", "max_use", "certify", "pessimistic", "wait", "fix_soft", "time_limit", "valid_for", "max_age",
         "max_errors", "max_cpu_wait", "min_rate", "min_reached",
         "output", "schema", "comment"}
# A pass runs it (0) or asks about the certificate (123); everything else does not run it.
RANK = {0: 0, 123: 0, 122: 1, 121: 2, 125: 3}
AUDIT_RANK = {0: 0, 4: 1, 3: 2, 2: 3, 1: 3}

plan_schema = json.load(open(schema_path))["properties"]
plan_members = list(plan_schema)
help_text = subprocess.run([headroom, "help", "--bash"], capture_output=True, text=True, check=True).stdout
settings = sorted({name.replace("-", "_") for name in re.findall(r"--([a-z][a-z-]+)", help_text)} - {"schema"})
words = ["", "x", "on", "off", "strict", "always", "100%", "1e9", "-1", "0", "unlimited", "steady", "empty", "together",
         "client", "server", "proxy", "ws-client", "hold-client", "process-fds", "ephemeral-ports", "all", "json", "json:-",
         "github", "../outside/plan.json", "../outside/pipe", "../outside/secret", "link.json", "pipe", "sub/report.json",
         "json:../outside/new.json", "text:../outside/victim", "html:link-out/new.html", "/etc/passwd", "/dev/zero",
         "json:/proc/self/mem", "limits.nofile.soft=99999999", "host:80:127.0.0.1", "$(touch ../outside/new)", "a\u202eb",
         "::error::owned", "x" * 500]


def value(random_, depth=0):
    kind = random_.randrange(9 if depth < 2 else 5)
    if kind == 0:
        return random_.choice([True, False, None])
    if kind == 1:
        return random_.choice([0, 1, -1, 0.5, 2, 75, 1e3, 99999, 1e9, 1e18, 1e300])
    if kind < 5:
        return random_.choice(words)
    if kind < 7:
        return [value(random_, depth + 1) for _ in range(random_.randrange(4))]
    if kind == 7:
        return plan(random_, depth + 1)
    return {random_.choice(words): value(random_, depth + 1) for _ in range(random_.randrange(3))}


def fitting(random_, name):
    """A value that a plan may have there, more often than not."""
    schema = plan_schema[name]
    choices = list(schema.get("enum", []))
    types = schema.get("type", [])
    if "number" in types or "integer" in types:
        choices += [0, 1, 2, 5, 60, 1000, 50000, 1e6]
    if "boolean" in types:
        choices += [True, False]
    if name == "stages":
        choices.append([{"duration_s": 9, "connections": 1}])
    return random_.choice(choices) if choices else "client"


def plan(random_, depth=0):
    """Mostly a valid one: what is refused at once proves little."""
    wild = random_.random() < 0.2
    names = random_.sample(plan_members, random_.randrange(1, 4))
    return {name: value(random_, depth + 1) if wild else fitting(random_, name) for name in names}


# What each setting would do if it were taken, in a form that is valid.
effective = {
    "force": [True], "ignore": [["process-fds"], ["process-fds", "ephemeral-ports"]], "waivers": ["w.json", "../outside/plan.json"],
    "set": [["limits.nofile.soft=9999999"]], "rules": [["rules"], ["../outside"]], "max_use": ["99%", "10%", 0.5],
    "certify": ["off", "on", "strict"], "planning_constants": ["off"], "no_inspect": [True], "template": ["sub", "link-out"],
    "quiet": [True], "resolve": [["10.9.9.9:80:127.0.0.1"]], "no_history": [True], "learn": [True], "interval": ["1h"],
    "color": ["always"], "all": [True], "pessimistic": [True, False], "wait": ["1s"], "fix_soft": [True], "redact": [True],
    "max_age": ["1h"], "valid_for": ["1h"], "time_limit": ["5s"], "inspect": [True], "to": ["10.9.9.9:80"],
    "output": [["sub/report.json"], ["json:../outside/new.json"], ["text:../outside/victim"], ["html:link-out/new.html"],
               ["json:-"], ["json:outside.json"]],
    "max_errors": ["50%", 0], "max_cpu_wait": ["99%", "1%"], "min_rate": ["1%", "99%"], "min_reached": [0, 1],
    "lifetime": ["1s"], "connections": [1], "nofile": [99999999], "fds_per_connection": [0],
}


def switch_settings(random_):
    chosen = {}
    for name in random_.sample([name for name in settings if name in effective], random_.randrange(1, 5)):
        chosen[name] = random_.choice(effective[name])
    if random_.random() < 0.5:
        chosen["workload"] = plan(random_)
    if random_.random() < 0.2:
        chosen[random_.choice(settings)] = random_.choice([True, value(random_), [random_.choice(words)], random_.choice(words)])
    if random_.random() < 0.1:
        chosen["workload"] = random_.choice([value(random_), random_.choice(words)])
    return chosen


def outside():
    """What lies outside the checkout, byte for byte."""
    found = []
    for name in sorted(os.listdir("outside")):
        path = os.path.join("outside", name)
        if not os.path.islink(path) and os.path.isfile(path):
            found.append((name, open(path).read(), os.stat(path).st_mtime_ns, os.stat(path).st_mode))
        else:
            found.append((name,))
    return found


def clear(directory):
    subprocess.run(["rm", "-rf", directory], check=True)
    os.mkdir(directory)


def make_outside():
    clear("outside")
    for name, content in (("secret", SECRET + "\n"), ("victim", "as it was\n"),
                          ("plan.json", json.dumps({"connections": 1, "name": SECRET}))):
        with open("outside/" + name, "w") as file:
            file.write(content)
    os.mkfifo("outside/pipe")


LEARNED = ["connections", "sockets_per_connection", "open_rate_per_s", "client_closes", "server_closes", "fds_base", "fds_per_connection",
    "memory_base_bytes", "memory_per_connection_bytes", "cpu_cores", "opens_per_core", "requests_per_s", "requests_per_core", "x"]


def learned_entry(random_, entry):
    """Of headroom.lock/2."""
    def run():
        values = {name: random_.choice([0, 0.5, 1, 7, 1e9, -1, "1k", None]) for name in random_.sample(LEARNED, random_.randint(0, 4))}
        return dict(values, at=random_.choice(["2026-01-02T03:04:05Z", SECRET]), both_here=random_.random() < 0.5)

    programs = {random_.choice(["wrk", "../outside/plan.json", "/etc/passwd", "", SECRET]): random_.choice(["0" * 64, 1])}
    return {"command": entry["command"], "learned": entry["learned"], "given": entry["workload"], "values": {},
        "programs": programs if random_.random() < 0.3 else {}, "runs": [run() for _ in range(random_.randint(0, 5))]}


def make_checkout(random_, command):
    clear("checkout")
    os.mkdir("checkout/sub")
    os.symlink("../outside/plan.json", "checkout/link.json")
    os.symlink("../outside", "checkout/link-out")
    os.mkfifo("checkout/pipe")
    said = {}
    if random_.random() < 0.8:
        said = switch_settings(random_)
        with open("checkout/headroom.json", "w") as file:
            file.write(random_.choice([json.dumps(said), json.dumps(said, ensure_ascii=False)]))
    if random_.random() < 0.6:
        digest = hashlib.sha256(b"".join(word.encode() + b"\0" for word in command)).hexdigest()
        entry = {"command": "wrk", "learned": random_.choice(["2026-01-02T03:04:05Z", "never", SECRET]), "workload": plan(random_)}
        lock = {"schema": "headroom.lock/1", "commands": {digest: entry}}
        if random_.random() < 0.6:
            lock = {"schema": "headroom.lock/2", "commands": {digest: learned_entry(random_, entry)}}
        with open("checkout/workload.lock.json", "w") as file:
            json.dump(lock, file)
    return said


def run(directory, arguments, files):
    """With so many open files allowed: values of --set would be assumed ones, on which gate starts nothing."""
    environment = dict(os.environ, PATH=os.path.abspath("bin") + ":" + os.environ["PATH"], RAN=os.path.abspath("ran"))
    environment.pop("HEADROOM_CONFIG", None)
    if os.path.exists("ran"):
        os.remove("ran")
    done = subprocess.run([headroom] + arguments, cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=300, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, files))
    return done.returncode, os.path.exists("ran"), done.stdout + done.stderr


def problems(random_):
    connections = random_.choice([40, 400, 4000, 90000])
    command = ["wrk", "-c", str(connections), "http://10.9.9.9/"]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = random_.choice([(1000, 1000), (1000, min(most, 100000)), (min(most, 100000), most)])
    gate = random_.random() < 0.7
    rank, arguments = RANK, ["gate", "--to", "10.9.9.9:80", "--"] + command
    if not gate:
        rank, arguments = AUDIT_RANK, ["audit", "-q", "--"] + command
    make_outside()
    clear("empty")
    said = make_checkout(random_, command)
    # A checkout may ask for what the hard limit allows; the empty directory then asks for it, too.
    own = arguments[:1] + ["--fix-soft"] + arguments[1:] if gate and said.get("fix_soft") is True else arguments
    honest, ran_before, _ = run("empty", own, files)
    before = outside()
    try:
        got, ran, output = run("checkout", arguments, files)
    except subprocess.TimeoutExpired:
        yield "it hangs"
        return
    if got not in rank or rank[got] < rank.get(honest, 9):
        yield f"exit {got} instead of {honest}"
    if ran and not ran_before:
        yield "the command ran"
    if outside() != before:
        yield "something outside the checkout has changed"
    if SECRET.encode() in output and "learned" not in output.decode(errors="replace"):
        yield "something outside the checkout was read"
    text = output.decode(errors="replace")
    left = [line for line in text.splitlines() if "ignored in ./headroom.json" in line]
    ignored = [name for name in said if name not in TAKEN]
    if gate and got in (0, 121, 122, 123) and ignored:
        if len(left) != 1:
            yield f"what was not taken is said {len(left)} times"
        elif not all(name in left[0] for name in ignored):
            yield f"not named: {[name for name in ignored if name not in left[0]]}"
    if got == 1 or got < 0 or got > 128:
        yield f"it broke: exit {got}"


def main():
    os.mkdir("bin")
    with open("bin/wrk", "w") as file:
        file.write('#!/bin/sh\necho ran >>"$RAN"\n')
    os.chmod("bin/wrk", 0o755)
    bad, kinds = 0, {}
    for number in range(count):
        for problem in problems(random.Random(seed + number)):
            bad += 1
            print(f"# {headroom} SCHEMA 1 {seed + number}: {problem}")
            for name in ("headroom.json", "workload.lock.json"):
                if os.path.exists("checkout/" + name):
                    print("#   " + name + ": " + open("checkout/" + name).read()[:600])
    print(f"# {count} checkouts, seed {seed}, {bad} problems")
    sys.exit(bad > 0)


main()

"""Holds docs/automation.md against the program: ids, exit codes of each command, words and keys of the last line, and which
commands change nothing. Usage: contract.py HEADROOM TOP (in an empty directory); prints TAP lines.

Every code that the page lists for a command is brought about here, but those of ELSEWHERE, which other suites do.
"""
import datetime
import json
import os
import re
import shutil
import socket
import subprocess
import sys

headroom, top = sys.argv[1:3]
HOSTS = os.path.join(top, "tests/hosts")
HERE = f"--facts {HOSTS}/debian-default"
SMALL = "ws-client --connections 100 " + HERE
LARGE = "ws-client --connections 15000 " + HERE
MAC = f"ws-client --connections 5000 --facts {HOSTS}/macos.facts.json"
NOWHERE = "--facts empty"
UNKNOWN = "ws-client --connections 15000 " + NOWHERE

# Codes that take a broken machine or a privilege: the suite that brings them about.
ELSEWHERE = {("calibrate", 4): "cli-calibrate", ("calibrate", 0): "cli-calibrate", ("gate", 126): "cli-gate"}

# Command line, exit code. "/dev/full" at the end: standard output is full.
CASES = [
    (f"audit {SMALL}", 0),
    (f"audit {HERE}", 0),
    (f"audit {LARGE}", 3),
    (f"audit {LARGE} --ignore process-fds", 3),
    (f"audit {SMALL} --set net.core.somaxconn=512", 0),
    (f"audit {SMALL} --max-age 1h", 4),
    (f"audit {UNKNOWN}", 4),
    (f"audit {MAC}", None),
    ("audit no-such-plan", 2),
    (f"audit {SMALL} /dev/full", 1),
    (f"size {SMALL}", 0),
    ("size ws-client --connections 200000 --provider aws", 0),
    (f"size {SMALL} --image here --rules tight", 3),
    (f"size {UNKNOWN} --image here", 4),
    ("size", 2),
    (f"size {SMALL} /dev/full", 1),
    ("fleet ws-client --connections 100 fresh.json", 0),
    (f"fleet ws-client --connections 100000 {HOSTS}/debian-default", 3),
    (f"fleet ws-client --connections 100 --hosts expected {HOSTS}/debian-default", 4),
    ("fleet ws-client --connections 100 no-such-directory", 2),
    (f"fleet ws-client --connections 100 {HOSTS}/debian-default /dev/full", 1),
    (f"fix {LARGE}", 0),
    (f"fix {LARGE} --dry-run", 0),
    (f"fix {HERE}", None),
    (f"fix {SMALL} --rules tight", 3),
    (f"fix {UNKNOWN}", 4),
    (f"fix {LARGE} --emit none", 2),
    (f"fix {LARGE} /dev/full", 1),
    (f"why {HERE} EADDRNOTAVAIL", 0),
    (f"why --facts {HOSTS}/debian-default all-is-well", 3),
    ("why --facts empty", 4),
    ("why --no-such-option", 2),
    (f"why --facts {HOSTS}/crowded /dev/full", 1),
    ("lint clean --image ubuntu-24.04", 0),
    ("lint repo --image ubuntu-24.04", 3),
    ("lint no-such-directory", 2),
    ("lint repo --image ubuntu-24.04 /dev/full", 1),
    ("verify signed/audit.json --key key.pub", 0),
    ("verify none.json --key key.pub", 3),
    ("verify signed/audit.json", 2),
    ("verify signed/audit.json --key key.pub /dev/full", 1),
    ("sign signed/audit.json --key key", 0),
    ("sign key.pub --key key", 2),
    ("sign signed/audit.json --key key /dev/full", 1),
    ("rules list", 0),
    ("rules test --rules wrong", 3),
    ("rules none", 2),
    ("rules list /dev/full", 1),
    ("calibrate no-such-calibrator", 2),
    ("calibrate ports --time 2s /dev/full", 1),
    (f"facts {HERE}", 0),
    ("facts --facts no-such-directory", 2),
    (f"facts {HERE} /dev/full", 1),
    ("workload ws-client", 0),
    ("workload no-such-plan", 2),
    ("workload ws-client /dev/full", 1),
    ("explain ephemeral-ports", 0),
    ("explain ephemeral-port", 2),
    ("explain ephemeral-ports /dev/full", 1),
    ("report signed/audit.json", 0),
    ("report key.pub", 2),
    ("report signed/audit.json /dev/full", 1),
    ("history list", 0),
    ("history none", 2),
    ("history list /dev/full", 1),
    ("watch --once", 0),
    ("watch none", 2),
    ("watch --once --json /dev/full", 1),
    ("schema audit", 0),
    ("schema none", 2),
    ("schema audit /dev/full", 1),
    ("help audit", 0),
    ("help none", 2),
    ("help /dev/full", 1),
    ("version", 0),
    ("version none", 2),
    ("version /dev/full", 1),
    ("attach redmine:1 key.pub --url http://127.0.0.1:PORT --insecure --token-file token --time-limit 1s", 124),
    ("attach redmine:1 key.pub --url https://127.0.0.1:1 --token-file token --dry-run", 0),
    ("attach redmine:1 no-such-file --url https://127.0.0.1:1 --token-file token", 2),
    ("attach redmine:1 key.pub --url https://127.0.0.1:1 --token-file token --dry-run /dev/full", 1),
    ("gate --connections 1 --certify off -- true", 0),
    ("gate ws-client --connections 900000 -- true", 121),
    ("gate ws-client --connections 1 --rules unsure -- true", 122),
    ("gate --connections 100 --certify strict -- true", 123),
    ("gate --connections 1 --certify off --time-limit 1s -- sleep 20", 124),
    ("gate", 125),
    ("gate --connections 1 --certify off -- no-such-program", 127),
    ("gate --connections 1 --certify off -- sh -c 'exit 7'", 7),
    ("gate ws-client --connections 10 --set cgroup.memory.max=unknown-value -- true", 125),
]

# A limit that no fix and no number of hosts mends, or that nobody knows.
LIMIT = """{"kind": "limit", "id": "%s", "title": "A limit", "unit": "things", "scope": "host", "severity": "hard",
"consequence": "refuse", "applies": "true", "demand": "live", "capacity": "%s", "why": "For a test.",
"breaks_as": "it needs things", "sources": [{"title": "a test", "url": "https://example.org/"}]}"""
# A ready plan whose example expects what is not so.
WRONG = """{"kind": "workload", "id": "wrong", "title": "wrong", "workload": {"role": "client", "connections": 10},
"examples": [{"name": "wrong", "facts": {}, "expect": {"verdict": "fail"}}]}"""

passed = failed = 0


def check(title, good, *why):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'ok' if good else 'not ok'} {passed + failed} - {title}")
    for line in why if not good else ():
        print(f"#   {str(line)[:300]}")


def make_files():
    os.mkdir("home")
    for name in ("empty", "clean", "repo", "wrong", "signed"):
        os.mkdir(name)
    os.mkdir("empty/proc")
    for directory, limit, capacity in (("tight", "too-tight", "1"), ("unsure", "never-known", "measured.entries_per_connection")):
        os.makedirs(directory + "/limits")
        with open(directory + "/limits/x.json", "w", encoding="ascii") as file:
            file.write(LIMIT % (limit, capacity))
    fresh = json.loads(run(f"facts {HERE} -o json").stdout)
    fresh["created"] = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    with open("fresh.json", "w", encoding="utf-8") as file:
        json.dump(fresh, file)
    with open("clean/README", "w", encoding="ascii") as file:
        file.write("nothing\n")
    with open("repo/run.sh", "w", encoding="ascii") as file:
        file.write("docker run -p 54322:80 a\n")
    with open("expected", "w", encoding="ascii") as file:
        file.write("debian-default\nnot-there\n")
    with open("token", "w", encoding="ascii") as file:
        file.write("secret\n")
    os.chmod("token", 0o600)
    with open("wrong/own.json", "w", encoding="ascii") as file:
        file.write(WRONG)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key"], check=True)
    run(f"audit {LARGE} -q -o signed/audit.json")
    run("sign signed/audit.json --key key")


def environment():
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
    return {**kept, "HOME": os.path.abspath("home"), "HEADROOM_HISTORY": "off"}


def words(line):
    return [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line)]


def run(line):
    arguments = words(line)
    out = subprocess.PIPE
    if arguments[-1] == "/dev/full":
        out = open(arguments.pop(), "w", encoding="ascii")
    return subprocess.run([headroom, *arguments], stdout=out, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          text=True, errors="replace", env=environment(), check=False)


def tree():
    found = {}
    for directory, _, names in os.walk("."):
        for name in names:
            status = os.lstat(os.path.join(directory, name))
            found[os.path.join(directory, name)] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def page():
    with open(os.path.join(top, "docs/automation.md"), encoding="utf-8") as file:
        return file.read()


def documented_codes(text):
    table = text[text.index("| command | its codes |"):]
    table = table[:table.index("\n\n")]
    rows = re.findall(r"^\| `([a-z]+)` \| ([0-9 ]+)", table, re.M)
    return {command: {int(code) for code in codes.split()} for command, codes in rows}


def check_ids(text):
    listed = {}
    for line in run("rules list").stdout.splitlines():
        kind, _, rest = line.partition(" ")
        listed.setdefault(kind, set()).add(rest.split()[0])
    for kind in ("limit", "fix", "myth"):
        block = set(re.search(rf"```{kind}\n(.*?)```", text, re.S)[1].split())
        check(f"the ids of kind {kind}", block == listed[kind], f"only on the page: {block - listed[kind]}",
              f"not on the page: {listed[kind] - block}")


def check_commands(text):
    commands = set(re.findall(r"^  ([a-z]+) ", run("--help").stdout, re.M)) - {"headroom"}
    codes = documented_codes(text)
    check("every command has its exit codes", set(codes) == commands, set(codes) ^ commands)
    changes = text[text.index("## What a command changes"):text.index("## The plan of a fix")]
    missing = [command for command in commands if not re.search(rf"`{command}[ `]", changes)]
    check("every command says what it changes", not missing, missing)
    return codes


def last_line(done):
    """The last line that is for programs, wherever it went."""
    for stream in (done.stdout, done.stderr):
        lines = re.findall(r"^headroom: ([A-Z][A-Z-]+(?: .*)?)$", stream or "", re.M)
        if lines:
            if not re.sub(r"^headroom: --time-limit: .*\n", "", stream, flags=re.M).endswith(f"headroom: {lines[-1]}\n"):
                check("nothing follows the last line", False, stream[-300:])
            return lines[-1]
    return ""


def check_last_line(text, line, seen):
    section = text[text.index("## The last line"):text.index("## Ticket")]
    word, *rest = line.split(" ")
    if f"`{word}`" not in section and not re.search(rf"`[A-Z -]*\b{word}\b[A-Z -]*`", section):
        check(f"the word {word} is on the page", False, line)
    for key in re.findall(r"(?:^| )([a-z_]+)=", " ".join(rest)):
        seen.add(key)
        if f"`{key}=" not in section:
            check(f"the key {key}= is on the page", False, line)


READERS = ("audit size fleet explain why watch facts workload lint report rules schema verify help version fix").split()


def check_cases(text, codes):
    server = socket.create_server(("127.0.0.1", 0))
    port = str(server.getsockname()[1])
    tried, seen = {}, set()
    for line, want in CASES:
        command = line.split()[0]
        before = tree()
        done = run(line.replace("PORT", port))
        if want is not None and done.returncode != want:
            check(f"headroom {line}: exit {want}", False, f"exit {done.returncode}", done.stderr[:250])
        if want is not None:
            tried.setdefault(command, set()).add(want)
        if command in READERS and tree() != before:
            check(f"headroom {line} changes nothing", False, [name for name in tree() if tree()[name] != before.get(name)])
        last = last_line(done)
        if last:
            check_last_line(text, last, seen)
    check("exit codes, last lines and files of all commands are as the page says", failed == 0)
    for command, wanted in sorted(codes.items()):
        elsewhere = {code for where, code in ELSEWHERE if where == command}
        got = tried.get(command, set()) | elsewhere
        got -= {7} if command == "gate" else set()
        check(f"every exit code of {command} was brought about", got == wanted, f"page: {wanted}", f"here: {got}")
    check("many keys were seen", len(seen) >= 15, sorted(seen))


def main():
    text = page()
    make_files()
    check_ids(text)
    codes = check_commands(text)
    check_cases(text, codes)
    shutil.rmtree("home")


main()

#!/usr/bin/env python3
"""Runs the commands that README.md and docs/ show, and compares what they print with what the page shows.

    tests/docs/examples.py HEADROOM            TAP: each example of the pages
    tests/docs/examples.py HEADROOM --accept   writes what the commands print into the pages

An example is a line "$ headroom …" in a block of code, and the lines below it are what it prints. Only a line "…"
stands for lines that are left out. A line "headroom …" without "$" has no output to compare: it has to be
understood (no exit status 1 or 2). SKIPPED says which commands are not run, and why. Everything runs in a
directory of its own, in which FILES and the captured hosts are found, at one fixed moment.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TOP = pathlib.Path(__file__).resolve().parents[2]
MOMENT = "1796054400"  # 2026-11-30T16:00:00Z

# What the commands of the pages are given. audit.json, why.json and so on are made by headroom itself.
PLAN = {"schema": "headroom.workload/2", "role": "client", "connections": 15000, "lifetime_s": 60}
FILES = {
    "plan.json": PLAN,
    "chat.json": PLAN,
    "api.json": dict(PLAN, connections=200),
    "our-types.json": {
        "schema": "headroom.catalogue/1", "name": "ours", "dated": "2026-11-21", "currency": "EUR",
        "types": [{"provider": "aws", "name": "c7i.large", "vcpus": 2, "memory_bytes": 4 << 30, "price_per_hour": 0.1}],
    },
    "compose.yaml": "services:\n  postgres:\n    ports: [\"54320:5432\"]\n",
    "bench.sh": "wrk -t4 -c400 -d60s http://10.0.0.5/\n",
    "hosts.txt": "".join(f"gen-{n:03}\n" for n in range(8)),
    "node.log": "dial tcp 10.0.0.5:80: connect: cannot assign requested address\n",
}
AUDIT = ["audit", "plan.json", "--facts", "tests/hosts/debian-default", "-q"]
MADE = {
    "audit.json": AUDIT,
    "old.json": AUDIT,
    "headroom.json": AUDIT,
    "why.json": ["why", "EMFILE", "--facts", "tests/hosts/crowded"],
    "size.json": ["size", "plan.json"],
    "generator.json": ["facts", "--facts", "tests/hosts/tuned-loadgen"],
}
# Seven of the eight hosts of hosts.txt answered, and one of these has other settings.
FLEET = [f"gen-{n:03}" for n in range(7) if n != 3] + ["gen-003:limits.nofile.soft=512"]

SKIPPED = [
    (r"…|\b(?!GET|EMFILE|OPS)[A-Z]+\b(?!=)|/var/lib/", "words in it stand for something else"),
    (r"\battach\b(?!.*--dry-run)|ssh |clush|pdsh|kubectl|podman|docker|ansible-p|http://prom", "it needs other systems"),
    (r"--apply|--undo|--verify", "it changes this host"),
    (r"\bgate\b", "it starts a load test"),
    (r"\bwatch\b(?!.*--once)", "it runs until it is stopped"),
    (r"calibrate", "it measures the kernel for some seconds"),
    (r"--for \d", "it looks at the kernel for some seconds"),
    (r"--pid|--unit|--container|journalctl|--host-root", "it needs a process of that name"),
    (r"\bhistory\b|--against", "it needs earlier audits"),
    (r"\b(sign|verify)\b", "it needs a key"),
    (r"k6 run|jmeter|plan\.jmx|script\.js|sudo ", "it needs a file or a program that is not here"),
]


class Example:
    """A command of a page: the lines that it takes, and those that it prints."""

    def __init__(self, page, line, command, shown):
        self.page, self.line, self.command, self.shown = page, line, command, shown
        self.first = self.last = 0
        plain = re.sub(r"\s#\s.*", "", command)
        self.reason = None if shown is not None else next((why for what, why in SKIPPED if re.search(what, plain)), None)
        self.code, self.printed = None, []

    def name(self):
        return f"{self.page.relative_to(TOP)}:{self.line}: {self.command.splitlines()[0]}"


def pages():
    """The pages whose examples are run."""
    return [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]


def blocks(lines):
    """The blocks of code without a language, or with that of a shell: first and last line of their content."""
    start = None
    for number, line in enumerate(lines):
        fence = re.match(r"\s*```(\w*)", line)
        if not fence:
            continue
        if start is not None:
            if start >= 0:
                yield start, number
            start = None
        else:
            start = number + 1 if fence.group(1) in ("", "sh", "console") else -1


def examples_of(page):
    """The examples of a page, in order."""
    lines = page.read_text().splitlines()
    for start, end in blocks(lines):
        at = start
        while at < end:
            line, first = lines[at].strip(), at
            at += 1
            shown = line.startswith("$ ")
            command = line[2:] if shown else line
            while command.endswith("\\") and at < end:
                command += "\n" + lines[at].strip()
                at += 1
            if not re.match(r"(\w+=\S+ )*headroom |.*\| headroom ", command):
                continue
            example = Example(page, first + 1, command, None)
            if shown:
                example = Example(page, first + 1, command, [])
                example.first = at
                while at < end and not lines[at].startswith("$ "):
                    example.shown.append(lines[at])
                    at += 1
                example.last = at
            yield example
    yield from commands_in_text(page, lines)


def commands_in_text(page, lines):
    """Commands of three words and more that stand in a sentence or a table, between backticks."""
    inside = False
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            inside = not inside
        for words in [] if inside else re.findall(r"`([^`]+)`", line):
            if re.match(r"headroom \S+ \S", words):
                yield Example(page, number, words.replace("\\|", "|"), None)


def surroundings(headroom, work):
    """The directory of the examples, with all that they read, and their environment."""
    (work / "bin").mkdir()
    (work / "bin" / "headroom").symlink_to(headroom)
    place = work / "here"
    place.mkdir()
    (place / "tests").symlink_to(TOP / "tests")
    (place / "docs").symlink_to(TOP / "docs")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HEADROOM", "GITHUB", "XDG"))}
    env.pop("NO_COLOR", None)
    env.update(PATH=f"{work / 'bin'}:{env['PATH']}", HEADROOM_HISTORY="off", XDG_CONFIG_HOME="/nonexistent", LANG="C.UTF-8",
               SOURCE_DATE_EPOCH=MOMENT, COLUMNS="80", HOME="/nonexistent")
    env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    for name, content in FILES.items():
        (place / name).write_text(content if isinstance(content, str) else json.dumps(content))
    for name, words in MADE.items():
        subprocess.run([headroom, *words, "-o", f"json:{name}"], cwd=place, env=env, capture_output=True, check=False)
    (place / "facts").mkdir()
    for where, hosts in (("facts", FLEET), (".", "abc")):
        words = [sys.executable, "tests/fleet/make.py", "generator.json", "dir", where, *hosts]
        subprocess.run(words, cwd=place, env=env, check=True)
    return place, env


def run(example, place, env):
    """Runs one example, unless it is one of those that are not run."""
    if example.reason:
        return
    with tempfile.TemporaryDirectory(dir=place.parent) as own:
        own = pathlib.Path(own)
        shutil.copytree(place, own / "x", symlinks=True)
        done = subprocess.run(["sh", "-c", example.command], cwd=own / "x", env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    example.code = done.returncode
    example.printed = [line.rstrip() for line in done.stdout.decode(errors="replace").splitlines()]


def as_shown(example):
    """What the page has to show: all that is printed, or its beginning and end where the page leaves lines out."""
    if "…" not in example.shown:
        return example.printed
    gap = example.shown.index("…")
    after = len(example.shown) - gap - 1
    return example.printed[:gap] + ["…"] + example.printed[len(example.printed) - after:]


def verdict(example):
    """What is wrong with an example, or None."""
    if example.code in (1, 2) or example.code > 4:
        return [f"exit status {example.code}", *example.printed[:8]]
    if example.shown is None:
        return None
    want = as_shown(example)
    if [line.rstrip() for line in example.shown] == want:
        return None
    differs = next((n for n, (a, b) in enumerate(zip(example.shown, want)) if a != b), min(len(example.shown), len(want)))
    page = example.shown[differs] if differs < len(example.shown) else "(ends)"
    prints = want[differs] if differs < len(want) else "(ends)"
    return ["the page shows:     " + page, "the command prints: " + prints, "make docs-examples writes what is printed into the pages"]


def accept(examples):
    """Writes what the commands print into their pages."""
    for page in {example.page for example in examples}:
        lines = page.read_text().splitlines()
        for example in sorted((e for e in examples if e.page == page and e.shown is not None), key=lambda e: -e.first):
            lines[example.first:example.last] = as_shown(example)
        page.write_text("\n".join(lines) + "\n")


def main():
    headroom, accepts = pathlib.Path(sys.argv[1]).resolve(), "--accept" in sys.argv
    examples = list({(e.command, e.shown is None or e.line): e for page in pages() for e in examples_of(page)}.values())
    with tempfile.TemporaryDirectory() as work:
        place, env = surroundings(headroom, pathlib.Path(work))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda example: run(example, place, env), examples))
    if accepts:
        accept(examples)
        return 0
    bad = 0
    for number, example in enumerate((e for e in examples if not e.reason), 1):
        wrong = verdict(example)
        bad += wrong is not None
        print(f"{'not ok' if wrong else 'ok'} {number} - {example.name()}")
        for line in wrong or []:
            print(f"#   {line}")
    for example in examples:
        if example.reason:
            print(f"# not run, because {example.reason}: {example.name()}")
    return 1 if bad else 0


sys.exit(main())

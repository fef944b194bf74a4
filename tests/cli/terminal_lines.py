#!/usr/bin/env python3
"""What every screen of an audit keeps to, whatever the host and the plan: at most 24 lines of 80 columns (30 of 60), no
line wider than the screen unless it is one word, no command broken inside a word, the last line last, and above it what
is to be done. With --all everything is there.

Usage: terminal_lines.py HEADROOM HOSTS SAMPLES WAIVERS; prints a TAP line for each rule.
"""
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unicodedata

headroom, hosts, samples, waivers = sys.argv[1:]
PLANS = {
    "fails": ["ws-client", "--connections", "15000", "--lifetime", "60s"],
    "passes": ["ws-client", "--connections", "300"],
    "server": ["--role", "server", "--connections", "20k", "--lifetime", "60s"],
    "many": ["k6", "--connections", "20000", "--users", "20000", "--lifetime", "1s"],
    "loads": ["ws-client", "--connections", "50000", "--new-conns", "500", "+", "http-churn", "--rps", "2000"],
    "waived": ["ws-client", "--connections", "15000", "--lifetime", "60s", "--waivers", waivers],
    "assumed": ["ws-client", "--connections", "15000", "--lifetime", "60s", "--set", "fs.file-max=10000",
                "--ticket", "CHG0031337", "--requested-by", "Jane Doe", "--valid-for", "14d"],
}
LINES = {60: 30, 80: 24, 120: 24}
WIDE = ("fails", "loads")  # plans that are looked at on a wide screen as well
WHOLE = ("many", "waived")  # with --all
wrong = {rule: [] for rule in ("lines", "width", "words", "last", "answer", "fix", "all")}


def run(arguments, width):
    environment = dict(os.environ, COLUMNS=str(width), LANG="C.UTF-8")
    done = subprocess.run([headroom, *arguments], env=environment, capture_output=True, text=True, check=False)
    return done.stdout


def columns(line):
    wide = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)
    return wide - sum(1 for sign in line if unicodedata.combining(sign))


def joined(screen):
    """The screen with lines of a command taken together, as a shell does."""
    return re.sub(r" \\\n +", " ", screen)


def is_one_word(line):
    """One word of a shell, or of prose, behind a mark or a number."""
    try:
        return len(shlex.split(line.rstrip("\\ "))) <= 2
    except ValueError:
        return len(line.split()) <= 2


def is_last(line):
    return re.match(r"headroom: (PASS|FAIL|UNKNOWN|CERTIFIED|NOT-CERTIFIED|NOT-RUN|AUDIT)\b", line)


def words_of(fix):
    return [[word for word in command["words"]] for command in fix.get("commands") or []]


def check_commands(screen, document, name):
    """Each command on the screen is one of the document's, word by word."""
    known = [words for fix in document.get("fixes") or [] for words in words_of(fix)]
    for line in joined(screen).splitlines():
        found = re.match(r"  (?:\d+|  )  ?((?:sysctl|ulimit|prlimit|systemctl|echo) .*)", line)
        if not found:
            continue
        text = found.group(1)
        if shlex.split(text, comments=True) not in known:
            wrong["words"].append(f"{name}: {text}")


def check_fix(screen, document, name):
    """What fails has a change or is said to have none, near the end."""
    if document.get("verdict") != "fail" or " FAIL" not in screen.splitlines()[0]:
        return
    end = "\n".join(screen.splitlines()[-12:])
    if not re.search(r"^  1  |No setting helps|not enough|Fix", end, re.M):
        wrong["fix"].append(name)


def check(screen, document, width, name):
    lines = screen.splitlines()
    if len(lines) > LINES[width]:
        wrong["lines"].append(f"{name}: {len(lines)} lines at {width}")
    for line in lines:
        if columns(line) > width and not is_last(line) and not is_one_word(line):
            wrong["width"].append(f"{name}: {columns(line)} columns at {width}: {line}")
    if not is_last(lines[-1]) or any(is_last(line) for line in lines[:-1]):
        wrong["last"].append(f"{name}: {lines[-1]}")
    if not re.match(r"[✓✗?·] (PASS|FAIL|UNKNOWN|CERTIFIED|NOT|AUDIT)|NOW FULL|NEARLY FULL", lines[0]):
        wrong["answer"].append(f"{name}: {lines[0]}")
    check_commands(screen, document, name)
    check_fix(screen, document, name)


def check_all(document, path, name):
    """With --all: every limit, every change, every finding."""
    screen = " ".join(run(["report", path, "--all"], 120).split())
    titles = [limit["title"] for limit in document["resources"]]
    texts = [finding["text"][:40] for finding in document["findings"]]
    for text in titles + texts:
        text = re.sub(r"(?<=\d) %", "%", " ".join(text.split()))
        if text not in screen:
            wrong["all"].append(f"{name}: {text}")


def look_at(path, name, plan=""):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    if document["verdict"] == "none":
        return
    for width in LINES:
        if width > 80 and plan not in WIDE:
            continue
        check(run(["report", path], width), document, width, name)
    if plan in WHOLE and "hostile" not in name:
        check_all(document, path, name)


def main():
    with tempfile.TemporaryDirectory() as work:
        for host in sorted(os.listdir(hosts)):
            for plan, words in PLANS.items():
                path = os.path.join(work, f"{host}.{plan}.json")
                subprocess.run([headroom, "audit", *words, "--facts", os.path.join(hosts, host), "-q", "-o", path],
                               capture_output=True, check=False)
                look_at(path, f"{host}, {plan}", plan)
        for path in sorted(glob.glob(os.path.join(samples, "*-audit.json"))):
            look_at(path, os.path.basename(path))
    titles = {
        "lines": "at most 24 lines of 80 columns, 30 of 60",
        "width": "no line is wider than the screen, unless it is one word",
        "words": "commands are those of the document, word by word",
        "last": "the last line stands last, and once",
        "answer": "the answer stands first",
        "fix": "what fails has a change or has none, above the last line",
        "all": "--all shows every limit and every finding",
    }
    for number, (rule, found) in enumerate(wrong.items(), 1):
        print(f"{'not ok' if found else 'ok'} {number} - {titles[rule]}")
        for line in found[:int(os.environ.get("SHOW", "4"))]:
            print(f"#   {line}")


main()

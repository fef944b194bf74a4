#!/usr/bin/env python3
"""The printed fix, pasted where it belongs, makes the real load run: machines of their own with odd settings, shells of
other users, services of a real systemd, containers of Podman; each with a load test or a server that breaks first.

Usage: real_fixes.py HEADROOM [--table FILE] [PAIR …]     Needs root; skips what is not installed. FILE: the table of docs/fix.md.

Of each pair: the load breaks with the limit's own error; audit names that limit; the commands that `headroom fix` prints
are pasted as they stand; the same load runs, audit passes; and what `fix` prints as undo gives every value back.
"""
import json
import os
import re
import shutil
import sys
import time

import machine
from real_pairs import PAIRS

HEADROOM = os.path.abspath(sys.argv[1])
rows, counts = [], {"ok": 0, "not ok": 0, "skip": 0}


def say(word, name, why=""):
    counts[word] += 1
    print("%s - %s%s" % ("not ok" if word == "not ok" else "ok", name, why and (" # SKIP " + why if word == "skip" else "")), flush=True)
    if word == "not ok":
        print("\n".join("#   " + line for line in why.splitlines()[:40]), flush=True)


def blocks(text, label):
    """What `fix` prints beside this label, step by step: lines as they would be copied from the screen."""
    found, into = [], None
    for line in text.splitlines():
        head = re.match(r"^   (\S.{0,10}?) {1,}(?=\S)", line)
        if line.startswith("   ") and line[3:4] != " " and head:
            into = None
            if line[3:15].strip() == label:
                into = []
                found.append(into)
        elif not line.startswith("    "):
            into = None
        if into is not None:
            into.append(line[15:])
    return found


class Broken(Exception):
    pass


def need(good, why):
    if not good:
        raise Broken(why)


def judged(shell, pair, plan):
    status, said = shell.run("%s audit -o json:/tmp/audit.json %s" % (HEADROOM, plan))
    code, text = shell.run("cat /tmp/audit.json")
    need(code == 0, "no document: " + said)
    return json.loads(text), status, said


def by_hand(words):
    """What a person does who reads "set NAME to N (FILE:LINE), and …"."""
    found = re.match(r"set (\S+) to (\d+) \((\S+):(\d+)\)", " ".join(words))
    need(found, "not known how to do: " + " ".join(words))
    return ["sed -i -E '%ss/%s +[0-9]+/%s %s/' %s" % (found[4], found[1], found[1], found[2], found[3])]


def take(shell, pair, plan):
    """The fix as it is printed: the lines to paste, and those of undo."""
    _, text = shell.run("%s fix %s" % (HEADROOM, plan))
    _, document = shell.run("%s fix -o json:/tmp/fix.json -q %s >/dev/null; cat /tmp/fix.json" % (HEADROOM, plan))
    steps = json.loads(document)["steps"]
    now, undo = blocks(text, "now"), blocks(text, "undo")
    need(len(now) == len(steps) == len(undo), "steps are not all printed:\n" + text)
    if pair.stay:
        kept = [file for step in steps for file in step["files"] if file["path"]]
        need(kept, "nothing is to stay:\n" + text)
        lines = "".join("cat >>%s <<'END'\n%s\nEND\n" % (file["path"], "\n".join(file["lines"])) for file in kept)
        return lines, "".join("rm %s\n" % file["path"] for file in kept), text
    now = [block if step["commands"] else by_hand(block) for step, block in zip(steps, now)]
    undo = [block if step["undo_commands"] else [] if step["commands"] else by_hand(block) for step, block in zip(steps, undo)]
    if pair.anew:
        now = now[-1:]
    lines = "\n".join("\n".join(block) for block in now)
    for word, value in pair.fill.items():
        lines = lines.replace(word, value)
    back = "\n".join("\n".join(block) for block in reversed(undo))
    return lines, back, text


def run_pair(pair):
    host = machine.Machine(systemd=pair.systemd, groups=pair.groups)
    try:
        return steps(host, pair)
    finally:
        host.end()


def steps(host, pair):
    root = host.session()
    code, said = root.run("export HEADROOM_HISTORY=off NO_COLOR=1 COLUMNS=100\n" + pair.setup.replace("@BUILD@", os.path.dirname(HEADROOM)))
    need(code == 0, "setup: " + said)
    shell = root
    if pair.shell:
        shell = host.session(*pair.shell)
    shell.run("export HEADROOM_HISTORY=off NO_COLOR=1 COLUMNS=100\n" + pair.prologue)
    def values():
        own = "ulimit -Sn; ulimit -Hn; ulimit -Su" if pair.shell and not pair.stay else ""
        return root.run(pair.values)[1] + shell.run(own)[1]

    was = values()
    document, status, said = judged(shell, pair, pair.audit)
    need(status == 3, "audit before: %d\n%s" % (status, said))
    binding = document["binding"]["resource"]
    breaks = document["breaks"]["connections"] if document["breaks"] else None
    _, before = shell.run(pair.load)
    seen = re.search(pair.broken, before)
    need(seen, "the load does not break: " + before[-1500:])
    need(binding == pair.limit, "audit names %s\n%s" % (binding, said))
    lines, back, text = take(shell, pair, pair.audit)
    count = None
    if pair.asked:
        count = pair.asked - int(re.search(pair.refused, before).group(1))
        need(abs(count - breaks) <= max(2, breaks / 50), "%d connected, and %g were said\n%s" % (count, breaks, before))
    need(lines.strip(), "nothing to paste:\n" + text)
    if pair.anew:
        plan, load = pair.options + " -- " + lines, lines
    else:
        plan, load = pair.audit, pair.load
        code, pasted = (root if pair.stay else shell).run(lines)
        need(code == 0, "pasted: %s\n%s" % (lines, pasted))
        if pair.stay:
            shell = host.session(*pair.shell)
            shell.run(pair.prologue)
        (root if pair.restart_by_root else shell).run(pair.between)
    _, status, said = judged(shell, pair, plan)
    need(status == 0, "after\n%s\naudit says %d\n%s" % (lines, status, said))
    code, after = shell.run(load)
    need(code == 0 and not re.search(pair.broken, after), "after\n%s\nit still breaks (%d): %s" % (lines, code, after[-1500:]))
    if not pair.anew:
        need(values() != was, "nothing has changed: " + was)
        code, undone = (root if pair.stay else shell).run(back)
        need(code == 0, "undo: %s\n%s" % (back, undone))
        now = values()
        need(now == was, "undone by\n%s\nit is %s, and was %s" % (back, now, was))
    return lines, seen.group(0), breaks, count


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ").strip()


def write_table(path):
    """For docs/fix.md: what was pasted stands as it was printed, in one line."""
    with open(path, "w") as out:
        out.write("| host | plan | limit | before | pasted | after |\n|---|---|---|---|---|---|\n")
        for pair, found, why in rows:
            if not found:
                out.write("| %s | %s | `%s` | not run: %s | | |\n" % (cell(pair.host), cell(pair.plan), pair.limit, cell(why)))
                continue
            lines, error, breaks, count = found
            before = "`%s`" % cell(error)
            if count is not None:
                before += "; %d connected, %g predicted" % (count, breaks)
            pasted = "<br>".join("`%s`" % cell(line) for line in lines.replace("\\\n", "").splitlines())
            pasted = re.sub(" {2,}", " ", pasted)
            after = "runs, audit passes" + ("" if pair.anew else ", undone")
            out.write("| %s | %s | `%s` | %s | %s | %s |\n" % (cell(pair.host), cell(pair.plan), pair.limit, before, pasted, after))


def main():
    why = machine.missing()
    if why:
        print("ok - real fixes # SKIP " + why)
        return 77
    words = sys.argv[2:]
    table = None
    if words[:1] == ["--table"]:
        table, words = words[1], words[2:]
    for pair in PAIRS:
        if words and pair.name not in words:
            continue
        lacking = [tool for tool in pair.needs if not shutil.which(tool)]
        if lacking:
            say("skip", pair.name, "needs " + " ".join(lacking))
            continue
        if pair.raises and not machine.may_raise():
            why = "the fix raises a hard limit, and root lacks CAP_SYS_RESOURCE here"
            say("skip", pair.name, why)
            rows.append((pair, None, why))
            continue
        start = time.monotonic()
        try:
            found = run_pair(pair)
        except (Broken, OSError) as problem:
            say("not ok", pair.name, str(problem))
            continue
        rows.append((pair, found, ""))
        say("ok", "%s: %s, %s (%.1f s)" % (pair.name, pair.limit, " ; ".join(found[0].splitlines()), time.monotonic() - start))
    if table:
        write_table(table)
    print("%d passed, %d failed, %d skipped" % (counts["ok"], counts["not ok"], counts["skip"]))
    return 1 if counts["not ok"] else 0

if __name__ == "__main__":
    sys.exit(main())

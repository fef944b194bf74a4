"""Runs headroom lint on the files of tests/lint/*.txt (tests/lint/README.md) and prints a TAP line for each case.

Usage: lint_cases.py HEADROOM FILE…
"""
import json
import os
import subprocess
import sys
import tempfile


def cases(path):
    case = None
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if line.startswith("== "):
                if case:
                    yield case
                case = {"title": line[3:], "files": {}, "expect": []}
                target = None
            elif line.startswith("-- "):
                target = line[3:]
                case["files"].setdefault(target, []) if target != "expect" else None
            elif case and target == "expect":
                if line.strip():
                    case["expect"].append(line.strip())
            elif case and target:
                case["files"][target].append(line)
    if case:
        yield case


def found(headroom, case):
    with tempfile.TemporaryDirectory() as directory:
        for name, lines in case["files"].items():
            path = os.path.join(directory, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        command = [headroom, "lint", "--image", "ubuntu-24.04", "-o", "json", *case.get("arguments", ())]
        run = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=300, check=False)
    if run.returncode not in (0, 3):
        return [f"exit {run.returncode}: {run.stderr.strip()[:200]}"]
    document = json.loads(run.stdout)
    lines = []
    for row in document["findings"]:
        what = row["ports"] or "!" + row["rule"].split("-")[0]
        lines.append(f"{row['file']}:{row['line']} {what}")
    for row in document["kept_out"]:
        lines.append(f"{row['file']}:{row['line']} ~{row['ports']}")
    return lines


def main():
    headroom, *paths = sys.argv[1:]
    for path in paths:
        for case in cases(path):
            got, want = set(found(headroom, case)), set(case["expect"])
            print("ok" if got == want else "not ok", "-", os.path.basename(path)[:-4] + ":", case["title"])
            for line in sorted(want - got):
                print("#   missing:", line)
            for line in sorted(got - want):
                print("#   false:", line)


main()

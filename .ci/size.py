#!/usr/bin/env python3
"""Measures the sources: how long functions and files are, and how dense their lines.

Usage: .ci/size.py            prints the figures of every room, and fails where a limit is passed
       .ci/size.py --exact    fails as well where a file is better than .ci/figures.tsv says (make lint)
       .ci/size.py --record   takes over into .ci/figures.tsv what has got better (make figures). What has got worse
                              is refused, unless REASON="why" is in the environment: the reason then stands in the row

Every file is to have at most 8 tokens a line (headers apart: a prototype is dense by nature) and 8 ternaries per
1,000 lines. .ci/figures.tsv lists the files that are not there yet, with what they have now, and no file may have more
than its row says.
"""
import collections
import math
import os
import re
import subprocess
import sys

import sources

FIGURES = ".ci/figures.tsv"
TOKENS_A_LINE = 8.0
TERNARIES_PER_1000 = 8
# Rooms that have reached these targets: none of their files may have a row, or a ternary inside another.
FINISHED = re.compile(r"(base|probes/host|audit/(cli|fix|history))/")

FUNCTION_LINES = 80
FUNCTION_LINES_95 = 50
FILE_TOKENS = 6200
HEADER_LINES = 200
COLUMNS = 100
FOLDER_FILES = 45
SHARED_PERCENT = 5


class Figures:
    """What is counted in one file, or summed over many."""

    def __init__(self):
        self.header = False
        self.lines = self.code = self.tokens = self.ternaries = self.nested = self.asserts = 0

    def add(self, other):
        for name in ("lines", "code", "tokens", "ternaries", "nested", "asserts"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def tokens_a_line(self):
        return self.tokens / max(1, self.code)

    def ternaries_per_1000(self):
        return 1000 * self.ternaries / max(1, self.code)

    def many_tokens(self):
        return round(self.tokens_a_line(), 1) > TOKENS_A_LINE and not self.header

    def many_ternaries(self):
        return self.ternaries_per_1000() > TERNARIES_PER_1000

    def row(self):
        """What .ci/figures.tsv allows such a file: tokens a line, and the number of ternaries."""
        return max(TOKENS_A_LINE, round(self.tokens_a_line(), 1)), self.ternaries


def nested_ternaries(code):
    """How many ternaries are part of another one. Those inside an initializer in braces, a table, do not count."""
    found = 0
    before = ""
    # One entry for each open bracket: [is it a table's brace, has a ternary begun in this expression].
    open_brackets = [[False, False]]
    for token in sources.TOKEN.findall("\n".join(code)):
        if token in "([{":
            table = token == "{" and (before == "=" or open_brackets[-1][0])
            open_brackets.append([table, False])
        elif token in ")]}" and len(open_brackets) > 1:
            open_brackets.pop()
            if token == "}":
                open_brackets[-1][1] = False
        elif token in ";,":
            open_brackets[-1][1] = False
        elif token == "?":
            if not any(table for table, _ in open_brackets):
                found += any(begun for _, begun in open_brackets)
            open_brackets[-1][1] = True
        before = token
    return found


def measure(path):
    figures = Figures()
    text = sources.read(path)
    figures.header = path.endswith(".h")
    code = sources.code_lines(text)
    figures.lines = len(text.splitlines())
    figures.code = len(code)
    figures.tokens = sum(len(sources.TOKEN.findall(line)) for line in code)
    figures.ternaries = sum(line.count("?") for line in code)
    figures.nested = nested_ternaries(code)
    figures.asserts = len(re.findall(r"(?<!_)\bassert\s*\(", "\n".join(code)))
    return figures


def print_rooms(measured):
    rooms = collections.defaultdict(Figures)
    for path, figures in measured.items():
        room = os.path.dirname(path)
        if room.startswith(("audit/", "probes/", "report/")):
            room = "/".join(room.split("/")[:2])
        else:
            room = room.split("/")[0]
        rooms[room].add(figures)
        rooms["all of it"].add(figures)
    print("# room                 lines  tokens a line  ternaries per 1,000  nested  asserts")
    for room, figures in sorted(rooms.items(), key=lambda item: (item[0] == "all of it", item[0])):
        print(
            f"# {room:18} {figures.lines:7}  {figures.tokens_a_line():13.2f}  {figures.ternaries_per_1000():19.1f}"
            f"  {figures.nested:6}  {figures.asserts:7}"
        )


def functions(paths):
    """(lines, name, path, first line) of every function, by ctags."""
    form = ["-x", "--languages=C", "--kinds-C=f", "--fields=+ne", "--_xformat=%{end} %n %N %F"]
    lines = subprocess.run(["ctags", *form, *paths], stdout=subprocess.PIPE, text=True, check=True).stdout
    found = []
    for line in lines.splitlines():
        end, first, name, path = line.split(" ")
        if end.isdigit():
            found.append((int(end) - int(first) + 1, name, path, int(first)))
    return sorted(found)


def check_functions(verdicts, files):
    try:
        version = subprocess.run(["ctags", "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
    except FileNotFoundError:
        version = ""
    if "Universal Ctags" not in version:
        verdicts.skip("lengths and names of functions", "universal-ctags is not installed")
        return
    found = functions([path for path in files if path.endswith(".c")])
    lengths = [function[0] for function in found]

    def rank(percent):
        return lengths[math.ceil(len(lengths) * percent / 100) - 1]

    print(f"# {len(found)} functions: median {rank(50)}, 75th {rank(75)}, 90th {rank(90)}, 95th percentile {rank(95)} lines")
    long = [f"{length} {name} {path}:{line}" for length, name, path, line in found if length > FUNCTION_LINES]
    verdicts.check(f"no function over {FUNCTION_LINES} lines", long)
    passed = [f"the 95th percentile is {rank(95)}"] if rank(95) > FUNCTION_LINES_95 else []
    verdicts.check(f"95% of the functions up to {FUNCTION_LINES_95} lines", passed)

    homes = collections.defaultdict(set)
    for _, name, path, _ in found:
        if not path.startswith("tests/") and name != "main":
            homes[name].add(path)
    total = sum(len(paths) for paths in homes.values())
    shared = {name: paths for name, paths in homes.items() if len(paths) > 1}
    percent = 100 * sum(len(paths) for paths in shared.values()) / total
    print(f"# {percent:.1f} % of the functions share their name with a function of another file")
    complaints = [f"{name}: {' '.join(sorted(paths))}" for name, paths in sorted(shared.items())]
    verdicts.check(f"at most {SHARED_PERCENT} % shared names", complaints if percent > SHARED_PERCENT else [])


def check_files(verdicts, files, measured):
    folders = collections.Counter(os.path.dirname(path) for path in files if not path.startswith("tests/"))
    folder, count = folders.most_common(1)[0]
    print(f"# largest folder: {folder}/ with {count} files")
    full = [f"{folder}/ has {count}" for folder, count in folders.items() if count > FOLDER_FILES]
    verdicts.check(f"no folder with over {FOLDER_FILES} files", full)

    large = [f"{path} has {figures.tokens}" for path, figures in measured.items() if figures.tokens > FILE_TOKENS]
    verdicts.check(f"no file over {FILE_TOKENS} tokens", large)
    for path, figures in measured.items():
        if path.endswith(".h") and figures.lines > HEADER_LINES:
            print(f"# note: a header over {HEADER_LINES} lines: {path} has {figures.lines}")

    untidy = []
    for path in files:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            for number, line in enumerate(file.read().split("\n"), 1):
                if len(line.expandtabs(4)) > COLUMNS or "\r" in line or line != line.rstrip():
                    untidy.append(f"{path}:{number}: {line[:80]!r}")
    verdicts.check(f"no line over {COLUMNS} columns, no carriage return, no blank at a line's end", untidy)


def dense(figures):
    return figures.many_tokens() or figures.many_ternaries()


def read_rows():
    rows = {}
    if os.path.isfile(FIGURES):
        for line in sources.read(FIGURES).splitlines():
            if line and not line.startswith("#"):
                path, tokens, ternaries, *reason = line.split("\t")
                rows[path] = (float(tokens), int(ternaries), *reason)
    return rows


def worse(path, figures, rows):
    """Why this file may not stay as it is, or None."""
    if FINISHED.match(path):
        rows = {}
    tokens_allowed, ternaries_allowed = rows.get(path, (0, 0))[:2]
    tokens, ternaries = figures.row()
    if figures.many_tokens() and tokens > tokens_allowed:
        return f"{path}: {tokens} tokens a line, at most {max(TOKENS_A_LINE, tokens_allowed)}"
    if figures.many_ternaries() and ternaries > ternaries_allowed:
        most = max(ternaries_allowed, math.floor(figures.code * TERNARIES_PER_1000 / 1000))
        return f"{path}: {ternaries} ternaries in {figures.code} lines, at most {most}"
    return None


def stale(measured, rows):
    """Rows that allow more than their file needs."""
    found = []
    for path, row in rows.items():
        if path not in measured:
            found.append(f"{path} is gone")
        elif not dense(measured[path]):
            found.append(f"{path} has reached the targets")
        elif measured[path].row() != tuple(row[:2]):
            found.append(f"{path} has become better")
    return found


def record(measured, rows):
    """Writes .ci/figures.tsv. A file that has got worse keeps its row, or has none, unless there is a reason."""
    reason = os.environ.get("REASON", "")
    refused = []
    lines = []
    for path, figures in measured.items():
        row = rows.get(path)
        complaint = worse(path, figures, rows)
        if complaint and rows and (FINISHED.match(path) or not reason):
            refused.append(complaint)
        elif complaint and rows:
            row = (*figures.row(), reason)
        elif dense(figures):
            row = (*figures.row(), *(row or ())[2:])
        else:
            row = None
        if row:
            lines.append("\t".join([path, *map(str, row)]) + "\n")
    with open(FIGURES, "w", encoding="utf-8") as file:
        file.write("# Files that are over 8 tokens a line or 8 ternaries per 1,000 lines; none may get worse.\n")
        file.write("# Written by make figures. file, tokens a line, ternaries, why it got worse (if it did)\n")
        file.writelines(lines)
    if not refused:
        return 0
    print("These files have got worse, which is not recorded:")
    print("\n".join(f"  {complaint}" for complaint in refused))
    print('Mend them; or, outside the rooms that are finished, say why: REASON="…" make figures')
    return 1


def main():
    files = sources.find(*sources.ROOMS, "tests")
    measured = {path: measure(path) for path in files}
    product = {path: figures for path, figures in measured.items() if not path.startswith("tests/")}
    rows = read_rows()
    if "--record" in sys.argv:
        return record(product, rows)

    verdicts = sources.Verdicts()
    print_rooms(product)
    check_functions(verdicts, files)
    check_files(verdicts, files, measured)
    title = f"no file is denser than before (at most {TOKENS_A_LINE:g} tokens a line, {TERNARIES_PER_1000} ternaries per 1,000)"
    bad = [complaint for path, figures in product.items() if (complaint := worse(path, figures, rows))]
    nested = [f"{path}: {figures.nested}" for path, figures in product.items() if FINISHED.match(path) and figures.nested]
    if rows:
        verdicts.check(title, bad)
        verdicts.check("no ternary inside another in the rooms that are finished", nested)
    else:
        verdicts.check(f"{FIGURES} is there (make figures)", ["without it, no file can be compared"])
    if "--exact" in sys.argv:
        verdicts.check(f"{FIGURES} says how the files are now (make figures)", stale(product, rows))
    return verdicts.end()


sys.exit(main())

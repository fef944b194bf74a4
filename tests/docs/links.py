#!/usr/bin/env python3
"""Checks what the pages of the project point at: each relative link, each anchor, and each path of the tree; and that
docs/ARCHITECTURE.md names every room.

    tests/docs/links.py        TAP: one line for each page

A path is a word in backticks that begins with a room of the tree ("report/write/"), or the name of a source file
("evaluate.c"), which has to be somewhere in the tree. Words in capitals stand for a name: read_TOOL.c.
"""
import fnmatch
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
ROOMS = "audit base docs model probes report rules templates tests .ci".split()
# Files of 0.1 that docs/migration.md says are gone.
ELSEWHERE = re.compile(r"^(docs/headroom\.bash)$|\$")


def tracked():
    """The files of the tree, without what a build makes."""
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return listed.stdout.splitlines()
    return [str(p.relative_to(TOP)) for p in TOP.rglob("*") if p.is_file() and not str(p.relative_to(TOP)).startswith(("build", "out/"))]


def anchors(page):
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    made, seen = set(), {}
    for heading in re.findall(r"^#+ (.*)$", without_code(page.read_text()), re.M):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        number = seen.get(slug, 0)
        seen[slug] = number + 1
        made.add(f"{slug}-{number}" if number else slug)
    return made


def without_code(text):
    """The text without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)


def bad_links(page):
    """Relative links of a page that lead nowhere."""
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists():
            yield f"{target}: there is no such file"
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            yield f"{target}: {there.name} has no such heading"


def bad_paths(page, files):
    """Paths in backticks that are not in the tree."""
    names = {file.rsplit("/", 1)[-1] for file in files}
    for word in re.findall(r"`([^`\s]+)`", without_code(page.read_text())):
        if re.search(r"[A-Z]{2,}|…|[{<]", word.replace("README", "")) or ELSEWHERE.search(word):
            continue
        word = word.split(":")[0] if re.search(r":\d+$", word) else word
        if "/" in word and word.split("/")[0] in ROOMS:
            if not (TOP / word).exists() and not fnmatch.filter(files, word):
                yield f"{word}: there is no such path"
        elif re.fullmatch(r"[a-z]\w*\*?\.[ch]", word) and word not in names and not fnmatch.filter(names, word):
            yield f"{word}: no file is called so"


def unnamed_rooms(files):
    """Rooms of the tree that docs/ARCHITECTURE.md does not name; in the table of audit/ they stand without it."""
    text = (TOP / "docs/ARCHITECTURE.md").read_text()
    for room in sorted({file.rsplit("/", 1)[0] for file in files if re.match(r"(audit|base|model|probes|report)/.*\.c$", file)}):
        if f"`{room}/" not in text and f"| `{room.removeprefix('audit/')}/` |" not in text:
            yield f"{room}/: this room is not named"


def main():
    files = tracked()
    bad = 0
    pages = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md")), TOP / "templates/README.md", TOP / "tests/lint/README.md"]
    for number, page in enumerate(pages, 1):
        wrong = sorted(set(bad_links(page)) | set(bad_paths(page, files)))
        wrong += unnamed_rooms(files) if page.name == "ARCHITECTURE.md" else []
        bad += len(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {page.relative_to(TOP)}: links, anchors and paths")
        for line in wrong:
            print(f"#   {line}")
    return 1 if bad else 0


sys.exit(main())

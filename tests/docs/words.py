#!/usr/bin/env python3
"""Checks how the pages read, as far as a program can: README.md is short, numbers and spelling are American English, and
words that hide who does what are not there.

    tests/docs/words.py        TAP: one line for each page

Blocks of code, words in backticks and quotations are left out: they belong to the program, the kernel or a user.
"""
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
README_LINES = 120
WORDS_IN_A_SENTENCE = 45
WRONG = [
    (r"\d %", "no blank before the percent sign: 71.5%"),
    (r"\b1 (connections|hosts|ports|files|threads|pages|audits|runs|seconds)\b", "one of them is not plural"),
    (r"\b(modell|labell|cancell)ed\b|\b(neighbour|colour|behaviour|favour|honour)", "US spelling"),
    (r"\bbinds first\b", "a limit is reached first, or is the tightest"),
    (r"\b(what there is|to be had|as it is|is none|all the same|reckon\w*|mended)\b", "say it in plain words"),
    (r"\bexit status\b", "exit code"),
]


def prose(page):
    """The lines of a page, without code and quotations."""
    text = re.sub(r"^ *```.*?^ *```|<!--.*?-->", lambda m: "\n" * m.group(0).count("\n"), page.read_text(), flags=re.M | re.S)
    text = re.sub(r"`[^`]*`", lambda m: "`x`" + "\n" * m.group(0).count("\n"), text)
    return re.sub(r"[\"“][^\"“”\n]*[\"”]", "“x”", text).split("\n")


def long_sentences(line):
    """Sentences with too many words; a table's cell and an item of a list end one as well."""
    for sentence in re.split(r"(?<=[.:;!?])\s|\|", line):
        words = re.findall(r"[A-Za-z0-9][\w'’.-]*", re.sub(r"\([^)]*\)", "", sentence))
        commas = sentence.count(",")
        if len(words) > WORDS_IN_A_SENTENCE and commas < len(words) / 6:
            yield f"{len(words)} words: {sentence.strip()[:80]}"


def main():
    bad = 0
    pages = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md")), TOP / "templates/README.md"]
    for number, page in enumerate(pages, 1):
        wrong = []
        for at, line in enumerate(prose(page), 1):
            wrong += [f"line {at}: {m.group(0)!r}: {why}" for what, why in WRONG for m in re.finditer(what, line)]
            wrong += [f"line {at}: {said}" for said in long_sentences(line)]
        if page.name == "README.md" and page.parent == TOP and len(page.read_text().splitlines()) >= README_LINES:
            wrong.append(f"it has {README_LINES} lines or more: the rest belongs into docs/")
        bad += len(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {page.relative_to(TOP)}: plain words")
        for line in wrong:
            print(f"#   {line}")
    return 1 if bad else 0


sys.exit(main())

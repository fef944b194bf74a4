"""The C sources of the tree, and how their text is counted. Used by arrows.py and size.py."""
import os
import re

ROOMS = ("audit", "base", "model", "probes", "report", "rules")

TOKEN = re.compile(
    r"""[A-Za-z_]\w*|\d[\w.]*|"s"|'c'|->|\+\+|--|<<=|>>=|[<>=!&|+\-*/%^]=|&&|\|\||<<|>>|\.\.\.|[^\s\w]"""
)


def find(*tops):
    """Every .c and .h file below these directories, sorted."""
    files = []
    for top in tops:
        for directory, _, names in os.walk(top):
            files += [os.path.join(directory, name) for name in names if name.endswith((".c", ".h"))]
    return sorted(files)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def bare(text):
    """The text without comments, each string and each character constant a single token."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"//[^\n]*", " ", text)
    text = re.sub(r'"(\\.|[^"\\\n])*"', '"s"', text)
    return re.sub(r"'(\\.|[^'\\\n])+'", "'c'", text)


def code_lines(text):
    """The lines with code, without blank ones and the preprocessor's."""
    return [line for line in bare(text).splitlines() if line.strip() and not line.lstrip().startswith("#")]


def module(path):
    """A header and its source are one module."""
    return path.rsplit(".", 1)[0]


def includes(text):
    """(line number, header) of each include with quotation marks."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]*)"', line)
        if match:
            found.append((number, match.group(1)))
    return found


class Verdicts:
    """Prints a TAP line for each check, and the sum."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, title, complaints):
        if not complaints:
            self.passed += 1
            print(f"ok - {title}")
            return
        self.failed += 1
        print(f"not ok - {title}")
        for complaint in complaints:
            print(f"#   {complaint}")

    def skip(self, title, reason):
        self.skipped += 1
        print(f"ok - {title} # SKIP {reason}")

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0

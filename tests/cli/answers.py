"""The reports of what is no audit hold what the document says. Usage: answers.py DOCUMENT.json PAGE.html PAGE.md [PAGE.pdf]

Prints a line per fault, nothing where all is well: every command, what takes it back, and every line of a file is there as it
stands in the document; the page is XML, fetches nothing, and has one heading for each part.
"""
import html.parser
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

document = json.load(open(sys.argv[1], encoding="utf-8"))
page = open(sys.argv[2], encoding="utf-8").read()
markdown = open(sys.argv[3], encoding="utf-8").read()
COMMANDS = ("commands", "undo_commands", "cure", "undo")


def lines_of(node, name=None):
    """The commands and the lines of files, wherever they stand."""
    if isinstance(node, dict):
        if "words" in node and "line" in node:
            yield node["line"]
            return
        for key, value in node.items():
            yield from lines_of(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from lines_of(item, name)
    elif isinstance(node, str) and name in COMMANDS + ("lines",):
        yield from node.split("\n")


class Code(html.parser.HTMLParser):
    """What stands in the page's blocks of code."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.code, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside |= tag == "pre"
        if tag == "pre":
            self.code.append("")

    def handle_endtag(self, tag):
        self.inside &= tag != "pre"

    def handle_data(self, data):
        if self.inside:
            self.code[-1] += data


def folded(text):
    """One blank where there are several or a line that goes on."""
    return re.sub(r"\s+", " ", re.sub(r" \\\n", " ", text)).strip()


wanted = sorted(set(lines_of(document)))
code = [line for block in Code(page).code for line in block.split("\n")]
fences = [line for block in re.findall(r"(?s)^(`{3,})\w*\n(.*?)^\1$", markdown, re.M) for line in block[1].split("\n")]
texts = {"the page": set(code), "Markdown": set(fences)}
for where, lines in texts.items():
    for line in wanted:
        if line not in lines:
            print(f"{where} lacks: {line[:200]}")
if len(sys.argv) > 4:
    shown = folded(subprocess.run(["pdftotext", "-layout", sys.argv[4], "-"], stdout=subprocess.PIPE, check=True).stdout.decode())
    for line in wanted:
        if folded(line) not in shown:
            print(f"the PDF lacks: {line[:200]}")
root = ElementTree.fromstring(page.split("\n", 1)[1])
ids = [node.get("id") for node in root.iter() if node.get("id")]
if len(ids) != len(set(ids)):
    print("an id stands twice:", ids)
for tag in ("script", "img", "link"):
    for node in root.iter("{http://www.w3.org/1999/xhtml}" + tag):
        if node.get("src") or tag == "link":
            print("something is fetched:", tag)
heads = [node for node in root.iter("{http://www.w3.org/1999/xhtml}h2")]
if markdown.count("\n## ") != len(heads) - 1:
    print("page and Markdown have other parts:", len(heads), markdown.count("\n## "))
if re.search("[\u202a-\u202e\u2066-\u2069\u200b\x1b\x00-\x08]", page + markdown):
    print("a character that acts")

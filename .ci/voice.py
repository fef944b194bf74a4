#!/usr/bin/env python3
"""Finds what readers stumble over in the texts of the tree: old names of things, words that this project does not use,
British spelling, a blank before %, a plural behind 1, sentences of more than 25 words.

What a person reads: members of rules/, string literals of model/, probes/, base/, report/ and audit/, templates, README.md
and docs/, the man page, and a few sample outputs. Comments are not looked at.

.ci/voice.tsv lists what an area is still allowed (area, check, how many). A count above it fails; when one has got
smaller, `.ci/voice.py --accept` takes that over. An area that is not listed may have none.

Usage: .ci/voice.py [--list [AREA]] [--accept] [PROGRAM]     PROGRAM: whose outputs are looked at (build/headroom)
"""
import glob
import html
import json
import os
import re
import subprocess
import sys

ALLOWED = ".ci/voice.tsv"
WORDS_MAX = 25

# Old name -> what to write. Kernel identifiers (neigh, nf_conntrack_buckets …) do not match.
TERMS = {
    r"[Pp]rocess descriptors?\b": "open files (process)",
    r"\b[Ss]ystem open files\b": "open files (host)",
    r"\b[Cc]onntrack entries of the table\b": "conntrack entries",
    r"\bephemeral port range\b": "range of outgoing ports",
    r"\bephemeral range\b": "range of outgoing ports",
    r"\b[Ee]phemeral ports?\b(?!\))": "outgoing ports",
    r"\bdescriptor limit\b": "open-files limit",
    r"\bTIME_WAIT buckets\b": "TIME_WAIT sockets",
    r"\bplanning constants?\b": "planning rule",
    r"\bready (?:workload|one)s?\b": "preset",
    r"\b[Bb]inds first\b": "tightest limit",
    r"\blimit (?:that )?binds\b": "limit that is reached first",
}
BANNED = {
    r"\breckon": "calculate, assume",
    r"\bwhat there is\b": "available",
    r"\bthan there (?:is|are)\b": "than are available",
    r"\bas it is\b": "today, now, unchanged",
    r"\bto be had\b": "available",
    r"\bof (?:its|their) own\b(?! choosing)": "own, private",
    r"\bis none\b": "does not exist",
    r"\bstands? in\b": "is in",
    r"\bfor want of\b": "for lack of",
    r"\bpublished article\b": "(say what it claims)",
    r"\(myth\)": "(state the truth)",
    r"\bnothing is (?:said|known) of\b": "nothing says",
    r"\bso (?:many|much) and no more\b": "a fixed number",
}
SPELLING = {
    r"\b[Nn]eighbour(?!:? ?(?:arp_cache|ndisc)|\.c|/|-table)": "neighbor",
    r"\b[Cc]olour": "color",
    r"\b[Bb]ehaviour": "behavior",
    r"\b[Mm]odell(?:ed|ing)\b": "modeled",
    r"\b(?:[Cc]ancell|[Ll]abell|[Dd]iall|[Tt]ravell|[Ss]ignall)(?:ed|ing)\b": "one l",
    r"\b[Hh]onour|\b[Ff]avour": "-or",
    r"\b[Ll]icence\b": "license",
    r"\b(?:[Rr]ecogn|[Rr]eal|[Ii]nitial|[Oo]ptim|[Oo]rgan|[Ss]erial|[Nn]ormal|[Mm]inim|[Mm]axim)is(?:e[ds]?|ing|ation)\b": "-ize",
    r"\b[Ww]hilst\b": "while",
    r"\b[Gg]rey\b": "gray",
    r"\b[Cc]entre\b": "center",
}
PERCENT = {r"\d %(?![\w(.*%-])": "no blank before %"}
ONE = {
    r"(?<![\d.,:/-])1 (?:connections|hosts|limits|cores|pages|changes|ports|files|sockets|threads|processes|warnings|values"
    r"|audits|runs|loads|types|stages|entries|neighbors|requests|seconds|minutes|days|hours|words|lines)\b": "singular"
}
CHECKS = {"term": TERMS, "banned": BANNED, "spelling": SPELLING, "percent": PERCENT, "one": ONE}

# Members of rules that people read.
PROSE = {
    "title", "phrase", "otherwise", "because", "why", "breaks_as", "strained_note", "at_least_note", "note", "say",
    "risk", "restart", "shared_with", "by", "now_hidden", "own_limit", "measured", "nofile_note", "listens_note",
    "description", "from", "hint",
}  # fmt: skip


def rule_texts(path):
    """(place, text) of what is prose in a file of rules; sources and examples quote others."""
    found = []

    def walk(node, name, kind):
        if isinstance(node, dict):
            kind = node.get("kind", kind)
            for key, value in node.items():
                if key not in ("sources", "examples", "texts", "unless", "let", "schema"):
                    walk(value, key, kind)
        elif isinstance(node, list):
            for value in node:
                walk(value, name, kind)
        elif isinstance(node, str) and " " in node:
            is_text = name == "text" and kind in ("myth", "cause", None)
            if name in PROSE or is_text or name == "look":
                found.append((path, node))

    with open(path, encoding="utf-8") as file:
        walk(json.load(file), "", None)
    return found


def literal_texts(path):
    """(place, text) of each string literal with several words; adjacent ones are one text, conversions are a word."""
    with open(path, encoding="utf-8", errors="replace") as file:
        source = file.read()
    source = re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group(0).count("\n"), source, flags=re.S)
    source = re.sub(r"^\s*#.*$", "", source, flags=re.M)
    found = []
    for match in re.finditer(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', source):
        text = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', match.group(0)))
        text = text.replace("\\n", " ").replace("\\t", " ").replace('\\"', '"')
        text = re.sub(r"%%", "%", re.sub(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:z|l|ll)?[sdugfxc]", "N", text))
        if text.count(" ") >= 2 and re.search("[a-z]{3}", text):
            found.append((f"{path}:{source[: match.start()].count(chr(10)) + 1}", text))
    return found


def page_texts(path):
    """The words of a template, also those that the page fills in."""
    with open(path, encoding="utf-8") as file:
        source = re.sub(r"<(script|style)\b.*?</\1>", " ", file.read(), flags=re.S)
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        texts = re.findall(r'data-(?:text|rest|label|attr-aria-label)="([^"]*)"', line)
        texts += re.sub(r"<code\b.*?</code>|<[^>]*>", "|", line).split("|")
        for text in texts:
            text = re.sub(r"\{[^}]*\}", "N", html.unescape(text)).strip()
            if text.count(" ") >= 1:
                found.append((f"{path}:{number}", text))
    return found


def word_texts(path):
    with open(path, encoding="utf-8") as file:
        return [(path, re.sub(r"\{[^}]*\}", "N", text)) for text in json.load(file).values() if isinstance(text, str)]


def document_texts(path):
    """Prose of Markdown: no code, no quotes of outputs; a cell of a table is a text."""
    found, code, paragraph, begin = [], False, [], 0

    def end():
        if paragraph:
            found.append((f"{path}:{begin}", " ".join(paragraph)))
            paragraph.clear()

    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            end()
            code = not code
        elif code:
            continue
        elif line.startswith("|"):
            end()
            found += [(f"{path}:{number}", cell) for cell in re.split(r"(?<!\\)\|", line)]
        elif not line.strip() or re.match(r"\s*(?:[*#>-]|\d+\.)\s", line):
            end()
            begin = number
            paragraph.append(line)
        else:
            begin = begin if paragraph else number
            paragraph.append(line)
    end()
    return [(place, re.sub(r"`[^`]*`|\]\([^)]*\)|https?://\S+", " C ", text)) for place, text in found]


SAMPLES = [
    "audit ws-client --connections 15000 --facts tests/hosts/debian-default --all",
    "audit ws-client --connections 15000 --facts tests/hosts/debian-default -o md",
    "audit hold-client --connections 150 --facts tests/hosts/debian-default --all",
    "audit --facts tests/hosts/crowded --all",
    "fix ws-client --connections 15000 --facts tests/hosts/debian-default",
    "size ws-client --connections 50000 --facts tests/hosts/debian-default",
    "explain conntrack --facts tests/hosts/docker-publish",
    "explain tw-reuse",
    "why too many open files --facts tests/hosts/debian-default",
    "help",
    "help audit",
    "help gate",
    "help workload",
]


def output_texts(program):
    found = []
    for words in SAMPLES:
        run = subprocess.run(
            [program] + words.split(),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "HEADROOM_HISTORY": "off", "COLUMNS": "200"},
        )
        found += [(words, line) for line in run.stdout.splitlines()]
    return found


def each(pattern, reader):
    paths = [path for part in pattern.split() for path in glob.glob(part, recursive=True)]
    return [text for path in sorted(paths) for text in reader(path)]


def areas(program):
    """Each area with its texts."""
    man = "docs/headroom.1"
    yield "rules", each("rules/**/*.json", rule_texts)
    for room in ("model", "probes", "base", "report", "audit"):
        yield room, each(f"{room}/**/*.c", literal_texts)
    yield "templates", each("templates/*.html", page_texts) + each("templates/words.json", word_texts)
    # docs/migration.md tells old names from new ones.
    documents = each("README.md docs/*.md templates/README.md", document_texts)
    yield "documents", [text for text in documents if not text[0].startswith("docs/migration.md")]
    with open(man, encoding="utf-8") as file:
        yield "man", [(f"{man}:{number}", line.replace("\\", "")) for number, line in enumerate(file, 1)]
    if os.access(program, os.X_OK):
        yield "outputs", output_texts(program)


def long_sentences(text):
    """Sentences of more than WORDS_MAX words; a colon and a semicolon end one as well, what stands in parentheses is
    counted apart."""
    for aside in re.findall(r"\([^()]*\)", text):
        yield from long_sentences(aside[1:-1])
    text = re.sub(r"\([^()]*\)", "", text)
    for sentence in re.split(r"(?<=[.?!:;])[\"')]?\s+|\s[–—]\s|<br ?/?>", text):
        words = [word for word in sentence.split() if re.search(r"\w", word)]
        if len(words) > WORDS_MAX:
            yield f"{len(words)} words: {sentence}"


def findings(area, texts):
    """(check, place, what) of one area."""
    for place, text in texts:
        for check, table in CHECKS.items():
            for pattern, instead in table.items():
                match = re.search(pattern, text)
                if match:
                    yield check, place, f"{match.group(0)!r}, write: {instead}   [{text.strip()[:100]}]"
        if area not in ("man", "outputs"):
            for sentence in long_sentences(text):
                yield "long", place, sentence


def allowed():
    table = {}
    if os.path.exists(ALLOWED):
        with open(ALLOWED, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#") and line.strip():
                    area, check, count = line.split()
                    table[area, check] = int(count)
    return table


def accept(counts, table, seen):
    """Smaller counts replace those of the table; what it does not know yet is added only to a new table."""
    kept = {key: counts.get(key, 0) if key[0] in seen else count for key, count in table.items()} if table else counts
    kept = {key: min(count, table.get(key, count)) for key, count in kept.items()}
    with open(ALLOWED, "w", encoding="utf-8") as file:
        file.write("# What .ci/voice.py still allows: area, check, how many. Only smaller numbers are taken over.\n")
        for (area, check), count in sorted(kept.items()):
            if count:
                file.write(f"{area}\t{check}\t{count}\n")


def main():
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    listed = "--list" in options
    wanted = words[0] if listed and words else None
    program = words[0] if words and not listed else "build/headroom"
    table, counts, seen, failed = allowed(), {}, set(), 0
    for area, texts in areas(os.path.abspath(program)):
        seen.add(area)
        found = list(findings(area, texts))
        for check, place, what in found:
            counts[area, check] = counts.get((area, check), 0) + 1
            if listed and wanted in (None, area):
                print(f"{area} {check}: {place}: {what}")
        for check in [*CHECKS, "long"]:
            count, most = counts.get((area, check), 0), table.get((area, check), 0)
            if count > most and not listed and "--accept" not in options:
                failed += 1
                print(f"{area}: {check}: {count}, at most {most}; .ci/voice.py --list {area}")
                for row in [row for row in found if row[0] == check][:8]:
                    print(f"  {row[1]}: {row[2]}")
    if "--accept" in options:
        accept(counts, table, seen)
    return 1 if failed else 0


sys.exit(main())

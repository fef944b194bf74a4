#!/usr/bin/env python3
"""What an HTML report of headroom must hold, read as the XML it also is.

Usage: html_facts.py HTML AUDIT.json   prints one TAP line per check.
Numbers: each number in the text, and in the texts of the drawings, must come from the document: as it stands there, as a
share, in the units of the reports, inside a text, or as a count of what the document lists. Ticks of a scale are allowed
in drawings only.
"""
import json
import math
import re
import sys
import xml.etree.ElementTree as ElementTree

page, source = sys.argv[1:3]
data = open(page, "rb").read()
text = data.decode("utf-8")
document = json.load(open(source, encoding="utf-8", errors="replace"))
root = ElementTree.fromstring(text)
XHTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
failed = 0


def say(good, title, *what):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + title)
    for line in what if not good else ():
        print("#   " + str(line)[:300])


def all_of(tag):
    return list(root.iter(XHTML + tag))


# --- the page
say(len(data) <= 200_000, "at most 200,000 bytes", len(data))
say(root.get("data-verdict") == document["verdict"], "data-verdict", root.get("data-verdict"))
say(len(all_of("h1")) == 1 and len(all_of("main")) == 1 and root.get("lang") == "en", "one h1, one main, a language")
say(all(th.get("scope") for th in all_of("th")) and all(t.find(XHTML + "caption") is not None for t in all_of("table")),
    "every th has a scope, every table a caption")
ids = [e.get("id") for e in root.iter() if e.get("id")]
say(len(ids) == len(set(ids)), "no id twice", sorted(i for i in set(ids) if ids.count(i) > 1))
targets = [e.get("href") for e in root.iter() if e.get("href")]
say(all((t[1:] in ids) if t[0] == "#" else re.fullmatch(r"https://[\w:/.~%#?=&-]+", t) for t in targets),
    "links lead into the page or to https", [t for t in targets if t[0] == "#" and t[1:] not in ids])
charts = [e for e in root.iter(SVG + "svg") if e.get("role") == "img"]
say(all((c.findtext(SVG + "title") and c.findtext(SVG + "desc") and c.get("aria-labelledby") in ids) for c in charts),
    "every chart has a title and a description")


def plain_shapes(element, colored=False):
    """Shapes and texts that neither they nor a group around them colors."""
    colored = colored or bool(element.get("fill") or element.get("stroke"))
    if not colored and element.tag in (SVG + n for n in ("rect", "line", "polyline", "polygon", "circle", "path", "text")):
        yield ElementTree.tostring(element)[:200]
    for inner in element:
        yield from plain_shapes(inner, colored)


plain = [shape for chart in charts for shape in plain_shapes(chart)]
say(not plain, "every shape and text of a chart has its color without styles", *plain[:3])
odd = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", text)
say(not odd, "no control, bidirectional or zero-width character", [hex(ord(c)) for c in odd[:5]])

# --- the document inside
island = json.loads(next(s.text for s in all_of("script") if s.get("id") == "headroom-data"))
left_out = set(document) - set(island)
said = "".join("".join(p.itertext()) for p in all_of("p"))


def same(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)
    return a == b


def brief(resource):
    return {k: resource[k] for k in ("id", "title", "status", "reason")} if resource["status"] == "not-applicable" else resource


whole = dict(document, resources=[brief(r) for r in document["resources"]])
say(all(same(island[name], whole[name]) for name in island), "the document inside is the document")
say(all(re.search(r"Left out of it: [\w, ]*\b" + name, said) for name in left_out), "what it leaves out is said", left_out)

# --- numbers
figures, strings, lengths = [], [], set()


def collect(node):
    if isinstance(node, dict):
        lengths.add(len(node))
        for name, inner in node.items():
            strings.append(name)
            collect(inner)
    elif isinstance(node, list):
        lengths.add(len(node))
        for inner in node:
            collect(inner)
    elif isinstance(node, str):
        strings.append(node)
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        figures.append(abs(node))


collect(document)
inside = {hit for string in strings for hit in re.findall(r"\d+", string + " " + string.replace(",", ""))}
counts = set(range(max(len(document["resources"]), len(document["facts"]), len(document.get("fixes", []))) + 1)) | lengths


def is_shown(number, decimals):
    """Some number of the document, in some unit, rounded to so many places."""
    half = 0.5 * 10**-decimals + 1e-9
    for scale in (1, 100, 1000, 1 / 60, 1 / 3600, 1 / 1024, 1 / 1024**2, 1 / 1024**3, 1 / 1024**4):
        if any(abs(f * scale - number) <= half or int(f * scale) == number or math.ceil(f * scale) == number for f in figures):
            return True
    return False


def wrong_in(shown):
    for hit in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)", re.sub("[·→↵×]", " ", shown)):
        plain = hit.replace(",", "")
        number, decimals = float(plain), len(plain.partition(".")[2])
        if plain in inside or (number in counts and not decimals):
            continue
        if all(part in inside for part in re.findall(r"\d+", hit)) or is_shown(number, decimals):
            continue
        yield hit


def texts(element):
    # The marks of a chart's scale say so; every other text of a chart is of the document.
    if element.tag in (XHTML + "style", XHTML + "script") or "tick" in element.get("class", "").split():
        return
    if element.text:
        yield element.text
    for inner in element:
        yield from texts(inner)
        if inner.tail:
            yield inner.tail


body = root.find(XHTML + "body")
wrong = sorted({hit for shown in texts(body) for hit in wrong_in(shown)})
say(not wrong, "every number is in the document", wrong)
sys.exit(failed > 0)

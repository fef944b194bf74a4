#!/usr/bin/env python3
"""What a PDF of headroom must hold, from its objects (qpdf --json) and its text (pdftotext).

Usage: pdf_facts.py PDF AUDIT.json [HTML]   prints one TAP line per check. With the HTML of the same document the texts of
the figures must be those of its drawings.
Numbers: each number in the text must come from the document: as it stands there, as a share, in the units of the
reports, as part of a text, or as a count of what the document lists; or be a tick of a chart, or a page's number.
"""
import json
import math
import re
import subprocess
import sys
import xml.etree.ElementTree

pdf, source = sys.argv[1:3]
document = json.load(open(source, encoding="utf-8", errors="replace"))
objects = json.loads(subprocess.run(["qpdf", "--json=2", pdf], stdout=subprocess.PIPE, check=True).stdout)["qpdf"][1]
failed = 0


def say(good, title, *what):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + title)
    for line in what if not good else ():
        print("#   " + str(line)[:200])


def value(node):
    while isinstance(node, str) and re.fullmatch(r"\d+ \d+ R", node):
        entry = objects.get("obj:" + node, {})
        node = entry.get("value", entry.get("stream", {}).get("dict"))
    return node


def text(node):
    node = value(node)
    return node[2:] if isinstance(node, str) and node[:2] in ("u:", "b:") else ""


def dictionaries():
    for entry in objects.values():
        node = entry.get("value", entry.get("stream", {}).get("dict"))
        if isinstance(node, dict):
            yield node


trailer = objects["trailer"]["value"]
catalog = value(trailer["/Root"])
say(text(catalog.get("/Lang")) == "en", "language", catalog.get("/Lang"))
say(value(catalog["/ViewerPreferences"]).get("/DisplayDocTitle") is True, "the title is shown in the window")
say(catalog.get("/PageMode") == "/UseOutlines", "opens with its bookmarks")
say(len(trailer.get("/ID", [])) == 2, "identifier")
say(value(catalog["/MarkInfo"]).get("/Marked") is True, "marked as tagged")

elements = [d for d in dictionaries() if d.get("/Type") == "/StructElem"]
kinds = {}
for element in elements:
    kinds.setdefault(element["/S"], []).append(element)
say(all(text(f.get("/Alt")) for f in kinds.get("/Figure", [])), "every figure has its text")
if len(sys.argv) > 3:
    svg = "{http://www.w3.org/2000/svg}"
    page = xml.etree.ElementTree.parse(sys.argv[3])
    # A drawing for narrow screens is another one's twin.
    described = sorted(" ".join(d.itertext()) for d in page.iter(svg + "desc") if not d.get("id").endswith("-narrow-desc"))
    alternatives = sorted(text(f.get("/Alt")) for f in kinds.get("/Figure", []))
    say(described == alternatives, "figures are described as in the HTML", described, alternatives)
say(all(value(th.get("/A", {})).get("/Scope") in ("/Row", "/Column") for th in kinds.get("/TH", [])),
    "every head of a table has its scope")
say(len(kinds.get("/H1", [])) == 1, "one first heading")
known = {"/Document", "/Sect", "/H1", "/H2", "/H3", "/P", "/Code", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH",
         "/TD", "/Caption", "/Figure", "/Span", "/Link"}
say(set(kinds) <= known, "only known structure", set(kinds) - known)
say(all(value(li["/P"]).get("/S") == "/L" for li in kinds.get("/LI", [])), "items stand in lists")
say(all(value(tr["/P"]).get("/S") == "/Table" for tr in kinds.get("/TR", [])), "rows stand in tables")


# --- PDF/UA: what cairo leaves out. veraPDF says the same of all of it (make live-pdfua).
pages_of_it = [d for d in dictionaries() if d.get("/Type") == "/Page"]
say(all(p.get("/Tabs") == "/S" for p in pages_of_it if "/Annots" in p), "tabs follow the structure")
say(all(text(d.get("/Contents")) for d in dictionaries() if d.get("/Subtype") == "/Link"), "links say where they lead")
say(all(d.get("/CIDToGIDMap") == "/Identity" for d in dictionaries() if d.get("/Subtype") == "/CIDFontType2"), "glyphs are numbered as in the font")


def kids_of(element):
    kids = value(element.get("/K", []))
    return [value(k) for k in (kids if isinstance(kids, list) else [kids]) if isinstance(value(k), dict)]


def columns_of(row):
    cells = kids_of(row)
    return sum(value(c.get("/A", {})).get("/ColSpan", 1) for c in cells if c.get("/S") in ("/TD", "/TH"))


for table in kinds.get("/Table", []):
    rows = [columns_of(row) for row in kids_of(table) if row.get("/S") == "/TR"]
    if len(set(rows)) > 1:
        say(False, "rows of a table have the same number of columns", rows)
plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", pdf, "-"], stdout=subprocess.PIPE, check=True).stdout
streams = re.findall(rb"%% Contents for page .*?\nstream\n(.*?)\nendstream", plain, re.S)
bare, pagination = [], 0
for stream in streams:
    depth = 0
    for word in re.sub(rb"\((?:\\.|[^\\()])*\)|<[0-9a-fA-F\s]+>|[\[\]]", b" ", stream, flags=re.S).split():
        depth += (word in (b"BDC", b"BMC")) - (word == b"EMC")
        if depth == 0 and word in (b"f", b"f*", b"S", b"B", b"Tj", b"TJ", b"Do"):
            bare.append(word)
    pagination += b"/Pagination" in stream
say(len(streams) == len(pages_of_it) and not bare, "everything is drawn as content or as an artifact", bare[:9])
# A template of one's own may have none.
say(pagination == len(streams) or len(sys.argv) < 4, "the running head and foot of each page are artifacts", pagination)
words_read = subprocess.run(["pdfinfo", "-struct-text", pdf], stdout=subprocess.PIPE, check=True).stdout.decode()
say("age %d of" % len(streams) not in words_read and "age 1 of" not in words_read, "who listens hears no running foot")


def names(node, found):
    node = value(node) or {}
    pairs = value(node.get("/Names", []))
    for i in range(0, len(pairs) - 1, 2):
        found.append(text(pairs[i]))
    for kid in value(node.get("/Kids", [])):
        names(kid, found)
    return found


dests = names(value(catalog.get("/Names", {})).get("/Dests"), [])
say(len(dests) == len(set(dests)), "places are named once", [d for d in dests if dests.count(d) > 1])
say(all(re.fullmatch(r"[a-z0-9-]+", d) for d in dests), "plain names of places", dests)
links = [d for d in dictionaries() if d.get("/Subtype") == "/Link"]
addresses = [text(value(link["/A"]).get("/URI")) for link in links if "/A" in link]
targets = [text(link.get("/Dest")) for link in links if "/A" not in link]
say(all(t in dests for t in targets), "links inside lead somewhere", [t for t in targets if t not in dests])
say(all(re.fullmatch(r"https://[A-Za-z0-9:/._~%#?=&-]+", a) for a in addresses), "addresses are harmless", addresses)
say(all(value(link["/A"]).get("/S") == "/URI" for link in links if "/A" in link), "links do nothing else")
for forbidden in ("/JavaScript", "/JS", "/Launch", "/SubmitForm", "/OpenAction", "/AA", "/RichMedia"):
    hits = [d for d in dictionaries() if forbidden in d or d.get("/S") == forbidden]
    if hits:
        say(False, "nothing runs: " + forbidden, hits[:2])


def outline(node, depth, found):
    node = value(node)
    while isinstance(node, dict):
        found.append((depth, text(node.get("/Title")), text(node.get("/Dest"))))
        outline(node.get("/First"), depth + 1, found)
        node = value(node.get("/Next"))
    return found


bookmarks = outline(value(catalog.get("/Outlines", {})).get("/First"), 0, [])
say(len(bookmarks) == len(kinds.get("/H1", [])) + len(kinds.get("/H2", [])) + len(kinds.get("/H3", [])),
    "a bookmark for each heading", bookmarks)
say(all(b[2] in dests for b in bookmarks), "bookmarks lead somewhere", bookmarks)

# --- numbers
shown = subprocess.run(["pdftotext", "-enc", "UTF-8", "-layout", pdf, "-"], stdout=subprocess.PIPE,
                       check=True).stdout.decode()
stranded = []
for page in shown.split("\f"):
    lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
    # the last line is the page's foot
    if len(lines) > 1 and lines[-2] in {" ".join(b[1].split()) for b in bookmarks}:
        stranded.append(lines[-2])
say(not stranded, "no heading ends a page", stranded)
figures, strings, most = [], [], 0


def collect(node, key=""):
    global most
    if isinstance(node, dict):
        most = max(most, len(node))
        for name, inner in node.items():
            strings.append(name)
            collect(inner, name)
    elif isinstance(node, list):
        most = max(most, len(node))
        for inner in node:
            collect(inner, key)
    elif isinstance(node, str):
        strings.append(node)
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        figures.append(abs(node))


collect(document)
allowed = set(range(most + 1)) | {65535}  # the end of the port map
texts = set()
for string in strings:
    for hit in re.findall(r"\d+", string):
        texts.add(hit)
for figure in figures:
    for scaled in [figure, figure * 100, figure * 1000, figure / 60] + [figure / 1024**k for k in range(1, 5)]:
        if scaled < 1e15:
            allowed.update((round(scaled), math.ceil(scaled), round(scaled, 1), round(scaled, 2), int(scaled), int(scaled * 10) / 10))
allowed = {float(a) for a in allowed}
pages = sum(d.get("/Type") == "/Page" for d in dictionaries())
allowed.update(float(i) for i in range(pages + 1))


def is_tick(number):
    if number % 30 == 0 and number <= 7200:  # seconds
        return True
    while number >= 10:
        number /= 10
    return number in (0, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 7, 7.5, 8, 9)


wrong = []
for hit in re.findall(r"(?<![\w.])(?<!\d-)\d[\d,]*(?:\.\d+)?(?![\w])", shown.replace("·", " ").replace("→", " ")):
    plain = hit.replace(",", "")
    number = float(plain)
    if number in allowed or is_tick(number) or plain in texts or all(part in texts for part in re.findall(r"\d+", hit)):
        continue
    if len(plain) >= 4 and any(len(t) > 5 and plain in t for t in texts):  # a long one, broken at the end of a line
        continue
    wrong.append(hit)
say(not wrong, "every number is in the document", sorted(set(wrong)))
sys.exit(failed > 0)

#!/usr/bin/env python3
"""How long a report is, how large its type, and what its first page says. Usage: page_facts.py PDF DOCUMENT.json HTML

Prints one TAP line per check. The numbers are those that a reader was promised: at most six pages, no page that is mostly
empty, no type below 8 points, at most 250 words of prose on page 1 (cells of tables, tiles, labels of charts and commands are
not prose), and what a decision needs on page 1. A new section counts against the same pages: make it short, or another one.
"""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

pdf, source, html = sys.argv[1:4]
document = json.load(open(source, encoding="utf-8", errors="replace"))
XHTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
root = ElementTree.parse(html).getroot()
failed = 0
# Its names have hundreds of characters, and a limit has no end of reasons.
hostile = any(len(r["title"]) > 100 for r in document.get("resources") or []) or len(document.get("unread") or []) > 4


def say(good, title, *what):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + title)
    for line in what if not good else ():
        print("#   " + str(line)[:300])


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")


def squeeze(text):
    return re.sub(r"[\s\u200b]+", "", text)


# --- length
say(len(open(pdf, "rb").read()) <= 200_000, "the PDF has at most 200,000 bytes")
say(len(open(html, "rb").read()) <= 100_000, "the page has at most 100,000 bytes")
boxes = ElementTree.fromstring(re.sub(r"[\x00-\x08\x0b-\x1f]", "", run("pdftotext", "-bbox", pdf, "-")))
pages = [[(float(w.get("yMin")), float(w.get("yMax")), w.text or "") for w in page.iter(XHTML + "word")]
         for page in boxes.iter(XHTML + "page")]
say(len(pages) <= 6, "at most 6 pages", len(pages))
filled = []
for words in pages:
    head, foot = min(w[1] for w in words), max(w[0] for w in words)
    body = [w[1] for w in words if w[0] > head and w[1] < foot]
    filled.append((max(body) - head) / (foot - head))
say(all(f >= 0.65 for f in filled[:-1]), "no page but the last is more than a third empty", filled)
say(len(pages) == 1 or filled[-1] >= 0.15, "the last page has more than a few lines", filled)

# --- type: pdftohtml tells sizes in thirds of a point
sizes = [int(s) for s in re.findall(r'<fontspec [^>]*size="(\d+)"', run("pdftohtml", "-xml", "-i", "-stdout", "-zoom", "3", pdf))]
say(sizes and min(sizes) >= 24, "no type below 8 points", sorted(set(sizes))[:3])

# --- sections
heads = [" ".join("".join(h.itertext()).split()) for h in root.iter() if h.tag in (XHTML + "h1", XHTML + "h2", XHTML + "h3")]
catalog = json.loads(run("qpdf", "--json=2", "--json-key=outlines", pdf))["outlines"]


def titles(outlines):
    for entry in outlines:
        yield " ".join(entry["title"].split())
        yield from titles(entry["kids"])


bookmarks = list(titles(catalog))
say(bookmarks == heads, "the PDF has the headings of the page", [h for h in heads if h not in bookmarks], bookmarks)
for section in root.iter(XHTML + "section"):
    text = "".join(section.itertext())
    for empty in ("or is not known", "nothing to show", "no change to show"):
        if empty in text:
            say(False, "no section says that it has nothing: " + empty, text)

if not document["schema"].startswith("headroom.audit/"):
    sys.exit(failed > 0)

# --- page 1
main = root.find(XHTML + "body").find(XHTML + "main")
front = [root.find(XHTML + "body").find(XHTML + "header")]
for element in main:
    if element.tag == XHTML + "nav":
        break
    front.append(element)


def prose(element):
    if element.tag in (XHTML + "table", XHTML + "dl", XHTML + "pre", SVG + "svg", XHTML + "figcaption"):
        return ""
    return " ".join([element.text or ""] + [prose(inner) + " " + (inner.tail or "") for inner in element])


first = squeeze(run("pdftotext", "-raw", "-l", "1", pdf, "-"))
if (document.get("gate") or {}).get("certified") is False:
    front = [e for e in front if e.get("aria-labelledby") != "trust-h"]  # it is on page 2
words = [w for element in front for w in prose(element).split() if re.search(r"\w", w)]
verdict = document["verdict"]
if not hostile:
    say(len(words) <= 250, "at most 250 words of prose on page 1", len(words))
gate = document.get("gate") or {}
if gate.get("checks"):
    # The six reasons, each with its outcome: on page 1 if the run is certified.
    outcome = {True: "✕ applied", False: "✓ did not apply", None: "? not known"}
    all_text = squeeze(run("pdftotext", "-raw", pdf, "-"))
    rows = [squeeze(c["allowed"] + outcome[c["applies"]]) for c in gate["checks"]]
    missing = [r for r in rows if r not in (first if gate["certified"] else all_text)]
    say(len(rows) == 6 and not missing, "the six reasons with what is allowed and whether they apply", *missing)
refused = gate.get("certified") is False
if refused:
    # Its chart, what the numbers are still good for, and the change; the line for signatures follows on page 2.
    at = next(r["at_s"] for r in gate["observed"]["limits"] if r["id"] == gate["bottleneck"])
    wanted = ["Use of limits during the run", "What this run's numbers are still good for", "✓ yes", "✕ no",
              "Averages and rates over the whole run", "Approve these changes, then run again"]
    missing = [w for w in wanted if squeeze(w) not in first]
    say(not missing, "page 1 has the chart of the run and what its numbers are good for", *missing)
    worth = re.search(r"Whatwascountedbefore([\d.]+)(ms|s)", first)
    told = float(worth[1]) / (1000 if worth[2] == "ms" else 1) if worth else None
    say(told and abs(told - at) <= at / 100, "they are good until the limit was reached", told, at)
if verdict != "none" and not hostile and not refused:
    # All of it, up to the line for signatures.
    wanted = ["".join(e.itertext()) for part in front for e in part.iter()
              if e.tag in (XHTML + "h1", XHTML + "h2", XHTML + "dt", XHTML + "dd", XHTML + "strong")]
    # Where nothing is asked for there is nothing to sign.
    wanted += ["Notchecked:"]
    if any(e.get("class") == "sign" for e in root.iter(XHTML + "table")):
        wanted += ["Prepared:", "Approved:"]
    missing = [w for w in wanted if squeeze(w) not in first and "limits-chart-h" not in w]
    moved = [h for h in root.iter(XHTML + "h2") if h.get("id") == "limits-chart-h"]
    missing = [w for w in missing if not any(squeeze(w) in squeeze("".join(h.itertext())) for h in moved)]
    say(not missing, "page 1 is complete on its page", *missing)
    say(re.search("calculated|measured", first), "calculated or measured stands on page 1")
    say(re.search(r"(Snapshotof|Livehost,)\d{4}-\d\d-\d\d\d\d:\d\d", first), "how old the values are stands on page 1")
    changes = [f for f in document.get("fixes") or [] if f["in_ladder"]]
    for fix in changes:
        undo = [fix["undo_say"] or "", *(c["words"][0] for c in fix["undo_commands"])]
        good = all(squeeze(text) in first for text in [fix["title"], fix["risk"] or "", *undo])
        say(good, "page 1 has the change, its risk and what takes it back: " + fix["id"], fix["title"], fix["risk"], undo)
    if verdict == "fail":
        say(len(changes) > 0 or "Nosettinghelps" in first, "a plan that fails has a change on page 1, or why there is none")
sys.exit(failed > 0)

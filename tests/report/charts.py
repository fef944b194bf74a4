#!/usr/bin/env python3
"""Looks at the charts of an HTML report as a reader does: which texts meet another text, a line, a dot or a mark.

Usage: charts.py meet HTML...          one TAP line per page
       charts.py moved HTML            the same after a label was moved onto a line and one onto another: must be seen
       charts.py rows HTML...          every limit that applies has its row (audit: the same name, .json), what is not known first, then what fails
       charts.py has HTML NAME...      these drawings are in the page
       charts.py time HTML             the chart of the plan breaks at the second that the audit (.json) says, and is dashed from then on
       charts.py hosts HTML SCALE      the number of hosts that the staircase shows at a multiple of the plan
       charts.py contrast THEME.json   texts of charts on their grounds, light and dark
Widths of texts are those that the program itself takes for an upper bound (report/chart/measure.c).
"""
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

here = os.path.dirname(os.path.abspath(__file__))
SVG = "{http://www.w3.org/2000/svg}"
source = open(os.path.join(here, "../../report/chart/measure.c"), encoding="utf-8").read()
table = [int(n) for n in re.findall(r"\d+", re.search(r"widths\[2\]\[95\] = \{(.*?)\};", source, re.S).group(1))]
assert len(table) == 190
NARROW = {"×": 838, "…": 1000, "–": 500, "●": 770, "○": 770}
failed = 0


def say(good, title, *what):
    global failed
    failed += not good
    print(("ok - " if good else "not ok - ") + title)
    for line in what if not good else ():
        print("#   " + str(line)[:300])


def width(text, size, bold):
    thousandths = sum(table[95 * bold + ord(c) - 32] if " " <= c <= "~" else NARROW.get(c, 1000) for c in text)
    return thousandths * size / 1000


def numbers(path):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]


def points(path):
    """The points of a path of one line."""
    found, x, y = [], 0, 0
    for command, rest in re.findall(r"([MLHV])([^MLHVz]*)", path):
        values = numbers(rest)
        for pair in zip(values[::2], values[1::2]) if command in "ML" else [(values[0], y) if command == "H" else (x, values[0])]:
            x, y = pair
            found.append(pair)
    return found


def parts(path):
    """The lines of a path: M x y, L x y, H x, V y, z; each as a box."""
    x = y = first_x = first_y = 0
    for command, rest in re.findall(r"([MLHVz])([^MLHVz]*)", path):
        values = numbers(rest)
        if command == "M":
            x, y = values
            first_x, first_y = x, y
            continue
        if command == "z":
            points = [(first_x, first_y)]
        elif command == "H":
            points = [(values[0], y)]
        elif command == "V":
            points = [(x, values[0])]
        else:
            points = list(zip(values[::2], values[1::2]))
        for next_x, next_y in points:
            yield min(x, next_x), max(x, next_x), min(y, next_y), max(y, next_y)
            x, y = next_x, next_y


def inherited(element, above):
    return {**above, **element.attrib}


def shapes(element, above=None):
    """('text' or 'line', box, words) of everything that is drawn with ink; grounds are filled paths without a stroke."""
    style = inherited(element, above or {})
    if element.tag == SVG + "text":
        size, bold = float(style.get("font-size", 13)), style.get("font-weight") == "700"
        wide = width(element.text or "", size, bold)
        left = float(element.get("x")) - {"middle": wide / 2, "end": wide}.get(style.get("text-anchor"), 0)
        base = float(element.get("y"))
        element.set("shown-size", str(size))
        yield "text", (left, left + wide, base - 0.76 * size, base + 0.2 * size), element
    elif element.tag == SVG + "path" and style.get("stroke"):
        for box in parts(element.get("d")):
            yield "line", (box[0] - 1, box[1] + 1, box[2] - 1, box[3] + 1), element
    elif element.tag == SVG + "circle":
        x, y, r = (float(element.get(n)) for n in ("cx", "cy", "r"))
        yield "line", (x - r, x + r, y - r, y + r), element
    for inner in element:
        yield from shapes(inner, {k: v for k, v in style.items() if k not in ("d", "x", "y", "class")})


def meet(a, b):
    hair = 0.5
    return a[0] < b[1] - hair and b[0] < a[1] - hair and a[2] < b[3] - hair and b[2] < a[3] - hair


def clashes(svg):
    drawn = list(shapes(svg))
    texts = [(box, e) for kind, box, e in drawn if kind == "text"]
    wide, high = float(svg.get("width")), float(svg.get("height"))
    for i, (box, element) in enumerate(texts):
        if box[0] < -0.5 or box[1] > wide + 0.5 or box[2] < -0.5 or box[3] > high + 0.5:
            yield "%r leaves the drawing" % element.text
        for other, second in texts[:i]:
            if meet(box, other):
                yield "%r meets %r" % (element.text, second.text)
        for kind, line, _ in drawn:
            if kind == "line" and meet(box, line):
                yield "%r meets a line at %s" % (element.text, line)


def charts(page, names):
    root = ElementTree.parse(page).getroot()
    return [s for s in root.iter(SVG + "svg") if (s.get("aria-labelledby") or "").removesuffix("-title") in names]


# Beside the limits: drawings whose labels have places of their own.
FREE = ("ports", "ports-narrow", "roles", "roles-narrow", "ends", "ends-narrow", "map", "map-narrow", "drift", "drift-narrow", "time", "time-narrow", "run", "run-narrow", "calibration", "calibration-narrow")
# Their numbers stand in circles: no text may meet another text.
APART = ("history", "history-narrow", "sizing", "sizing-narrow")


def limits_of(page):
    return charts(page, ("headroom", "headroom-narrow"))


def from_above(svg):
    return sorted(svg.iter(SVG + "text"), key=lambda e: (round(float(e.get("y"))), float(e.get("x"))))


def check_meet(pages):
    for page in pages:
        found = limits_of(page) + charts(page, FREE)
        wrong = [c for svg in found for c in clashes(svg)]
        apart = charts(page, APART)
        wrong += [c for svg in apart for c in clashes(svg) if "meets a line" not in c]
        sizes = [float(e.get("shown-size")) for svg in found + apart for e in svg.iter(SVG + "text")]
        title = os.path.basename(page)[:-5]
        for svg in charts(page, ("map", "map-narrow")):
            check_map(title, page, svg)
        say(len(found + apart) >= 2 and not wrong, title + ": no label meets a label or a line", *wrong)
        # 760 units are 495 points of a page, and a narrow drawing is as wide as a phone.
        say(all(size * 495 / 760 >= 8 for size in sizes), title + ": texts of 8 points at least on paper", sizes)


def check_map(title, page, svg):
    """Every cell that is drawn says what the document's cell does, and the limits that fail are named."""
    board = json.load(open(page[:-5] + ".json", encoding="utf-8"))["map"]
    texts = [e.text or "" for e in svg.iter(SVG + "text")]
    cells = [t for t in texts if t[:1] in "✓▲✕?" and len(t) < 10]
    narrow = svg.get("aria-labelledby").startswith("map-narrow")
    wanted = [c for grid in ("now", "after") for row in reversed(board[grid] or []) for c in row]
    if narrow:
        say(len(cells) * 5 >= len(wanted) and len(cells) >= len(board["now"]), title + ": a narrow map has some columns", len(cells), len(wanted))
        return
    signs = [{"pass": "✓", "unknown": "?"}.get(c["verdict"]) or ("▲" if isinstance(c["use"], (int, float)) and c["use"] <= 1 else "✕") for c in wanted]
    say([t[0] for t in cells] == signs, title + ": the cells of the map are those of the document", cells[:12], signs[:12])
    failing = {r["title"] for r in json.load(open(page[:-5] + ".json", encoding="utf-8")).get("resources", [])
               if sum(c["limit"] == r["id"] and c["verdict"] == "fail" for c in wanted) >= 8}
    say(all(any(t.split(" (")[0] in text for text in texts) for t in failing), title + ": a limit that fails has its name on its region", failing, texts[-12:])


def check_moved(page):
    svg = limits_of(page)[0]
    texts = from_above(svg)
    texts[-1].set("x", texts[-2].get("x"))
    texts[-1].set("y", texts[-2].get("y"))
    say(any("meets '" in c for c in clashes(svg)), "a label on another is seen")
    svg = limits_of(page)[0]
    plan = max((box for kind, box, e in shapes(svg) if kind == "line" and e.tag == SVG + "path"), key=lambda b: b[3] - b[2])
    label = next(e for e in svg.iter(SVG + "text") if "now" in (e.text or "") or "×" in (e.text or ""))
    label.set("x", str(plan[0] - 5))
    label.set("y", str((plan[2] + plan[3]) / 2))
    say(any("meets a line" in c for c in clashes(svg)), "a label on the line of the plan is seen")


def check_rows(page, audit):
    document = json.load(open(audit, encoding="utf-8"))
    limits = [r for r in document["resources"] if r["status"] != "not-applicable"]
    wide, narrow = (["".join(e.itertext()) for e in from_above(svg)] for svg in limits_of(page))
    title = os.path.basename(page)[:-5]
    # Page 1 has room for all that decide; how many of the others are not drawn is said.
    more = sum(int(m[1]) for t in wide for m in [re.match(r"(\d+) more limits", t)] if m)
    drawn = [r for r in limits if any(r["title"][:8] in t for t in wide) and any(r["title"][:8] in t for t in narrow)]
    missing = [r for r in limits if r not in drawn and r["title"].isascii()]
    decides = [r["title"] for r in missing if r["status"] in ("fail", "warn") or
               (r["status"] == "unknown" and r["severity"] == "hard" and not r["ignored"] and not r["waived"])]
    say(not decides and len(missing) <= more and len(drawn) >= min(len(limits), 2),
        title + ": every limit that decides has a row, the others are counted", wide, decides)
    for texts in (wide, narrow):
        shown = [t for t in texts for r in limits if t == r["title"]]
        rank = {r["title"]: 0 if r["status"] == "unknown" and r["severity"] == "hard" and not r["ignored"] and not r["waived"] else
                {"fail": 1, "warn": 2, "pass": 3, "unknown": 4}[r["status"]] for r in limits}
        order = [rank[t] for t in shown]
        say(order == sorted(order), title + ": unknown first, then what fails", shown, order)
    said = [t for t in wide if re.search(r"now|×|\?|not reached", t)]
    say(len(said) >= len(limits) - more, title + ": each row says what it allows", said)


def staircase(page):
    """The solid line of the hosts chart in hosts over multiples, by the ticks of its axes."""
    svg = charts(page, ("sizing",))[0]
    line = next(e for e in svg.iter(SVG + "path") if e.get("stroke-width") == "3" and not e.get("stroke-dasharray"))
    steps = points(line.get("d"))
    ticks = [e for g in svg.iter() if "tick" in g.get("class", "").split() for e in ([g] if g.tag == SVG + "text" else g)]
    plain = lambda e: float(e.text.replace(",", "").replace("%", "").replace("\u202f", "").replace(" ", ""))
    across = sorted((float(e.get("x")), plain(e) / 100) for e in ticks if "%" in e.text)
    down = sorted((plain(e), float(e.get("y"))) for e in ticks if "%" not in e.text)
    return steps, across, down


def at(steps, x):
    for (left, y), (right, y2) in zip(steps, steps[1:]):
        if left < x <= right and abs(y - y2) < 0.01:
            return y
    return None


def show_hosts(page, scale):
    steps, across, down = staircase(page)
    (x0, s0), (x1, s1) = across[0], across[-1]
    (h0, y0), (h1, y1) = down[0], down[-1]
    y = at(steps, x0 + (scale - s0) * (x1 - x0) / (s1 - s0))
    base = steps[0][1] if h0 == 0 else 0
    # The figures' baselines lie below their lines by the same distance.
    per_host = (y0 - y1) / (h1 - h0)
    print("none" if y is None else round(1 + (base - y) / per_host))


def pieces(svg, width):
    """The paths of this stroke width: their points, and whether they are dashed."""
    for e in svg.iter(SVG + "path"):
        if e.get("stroke-width") == width and e.get("fill") == "none":
            for d in re.findall("M[^M]*", e.get("d")):
                yield points(d), bool(e.get("stroke-dasharray"))


def seconds(text):
    total = 0
    for part in text.replace("\u202f", " ").split(" ")[0].split(":"):
        total = total * 60 + float(part)
    return total


def check_time(page, audit):
    """The line of the first break is solid up to it, dashed from then on, and crosses the limit there."""
    document = json.load(open(audit, encoding="utf-8"))
    title = os.path.basename(page)[:-5]
    for svg in charts(page, ("time", "time-narrow")):
        ticks = [(float(e.get("x")), float(e.get("y")), e.text) for g in svg.iter() if "tick" in g.get("class", "").split()
                 for e in ([g] if g.tag == SVG + "text" else g)]
        clock = sorted((x, seconds(t)) for x, y, t in ticks if "%" not in t)
        (x0, s0), (x1, s1) = clock[0], clock[-1]
        line = list(pieces(svg, "3"))
        solid = max(x for drawn, dashed in line if not dashed for x, _ in drawn)
        broken = s0 + (solid - x0) * (s1 - s0) / (x1 - x0)
        wanted = document["breaks"]["at_s"]
        say(abs(broken - wanted) < 0.01 * (s1 - s0) + 0.5, "%s: solid until %.1f s" % (title, wanted), broken)
        limit = next(float(e.get("d").split(" ")[1].split("H")[0]) for e in svg.iter(SVG + "path")
                     if e.get("stroke-width") == "2" and re.fullmatch(r"M[\d.]+ [\d.]+H[\d.]+", e.get("d")) and e.get("stroke-dasharray") is None)
        y = max((drawn[-1] for drawn, dashed in line if not dashed))[1]
        say(abs(y - limit) < 1.5, title + ": it breaks on the line of the limit", y, limit)
        say(any(dashed for _, dashed in line), title + ": dashed from then on")


def luminance(color):
    parts_ = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts_)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    one, two = sorted((luminance(a), luminance(b)))
    return (two + 0.05) / (one + 0.05)


def check_contrast(theme):
    colors = json.load(open(theme, encoding="utf-8"))["colors"]
    for mode in (0, 1):
        low = ["%s on %s: %.2f" % (ink, ground, contrast(colors[ink][mode], colors[ground][mode]))
               for ink in ("ink", "ink2", "pass", "warn", "fail") for ground in ("bg", "pass3", "fail3")
               if contrast(colors[ink][mode], colors[ground][mode]) < 4.5]
        say(not low, ("light", "dark")[mode] + ": texts of charts have a contrast of 4.5 at least", *low)


command, *rest = sys.argv[1:]
if command == "meet":
    check_meet(rest)
elif command == "moved":
    check_moved(rest[0])
elif command == "rows":
    for html in rest:
        check_rows(html, html[:-5] + ".json")
elif command == "has":
    for name in rest[1:]:
        say(len(charts(rest[0], (name,))) == 1, os.path.basename(rest[0])[:-5] + " has the drawing " + name)
elif command == "time":
    check_time(rest[0], rest[0][:-5] + ".json")
elif command == "hosts":
    show_hosts(rest[0], float(rest[1]))
elif command == "contrast":
    check_contrast(rest[0])
sys.exit(failed > 0)

"""The cells of a capacity map against audits of the same loads.

Usage: map_agrees.py HEADROOM MAP.json SEED [OPTION…]
Judges 20 cells by the command line (the options and --connections, --open-rate) and compares verdict, limit and use;
then every row must fail from some number of connections on, and every column from some rate on.
"""
import json
import random
import subprocess
import sys

headroom, path, seed, *options = sys.argv[1:]
board = json.load(open(path, encoding="utf-8"))["map"]
columns, rows = board["connections"], board["open_rate_per_s"]
problems = []


def number(value):
    return {"unlimited": float("inf"), None: float("nan")}.get(value, value) if not isinstance(value, (int, float)) else value


def audited(connections, rate):
    command = [headroom, "audit", *options, "--connections", f"{connections:.17g}", "--open-rate", f"{rate:.17g}", "-o", "json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 3, 4):
        raise SystemExit(f"{command}: {run.stderr}")
    document = json.loads(run.stdout)
    counted = [limit for limit in document["resources"]
               if limit["severity"] == "hard" and limit["status"] != "not-applicable" and limit["utilization"] is not None]
    fullest = max(counted, key=lambda limit: (limit["status"] == "fail", number(limit["utilization"])), default=None)
    return document["verdict"], fullest and fullest["id"], fullest and fullest["utilization"]


def same(a, b):
    a, b = number(a), number(b)
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))


dice = random.Random(seed)
places = [(r, c) for r in range(len(rows)) for c in range(len(columns))]
for r, c in dice.sample(places, min(20, len(places))):
    cell = board["now"][r][c]
    verdict, limit, use = audited(columns[c], rows[r])
    if verdict != cell["verdict"] or limit != cell["limit"] or (use is not None and not same(use, cell["use"])):
        problems.append(f"{columns[c]} at {rows[r]}/s: the map has {cell}, the audit {verdict} {limit} {use}")


def falls_back(cells):
    fails = [cell["verdict"] == "fail" for cell in cells]
    return fails != sorted(fails)


for name in ("now", "after"):
    grid = board[name] or []
    problems += [f"{name}: row {r} passes again" for r, row in enumerate(grid) if falls_back(row)]
    problems += [f"{name}: column {c} passes again" for c in range(len(columns)) if falls_back([row[c] for row in grid])]
if len(board["now"]) != len(rows) or any(len(row) != len(columns) for row in board["now"]):
    problems.append("the grid is not as large as its axes")
if rows != sorted(set(rows)) or columns != sorted(set(columns)):
    problems.append("the axes do not rise")
print("\n".join(problems))
sys.exit(bool(problems))

#!/usr/bin/env python3
"""The part of Prometheus' HTTP API that headroom fleet asks, for tests/cli/case_engines.sh, and servers that misbehave.

Usage: prometheus_server.py DIRECTORY LOG    (prints its port, then serves until standard input ends)
Below /DIR/ it answers from DIRECTORY/DIR/INSTANCE.prom: each is what a target with this name said last. Other answers:
/error/ refuses the query, /down/ 503, /text/ no JSON, /foreign/ JSON of something else, /cut/ a body that ends early,
/long/ more than 4 MiB, /odd/ samples that make no sense. Knows no headroom code."""
import http.server
import json
import os
import re
import sys
import threading
import time
import urllib.parse

directory, log = sys.argv[1], open(sys.argv[2], "a", buffering=1)
LINE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
PLAIN = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


def samples(path, instance):
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = LINE.match(line.rstrip("\n"))
            if not match or line.startswith("#"):
                continue
            labels = {name: re.sub(r"\\.", lambda m: PLAIN[m[0]], value) for name, value in LABEL.findall(match[2] or "")}
            labels = {name: value for name, value in labels.items() if value}  # Prometheus drops empty ones
            yield {"metric": {"__name__": match[1], "instance": instance, "job": "node", **labels},
                   "value": [round(time.time(), 3), match[3]]}


def answer(place, query):
    below = os.path.join(directory, place)
    targets = sorted(name[:-5] for name in os.listdir(below) if name.endswith(".prom"))
    if query.startswith("group by (instance)"):
        return [{"metric": {"instance": target}, "value": [time.time(), "1"]} for target in targets]
    wanted = re.search(r'instance=~"((?:[^"\\]|\\.)*)"', query)[1].replace("\\\\", "\\")
    return [sample for target in targets if re.fullmatch(wanted, target)
            for sample in samples(os.path.join(below, target + ".prom"), target)]


ODD = [
    {"metric": {"__name__": "headroom_fact", "key": "fs.nr_open"}, "value": [1, "5"]},
    {"metric": {"__name__": "headroom_fact", "instance": "odd", "key": "fs.nr_open"}, "value": [1, "NaN"]},
    {"metric": {"__name__": "headroom_fact", "instance": "odd", "key": "fs.file-max"}, "value": [1, "-Inf"]},
    {"metric": {"__name__": "headroom_fact", "instance": "odd", "key": "kernel.pid_max"}, "value": [1, "1e300"]},
    {"metric": {"__name__": "headroom_fact", "instance": "odd", "key": "of.tomorrow"}, "value": [1, "1"]},
    {"metric": {"__name__": "headroom_fact", "instance": "odd", "key": "net.ipv4.ip_local_port_range"}, "value": [1, "1"]},
    {"metric": {"__name__": "headroom_fact_info", "instance": "odd", "key": "net.core.somaxconn", "text": "x"}, "value": [1, "1"]},
    {"metric": {"__name__": "headroom_fact_missing", "instance": "odd", "key": "fs.nr_open", "status": "known"}, "value": [1, "1"]},
    {"metric": {"__name__": "headroom_fact_list", "instance": "odd", "key": "fs.nr_open", "state": "complete"}, "value": [1, "1"]},
    {"metric": {"__name__": "headroom_facts_created_timestamp_seconds", "instance": "odd"}, "value": [1, "1e30"]},
    {"metric": {"__name__": "node_netstat_Tcp_", "instance": "odd"}, "value": [1, "1"]},
    {"metric": {"__name__": "node_sysctl_", "instance": "odd", "index": "-1"}, "value": [1, "1"]},
    {"metric": [], "value": {}},
    {"metric": {"instance": "odd"}, "value": ["1", 1]},
    7,
]


class Server(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send(self, status, body, length=None):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def vector(self, result):
        self.send(200, {"status": "success", "data": {"resultType": "vector", "result": result}})

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        place, _, path = address.path.lstrip("/").partition("/")
        query = urllib.parse.parse_qs(address.query).get("query", [""])[0]
        log.write(f"{place} {path} {query}\n")
        names = query.startswith("group by (instance)")
        if path != "api/v1/query":
            self.send(404, {"status": "error"})
        elif place == "error":
            self.send(400, {"status": "error", "errorType": "bad_data", "error": "parse error: \x1b[2Junexpected"})
        elif place == "down":
            self.send(503, b"Service Unavailable")
        elif place == "text":
            self.send(200, b"<html>")
        elif place == "foreign":
            self.send(200, {"status": "success"})
        elif place == "cut":
            self.send(200, b'{"status": "succ', 4000)
        elif place == "long" and not names:
            self.send(200, b'{"status": "success", "data": "' + b"x" * (5 << 20) + b'"}')
        elif place == "odd":
            self.vector([{"metric": {"instance": name}, "value": [1, "1"]} for name in ("odd", "", "x" * 300)] if names else ODD)
        elif place == "half" and not names and "gen-20" in query:
            self.send(500, {"status": "error", "error": "query timed out"})
        else:
            self.vector(answer("good" if place == "long" else place, query))


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()

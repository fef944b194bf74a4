#!/usr/bin/env python3
"""A ticket server for tests/cli/case_attach.sh: speaks enough of six systems, and misbehaves by ticket number.

Usage: ticket_server.py LOG [CERTIFICATE]    (prints its port, then serves until standard input ends)
LOG gets one line per request: METHOD PATH AUTHENTICATION BYTES. Knows no headroom code.
"""
import base64
import html
import http.server
import json
import re
import ssl
import sys
import threading
import time
import urllib.parse

log = open(sys.argv[1], "a", buffering=1)
attached = {}   # ticket → file names
comments = {}   # ticket → texts
tries = {}      # ticket → requests so far
uploads = {}    # Redmine's tokens


def names_in_form(body):
    return re.findall(rb'filename="([^"]*)"', body)


def repeat(form, headers):
    """The secret as innocent and less innocent servers write it."""
    sent = headers.get("X-Redmine-API-Key") or headers.get("Authorization", "")
    secret = sent.split(" ")[-1]
    forms = [
        lambda: sent,
        lambda: urllib.parse.quote(secret, safe=""),
        lambda: urllib.parse.quote(secret, safe="").lower().replace(secret.lower(), secret),
        lambda: urllib.parse.quote(urllib.parse.quote(secret, safe=""), safe=""),
        lambda: "".join(f"%{byte:02x}" for byte in secret.encode()),
        lambda: "".join(f"\\u{ord(c):04x}" for c in secret),
        lambda: "".join(f"\\x{byte:02x}" for byte in secret.encode()),
        lambda: html.escape(secret),
        lambda: "".join(f"&#{ord(c)};" for c in secret),
        lambda: "".join(f"&#x{ord(c):x};" for c in secret),
        lambda: base64.b64encode(secret.encode()).decode().rstrip("="),
        lambda: base64.b64encode(("me:" + secret).encode()).decode(),
        lambda: base64.urlsafe_b64encode(("token " + secret + "?>").encode()).decode(),
        lambda: "x" + base64.b64encode(("1" + secret).encode()).decode(),
        lambda: urllib.parse.quote(base64.b64encode(secret.encode()).decode(), safe=""),
        lambda: json.dumps(json.dumps({"key": secret})),
        lambda: "a" * 190 + secret,
        lambda: "http://other/?k=" + secret + "&" + secret,
    ]
    return forms[form % len(forms)]()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer_instead = None

    def log_message(self, *_):
        pass

    def answer(self, status, document=None, headers=(), raw=None):
        status, self.answer_instead = self.answer_instead or status, None
        body = raw if raw is not None else json.dumps(document if document is not None else {}).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json" if raw is None else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def trickle(self):
        self.close_connection = True
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            pass

    def never_answer(self):
        self.close_connection = True
        self.rfile.read(1)

    def misbehave(self, ticket):
        """True if it answered."""
        count = tries[ticket] = tries.get(ticket, 0) + 1
        if re.fullmatch("77[0-9]{2}", ticket):    # repeats what it was sent, in some form
            self.answer(422, document={"errors": ["because of " + repeat(int(ticket) - 7700, self.headers)]})
            return True
        plain = {"401": 401, "403": 403, "404": 404, "413": 413, "422": 422, "500": 500}
        if ticket in plain:
            self.answer(plain[ticket], raw=b"<html>no</html>" if ticket == "403" else None,
                        document={"errors": ["because of " + self.headers.get("X-Redmine-API-Key", "") +
                                             self.headers.get("Authorization", "")]})
        elif ticket == "429" and count == 1:
            self.answer(429, headers=[("Retry-After", "0")])
        elif ticket == "503" and count <= 2:
            self.answer(503, headers=[("Retry-After", "0")])
        elif ticket == "4503" and count == 3:    # the comment after the file
            self.answer(503, headers=[("Retry-After", "0")])
        elif ticket == "200":    # a log-in page
            self.answer(200, raw=b"<html>Who are you?</html>")
        elif ticket == "302":
            self.answer(302, headers=[("Location", "http://elsewhere.invalid/steal")])
        elif ticket in ("3021", "3022", "3023"):
            where = {"3021": "file:///etc/passwd", "3022": "//elsewhere.invalid/x", "3023": "/" + self.headers.get("X-Redmine-API-Key", "")}
            self.answer(307, headers=[("Location", where[ticket])])
        elif ticket == "431":    # headers without end
            self.answer(200, {}, headers=[(f"X-{i}", "y" * 1000) for i in range(2000)])
        elif ticket == "100":    # nothing but interim answers
            try:
                for _ in range(100000):
                    self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            except OSError:
                pass
            self.close_connection = True
        elif ticket == "666":    # an endless body
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100000):
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
            self.close_connection = True
        elif ticket == "777":    # cut off
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(b"{")
            self.close_connection = True
        elif ticket == "5551":    # a byte now and then, for ever
            self.trickle()
        elif ticket == "5552" or ticket == "5553" and count >= 3:    # no answer; 5553: to the second file
            self.never_answer()
        elif ticket == "5554" and count == 2:    # takes what it is sent, and says so with an error
            self.answer_instead = 502
            return False
        elif ticket == "888":
            self.answer(200, raw=b"\xff\xfe{not json\x1b[31m")
        elif ticket == "999":    # ends the connection at once
            self.close_connection = True
        else:
            return False
        return True

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authentication = "yes" if any(self.headers.get(h) for h in (
            "Authorization", "X-Redmine-API-Key", "PRIVATE-TOKEN", "JOB-TOKEN")) else "no"
        log.write(f"{self.command} {self.path} {authentication} {len(body)}\n")
        numbers = re.findall(r"/(?:issues|ticket)/(\d+)", self.path)
        if numbers and self.misbehave(numbers[0]):
            return
        self.system(body)

    do_GET = do_POST = do_PUT = do_PATCH = handle_any

    def system(self, body):
        path = self.path.split("?")[0]
        if path.startswith("/rest/api/2/issue/"):
            self.jira(path, body)
        elif path.startswith("/api/now/"):
            self.servicenow(path, body)
        elif path.startswith("/REST/2.0/"):
            self.rt(path, body)
        elif path.startswith("/api/v4/"):
            self.gitlab(path, body)
        elif path.startswith("/repos/"):
            self.github(body)
        else:
            self.redmine(path, body)

    def jira(self, path, body):
        files = attached.setdefault(path.split("/")[5], [])
        if self.command == "GET":
            self.answer(200, {"fields": {"attachment": [{"filename": n} for n in files]}})
        elif path.endswith("/attachments"):
            if self.headers.get("X-Atlassian-Token") != "no-check":
                self.answer(403)
                return
            files.extend(n.decode() for n in names_in_form(body))
            self.answer(200, [{}])
        else:
            comments.setdefault("jira", []).append(json.loads(body)["body"])
            self.answer(201)

    def servicenow(self, path, body):
        files = attached.setdefault("now", [])
        number = re.search(r"/table/(\w+)\?sysparm_query=number%3D([^&]*)&", self.path)
        if number:
            self.servicenow_number(*number.groups())
        elif self.command == "GET":
            self.answer(200, {"result": [{"file_name": n} for n in files]})
        elif path.endswith("/file"):
            files.append(re.search(r"file_name=([^&]*)", self.path).group(1))
            self.answer(201, {"result": {}})
        else:
            self.answer(200 if json.loads(body)["work_notes"] else 400)

    def servicenow_number(self, table, number):
        sys_id = "0123456789abcdef0123456789abcdef"
        records = {
            "CHG0000000": [],
            "CHG0000002": [{"sys_id": sys_id, "number": number}] * 2,
            "CHG0000003": [{"sys_id": sys_id, "number": "CHG9999999"}],    # the condition was left out
            "CHG0000004": [{"sys_id": "../../../x?y=" + sys_id[:19], "number": number}],
            "CHG0000005": [{"sys_id": None, "number": {"link": number}}],
            "CHG0000006": {"sys_id": sys_id, "number": number},
        }.get(number, [{"sys_id": sys_id, "number": number}])
        known = {"change_request": "CHG", "incident": "INC", "sc_req_item": "RITM", "u_test": "LOAD"}
        if number == "CHG0000007":
            self.answer(200, raw=b"<html>Who are you?</html>")
        elif number == "CHG0000008":
            self.trickle()
        elif not number.startswith(known.get(table, "?")):
            self.answer(400)
        else:
            self.answer(200, {"result": records})

    def rt(self, path, body):
        files = attached.setdefault("rt", [])
        if self.command == "GET":
            self.answer(200, {"items": [{"Filename": n} for n in files]})
        else:
            files.extend(n.decode() for n in names_in_form(body))
            self.answer(201, ["Comments added"])

    def gitlab(self, path, body):
        notes = comments.setdefault("gitlab", [])
        if self.command == "GET":
            self.answer(200, [{"body": n} for n in notes])
        elif path.endswith("/uploads"):
            name = names_in_form(body)[0].decode()
            self.answer(201, {"markdown": f"[{name}](/uploads/x/{name})"})
        else:
            notes.append(json.loads(body)["body"])
            self.answer(201)

    def github(self, body):
        notes = comments.setdefault(self.path.split("?")[0], ["old"] * (75 if "/issues/75/" in self.path else 0))
        if self.command == "POST":
            notes.append(json.loads(body)["body"])
        page = int((re.findall(r"[?&]page=(\d+)", self.path) or ["1"])[0])
        items = int((re.findall(r"per_page=(\d+)", self.path) or ["30"])[0])
        self.answer(200 if self.command == "GET" else 201,
                    [{"body": n} for n in notes[(page - 1) * items:page * items]])

    def redmine(self, path, body):
        files = attached.setdefault("redmine", [])
        if path == "/uploads.json":
            if self.headers.get("Content-Type") != "application/octet-stream":
                self.answer(406)
                return
            uploads["t%d" % len(uploads)] = body
            self.answer(201, {"upload": {"token": "t%d" % (len(uploads) - 1)}})
        elif self.command == "GET":
            self.answer(200, {"issue": {"attachments": [{"filename": n} for n in files]}})
        else:
            issue = json.loads(body)["issue"]
            bad = [u for u in issue["uploads"] if u["token"] not in uploads]
            files.extend(u["filename"] for u in issue["uploads"])
            self.answer(422 if bad else 200)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()

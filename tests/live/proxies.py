#!/usr/bin/env python3
"""Random configurations of nginx and HAProxy, run for real: what headroom says of the connections to their upstreams
(how many of the requests open one, who keeps TIME_WAIT) beside the sockets that are counted.

Usage: tests/live/proxies.py BUILD_DIR [nginx|haproxy|protocols [COUNT [SEED]]]
Run by tests/live/plan_files.sh (make live-plan-files), in a private network namespace that it has made.

A plan is right if it says the opens per request within 5%, and the side that keeps most of TIME_WAIT; imprecise, but
honest, if it says more than was counted and calls that a bound or an estimate; wrong in any other case."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import socket

CLIENTS, EACH = 8, 25
FRONT = 18600
FIRST, PORTS = 20000, 900

work = tempfile.mkdtemp(prefix="headroom-proxies-")
os.chmod(work, 0o755)
started = []


def start(argv):
    with open(work + "/log", "ab") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log, cwd=work)
    started.append(process)
    return process


def stop(process):
    process.terminate()
    process.wait()
    started.remove(process)


def sockets(*words):
    done = subprocess.run(["ss", "-Htan", *words], capture_output=True, text=True, check=False)
    return [line.split() for line in done.stdout.splitlines()]


def wait_for(port, process):
    for _ in range(150):
        if any(row[0] == "LISTEN" for row in sockets(f"sport = :{port}")):
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def write(name, text):
    path = f"{work}/{name}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def nginx(name, text):
    head = f"daemon off; pid {work}/{name}.pid; error_log {work}/{name}.log crit;\n"
    return ["nginx", "-c", write(name + ".conf", head + text)]


def read_answer(file):
    """Status and whether the connection stays."""
    status = file.readline()
    length, chunked, stays = None, False, True
    while True:
        line = file.readline()
        if line in (b"\r\n", b""):
            break
        name, _, value = line.decode().partition(":")
        name, value = name.lower(), value.strip().lower()
        if name == "content-length":
            length = int(value)
        chunked |= name == "transfer-encoding"
        stays &= not (name == "connection" and value == "close")
    if length is not None:
        file.read(length)
    elif chunked:
        while True:
            size = int(file.readline(), 16)
            file.read(size + 2)
            if not size:
                break
    return status, stays


def load(path, port=FRONT, clients=CLIENTS, each=EACH):
    """Clients that keep their connections, each with one request at a time; counts the answers that are 200."""
    good = [0] * clients

    def client(number):
        connection = None
        for _ in range(each):
            if not connection:
                connection = socket.create_connection(("127.0.0.1", port))
                file = connection.makefile("rb")
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            status, stays = read_answer(file)
            good[number] += b" 200" in status
            if not stays:
                connection.close()
                connection = None
        if connection:
            connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(good)


def accepted(ports):
    """Connections that the upstream accepted, by its own log: resets leave no socket behind."""
    seen = set()
    with open(work + "/accepted", encoding="utf-8") as log:
        for line in log:
            port, number = line.split()
            if int(port) in ports:
                seen.add(number)
    return len(seen)


def time_wait(ports):
    """TIME_WAIT of the proxy, and of the upstream."""
    proxy = upstream = 0
    for row in sockets("state", "time-wait"):
        ends = [row[-2], row[-1]]
        near, far = (int(end.rsplit(":", 1)[1]) for end in ends)
        proxy += far in ports
        upstream += near in ports
    return proxy, upstream


def plan(build, argv):
    command = [build + "/headroom", "workload", "--requests", "1000", "--connections", str(CLIENTS), "--", *argv]
    quiet = {**os.environ, "HEADROOM_HISTORY": "off"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    if done.returncode:
        return None, done.stderr.strip()
    return json.loads(done.stdout), ""


def said(document):
    upstream, origins = document.get("upstream", {}), document.get("origins", {})

    def sure(name):
        return origins.get("upstream." + name, {}).get("confidence", "exact")

    closer = upstream.get("closer")
    share = 1 if closer == "client" else document.get("client_closes", 0)
    # Where nothing is said of a rate, a client's connection has one of its own.
    rate = upstream.get("open_rate_per_s", 1000 / EACH)
    return rate / 1000, closer, sure("open_rate_per_s"), sure("closer"), share


def judge(document, opens, proxy, upstream):
    """right, honest or wrong, and why."""
    part, closer, sure, sure_closer, share = said(document)
    closed = proxy + upstream
    ours = closed and proxy > 0.5 * closed
    text = (f"said {part:.3g} a request ({sure}), {closer} closes ({sure_closer}); "
            f"counted {opens:.3g}, TIME_WAIT {proxy} here, {upstream} there")
    if part < opens - 0.05:
        return "wrong", text
    if opens > 0.05 and ours and share < 0.5:
        return "wrong", text
    if opens > 0.05 and closed > 20 and not ours and closer == "client":
        return ("honest" if sure_closer != "exact" else "wrong"), text
    if part > opens + 0.05:
        return ("honest" if sure != "exact" else "wrong"), text
    return "right", text


# ---- nginx ----

CONNECTIONS = ['""', "close", "keep-alive", "upgrade", "$http_connection", "$by_upgrade", "$by_upgrade_kept", "$by_set"]


def settings(chance, rng):
    """Directives that inherit, of one block."""
    lines = []
    if rng.random() < chance:
        lines.append(f"proxy_http_version {rng.choice(['1.0', '1.1', '1.1', '1.1'])};")
    if rng.random() < chance:
        lines.append(f"proxy_set_header Connection {rng.choice(CONNECTIONS)};")
    if rng.random() < chance * 0.4:
        lines.append("proxy_set_header X-Real-IP $remote_addr;")
    rng.shuffle(lines)
    return " ".join(lines)


def group(name, ports, rng):
    servers = " ".join(f"server 127.0.0.1:{port};" for port in ports)
    parts = [servers]
    if rng.random() < 0.7:
        parts.append(f"keepalive {rng.choice([1, 4, 16, 64])};")
    if rng.random() < 0.4:
        parts.insert(rng.choice([0, len(parts)]), rng.choice(["least_conn;", "ip_hash;", "random;"]))
    if rng.random() < 0.2:
        parts.append(f"keepalive_requests {rng.choice([5, 50])};")
    return f"upstream {name} {{ {' '.join(parts)} }}\n"


def location(number, take, rng):
    """The text of upstream blocks and of one location, and the ports behind it."""
    ports = take(rng.choice([1, 1, 1, 2]))
    name, before = f"app{number}", ""
    target = f"127.0.0.1:{ports[0]}"
    if rng.random() < 0.7:
        before = group(name, ports, rng)
        target = name
    else:
        ports = ports[:1]
    form = rng.choice(["plain", "plain", "set", "nested", "if"])
    own, path = settings(0.4, rng), f"/{number}"
    if form == "set":
        text = f"location {path} {{ set $to{number} {target}; {own} proxy_pass http://$to{number}; }}"
    elif form == "nested":
        path += "/in"
        text = f"location /{number} {{ {settings(0.3, rng)} location {path} {{ proxy_pass http://{target}; {own} }} }}"
    elif form == "if":
        text = f"location {path} {{ {own} if ($request_method = GET) {{ proxy_pass http://{target}; }} }}"
    else:
        text = f"location {path} {{ proxy_pass http://{target}; {own} }}"
    return before, text, path, ports


def nginx_configuration(parts, shared):
    http, server, by_set, workers = shared
    groups, locations = "".join(part[0] for part in parts), "\n".join(part[1] for part in parts)
    return (f"worker_processes {workers}; events {{ worker_connections 500; }}\nhttp {{ access_log off;\n"
            "map $http_upgrade $by_upgrade { default upgrade; '' close; }\n"
            "map $http_upgrade $by_upgrade_kept { default upgrade; '' ''; }\n"
            f"{groups}{http}\nserver {{ listen 127.0.0.1:{FRONT}; set $by_set {by_set}; {server}\n{locations}\n}} }}\n")


def nginx_trial(build, take, rng, count):
    parts = [location(number, take, rng) for number in range(rng.choice([1, 1, 2, 3]))]
    shared = settings(0.4, rng), settings(0.3, rng), rng.choice(['""', "close"]), rng.choice([1, 1, 2])
    argv = nginx("proxy", nginx_configuration(parts, shared))
    process = start(argv)
    if not wait_for(FRONT, process):
        count("not-run", "", open(work + "/proxy.log", encoding="utf-8").read()[-300:])
        return
    counted = []
    for part in parts:
        good = load(part[2])
        counted.append((part, good))
    time.sleep(0.2)
    waiting = [time_wait(part[3]) for part in parts]
    stop(process)
    all_opens = []
    for (part, good), (proxy, upstream) in zip(counted, waiting):
        if good != CLIENTS * EACH:
            count("not-run", part[1], f"{good} good answers")
            return
        opens = accepted(part[3]) / good
        all_opens.append((opens, proxy, upstream))
        document, error = plan(build, nginx("one", nginx_configuration([part], shared)))
        if document is None:
            count("wrong", part[1], error)
            continue
        count(*judge(document, opens, proxy, upstream), nginx_configuration([part], shared))
    document, error = plan(build, argv)
    if document is None:
        count("wrong", "whole", error)
    elif len(parts) > 1:
        # Whatever a location does, the plan of all of them is no better.
        part, closer, _, _, share = said(document)
        worst = max(row[0] for row in all_opens)
        ours = max(row[1] for row in all_opens) / (CLIENTS * EACH)
        bad = part < worst - 0.05 or (part * share < ours - 0.05 and ours > 0.3)
        count("wrong" if bad else "right",
              f"all: said {part:.3g}, {closer}, {share:.3g} of them here; counted {worst:.3g}, {ours:.3g} here",
              nginx_configuration(parts, shared))


# ---- HAProxy ----

def haproxy_trial(build, take, rng, count):
    """One listen section, or a frontend and a backend."""
    def options(chance):
        lines = []
        for line in ("option httpclose", "option http-server-close", "option http-keep-alive", "option http-pretend-keepalive",
                     "http-reuse never", "http-reuse always", "http-reuse aggressive", "no option http-server-close"):
            if rng.random() < chance:
                lines.append(" " + line)
        rng.shuffle(lines)
        return lines
    ports = take(rng.choice([1, 1, 2]))
    mode = rng.choice([" mode http", " mode http", " mode http", " mode tcp", ""])
    defaults = ["defaults", mode, " timeout client 20s", " timeout server 20s", " timeout connect 5s"] + options(0.12)
    balance = rng.choice(["", " balance leastconn", " balance source", " balance first"])
    extra = rng.choice(["", "", "", " pool-max-conn 0", " maxconn 50", " weight 10"])
    behind = [balance] + [f" server s{port} 127.0.0.1:{port}{extra}" for port in ports]
    if rng.random() < 0.5:
        proxies = ["listen l", f" bind 127.0.0.1:{FRONT}"] + options(0.1) + behind
    else:
        proxies = ["frontend f", f" bind 127.0.0.1:{FRONT}", " default_backend b"] + options(0.1) + ["backend b"] + options(0.1) + behind
    lines = ["global", " maxconn 400", f" nbthread {rng.choice([1, 2])}"] + defaults + proxies
    text = "\n".join(line for line in lines if line) + "\n"
    argv = ["haproxy", "-db", "-f", write("proxy.cfg", text)]
    process = start(argv)
    if not wait_for(FRONT, process):
        count("not-run", "", text)
        return
    good = load("/")
    time.sleep(0.2)
    proxy, upstream = time_wait(ports)
    stop(process)
    if good != CLIENTS * EACH:
        count("not-run", f"{good} good answers", text)
        return
    document, error = plan(build, argv)
    if document is None:
        count("wrong", error, text)
        return
    kind, why = judge(document, accepted(ports) / good, proxy, upstream)
    kept = document["upstream"]["closer"] in ("reset", "server") and proxy > 2
    count("wrong" if kept else kind, why, text)


# ---- protocols other than HTTP, each with and without a pool ----

STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so"
PHP = "fastcgi_param SCRIPT_FILENAME %s/x.php; fastcgi_param REQUEST_METHOD GET; "
PARAMETERS = " ".join(f'uwsgi_param {name} {value};' for name, value in (
    ("REQUEST_METHOD", "GET"), ("PATH_INFO", "/"), ("SERVER_NAME", "a"), ("SERVER_PORT", "80"), ("QUERY_STRING", '""'),
    ("CONTENT_LENGTH", '""'), ("REQUEST_URI", "/"), ("SERVER_PROTOCOL", "HTTP/1.1"))) + " "


def find(*names):
    return next((path for path in map(shutil.which, names) if path), None)


def php(port):
    program = find("php-fpm", "php-fpm8.2", "php-fpm8.4")
    if not program:
        return None
    write("x.php", "<?php echo 'well';")
    text = (f"[global]\ndaemonize=no\nerror_log={work}/fpm.log\npid={work}/fpm{port}.pid\n[a]\n"
            f"listen=127.0.0.1:{port}\nuser=nobody\ngroup=nogroup\npm=static\npm.max_children=12\n")
    return [program, "-R", "-F", "-y", write(f"fpm{port}.conf", text)]


def uwsgi(port, option="--socket"):
    program = find("uwsgi_python311", "uwsgi_python3", "uwsgi_python313")
    if not program:
        return None
    path = write("app.py", "def application(e, s):\n s('200 OK', [('Content-Length', '4')])\n return [b'well']\n")
    return [program, option, f"127.0.0.1:{port}", "--wsgi-file", path, "--processes", "4", "--disable-logging"]


def memcached(port):
    program = find("memcached")
    return program and [program, "-u", "nobody", "-l", "127.0.0.1", "-p", str(port)]


def fill(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"set / 0 0 4\r\nwell\r\n")
        connection.recv(100)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100)


def grpc(port):
    return nginx(f"grpc{port}", "worker_processes 1; events { worker_connections 2000; } http { access_log off; "
                 f"keepalive_requests 1000000; server {{ listen 127.0.0.1:{port} http2; return 200 'well'; }} }}\n")


def plain(port):
    return nginx(f"plain{port}", "worker_processes 1; events { worker_connections 2000; } http { access_log off; "
                 f"keepalive_requests 1000000; server {{ listen 127.0.0.1:{port}; return 200 'well'; }} }}\n")


def ends(port):
    seen = set()
    for row in sockets(f"( dport = :{port} or sport = :{port} )"):
        if row[0] != "LISTEN":
            seen.add(row[3] if row[4].endswith(f":{port}") else row[4])
    return len(seen)


PROTOCOLS = [
    # title, the server behind, what passes to TO, whether there is a pool
    ("gRPC", grpc, "grpc_pass grpc://TO;", False),
    ("gRPC, pool", grpc, "grpc_pass grpc://TO;", True),
    ("FastCGI", php, PHP + "fastcgi_pass TO;", False),
    ("FastCGI, pool alone", php, PHP + "fastcgi_pass TO;", True),
    ("FastCGI, keep_conn", php, PHP + "fastcgi_keep_conn on; fastcgi_pass TO;", False),
    ("FastCGI, keep_conn and pool", php, PHP + "fastcgi_keep_conn on; fastcgi_pass TO;", True),
    ("uwsgi", uwsgi, PARAMETERS + "uwsgi_pass TO;", False),
    ("uwsgi, pool", uwsgi, PARAMETERS + "uwsgi_pass TO;", True),
    ("SCGI", lambda port: uwsgi(port, "--scgi-socket"), PARAMETERS.replace("uwsgi_", "scgi_") + "scgi_pass TO;", False),
    ("memcached", memcached, "set $memcached_key /; memcached_pass TO;", False),
    ("memcached, pool", memcached, "set $memcached_key /; memcached_pass TO;", True),
    ("stream", plain, None, False),
]


def protocol_trial(build, take, row, count):
    title, behind, text, pool = row
    port = take(1)[0] + 2000
    argv = behind(port)
    if not argv or (text is None and not os.path.exists(STREAM)):
        print(f"# {title}: not installed")
        return
    server = start(argv)
    if not wait_for(port, server):
        count("not-run", title, "the server behind did not start")
        return
    if behind is memcached:
        fill(port)
    before = ends(port)
    to = "app" if pool else f"127.0.0.1:{port}"
    group = f"upstream app {{ server 127.0.0.1:{port}; keepalive 16; }} " if pool else ""
    if text is None:
        conf = f"load_module {STREAM}; events {{}} stream {{ server {{ listen 127.0.0.1:{FRONT}; proxy_pass {to}; }} }}\n"
    else:
        passing = text.replace("TO", to).replace("%s", work)
        conf = (f"events {{}} http {{ access_log off; {group} server {{ listen 127.0.0.1:{FRONT}; "
                f"location / {{ {passing} }} }} }}\n")
    argv = nginx("proxy", "worker_processes 1; " + conf if text else conf)
    process = start(argv)
    if not wait_for(FRONT, process):
        count("not-run", title, conf)
        return
    good = load("/")
    time.sleep(0.3)
    proxy, upstream = time_wait([port])
    opens = (ends(port) - before) / max(1, good)
    stop(process)
    stop(server)
    if good != CLIENTS * EACH:
        count("not-run", f"{title}: {good} good answers", conf)
        return
    document, error = plan(build, argv)
    if document is None:
        count("wrong", error, title)
        return
    kind, why = judge(document, opens, proxy, upstream)
    print(f"# {title}: {why}")
    count(kind, why, title)


def servers():
    """The upstream: nginx that keeps and closes as it is asked to, and writes down each connection."""
    listens = " ".join(f"listen 127.0.0.1:{port};" for port in range(FIRST, FIRST + PORTS))
    return (f"worker_processes 1; events {{ worker_connections 4000; }}\nhttp {{ keepalive_requests 1000000;\n"
            "log_format one '$server_port $connection'; "
            f"access_log {work}/accepted one; server {{ {listens} return 200 'well\\n'; }} }}\n")


def main():
    build, which = os.path.abspath(sys.argv[1]), (sys.argv[2:] + ["nginx"])[0]
    many, seed = int((sys.argv[3:] + ["40"])[0]), int((sys.argv[4:] + ["1"])[0])
    rng = random.Random(seed)
    with open("/proc/sys/net/ipv4/tcp_tw_reuse", "w", encoding="ascii") as file:
        file.write("0")
    next_port = [FIRST]
    tally = {"right": 0, "honest": 0, "wrong": 0, "not-run": 0}

    def take(number):
        ports = list(range(next_port[0], next_port[0] + number))
        next_port[0] += number
        return ports

    def count(kind, text, where):
        tally[kind] += 1
        if kind in ("wrong", "not-run"):
            print(f"# {kind}: {text}\n#   {where}", flush=True)

    upstream = start(nginx("upstream", servers()))
    if not wait_for(FIRST, upstream):
        sys.exit("the upstream did not start")
    if which == "protocols":
        for row in PROTOCOLS:
            protocol_trial(build, take, row, count)
        many = 0
    trial = nginx_trial if which == "nginx" else haproxy_trial
    for _ in range(many):
        if next_port[0] > FIRST + PORTS - 10:
            break
        trial(build, take, rng, count)
    print(f"# {which}, seed {seed}: {tally['right']} right, {tally['honest']} honest bounds, {tally['wrong']} wrong, "
          f"{tally['not-run']} not run")
    if tally["wrong"] or not tally["right"]:
        print(f"not ok - {which}")
        sys.exit(1)
    print(f"ok - {which}")


try:
    main()
finally:
    for one in list(started):
        stop(one)
    shutil.rmtree(work, ignore_errors=True)

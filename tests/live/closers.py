#!/usr/bin/env python3
"""Who closes first over a network with delay: the shares of rules/tools/ measured again.

Real load generators, those that are installed, send requests over a link with delay (slow_link) to real servers, each
request on a connection of its own. The share is what is in TIME_WAIT on the client, of the connections opened. A tool
whose largest share is far above what its rule says as the highest is wrong; the rest is printed.

  tests/live/closers.py [--build DIR] [--only TOOL] [--requests N] [--https] [--loopback]

Needs root and /dev/net/tun. Takes some two minutes. Nothing is set on the host: all is in two network namespaces.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLIENT, SERVER = '10.77.0.1', '10.77.0.2'
ROUND_TRIPS_MS = (2, 20)
# Ports of a server: each run takes the next one, so that TIME_WAIT of an earlier run is not counted.
FIRST_PORT, PORTS = 8000, 400
# Above the highest share of its rule by this, a tool is wrong: single runs differ by some points.
TOO_MUCH = 0.10
# What a plan takes whose URLs are all https.
OVER_TLS = 0.05
CLOSE = 'Connection: close'

NODE = r'''
const fs = require('fs'), work = '%s', tls = %s;
const options = tls ? {key: fs.readFileSync(work + '/key'), cert: fs.readFileSync(work + '/cert')} : {};
const answer = (q, a) => { a.writeHead(200, {'Content-Length': 2}); a.end('ok'); };
for (let i = 0; i < %d; i++)
    require(tls ? 'https' : 'http').createServer(options, answer).listen(%d + i, '%s', 4096);
'''
GO = r'''
package main
import ("fmt"; "io"; "net/http")
func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello, world") })
	for i := 1; i < %d; i++ { go listen(%d+i) }
	listen(%d)
}
func listen(port int) {
	address := fmt.Sprintf("%s:%%d", port)
	if %s { http.ListenAndServeTLS(address, "%s/cert", "%s/key", nil) } else { http.ListenAndServe(address, nil) }
}
'''
NGINX = '''
worker_processes 1; daemon off; pid %(dir)s/pid; error_log %(dir)s/error crit; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path %(dir)s/b; proxy_temp_path %(dir)s/p; fastcgi_temp_path %(dir)s/f;
uwsgi_temp_path %(dir)s/u; scgi_temp_path %(dir)s/s;
server { listen %(address)s:%(first)d-%(last)d; %(tls)s location / { return 200 "ok"; } } }
'''


def commands(n, work):
    """Of each tool: the words before the URL, 20 connections at a time, n requests."""
    return {
        'ab': ['ab', '-q', '-n', str(n), '-c', '20'],
        'bombardier': ['bombardier', '-l', '-n', str(n), '-c', '20', '-H', CLOSE],
        'curl': ['xargs', '-P', '8', '-I', '{}', 'curl', '-sk', '-H', CLOSE, '-o', '/dev/null'],
        'fortio': ['fortio', 'load', '-quiet', '-k', '-keepalive=false', '-n', str(n), '-c', '20', '-qps', '0'],
        'h2load': ['h2load', '--h1', '-n', str(n), '-c', '20', '-H', CLOSE],
        'hey': ['hey', '-n', str(n), '-c', '20', '-disable-keepalive'],
        'k6': ['k6', 'run', '--quiet', '--insecure-skip-tls-verify', '--no-connection-reuse', '-u', '20', '-i', str(n),
               work + '/k6.js'],
        'oha': ['oha', '--no-tui', '--insecure', '--disable-keepalive', '-n', str(n), '-c', '20'],
        'siege': ['siege', '-R', work + '/siegerc', '-b', '-c', '20', '-r', str(n // 20)],
        'vegeta': ['vegeta', 'attack', '-insecure', '-keepalive=false', '-rate=300', '-duration=%ds' % (n // 300)],
        'wrk': ['wrk', '-t1', '-c20', '-d2s', '-H', CLOSE],
    }


class Place:
    """A network namespace, alive as long as a process in it."""

    def __init__(self):
        self.holder = subprocess.Popen(['unshare', '-n', 'sleep', '3600'], stdout=subprocess.DEVNULL)
        self.path = '/proc/%d/ns/net' % self.holder.pid
        while os.readlink(self.path) == os.readlink('/proc/self/ns/net'):
            time.sleep(0.01)
        self.run('ip', 'link', 'set', 'lo', 'up')
        self.run('sysctl', '-qw', 'net.ipv4.ip_local_port_range=10000 65000', 'net.core.somaxconn=4096')

    def words(self, *words):
        return ['nsenter', '--net=' + self.path, *words]

    def run(self, *words):
        return subprocess.run(self.words(*words), check=True, capture_output=True, text=True).stdout

    def start(self, *words, **more):
        return subprocess.Popen(self.words(*words), **more)

    def opened(self):
        head, values = [line.split() for line in self.run('cat', '/proc/net/snmp').splitlines()
                        if line.startswith('Tcp:')]
        return int(values[head.index('ActiveOpens')])

    def time_wait(self, side, port):
        return len(self.run('ss', '-Htn', 'state', 'time-wait', side, '= :%d' % port).splitlines())


class Network:
    def __init__(self, build):
        self.client, self.server = self.places = Place(), Place()
        self.build, self.link = build, None

    def join(self, round_trip_ms):
        self.part()
        self.link = subprocess.Popen([self.build + '/tests/live/slow_link', self.client.path, self.server.path,
                                      str(round_trip_ms / 2), '3600'], stdout=subprocess.PIPE, text=True)
        if self.link.stdout.readline() != 'up\n':
            sys.exit('closers: slow_link does not start')
        for place, address in ((self.client, CLIENT), (self.server, SERVER)):
            place.run('ip', 'addr', 'add', address + '/30', 'dev', 'slow0')
            place.run('ip', 'link', 'set', 'slow0', 'up')

    def end(self):
        self.part()
        for place in self.places:
            place.holder.kill()
            place.holder.wait()

    def part(self):
        if self.link:
            self.link.kill()
            self.link.wait()


def servers(work, https):
    """Of each server that is installed: its words."""
    true = 'true' if https else 'false'
    with open(work + '/node.js', 'w') as file:
        file.write(NODE % (work, true, PORTS, FIRST_PORT, '0.0.0.0'))
    tls = 'ssl_certificate %s/cert; ssl_certificate_key %s/key;' % (work, work) if https else ''
    config = NGINX % {'dir': work, 'address': '0.0.0.0', 'first': FIRST_PORT, 'last': FIRST_PORT + PORTS - 1,
                      'tls': tls}
    with open(work + '/nginx.conf', 'w') as file:
        file.write(config.replace('; ssl_cert', ' ssl; ssl_cert', 1) if https else config)
    found = {'nginx': ['nginx', '-c', work + '/nginx.conf', '-e', work + '/error'],
             'Node.js': ['node', work + '/node.js']}
    if https:
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=closers',
                        '-keyout', work + '/key', '-out', work + '/cert'], check=True, capture_output=True)
    if shutil.which('go'):
        with open(work + '/server.go', 'w') as file:
            file.write(GO % (PORTS, FIRST_PORT, FIRST_PORT, '0.0.0.0', true, work, work))
        subprocess.run(['go', 'build', '-o', work + '/goserver', work + '/server.go'], check=True)
        found['Go'] = [work + '/goserver']
    return {name: words for name, words in found.items() if shutil.which(words[0])}


def wait_for(place, port):
    for _ in range(200):
        if place.run('ss', '-Hltn', 'sport', '= :%d' % port):
            return
        time.sleep(0.05)
    sys.exit('closers: a server does not listen')


def one_run(network, words, url, port, work):
    """(connections opened, TIME_WAIT of the client, of the server) of one run."""
    before = network.client.opened()
    environment = dict(os.environ, URL=url, K6_NO_USAGE_REPORT='true')
    text, last = '', [url]
    if words[0] == 'vegeta':
        text, last = 'GET %s\n' % url, []
    elif words[0] == 'xargs':
        text, last = '%s\n' % url * 400, ['{}']
    elif words[0] == 'k6':
        last = []
    subprocess.run(network.client.words(*words, *last), input=text.encode(), stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env=environment, cwd=work, timeout=60)
    return (network.client.opened() - before, network.client.time_wait('dport', port),
            network.server.time_wait('sport', port))


def measure(network, tools, work, options):
    """Of each tool: [(server, round trip, opened, client's TIME_WAIT, server's)]."""
    found = {tool: [] for tool in tools}
    scheme = 'https' if options.https else 'http'
    address, place, trips = SERVER, network.server, ROUND_TRIPS_MS
    if options.loopback:
        address, place, trips = '127.0.0.1', network.client, (0,)
        network.server = network.client
    port = FIRST_PORT
    for name, words in servers(work, options.https).items():
        process = place.start(*words, stdout=subprocess.DEVNULL)
        try:
            wait_for(place, FIRST_PORT + PORTS - 1)
            for trip in trips:
                if trip:
                    network.join(trip)
                for tool, command in tools.items():
                    url = '%s://%s:%d/' % (scheme, address, port)
                    found[tool].append((name, trip, *one_run(network, command, url, port, work)))
                    port += 1
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    return found


def figures(tool):
    for name in (tool, 'any'):
        path = '%s/rules/tools/%s.json' % (TOP, name)
        if os.path.exists(path):
            with open(path) as file:
                return json.load(file)['client_closes'], name == tool
    return None, False


def show(tool, runs, options):
    """Prints the measurements of a tool beside its rule. True if they are not far above it."""
    usable = [run for run in runs if run[2] >= 100]
    if not usable:
        print('ok - %s # SKIP it opened too few connections' % tool)
        return True
    shares = [min(1, run[3] / run[2]) for run in usable]
    for (server, trip, opened, own, other), share in zip(usable, shares):
        print('#   %-10s %-8s %2d ms: %5d opened, TIME_WAIT client %5d (%5.1f%%), server %5d (%5.1f%%)' %
              (tool, server, trip, opened, own, 100 * share, other, 100 * other / opened))
    rule, has_own = figures(tool)
    most = OVER_TLS if options.https else rule['highest'] + TOO_MUCH
    good = options.loopback or max(shares) <= most
    print('%s - %s: usual %.1f%%, highest %.1f%%; %s %.1f%% and %.1f%%' % (
        'ok' if good else 'not ok', tool, 100 * statistics.median(shares), 100 * max(shares),
        'its rule says' if has_own else 'any tool has', 100 * rule['usual'], 100 * rule['highest']))
    return good


def write_files(work):
    with open(work + '/siegerc', 'w') as file:
        file.write('connection = close\nlimit = 1000\nparser = false\nverbose = false\nlogging = false\n')
    with open(work + '/k6.js', 'w') as file:
        file.write("import http from 'k6/http'; export default function () { http.get(__ENV.URL); }\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=TOP + '/build')
    parser.add_argument('--only')
    parser.add_argument('--requests', type=int, default=1200)
    parser.add_argument('--https', action='store_true', help='the same over TLS')
    parser.add_argument('--loopback', action='store_true', help='without a link: nothing is judged')
    options = parser.parse_args()
    if os.geteuid() != 0 or not os.path.exists('/dev/net/tun'):
        print('closers: needs root and /dev/net/tun')
        return 77
    with tempfile.TemporaryDirectory(prefix='closers') as work:
        os.chmod(work, 0o755)
        write_files(work)
        tools = {tool: words for tool, words in commands(options.requests, work).items()
                 if shutil.which(tool) and (not options.only or tool == options.only)}
        if not tools or not servers(work, options.https):
            print('closers: no load generator or no server is installed')
            return 77
        network = Network(os.path.abspath(options.build))
        try:
            found = measure(network, tools, work, options)
        finally:
            network.end()
    wrong = sum(not show(tool, runs, options) for tool, runs in found.items())
    print('%d passed, %d failed, 0 skipped' % (len(found) - wrong, wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())

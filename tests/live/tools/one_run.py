#!/usr/bin/env python3
"""One command line: what headroom says of it, and what the tool then does. Run by plans.py as the first process of
namespaces of its own, so that whatever it starts ends with it. The job comes on standard input, the result goes to
standard output, both JSON."""
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import files
import servers
import watch

HERE = os.path.dirname(os.path.abspath(__file__))
# A tool that has not ended by then never does.
PATIENCE_S = 30
FIRST_PORT = 20000
SHELL = re.compile(r'[|<>;&$`]')


def words_of(command):
    """A pipeline is a shell's; a plain command line stands for itself."""
    return ['sh', '-c', command] if SHELL.search(command) else shlex.split(command)


def sysctl(name, value):
    with open('/proc/sys/' + name, 'w') as file:
        file.write(value)


def set_up_network():
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    # As if the server were on another host: on loopback the kernel takes a port out of TIME_WAIT after a second.
    sysctl('net/ipv4/tcp_tw_reuse', '0')
    sysctl('net/core/somaxconn', '4096')


def set_up_ports(setup):
    """After the servers have started: what asked whether they listen keeps a port, too."""
    if 'ports' in setup:
        sysctl('net/ipv4/ip_local_port_range', '%d %d' % (FIRST_PORT, FIRST_PORT + int(setup['ports']) - 1))


def limits(setup):
    """For a child: the descriptors that it may open."""
    if 'nofile' not in setup:
        return None
    soft, hard = [int(number) for number in setup['nofile'].split(':')]
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def environment_of(job, work):
    environment = dict(os.environ, HOME=work, LANG='C.UTF-8', HEADROOM_HISTORY='off', ARTILLERY_DISABLE_TELEMETRY='true')
    environment['PATH'] = '%s:%s' % (job['bin'], environment['PATH'])
    if 'python' in job['setup']:
        # The Python of a tool, for who starts it by `python3 -m`.
        environment['PATH'] = '%s/../%s/bin:%s' % (job['bin'], job['setup']['python'], environment['PATH'])
    for name in ('http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'no_proxy', 'PYTHONPATH'):
        environment.pop(name, None)
    return environment


def ask(job, words, how):
    """The plan that headroom reads, and its audit."""
    said = subprocess.run([job['headroom'], 'workload', *job['options'], '--', *words], capture_output=True, text=True, **how)
    answer = {'exit': said.returncode, 'error': said.stderr.strip(), 'plan': None, 'audit': None}
    if said.returncode != 0:
        return answer
    answer['plan'] = json.loads(said.stdout)
    path = os.path.join(how['cwd'], 'audit.json')
    done = subprocess.run([job['headroom'], 'audit', *job['options'], '-o', 'json:' + path, '--', *words],
                          capture_output=True, text=True, **how)
    if os.path.exists(path):
        with open(path) as file:
            document = json.load(file)
        os.unlink(path)
        answer['audit'] = {'exit': done.returncode, 'verdict': document['verdict'], 'timeline': document['timeline'],
                           'headline': document['headline']}
    return answer


class Driver:
    """Who sends requests through a proxy: PORT:CLIENTS:REQUESTS of each."""

    def __init__(self, setup):
        port, clients, requests = setup['drive'].split(':')
        self.opened = 0
        self.wait_for(int(port))
        self.process = subprocess.Popen([sys.executable, HERE + '/drive.py', port, clients, requests],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(self, port):
        """The kernel counts an attempt that fails as well."""
        for _ in range(200):
            self.opened += 1
            with socket.socket() as s:
                if s.connect_ex(('127.0.0.1', port)) == 0:
                    return
            time.sleep(0.05)

    def end(self):
        """Its complaint. opened is then all that it opened itself."""
        said, complaint = self.process.communicate()
        self.opened += int(said or 0)
        return complaint


def stop(process):
    for pid in watch.family_of(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def measure(words, setup, how):
    before, sockets = watch.counters(), watch.Sockets(servers.PORTS)
    closing_before = sockets.time_wait()
    seen = watch.Watch(servers.PORTS)
    output = open(os.path.join(how['cwd'], 'output'), 'w+', errors='replace')
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                               **how)
    driver = Driver(setup) if 'drive' in setup else None
    took_s = seen.until(process, PATIENCE_S, driver and driver.process)
    if took_s is None:
        stop(process)
    # What ended last is still on its way into TIME_WAIT.
    time.sleep(0.2)
    after, closing = watch.counters(), sockets.time_wait()
    if driver:
        stop(process)
        output.write(driver.end())
    output.seek(0)
    grown = {name: after[name] - before[name] for name in ('ActiveOpens', 'EstabResets')}
    return {'peak': seen.peak, 'peak_at_s': round(seen.peak_at_s, 2), 'took_s': took_s and round(took_s, 2),
            'looks_per_s': round(seen.looks / (took_s or PATIENCE_S), 1),
            'opens': grown['ActiveOpens'] - (driver.opened if driver else 0), 'resets': grown['EstabResets'],
            'time_wait_client': closing[0] - closing_before[0], 'time_wait_server': closing[1] - closing_before[1],
            'exit': (driver.process if driver else process).returncode,
            'process': seen.main().summary(), 'processes': len(seen.processes),
            'memory_kb': sum(p.memory_kb for p in seen.processes.values()), 'output': output.read()[-20000:]}


def last_words(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return ' / '.join(lines[-3:])[:300]


def run(job, work):
    setup = job['setup']
    set_up_network()
    files.write_all(work, setup)
    words = words_of(job['command'])
    if not shutil.which(job['program'], path=job['bin'] + ':' + os.environ['PATH']):
        return {'skip': '%s is not installed' % job['program']}
    os.environ['PATH'] = '%s:%s' % (job['bin'], os.environ['PATH'])
    try:
        servers.start(job['servers'], work, job['shared'])
    except servers.Missing as e:
        return {'skip': 'its server is not installed: %s' % e}
    set_up_ports(setup)
    how = {'cwd': work, 'env': environment_of(job, work), 'preexec_fn': limits(setup)}
    answer = ask(job, words, how)
    measured = measure(words, setup, how)
    text = measured.pop('output')
    found = re.search(setup['says'], text) if 'says' in setup else None
    measured['says'] = found and found[0]
    measured['last_words'] = last_words(text)
    return {'answer': answer, 'measured': measured}


def main():
    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix='run-', dir=job['shared']) as work:
        os.chmod(work, 0o755)
        result = run(job, work)
    json.dump(result, sys.stdout)


if __name__ == '__main__':
    main()

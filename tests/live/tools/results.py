#!/usr/bin/env python3
"""Load test tools behind the gate, each in namespaces of its own: does the gate read what they say of the run? Each row of
results.tsv is one. Standard output must reach its reader whole.

  tests/live/tools/results.py [--build DIR] [--live DIR] [TOOL…]

Needs root. A tool that is not installed (make live-deps) is skipped. The exit status is 1 where a row is wrong.
"""
import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

import files
import install
import one_run
import plans
import servers

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE_S = 90


class Row:
    def __init__(self, line):
        self.tool, names, setup, options, self.output, self.command, found = line.rstrip('\n').split('\t')
        self.servers = [] if names == '-' else names.split(',')
        self.setup = pairs(setup)
        self.options = [] if options == '-' else shlex.split(options)
        self.found = pairs(found)


def pairs(text):
    return {} if text == '-' else dict(part.strip().split('=', 1) for part in text.split(';'))


def rows():
    with open(HERE + '/results.tsv') as file:
        return [Row(line) for line in file if line.strip() and not line.startswith('#')]


# --- inside the namespaces ---

def run_gate(job, words, how, output):
    command = [job['headroom'], 'gate', '--force', '--certify', 'strict', '-o', 'json:audit.json', *job['options'], '--', *words]
    more = {'stdout': subprocess.PIPE} if output == 'pipe' else {'stdout': open(how['cwd'] + '/standard-output', 'wb')}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=PATIENCE_S, **more, **how)
    with open(how['cwd'] + '/audit.json') as file:
        gate = json.load(file)['gate']
    return {'result': gate['result'], 'charges': [charge['reason'] for charge in gate['charges']], 'exit': done.returncode,
            'said': done.stderr.decode(errors='replace')[-2000:]}


def run_one(job, work):
    setup = job['setup']
    one_run.set_up_network()
    files.write_all(work, setup)
    os.environ['PATH'] = '%s:%s' % (job['bin'], os.environ['PATH'])
    if not shutil.which(job['program']):
        return {'skip': '%s is not installed' % job['program']}
    try:
        servers.start(job['servers'], work, job['shared'])
    except servers.Missing as e:
        return {'skip': 'its server is not installed: %s' % e}
    one_run.set_up_ports(setup)
    how = {'cwd': work, 'env': one_run.environment_of(job, work), 'preexec_fn': one_run.limits(setup)}
    return run_gate(job, one_run.words_of(job['command']), how, job['output'])


def inside():
    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix='run-', dir=job['shared']) as work:
        os.chmod(work, 0o755)
        result = run_one(job, work)
    json.dump(result, sys.stdout)


# --- outside ---

def start(row, program, shared, options):
    job = {'tool': row.tool, 'program': program, 'servers': row.servers, 'setup': row.setup, 'options': row.options,
           'command': row.command, 'output': row.output, 'shared': shared, 'bin': options.live + '/bin',
           'headroom': options.build + '/headroom'}
    words = ['unshare', '-n', '-m', '-p', '-f', '--kill-child', '--mount-proc', sys.executable, __file__, '--inside']
    done = subprocess.run(words, input=json.dumps(job), capture_output=True, text=True, cwd='/',
                          preexec_fn=plans.dies_with_parent)
    if done.returncode != 0:
        return {'wrong': (done.stderr.strip().splitlines() or ['?'])[-1]}
    return json.loads(done.stdout)


def amount(value):
    return 'unknown' if value is None else 'some' if value > 0 else 'none'


def found_in(answer):
    result = answer['result']
    ratio = result['rate_ratio']
    return {'read': 'yes' if result['from'] else 'no', 'errors': amount(result['errors']),
            'lost': amount(result['connections_lost']), 'rate': None if ratio is None else 'ok' if ratio >= 0.95 else 'low',
            'charged': 'yes' if 'errors' in answer['charges'] else 'no', 'cause': result['cause'], 'from': result['from']}


def differences(row, answer):
    found = found_in(answer)
    return ['%s is %s, not %s' % (name, found[name], wanted) for name, wanted in row.found.items() if found[name] != wanted]


def show(row, answer):
    """The number of faults."""
    title = '%s: %s%s' % (row.tool, row.command, ' (%s)' % row.setup if row.setup else '')
    if 'skip' in answer:
        print('ok - %s # SKIP %s' % (title, answer['skip']))
        return 0
    wrong = [answer['wrong']] if 'wrong' in answer else differences(row, answer)
    print('%s - %s' % ('not ok' if wrong else 'ok', title))
    for text in wrong:
        print('#   %s' % text)
    if wrong and 'result' in answer:
        print('#   %s' % json.dumps(answer['result']))
        print('#   ' + answer['said'].strip().replace('\n', '\n#   '))
    sys.stdout.flush()
    return len(wrong)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--inside', action='store_true', help=argparse.SUPPRESS)
    parser.add_argument('--build', default=install.TOP + '/build')
    parser.add_argument('--live', help='where make live-deps has put the tools')
    parser.add_argument('tools', nargs='*', metavar='TOOL')
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    options.live = os.path.abspath(options.live or options.build + '/live')
    return options


def main():
    options = arguments()
    if options.inside:
        inside()
        return 0
    if os.geteuid() != 0 or not shutil.which('openssl'):
        print('results: needs root for namespaces, and openssl')
        return 77
    programs = {tool.name: tool.program for tool in install.table()}
    wrong = 0
    with tempfile.TemporaryDirectory(prefix='headroom-results-') as shared:
        os.chmod(shared, 0o755)
        servers.certificate(shared)
        for row in rows():
            if not options.tools or row.tool in options.tools:
                wrong += show(row, start(row, programs.get(row.tool, row.tool), shared, options))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())

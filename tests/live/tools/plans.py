#!/usr/bin/env python3
"""What headroom reads from command lines against the tools themselves: each row of runs.tsv is run in namespaces of its
own on loopback, against small servers, and counted. Prints a table, and writes plans.json beside the tools.

  tests/live/tools/plans.py [--build DIR] [--live DIR] [--list] [--only TEXT] [TOOL…]

Needs root. A tool that is not installed (make live-deps) is skipped. The exit status is 1 where a row is wrong.
"""
import argparse
import ctypes
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import compare
import install
import servers
import summary

HERE = os.path.dirname(os.path.abspath(__file__))
# The whole table; what is left then is not run, and said.
MOST_S = 20 * 60
PR_SET_PDEATHSIG = 1


class Row:
    """tool, servers, set-up, options of headroom, command; separated by tabs."""

    def __init__(self, line):
        self.tool, names, setup, options, self.command = line.rstrip('\n').split('\t')
        self.servers = [] if names == '-' else names.split(',')
        self.setup = {}
        if setup != '-':
            self.setup = dict(part.strip().split('=', 1) for part in setup.split(';'))
        self.options = [] if options == '-' else shlex.split(options)


def rows():
    with open(HERE + '/runs.tsv') as file:
        return [Row(line) for line in file if line.strip() and not line.startswith('#')]


def dies_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run_row(row, program, shared, options):
    job = {'tool': row.tool, 'program': program, 'servers': row.servers, 'setup': row.setup, 'options': row.options,
           'command': row.command, 'shared': shared, 'bin': options.live + '/bin', 'headroom': options.build + '/headroom'}
    words = ['unshare', '-n', '-m', '-p', '-f', '--kill-child', '--mount-proc', sys.executable, HERE + '/one_run.py']
    done = subprocess.run(words, input=json.dumps(job), capture_output=True, text=True, cwd='/', preexec_fn=dies_with_parent)
    if done.returncode != 0:
        return {'skip': 'the run failed: ' + (done.stderr.strip().splitlines() or ['?'])[-1]}
    return json.loads(done.stdout)


def show(verdict, row, result, checks):
    print('%-18s %s %s' % (verdict, ' '.join(row.options), row.command[:110]))
    if 'skip' in result:
        print('    %s' % result['skip'])
        return
    for c in checks:
        ratio = ' (%.2f)' % c['ratio'] if c['ratio'] else ''
        print('    %-16s said %s %s, counted %s%s: %s' % (c['what'], c['predicted'], c['confidence'], c['counted'], ratio,
                                                       c['verdict']))
    if not checks:
        m = result['measured']
        print('    counted: peak %d, opens %d, TIME_WAIT %d here and %d there; exit %s; %s' % (
            m['peak'], m['opens'], m['time_wait_client'], m['time_wait_server'], m['exit'], m['last_words'][-90:]))
        text = result['answer']['error'] or (result['answer']['audit'] or {}).get('headline')
        print('    headroom: %s' % str(text).replace('\n', ' ')[:160])
    sys.stdout.flush()


def chosen(options):
    known = rows()
    unknown = set(options.tools) - {row.tool for row in known}
    if unknown:
        sys.exit('plans: runs.tsv has no %s' % ', '.join(sorted(unknown)))
    return [row for row in known if (not options.tools or row.tool in options.tools) and options.only in row.command]


def run_all(options, shared):
    programs = {tool.name: tool.program for tool in install.table()}
    began, found = time.monotonic(), []
    for row in chosen(options):
        if time.monotonic() - began > MOST_S:
            result = {'skip': 'no time is left'}
        else:
            result = run_row(row, programs.get(row.tool, row.tool), shared, options)
        try:
            verdict, checks = compare.row_verdict(row, result)
        except (KeyError, TypeError) as e:
            verdict, checks = 'WRONG: a plan without %s' % e, []
        show(verdict, row, result, checks)
        found.append({'tool': row.tool, 'command': row.command, 'options': row.options, 'setup': row.setup,
                      'verdict': verdict, 'checks': checks, **result})
    return found


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=install.TOP + '/build')
    parser.add_argument('--live', help='where make live-deps has put the tools')
    parser.add_argument('--only', default='', metavar='TEXT', help='command lines that have this text')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('tools', nargs='*', metavar='TOOL')
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    options.live = os.path.abspath(options.live or options.build + '/live')
    return options


def main():
    options = arguments()
    if options.list:
        for row in chosen(options):
            print('%s\t%s' % (row.tool, row.command))
        return 0
    if os.geteuid() != 0 or not shutil.which('openssl'):
        print('plans: needs root for namespaces, and openssl')
        return 77
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    os.environ['PATH'] = '%s/bin:%s' % (options.live, os.environ['PATH'])
    with tempfile.TemporaryDirectory(prefix='headroom-plans-') as shared:
        os.chmod(shared, 0o755)
        servers.certificate(shared)
        found = run_all(options, shared)
    # Some rows of a tool are not its figures.
    if not options.only:
        summary.write(options.live + '/plans.json', found)
    wrong = summary.show(found)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())

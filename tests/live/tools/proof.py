#!/usr/bin/env python3
"""Writes what make live-plans found into docs/plans.md, between the two marks: proof.py build/live/plans.json [DOCUMENT]"""
import json
import re
import sys

import install

BEGIN, END = '<!-- proof: tests/live/tools/proof.py writes this -->', '<!-- /proof -->'
HEAD = '''| tool | version | | command lines | asked | too low | connections: median, worst | opens: median, worst | date |
|---|---|---|---|---|---|---|---|---|'''

MORE = ('What the process with the connections needs for itself (medians; memory: the smallest run, and what each connection '
        'adds), and how it ends:')
OWN = '''| tool | open files | threads | memory | no port left: its words, exit code | no open file left |
|---|---|---|---|---|---|'''


def percent(share):
    return '–' if share is None else '%.0f%%' % (100 * share)


def row(tool, found):
    if tool.how == 'none':
        return '| %s | %s | not run here | – | – | – | – | – | – |' % (tool.name, tool.version)
    if not found:
        return None
    errors = ['%s, %s' % (percent(found['median_' + what]), percent(found['worst_' + what])) for what in ('error', 'opens')]
    return '| %s | %s | measured | %d | %d | %d | %s | %s |' % (
        tool.name, found['version'], found['rows'], found['asked'], found['wrong'], ' | '.join(errors), found['date'])


def plain(text):
    """How many there were is of one run."""
    return re.sub(r'\d+', 'N', ' '.join(text.split()))


def end_of(document, tool, limit):
    """What a tool says, and its status, where a limit is too small."""
    ends = sorted({'“%s”, %s' % (plain(row['measured']['says']), row['measured']['exit']) for row in document['rows']
                   if row['tool'] == tool and limit in row['setup'] and (row.get('measured') or {}).get('says')})
    return '; '.join(ends) or '–'


def resources(document):
    rows = []
    for figures in document['tools']:
        each = figures.get('memory_per_connection_kb')
        memory = '%.0f MiB' % (figures['memory_base_kb'] / 1024) + (' + %.0f KiB each' % each if each and each > 0 else '')
        ends = [end_of(document, figures['tool'], limit) for limit in ('ports', 'nofile')]
        rows.append('| %s | %d | %d | %s | %s |' % (figures['tool'], figures['fds_base'], figures['threads'], memory,
                                                   ' | '.join(ends)))
    return rows


def table(document):
    found = {figures['tool']: figures for figures in document['tools']}
    rows = [row(tool, found.get(tool.name)) for tool in install.table()]
    # What was run first, then what was not.
    rows = sorted((text for text in rows if text), key=lambda text: 'not run here' in text)
    return '\n'.join([BEGIN, '', HEAD, *rows, '', MORE, '', OWN, *resources(document), '', END])


def main():
    path = sys.argv[2] if len(sys.argv) > 2 else install.TOP + '/docs/plans.md'
    with open(sys.argv[1]) as file:
        document = json.load(file)
    with open(path) as file:
        text = file.read()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit('proof: %s has no place for the table' % path)
    renewed = before + table(document) + after
    with open(path, 'w') as file:
        file.write(renewed)


if __name__ == '__main__':
    main()

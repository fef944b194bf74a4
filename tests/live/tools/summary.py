"""The figures of a tool from its rows, and plans.json, which keeps those of tools that were not run this time."""
import datetime
import json
import os
import platform
import statistics
import subprocess

import compare
import install


def version_of(tool):
    """A Debian tool has the version of its package here, without Debian's own part."""
    if tool.how != 'debian':
        return tool.version
    said = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', tool.package], capture_output=True, text=True)
    return said.stdout.split(':')[-1].split('-')[0].split('+')[0] or '-'


def errors(rows, what):
    """How far what was said is from what was counted, as shares of it: median and worst."""
    far = [abs(c['ratio'] - 1) for row in rows for c in row['checks'] if c['what'] == what and c['ratio']]
    return (round(statistics.median(far), 3), round(max(far), 3)) if far else (None, None)


def long_enough(rows):
    """Those of whose process enough was seen."""
    return [row for row in rows if 'says' not in row['setup'] and (row['measured']['took_s'] or 0) >= 1] or rows


def memory_per_connection_kb(rows):
    """Between the runs with the fewest and the most connections; None where they are too close."""
    seen = sorted((row['measured']['process']['sockets'], row['measured']['process']['memory_kb']) for row in rows)
    if not seen or seen[-1][0] - seen[0][0] < 100:
        return None
    return round((seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0]), 1)


def figures(tool, rows):
    ran = [row for row in rows if 'measured' in row]
    processes = [row['measured']['process'] for row in long_enough(ran)]
    wrong = [row for row in ran if row['verdict'].startswith(compare.WRONG)]
    found = {'tool': tool.name, 'version': version_of(tool), 'rows': len(ran), 'wrong': len(wrong),
             'asked': sum(row['verdict'] in (compare.ASKED, compare.NOT_READ) for row in ran),
             'too_high': sum(row['verdict'].startswith(compare.TOO_HIGH) for row in ran),
             'date': datetime.date.today().isoformat()}
    found['median_error'], found['worst_error'] = errors(ran, 'connections')
    found['median_opens'], found['worst_opens'] = errors(ran, 'opens')
    if processes:
        found['fds_base'] = statistics.median_low([p['fds_base'] for p in processes])
        found['threads'] = statistics.median_low([p['threads'] for p in processes])
        found['memory_base_kb'] = min(p['memory_kb'] for p in processes)
        found['memory_per_connection_kb'] = memory_per_connection_kb(long_enough(ran))
    return found


def write(path, found):
    document = {'tools': [], 'rows': []}
    if os.path.exists(path):
        with open(path) as file:
            document = json.load(file)
    now = {row['tool'] for row in found if 'measured' in row}
    document['rows'] = [row for row in document['rows'] if row['tool'] not in now] + [row for row in found if row['tool'] in now]
    document['tools'] = [figures(tool, rows) for tool in install.table()
                         if (rows := [row for row in document['rows'] if row['tool'] == tool.name])]
    document['kernel'] = platform.release()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + '.new', 'w') as file:
        json.dump(document, file, indent=1)
    os.rename(path + '.new', path)


def percent(share):
    return '-' if share is None else '%.0f %%' % (100 * share)


def show(found):
    """Prints a line for each tool. How many rows are wrong."""
    print('\n%-16s %-9s %5s %6s %6s %9s %7s %7s' % ('tool', 'version', 'rows', 'wrong', 'asked', 'too high', 'median', 'worst'))
    for tool in install.table():
        rows = [row for row in found if row['tool'] == tool.name and 'measured' in row]
        if rows:
            f = figures(tool, rows)
            print('%-16s %-9s %5d %6d %6d %9d %7s %7s' % (f['tool'], f['version'], f['rows'], f['wrong'], f['asked'],
                                                         f['too_high'], percent(f['median_error']), percent(f['worst_error'])))
    wrong = sum(row['verdict'].startswith(compare.WRONG) for row in found)
    skipped = sum(row['verdict'] == compare.SKIPPED for row in found)
    print('%d passed, %d failed, %d skipped' % (len(found) - wrong - skipped, wrong, skipped))
    return wrong

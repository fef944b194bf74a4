#!/usr/bin/env python3
"""Random plans on the real kernel: the second at which headroom says that the ports run out, and the one at which
they do. exhaust.py HEADROOM MEASURE_LOAD [COUNT [SEED [LOADS]]]; LOADS 2: plans of two loads that share their ports

Each plan runs in a network namespace of its own, many at a time, for TIME_WAIT takes a minute. The client (measure_load)
opens and closes on time; a run in which an open came more than 1% (and 0.25 s) late is void, and counted."""
import json, os, random, subprocess, sys, tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import simulate

LONGEST_S = 150
EVENTS_MOST = 15000
AT_A_TIME = 40
PREPARE = 'ip link set lo up && ip addr add 10.9.0.1/32 dev lo && for s in "$@"; do sysctl -qw "$s" || exit 1; done'


def random_plans(count, rng, loads):
    """Of those that end in time."""
    plans = []
    while len(plans) < count:
        plan = simulate.random_loads(rng) if loads == 2 else simulate.random_plan(rng)
        if plan['end'] > LONGEST_S and 'loads' in plan:
            continue
        if plan['end'] > LONGEST_S:
            if plan['kind'] not in ('rate', 'users', 'ramp'):
                continue
            plan['end'] = LONGEST_S
            plan['flags'] += ['--duration', f'{LONGEST_S}s']
        if len(simulate.events_of(plan.get('loads', [plan]))) <= EVENTS_MOST:
            plans.append(plan)
    return plans


def lines_of(plan):
    """The events of measure_load, in order of time; each close says who closes first."""
    loads = plan.get('loads', [plan])
    closers = [load['closer'] if load['closer'] in ('server', 'reset', 'silent') else 'client' for load in loads]
    lines = []
    for at, number, what, connection in simulate.events_of(loads):
        closer = [closers[number]] if what == 'close' else []
        lines.append(' '.join(['%.6f' % at, what, str(connection * len(loads) + number), *closer]))
    return lines


def flags_of(plan):
    to = '--to 10.9.0.1:1000 '
    return to + ' '.join(plan['flags']).replace(' + ', ' + ' + to)


class Run:
    def __init__(self, plan, headroom, measure, directory, number):
        self.plan = plan
        events = f'{directory}/events{number}'
        with open(events, 'w') as file:
            print(*lines_of(plan), sep='\n', file=file)
        settings = [f'{key}={value}' for key, value in simulate.settings(plan).items() if key.startswith('net.')]
        self.said = f'{directory}/said{number}'
        script = f'{PREPARE}; shift $#; "$HEADROOM" audit --no-history -o json:"$SAID" $FLAGS >/dev/null 2>&1; ' \
                 f'exec "$MEASURE" 10.9.0.1 client <"$EVENTS"'
        env = dict(os.environ, HEADROOM=headroom, MEASURE=measure, SAID=self.said, EVENTS=events, FLAGS=flags_of(plan))
        self.process = subprocess.Popen(['unshare', '-n', 'sh', '-c', script, 'sh', *settings], env=env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def result(self):
        """'void', 'broken', or what headroom said and the kernel did."""
        try:
            out, err = self.process.communicate(timeout=LONGEST_S + 120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return 'broken', 'hangs'
        words = dict(word.split('=') for word in out.split())
        if self.process.returncode or not words:
            return 'broken', err
        try:
            with open(self.said) as file:
                limit = [r for r in json.load(file)['resources'] if r['id'] == 'ephemeral-ports'][0]
        except (OSError, ValueError) as error:
            return 'broken', error
        seconds = float(words['asked'])
        if float(words['late']) > max(0.25, 0.01 * seconds):
            return 'void', words['late']
        return limit['exhausted_at_s'], None if words['refused'] == 'none' else seconds


def judge(plan, said, done):
    """Right: near the kernel, or between what one port less and one more would give (a lone connection counts)."""
    if said is not None and done is not None and simulate.near(said, done):
        return True
    early, _, late = simulate.seconds(plan)
    if said is None:
        return done is None or late is None
    if done is None:
        return late is None and early is not None
    return early is not None and said >= early * 0.98 and (late is None or said <= late * 1.02)


def main(headroom, measure, count=80, seed=1, loads=1):
    headroom, measure = os.path.abspath(headroom), os.path.abspath(measure)
    if os.geteuid() or subprocess.run(['unshare', '-n', 'true']).returncode:
        print('needs root and network namespaces')
        return 77
    rng, counted = random.Random(seed), {'right': 0, 'near': 0, 'wrong': 0, 'void': 0, 'broken': 0}
    plans, offs = random_plans(count, rng, loads), []
    with tempfile.TemporaryDirectory(prefix='exhaust') as directory:
        for first in range(0, count, AT_A_TIME):
            runs = [Run(plan, headroom, measure, directory, first + i)
                    for i, plan in enumerate(plans[first:first + AT_A_TIME])]
            for run in runs:
                said, done = run.result()
                if said in ('void', 'broken'):
                    counted[said] += 1
                    print(f'# {said}: {done}', *run.plan['flags'])
                    continue
                if said is not None and done is not None:
                    offs.append(said - done if done == 0 else said / done - 1)
                strict = said is None and done is None or said is not None and done is not None and simulate.near(said, done)
                kind = 'right' if strict else 'near' if judge(run.plan, said, done) else 'wrong'
                counted[kind] += 1
                if kind != 'right':
                    plan = run.plan
                    print(f"# {kind}: said {said}, the kernel {done}, simulated {simulate.simulate(plan)}: {plan['kind']} {plan['closer']}"
                          f" ports {plan['ports']} hold {plan['hold']} buckets {plan['buckets']}", *plan['flags'])
    offs.sort()
    print(f"# {counted['right']} within 2% or 30 ms (or never, both), {counted['near']} by one connection, {counted['wrong']} wrong,"
          f" {counted['void']} void, {counted['broken']} broken; off by {offs[0]:+.4f} to {offs[-1]:+.4f}" if offs else '# none ran out')
    print(f"{counted['right'] + counted['near']} passed, {counted['wrong'] + counted['broken']} failed, {counted['void']} skipped")
    return counted['wrong'] + counted['broken'] > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:3], *map(int, sys.argv[3:])))

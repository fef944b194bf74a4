#!/usr/bin/env python3
"""Random plans, simulated connection by connection, and what headroom says of them.

  simulate.py print COUNT SEED              one line for each plan: flags, ports, seconds (tests/exhaustion.test)
  simulate.py compare HEADROOM COUNT SEED   audits each plan; exits 1 if one is wrong
  simulate.py print-loads COUNT SEED        plans of two loads that share their ports
  simulate.py compare-loads HEADROOM COUNT SEED

This is no part of headroom and shares no code with it. Every connection is an event: it opens at its time, closes
after its lifetime, and keeps its port until the kernel's timer says otherwise. Right is: the ports run out within
2% (or 30 ms, or the time that one connection more or less takes) of the simulated second, or in neither."""
import heapq, json, math, os, random, subprocess, sys, tempfile

HZ = 250


def wheel(seconds, hz):
    """The step in which the kernel's timer wheel ends a timer of so many seconds (kernel/time/timer.c)."""
    level = 0
    while seconds * hz >= 63 * 8 ** level:
        level += 1
    return 8 ** level / hz


class Ports:
    """Ports towards one destination. A closed connection of this side keeps its port until the wheel's next step
    after `hold` seconds; `phase` is where in its steps the wheel is when the plan starts."""

    def __init__(self, plan):
        self.size, self.used, self.waiting, self.peak = plan['ports'], 0, [], 0
        self.hold, self.buckets = plan['hold'], plan['buckets']
        self.step = plan['step']
        self.phase = plan['phase'] * self.step
        self.full_at = None

    def expire(self, now):
        while self.waiting and self.waiting[0] <= now:
            heapq.heappop(self.waiting)
            self.used -= 1

    def open(self, now):
        self.expire(now)
        if self.used >= self.size and self.full_at is None:
            self.full_at = now
        self.used += 1
        self.peak = max(self.peak, self.used)

    def close(self, now):
        self.keep(now, self.hold, self.step, self.phase)

    def keep(self, now, hold, step, phase):
        self.expire(now)
        if hold <= 0 or len(self.waiting) >= self.buckets:
            self.used -= 1
            return
        free = now + hold
        if step:
            free = (math.floor((free + phase) / step) + 1) * step - phase
        heapq.heappush(self.waiting, free)


def arrivals_of_stages(stages, end):
    """Seconds at which rate stages open a connection: where the integral of the rate passes a whole number."""
    at, rate, total, out = 0, 0, 0.0, []
    for seconds, to in stages:
        if seconds > 0:
            slope = (to - rate) / seconds
            upto = total + seconds * (rate + to) / 2
            count = math.ceil(total)
            while count < upto:
                need = count - total
                if abs(slope) < 1e-12:
                    dt = need / rate
                else:
                    dt = (-rate + math.sqrt(max(0, rate * rate + 2 * slope * need))) / slope
                out.append(at + dt)
                count += 1
            total = upto
        at, rate = at + seconds, to
    return [t for t in out if t <= end]


class Load:
    """The connections of a plan, in order of time. ports: where they get their ports; None: from an endless range."""

    def __init__(self, plan, ports):
        self.life, self.left, self.ports = plan['life'], plan.get('total', math.inf), ports
        self.closing, self.opened, self.events = [], 0, []

    def open(self, now, until=None):
        if self.left <= 0:
            return
        self.left -= 1
        self.events.append((now, 'open', self.opened))
        if self.ports:
            self.ports.open(now)
        heapq.heappush(self.closing, (now + self.life if until is None else until, self.opened))
        self.opened += 1

    def close(self, now=None):
        """The one that ends first; now: before its time."""
        at, connection = heapq.heappop(self.closing)
        at = at if now is None else now
        self.events.append((at, 'close', connection))
        if self.ports:
            self.ports.close(at)
        return at

    def ends_by(self, now):
        return self.closing and self.closing[0][0] <= now

    def come(self, arrivals, before):
        """Each opens one connection."""
        for until in before:
            self.open(0, until)
        for now in arrivals:
            while self.ends_by(now):
                self.close()
            self.open(now)

    def stay(self, changes, end):
        """Users open another when one ends. changes: (second, how many users there are from then on), ascending."""
        users = 0
        for now, wanted in changes + [(end, None)]:
            while self.ends_by(now):
                at = self.close()
                if len(self.closing) < users:
                    self.open(at)
            if wanted is None or now > end:
                break
            users = wanted
            while len(self.closing) > users:  # the oldest leave
                self.close(now)
            while len(self.closing) < users and self.left > 0:
                self.open(now)


def changes_of_stages(stages):
    changes, before, t = [], 0, 0.0
    for seconds, to in stages:
        if seconds == 0:
            changes.append((t, round(to)))
        else:
            for i in range(abs(to - before)):
                done = before + (i + 1 if to > before else -i - 1)
                changes.append((t + seconds * (i + 0.5) / abs(to - before), done))
        before, t = to, t + seconds
    return changes


def load_of(plan, ports=None):
    load, end, life = Load(plan, ports), plan['end'], plan['life']
    if plan['kind'] == 'rate':
        count = min(load.left, round(plan['rate'] * life)) if plan['start'] == 'steady' else 0
        last = int(min(end, plan['horizon']) * plan['rate'])
        load.come([i / plan['rate'] for i in range(last + 1)], [(i + 1) / count * life for i in range(count)])
    elif plan['kind'] == 'rates':
        load.come(arrivals_of_stages(plan['stages'], end), [])
    elif plan['kind'] == 'users':
        count = plan['users']
        if plan['start'] == 'steady':
            first = min(load.left, count)
            for i in range(first):
                load.open(0, (i + 1) / first * life)
        load.stay([(0, count)], end)
    elif plan['kind'] == 'ramp':
        load.stay([((i + plan.get('first', 0.5)) / plan['ramp'], i + 1) for i in range(plan['users'])], end)
    else:
        load.stay(changes_of_stages(plan['stages']), end)
    return load


def events_of(loads):
    """Of loads that run together: (second, load, 'open' or 'close', connection), in order. One that ends before the
    others closes its connections then."""
    lists, last = [], max(plan['end'] for plan in loads)
    for number, plan in enumerate(loads):
        load, end = load_of(plan), plan['end']
        while load.ends_by(end):
            load.close()
        events = [(at, number, what, connection) for at, what, connection in load.events if at <= end]
        if end < last:
            still = {connection: None for _, _, what, connection in events if what == 'open'}
            for _, _, what, connection in events:
                if what == 'close':
                    still.pop(connection)
            events += [(end, number, 'close', connection) for connection in still]
        lists.append(events)
    return list(heapq.merge(*lists, key=lambda event: event[0]))


def simulate_loads(plan):
    ports = Ports(plan)
    for at, number, what, _ in events_of(plan['loads']):
        if what == 'open':
            ports.open(at)
            continue
        load = plan['loads'][number]
        ports.keep(at, load['hold'], load['step'], plan['phase'] * load['step'])
    return ports.full_at


def simulate(plan):
    """The second at which an open finds no port; None: never."""
    if 'loads' in plan:
        return simulate_loads(plan)
    ports = Ports(plan)
    load_of(plan, ports)
    return ports.full_at


def random_plan(rng, host=None):
    """host: the settings that two loads of one plan have in common, and who may close."""
    plan = {'kind': rng.choice(['rate', 'rate', 'rates', 'users', 'ramp', 'stages']), 'hz': HZ}
    plan['ports'] = rng.choice([100, 200, 300, 500, 1000])
    if host:
        plan['ports'] = host['ports']
    plan['life'] = rng.choice([0.05, 0.3, 1, 2.5, 7, 13, 20, 45, 60, 75, 130])
    if rng.random() < 0.3:
        plan['life'] = round(rng.uniform(0.1, 100), 2)
    plan['phase'], plan['buckets'] = rng.random(), 10 ** 9
    plan['start'], plan['end'], plan['horizon'] = 'empty', math.inf, 600
    closer = rng.choice(['client', 'client', 'client', 'server', 'reset', 'silent', 'reuse', 'buckets'])
    if host:
        closer = rng.choice(host['closers'])
    plan['closer'], plan['hold'], plan['flags'] = closer, 60, []
    if closer in ('server', 'reset'):
        plan['hold'] = 0
        plan['flags'] += ['--closer', closer]
    elif closer == 'silent':
        plan['fin'] = host['fin'] if host else rng.choice([1, 5, 15, 60])
        plan['hold'] = plan['fin']
        plan['flags'] += ['--peer-close', 'never']
    elif closer == 'reuse':
        plan['hold'] = 1
    elif closer == 'buckets':
        plan['buckets'] = rng.randint(10, plan['ports'])
    plan['step'] = wheel(plan['hold'], HZ) if closer in ('client', 'silent', 'buckets') else 0
    size, life, hold = plan['ports'], plan['life'], plan['hold']
    near = rng.uniform(0.4, 2.5)  # how far beyond the edge
    if host:
        near /= 2
    steady = size * near / (life + hold)  # openings per second that use near × all ports
    if plan['kind'] == 'rate':
        plan['rate'] = float('%.4g' % max(steady, 0.05))
        plan['start'] = rng.choice(['empty', 'empty', 'steady'])
        plan['flags'] += ['--open-rate', f"{plan['rate']}/s"]
        if plan['start'] == 'steady':
            plan['flags'] += ['--start', 'steady']
    elif plan['kind'] == 'rates':
        plan['stages'] = [(rng.choice([0, 5, 20, 60, 100]), round(max(0.1, steady * rng.uniform(0, 3)), 3))
                          for _ in range(rng.randint(1, 5))] + [(rng.choice([10, 60, 120]), round(steady, 3))]
        plan['flags'] += ['--stages', ','.join(f'{s}s:{r}/s' for s, r in plan['stages'])]
        plan['end'] = sum(s for s, _ in plan['stages'])
    else:
        users = max(20, round(steady * life))
        if plan['kind'] == 'users':
            plan['users'] = users
            plan['start'] = rng.choice(['steady', 'together'])
            plan['flags'] += ['--connections', str(users), '--start', plan['start']]
        elif plan['kind'] == 'ramp':
            plan['users'] = users
            plan['ramp'] = float('%.4g' % max(0.2, users / rng.choice([1, 5, 20, 60, 200]) * rng.uniform(0.8, 1.2)))
            if plan['hold']:  # else users who come together by chance count, not the rate
                plan['ramp'] = max(plan['ramp'], 10 / plan['hold'])
            plan['flags'] += ['--connections', str(users), '--ramp-rate', f"{plan['ramp']}/s"]
        else:
            plan['stages'] = [(rng.choice([0, 1, 10, 60, 100]), round(users * rng.uniform(0, 2)) + 20)
                              for _ in range(rng.randint(1, 4))] + [(rng.choice([10, 60, 200]), users)]
            plan['flags'] += ['--stages', ','.join(f'{s}s:{n}' for s, n in plan['stages'])]
            plan['end'] = sum(s for s, _ in plan['stages'])
    plan['flags'] += ['--lifetime', f"{plan['life']}s"]
    if plan['kind'] not in ('rates', 'stages'):
        plan['end'] = plan['horizon']
        if rng.random() < 0.7:
            plan['end'] = rng.choice([10, 30, 65, 100, 240])
        plan['flags'] += [rng.choice(['--duration', '--timeout']), f"{plan['end']}s"]
    if rng.random() < 0.15:
        plan['total'] = rng.randint(size // 2, 3 * size)
        plan['flags'] += ['--opens-total', str(plan['total'])]
    return plan


def random_loads(rng):
    """Two loads that connect to the same address and port, in one host."""
    closers = rng.choice([['client', 'client', 'server', 'reset', 'silent'], ['reuse', 'reuse', 'server', 'reset'],
                          ['buckets', 'buckets', 'server', 'reset']])
    host = {'ports': rng.choice([100, 200, 300, 500, 1000]), 'closers': closers, 'fin': rng.choice([1, 5, 15, 60])}
    loads = [random_plan(rng, host), random_plan(rng, host)]
    plan = {'kind': loads[0]['kind'] + ' + ' + loads[1]['kind'], 'hz': HZ, 'ports': host['ports'], 'loads': loads,
            'closer': loads[0]['closer'] + ' + ' + loads[1]['closer'], 'phase': rng.random(), 'buckets': 10 ** 9,
            'hold': 60, 'step': 0, 'fin': host['fin'], 'reuse': 'reuse' in closers}
    if 'buckets' in closers:
        plan['buckets'] = rng.randint(10, plan['ports'])
    plan['end'] = max(load['end'] for load in loads)
    plan['flags'] = loads[0]['flags'] + ['+'] + loads[1]['flags']
    return plan


def settings(plan):
    facts = {'os.name': 'linux', 'kernel.hz': plan['hz'], 'net.ipv4.ip_local_port_range': f"10000 {9999 + plan['ports']}",
             'net.ipv4.tcp_tw_reuse': 1 if plan['closer'] == 'reuse' or plan.get('reuse') else 0, 'net.ipv4.tcp_timestamps': 1,
             'net.ipv4.tcp_fin_timeout': plan.get('fin', 60),
             'net.ipv4.tcp_max_tw_buckets': min(plan['buckets'], 262144)}
    return facts


def near(said, truth):
    return abs(said - truth) <= max(0.02 * truth, 0.03)


def seconds(plan):
    """The second at which the ports run out, and what one port less or more makes of it; None: never. Nobody says
    whether the first user of a ramp comes at once or when the second one is due. What is open at the start is rounded,
    so that two connections are one more."""
    step = 2 if plan['kind'] == 'rate' and plan['start'] == 'steady' else 1
    return [simulate(dict(plan, ports=plan['ports'] + step * more, first=(1 + more) / 2)) for more in (-1, 0, 1)]


def verdict(plan, said):
    """Right is what is near the simulation, or between it and what one port less or more makes of it."""
    early, truth, late = seconds(plan)
    if said is None:
        return truth, late is None
    if early is None:
        return truth, False
    after = said >= early or near(said, early) or truth is not None and near(said, truth)
    before = late is None or said <= late or near(said, late)
    return truth, after and before


def table(word, make, count, seed):
    """tests/exhaustion.test: settings, flags, and the three seconds of each plan."""
    rng = random.Random(seed)
    print('# Written by tests/live/simulate.py', word, count, seed)
    print('# ports tw_reuse fin_timeout buckets; seconds at which ports - 1, ports, ports + 1 run out, - never; flags')
    for _ in range(count):
        plan = make(rng)
        facts = settings(plan)
        said = ['-' if t is None else '%.6g' % t for t in seconds(plan)]
        print(plan['ports'], facts['net.ipv4.tcp_tw_reuse'], facts['net.ipv4.tcp_fin_timeout'],
              facts['net.ipv4.tcp_max_tw_buckets'], *said, *plan['flags'])


def compare(make, headroom, count, seed):
    rng, wrong, late = random.Random(seed), 0, []
    facts = os.path.join(tempfile.mkdtemp(), 'facts.json')
    for i in range(count):
        plan = make(rng)
        with open(facts, 'w') as file:
            json.dump({'schema': 'headroom.facts/2', 'collected': 'complete', 'facts': settings(plan)}, file)
        command = [headroom, 'audit', '--facts', facts, '--no-history', '-o', 'json', *plan['flags']]
        out = subprocess.run(command, capture_output=True, text=True)
        if not out.stdout:
            print(' '.join(command[4:]), out.stderr.strip())
            wrong += 1
            continue
        limit = [r for r in json.loads(out.stdout)['resources'] if r['id'] == 'ephemeral-ports'][0]
        truth, good = verdict(plan, limit['exhausted_at_s'])
        if truth and limit['exhausted_at_s']:
            late.append(limit['exhausted_at_s'] / truth - 1)
        if not good:
            wrong += 1
            print(f"plan {i}: said {limit['exhausted_at_s']}, simulated {truth}: {plan['kind']} {plan['closer']} ports {plan['ports']} hold {plan['hold']} buckets {plan['buckets']} phase {plan['phase']:.2f}", *plan['flags'])
    late.sort()
    late = late or [0]
    print(f'{count - wrong} passed, {wrong} failed, 0 skipped; off by {late[0]:+.4f} to {late[-1]:+.4f}, median {late[len(late) // 2]:+.5f}')
    return wrong > 0


if __name__ == '__main__':
    word = sys.argv[1]
    make = random_loads if word.endswith('-loads') else random_plan
    if word.startswith('print'):
        table(word, make, int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(compare(make, sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))

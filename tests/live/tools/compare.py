"""What headroom said against what was counted, each value by the confidence it was said with:

  exact       within 1% (connections) or 10% (what is opened, descriptors); one more is nothing
  bound       never below what was counted
  estimate    not below it by more than a third; far above is said, and no fault

A value that is too low is WRONG: it is what makes a plan pass that breaks."""
LOW, HIGH = 1.34, 2.0
CHURN = 0.25
EXACT = {'connections': 0.01, 'opens': 0.10, 'left': 0.05}
RIGHT, IN_RANGE, HELD, TOO_HIGH, WRONG = 'right', 'estimate in range', 'bound held', 'too high', 'WRONG'
FALSE_PASS, FALSE_FAIL, ASKED, NOT_READ, SKIPPED = 'WRONG: false PASS', 'too high: false FAIL', 'asked', 'not read', 'skipped'
# A run that was looked at less often was too short for its peak to be seen.
FEWEST_LOOKS = 8
# Descriptors and threads that no host breaks by.
FEW = 16
LITTLE_MEMORY_KB = 64 * 1024
# The worst of a row's values is the row's.
ORDER = [RIGHT, HELD, IN_RANGE, TOO_HIGH, WRONG]
MAIN = ('connections', 'opens', 'closer')
NO_READER = 'is no load test tool that headroom reads'


def judge(predicted, counted, confidence, within):
    # A bound has no room but that of the counting.
    room = max(1, within * counted) if confidence != 'bound' or within == CHURN else 1
    if abs(predicted - counted) <= room:
        return {'exact': RIGHT, 'bound': HELD}.get(confidence, IN_RANGE)
    if confidence == 'exact':
        return WRONG if counted > predicted else TOO_HIGH
    if confidence == 'bound':
        return WRONG if counted > predicted else HELD
    if counted > max(predicted * LOW, predicted + 3):
        return WRONG
    return TOO_HIGH if predicted > max(counted * HIGH, counted + 3) else IN_RANGE


def check(what, predicted, counted, confidence, within):
    ratio = predicted / counted if counted else None
    return {'what': what, 'predicted': round(predicted, 2), 'counted': counted, 'confidence': confidence,
            'ratio': ratio and round(ratio, 3), 'verdict': judge(predicted, counted, confidence, within)}


def confidence_of(plan, *names):
    """Of what several values make: the least sure one's."""
    order = ['exact', 'bound', 'estimate']
    given = [plan['origins'].get(name, {}).get('confidence') for name in names]
    return max((c for c in given if c in order), key=order.index, default='estimate')


def opened(timeline):
    """Connections that the plan opens over its time."""
    t, live, rate = timeline['t'], timeline['series']['live'], timeline['series']['opens_per_s']
    total = live[0] if live else 0
    for i in range(1, len(t)):
        if t[i] == t[i - 1]:
            total += max(0, live[i] - live[i - 1])
        total += (t[i] - t[i - 1]) * rate[i - 1]
    return total


def opened_together(plan):
    """What all is opened at one moment, again and again, has no rate."""
    life, lasts = number(plan, 'lifetime_s'), number(plan, 'duration_s')
    if plan.get('start') != 'together' or not life or not lasts:
        return None
    return plan['connections'] * (1 + lasts // life)


def number(plan, name):
    value = plan.get(name)
    return value if isinstance(value, (int, float)) else None


def peak_check(plan, audit, measured):
    said = number(plan, 'connections')
    live = max(audit['timeline']['series']['live']) if audit and audit.get('timeline') else said
    names = ['connections'] if said is not None else ['open_rate_per_s', 'lifetime_s', 'latency_s']
    predicted = max(live, said) if said is not None and not plan.get('stages') else live
    if predicted is None or measured['looks_per_s'] * measured['took_s'] < FEWEST_LOOKS:
        return []
    return [check('connections', predicted, measured['peak'], confidence_of(plan, *names), peak_within(measured))]


def peak_within(measured):
    """A list of sockets is not of one moment: where they come and go, one that just closed and the one that came for it
    are both in it."""
    return CHURN if measured['opens'] > 3 * measured['peak'] else EXACT['connections']


def opens_check(plan, audit, measured):
    total, rate, live = number(plan, 'opens_total'), number(plan, 'open_rate_per_s'), number(plan, 'connections')
    if total is not None:
        return [check('opens', total, measured['opens'], confidence_of(plan, 'opens_total'), EXACT['opens'])]
    steady = not plan.get('stages') and number(plan, 'lifetime_s') is None
    if rate is not None and live is not None and steady:
        lasts = number(plan, 'duration_s') or measured['took_s'] or 0
        return [check('opens', live + rate * lasts, measured['opens'], confidence_of(plan, 'open_rate_per_s', 'connections'),
                      EXACT['opens'])]
    if audit and audit.get('timeline'):
        return [check('opens', opened_together(plan) or opened(audit['timeline']), measured['opens'],
                      confidence_of(plan, 'open_rate_per_s', 'lifetime_s', 'connections'), EXACT['opens'])]
    return []


def closer_check(plan, measured):
    """Who keeps TIME_WAIT. On loopback a server that closes first is a matter of scheduling: then nothing is judged."""
    said, opens = plan.get('closer'), measured['opens']
    if not said or opens < 10:
        return []
    own, other = measured['time_wait_client'] / opens, measured['time_wait_server'] / opens
    wrong = (said == 'client' and other > 0.5 and own < 0.5) or (said == 'reset' and own > 0.5)
    wrong = wrong or (said == 'server' and own > 0.95 and other < 0.05)
    return [{'what': 'closer', 'predicted': said, 'counted': 'client %d %%, server %d %%' % (100 * own, 100 * other),
             'confidence': confidence_of(plan, 'closer'), 'ratio': None, 'verdict': WRONG if wrong else RIGHT}]


def left_check(plan, audit, measured):
    end = ((audit or {}).get('timeline') or {}).get('end')
    if not end or end['time_wait'] is None or plan.get('closer') != 'client':
        return []
    return [check('TIME_WAIT left', end['time_wait'], measured['time_wait_client'], end['confidence'], EXACT['left'])]


def proxy_checks(setup, plan, measured):
    """Connections to the upstreams, of so many clients that send so many requests each."""
    _, clients, requests = [int(word) for word in setup['drive'].split(':')]
    upstream = plan['upstream']
    rate, asked = upstream.get('open_rate_per_s') or 0, plan.get('requests_per_s') or 0
    share = rate / asked if asked else 0
    opens = clients * requests if share >= 1 else clients + clients * requests * share
    found = [check('connections', upstream.get('connections', plan['connections']), measured['peak'],
                   confidence_of(plan, 'upstream.connections'), 0.01),
             check('opens', opens, measured['opens'], confidence_of(plan, 'upstream.open_rate_per_s'), 0.10)]
    as_client = {'closer': upstream.get('closer'), 'origins': {'closer': plan['origins'].get('upstream.closer', {})}}
    return found + closer_check(as_client, measured)


def resource_checks(plan, measured):
    process, found = measured['process'], []
    for name, counted in (('fds_base', process['fds_base']), ('threads', process['threads'])):
        if number(plan, name) is None:
            continue
        # What comes with each connection beside its socket.
        more = (number(plan, 'fds_per_connection') or 1) - 1 if name == 'fds_base' else 0
        one = check(name, plan[name] + more * measured['peak'], counted, confidence_of(plan, name), 0.10)
        if one['verdict'] == WRONG and one['confidence'] == 'estimate' and counted <= plan[name] + FEW:
            one['verdict'] = IN_RANGE
        found.append(one)
    base, each = number(plan, 'memory_base_bytes'), number(plan, 'memory_per_connection_bytes')
    user = number(plan, 'memory_per_user_bytes')
    if base is not None or each is not None or user is not None:
        own = (base or 0) + (each or 0) * measured['peak'] + (user or 0) * (number(plan, 'users') or 0)
        names = ['memory_base_bytes', 'memory_per_connection_bytes', 'memory_per_user_bytes']
        memory = check('memory', own / 1024, process['memory_kb'], confidence_of(plan, *names), 0.10)
        # No host breaks by so little; results that a tool keeps of each request are part of it.
        if memory['verdict'] == WRONG and process['memory_kb'] - own / 1024 < LITTLE_MEMORY_KB:
            memory['verdict'] = IN_RANGE
        found.append(memory)
    return found


def expected_exit(setup, status):
    """0, or what the row says. Of a tool that breaks any status will do where none is named."""
    if 'exit' in setup:
        return status == int(setup['exit'])
    return status == 0 or 'says' in setup


def limits_verdict(answer, measured):
    """A range of ports or a descriptor limit that is too small: the audit fails, and so does the tool."""
    broke = measured['says'] is not None
    verdict = (answer['audit'] or {}).get('verdict')
    if verdict == 'pass' and broke:
        return FALSE_PASS
    if verdict == 'fail' and not broke:
        return FALSE_FAIL
    return RIGHT if broke else 'not broken: %s' % measured['last_words'][:60]


def row_verdict(row, result):
    """(verdict, checks) of one command line."""
    if 'skip' in result:
        return SKIPPED, []
    answer, measured = result['answer'], result['measured']
    if answer['exit'] != 0:
        unread = NO_READER in answer['error']
        return (NOT_READ if unread else ASKED if answer['exit'] == 2 else WRONG), []
    plan, audit = answer['plan'], answer['audit']
    if measured['took_s'] is not None and not expected_exit(row.setup, measured['exit']):
        return 'WRONG: exit status %s' % measured['exit'], []
    if 'says' in row.setup:
        return limits_verdict(answer, measured), []
    if measured['took_s'] is None:
        return 'WRONG: the tool did not end', []
    if 'drive' in row.setup:
        checks = proxy_checks(row.setup, plan, measured)
        return max((c['verdict'] for c in checks), key=ORDER.index), checks
    checks = peak_check(plan, audit, measured) + opens_check(plan, audit, measured) + closer_check(plan, measured)
    checks += left_check(plan, audit, measured) + resource_checks(plan, measured)
    # A descriptor or a thread too many is said, and makes no row wrong.
    main = [c['verdict'] for c in checks if c['verdict'] != TOO_HIGH or c['what'] in MAIN]
    worst = max(main, key=ORDER.index, default=RIGHT)
    return worst, checks

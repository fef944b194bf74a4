"""Kinds "tcp" and "udp": how many connections a plan gets beside the sockets that are there."""
import math
import os
import time
from fractions import Fraction

from . import ask, space
from .sockets import FOUR, FULL, PORTS, SIX, TCP, UDP, Around, client, family_of, reset

LIMIT = "ephemeral-ports"
BOTH = "10.9.0.3"  # the other address of a name that has two


# --- drawing ---

def draw_host(rng):
    width = rng.choice([rng.randint(4, 30), rng.randint(40, 120), rng.randint(40, 120), rng.randint(120, 400)])
    if rng.random() < 0.02:
        width = rng.randint(400, 1500)
    unprivileged = rng.choice([1024, 1024, 1024, 100, 0])
    low = rng.randint(max(unprivileged, 100), 64000 - width)
    if rng.random() < 0.5:
        width += width % 2
    reserved = set()
    if rng.random() < 0.5:
        for _ in range(rng.choice([1, 2, 3, 40])):
            first = rng.randint(low - 5, low + width + 5)
            reserved |= set(range(first, first + rng.choice([1, 1, 1, 4, 12])))
    return {
        "low": low, "high": low + width - 1, "unprivileged": unprivileged,
        "reserved": sorted(p for p in reserved if 0 < p < 65536),
        "tw_reuse": rng.choice([0, 0, 1, 2]), "tw_delay_ms": rng.choice([1, 1, 60000]),
        "timestamps": rng.choice([1, 1, 1, 0]),
    }


def draw_ports(rng, host):
    """Some ports of the range, a few next to it."""
    count = rng.randint(1, max(1, min(15, (host["high"] - host["low"]) // 4)))
    return [rng.randint(host["low"] - 1, host["high"] + 1) for _ in range(count)]


def draw_pinned(rng, host):
    address = rng.choice(["0.0.0.0", "::", "::", "127.0.0.1", "10.9.0.1", "10.9.0.2", "::1", "fd00::1"])
    step = {"do": rng.choice(["listen", "listen", "bound"]), "address": address, "ports": draw_ports(rng, host)}
    if address == "::" and rng.random() < 0.5:
        step["only_six"] = True
    if rng.random() < 0.3:
        step["reuse"] = rng.choice(["addr", "port"])
    if step["do"] == "listen" and rng.random() < 0.4:
        step["used"] = rng.randint(1, 3)
        step["ends"] = rng.choice(["open", "open", "server"])
        step["gone"] = rng.random() < 0.3
    return step


def draw_end(rng, far=True):
    """A destination."""
    address = rng.choice(space.FOURS + space.SIXES)
    if far and rng.random() < 0.1:
        address = rng.choice(space.FAR)
    return address, PORTS[rng.random() < 0.15]


def draw_source(rng, to):
    """An address that can be bound towards this destination."""
    if to in space.FAR:
        return rng.choice(["10.9.0.1", "10.9.0.2"])
    return rng.choice(space.FOURS if family_of(to) == FOUR else space.SIXES)


def draw_connected(rng, host, plan):
    to, port = draw_end(rng)
    bind = rng.choice(["none", "none", "none", "address", "wildcard", "noport"])
    if rng.random() < 0.5:  # in the plan's own way
        to, port = rng.choice(plan["to"])
        bind = rng.choice([bind, plan["bind"]])
    source = draw_source(rng, to)
    if plan["sources"] and family_of(plan["sources"][0]) == family_of(to) and rng.random() < 0.5:
        source = rng.choice(plan["sources"])
    state = rng.choice(["open", "open", "time_wait", "time_wait", "time_wait", "fin_wait2", "close_wait", "gone"])
    return {"do": "connect", "count": rng.randint(1, max(1, (host["high"] - host["low"]) // 2)), "to": to, "port": port,
            "bind": bind, "source": source, "state": state,
            "mapped": family_of(to) == FOUR and rng.random() < 0.25}


def draw_udp(rng, host):
    connected = rng.random() < 0.5
    step = {"do": "udp", "count": rng.randint(1, max(1, (host["high"] - host["low"]) // 4)), "connected": connected}
    if connected:
        step["address"] = rng.choice(space.FOURS + space.SIXES)
        step["bind"] = rng.choice(["none", "none", "address", "wildcard"])
        step["source"] = draw_source(rng, step["address"])
        step["mapped"] = family_of(step["address"]) == FOUR and rng.random() < 0.25
    else:
        step["address"] = rng.choice(["0.0.0.0", "::", "::"] + space.FOURS + space.SIXES)
        step["only_six"] = step["address"] == "::" and rng.random() < 0.5
        step["reuse"] = rng.choice([None, None, "addr", "port"])
    return step


def draw_spelling(rng, address, late):
    """One of the ways in which people write it. "name": /etc/hosts knows it, "both": with another address beside it,
    "given": --resolve does, "lost": nobody."""
    if rng.random() < 0.2:
        return rng.choice(["name", "name", "given", "lost"] + ["both"] * late)
    if address == "127.0.0.1" and late and rng.random() < 0.3:
        return rng.choice(["localhost", "LocalHost"])
    if family_of(address) == FOUR:
        return rng.choice([address, address, "[::ffff:%s]" % address, "[::FFFF:%s]" % address])
    ways = [address, address.upper(), address.replace("::", ":0:0:0::")]
    if address == "::1":
        ways = [address, "0::1", "0:0:0:0:0:0:0:1"]
    return "[%s]" % rng.choice(ways)


def addresses_of(address, word):
    """Those that the destination's name has: whichever is taken, there must be room."""
    if word == "both":
        return [address, BOTH]
    if word.lower() == "localhost":
        return ["127.0.0.1", "::1"]
    return [address]


def draw_plan(rng, kind):
    bind = rng.choice(["none", "none", "noport", "address", "wildcard"])
    first = draw_end(rng, far=kind == "tcp")
    to = [first]
    if kind == "tcp" and rng.random() < 0.3:
        others = (space.FOURS if family_of(first[0]) == FOUR else space.SIXES) if bind != "none" else (
            space.FOURS + space.SIXES)
        ends = [(a, p) for a in others for p in PORTS if (a, p) != first]
        to += rng.sample(ends, rng.randint(1, 2))
    sources = []
    if bind in ("address", "noport"):
        sources = [draw_source(rng, first[0])]
        others = [a for a in (space.FOURS if family_of(first[0]) == FOUR else space.SIXES) if a not in sources]
        if first[0] not in space.FAR and rng.random() < 0.3:
            sources += rng.sample(others, rng.randint(1, 2))
    spelled = [draw_spelling(rng, a, bind == "none" and kind == "tcp") for a, _ in to]
    for i, (address, port) in enumerate(to):  # names of several addresses have none of another destination
        beside = {a for k, end in enumerate(to) if k != i and end[1] == port for a in addresses_of(end[0], spelled[k])}
        if beside & set(addresses_of(address, spelled[i])):
            spelled[i] = "name"
    if kind == "tcp" and rng.random() < 0.05:  # the same destination under two names
        to.append(first)
        spelled.append("name")
        spelled[0] = "name" if spelled[0] == "both" or spelled[0].lower() == "localhost" else spelled[0]
    return {"bind": bind, "to": to, "sources": sources, "spelled": spelled}


def drawn_ways(rng, steps, outside):
    """The kernel's tables lack sockets that are bound, and those that are asked from outside are other ones."""
    ways = ask.draw_ways(rng, ["tables"])
    if outside or any(step["do"] == "bound" for step in steps):
        ways = ["snapshot" if way == "tables" else way for way in ways]
    return ways


def draw(rng, kind):
    host, plan = draw_host(rng), draw_plan(rng, kind)
    steps = []
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 4])):
        if rng.random() < 0.4:
            steps.append(draw_pinned(rng, host))
        elif kind == "udp" and rng.random() < 0.8:
            steps.append(draw_udp(rng, host))
        else:
            steps.append(draw_connected(rng, host, plan))
    if kind == "tcp" and rng.random() < 0.02:
        steps.append({"do": "many", "destinations": 40, "count": min(150, (host["high"] - host["low"]) // 3)})
    outside = rng.random() < 0.15
    return {"host": host, "steps": steps, "plan": plan, "ways": drawn_ways(rng, steps, outside),
            "tell_bound": rng.random() < 0.7, "outside": outside}


def smaller(config):
    """The same with less in it."""
    for i in range(len(config["steps"])):
        yield dict(config, steps=config["steps"][:i] + config["steps"][i + 1:])
    for i, step in enumerate(config["steps"]):
        less = []
        if step.get("count", 0) > 1:
            less.append(dict(step, count=step["count"] // 2))
        if len(step.get("ports", [])) > 1:
            less += [dict(step, ports=step["ports"][::2]), dict(step, ports=step["ports"][1::2])]
        for key in ("used", "ends", "gone", "reuse", "only_six"):
            if step.get(key):
                less.append({k: v for k, v in step.items() if k != key})
        if step.get("mapped"):
            less.append(dict(step, mapped=False))
        for one in less:
            yield dict(config, steps=config["steps"][:i] + [one] + config["steps"][i + 1:])
    host, plan = config["host"], config["plan"]
    for key, value in (("reserved", []), ("tw_reuse", 0), ("unprivileged", 1024), ("timestamps", 1)):
        if host[key] != value:
            yield dict(config, host=dict(host, **{key: value}))
    plain = [a if family_of(a) == FOUR else "[%s]" % a for a, _ in plan["to"]]
    if config["outside"]:
        yield dict(config, outside=False)
    if plan["spelled"] != plain and len(set(map(tuple, plan["to"]))) == len(plain):
        yield dict(config, plan=dict(plan, spelled=plain))
    if len(plan["to"]) > 1:
        yield dict(config, plan=dict(plan, to=plan["to"][:-1], spelled=plan["spelled"][:-1]))
    if len(plan["sources"]) > 1:
        yield dict(config, plan=dict(plan, sources=plan["sources"][:-1]))


# --- truth ---

def set_host(host):
    space.sysctl("net.ipv4.ip_unprivileged_port_start", host["unprivileged"])
    space.sysctl("net.ipv4.ip_local_port_range", "%d %d" % (host["low"], host["high"]))
    space.sysctl("net.ipv4.ip_local_reserved_ports", ",".join(map(str, host["reserved"])))
    space.sysctl("net.ipv4.tcp_tw_reuse", host["tw_reuse"])
    space.sysctl("net.ipv4.tcp_timestamps", host["timestamps"])
    space.sysctl("net.core.somaxconn", 65535)
    try:
        space.sysctl("net.ipv4.tcp_tw_reuse_delay", host["tw_delay_ms"])
    except FileNotFoundError:  # before Linux 6.14 it is one second
        host["tw_delay_ms"] = 1100


def fill(kind, plan, source, to, port):
    """Connects until the kernel refuses."""
    got = []
    answers = to not in space.FAR
    while True:
        try:
            got.append(client(plan["bind"], source, to, port, kind, wait=answers or kind == UDP))
        except OSError as e:
            if e.errno not in FULL:
                raise
            return got


def measure_shared(kind, plan):
    """bind() before connect(), and UDP: a port is taken from all destinations."""
    counts, keep = [], []
    for source in plan["sources"] or [None]:
        got = [s for to, port in plan["to"] for s in fill(kind, plan, source, to, port)]
        counts.append(len(got))
        keep += got
    for s in keep:
        reset(s)
    return counts


def measure_late(kind, plan):
    """connect() alone: every destination has all ports. Names of one destination share them. What one named
    destination gets, as a fraction."""
    ends = [(tuple(addresses_of(to, word)), port) for (to, port), word in zip(plan["to"], plan["spelled"])]
    counts = []
    for source in plan["sources"] or [None]:
        for addresses, port in sorted(set(ends)):
            free = None
            for to in addresses:
                got = fill(kind, plan, source, to, port)
                free = len(got) if free is None else min(free, len(got))
                for s in got:
                    reset(s)
            counts.append(Fraction(free, ends.count((addresses, port))))
    return counts


def measure(kind, config):
    plan, host = config["plan"], config["host"]
    odd = (host["high"] - host["low"] + 1) % 2
    if kind == TCP and plan["bind"] in ("none", "noport"):
        counts = measure_late(kind, plan)
        pools = len(plan["to"]) * max(1, len(plan["sources"]))
    else:
        counts = measure_shared(kind, plan)
        pools = len(counts)
    most = math.floor((min(counts) + odd) * pools)
    return ask.Truth(math.floor(min(counts) * pools), most, most + pools)


# --- asking ---

def options_of(config, kind, plan_names):
    plan = config["plan"]
    to, resolve = [], []
    for i, ((address, port), word) in enumerate(zip(plan["to"], plan["spelled"])):
        if word in ("name", "both", "given", "lost"):
            name = "Host%d.Example" % i
            if word == "given":
                resolve += ["--resolve", "%s:%d:%s" % (name.lower(), port, address)]
            elif word != "lost":
                plan_names[name.lower()] = addresses_of(address, word)
            word = name
        to.append("%s:%d" % (word, port))
    options = ["--role", "client", "--runtime", "native", "--nofile", "1000000", "--bind", plan["bind"],
               "--to", ",".join(to)] + resolve
    if plan["sources"]:
        options += ["--source-addresses", ",".join(plan["sources"])]
    if kind == UDP:
        options += ["--protocol", "udp"]
    return options


def bound_of(around, plan, reused):
    """Ports that clients which called bind() hold outside each of the plan's pools. None: it is not one number."""
    numbers, foreign = set(), 0
    pools = [(to, port) for (address, port), word in zip(plan["to"], plan["spelled"])
             for to in addresses_of(address, word)]
    for to, port in pools:
        for source in plan["sources"] or [space.ROUTED.get(to, to)]:
            own, other, bound = set(), set(), set()
            for here, at, there, there_port, binds, waits in around.held:
                if not around.usable(at):
                    continue
                if (here, there, there_port) == (source, to, port) and not (waits and reused(here, there)):
                    own.add(at)
                else:
                    other.add(at)
                    if binds:
                        bound.add(at)
            foreign = max(foreign, len(other - own))
            numbers.add(len(bound - own))
    return (numbers.pop() if len(numbers) == 1 else None), foreign


def is_exact(config, kind, around, told, foreign, way):
    """Does what can be seen from outside decide the answer?"""
    plan = config["plan"]
    families = {family_of(to) for to, _ in plan["to"]}
    if way == "tables" and not (kind == TCP and plan["bind"] == "noport"):
        return False  # they do not say which sockets are for IPv6 alone, nor what address a route gives
    if "lost" in plan["spelled"] or way in ("facts.json", "tables") and {"name", "both"} & set(plan["spelled"]):
        return False  # in a file, names are not asked for again
    if way == "facts.json" and len({h[:1] + h[2:4] for h in around.held}) > 32:
        return False  # the file lists the 32 with the most sockets
    if kind == TCP and plan["bind"] in ("none", "noport"):
        return told or foreign == 0
    if plan["bind"] == "address" or (kind == UDP and plan["bind"] == "noport"):
        return True
    if kind == TCP and families == {FOUR}:
        return all(family_of(h[0]) == FOUR for h in around.held)
    return False


def run(config, kind_name, headroom, directory):
    kind = UDP if kind_name == "udp" else TCP
    host, plan = config["host"], config["plan"]
    tally = ask.Tally()
    names, vantage, outside = {}, [], None
    if config["outside"] and os.getuid() == 0:
        vantage, outside = ["--pid", str(os.getpid())], ask.Outside()
    space.enter()
    space.network()
    set_host(host)
    around = Around(host)
    around.serve()
    around.take(config["steps"])
    options = options_of(config, kind, names)
    if names:
        space.hosts(directory, names)

    def reused(here, there):
        loop = any(a.startswith("127.") or a == "::1" for a in (here, there))
        return (host["timestamps"] and host["tw_delay_ms"] < 2000 and
                (host["tw_reuse"] == 1 or host["tw_reuse"] == 2 and loop))
    if host["tw_reuse"] and host["tw_delay_ms"] < 2000:
        time.sleep(host["tw_delay_ms"] / 1000 + 0.01)
    bound, foreign = bound_of(around, plan, reused)
    late = kind == TCP and plan["bind"] in ("none", "noport")
    told = late and config["tell_bound"] and foreign > 0 and bound is not None
    more = ["--set", "ports.bound_connected=%d" % bound] if told else []
    asking = ask.Asking(headroom, directory, LIMIT, config["ways"], vantage, outside=outside)
    truth = measure(kind, config)  # takes ports, and leaves none of them
    tally.truth = truth.least
    exact = [way for way in asking.ways if is_exact(config, kind, around, told, foreign, way)]
    ask.compare(tally, asking, options + more, truth, exact)
    return tally

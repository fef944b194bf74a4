"""Kind "erlang": the ports and processes of a virtual machine that runs, as it says itself."""
import os
import resource
import shutil
import subprocess

from . import ask, space

PORTS, PROCESSES = "erlang-ports", "erlang-processes"
SAY = 'io:format("~p ~p~n", [erlang:system_info(port_limit), erlang:system_info(process_limit)]), timer:sleep(infinity)'


def erl():
    return shutil.which("erl")


def draw(rng, kind):
    def number():
        return rng.choice([1024, 1025, 5000, 65536, 100000, rng.randint(1024, 300000)])
    variables = {}
    for name in ("ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS"):
        if rng.random() < 0.25:
            variables[name] = " ".join("+%s %d" % (flag, number()) for flag in rng.choice(["Q", "P", "QP"]))
    if rng.random() < 0.3:
        variables["ERL_MAX_PORTS"] = str(rng.choice([10, 1024, 3000, number()]))
    flags = []
    for flag in "QP":
        if rng.random() < 0.5:
            flags += ["+" + flag, str(number())]
    hard = rng.randint(200, 20000)
    return {"variables": variables, "flags": flags, "soft": rng.randint(200, hard), "hard": hard,
            "ways": ask.draw_ways(rng)}


def smaller(config):
    for name in config["variables"]:
        yield dict(config, variables={k: v for k, v in config["variables"].items() if k != name})
    if config["flags"]:
        yield dict(config, flags=config["flags"][2:])


def limited(config):
    def prepare():
        resource.setrlimit(resource.RLIMIT_NOFILE, (config["soft"], config["hard"]))
    return prepare


def compare(tally, asking, options, truth):
    """The capacity of a limit is what the machine says."""
    for way in asking.ways:
        answer = asking.ask(way, options)
        tally.questions += 1
        if answer.capacity == truth:
            tally.exact += 1
        else:
            tally.wrong.append("%s said, really %d: %s" % (answer.capacity, truth, answer.command))


def run(config, kind, headroom, directory):
    tally = ask.Tally()
    if not erl():
        return tally
    space.enter()
    command = [erl(), "-noshell", "-noinput"] + config["flags"] + ["-eval", SAY]
    machine = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                               preexec_fn=limited(config), env=dict(os.environ, **config["variables"]))
    ports, processes = map(int, machine.stdout.readline().split())
    tally.truth = ports
    vantage = ["--pid", str(machine.pid)]
    options = ["--role", "server", "--runtime", "erlang", "--connections", "10"]
    asking = ask.Asking(headroom, directory, None, config["ways"], vantage)
    for asking.limit, truth in ((PORTS, ports), (PROCESSES, processes)):
        compare(tally, asking, options, truth)
    machine.kill()
    machine.wait()
    return tally

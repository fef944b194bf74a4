"""Random images of somebody hostile, for fix --root: links out of the tree in any place, FIFOs, devices' names, endless files,
and journals that name anything. Usage: hostile_images.py HEADROOM COUNT [SEED], in an empty directory.

Whatever they hold: nothing outside the image is read (its text appears nowhere, and a FIFO is never opened), written or
removed, no live setting is touched, and the run ends at once with a status that is its own.
"""

import json
import os
import random
import subprocess
import sys

headroom, count = sys.argv[1], int(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
SECRET = "net.ipv4.ip_local_port_range = 12345 23456"
PLACES = ["etc", "etc/sysctl.d", "etc/sysctl.d/99-zz-headroom.conf", "etc/sysctl.d/10-a.conf", "etc/sysctl.conf", "etc/security",
          "etc/security/limits.d", "etc/security/limits.d/99-zz-headroom.conf", "etc/security/limits.conf", "etc/modules-load.d",
          "etc/modules-load.d/headroom.conf", "etc/systemd/system/web.service", "etc/systemd/system/web.service.d",
          "etc/systemd/system/web.service.d/headroom.conf", "etc/systemd/system.conf", "etc/tuned/active_profile",
          "etc/tuned/x/tuned.conf", "usr/lib/sysctl.d", "usr/lib/modules", "lib", "etc/hostname", "etc/hosts", "etc/passwd",
          "var", "var/lib", "var/lib/headroom", "var/lib/headroom/fix", "var/lib/headroom/fix/journal.json",
          "var/lib/headroom/fix/lock", "proc", "proc/sys/net/ipv4/ip_local_port_range", "run/sysctl.d/1.conf", "MANIFEST", "ORIGIN"]
NAMES = ["/etc/cron.d/evil", "/etc/passwd", "/etc/sysctl.d/99-zz-headroom.conf", "/etc/../../outside/victim", "/outside/victim",
         "/etc/security/limits.d/99-zz-headroom.conf", "kernel.core_pattern", "net.ipv4.tcp_fin_timeout", "../outside/victim",
         "/etc/systemd/system/web.service.d/headroom.conf", "/etc/systemd/system/../../cron.d/x", "", "/", "/etc"]
LIVE = ["/proc/sys/net/ipv4/tcp_fin_timeout", "/proc/sys/net/ipv4/ip_local_port_range", "/proc/sys/kernel/core_pattern",
        "/proc/sys/net/core/somaxconn"]


def clear(directory):
    subprocess.run(["rm", "-rf", directory], check=True)
    os.mkdir(directory)


def put(path, content):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)


def make_outside():
    clear("outside")
    put("outside/victim", "as it was\n")
    put("outside/secret.conf", SECRET + "\n")
    os.mkdir("outside/sysctl.d")
    put("outside/sysctl.d/1.conf", SECRET + "\n")
    os.mkdir("outside/empty")
    os.mkfifo("outside/pipe")


def tree(top):
    found = []
    for directory, names, files in os.walk(top):
        for name in sorted(names + files):
            path = os.path.join(directory, name)
            status = os.lstat(path)
            content = open(path).read() if os.path.isfile(path) and not os.path.islink(path) else ""
            found.append((path, status.st_mode, status.st_uid, status.st_mtime_ns if content else 0, content))
    return sorted(found)


def journal(random_):
    entries = []
    for _ in range(random_.randrange(4)):
        entries.append({"kind": random_.choice(["sysctl", "file", "directory", "x"]), "name": random_.choice(NAMES),
                        "existed": random_.choice([True, False]), "before": random_.choice(["", "37", "7c2f746d702f78", "zz"]),
                        "mode": random_.choice([420, 2541, 0, -1]), "uid": random_.choice([0, 2001, -1]), "gid": 0,
                        "modified_s": random_.choice([0, 1e18]), "modified_ns": 0, "after": random_.choice([[], ["37"], [""]])})
    return json.dumps({"schema": "headroom.journal/1", "plan": "", "date": "", "tool": "", "entries": entries})


def content(random_, place):
    if place.endswith("journal.json"):
        return journal(random_)
    return random_.choice(["", SECRET.replace("12345", "30000") + "\n", "* soft nofile 3000\n", "x\n", "[main]\ninclude=x\n",
                           "[Service]\nLimitNOFILE=5000\n", "web\n" * 10, "\0" * 20, "net.core.somaxconn = 9\n"])


def make_directories(path):
    """Makes them, and follows no link: one of an image that was just made leads to this machine's own files."""
    so_far = ""
    for part in path.split("/"):
        so_far = os.path.join(so_far, part)
        if os.path.islink(so_far):
            return False
        if not os.path.lexists(so_far):
            os.mkdir(so_far)
        elif not os.path.isdir(so_far):
            return False
    return True


def make_image(random_):
    clear("image")
    for place in random_.sample(PLACES, random_.randrange(3, 14)):
        path = "image/" + place
        if not make_directories(os.path.dirname(path)) or os.path.lexists(path):
            continue
        try:
            kind = random_.randrange(10)
            target = random_.choice(["../outside", "../../outside/secret.conf", os.path.abspath("outside/sysctl.d"),
                                     os.path.abspath("outside/secret.conf"), os.path.abspath("outside/victim"),
                                     os.path.abspath("outside/pipe"), "../../../outside/empty", "/proc/self/root" +
                                     os.path.abspath("outside/victim"), "/dev/zero", ".", "/", "/etc", "nowhere"])
            if kind < 4:
                os.symlink(target, path)
            elif kind == 4:
                os.mkfifo(path)
            elif kind == 5:
                os.makedirs(path)
            elif kind == 6:
                put(path, "")
                os.truncate(path, 1 << 30)
            else:
                put(path, content(random_, place))
                os.chmod(path, random_.choice([0o600, 0o644, 0o666, 0o000]))
        except OSError:
            continue


def run(arguments):
    return subprocess.run([headroom, "fix", "--root", "image"] + arguments, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=300, check=False)


def live():
    return [open(path).read() for path in LIVE if os.path.exists(path)]


def problems(random_):
    make_outside()
    make_image(random_)
    before, settings = tree("outside"), live()
    plan = ["ws-client", "--connections", str(random_.choice([60000, 5000])), "--lifetime", "60s"]
    steps = [["--undo", "--force"], ["--verify"], plan + ["--apply", "--yes"], plan + ["--apply", "--yes", "--unit", "web"], plan,
             plan + ["--verify"], ["--undo"], plan + ["--unit", "web"]]
    for step in random_.sample(steps, 4):
        try:
            done = run(step)
        except subprocess.TimeoutExpired:
            yield f"{step}: it hangs"
            return
        output = (done.stdout + done.stderr).decode(errors="replace")
        if done.returncode not in (0, 1, 2, 3, 4):
            yield f"{step}: exit {done.returncode}"
        if "12345 23456" in output or "as it was" in output.replace("as it was\n", "", output.count(": as it was")):
            yield f"{step}: something outside was read"
    if tree("outside") != before:
        yield "something outside has changed"
    if live() != settings:
        yield "a live setting has changed"


def main():
    bad = 0
    for number in range(count):
        for problem in problems(random.Random(seed + number)):
            bad += 1
            print(f"# {headroom} 1 {seed + number}: {problem}")
    print(f"# {count} images, seed {seed}, {bad} problems")
    sys.exit(bad > 0)


main()

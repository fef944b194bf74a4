"""A machine of its own for a test: namespaces for processes, files, network, names, and where it is asked for control
groups, over an overlay of this machine's files. With systemd as process 1, or with nothing but what the test starts.

Whatever is written in it is gone with it: files are in memory, control groups are removed, processes end with process 1.
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

GROUPS = "/sys/fs/cgroup"
MADE = r"""
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/up" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/root"
cd "$1/root"
rm -f .dockerenv run/.containerenv
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p run/netns run/sshd
ip link set lo up
"""
WITH_GROUPS = r"""
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
while read -r name hierarchy _ _; do
    case $name:$hierarchy in "#"*|*:0) continue ;; esac
    mkdir -p "sys/fs/cgroup/$name" && mount -t cgroup -o "$name" cgroup "sys/fs/cgroup/$name" || rmdir "sys/fs/cgroup/$name"
done <proc/cgroups
mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
"""
SYSTEMD = r"""
rm -rf etc/systemd/system/*.wants
printf '[Unit]\nDefaultDependencies=no\nAllowIsolate=yes\n' >etc/systemd/system/test.target
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare -R "$1/root" \
    /lib/systemd/systemd --unit=test.target --log-target=console --show-status=no
"""
PLAIN = 'exec unshare -R "$1/root" sleep 300\n'


def missing():
    """Why no machine can be made here; None: it can."""
    if os.geteuid() != 0:
        return "needs root"
    if subprocess.run(["unshare", "-m", "-p", "-n", "-i", "-u", "-C", "--fork", "true"], stderr=subprocess.DEVNULL).returncode:
        return "needs the right to make namespaces"
    if "\toverlay\n" not in open("/proc/filesystems").read():
        return "needs overlayfs"
    return None


def may_raise():
    """Has root here the right to raise a hard limit?"""
    with open("/proc/self/status") as status:
        rights = re.search(r"^CapBnd:\s*([0-9a-f]+)", status.read(), re.M)
    return bool(int(rights.group(1), 16) >> 24 & 1)


def own_groups(name):
    """A group of its own in each hierarchy; the caller's child goes into them. None where they cannot be made."""
    made = []
    if not os.path.isdir(GROUPS + "/pids"):
        return None
    for hierarchy in sorted(os.listdir(GROUPS)):
        place = os.path.join(GROUPS, hierarchy, name)
        try:
            os.mkdir(place)
        except OSError:
            continue
        made.append(place)
        if hierarchy == "cpuset":
            for part in ("cpus", "mems"):
                with open(os.path.join(GROUPS, hierarchy, "cpuset." + part)) as old:
                    with open(os.path.join(place, "cpuset." + part), "w") as new:
                        new.write(old.read())
    return made


def remove_group(place):
    for below, _, _ in os.walk(place, topdown=False):
        for _ in range(40):
            try:
                os.rmdir(below)
            except FileNotFoundError:
                pass
            except OSError:
                time.sleep(0.05)
                continue
            break


class Machine:
    def __init__(self, systemd=False, groups=False):
        self.work = tempfile.mkdtemp(prefix="headroom-machine-")
        self.groups = own_groups(os.path.basename(self.work)) if systemd or groups else []
        if self.groups is None:
            raise OSError("no control groups can be made here")
        script = MADE + (WITH_GROUPS if self.groups else "") + (SYSTEMD if systemd else PLAIN)
        words = ["unshare", "-m", "-p", "-n", "-i", "-u", "--fork", "--kill-child", "--mount-proc"]
        words += (["-C"] if self.groups else []) + ["sh", "-e", "-c", script, "sh", self.work]
        self.log = open(os.path.join(tempfile.gettempdir(), os.path.basename(self.work) + ".log"), "w+")
        self.top = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                    preexec_fn=self.enter_groups, start_new_session=True)
        self.sessions = []
        self.first = self.wait_for(self.first_process)
        if systemd:
            ready = ["systemctl", "is-active", "-q", "test.target"]
            self.wait_for(lambda: subprocess.run(self.inside() + ready, stderr=subprocess.DEVNULL).returncode == 0)
            subprocess.run(self.inside() + ["systemctl", "start", "sysinit.target"], check=False)

    def enter_groups(self):
        for place in self.groups:
            with open(place + "/cgroup.procs", "w") as procs:
                procs.write("0")

    def wait_for(self, seen, within=15):
        end = time.monotonic() + within
        while time.monotonic() < end:
            found = seen()
            if found:
                return found
            time.sleep(0.02)
        self.log.seek(0)
        text = self.log.read()
        self.end()
        raise OSError("the machine did not start: " + text[-500:])

    def first_process(self):
        try:
            child = open("/proc/%d/task/%d/children" % (self.top.pid, self.top.pid)).read().split()[0]
            word = os.readlink("/proc/%s/exe" % child)
        except (OSError, IndexError):
            return None
        return int(child) if word.endswith(("/systemd", "/sleep")) else None

    def inside(self):
        return ["nsenter", "-t", str(self.first), "-a", "-r", "-w"]

    def session(self, *prefix):
        self.sessions.append(Session(self.inside() + list(prefix)))
        return self.sessions[-1]

    def end(self):
        for session in self.sessions:
            session.end()
        # SIGKILL to process 1 ends all of them: it is asked for by --kill-child.
        self.top.kill()
        self.top.wait()
        for place in reversed(self.groups):
            remove_group(place)
        self.log.close()
        os.unlink(self.log.name)
        shutil.rmtree(self.work, ignore_errors=True)


class Session:
    """A shell that somebody sits at: what is pasted into it stays in effect for what follows."""

    def __init__(self, prefix):
        self.process = subprocess.Popen(prefix + ([] if prefix[-3:-1] == ["su", "-"] else ["bash", "--norc"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        self.marks = 0

    def run(self, text, within=40):
        """The status and what it printed, of lines that are typed."""
        self.marks += 1
        mark = "end-of-%d" % self.marks
        alarm = signal.signal(signal.SIGALRM, lambda *_: self.process.kill())
        signal.alarm(within)
        try:
            self.process.stdin.write("{ :\n%s\n} </dev/null\necho %s $?\n" % (text, mark))
            self.process.stdin.flush()
            said = []
            for line in self.process.stdout:
                found = re.match(r"(.*)%s (\d+)$" % mark, line.rstrip("\n"))
                if found:
                    said.append(found.group(1))
                    return int(found.group(2)), "\n".join(said).strip()
                said.append(line.rstrip("\n"))
        except BrokenPipeError:
            said = ["the shell has ended"]
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, alarm)
        return -1, "\n".join(said)

    def end(self):
        self.process.kill()
        self.process.wait()

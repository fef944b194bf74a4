"""Private namespaces: what a configuration does is seen by nobody else. Shares no code with headroom."""
import ctypes
import os
import subprocess

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
FOURS = ["10.9.0.1", "10.9.0.2", "10.9.0.3", "127.0.0.1", "127.0.0.2"]
SIXES = ["fd00::1", "fd00::2", "::1"]
FAR = ["192.0.2.7"]  # nobody answers there
ROUTED = {"127.0.0.2": "127.0.0.1", "192.0.2.7": "10.9.0.2"}  # from where connect() goes there, if it is not itself

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, "%s: %s" % (what, os.strerror(error)))


def unshare(flags):
    check(libc.unshare(flags), "unshare")


def mount(source, target, flags, kind=None):
    check(libc.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, None), "mount " + target)


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def as_root():
    """Root of a user namespace of its own, where this process is nobody special."""
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        return
    unshare(CLONE_NEWUSER)
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", "0 %d 1" % uid)
    write("/proc/self/gid_map", "0 %d 1" % gid)


def enter(flags=0):
    """A network and a mount namespace."""
    as_root()
    unshare(CLONE_NEWNET | CLONE_NEWNS | flags)
    mount("none", "/", MS_REC | MS_PRIVATE)


def network():
    """All addresses, and routes to where nobody answers."""
    lines = ["link set lo up"]
    lines += ["addr add %s/32 dev lo" % a for a in FOURS if a.startswith("10.")]
    lines += ["addr add %s/128 dev lo nodad" % a for a in SIXES if a != "::1"]
    lines += ["route add 192.0.2.0/24 dev lo src 10.9.0.2"]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True, stdout=subprocess.DEVNULL)


def sysctl(name, value):
    write("/proc/sys/" + name.replace(".", "/"), str(value))


def hosts(directory, names):
    """names: name -> addresses."""
    path = os.path.join(directory, "hosts")
    lines = ["127.0.0.1 localhost", "::1 localhost"]
    lines += ["%s %s" % (address, name) for name in sorted(names) for address in names[name]]
    write(path, "\n".join(lines) + "\n")
    mount(path, "/etc/hosts", MS_BIND)


def available():
    """None, or why namespaces cannot be made here."""
    pid = os.fork()
    if pid == 0:
        try:
            enter()
            network()
        except (OSError, subprocess.SubprocessError):
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return "private network namespaces are not allowed here, or ip is missing" if status else None

"""What a tool holds while it runs: its sockets, descriptors, threads and memory, and what it leaves. Shares no code with
headroom. Sockets come from the kernel by netlink (sock_diag), of the network namespace that this process is in."""
import os
import socket
import struct
import time

SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLMSG_ERROR, NLMSG_DONE = 4, 20, 2, 3
REQUEST_DUMP = 0x301
TIME_WAIT, LISTEN, SYN_RECEIVED = 6, 10, 12
ALL_STATES = 0xfff
# inet_diag_msg: state, ports of both ends, inode.
STATE, HERE, THERE, INODE = 1, 4, 6, 68


class Sockets:
    """TCP sockets whose other end is one of these ports: those of a client, whatever it is."""

    def __init__(self, ports):
        self.ports = set(ports)
        self.link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, SOCK_DIAG)
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)

    def dump(self, states):
        """(state, own port, other port, inode) of each."""
        found = []
        for family in (socket.AF_INET, socket.AF_INET6):
            request = struct.pack('=BBBxI', family, socket.IPPROTO_TCP, 0, states) + bytes(48)
            header = struct.pack('=IHHII', 16 + len(request), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 1, 0)
            self.link.send(header + request)
            while self.take(self.link.recv(1 << 18), found):
                pass
        return found

    def take(self, data, found):
        """False after the last message of a dump."""
        at = 0
        while at < len(data):
            length, kind = struct.unpack_from('=IH', data, at)
            if kind in (NLMSG_DONE, NLMSG_ERROR):
                return False
            here, there = struct.unpack_from('>HH', data, at + 16 + HERE)
            found.append((data[at + 16 + STATE], here, there, struct.unpack_from('=I', data, at + 16 + INODE)[0]))
            at += (length + 3) & ~3
        return True

    def held(self):
        """Inodes of the client's sockets: those that a process still has a descriptor of."""
        states = ALL_STATES & ~(1 << TIME_WAIT | 1 << LISTEN | 1 << SYN_RECEIVED)
        return {inode for _, _, there, inode in self.dump(states) if there in self.ports and inode}

    def time_wait(self):
        """How many are in TIME_WAIT at the client's side, and at the server's."""
        ends = self.dump(1 << TIME_WAIT)
        return (sum(there in self.ports for _, _, there, _ in ends), sum(here in self.ports for _, here, _, _ in ends))


def counters():
    """The TCP counters of this network namespace."""
    with open('/proc/net/snmp') as file:
        head, values = [line.split() for line in file if line.startswith('Tcp:')]
    return {name: int(value) for name, value in zip(head[1:], values[1:])}


def read(pid, name):
    try:
        with open('/proc/%d/%s' % (pid, name), errors='replace') as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ''


def family_of(root):
    """The process and all that came from it."""
    parents = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            after = read(int(name), 'stat').rpartition(')')[2].split()
            if after:
                parents[int(name)] = int(after[1])
    found, more = set(), {root}
    while more:
        found |= more
        more = {pid for pid, parent in parents.items() if parent in found and pid not in found}
    return found


class Process:
    """The most that was seen of one process."""

    def __init__(self, pid):
        self.pid, self.name = pid, ''
        self.threads = self.memory_kb = self.sockets = self.descriptors = self.soft_limit = 0
        self.strange = set()
        self.others = []  # descriptors that are none of the client's sockets, each time it was looked at

    def look(self, held):
        status = dict(line.split(':', 1) for line in read(self.pid, 'status').splitlines() if ':' in line)
        if 'Threads' not in status:
            return
        self.name = status['Name'].strip()
        self.threads = max(self.threads, int(status['Threads']))
        self.memory_kb = max(self.memory_kb, int(status.get('VmHWM', '0').split()[0]))
        for line in read(self.pid, 'limits').splitlines():
            if line.startswith('Max open files'):
                self.soft_limit = int(line.split()[3])
        self.look_at_descriptors(held)

    def look_at_descriptors(self, held):
        directory = '/proc/%d/fd' % self.pid
        own = files = 0
        strange = set()
        try:
            for name in os.listdir(directory):
                try:
                    target = os.readlink('%s/%s' % (directory, name))
                except FileNotFoundError:
                    continue
                if not target.startswith('socket:['):
                    files += 1
                elif int(target[8:-1]) in held:
                    own += 1
                else:
                    strange.add(target)
        except (FileNotFoundError, ProcessLookupError):
            return
        self.sockets = max(self.sockets, own)
        self.descriptors = max(self.descriptors, own + files + len(strange))
        # A socket that is not connected yet, or no more, is gone at the next look; one of the tool's own stays.
        self.others.append(files + len(strange & self.strange))
        self.strange = strange

    def base(self):
        """Descriptors beside the connections. Between two looks sockets come and go, so it is not the most of them."""
        return sorted(self.others)[len(self.others) // 2] if self.others else 0

    def summary(self):
        return {'name': self.name, 'sockets': self.sockets, 'fds': self.descriptors, 'fds_base': self.base(),
                'threads': self.threads, 'memory_kb': self.memory_kb, 'soft_nofile': self.soft_limit}


class Watch:
    """Looks at a process and its children until it ends."""
    # Sockets at 40 Hz, processes at 5.
    PAUSE_S, PROCESS_PAUSE_S = 0.025, 0.2

    def __init__(self, ports):
        self.sockets = Sockets(ports)
        self.processes, self.peak, self.looks = {}, 0, 0
        self.peak_at_s = 0.0

    def until(self, process, patience_s, driver=None):
        """Seconds that it took, or that its driver took; None if it was too long."""
        began = time.monotonic()
        next_look = began
        while (driver or process).poll() is None:
            now = time.monotonic()
            if now - began > patience_s:
                return None
            held = self.sockets.held()
            self.looks += 1
            if len(held) > self.peak:
                self.peak, self.peak_at_s = len(held), now - began
            if now >= next_look:
                next_look = now + self.PROCESS_PAUSE_S
                self.look_at_processes(process.pid, held)
            time.sleep(max(0.002, self.PAUSE_S - (time.monotonic() - now)))
        return time.monotonic() - began

    def look_at_processes(self, root, held):
        for pid in family_of(root):
            self.processes.setdefault(pid, Process(pid)).look(held)

    def main(self):
        """The process that has the connections."""
        seen = sorted(self.processes.values(), key=lambda p: (p.sockets, p.memory_kb))
        return seen[-1] if seen else Process(0)

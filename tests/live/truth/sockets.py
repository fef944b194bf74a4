"""Sockets of every kind that may be there already. A step is plain data, so that a configuration can be written down,
made smaller and tried again."""
import errno
import select
import socket
import struct
import time

from . import space

FOUR, SIX = socket.AF_INET, socket.AF_INET6
TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM
IP_BIND_ADDRESS_NO_PORT = 24
PORTS = (9, 10)  # where servers listen, below every range
FULL = (errno.EADDRNOTAVAIL, errno.EADDRINUSE, errno.EAGAIN)


def family_of(address):
    return SIX if ":" in address else FOUR


def any_of(family):
    return "::" if family == SIX else "0.0.0.0"


def opened(family, kind, address, port, only_six=False, reuse=None):
    s = socket.socket(family, kind)
    try:
        if only_six:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if reuse:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT if reuse == "port" else socket.SO_REUSEADDR, 1)
        s.bind((address, port))
    except OSError:
        s.close()
        raise
    return s


def patiently(work):
    """In a new namespace the kernel inserts the routes to its IPv6 addresses later than it says."""
    for _ in range(500):
        try:
            return work()
        except OSError as e:
            if e.errno != errno.ENETUNREACH:
                raise
            time.sleep(0.001)
    return work()


def client(bind, source, to, port, kind=TCP, mapped=False, wait=True):
    """A socket that is connected the way the plan says. One that could not connect has lost its port: it is not tried
    again."""
    return patiently(lambda: client_once(bind, source, to, port, kind, mapped, wait))


def client_once(bind, source, to, port, kind, mapped, wait):
    family = SIX if mapped else family_of(to)
    prefix = "::ffff:" if mapped else ""
    s = socket.socket(family, kind)
    try:
        if bind == "noport":
            s.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if bind in ("address", "noport"):
            s.bind((prefix + source, 0))
        elif bind == "wildcard":
            s.bind((any_of(family), 0))
        if not wait:
            s.setblocking(False)
        s.connect((prefix + to, port))
    except BlockingIOError as e:
        if e.errno == errno.EINPROGRESS:
            return s
        s.close()
        raise
    except OSError:
        s.close()
        raise
    return s


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


class Around:
    """The sockets of a host, and what only those who opened them know of them."""

    def __init__(self, host):
        self.low, self.high = host["low"], host["high"]
        self.reserved = set(host["reserved"])
        self.keep = []
        self.servers = {}
        self.next_outside = 40000 if self.high < 40000 else 2000
        self.pinned = set()
        self.held = []  # (local address, port, destination, port there, did it call bind?, is it in TIME_WAIT?)

    def serve(self):
        for address in space.FOURS + space.SIXES:
            for port in PORTS:
                s = opened(family_of(address), TCP, address, port, reuse="addr")
                s.listen(65535)
                self.servers[address, port] = s
                self.keep.append(opened(family_of(address), UDP, address, port))

    def usable(self, port):
        return self.low <= port <= self.high and port not in self.reserved and port not in self.pinned

    def outside(self):
        """A port outside the range, for the other end of a connection."""
        self.next_outside += 1
        return self.next_outside

    def note(self, s, bound, waits=False):
        here, there = s.getsockname(), s.getpeername()
        plain = [end[0].replace("::ffff:", "") for end in (here, there)]
        self.held.append((plain[0], here[1], plain[1], there[1], bound, waits))

    # --- one step each ---

    def listen(self, step):
        """Listeners inside the range, with connections through them. What they leave behind when they are gone."""
        for port in step["ports"]:
            address = step["address"]
            try:
                s = opened(family_of(address), TCP, address, port, step.get("only_six"), step.get("reuse"))
                s.listen(5)
            except OSError:
                continue
            to = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
            for _ in range(step.get("used", 0)):
                c = opened(family_of(to), TCP, to, self.outside())
                patiently(lambda: c.connect((to, port)))
                a = self.accepted(s)
                if not a:  # another listener of this port has it
                    reset(c)
                    break
                ends = step.get("ends")
                self.note(a, True, ends == "server")
                if ends == "server":  # TIME_WAIT stays here
                    a.close()
                    c.close()
                else:
                    self.keep += [a, c]
            if step.get("gone"):
                s.close()
                continue
            self.pinned.add(port)
            self.keep.append(s)

    def accepted(self, listener):
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        return listener.accept()[0] if poll.poll(100) else None

    def bound(self, step):
        for port in step["ports"]:
            address = step["address"]
            try:
                s = opened(family_of(address), TCP, address, port, step.get("only_six"), step.get("reuse"))
            except OSError:
                continue
            self.pinned.add(port)
            self.keep.append(s)

    def connect(self, step):
        """Connections of a client, in a state."""
        state, to = step["state"], step["to"]
        server = self.servers.get((to, step["port"]))
        pairs = []
        for _ in range(step["count"]):
            try:
                c = client(step["bind"], step["source"], to, step["port"], mapped=step["mapped"], wait=server is not None)
            except OSError:
                break
            if not server:  # it never gets an answer
                here = c.getsockname()
                self.held.append((here[0].replace("::ffff:", ""), here[1], to, step["port"],
                                  step["bind"] in ("address", "wildcard"), False))
                self.keep.append(c)
                continue
            self.note(c, step["bind"] in ("address", "wildcard"), state == "time_wait")
            pairs.append((c, server.accept()[0]))
        for c, a in pairs:
            if state == "time_wait":
                c.close()
                a.close()
            elif state == "gone":  # the server closes first: the port is free again
                a.close()
                c.close()
                self.held.pop()
            elif state == "fin_wait2":
                c.shutdown(socket.SHUT_WR)
                self.keep += [c, a]
            elif state == "close_wait":
                a.shutdown(socket.SHUT_WR)
                self.keep += [c, a]
            else:
                self.keep += [c, a]

    def many(self, step):
        """More destinations than a list of the busiest shows."""
        for i in range(step["destinations"]):
            to = "127.0.1.%d" % (i + 1)
            s = opened(FOUR, TCP, to, PORTS[0])
            s.listen(1000)
            self.keep.append(s)
            for _ in range(step["count"]):
                try:
                    c = client("none", None, to, PORTS[0])
                except OSError:
                    break
                self.note(c, False)
                self.keep += [c, s.accept()[0]]

    def udp(self, step):
        address = step["address"]
        for _ in range(step["count"]):
            try:
                if step["connected"]:
                    s = client(step["bind"], step["source"], address, PORTS[0], UDP, step["mapped"])
                else:
                    s = opened(family_of(address), UDP, address, 0, step.get("only_six"), step.get("reuse"))
            except OSError:
                break
            self.keep.append(s)

    def take(self, steps):
        for step in steps:
            getattr(self, step["do"])(step)

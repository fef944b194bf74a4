#!/usr/bin/env python3
"""Makes one thing fail, and keeps trying: what a program does at 2 a.m. Has no code of headroom.

Usage: incident.py KIND STATUS_FILE

The last line of STATUS_FILE says how the latest try went: "failed ERRNO" or "worked". It tries ten times a second
until it is ended. KIND: ports, time-wait, files, threads, inotify, conntrack.
"""
import ctypes
import errno
import os
import resource
import socket
import sys
import threading
import time

HOST, PORT = "10.99.0.2", 8081
held = []


class Ports:
    """Connections that stay, all to one destination."""

    def __init__(self):
        self.server = socket.create_server((HOST, PORT), backlog=1024)

    def once(self):
        client = socket.socket()
        held.append(client)
        client.connect((HOST, PORT))
        held.append(self.server.accept()[0])


class TimeWait(Ports):
    """Connections that this side closes first."""

    def once(self):
        with socket.socket() as client:
            client.connect((HOST, PORT))
            accepted = self.server.accept()[0]
        accepted.close()


class Files:
    """A program with a small soft limit."""

    def __init__(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))

    def once(self):
        held.append(os.open("/dev/null", os.O_RDONLY))


class Threads:
    """Threads that stay."""

    def __init__(self):
        threading.stack_size(65536)
        self.stop = threading.Event()

    def once(self):
        thread = threading.Thread(target=self.stop.wait, daemon=True)
        try:
            thread.start()
        except RuntimeError:
            raise OSError(errno.EAGAIN, "no thread") from None
        held.append(thread)


class Inotify:
    """One user's inotify instances."""

    def __init__(self):
        os.setuid(int(os.environ["INCIDENT_UID"]))
        self.libc = ctypes.CDLL(None, use_errno=True)

    def once(self):
        descriptor = self.libc.inotify_init1(0)
        if descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        held.append(descriptor)


class Conntrack:
    """Packets to ever new ports and addresses."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.next = 0

    def once(self):
        self.next += 1
        address = f"10.99.{1 + self.next // 60000}.1"
        self.socket.sendto(b"x", (address, 1024 + self.next % 60000))


KINDS = {"ports": Ports, "time-wait": TimeWait, "files": Files, "threads": Threads, "inotify": Inotify, "conntrack": Conntrack}


def main():
    kind, path = sys.argv[1:]
    status = open(path, "w", buffering=1, encoding="ascii")
    # What is tried next must not need what is used up.
    incident = KINDS[kind]()
    failed = False
    while True:
        try:
            incident.once()
            if failed:
                status.write("worked\n")
        except OSError as error:
            failed = True
            status.write(f"failed {errno.errorcode[error.errno]}\n")
        if failed:
            time.sleep(0.1)


main()

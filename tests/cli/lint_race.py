"""The race that headroom lint warns of, in the private network namespace that this runs in: the range of outgoing ports
is four ports wide, so connections take each of them. Prints "EADDRINUSE" or "bound" for a listener in that range.

Usage: lint_race.py PORT [RESERVED]
"""
import errno
import fcntl
import socket
import struct
import sys

RANGE = "/proc/sys/net/ipv4/ip_local_port_range"
RESERVED = "/proc/sys/net/ipv4/ip_local_reserved_ports"
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def connect_until_full(server):
    """Connections as any client makes them: the kernel chooses the port."""
    clients = []
    while len(clients) < 16:
        client = socket.socket()
        try:
            client.connect(server.getsockname())
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            client.close()
            return clients
        clients.append(client)
    return clients


def main():
    port = int(sys.argv[1])
    loopback_up()
    write(RANGE, f"{port - 1} {port + 2}")
    write(RESERVED, sys.argv[2] if len(sys.argv) > 2 else "")
    with socket.socket() as server, socket.socket() as listener:
        server.bind(("127.0.0.1", 20000))
        server.listen(64)
        clients = connect_until_full(server)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()
            print("bound", len(clients))
        except OSError as error:
            print(errno.errorcode[error.errno], len(clients))
        for client in clients:
            client.close()


main()

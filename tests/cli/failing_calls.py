"""Makes exactly so many calls fail, when a line comes on standard input: for case_why_calls.sh.

usage: failing_calls.py PORTS FILES

PORTS connects end with EADDRNOTAVAIL, some of them in a thread and some in a process that is born
then; FILES calls of socket() end with EMFILE. Runs in a network namespace of its own, as root.
Prints its pid when all is prepared, and "done" when all is made; ends with its standard input.
"""
import errno
import os
import resource
import socket
import sys
import threading

FILES_MOST = 64
TO = ("127.0.0.1", 8081)


def connects(count):
    for _ in range(count):
        with socket.socket() as client:
            try:
                client.connect(TO)
            except OSError as error:
                assert error.errno == errno.EADDRNOTAVAIL, error
            else:
                sys.exit("a port was left")


def sockets(count):
    while os.open("/dev/null", os.O_RDONLY) != FILES_MOST - 1:
        pass
    for _ in range(count):
        try:
            socket.socket()
        except OSError as error:
            assert error.errno == errno.EMFILE, error
        else:
            sys.exit("a descriptor was left")


def main():
    ports, files = int(sys.argv[1]), int(sys.argv[2])
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as settings:
        settings.write("32768 32769")
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MOST, FILES_MOST))
    listener = socket.create_server(TO, backlog=16)
    held = [socket.create_connection(TO) for _ in range(2)]
    print(os.getpid(), flush=True)
    sys.stdin.readline()
    thread = threading.Thread(target=connects, args=(ports // 4,))
    thread.start()
    thread.join()
    child = os.fork()
    if child == 0:
        connects(ports // 4)
        os._exit(0)
    os.waitpid(child, 0)
    connects(ports - ports // 4 - ports // 4)
    sockets(files)
    print("done", flush=True)
    sys.stdin.readline()
    del listener, held


main()

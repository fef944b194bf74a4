"""Opens PORTS connections from one address to one destination in this network namespace, and closes CLOSED of them each
second from the client's side, which leaves them in TIME_WAIT. Usage: alerts_load.py OPEN CLOSED"""
import resource
import socket
import sys
import threading
import time

open_count, closed_a_second = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
listener = socket.create_server(("127.0.0.1", 8080), backlog=4096)


def accept():
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=drain, args=(peer,), daemon=True).start()


def drain(peer):
    while peer.recv(64):
        pass
    peer.close()


threading.stack_size(65536)
threading.Thread(target=accept, daemon=True).start()
held = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(open_count)]
print("open", flush=True)
while True:
    start = time.monotonic()
    for _ in range(closed_a_second):
        try:
            socket.create_connection(("127.0.0.1", 8080)).close()
        except OSError:
            time.sleep(0.01)
    time.sleep(max(0.05, 1 - (time.monotonic() - start)))

"""A client and a server that agree on who closes first, so that TIME_WAIT is known before it is counted. Usage:
closing.py serve PORT-FILE, and closing.py open PORT-FILE ROUNDS PER_ROUND CLIENT_CLOSES PAUSE [EXTRA_FILES]: ROUNDS times
PER_ROUND connections; of each round the first CLIENT_CLOSES are closed by the client first, the others by the server.
"""
import os
import socket
import sys
import threading
import time


def serve(path):
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(path + ".new", path)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def answer(connection):
    with connection:
        if connection.recv(1) == b"s":
            connection.shutdown(socket.SHUT_WR)
        while connection.recv(1):
            pass


def close_both(connection, client):
    if client:
        connection.sendall(b"c")
        connection.shutdown(socket.SHUT_WR)
    else:
        connection.sendall(b"s")
    while connection.recv(1):
        pass
    connection.close()


def main():
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    with open(sys.argv[2], encoding="ascii") as file:
        port = int(file.read())
    rounds, each, by_client = (int(word) for word in sys.argv[3:6])
    extra = [os.open("/dev/null", os.O_RDONLY) for _ in range(int(sys.argv[7]) if len(sys.argv) > 7 else 0)]
    for _ in range(rounds):
        connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(each)]
        time.sleep(float(sys.argv[6]))
        for index, connection in enumerate(connections):
            close_both(connection, index < by_client)
    for descriptor in extra:
        os.close(descriptor)


main()

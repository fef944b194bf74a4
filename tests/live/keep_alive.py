"""An HTTP server that keeps connections and answers each request at once. Usage: keep_alive.py PORT"""
import asyncio
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"


class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b""

    def data_received(self, data):
        *requests, self.rest = (self.rest + data).split(b"\r\n\r\n")
        self.transport.write(ANSWER * len(requests))


async def main(port):
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", port, backlog=1000)
    await server.serve_forever()

asyncio.run(main(int(sys.argv[1])))

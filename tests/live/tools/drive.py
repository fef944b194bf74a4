"""Requests through a proxy, over connections that stay where the proxy keeps them. Prints how many it opened.

Usage: drive.py PORT CLIENTS REQUESTS (of each client)"""
import asyncio
import sys

REQUEST = b'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
# So that a run lasts long enough to be looked at.
PAUSE_S = 0.05


class Client:
    """One that opens another connection where the proxy has closed it."""
    opened = 0

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None

    async def request(self):
        if not self.writer or self.reader.at_eof():
            self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.port)
            Client.opened += 1
        self.writer.write(REQUEST)
        head = (await self.reader.readuntil(b'\r\n\r\n')).lower()
        if b' 200 ' not in head.split(b'\r\n')[0]:
            sys.exit('drive: the proxy answers ' + head.split(b'\r\n')[0].decode())
        await answer(self.reader, head)
        if b'\r\nconnection: close' in head:
            self.writer.close()
            self.writer = None

    async def run(self, requests):
        for _ in range(requests):
            await self.request()
            await asyncio.sleep(PAUSE_S)
        if self.writer:
            self.writer.close()


async def answer(reader, head):
    length = head.partition(b'content-length:')[2].split()
    if length:
        await reader.readexactly(int(length[0]))
        return
    while (size := int((await reader.readline()).strip() or b'0', 16)) > 0:
        await reader.readexactly(size + 2)
    await reader.readline()


async def main(port, connections, requests):
    await asyncio.gather(*(Client(port).run(requests) for _ in range(connections)))
    print(Client.opened)


asyncio.run(main(*[int(word) for word in sys.argv[1:4]]))

"""Requests through a proxy, over connections that stay: drive.py PORT CONNECTIONS REQUESTS (of each connection)."""
import asyncio
import sys

REQUEST = b'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
# So that a run lasts long enough to be looked at.
PAUSE_S = 0.05


async def one(port, requests):
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    for _ in range(requests):
        writer.write(REQUEST)
        head = await reader.readuntil(b'\r\n\r\n')
        if b' 200 ' not in head.split(b'\r\n')[0]:
            sys.exit('drive: the proxy answers ' + head.split(b'\r\n')[0].decode())
        await answer(reader, head.lower())
        await asyncio.sleep(PAUSE_S)
    writer.close()


async def answer(reader, head):
    length = head.partition(b'content-length:')[2].split()
    if length:
        await reader.readexactly(int(length[0]))
        return
    while (size := int((await reader.readline()).strip() or b'0', 16)) > 0:
        await reader.readexactly(size + 2)
    await reader.readline()


async def main(port, connections, requests):
    await asyncio.gather(*(one(port, requests) for _ in range(connections)))


asyncio.run(main(*[int(word) for word in sys.argv[1:4]]))

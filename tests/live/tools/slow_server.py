"""A small server for load test tools, of the standard library alone. Every answer takes its time:

  /200           an answer after 200 ms
  /page/12/10    a page of 12 images, each of which takes 10 ms
  /stream/5/100  an event stream: five events, 100 ms apart
  /v1/chat/completions, /v1/completions, /generate   what a language model streams: four events in 200 ms
  /ws            a WebSocket that says nothing, and answers a close

It keeps a connection as the client asks. Usage: slow_server.py ADDRESS PORT
"""
import asyncio
import base64
import hashlib
import re
import sys

LENGTH = re.compile(rb'\r\ncontent-length: *(\d+)', re.I)
KEY = re.compile(rb'\r\nsec-websocket-key: *(\S+)', re.I)
ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: text/%s\r\nContent-Length: %d\r\n%s\r\n%s'
CHUNKED = b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n%s\r\n'
UPGRADE = b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n'
GUID = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
CLOSE_FRAME = 0x88


class Connection(asyncio.Protocol):
    def __init__(self):
        self.transport, self.input, self.busy, self.upgraded = None, b'', False, False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if self.upgraded:
            if data[0] == CLOSE_FRAME:
                self.transport.write(bytes([CLOSE_FRAME, 0]))
                self.transport.close()
            return
        self.input += data
        self.next_request()

    def next_request(self):
        head, end, rest = self.input.partition(b'\r\n\r\n')
        length = LENGTH.search(head)
        body = int(length[1]) if length else 0
        if self.busy or not end or len(rest) < body:
            return
        self.input, self.busy = rest[body:], True
        self.serve(head)

    def serve(self, head):
        line = head.split(b'\r\n', 1)[0].decode('latin-1')
        low = head.lower()
        old = line.endswith('HTTP/1.0')
        close = b'connection: close' in low or (old and b'keep-alive' not in low)
        words = line.split()[1].split('?')[0].strip('/').split('/') + ['0', '0']
        if words[0] == 'ws':
            self.upgraded = True
            accept = hashlib.sha1(KEY.search(head)[1] + GUID).digest()
            self.transport.write(UPGRADE % base64.b64encode(accept))
        elif words[0] == 'stream':
            asyncio.ensure_future(self.stream(int(words[1]), int(words[2]) / 1000, close))
        elif 'completions' in words or words[0] == 'generate':
            asyncio.ensure_future(self.stream(4, 0.05, close))
        elif words[0] in ('v1', 'server_info', 'get_server_info'):
            self.answer('json', '{"data": [{"id": "model", "root": "model"}]}', close, old)
        elif words[0] == 'page':
            images = ''.join('<img src="/%s?%d">' % (words[2], i) for i in range(int(words[1])))
            self.answer('html', '<html><body>%s</body></html>' % images, close, old)
        else:
            wait = int(words[0]) / 1000 if words[0].isdigit() else 0
            asyncio.get_running_loop().call_later(wait, self.answer, 'plain', 'hello', close, old)

    def answer(self, kind, text, close, old):
        header = 'Connection: close\r\n' if close else 'Connection: keep-alive\r\n' if old else ''
        self.transport.write((ANSWER % (kind, len(text), header, text)).encode())
        self.finish(close)

    async def stream(self, events, pause_s, close):
        self.transport.write(CHUNKED % (b'Connection: close\r\n' if close else b''))
        for i in range(events):
            await asyncio.sleep(pause_s)
            self.chunk(b'data: {"choices": [{"delta": {"content": "a"}, "text": "a", "index": 0}]}\n\n')
        self.chunk(b'data: [DONE]\n\n')
        self.chunk(b'')
        self.finish(close)

    def chunk(self, data):
        self.transport.write(b'%x\r\n%s\r\n' % (len(data), data))

    def finish(self, close):
        self.busy = False
        if close:
            self.transport.close()
        elif self.input:
            self.next_request()


async def main(address, port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, address, port, backlog=4096)
    await server.serve_forever()


if __name__ == '__main__':
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))

"""Clients that do as they are told: raw bytes out, answers taken apart.

Used by the attack classes. A `Peer` is a TCP connection; `handshake` makes it
a websocket; nothing here checks what it sends.
"""

import os
import random
import socket
import ssl
import struct
import zlib

TEXT, BINARY, CLOSE, PING, PONG, CONT = 1, 2, 8, 9, 10, 0
SECONDS = 8
slow = 1  # how much slower a checker makes the server
KEY = "AAECAwQFBgcICQoLDA0ODw=="


def mask(payload, key):
    pad = (key * (len(payload) // 4 + 1))[:len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(payload), "big")


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length=None, form=None):
    """One frame. `length` is what it claims, `form` (0, 2 or 8) how many bytes the length takes."""
    size = len(payload) if length is None else length
    if form is None:
        form = 0 if size < 126 else 2 if size < 65536 else 8
    bit = 0x80 if masked else 0
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if form == 0:
        head += bytes([bit | size])
    elif form == 2:
        head += bytes([bit | 126]) + struct.pack(">H", size)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", size)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + mask(payload, key)


def close_frame(code, reason=b""):
    return frame(CLOSE, struct.pack(">H", code) + reason)


def deflated(payload):
    """As permessage-deflate wants it, without context."""
    z = zlib.compressobj(wbits=-15)
    return (z.compress(payload) + z.flush(zlib.Z_SYNC_FLUSH))[:-4]


def request(path="/index.html", method="GET", version="HTTP/1.1", headers=(), body=b"", host="a"):
    lines = [f"{method} {path} {version}"]
    if host:
        lines.append(f"Host: {host}")
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin1") + body


def upgrade(protocol="echo", extensions=None, headers=(), key=KEY, version="13", upgrade="websocket",
            connection="Upgrade", method="GET", http="HTTP/1.1"):
    lines = []
    for name, value in (("Upgrade", upgrade), ("Connection", connection), ("Sec-WebSocket-Key", key),
                        ("Sec-WebSocket-Version", version), ("Sec-WebSocket-Protocol", protocol),
                        ("Sec-WebSocket-Extensions", extensions)):
        if value is not None:
            lines.append(f"{name}: {value}")
    return request("/", method=method, version=http, headers=[*lines, *headers])


def cuts(data, seed):
    """The ways an input is sent: at once, in a few pieces, byte by byte."""
    yield [data]
    rng = random.Random(seed)
    for _ in range(2):
        at = sorted(rng.randrange(len(data) + 1) for _ in range(min(len(data), 4)))
        yield [data[a:b] for a, b in zip([0, *at], [*at, len(data)]) if a < b]
    if len(data) <= 4096:
        yield [data[n:n + 1] for n in range(len(data))]


def tls_context(version=None):
    """A client that trusts anybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if version:
        context.minimum_version = context.maximum_version = version
    return context


TLS = tls_context()


class Closed(Exception):
    """The server ended the connection."""


class Peer:
    """One connection. Its receive side never raises on a reset: the end is the end."""

    def __init__(self, port, seconds=None, small_buffers=False):
        self.socket = socket.socket()
        self.socket.settimeout(seconds or SECONDS * slow)
        if small_buffers:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *pieces):
        """False when the server has ended the connection meanwhile."""
        try:
            for piece in pieces:
                self.socket.sendall(piece)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            return False
        return True

    def send_some(self, data):
        """How much the socket takes without waiting; -1: the server has ended the connection."""
        seconds = self.socket.gettimeout()
        self.socket.setblocking(False)
        try:
            return self.socket.send(data)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return 0
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            return -1
        finally:
            self.socket.settimeout(seconds)

    def reset(self):
        """Ends the connection with a reset instead of a FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def more(self):
        if self.ended:
            return False
        try:
            got = self.socket.recv(262144)
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            got = b""
        self.ended = not got
        self.buffer += got
        return bool(got)

    def exactly(self, size):
        while len(self.buffer) < size:
            if not self.more():
                raise Closed(self.buffer[:100])
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def line(self):
        while b"\r\n" not in self.buffer:
            if not self.more():
                raise Closed(self.buffer[:100])
        taken, self.buffer = self.buffer.split(b"\r\n", 1)
        return taken

    def at_end(self):
        """True when the server ends the connection and says nothing more."""
        while not self.ended:
            if self.buffer or not self.more():
                break
        return self.ended and not self.buffer

    def rest(self):
        """All until the end."""
        while self.more():
            pass
        taken, self.buffer = self.buffer, b""
        return taken

    def response(self, is_head=False):
        """(status, headers, body) of the next answer."""
        words = self.line().split(b" ", 2)
        if not words[0].startswith(b"HTTP/1.") or len(words) < 2:
            raise ValueError(f"no status line: {words}")
        status, headers = int(words[1]), {}
        while line := self.line():
            name, _, value = line.partition(b":")
            headers[name.strip().lower().decode()] = value.strip().decode("latin1")
        body = b""
        if status >= 200 and status not in (204, 304) and not is_head:
            if headers.get("transfer-encoding") == "chunked":
                while size := int(self.line(), 16):
                    body += self.exactly(size)
                    self.line()
                self.line()
            elif "content-length" in headers:
                body = self.exactly(int(headers["content-length"]))
            else:
                body = self.rest()
        return status, headers, body

    def handshake(self, protocol="echo", extensions=None, **more):
        """Becomes a websocket; the answer's headers."""
        self.send(upgrade(protocol, extensions, **more))
        status, headers, _ = self.response()
        if status != 101:
            raise ValueError(f"handshake answered {status}")
        return headers

    def read_frame(self):
        """(opcode, fin, rsv, payload)"""
        first, size = self.exactly(2)
        if size & 0x80:
            raise ValueError("a server must not mask")
        if size == 126:
            (size,) = struct.unpack(">H", self.exactly(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.exactly(8))
        return first & 15, bool(first & 0x80), (first >> 4) & 7, self.exactly(size)

    def message(self, z=None):
        """The next data message, put together; `z`: a decompressobj for compressed ones."""
        whole, compressed = b"", False
        while True:
            opcode, fin, rsv, payload = self.read_frame()
            if opcode == CLOSE:
                raise Closed(payload)
            if opcode >= 8:
                continue
            if opcode:
                compressed = bool(rsv & 4)
            whole += payload
            if fin:
                break
        if compressed:
            whole = z.decompress(whole + b"\0\0\xff\xff")
        return whole

    def close_code(self):
        """The code of the next close frame, 1005 for one without, None when the connection just ends."""
        try:
            while True:
                opcode, _, _, payload = self.read_frame()
                if opcode == CLOSE:
                    return struct.unpack(">H", payload[:2])[0] if payload else 1005
        except Closed:
            return None


class TlsPeer(Peer):
    """The same over TLS."""

    def __init__(self, port, seconds=None, small_buffers=False, context=TLS):
        super().__init__(port, seconds, small_buffers)
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost", suppress_ragged_eofs=True)

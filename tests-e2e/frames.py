"""A websocket client at the level of frames, for what a well-behaved client library hides.

Used by the tests to send without reading, or to read without parsing messages.
"""

import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode, payload=b"", fin=True):
    """One masked frame."""
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    key = os.urandom(4)
    pad = (key * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
    return head + key + masked


class FrameClient:
    """Handshake done, the socket is at .socket; read_frame() gives (opcode, fin, payload)."""

    def __init__(self, port, protocol=None, seconds=10, buffer_bytes=None, extensions=None):
        self.socket = socket.socket()
        self.socket.settimeout(seconds)
        if buffer_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self.socket.connect(("127.0.0.1", port))
        lines = [
            "GET / HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==", "Sec-WebSocket-Version: 13",
        ]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        if extensions:
            lines.append(f"Sec-WebSocket-Extensions: {extensions}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.stream = self.socket.makefile("rb")
        self.status = self.stream.readline().decode().strip()
        self.headers = {}
        while line := self.stream.readline().strip():
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.socket.close()

    def _exactly(self, size):
        data = self.stream.read(size)
        if len(data) < size:
            raise EOFError("the server closed the connection")
        return data

    def read_frame(self):
        first, size = self._exactly(2)
        if size & 0x80:
            raise ValueError("a server must not mask")
        if size == 126:
            (size,) = struct.unpack(">H", self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self._exactly(8))
        return first & 0x0F, bool(first & 0x80), self._exactly(size)

    def read_message(self):
        """The payload of the next whole data message; control frames are skipped."""
        payload = b""
        while True:
            opcode, fin, part = self.read_frame()
            if opcode >= CLOSE:
                continue
            payload += part
            if fin:
                return payload

    def read_close_code(self):
        """The code of the close frame that ends the connection; what comes before is skipped."""
        while True:
            opcode, _, payload = self.read_frame()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

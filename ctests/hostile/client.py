"""The client under attack: client.c's program, and the bad server that it is sent to.

    with Client(binary, env) as client:
        with client.visit("ws://", "protocol=echo") as server:
            server.accept_ws()
            server.send(...)
        client.lines          what the program was told, a line for each callback
        client.received       bytes of messages or of the body

One connection at a time: `visit` gives the order and the accepted connection, and waits for the connection's end
when the block is left. A client that dies, hangs or turns without need fails there.
"""

import base64
import contextlib
import hashlib
import os
import select
import socket
import ssl
import subprocess
import tempfile
import time

import peer
import server

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
IDLE_TURNS = 60  # of the service for a connection, beside those for callbacks and what comes


class Served(peer.Peer):
    """A connection of the client's. Our frames are not masked, the client's are."""

    def __init__(self, sock, seconds):
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket, self.buffer, self.ended, self.head, self.keys = sock, b"", False, b"", []
        self.pieces = 0  # sent

    def send(self, *pieces):
        self.pieces += len(pieces)
        return super().send(*pieces)

    def request(self):
        """Reads the head of the request; its headers."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                raise peer.Closed(self.buffer[:100])
        self.head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = self.head.split(b"\r\n")[1:]
        return {k.strip().lower().decode(): v.strip().decode("latin1")
                for k, _, v in (line.partition(b":") for line in lines)}

    def answer(self, *lines, accept=None):
        """The head that makes it a websocket, with more lines."""
        headers = self.request()
        if accept is None:
            key = headers["sec-websocket-key"].encode()
            accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        return "\r\n".join(["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                            f"Sec-WebSocket-Accept: {accept}", *lines, "", ""]).encode("latin1")

    def accept_ws(self, *lines):
        self.send(self.answer(*lines))

    def read_frame(self):
        """(opcode, fin, rsv, payload)"""
        first, size = self.exactly(2)
        if not size & 0x80:
            raise ValueError("a client must mask")
        size &= 0x7f
        if size == 126:
            size = int.from_bytes(self.exactly(2), "big")
        elif size == 127:
            size = int.from_bytes(self.exactly(8), "big")
        key = self.exactly(4)
        self.keys.append(key)
        return first & 15, bool(first & 0x80), (first >> 4) & 7, peer.mask(self.exactly(size), key)


class Client:
    """A running client, and the listener that its orders name."""

    def __init__(self, binary, env, before=(), options=(), slow=1, log=None):
        self.slow, self.lines, self.turns, self.received, self.read = slow, [], 0, 0, b""
        self.served = []  # connections of the order
        self.tls = None  # the context for connections of ws, which are wss then
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(peer.SECONDS * slow)
        self.port = self.listener.getsockname()[1]
        self.log = open(log or os.devnull, "wb+")
        self.process = subprocess.Popen([*before, binary, *options], env=env, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def begin(self, scheme, *words, path="/"):
        """Gives an order; the connection is not accepted yet."""
        if self.tls and scheme == "ws://":
            scheme = "wss://"
        self.served = []
        line = " ".join([f"{scheme}127.0.0.1:{self.port}{path}", *words])
        self.process.stdin.write(line.encode("latin1") + b"\n")
        self.process.stdin.flush()

    def speak_tls(self):
        """Connections of ws are wss from here on, with a certificate of our own."""
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            key, cert = (os.path.join(folder, name) for name in ("key.pem", "cert.pem"))
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", cert],
                           check=True, capture_output=True)
            self.tls.load_cert_chain(cert, key)

    def accept(self):
        """The next connection of the client's."""
        served = Served(self.listener.accept()[0], peer.SECONDS * self.slow)
        if self.tls:
            served.socket = self.tls.wrap_socket(served.socket, server_side=True)
        self.served.append(served)
        return served

    def waits(self):
        """Returns when the client does nothing any more."""
        cpu = -1
        while cpu != (cpu := self.cpu_ns()):
            time.sleep(0.02)

    def finish(self):
        """Waits for the end of the order; its lines."""
        deadline = time.monotonic() + 2 * peer.SECONDS * self.slow
        self.lines, cpu = [], self.cpu_ns()
        while not self.lines or not self.lines[-1].startswith("end "):
            while b"\n" not in self.read:
                self.fill(deadline)
            line, self.read = self.read.split(b"\n", 1)
            self.lines.append(line.decode("latin1").strip())
        counts = dict(word.split("=") for word in self.lines.pop().split()[1:])
        self.turns, self.received = int(counts["turns"]), int(counts["received"])
        causes = 2 * int(counts["callbacks"]) + sum(served.pieces for served in self.served)
        assert self.turns <= IDLE_TURNS + causes, f"the service turned {self.turns} times"
        assert self.cpu_ns() - cpu < 2_000_000_000 * self.slow, "it took more than two seconds"
        return self.lines

    def fill(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
            raise server.Broken(f"the connection does not end; so far {self.lines}")
        got = os.read(self.process.stdout.fileno(), 65536)
        if not got:
            raise server.Broken(f"the client died: {self.process.wait()} after {self.lines}\n{self.errors()}")
        self.read += got

    @contextlib.contextmanager
    def visit(self, scheme, *words, path="/", small_buffers=False):
        """One order with one connection."""
        # what is accepted has what the listener had
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096 if small_buffers else 1 << 18)
        self.begin(scheme, *words, path=path)
        with self.accept() as served:
            yield served
        self.finish()

    def cpu_ns(self):
        with open(f"/proc/{self.pid}/schedstat", encoding="ascii") as f:
            return int(f.read().split()[0])

    def fds(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def memory(self, line="VmRSS"):
        """KiB."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            return int(f.read().partition(line + ":")[2].split()[0])

    def peak_from_here(self):
        """Begins to watch the most memory that it uses; what it uses now."""
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as f:
            f.write("5")
        return self.memory()

    def peak_within(self, before, kib):
        """It has used at most so much more since. Checkers use memory of their own: there it is not looked at."""
        grown = self.memory("VmHWM") - before
        assert grown < kib or self.slow > 1, f"grew by {grown} KiB, not within {kib}"

    def errors(self):
        self.log.seek(0)
        return self.log.read()[-6000:].decode("latin1")

    def end(self):
        """No more orders: it must end well."""
        self.process.stdin.close()
        status = self.process.wait(20 * self.slow)
        if status:
            raise server.Broken(f"the client ended with status {status}\n{self.errors()}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.log, self.listener):
            with contextlib.suppress(BrokenPipeError):
                stream.close()

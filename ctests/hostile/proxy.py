"""Origins that misbehave behind the server's /proxy mount, and clients that leave.

`Origin` is the origin: a listener of ours, on which a class is handed each connection.
"""

import contextlib
import random
import socket
import time

import peer
from peer import request

ANSWER_SECONDS = 60  # src/conn/role/http/proxy.rs
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class Origin:
    """Where proxied requests go."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]

    @contextlib.contextmanager
    def accept(self, seconds=peer.SECONDS):
        """The next connection, its request's head read."""
        self.listener.settimeout(seconds)
        sock, _ = self.listener.accept()
        served = Served(sock, seconds)
        try:
            served.request()
            yield served
        finally:
            sock.close()

    def end(self):
        self.listener.close()


class Served(peer.Peer):
    """The origin's side of a connection."""

    def __init__(self, sock, seconds):
        sock.settimeout(seconds)
        self.socket, self.buffer, self.ended, self.head = sock, b"", False, b""

    def request(self):
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                raise peer.Closed(self.buffer[:100])
        self.head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)


ANSWERS = {
    # what the origin says before it closes: (bytes, statuses or None for the end, whole: the answer is complete)
    "nothing": (b"", {502}, True),
    "junk": (b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n", {502}, True),
    "half-head": (OK + b"Content-Le", {502}, True),
    "status-missing": (b"HTTP/1.1\r\n\r\n", {502}, True),
    "status-junk": (b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n", {502}, True),
    "status-huge": (b"HTTP/1.1 99999999999 OK\r\nContent-Length: 0\r\n\r\n", {502}, True),
    "status-0": (b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n", {502}, True),
    "nul-in-header": (OK + b"X-A: b\0c\r\nContent-Length: 0\r\n\r\n", {502}, True),
    "bare-cr": (OK + b"X-A: b\rSet-Cookie: c\r\nContent-Length: 0\r\n\r\n", {502}, True),
    "length-negative": (OK + b"Content-Length: -5\r\n\r\nhello", {502}, True),
    "length-junk": (OK + b"Content-Length: 5x\r\n\r\nhello", {502}, True),
    "length-two": (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", {502}, True),
    "length-over-64-bits": (OK + b"Content-Length: 99999999999999999999\r\n\r\nhello", {502}, True),
    "length-and-chunked": (OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                           {200, 502}, True),
    "coding-unknown": (OK + b"Transfer-Encoding: xchunked\r\n\r\nhello", {502}, True),
    "length-cut": (OK + b"Content-Length: 500\r\n\r\nhello", {200}, False),
    "chunks-cut": (CHUNKED + b"5\r\nhello\r\n", {200}, False),
    "chunk-80000000": (CHUNKED + b"80000000\r\nhello", {200}, False),
    "chunk-ffffffff": (CHUNKED + b"ffffffff\r\nhello", {200}, False),
    "chunk-100000005": (CHUNKED + b"100000005\r\nhello\r\n0\r\n\r\n", {200}, False),
    "chunk-over-64-bits": (CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n", {200, 502}, False),
    "chunk-negative": (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", {200, 502}, False),
    "chunk-junk": (CHUNKED + b"5z\r\nhello\r\n0\r\n\r\n", {200, 502}, False),
    "chunk-longer-than-said": (CHUNKED + b"5\r\nhello!!\r\n0\r\n\r\n", {200, 502}, False),
    "chunk-extensions": (CHUNKED + b"5;a=b\r\nhello\r\n0\r\nX-T: u\r\n\r\n", {200}, True),
    "chunked-capital": (OK + b"Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", {200}, True),
    "until-close": (OK + b"\r\nhello", {200}, True),
    "http-1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello", {200}, True),
    "204-with-body": (b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {204}, True),
    "304-with-length": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", {304}, True),
    "behind-the-body": (OK + b"Content-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {200}, True),
    "upgrade-unasked": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", {502},
                        True),
    "continue-many": (b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + OK + b"Content-Length: 5\r\n\r\nhello", {200, 502}, True),
    "empty-lines": (b"\r\n" * 50 + OK + b"Content-Length: 5\r\n\r\nhello", {200, 502}, True),
}


def answers(target, _):
    """Each in several cuts. A cut answer never looks whole, and never brings a second one along."""
    for seed, (name, (data, wanted, whole)) in enumerate(ANSWERS.items()):
        for pieces in peer.cuts(data, seed) if data else [[b""]]:
            with peer.Peer(target.port, peer.SECONDS * target.slow) as p:
                p.send(request("/proxy/" + name))
                with target.origin.accept() as origin:
                    for piece in pieces:
                        origin.send(piece)
                check(p, name, wanted, whole)


def check(p, name, wanted, whole):
    try:
        status, headers, body = p.response()
    except peer.Closed:
        assert not whole or 200 not in wanted, f"{name}: the connection ends"
        return
    except ValueError as e:
        assert not whole, f"{name}: {e}"  # a chunk's head that never came
        return
    assert status in wanted, f"{name}: {status}"
    assert whole or status != 200, f"{name}: what was cut looks whole: {body[:50]!r}"
    if status == 200:
        assert body == b"hello", f"{name}: {body[:50]!r}"
    assert not ("content-length" in headers and "transfer-encoding" in headers), f"{name}: {headers}"
    assert "set-cookie" not in headers, f"{name}: a header of its own"
    p.send(request())
    try:
        status, _, body = p.response()
        assert status == 200 and b"hello index" in body, f"{name}: {status} {body[:50]!r} comes next"
    except peer.Closed:
        pass


def endless(target, full):
    """Heads, interim answers and chunk lines without end are given up, and cost no memory."""
    before = target.peak_from_here()
    for name, first, line in (("head", OK, b"X-Header: value\r\n"), ("line", OK + b"X: ", b"y" * 1000), ("interim", b"",
                              b"HTTP/1.1 100 Continue\r\n\r\n"), ("status", b"HTTP/1.1 200 ", b"y" * 1000),
                              ("chunk-extension", CHUNKED + b"5;", b"y" * 1000),
                              ("trailers", CHUNKED + b"0\r\n", b"X-Header: value\r\n"), ("zeros", CHUNKED, b"0" * 1000)):
        with peer.Peer(target.port, peer.SECONDS * target.slow) as p:
            p.send(request("/proxy/" + name))
            with target.origin.accept() as origin:
                sent = 0
                while sent < (256 << 20 if full else 32 << 20) and origin.send(first + line * 1000):
                    sent, first = sent + len(line) * 1000, b""
                assert sent < 16 << 20, f"{name}: {sent} bytes were taken"
            try:
                status = p.response()[0]
                assert status in (200, 502), f"{name}: {status}"
            except (peer.Closed, ValueError):
                pass
    target.peak_within(before, 8192)


def slow_clients(target, full):
    """An answer without end waits for its client; then the client goes."""
    before = target.peak_from_here()
    for head, data in ((OK + b"\r\n", bytes(65536)), (CHUNKED, b"10000\r\n" + bytes(65536) + b"\r\n")):
        for _ in range(10 if full else 2):
            with peer.Peer(target.port, small_buffers=True) as p:
                p.send(request("/proxy/flood"))
                with target.origin.accept() as origin:
                    origin.send(head)
                    total = stuck = 0
                    while stuck < 20 and total < 64 << 20:
                        n = origin.send_some(data)
                        assert n >= 0
                        total, stuck = total + n, 0 if n else stuck + 1
                        if not n:
                            time.sleep(0.005)
                    assert stuck, "all was taken for a client that does not read"
                    p.reset()
                    origin.socket.settimeout(10 * target.slow)
                    assert not origin.more(), "the origin's connection stays when the client has gone"
    target.peak_within(before, 16384)


def leaving(target, _):
    """A client that goes, at any point, takes the origin's connection along."""
    for kind, port in ((peer.Peer, target.port), (peer.TlsPeer, target.tls_port)):
        for reset in (False, True):
            for said, body in ((b"", None), (OK, None), (OK + b"Content-Length: 50\r\n\r\nhello", None),
                               (CHUNKED + b"5\r\nhello", None), (b"", b"x" * 100), (b"", bytes(100000))):
                with kind(port, peer.SECONDS * target.slow) as p:
                    headers = [] if body is None else ["Content-Length: 200000"]
                    p.send(request("/proxy/x", "POST" if body else "GET", headers=headers, body=body or b""))
                    with target.origin.accept() as origin:
                        origin.send(said)
                        p.reset() if reset else p.socket.close()
                        origin.socket.settimeout(2 * target.slow)
                        try:
                            while origin.more():
                                pass
                        except TimeoutError:
                            raise AssertionError(f"still there: {said[:60]!r} {len(body or b'')} bytes of body, "
                                                 f"reset {reset}, {kind.__name__}") from None


def deaf_origin(target, full):
    """An origin that does not read a body holds its client back."""
    before = target.peak_from_here()
    with peer.Peer(target.port) as p:
        p.send(request("/proxy/deaf", "POST", headers=["Content-Length: 1000000000"]))
        with target.origin.accept():
            total = stuck = 0
            while stuck < 20 and total < 64 << 20:
                n = p.send_some(bytes(65536))
                if n < 0:
                    break
                total, stuck = total + n, 0 if n else stuck + 1
                if not n:
                    time.sleep(0.005)
            assert stuck or n < 0, f"{total} bytes were taken for an origin that does not read"
    target.peak_within(before, 8192)


def crowd(target, full):
    """Many at once, each answered with its own."""
    count = 400 if full else 150
    peers = [peer.Peer(target.port, 20 * target.slow) for _ in range(count)]
    for n, p in enumerate(peers):
        p.send(request(f"/proxy/{n}"))
    with contextlib.ExitStack() as stack:
        served = [stack.enter_context(target.origin.accept(20 * target.slow)) for _ in peers]
        random.Random(1).shuffle(served)
        for origin in served:
            name = origin.head.split(b" ")[1].strip(b"/")
            origin.send(OK + b"Content-Length: %d\r\n\r\n" % len(name) + name)
        for n, p in enumerate(peers):
            status, _, body = p.response()
            assert (status, body) == (200, b"%d" % n), f"{n}: {status} {body[:50]!r}"
    for p in peers:
        p.socket.close()


def random_answers(target, full):
    """Answers with bytes changed, cut and ended anywhere."""
    rng = random.Random(5)
    for n in range(2000 if full else 150):
        data = bytearray(rng.choice(list(ANSWERS.values()))[0] or b"x")
        for _ in range(rng.randrange(6)):
            data[rng.randrange(len(data))] = rng.choice((rng.randrange(256), *b"\r\n:; 019-"))
        with peer.Peer(target.port) as p:
            p.send(request(f"/proxy/{n}", headers=["Connection: close"]))
            with target.origin.accept() as origin:
                at = rng.randrange(len(data) + 1)
                origin.send(bytes(data[:at]), bytes(data[at:rng.randrange(at, len(data) + 1)]))
                if n % 3 == 0:
                    origin.reset()
            p.rest()


def late(target, full):
    """An origin that never answers: 504 when its time is up. The client need not wait for that."""
    with peer.Peer(target.port, (ANSWER_SECONDS + 20) * target.slow) as p:
        p.send(request("/proxy/never"))
        with target.origin.accept():
            began = time.monotonic()
            if not full:
                return
            status = p.response()[0]
            took = time.monotonic() - began
            assert status == 504 and took < ANSWER_SECONDS + 10 * target.slow, f"{status} after {took:.0f} s"


CLASSES = [
    ("proxy: answers", answers, "502, or the end of the connection where an answer breaks off"),
    ("proxy: endless answers", endless, "502 or the end; memory bounded"),
    ("proxy: slow clients", slow_clients, "the origin waits; it is let go with its client"),
    ("proxy: clients that leave", leaving, "the origin is let go"),
    ("proxy: deaf origin", deaf_origin, "the client waits; memory bounded"),
    ("proxy: crowd", crowd, "each gets its own answer"),
    ("proxy: random answers", random_answers, "lives"),
    ("proxy: late origin", late, "504"),
]

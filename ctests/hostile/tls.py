"""TLS handshakes that are none, end early, come slowly or go wrong later."""

import random
import shutil
import socket
import ssl
import subprocess

import peer
import server
import ws
from peer import frame, request
from server import INDEX


def hello(**more):
    """A real ClientHello, as bytes."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = peer.tls_context(**more).wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def record(kind, payload, version=b"\x03\x03", length=None):
    return bytes([kind]) + version + (len(payload) if length is None else length).to_bytes(2, "big") + payload


def first_bytes(rng):
    """What may come instead of a ClientHello."""
    good = hello()
    yield b""
    yield b"\x16"
    yield from (good[:n] for n in (3, 5, 6, 11, 50, len(good) - 1))
    yield request()
    yield peer.upgrade()
    yield b"\r\n\r\n" * 500
    yield rng.randbytes(2000)
    yield record(22, b"", length=0)
    yield record(22, b"\x01\xff\xff\xff" + bytes(16000))  # a hello of 16 MB
    yield record(22, bytes(16384), length=65535)
    yield record(21, b"\x02\x28")  # an alert
    yield record(21, b"\x01\x00") * 1000
    yield record(23, bytes(100))  # data before the handshake
    yield record(24, b"\x01\x40\x00" + bytes(3))  # a heartbeat that asks for more than it gives
    yield record(20, b"\x01") * 200
    yield record(99, bytes(10))
    yield good + good
    yield good + record(23, bytes(16000))
    yield good + rng.randbytes(3000)
    yield record(22, b"\x80\x2e\x01\x00\x02")  # SSLv2's form
    for _ in range(60):
        bad = bytearray(good)
        for _ in range(rng.randrange(1, 5)):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        yield bytes(bad)


def garbage(target, full):
    """Nonsense first; the end comes by FIN, by reset, or from the server."""
    rng = random.Random(11)
    for turn in range(20 if full else 2):
        for n, data in enumerate(first_bytes(rng)):
            p = peer.Peer(target.tls_port)
            p.send_some(data)
            if (n + turn) % 3 == 0:
                p.reset()
            elif (n + turn) % 3 == 1:
                p.socket.close()
            else:
                p.socket.shutdown(socket.SHUT_WR)
                p.rest()
                p.socket.close()


def byte_by_byte(target, _):
    """A proper handshake and request, every byte in a segment of its own."""
    with peer.Peer(target.tls_port) as p:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = peer.TLS.wrap_bio(incoming, outgoing, server_hostname="localhost")

        def do(what):
            while True:
                try:
                    result, again = what(), False
                except ssl.SSLWantReadError:
                    again = True
                data = outgoing.read()
                p.send(*[data[n:n + 1] for n in range(len(data))])
                if not again:
                    return result
                if not p.more():
                    raise peer.Closed
                incoming.write(p.buffer)
                p.buffer = b""

        do(session.do_handshake)
        do(lambda: session.write(request(headers=["Connection: close"])))
        got = b""
        while INDEX not in got:
            got += do(lambda: session.read(65536)) or b"ended" + INDEX
        assert got.startswith(b"HTTP/1.1 200")


def half_done(target, full):
    """Many handshakes that stop half-way, held; others are served, these are let go in time."""
    good = hello()
    peers = [peer.Peer(target.tls_port, 30) for _ in range(target.few(1000 if full else 300))]
    for n, p in enumerate(peers):
        p.send_some((good, good[:40], b"")[n % 3])
    target.alive()
    for p in peers:
        p.rest()
        p.socket.close()


def wrong_later(target, full):
    """After a good handshake: plain bytes, changed records, alerts, an end without goodbye."""
    rng = random.Random(13)
    tails = (b"plain text", record(23, bytes(40)), record(23, b""), record(21, b"\x02\x14"), record(22, hello()),
             record(20, b"\x01") * 40, record(23, bytes(16500)), b"\x17\x03\x03\xff\xff", b"")
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = peer.tls_context(version)
        for turn in range(10 if full else 2):
            for tail in tails:
                with peer.TlsPeer(target.tls_port, context=context) as p:
                    if turn % 2:
                        p.handshake()
                        p.send(frame(peer.TEXT, b"x"))
                    else:
                        p.send(request("/big.txt"))
                    raw = socket.socket(fileno=p.socket.detach())
                    try:
                        raw.sendall(tail if turn < 2 else tail + rng.randbytes(200))
                    except OSError:
                        pass
                    if turn % 3:
                        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    raw.close()


def renegotiations(target, _):
    """Clients that ask for new keys again and again are refused or served, never waited for."""
    program = shutil.which("openssl")
    for version, letter in (("-tls1_2", "R"), ("-tls1_3", "K"), ("-tls1_3", "k")):
        said = subprocess.run([program, "s_client", "-connect", f"127.0.0.1:{target.tls_port}", version],
                              input=(letter + "\n") * 300 + "Q\n", capture_output=True, text=True, timeout=60)
        assert "CONNECTED" in said.stdout, said.stdout


def floods(target, full):
    """What piles up behind a peer that does not read stays bounded over TLS too."""
    scale = 8 if full else 1
    for data, protocol in ((frame(peer.PING, b"x" * 125) * 500, "echo"), (frame(peer.BINARY, b"x" * 1000) * 60, "echo"),
                           (request("/big.txt") * 10, None), (request() * 500, None)):
        before = target.peak_from_here()
        with peer.TlsPeer(target.tls_port, small_buffers=True) as p:
            if protocol:
                p.handshake(protocol)
            total = stuck = at = 0
            while total < target.few((4 << 20) * scale) and stuck < 5:
                n = p.send_some(data[at:at + 16384])
                if n < 0:
                    break
                stuck = 0 if n else stuck + 1
                if n:
                    total, at = total + n, (at + n) % len(data)
                else:
                    target.rests()
            target.peak_within(before, 12288)
            target.alive()


def records_of_one_byte(target, full):
    """A message in records of one byte; then a thousand empty ones would be OpenSSL's to refuse."""
    with peer.TlsPeer(target.tls_port) as p:
        p.handshake()
        data = frame(peer.TEXT, b"y" * (5000 if full else 800))
        p.send(*[data[n:n + 1] for n in range(len(data))])
        assert p.message() == b"y" * (5000 if full else 800)


def violations(target, _):
    """Frames that break the rules, over TLS."""
    for name, (data, wanted) in ws.VIOLATIONS.items():
        with peer.TlsPeer(target.tls_port) as p:
            p.handshake()
            p.send(data)
            p.send(frame(peer.TEXT, b"behind it"))  # in a record of its own, which nobody reads any more
            code = p.close_code()
            assert code in (wanted if isinstance(wanted, set) else {wanted}), f"{name}: {code}"
            if name == "rsv1":
                server.until(target.rests, "the server rests while it waits for our end", 2 * target.slow)


CLASSES = [
    ("tls garbage", garbage, "the end (an http answer where it was http)"),
    ("tls byte by byte", byte_by_byte, "answered"),
    ("tls half handshakes", half_done, "others served; let go in time"),
    ("tls wrong later", wrong_later, "the end"),
    ("tls renegotiation, key updates", renegotiations, "refused or done"),
    ("tls unread floods", floods, "memory bounded, others served"),
    ("tls records of one byte", records_of_one_byte, "echoed"),
    ("tls ws violations", violations, "close frame, then the end"),
]

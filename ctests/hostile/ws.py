"""WebSocket inputs that broke the reference or are known to break servers."""

import os
import random
import zlib

import peer
from peer import BINARY, CLOSE, CONT, PING, PONG, TEXT, close_frame, deflated, frame

PMD = "permessage-deflate; client_no_context_takeover; server_no_context_takeover"

# name: (frames, code of the close frame that must come)
VIOLATIONS = {
    "unmasked": (frame(TEXT, b"hi", masked=False), 1002),
    "rsv1": (frame(TEXT, b"hi", rsv=4), 1002),
    "rsv2": (frame(TEXT, b"hi", rsv=2), 1002),
    "rsv3": (frame(TEXT, b"hi", rsv=1), 1002),
    "rsv-on-ping": (frame(PING, b"hi", rsv=4), 1002),
    **{f"opcode-{n}": (frame(n, b"hi"), 1002) for n in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "continuation-of-nothing": (frame(CONT, b"hi"), 1002),
    "message-in-message": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "ping-fragmented": (frame(PING, b"hi", fin=False), 1002),
    "close-fragmented": (frame(CLOSE, b"", fin=False), 1002),
    "ping-of-126": (frame(PING, b"x" * 126), 1002),
    "ping-of-65536": (frame(PING, b"x" * 65536), 1002),
    "close-of-126": (frame(CLOSE, b"\x03\xe8" + b"x" * 124), 1002),
    "close-of-1": (frame(CLOSE, b"x"), 1002),
    "length-2^63": (frame(BINARY, b"x", length=1 << 63), 1002),
    "length-2^64-1": (frame(BINARY, b"x", length=(1 << 64) - 1), 1002),
    **{f"close-code-{n}": (close_frame(n), 1002) for n in
       (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999)},
    "close-reason-not-utf8": (close_frame(1000, b"\xff\xfe"), {1002, 1007}),
    "text-not-utf8": (frame(TEXT, b"ab\xffcd"), 1007),
    "text-overlong": (frame(TEXT, b"\xc0\x80"), 1007),
    "text-surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "text-above-unicode": (frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    "text-cut-at-end": (frame(TEXT, "ä".encode()[:1]), 1007),
    "text-cut-over-fragments": (frame(TEXT, b"\xe2", fin=False) + frame(CONT, b"\x28\xa1"), 1007),
}
PMD_VIOLATIONS = {
    "rsv1-on-ping": (frame(PING, b"x", rsv=4), 1002),
    "rsv1-on-close": (frame(CLOSE, b"", rsv=4), 1002),
    "rsv1-on-continuation": (frame(TEXT, deflated(b"ab"), fin=False, rsv=4) + frame(CONT, b"", rsv=4), 1002),
    "rsv2": (frame(TEXT, deflated(b"ab"), rsv=6), 1002),
    "junk": (frame(BINARY, b"\xff" * 64, rsv=4), {1002, 1007}),
    "distance-too-far": (frame(BINARY, b"\x4b\x04\x22\x00", rsv=4), {1002, 1007}),
    "not-utf8-inside": (frame(TEXT, deflated(b"ab\xff"), rsv=4), 1007),
}
ECHOED_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999)

# name: (arguments of upgrade, status)
HANDSHAKES = {
    "key-missing": ({"key": None}, 400),
    "key-empty": ({"key": ""}, 400),
    "key-of-one": ({"key": "A"}, {101, 400}),
    "key-of-3000": ({"key": "A" * 3000}, 400),
    "two-keys": ({"headers": ["Sec-WebSocket-Key: " + peer.KEY]}, {101, 400}),
    "version-missing": ({"version": None}, {101, 400}),
    "version-12": ({"version": "12"}, {400, 426}),
    "version-junk": ({"version": "13x"}, {400, 426}),
    "post": ({"method": "POST"}, {101, 200, 400, 405}),
    "connection-missing": ({"connection": None}, {200, 400}),
    "protocol-unknown": ({"protocol": "none-such"}, None),
    "protocol-junk": ({"protocol": ",,;, \t,"}, None),
    "protocol-giant": ({"protocol": "a" * 3000}, None),
    "protocols-many": ({"protocol": ",".join(["x"] * 1500)}, None),
}
# name: (offer, what the answer may say: a set of beginnings; "": no extension)
OFFERS = {
    "bits-7": ("permessage-deflate; server_max_window_bits=7", ""),
    "bits-16": ("permessage-deflate; server_max_window_bits=16", ""),
    "bits-99999": ("permessage-deflate; client_max_window_bits=99999", ""),
    "bits-negative": ("permessage-deflate; server_max_window_bits=-9", ""),
    "bits-empty": ("permessage-deflate; server_max_window_bits=", ""),
    "unknown-parameter": ("permessage-deflate; foo=bar", ""),
    "parameter-twice": ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", ""),
    "unknown-extension": ("x-foo; bar=baz, y", ""),
    "open-quote": ('permessage-deflate; server_max_window_bits="10', ""),
    "twice": ("permessage-deflate, permessage-deflate", "permessage-deflate"),
    "a-hundred": (", ".join(["permessage-deflate"] * 100), "permessage-deflate"),
    "separators": (";,;,;=,=;" * 30, ""),
    "proper": ("permessage-deflate; server_max_window_bits=10", "permessage-deflate"),
}


def open_peer(target, protocol="echo", extensions=None, **more):
    p = peer.Peer(target.port, peer.SECONDS * target.slow, **more)
    p.handshake(protocol, extensions)
    return p


def violations(table, extensions):
    def run(target, _):
        for seed, (name, (data, wanted)) in enumerate(table.items()):
            for pieces in peer.cuts(data, seed):
                with open_peer(target, extensions=extensions) as p:
                    p.send(*pieces)
                    code = p.close_code()
                    assert code in (wanted if isinstance(wanted, set) else {wanted}), f"{name}: {code}"
                    p.send(frame(CLOSE, b""))
                    assert p.at_end(), f"{name}: the connection does not end"
    return run


def close_codes(target, _):
    for code in ECHOED_CODES:
        with open_peer(target) as p:
            p.send(close_frame(code, b"why"))
            assert p.close_code() == code, code
            assert p.at_end(), code
    with open_peer(target) as p:
        p.send(frame(CLOSE))
        assert p.close_code() == 1005
        assert p.at_end()


def handshakes(target, _):
    for seed, (name, (arguments, wanted)) in enumerate(HANDSHAKES.items()):
        for pieces in peer.cuts(peer.upgrade(**arguments), seed):
            with peer.Peer(target.port) as p:
                p.send(*pieces)
                try:
                    status = p.response()[0]
                except peer.Closed:
                    status = None
                assert status in (wanted if isinstance(wanted, set) else {wanted}), f"{name}: {status}"
    with peer.Peer(target.port) as p:  # frames that come with the handshake
        p.send(peer.upgrade() + frame(TEXT, b"early") + frame(PING, b"p"))
        assert p.response()[0] == 101
        assert p.message() == b"early"


def offers(target, _):
    for name, (offer, wanted) in OFFERS.items():
        with peer.Peer(target.port) as p:
            answer = p.handshake(extensions=offer).get("sec-websocket-extensions", "")
            assert bool(answer) == bool(wanted) and answer.startswith(wanted) and "," not in answer, f"{name}: {answer}"
            p.send(frame(TEXT, b"still here"))
            z = zlib.decompressobj(wbits=-15)
            assert p.message(z) == b"still here", name


def lengths(target, _):
    """The largest legal length is waited for without memory; short forms spelled long end or are taken."""
    before = target.peak_from_here()
    for length in ((1 << 63) - 1, 1 << 40, 1 << 32, (1 << 31) + 5):
        with open_peer(target, "sink") as p:
            p.send(frame(BINARY, bytes(100000), length=length))
            p.send(frame(BINARY, bytes(3)))
    for data in (frame(TEXT, b"abc", form=2), frame(TEXT, b"abc", form=8), frame(TEXT, b"x" * 200, form=8)):
        with open_peer(target) as p:
            p.send(data)
            opcode, _, _, payload = p.read_frame()
            assert opcode == CLOSE or payload in (b"abc", b"x" * 200)
    target.peak_within(before, 4096)


def fragments(target, full):
    """A message of very many pieces, empty ones too, is passed on as it comes."""
    count = 500000 if full else 50000
    before = target.peak_from_here()
    with open_peer(target, "sink") as p:
        p.send(frame(BINARY, b"a", fin=False))
        for payload in (b"", b"b"):
            block = frame(CONT, payload, fin=False) * 1000
            for _ in range(count // 2000):
                p.send(block)
        p.send(frame(CONT, b"z") + frame(PING, b"end"))
        assert p.read_frame()[::3] == (PONG, b"end")
    target.peak_within(before, 4096)


def flood(target, data, total, protocol="echo", extensions=None):
    """Sends without ever reading. Returns what was taken; the server's memory stays bounded."""
    before = target.peak_from_here()
    taken = stuck = 0
    with open_peer(target, protocol, extensions, small_buffers=True) as p:
        at = 0
        while taken < total and stuck < 10:
            n = p.send_some(data[at:])
            if n < 0:
                break
            if not n:
                stuck += 1
                target.rests()
                continue
            stuck = 0
            at = (at + n) % len(data)
            taken += n
        target.peak_within(before, 8192)
        target.alive()
        p.reset()
    return taken


def control_floods(target, full):
    total = (32 << 20) if full else (3 << 20)
    flood(target, frame(PING, b"x" * 125) * 500, total)
    flood(target, frame(PING) * 5000, total)
    flood(target, frame(PONG, b"x" * 125) * 500, total)
    flood(target, (frame(PING, b"1") + frame(TEXT, b"t" * 100)) * 500, total)
    flood(target, frame(CLOSE) * 5000, total)
    flood(target, (close_frame(1000) + frame(TEXT, b"late")) * 2000, total)


def unread_echoes(target, full):
    """An echo that the peer never reads: the program stops reading, memory stays."""
    flood(target, frame(BINARY, b"x" * 1000) * 60, (64 << 20) if full else (8 << 20))
    flood(target, frame(BINARY, b"x" * 60000) * 3, (64 << 20) if full else (8 << 20))
    before = target.peak_from_here()
    peers = [open_peer(target, "push", small_buffers=True) for _ in range(40)]
    target.alive()
    target.peak_within(before, 40 * 600 + 2048)
    for p in peers:
        p.reset()


def pings_in_flight(target, _):
    """Of pings that are read at once at least the last is answered; read one by one all are."""
    with open_peer(target) as p:
        p.send(b"".join(frame(PING, b"%d" % n) for n in range(10)))
        got = []
        while not got or got[-1] != b"9":
            opcode, _, _, payload = p.read_frame()
            assert opcode == PONG
            got.append(payload)
        assert got == sorted(got)


def close_storms(target, full):
    for n in range(3000 if full else 300):
        with open_peer(target) as p:
            if n % 3 == 0:
                p.send(close_frame(1000) * 50)
            elif n % 3 == 1:
                p.send(frame(TEXT, b"x" * 3000) * 20 + close_frame(1000))
            else:
                p.send(frame(TEXT, b"abc"))
            if n % 2:
                p.reset()


def bombs(target, full):
    """Deflate bombs pass through in pieces: little memory, other peers are served meanwhile."""
    z = zlib.compressobj(9, wbits=-15)
    size = (256 if full else 24) << 20
    data = b"".join(z.compress(bytes(1 << 20)) for _ in range(size >> 20)) + z.flush(zlib.Z_SYNC_FLUSH)
    before = target.peak_from_here()
    with open_peer(target, "sink", PMD) as p:
        p.send(frame(BINARY, data[:-4], rsv=4))
        target.alive()
        p.send(frame(PING, b"done"))
        try:
            assert p.read_frame()[0] in (PONG, CLOSE)
        except peer.Closed:
            pass
    flood(target, frame(BINARY, data[:-4], rsv=4), len(data) * 2, extensions=PMD)
    target.peak_within(before, 12288)


def deflate_forms(target, _):
    """Empty messages, plain messages, stored blocks, fragments with one byte, on a connection that compresses."""
    z = zlib.decompressobj(wbits=-15)
    with open_peer(target, extensions="permessage-deflate") as p:
        messages = [b"", b"", b"plain", b"x" * 70000, b"", os.urandom(5000), b"end"]
        for n, message in enumerate(messages):
            compressed = deflated(message) or b"\0"
            if n % 3 == 2:
                p.send(frame(BINARY, message))
            elif n % 3 == 1:
                p.send(frame(BINARY, compressed[:1], fin=False, rsv=4))
                p.send(*[frame(CONT, compressed[k:k + 1], fin=False) for k in range(1, len(compressed))])
                p.send(frame(CONT, b""))
            else:
                p.send(frame(BINARY, compressed, rsv=4))
            assert p.message(z) == message, n


def random_frames(target, full):
    """Random frames, random bytes: any answer will do but silence of the server."""
    rng = random.Random(7)
    for n in range(4000 if full else 400):
        with open_peer(target, rng.choice(["echo", "sink"]), rng.choice([None, PMD, "permessage-deflate"])) as p:
            parts = []
            for _ in range(rng.randrange(1, 12)):
                payload = rng.randbytes(rng.choice([0, 1, 2, 125, 126, 127, 500, 4096, 70000]))
                parts.append(frame(rng.choice([0, 1, 2, 2, 2, 8, 9, 10, rng.randrange(16)]), payload,
                                   fin=rng.random() < .8, rsv=rng.choice([0, 0, 0, 4, rng.randrange(8)])))
            data = bytearray(b"".join(parts))
            if n % 2:
                for _ in range(rng.randrange(8)):
                    data[rng.randrange(len(data))] = rng.randrange(256)
            p.send_some(bytes(data[:rng.randrange(len(data) + 1)] if n % 3 else data))
            if n % 5 == 0:
                p.reset()


CLASSES = [
    ("ws handshakes", handshakes, "400 (426); unknown subprotocol: dropped"),
    ("ws extension offers", offers, "bad ones declined, a good one accepted once"),
    ("ws violations", violations(VIOLATIONS, None), "close frame 1002 or 1007, then the end"),
    ("ws close codes", close_codes, "legal codes are echoed, then the end"),
    ("ws frame lengths", lengths, "streamed; no memory for what is announced"),
    ("ws endless fragments", fragments, "passed on; memory bounded"),
    ("ws control floods unread", control_floods, "memory bounded, others served"),
    ("ws echoes unread", unread_echoes, "memory bounded, others served"),
    ("ws pings in flight", pings_in_flight, "the latest is answered"),
    ("ws close storms", close_storms, "all closed"),
    ("pmd violations", violations(PMD_VIOLATIONS, PMD), "close frame 1002 or 1007, then the end"),
    ("pmd message forms", deflate_forms, "echoed"),
    ("pmd bombs", bombs, "inflated in pieces; memory bounded, others served"),
    ("ws random frames", random_frames, "no harm"),
]

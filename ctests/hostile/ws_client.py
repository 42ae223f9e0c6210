"""Websocket servers that do what they must not, for a client on our library.

What the program is told must say what happened, once, and nothing that the
server did not send. `CLASSES` is what run.py takes.
"""

import os
import random
import zlib

import peer
from peer import BINARY, CLOSE, CONT, PING, PONG, TEXT, deflated


def frame(opcode, payload=b"", **more):
    """A server's frame."""
    return peer.frame(opcode, payload, **{"masked": False, **more})


def close_frame(code, reason=b""):
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


# name: (frames, code of the close frame that must come)
VIOLATIONS = {
    "masked": (frame(TEXT, b"hi", masked=True), 1002),
    "masked-empty": (frame(TEXT, masked=True), 1002),
    "masked-ping": (frame(PING, b"hi", masked=True), 1002),
    "rsv1": (frame(TEXT, b"hi", rsv=4), 1002),
    "rsv2": (frame(TEXT, b"hi", rsv=2), 1002),
    "rsv3": (frame(TEXT, b"hi", rsv=1), 1002),
    "rsv-on-ping": (frame(PING, b"hi", rsv=4), 1002),
    **{f"opcode-{n}": (frame(n, b"hi"), 1002) for n in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "continuation-of-nothing": (frame(CONT, b"hi"), 1002),
    "message-in-message": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "ping-fragmented": (frame(PING, b"hi", fin=False), 1002),
    "pong-fragmented": (frame(PONG, b"hi", fin=False), 1002),
    "close-fragmented": (frame(CLOSE, b"", fin=False), 1002),
    "ping-of-126": (frame(PING, b"x" * 126), 1002),
    "pong-of-126": (frame(PONG, b"x" * 126), 1002),
    "ping-of-65536": (frame(PING, b"x" * 65536), 1002),
    "close-of-126": (frame(CLOSE, b"\x03\xe8" + b"x" * 124), 1002),
    "close-of-1": (frame(CLOSE, b"x"), 1002),
    "length-2^63": (frame(BINARY, b"x", length=1 << 63), 1002),
    "length-2^64-1": (frame(BINARY, b"x", length=(1 << 64) - 1), 1002),
    **{f"close-code-{n}": (close_frame(n), 1002) for n in
       (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)},
    "close-reason-not-utf8": (close_frame(1000, b"\xff\xfe"), {1002, 1007}),
    "text-not-utf8": (frame(TEXT, b"ab\xffcd"), 1007),
    "text-overlong": (frame(TEXT, b"\xc0\x80"), 1007),
    "text-surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "text-above-unicode": (frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    "text-cut-at-end": (frame(TEXT, "ä".encode()[:1]), 1007),
    "text-cut-over-fragments": (frame(TEXT, b"\xe2", fin=False) + frame(CONT, b"\x28\xa1"), 1007),
    "junk": (b"HTTP/1.1 200 OK\r\n\r\n", 1002),
}


def ended(client, established=True, received=None):
    """What every order must end with: closed once, or failed once, and the bytes of all messages."""
    names = [line.split()[0] for line in client.lines]
    count = names.count
    if established:
        assert (count("CLIENT_ESTABLISHED"), count("CLIENT_CLOSED"), count("CLIENT_CONNECTION_ERROR")) == (1, 1, 0), names
        assert names[-1] == "CLIENT_CLOSED", names
    else:
        assert (count("CLIENT_ESTABLISHED"), count("CLIENT_CLOSED"), count("CLIENT_CONNECTION_ERROR")) == (0, 0, 1), names
        assert len(next(x for x in client.lines if "CONNECTION_ERROR" in x).split(None, 2)) == 3, client.lines
    assert received is None or client.received == received, (client.received, client.lines[:20])


def warm(client):
    """What is made with the first connection is there."""
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws()
    ended(client)


def violations(table, *lines):
    def run(client, _):
        for seed, (name, (data, wanted)) in enumerate(table.items()):
            for pieces in peer.cuts(data, seed):
                with client.visit("ws://", "protocol=a") as s:
                    s.accept_ws(*lines)
                    s.send(*pieces)
                    code = s.close_code()
                    assert code in (wanted if isinstance(wanted, set) else {wanted}), f"{name}: {code}"
                    s.send(frame(CLOSE, b""))
                ended(client)
    return run


def close_codes(client, _):
    for code in (1000, 1001, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999):
        with client.visit("ws://", "protocol=a") as s:
            s.accept_ws()
            s.send(close_frame(code, b"why"))
            assert s.close_code() == code, code
        ended(client)
        assert any(line.startswith("WS_PEER_INITIATED_CLOSE len=5") for line in client.lines), client.lines
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws()
        s.send(frame(CLOSE))
        assert s.close_code() == 1005
    ended(client)


def lengths(client, _):
    """The largest legal length is waited for without memory; short forms spelled long end or are taken."""
    before = client.peak_from_here()
    for length in ((1 << 63) - 1, 1 << 40, 1 << 32, (1 << 31) + 5):
        with client.visit("ws://", "protocol=a") as s:
            s.accept_ws()
            s.send(frame(BINARY, bytes(100000), length=length))
            s.send(bytes(3))
        ended(client, received=100003)
    for data, size in ((frame(TEXT, b"abc", form=2), 3), (frame(TEXT, b"abc", form=8), 3),
                       (frame(TEXT, b"x" * 200, form=8), 200), (frame(PING, b"abc", form=8), 0)):
        with client.visit("ws://", "protocol=a") as s:
            s.accept_ws()
            s.send(data + frame(CLOSE))
            assert s.close_code() in (None, 1002, 1005)
        ended(client, received=None)
        assert any("CLIENT_RECEIVE len=%d " % size in line for line in client.lines) or not size or \
            all("CLIENT_RECEIVE" not in line for line in client.lines), client.lines
    client.peak_within(before, 4096)


def behind_the_head(client, _):
    """Frames that come together with the answer are taken; so they are when it comes byte by byte."""
    for seed in range(4):
        with client.visit("ws://", "protocol=a") as s:
            data = s.answer() + frame(TEXT, b"early") + frame(PING, b"p") + frame(BINARY, bytes(5000))
            s.send(*list(peer.cuts(data, seed))[seed % 3 if seed < 3 else 0])
            assert s.read_frame() == (PONG, True, 0, b"p")
            s.send(close_frame(1000))
            assert s.close_code() == 1000
        ended(client, received=5005)


# name: lines of the answer's head, or a whole head
GOOD = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
HEADS = {
    "status-200": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    "status-401": "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
    "status-404": "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
    "status-301": "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
    "status-junk": "HTTP/1.1 1x1 No\r\n\r\n",
    "version-junk": "HTTP/9.9 101 Yes\r\n\r\n",
    "no-http": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "x" * 100,
    "accept-missing": f"HTTP/1.1 101 Yes\r\n{GOOD}\r\n",
    "accept-wrong": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: AAAA\r\n\r\n",
    "accept-case": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: %LOWER%\r\n\r\n",
    "accept-giant": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: {'A' * 3000}\r\n\r\n",
    "upgrade-missing": "HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %ACCEPT%\r\n\r\n",
    "upgrade-other": "HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: %ACCEPT%\r\n\r\n",
    "connection-missing": "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %ACCEPT%\r\n\r\n",
    "connection-close": "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: close\r\n"
                        "Sec-WebSocket-Accept: %ACCEPT%\r\n\r\n",
    "protocol-other": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: %ACCEPT%\r\nSec-WebSocket-Protocol: b\r\n\r\n",
    "protocol-longer": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: %ACCEPT%\r\nSec-WebSocket-Protocol: ab\r\n\r\n",
    "protocols-both": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: %ACCEPT%\r\n"
                      "Sec-WebSocket-Protocol: a, b\r\n\r\n",
    "extension-not-offered": f"HTTP/1.1 101 Yes\r\n{GOOD}Sec-WebSocket-Accept: %ACCEPT%\r\n"
                             "Sec-WebSocket-Extensions: x-foo\r\n\r\n",
    "nul": f"HTTP/1.1 101 Yes\r\n{GOOD}Foo: a\0b\r\nSec-WebSocket-Accept: %ACCEPT%\r\n\r\n",
}


def heads(client, _):
    with client.visit("ws://", "protocol=a") as s:
        s.send(s.answer("Sec-WebSocket-Protocol: \t a \t").replace(b"=\r\n", b"= \t\r\n"))
        s.send(close_frame(1000))
        assert s.close_code() == 1000
    ended(client)
    for seed, (name, head) in enumerate(HEADS.items()):
        for n in range(3):
            with client.visit("ws://", "protocol=a") as s:
                accept = s.answer().split(b"Accept: ")[1].split(b"\r\n")[0].decode()
                data = head.replace("%ACCEPT%", accept).replace("%LOWER%", accept.lower()).encode("latin1")
                s.send(*list(peer.cuts(data, seed))[n])
                assert not s.rest(), name
            try:
                ended(client, established=False)
            except AssertionError as e:
                raise AssertionError(f"{name}: {e}") from None


def endless_heads(client, _):
    """Header lines, or one line, without end: the connection fails, little is kept."""
    before = client.peak_from_here()
    for line in (b"Foo: bar\r\n", b"x", b"Set-Cookie: a=b;\r\n", b" folded\r\n", b"\0", b"\r\n"):
        with client.visit("ws://", "protocol=a") as s:
            s.request()
            s.send(b"HTTP/1.1 101 Yes\r\n" + (b"Foo: " if line == b"x" else b""))
            sent = 0
            # what the kernel takes does not count
            while s.send(line * 1000) and sent < 64 << 20:
                sent += len(line) * 1000
            assert sent < 32 << 20, f"{line!r}: {sent} bytes are taken"
        ended(client, established=False)
    client.peak_within(before, 4096)


def silent_ends(client, _):
    """The server goes at any point of the handshake and of a frame."""
    for kind in (frame(TEXT, b"hello"), frame(BINARY, bytes(70000)), close_frame(1000)):
        for at in (0, 1, 2, 3, 5, len(kind) - 1):
            with client.visit("ws://", "protocol=a") as s:
                s.accept_ws()
                s.send(kind[:at])
            ended(client)
    for at in (0, 1, 9, 50, 100):
        with client.visit("ws://", "protocol=a") as s:
            s.send(s.answer()[:at])
        ended(client, established=False)
    for at in (0, 60, 200):
        with client.visit("ws://", "protocol=a") as s:
            s.send(s.answer()[:at])
            s.reset()
        ended(client, established=at > 180)


def pings(client, full):
    """Pings without end that are never read the answers of: memory stays; of pings in flight the last is answered."""
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws()
        s.send(b"".join(frame(PING, b"%02d" % n) for n in range(16)))
        got = []
        while not got or got[-1] != b"15":
            opcode, _, _, payload = s.read_frame()
            assert opcode == PONG
            got.append(payload)
        assert got == sorted(got)
        s.send(close_frame(1000))
        assert s.close_code() == 1000
    ended(client)
    before = client.peak_from_here()
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws()
        for _ in range(200 if full else 40):
            s.send(frame(PING, b"x" * 125) * 500)
    ended(client)
    client.peak_within(before, 8192)


def pongs(client, _):
    """A pong that nobody asked for is told, once."""
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws()
        s.send(frame(PONG, b"one") + frame(TEXT, b"t") + frame(PONG, b"two"))
        s.send(close_frame(1000))
        assert s.close_code() == 1000
    ended(client, received=1)
    told = [line for line in client.lines if "PONG" in line]
    assert told == ["CLIENT_RECEIVE_PONG len=3 one", "CLIENT_RECEIVE_PONG len=3 two"], told


def sends(client, _):
    """Messages of all sizes arrive whole, masked with keys that differ, also when they are read late."""
    for size in (0, 1, 125, 126, 65535, 65536, 262100, 262144, 300000, 1 << 20):
        for late in (False, True):
            with client.visit("ws://", "protocol=a", f"send={size}", "messages=4", small_buffers=late) as s:
                s.accept_ws()
                if late:
                    client.waits()
                for _ in range(4):
                    assert s.message() == b"a" * size, size
                s.send(close_frame(1000))
                assert s.close_code() == 1000
            ended(client)
            assert len(s.keys) == len(set(s.keys)), "a masking key came twice"


EXTENSIONS = "Sec-WebSocket-Extensions: "
PMD = EXTENSIONS + "permessage-deflate"
PMD_VIOLATIONS = {
    "rsv1-on-ping": (frame(PING, b"x", rsv=4), 1002),
    "rsv1-on-close": (frame(CLOSE, b"", rsv=4), 1002),
    "rsv1-on-continuation": (frame(TEXT, deflated(b"ab"), fin=False, rsv=4) + frame(CONT, b"", rsv=4), 1002),
    "rsv2": (frame(TEXT, deflated(b"ab"), rsv=6), 1002),
    "masked": (frame(TEXT, deflated(b"ab"), rsv=4, masked=True), 1002),
    "junk": (frame(BINARY, b"\xff" * 64, rsv=4), 1007),
    "distance-too-far": (frame(BINARY, b"\x4b\x04\x22\x00", rsv=4), 1007),
    "not-utf8-inside": (frame(TEXT, deflated(b"ab\xff"), rsv=4), 1007),
    "cut-utf8-inside": (frame(TEXT, deflated(b"ab\xe2\x82"), rsv=4), 1007),
}
# what the server answers to OFFER
OFFER = "offer=permessage-deflate;client_max_window_bits;server_max_window_bits=12"
ANSWERS = [
    "permessage-deflate, permessage-deflate", "permessage-deflate, x-foo", "x-foo", "X", ",", ";", "=",
    "PERMESSAGE-DEFLATE", "permessage-deflate; foo", "permessage-deflate; foo=bar", "permessage-deflate;;",
    "permessage-deflate; server_max_window_bits=13", "permessage-deflate; server_max_window_bits=7",
    "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=99999",
    "permessage-deflate; server_max_window_bits=-9", "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=7", "permessage-deflate; client_max_window_bits=16",
    "permessage-deflate; client_max_window_bits=", 'permessage-deflate; client_max_window_bits="10',
    "permessage-deflate; client_no_context_takeover=1",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    ", ".join(["permessage-deflate"] * 100), "permessage-deflate; " + "x" * 3000,
]
# name: (the answer, wbits that our side reads with)
GOOD_ANSWERS = {
    "plain": ("permessage-deflate", 15),
    "all": ("permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=9; client_max_window_bits=9", 9),
    "quoted": ('permessage-deflate; client_max_window_bits="10"', 10),
    "eight": ("permessage-deflate;client_max_window_bits=8", 15),
    "blanks": (" \t permessage-deflate ; server_no_context_takeover ", 15),
}


def answers(client, _):
    for answer in ANSWERS:
        with client.visit("ws://", "protocol=a") as s:
            s.accept_ws(EXTENSIONS + answer)
            assert not s.rest(), answer
        ended(client, established=False)
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws(PMD, PMD)
        assert not s.rest()
    ended(client, established=False)
    for name, (answer, bits) in GOOD_ANSWERS.items():
        with client.visit("ws://", "protocol=a", "send=3000", "messages=3") as s:
            s.accept_ws(EXTENSIONS + answer)
            z = zlib.decompressobj(wbits=-bits)
            for _ in range(3):
                assert s.message(z) == b"a" * 3000, name
            s.send(close_frame(1000))
            assert s.close_code() == 1000
        ended(client)


def deflate_forms(client, _):
    """Empty messages, plain ones, stored blocks, fragments with one byte: sent back as they came."""
    messages = [b"", b"", b"plain", b"x" * 70000, b"", os.urandom(5000), b"end", b"", b"y" * 4096]
    for answer in (PMD, PMD + "; server_no_context_takeover; client_no_context_takeover"):
        z = zlib.decompressobj(wbits=-15)
        with client.visit("ws://", "protocol=a", "reply") as s:
            s.accept_ws(answer)
            for n, message in enumerate(messages):
                compressed = deflated(message) or b"\0"
                if n % 3 == 2:
                    s.send(frame(BINARY, message))
                elif n % 3 == 1:
                    s.send(frame(BINARY, compressed[:1], fin=False, rsv=4))
                    s.send(b"".join(frame(CONT, compressed[k:k + 1], fin=False) for k in range(1, len(compressed))))
                    s.send(frame(CONT, b""))
                else:
                    s.send(frame(BINARY, compressed, rsv=4))
                s.send(frame(PONG, b"p"))
                if "client_no" in answer:
                    z = zlib.decompressobj(wbits=-15)
                assert s.message(z) == message, n
            s.send(close_frame(1000))
            assert s.close_code() == 1000
        ended(client, received=sum(map(len, messages)))
        assert sum("PONG" in line for line in client.lines) == len(messages), "pongs are told once each"


def bombs(client, full):
    """A deflate bomb is inflated in pieces up to the limit, then it ends the connection."""
    z = zlib.compressobj(9, wbits=-15)
    size = (256 if full else 24) << 20
    data = b"".join(z.compress(bytes(1 << 20)) for _ in range(size >> 20)) + z.flush(zlib.Z_SYNC_FLUSH)
    before = client.peak_from_here()
    with client.visit("ws://", "protocol=a") as s:
        s.accept_ws(PMD)
        s.send(frame(BINARY, data[:-4], rsv=4))
        assert s.close_code() == 1009
    ended(client)
    assert client.received <= 16 << 20, client.received
    client.peak_within(before, 4096)


def floods(client, full):
    """Messages without end while ours are not read: little memory."""
    before = client.peak_from_here()
    for data in (frame(BINARY, bytes(100)) * 100, frame(BINARY, deflated(bytes(4096)), rsv=4) * 100,
                 frame(TEXT, b"") * 1000, frame(BINARY, b"", fin=False) + frame(CONT, b"", fin=False) * 1000):
        with client.visit("ws://", "protocol=a") as s:
            s.accept_ws(PMD)
            for n in range(200 if full else 20):
                if not s.send(data if n == 0 or b"\x00\x00" != data[-2:] else data[2:]):
                    break
    client.peak_within(before, 8192)


def random_frames(client, full):
    """Random frames, random bytes: the connection ends, once."""
    rng = random.Random(11)
    for n in range(3000 if full else 300):
        with client.visit("ws://", "protocol=a", *(["reply"] if n % 4 == 0 else [])) as s:
            s.accept_ws(*([PMD] if n % 2 else []))
            parts = []
            for _ in range(rng.randrange(1, 12)):
                payload = rng.randbytes(rng.choice([0, 1, 2, 125, 126, 127, 500, 4096, 70000]))
                parts.append(frame(rng.choice([0, 1, 2, 2, 2, 8, 9, 10, rng.randrange(16)]), payload,
                                   fin=rng.random() < .8, rsv=rng.choice([0, 0, 0, 4, rng.randrange(8)])))
            data = bytearray(b"".join(parts))
            if n % 2:
                for _ in range(rng.randrange(8)):
                    data[rng.randrange(len(data))] = rng.randrange(256)
            s.send_some(bytes(data[:rng.randrange(len(data) + 1)] if n % 3 else data))
            if n % 5 == 0:
                s.reset()
        names = [line.split()[0] for line in client.lines]
        # a reset may be seen before the answer is
        assert names.count("CLIENT_CLOSED") + names.count("CLIENT_CONNECTION_ERROR") == 1, names


def over_tls(*classes):
    """The same over TLS: what one record brings is more than one read of the program's, and may stay behind."""
    def run(client, full):
        client.speak_tls()
        try:
            for what in classes:
                what(client, full)
        finally:
            client.tls = None
    return run


PLAIN = ("utf8",)
DEFLATE = ("utf8", OFFER)
CLASSES = [
    ("ws client: violations", PLAIN, violations(VIOLATIONS)),
    ("ws client: close codes", PLAIN, close_codes),
    ("ws client: frame lengths", PLAIN, lengths),
    ("ws client: behind the head", PLAIN, behind_the_head),
    ("ws client: bad answers", PLAIN, heads),
    ("ws client: endless answers", PLAIN, endless_heads),
    ("ws client: silent ends", PLAIN, silent_ends),
    ("ws client: pings", PLAIN, pings),
    ("ws client: pongs", PLAIN, pongs),
    ("ws client: sends", PLAIN, sends),
    ("pmd client: answers", DEFLATE, answers),
    ("pmd client: violations", DEFLATE, violations(PMD_VIOLATIONS, PMD)),
    ("pmd client: message forms", DEFLATE, deflate_forms),
    ("pmd client: bombs", DEFLATE, bombs),
    ("pmd client: floods", DEFLATE, floods),
    ("ws client: random frames", DEFLATE, random_frames),
    ("ws client: over TLS", DEFLATE, over_tls(behind_the_head, silent_ends, pings, sends)),
    ("pmd client: over TLS", DEFLATE, over_tls(violations(PMD_VIOLATIONS, PMD), deflate_forms, bombs)),
]

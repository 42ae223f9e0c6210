"""HTTP/1 inputs that broke the reference or are known to break servers.

A case: name, what is sent, the statuses that must come back in this order, and
what follows: "ends" (the server closes), "waits" (it waits for more), "lives"
(the next request on the connection is answered). A status may be a set.
"""

import peer
from peer import request
from server import INDEX

ENDS, WAITS, LIVES = "ends", "waits", "lives"
GET = request()
HIDDEN = request("/hidden")


def post(headers, body=b"", version="HTTP/1.1"):
    return request("/post", "POST", version, headers, body)


def chunked(body):
    return post(["Transfer-Encoding: chunked"], body)


def with_header(line):
    """A request with a header line as it is."""
    return b"GET /index.html HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n"


LENGTHS = {
    # name: (value, statuses, what follows)
    "negative": ("-1", [400], ENDS),
    "most-negative": ("-9223372036854775808", [400], ENDS),
    "plus": ("+5", [400], ENDS),
    "junk-behind": ("5x", [400], ENDS),
    "hexadecimal": ("0x5", [400], ENDS),
    "two-in-one": ("5, 6", [400], ENDS),
    "over-64-bits": ("99999999999999999999", [400], ENDS),
    "over-128-bits": ("9" * 60, [400], ENDS),
    "float": ("5.0", [400], ENDS),
    "largest-signed": ("9223372036854775807", [], WAITS),
}
CHUNKS = {
    "size-80000000": (b"80000000\r\nabc", [], WAITS),
    "size-ffffffff": (b"ffffffff\r\nabc", [], WAITS),
    "size-100000005": (b"100000005\r\nabcde\r\n0\r\n\r\n", [], WAITS),
    "size-over-64-bits": (b"10000000000000005\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "size-negative": (b"-5\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "size-junk": (b"5z\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "size-empty": (b"\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "size-hexadecimal-mark": (b"0x5\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "data-longer-than-said": (b"5\r\nabcdefgh\r\n0\r\n\r\n", [400], ENDS),
    "line-feeds-only": (b"5\nabcde\n0\n\n", [400], ENDS),
    "extension-giant": (b"5;" + b"x" * 200000 + b"\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "zeros-giant": (b"0" * 200000 + b"5\r\nabcde\r\n0\r\n\r\n", [400], ENDS),
    "trailers-giant": (b"5\r\nabcde\r\n0\r\n" + b"X-Y: zzzz\r\n" * 20000 + b"\r\n", [400], ENDS),
    "proper": (b"5\r\nabcde\r\n3;x=y\r\nfgh\r\n0\r\nX-Trailer: y\r\n\r\n", [200], LIVES),
}
HEADERS = {
    "nul-in-value": (with_header(b"X-A: b\0c"), [400], ENDS),
    "nul-in-name": (with_header(b"X\0A: b"), [400], ENDS),
    "bare-cr": (with_header(b"X-A: b\rX-C: d"), [400], ENDS),
    "control-character": (with_header(b"X-A: b\x01c"), [{200, 400}], None),
    "del-character": (with_header(b"X-A: b\x7fc"), [{200, 400}], None),
    "space-before-colon": (with_header(b"Content-Length : 5"), [400], ENDS),
    "folded": (with_header(b"X-A: b\r\n c"), [400], ENDS),
    "without-colon": (with_header(b"just words"), [400], ENDS),
    "empty-name": (with_header(b": b"), [400], ENDS),
    "two-hosts": (with_header(b"Host: b"), [400], ENDS),
    "one-of-a-megabyte": (with_header(b"X-A: " + b"b" * 1000000), [{400, 431}], ENDS),
    "ten-thousand": (with_header(b"\r\n".join(b"X-%d: y" % n for n in range(10000))), [{400, 431}], ENDS),
    "name-of-a-megabyte": (with_header(b"X" * 1000000 + b": y"), [{400, 431}], ENDS),
    "cookies-many": (with_header(b"Cookie: a=b\r\n" * 5000 + b"X: y"), [{400, 431}], ENDS),
    "host-missing": (request(host=None), [200], LIVES),
    "expect-unknown": (with_header(b"Expect: the-impossible"), [{200, 417}], None),
    "upgrade-unknown": (with_header(b"Upgrade: foo\r\nConnection: Upgrade"), [{200, 403}], None),
    "upgrade-empty": (with_header(b"Upgrade:\r\nConnection: Upgrade"), [{200, 400, 403}], None),
    "upgrade-giant": (with_header(b"Connection: Upgrade\r\nUpgrade: " + b"w" * 3000), [{200, 400, 403}], None),
    "range-junk": (with_header(b"Range: bytes=9-1,-,x"), [{200, 206, 416}], LIVES),
    "range-over-64-bits": (with_header(b"Range: bytes=0-99999999999999999999999"), [{200, 206, 416}], LIVES),
    "authorization-junk": (request("/auth/index.html", headers=["Authorization: Basic !!!!"]), [{401, 403}], None),
    "if-modified-junk": (with_header(b"If-Modified-Since: " + b"9" * 900), [200], LIVES),
}
LINES = {
    "version-9.9": (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", [{400, 505}], ENDS),
    "version-junk": (b"GET / HTTP/x\r\nHost: a\r\n\r\n", [{400, 505}], ENDS),
    "version-missing": (b"GET /\r\nHost: a\r\n\r\n", [400], ENDS),
    "method-unknown": (b"BREW /index.html HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 403, 405, 501}], None),
    "method-of-a-megabyte": (b"G" * 1000000 + b" / HTTP/1.1\r\n\r\n", [{400, 403, 405, 431, 501}], None),
    "target-of-a-megabyte": (b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 414, 431}], ENDS),
    "target-with-nul": (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", [400], ENDS),
    "target-with-control": (b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", [400], ENDS),
    "target-without-slash": (b"GET index.html HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 403, 404}], None),
    "percent-nul": (b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 403, 404}], None),
    "percent-cut": (b"GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 403, 404}], None),
    "percent-junk": (b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 403, 404}], None),
    "crlf-in-target": (b"GET /%0d%0aX:%20y HTTP/1.1\r\nHost: a\r\n\r\n", [{400, 403, 404}], None),
    "h2-preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [{400, 403, 405, 501, 505}], ENDS),
    "tls-hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2 + b"\r\n\r\n",
                  [{400, 403}], ENDS),
    "ssh-banner": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", [{400, 403}], ENDS),
    "empty-lines": (b"\r\n" * 50000, None, None),
}
SMUGGLING = {
    "length-and-chunked": (post(["Content-Length: 4", "Transfer-Encoding: chunked"], b"0\r\n\r\n" + HIDDEN), [400], ENDS),
    "chunked-and-length": (post(["Transfer-Encoding: chunked", "Content-Length: 4"], b"0\r\n\r\n" + HIDDEN), [400], ENDS),
    "two-lengths": (post(["Content-Length: 5", "Content-Length: 6"], b"abcde" + HIDDEN), [400], ENDS),
    "chunked-not-last": (post(["Transfer-Encoding: chunked, identity"], b"0\r\n\r\n" + HIDDEN), [{400, 501}], ENDS),
    "chunked-twice": (post(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], b"0\r\n\r\n" + HIDDEN),
                      [{400, 501}], ENDS),
    "coding-unknown": (post(["Transfer-Encoding: xchunked"], b"0\r\n\r\n" + HIDDEN), [{400, 501}], ENDS),
    "coding-vertical-tab": (post(["Transfer-Encoding: \x0bchunked"], b"0\r\n\r\n" + HIDDEN), [{400, 501}], ENDS),
    "chunked-in-1.0": (post(["Transfer-Encoding: chunked"], b"0\r\n\r\n" + HIDDEN, "HTTP/1.0"), [400], ENDS),
    "empty-length-then-post": (with_header(b"Content-Length:\r\nContent-Length: 5"), [400], ENDS),
}


def cases():
    """All small cases."""
    for name, (value, statuses, then) in LENGTHS.items():
        yield "length-" + name, post(["Content-Length: " + value], b"abcde"), statuses, then
    for name, (body, statuses, then) in CHUNKS.items():
        yield "chunk-" + name, chunked(body), statuses, then
    for group, table in (("header", HEADERS), ("line", LINES), ("smuggling", SMUGGLING)):
        for name, (data, statuses, then) in table.items():
            yield f"{group}-{name}", data, statuses, then


def expect(target, name, data, statuses, then, seed):
    """Sends one case in all its cuts."""
    for pieces in peer.cuts(data, seed):
        with peer.Peer(target.port, peer.SECONDS * target.slow) as p:
            p.send(*pieces)
            if statuses is None:
                continue
            got = []
            for wanted in statuses:
                status, _, body = p.response()
                got.append(status)
                if b"root:" in body:
                    raise AssertionError(f"{name}: a file outside of the mount came back")
                if status not in (wanted if isinstance(wanted, set) else {wanted}):
                    raise AssertionError(f"{name}: {got} instead of {statuses}, in {len(pieces)} pieces")
            if then == ENDS and not p.at_end():
                raise AssertionError(f"{name}: the connection does not end: {p.buffer[:80]!r}")
            if then == LIVES:
                p.send(GET)
                if p.response()[0] != 200:
                    raise AssertionError(f"{name}: the next request is not answered")
            if then == WAITS:
                p.socket.settimeout(0.05)
                try:
                    p.more()
                except TimeoutError:
                    continue
                raise AssertionError(f"{name}: does not wait but says {p.buffer[:80]!r}")


def group(prefix):
    """A class that sends all cases of one group."""
    def run(target, _):
        for seed, (name, data, statuses, then) in enumerate(cases()):
            if name.startswith(prefix):
                try:
                    expect(target, name, data, statuses, then, seed)
                except (peer.Closed, ValueError, TimeoutError) as e:
                    raise AssertionError(f"{name}: {e!r}") from e
    return run


def paths(target, _):
    """Nothing outside of the mount, whatever the spelling."""
    up = ("..", "%2e%2e", ".%2e", "..%00", "..%5c..", "....", "..;")
    for dots in up:
        for slash in ("/", "%2f", "//", "/./", "\\", "%5c"):
            for start in ("/", "/auth/", "/x/", "//"):
                path = start + slash.join([dots] * 9) + slash + "etc/passwd"
                with peer.Peer(target.port) as p:
                    p.send(request(path))
                    status, _, body = p.response()
                    assert status in (400, 401, 403, 404), f"{path}: {status}"
                    assert b"root:" not in body, path
    for path in ("/..", "/../", "/%2e%2e", "/auth/..", "/index.html/", "/index.html/..", "/passwords", "/../passwords"):
        with peer.Peer(target.port) as p:
            p.send(request(path))
            _, _, body = p.response()
            assert b"user:pass" not in body, path


def table_edges(target, full):
    """Targets, arguments and headers that end at every byte near the header table's end."""
    for size in range(3500, 4300, 1 if full else 9):
        for data in (request("/?" + "a" * size), request("/?a=" + "b" * (size // 2) + "&c=" + "d" * (size // 2)),
                     request(headers=["X-Unknown: " + "y" * size]),
                     request(headers=["Cookie: a=" + "y" * (size - 40), "Cookie: b=c"]),
                     request("/?" + "&" * size),
                     request(headers=["X-U: " + "y" * (size - 99), *["X: y"] * 9])):
            with peer.Peer(target.port) as p:
                p.send(data)
                status = p.response()[0]
                assert status in (200, 400, 404, 414, 431), f"{size}: {status}"


def auth(target, _):
    """Only whole pairs of the password file open the door."""
    import base64
    for pair, opens in (("user:pass", 1), ("short:p", 1), ("last:end", 1), ("user:pas", 0), ("user:passw", 0),
                        ("user:pass\r", 0), ("user:pass\n", 0), ("user", 0), ("user:", 0), (":pass", 0), (":", 0),
                        ("", 0), ("ser:pass", 0), ("pass\nshort:p", 0), ("user:pass\nshort:p", 0), ("short:p\r", 0),
                        ("last:end\0", 0), ("last:en", 0), ("\0", 0), ("user:pass\0x", 0), ("x" * 900 + ":y", 0)):
        word = base64.b64encode(pair.encode()).decode()
        with peer.Peer(target.port) as p:
            p.send(request("/auth/index.html", headers=["Authorization: Basic " + word]))
            status = p.response()[0]
            assert (status == 200) == bool(opens) and status in (200, 401, 403), f"{pair!r}: {status}"


def ranges(target, _):
    """Many ranges of a large file do not make the answer larger than the file."""
    for count in (1, 2, 60, 64, 65, 300):
        header = "Range: bytes=" + ",".join(["0-"] * count)
        with peer.Peer(target.port) as p:
            p.send(request("/big.txt", headers=[header, "Connection: close"]))
            got = len(p.rest())
            assert got <= 8388608 + 4096, f"{count} ranges: {got} bytes"


def pipelined(target, full):
    """Every pipelined request is answered, in order."""
    count = 20000 if full else 3000
    with peer.Peer(target.port) as p:
        sent, data, answered = 0, GET * count, 0
        while answered < count:
            while sent < len(data) and (n := p.send_some(data[sent:sent + 65536])) > 0:
                sent += n
            status, _, body = p.response()
            assert (status, body) == (200, INDEX)
            answered += 1


def pipelined_unread(target, full):
    """A peer that asks and never reads is not read from for ever: what waits is bounded."""
    before = target.peak_from_here()
    with peer.Peer(target.port, small_buffers=True) as p:
        data, total, stuck = GET * 1000, 0, 0
        while total < (64 << 20 if full else 16 << 20) and stuck < 20:
            n = p.send_some(data)
            if n < 0:
                break
            stuck = 0 if n else stuck + 1
            total += n
            if not n:
                target.rests()
        assert stuck or n < 0, f"{total} bytes of requests were taken from a peer that does not read"
        target.peak_within(before, 8192)


def uploads(target, full):
    """A body of any size is passed on, not gathered."""
    size = (1 << 30) if full else (64 << 20)
    before = target.peak_from_here()
    block = bytes(1 << 20)
    with peer.Peer(target.port) as p:
        p.send(post([f"Content-Length: {size}"]), *[block] * (size >> 20))
        status, _, body = p.response()
        assert (status, body) == (200, b"%d bytes\n" % size), (status, body)
    target.peak_within(before, 8192)


def unread_download(target, _):
    """A peer that asks for a large file and does not read costs no memory, and is let go in time."""
    before = target.peak_from_here()
    peers = [peer.Peer(target.port, small_buffers=True) for _ in range(50)]
    for p in peers:
        p.send(request("/big.txt"))
    target.alive()
    target.peak_within(before, 50 * 300 + 4096)
    for p in peers:
        p.reset()


CLASSES = [
    ("h1 content-length", group("length"), "400 and end; a large one is waited for"),
    ("h1 chunk sizes", group("chunk"), "400 and end; large ones are waited for, none wraps"),
    ("h1 header fields", group("header"), "400 (431 when too much) and end; harmless ones answered"),
    ("h1 request lines", group("line"), "400, 404, 414, 431 or 505"),
    ("h1 smuggling", group("smuggling"), "400 or 501 and end; the hidden request is never answered"),
    ("h1 paths", paths, "nothing from outside of the mount"),
    ("h1 header table edges", table_edges, "answered or refused at every length"),
    ("h1 basic auth", auth, "200 for the pairs of the file, 401 for all else"),
    ("h1 ranges", ranges, "no more bytes than the file"),
    ("h1 pipelined", pipelined, "all answered, in order"),
    ("h1 pipelined unread", pipelined_unread, "the server stops reading; memory bounded"),
    ("h1 uploads", uploads, "passed on in pieces; memory bounded"),
    ("h1 unread downloads", unread_download, "memory bounded"),
]

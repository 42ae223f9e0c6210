"""Http servers that do what they must not, for a client on our library.

What the program is told: ESTABLISHED_CLIENT_HTTP and the body as it was sent, completed only when all of it came; else
CLIENT_CONNECTION_ERROR with a text, or the end, once. `CLASSES` is what run.py takes.
"""

import os
import random
import ssl
import subprocess
import tempfile
import time

import peer

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FAILS, CUT = "fails", "cut"  # no answer for the program; an answer that breaks off
ANSWERS = {
    # name: (what the server says before it closes, the body that the program gets, or FAILS, CUT, or a set of these)
    "plain": (OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
    "until-close": (OK + b"\r\nhello", b"hello"),
    "http-1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello", b"hello"),
    "no-reason": (b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
    "line-feeds-only": (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", {b"hello", FAILS}),
    "empty": (b"", FAILS),
    "junk": (b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n", FAILS),
    "other-protocol": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", FAILS),
    "half-head": (OK + b"Content-Le", FAILS),
    "status-missing": (b"HTTP/1.1\r\n\r\n", FAILS),
    "status-junk": (b"HTTP/1.1 abc OK\r\n\r\n", FAILS),
    "status-huge": (b"HTTP/1.1 99999999999 OK\r\n\r\n", FAILS),
    "status-negative": (b"HTTP/1.1 -200 OK\r\n\r\n", FAILS),
    "status-0": (b"HTTP/1.1 000 OK\r\n\r\n", FAILS),
    "version-9.9": (b"HTTP/9.9 200 OK\r\nContent-Length: 5\r\n\r\nhello", FAILS),
    "nul-in-header": (OK + b"X-A: b\0c\r\nContent-Length: 5\r\n\r\nhello", FAILS),
    "nul-in-name": (OK + b"X\0A: b\r\nContent-Length: 5\r\n\r\nhello", FAILS),
    "bare-cr": (OK + b"X-A: b\rX-C: d\r\nContent-Length: 5\r\n\r\nhello", FAILS),
    "no-colon": (OK + b"just words\r\nContent-Length: 5\r\n\r\nhello", FAILS),
    "folded": (OK + b"X-A: b\r\n c\r\nContent-Length: 5\r\n\r\nhello", {b"hello", FAILS}),
    **{f"set-cookie-junk-{n}": (OK + b"Set-Cookie: " + junk + b"\r\nContent-Length: 5\r\n\r\nhello", b"hello") for n, junk in
       enumerate((b"", b";", b"a", b"=", b"=;=;", b";;;;", b"a=b; Max-Age=", b"a=b; Expires=never", b"a\tb", b"x" * 2000))},
    "length-negative": (OK + b"Content-Length: -1\r\n\r\nhello", FAILS),
    "length-most-negative": (OK + b"Content-Length: -9223372036854775808\r\n\r\nhello", FAILS),
    "length-plus": (OK + b"Content-Length: +5\r\n\r\nhello", FAILS),
    "length-junk": (OK + b"Content-Length: 5x\r\n\r\nhello", FAILS),
    "length-over-64-bits": (OK + b"Content-Length: 99999999999999999999\r\n\r\nhello", FAILS),
    "length-two": (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", FAILS),
    "length-twice-the-same": (OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", {b"hello", FAILS}),
    "length-and-chunked": (OK + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", FAILS),
    "chunked-and-length": (OK + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5\r\nhello\r\n0\r\n\r\n", FAILS),
    "coding-unknown": (OK + b"Transfer-Encoding: xchunked\r\n\r\nhello", FAILS),
    "coding-behind-chunked": (OK + b"Transfer-Encoding: chunked, gzip\r\n\r\nhello", FAILS),
    "length-cut": (OK + b"Content-Length: 500\r\n\r\nhello", CUT),
    "length-largest": (OK + b"Content-Length: 9223372036854775807\r\n\r\nhello", CUT),
    "chunks": (CHUNKED + b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", b"hello!"),
    "chunked-capital": (OK + b"Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello"),
    "chunk-extensions": (CHUNKED + b"5;a=b\r\nhello\r\n1 ; c=\"d\"\r\n!\r\n0;e\r\n\r\n", b"hello!"),
    "chunk-trailers": (CHUNKED + b"5\r\nhello\r\n0\r\nX-T: u\r\nContent-Length: 1\r\n\r\n", b"hello"),
    "chunk-size-zeros": (CHUNKED + b"0005\r\nhello\r\n0000\r\n\r\n", b"hello"),
    "chunks-cut": (CHUNKED + b"5\r\nhello\r\n", CUT),
    "chunk-cut": (CHUNKED + b"5\r\nhel", CUT),
    "chunk-80000000": (CHUNKED + b"80000000\r\nhello", CUT),
    "chunk-ffffffff": (CHUNKED + b"ffffffff\r\nhello", CUT),
    "chunk-100000005": (CHUNKED + b"100000005\r\nhello\r\n0\r\n\r\n", CUT),
    "chunk-over-64-bits": (CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n", CUT),
    "chunk-negative": (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", CUT),
    "chunk-junk": (CHUNKED + b"5z\r\nhello\r\n0\r\n\r\n", CUT),
    "chunk-empty-size": (CHUNKED + b"\r\nhello\r\n0\r\n\r\n", CUT),
    "chunk-longer-than-said": (CHUNKED + b"5\r\nhello!!\r\n0\r\n\r\n", CUT),
    "chunk-missing": (CHUNKED, CUT),
    "continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
    "early-hints": (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
    "continue-without-end": (b"HTTP/1.1 100 Continue\r\n\r\n" * 5000, FAILS),
    "continue-only": (b"HTTP/1.1 100 Continue\r\n\r\n", FAILS),
    "upgrade-unasked": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81\0",
                        {FAILS, CUT, b"", b"\x81\0"}),
    "204-with-body": (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", b""),
    "304-with-length": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
    "404": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
    "999": (b"HTTP/1.1 999 What\r\nContent-Length: 5\r\n\r\nhello", {b"hello", FAILS}),
    "behind-the-body": (OK + b"Content-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad", b"hello"),
    "behind-the-chunks": (CHUNKED + b"5\r\nhello\r\n0\r\n\r\njunk", b"hello"),
    "behind-no-body": (OK + b"Content-Length: 0\r\n\r\njunk", b""),
}
LOCATIONS = {
    # where a redirect leads: whether it leads anywhere
    "/next": True, "next": True, "?x": True, "": True, "http:": False, "http://": False, "http:///": False,
    "http://:80/": False, "http://127.0.0.1:99999/": False, "http://127.0.0.1:-1/": False, "http://127.0.0.1:x/": False,
    "http://[::1/": False, "ftp://127.0.0.1/": False, "file:///etc/passwd": False, "javascript:alert(1)": False,
    "http://" + "a" * 3000 + "/": False, "/" + "x" * 3000: True, "//127.0.0.1:1": False, "\\\\127.0.0.1\\": True,
    "http://127.0.0.1:1@/": False, "/%0d%0aX:%20y": True, "/a b": True, "/\x01\x7f": True, "/\xff\xfe": True,
}


def ended(client, wanted, name):
    """What the program was told of one request."""
    lines, names = client.lines, [line.split()[0] for line in client.lines]
    failed = names.count("CLIENT_CONNECTION_ERROR")
    closed, complete = names.count("CLOSED_CLIENT_HTTP"), names.count("COMPLETED_CLIENT_HTTP")
    assert failed + closed == 1, f"{name}: ended {failed + closed} times: {lines}"
    if failed:
        got = FAILS
        assert complete == 0 and not client.received, f"{name}: {lines}"
        error = next(line for line in lines if line.startswith("CLIENT_CONNECTION_ERROR"))
        assert "len=0" not in error, f"{name}: failed without a text"
    else:
        assert complete <= 1, f"{name}: {lines}"
        read = [line.split(" ", 2)[2] for line in lines if line.startswith("RECEIVE_CLIENT_HTTP_READ")]
        got = "".join(read).encode("latin1").replace(b"\\x81", b"\x81").replace(b"\\x00", b"\0") if complete else CUT
    assert got in (wanted if isinstance(wanted, set) else {wanted}), f"{name}: {got}, not {wanted}: {lines}"


def answers(prefixes):
    """A class that sends the answers of a group in all cuts."""
    def run(client, _):
        for seed, (name, (data, wanted)) in enumerate(ANSWERS.items()):
            if name.startswith(prefixes):
                for pieces in peer.cuts(data, seed) if data else [[b""]]:
                    if len(pieces) > 100:  # each costs a turn of the service, and they are counted
                        pieces = [data[n:n + len(data) // 50] for n in range(0, len(data), len(data) // 50)]
                    with client.visit("http://") as s:
                        s.request()
                        s.send(*pieces)
                    ended(client, wanted, name)
    return run


GROUPS = {
    "lengths and codings": ("length", "coding", "chunked-and", "204", "304", "until"),
    "chunks": ("chunk",),
    "heads": ("plain", "http", "no-", "line", "empty", "junk", "other", "half", "status", "version", "nul", "bare", "folded",
              "set-cookie", "404", "999"),
    "interim and behind": ("continue", "early", "upgrade", "behind"),
}
assert all(any(n.startswith(p) for p in GROUPS.values()) for n in ANSWERS)


def endless(client, full):
    """Heads, interim answers and chunk lines without end are given up, and cost no memory."""
    before = client.peak_from_here()
    for name, first, line in (("head", OK, b"X-Header: value\r\n"), ("line", OK + b"X: ", b"y" * 1000), ("nuls", OK, b"\0" * 1000),
                              ("interim", b"", b"HTTP/1.1 100 Continue\r\n\r\n"), ("status", b"HTTP/1.1 200 ", b"y" * 1000),
                              ("blank", b"", b"\r\n"), ("set-cookie", OK, b"Set-Cookie: a=b\r\n"),
                              ("chunk-extension", CHUNKED + b"5;", b"y" * 1000), ("zeros", CHUNKED, b"0" * 1000),
                              ("trailers", CHUNKED + b"0\r\n", b"X-Header: value\r\n")):
        with client.visit("http://") as s:
            s.request()
            sent = 0
            while sent < (256 << 20 if full else 64 << 20) and s.send(first + line * 1000):
                sent, first = sent + len(line) * 1000, b""
            # what the kernel takes does not count
            assert sent < 32 << 20, f"{name}: {sent} bytes are taken"
        ended(client, {FAILS, CUT}, name)
    client.peak_within(before, 4096)


def bodies(client, full):
    """Large bodies in either framing: all of it, in bounded memory."""
    before, size = client.peak_from_here(), (256 << 20 if full else 16 << 20)
    block = bytes(1 << 20)
    for head, piece, end in ((b"%sContent-Length: %d\r\n\r\n" % (OK, size), block, b""), (OK + b"\r\n", block, b""),
                             (CHUNKED, b"100000\r\n" + block + b"\r\n", b"0\r\n\r\n")):
        with client.visit("http://") as s:
            s.request()
            s.send(head, *[piece] * (size >> 20), end)
        names = [line.split()[0] for line in client.lines]
        assert client.received == size and "COMPLETED_CLIENT_HTTP" in names, f"{client.received} of {size}: {names[-3:]}"
    client.peak_within(before, 8192)


def held(client, _):
    """A program that does not read: the server waits, memory is bounded; the server's reset ends it."""
    before = client.peak_from_here()
    with client.visit("http://", "hold") as s:
        s.request()
        s.send(OK + b"\r\n")
        total = stuck = 0
        while total < 64 << 20 and stuck < 20:
            n = s.send_some(bytes(65536))
            if n < 0:
                break
            total, stuck = total + n, 0 if n else stuck + 1
            if not n:
                time.sleep(0.005)
        assert total < 64 << 20, "all is taken for a program that does not read"
        client.peak_within(before, 4096)
        s.reset()
    names = [line.split()[0] for line in client.lines]
    assert names.count("CLOSED_CLIENT_HTTP") == 1, client.lines


def redirect(client, location, answers_next):
    """One redirect; returns how many connections came."""
    client.begin("http://")
    count = 0
    while True:
        with client.accept() as s:
            s.request()
            count += 1
            if count > 1 and answers_next:
                s.send(OK + b"Content-Length: 5\r\n\r\nhello")
            else:
                s.send(b"HTTP/1.1 302 Found\r\nLocation: " + location.encode("latin1") + b"\r\nContent-Length: 0\r\n\r\n")
            if answers_next and count > 1 or not answers_next and count > 3:
                break
    client.finish()
    return count


def redirects(client, _):
    """Loops end; a redirect that leads nowhere fails with a text."""
    for location in ("/", "/b", "", f"http://127.0.0.1:{client.port}/"):
        assert redirect(client, location, False) == 4, location
        ended(client, FAILS, location)
    for location, leads in LOCATIONS.items():
        if leads:
            redirect(client, location, True)
            ended(client, b"hello", location)
            continue
        client.begin("http://")
        with client.accept() as s:
            s.request()
            s.send(b"HTTP/1.1 301 Moved\r\nLocation: " + location.encode("latin1") + b"\r\nContent-Length: 0\r\n\r\n")
        client.finish()
        ended(client, FAILS, location)


def server_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key, cert = (os.path.join(folder, name) for name in ("key.pem", "cert.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                        key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)
        context.load_cert_chain(cert, key)
    return context


def secure_redirects(client, _):
    """TLS does not end on the way; the plain server is not asked."""
    context = server_context()
    for scheme, leads in (("https", True), ("http", False)):
        client.begin("https://")
        with client.accept() as s:
            s.socket = context.wrap_socket(s.socket, server_side=True)
            s.request()
            s.send(f"HTTP/1.1 302 Found\r\nLocation: {scheme}://127.0.0.1:{client.port}/x\r\nContent-Length: 0\r\n\r\n".encode())
            if leads:
                with client.accept() as s2:
                    s2.socket = context.wrap_socket(s2.socket, server_side=True)
                    s2.request()
                    s2.send(OK + b"Content-Length: 5\r\n\r\nhello")
            else:
                s.rest()
        client.finish()
        ended(client, b"hello" if leads else FAILS, scheme)


def ends(client, _):
    """The server goes at any point, by FIN and by reset."""
    whole = CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"
    for at in range(0, len(whole), 3):
        for reset in (False, True):
            with client.visit("http://") as s:
                s.request()
                s.send(whole[:at])
                if reset:
                    s.reset()
            ended(client, {FAILS, CUT}, f"{at} bytes, reset {reset}")


def uploads(client, _):
    """A server that answers, ends or resets in the middle of our body, or never reads it."""
    for said in (b"", OK + b"Content-Length: 5\r\n\r\nhello", b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", b"junk\r\n\r\n"):
        for reset in (False, True):
            with client.visit("http://", "method=POST", "body=3000000") as s:
                s.request()
                s.send(said)
                if reset:
                    s.reset()
            names = [line.split()[0] for line in client.lines]
            assert names.count("CLIENT_CONNECTION_ERROR") + names.count("CLOSED_CLIENT_HTTP") == 1, f"{said!r}: {client.lines}"


def random_answers(client, full):
    """Answers with bytes changed, cut and ended anywhere: told once."""
    rng = random.Random(7)
    for n in range(3000 if full else 200):
        data = bytearray(rng.choice(list(ANSWERS.values()))[0][:3000] or b"x")
        for _ in range(rng.randrange(6)):
            data[rng.randrange(len(data))] = rng.choice((rng.randrange(256), *b"\r\n:; 019-"))
        if b"ocation" in data:
            continue
        with client.visit("http://") as s:
            s.request()
            s.send(bytes(data[:rng.randrange(len(data) + 1)]))
            if n % 4 == 0:
                s.reset()
        names = [line.split()[0] for line in client.lines]
        assert names.count("CLIENT_CONNECTION_ERROR") + names.count("CLOSED_CLIENT_HTTP") == 1, client.lines


CLASSES = [
    *((f"http client: {name}", (), answers(prefixes)) for name, prefixes in GROUPS.items()),
    ("http client: endless answers", (), endless),
    ("http client: large bodies", (), bodies),
    ("http client: unread bodies", ("seconds=1",), held),
    ("http client: redirects", (), redirects),
    ("http client: redirects over tls", (), secure_redirects),
    ("http client: ends anywhere", (), ends),
    ("http client: uploads", (), uploads),
    ("http client: random answers", (), random_answers),
]

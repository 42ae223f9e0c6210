"""Scripts that answer badly, and clients that leave them (the server's /cgi mount, 3 seconds a script).

After each class no process of a script is left; `Target.settled` looks at the rest.
"""

import os

import peer
from peer import request
from server import until

SECONDS = 3  # cgi_timeout of the mount
AT_ONCE = 128  # src/conn/role/cgi/mod.rs
HEAD = "printf 'Content-Type: text/plain\\n\\n'; "
SCRIPTS = {
    "hello": HEAD + "echo hello",
    "cat": HEAD + "exec cat",
    "deaf": "exec sleep 60",  # reads no body, says nothing
    "late": HEAD + "sleep 0.2; echo hello",
    "flood": HEAD + "exec cat /dev/zero",
    "flood-errors": "cat /dev/zero >&2; exit",
    "complain": HEAD + "for n in $(seq 2000); do echo trouble >&2; done; echo hello",
    "endless-head": "exec yes 'X-Header: value'",
    "endless-line": "exec cat /dev/zero",
    "large-head": "for n in $(seq 200); do echo \"X-Header-$n: $(printf %0400d $n)\"; done; echo; echo hello",
    "nothing": "exit 0",
    "dies": "kill -9 $$",
    "dies-later": HEAD + "echo hello; kill -9 $$",
    "half-head": "printf 'Content-Type: text/pl'",
    "stubborn": "trap '' TERM; " + HEAD + "echo hello; sleep 60",
    "leaves-children": HEAD + "sleep 60 & echo hello",
    "hides": HEAD + "echo hello; exec sleep 60 >/dev/null 2>&1 </dev/null",
    "stops": "kill -STOP $$",
}
HEADS = {
    # what a script says in its head: the statuses that may come of it
    "status-huge": ("Status: 99999999999\\n\\n", {500, 502}),
    "status-junk": ("Status: abc\\n\\n", {200, 500, 502}),
    "status-negative": ("Status: -5\\n\\n", {500, 502}),
    "length-negative": ("Content-Length: -5\\n\\nhello", {200, 500, 502}),
    "length-junk": ("Content-Length: 5x\\n\\nhello", {200, 500, 502}),
    "length-too-large": ("Content-Length: 500\\n\\nhello", {200}),
    "length-too-small": ("Content-Length: 2\\n\\nhello", {200}),
    "length-twice": ("Content-Length: 2\\nContent-Length: 5\\n\\nhello", {200, 500, 502}),
    "length-and-chunked": ("Content-Length: 2\\nTransfer-Encoding: chunked\\n\\nhello", {200, 500, 502}),
    "chunked": ("Transfer-Encoding: chunked\\n\\n5\\r\\nhello\\r\\n0\\r\\n\\r\\n", {200, 500, 502}),
    "no-colon": ("just words\\n\\n", {200, 500, 502}),
    "nul": ("X-A: b\\000c\\n\\n", {200, 500, 502}),
    "bare-cr": ("X-A: b\\rX-C: d\\n\\n", {200, 500, 502}),
    "location-split": ("Location: /a\\rSet-Cookie: b\\n\\n", {302, 500, 502}),
    "connection": ("Connection: keep-alive, upgrade\\nUpgrade: x\\n\\nhello", {200, 500, 502}),
}


def write_scripts(folder):
    """Called before the server starts."""
    os.makedirs(folder, exist_ok=True)
    told = {name: f"printf '{text}'" for name, (text, _) in HEADS.items()}
    for name, text in {**SCRIPTS, **told}.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as f:
            f.write("#!/bin/sh\n" + text + "\n")
        os.chmod(path, 0o755)


def all_gone(target, seconds):
    until(lambda: not target.children(), "no script runs", seconds * target.slow)


def statuses(target, names):
    """Asks for all of them at once; (name, status or None for a connection that just ends)."""
    peers = [(name, peer.Peer(target.port, 20 * target.slow)) for name in names]
    for name, p in peers:
        p.send(request("/cgi/" + name, headers=["Connection: close"]))
    for name, p in peers:
        with p:
            try:
                yield name, p.response()[0]
            except peer.Closed:
                yield name, None


def heads(target, _):
    """Whatever a script's head says, the client gets one well-formed answer, or sees its connection end."""
    for name, (_, wanted) in HEADS.items():
        with peer.Peer(target.port, peer.SECONDS * target.slow) as p:
            p.send(request("/cgi/" + name), request())
            try:
                status, headers, _ = p.response()
                assert status in wanted, f"{name}: {status}"
                for end in ("content-length", "transfer-encoding"):
                    assert "," not in headers.get(end, ""), f"{name}: {headers}"
                assert not ("content-length" in headers and "transfer-encoding" in headers), f"{name}: {headers}"
                assert "set-cookie" not in headers, f"{name}: a header of its own"
            except peer.Closed:
                continue
            try:
                status, _, body = p.response()
                assert status == 200 and b"hello index" in body, f"{name}: {status} follows on the connection"
            except peer.Closed:
                pass
    all_gone(target, 5)


ENDINGS = {
    # the statuses that may come of it; None: the connection just ends
    "nothing": {500, 502}, "dies": {500, 502}, "half-head": {500, 502}, "dies-later": {200}, "large-head": {500, 502},
    "complain": {200}, "leaves-children": {200, None}, "hides": {200}, "stubborn": {200, None}, "hello": {200},
}


def endings(target, _):
    """Scripts that end early, late or not by themselves."""
    for name, status in statuses(target, ENDINGS):
        assert status in ENDINGS[name], f"{name}: {status}"
    all_gone(target, SECONDS + 10)


def silent(target, _):
    """A script that says nothing in its time: 504."""
    for name, status in statuses(target, ("deaf", "stops", "flood-errors")):
        assert status == 504, f"{name}: {status}"
    all_gone(target, 10)


def floods(target, full):
    """Output without end is held back by a client that does not read, and costs no memory."""
    before = target.peak_from_here()
    for name, status in statuses(target, ("endless-head", "endless-line")):
        assert status in (500, 502), f"{name}: {status}"
    all_gone(target, 5)
    peers = [peer.Peer(target.port, small_buffers=True) for _ in range(30 if full else 6)]
    for p in peers:
        p.send(request("/cgi/flood"))
    with peer.Peer(target.port) as p:
        p.send(request("/cgi/flood"))
        got = 0
        while got < 16 << 20:
            assert p.more()
            got, p.buffer = got + len(p.buffer), b""
    target.alive()
    target.peak_within(before, 8192 + 300 * len(peers))
    for p in peers:
        p.reset()
    all_gone(target, 5)


def leaving(target, full):
    """A client that goes takes its script along, long before the script's time is up."""
    # More than the script's pipe holds, and no more than that and the least window of the server's socket: with a closed window
    # nobody could hear of the end.
    body = bytes(100000)
    for port, kind in ((target.port, peer.Peer), (target.tls_port, peer.TlsPeer)):
        for name, method, sent in (("deaf", "GET", None), ("flood", "GET", None), ("deaf", "POST", b"x" * 10),
                                   ("deaf", "POST", body), ("cat", "POST", body[:100]), ("flood", "POST", body)):
            for reset in (False, True):
                headers = [] if sent is None else [f"Content-Length: {len(body) * 2}"]
                for _ in range(10 if full else 1):
                    with kind(port, peer.SECONDS * target.slow) as p:
                        p.send(request("/cgi/" + name, method, headers=headers, body=sent or b""))
                        until(target.children, "the script runs", 10 * target.slow)
                        if reset:
                            p.reset()
                try:
                    all_gone(target, SECONDS - 1)
                except Exception as e:
                    raise AssertionError(f"{name} {method} {len(sent or b'')} bytes, reset {reset}, {kind.__name__}: {e}") from e


def crowd(target, _):
    """More at once than may run: 503, the others are answered."""
    peers = [peer.Peer(target.port, 30 * target.slow) for _ in range(AT_ONCE + 30)]
    for p in peers:
        p.send(request("/cgi/late"))
    got = []
    for p in peers:
        try:
            got.append(p.response()[0])
        except peer.Closed:
            got.append(None)  # under a checker starting them all takes longer than their time
    assert set(got) <= {200, 503} and got.count(200) >= AT_ONCE or target.slow > 1, got
    for p in peers:
        p.socket.close()
    all_gone(target, 10)


CLASSES = [
    ("cgi heads", heads, "one well-formed answer, or the end"),
    ("cgi endings", endings, "500 or 502 without a head; no process stays"),
    ("cgi silence", silent, "504 when its time is up"),
    ("cgi floods", floods, "an endless head is 502; endless output waits for the client; memory bounded"),
    ("cgi clients that leave", leaving, "the script ends with its client"),
    ("cgi crowd", crowd, "503 for more than 128 at once"),
]

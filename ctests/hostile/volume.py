"""Attacks by number and by slowness."""

import concurrent.futures
import os
import random
import resource
import shutil
import socket
import subprocess

import peer
from peer import frame, request
from server import Broken, until

HALF = b"GET /index.html HTTP/1.1\r\nHost: a\r\nX-Half: "


def garbage(rng, n):
    """Bytes of one of several kinds of nonsense."""
    kind = n % 6
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 600))
    if kind == 1:
        return bytes(rng.choice(b"GET POST/ HTTP1.:\r\n\t\0\xff;,=&%abc") for _ in range(rng.randrange(1, 300)))
    if kind == 2:
        data = bytearray(request(headers=["Content-Length: 4", "Cookie: a=b"]))
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        return bytes(data)
    if kind == 3:
        return request()[:rng.randrange(50)]
    if kind == 4:
        return b"\x16\x03\x01" + rng.randbytes(300)
    return peer.upgrade() + rng.randbytes(rng.randrange(1, 400))


def garbage_connections(target, full):
    """Connections with nonsense, in batches; some end with a FIN, some with a reset, some do not wait."""
    rng = random.Random(3)
    total, batch = (20000, 200) if full else (2000, 100)
    for start in range(0, target.few(total), batch):
        peers = []
        for n in range(start, start + batch):
            p = peer.Peer(target.port if n % 7 else target.raw_port)
            p.send_some(garbage(rng, n))
            if n % 3 == 0:
                p.reset()
            else:
                peers.append(p)
        for p in peers:
            if rng.random() < .2:
                p.socket.shutdown(socket.SHUT_WR)
            p.socket.close()
        target.must_run()


def half_open(target, full):
    """Many connections with half a request, held; the server serves others meanwhile and lets them go in time."""
    count = 3000 if full else 600
    peers = [peer.Peer(target.port, 30) for _ in range(count)]
    for n, p in enumerate(peers):
        p.send_some((HALF, b"", b"G", peer.upgrade()[:-2])[n % 4])
    target.alive()
    for p in peers:  # 3 s for a head
        if not p.ended:
            p.rest()
    for p in peers:
        p.socket.close()


def silent_websockets(target, full):
    """Peers that upgrade and then say nothing, some with half a frame."""
    peers = []
    for n in range(target.few(1500 if full else 300)):
        p = peer.Peer(target.port)
        p.handshake()
        p.send_some(frame(peer.TEXT, b"x" * 100)[:n % 50])
        peers.append(p)
    target.alive()
    for n, p in enumerate(peers):
        if n % 2:
            p.reset()
        p.socket.close()


def reset_storm(target, full):
    """Resets at every stage of a connection."""
    rng = random.Random(5)
    stages = (b"", b"G", HALF, request(), request("/big.txt"), request() * 30, peer.upgrade(),
              peer.upgrade() + frame(peer.BINARY, b"x" * 5000), request("/post", "POST", headers=["Content-Length: 9"]))
    for n in range(target.few(10000 if full else 1500)):
        p = peer.Peer(target.port)
        p.send_some(stages[n % len(stages)])
        if rng.random() < .3:
            p.socket.settimeout(0.01)
            try:
                p.more()
            except TimeoutError:
                pass
        p.reset()


def raw_floods(target, full):
    """A raw echo whose peer does not read."""
    before = target.peak_from_here()
    for _ in range(3):
        with peer.Peer(target.raw_port, small_buffers=True) as p:
            total = stuck = 0
            while total < ((64 << 20) if full else (8 << 20)) and stuck < 5:
                n = p.send_some(bytes(65536))
                if n < 0:
                    break
                stuck = 0 if n else stuck + 1
                total += n
                if not n:
                    target.rests()
            p.reset()
    target.peak_within(before, 8192)


def slow_loris(target, full):
    """One byte now and then: each gets its seconds, not more; others are served."""
    peers = [peer.Peer(target.port, 30) for _ in range(300)]
    for p in peers:
        p.send_some(b"GET /index.html HTTP/1.1\r\nHost: a\r\n")
    open_ = list(peers)
    rounds = 0
    while open_:
        rounds += 1
        if rounds > 400:
            raise AssertionError(f"{len(open_)} slow senders are still there")
        for p in list(open_):
            if p.send_some(b"X: y\r\n"[(rounds - 1) % 6:][:1]) < 0:
                open_.remove(p)
        target.rests()
        if rounds % 10 == 1:
            target.alive()
    for p in peers:
        p.socket.close()


def slowhttptest(target, full):
    """Debian's slowhttptest: slow headers, bodies and reads; the service stays available."""
    program = shutil.which("slowhttptest")
    if not program:
        raise Broken("slowhttptest is not installed")
    url = f"http://127.0.0.1:{target.port}"
    seconds = 20 if full else 3
    runs = (["-H", "-u", url + "/index.html", "-i", "1"], ["-B", "-u", url + "/post", "-t", "POST", "-i", "1"],
            ["-X", "-u", url + "/big.txt", "-w", "10", "-y", "20", "-n", "1", "-z", "32"])
    for mode in runs:
        with subprocess.Popen([program, *mode, "-c", "400", "-r", "200", "-l", str(seconds), "-p", "3"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=target.work) as run:
            try:
                while run.poll() is None:
                    target.alive()
                    target.rests()
                said = run.stdout.read().decode("latin1")
            finally:
                run.kill()
        assert "service available:   NO" not in said, f"{mode}: {said[-1500:]}"


def parallel_mix(target, full):
    """Attackers of several kinds at once, and a client that must be served all the time."""
    def attack(what):
        what(target, False)

    kinds = (garbage_connections, reset_storm, silent_websockets)
    with concurrent.futures.ThreadPoolExecutor(len(kinds)) as pool:
        running = [pool.submit(attack, kind) for kind in kinds * (3 if full else 1)]
        while not all(r.done() for r in running):
            target.alive()
        for r in running:
            r.result()


def descriptors_exhausted(target, _):
    """More peers than the server has descriptors for: it rests, says so in few words, and goes on when it can."""
    limit, log = 64, os.path.getsize(target.log.name)
    held = []
    while target.fds() < limit - 4:
        held.append(peer.Peer(target.port, 30))
        held[-1].handshake()
    late = [peer.Peer(target.port, 30) for _ in range(40)]
    for p in late:
        p.send(request("/post"))
    until(target.rests, "the server rests while it has no descriptors", 2 * target.slow)
    said = os.path.getsize(target.log.name) - log
    assert said < 4096, f"{said} bytes of log"
    for p in held[:5]:  # their descriptors come free
        p.socket.close()
    for p in late:
        assert p.response()[0] == 200
        p.socket.close()
    # descriptors that come free elsewhere
    while target.fds() < limit - 1:
        held.append(peer.Peer(target.port, 30))
        held[-1].handshake()
    with peer.Peer(target.port, 5 * target.slow) as p:
        p.send(request("/post"))
        until(target.rests, "the server rests", 2 * target.slow)
        resource.prlimit(target.pid, resource.RLIMIT_NOFILE, (limit + 20, resource.prlimit(target.pid, resource.RLIMIT_NOFILE)[1]))
        assert p.response()[0] == 200
    for p in held:
        p.socket.close()


def headers_exhausted(target, _):
    """On a server with 10 header tables: silent peers and slow heads take none for long."""
    idle = [peer.Peer(target.port, 30) for _ in range(50)]
    target.alive()
    slow = [peer.Peer(target.port, 60) for _ in range(30)]
    for p in slow:
        p.send_some(HALF)

    def served():
        with peer.Peer(target.port, 30) as p:
            p.send(request())
            try:
                return p.response()[0] == 200
            except peer.Closed:  # its time to wait was over together with theirs
                return False
    until(served, "somebody else's turn comes", 30 * target.slow)
    for p in idle + slow:
        p.socket.close()


def allow_files(count):
    """This process needs many descriptors too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


CLASSES = [
    ("garbage connections", garbage_connections, "400 or the end"),
    ("half-open requests", half_open, "others served; let go after timeout_secs_ah_idle"),
    ("silent websockets", silent_websockets, "others served"),
    ("reset storm", reset_storm, "all let go"),
    ("raw floods unread", raw_floods, "memory bounded"),
    ("slow loris", slow_loris, "others served; let go after timeout_secs_ah_idle"),
    ("slowhttptest -H -B -X", slowhttptest, "service available throughout"),
    ("attackers in parallel", parallel_mix, "others served throughout"),
]
# on servers of their own: options, class
OWN_SERVER = [
    (["nofile=64"], ("descriptors exhausted", descriptors_exhausted, "no spinning; serves again afterwards")),
    (["headers=10"], ("header tables exhausted", headers_exhausted, "everyone's turn comes")),
]

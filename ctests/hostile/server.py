"""The server under attack, and what is looked at after each class.

`Target` starts server.c's program on a library and knows its counters, its
descriptors, its memory and its CPU time. `Target.settled` is the heart: after an
attack the server serves, and everything is back to what it was.
"""

import contextlib
import mmap
import os
import signal
import struct
import subprocess
import time

import peer

HERE = os.path.dirname(os.path.abspath(__file__))
COUNTS = ("turns", "created", "destroyed", "opened", "closed", "bound", "dropped", "received", "pongs")
INDEX = b"<html><body>hello index</body></html>\n"
LISTENERS = 3
PASSWORDS = b"user:pass\nshort:p\r\nlast:end"


class Broken(Exception):
    """The server does not behave."""


def until(holds, what, seconds=20):
    deadline = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Broken(f"not within {seconds} s: {what}")
        time.sleep(0.005)


class Target:
    """A running server."""

    def __init__(self, binary, env, work, before=(), options=(), slow=1):
        self.work, self.slow = work, slow
        os.makedirs(os.path.join(work, "www"), exist_ok=True)
        for name, data in (("www/index.html", INDEX), ("passwords", PASSWORDS),
                           ("www/big.txt", bytes(range(256)) * 32768)):
            with open(os.path.join(work, name), "wb") as f:
                f.write(data)
        key, cert = (os.path.join(work, name) for name in ("key.pem", "cert.pem"))
        if not os.path.exists(cert):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
                            "-days", "30", "-subj", "/CN=localhost"], check=True, capture_output=True)
        counts = os.path.join(work, "counts")
        with open(counts, "wb") as f:
            f.write(bytes(8 * 16))
        self.log = open(os.path.join(work, "stderr"), "wb")
        self.process = subprocess.Popen(
            [*before, binary, os.path.join(work, "www"), counts, *options], env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log)
        ports = self.process.stdout.readline().split()
        if len(ports) != 3:
            raise Broken("the server did not start: " + self.errors())
        self.port, self.tls_port, self.raw_port = map(int, ports)
        self.pid = self.process.pid
        with open(counts, "rb") as f:
            self.counts = mmap.mmap(f.fileno(), 8 * 16, access=mmap.ACCESS_READ)

        with open(f"/proc/{self.pid}/maps", encoding="ascii") as f:
            self.library = {os.path.realpath(line.split()[-1]) for line in f if "libwebsockets" in line}

    def errors(self):
        with open(os.path.join(self.work, "stderr"), "rb") as f:
            return f.read()[-6000:].decode("latin1")

    def count(self, what):
        return struct.unpack_from("=Q", self.counts, 8 * COUNTS.index(what))[0]

    def alive(self):
        """Serves a page, an upload, a message, plain and over TLS, and raw bytes."""
        self.must_run()
        for kind, port in ((peer.Peer, self.port), (peer.TlsPeer, self.tls_port)):
            self.serves(kind, port)
        with peer.Peer(self.raw_port, peer.SECONDS * self.slow) as p:
            p.send(b"raw")
            if p.exactly(3) != b"raw":
                raise Broken("raw bytes are not echoed")

    def serves(self, kind, port):
        with kind(port, peer.SECONDS * self.slow) as p:
            p.send(peer.request())
            if p.response()[::2] != (200, INDEX):
                raise Broken("a GET is not answered")
            p.send(peer.request("/post", "POST", headers=["Content-Length: 5"], body=b"12345"))
            if p.response()[::2] != (200, b"5 bytes\n"):
                raise Broken("a POST is not answered")
        with kind(port, peer.SECONDS * self.slow) as p:
            p.handshake()
            p.send(peer.frame(peer.TEXT, b"are you there"))
            if p.message() != b"are you there":
                raise Broken("a message is not echoed")

    def few(self, count):
        """So many, or a fifth where valgrind makes each cost as much as fifteen."""
        return count if self.slow < 10 else count // 5

    def must_run(self):
        if self.process.poll() is not None or not self.memory():
            raise Broken(f"the server died: {self.process.returncode}\n{self.errors()}")

    def children(self):
        """Processes that it has started and not reaped."""
        found = []
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/children", encoding="ascii") as f:
                found += f.read().split()
        return found

    def fds(self):
        """Descriptors, but for the one pipe that the service thread keeps for large files: it comes with the first that flows."""
        held = []
        for fd in os.listdir(f"/proc/{self.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                held.append(os.readlink(f"/proc/{self.pid}/fd/{fd}"))
        has_pump = any(what.startswith("pipe:") and held.count(what) == 2 for what in held)
        return len(held) - 2 * has_pump

    def memory(self, line="VmRSS"):
        """KiB."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            found = f.read().partition(line + ":")[2].split()
        if not found:
            raise Broken(f"the server died\n{self.errors()}")
        return int(found[0])

    def peak_from_here(self):
        """Begins to watch the most memory that it uses; what it uses now."""
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as f:
            f.write("5")
        return self.memory()

    def peak_within(self, before, kib):
        """It has used at most so much more since. Checkers use memory of their own: there it is not looked at."""
        grown = self.memory("VmHWM") - before
        assert grown < kib or self.slow > 1, f"grew by {grown} KiB, not within {kib}"

    def cpu_ns(self):
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/schedstat", encoding="ascii") as f:
                total += int(f.read().split()[0])
        return total

    def rests(self):
        """True when it does next to nothing for a while: it turns a few times at most (its timers), and pays no time."""
        turns, cpu = self.count("turns"), self.cpu_ns()
        time.sleep(0.1)
        return self.count("turns") - turns <= 5 and self.cpu_ns() - cpu <= 3_000_000 * self.slow

    def balance(self):
        """What was begun and not ended: connections and bindings."""
        return (self.fds(), self.count("created") - self.count("destroyed"),
                self.count("opened") - self.count("closed"))

    def settled(self, before):
        """After a class: it serves, what it held is back, it rests."""
        self.alive()
        until(lambda: self.balance() == before or self.must_run(),
              f"connections are back to {before}", 20 * self.slow)
        until(self.rests, "the server rests", 20 * self.slow)

    def end(self):
        """Asks it to end: everything must be given back."""
        self.must_run()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(20 * self.slow)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken("the server did not end when asked to") from None
        if status:
            raise Broken(f"the server ended with status {status}\n{self.errors()}")
        # quirk: a listener is told when it goes, not when it comes
        if self.count("created") + LISTENERS != self.count("destroyed"):
            raise Broken(f"connections: {self.count('created')} created, {self.count('destroyed')} destroyed")
        if self.count("opened") != self.count("closed"):
            raise Broken(f"websockets: {self.count('opened')} opened, {self.count('closed')} closed")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()

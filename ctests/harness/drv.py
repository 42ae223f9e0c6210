"""The client side of the harness: runs one scenario of a case against srv.

A scenario is a list of steps. Each step does something over plain sockets (or
asks the server through its control channel), then everything settles: the
server runs until nothing happens any more, and the step's callbacks and the
bytes on the wire are recorded. Nothing is synchronised by sleeping: the
server asks the kernel whether the step's bytes have arrived before it looks.

Python standard library only. README.md in this directory's parent explains
the step language; the methods step_* are the complete list.
"""

import os
import select
import socket
import ssl
import struct
import subprocess
import time
import zlib

from secure import Secure
from wire import Inflated, frame, payload, runs, show

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
MAX_STEP = 64 << 20  # bytes that one step may bring
OPCODES = {"cont": 0, "text": 1, "bin": 2, "close": 8, "ping": 9, "pong": 10}


class Stuck(Exception):
    """The server ended or stopped answering."""


class Conn:
    """One client connection and what the two ends have counted."""

    def __init__(self, name, key, sock):
        self.name, self.key, self.sock = name, key, sock
        self.sent = self.got = 0
        self.fin = self.ended = False
        self.queue = b""
        self.data = bytearray()
        self.paused = self.small = False
        self.secure = None
        self.deflate = zlib.compressobj(wbits=-15)
        self.inflated = Inflated()


class Driver:
    """One running server and the connections to it."""

    def __init__(self, argv, env, cwd, log, slow=1):
        self.slow = slow
        self.out = []
        self.conns = {}
        self.ports = {}
        self.log = log
        self.serial = 0
        self.proc = subprocess.Popen(argv, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=log,
                                     env=env, cwd=cwd)
        self.cwd = cwd
        self.said = b""
        self.ear = select.poll()
        self.ear.register(self.proc.stdout, select.POLLIN)

    # -- the control channel

    def line(self, deadline):
        """The server's next line; None when it ended or said nothing."""
        while b"\n" not in self.said:
            left = deadline - time.monotonic()
            if left <= 0 or not self.ear.poll(left * 1000):
                self.proc.kill()
                return None
            data = os.read(self.proc.stdout.fileno(), 1 << 16)
            if not data:
                return None
            self.said += data
        line, _, self.said = self.said.partition(b"\n")
        return line.decode("latin1")

    def answer(self):
        """Trace lines up to the next '@' line, which is returned."""
        deadline = time.monotonic() + 90 * self.slow
        while (line := self.line(deadline)) is not None:
            if line.startswith("@port "):
                _, name, port = line.split()
                self.ports[name] = int(port)
            elif line.startswith("@"):
                return line
            else:
                self.fresh.append(line)
        raise Stuck("the server ended")

    def ask(self, line):
        try:
            self.proc.stdin.write(line.encode("latin1") + b"\n")
            self.proc.stdin.flush()
        except BrokenPipeError:
            raise Stuck("the server ended") from None
        return self.answer()

    def settle(self):
        """Rounds of: server runs, we read; until neither has news."""
        limit = sum(len(c.data) for c in self.conns.values()) + MAX_STEP
        while True:
            before = len(self.fresh)
            if (sum(len(c.data) for c in self.conns.values()) > limit or
                    before > 50000):
                raise Stuck("does not settle")
            keys = ["%s:%d%s" % (c.key, c.sent, ":fin" if c.fin else "")
                    for c in self.conns.values() if not c.ended]
            states = dict(w.rsplit(":", 1) for w in
                          self.ask("settle " + " ".join(keys)).split()[1:])
            news = len(self.fresh) > before
            for c in self.conns.values():
                if not c.paused and self.read(c, states.get(c.key, "gone")):
                    news = True
            if not news:
                return

    def read(self, c, state):
        """Read what the server's kernel says it has sent."""
        if c.ended:
            return False
        start = c.got
        try:
            if state == "?":
                c.sock.setblocking(False)
            else:
                c.sock.settimeout(10 * self.slow)
            while state in ("gone", "?") or c.got < int(state):
                data = c.sock.recv(1 << 18)
                if not data:
                    c.data += b"<EOF>"
                    c.ended = True
                    return True
                c.data += c.secure.decrypt(data) if c.secure else data
                c.got += len(data)
        except BlockingIOError:
            pass
        except ConnectionResetError:
            c.data += b"<RST>"
            c.ended = True
            return True
        except socket.timeout:
            c.data += b"<NOTHING>"
        return c.got > start

    # -- sending

    def send(self, c, data):
        if c.ended:
            c.data += b"<CLOSED>"
            return
        if c.secure and (c.queue or data):
            data, c.queue = c.secure.encrypt(c.queue + data), b""
        self.send_wire(c, data)

    def send_wire(self, c, data):
        c.queue += data
        try:
            c.sock.settimeout(10 * self.slow)
            c.sock.sendall(c.queue)
            c.sent += len(c.queue)
        except (BrokenPipeError, ConnectionResetError):
            c.data += b"<UNSENDABLE>"
        except socket.timeout:
            c.data += b"<STUCK>"
        c.queue = b""

    # -- steps; each takes the words after its name

    def step_open(self, words):
        """open NAME [VHOST | unix:PATH | host:ADDRESS | small]"""
        name, where = words[0], words[1] if len(words) > 1 else "default"
        small = where == "small"
        if where.startswith("unix:"):
            s = socket.socket(socket.AF_UNIX)
            self.serial += 1
            key = "c%d.%d" % (self.proc.pid, self.serial)
            s.bind("\0" + key)
            path = where[5:]
            if path.startswith("@"):
                s.connect("\0" + path[1:])
            else:
                # by way of a descriptor: the whole path may be too long
                folder = os.open(self.cwd, os.O_PATH)
                s.connect("/proc/self/fd/%d/%s" % (folder, path))
                os.close(folder)
        else:
            host = "127.0.0.1"
            if where.startswith("host:"):
                host, where = where[5:], "default"
            port = self.ports.get(where) or list(self.ports.values())[0]
            s = socket.socket(socket.AF_INET6 if ":" in host else
                              socket.AF_INET)
            if small:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
            try:
                s.connect((host, port))
            except OSError as e:
                self.fresh.append("(connect: %s)" % e.strerror)
                s.close()
                return
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
            key = str(s.getsockname()[1])
        self.conns[name] = Conn(name, key, s)
        self.conns[name].small = small

    def step_tls(self, words):
        """tls NAME [VHOST] [sni=NAME] [alpn=A,B] [cert=NAME] [v12]
        [resume=NAME]: opens, and a handshake; resume: with the session that
        another connection has now"""
        options = [w for w in words[1:] if "=" in w or w == "v12"]
        self.step_open([words[0]] + [w for w in words[1:]
                                     if w not in options])
        self.step_secure([words[0]] + options)

    def step_secure(self, words):
        """secure NAME OPTIONS: a handshake on an open connection"""
        c = self.conns[words[0]]
        session = None
        for word in words[1:]:
            if word.startswith("resume="):
                old = self.conns[word[7:]].secure
                session = old.context, old.object.session
        self.settle()
        c.secure = Secure(words[1:], os.path.join(self.cwd, "certs"), session)
        while not (c.secure.ready or c.secure.failed or c.ended):
            said = c.secure.handshake()
            self.send_wire(c, c.secure.output())
            if said:
                c.data += said.encode()
            self.settle()
        said = c.secure.handshake()
        if said:
            c.data = said.encode() + c.data
        if c.secure.ready:
            c.data += c.secure.decrypt(b"")

    def step_bye(self, words):
        """bye NAME: says goodbye in TLS, the connection stays open"""
        c = self.conns[words[0]]
        try:
            c.secure.object.unwrap()
        except ssl.SSLError:
            pass
        self.send_wire(c, c.secure.output())

    def step_send(self, words):
        """send NAME TEXT with escapes"""
        self.send(self.conns[words[0]], payload(words[1:]))

    def request(self, words, method=None, version="HTTP/1.1", body=None):
        text = " ".join(words)
        parts = [p.strip() for p in text.split("|")]
        first = parts[0].split()
        c = self.conns[first[0]]
        if method is None:
            method = first.pop(1)
        lines = ["%s %s %s" % (method, first[1], version)]
        if not any(p.lower().startswith("host:") for p in parts[1:]):
            lines.append("Host: x")
        if body is not None:
            body = payload(first[2:])
            lines.append("Content-Length: %d" % len(body))
        lines += [p for p in parts[1:] if p and p != "Host:"]
        self.send(c, runs("\r\n".join(lines).encode("latin1")) +
                  b"\r\n\r\n" + (body or b""))

    def step_get(self, words):
        """get NAME URI [| Header: value]..."""
        self.request(words, "GET")

    def step_get10(self, words):
        """get10: the same as HTTP/1.0"""
        self.request(words, "GET", "HTTP/1.0")

    def step_head(self, words):
        """head NAME URI [| Header: value]..."""
        self.request(words, "HEAD")

    def step_req(self, words):
        """req NAME METHOD URI [| Header: value]..."""
        self.request(words)

    def step_post(self, words):
        """post NAME URI BODY [| Header: value]..."""
        self.request(words, "POST", body="")

    def step_ws(self, words):
        """ws NAME [PROTOCOL] [| Header: value]... upgrades"""
        text = " ".join(words)
        parts = [p.strip() for p in text.split("|")]
        first = parts[0].split()
        lines = ["GET %s HTTP/1.1" % (first[2] if len(first) > 2 else "/")]
        if not any(p.lower().startswith("host:") for p in parts[1:]):
            lines.append("Host: x")
        lines += ["Upgrade: websocket", "Connection: Upgrade",
                  "Sec-WebSocket-Key: " + KEY, "Sec-WebSocket-Version: 13"]
        if len(first) > 1 and first[1] != "-":
            lines.append("Sec-WebSocket-Protocol: " + first[1])
        lines += parts[1:]
        self.send(self.conns[first[0]],
                  runs("\r\n".join(lines).encode("latin1")) + b"\r\n\r\n")

    def ws_frame(self, op, words):
        c = self.conns[words[0]]
        words = words[1:]
        opts, compressed = {}, False
        while words and words[0].startswith("-"):
            o = words.pop(0)
            if o == "-nofin":
                opts["fin"] = 0
            elif o == "-nomask":
                opts["mask"] = b""
            elif o == "-z":
                opts["rsv"] = 4 if op else 0
                compressed = True
            elif o.startswith("-rsv"):
                opts["rsv"] = int(o[4:])
            elif o.startswith("-form"):
                opts["form"] = int(o[5:])
            elif o.startswith("-op"):
                op = int(o[3:])
        if op == 8 and words:
            data = struct.pack(">H", int(words[0])) + payload(words[1:])
        else:
            data = payload(words)
        if compressed:
            data = c.deflate.compress(data) + c.deflate.flush(
                zlib.Z_SYNC_FLUSH)
            if opts.get("fin", 1):
                data = data[:-4]
        return c, frame(op, data, **opts)

    def step_frame(self, kind, words):
        """text|bin|cont|ping|pong|close NAME [-nofin -nomask -z ...] DATA; -z compresses"""
        self.send(*self.ws_frame(OPCODES[kind], words))

    def step_queue(self, words):
        """queue KIND NAME DATA: as the step KIND, but kept for `release`"""
        kind, rest = words[0], words[1:]
        if kind in OPCODES:
            c, data = self.ws_frame(OPCODES[kind], rest)
        else:
            c = self.conns[rest[0]]
            real, self.send = self.send, lambda _, d: setattr(
                c, "queue", c.queue + d)
            try:
                getattr(self, "step_" + kind)(rest)
            finally:
                self.send = real
            return
        c.queue += data

    def step_repeat(self, words):
        """repeat N STEP: the step N times, then it settles"""
        for _ in range(int(words[0])):
            name, rest = words[1], words[2:]
            if name in OPCODES:
                self.step_frame(name, list(rest))
            else:
                getattr(self, "step_" + name)(list(rest))

    def step_release(self, words):
        """release NAME [PIECE]: send the queue, at once or in pieces"""
        c = self.conns[words[0]]
        if len(words) == 1:
            self.send(c, b"")
            return
        data, c.queue = c.queue, b""
        if c.secure:
            data = c.secure.encrypt(data)
        size = int(words[1])
        for n in range(0, len(data), size):
            self.send_wire(c, data[n:n + size])
            self.settle()

    def step_shut(self, words):
        """shut NAME: half close"""
        c = self.conns[words[0]]
        c.sock.shutdown(socket.SHUT_WR)
        c.fin = True

    def step_eof(self, words):
        """eof NAME: close the connection"""
        c = self.conns.pop(words[0])
        self.gone(c, False)

    def step_rst(self, words):
        """rst NAME: reset the connection"""
        c = self.conns.pop(words[0])
        self.gone(c, True)

    def gone(self, c, reset):
        if reset:
            c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack("ii", 1, 0))
        c.sock.close()
        if not c.ended:
            self.ask("settle %s:%d:fin" % (c.key, 0 if reset else c.sent))

    def step_pause(self, words):
        """pause NAME: stop reading"""
        self.conns[words[0]].paused = True

    def step_resume(self, words):
        """resume NAME: read again; a small window becomes a large one:
        closes wait 5 s for output, most of which it takes on a busy machine"""
        c = self.conns[words[0]]
        if c.small:
            c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        c.paused = False

    def step_until(self, words):
        """until MIN MAX TEXT: run until a trace line with TEXT comes"""
        low, high = float(words[0]), float(words[1])
        verdict, took = self.ask("until %d %s" % (
            (high + 5 * self.slow) * 1000, " ".join(words[2:]))).split()
        took = int(took) / 1000
        if verdict == "@no":
            self.fresh.append("! did not come")
        elif took < low or took > high + 3 * self.slow:
            self.fresh.append("! came after %.2f s" % took)
        else:
            self.fresh.append("(in time)")

    def step_act(self, words):
        """act WHO ACTIONS: the server acts from outside of callbacks"""
        self.ask("act " + " ".join(words))

    def step_note(self, words):
        """note TEXT: only a line in the trace"""

    # -- running

    def finish_step(self, title):
        self.out.append("> " + title)
        self.out += self.fresh
        self.fresh = []
        for c in self.conns.values():
            data = c.inflated.view(bytes(c.data))
            if title in ("quit", "stuck"):
                data += c.inflated.rest()
            self.out += ["%s< %s" % (c.name, line) for line in show(data)]
            c.data = bytearray()

    def run(self, steps):
        """All steps; returns the lines of the whole trace."""
        self.fresh = []
        try:
            self.settle()
            self.finish_step("start")
            joined = []
            for step in steps:
                words = step.split()
                name = words[0]
                if name == "join":
                    joined = ["join"]
                    continue
                if name == "end":
                    step, joined = " + ".join(joined[1:]), []
                    self.settle()
                    self.finish_step(step)
                    continue
                try:
                    if name in OPCODES:
                        self.step_frame(name, words[1:])
                    else:
                        getattr(self, "step_" + name)(words[1:])
                except KeyError as e:
                    self.fresh.append("(no connection %s)" % e)
                if joined:
                    joined.append(step)
                    continue
                if name not in ("queue", "note"):
                    self.settle()
                self.finish_step(step)
            self.ask("quit")
            self.proc.stdin.close()
            for c in self.conns.values():
                self.read(c, "gone")
            self.finish_step("quit")
        except Stuck as e:
            self.finish_step("stuck")
            self.out.append("! " + str(e))
        finally:
            self.stop()
        self.out.append("exit %s" % self.proc.returncode)
        return self.out

    def stop(self):
        for c in self.conns.values():
            c.sock.close()
        try:
            self.proc.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.proc.wait(10 * self.slow)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
            self.out.append("! the server did not end")
        self.proc.stdout.close()

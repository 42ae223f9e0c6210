"""Debian's programs that were built for the reference, on the library under test: rtpengine, driftnet and csound as servers,
kamailio's lwsc module and janus's event handler as clients.

Each does what its users have it for, and its answers are looked at.
"""

import glob
import http.client
import json
import os
import pathlib
import queue
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import zlib

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from frames import BINARY, PING, TEXT, FrameClient, frame
from library import Library

SECONDS = 20


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(type=kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(port, path, method="GET", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request(method, path, body, {"Content-Type": "application/x-rtpengine-ng"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.getheader("content-type", ""), answer.read()
    finally:
        connection.close()


def png(width, height):
    """A picture of noise, so that it does not get too small for driftnet."""
    rows = b"".join(b"\0" + bytes((x * 7 + y * 13 + x * y) & 255 for x in range(width * 3)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def capture(body):
    """A pcap file in which a server answers with `body`."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    client, server = (b"\x0a\0\0\x01", 40000), (b"\x0a\0\0\x02", 80)
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    at = {client: 1000, server: 5000}

    def segment(source, target, flags, data=b""):
        tcp = struct.pack(">HHIIBBHHH", source[1], target[1], at[source], at[target] if flags != 2 else 0, 5 << 4, flags,
                          65000, 0, 0) + data
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, source[0], target[0])
        packet = bytes(12) + b"\x08\0" + ip + tcp
        at[source] += len(data) + (1 if flags & 3 else 0)
        return struct.pack("<IIII", 1, 0, len(packet), len(packet)) + packet

    out += segment(client, server, 2) + segment(server, client, 18) + segment(client, server, 16)
    out += segment(client, server, 24, b"GET /a.png HTTP/1.1\r\nHost: b\r\n\r\n")
    for n in range(0, len(answer), 1400):
        out += segment(server, client, 24, answer[n:n + 1400])
    return out + segment(server, client, 17) + segment(client, server, 17)


class Program:
    """A running program; it must load the library under test."""

    def __init__(self, command, folder):
        self.library = Library.from_environment()
        self.log = open(folder / "log", "w+b")
        # a session of its own: driftnet ends with a signal to its whole process group
        self.process = subprocess.Popen([*map(str, command)], start_new_session=True, cwd=folder, env=self.library.environment(),
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                if kind is None:
                    raise AssertionError(f"it did not end: {self.said()}") from None
        self.log.close()

    def said(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")[-3000:]

    def until(self, done, what):
        """What `done` gives when it gives something; tried until then."""
        deadline = time.monotonic() + SECONDS
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"it has ended with {self.process.returncode}: {self.said()}")
            try:
                if value := done():
                    return value
            except (OSError, EOFError, http.client.HTTPException):
                pass
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {SECONDS} s: {what}: {self.said()}")
            time.sleep(0.05)

    def check_library(self):
        """It, or one of the processes that it has started, uses the library."""
        pid = self.process.pid
        started = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if not any(self.library.is_loaded_by(p) for p in [pid, *started]):
            raise AssertionError("it does not run on the library under test")


class Listener:
    """A websocket server of python for programs that are clients: what it hears, and how it answers."""

    def __init__(self, answer, subprotocols):
        self.heard, self.answer = queue.Queue(), answer
        self.server = serve(self.talk, "127.0.0.1", 0, subprotocols=subprotocols)
        self.port = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def talk(self, ws):
        try:
            for message in ws:
                self.heard.put((ws.request.path, ws.subprotocol, message))
                if (answer := self.answer(message)) is not None:
                    ws.send(answer)
        except ConnectionClosed:
            pass  # a program that ends does not say so

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join(SECONDS)


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="lws-e2e-")))

    def needs(self, name):
        found = shutil.which(name)
        self.assertTrue(found, f"{name} is not installed")
        return found


class RtpengineTest(ProgramTest):
    def test_control_over_http_and_websockets(self):
        port, ng = free_port(), free_port(socket.SOCK_DGRAM)
        command = [self.needs("rtpengine"), "--config-file=none", "--foreground", "--log-stderr", "--table=-1",
                   "--interface=127.0.0.1", f"--listen-ng=127.0.0.1:{ng}", f"--listen-http=127.0.0.1:{port}",
                   f"--pidfile={self.folder / 'pid'}"]
        with Program(command, self.folder) as program:
            status, kind, body = program.until(lambda: get(port, "/ping"), "it answers a ping")
            program.check_library()
            self.assertEqual((status, kind, body.strip()), (200, "text/plain", b"pong"))
            status, kind, body = get(port, "/metrics")
            self.assertEqual(status, 200)
            self.assertRegex(body, rb"rtpengine_\w+ ")
            self.assertEqual(get(port, "/nothing-here")[0], 404)
            status, _, body = get(port, "/cli/list%20totals")
            self.assertEqual(status, 200)
            self.assertIn(b"Total sessions", body)
            status, kind, body = get(port, "/ng", "POST", b"cookie7 d7:command4:pinge")
            self.assertEqual((status, body), (200, b"cookie7 d6:result4:ponge"))
            with FrameClient(port, "echo.rtpengine.com") as client:
                client.socket.sendall(frame(1, b"hello"))
                self.assertEqual(client.read_message(), b"hello")
                client.socket.sendall(frame(BINARY, b"\0\1\2" * 3000))
                self.assertEqual(client.read_message(), b"\0\1\2" * 3000)
            with FrameClient(port, "ng.rtpengine.com") as client:
                client.socket.sendall(frame(1, b"cookie1 d7:command4:pinge"))
                self.assertEqual(client.read_message(), b"cookie1 d6:result4:ponge")


class DriftnetTest(ProgramTest):
    def test_captured_pictures_are_shown(self):
        port, picture = free_port(), png(120, 90)
        (self.folder / "capture.pcap").write_bytes(capture(picture))
        (self.folder / "pictures").mkdir()
        pipe = self.folder / "pipe"
        subprocess.run(["mkfifo", pipe], check=True)
        command = [self.needs("driftnet"), "-f", pipe, "-W", port, "-d", self.folder / "pictures"]
        with Program(command, self.folder) as program, open(pipe, "r+b", buffering=0) as capturing:
            data = (self.folder / "capture.pcap").read_bytes()
            capturing.write(data[:24])
            status, kind, body = program.until(lambda: get(port, "/"), "it serves its page")
            program.check_library()
            self.assertEqual((status, kind), (200, "text/html"))
            self.assertIn(b"WebSocket", body)
            with FrameClient(port, "images-pipe-protocol", seconds=SECONDS) as client:
                self.assertIn("101", client.status)
                capturing.write(data[24:])
                if program.library.is_reference:  # it may sleep over what another thread asks for
                    time.sleep(1)
                    client.socket.sendall(frame(PING, b"wake up"))
                name = client.read_message().decode()
            found = re.search(r"[\w.-]+\.png", name)
            self.assertTrue(found, name)
            self.assertEqual(get(port, "/" + found[0]), (200, "image/png", picture))


class CsoundTest(ProgramTest):
    SCORE = """<CsoundSynthesizer>
<CsOptions>
-odac -+rtaudio=null -d -m0
</CsOptions>
<CsInstruments>
sr = 8000
ksmps = 80
nchnls = 1
instr 1
    kdouble init 0
    kgiven init 0
    kgiven websocket %d, kdouble
    kdouble = kgiven * 2
endin
</CsInstruments>
<CsScore>
i 1 0 36000
</CsScore>
</CsoundSynthesizer>
"""

    def test_values_come_and_go(self):
        port = free_port()
        (self.folder / "a.csd").write_text(self.SCORE % port)
        with Program([self.needs("csound"), "a.csd"], self.folder) as program:
            given = program.until(lambda: FrameClient(port, "kgiven"), "it listens")
            program.check_library()
            with given, FrameClient(port, "kdouble", seconds=SECONDS) as doubled:
                self.assertIn("101", doubled.status)
                given.socket.sendall(frame(BINARY, struct.pack("<d", 21.0)))
                program.until(lambda: struct.unpack("<d", doubled.read_message()) == (42.0,), "42 comes back")


class KamailioTest(ProgramTest):
    """lwsc: a SIP request has the routing script ask a websocket server; its answer comes back as SIP."""

    CONFIG = """#!KAMAILIO
debug=0
log_stderror=yes
children=1
auto_aliases=no
disable_tcp=yes
listen=udp:127.0.0.1:{sip}
mpath="{modules}"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "lwsc.so"
modparam("lwsc", "protocol", "ask")
request_route {{
    if ($rm == "OPTIONS") {{
        lwsc_request("ws://127.0.0.1:{port}/asked", "$ci wants $rU");
        sl_send_reply("200", "$lwsc(rdata)");
    }} else if ($rm == "INFO") {{
        lwsc_notify("ws://127.0.0.1:{port}/told", "$rb");
        sl_send_reply("202", "Told");
    }}
}}
"""

    def request(self, sip, method, number, body=""):
        """The status line of the answer."""
        with socket.socket(type=socket.SOCK_DGRAM) as s:
            s.settimeout(3)
            s.connect(("127.0.0.1", sip))
            via = f"127.0.0.1:{s.getsockname()[1]};branch=z9hG4bK{number}"
            lines = [f"{method} sip:alice@127.0.0.1 SIP/2.0", f"Via: SIP/2.0/UDP {via}", "From: <sip:t@x>;tag=1",
                     "To: <sip:alice@x>", f"Call-ID: call-{number}", f"CSeq: 1 {method}", "Max-Forwards: 9",
                     f"Content-Length: {len(body)}", "", body]
            s.send("\r\n".join(lines).encode())
            return s.recv(4096).decode().splitlines()[0]

    def test_the_routing_script_asks_and_tells(self):
        sip = free_port(socket.SOCK_DGRAM)
        modules = glob.glob("/usr/lib/*/kamailio/modules/lwsc.so")
        self.assertTrue(modules, "kamailio-lwsc-modules is not installed")
        with Listener(lambda m: f"heard: {m}" if "wants" in m else None, ["ask"]) as listener:
            (self.folder / "k.cfg").write_text(self.CONFIG.format(
                sip=sip, port=listener.port, modules=os.path.dirname(modules[0]) + "/"))
            command = [self.needs("kamailio"), "-DD", "-E", "-f", "k.cfg", "-Y", self.folder, "-m", 16, "-M", 4]
            with Program(command, self.folder) as program:
                first = program.until(lambda: self.request(sip, "OPTIONS", 0), "it answers")
                program.check_library()
                self.assertEqual(first, "SIP/2.0 200 heard: call-0 wants alice")
                long = "told " * 150
                self.assertEqual(self.request(sip, "INFO", 1, long), "SIP/2.0 202 Told")
                for number in (2, 3):
                    self.assertEqual(self.request(sip, "OPTIONS", number), f"SIP/2.0 200 heard: call-{number} wants alice")
                heard = [listener.heard.get(timeout=SECONDS) for _ in range(4)]
        self.assertEqual(sorted(heard), sorted([("/asked", "ask", f"call-{n} wants alice") for n in (0, 2, 3)] +
                                               [("/told", "ask", long)]))


class JanusEventsTest(ProgramTest):
    """The websocket event handler tells a server what happens; its websocket transport is what makes it happen."""

    GENERAL = """general: {{
    configs_folder = "{folder}"
    plugins_folder = "{folder}/plugins"
    transports_folder = "{folder}/transports"
    events_folder = "{folder}/events"
    loggers_folder = "{folder}/loggers"
    debug_level = 4
    server_name = "told by events"
}}
events: {{
    broadcast = true
}}
"""
    HANDLER = """general: {{
    enabled = true
    events = "all"
    grouping = false
    json = "compact"
    backend = "ws://127.0.0.1:{port}/events"
    subprotocol = "janus-events"
}}
"""
    TRANSPORT = """general: {{
    json = "compact"
    ws = true
    ws_port = {port}
    ws_ip = "127.0.0.1"
    wss = false
}}
admin: {{
    admin_ws = false
    admin_wss = false
}}
"""

    def configure(self, transport_port, events_port):
        modules = glob.glob("/usr/lib/*/janus/events/libjanus_wsevh.so")
        self.assertTrue(modules, "janus is not installed")
        modules = pathlib.Path(modules[0]).parent.parent
        for kind in ("plugins", "transports", "events", "loggers"):
            (self.folder / kind).mkdir()
        for name in ("transports/libjanus_websockets.so", "events/libjanus_wsevh.so"):
            (self.folder / name).symlink_to(modules / name)
        for name, text, port in (("janus", self.GENERAL, 0), ("janus.eventhandler.wsevh", self.HANDLER, events_port),
                                 ("janus.transport.websockets", self.TRANSPORT, transport_port)):
            (self.folder / f"{name}.jcfg").write_text(text.format(folder=self.folder, port=port))

    @staticmethod
    def await_event(listener, wanted):
        deadline = time.monotonic() + SECONDS
        while True:
            path, subprotocol, text = listener.heard.get(timeout=max(0, deadline - time.monotonic()))
            event = json.loads(text)
            if wanted(event):
                return path, subprotocol, event

    def test_events_arrive(self):
        port = free_port()
        with Listener(lambda _: None, ["janus-events"]) as listener:
            self.configure(port, listener.port)
            command = [self.needs("janus"), "--interface=127.0.0.1", "--disable-colors", f"--config={self.folder / 'janus.jcfg'}",
                       f"--configs-folder={self.folder}"]
            with Program(command, self.folder) as program:
                link = program.until(lambda: FrameClient(port, "janus-protocol", seconds=SECONDS), "it listens")
                program.check_library()
                with link:
                    link.socket.sendall(frame(TEXT, b'{"janus":"create","transaction":"a","id":4711}'))
                    self.assertEqual(json.loads(link.read_message())["data"]["id"], 4711)
                    path, subprotocol, event = self.await_event(listener, lambda e: e.get("session_id") == 4711)
                    link.socket.sendall(frame(TEXT, b'{"janus":"destroy","transaction":"b","session_id":4711}'))
                    self.await_event(listener, lambda e: e.get("session_id") == 4711 and e["event"].get("name") == "destroyed")
                self.assertEqual((path, subprotocol), ("/events", "janus-events"))
                self.assertEqual((event["emitter"], event["type"], event["event"]["name"]), ("told by events", 1, "created"))


if __name__ == "__main__":
    unittest.main()

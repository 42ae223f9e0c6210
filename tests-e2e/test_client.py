"""The test client of examples-c on the library under test, and the reference's own client against our server.

Its servers: our test server, the reference's (Debian's libwebsockets-test-server, with the reference linked in), and python ones.
"""

import hashlib
import http.server
import logging
import os
import pathlib
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from websockets.sync.server import serve

import test_examples
from frames import FrameClient
from library import ROOT, Library
from server import Server

SECONDS = 15
QUIET = logging.getLogger("nothing of the servers'")
QUIET.disabled = True
PAGES = ROOT / "examples-c/test-server/www"
REFERENCE_PAGES = pathlib.Path("/usr/share/libwebsockets-test-server")
LINE = re.compile(rb"d #[0-9a-f]{6} \d+ \d+ \d+ \d+;\n")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def make_certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True, timeout=30)


class ReferenceServer:
    """The reference's test server; it has the reference linked in, whatever the library under test is."""

    def __init__(self, *options):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["libwebsockets-test-server", f"--port={self.port}", "-r", REFERENCE_PAGES, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        deadline = time.monotonic() + SECONDS
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the reference's test server did not start")
            time.sleep(0.02)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Answers(http.server.BaseHTTPRequestHandler):
    """What a request was, as the body of the answer; the paths say in which form."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    big = hashlib.sha256(b"big").digest() * 65536  # 2 MB

    def setup(self):
        super().setup()
        self.server.connections += 1

    def log_message(self, *_):
        pass

    def answer(self, body, *headers):
        self.send_response(200)
        for name, value in (("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/big":
            self.answer(self.big)
        elif self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, 100_000, 7919):
                piece = self.big[start:min(start + 7919, 100_000)]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        elif self.path == "/until-close":
            self.close_connection = True
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.big[:50_000])
        elif self.path == "/error":
            self.send_error(503)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/here")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer(f"{self.command} {self.path} {self.headers['Host']}\n".encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"%b %b %b\n" % (self.headers["Content-Type"].encode(), hashlib.sha256(body).hexdigest().encode(),
                                     body[:40]))


class PythonHttp(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    connections = 0

    def __init__(self, context=None):
        super().__init__(("127.0.0.1", 0), Answers)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join(SECONDS)
        self.server_close()

    def handle_error(self, *_):
        pass  # a client that refuses our certificate


def talk(ws):
    """The websocket server of python: sends everything back; some words have a meaning."""
    if ws.request.path == "/who":
        ws.send(f"{ws.subprotocol} {ws.request.headers['Origin']} {ws.request.headers['Sec-WebSocket-Version']}")
        return
    for message in ws:
        if message == "leave":
            ws.close(4001, "as you wish")
            return
        if message == "pieces":
            ws.send(piece for piece in ("a" * 5000, "", "b" * 5000))
        else:
            ws.send(message)


class PythonWebsockets:
    """python's websockets, with permessage-deflate for those who offer it."""

    def __init__(self, context=None):
        self.server = serve(talk, "127.0.0.1", 0, ssl=context, subprotocols=["chat", "talk"], max_size=None, logger=QUIET)
        self.port = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join(SECONDS)


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        built = cls.library.build("examples-c")
        cls.program = built / "test-client/test-client"
        cls.server_program = built / "test-server/test-server"
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="lws-e2e-")))
        make_certificate(cls.folder)
        cls.cert, cls.key = cls.folder / "cert.pem", cls.folder / "key.pem"
        cls.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.context.load_cert_chain(cls.cert, cls.key)

    def client(self, *args, status=0):
        """What it prints; and what it says besides, in .said."""
        done = subprocess.run([self.program, "-t", str(SECONDS), *map(str, args)], capture_output=True, timeout=SECONDS + 5,
                              env=self.library.environment())
        self.said = done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, status, f"{args}: {self.said}")
        return done.stdout

    def counts(self, url, *args):
        numbers = [int(n) for n in self.client(*args, "-n", 4, url).split()]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))

    def mirrors(self, url, *args, count=30):
        lines = self.client("-j", "-n", count, *args, url)
        self.assertEqual(len(LINE.findall(lines)), count)
        self.assertEqual(LINE.sub(b"", lines), b"")


class OwnServerTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.enterClassContext(Server(cls.library, [cls.server_program, "-p", 0, "-r", PAGES], "client-plain"))
        cls.secure = cls.enterClassContext(Server(
            cls.library, [cls.server_program, "-p", 0, "-r", PAGES, "-s", "-C", cls.cert, "-K", cls.key], "client-secure"))

    def test_it_runs_on_the_library_under_test(self):
        process = subprocess.Popen([self.program, "-n", "0", self.plain.url(scheme="ws")], stdout=subprocess.PIPE,
                                   env=self.library.environment())
        with process:
            self.assertEqual(process.stdout.readline(), b"1\n")
            self.assertTrue(self.library.is_loaded_by(process.pid))
            process.terminate()
            process.wait(SECONDS)

    def test_numbers(self):
        self.counts(self.plain.url(scheme="ws"))
        self.counts(self.plain.url(scheme="ws"), "--undeflated")
        self.counts(self.secure.url(scheme="wss"), "-A", self.cert)
        self.counts(f"localhost:{self.secure.port}", "--ssl")

    def test_the_board(self):
        self.mirrors(self.plain.url(scheme="ws"))
        self.mirrors(self.plain.url(scheme="ws"), "-u", count=500)
        self.mirrors(self.secure.url(scheme="wss"), "-A", self.cert)

    def test_files_and_the_form(self):
        page = (PAGES / "index.html").read_bytes()
        for server, scheme, trust in ((self.plain, "http", ()), (self.secure, "https", ("-A", self.cert))):
            self.assertEqual(self.client(*trust, server.url("/index.html", scheme)), page)
            self.assertEqual(self.client(*trust, "-n", 3, server.url("/index.html", scheme)), page * 3)
            form = self.client(*trust, "-o", "-m", "name=A+B&x=%3C1", server.url("/form", scheme))
            self.assertIn(b"<td>name</td><td>A B</td>", form)
            self.assertIn(b"<td>x</td><td>&lt;1</td>", form)
            self.client(*trust, server.url("/nothing-here", scheme), status=1)
            self.assertIn("the answer is 404", self.said)

    def test_raw_is_just_bytes(self):
        request = ("-m", "GET /style.css HTTP/1.0", "-m", "", "-n", 0)
        for url in (self.plain.url(scheme="raw"), self.secure.url(scheme="raw"))[:1 if self.library.is_reference else 2]:
            trust = ("-S", "-A", self.cert) if url == self.secure.url(scheme="raw") else ()
            head, _, body = self.client(*trust, *request, url).partition(b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.0 200 OK\r\n"), head)
            self.assertEqual(body, (PAGES / "style.css").read_bytes())

    def test_certificates_are_looked_at(self):
        self.client(self.secure.url(scheme="wss"), status=1)
        self.assertIn("no connection", self.said)
        self.client("-A", self.cert, f"wss://127.0.0.2:{self.secure.port}/", status=1)
        self.counts(f"wss://127.0.0.2:{self.secure.port}/", "-A", self.cert, "--skip-hostname")
        self.counts(self.secure.url(scheme="wss"), "--allow-selfsigned")

    def test_built_with_the_references_header_it_runs_as_well(self):
        """Debian's own client has the reference linked in, so this is what shows that binaries fit."""
        built = Library().build("examples-c/test-client") / "test-client"
        for url, args, want in ((self.secure.url(scheme="wss"), ("-n", "3"), b"1\n2\n3\n"),
                                (self.secure.url("/style.css", "https"), (), (PAGES / "style.css").read_bytes())):
            done = subprocess.run([built, "-A", self.cert, *args, url], capture_output=True, timeout=SECONDS,
                                  env=self.library.environment())
            self.assertEqual((done.returncode, done.stdout), (0, want), done.stderr)

    def test_a_client_frees_what_it_took(self):
        if self.library.is_reference:
            self.skipTest("what is looked at is ours")
        for args in (["-n", "3", self.secure.url(scheme="wss")], ["-k", "-n", "2", self.secure.url("/style.css", "https")]):
            done = subprocess.run([*test_examples.NothingLeftTest.VALGRIND, self.program, "-A", self.cert, *args], capture_output=True, timeout=60,
                                  env=self.library.environment())
            self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))

    def test_unix_sockets(self):
        path = self.folder / "socket"
        with Server(self.library, [self.server_program, "-U", path, "-r", PAGES], "client-unix"):
            self.counts(f"ws://+{path}:/")
            self.assertEqual(self.client(f"http://+{path}:/style.css"), (PAGES / "style.css").read_bytes())

    def test_what_cannot_be_reached_is_told(self):
        for scheme in ("ws", "http", "raw"):
            self.client(f"{scheme}://127.0.0.1:{free_port()}/", status=1)
            self.assertRegex(self.said, "no connection|no answer|could not connect")


class ReferenceServerTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not shutil.which("libwebsockets-test-server"):
            raise AssertionError("libwebsockets-test-server is not installed")
        cls.plain = cls.enterClassContext(ReferenceServer())
        cls.secure = cls.enterClassContext(ReferenceServer("--ssl", "-C", cls.cert, "-K", cls.key))

    def test_websockets(self):
        for url, trust in ((f"ws://127.0.0.1:{self.plain.port}/", ()), (f"wss://localhost:{self.secure.port}/", ("-A", self.cert))):
            self.counts(url, *trust)
            self.counts(url, "-u", *trust)
            self.mirrors(url, *trust)

    def test_http(self):
        for url, trust in ((f"http://127.0.0.1:{self.plain.port}", ()), (f"https://localhost:{self.secure.port}", ("-A", self.cert))):
            picture = (REFERENCE_PAGES / "leaf.jpg").read_bytes()
            self.assertEqual(self.client(*trust, url + "/leaf.jpg"), picture)
            form = self.client(*trust, "-o", "-m", "text=hello&send=Send", url + "/formtest")
            self.assertIn(b"<td><b>text</b></td><td>5</td><td>hello</td>", form)


class PythonServerTest(ClientTest):
    def test_websocket_messages(self):
        blob = os.urandom(1_000_003)
        (self.folder / "blob").write_bytes(blob)
        for context, scheme in ((None, "ws"), (self.context, "wss")):
            with PythonWebsockets(context) as server:
                url = f"{scheme}://localhost:{server.port}/"
                trust = ("-A", self.cert) if context else ()
                self.assertEqual(self.client(*trust, "-P", "talk", "-m", "hällo", "-m", "b", url), "hällo\nb\n".encode())
                self.assertEqual(self.client(*trust, "-u", "-P", "talk", "--file", self.folder / "blob", url), blob)
                if not self.library.is_reference:  # it crashes over one compressed message of this size
                    self.assertEqual(self.client(*trust, "-P", "talk", "--file", self.folder / "blob", url), blob)
                self.assertEqual(self.client(*trust, "-P", "talk", "-m", "pieces", url), b"a" * 5000 + b"b" * 5000 + b"\n")
                # of an origin without scheme the library makes an http one, whatever the connection
                self.assertEqual(self.client(*trust, "-P", "x, chat", "-n", 1, url + "who"), b"chat http://localhost 13\n")

    def test_the_servers_close_is_told(self):
        with PythonWebsockets() as server:
            self.client("-P", "talk", "-m", "leave", f"ws://localhost:{server.port}/", status=1)
            self.assertIn("the server closes with 4001 as you wish", self.said)
            self.client("-P", "unheard-of", f"ws://localhost:{server.port}/", status=1)

    def test_http(self):
        (self.folder / "body").write_bytes(Answers.big[:300_000])
        for context, scheme in ((None, "http"), (self.context, "https")):
            with PythonHttp(context) as server:
                url = f"{scheme}://localhost:{server.server_port}"
                trust = ("-A", self.cert) if context else ()
                self.assertEqual(self.client(*trust, url + "/a?b=c"), b"GET /a?b=c localhost\n")
                self.assertEqual(self.client(*trust, url + "/big"), Answers.big)
                self.assertEqual(self.client(*trust, url + "/chunked"), Answers.big[:100_000])
                self.assertEqual(self.client(*trust, url + "/until-close"), Answers.big[:50_000])
                if not self.library.is_reference:  # it takes 15 s over it
                    self.assertEqual(self.client(*trust, url + "/moved"), b"GET /here localhost\n")
                self.client(*trust, url + "/error", status=1)
                self.assertIn("the answer is 503", self.said)
                form = self.client(*trust, "-o", "-m", "a=1", url + "/post").split()
                self.assertEqual(form, [b"application/x-www-form-urlencoded",
                                        hashlib.sha256(b"a=1").hexdigest().encode(), b"a=1"])
                body = Answers.big[:300_000]
                sent = self.client(*trust, "-o", "--file", self.folder / "body", url + "/post")
                self.assertTrue(sent.startswith(b"application/octet-stream " + hashlib.sha256(body).hexdigest().encode()))

    def test_requests_share_a_connection(self):
        for context, scheme in ((None, "http"), (self.context, "https")):
            with PythonHttp(context) as server:
                url, trust = f"{scheme}://localhost:{server.server_port}/x", ("-A", self.cert) if context else ()
                self.assertEqual(self.client(*trust, "-k", "-n", 5, url), b"GET /x localhost\n" * 5)
                self.assertEqual(server.connections, 1)
                self.assertEqual(self.client(*trust, "-n", 2, url), b"GET /x localhost\n" * 2)
                self.assertEqual(server.connections, 3)

    def test_raw(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            def answer():
                with listening.accept()[0] as peer, peer.makefile("rwb") as stream:
                    for line in stream:
                        stream.write(b"heard " + line)
                        stream.flush()

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            got = self.client("-m", "one", "-m", "two", f"raw://127.0.0.1:{listening.getsockname()[1]}/")
            thread.join(SECONDS)
        self.assertEqual(got, b"heard one\r\nheard two\r\n")


class ReferenceClientTest(ClientTest):
    """Debian's libwebsockets-test-client has the reference linked in: it meets our library in the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not shutil.which("libwebsockets-test-client"):
            raise AssertionError("libwebsockets-test-client is not installed")
        cls.plain = cls.enterClassContext(Server(cls.library, [cls.server_program, "-p", 0, "-r", PAGES], "their-plain"))
        cls.secure = cls.enterClassContext(Server(
            cls.library, [cls.server_program, "-p", 0, "-r", PAGES, "-s", "-C", cls.cert, "-K", cls.key], "their-secure"))

    def reads(self, args, until, limit=SECONDS):
        """What it logs, until `until` has come."""
        process = subprocess.Popen(["libwebsockets-test-client", "-d", "15", *map(str, args)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        timer = threading.Timer(limit, process.kill)
        timer.start()
        log = b""
        try:
            for line in process.stderr:
                log += line
                if re.search(until, log):
                    return log
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            process.stderr.close()
        raise AssertionError(f"{args}: never came: {until}:\n{log.decode(errors='replace')[-3000:]}")

    def test_numbers(self):
        self.reads([self.plain.url(scheme="ws")], rb"(?s)rx 1 '1'.*rx 1 '2'.*rx 1 '3'")
        self.reads(["--ssl", self.secure.url(scheme="wss")], rb"(?s)rx 1 '1'.*rx 1 '2'.*rx 1 '3'")

    def test_pages(self):
        size = (PAGES / "index.html").stat().st_size
        for args in ([self.plain.url("/index.html")], ["--ssl", self.secure.url("/index.html", "https")]):
            log = self.reads(args, rb"Exiting")
            self.assertIn(b"lws_http_client_http_response 200", log)
            self.assertEqual(sum(int(n) for n in re.findall(rb"swallowed read \((\d+)\)", log)), size)

    def test_circles_are_drawn_for_all(self):
        with FrameClient(self.plain.port, "lws-mirror-protocol", seconds=SECONDS) as hearer:
            with subprocess.Popen(["libwebsockets-test-client", self.plain.url(scheme="ws")], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as process:
                heard = b""
                while heard.count(b";") < 50:
                    heard += hearer.read_message()
                process.kill()
        self.assertRegex(heard, rb"\A(c #[0-9A-F]{6} \d+ \d+ \d+;)+\Z")


if __name__ == "__main__":
    unittest.main()

"""curl against the test server: pages, keep-alive, errors, the form, a big file."""

import hashlib
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from websockets.sync.client import connect

from library import ROOT, Library
from server import Server

PAGES = ROOT / "examples-c/test-server/www"
BIG_BYTES = 32 * 1024 * 1024


def curl(*args, check=True):
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*", *map(str, args)],
        capture_output=True,
        timeout=30,
    )
    if check and done.returncode:
        raise AssertionError(f"curl {args}: status {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(holds, what):
    deadline = time.monotonic() + 10
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within 10 s: {what}")
        time.sleep(0.02)


def headers_of(raw):
    lines = raw.decode("latin-1").split("\r\n")
    return lines[0], {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}


class CurlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        library = Library.from_environment()
        cls.program = library.build("examples-c") / "test-server/test-server"
        cls.library = library
        cls.pages = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="lws-e2e-")))
        shutil.copytree(PAGES, cls.pages, dirs_exist_ok=True)
        block = hashlib.sha256(b"big file").digest() * 32768
        (cls.pages / "big.txt").write_bytes(block * (BIG_BYTES // len(block)))
        (cls.pages / "empty.txt").write_bytes(b"")
        cls.server = cls.enterClassContext(
            Server(library, [cls.program, "-p", 0, "-r", cls.pages], "curl")
        )

    def url(self, path="/"):
        return self.server.url(path)

    def test_get_sends_the_file(self):
        self.assertEqual(curl(self.url("/index.html")), (PAGES / "index.html").read_bytes())

    def test_get_of_the_root_sends_the_default_file(self):
        self.assertEqual(curl(self.url("/")), (PAGES / "index.html").read_bytes())

    def test_types_follow_the_extension(self):
        for name, kind in (
            ("index.html", "text/html"),
            ("style.css", "text/css"),
            ("demo.js", "text/javascript"),
            ("icon.svg", "image/svg+xml"),
            ("big.txt", "text/plain"),
        ):
            with self.subTest(name):
                got = curl("--head", "--write-out", "%{content_type}", "--output", "/dev/null", self.url(f"/{name}"))
                self.assertEqual(got.decode().partition(";")[0], kind)

    def test_head_has_the_headers_of_get_and_no_body(self):
        status, head = headers_of(curl("--head", self.url("/style.css")))
        self.assertEqual(status, "HTTP/1.1 200 OK")
        self.assertEqual(int(head["content-length"]), (PAGES / "style.css").stat().st_size)

    def test_security_headers_are_sent(self):
        _, head = headers_of(curl("--head", self.url("/")))
        self.assertIn("script-src 'self'", head["content-security-policy"])
        self.assertEqual(head["x-content-type-options"], "nosniff")

    def test_keep_alive_reuses_one_connection(self):
        urls = [self.url(p) for p in ("/", "/style.css", "/nothing-here", "/form", "/demo.js")]
        outputs = [word for _ in urls for word in ("--output", "/dev/null")]
        got = curl("--write-out", "%{http_code} %{num_connects}\n", *outputs, *urls)
        self.assertEqual(got.decode().split("\n")[:-1], ["200 1", "200 0", "404 0", "200 0", "200 0"])

    def test_http_1_0_gets_one_answer_and_a_close(self):
        got = curl("--http1.0", "--include", self.url("/style.css"))
        self.assertTrue(got.startswith(b"HTTP/1.0 200"), got[:40])
        self.assertTrue(got.endswith((PAGES / "style.css").read_bytes()))

    def test_an_empty_file_is_sent(self):
        got = curl("--write-out", "%{http_code} %{size_download}", self.url("/empty.txt"))
        self.assertEqual(got, b"200 0")

    def test_a_missing_page_is_404(self):
        body = curl("--write-out", "%{http_code}", self.url("/nothing-here"))
        self.assertTrue(body.endswith(b"404"))
        self.assertIn(b"<h1>404</h1>", body)

    def test_paths_stay_below_the_mount(self):
        for path in ("/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2fetc/passwd"):
            with self.subTest(path):
                got = curl("--path-as-is", "--write-out", "%{http_code}", self.url(path), check=False)
                self.assertNotIn(b"root:", got)
                self.assertFalse(got.endswith(b"200"), got[-200:])

    def test_a_posted_form_is_answered_with_its_fields(self):
        got = curl(
            "--data-urlencode", "name=Ada & <Co>", "--data-urlencode", "message=ümläut, 100 %", self.url("/form")
        ).decode()
        self.assertIn("<td>name</td><td>Ada &amp; &lt;Co&gt;</td>", got)
        self.assertIn("<td>message</td><td>ümläut, 100 %</td>", got)

    def test_a_form_too_large_is_413_and_the_next_request_works(self):
        body = "name=" + "x" * 20000
        got = curl(
            "--output", "/dev/null", "--output", "/dev/null", "--header", "Expect:",
            "--write-out", "%{http_code}\n", "--data", body, self.url("/form"), self.url("/form"),
        )
        self.assertEqual(got, b"413\n413\n")
        self.assertEqual(curl("--write-out", "%{http_code}", "--output", "/dev/null", self.url("/")), b"200")

    def test_an_empty_post_is_answered(self):
        got = curl("--request", "POST", "--header", "Content-Length: 0", "--write-out", "%{http_code}", self.url("/form"))
        self.assertTrue(got.endswith(b"200"), got[-100:])

    def test_get_and_post_share_a_connection(self):
        got = curl(
            "--output", "/dev/null", "--output", "/dev/null",
            "--write-out", "%{http_code} %{num_connects}\n", "--data", "a=b", self.url("/form"), self.url("/form"),
        )
        self.assertEqual(got, b"200 1\n200 0\n")

    def test_a_big_file_arrives_whole(self):
        got = curl(self.url("/big.txt"))
        self.assertEqual(hashlib.sha256(got).digest(), hashlib.sha256((self.pages / "big.txt").read_bytes()).digest())

    def test_big_files_in_parallel_arrive_whole(self):
        args = ["--parallel", "--parallel-immediate", "--write-out", "%{http_code} %{size_download}\n"]
        for _ in range(6):
            args += ["--output", "/dev/null", self.url("/big.txt")]
        lines = curl(*args).decode().split("\n")[:-1]
        self.assertEqual(lines, [f"200 {BIG_BYTES}"] * 6)

    def test_a_download_that_is_given_up_leaves_the_server_well(self):
        for _ in range(5):
            with socket.create_connection(("localhost", self.server.port), timeout=5) as s:
                s.sendall(b"GET /big.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertTrue(s.recv(1000).startswith(b"HTTP/1.1 200"))
        self.assertEqual(curl("--write-out", "%{http_code}", "--output", "/dev/null", self.url("/")), b"200")

    def test_ipv6_and_ipv4_both_reach_it(self):
        for address in ("127.0.0.1", "[::1]"):
            with self.subTest(address):
                got = curl("--output", "/dev/null", "--write-out", "%{http_code}", f"http://{address}:{self.server.port}/")
                self.assertEqual(got, b"200")


class OptionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        cls.program = cls.library.build("examples-c") / "test-server/test-server"

    def test_a_unix_socket_serves_pages(self):
        with tempfile.TemporaryDirectory(prefix="lws-e2e-") as folder:
            path = pathlib.Path(folder) / "s"
            with Server(self.library, [self.program, "-U", path], "unix-socket"):
                got = curl("--unix-socket", path, "http://localhost/index.html")
            self.assertEqual(got, (PAGES / "index.html").read_bytes())

    def test_iface_limits_it_to_one_address(self):
        # the reference listens on all addresses when given a numeric IPv4 one
        for iface in ("lo",) if self.library.is_reference else ("lo", "127.0.0.1"):
            with self.subTest(iface), Server(self.library, [self.program, "-p", 0, "-i", iface], "iface") as server:
                got = curl("--output", "/dev/null", "--write-out", "%{http_code}", f"http://127.0.0.1:{server.port}/")
                self.assertEqual(got, b"200")
                with socket.socket() as other:
                    other.settimeout(2)
                    self.assertNotEqual(other.connect_ex(("127.0.0.2", server.port)), 0)

    def test_ssl_serves_https_and_wss(self):
        with tempfile.TemporaryDirectory(prefix="lws-e2e-") as folder:
            cert, key = pathlib.Path(folder) / "cert.pem", pathlib.Path(folder) / "key.pem"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
                check=True, capture_output=True,
            )
            command = [self.program, "-p", 0, "-s", "-C", cert, "-K", key]
            with Server(self.library, command, "ssl") as server:
                got = curl("--cacert", cert, server.url("/index.html", "https"))
                self.assertEqual(got, (PAGES / "index.html").read_bytes())
                url = server.url("/", "wss")
                context = ssl.create_default_context(cafile=cert)
                with connect(url, subprotocols=["dumb-increment-protocol"], ssl=context, proxy=None) as ws:
                    self.assertEqual(ws.recv(timeout=10), "1")
            with Server(self.library, [*command, "-v", "-A", cert], "ssl-verify") as server:
                url, trust = server.url("/index.html", "https"), ("--cacert", cert)
                self.assertEqual(curl(*trust, url, check=False), b"")
                got = curl(*trust, "--cert", cert, "--key", key, url)
                self.assertEqual(got, (PAGES / "index.html").read_bytes())

    def test_ssl_without_a_certificate_is_a_mistake(self):
        done = subprocess.run([self.program, "-s"], capture_output=True, timeout=20, env=self.library.environment())
        self.assertEqual(done.returncode, 2)

    def test_a_port_in_use_is_an_error(self):
        with Server(self.library, [self.program, "-p", 0], "port-in-use") as server:
            second = subprocess.run(
                [self.program, "-p", str(server.port)],
                capture_output=True, timeout=20, env=self.library.environment(),
            )
        self.assertEqual(second.returncode, 1)

    def test_it_runs_as_the_given_user(self):
        if not pathlib.Path("/proc/self/status").read_text().split("Uid:")[1].split()[0] == "0":
            self.skipTest("only root can change user")
        with Server(self.library, [self.program, "-p", 0, "-u", 65534, "-g", 65534], "uid") as server:
            status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        self.assertEqual(status.split("Uid:")[1].split()[:3], ["65534"] * 3)
        self.assertEqual(status.split("Gid:")[1].split()[:3], ["65534"] * 3)

    def test_in_the_background_it_writes_its_pid_and_ends_when_asked(self):
        with tempfile.TemporaryDirectory(prefix="lws-e2e-") as folder:
            lock = pathlib.Path(folder) / "lock"
            port = free_port()
            done = subprocess.run(
                [self.program, "-p", str(port), f"--daemon={lock}"],
                stderr=subprocess.PIPE, timeout=20, env=self.library.environment(),
            )
            if not self.library.exports("lws_daemonize"):
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"cannot run in the background", done.stderr)
                return
            self.assertEqual(done.returncode, 0)
            wait_until(lambda: lock.exists() and lock.read_text().strip(), "there is a pid in the lock file")
            pid = int(lock.read_text())
            self.assertEqual(os.readlink(f"/proc/{pid}/exe"), str(self.program))
            curl("--retry", 20, "--retry-connrefused", "--retry-delay", 1, f"http://localhost:{port}/")
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not lock.exists(), "the lock file is removed")

    def test_four_threads_serve(self):
        with Server(self.library, [self.program, "-p", 0, "-j", 4], "threads") as server:
            if not self.library.is_reference:  # Debian's build has one service thread
                tasks = pathlib.Path(f"/proc/{server.process.pid}/task")
                wait_until(lambda: len(list(tasks.iterdir())) == 4, "there are four threads")
            args = ["--parallel", "--parallel-immediate", "--write-out", "%{http_code}\n"]
            for _ in range(20):
                args += ["--output", "/dev/null", server.url("/")]
            self.assertEqual(curl(*args), b"200\n" * 20)


if __name__ == "__main__":
    unittest.main()

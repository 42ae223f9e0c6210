"""The test client of examples-c through proxies of both kinds, which it learns of from the environment."""

import base64
import select
import socket
import threading
import unittest

import test_client
from server import Server

SECONDS = test_client.SECONDS
PASSWORD = b"user:pa:ss"


def pass_on(a, b):
    """Moves bytes both ways until one side ends."""
    while True:
        for side in select.select([a, b], [], [], SECONDS)[0]:
            data = side.recv(65536)
            if not data:
                return
            (b if side is a else a).sendall(data)


class Proxy:
    """Takes connections, learns from each where it wants to go, and passes its bytes on."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"{PASSWORD.decode()}@127.0.0.1:{self.listening.getsockname()[1]}"
        self.asked = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(SECONDS)

    def serve(self):
        while True:
            try:
                peer = self.listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve_one, args=(peer,), daemon=True).start()

    def serve_one(self, peer):
        with peer, peer.makefile("rb", buffering=0) as stream:
            peer.settimeout(SECONDS)
            to = self.learn(peer, stream)
            self.asked.append(to)
            try:
                server = socket.create_connection(("127.0.0.1", to[1]), SECONDS) if to[0] == "server.invalid" else None
            except OSError:
                server = None
            self.answer(peer, server is not None)
            if server:
                with server:
                    pass_on(peer, server)


class HttpProxy(Proxy):
    def learn(self, _, stream):
        lines = []
        while not lines or lines[-1] != b"\r\n":
            lines.append(stream.readline())
        method, target, _ = lines[0].split()
        assert method == b"CONNECT"
        assert b"Proxy-authorization: basic " + base64.b64encode(PASSWORD) + b"\r\n" in lines, lines
        host, port = target.decode().rsplit(":", 1)
        return host, int(port)

    def answer(self, peer, is_there):
        peer.sendall(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n" if is_there else b"HTTP/1.1 502 Bad Gateway\r\n\r\n")


class SocksProxy(Proxy):
    def learn(self, peer, stream):
        def read(n):
            data = b""
            while len(data) < n:
                data += stream.read(n - len(data))
            return data

        assert read(4) == b"\5\2\0\2"
        peer.sendall(b"\5\2")
        user, _, password = PASSWORD.partition(b":")
        assert read(len(PASSWORD) + 2) == bytes([1, len(user)]) + user + bytes([len(password)]) + password
        peer.sendall(b"\1\0")
        assert read(4) == b"\5\1\0\3"
        host = read(read(1)[0]).decode()
        return host, int.from_bytes(read(2))

    def answer(self, peer, is_there):
        peer.sendall(bytes([5, 0 if is_there else 4, 0, 1]) + bytes(6))


class ProxiesTest(test_client.ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.library.is_reference:
            raise unittest.SkipTest("built without SOCKS5")
        start = [cls.server_program, "-p", 0, "-r", test_client.PAGES]
        cls.plain = cls.enterClassContext(Server(cls.library, start, "proxies-plain"))
        cls.secure = cls.enterClassContext(Server(cls.library, [*start, "-s", "-C", cls.cert, "-K", cls.key], "proxies-secure"))

    def through(self, variable, proxy):
        """The client's environment names the proxy from here on."""
        plain = self.library.environment()
        self.library = type("Named", (), {"environment": lambda _: {**plain, variable: proxy.address}})()

    def check_all(self):
        page = (test_client.PAGES / "index.html").read_bytes()
        self.counts(f"ws://server.invalid:{self.plain.port}/")
        self.assertEqual(self.client(f"http://server.invalid:{self.plain.port}/index.html"), page)
        # the name is in no certificate
        skip = ("-A", self.cert, "--skip-hostname")
        self.counts(f"wss://server.invalid:{self.secure.port}/", *skip)
        self.assertEqual(self.client(*skip, f"https://server.invalid:{self.secure.port}/index.html"), page)
        self.mirrors(f"wss://server.invalid:{self.secure.port}/", *skip)
        raw = self.client("-m", "GET /index.html HTTP/1.0", "-m", "", "-n", 0, f"raw://server.invalid:{self.plain.port}/")
        self.assertTrue(raw.endswith(page))
        self.client("ws://elsewhere.invalid:1/", status=1)

    def test_http(self):
        with HttpProxy() as proxy:
            self.through("http_proxy", proxy)
            self.check_all()
            self.assertEqual(len(proxy.asked), 7)
            self.assertRegex(self.said, r"proxy not h1: 127.0.0.1:\d+: 502 Bad Gateway")

    def test_socks(self):
        with SocksProxy() as proxy:
            self.through("socks_proxy", proxy)
            self.check_all()
            self.assertEqual(len(proxy.asked), 7)
            self.assertRegex(self.said, r"socks: 127.0.0.1:\d+: socks connect: host unreachable \(4\)")


if __name__ == "__main__":
    unittest.main()

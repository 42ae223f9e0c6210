"""The small examples, and the test server under valgrind."""

import os
import pathlib
import select
import socket
import subprocess
import threading
import unittest

import frames
from library import ROOT, Library
from server import Server
from test_curl import curl

SECONDS = 10


def program(library, name):
    return library.build("examples-c") / name / name


class BuildTest(unittest.TestCase):
    """Each folder is a project of its own, as the newcomer copies it."""

    def test_each_example_builds_alone(self):
        library = Library.from_environment()
        for folder in sorted((ROOT / "examples-c").glob("*/CMakeLists.txt")):
            with self.subTest(folder.parent.name):
                library.build(f"examples-c/{folder.parent.name}")


class HttpTest(unittest.TestCase):
    def test_files_and_a_made_page_share_a_connection(self):
        library = Library.from_environment()
        pages = ROOT / "examples-c/minimal-http-server/www"
        with Server(library, [program(library, "minimal-http-server"), 0, pages], "minimal-http") as server:
            got = curl(server.url("/"), server.url("/time"), "--write-out", "%{http_code} %{num_connects}\n").decode()
        self.assertIn("<h1>A small web server</h1>", got)
        self.assertIn(" UTC\n200 0\n", got)


class RawEchoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        library = Library.from_environment()
        cls.server = cls.enterClassContext(Server(library, [program(library, "minimal-raw-echo"), 0], "raw-echo"))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=SECONDS)

    def echoed(self, data):
        got = bytearray()
        with self.connect() as sock:
            sender = threading.Thread(target=sock.sendall, args=(data,))
            sender.start()
            while len(got) < len(data):
                piece = sock.recv(65536)
                if not piece:
                    break
                got += piece
            sender.join(SECONDS)
        return bytes(got)

    def test_bytes_come_back(self):
        for size in (1, 5, 4095, 4096, 4097, 100_000, 4_000_000):
            with self.subTest(size):
                data = os.urandom(size)
                self.assertEqual(self.echoed(data), data)

    def test_connections_are_independent(self):
        with self.connect() as a, self.connect() as b:
            a.sendall(b"to a")
            b.sendall(b"to b")
            self.assertEqual((a.recv(10), b.recv(10)), (b"to a", b"to b"))


class RawProxyTest(unittest.TestCase):
    """A pair of sockets with the proxy between them."""

    def setUp(self):
        self.library = Library.from_environment()
        if self.library.is_reference:
            self.skipTest("the reference is built without the role raw-proxy")
        self.origin = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.origin.settimeout(SECONDS)
        command = [program(self.library, "minimal-raw-proxy"), 0, "127.0.0.1", self.origin.getsockname()[1]]
        self.server = self.enterContext(Server(self.library, command, "raw-proxy"))

    def pair(self):
        near = self.enterContext(socket.create_connection(("127.0.0.1", self.server.port), timeout=SECONDS))
        far = self.enterContext(self.origin.accept()[0])
        far.settimeout(SECONDS)
        return near, far

    def read(self, sock, size):
        got = bytearray()
        while len(got) < size and (piece := sock.recv(65536)):
            got += piece
        return bytes(got)

    def pour(self, sock):
        """Sends until nothing is taken for a moment; how much that was."""
        block, sent = b"0123456789abcdef" * 4096, 0
        sock.setblocking(False)
        while sent < 200_000_000 and select.select([], [sock], [], 0.2)[1]:
            sent += sock.send(block[sent % 16:])
        sock.settimeout(SECONDS)
        return sent

    def test_bytes_pass_both_ways_at_once(self):
        near, far = self.pair()
        there, back = os.urandom(3_000_000), os.urandom(3_000_000)
        senders = [threading.Thread(target=near.sendall, args=(there,)),
                   threading.Thread(target=far.sendall, args=(back,))]
        readers = {}
        for sock, size in ((near, len(back)), (far, len(there))):
            take = threading.Thread(target=lambda s=sock, n=size: readers.update({s: self.read(s, n)}))
            senders.append(take)
        for thread in senders:
            thread.start()
        for thread in senders:
            thread.join(SECONDS)
        self.assertEqual((readers[near], readers[far]), (back, there))

    def test_a_slow_side_holds_the_other_back_and_nothing_is_lost(self):
        for way in ("there", "back"):
            with self.subTest(way):
                near, far = self.pair()
                fast, slow = (near, far) if way == "there" else (far, near)
                sent = self.pour(fast)
                self.assertLess(sent, 100_000_000, "the proxy took it all without getting rid of any")
                self.assertLess(self.resident_kb(), 60_000)
                fast.shutdown(socket.SHUT_WR)
                wanted = (b"0123456789abcdef" * (sent // 16 + 1))[:sent]
                self.assertEqual(self.read(slow, sent), wanted)
                self.assertEqual(slow.recv(1), b"")

    def resident_kb(self):
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0])

    def test_what_was_said_before_a_close_arrives(self):
        for way in ("there", "back"):
            with self.subTest(way):
                near, far = self.pair()
                leaves, stays = (near, far) if way == "there" else (far, near)
                leaves.sendall(b"last words" * 10000)
                leaves.close()
                self.assertEqual(self.read(stays, 200_000), b"last words" * 10000)

    def test_where_nobody_listens_the_connection_ends_and_others_go_on(self):
        near, far = self.pair()
        self.origin.close()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=SECONDS) as other:
            self.assertEqual(other.recv(1), b"")
        near.sendall(b"still here")
        self.assertEqual(far.recv(100), b"still here")


class ExternalPollTest(unittest.TestCase):
    def setUp(self):
        self.library = Library.from_environment()
        self.program = program(self.library, "minimal-external-poll")

    def test_a_build_without_it_is_told_apart(self):
        if not self.library.is_reference:
            self.skipTest("ours announces its descriptors")
        done = subprocess.run([self.program, "0"], capture_output=True, timeout=20, env=self.library.environment())
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"does not announce its descriptors", done.stderr)

    def test_http_and_websockets_live_in_the_programs_loop(self):
        if self.library.is_reference:
            self.skipTest("Debian's build has no external poll support")
        with Server(self.library, [self.program, 0], "external-poll") as server:
            got = curl(server.url("/"), server.url("/x"), "--write-out", "%{http_code} %{num_connects}\n").decode()
            self.assertIn("200 1\n", got)
            self.assertIn("200 0\n", got)
            clients = [frames.FrameClient(server.port, "tick") for _ in range(20)]
            numbers = [[int(client.read_message()) for _ in range(2)] for client in clients]
            for client in clients:
                client.socket.sendall(frames.frame(frames.CLOSE, b"\x03\xe8"))
                self.assertEqual(client.read_frame()[0], frames.CLOSE)
                client.__exit__()
        for first, second in numbers:
            self.assertEqual(second, first + 1)


class NothingLeftTest(unittest.TestCase):
    """Valgrind: no error and nothing lost, with connections open when the server ends."""

    VALGRIND = ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite,indirect",
                "--errors-for-leak-kinds=definite,indirect", "--num-callers=30")

    def test_the_test_server_frees_what_it_took(self):
        library = Library.from_environment()
        with Server(library, [program(library, "test-server"), "-p", 0], "valgrind", wrapper=self.VALGRIND) as server:
            curl(server.url("/"), server.url("/nothing-here"), "--data", "a=b", server.url("/form"))
            protocols = ("dumb-increment-protocol", "lws-mirror-protocol", "lws-status")
            clients = [frames.FrameClient(server.port, protocol) for protocol in protocols * 2]
            clients[1].socket.sendall(frames.frame(frames.TEXT, b"d #ffffff 1 2 3 4;"))
            self.assertEqual(clients[4].read_message(), b"d #ffffff 1 2 3 4;")
            self.assertEqual(clients[0].read_message(), b"1")
            clients[0].socket.sendall(frames.frame(frames.CLOSE, b"\x03\xe8"))
            while clients[0].read_frame()[0] != frames.CLOSE:
                pass
            server.stop()
            for client in clients:
                client.__exit__()


if __name__ == "__main__":
    unittest.main()

"""permessage-deflate: python websockets and node's ws against the echo server.

On the reference most of this ends in an abort, so only the first test runs there.
"""

import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import unittest
import zlib

from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.sync.client import connect

import frames
from library import ROOT, Library
from server import Server

SECONDS = 20
NODE_WS = "ws@8.18.0"
NODE_HOME = ROOT / "build/node"


def words(size, seed=1):
    """Text that compresses like text."""
    rng = random.Random(seed)
    some = ["alpha", "beta", "gamma", "delta", "Grüße", "漢字", "0123456789", "\n"]
    text = "".join(rng.choice(some) for _ in range(size // 4 + 1))
    return text[:size]


def node_report(*arguments):
    """What node_deflate.js has to say, or None where there is no node. Its ws is installed on the first run."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    env = dict(os.environ, NODE_PATH=str(node_modules()))
    done = subprocess.run(["node", ROOT / "tests-e2e/node_deflate.js", *arguments], env=env,
                          capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return json.loads(done.stdout)


def node_modules():
    """Where node finds ws."""
    mark = NODE_HOME / "made-for"
    if not (mark.exists() and mark.read_text() == NODE_WS):
        NODE_HOME.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", NODE_HOME, NODE_WS],
                       check=True, timeout=120)
        mark.write_text(NODE_WS)
    return NODE_HOME / "node_modules"


class DeflateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        program = cls.library.build("examples-c") / "minimal-ws-echo/minimal-ws-echo"
        cls.server = cls.enterClassContext(Server(cls.library, [program, 0], "ws-deflate"))

    def setUp(self):
        if self.library.is_reference and "short" not in self._testMethodName:
            self.skipTest("the reference aborts")

    def open(self, **parameters):
        offer = ClientPerMessageDeflateFactory(**parameters) if parameters else None
        extensions = {"compression": None, "extensions": [offer]} if offer else {"compression": "deflate"}
        return connect(self.server.url("/", "ws"), open_timeout=SECONDS, close_timeout=SECONDS, proxy=None,
                       max_size=None, **extensions)

    def agreed(self, ws):
        return ws.response.headers["Sec-WebSocket-Extensions"]

    def echoes(self, ws, message):
        ws.send(message)
        self.assertEqual(ws.recv(timeout=SECONDS), message)

    def test_short_messages_come_back(self):
        with self.open() as ws:
            self.assertTrue(self.agreed(ws).startswith("permessage-deflate"))
            for message in ("hello", "hello", "grüße", b"\x00\xff", "x" * 500):
                self.echoes(ws, message)

    def test_messages_of_every_length_come_back(self):
        with self.open() as ws:
            for size in (0, 1, 2, 125, 126, 127, 1023, 1024, 1025, 4096, 65535, 65536, 1 << 20):
                with self.subTest(size):
                    self.echoes(ws, os.urandom(size))
                    self.echoes(ws, words(size))

    def test_parameters_are_honoured(self):
        sets = (
            ({"server_max_window_bits": 9}, "server_max_window_bits=9"),
            ({"server_max_window_bits": 12, "client_max_window_bits": 9}, "client_max_window_bits=9"),
            ({"client_max_window_bits": 15}, "permessage-deflate"),
            ({"server_no_context_takeover": True}, "server_no_context_takeover"),
            ({"client_no_context_takeover": True, "server_no_context_takeover": True}, "client_no_context_takeover"),
        )
        for parameters, wanted in sets:
            with self.subTest(parameters), self.open(**parameters) as ws:
                self.assertIn(wanted, self.agreed(ws))
                for size in (10, 3000, 70000, 10):
                    self.echoes(ws, words(size))

    def test_an_offer_with_an_unknown_parameter_goes_on_without_compression(self):
        with connect(self.server.url("/", "ws"), compression=None, proxy=None,
                     additional_headers={"Sec-WebSocket-Extensions": "permessage-deflate; foo=1"}) as ws:
            self.assertNotIn("Sec-WebSocket-Extensions", ws.response.headers)
            self.echoes(ws, words(3000))

    def test_empty_messages_in_a_row_come_back(self):
        with self.open() as ws:
            for message in ("", "", b"", "x", "", ""):
                self.echoes(ws, message)

    def test_fragments_come_back_whole(self):
        with self.open() as ws:
            ws.send([words(10), "", words(5000), words(70000), ""])
            self.assertEqual(ws.recv(timeout=SECONDS), words(10) + words(5000) + words(70000))

    def test_four_connections_at_once_with_4_kb_messages(self):
        def talk(number):
            with self.open() as ws:
                for turn in range(200):
                    text = words(4096, number * 1000 + turn)
                    ws.send(text)
                    if ws.recv(timeout=SECONDS) != text:
                        return False
            return True

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertTrue(all(pool.map(talk, range(4))))

    def test_what_does_not_inflate_is_closed_with_1007(self):
        with self.open() as ws:
            ws.socket.sendall(frames.frame(frames.TEXT | 0x40, b"\xff\xff\xff\xff"))
            with self.assertRaises(ConnectionClosed) as caught:
                ws.recv(timeout=SECONDS)
        self.assertEqual(caught.exception.rcvd.code, 1007)

    def test_a_bomb_is_closed_with_1009_and_others_go_on(self):
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        bomb = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(256)) + squeeze.flush(zlib.Z_SYNC_FLUSH)
        with self.open() as other, frames.FrameClient(self.server.port, extensions="permessage-deflate") as client:
            client.socket.sendall(frames.frame(frames.BINARY | 0x40, bomb[:-4]))
            self.assertEqual(client.read_close_code(), 1009)
            self.echoes(other, words(4096))

    def test_node_ws(self):
        report = node_report(self.server.url("/", "ws"))
        if not report:
            self.skipTest("no node")
        self.assertEqual(report["wrong"], [])
        self.assertGreater(report["echoes"], 400)
        for extensions in report["agreed"]:
            self.assertIn("permessage-deflate", extensions)


if __name__ == "__main__":
    unittest.main()

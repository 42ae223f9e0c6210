"""python websockets against the test server's protocols and the small echo servers."""

import concurrent.futures
import contextlib
import json
import os
import select
import socket
import struct
import threading
import time
import unittest

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

import frames
from library import Library
from server import Server

SECONDS = 10


def open_ws(server, *protocols, **options):
    options.setdefault("compression", None)
    return connect(
        server.url("/", "ws"), subprotocols=protocols or None, open_timeout=SECONDS, close_timeout=SECONDS,
        proxy=None, max_size=None, **options,
    )


def send_frames(ws, make):
    """Sends what make(protocol) puts out, frame by frame, past the checks of ws.send()."""
    with ws.protocol_mutex:
        make(ws.protocol)
        ws.send_data()


def recv(ws):
    return ws.recv(timeout=SECONDS)


class TestServerTest(unittest.TestCase):
    threads = 1

    @classmethod
    def setUpClass(cls):
        library = Library.from_environment()
        program = library.build("examples-c") / "test-server/test-server"
        command = [program, "-p", 0, "-j", cls.threads]
        cls.server = cls.enterClassContext(Server(library, command, f"websockets-{cls.threads}"))

    def counter(self):
        return open_ws(self.server, "dumb-increment-protocol")

    def mirror(self):
        return open_ws(self.server, "lws-mirror-protocol")

    def wiped_mirror(self):
        ws = self.mirror()
        ws.send("c;")
        while not recv(ws).endswith("c;"):
            pass
        return ws

    # dumb-increment-protocol

    def test_counter_goes_up_one_by_one_about_20_times_a_second(self):
        with self.counter() as ws:
            started = time.monotonic()
            numbers = [int(recv(ws)) for _ in range(20)]
            took = time.monotonic() - started
        self.assertEqual(numbers, list(range(1, 21)))
        self.assertGreater(took, 0.8)
        self.assertLess(took, 5)

    def test_each_connection_has_its_own_counter(self):
        with self.counter() as first:
            self.assertEqual(int(recv(first)), 1)
            with self.counter() as second:
                self.assertEqual(int(recv(second)), 1)

    def test_reset_starts_again(self):
        with self.counter() as ws:
            while int(recv(ws)) < 5:
                pass
            ws.send("reset\n")
            numbers = [int(recv(ws)) for _ in range(4)]
        self.assertTrue(any(later < earlier for earlier, later in zip(numbers, numbers[1:])) or numbers[0] < 5, numbers)

    def test_closeme_closes_with_code_and_reason(self):
        with self.counter() as ws:
            ws.send("closeme\n")
            with self.assertRaises(ConnectionClosed) as caught:
                while True:
                    recv(ws)
        self.assertEqual(caught.exception.rcvd.code, 1001)
        self.assertEqual(caught.exception.rcvd.reason, "closed because you asked")

    # lws-mirror-protocol

    def test_mirror_sends_a_line_to_everybody(self):
        with self.wiped_mirror() as a, self.mirror() as b:
            line = "d #12ab34 1 2 30 4000;"
            a.send(line)
            self.assertEqual(recv(a), line)
            self.assertEqual(recv(b), line)

    def test_mirror_gives_a_newcomer_what_is_on_the_board(self):
        lines = [f"d #000000 {n} 0 {n + 1} 0;" for n in range(500)]
        with self.wiped_mirror() as a:
            a.send("".join(lines))
            got = ""
            while len(got) < len("".join(lines)):
                got += recv(a)
            with self.mirror() as b:
                history = ""
                while len(history) < len(got):
                    history += recv(b)
        self.assertEqual(got, "".join(lines))
        self.assertEqual(history, got)

    def test_mirror_takes_a_command_cut_into_fragments(self):
        with self.wiped_mirror() as a, self.mirror() as b:
            a.send(["d #ff", "0000 1 ", "2 3", " 4;d #00ff00 5 6 7 8", ";"])
            got = ""
            while got.count(";") < 2:
                got += recv(b)
        self.assertEqual(got, "d #ff0000 1 2 3 4;d #00ff00 5 6 7 8;")

    def test_mirror_drops_what_is_no_command(self):
        with self.wiped_mirror() as a:
            for junk in ("x;", "d #zzzzzz 1 2 3 4;", "d #ffffff 1 2 3;", "d #ffffff 1 2 3 123456;", "y" * 100000 + ";", ";;;"):
                a.send(junk)
            a.send("d #ffffff 1 2 3 4;")
            self.assertEqual(recv(a), "d #ffffff 1 2 3 4;")

    def test_mirror_keeps_a_bounded_history(self):
        count = 10000
        with self.wiped_mirror() as a:
            reader = threading.Thread(target=lambda: self.read_until(a, f"d #000000 {count - 1} 0 0 0;"))
            reader.start()
            for start in range(0, count, 100):
                a.send("".join(f"d #000000 {n} 0 0 0;" for n in range(start, start + 100)))
            reader.join(SECONDS)
            self.assertFalse(reader.is_alive())
            with self.mirror() as b:
                history = self.read_until(b, f"d #000000 {count - 1} 0 0 0;")
        self.assertEqual(history.count(";"), 8192)

    @staticmethod
    def read_until(ws, end):
        got = ""
        while not got.endswith(end):
            got += recv(ws)
        return got

    # lws-status

    def test_status_tells_who_comes_and_goes(self):
        with open_ws(self.server, "lws-status", user_agent_header='first "one"') as a:
            self.wait_for_agents(a, ['first "one"'])
            with open_ws(self.server, "lws-status", user_agent_header="second") as b:
                self.wait_for_agents(b, ['first "one"', "second"])
                news = self.wait_for_agents(a, ['first "one"', "second"])
                self.assertEqual(news["count"], 2)
                self.assertIn(news["clients"][0]["peer"], ("127.0.0.1", "::1", "::ffff:127.0.0.1"))
                self.assertTrue(news["library"])
            self.wait_for_agents(a, ['first "one"'])

    @staticmethod
    def wait_for_agents(ws, wanted):
        while True:
            news = json.loads(recv(ws))
            if [client["agent"] for client in news["clients"]] == wanted:
                return news

    # handshake

    def test_the_first_known_subprotocol_of_several_is_taken(self):
        with open_ws(self.server, "lws-status", "dumb-increment-protocol") as ws:
            self.assertEqual(ws.subprotocol, "lws-status")

    def test_an_unknown_subprotocol_is_refused_and_others_go_on(self):
        with self.assertRaises((InvalidHandshake, ConnectionClosed, EOFError, OSError)):
            open_ws(self.server, "no-such-protocol")
        with self.counter() as ws:
            self.assertEqual(int(recv(ws)), 1)

    def test_a_hundred_connections_come_and_go(self):
        with contextlib.ExitStack() as stack:
            for ws in [stack.enter_context(self.counter()) for _ in range(100)]:
                self.assertEqual(int(recv(ws)), 1)

    def test_connections_cut_off_leave_the_server_well(self):
        for _ in range(30):
            ws = self.counter()
            recv(ws)
            # no close handshake: a reset
            ws.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            ws.socket.close()
        with self.counter() as ws:
            self.assertEqual(int(recv(ws)), 1)


class FourThreadsTest(TestServerTest):
    """The same with connections on four service threads. (The reference has one whatever is asked.)"""

    threads = 4


class EchoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        library = Library.from_environment()
        program = library.build("examples-c") / "minimal-ws-echo/minimal-ws-echo"
        cls.server = cls.enterClassContext(Server(library, [program, 0], "ws-echo"))

    def open(self, **options):
        return open_ws(self.server, **options)

    def test_messages_of_every_length_form_come_back(self):
        with self.open() as ws:
            for size in (0, 1, 2, 124, 125, 126, 127, 128, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20):
                with self.subTest(size):
                    data = os.urandom(size)
                    ws.send(data)
                    self.assertEqual(recv(ws), data)

    def test_text_stays_text_and_binary_stays_binary(self):
        with self.open() as ws:
            ws.send("grüße 🙂")
            self.assertEqual(recv(ws), "grüße 🙂")
            ws.send(b"\x00\xff")
            self.assertEqual(recv(ws), b"\x00\xff")

    def test_fragments_come_back_as_fragments(self):
        with self.open() as ws:
            ws.send(["one", "two", "", "three"])
            pieces = list(ws.recv_streaming())
        self.assertEqual(pieces[:4], ["one", "two", "", "three"])
        self.assertEqual("".join(pieces), "onetwothree")

    def test_a_ping_is_answered_with_its_payload(self):
        with self.open() as ws:
            for payload in (b"", b"x", b"p" * 125):
                self.assertTrue(ws.ping(payload).wait(SECONDS), payload)

    def test_a_ping_between_fragments_is_answered_at_once(self):
        with self.open() as ws:
            send_frames(ws, lambda protocol: protocol.send_text(b"before", fin=False))
            # the pong is here when wait() returns, with the message still open
            self.assertTrue(ws.ping(b"between").wait(SECONDS))
            send_frames(ws, lambda protocol: protocol.send_continuation(b"after", fin=True))
            self.assertEqual(recv(ws), "beforeafter")

    def test_close_codes_are_echoed(self):
        for code, reason in ((1000, ""), (1000, "done"), (1001, "leaving"), (3000, "ü" * 40), (4999, "own")):
            with self.subTest(code=code, reason=reason):
                ws = self.open()
                ws.close(code, reason)
                self.assertEqual((ws.close_code, ws.protocol.close_rcvd.code), (code, code))
                self.assertEqual(ws.protocol.close_rcvd.reason, reason)

    def test_bad_utf8_is_closed_with_1007(self):
        with self.open() as ws:
            send_frames(ws, lambda protocol: protocol.send_text(b"\xc3\x28", fin=True))
            with self.assertRaises(ConnectionClosed) as caught:
                recv(ws)
        self.assertEqual(caught.exception.rcvd.code, 1007)

    def test_a_reserved_opcode_ends_the_connection(self):
        with self.open() as ws:
            ws.socket.sendall(bytes([0x83, 0x80, 1, 2, 3, 4]))
            with self.assertRaises(ConnectionClosed):
                recv(ws)

    def test_a_client_that_does_not_read_is_held_back_and_loses_nothing(self):
        message = os.urandom(64 * 1024)
        wire = frames.frame(frames.BINARY, message)
        with frames.FrameClient(self.server.port, buffer_bytes=65536) as client:
            started, rest = self.send_until_held_back(client.socket, wire)
            self.assertLess(started, 1000, "the server took 64 MB without getting rid of any")
            sender = threading.Thread(target=client.socket.sendall, args=(rest,))
            sender.start()
            for n in range(started):
                self.assertEqual(client.read_message(), message, f"message {n}")
            sender.join(SECONDS)
            self.assertFalse(sender.is_alive())

    @staticmethod
    def send_until_held_back(sock, wire):
        """Sends the same frame again and again until nothing is taken for half a second.
        Returns how many were begun, and what the last one still lacks."""
        for started in range(1, 1001):
            rest = memoryview(wire)
            while rest:
                if not select.select([], [sock], [], 0.5)[1]:
                    return started, bytes(rest)
                with contextlib.suppress(BlockingIOError):
                    rest = rest[sock.send(rest, socket.MSG_DONTWAIT):]
        return started, b""

    def test_many_clients_at_once_get_their_own_answers(self):
        def talk(number):
            with self.open() as ws:
                for turn in range(20):
                    text = f"client {number} turn {turn} " + "x" * (number * 37 % 3000)
                    ws.send(text)
                    if recv(ws) != text:
                        return False
            return True

        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            self.assertTrue(all(pool.map(talk, range(60))))


if __name__ == "__main__":
    unittest.main()

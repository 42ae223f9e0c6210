"""A C++20 program, compiled with g++ as a user would, with a service thread of its own."""

import json
import signal
import unittest

from library import Library
from server import Server
from test_curl import curl
from test_websockets import open_ws, recv


class ChatTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        library = Library.from_environment()
        chat = library.build("tests-e2e/cxx") / "chat"
        cls.server = cls.enterClassContext(Server(library, [chat, 0], "cxx-chat"))

    def test_text_reaches_all_members_in_order(self):
        with open_ws(self.server, "chat") as a, open_ws(self.server, "chat") as b:
            texts = [f"message {n} " + "x" * (n * 500) for n in range(20)]
            for text in texts:
                a.send(text)
            for ws in (a, b):
                self.assertEqual([recv(ws) for _ in texts], texts)

    def test_a_message_in_fragments_arrives_as_one(self):
        with open_ws(self.server, "chat") as a:
            a.send(["one ", "two ", "three"])
            self.assertEqual(recv(a), "one two three")

    def test_another_thread_can_announce(self):
        with open_ws(self.server, "chat") as a, open_ws(self.server, "chat") as b:
            a.send("ready")
            self.assertEqual((recv(a), recv(b)), ("ready", "ready"))
            self.server.process.send_signal(signal.SIGUSR1)
            self.assertEqual((recv(a), recv(b)), ("closing soon", "closing soon"))

    def test_http_and_websockets_share_the_port(self):
        with open_ws(self.server, "chat") as a:
            a.send("ready")
            recv(a)
            members = json.loads(curl(self.server.url("/members")))["members"]
        self.assertGreaterEqual(members, 1)


if __name__ == "__main__":
    unittest.main()

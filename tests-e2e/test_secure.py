"""https and wss with permessage-deflate: aiohttp, python websockets and node's ws.

All trust one authority and check the server's name. Chromium is in test_browser.py.
"""

import asyncio
import os
import ssl
import unittest

import aiohttp
from websockets.sync.client import connect

import certificates
from library import Library
from server import Server
from test_deflate import node_report, words

SECONDS = 20
SIZES = (0, 1, 125, 126, 1024, 4096, 65536, 300000)


class EchoTest(unittest.TestCase):
    """The echo server, which compresses whenever a client can."""

    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        if cls.library.is_reference:
            raise unittest.SkipTest("the reference aborts when messages are compressed")
        certificates.make()
        program = cls.library.build("examples-c") / "minimal-ws-echo/minimal-ws-echo"
        command = [program, 0, 0, certificates.CERTIFICATE, certificates.KEY]
        cls.server = cls.enterClassContext(Server(cls.library, command, "wss-echo"))
        cls.url = cls.server.url("/", "wss")

    def test_python_websockets(self):
        with connect(self.url, ssl=certificates.client_context(), proxy=None, max_size=None,
                     open_timeout=SECONDS) as ws:
            self.assertIn("permessage-deflate", ws.response.headers["Sec-WebSocket-Extensions"])
            for size in SIZES:
                for message in (words(size), os.urandom(size)):
                    ws.send(message)
                    self.assertEqual(ws.recv(timeout=SECONDS), message)

    def test_aiohttp(self):
        asyncio.run(asyncio.wait_for(self.talk_aiohttp(), SECONDS))

    async def talk_aiohttp(self):
        for window in (15, 10):
            async with aiohttp.ClientSession() as session, session.ws_connect(
                self.url, ssl=certificates.client_context(), compress=window, max_msg_size=0
            ) as ws:
                self.assertTrue(ws.compress)
                for size in SIZES:
                    await ws.send_str(words(size))
                    self.assertEqual(await ws.receive_str(), words(size))
                    data = os.urandom(size)
                    await ws.send_bytes(data)
                    self.assertEqual(await ws.receive_bytes(), data)

    def test_node_ws(self):
        report = node_report(self.url, certificates.CA)
        if not report:
            self.skipTest("no node")
        self.assertEqual(report["wrong"], [])
        self.assertGreater(report["echoes"], 400)
        for extensions in report["agreed"]:
            self.assertIn("permessage-deflate", extensions)

    def test_who_does_not_trust_the_authority_is_not_served_and_others_are(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            connect(self.url, ssl=ssl.create_default_context(), proxy=None, open_timeout=SECONDS)
        self.test_python_websockets()


class TestServerTest(unittest.TestCase):
    """aiohttp with one session, thus kept-alive connections, on pages, the form and the counter."""

    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        program = cls.library.build("examples-c") / "test-server/test-server"
        command = [program, "-p", 0, *certificates.server_options()]
        if not cls.library.is_reference:
            command.append("--deflate")
        cls.server = cls.enterClassContext(Server(cls.library, command, "https"))

    def test_aiohttp(self):
        asyncio.run(asyncio.wait_for(self.talk(), SECONDS))

    async def talk(self):
        connector = aiohttp.TCPConnector(ssl=certificates.client_context())
        async with aiohttp.ClientSession(self.server.url("/", "https"), connector=connector) as session:
            for _ in range(20):
                async with session.get("/index.html") as answer:
                    self.assertEqual(answer.status, 200)
                    self.assertTrue((await answer.text()).rstrip().endswith("</html>"))
            await asyncio.gather(*(self.fetch(session, "/style.css", 200) for _ in range(20)))
            await self.fetch(session, "/nothing-here", 404)
            form = {"name": "Ada & Co", "message": "grüße\n" * 100}
            async with session.post("/form", data=form) as answer:
                self.assertIn("Ada &amp; Co", await answer.text())
            offers = {} if self.library.is_reference else {"compress": 15}
            async with session.ws_connect("/", protocols=["dumb-increment-protocol"], **offers) as ws:
                self.assertEqual([await ws.receive_str() for _ in range(5)], ["1", "2", "3", "4", "5"])
                await ws.send_str("closeme\n")
                while (message := await ws.receive()).type is aiohttp.WSMsgType.TEXT:
                    pass
                self.assertEqual((message.type, ws.close_code), (aiohttp.WSMsgType.CLOSE, 1001))

    async def fetch(self, session, path, status):
        async with session.get(path) as answer:
            self.assertEqual(answer.status, status)
            await answer.read()


if __name__ == "__main__":
    unittest.main()

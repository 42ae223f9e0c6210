"""A real browser on the test page: counter, two boards, lost connection, form; and over TLS with compression.

Pictures go to artefacts/.
"""

import unittest

import certificates
from devtools import Browser
from library import ROOT, Library
from server import Server

ARTEFACTS = ROOT / "artefacts"
CONNECTED = "!document.body.classList.contains('lost')"
LOST = "document.body.classList.contains('lost')"
COUNTER = "Number(document.getElementById('counter-value').textContent)"
# how many dots of the board are drawn, and a number that changes with where and how
DRAWN = (
    "(() => { const c = document.getElementById('board-canvas');"
    " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0, h = 0;"
    " for (let i = 0; i < d.length; i += 4) if (d[i + 3]) { n++; h = (h * 31 + i + d[i] + d[i + 3]) % 1000003; }"
    " return [n, h]; })()"
)

AGREED_EXTENSIONS = (
    "new Promise((done) => { const link = new WebSocket('wss://' + location.host, 'lws-status');"
    " link.onopen = () => { done(link.extensions); link.close(); }; link.onerror = () => done('failed'); })"
)


def is_inked(x, y):
    """Is anything drawn within two dots of this place?"""
    area = f"getContext('2d').getImageData({x - 2}, {y - 2}, 5, 5).data"
    return f"document.getElementById('board-canvas').{area}.some((value, n) => n % 4 === 3 && value)"


class BrowserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        cls.program = cls.library.build("examples-c") / "test-server/test-server"
        cls.browser = cls.enterClassContext(Browser(certificates.key_hash()))

    def serve(self, *options):
        self.server = self.enterContext(Server(self.library, [self.program, "-p", 0, *options], "browser"))

    def open(self, scheme="http"):
        if not hasattr(self, "server"):
            self.serve()
        page = self.browser.open(self.server.url(scheme=scheme))
        self.addCleanup(self.browser.call, "Target.closeTarget", targetId=page.target)
        page.wait_for(CONNECTED)
        return page

    def picture(self, page, name):
        page.picture(ARTEFACTS / f"{self.library.name}-{name}.png")

    def assert_board_like(self, page, other):
        wanted = other.value(DRAWN)
        self.assertGreater(wanted[0], 100)
        page.wait_for(f"JSON.stringify({DRAWN}) === '{str(wanted).replace(' ', '')}'")

    def test_the_counter_runs_and_starts_again(self):
        page = self.open()
        page.wait_for(f"{COUNTER} > 10")
        self.picture(page, "counter")
        page.click("#counter-reset")
        page.wait_for(f"{COUNTER} < 10")
        page.wait_for(f"{COUNTER} > 10")
        self.assertEqual(page.complaints, [])

    def test_a_close_by_the_server_is_told_and_the_counter_comes_back(self):
        page = self.open()
        page.wait_for(f"{COUNTER} > 10")
        page.click("#counter-close")
        page.wait_for(LOST)
        page.wait_for("document.getElementById('counter-note').textContent.includes('closed because you asked (1001)')")
        page.wait_for(CONNECTED)
        page.wait_for(f"{COUNTER} > 2")

    def test_what_one_tab_draws_the_other_shows(self):
        first, second = self.open(), self.open()
        first.drag("#board-canvas", [(20, 20), (200, 60), (60, 200), (300, 250), (20, 20)])
        first.wait_for(is_inked(160, 135))  # on the last of the lines
        self.assert_board_like(second, first)
        second.drag("#board-canvas", [(400, 20), (350, 250)])
        second.wait_for(is_inked(375, 135))
        self.assert_board_like(first, second)
        third = self.open()  # a newcomer gets what is on the board
        self.assert_board_like(third, first)
        third.wait_for("document.getElementById('status-count').textContent === '3'")
        third.wait_for("document.querySelectorAll('#status-rows tr').length === 3")
        self.picture(first, "board-first-tab")
        self.picture(second, "board-second-tab")
        third.click("#board-clear")
        for page in (first, second, third):
            page.wait_for(f"{DRAWN}[0] === 0")
            self.assertEqual(page.complaints, [])

    def test_the_page_greys_out_while_the_server_is_away(self):
        pages = [self.open(), self.open()]
        port = self.server.port
        for page in pages:
            page.wait_for(f"{COUNTER} > 5")
        self.server.stop()
        for page in pages:
            page.wait_for(LOST)
            page.wait_for("getComputedStyle(document.querySelector('main')).filter === 'grayscale(1)'")
            page.wait_for("document.getElementById('link-state').textContent.includes('lost')")
        self.picture(pages[0], "lost")
        again = Server(self.library, [self.program, "-p", port], "browser-again")
        with again:
            for page in pages:
                page.wait_for(CONNECTED)
                page.wait_for(f"{COUNTER} > 5")
                page.wait_for("getComputedStyle(document.querySelector('main')).filter === 'none'")
            self.picture(pages[0], "recovered")

    def test_over_tls_everything_works_and_messages_are_compressed(self):
        deflate = [] if self.library.is_reference else ["--deflate"]  # the reference aborts
        self.serve(*certificates.server_options(), *deflate)
        first, second = self.open("https"), self.open("https")
        first.wait_for(f"{COUNTER} > 10")
        agreed = first.value(AGREED_EXTENSIONS)
        self.assertTrue(agreed.startswith("permessage-deflate") if deflate else not agreed, agreed)
        first.drag("#board-canvas", [(20, 20), (200, 60), (60, 200), (300, 250), (20, 20)])
        first.wait_for(is_inked(160, 135))
        self.assert_board_like(second, first)
        first.click("#counter-close")
        first.wait_for(LOST)
        first.wait_for(CONNECTED)
        self.picture(first, "tls")
        self.assert_form_shows_what_was_sent(second)
        self.assertEqual(second.value("location.protocol"), "https:")
        self.assertEqual(first.complaints, [])

    def test_the_form_shows_what_was_sent(self):
        self.assert_form_shows_what_was_sent(self.open())

    def assert_form_shows_what_was_sent(self, page):
        page.click("#form button")
        page.wait_for("document.title === 'Form' && document.querySelectorAll('td').length === 4")
        cells = page.value("[...document.querySelectorAll('td')].map((cell) => cell.textContent)")
        self.assertEqual(cells, ["name", "Ada & Co", "message", '1 < 2, "quoted" and ümläut'])
        self.picture(page, "form")
        self.assertEqual(page.complaints, [])


if __name__ == "__main__":
    unittest.main()

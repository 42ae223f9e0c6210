"""A headless Chromium driven through its DevTools protocol.

Just what test_browser.py needs: open pages, evaluate, wait until something
holds, move the mouse, take pictures, and collect what pages complain about.
The browser runs on a profile of its own and is ended by its process id.
"""

import base64
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from websockets.sync.client import connect

SECONDS = 20
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    "--hide-scrollbars", "--window-size=1100,900", "--remote-debugging-port=0",
)


class Browser:
    """One browser with a fresh profile; use as a context manager. `key_hash`: a server's key that it trusts."""

    def __init__(self, key_hash=None):
        self.flags = [*FLAGS]
        if key_hash:
            self.flags.append(f"--ignore-certificate-errors-spki-list={key_hash}")

    def __enter__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            raise FileNotFoundError("chromium is not installed")
        self.profile = tempfile.mkdtemp(prefix="lws-chromium-")
        self.log = open(pathlib.Path(self.profile) / "browser.log", "wb")
        self.process = subprocess.Popen(
            [program, *self.flags, f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
        )
        try:
            self.link = connect(self._address(), max_size=None, proxy=None, open_timeout=SECONDS, compression=None)
        except BaseException:
            self._end()
            raise
        self.last_id = 0
        self.pages = {}
        return self

    def _address(self):
        """Chromium writes its port and path into a file once it listens."""
        file = pathlib.Path(self.profile) / "DevToolsActivePort"
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if file.exists() and file.read_text().count("\n") >= 1:
                port, path = file.read_text().split("\n")[:2]
                return f"ws://127.0.0.1:{port}{path}"
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("chromium did not start: " + (pathlib.Path(self.profile) / "browser.log").read_text()[-2000:])

    def __exit__(self, *_):
        self.link.close()
        self._end()

    def _end(self):
        self.process.terminate()
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, session=None, **params):
        """Sends one command and returns its result; events that come meanwhile go to their pages."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.link.send(json.dumps(message))
        while True:
            answer = json.loads(self.link.recv(timeout=SECONDS + 10))
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            page = self.pages.get(answer.get("sessionId"))
            if page:
                page.take_event(answer["method"], answer["params"])

    def open(self, url):
        return Page(self, url)


class Page:
    """One tab."""

    def __init__(self, browser, url):
        self.browser = browser
        self.complaints = []
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def take_event(self, method, params):
        if method == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"].get("text", "exception"))
        if method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(params["entry"]["text"])

    def value(self, expression):
        got = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(f"{expression}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def wait_for(self, expression, seconds=SECONDS):
        """Waits inside the page until the expression holds; a navigation meanwhile starts it again."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            watch = (
                "new Promise((done) => { const end = Date.now() + %d;"
                " const look = () => (%s) ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 20);"
                " look(); })" % (left * 1000, expression)
            )
            try:
                if self.value(watch):
                    return
            except RuntimeError as error:
                if "context was destroyed" not in str(error) and "navigated" not in str(error):
                    raise
        raise AssertionError(f"within {seconds} s this did not hold: {expression}")

    def click(self, selector):
        self.value(f"document.querySelector({json.dumps(selector)}).click()")

    def drag(self, selector, points):
        """Draws with the mouse through points that are relative to the element."""
        self.call("Page.bringToFront")
        left, top = self.value(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView();"
            " const box = e.getBoundingClientRect(); return [box.left, box.top]; })()"
        )
        def mouse(kind, point, buttons):
            self.call("Input.dispatchMouseEvent", type=kind, x=left + point[0], y=top + point[1],
                      button="left", buttons=buttons, clickCount=1)

        mouse("mousePressed", points[0], 1)
        for point in points[1:]:
            mouse("mouseMoved", point, 1)
        mouse("mouseReleased", points[-1], 0)

    def picture(self, path):
        self.call("Page.bringToFront")
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(path).write_bytes(base64.b64decode(data))

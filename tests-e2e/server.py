"""Starts and stops the programs under test.

A program is ready when it has logged its port; it must end by itself, with
status 0, when asked to by SIGTERM. Only processes started here are ended.
"""

import re
import signal
import subprocess
import threading

START_SECONDS = 20
STOP_SECONDS = 10


class Server:
    """One running server program; use as a context manager."""

    READY = re.compile(r"(?:serving on https?://localhost:|listening on port )(\d+)|serving on unix socket")

    def __init__(self, library, command, name, wrapper=()):
        self.library = library
        self.command = [*wrapper, *map(str, command)]
        self.name = name
        self.is_wrapped = bool(wrapper)
        self.process = None
        self.port = None
        self.output = ""

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if self.process is None:
            return
        if kind is None:
            self.stop()
        else:
            self.kill()

    def start(self):
        self.output = ""
        self.library.logs.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=self.library.environment(),
        )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read_log, args=(ready,), daemon=True)
        self._reader.start()
        if not ready.wait(START_SECONDS) or self.process.poll() is not None:
            self.kill()
            raise RuntimeError(f"{self.name} did not start:\n{self.output}")
        if not self.is_wrapped and not self.library.is_loaded_by(self.process.pid):
            self.kill()
            raise RuntimeError(f"{self.name} does not run on the library under test")
        return self

    def _read_log(self, ready):
        with open(self.library.logs / f"{self.name}.log", "a", encoding="utf-8") as log:
            for line in self.process.stderr:
                log.write(line)
                log.flush()
                self.output += line
                found = self.READY.search(line)
                if found:
                    self.port = int(found[1]) if found[1] else None
                    ready.set()
        ready.set()  # it has ended

    def url(self, path="/", scheme="http"):
        return f"{scheme}://localhost:{self.port}{path}"

    def stop(self, number=signal.SIGTERM):
        """Asks the program to end and checks that it does, cleanly."""
        self.process.send_signal(number)
        try:
            status = self.process.wait(STOP_SECONDS if not self.is_wrapped else 4 * STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {STOP_SECONDS} s of {number!r}") from None
        self._finish()
        assert status == 0, f"{self.name} ended with status {status}:\n{self.output[-2000:]}"

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self._finish()

    def _finish(self):
        self._reader.join(STOP_SECONDS)
        self.process.stderr.close()
        self.process = None

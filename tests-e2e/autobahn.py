#!/usr/bin/env python3
"""Runs Autobahn's fuzzing client against examples-c/minimal-ws-echo on our library, and tests-e2e/autobahn's client against
its fuzzing server.

    tests-e2e/autobahn.py --prefix DIR                  all cases, then most of them with a small receive buffer
    tests-e2e/autobahn.py --prefix DIR --side client    only our client (or server)
    tests-e2e/autobahn.py --prefix DIR --cases '12.*'   only these
    tests-e2e/autobahn.py --prefix DIR --write          and writes docs/autobahn.md
    tests-e2e/autobahn.py --prefix DIR --write --keep   without repeating runs whose report is in build/

Every case must end OK, NON-STRICT or INFORMATIONAL, for behaviour and for the close; a client that does not offer
permessage-deflate may have not tried sections 12 and 13. The
suite is a program for Python 2.7 (PYTHON2, or the first that is found); it is installed
below build/ on the first run. Its reports stay in build/autobahn-*.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

from library import ROOT, Library
from server import Server

SUITE = "autobahntestsuite==0.8.2"  # the last that runs: later ones are for no Python at all
PACKAGES = ROOT / "build/autobahn-packages"
GOOD = ("OK", "NON-STRICT", "INFORMATIONAL")
WITHOUT = "UNIMPLEMENTED"  # what was not offered
LIMIT_SECONDS = 3600
SMALL_RX = 256
# without the long ones: every byte of 9, 12 and 13 comes in thousands of pieces
SMALL_CASES = [f"{n}.*" for n in (1, 2, 3, 4, 5, 6, 7, 10)] + [f"{s}.{n}" for s in ("12.1", "12.3", "13.3", "13.6")
                                                                for n in range(1, 6)]
SECTIONS = {
    1: "framing", 2: "pings and pongs", 3: "reserved bits", 4: "opcodes", 5: "fragmentation",
    6: "UTF-8", 7: "close handshake", 9: "limits and performance", 10: "automatic fragmentation",
    12: "permessage-deflate", 13: "permessage-deflate, offers",
}


def python2():
    """An interpreter for the client."""
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = [os.environ.get("PYTHON2"), shutil.which("python2.7"), *sorted(map(str, pyenv.glob("2.7.*/bin/python2.7")))]
    for program in filter(None, found):
        if subprocess.run([program, "-c", ""], capture_output=True, check=False, timeout=30).returncode == 0:
            return program
    sys.exit("autobahn: the fuzzing client needs Python 2.7 with pip: set PYTHON2")


def suite():
    """The suite's command; installed on the first run."""
    python, mark = python2(), PACKAGES / "made-for"
    if not (mark.exists() and mark.read_text() == SUITE):
        shutil.rmtree(PACKAGES, ignore_errors=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", PACKAGES,
                        SUITE], check=True, timeout=900)
        mark.write_text(SUITE)
    start = f"import site; site.addsitedir({str(PACKAGES)!r}); from autobahntestsuite.wstest import run; run()"
    return [python, "-c", start]


def index(name):
    """The results of a run, case by case; None without a report."""
    report = ROOT / f"build/autobahn-{name}/report/index.json"
    return json.loads(report.read_text())[name] if report.exists() else None


def fresh(name):
    """A run's folder."""
    work = ROOT / f"build/autobahn-{name}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return work


def run(library, name, cases, rx=None):
    """One run of the suite's client."""
    work = fresh(name)
    echo = library.build("examples-c") / "minimal-ws-echo/minimal-ws-echo"
    with Server(library, [echo, 0] + ([rx] if rx else []), f"autobahn-{name}") as server:
        spec = {
            "outdir": str(work / "report"), "cases": cases, "exclude-cases": [], "exclude-agent-cases": {},
            "servers": [{"agent": name, "url": f"ws://127.0.0.1:{server.port}"}],
        }
        (work / "spec.json").write_text(json.dumps(spec))
        with open(work / "log", "w", encoding="utf-8") as log:
            subprocess.run([*suite(), "--mode", "fuzzingclient", "--spec", work / "spec.json"], cwd=work,
                           stdout=log, stderr=subprocess.STDOUT, check=True, timeout=LIMIT_SECONDS)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listens(server, port):
    """Waits until the fuzzing server does."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("autobahn: the fuzzing server does not start")


def run_client(library, name, cases, options=()):
    """One run of our client."""
    work = fresh(name)
    ours = library.build("tests-e2e/autobahn") / "autobahn-client"
    port = free_port()
    (work / "spec.json").write_text(json.dumps({
        "url": f"ws://127.0.0.1:{port}", "outdir": str(work / "report"), "cases": cases, "exclude-cases": [],
        "exclude-agent-cases": {}}))
    with open(work / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen([*suite(), "--mode", "fuzzingserver", "--webport", "0", "--spec", work / "spec.json"],
                                  cwd=work, stdout=log, stderr=subprocess.STDOUT)
        try:
            listens(server, port)
            subprocess.run([ours, str(port), name, *options], check=True, timeout=LIMIT_SECONDS,
                           env=library.environment())
        finally:
            server.kill()
            server.wait()


def is_good(case, result, is_plain):
    if is_plain and section(case) in (12, 13) and result["behavior"] == WITHOUT:
        return True
    return result["behavior"] in GOOD and result["behaviorClose"] in GOOD


def bad(results, is_plain=False):
    """The cases that failed, as lines."""
    return [f"{case}: {r['behavior']}, close {r['behaviorClose']}" for case, r in results.items()
            if not is_good(case, r, is_plain)]


def section(case):
    return int(case.split(".")[0])


def table(results):
    """Counts for each section, as lines of a Markdown table."""
    counts = collections.defaultdict(collections.Counter)
    for case, r in results.items():
        counts[section(case)][r["behavior"]] += 1
    lines = ["| section | cases | OK | NON-STRICT | INFORMATIONAL | failed |", "|---|---|---|---|---|---|"]
    total = collections.Counter()
    for number, count in sorted(counts.items()):
        total.update(count)
        lines.append(row(f"{number} {SECTIONS.get(number, '')}", count))
    return lines + [row("all", total)]


def row(name, count):
    failed = sum(n for kind, n in count.items() if kind not in GOOD)
    cells = [name, sum(count.values()), *(count[kind] for kind in GOOD), failed]
    return f"| {' | '.join(map(str, cells))} |"


class Run:
    """One run: which, and how it stands on the page."""

    def __init__(self, name, cases, options=(), title="All cases", text="", is_plain=False):
        self.name, self.cases, self.options = name, cases, options
        self.title, self.text, self.is_plain = title, text, is_plain
        self.results, self.bad = {}, []

    def do(self, how, library, cases, keeps):
        if not (keeps and index(self.name)):
            how(library, self.name, cases or self.cases, *self.options)
        self.results = index(self.name)
        self.bad = bad(self.results, self.is_plain)

    def lines(self):
        return [f"### {self.title}", "", *([self.text, ""] if self.text else []), *table(self.results), ""]


SMALL = f"With rx_buffer_size {SMALL_RX}"
SIDES = {
    "server": (run, [
        Run("whole", ["*"]),
        Run("small", SMALL_CASES, [SMALL_RX], SMALL, "Every message longer than that comes to the program in pieces.")]),
    "client": (run_client, [
        Run("client", ["*"], [], text="permessage-deflate is offered."),
        Run("client-small", SMALL_CASES, [[str(SMALL_RX)]], SMALL),
        Run("client-plain", [f"{n}.*" for n in SECTIONS if n < 12], [["0", "plain"]], "Without permessage-deflate",
            is_plain=True)]),
}


def page():
    server, client = ([line for one in SIDES[side][1] for line in one.lines()] for side in ("server", "client"))
    return "\n".join([
        "# Autobahn", "",
        f"`tests-e2e/autobahn.py --prefix DIR --write` makes this page, with {SUITE.split('=')[0]} {SUITE.split('=')[-1]}.",
        "Text is checked for UTF-8.", "",
        "## Server", "",
        "The fuzzing client against `examples-c/minimal-ws-echo` on this library, permessage-deflate on.", "", *server,
        "## Client", "", "`tests-e2e/autobahn/autobahn-client.c` on this library against the fuzzing server.", "", *client])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", help="where our library is installed; without it the reference is tested")
    parser.add_argument("--side", choices=SIDES, help="only our server, or our client")
    parser.add_argument("--cases", action="append", help="patterns; may be given several times")
    parser.add_argument("--keep", action="store_true", help="do not repeat runs whose report is there")
    parser.add_argument("--write", action="store_true", help="write docs/autobahn.md (both sides)")
    args = parser.parse_args()
    library = Library(os.path.abspath(args.prefix) if args.prefix else None)
    count = failed = 0
    for side in [args.side] if args.side else SIDES:
        how, runs = SIDES[side]
        for one in runs:
            one.do(how, library, args.cases, args.keep)
            print(f"{side}, {one.title}:", *table(one.results), *one.bad, sep="\n", flush=True)
            count, failed = count + len(one.results), failed + len(one.bad)
    if args.write and not args.side:
        (ROOT / "docs/autobahn.md").write_text(page())
    print(f"{count} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

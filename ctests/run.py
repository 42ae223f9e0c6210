#!/usr/bin/env python3
"""Runs the C tests on the reference and on ours and compares their traces.

Every test is built once with each side's header and run on each side's
library: four runs. With one side missing the rest still runs, and says so.
See README.md for the kinds of tests and exceptions.txt for what may differ.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "harness"))

import cases  # noqa: E402
import compare  # noqa: E402
import drv  # noqa: E402
import secure  # noqa: E402
import sides as sides_  # noqa: E402

COMPARED = ["http", "ws", "raw", "client", "context", "util", "tls"]
WAITING = 3  # tests that wait, beside --jobs
CHECKED = ["reentry", "smp", "extpoll", "own"]


class Test:
    """A scenario of a case file, or a program."""

    def __init__(self, name, path, title=None, args=(), steps=None):
        self.name, self.path, self.title = name, path, title
        self.args, self.steps = list(args), steps
        self.tags = {}
        if path.endswith(".c"):
            with open(path, encoding="utf-8") as f:
                found = re.search(r"ctest:([^*\n]*)", f.read(2000))
            for word in (found[1].split() if found else []):
                key, _, value = word.partition("=")
                self.tags[key] = value or "yes"

    @property
    def waits(self):
        """Does it mostly wait? Such tests run beside others."""
        return "waits" in self.tags or any(s.startswith("until")
                                           for s in self.steps or ())

    @property
    def self_checking(self):
        return self.name.split("/")[0] in CHECKED


def collect(patterns):
    """All tests whose name contains one of the patterns."""
    tests = []
    for folder in COMPARED + CHECKED:
        where = os.path.join(HERE, folder)
        for file in sorted(os.listdir(where) if os.path.isdir(where) else []):
            path = os.path.join(where, file)
            stem, ext = os.path.splitext(file)
            if ext == ".c":
                tests.append(Test("%s/%s" % (folder, stem), path))
            elif ext == ".case":
                for title, args, steps in cases.scenarios(path):
                    tests.append(Test("%s/%s: %s" % (folder, stem, title),
                                      path, title, args, steps))
    names = [t.name for t in tests]
    for name in names:
        if names.count(name) > 1:
            raise SystemExit("two tests are called " + name)
    if patterns:
        tests = [t for t in tests if any(p in t.name for p in patterns)]
    return tests


class Runner:
    """Builds and runs tests, and decides."""

    def __init__(self, opts):
        self.opts = opts
        self.work = os.path.abspath(opts.work)
        os.makedirs(self.work, exist_ok=True)
        self.ref = sides_.Side("ref", opts.ref_include, opts.ref_lib,
                               self.work)
        self.ours = sides_.Side("ours", opts.our_include, opts.our_lib,
                                self.work)
        both = [self.ref, self.ours]
        self.headers = [s for s in both if s.include and
                        opts.header in (None, s.name)]
        self.libs = [s for s in both if s.lib and opts.lib in (None, s.name)]
        self.builder = sides_.Builder([s for s in both if s.lib], self.work,
                                      opts.asan)
        self.took = {}
        self.site = os.path.join(self.work, "site")
        self.rules = compare.load(os.path.join(HERE, "exceptions.txt"))

    def missing(self):
        """Words on what is not there."""
        return [what for side in (self.ref, self.ours)
                for what, there in (("%s header" % side.name, side.include),
                                    ("%s library" % side.name, side.lib))
                if not there]

    def check_loading(self):
        """Each library must be the one that programs really get."""
        source = [os.path.join(HERE, "harness", "which.c")]
        for header in self.headers[:1]:
            binary = self.builder.build(header, "which", source)
            for lib in self.libs:
                if not binary or not sides_.loaded_right(
                        binary, sides_.environment(lib, self.opts.asan), lib):
                    raise SystemExit("the %s library is not what programs "
                                     "load" % lib.name)

    def build(self, tests):
        """Everything that the tests need, before the first runs."""
        jobs = []
        sides_.model_site(self.site)
        if any(t.name.startswith("tls/") for t in tests):
            secure.certificates(os.path.join(self.work, "certs"))
        for header in self.headers:
            if any(t.steps is not None for t in tests):
                jobs.append((header, "srv", None))
            for t in tests:
                if t.steps is None and self.wanted(t, header, None):
                    jobs.append((header, t.name, [t.path]))
        with concurrent.futures.ThreadPoolExecutor(self.opts.jobs) as pool:
            list(pool.map(lambda j: self.builder.srv(j[0]) if j[2] is None
                          else self.builder.build(*j), jobs))

    def wanted(self, test, header, lib):
        """Is this combination of the test to be run?"""
        only = test.tags.get("only")
        if test.tags.get("header", header.name) != header.name:
            return False
        if only == "ours" and "ours" not in (header.name,
                                             lib.name if lib else "ours"):
            return False
        if lib is None:
            return True
        if only == "ours" and lib.name != "ours":
            return False
        return not compare.has(self.rules, test.name, "skip-" + lib.name)

    def one(self, test, header, lib, number):
        """One run: the lines of its trace."""
        safe = "%s-%08x" % (re.sub(r"[^A-Za-z0-9]+", "-", test.name)[:60],
                            zlib.crc32(test.name.encode()))
        where = os.path.join(self.work, "run", "%s.%s-%s.%d" % (
            safe, header.name, lib.name, number))
        shutil.rmtree(where, ignore_errors=True)
        sides_.site(where, self.site)
        if test.name.startswith("tls/"):
            certs = secure.certificates(os.path.join(self.work, "certs"))
            shutil.copytree(certs, os.path.join(where, "certs"))
        binary = (self.builder.srv(header) if test.steps is not None else
                  self.builder.build(header, test.name, [test.path]))
        if not binary:
            return ["! did not compile"], where
        env = sides_.environment(lib, self.opts.asan)
        log_path = os.path.join(where, "stderr")
        before, slow = [], 3 if self.opts.asan else 1
        if (self.opts.valgrind and lib.name == "ours" and
                "no-valgrind" not in test.tags):
            before = sides_.valgrind(os.path.join(where, "valgrind"))
            slow = 12
        with open(log_path, "wb") as log:
            if test.steps is not None:
                d = drv.Driver(before + [binary] + test.args, env, where,
                               log, slow)
                return d.run(test.steps), where
            args = test.tags.get("args", "").split(",")
            try:
                got = subprocess.run(
                    before + [binary] + [a for a in args if a], env=env,
                    cwd=where, stdout=subprocess.PIPE, stderr=log,
                    stdin=subprocess.DEVNULL, timeout=120 * slow)
            except subprocess.TimeoutExpired:
                return ["! did not end"], where
        lines = got.stdout.decode("latin1").splitlines()
        return lines + ["exit %d" % got.returncode], where

    def judge(self, test, runs):
        """What is wrong with the runs of a test: a list of lines."""
        bad = []
        shown = [(label, lib, compare.filtered(self.rules, test.name, lib,
                                               lines))
                 for label, lib, lines, _ in runs]
        for label, _, lines in shown:
            if any(x.startswith("! ") for x in lines):
                bad += ["%s: %s" % (label, x) for x in lines
                        if x.startswith("! ")]
            if test.self_checking and lines[-1:] != ["exit 0"]:
                bad += ["%s failed:" % label] + lines[-25:]
        if test.self_checking:
            return bad
        groups = [("", shown)]
        if compare.has(self.rules, test.name, "expected"):
            groups = [(n, [s for s in shown if s[1] == n])
                      for n in ("ref", "ours")]
        for lib, group in groups:
            if lib == "ours" and group:
                want = compare.expected(test.path, test.title or "")
                if want is None:
                    return bad + ["no expected text for ours"]
                group = [("expected", "", want)] + group
            for label, _, lines in group[1:]:
                if lines != group[0][2]:
                    bad += compare.diff(group[0][2], lines, group[0][0],
                                        label, self.opts.lines)
        return bad

    def test(self, test):
        """All runs of one test; (test, how many runs, what is wrong)."""
        combos = [(h, l) for l in self.libs for h in self.headers
                  if self.wanted(test, h, l)]
        times = self.opts.repeat or (2 if len(combos) == 1 and
                                     not test.self_checking else 1)

        begun = time.monotonic()

        def run(job):
            n, (header, lib) = job
            label = "%s header, %s library" % (header.name, lib.name)
            try:
                lines, where = self.one(test, header, lib, n)
            except OSError as e:
                lines, where = ["! " + repr(e)], ""
            return label, lib.name, lines, where

        jobs = [(n, combo) for n in range(times) for combo in combos]
        with concurrent.futures.ThreadPoolExecutor(
                4 if test.waits else 1) as pool:
            runs = list(pool.map(run, jobs))
        bad = self.judge(test, runs)
        for label, _, lines, where in runs:
            if bad:
                for file in ("stderr", "valgrind"):
                    path = os.path.join(where, file)
                    if os.path.exists(path) and os.path.getsize(path):
                        with open(path, encoding="latin1") as f:
                            tail = f.read().splitlines()[-30:]
                        bad += ["-- %s of %s" % (file, label)] + tail
            elif not self.opts.keep:
                shutil.rmtree(where, ignore_errors=True)
        self.took[test.name] = time.monotonic() - begun
        return test, len(runs), bad, runs


def options():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("patterns", nargs="*", help="parts of test names")
    p.add_argument("--ref-include", default="/usr/include")
    p.add_argument("--ref-lib", default="/usr/lib/x86_64-linux-gnu")
    p.add_argument("--our-include", default=os.path.join(HERE, "../include"))
    p.add_argument("--our-lib", default=os.path.join(HERE,
                                                     "../target/release"))
    p.add_argument("--work", default=os.path.join(HERE, "../build/ctests"))
    p.add_argument("--lib", choices=["ours", "ref"], help="only this library")
    p.add_argument("--header", choices=["ours", "ref"],
                   help="only this header")
    p.add_argument("--require-both", action="store_true",
                   help="fail when a side is missing")
    p.add_argument("--valgrind", action="store_true",
                   help="ours under memcheck; errors and leaks fail")
    p.add_argument("--asan", action="store_true",
                   help="programs built with AddressSanitizer")
    p.add_argument("--repeat", type=int, default=0,
                   help="run each N times, all must be equal")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--lines", type=int, default=80,
                   help="lines of difference to show")
    p.add_argument("--slowest", type=int, default=0, metavar="N",
                   help="say how long building and the N slowest tests took")
    p.add_argument("--keep", action="store_true", help="keep run folders")
    p.add_argument("--list", action="store_true", help="names only")
    p.add_argument("--show", action="store_true", help="print the traces")
    p.add_argument("--write-expected", metavar="FILE",
                   help="append ours' traces in the form of .expected files")
    return p.parse_args()


def main():
    opts = options()
    tests = collect(opts.patterns)
    if opts.list:
        print("\n".join(t.name for t in tests))
        return 0
    runner = Runner(opts)
    missing = runner.missing()
    if missing:
        print("not there: " + ", ".join(missing))
        if opts.require_both:
            print("0 passed, %d failed" % len(tests))
            return 1
    if not runner.headers or not runner.libs:
        print("nothing to run with")
        return 1
    begun = time.monotonic()
    runner.check_loading()
    runner.build(tests)
    built = time.monotonic() - begun
    for words in runner.builder.warnings:
        print("compiler: " + words)
    passed = failed = 0
    with (concurrent.futures.ThreadPoolExecutor(opts.jobs) as busy,
          concurrent.futures.ThreadPoolExecutor(WAITING) as patient):
        for done in [(patient if t.waits else busy).submit(runner.test, t)
                     for t in tests]:
            test, count, bad, runs = done.result()
            if not count:
                print("none     %s" % test.name)
                continue
            passed, failed = passed + (not bad), failed + bool(bad)
            print("%-4s x%-3d %s" % ("FAIL" if bad else "ok", count,
                                     test.name))
            for line in bad:
                print("     | " + line)
            if opts.show:
                print("\n".join(runs[-1][2]))
            if opts.write_expected:
                with open(opts.write_expected, "a", encoding="utf-8") as f:
                    f.write("\n".join(["== " + (test.title or "")] +
                                      compare.filtered(
                                          runner.rules, test.name,
                                          runs[-1][1], runs[-1][2])) + "\n")
            sys.stdout.flush()
    failed += len(runner.builder.warnings)
    if opts.slowest:
        print("building took %.1f s, running %.1f s" % (
            built, time.monotonic() - begun - built))
        for name in sorted(runner.took, key=runner.took.get,
                           reverse=True)[:opts.slowest]:
            print("%8.2f s  %s" % (runner.took[name], name))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Attacks a server on our library and looks whether it stays well.

    run.py [--full] [--asan | --valgrind] [NAME ...]     classes whose name contains one of the words

After each class: the server serves, descriptors and connections are back to what they were, memory has not grown
beyond a bound, the server rests. docs/hostile.md has the table. Exit status 0 when all classes passed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import cgi  # noqa: E402
import client  # noqa: E402
import forms  # noqa: E402
import h1  # noqa: E402
import http_client  # noqa: E402
import peer  # noqa: E402
import proxy  # noqa: E402
import server  # noqa: E402
import tls  # noqa: E402
import volume  # noqa: E402
import ws  # noqa: E402
import ws_client  # noqa: E402

GROWTH_KIB = 2048  # that memory may keep per class, once the server is warm


def build(opts, name):
    """The server's program, or the client's."""
    binary = os.path.join(opts.work, name + "-asan" if opts.asan else name)
    command = ["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-g", "-I", opts.our_include,
               *(["-fsanitize=address", "-fno-omit-frame-pointer"] if opts.asan else []),
               os.path.join(HERE, name + ".c"), "-o", binary, "-L", opts.work, "-lwebsockets", "-lpthread"]
    for name in ("libwebsockets.so", "libwebsockets.so.17"):
        link = os.path.join(opts.work, name)
        if os.path.lexists(link):
            os.unlink(link)
        library = os.path.join(opts.our_lib, "libwebsockets.so")
        if not os.path.exists(library):
            library = os.path.join(opts.our_lib, "libwebsockets.so.17")
        os.symlink(os.path.realpath(library), link)
    subprocess.run(command, check=True)
    return binary


def checked(opts):
    """The environment of a program, what is put before it, and how much slower that makes it."""
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "LD_LIBRARY_PATH": opts.work}
    before, slow = [], 1
    if opts.asan:
        env["ASAN_OPTIONS"] = "exitcode=98:detect_leaks=1"
        slow = 3
    if opts.valgrind:
        # "possibly lost" is what a Rust hash table looks like from outside: it points behind its own beginning
        before = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--num-callers=30",
                  "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite"]
        slow = 15
    peer.slow = slow
    return env, before, slow


def start(opts, binary, options=()):
    env, before, slow = checked(opts)
    cgi.write_scripts(os.path.join(opts.work, "run/scripts"))
    origin = proxy.Origin()
    options = [*opts.options, *options, f"origin={origin.port}", *(["seconds=12"] if opts.valgrind else [])]
    target = server.Target(binary, env, os.path.join(opts.work, "run"), before, options, slow)
    target.origin = origin
    wanted = os.path.realpath(os.path.join(opts.work, "libwebsockets.so.17"))
    if target.library != {wanted}:
        target.kill()
        raise SystemExit(f"the server runs on {target.library}, not on {wanted}")
    return target


def attack(target, opts, one):
    """One class; its line for the table."""
    name, what, _ = one
    target.alive()
    server.until(target.rests, "the server rests", 20 * target.slow)
    before, memory, began = target.balance(), target.memory(), time.monotonic()
    problem = None
    try:
        what(target, opts.full)
        target.settled(before)
        repeats = 0
        while target.memory() - memory > GROWTH_KIB and not (opts.asan or opts.valgrind):
            # what the allocator keeps for the next attack is no leak: further ones stop adding to it
            if (repeats := repeats + 1) > 5:
                problem = f"memory still grows: {target.memory() - memory} KiB"
                break
            memory = target.memory()
            what(target, opts.full)
            target.settled(before)
    except (AssertionError, server.Broken, server.peer.Closed, OSError, ValueError) as e:
        problem = f"{type(e).__name__}: {e}"
        target.must_run()
    print(f"{'FAIL' if problem else 'ok  '} {name:<28} {time.monotonic() - began:6.1f} s  fds {target.fds():4}  "
          f"memory {target.memory() - memory:+6} KiB{'  ' + problem if problem else ''}", flush=True)
    return problem is None


def run(opts, binary, classes, options=()):
    """Classes on one server. How many failed."""
    if not classes:
        return 0
    target = start(opts, binary, options)
    failed = 0
    try:
        if not options:
            ws.close_storms(target, False)  # allocator and caches are warm
        for one in classes:
            failed += not attack(target, opts, one)
        target.end()
    except server.Broken as e:
        print(f"FAIL {e}")
        failed += 1
    finally:
        target.kill()
        target.origin.end()
    if said := target.errors():
        print("the server's log ends with\n" + said[-1500:]) if failed else None
    return failed


def run_client(opts, binary, classes, options):
    """Classes on one client, and on a new one behind a class that failed. How many failed."""
    env, before, slow = checked(opts)
    log = os.path.join(opts.work, "client-stderr")
    failed, left = 0, list(classes)
    while left:
        with client.Client(binary, env, before, options, slow, log) as target:
            ws_client.warm(target)
            while left and (good := attack_client(target, opts, left.pop(0))):
                pass
            failed += not good
            if good:
                try:
                    target.end()
                except server.Broken as e:
                    print(f"FAIL {e}")
                    failed += 1
    return failed


def attack_client(target, opts, one):
    """One class; its line for the table."""
    name, _, what = one
    began, problem, fds = time.monotonic(), None, target.fds()
    try:
        what(target, opts.full)
        assert target.fds() == fds, f"{target.fds()} descriptors, not {fds}"
    except (AssertionError, server.Broken, server.peer.Closed, OSError, ValueError) as e:
        problem = f"{type(e).__name__}: {e}"
    print(f"{'FAIL' if problem else 'ok  '} {name:<28} {time.monotonic() - began:6.1f} s"
          f"{'  ' + problem if problem else ''}", flush=True)
    return problem is None


def run_clients(opts, chosen):
    """The classes for clients, those with the same options on one client: how many there were, how many failed."""
    if not (classes := chosen(http_client.CLASSES + ws_client.CLASSES)):
        return 0, 0
    binary = build(opts, "client")
    groups = dict.fromkeys(options for _, options, _ in classes)
    failed = [run_client(opts, binary, [c for c in classes if c[1] == group], group) for group in groups]
    return len(classes), sum(failed)


def options(more=()):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--full", action="store_true", help="more and longer")
    parser.add_argument("--asan", action="store_true")
    parser.add_argument("--valgrind", action="store_true")
    parser.add_argument("--our-include", default=os.path.join(HERE, "../../include"))
    parser.add_argument("--our-lib", default=os.path.join(HERE, "../../target/release"))
    parser.add_argument("--work", default=os.path.join(HERE, "../../build/hostile"))
    parser.add_argument("--option", dest="options", action="append", default=[], help="of the server: threads=4")
    if "--count" in more:
        parser.add_argument("--count", type=int, default=1000000)
    opts = parser.parse_args()
    opts.work = os.path.abspath(opts.work)
    return opts


def main():
    opts = options()
    os.makedirs(opts.work, exist_ok=True)
    shutil.rmtree(os.path.join(opts.work, "run"), ignore_errors=True)
    volume.allow_files(8192)
    binary = build(opts, "server")

    def chosen(classes):
        return [c for c in classes if not opts.names or any(n in c[0] for n in opts.names)]

    everything = chosen(h1.CLASSES + forms.CLASSES + cgi.CLASSES + proxy.CLASSES + ws.CLASSES + tls.CLASSES +
                        volume.CLASSES)
    count, failed = len(everything), run(opts, binary, everything)
    for extra, one in volume.OWN_SERVER:
        if opts.valgrind and any(word.startswith("nofile=") for word in extra):
            print(f"skip {one[0]}: valgrind has descriptors of its own and a limit of its own making")
            continue
        count += len(chosen([one]))
        failed += run(opts, binary, chosen([one]), extra)
    more, bad = run_clients(opts, chosen)
    count, failed = count + more, failed + bad
    print(f"{count - failed} of {count} classes passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

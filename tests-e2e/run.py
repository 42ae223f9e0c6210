#!/usr/bin/env python3
"""Runs the checks with real clients on the reference, on our library, or on both.

    tests-e2e/run.py                        on the system's libwebsockets
    tests-e2e/run.py --prefix DIR           on the library installed below DIR
    tests-e2e/run.py --prefix DIR --both    on one, then on the other
    tests-e2e/run.py curl browser           only these groups

Each group is a process of its own with a time limit. Logs of the programs under
test are in build/e2e-*/logs, the browser's pictures in artefacts/.
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
VENV = HERE.parent / "build/venv"
PACKAGES = ("websockets>=13,<17", "aiohttp>=3.10,<4")
LIMIT_SECONDS = 240
GROUPS = ("curl", "http", "archives", "websockets", "deflate", "secure", "examples", "client", "proxies", "cgi", "cxx", "browser", "janus",
          "programs")


def venv_python():
    """The python with what the tests need; made on the first run."""
    python = VENV / "bin/python"
    mark = VENV / "made-for"
    if not (mark.exists() and mark.read_text() == str(PACKAGES)):
        print(f"making {VENV.relative_to(HERE.parent)} with {', '.join(PACKAGES)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True, timeout=120)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
                       check=True, timeout=300)
        mark.write_text(str(PACKAGES))
    return python


def run_group(group, python, prefix):
    env = dict(os.environ, PYTHON=str(python), PYTHONDONTWRITEBYTECODE="1")
    env.pop("LWS_PREFIX", None)
    if prefix:
        env["LWS_PREFIX"] = prefix
    command = [HERE / "janus.sh"] if group == "janus" else [python, "-m", "unittest", f"test_{group}"]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=HERE, env=env, start_new_session=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = process.communicate(timeout=LIMIT_SECONDS)
        ok = process.returncode == 0
    except subprocess.TimeoutExpired:
        output, ok = f"stopped after {LIMIT_SECONDS} s\n", False
    finally:
        if process.poll() is None:  # it and all it started
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    took = time.monotonic() - started
    print(f"  {'ok  ' if ok else 'FAIL'} {group:<12} {took:6.1f} s", flush=True)
    if not ok:
        print(output, flush=True)
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", help="where our library is installed")
    parser.add_argument("--both", action="store_true", help="the reference too")
    parser.add_argument("groups", nargs="*", metavar="group", help=f"of {', '.join(GROUPS)}")
    args = parser.parse_args()
    unknown = set(args.groups) - set(GROUPS)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")

    # when our own time is up: end what runs, see run_group()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    python = venv_python()
    prefixes = [os.path.abspath(args.prefix)] if args.prefix else [None]
    if args.both and args.prefix:
        prefixes.append(None)
    passed = failed = 0
    for prefix in prefixes:
        print(f"clients on {'the library installed by this project' if prefix else 'the reference'}:", flush=True)
        for group in args.groups or GROUPS:
            if run_group(group, python, prefix):
                passed += 1
            else:
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""User instructions of toolbox functions on the reference and on ours, counted by callgrind.

    benches/toolbox.py [--ours FILE] [--ref FILE] [--write docs/performance.md] [CASE ...]

toolbox.c runs a case once and three times; half of the difference is one run without start-up. Both libraries must come
to the same result. Instructions are the same on a busy machine. valgrind offers no SHA or AVX-512 instructions:
what the processor has beyond AVX2 does not show here.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import procs

BEGIN, END = "<!-- toolbox:begin -->", "<!-- toolbox:end -->"
CASES = {
    "json-document": "lejp, a document of 1 MB",
    "json-string": "lejp, a string of 1 MB",
    "json-find": "lws_json_simple_find, at the end of 256 KB",
    "tokenize": "lws_tokenize, 256 KB",
    "base64-encode": "lws_b64_encode_string, 256 KB",
    "base64-decode": "lws_b64_decode_string, 341 KB",
    "sha1": "lws_SHA1, 256 KB",
    "urldecode": "lws_urldecode, 256 KB",
    "urlencode": "lws_urlencode, 256 KB",
    "parse-uri": "lws_parse_uri, 1000 times",
    "ring": "lws_ring_insert and _consume of 3, 1000 times",
    "snprintf": "lws_snprintf, 1000 times",
}


def arguments():
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(os.path.dirname(procs.HERE), "target"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--ours", default=os.path.join(target, "release", "libwebsockets.so"))
    parser.add_argument("--ref", default=procs.reference_library())
    parser.add_argument("--write", metavar="FILE", help="put the table between the markers of this file")
    args = parser.parse_args()
    if unknown := set(args.cases) - set(CASES):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    return args


def counted(binary, folder, case, times):
    """(instructions, what the program printed)"""
    log = os.path.join(folder, "callgrind")
    env = dict(os.environ, LD_LIBRARY_PATH=folder)
    done = subprocess.run(["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={log}", binary, case, str(times)],
                          env=env, capture_output=True, text=True, check=True)
    with open(log, encoding="ascii", errors="replace") as f:
        return int(re.search(r"^(?:summary|totals): (\d+)", f.read(), re.M)[1]), done.stdout


def measure(binary, folder, case):
    """Instructions of one run, and the result."""
    once, _ = counted(binary, folder, case, 1)
    thrice, result = counted(binary, folder, case, 3)
    return (thrice - once) / 2, result


def write_into(path, text):
    with open(path, encoding="utf-8") as f:
        head, begin, rest = f.read().partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path} has no {BEGIN} and {END}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"{head}{BEGIN}\n{text}\n{END}{tail}")


def main():
    args = arguments()
    rows, differing = [], []
    with tempfile.TemporaryDirectory() as work:
        folders = {}
        for name, library in (("ref", args.ref), ("ours", args.ours)):
            folders[name] = os.path.join(work, name)
            os.mkdir(folders[name])
            for link in ("libwebsockets.so", "libwebsockets.so.17"):
                os.symlink(os.path.realpath(library), os.path.join(folders[name], link))
        binary = os.path.join(work, "toolbox")
        subprocess.run(["gcc", "-std=gnu11", "-Wall", "-Wextra", "-O1", "-o", binary, os.path.join(procs.HERE, "toolbox.c"),
                        "-L", folders["ref"], "-lwebsockets"], check=True)
        for case in args.cases or CASES:
            (ref, ref_result), (ours, result) = (measure(binary, folders[n], case) for n in ("ref", "ours"))
            if result != ref_result:
                differing.append(case)
            rows.append(f"| {CASES[case]} | {ref / 1000:.0f} | {ours / 1000:.0f} | {ref / ours:.2f} |")
            print(rows[-1], flush=True)
    text = "\n".join(["| thousands of user instructions | reference | ours | ratio |", "|---|---|---|---|", *rows])
    if differing:
        sys.exit(f"the results differ: {', '.join(differing)}")
    if args.write:
        write_into(args.write, text)


if __name__ == "__main__":
    main()

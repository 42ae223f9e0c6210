#!/usr/bin/env python3
"""Debian's testssl.sh against the attacked server's TLS port (two minutes; takes run.py's arguments).

What it finds must lie in the certificate, which is self-signed here, or in the cipher list, which is OpenSSL's default.
"""

import csv
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import run  # noqa: E402

# the certificate of the test; CBC ciphers, which the default list has for old clients; what testssl could not do here
ALLOWED = ("cert_", "DNS_CAArecord", "cipherlist_AVERAGE", "LUCKY13", "engine_problem", "sessionresumption_ticket")


def main():
    opts = run.options()
    program = shutil.which("testssl") or shutil.which("testssl.sh")
    if not program:
        raise SystemExit("testssl.sh is not installed")
    os.makedirs(opts.work, exist_ok=True)
    found = os.path.join(opts.work, "testssl.csv")
    if os.path.exists(found):
        os.unlink(found)
    target = run.start(opts, run.build(opts, "server"))
    try:
        target.alive()
        subprocess.run([program, "--color", "0", "--warnings", "batch", "--quiet", "--severity", "LOW", "--csvfile", found,
                        "-p", "-s", "-f", "-S", "-U", "-P", f"127.0.0.1:{target.tls_port}"],
                       stdout=subprocess.DEVNULL, timeout=600, check=False)
        target.alive()
        target.end()
    finally:
        target.kill()
    with open(found, encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    bad = [row for row in rows if not row["id"].startswith(ALLOWED)]
    for row in rows:
        print(f"{'FAIL' if row in bad else 'ok  '} {row['severity']:<9} {row['id']:<28} {row['finding']}")
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())

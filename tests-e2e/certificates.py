"""Certificates for the programs under test: an authority of our own, and localhost signed by it.

Made once, in build/certificates. Clients trust the authority (python, node) or
the key itself (Chromium), so that they check as they do in earnest.
"""

import base64
import hashlib
import ssl
import subprocess
import time

from library import ROOT

HERE = ROOT / "build/certificates"
CA = HERE / "ca.pem"
CERTIFICATE = HERE / "localhost.pem"
KEY = HERE / "localhost.key"
DAYS = 30
RENEWED_AFTER_SECONDS = DAYS * 86400 / 2


def openssl(*words, text=None):
    return subprocess.run(["openssl", *map(str, words)], cwd=HERE, input=text, capture_output=True, check=True,
                          timeout=30).stdout


def make():
    """Makes them, unless they are there and young."""
    mark = HERE / "made"
    if mark.exists() and time.time() - mark.stat().st_mtime < RENEWED_AFTER_SECONDS:
        return
    HERE.mkdir(parents=True, exist_ok=True)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-days", DAYS, "-subj", "/CN=tests-e2e", "-keyout", "ca.key", "-out", CA)
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", KEY, "-out", "localhost.csr")
    (HERE / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", "localhost.csr", "-CA", CA, "-CAkey", "ca.key", "-CAcreateserial", "-days", DAYS,
            "-extfile", "names", "-out", CERTIFICATE)
    mark.touch()


def server_options():
    """What the test server is told."""
    make()
    return ["--ssl", "--ssl-cert", CERTIFICATE, "--ssl-key", KEY]


def client_context():
    """For python's clients: only our authority, names are checked."""
    make()
    return ssl.create_default_context(cafile=CA)


def key_hash():
    """What Chromium knows the server's key by."""
    make()
    public = openssl("pkey", "-pubout", "-outform", "der", text=KEY.read_bytes())
    return base64.b64encode(hashlib.sha256(public).digest()).decode()

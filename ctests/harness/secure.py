"""TLS for the harness: certificates made at run time, and a client's session.

The session is an engine between the driver and its socket (ssl.MemoryBIO), so
what the driver counts are the bytes of the wire, as for plain connections.
"""

import os
import ssl
import subprocess
import time

DAYS = "30"


def openssl(where, *words):
    subprocess.run(["openssl", *words], cwd=where, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(where):
    """Makes what the tests use in a directory, once:

    NAME.pem and NAME.key for rsa, ec, other (a second RSA one), ca, client
    (signed by ca) and stranger (signed by itself); rsa.der and rsa-key.der;
    locked.key is rsa.key with the passphrase "secret"; expired is one of
    yesterday for localhost.
    """
    done = os.path.join(where, "done-2")
    # younger than half a day: their age shows in traces
    if os.path.exists(done) and os.path.getmtime(done) > time.time() - 43200:
        return where
    os.makedirs(where, exist_ok=True)
    rsa = ["-newkey", "rsa:2048"]
    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    for name, key, subject in (("rsa", rsa, "/CN=localhost"),
                               ("ec", ec, "/CN=ec.test"),
                               ("other", rsa, "/CN=other.test"),
                               ("ca", rsa, "/CN=ctests ca"),
                               ("stranger", rsa, "/CN=stranger")):
        openssl(where, "req", "-x509", *key, "-nodes", "-days", DAYS,
                "-subj", subject, "-keyout", name + ".key",
                "-out", name + ".pem")
    openssl(where, "req", *rsa, "-nodes", "-subj", "/CN=client",
            "-keyout", "client.key", "-out", "client.csr")
    openssl(where, "x509", "-req", "-in", "client.csr", "-CA", "ca.pem",
            "-CAkey", "ca.key", "-CAcreateserial", "-days", DAYS,
            "-out", "client.pem")
    openssl(where, "x509", "-in", "rsa.pem", "-outform", "der",
            "-out", "rsa.der")
    openssl(where, "rsa", "-in", "rsa.key", "-outform", "der",
            "-out", "rsa-key.der")
    openssl(where, "rsa", "-in", "rsa.key", "-aes128",
            "-passout", "pass:secret", "-out", "locked.key")
    openssl(where, "req", *rsa, "-nodes", "-subj", "/CN=localhost",
            "-keyout", "expired.key", "-out", "expired.csr")
    openssl(where, "x509", "-req", "-in", "expired.csr", "-signkey",
            "expired.key", "-days", "-1", "-out", "expired.pem")
    with open(done, "w", encoding="ascii"):
        pass
    return where


class Secure:
    """One client session. Options: sni=NAME alpn=A,B cert=NAME v12 resume."""

    def __init__(self, options, certs, session=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        name = None
        for word in options:
            key, _, value = word.partition("=")
            if key == "v12":
                context.maximum_version = ssl.TLSVersion.TLSv1_2
            elif key == "sni":
                name = value
            elif key == "alpn":
                context.set_alpn_protocols(value.split(","))
            elif key == "cert":
                base = os.path.join(certs, value)
                context.load_cert_chain(base + ".pem", base + ".key")
        self.context = session[0] if session else context
        self.inward, self.outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.object = self.context.wrap_bio(
            self.inward, self.outward, server_hostname=name,
            session=session[1] if session else None)
        self.ready = self.failed = False

    def handshake(self):
        """One step; None, or what there is to say about it."""
        if self.ready or self.failed:
            return None
        try:
            self.object.do_handshake()
        except ssl.SSLWantReadError:
            return None
        except ssl.SSLError as e:
            self.failed = True
            return "<TLS %s>" % (e.reason or e)
        self.ready = True
        return "<TLS %s alpn=%s resumed=%d peer=%s>" % (
            self.object.version(), self.object.selected_alpn_protocol(),
            self.object.session_reused, self.common_name())

    def common_name(self):
        der = self.object.getpeercert(True)
        if not der:
            return None
        got = subprocess.run(["openssl", "x509", "-inform", "der", "-noout",
                              "-subject", "-nameopt", "multiline"],
                             input=der, capture_output=True, check=True)
        return got.stdout.decode().split("=")[-1].strip()

    def output(self):
        """Bytes for the wire."""
        return self.outward.read()

    def encrypt(self, data):
        self.object.write(data)
        return self.output()

    def decrypt(self, wire):
        """Plain bytes; what ends the session shows in angle brackets."""
        self.inward.write(wire)
        plain = b""
        if not self.ready:
            return plain
        try:
            while True:
                piece = self.object.read(1 << 16)
                if not piece:
                    return plain
                plain += piece
        except ssl.SSLWantReadError:
            return plain
        except ssl.SSLZeroReturnError:
            return plain
        except ssl.SSLError as e:
            return plain + ("<TLS %s>" % (e.reason or e)).encode()

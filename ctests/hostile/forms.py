"""Forms that are cut, oversized or misleading."""

import random

import peer
from peer import request

B = b"----------------------------8d3f"
ALIKES = b"\r\n--" + B[:-1] + b"\r\n-\r\n--\r\r\n--" + B[:5]


def part(name, value, filename=None, boundary=B):
    named = b'; filename="' + filename + b'"' if filename is not None else b""
    return (b"--" + boundary + b'\r\nContent-Disposition: form-data; name="' + name + b'"' + named + b"\r\n\r\n" + value +
            b"\r\n")


def whole(*parts, boundary=B):
    return b"".join(parts) + b"--" + boundary + b"--\r\n"


MULTI = "multipart/form-data; boundary=" + B.decode()
PLAIN = "application/x-www-form-urlencoded"
ANY = None
# name: (type, body, bytes that the values have; ANY: any answer or the end)
FORMS = {
    "proper": (PLAIN, b"name=abc&text=de&other=x", 5),
    "percent": (PLAIN, b"name=%41%4", ANY),
    "percent-junk": (PLAIN, b"name=%zz%", ANY),
    "percent-nul": (PLAIN, b"name=%00%00", ANY),
    "no-value": (PLAIN, b"name&text&&&==&=", ANY),
    "long-name": (PLAIN, b"n" * 100000 + b"=x", ANY),
    "long-value": (PLAIN, b"name=" + b"x" * 100000, ANY),
    "many-fields": (PLAIN, b"name=x&" * 20000, ANY),
    "many-ampersands": (PLAIN, b"&" * 200000, ANY),
    "type-missing": ("", b"name=abc", ANY),
    "type-unknown": ("text/plain", b"name=abc", ANY),
    "multi-proper": (MULTI, whole(part(b"name", b"abc"), part(b"file", b"x" * 70000, b"f.bin")), 70003),
    "multi-boundary-alikes": (MULTI, whole(part(b"file", ALIKES, b"f")), len(ALIKES)),
    "multi-without-end": (MULTI, part(b"name", b"abc") + b"--" + B, ANY),
    "multi-cut-in-header": (MULTI, b"--" + B + b"\r\nContent-Disposition: form-data; na", ANY),
    "multi-no-name": (MULTI, whole(b"--" + B + b"\r\n\r\nabc\r\n"), ANY),
    "multi-long-name": (MULTI, whole(part(b"n" * 100000, b"abc")), ANY),
    "multi-long-filename": (MULTI, whole(part(b"file", b"abc", b"f" * 100000)), ANY),
    "multi-long-header": (MULTI, whole(b"--" + B + b"\r\nX: " + b"y" * 200000 + b"\r\n\r\nabc\r\n"), ANY),
    "multi-many-headers": (MULTI, whole(b"--" + B + b"\r\n" + b"X: y\r\n" * 30000 + b"\r\nabc\r\n"), ANY),
    "multi-many-parts": (MULTI, whole(*[part(b"text", b"x")] * 3000), ANY),
    "multi-path-in-filename": (MULTI, whole(part(b"file", b"abc", b"../../../etc/passwd")), 3),
    "multi-nul-in-name": (MULTI, whole(part(b"na\0me", b"abc")), ANY),
    "multi-open-quote": (MULTI, whole(b"--" + B + b'\r\nContent-Disposition: form-data; name="text\r\n\r\nabc\r\n'), ANY),
    "multi-boundary-missing": ("multipart/form-data", whole(part(b"name", b"abc")), ANY),
    "multi-boundary-empty": ("multipart/form-data; boundary=", whole(part(b"name", b"abc", boundary=b"")), ANY),
    "multi-boundary-long": ("multipart/form-data; boundary=" + "b" * 2000, whole(part(b"name", b"abc")), ANY),
    "multi-dashes": (MULTI, b"-" * 300000, ANY),
    "multi-line-ends": (MULTI, b"\r\n" * 100000, ANY),
}


def send(target, kind, body, seed):
    """In all cuts; the answer of each."""
    headers = [f"Content-Length: {len(body)}"] + (["Content-Type: " + kind] if kind else [])
    head = request("/form", "POST", headers=headers)
    for pieces in peer.cuts(body or b"x", seed):
        with peer.Peer(target.port, peer.SECONDS * target.slow) as p:
            p.send(head, *(pieces if body else []))
            try:
                yield p.response()[::2]
            except peer.Closed:
                yield None


def forms(target, _):
    for seed, (name, (kind, body, size)) in enumerate(FORMS.items()):
        for answer in send(target, kind, body, seed):
            if size is not ANY:
                assert answer == (200, b"%d bytes\n" % size), f"{name}: {answer}"


def random_forms(target, full):
    """Proper forms with random changes."""
    rng = random.Random(17)
    seeds = [(kind, body) for kind, body, _ in FORMS.values() if 8 < len(body) < 5000]
    for n in range(3000 if full else 300):
        kind, body = rng.choice(seeds)
        body = bytearray(body)
        for _ in range(rng.randrange(1, 9)):
            at = rng.randrange(len(body))
            body[at:at + rng.randrange(3)] = rng.choice([b"", b"\r\n", b"--" + B, b"\0", b'"', b"%", b"&", rng.randbytes(3)])
            if not body:
                body = bytearray(b"-")
        list(send(target, kind, bytes(body), n))


CLASSES = [
    ("forms", forms, "answered, or the end"),
    ("forms random", random_forms, "no harm"),
]

"""Bytes on the wire: how steps write them and how traces show them.

Used by drv.py.
"""

import hashlib
import re
import struct
import zlib

RUN = re.compile(rb"(.)\1{23}", re.S)
MASK = b"\x37\xfa\x21\x3d"


def frame(op, data, fin=1, mask=MASK, rsv=0, form=0):
    """One websocket frame; form 16 or 64 forces a longer length field."""
    head = bytes([(fin << 7) | (rsv << 4) | op])
    bit = 0x80 if mask else 0
    n = len(data)
    if n < 126 and not form:
        head += bytes([bit | n])
    elif n < 65536 and form != 64:
        head += bytes([bit | 126]) + struct.pack(">H", n)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", n)
    if mask:
        pad = mask * (n // 4 + 1)
        data = bytes(a ^ b for a, b in zip(data, pad)) if n < 4096 else (
            int.from_bytes(data, "little") ^ int.from_bytes(pad[:n], "little")
        ).to_bytes(n, "little")
        head += mask
    return head + data


class Inflated:
    """What a connection receives, with compressed messages shown as what they
    say: how a compressor packs them is its own affair. A frame's first byte
    stays; the length, which depends on the packing, goes."""

    def __init__(self):
        self.is_squeezed = False
        self.stream = zlib.decompressobj(wbits=-15)
        self.kept = b""
        self.message = None

    def view(self, data):
        """The next bytes as they are to be shown."""
        out = b""
        data = self.kept + data
        self.kept = b""
        if not self.is_squeezed:
            end = data.find(b"\r\n\r\n") + 4
            head = data[:end].lower()
            if (end < 4 or not head.startswith(b"http/1.1 101") or
                    b"permessage-deflate" not in head):
                return data
            self.is_squeezed = True
            out, data = data[:end], data[end:]
        while data and data[:1] != b"<":  # <EOF> and the like
            head, size = self.sizes(data)
            if len(data) < head + size:
                # the rest comes with a later step
                self.kept = data
                return out
            out += self.frame(data[:head], data[head:head + size])
            data = data[head + size:]
        return out + data

    @staticmethod
    def sizes(data):
        """Length of a server's frame's head and of its payload."""
        short = data[1] & 127 if len(data) > 1 else 0
        if short == 126:
            return 4, int.from_bytes(data[2:4], "big")
        if short == 127:
            return 10, int.from_bytes(data[2:10], "big")
        return 2, short

    def frame(self, head, payload):
        """One frame: of a compressed message the first byte, and at its end
        what the message says."""
        op, fin = head[0] & 15, head[0] & 128
        if op & 8 or not (head[0] & 64 or op == 0 and
                          self.message is not None):
            return head + payload
        self.message = (self.message or b"") + payload
        if not fin:
            return head[:1]
        packed, self.message = self.message, None
        try:
            return head[:1] + self.stream.decompress(
                packed + b"\0\0\xff\xff")
        except zlib.error:
            return head + b"<CORRUPT>" + packed

    def rest(self):
        """What never became a frame."""
        kept, self.kept = self.kept, b""
        return kept


def unescape(text):
    """\\r \\n \\xNN and X{char*count} runs become bytes."""
    return runs(text.encode().decode("unicode_escape").encode("latin1"))


def runs(data):
    """{u*200} becomes 200 times u."""
    return re.sub(rb"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), data)


def payload(words):
    """The data of a frame: plain words, runs {B*6000}, or seq:N."""
    text = " ".join(words)
    if text.startswith("seq:"):
        return bytes((n * 7 + n // 251) & 255 for n in range(int(text[4:])))
    return unescape(text)


def show(data):
    """Wire bytes as lines of text: escapes, long runs of one byte folded."""
    if len(data) > 6000 and len(set(data)) > 8:
        at = data.find(b"\r\n\r\n") + 4
        return show(data[:at + 200]) + ["... %d bytes, sha1 %s ..." % (
            len(data), hashlib.sha1(data).hexdigest()[:16])] + show(
                data[-40:])
    text, at = "", 0
    while found := RUN.search(data, at):
        end = found.end()
        for size in (65536, 1024, 32, 1):
            block = found[1] * size
            while data.startswith(block, end):
                end += size
        text += data[at:found.start()].decode("latin1")
        text += "\0%02x%d\0" % (found[1][0], end - found.start())
        at = end
    text += data[at:].decode("latin1")
    out = text.encode("unicode_escape").decode()
    out = re.sub(r"\\x00([0-9a-f]{2})(\d+)\\x00",
                 lambda m: "{%s*%s}" % (chr(int(m[1], 16)) if
                                        0x20 < int(m[1], 16) < 0x7f else
                                        "\\x" + m[1], m[2]), out)
    lines = out.replace("\\r\\n", "\\r\\n\n").split("\n")
    return [line for line in lines if line]

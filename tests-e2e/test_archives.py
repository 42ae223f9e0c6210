"""curl against files served out of zip archives: whole ones, damaged ones, and paths that try to leave them."""

import os
import pathlib
import tempfile
import unittest
import zipfile

from library import Library
from server import Server
from test_curl import curl, headers_of

STORED = ("noise.png", "tiny.txt")


class ArchivesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        if cls.library.is_reference:
            raise unittest.SkipTest("Debian's build has LWS_WITH_ZIP_FOPS off")
        program = cls.library.build("tests-e2e/http") / "features"
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="lws-e2e-")))
        cls.archive = cls.folder / "pages.zip"
        cls.files = {
            "index.html": b"<p>first</p>",
            "big.txt": b"".join(b"%d " % (n * n) for n in range(60000)),
            "noise.png": bytes((n * n * 2654435761 >> 13) & 255 for n in range(100000)),
            "tiny.txt": b"t",
            "empty.txt": b"",
            "dir/index.html": b"<p>inside</p>",
        }
        with zipfile.ZipFile(cls.archive, "w") as archive:
            for name, data in cls.files.items():
                method = zipfile.ZIP_STORED if name in STORED else zipfile.ZIP_DEFLATED
                archive.writestr(name, data, method)
        cls.good = cls.archive.read_bytes()
        (cls.folder / "secret.txt").write_text("not for everybody")
        (cls.folder / "passwords").write_text("")
        arguments = [program, cls.archive, cls.folder / "passwords", cls.folder / "log"]
        cls.server = cls.enterClassContext(Server(cls.library, arguments, "archives"))

    def tearDown(self):
        self.replace(self.good)

    def replace(self, data):
        fresh = self.folder / "new"
        fresh.write_bytes(data)
        os.rename(fresh, self.archive)

    def status(self, path):
        return headers_of(curl("--head", "--path-as-is", self.server.url(path)))[0]

    def fetch(self, path, *options):
        """The body, or None when the connection ended before it did."""
        target = self.folder / "got"
        code = curl(*options, "--output", target, "--write-out", "%{exitcode}", self.server.url(path), check=False)
        return target.read_bytes() if code == b"0" else None

    def test_members_come_as_they_are(self):
        for name, data in self.files.items():
            with self.subTest(name):
                self.assertEqual(curl(self.server.url("/" + name)), data)
                self.assertEqual(curl("--compressed", self.server.url("/" + name)), data)
                headers = headers_of(curl("--head", "--compressed", self.server.url("/" + name)))[1]
                self.assertEqual(headers.get("content-encoding"), None if name in STORED else "gzip")

    def test_parts_of_stored_members_are_sent(self):
        noise = self.files["noise.png"]
        for wanted, part in (("0-9", noise[:10]), ("50000-99998", noise[50000:99999]), ("-7", noise[-7:])):
            with self.subTest(wanted):
                got = curl("--range", wanted, "--write-out", "%{http_code}", self.server.url("/noise.png"))
                self.assertEqual(got, part + b"206")
        status, headers = headers_of(curl("--range", "10-19", "--output", "/dev/null", "--dump-header", "-",
                                          self.server.url("/noise.png")))
        self.assertEqual(headers["content-range"], "bytes 10-19/100000")
        several = curl("--range", "0-3,99990-", self.server.url("/noise.png"))
        self.assertIn(noise[:4] + b"\r\n--lws", several)
        self.assertIn(noise[99990:] + b"\r\n--lws", several)
        status, _ = headers_of(curl("--range", "100000-", "--output", "/dev/null", "--dump-header", "-",
                                    self.server.url("/noise.png")))
        self.assertTrue(status.startswith("HTTP/1.1 416 "), status)

    def test_parts_of_packed_members_are_sent(self):
        big, url = self.files["big.txt"], self.server.url("/big.txt")
        end = len(big)
        for wanted, part in (("0-9", big[:10]), ("0-", big), ("7-7", big[7:8]), ("300000-350000", big[300000:350001]),
                             ("-1", big[-1:]), ("-100000", big[-100000:]), ("%d-" % (end - 3), big[-3:])):
            with self.subTest(wanted):
                self.assertEqual(curl("--range", wanted, "--write-out", "%{http_code}", url), part + b"206")
        status, headers = self.range("%d-" % end, "/big.txt")
        self.assertTrue(status.startswith("HTTP/1.1 416 "), status)
        self.assertEqual(headers["content-range"], "bytes */%d" % end)
        status, headers = self.range("10-19", "/big.txt")
        self.assertTrue(status.startswith("HTTP/1.1 206"), status)
        self.assertEqual(headers["content-range"], "bytes 10-19/%d" % end)
        self.assertEqual(headers["content-length"], "10")
        self.assertEqual(headers["vary"], "accept-encoding")
        # the header of a HEAD is that of the whole
        self.assertIn("200", headers_of(curl("--head", "--range", "10-19", url))[0])
        self.assertEqual(self.range("0-0", "/empty.txt")[0].split()[1], "416")

    def range(self, wanted, path, *options):
        return headers_of(curl(*options, "--range", wanted, "--output", "/dev/null", "--dump-header", "-",
                               self.server.url(path)))

    def test_several_parts_of_a_packed_member_come_in_one_way_through_it(self):
        big, url = self.files["big.txt"], self.server.url("/big.txt")
        several = curl("--range", "0-3,4-5,200000-260000,-9", url)
        bodies = [part.split(b"\r\n\r\n", 1)[1] for part in several.split(b"\r\n--lws")[1:-1]]
        self.assertEqual(bodies, [big[:4], big[4:6], big[200000:260001], big[-9:]])
        for backwards in ("5-6,0-1", "-9,0-3"):
            with self.subTest(backwards):
                self.assertEqual(curl("--range", backwards, url), big)

    def test_a_part_is_of_the_member_that_the_client_knows(self):
        _, headers = headers_of(curl("--head", self.server.url("/big.txt")))
        _, packed = headers_of(curl("--head", "--compressed", self.server.url("/big.txt")))
        self.assertNotEqual(headers["etag"], packed["etag"])
        for tag, code in ((headers["etag"], "206"), (packed["etag"], "200"), ('"other"', "200")):
            with self.subTest(tag):
                quoted = tag if tag.startswith('"') else f'"{tag}"'
                status, _ = self.range("0-9", "/big.txt", "--header", f"If-Range: {quoted}")
                self.assertEqual(status.split()[1], code)
        # as gzip it is another thing, of which no parts are sent
        got = curl("--compressed", "--range", "0-9", "--write-out", "%{http_code}", self.server.url("/big.txt"))
        self.assertEqual(got, self.files["big.txt"] + b"200")

    def test_a_far_part_is_reached_and_a_farther_one_is_not(self):
        far = 40 << 20
        with zipfile.ZipFile(self.folder / "far.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("far.txt", b"\0" * far + b"the end")
            archive.writestr("farther.txt", b"\0" * (65 << 20) + b"x")
        self.replace((self.folder / "far.zip").read_bytes())
        many = [self.server.url("/far.txt")] * 3
        self.assertEqual(curl("--range", "%d-" % far, *many), b"the end" * 3)
        status, _ = self.range("%d-" % (65 << 20), "/farther.txt")
        self.assertEqual(status.split()[1], "200")

    def test_folders_have_their_default_file(self):
        self.assertEqual(curl(self.server.url("/")), self.files["index.html"])
        self.assertEqual(curl(self.server.url("/dir/")), self.files["dir/index.html"])

    def test_nothing_outside_is_served(self):
        for path in ("/nothing", "/../secret.txt", "/dir/../../secret.txt", "/%2e%2e/secret.txt", "/big.txt/x"):
            with self.subTest(path):
                self.assertNotIn(" 200 ", self.status(path))

    def test_a_damaged_archive_is_an_error_page(self):
        second = self.good.index(b"PK\1\2", self.good.index(b"PK\1\2") + 4)
        far = b"\xf0\xff\xff\x7f"
        damaged = {
            "cut": self.good[:-30],
            "nothing": b"",
            "text": b"no archive",
            "encrypted": self.good[: second + 8] + b"\1" + self.good[second + 9 :],
            "header outside": self.good[: second + 42] + far + self.good[second + 46 :],
            "data outside": self.good[: second + 20] + far + self.good[second + 24 :],
        }
        for what, data in damaged.items():
            with self.subTest(what):
                self.replace(data)
                self.assertIn(" 500 ", self.status("/big.txt"))

    def test_a_damaged_member_ends_the_connection(self):
        second = self.good.index(b"PK\1\2", self.good.index(b"PK\1\2") + 4)
        crc = bytearray(self.good)
        crc[second + 16] ^= 1
        data = bytearray(self.good)
        data[self.good.index(b"PK\3\4", 4) + 5000] ^= 0xFF
        for damaged in (crc, data):
            self.replace(bytes(damaged))
            self.assertNotEqual(self.fetch("/big.txt"), self.files["big.txt"])
            self.assertNotEqual(self.fetch("/big.txt", "--range", "-5"), self.files["big.txt"][-5:])


if __name__ == "__main__":
    unittest.main()

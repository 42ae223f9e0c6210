"""curl against a server with the features of HTTP/1.1: bodies, methods, conditions, passwords, redirects."""

import os
import pathlib
import tempfile
import unittest

from library import Library
from server import Server
from test_curl import curl, headers_of

PAGE = b"<html><body>the page</body></html>\n"


def sum_of(body):
    total = 0
    for byte in body:
        total = (total * 31 + byte) & 0xFFFFFFFF
    return total


def expected(method, body=b""):
    return f"{method} {len(body)} {sum_of(body)}\n".encode()


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = Library.from_environment()
        program = cls.library.build("tests-e2e/http") / "features"
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="lws-e2e-")))
        pages = cls.folder / "pages"
        pages.mkdir()
        (pages / "index.html").write_bytes(PAGE)
        os.utime(pages / "index.html", (1700000000, 1700000000))
        (cls.folder / "passwords").write_text("ada:lovelace\nbob:secret with blanks\n")
        cls.log = cls.folder / "access.log"
        cls.server = cls.enterClassContext(
            Server(cls.library, [program, pages, cls.folder / "passwords", cls.log], "http-features")
        )

    def url(self, path="/"):
        return self.server.url(path)

    def only_ours(self):
        if self.library.is_reference:
            self.skipTest("the reference does not do this")

    def test_bodies_of_all_methods_arrive(self):
        body = bytes(range(256)) * 300
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if method == "DELETE":
                self.only_ours()
            with self.subTest(method):
                upload = self.folder / "upload"
                upload.write_bytes(body)
                got = curl("--request", method, "--header", "Expect:", "--data-binary", f"@{upload}", self.url("/echo"))
                self.assertEqual(got, expected(method, body))

    def test_a_chunked_upload_arrives(self):
        self.only_ours()  # never completes there
        body = os.urandom(500_000)
        upload = self.folder / "chunked"
        upload.write_bytes(body)
        for size in (body, b"", b"x"):
            upload.write_bytes(size)
            got = curl("--header", "Transfer-Encoding: chunked", "--data-binary", f"@{upload}", self.url("/echo"))
            self.assertEqual(got, expected("POST", size))

    def test_100_continue_is_sent_before_the_body(self):
        self.only_ours()
        upload = self.folder / "continued"
        upload.write_bytes(b"y" * 100_000)
        got = curl("--include", "--header", "Expect: 100-continue", "--expect100-timeout", "15",
                   "--data-binary", f"@{upload}", self.url("/echo"))
        self.assertTrue(got.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"), got[:80])
        self.assertTrue(got.endswith(expected("POST", b"y" * 100_000)))

    def test_an_upload_that_is_refused_early_is_answered(self):
        upload = self.folder / "refused"
        upload.write_bytes(b"z" * 5_000_000)
        got = curl("--header", "Expect:", "--data-binary", f"@{upload}", "--write-out", "%{http_code}",
                   self.url("/private/x"))
        self.assertTrue(got.endswith(b"401"), got[-80:])

    def test_options_and_a_request_without_a_body(self):
        status, head = headers_of(curl("--head", "--request", "OPTIONS", self.url("/echo")))
        self.assertEqual((status, head["allow"]), ("HTTP/1.1 200 OK", "GET, POST"))
        self.assertEqual(curl("--request", "DELETE", self.url("/echo")), expected("DELETE"))

    def test_put_without_a_length_is_answered(self):
        self.only_ours()
        self.assertEqual(curl("--request", "PUT", self.url("/echo")), expected("PUT"))

    def test_head_keeps_the_connection_in_step(self):
        got = curl("--head", self.url("/"), "--next", "--silent", "--write-out", "%{num_connects}", self.url("/"))
        self.assertTrue(got.endswith(PAGE + b"0"), got)

    def test_head_of_a_dynamic_page_has_no_body(self):
        self.only_ours()
        got = curl("--head", self.url("/echo"), "--next", "--silent", "--write-out", "%{num_connects}", self.url("/"))
        self.assertTrue(got.endswith(PAGE + b"0"), got)

    def test_a_known_tag_gives_304(self):
        tag, saved = self.folder / "tag", self.folder / "saved"
        first = curl("--etag-save", tag, "--output", saved, "--write-out", "%{http_code}", self.url("/"))
        self.assertEqual((first, saved.read_bytes()), (b"200", PAGE))
        tag.write_text(tag.read_text().strip())
        second = curl("--etag-compare", tag, "--write-out", "%{http_code}", self.url("/"))
        self.assertEqual(second, b"304")

    def test_an_unchanged_file_gives_304(self):
        self.only_ours()
        for date, status in (("Tue, 14 Nov 2023 22:13:20 GMT", b"304"), ("Tue, 14 Nov 2023 22:13:19 GMT", b"200")):
            with self.subTest(date):
                got = curl("--output", os.devnull, "--time-cond", date, "--write-out", "%{http_code}", self.url("/"))
                self.assertEqual(got, status)

    def test_passwords(self):
        for user, status in (("ada:lovelace", b"200"), ("bob:secret with blanks", b"200"), ("ada:lovelac", b"401"),
                             ("ada:lovelacex", b"401"), ("nobody:", b"401")):
            with self.subTest(user):
                got = curl("--output", os.devnull, "--write-out", "%{http_code}", "--user", user, self.url("/private/"))
                self.assertEqual(got, status)
        _, head = headers_of(curl("--head", self.url("/private/")))
        self.assertTrue(head["www-authenticate"].startswith("Basic realm="))

    def test_any_end_of_a_line_is_no_password(self):
        self.only_ours()
        got = curl("--output", os.devnull, "--write-out", "%{http_code}", "--user", "da:lovelace", self.url("/private/"))
        self.assertEqual(got, b"401")

    def test_curl_asks_twice_when_it_may(self):
        got = curl("--anyauth", "--user", "ada:lovelace", "--write-out", "%{http_code} %{num_connects}",
                   self.url("/private/"))
        self.assertEqual(got, PAGE + b"200 1")

    def test_a_redirect_names_its_target(self):
        got = curl("--output", os.devnull, "--write-out", "%{http_code} %{redirect_url}", self.url("/old/x"))
        self.assertEqual(got.rstrip(b"\0"), b"301 https://example.org/new")

    def test_files_may_be_cached(self):
        _, head = headers_of(curl("--head", self.url("/")))
        self.assertEqual(head["cache-control"], "private, max-age=60")

    def test_answers_are_compressed_for_clients_that_say_so(self):
        for coding in ("gzip", "deflate", "identity"):
            with self.subTest(coding):
                for path in ("/echo?pack", "/echo?pack=open"):
                    got = curl("--include", "--compressed", "--header", f"Accept-Encoding: {coding}",
                               self.url(path), self.url("/echo"))
                    head, _, rest = got.partition(b"\r\n\r\n")
                    packed = coding != "identity" and not self.library.is_reference
                    self.assertEqual(f"content-encoding: {coding}".encode() in head, packed, head)
                    self.assertTrue(rest.startswith(expected("GET") + b"HTTP/1.1 200"), got)
                old = curl("--http1.0", "--compressed", "--header", f"Accept-Encoding: {coding}", self.url("/echo?pack"))
                self.assertEqual(old, expected("GET"))

    def test_requests_are_noted(self):
        self.only_ours()  # built without
        curl("--user-agent", "the \"noted\" one", "--referer", "http://from/", self.url("/?a=b"))
        lines = [line for line in self.log.read_text().splitlines() if "noted" in line]
        self.assertEqual(len(lines), 1)
        self.assertRegex(
            lines[0],
            r'^(127\.0\.0\.1|::1) - - \[[^]]+\] "GET /\?a=b HTTP/1\.1" 200 %d "http://from/" "the \\x22noted\\x22 one"$'
            % len(PAGE),
        )


if __name__ == "__main__":
    unittest.main()

"""Scripts behind the CGI example: curl, Python, and git over http."""

import concurrent.futures
import hashlib
import os
import pathlib
import subprocess
import tempfile
import unittest

from library import ROOT, Library
from server import Server
from test_curl import curl, headers_of

GIT_BACKEND = pathlib.Path("/usr/lib/git-core/git-http-backend")
SCRIPTS = {
    "cat.sh": "#!/bin/sh\nprintf 'Content-Type: application/octet-stream\\n\\n'; exec cat\n",
    "form.py": """#!/usr/bin/python3
import os, sys, urllib.parse
form = urllib.parse.parse_qs(sys.stdin.read(int(os.environ["CONTENT_LENGTH"])))
print("Content-Type: text/plain; charset=utf-8\\nSet-Cookie: seen=1\\n")
print(sorted(form.items()), urllib.parse.parse_qs(os.environ["QUERY_STRING"]))
""",
    "status.sh": "#!/bin/sh\nprintf 'Status: 403 Keep out\\nContent-Type: text/plain\\n\\nno\\n'\n",
}


def git(*args, cwd=None):
    env = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", GIT_TERMINAL_PROMPT="0",
               GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@b",
               no_proxy="*")
    done = subprocess.run(["git", *map(str, args)], cwd=cwd, env=env, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise AssertionError(f"git {args}: {done.stderr}")
    return done.stdout


class CgiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        library = Library.from_environment()
        if not library.exports("lws_cgi"):
            raise unittest.SkipTest("this library has no CGI")
        program = library.build("examples-c") / "minimal-cgi/minimal-cgi"
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="lws-cgi-")))
        scripts = cls.folder / "scripts"
        scripts.mkdir()
        hello = ROOT / "examples-c/minimal-cgi/scripts/hello.sh"
        for name, text in dict(SCRIPTS, **{"hello.sh": hello.read_text()}).items():
            (scripts / name).write_text(text)
            (scripts / name).chmod(0o755)
        if GIT_BACKEND.exists():
            (scripts / "git").symlink_to(GIT_BACKEND)
        cls.server = cls.enterClassContext(Server(library, [
            program, 0, scripts, f"GIT_PROJECT_ROOT={cls.folder}", "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=tester",
        ], "minimal-cgi"))

    def url(self, path):
        return self.server.url("/cgi-bin/" + path)

    def test_example_script_answers(self):
        got = curl(self.url("hello.sh/any/thing?a=b"), self.url("hello.sh"), "--write-out", "%{http_code} %{num_connects}\n")
        self.assertIn(b"asked for '/any/thing' with 'a=b', by GET.\n200 1\n", got)
        self.assertIn(b"by GET.\n200 0\n", got)

    def test_forms_reach_a_script(self):
        head, _, body = curl("--include", "--data-urlencode", "x=a b&c=\u00e4", self.url("form.py?q=1%262")).partition(b"\r\n\r\n")
        status, headers = headers_of(head)
        self.assertEqual(status, "HTTP/1.1 200 OK")
        self.assertEqual(headers["set-cookie"], "seen=1")
        self.assertEqual(body.decode(), "[('x', ['a b&c=\u00e4'])] {'q': ['1&2']}\n")

    def test_status_of_the_script(self):
        self.assertEqual(curl(self.url("status.sh"), "--write-out", "%{http_code}"), b"no\n403")
        self.assertEqual(curl(self.url("none.sh"), "--output", "/dev/null", "--write-out", "%{http_code}"), b"404")

    def test_uploads_come_back_whole(self):
        data = os.urandom(1 << 20)
        path = self.folder / "upload"
        path.write_bytes(data)
        for extra in ((), ("--header", "Transfer-Encoding: chunked"), ("--http1.0",), ("--limit-rate", "4M")):
            with self.subTest(extra):
                got = curl("--data-binary", f"@{path}", *extra, self.url("cat.sh"))
                self.assertEqual(hashlib.sha256(got).digest(), hashlib.sha256(data).digest())

    def test_many_at_once(self):
        def one(number):
            return curl("--data-binary", f"number {number}", self.url("cat.sh"))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for number, got in enumerate(pool.map(one, range(64))):
                self.assertEqual(got.decode(), f"number {number}")

    @unittest.skipUnless(GIT_BACKEND.exists(), "git-http-backend is not installed")
    def test_git_clones_and_pushes(self):
        bare, first, second = (self.folder / name for name in ("repo.git", "first", "second"))
        git("init", "--bare", "-b", "main", bare)
        git("config", "http.receivepack", "true", cwd=bare)
        git("clone", self.url("git/repo.git"), first)
        (first / "big").write_bytes(os.urandom(3 << 20))
        git("add", "big", cwd=first)
        git("commit", "-m", "one", cwd=first)
        # more than this is sent chunked
        git("-c", "http.postBuffer=65536", "push", "origin", "HEAD:main", cwd=first)
        git("clone", self.url("git/repo.git"), second)
        self.assertEqual((first / "big").read_bytes(), (second / "big").read_bytes())
        git("fsck", "--strict", cwd=second)
        (first / "small").write_text("two\n")
        git("add", "small", cwd=first)
        git("commit", "-m", "two", cwd=first)
        git("push", "origin", "HEAD:main", cwd=first)
        git("pull", cwd=second)
        self.assertEqual((second / "small").read_text(), "two\n")


if __name__ == "__main__":
    unittest.main()

"""The two sides of the comparison: headers and libraries, and what is built.

A side is a header directory and a library directory; a run is a program that
was built with one side's header and meets one side's library at run time.
Used by run.py only.
"""

import os
import shlex
import shutil
import subprocess
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
SRV_PARTS = ["srv.c", "proto.c", "act.c", "act_http.c", "ext.c", "ctl.c"]
WARN = ["-std=gnu11", "-Wall", "-Wextra", "-g", "-O1"]
ASAN = ["-fsanitize=address", "-fno-omit-frame-pointer"]
SONAME = "libwebsockets.so.17"


def headers(folder):
    return [os.path.join(folder, h) for h in os.listdir(folder)
            if h.endswith(".h")]


class Side:
    """`ref` or `ours`: where its header and its library are."""

    def __init__(self, name, include, lib, work):
        self.name = name
        self.include = include if include and os.path.exists(
            os.path.join(include, "libwebsockets.h")) else None
        self.lib = None
        for file in ("libwebsockets.so", SONAME):
            path = os.path.join(lib or "", file)
            if lib and os.path.exists(path):
                self.lib = self.soname_dir(os.path.realpath(path), work)
                break

    def soname_dir(self, path, work):
        """A directory where the loader finds this library and no other."""
        where = os.path.join(work, "lib-" + self.name)
        os.makedirs(where, exist_ok=True)
        for name in (SONAME, "libwebsockets.so"):
            link = os.path.join(where, name)
            if os.path.lexists(link):
                os.unlink(link)
            os.symlink(path, link)
        return where


class Builder:
    """Compiles programs, once per header."""

    def __init__(self, sides, work, asan):
        self.sides, self.work, self.asan = sides, work, asan
        self.flags = WARN + (ASAN if asan else [])
        self.made = {}
        self.warnings = []
        self.objects = {}  # of the harness's own files: compiled once a header
        self.lock = threading.Lock()

    def link_dir(self, header):
        """The header's own library: it may declare more than the other has."""
        there = [side for side in self.sides if side.lib]
        there.sort(key=lambda side: side.name != header.name)
        return there[0].lib if there else None

    def ran(self, cmd, what):
        """Runs the compiler; False when it failed."""
        got = subprocess.run(cmd, capture_output=True, text=True)
        if got.stderr:
            self.warnings.append("%s\n%s" % (what, got.stderr))
        return got.returncode == 0

    def compiled(self, header, source, include):
        """The object file of one of the harness's files: made once a run."""
        key = (header.name, source)
        with self.lock:
            one = self.objects.setdefault(key, threading.Lock())
        out = os.path.join(self.work, "bin-%s%s" % (
            header.name, "-asan" if self.asan else ""), "harness",
            os.path.basename(source) + ".o")
        with one:
            if key not in self.made:
                os.makedirs(os.path.dirname(out), exist_ok=True)
                self.ran(["gcc"] + self.flags + include +
                         ["-c", "-o", out, source],
                         "%s (%s header)" % (os.path.basename(source),
                                             header.name))
                self.made[key] = out
        return out

    def build(self, header, name, sources):
        """The program's path, or None with the compiler's words printed."""
        key = (header.name, name)
        if key in self.made:
            return self.made[key]
        out = os.path.join(self.work, "bin-%s%s" % (
            header.name, "-asan" if self.asan else ""), name)
        os.makedirs(os.path.dirname(out), exist_ok=True)
        include = ["-I", HERE]
        if header.include != "/usr/include":
            include += ["-I", header.include]
        parts = sources + [os.path.join(HERE, p) for p in ("trace.c",
                                                           "peer.c")]
        with open(sources[0], encoding="utf-8") as f:
            text = f.read()
        parts += [os.path.join(HERE, part + ".c")
                  for part in ("matrix", "origin") if '"%s.h"' % part in text]
        folder = os.path.dirname(sources[0])
        newest = max(os.path.getmtime(p) for p in parts + headers(folder) +
                     headers(HERE) + [header.include + "/libwebsockets.h"])
        if not os.path.exists(out) or os.path.getmtime(out) < newest:
            objects = [self.compiled(header, part, include)
                       if os.path.dirname(part) == HERE else part
                       for part in parts]
            cmd = (["gcc"] + self.flags + include + ["-o", out] + objects +
                   ["-L", self.link_dir(header), "-lwebsockets", "-lpthread"] +
                   (["-lssl", "-lcrypto"] if name.startswith("tls/") else []))
            if not self.ran(cmd, "%s (%s header)" % (name, header.name)):
                if os.path.exists(out):
                    os.unlink(out)
                out = None
        self.made[key] = out
        return out

    def srv(self, header):
        return self.build(header, "srv", [os.path.join(HERE, p)
                                          for p in SRV_PARTS])


def environment(lib, asan):
    """What a program sees: nothing of the caller's settings."""
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TZ": "UTC",
           "LC_ALL": "C", "LD_LIBRARY_PATH": lib.lib}
    if asan:
        env["ASAN_OPTIONS"] = "exitcode=98:detect_leaks=1"
        env["LSAN_OPTIONS"] = "report_objects=0"
    return env


def valgrind(log):
    """The words to put before a program to run it under memcheck."""
    return shlex.split(
        "valgrind -q --error-exitcode=99 --leak-check=full "
        "--errors-for-leak-kinds=definite,possible --num-callers=30 "
        "--log-file=" + shlex.quote(log))


def loaded_right(binary, env, lib):
    """Does the program really meet this side's library?"""
    got = subprocess.run([binary], env=env, capture_output=True, text=True)
    return os.path.realpath(got.stdout.strip() or "/") == os.path.realpath(
        os.path.join(lib.lib, SONAME))


def site(where, model):
    """The files that servers serve: links to those of `model`, made before."""
    for folder, _, names in os.walk(model):
        to = os.path.normpath(os.path.join(where,
                                           os.path.relpath(folder, model)))
        os.makedirs(to)
        for name in names:
            os.link(os.path.join(folder, name), os.path.join(to, name),
                    follow_symlinks=False)


def model_site(where):
    """Makes these files, with times that never change."""
    shutil.rmtree(where, ignore_errors=True)
    www = os.path.join(where, "www")
    os.makedirs(os.path.join(www, "dir"), exist_ok=True)
    files = {
        "index.html": b"<html><body>hello index</body></html>\n",
        "a.css": b"body{}", "a.js": b"var a=1;\n", "zero.txt": b"",
        "big.txt": b"".join(b"%07d\n" % n for n in range(37500)),
        "x.xyz": b"unknown type", "noext": b"no extension",
        "pic.png": b"\x89PNG\r\n\x1a\n", "dir/index.html": b"<p>dir</p>\n",
        "404.html": b"<p>not here</p>\n", "sp ace.txt": b"space\n",
        "data.json": b"{}\n",
        "v.shtml": b"<p>$name and $none, $other</p>\n",
        "long.shtml": b"".join(b"<p>$name %04d</p>\n" % n
                               for n in range(600)),
    }
    for name, data in files.items():
        path = os.path.join(www, name)
        with open(path, "wb") as f:
            f.write(data)
        os.utime(path, (1700000000, 1700000000))
    # links inside and out of the tree, and what no server should wait for
    os.symlink("a.css", os.path.join(www, "link.css"))
    os.symlink("../out.txt", os.path.join(www, "link-out.txt"))
    os.symlink("no-such-file", os.path.join(www, "broken.txt"))
    os.symlink("loop.txt", os.path.join(www, "loop.txt"))
    os.symlink("/dev/zero", os.path.join(www, "zeros.txt"))
    os.mkfifo(os.path.join(www, "fifo.txt"))
    with open(os.path.join(where, "out.txt"), "w") as f:
        f.write("outside\n")
    os.utime(os.path.join(where, "out.txt"), (1700000000, 1700000000))
    with open(os.path.join(www, "secret.txt"), "w") as f:
        f.write("secret\n")
    os.chmod(os.path.join(www, "secret.txt"), 0)

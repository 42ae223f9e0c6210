"""Which library the clients' tests run against, and the programs built for it.

The reference is the system's libwebsockets; ours is an install prefix made by
scripts/test. Programs are built by CMake through find_package, as any user's.
Called by run.py and by every test file.
"""

import functools
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD_SECONDS = 180


class Library:
    """A library under test: where it is installed and where its programs are built."""

    def __init__(self, prefix=None):
        self.prefix = pathlib.Path(prefix).resolve() if prefix else None
        self.name = "ours" if self.prefix else "reference"
        self.build_dir = ROOT / "build" / f"e2e-{self.name}"
        self.logs = self.build_dir / "logs"

    @classmethod
    @functools.cache
    def from_environment(cls):
        return cls(os.environ.get("LWS_PREFIX") or None)

    @property
    def is_reference(self):
        return self.prefix is None

    def library_dir(self):
        found = sorted(self.prefix.glob("lib/**/libwebsockets.so.17"))
        if not found:
            raise FileNotFoundError(f"no libwebsockets.so.17 below {self.prefix}/lib")
        return found[0].parent

    def exports(self, name):
        directory = self.library_dir() if self.prefix else pathlib.Path("/usr/lib/x86_64-linux-gnu")
        listed = subprocess.run(["nm", "-D", "--defined-only", directory / "libwebsockets.so.17"],
                                capture_output=True, text=True, check=True, timeout=30)
        return any(line.split()[-1] == name for line in listed.stdout.splitlines())

    def environment(self):
        env = dict(os.environ)
        env.pop("LD_LIBRARY_PATH", None)
        if self.prefix:
            env["LD_LIBRARY_PATH"] = str(self.library_dir())
        return env

    @functools.cache
    def build(self, source):
        """Configures and builds a CMake project of this repository; returns its build folder."""
        source = ROOT / source
        out = self.build_dir / source.name
        configure = ["cmake", "-S", source, "-B", out, "-DCMAKE_C_FLAGS=-Werror", "-DCMAKE_CXX_FLAGS=-Werror"]
        if self.prefix:
            configure.append(f"-DCMAKE_PREFIX_PATH={self.prefix}")
        for command in (configure, ["cmake", "--build", out, "-j2"]):
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=BUILD_SECONDS, env=self.environment()
            )
            if done.returncode:
                raise RuntimeError(f"{source.name} does not build:\n{done.stdout}{done.stderr}")
        self._check_header(out)
        return out

    def _check_header(self, out):
        """The header that the compiler took must come from the library under test."""
        wanted = str(self.prefix) if self.prefix else "/usr/include"
        for depfile in out.rglob("*.o.d"):
            words = depfile.read_text().split()
            headers = [word for word in words if word.endswith("/libwebsockets.h")]
            for header in headers:
                if not str(pathlib.Path(header).resolve()).startswith(wanted):
                    raise RuntimeError(f"{depfile.name} was built with {header}, not from {wanted}")

    def is_loaded_by(self, pid):
        """Does the process use this library's file, and no other libwebsockets?"""
        maps = pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()
        used = {line.split()[-1] for line in maps if "libwebsockets.so" in line}
        if self.is_reference:
            return bool(used) and all(path.startswith(("/usr/lib/", "/lib/")) for path in used)
        ours = str(self.library_dir().resolve())
        return bool(used) and all(path.startswith(ours) for path in used)

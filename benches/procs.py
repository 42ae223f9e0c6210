"""The processes of a measurement: the server on core 0, the load on core 1, both in a network of their own.

Only starts, asks and stops them (each by its own handle); what is measured, and why, is bench.py's matter.
"""

import fcntl
import glob
import itertools
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER_CORE, LOAD_CORE = 0, 1
IN_NAMESPACE = "LWS_BENCH_IN_NAMESPACE"


class BenchError(Exception):
    pass


def enter_namespace():
    """Runs this program again in an own network namespace, if that is possible here.

    There the ports are free and the congestion control is chosen: one that paces (bbr) makes loopback wait.
    """
    if os.environ.get(IN_NAMESPACE) or not shutil.which("unshare"):
        return
    if subprocess.run(["unshare", "-n", "true"], stderr=subprocess.DEVNULL).returncode == 0:
        os.environ[IN_NAMESPACE] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])


def _sysctl(name, value=None):
    path = "/proc/sys/net/ipv4/" + name
    try:
        if value is not None:
            with open(path, "w") as f:
                f.write(value)
        with open(path) as f:
            return f.read().split()
    except OSError:
        return ["unknown"]


def set_up_network():
    """Returns one sentence for the report."""
    if not os.environ.get(IN_NAMESPACE):
        return f"shared network, congestion control {_sysctl('tcp_congestion_control')[0]}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        siocsifflags, iff_up = 0x8914, 1
        fcntl.ioctl(s, siocsifflags, struct.pack("16sH14x", b"lo", iff_up))
    _sysctl("tcp_congestion_control", "reno")  # in every kernel
    _sysctl("ip_local_port_range", "10240 65535")
    return f"own network namespace, congestion control {_sysctl('tcp_congestion_control')[0]}"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def compile_all(out):
    """Builds the load generator, the one lws server, the one lws client with its peer, and (where libcrypto can be linked) the floor."""
    def cc(name, sources, *libs):
        paths = [os.path.join(HERE, s) for s in sources]
        cmd = ["gcc", "-O2", "-Wall", "-o", os.path.join(out, name), *paths, *libs]
        return subprocess.run(cmd, capture_output=True, text=True)

    load = ("load", ("load.c", "conn.c", "secure.c", "squeeze.c"), "-lssl", "-lcrypto", "-lz")
    server = ("echo_server", ("echo_server.c",), "-lwebsockets", "-ldl")
    client, peer = ("client", ("client.c",), "-lwebsockets"), ("peer", ("peer.c",), "-lssl", "-lcrypto")
    for name, sources, *libs in (load, server, client, peer):
        done = cc(name, sources, *libs)
        if done.returncode:
            raise BenchError(f"compiling {name}:\n{done.stderr}")
    cc("floor", ("floor.c",), "-lcrypto")
    cc("floor_client", ("floor_client.c",), "-O3")


def content(place):
    """A byte of a served file: conn.c's content() for http."""
    return (place * 0x9E3779B1 & 0xFFFFFFFF) >> 24


def make_site(out, sizes):
    """Files to serve, their names being their sizes, and certificates of both kinds of keys."""
    site = os.path.join(out, "site")
    os.makedirs(site)
    for size in sizes:
        with open(os.path.join(site, f"{size}.txt"), "wb") as f:
            f.write(bytes(content(n) for n in range(size)))
    kinds = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"]}
    for kind, key in kinds.items():
        done = subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-newkey", *key, "-days", "30", "-subj", "/CN=localhost",
             "-keyout", os.path.join(out, kind + ".key"), "-out", os.path.join(out, kind + ".pem")],
            capture_output=True, text=True)
        if done.returncode:
            raise BenchError(f"making a certificate:\n{done.stderr}")


def path_of(case):
    return f"/{case.size}.txt" if case.protocol == "http" else None


NGINX = """
daemon off; master_process off; worker_processes 1; pid {out}/nginx.pid; error_log stderr error;
worker_rlimit_nofile {nofile};
events {{ worker_connections {connections}; use epoll; multi_accept on; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_timeout 600; keepalive_requests 1000000000;
    types {{ }} default_type application/octet-stream;
    client_body_temp_path {out}/t1; proxy_temp_path {out}/t2; fastcgi_temp_path {out}/t3; uwsgi_temp_path {out}/t4;
    scgi_temp_path {out}/t5;
    server {{ listen 127.0.0.1:{port}{secure}; root {out}/site; }}
}}
"""


def reference_library():
    found = glob.glob("/usr/lib/*/libwebsockets.so.17")
    return found[0] if found else None


class Contender:
    """A library under its soname in a directory of its own, or (lib None) a program that needs none."""

    def __init__(self, name, out, lib=None, program="echo_server"):
        self.name, self.lib, self.program = name, lib and os.path.realpath(lib), os.path.join(out, program)
        self.env = dict(os.environ)
        if lib:
            directory = os.path.join(out, "lib-" + name)
            os.makedirs(directory)
            os.symlink(self.lib, os.path.join(directory, "libwebsockets.so.17"))
            self.env["LD_LIBRARY_PATH"] = directory


def _confined(core, nofile):
    """Both programs replace themselves, so the process that is started is the one that is measured."""
    return ["prlimit", f"--nofile={nofile}:{nofile}", "taskset", "-c", str(core)]


class Nginx:
    """Another server of files, beside the two libraries."""

    name, lib, program, env = "nginx", None, None, None
    numbers = itertools.count()

    def __init__(self, out):
        self.out = out

    def command(self, port, case, nofile):
        conf = os.path.join(self.out, f"nginx-{next(self.numbers)}.conf")
        secure = ""
        if case.secure:
            secure = f" ssl; ssl_certificate {self.out}/{case.secure}.pem; ssl_certificate_key {self.out}/{case.secure}.key"
        with open(conf, "w") as f:
            f.write(NGINX.format(out=self.out, port=port, secure=secure, nofile=nofile, connections=nofile - 100))
        return ["nginx", "-p", self.out, "-c", conf]

    @staticmethod
    def serves(case):
        return case.protocol == "http"


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Judged:
    """The process whose CPU time counts."""

    def _assert_loaded(self):
        with open(f"/proc/{self.pid}/maps") as f:
            loaded = set(re.findall(r"(/\S*libwebsockets\S*\.so\S*)$", f.read(), re.M))
        if loaded != {self.contender.lib}:
            self.stop()
            raise BenchError(f"{self.what} was to load {self.contender.lib} and has loaded {sorted(loaded)}")

    def memory(self):
        """Bytes that are this process's share: shared pages count in parts."""
        with open(f"/proc/{self.pid}/smaps_rollup") as f:
            return int(re.search(r"^Pss:\s+(\d+) kB", f.read(), re.M).group(1)) * 1024

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Server(Judged):
    what = "the server"

    def __init__(self, contender, nofile, case, out, wrapper=()):
        self.contender, self.port = contender, free_port()
        if isinstance(contender, Nginx):
            command = contender.command(self.port, case, nofile)
        else:
            command = [contender.program, "-p", str(self.port), "-m", "raw" if case.protocol == "raw" else "ws"]
            command += ["-d", os.path.join(out, "site")] if case.protocol == "http" else []
            command += ["-c", f"{out}/{case.secure}.pem", "-k", f"{out}/{case.secure}.key"] if case.secure else []
            command += ["-z"] if case.deflate else []
        self.process = subprocess.Popen(
            [*_confined(SERVER_CORE, nofile), *wrapper, *command], env=contender.env, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        if not self._ready():
            self.stop()
            raise BenchError(f"the server did not start on {contender.name}")
        if contender.lib:
            self._assert_loaded()

    def _ready(self):
        if not isinstance(self.contender, Nginx):
            return self.process.stdout.readline().strip() == "ready"
        for _ in range(500):
            if listens(self.port):
                return True
            time.sleep(0.01)
        return False


class Client(Judged):
    what = "the client"

    def __init__(self, contender, nofile, case, out, ports, wrapper=()):
        self.contender = contender
        program = os.path.join(out, "client") if contender.lib else contender.program + "_client"
        command = [program, "-c", str(ports[0]), "-p", str(ports[1]), "-m", case.protocol, "-s", str(case.size)]
        command += ["-t"] if case.secure else []
        self.process = subprocess.Popen(
            [*_confined(SERVER_CORE, nofile), *wrapper, *command], env=contender.env, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        if self.process.stdout.readline().strip() != "ready":
            self.stop()
            raise BenchError(f"the client did not start on {contender.name}")
        if contender.lib:
            self._assert_loaded()


class Commanded:
    """The process that makes the load, on the other core; takes commands and answers each with a line."""

    def _start(self, command, what, nofile):
        self.what = what
        self.process = subprocess.Popen([*_confined(LOAD_CORE, nofile), *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1)

    def ask(self, command):
        """The numbers of the answer."""
        try:
            self.process.stdin.write(command + "\n")
            answer = self.process.stdout.readline().split()
        except BrokenPipeError:
            answer = []
        if not answer:
            raise BenchError(f"{self.what}: '{command}' failed (see the message above)")
        return [int(x) for x in answer[1:]]

    def stop(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()
        self.process.stdout.close()


class Load(Commanded):
    def __init__(self, out, server, case, nofile):
        command = [os.path.join(out, "load"), "-p", str(server.port),
                   "-S", str(server.pid), "-s", str(case.size), "-w", str(case.window)]
        command += {"raw": ["-r"], "http": ["-G", path_of(case)]}.get(case.protocol, ["-P", case.protocol])
        command += (["-T"] if case.resume else ["-t"]) if case.secure else []
        command += ["-a", str(case.at_once)] if case.at_once else []
        command += ["-j" if case.json else "-z"] if case.deflate else []
        self._start(command, f"{case.name} on {server.contender.name}", nofile)


class Peer(Commanded):
    """The server that a client under test connects to."""

    def __init__(self, out, contender, case, nofile):
        command = [os.path.join(out, "peer"), "-m", case.protocol, "-s", str(case.size)]
        command += ["-c", f"{out}/{case.secure}.pem", "-k", f"{out}/{case.secure}.key"] if case.secure else []
        command += ["-T"] if case.resume else []
        self._start(command, f"{case.name} on {contender.name}", nofile)
        self.ports = [int(x) for x in self.process.stdout.readline().split()[1:]]


class Pair:
    """A server with its load, or a client with its peer, connected; use as a context manager."""

    def __init__(self, out, contender, case, nofile, wrapper=()):
        self.out, self.contender, self.case, self.nofile, self.wrapper = out, contender, case, nofile, wrapper

    def __enter__(self):
        if self.case.client:
            return self._enter_client()
        self.server = Server(self.contender, self.nofile, self.case, self.out, self.wrapper)
        self.load = Load(self.out, self.server, self.case, max(self.nofile, 20_000))
        return self

    def _enter_client(self):
        self.load = Peer(self.out, self.contender, self.case, max(self.nofile, 20_000))
        try:
            self.server = Client(self.contender, self.nofile, self.case, self.out, self.load.ports, self.wrapper)
        except BenchError:
            self.load.stop()
            raise
        self.load.ask(f"judge {self.server.pid}")
        return self

    def __exit__(self, *exc):
        self.load.stop()
        self.server.stop()

    def connect(self, idle):
        if self.case.kind == "messages":
            self.load.ask(f"open {self.case.conns}")
        if idle:
            self.load.ask(f"idle {idle}")

    def measure(self, ms):
        """CPU nanoseconds of the judged process per message (or megabyte of them), messages per second."""
        if self.case.kind == "upgrades":
            messages, wall, cpu = self.load.ask(f"upgrade {ms} {self.case.conns}")
        else:
            messages, wall, cpu = self.load.ask(f"run {ms}")[:3]
        per = (1 << 20) / self.case.size if self.case.per_mb else 1
        return cpu / messages * per, messages * 1e9 / wall


def wait_quiet(server):
    """Until the server has had no CPU for 30 ms: it has finished with what closed or opened."""
    def used():
        with open(f"/proc/{server.pid}/schedstat") as f:
            return f.read().split()[0]

    same, last = 0, used()
    for _ in range(500):
        time.sleep(0.01)
        new = used()
        same, last = (same + 1 if new == last else 0), new
        if same == 3:
            return

"""The cases of the benchmark, as data: what the load does, and the ratio aimed at (None: no aim is stated)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    name: str                # also what --case matches
    title: str
    size: int = 20
    conns: int = 1
    window: int = 1          # messages in flight per connection
    idle: int = 0            # more connections, which say nothing
    protocol: str = "echo"   # or whole, broadcast, raw, http; of a client: recv, send, get, connect
    secure: str = ""         # TLS with this kind of key: ec, rsa
    resume: bool = False     # TLS sessions are resumed
    deflate: bool = False    # permessage-deflate
    json: bool = False       # of JSON
    kind: str = "messages"   # or upgrades, memory
    aim: float | None = None
    quick: bool = False      # part of --quick
    at_once: int = 0         # connections opened at once, 0: as the load likes
    bytes_aim: int = 0       # memory: judged by the figure, not the ratio
    client: bool = False     # what is judged is the client
    per_mb: bool = False     # the figure is for 1 MB of messages


def _echo(size, word, conns, aim=None, quick=(), **more):
    kind = "deflate" if more.get("deflate") else "echo"
    for n in conns:
        yield Case(f"{kind}-{word}-{n}", f"{'deflate ' if more else ''}echo {word}, {n} conn.", size=size, conns=n, aim=aim, quick=n in quick, **more)


def _client(mode, what, sizes, aim=None, secure="", quick=()):
    for word, size in sizes:
        yield Case(f"client-{'tls-' * bool(secure)}{mode}-{word}", f"{'TLS ' * bool(secure)}client {what} {word}, 1 conn., per MB",
                   size=size, protocol=mode, secure=secure, aim=aim, quick=word in quick, client=True, per_mb=True)


_SIZES = (("1KB", 1024), ("64KB", 65536), ("1MB", 1 << 20))

CASES = [
    *_echo(20, "20B", (1,), aim=1.1, quick=(1,)),
    *_echo(20, "20B", (10,)),
    *_echo(20, "20B", (100, 1000), aim=1.1, quick=(100,)),
    *_echo(1024, "1KB", (10, 100, 1000), quick=(100,)),
    *_echo(65536, "64KB", (1,)),
    *_echo(65536, "64KB", (10, 100), aim=8.0, quick=(10,)),
    Case("whole-64KB-10", "echo 64KB by one lws_write, 10 conn.", size=65536, conns=10, protocol="whole"),
    Case("flight16-1", "16 in flight 20B, 1 conn.", window=16),
    Case("flight16-10", "16 in flight 20B, 10 conn.", conns=10, window=16, aim=13.0, quick=True),
    Case("flight16-100", "16 in flight 20B, 100 conn.", conns=100, window=16, aim=13.0),
    Case("idle-0", "100 active + 0 idle", conns=100),
    Case("idle-1000", "100 active + 1000 idle", conns=100, idle=1000, quick=True),
    Case("idle-10000", "100 active + 10 000 idle", conns=100, idle=10_000, aim=20.0),
    Case("one-of-10000", "1 active + 10 000 idle", conns=1, idle=10_000),
    Case("broadcast-100B-1000", "broadcast 100B to 1000", size=100, conns=1000, protocol="broadcast", aim=1.1,
         quick=True),
    Case("broadcast-16KB-100", "broadcast 16KB to 100", size=16384, conns=100, protocol="broadcast"),
    Case("raw-20B-100", "raw TCP echo 20B, 100 conn.", conns=100, protocol="raw"),
    Case("upgrades", "upgrade and close, 10 at once", conns=10, kind="upgrades", aim=0.98, quick=True),
    Case("memory", "bytes per idle ws connection", idle=10_000, kind="memory", quick=True, bytes_aim=1024),
    *(Case(f"{name}-{word}", f"{name} GET {word}, 10 conn.", size=size, conns=10, protocol="http", secure=key, aim=aim,
           quick=name == "http")
      for name, key, aims in (("http", "", (1.6, 15.0)), ("https", "ec", (None, 3.0)))
      for word, size, aim in zip(("1KB", "1MB"), (1024, 1 << 20), aims)),
    Case("memory-http", "bytes per idle http connection", size=1024, idle=10_000, kind="memory", protocol="http",
         quick=True, bytes_aim=512),
    Case("tls-20B-10", "TLS echo 20B, 10 conn.", conns=10, secure="ec", quick=True),
    Case("tls-64KB-10", "TLS echo 64KB, 10 conn.", size=65536, conns=10, secure="ec", aim=2.4),
    Case("tls-flight16-10", "TLS, 16 in flight 20B, 10 conn.", conns=10, window=16, secure="ec", aim=14.0),
    *(Case(f"tls-upgrades-{word}", f"TLS upgrade and close, {word}", conns=10, kind="upgrades", secure=key, resume=resume,
           quick=resume)
      for word, key, resume in (("EC", "ec", False), ("RSA", "rsa", False), ("resumed", "ec", True))),
    Case("memory-tls", "bytes per idle TLS ws connection", idle=5000, kind="memory", secure="ec", bytes_aim=15 * 1024),
    Case("memory-tls-8", "the same, opened 8 at once", idle=5000, kind="memory", secure="ec", at_once=8, bytes_aim=15 * 1024),
    *_echo(100, "100B", (10,), deflate=True),
    *_echo(1024, "1KB", (10,), deflate=True),
    # with two such connections at once the reference answers wrong bytes and hangs
    *_echo(65536, "64KB", (1,), deflate=True),
    Case("deflate-whole-64KB-1", "deflate echo 64KB by one lws_write, 1 conn.", size=65536, protocol="whole", deflate=True,
         aim=2.9),
    Case("deflate-json-64KB-1", "deflate echo 64KB of JSON by one lws_write, 1 conn.", size=65536, protocol="whole", deflate=True,
         json=True),
    *_client("recv", "receives", _SIZES, aim=25.0, quick=("64KB",)),
    *_client("recv", "receives", _SIZES, aim=6.0, secure="ec"),
    *_client("send", "sends", _SIZES, aim=15.0, quick=("64KB",)),
    *_client("send", "sends", _SIZES[1:2], secure="ec"),
    *(Case(f"client-{name}-get", f"{title} client GET 1KB on a kept conn.", size=1024, protocol="get", secure=key, aim=1.0,
           client=True, quick=not key)
      for name, title, key in (("http", "http", ""), ("https", "https", "ec"))),
    Case("client-upgrades", "client upgrade and close, 10 at once", protocol="connect", aim=0.98, client=True),
    *(Case(f"client-tls-upgrades{more}", f"TLS client upgrade and close{title}", protocol="connect", secure="ec", resume=bool(more),
           aim=0.98, client=True)
      for more, title in (("", ""), ("-resumed", ", tickets offered"))),
]

QUICK_IDLE = 2000

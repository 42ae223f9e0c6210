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
    protocol: str = "echo"   # or whole, broadcast, raw
    kind: str = "messages"   # or upgrades, memory
    aim: float | None = None
    quick: bool = False      # part of --quick


def _echo(size, word, conns, aim=None, quick=(), **more):
    for n in conns:
        yield Case(f"echo-{word}-{n}", f"echo {word}, {n} conn.", size=size, conns=n, aim=aim, quick=n in quick, **more)


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
    Case("memory", "bytes per idle ws connection", idle=10_000, kind="memory", quick=True),
]

# Memory is judged by the figure, not the ratio.
MEMORY_AIM_BYTES = 1024
QUICK_IDLE = 2000

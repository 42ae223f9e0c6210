#!/usr/bin/env python3
"""A long mixed load with random ends: a million requests and messages on one server.

    soak.py [--count N] [--asan | --valgrind] [--option threads=4]

Four processes keep connections open that GET (small and large), POST by length and in chunks, keep alive, speak ws with and
without permessage-deflate, plain and over TLS, and end at random points by FIN, reset, or a proper close. Every answer that is read
is checked. At the end the server must serve, have the same descriptors, and memory must not grow from the first half to the second.
"""

import multiprocessing
import os
import random
import sys
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import peer  # noqa: E402
import run  # noqa: E402
import volume  # noqa: E402
from peer import BINARY, PING, TEXT, close_frame, frame, request  # noqa: E402
from server import INDEX, until  # noqa: E402

WORKERS = 4
LARGE = bytes(range(256)) * 32768


def open_peer(target, rng):
    if rng.random() < .05:
        return peer.TlsPeer(target.tls_port, 60)
    return peer.Peer(target.port, 60)


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def http(target, rng):
    """Requests on one connection; how many were answered."""
    done = 0
    with open_peer(target, rng) as p:
        for _ in range(rng.randrange(1, 60)):
            kind = rng.random()
            if kind < .45:
                p.send(request())
                check(p.response()[::2] == (200, INDEX), "page")
            elif kind < .46:
                p.send(request("/big.txt"))
                if rng.random() < .5:
                    p.reset()
                    return done
                check(p.response()[2] == LARGE, "large file")
            elif kind < .6:
                batch = rng.randrange(2, 12)
                p.send(request() * batch)
                for _ in range(batch):
                    check(p.response()[::2] == (200, INDEX), "pipelined page")
                done += batch - 1
            elif kind < .8:
                body = bytes(rng.randrange(5000))
                data = request("/post", "POST", headers=[f"Content-Length: {len(body)}"], body=body)
                at = rng.randrange(len(data))
                p.send(data[:at], data[at:])
                check(p.response()[::2] == (200, b"%d bytes\n" % len(body)), "upload")
            elif kind < .95:
                sizes = [rng.randrange(1, 3000) for _ in range(rng.randrange(5))]
                body = b"".join(b"%x\r\n%s\r\n" % (n, bytes(n)) for n in sizes) + b"0\r\n\r\n"
                p.send(request("/post", "POST", headers=["Transfer-Encoding: chunked"], body=body))
                check(p.response()[::2] == (200, b"%d bytes\n" % sum(sizes)), "chunked upload")
            else:
                p.send_some(request("/post", "POST", headers=["Content-Length: 100"], body=bytes(rng.randrange(99))))
                if rng.random() < .7:
                    p.reset()
                return done
            done += 1
    return done


def ws(target, rng):
    """Messages on one connection; how many came back."""
    done = 0
    deflate = rng.random() < .4
    with open_peer(target, rng) as p:
        p.handshake("echo", "permessage-deflate; client_no_context_takeover" if deflate else None)
        z = zlib.decompressobj(wbits=-15)
        for _ in range(rng.randrange(1, 40)):
            messages = [rng.randbytes(4).hex().encode() * rng.choice([0, 1, 5, 30, 300])
                        for _ in range(rng.randrange(1, 12))]
            data = b""
            for m in messages:
                if deflate and rng.random() < .7:
                    data += frame(TEXT, peer.deflated(m) or b"\0", rsv=4)
                elif rng.random() < .2:
                    at = rng.randrange(len(m) + 1)
                    data += frame(BINARY, m[:at], fin=False) + frame(PING, b"between") + frame(0, m[at:])
                else:
                    data += frame(TEXT, m)
            if rng.random() < .02:
                p.send_some(data[:rng.randrange(len(data))])
                p.reset()
                return done
            at = rng.randrange(len(data))
            p.send(data[:at], data[at:])
            for m in messages:
                check(p.message(z) == m, "message")
            done += len(messages)
        if rng.random() < .5:
            p.send(close_frame(1000))
            check(p.close_code() == 1000, "close")
        elif rng.random() < .5:
            p.reset()
    return done


def work(target, seed, count, done, failures):
    rng = random.Random(seed)
    mine = 0
    while mine < count:
        try:
            n = (http if rng.random() < .4 else ws)(target, rng)
        except (AssertionError, peer.Closed, OSError, ValueError) as e:
            failures.put(f"worker {seed}: {e!r}")
            n = 1
        mine += n
        with done.get_lock():
            done.value += n


def half(target, first_seed, count):
    """So many, by all workers. What failed."""
    done, failures = multiprocessing.Value("q", 0), multiprocessing.SimpleQueue()
    workers = [multiprocessing.Process(target=work, args=(target, first_seed + n, count // WORKERS, done, failures))
               for n in range(WORKERS)]
    for w in workers:
        w.start()
    failed = []
    while any(w.is_alive() for w in workers):
        for w in workers:
            w.join(0.2)
        while not failures.empty():
            failed.append(failures.get())
    while not failures.empty():
        failed.append(failures.get())
    failed += [f"a worker ended with {w.exitcode}" for w in workers if w.exitcode]
    return done.value, failed


def main():
    opts = run.options(["--count"])
    os.makedirs(opts.work, exist_ok=True)
    volume.allow_files(8192)
    target = run.start(opts, run.build(opts, "server"))
    target.alive()
    until(target.rests, "the server rests", 20 * target.slow)
    before, began, total, failed, memory = target.balance(), time.monotonic(), 0, [], []
    for part in range(4):
        done, bad = half(target, part * 100, opts.count // 4)
        total += done
        failed += bad
        target.settled(before)
        memory.append(target.memory())
    cpu, wall = target.cpu_ns() / 1e9, time.monotonic() - began
    fds = target.fds()
    target.end()
    print(f"{total} requests and messages in {wall:.0f} s, server CPU {cpu:.1f} s; failures {len(failed)}; "
          f"descriptors {before[0]} -> {fds}; memory after each quarter {memory} KiB")
    for line in failed[:10]:
        print(line)
    grew = memory[-1] - memory[1]
    if grew > run.GROWTH_KIB and not (opts.asan or opts.valgrind):
        print(f"memory grew by {grew} KiB in the second half")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

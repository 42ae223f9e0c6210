#!/usr/bin/env python3
"""The benchmark: one server program on the reference and on ours, in alternation; and one client program.

    benches/bench.py [--ours FILE] [--ref FILE] [--quick] [--case NAME ...] [--floor] [--write docs/performance.md]
    benches/bench.py --instructions CASE ...
    benches/bench.py --list

Judged is the CPU time of that process per message (/proc/PID/task/*/schedstat): it holds within a few per cent on
a busy machine, rates do not. Both servers of a case are up and connected; timed runs alternate between them; the figure
is the median, the ratio is reference/ours, so more than 1 means that ours needs less. Before timing, messages with
contents of their own go through and are compared. Needs gcc, the reference's -dev package, taskset; two cores.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import cases
import procs

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


def arguments():
    root = os.path.dirname(procs.HERE)
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(root, "target"))
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--ours", default=os.path.join(target, "release", "libwebsockets.so"), help="the library to judge")
    p.add_argument("--ref", default=procs.reference_library(), help="the library to compare with")
    p.add_argument("--floor", action="store_true", help="also the least code on epoll (floor.c, floor_client.c)")
    p.add_argument("--quick", action="store_true", help="some cases, short runs: under a minute")
    p.add_argument("--case", nargs="+", metavar="NAME", default=[], help="only these; a beginning serves for several")
    p.add_argument("--runs", type=int, help="timed runs per library (9; quick 5)")
    p.add_argument("--ms", type=int, help="milliseconds per run (200; quick 80)")
    p.add_argument("--nofile", type=int, default=20_000, help="RLIMIT_NOFILE of the servers")
    p.add_argument("--write", metavar="FILE", help="put the table between the markers of this file")
    p.add_argument("--instructions", action="store_true",
                   help="user instructions and system calls per message instead of time (valgrind, strace)")
    p.add_argument("--list", action="store_true", help="names of the cases")
    args = p.parse_args()
    args.runs = args.runs or (5 if args.quick else 9)
    args.ms = args.ms or (80 if args.quick else 200)
    return args


def chosen(args):
    if args.case:
        names = {c.name for c in cases.CASES}
        found = [c for c in cases.CASES
                 if any(c.name == n or n not in names and c.name.startswith(n) for n in args.case)]
        if not found:
            raise procs.BenchError(f"no case begins with {' or '.join(args.case)}; see --list")
        return found
    return [c for c in cases.CASES if c.quick or not args.quick]


def idle_count(case, args):
    return min(case.idle, cases.QUICK_IDLE) if args.quick else case.idle


def time_case(case, contenders, args, out):
    """Per contender the runs' CPU per message in microseconds, and messages per second."""
    pairs = [procs.Pair(out, c, case, args.nofile) for c in contenders]
    entered = []
    try:
        for pair in pairs:
            entered.append(pair.__enter__())
            pair.connect(idle_count(case, args))
            if case.kind == "messages":
                pair.load.ask("check")
        runs = [[] for _ in pairs]
        for _ in range(args.runs):
            for k, pair in enumerate(pairs):
                pair.measure(args.ms // 5)  # what ran before on these cores is out of the caches again
                runs[k].append(pair.measure(args.ms))
    finally:
        for pair in entered:
            pair.__exit__(None, None, None)
    return [[(cpu / 1000, rate) for cpu, rate in r] for r in runs]


def memory_case(case, contenders, args, out):
    """Bytes per idle connection: growth of the server's share of memory over many connections."""
    count, result = idle_count(case, args), []
    for c in contenders:
        with procs.Pair(out, c, case, args.nofile) as pair:
            pair.load.ask("open 20")  # what is allocated once is there
            pair.load.ask("check")
            before = pair.server.memory()
            pair.connect(count)
            procs.wait_quiet(pair.server)
            result.append((pair.server.memory() - before) / count)
    return result


def figure(x):
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def verdict(met):
    return "met" if met else "short"


def beside(case, contender):
    """Whether a contender that is no library takes part in the case."""
    if isinstance(contender, procs.Nginx):
        return contender.serves(case)
    if case.client and not contender.lib:
        return case.protocol in ("recv", "send") and not case.secure
    return contender.lib or case.protocol != "http" and not case.secure and not case.deflate


def table_row(case, everyone, args, out):
    """One row; those who do not take part have an empty cell."""
    part = [beside(case, c) for c in everyone]
    cells = measured_row(case, [c for c, yes in zip(everyone, part) if yes], args, out)
    more = iter(cells[6:])
    return cells[:6] + [next(more) if yes else "" for yes in part[2:]]


def measured_row(case, contenders, args, out):
    if case.kind == "memory":
        values = memory_case(case, contenders, args, out)
        aim = f"<= {case.bytes_aim} B: {verdict(values[1] <= case.bytes_aim)}"
        cells = [f"{v:.0f} B" for v in values[:2]] + [figure(values[0] / values[1]) if values[1] > 0 else "-", "", aim]
        return [case.title, *cells, *(f"{v:.0f} B" for v in values[2:])]
    runs = time_case(case, contenders, args, out)
    medians = [statistics.median(cpu for cpu, _ in r) for r in runs]
    ratio = medians[0] / medians[1]
    each = sorted(a[0] / b[0] for a, b in zip(runs[0], runs[1]))
    aim = "" if case.aim is None else f">= {case.aim}: {verdict(ratio >= case.aim)}"
    spread = f"{figure(each[0])}-{figure(each[-1])}"
    row = [case.title, figure(medians[0]), figure(medians[1]), figure(ratio), spread, aim]
    return row + [f"{figure(m)} ({figure(medians[0] / m)})" for m in medians[2:]]


def markdown(rows):
    widths = [max(len(r[k]) for r in rows) for k in range(len(rows[0]))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(r, widths)) + " |" for r in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def conditions(args, network):
    model = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())
    return (f"CPU microseconds of the server process (in rows of a client: the client's) per message, medians of {args.runs} "
            f"alternated runs of {args.ms} ms; "
            f"{os.cpu_count()} cores ({model.group(1).strip() if model else os.uname().machine}), Linux "
            f"{os.uname().release.split('-')[0]}; judged process on core {procs.SERVER_CORE}, load on core {procs.LOAD_CORE}; "
            f"RLIMIT_NOFILE of the servers {args.nofile}; {network}; {time.strftime('%Y-%m-%d')}.")


def write_into(path, text):
    with open(path) as f:
        old = f.read()
    if BEGIN not in old or END not in old:
        raise procs.BenchError(f"{path} has no {BEGIN} and {END}")
    head, tail = old.split(BEGIN)[0], old.split(END)[1]
    with open(path, "w") as f:
        f.write(f"{head}{BEGIN}\n{text}\n{END}{tail}")


def show_times(args, contenders, out, network):
    rows = [["case", "reference", "ours", "ratio", "over the runs", "aim", *(c.name for c in contenders[2:])]]
    failed = 0
    for case in chosen(args):
        try:
            rows.append(table_row(case, contenders, args, out))
        except procs.BenchError as e:
            failed += 1
            print(f"bench: {e}", file=sys.stderr)
            rows.append([case.title, "", "failed", *[""] * (len(rows[0]) - 3)])
        print("  ".join(rows[-1]), file=sys.stderr, flush=True)
    text = conditions(args, network) + "\n\n" + markdown(rows)
    print(text)
    if args.write and not failed:
        write_into(args.write, text)
    return 1 if failed else 0


# Counting: the same session twice with different numbers of messages; the difference has no start-up in it.

def counted(case, contender, args, out, wrapper, read):
    totals, amounts = [], (1000, 3000) if case.size < 10_000 else (100, 300)
    for amount in amounts:
        log = os.path.join(out, f"{contender.name}-{wrapper[0]}-{case.name}-{amount}.log")
        with procs.Pair(out, contender, case, args.nofile, [a.format(log=log) for a in wrapper]) as pair:
            pair.connect(idle_count(case, args))
            amount_done = pair.load.ask(f"count {amount}")[0]
        totals.append((amount_done, read(log)))
    (n1, t1), (n2, t2) = totals
    return (t2 - t1) / (n2 - n1)


def read_callgrind(log):
    """The summary is written at the end, after the process was told to go."""
    for _ in range(500):
        with open(log) as f:
            total = re.search(r"^(?:summary|totals): (\d+)", f.read(), re.M)
        if total:
            return int(total.group(1))
        time.sleep(0.01)
    raise procs.BenchError("callgrind wrote no summary")


def read_strace(log):
    """-D makes strace the server's child, not its parent: it may finish a little later."""
    for _ in range(500):
        with open(log) as f:
            total = re.search(r"^100\.00\s+\S+\s+\S+\s+(\d+).*total$", f.read(), re.M)
        if total:
            return int(total.group(1))
        time.sleep(0.01)
    raise procs.BenchError("strace wrote no summary")


def show_counts(args, contenders, out):
    callgrind = ["valgrind", "-q", "--tool=callgrind", "--callgrind-out-file={log}"]
    tools = [("user instructions", callgrind, read_callgrind),
             ("system calls", ["strace", "-D", "-f", "-c", "-o", "{log}"], read_strace)]
    rows = [["case", "per message", "reference", "ours", "ratio", *(c.name for c in contenders[2:])]]
    for case in chosen(args):
        if case.kind != "messages":
            continue
        for what, wrapper, read in tools:
            if not shutil.which(wrapper[0]):
                print(f"{what}: no {wrapper[0]} here", file=sys.stderr)
                continue
            try:
                v = [counted(case, c, args, out, wrapper, read) if beside(case, c) else None for c in contenders]
            except procs.BenchError as e:
                print(f"bench: {case.title}, {what}: {e}", file=sys.stderr)
                continue
            more = ["" if x is None else figure(x) for x in v[2:]]
            rows.append([case.title, what, figure(v[0]), figure(v[1]), figure(v[0] / v[1]), *more])
    print(markdown(rows))


def main():
    args = arguments()
    if args.list:
        for c in cases.CASES:
            print(f"{c.name:22}{'quick  ' if c.quick else '       '}{c.title}")
        return 0
    procs.enter_namespace()
    network = procs.set_up_network()
    for lib in (args.ref, args.ours):
        if not lib or not os.path.exists(lib):
            raise procs.BenchError(f"no library {lib}")
    with tempfile.TemporaryDirectory(prefix="lws-bench-") as out:
        procs.compile_all(out)
        procs.make_site(out, {c.size for c in cases.CASES if c.protocol == "http"})
        contenders = [procs.Contender("reference", out, args.ref), procs.Contender("ours", out, args.ours)]
        if args.floor:
            contenders.append(procs.Contender("floor", out, program="floor"))
        if shutil.which("nginx"):
            contenders.append(procs.Nginx(out))
        if args.instructions:
            show_counts(args, contenders, out)
            return 0
        return show_times(args, contenders, out, network)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except procs.BenchError as e:
        sys.exit(f"bench: {e}")

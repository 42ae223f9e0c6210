#!/usr/bin/env python3
"""Everything a libwebsockets.h gives a program, as sorted text; and how two of them differ.

usage: capi/probe.py [-I DIR]...                 prints the probe of the header found there
       capi/probe.py --compare REFERENCE-DIR OURS-DIR ALLOWED-FILE
           REFERENCE-DIR and OURS-DIR hold a libwebsockets.h; ALLOWED-FILE lists, one a line with a leading
           "- " or "+ ", what only the reference or only ours may give; # begins a comment.
           Exit status 1, and every line printed, if anything else differs or an allowed line no longer occurs.

One line each for: prototypes (types only, as gcc prints them), macros (integer macros by value, others by text, macros
with arguments by their arguments), enumerators with values, members of records with offsets and sizes.
Needs gcc, readelf and pahole (apt install gcc binutils dwarves).
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

SYSTEM = ["poll.h", "netdb.h", "unistd.h", "stdint.h", "stddef.h", "stdlib.h", "string.h", "stdarg.h", "pthread.h",
          "openssl/ssl.h", "openssl/err.h", "sys/capability.h", "sys/time.h", "sys/types.h", "netinet/in.h"]
RECORDS = re.compile(r"(lws|_lws|lejp|_lejp|lsp|humanize|gpio|pwm)")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Probe:
    def __init__(self, include, directory):
        self.gcc = ["gcc", *include]
        self.directory = directory
        self.source = self.write("probe.c", "#include <libwebsockets.h>\n")

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def prototypes(self):
        path = os.path.join(self.directory, "aux")
        run(*self.gcc, "-aux-info", path, "-fsyntax-only", self.source)
        with open(path) as file:
            for line in file:
                found = re.match(r"/\* (.*?):\d+:\w+ \*/ (.*)", line)
                if found and ("libwebsockets" in found[1] or "lws" in found[1]):
                    # inline functions: drop gcc's note of the parameters' names
                    yield re.sub(r"\s*/\*.*\*/", "", found[2]).strip()

    def macros(self, functions):
        before = self.write("system.c", "".join(f"#include <{h}>\n" for h in SYSTEM))
        known = {d.split()[1].split("(")[0] for d in run("gcc", "-E", "-dM", before).splitlines()}
        plain = []
        for line in run(*self.gcc, "-E", "-dM", self.source).splitlines():
            name, _, body = line[len("#define "):].partition(" ")
            body = " ".join(body.split()).replace("__ (", "__(")
            if "(" in name:
                arguments = line[len("#define "):].split(")")[0] + ")"
                if name.split("(")[0] not in known and not name.startswith("__"):
                    yield "macro " + " ".join(arguments.split())
            elif name in known or name.startswith("__") or (body == "" and name.endswith("_H")):
                continue
            elif body == "" or body[0] == '"' or name in functions or body in functions:
                yield f"macro {name} : {body}".rstrip()
            else:
                plain.append((name, body))
        numbers = self.numbers(plain)
        for name, body in plain:
            yield f"macro {name} = {numbers[name]}" if name in numbers else f"macro {name} : {body}"

    def numbers(self, macros):
        """The values of those macros that are integer constants."""
        left = macros
        while True:
            tests = "".join(f'_Static_assert((({name}) & 0) == 0, "");\n' for name, _ in left)
            path = self.write("test.c", "#include <libwebsockets.h>\n" + tests)
            errors = subprocess.run([*self.gcc, "-fsyntax-only", "-w", "-fmax-errors=0", path],
                                    capture_output=True, text=True).stderr
            bad = {int(n) - 2 for n in re.findall(r"test\.c:(\d+):\d+: (?:error|note: in expansion)", errors)}
            if not bad:
                break
            left = [macro for i, macro in enumerate(left) if i not in bad]
        prints = "".join(f'printf("{name} %lld\\n", (long long)({name}));\n' for name, _ in left)
        path = self.write("print.c", f"#include <stdio.h>\n#include <libwebsockets.h>\nint main(void){{{prints}}}\n")
        program = os.path.join(self.directory, "print")
        run(*self.gcc, "-w", "-o", program, path)
        return dict(line.split() for line in run(program).splitlines())

    def types(self):
        path = os.path.join(self.directory, "probe.o")
        run(*self.gcc, "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types",
            "-fno-eliminate-unused-debug-symbols", "-c", self.source, "-o", path)
        yield from enumerators(run("readelf", "--debug-dump=info", path))
        yield from records(run("pahole", path))

    def lines(self):
        prototypes = set(self.prototypes())
        functions = {m[1] for m in (re.search(r"(\w+) \(", p) for p in prototypes) if m}
        return prototypes | set(self.macros(functions)) | set(self.types())


def enumerators(dwarf):
    name = None
    inside = False
    for line in dwarf.splitlines():
        entry = re.search(r"Abbrev Number: \d+ \((DW_TAG_\w+)\)", line)
        if entry:
            inside = entry[1] == "DW_TAG_enumerator"
        elif inside:
            found = re.search(r"DW_AT_name\s*:\s*(?:\(indirect[^)]*\): )?(\S+)", line)
            name = found[1] if found else name
            found = re.search(r"DW_AT_const_value\s*:\s*(\S+)", line)
            if found:
                yield f"enumerator {name} = {found[1]}"


def records(pahole):
    for block in re.split(r"\n(?=(?:struct|union) )", "\n" + pahole):
        head = re.match(r"\n?(struct|union) (\w+) \{", block)
        if not head or not RECORDS.match(head[2]):
            continue
        title = f"{head[1]} {head[2]}"
        size = re.search(r"/\* size: (\d+)", block)
        yield f"{title} | size {size[1] if size else '?'}"
        path = []
        for line in block.splitlines()[2:]:
            text = " ".join(line.split())
            if text.startswith("/*") or not text:
                continue
            if re.match(r"(struct|union) \{", text):
                path.append(text.split()[0])
            else:
                yield f"{title} | {' '.join([*path, text])}"
                if text.startswith("}") and path:
                    path.pop()


def probe(include):
    for tool, package in ("gcc", "gcc"), ("readelf", "binutils"), ("pahole", "dwarves"):
        if not shutil.which(tool):
            sys.exit(f"probe.py: {tool} is missing: apt install {package}")
    with tempfile.TemporaryDirectory() as directory:
        return Probe(include, directory).lines()


def allowed(path):
    with open(path) as file:
        lines = (line.rstrip("\n") for line in file)
        return {line for line in lines if line and not line.startswith("#")}


def compare(reference, ours, path):
    a, b = probe(["-I", reference]), probe(["-I", ours])
    found = {f"- {line}" for line in a - b} | {f"+ {line}" for line in b - a}
    listed = allowed(path)
    for line in sorted(found - listed):
        print("differs:", line)
    for line in sorted(listed - found):
        print("allowed, but does not occur:", line)
    print(f"probe: {len(a)} lines in the reference, {len(b)} in ours, {len(found & listed)} allowed differences")
    return 0 if found == listed else 1


if sys.argv[1:2] == ["--compare"] and len(sys.argv) == 5:
    sys.exit(compare(*sys.argv[2:]))
elif not sys.argv[1:] or sys.argv[1].startswith("-I"):
    print("\n".join(sorted(probe(sys.argv[1:]))))
else:
    sys.exit(__doc__)

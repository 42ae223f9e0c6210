"""Reading case files: scenarios with their server arguments and steps.

Used by run.py; README.md explains the format.
"""

import os
import shlex


def scenarios(path):
    """Read a case file: a list of (title, server arguments, steps)."""
    found, vary = [], []
    title, srv, steps = None, "", []

    def finish():
        if title is None:
            return
        combos = [{}]
        for name, values in vary:
            combos = [dict(c, **{name: v}) for c in combos for v in values]
        for combo in combos:
            def put(text, combo=combo):
                text = text.replace("$ID", str(os.getpid()))
                for k, v in combo.items():
                    text = text.replace("$" + k, v)
                return text
            args = [a.replace("\\r", "\r").replace("\\n", "\n")
                    for a in shlex.split(put(srv))]
            found.append((put(title), args, [put(s) for s in steps]))

    with open(path, encoding="utf-8") as f:
        for raw in f:
            line = raw.rstrip("\n")
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if line.startswith("== "):
                finish()
                title, srv, steps, vary = line[3:], "", [], []
            elif line == "srv" or line.startswith("srv "):
                srv += line[3:]
            elif line.startswith("each "):
                words = line.split()
                vary.append((words[1], words[2:]))
            else:
                steps.append(line.strip())
    finish()
    return found

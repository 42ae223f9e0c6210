"""Comparing traces: the exception list, expected texts, and differences.

exceptions.txt is the only place where a difference between the reference and
ours is allowed, each with its reason. Used by run.py only.
"""

import difflib
import fnmatch
import os
import re

KINDS = ("drop-ours", "drop-both", "drop-ref-after", "drop-both-after", "sub-both", "sub-ours", "sub-ref", "expected",
         "skip-ref", "skip-ours")


class Rule:
    """One exception: which tests, what happens to the trace, why."""

    def __init__(self, tests):
        self.tests = tests
        self.does = []
        self.why = ""
        self.used = False

    def matches(self, name):
        return any(fnmatch.fnmatchcase(name, t) for t in self.tests)


def load(path):
    """Paragraphs of `test:`, one or more actions, `why:`."""
    rules, rule = [], None
    with open(path, encoding="utf-8") as f:
        for number, raw in enumerate(f, 1):
            line = raw.rstrip("\n")
            if line.startswith("#") or not line.strip():
                continue
            key, _, value = line.partition(":")
            value = value.strip()
            if raw[0] in " \t" and rule:
                rule.why += " " + line.strip()
            elif key == "test":
                if rule is None or rule.why:
                    rule = Rule([])
                    rules.append(rule)
                rule.tests.append(value)
            elif key == "why" and rule:
                rule.why = value
            elif key in KINDS and rule:
                rule.does.append((key, value))
            else:
                raise SystemExit("%s:%d: not understood" % (path, number))
    for rule in rules:
        if not rule.why or not rule.does:
            raise SystemExit("%s: %s needs an action and a why" % (
                path, rule.tests))
    return rules


def has(rules, name, kind):
    """The first rule of that kind for that test."""
    for rule in rules:
        if rule.matches(name) and any(k == kind for k, _ in rule.does):
            return rule
    return None


def without_later(lines, mark, pattern):
    """Lines without those that match `pattern` and come after a `mark`."""
    kept, marked = [], False
    for line in lines:
        if not (marked and re.search(pattern, line)):
            kept.append(line)
        marked = marked or bool(re.search(mark, line))
    return kept


def filtered(rules, name, lib, lines):
    """The lines of a trace after the exceptions."""
    for rule in rules:
        if not rule.matches(name):
            continue
        for kind, value in rule.does:
            if kind == "drop-both-after" or (
                    kind == "drop-ref-after" and lib == "ref"):
                kept = without_later(lines, *value.split(" => "))
                rule.used = rule.used or kept != lines
                lines = kept
            if kind not in ("drop-ours", "drop-both", "sub-both", "sub-ours",
                            "sub-ref"):
                continue
            if kind.endswith(("ours", "ref")) and not kind.endswith(lib):
                continue
            before = lines
            if kind.startswith("drop"):
                lines = [x for x in lines if not re.search(value, x)]
            else:
                pattern, _, into = value.partition(" =>")
                lines = [re.sub(pattern, into.strip(), x) for x in lines]
            rule.used = rule.used or lines != before
    return lines


def expected(case_path, title):
    """The text that ours must give where it differs on purpose."""
    path = os.path.splitext(case_path)[0] + ".expected"
    if not os.path.exists(path):
        return None
    found, wanted = None, False
    with open(path, encoding="utf-8") as f:
        for raw in f:
            line = raw.rstrip("\n")
            if line.startswith("== "):
                wanted = line[3:] == title
                if wanted:
                    found = []
            elif wanted:
                found.append(line)
    while found and not found[-1]:
        found.pop()
    return found


def diff(a, b, name_a, name_b, limit=80):
    """A unified difference, cut when it is long."""
    out = list(difflib.unified_diff(a, b, name_a, name_b, lineterm="", n=4))
    if len(out) > limit:
        out = out[:limit] + ["... %d lines more" % (len(out) - limit)]
    return out

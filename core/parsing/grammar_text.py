"""Grammars as text, and what is wrong with one, told line by line.

    S  -> NP VP [1.0]                 a rule and its probability
    VP -> Vi [0.4] | Vt NP [0.4]      several of one left side
        | VP PP [0.2]                 and further ones below
    NN -> 'man' [0.7] | "o'clock" [0.3]      words stand in quotes, either kind
    %start S                          else the left side of the first rule is the start
    # a comment

→, ⇒ and ::= are arrows too. Either all rules have probabilities or none.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import (  # type: ignore[import-untyped]
    breadth_first_order,
    connected_components,
)

from core.errors import require
from core.parsing.grammar import Grammar, Symbol, build
from core.parsing.problem import Problem

CHARACTERS = 20_000_000
FATAL = 200  # problems of writing that are told
TOLD = 20  # warnings of one kind that are told
CLOSE = 1e-6  # sums this near to one are one

TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>#.*)|(?P<arrow>->|→|⇒|::=)|(?P<bar>\|)"
    r"|(?P<word>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<p>\[[^\]]*\])"
    r"|(?P<name>(?:(?!->|→|⇒|::=)[^\s|\[\]'\"#])+)|(?P<odd>.)"
)
EMPTY = {"ε", "epsilon", "<eps>"}


@dataclass(frozen=True, eq=False)
class Parsed:
    """What was read: no grammar where a problem is fatal."""

    grammar: Grammar | None
    problems: tuple[Problem, ...]  # in the order of the lines


@dataclass(slots=True)
class _Entry:
    left: str
    right: list[Symbol]
    p: float | None
    line: int
    column: int


def parse(text: str) -> Parsed:
    """Read a grammar. Raises SettingError only where the text is too long to be looked at."""
    require(len(text) <= CHARACTERS, "grammar", wanted=f"at most {CHARACTERS:,} characters",
            given=f"{len(text):,}")  # fmt: skip
    problems: list[Problem] = []
    entries: list[_Entry] = []
    start: tuple[str, int] | None = None
    left = None  # of the line before, for lines that begin with |
    for number, line in enumerate(text.splitlines(), 1):
        if len(problems) >= FATAL:
            break
        body = line.strip()
        if body.startswith("%"):
            parts = body.split("#")[0].split()
            if parts[0] == "%start" and len(parts) == 2:
                start = (parts[1], number)
            else:
                problems.append(Problem(number, 1, "only %start and a category may follow a %."))
        elif body:
            left = _line(line, number, left, entries, problems)
    if not entries and not any(problem.fatal for problem in problems):
        problems.append(Problem(1, 1, "the grammar has no rules."))
    weighted = any(entry.p is not None for entry in entries)
    if weighted:
        for entry in entries:
            if entry.p is None and len(problems) < FATAL:
                message = f"this rule of {entry.left} has no probability, and others have."
                problems.append(Problem(entry.line, entry.column, message))
    if any(problem.fatal for problem in problems):
        return Parsed(None, tuple(sorted(problems)))
    entries = _once(entries, problems)
    share: dict[str, int] = {}
    for entry in entries:
        share[entry.left] = share.get(entry.left, 0) + 1
    grammar = build(
        (
            (e.left, tuple(e.right), 1 / share[e.left] if e.p is None else min(e.p, 1.0))
            for e in entries
        ),
        start[0] if start else None,
        weighted=weighted,
    )
    lefts = [entry.left for entry in entries]
    number_of = grammar.number
    order = np.argsort([number_of[name] for name in lefts], kind="stable")  # as build sorts them
    places = [(entries[k].line, entries[k].column) for k in order]
    problems.extend(check(grammar, places, start[1] if start else None))
    return Parsed(grammar, tuple(sorted(problems)))


def _line(
    line: str, number: int, before: str | None, entries: list[_Entry], problems: list[Problem]
) -> str | None:
    """Read one line into `entries`; the left side that a line beginning with | goes on with."""
    tokens = [
        (match.lastgroup, match.group(), match.start() + 1)
        for match in TOKEN.finditer(line)
        if match.lastgroup not in ("space", "comment")
    ]
    if not tokens:
        return before
    # left side and arrow, or | for more of the left side before
    if tokens[0][0] == "bar":
        if before is None:
            problems.append(Problem(number, tokens[0][2], "there is no rule before this |."))
            return None
        left, tokens = before, tokens[1:]
    else:
        kind, left, column = tokens[0]
        if kind != "name":
            problems.append(Problem(number, column, f"a rule begins with a category, not {left}"))
            return None
        if len(tokens) < 2 or tokens[1][0] != "arrow":
            place = tokens[1][2] if len(tokens) > 1 else len(line.rstrip()) + 1
            problems.append(Problem(number, place, f"-> is missing after {left}."))
            return None
        tokens = tokens[2:]
    entry = _Entry(left, [], None, number, tokens[0][2] if tokens else len(line.rstrip()) + 1)

    def finished() -> None:
        if entry.right:
            entries.append(entry)
        else:
            message = f"{left} -> nothing: rules without a right side are not supported."
            problems.append(Problem(number, entry.column, message))

    closed = False  # after a probability, only | may follow
    for kind, token, column in tokens:
        if kind == "bar":
            finished()
            entry, closed = _Entry(left, [], None, number, column + 1), False
            continue
        if closed:
            problems.append(Problem(number, column, f"| is missing before {token}"))
            return left
        if kind == "p":
            entry.p, closed = _probability(token, number, column, problems), True
        elif kind == "word":
            name = token[1:-1].replace(token[0] * 2, token[0])
            if name:
                entry.right.append(Symbol(name, True))
        elif kind == "name" and token not in EMPTY:
            entry.right.append(Symbol(token))
        elif kind != "name":
            what = {"[": "this [ is never closed.", "]": "this ] was never opened."}
            message = what.get(token, f"the quote {token} is never closed." if token in "'\"" else
                               f"{token} cannot stand here.")  # fmt: skip
            problems.append(Problem(number, column, message))
            return left
    finished()
    return left


def _probability(token: str, line: int, column: int, problems: list[Problem]) -> float:
    try:
        p = float(token[1:-1])
    except ValueError:
        p = math.nan
    if not 0 <= p <= 1:
        given = token[1:-1].strip() or "nothing"
        problems.append(
            Problem(line, column, f"a probability is a number from 0 to 1, not {given}.")
        )
    elif p == 0:
        message = "the probability is 0: this rule is never used."
        problems.append(Problem(line, column, message, fatal=False))
    return p


def _once(entries: list[_Entry], problems: list[Problem]) -> list[_Entry]:
    """Rules written twice become one, with their probabilities together."""
    known: dict[tuple[str, tuple[Symbol, ...]], _Entry] = {}
    for entry in entries:
        key = (entry.left, tuple(entry.right))
        if key not in known:
            known[key] = entry
            continue
        first = known[key]
        if first.p is not None and entry.p is not None:
            first.p += entry.p
        message = (
            f"{entry.left} -> {' '.join(map(str, entry.right))} stands in line {first.line} too"
        )
        message += ": their probabilities are added." if entry.p is not None else "."
        problems.append(Problem(entry.line, entry.column, message, fatal=False))
    return list(known.values())


def check(
    grammar: Grammar, places: list[tuple[int, int]], start_line: int | None = None
) -> list[Problem]:
    """What is odd about the meaning of a grammar; `places` (R,) are line and column of its rules."""
    found: list[Problem] = []
    N, R = len(grammar.categories), len(grammar)
    rule_of = np.repeat(np.arange(R), np.diff(grammar.ends))  # of each symbol of `right`
    inside = grammar.right >= 0
    parent, child = grammar.left[rule_of[inside]], grammar.right[inside]
    defined = np.diff(grammar.first) > 0
    name = grammar.categories

    def warn(place: tuple[int, int], message: str) -> None:
        found.append(Problem(*place, message, fatal=False))

    # no rules of its own
    for X in np.flatnonzero(~defined)[:TOLD]:
        users = np.flatnonzero(inside & (grammar.right == X))
        place = places[rule_of[users[0]]] if len(users) else (start_line or 1, 1)
        what = f"if it is a word, write {Symbol(name[X], True)}."
        if not len(users):
            what = "no sentence can be made."
        warn(place, f"{name[X]} has no rules: {what}")
    # reached from the start
    graph = coo_array((np.ones(len(parent)), (parent, child)), shape=(N, N)).tocsr()
    reached = np.zeros(N, bool)
    reached[breadth_first_order(graph, grammar.start, return_predecessors=False)] = True
    for X in np.flatnonzero(~reached & defined)[:TOLD]:
        warn(places[grammar.first[X]], f"{name[X]} is never reached from {grammar.S}.")
    # comes to words in the end
    ends = productive(grammar)
    for X in np.flatnonzero(~ends & defined)[:TOLD]:
        warn(places[grammar.first[X]], f"{name[X]} can derive no words: its rules never end.")
    # sum over A of p(X -> A) = 1
    sums = grammar.sums()
    if grammar.weighted:
        for X in np.flatnonzero(defined & (abs(sums - 1) > CLOSE))[:TOLD]:
            message = f"the probabilities of {name[X]} sum to {sums[X]:.6g}, not to 1."
            warn(places[grammar.first[X]], message)
    for X, Y, r in cycles(grammar)[:TOLD]:
        round_about = f"{name[X]} -> {name[Y]}"
        if X != Y:
            round_about += f" => {name[X]}"
        message = f"{round_about} goes round in a circle: trees that do so are left out."
        warn(places[r], message)
    return found


def productive(grammar: Grammar) -> np.ndarray:
    """(N,) whether a category can derive words."""
    rule_of = np.repeat(np.arange(len(grammar)), np.diff(grammar.ends))
    inside = grammar.right >= 0
    # children of each rule that are not yet known to end
    waiting = np.bincount(rule_of[inside], minlength=len(grammar)).tolist()
    order = np.argsort(grammar.right[inside], kind="stable")
    users = rule_of[inside][order]
    first = np.searchsorted(grammar.right[inside][order], np.arange(len(grammar.categories) + 1))
    known = np.zeros(len(grammar.categories), bool)
    left = grammar.left.tolist()
    todo = [left[r] for r in range(len(left)) if waiting[r] == 0]
    while todo:
        X = todo.pop()
        if known[X]:
            continue
        known[X] = True
        for r in users[first[X] : first[X + 1]].tolist():
            waiting[r] -= 1
            if waiting[r] == 0:
                todo.append(left[r])
    return known


def cycles(grammar: Grammar) -> list[tuple[int, int, int]]:
    """(X, Y, rule) of one unit rule X -> Y in each circle of unit rules."""
    single = np.flatnonzero((np.diff(grammar.ends) == 1) & (grammar.right[grammar.ends[:-1]] >= 0))
    parent, child = grammar.left[single], grammar.right[grammar.ends[single]]
    N = len(grammar.categories)
    graph = coo_array((np.ones(len(single)), (parent, child)), shape=(N, N)).tocsr()
    _, group = connected_components(graph, connection="strong")
    found: dict[int, tuple[int, int, int]] = {}
    for X, Y, r in zip(parent.tolist(), child.tolist(), single.tolist(), strict=True):
        if group[X] == group[Y]:
            found.setdefault(int(group[X]) if X != Y else ~X, (X, Y, r))
    return list(found.values())

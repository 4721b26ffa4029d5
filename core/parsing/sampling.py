"""What a grammar says by itself: sentences drawn from it, how long they are, how surprising.

    A[X, Y]   how many Y the rules of X make, on average         A = sum of p(X -> ..) count(Y)
    H = b + A H,  b[X] = - sum of p log p                        entropy of X's trees, in nats
    L = c + A L,  c[X] = words made by X's rules                 expected number of words

Both are finite where the largest |eigenvalue| of A is below 1. Above 1 a tree may grow for ever:

    Z[X] = sum of p(X -> ..) prod of Z[Y]                        the probability that it ends
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.parsing.grammar import Grammar
from core.parsing.grammar_text import productive
from core.parsing.tree import Tree

Floats = NDArray[np.float64]

CATEGORIES = 2000  # of a grammar whose equations are solved, at most
EXPANDED = 200_000  # partial derivations looked at, at most


def sample(grammar: Grammar, *, generator: torch.Generator, most: int = 1000) -> Tree | None:
    """A tree drawn from `grammar`; None where it has more than `most` nodes, or cannot end.

    Raises SettingError where a category that comes up has no rules.
    """
    done: list[list[Tree | str]] = [[]]
    tasks: list[int | str] = [grammar.start]
    nodes = 0
    draws: list[float] = []
    while tasks:
        task = tasks.pop()
        if isinstance(task, str):
            children = tuple(done.pop())
            done[-1].append(Tree(task, children))
        elif task < 0:
            done[-1].append(grammar.words[~task])
        else:
            nodes += 1
            if nodes > most:
                return None
            if not draws:
                draws = torch.rand(64, generator=generator, dtype=torch.float64).tolist()
            begin, end = int(grammar.first[task]), int(grammar.first[task + 1])
            shares = np.cumsum(grammar.p[begin:end])
            name = grammar.categories[task]
            require(
                end > begin and shares[-1] > 0, "grammar", wanted=f"rules for {name}", given="none"
            )
            r = begin + int(np.searchsorted(shares, draws.pop() * shares[-1], side="right"))
            tasks.append(name)
            done.append([])
            tasks.extend(reversed(grammar.right[grammar.ends[r] : grammar.ends[r + 1]].tolist()))
    whole = done[0][0]
    assert isinstance(whole, Tree)
    return whole


@dataclass(frozen=True, eq=False)
class Moments:
    """Of the trees of the start category."""

    radius: float  # largest |eigenvalue| of A among what the start reaches
    ends: float  # Z, the probability that a tree is finite
    entropy: float | None  # nats; None where it is not finite
    length: float | None  # words; None where it is not finite

    @property
    def consistent(self) -> bool:
        """Whether the probabilities of all finite trees sum to 1."""
        return self.ends > 1 - 1e-6


def moments(grammar: Grammar) -> Moments:
    """Solve the equations above; each left side's probabilities must sum to 1.

    Raises SettingError where they do not, or where there are too many categories.
    """
    N = len(grammar.categories)
    require(N <= CATEGORIES, "grammar", wanted=f"at most {CATEGORIES} categories", given=N)
    sums = grammar.sums()
    wrong = [grammar.categories[X] for X in np.flatnonzero((sums > 0) & (abs(sums - 1) > 1e-6))]
    require(not wrong, "probabilities", wanted="a sum of 1 for each left side",
            given=f"other sums for {', '.join(wrong[:5])}")  # fmt: skip
    rule = np.repeat(np.arange(len(grammar)), np.diff(grammar.ends))
    inside = grammar.right >= 0
    A, reached = mean_uses(grammar)
    radius = float(abs(np.linalg.eigvals(A)).max())
    Z = np.zeros(N)
    for _ in range(20_000):
        # Z[X] = sum of p(X -> ..) prod of Z[Y]
        factor = np.where(inside, Z[np.where(inside, grammar.right, 0)], 1.0)
        product = np.multiply.reduceat(factor, grammar.ends[:-1])
        after = np.bincount(grammar.left, grammar.p * product, minlength=N).astype(np.float64)
        if abs(after - Z).max() < 1e-14:
            break
        Z = after
    entropy = length = None
    if radius < 1 - 1e-9 and productive(grammar)[reached].all():
        safe = np.where(grammar.p > 0, grammar.p, 1.0)
        b = np.bincount(grammar.left, -grammar.p * np.log(safe), minlength=N)
        c = np.bincount(grammar.left[rule[~inside]], grammar.p[rule[~inside]], minlength=N)
        # H = b + A H,  L = c + A L
        solved = np.linalg.solve(np.eye(N) - A, np.stack([b * reached, c * reached], axis=1))
        entropy, length = (float(x) for x in solved[grammar.start])
    return Moments(radius, float(Z[grammar.start]), entropy, length)


def mean_uses(grammar: Grammar) -> tuple[Floats, NDArray[np.bool_]]:
    """A (N, N), how many Y the rules of X make on average, and which categories (N,) are reached.

    A is 0 but among those that the start reaches.
    """
    N = len(grammar.categories)
    rule = np.repeat(np.arange(len(grammar)), np.diff(grammar.ends))
    inside = grammar.right >= 0
    A = np.zeros((N, N))
    np.add.at(A, (grammar.left[rule[inside]], grammar.right[inside]), grammar.p[rule[inside]])
    reached = np.zeros(N, bool)
    reached[grammar.start] = True
    while (more := reached | (A[reached] > 0).any(axis=0)).sum() > reached.sum():
        reached = more
    return A * np.outer(reached, reached), reached


@dataclass(frozen=True)
class Likely:
    """A tree of the grammar and its log probability."""

    tree: Tree
    log_p: float


def likeliest(grammar: Grammar, *, expanded: int = EXPANDED) -> Iterator[Likely]:
    """The trees of the grammar, the most probable first, without end where it has no end of trees.

    Stops after so many partial derivations were `expanded`.
    """
    best = completion(grammar)
    if best[grammar.start] == -np.inf:
        return
    with np.errstate(divide="ignore"):
        log = np.log(grammar.p)
    right = [
        tuple(grammar.right[grammar.ends[r] : grammar.ends[r + 1]].tolist())
        for r in range(len(grammar))
    ]
    # A*: what is open is worth at most its best completion. Open symbols and used rules are linked
    # lists, so that partial derivations share what they have in common.
    order = count()
    heap: list[tuple[float, int, float, tuple | None, tuple | None]]
    heap = [(-best[grammar.start], next(order), 0.0, (grammar.start, None), None)]
    while heap and expanded > 0:
        bound, _, total, todo, used = heapq.heappop(heap)
        while todo is not None and todo[0] < 0:
            todo = todo[1]
        if todo is None:
            yield Likely(_rebuilt(grammar, right, used), total)
            continue
        expanded -= 1
        X, rest = todo
        for r in range(int(grammar.first[X]), int(grammar.first[X + 1])):
            worth = log[r] + sum(best[s] for s in right[r] if s >= 0)
            if worth > -np.inf:
                after = rest
                for s in reversed(right[r]):
                    after = (s, after)
                new = -bound - best[X] + worth
                heapq.heappush(heap, (-new, next(order), total + float(log[r]), after, (r, used)))


def completion(grammar: Grammar) -> Floats:
    """(N,) log probability of the best tree of each category; -inf where it has none."""
    N = len(grammar.categories)
    with np.errstate(divide="ignore"):
        log = np.log(grammar.p)
    best = np.full(N, -np.inf)
    for _ in range(N + 1):
        # best[X] = max of log p(X -> ..) + sum of best[Y]
        inside = grammar.right >= 0
        value = np.where(inside, best[np.where(inside, grammar.right, 0)], 0.0)
        each = log + np.add.reduceat(value, grammar.ends[:-1])
        after = np.full(N, -np.inf)
        np.maximum.at(after, grammar.left, each)
        if np.array_equal(after, best):
            break
        best = after
    return best


def _rebuilt(grammar: Grammar, right: list[tuple[int, ...]], used: tuple | None) -> Tree:
    """The tree whose rules, each node before what is below it, were `used`, the last first."""
    done: list[Tree] = []
    while used is not None:
        r, used = used
        children = tuple(grammar.words[~s] if s < 0 else done.pop() for s in right[r])
        done.append(Tree(grammar.categories[grammar.left[r]], children))
    return done[0]

"""The chart as it fills, cell by cell, with everything that was tried: to be watched, not for speed.

    w[i, i, X] = p(X -> x_i)
    w[i, j, X] = max over s, X -> Y Z of p(X -> Y Z) w[i, s, Y] w[s+1, j, Z]
    then, for every chain X => B,     w[i, j, X] = max(w, p(X => B) w[i, j, B])

The numbers and the choices among equals are those of core.parsing.chart, to the last bit: of
equal products the first counts, in the order of s, then of Y in its cell, then of the rules.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import require
from core.parsing.compiled import SAME
from core.parsing.normal_form import Normal

WORDS = 60  # of a sentence that is watched, at most


@dataclass(frozen=True)
class Candidate:
    """One way to make X over words i to j, and its product."""

    parts: tuple[str, ...]  # (Y, Z), (B,) of a chain X => B, or the word
    split: int | None  # s, the last word of Y; None for chains and words
    log_p: float  # of the rule or chain
    log_parts: tuple[float, ...]  # log w of the parts
    log_product: float
    rule: int  # in the arrays of Normal; a chain where `chain`
    chain: bool = False

    @property
    def p(self) -> float:
        return math.exp(self.log_p)

    @property
    def product(self) -> float:
        return math.exp(self.log_product)


@dataclass(frozen=True)
class Entry:
    """A symbol of a cell: w[i, j, X] and all that was tried for it."""

    symbol: str
    log_w: float
    log_made: float  # w before chains; -inf where only chains make it
    candidates: tuple[Candidate, ...]
    best: int  # the candidate that w is from; where there are equals, the first
    equals: int  # candidates as good as the best

    @property
    def w(self) -> float:
        return math.exp(self.log_w)


@dataclass(frozen=True)
class Cell:
    """Words i to j, filled."""

    i: int
    j: int
    entries: tuple[Entry, ...]  # in the order in which they were found
    tried: int  # products made in this cell


def fill(normal: Normal, words: Sequence[str]) -> Iterator[Cell]:
    """The n (n + 1) / 2 cells of the chart, shortest spans first, from left to right.

    Raises SettingError where there are no words, or too many to be watched.
    """
    require(1 <= len(words) <= WORDS, "sentence", wanted=f"1 to {WORDS} words", given=len(words))
    names = normal.symbols
    rules: dict[int, list[tuple[int, int, int, float]]] = {}
    arrays = (normal.Y.tolist(), normal.Z.tolist(), normal.X.tolist(), normal.log_p.tolist())
    for r, (Y, Z, X, p) in enumerate(zip(*arrays, strict=True)):
        rules.setdefault(Y, []).append((r, Z, X, p))
    chains: dict[int, list[tuple[int, int, float]]] = {}
    above = (normal.chain_to.tolist(), normal.chain_from.tolist(), normal.chain_log_p.tolist())
    for c, (B, X, p) in enumerate(zip(*above, strict=True)):
        chains.setdefault(B, []).append((c, X, p))
    w: dict[tuple[int, int], dict[int, float]] = {}

    for size in range(len(words)):
        for i in range(len(words) - size):
            j = i + size
            tried: dict[int, list[Candidate]] = {}
            made: dict[int, float] = {}
            chosen: dict[int, int] = {}

            def consider(
                X: int, one: Candidate, best: dict[int, float],
                tried: dict[int, list[Candidate]] = tried, chosen: dict[int, int] = chosen,
            ) -> None:  # fmt: skip
                if one.log_product > best.get(X, -math.inf) + SAME:
                    best[X] = one.log_product
                    chosen[X] = len(tried.get(X, ()))
                tried.setdefault(X, []).append(one)

            if size == 0:
                at = normal.lexicon.get(words[i], slice(0, 0))
                tags, logs = normal.tag[at].tolist(), normal.tag_log_p[at].tolist()
                for k, (X, p) in enumerate(zip(tags, logs, strict=True)):
                    consider(X, Candidate((words[i],), None, p, (), p, at.start + k), made)
            for s in range(i, j):
                right = w[s + 1, j]
                for Y, left in w[i, s].items():
                    for r, Z, X, p in rules.get(Y, ()):
                        if Z in right:
                            # p(X -> Y Z) w[i, s, Y] w[s+1, j, Z]
                            product = p + left + right[Z]
                            parts = (names[Y], names[Z])
                            one = Candidate(parts, s, p, (left, right[Z]), product, r)
                            consider(X, one, made)
            best = dict(made)
            for B, below in made.items():
                for c, X, p in chains.get(B, ()):
                    # p(X => B) w[i, j, B]
                    one = Candidate((names[B],), None, p, (below,), p + below, c, True)
                    consider(X, one, best)
            w[i, j] = best
            entries = tuple(
                Entry(
                    names[X], best[X], made.get(X, -math.inf), tuple(tried[X]), chosen[X],
                    sum(one.log_product >= best[X] - 1e-9 for one in tried[X]),
                )
                for X in best
            )  # fmt: skip
            yield Cell(i, j, entries, sum(map(len, tried.values())))

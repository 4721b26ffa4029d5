"""The chart of a whole sentence: its best tree, sums over all its trees, and how many there are.

w[i, j, X]         the best probability that X derives words i to j
inside[i, j, X]    the sum over all ways in which it does
outside[i, j, X]   the sum over all trees round such an X
posterior of a node = outside * inside / inside[0, n-1, S]

engine = Engine(normal(grammar))
chart = engine.chart(("the", "man", "sleeps"))
chart.tree(), chart.log_best
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.parsing import compiled
from core.parsing.normal_form import Normal
from core.parsing.tree import Tree

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Small = NDArray[np.int32]
Tags = tuple[Integers, Floats]  # the tags a word may have, and log p(tag -> word) of each

TABLE = 30_000_000  # numbers in a table (n, n, M), at most
WHOLE = 2.0**53  # below, float64 counts exactly
NOTHING = -np.inf
EXACT = 150  # words of a sentence whose trees are counted exactly, however many there are


class Engine:
    """A grammar made ready; it may be used from several threads."""

    def __init__(self, normal: Normal, *, prior: Floats | None = None) -> None:
        self.normal = normal
        M = len(normal.symbols)
        places = np.arange(M + 1)
        self.first_rule = np.searchsorted(normal.Y, places).astype(np.int32)
        self.chain_first = np.searchsorted(normal.chain_to, places).astype(np.int32)
        self.X, self.Z = normal.X.astype(np.int32), normal.Z.astype(np.int32)
        self.chain_from = normal.chain_from.astype(np.int32)
        self.is_left = np.diff(self.first_rule) > 0
        self.prior = np.zeros(M) if prior is None else prior

    def known(self, word: str) -> bool:
        return word in self.normal.lexicon

    def tags(self, word: str) -> Tags:
        """The tags of `word`; none where the grammar does not have it."""
        at = self.normal.lexicon.get(word, slice(0, 0))
        return self.normal.tag[at], self.normal.tag_log_p[at]

    def chart(
        self,
        words: Sequence[str],
        *,
        tags: Sequence[Tags] | None = None,
        seconds: float = np.inf,
        beam: float = np.inf,
    ) -> Chart:
        """Fill the chart of `words`, with other `tags` than the grammar's own where given.

        After `seconds` the columns still open stay empty. `beam`: a category whose w (times its
        prior) is more than e^beam below the best of its span is dropped; inf drops nothing.
        """
        require(len(words) > 0, "sentence", wanted="at least one word", given="none")
        n, M = len(words), len(self.normal.symbols)
        if tags is None:
            tags = [self.tags(word) for word in words]
        ended = time.perf_counter() + seconds
        w, made = np.full((n, M), NOTHING), np.full((n, M), NOTHING)
        rule, split, chain, found = (np.zeros((n, M), np.int32) for _ in range(4))
        sizes = np.zeros(n, np.int32)
        lefts, whole = _Lists(n, ("symbol", "w")), _Lists(n, ("symbol", "w", *SOURCES))
        at = all_at = done = 0
        for j in range(n):
            if time.perf_counter() > ended:
                break
            total = compiled.column(
                j, self.first_rule, self.Z, self.X, self.normal.log_p,
                self.chain_first, self.chain_from, self.normal.chain_log_p,
                tags[j][0].astype(np.int32), tags[j][1],
                lefts.first, lefts.size, lefts["symbol"], lefts["w"],
                w, made, rule, split, chain, found, sizes, beam, self.prior,
            )  # fmt: skip
            lefts.reserve(at + total)
            whole.reserve(all_at + total)
            at, all_at = compiled.pack(
                j, at, self.is_left, w, found, sizes,
                lefts.first, lefts.size, lefts["symbol"], lefts["w"],
                made, rule, split, chain, whole.first, whole.size, all_at, whole["symbol"],
                whole["w"], whole["made"], whole["rule"], whole["split"], whole["chain"],
            )  # fmt: skip
            done = j + 1
        items = {name: array[:all_at] for name, array in whole.arrays.items()}
        return Chart(self, tuple(words), tuple(tags), whole.first, whole.size, items, done)


SOURCES = ("made", "rule", "split", "chain")


class _Lists:
    """Growing lists of items, one list a span."""

    def __init__(self, n: int, names: tuple[str, ...]) -> None:
        self.first = np.zeros((n, n), np.int64)
        self.size = np.zeros((n, n), np.int32)
        self.arrays = {
            name: np.empty(1024, np.float64 if name in ("w", "made") else np.int32)
            for name in names
        }

    def __getitem__(self, name: str) -> NDArray:
        return self.arrays[name]

    def reserve(self, count: int) -> None:
        for name, array in self.arrays.items():
            if len(array) < count:
                grown = np.empty(max(count, 2 * len(array)), array.dtype)
                grown[: len(array)] = array
                self.arrays[name] = grown


@dataclass(frozen=True, eq=False)
class Chart:
    """What was found. Spans (i, j): first and last word, both belonging to it."""

    engine: Engine
    words: tuple[str, ...]
    tags: tuple[Tags, ...]
    first: Integers  # (n, n) items of a span: first[i, j] to first[i, j] + size[i, j] - 1
    size: Small
    items: dict[str, NDArray]  # symbol, w, made (w before chains), rule, split, chain
    columns: int  # filled; fewer than there are words where time ran out

    @property
    def normal(self) -> Normal:
        return self.engine.normal

    @property
    def complete(self) -> bool:
        return self.columns == len(self.words)

    @property
    def unknown(self) -> tuple[int, ...]:
        """The places of words that no tag derives."""
        return tuple(k for k, (tags, _) in enumerate(self.tags) if len(tags) == 0)

    def cell(self, i: int, j: int) -> dict[str, float]:
        """Each symbol of a span with log w, the likeliest first."""
        at = slice(int(self.first[i, j]), int(self.first[i, j] + self.size[i, j]))
        pairs = zip(self.items["symbol"][at].tolist(), self.items["w"][at].tolist(), strict=True)
        names = self.normal.symbols
        return {names[X]: w for X, w in sorted(pairs, key=lambda pair: -pair[1]) if w > NOTHING}

    def find(self, i: int, j: int, X: int) -> int | None:
        """The place in `items` of the symbol X of a span."""
        begin = int(self.first[i, j])
        symbols = self.items["symbol"][begin : begin + int(self.size[i, j])]
        places = np.flatnonzero(symbols == X)
        return begin + int(places[0]) if len(places) else None

    def log_w(self, i: int, j: int, X: int) -> float:
        at = self.find(i, j, X)
        return NOTHING if at is None else float(self.items["w"][at])

    @property
    def log_best(self) -> float:
        """log w[0, n-1, S]; -inf where the sentence has no tree."""
        return self.log_w(0, len(self.words) - 1, self.normal.start)

    def tree(self, i: int = 0, j: int | None = None, X: int | None = None) -> Tree | None:
        """The best tree of X over words i to j, in the grammar's own rules; None where is none."""
        j = len(self.words) - 1 if j is None else j
        X = self.normal.start if X is None else X
        at = self.find(i, j, X)
        if at is None or self.items["w"][at] == NOTHING:
            return None
        # Each task is done after those it puts on the stack: `out` is written from the right.
        own = len(self.normal.grammar.categories)
        out: list[list[Tree | str]] = [[]]
        stack: list[tuple[int, int, int, bool] | str] = [(i, j, X, True)]
        while stack:
            task = stack.pop()
            if isinstance(task, str):
                children = out.pop()
                out[-1].append(Tree(task, tuple(children)))
                continue
            i, j, X, chained = task
            at = self.find(i, j, X)
            assert at is not None
            chain = int(self.items["chain"][at])
            if chained and chain >= 0:
                for name in self.chain_names(chain):
                    stack.append(name)
                    out.append([])
                stack.append((i, j, int(self.normal.chain_to[chain]), False))
                continue
            if own > X:
                stack.append(self.normal.symbols[X])
                out.append([])
            rule, split = int(self.items["rule"][at]), int(self.items["split"][at])
            if split < 0:
                out[-1].append(self.words[i])
            else:
                stack.append((split + 1, j, int(self.normal.Z[rule]), True))
                stack.append((i, split, int(self.normal.Y[rule]), True))
        whole = out[0][0]
        assert isinstance(whole, Tree)
        return whole

    def chain_names(self, chain: int) -> list[str]:
        """The categories of a chain from the top, without its last."""
        grammar = self.normal.grammar
        return [grammar.categories[grammar.left[r]] for r in self.normal.chain_rules[chain]]

    # Sums over all trees

    @cached_property
    def w(self) -> Floats:
        """(n, n, M) log w of every span and symbol."""
        return self._table("w")

    @cached_property
    def made(self) -> Floats:
        """(n, n, M) the same before chains."""
        return self._table("made")

    def _table(self, name: str) -> Floats:
        n, M = len(self.words), len(self.normal.symbols)
        self._affordable()
        table = np.full((n, n, M), NOTHING)
        i, j = np.triu_indices(n)
        size = self.size[i, j]
        spans = np.repeat(np.arange(len(i)), size)
        within = np.arange(len(spans)) - np.repeat(np.cumsum(size) - size, size)
        at = np.repeat(self.first[i, j], size) + within
        table[i[spans], j[spans], self.items["symbol"][at]] = self.items[name][at]
        return table

    def _affordable(self) -> None:
        n, M = len(self.words), len(self.normal.symbols)
        require(n * n * M <= TABLE, "sentence", given=f"{n} words and {M:,} symbols",
                wanted=f"words² times symbols of at most {TABLE:,} for sums over all trees")  # fmt: skip

    @cached_property
    def scale(self) -> int:
        """Sums are kept times 2^(scale words), so that long sentences do not vanish; mostly 0."""
        if not np.isfinite(self.log_best) or self.log_best > -500:
            return 0
        return round(-self.log_best / np.log(2) / len(self.words))

    def _lexical(self, weights: list[Floats]) -> tuple[Integers, Integers, Floats, Floats]:
        ends = np.cumsum([0, *(len(tags) for tags, _ in self.tags)]).astype(np.int64)
        return (
            ends,
            np.concatenate([np.asarray(tags, np.int64) for tags, _ in self.tags]),
            np.concatenate(weights),
            np.concatenate([log for _, log in self.tags]),
        )

    def _sum(self, *, ones: bool, only_best: bool, shrink: int = 0) -> tuple[Floats, Floats]:
        self._affordable()
        n, M, own = len(self.words), len(self.normal.symbols), self.normal
        nothing = np.zeros((1, 1, 1))
        scale = -shrink if ones else self.scale
        weights = [
            np.full(len(log), 2.0**scale) if ones else np.exp(log) * 2.0**scale
            for _, log in self.tags
        ]
        p, chain_p = np.exp(own.log_p), np.exp(own.chain_log_p)
        if ones:
            p, chain_p = np.ones_like(p), np.ones_like(chain_p)
        at, tags, tag_p, tag_log_p = self._lexical(weights)
        total, made = np.zeros((n, n, M)), np.zeros((n, n, M))
        compiled.inside(
            n, own.Y, own.Z, own.X, p, own.chain_from, own.chain_to, chain_p, at, tags, tag_p,
            self.w if only_best else nothing, self.made if only_best else nothing,
            own.log_p, own.chain_log_p, tag_log_p, only_best, total, made,
        )  # fmt: skip
        return total, made

    @cached_property
    def _inside(self) -> tuple[Floats, Floats]:
        return self._sum(ones=False, only_best=False)

    @property
    def inside(self) -> Floats:
        """(n, n, M), times 2^(scale * words of the span)."""
        return self._inside[0]

    @property
    def log_inside(self) -> float:
        """log of the sum over all trees of the sentence."""
        total = float(self.inside[0, -1, self.normal.start])
        return (
            float(np.log(total)) - self.scale * len(self.words) * np.log(2)
            if total > 0
            else NOTHING
        )

    @cached_property
    def _outside(self) -> tuple[Floats, Floats, Floats, Floats]:
        own = self.normal
        total, made = self._inside
        at, tags, tag_p, _ = self._lexical([np.exp(log) * 2.0**self.scale for _, log in self.tags])
        out, out_made = np.zeros_like(total), np.zeros_like(total)
        rules, chains, words = (
            np.zeros(len(own.X)),
            np.zeros(len(own.chain_to)),
            np.zeros(len(tags)),
        )
        compiled.outside(
            len(self.words), own.Y, own.Z, own.X, np.exp(own.log_p),
            own.chain_from, own.chain_to, np.exp(own.chain_log_p), at, tags, tag_p, own.start,
            total, made, out, out_made, rules, chains, words,
        )  # fmt: skip
        return out, rules, chains, words

    @property
    def outside(self) -> Floats:
        """(n, n, M), times 2^(scale * words outside of the span)."""
        return self._outside[0]

    @property
    def posterior(self) -> Floats:
        """(n, n, M) the probability that the sentence's tree has a node X over (i, j), chains apart."""
        whole = self.inside[0, -1, self.normal.start]
        return self.inside * self.outside / whole if whole > 0 else np.zeros_like(self.inside)

    def expected(self) -> Floats:
        """(R,) how often each rule of the grammar is used, the mean over the sentence's trees.

        Only with the grammar's own tags.
        """
        own = self.normal
        whole = self.inside[0, -1, own.start]
        used = np.zeros(len(own.grammar))
        if whole <= 0:
            return used
        _, rules, chains, words = self._outside
        np.add.at(used, own.origin[own.origin >= 0], rules[own.origin >= 0])
        for k in np.flatnonzero(chains):
            used[list(own.chain_rules[k])] += chains[k]
        origins = np.concatenate(
            [own.tag_origin[own.lexicon.get(word, slice(0, 0))] for word in self.words]
        )
        np.add.at(used, origins[origins >= 0], words[origins >= 0])
        return used / whole

    @cached_property
    def count(self) -> int:
        """How many trees the sentence has: exactly, or beyond EXACT words to fifteen digits."""
        return self._count(only_best=False)

    @cached_property
    def ties(self) -> int:
        """How many of them have the best probability, as exactly."""
        return self._count(only_best=True)

    def _count(self, *, only_best: bool) -> int:
        if self.log_best == NOTHING:
            return 0
        start = self.normal.start
        total = self._sum(ones=True, only_best=only_best)[0]
        if total.max() < WHOLE:
            return round(float(total[0, -1, start]))
        if len(self.words) <= EXACT:
            from core.parsing.counting import exactly

            return exactly(self, only_best=only_best)
        shrink = 0  # each word counts as 2^-shrink, so that the numbers stay within floats
        while not np.isfinite(total).all():
            shrink += 1
            total = self._sum(ones=True, only_best=only_best, shrink=shrink)[0]
        digits, power = math.frexp(float(total[0, -1, start]))
        power += shrink * len(self.words) - 53
        return round(digits * WHOLE) << power if power >= 0 else round(digits * WHOLE) >> -power

"""The k likeliest trees of a sentence, lazily: the next best is sought only where it is asked for.

Huang & Chiang, "Better k-best parsing" (2005), algorithm 3. A node (i, j, X) has ways to be made,
each from parts; a way with its parts' ranks is a derivation. The first of each way is known from the
chart; when a derivation is taken, those with one part a rank lower become candidates.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np

from core.errors import require
from core.parsing.chart import Chart
from core.parsing.tree import Tree

TREES = 10_000  # listed at most

Node = tuple[int, int, int, bool]  # i, j, X, and whether a chain may stand on top


class Way(NamedTuple):
    log_p: float
    parts: tuple[Node, ...]
    chain: int = -1


class Derivation(NamedTuple):
    log_p: float
    number: int  # of its way among those of the node
    ranks: tuple[int, ...]


@dataclass
class _State:
    ways: list[Way]
    found: list[Derivation] = field(default_factory=list)
    heap: list[tuple[float, int, Derivation]] = field(default_factory=list)
    known: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)
    followed: int = 0  # derivations whose successors are candidates


class Ranked(NamedTuple):
    """A tree and its log probability."""

    tree: Tree
    log_p: float


def k_best(chart: Chart, k: int) -> list[Ranked]:
    """The k likeliest trees of the sentence, or all where there are fewer, the best first."""
    require(1 <= k <= TREES, "trees", wanted=f"1 to {TREES:,}", given=k)
    return list(islice(ranked(chart), k))


def ranked(chart: Chart) -> Iterator[Ranked]:
    """All trees of the sentence, the likeliest first."""
    return _Search(chart).trees()


class _Search:
    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.states: dict[Node, _State] = {}
        own = chart.normal
        self.rules: dict[int, list[tuple[int, int, float]]] = {}
        for x, y, z, p in zip(
            own.X.tolist(), own.Y.tolist(), own.Z.tolist(), own.log_p.tolist(), strict=True
        ):
            self.rules.setdefault(x, []).append((y, z, p))
        self.chains: dict[int, list[tuple[int, int, float]]] = {}
        for c, (x, b, p) in enumerate(
            zip(
                own.chain_from.tolist(),
                own.chain_to.tolist(),
                own.chain_log_p.tolist(),
                strict=True,
            )
        ):
            self.chains.setdefault(x, []).append((c, b, p))
        self.cells: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}

    def cell(self, i: int, j: int) -> dict[int, tuple[float, float]]:
        """log w after and before chains of each symbol of a span."""
        if (i, j) not in self.cells:
            c = self.chart
            at = slice(int(c.first[i, j]), int(c.first[i, j] + c.size[i, j]))
            self.cells[i, j] = dict(
                zip(
                    c.items["symbol"][at].tolist(),
                    zip(c.items["w"][at].tolist(), c.items["made"][at].tolist(), strict=True),
                    strict=True,
                )
            )
        return self.cells[i, j]

    def best(self, node: Node) -> float:
        i, j, X, chained = node
        pair = self.cell(i, j).get(X)
        return -np.inf if pair is None else pair[0] if chained else pair[1]

    def state(self, node: Node) -> _State:
        if node not in self.states:
            state = _State(self.ways(node))
            for k, way in enumerate(state.ways):
                ranks = (0,) * len(way.parts)
                total = way.log_p + sum(map(self.best, way.parts))
                state.heap.append((-total, k, Derivation(total, k, ranks)))
                state.known.add((k, ranks))
            heapq.heapify(state.heap)
            self.states[node] = state
        return self.states[node]

    def ways(self, node: Node) -> list[Way]:
        i, j, X, chained = node
        if chained:
            options = [Way(0.0, ((i, j, X, False),))]
            options += [Way(p, ((i, j, b, False),), c) for c, b, p in self.chains.get(X, ())]
        elif i == j:
            tags, log = self.chart.tags[i]
            options = [
                Way(p, ()) for t, p in zip(tags.tolist(), log.tolist(), strict=True) if t == X
            ]
        else:
            options = [
                Way(p, ((i, s, y, True), (s + 1, j, z, True)))
                for s in range(i, j)
                for y, z, p in self.rules.get(X, ())
            ]
        return [way for way in options if all(self.best(part) > -np.inf for part in way.parts)]

    def derivation(self, node: Node, rank: int) -> Derivation | None:
        """The derivation of this rank, 0 the best; None where there are not so many."""
        tasks = [(node, rank)]
        while tasks:
            at, wanted = tasks[-1]
            state = self.state(at)
            if len(state.found) > wanted:
                tasks.pop()
                continue
            if state.followed < len(state.found) and self._follow(state, tasks):
                continue  # parts first
            if not state.heap:
                tasks.pop()
                continue
            state.found.append(heapq.heappop(state.heap)[2])
        found = self.states[node].found
        return found[rank] if len(found) > rank else None

    def _follow(self, state: _State, tasks: list[tuple[Node, int]]) -> bool:
        """Make the successors of the last derivation candidates; True where parts must come first."""
        last = state.found[state.followed]
        number, way = last.number, state.ways[last.number]
        waiting = False
        for t, part in enumerate(way.parts):
            below = self.state(part)
            rank = last.ranks[t] + 1
            open_ = below.heap or below.followed < len(below.found)
            if len(below.found) <= rank and open_:
                tasks.append((part, rank))
                waiting = True
        if waiting:
            return True
        for t, part in enumerate(way.parts):
            ranks = (*last.ranks[:t], last.ranks[t] + 1, *last.ranks[t + 1 :])
            if len(self.states[part].found) > ranks[t] and (number, ranks) not in state.known:
                total = way.log_p + sum(
                    self.value(one, rank) for one, rank in zip(way.parts, ranks, strict=True)
                )
                heapq.heappush(state.heap, (-total, len(state.known) + len(state.ways),
                                            Derivation(total, number, ranks)))  # fmt: skip
                state.known.add((number, ranks))
        state.followed += 1
        return False

    def value(self, node: Node, rank: int) -> float:
        return self.best(node) if rank == 0 else self.states[node].found[rank].log_p

    def trees(self) -> Iterator[Ranked]:
        root = (0, len(self.chart.words) - 1, self.chart.normal.start, True)
        if self.best(root) == -np.inf:
            return
        rank = 0
        while (found := self.derivation(root, rank)) is not None:
            yield Ranked(self.tree(root, rank), found.log_p)
            rank += 1

    def tree(self, node: Node, rank: int) -> Tree:
        own = self.chart.normal
        categories = len(own.grammar.categories)
        out: list[list[Tree | str]] = [[]]
        tasks: list[tuple[Node, int] | str] = [(node, rank)]
        while tasks:
            task = tasks.pop()
            if isinstance(task, str):
                children = out.pop()
                out[-1].append(Tree(task, tuple(children)))
                continue
            (i, j, X, chained), rank = task
            found = self.derivation((i, j, X, chained), rank)
            assert found is not None
            way = self.states[i, j, X, chained].ways[found.number]
            names = []
            if chained and way.chain >= 0:
                names = self.chart.chain_names(way.chain)
            elif not chained and categories > X:
                names = [own.symbols[X]]
            for name in names:
                tasks.append(name)
                out.append([])
            if not way.parts:
                out[-1].append(self.chart.words[i])
            tasks.extend(reversed(list(zip(way.parts, found.ranks, strict=True))))
        whole = out[0][0]
        assert isinstance(whole, Tree)
        return whole

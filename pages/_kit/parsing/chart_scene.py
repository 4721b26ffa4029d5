"""A chart made ready for the browser: with every product where there are few, else with the best alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.parsing import cky
from core.parsing.chart import NOTHING, Chart
from core.parsing.log_sums import Sums, quick, sums
from core.parsing.one_cell import worth
from core.store import fingerprint
from pages._kit.parsing.view import charted, engine
from pages._kit.stage.cky import ENTRY, Scene

PRODUCTS = 40_000  # of a chart that travels whole
FEW = 6  # symbols of a cell, where not all travel; those that these are made of come with them
SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Filled:
    """The cells with all that was tried, or None where that is too much; and the picture of it."""

    cells: tuple[cky.Cell, ...] | None
    scene: Scene


@st.cache_resource(max_entries=16, show_spinner=False)
def filled(text: str, words: tuple[str, ...]) -> Filled:
    """The chart of `words`, at most cky.WORDS of them."""
    chart = charted(text, words)
    cells = watched(text, words)
    return Filled(cells, scene(chart, cells, fingerprint(text, *words)[:16]))


def watched(text: str, words: tuple[str, ...]) -> tuple[cky.Cell, ...] | None:
    """Every cell as it fills; None where more than PRODUCTS are tried."""
    found, tried = [], 0
    for cell in cky.fill(engine(text).normal, words):
        found.append(cell)
        tried += cell.tried
        if tried > PRODUCTS:
            return None
    return tuple(found)


def scene(chart: Chart, cells: tuple[cky.Cell, ...] | None, id: str) -> Scene:
    """The chart as the browser wants it."""
    known = sums(chart) if quick(chart) else None
    made = _Made(chart, known)
    if cells is None:
        made.best_alone()
    else:
        made.all_of(cells)
    columns, own = len(ENTRY), len(chart.normal.grammar.categories)
    return Scene(
        id=id,
        words=chart.words,
        unknown=chart.unknown,
        symbols=list(made.names),
        made=[made.number[name] >= own for name in made.names],
        rules=made.rules,
        cells=np.array(made.cells, np.float32).reshape(-1, 6),
        entries=np.array(made.entries, np.float32).reshape(-1, columns),
        ways=np.array(made.ways, np.float32).reshape(-1, 5),
        whole=cells is not None,
        sums=known is not None,
        log_sum=chart.log_inside if known is not None else NOTHING,
        start=chart.normal.grammar.S,
    )


class _Made:
    """The tables of a Scene, growing."""

    def __init__(self, chart: Chart, sums: Sums | None) -> None:
        self.chart, self.sums = chart, sums
        self.number = {name: k for k, name in enumerate(chart.normal.symbols)}
        self.names: dict[str, int] = {}  # of what is in it
        self.rules: list[tuple[list[str], float]] = []
        self.cells: list[tuple[int, ...]] = []
        self.entries: list[list[float]] = []
        self.ways: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, str], int] = {}
        self._at: dict[tuple[int, int, int], int] = {}  # the entry of each i, j, X

    def all_of(self, cells: Iterable[cky.Cell]) -> None:
        for cell in cells:
            i, j = cell.i, cell.j
            first = len(self.entries)
            for k, entry in enumerate(cell.entries):
                self._at[i, j, self.number[entry.symbol]] = first + k
            for entry in cell.entries:
                self._entry(i, j, entry.symbol, entry.log_w, entry.log_made,
                            len(entry.candidates), entry.equals)  # fmt: skip
                for k, one in enumerate(entry.candidates):
                    mark = 1 if k == entry.best else 0
                    if not mark and one.log_product >= entry.log_w - SAME:
                        mark = 2
                    self._way(i, j, entry.symbol, one.rule, one.split, one.chain, mark)
            many = len(cell.entries)
            self.cells.append((i, j, first, many, many, cell.tried))

    def best_alone(self) -> None:
        """The likeliest symbols of each cell and what they are made of, each with its best way."""
        chart, own = self.chart, self.chart.normal
        n, items = len(chart.words), chart.items
        spans = [(i, i + size) for size in range(n) for i in range(n - size)]
        kept: dict[tuple[int, int], set[int]] = {span: set() for span in spans}
        if chart.log_best > NOTHING:
            kept[0, n - 1].add(own.start)
        for i, j in reversed(spans):
            of = worth(chart, i, j)
            wanted = kept[i, j] | set(sorted(of, key=lambda X: -of[X][0])[:FEW])
            for X in list(wanted):
                at = chart.find(i, j, X)
                assert at is not None
                if items["chain"][at] >= 0:
                    wanted.add(int(own.chain_to[items["chain"][at]]))
            for X in wanted:
                at = chart.find(i, j, X)
                assert at is not None
                rule, split = int(items["rule"][at]), int(items["split"][at])
                if of[X][1] > NOTHING and split >= 0:
                    kept[i, split].add(int(own.Y[rule]))
                    kept[split + 1, j].add(int(own.Z[rule]))
            kept[i, j] = wanted
        for i, j in spans:
            of = worth(chart, i, j)
            chosen = [X for X in of if X in kept[i, j]]
            first = len(self.entries)
            for k, X in enumerate(chosen):
                self._at[i, j, X] = first + k
            for X in chosen:
                at = chart.find(i, j, X)
                assert at is not None
                name = own.symbols[X]
                chain, split = int(items["chain"][at]), int(items["split"][at])
                self._entry(i, j, name, *of[X], 1, 1)
                if chain >= 0:
                    self._way(i, j, name, chain, None, True, 1)
                else:
                    rule = int(items["rule"][at])
                    self._way(i, j, name, rule, split if split >= 0 else None, False, 1)
            self.cells.append((i, j, first, len(chosen), len(of), -1))

    def _entry(
        self, i: int, j: int, name: str, w: float, made: float, ways: int, equals: int
    ) -> None:
        X, of = self.number[name], self.sums
        more = (
            [NOTHING] * 5 if of is None else
            [table[i, j, X] for table in (of.inside, of.inside_made, of.outside,
                                          of.outside_whole, of.posterior)]
        )  # fmt: skip
        name_at = self.names.setdefault(name, len(self.names))
        self.entries.append([name_at, w, made, *more, len(self.ways), ways, equals])

    def _way(
        self, i: int, j: int, name: str, rule: int, split: int | None, chain: bool, mark: int
    ) -> None:
        own = self.chart.normal
        left = right = -1
        if chain:
            kind, log_p = "chain", float(own.chain_log_p[rule])
            names = [*self.chart.chain_names(rule), own.symbols[own.chain_to[rule]]]
            left = self._at[i, j, int(own.chain_to[rule])]
        elif split is None:
            kind, names = "word", [name, self.chart.words[i]]
            log_p = self._tag(i, name)
        else:
            Y, Z = int(own.Y[rule]), int(own.Z[rule])
            kind, log_p = "rule", float(own.log_p[rule])
            names = [name, own.symbols[Y], own.symbols[Z]]
            left, right = self._at[i, split, Y], self._at[split + 1, j, Z]
        known = (rule if kind != "word" else i, f"{kind} {name}")
        if known not in self._known:
            self._known[known] = len(self.rules)
            self.rules.append((names, log_p))
        at = -1 if split is None else split
        self.ways.append((self._known[known], at, left, right, mark))

    def _tag(self, i: int, name: str) -> float:
        tags, logs = self.chart.tags[i]
        return float(max(logs[tags == self.number[name]]))

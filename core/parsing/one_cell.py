"""One cell of a filled chart with all that could be tried for it, where the whole would be too much.

The same as the cell of core.parsing.cky, from a chart of any size: what the parts are worth is read
from the chart, and every product is made once more.
"""

from __future__ import annotations

import math

import numpy as np

from core.parsing.chart import Chart
from core.parsing.cky import Candidate, Cell, Entry
from core.parsing.compiled import SAME

Worth = dict[int, tuple[float, float]]  # of each symbol, log w after and before chains


def worth(chart: Chart, i: int, j: int) -> Worth:
    """The symbols of a span, in the order in which they were found."""
    at = slice(int(chart.first[i, j]), int(chart.first[i, j] + chart.size[i, j]))
    values = zip(chart.items["w"][at].tolist(), chart.items["made"][at].tolist(), strict=True)
    return dict(zip(chart.items["symbol"][at].tolist(), values, strict=True))


def cell(chart: Chart, i: int, j: int) -> Cell:
    """Words i to j."""
    own, rules = chart.normal, chart.engine.first_rule
    names = own.symbols
    mine = worth(chart, i, j)
    tried: dict[int, list[Candidate]] = {X: [] for X in mine}
    if i == j:
        at = own.lexicon.get(chart.words[i], slice(0, 0))
        tags, logs = own.tag[at].tolist(), own.tag_log_p[at].tolist()
        for k, (X, p) in enumerate(zip(tags, logs, strict=True)):
            tried[X].append(Candidate((chart.words[i],), None, p, (), p, at.start + k))
    for s in range(i, j):
        left, right = worth(chart, i, s), worth(chart, s + 1, j)
        for Y, (w_left, _) in left.items():
            few = slice(int(rules[Y]), int(rules[Y + 1]))
            fits = np.isin(own.Z[few], list(right)).nonzero()[0] + few.start
            for r in fits.tolist():
                X, Z, p = int(own.X[r]), int(own.Z[r]), float(own.log_p[r])
                # p(X -> Y Z) w[i, s, Y] w[s+1, j, Z]
                product = p + w_left + right[Z][0]
                parts = (w_left, right[Z][0])
                tried[X].append(Candidate((names[Y], names[Z]), s, p, parts, product, r))
    for B, (_, made) in mine.items():
        if made == -math.inf:
            continue
        few = slice(int(chart.engine.chain_first[B]), int(chart.engine.chain_first[B + 1]))
        for c in range(few.start, few.stop):
            # p(X => B) w[i, j, B]
            X, p = int(own.chain_from[c]), float(own.chain_log_p[c])
            tried[X].append(Candidate((names[B],), None, p, (made,), p + made, c, True))
    entries = tuple(_entry(names[X], *mine[X], tried[X]) for X in mine)
    return Cell(i, j, entries, sum(map(len, tried.values())))


def _entry(symbol: str, w: float, made: float, tried: list[Candidate]) -> Entry:
    best = 0
    for k, one in enumerate(tried):
        if one.log_product > tried[best].log_product + SAME:
            best = k
    equals = sum(one.log_product >= w - 1e-9 for one in tried)
    return Entry(symbol, w, made, tuple(tried), best, equals)

"""The chart to take home, as a table: a row a category of a cell. Words count from 1, as on the page."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator

from core.parsing.chart import NOTHING, Chart
from core.parsing.log_sums import Sums, quick, sums

COLUMNS = ("i", "j", "words", "symbol", "log_w", "w", "inside", "outside", "posterior", "split", "rule",
           "rule_p")  # fmt: skip

Row = tuple[int | float | str | None, ...]


def rows(chart: Chart) -> Iterator[Row]:
    """Short spans first; in a cell the likeliest category first. What is not known is None.

    `split` is the last word of the left part; a chain X => B of unit rules stands as X => ... => B.
    """
    known = sums(chart) if quick(chart) else None
    n, own = len(chart.words), chart.normal
    for size in range(n):
        for i in range(n - size):
            j = i + size
            at = range(int(chart.first[i, j]), int(chart.first[i, j] + chart.size[i, j]))
            for k in sorted(at, key=lambda k: -chart.items["w"][k]):
                log_w = float(chart.items["w"][k])
                if log_w == NOTHING:
                    continue
                X = int(chart.items["symbol"][k])
                words = " ".join(chart.words[i : j + 1])
                yield (i + 1, j + 1, words, own.symbols[X], round(log_w, 12), _p(log_w),
                       *_sums(known, i, j, X), *_source(chart, i, k))  # fmt: skip


def _sums(known: Sums | None, i: int, j: int, X: int) -> tuple[float | None, ...]:
    if known is None:
        return None, None, None
    return tuple(_p(table[i, j, X]) for table in (known.inside, known.outside, known.posterior))


def _source(chart: Chart, i: int, k: int) -> tuple[int | None, str, float]:
    """Where the best of an item is from: split, rule and the rule's p."""
    own = chart.normal
    rule, split, chain = (int(chart.items[name][k]) for name in ("rule", "split", "chain"))
    X = own.symbols[chart.items["symbol"][k]]
    if chain >= 0:
        names = [*chart.chain_names(chain), own.symbols[own.chain_to[chain]]]
        return None, " => ".join(names), _p(own.chain_log_p[chain])
    if split < 0:
        tags, logs = chart.tags[i]
        p = _p(max(logs[tags == chart.items["symbol"][k]]))
        return None, f"{X} -> {chart.words[i]}", p
    side = f"{own.symbols[own.Y[rule]]} {own.symbols[own.Z[rule]]}"
    return split + 1, f"{X} -> {side}", _p(own.log_p[rule])


def _p(log: float) -> float:
    """e^log, without the digits that are noise."""
    return float(f"{math.exp(log):.12g}")


def as_csv(chart: Chart) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(chart))
    return text.getvalue()


def as_json(chart: Chart) -> str:
    cells = [dict(zip(COLUMNS, row, strict=True)) for row in rows(chart)]
    whole = {"words": chart.words, "start": chart.normal.grammar.S, "cells": cells}
    return json.dumps(whole, ensure_ascii=False, indent=1)

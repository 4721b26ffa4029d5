"""Sums over all trees, as logarithms without the chart's scale, with unit rules told apart.

    inside           all ways in which X derives the span
    inside_made      those that do not begin with a unit rule
    outside_whole    all trees round an X that no unit rule stands on
    outside          all trees round an X; unit rules above it belong to them
    posterior        the share of the sentence's trees with a node X over the span

Where unit rules do not go in circles, posterior = inside outside / inside[0, n-1, S].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.parsing.chart import NOTHING, TABLE, Chart

WORK = 3e8  # rules times combinations of spans that are summed over in about a second

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sums:
    """(n, n, M) natural logarithms, -inf where there is nothing."""

    inside: Floats
    inside_made: Floats
    outside: Floats
    outside_whole: Floats
    posterior: Floats


def quick(chart: Chart) -> bool:
    """Whether they can be had in a second or two."""
    n, own = len(chart.words), chart.normal
    work = (n**3 / 6 + n) * len(own.X) + n * n / 2 * len(own.chain_to)
    return work <= WORK and n * n * len(own.symbols) <= TABLE


def sums(chart: Chart) -> Sums:
    """Raises SettingError where the tables would be too large."""
    own, n = chart.normal, len(chart.words)
    total, made = chart._inside
    whole = chart.outside
    out, node = whole.copy(), total * whole
    for c, rules in enumerate(own.chain_rules):
        # outside[i, j, B] += outside_whole[i, j, X] p(X => B)
        above = whole[:, :, own.chain_from[c]] * math.exp(own.chain_log_p[c])
        out[:, :, own.chain_to[c]] += above
        for r in rules:  # every category below the top is a node of its own
            below = int(own.grammar.right[own.grammar.ends[r]])
            node[:, :, below] += above * made[:, :, own.chain_to[c]]
    size = (np.arange(n)[None, :] - np.arange(n)[:, None] + 1)[:, :, None]
    scale = chart.scale * math.log(2)
    sentence = total[0, -1, own.start]
    with np.errstate(divide="ignore"):
        return Sums(
            inside=np.log(total) - scale * size,
            inside_made=np.log(made) - scale * size,
            outside=np.log(out) - scale * (n - size),
            outside_whole=np.log(whole) - scale * (n - size),
            posterior=(
                np.minimum(np.log(node) - np.log(sentence), 0.0) if sentence > 0
                else np.full_like(node, NOTHING)
            ),
        )  # fmt: skip

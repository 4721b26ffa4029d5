"""Numbers of trees beyond 2^53, in Python's whole numbers, which have no end.

count[i, j, X] = sum over s, X -> Y Z of count[i, s, Y] count[s+1, j, Z]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.parsing.chart import Chart

SAME = 1e-9


def exactly(chart: Chart, *, only_best: bool) -> int:
    """The trees of the sentence, or those of the best probability alone."""
    own, n = chart.normal, len(chart.words)
    w, best = chart.w, chart.made
    rules: dict[int, list[tuple[int, int, float]]] = {}
    for y, z, x, p in zip(
        own.Y.tolist(), own.Z.tolist(), own.X.tolist(), own.log_p.tolist(), strict=True
    ):
        rules.setdefault(y, []).append((z, x, p))
    chains: dict[int, list[tuple[int, float]]] = {}
    for x, y, p in zip(
        own.chain_from.tolist(), own.chain_to.tolist(), own.chain_log_p.tolist(), strict=True
    ):
        chains.setdefault(y, []).append((x, p))
    total: dict[tuple[int, int], dict[int, int]] = {}
    for size in range(n):
        for i in range(n - size):
            j = i + size
            made: dict[int, int] = {}
            if size == 0:
                for X, p in zip(chart.tags[i][0].tolist(), chart.tags[i][1].tolist(), strict=True):
                    if not only_best or p >= best[i, j, X] - SAME:
                        made[X] = made.get(X, 0) + 1
            for s in range(i, j):
                right = total[s + 1, j]
                for Y, left in total[i, s].items():
                    for Z, X, p in rules.get(Y, ()):
                        if Z not in right:
                            continue
                        if only_best and p + w[i, s, Y] + w[s + 1, j, Z] < best[i, j, X] - SAME:
                            continue
                        made[X] = made.get(X, 0) + left * right[Z]
            whole = {
                X: c for X, c in made.items() if not only_best or best[i, j, X] >= w[i, j, X] - SAME
            }
            for B, count in made.items():
                for X, p in chains.get(B, ()):
                    if not only_best or p + best[i, j, B] >= w[i, j, X] - SAME:
                        whole[X] = whole.get(X, 0) + count
            total[i, j] = whole
    return total[0, n - 1].get(own.start, 0)

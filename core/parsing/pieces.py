"""How far a chart without a tree came: as few pieces as cover the words that have any."""

from __future__ import annotations

from core.parsing.chart import NOTHING, Chart
from core.parsing.tree import Tree

MOST = 24  # pieces


def pieces(chart: Chart) -> list[tuple[int, int, Tree]]:
    """(first word, last word, best tree) of the longest span at each place, from left to right.

    Words that no category derives are left out, and so is what comes after MOST pieces.
    """
    own = len(chart.normal.grammar.categories)
    found: list[tuple[int, int, Tree]] = []
    n, i = len(chart.words), 0
    while i < n and len(found) < MOST:
        for j in range(n - 1, i - 1, -1):
            begin = int(chart.first[i, j])
            at = slice(begin, begin + int(chart.size[i, j]))
            pairs = zip(
                chart.items["w"][at].tolist(), chart.items["symbol"][at].tolist(), strict=True
            )
            best = max(((w, X) for w, X in pairs if own > X and w > NOTHING), default=None)
            if best is not None:
                tree = chart.tree(i, j, best[1])
                assert tree is not None
                found.append((i, j, tree))
                i = j
                break
        i += 1
    return found

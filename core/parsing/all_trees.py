"""Every tree of a sentence, but first how many there are: they grow like Catalan's numbers.

C(k) = (2k)! / (k! (k + 1)!)        1, 2, 5, 14, 42, 132, ... for k = 1, 2, ...
"""

from __future__ import annotations

import math

from core.errors import require
from core.parsing.chart import Chart
from core.parsing.k_best import TREES, Ranked, k_best


def catalan(k: int) -> int:
    return math.comb(2 * k, k) // (k + 1)


def all_trees(chart: Chart, *, most: int = 1000) -> list[Ranked]:
    """All trees, the likeliest first; none where the sentence has none.

    Raises SettingError, with their number, where there are more than `most` (at most TREES).
    """
    require(1 <= most <= TREES, "trees", wanted=f"1 to {TREES:,}", given=most)
    require(chart.count <= most, "trees", wanted=f"at most {most:,}", given=f"{chart.count:,}")
    return k_best(chart, chart.count) if chart.count else []

"""Brute force against the dynamic program, counted: why one can't be done and the other can.

    n                 words of the sentence
    m                 categories
    |R|               binary rules
    bracketings       Catalan(n - 1)                    binary trees over n words, without labels
    labelled trees    Catalan(n - 1) m^(2n - 2)         a label on each of 2n - 1 nodes, S on top
    combinations      (n^3 - n) / 6                     spans (i, j) with a split s, i <= s < j
    bound             n^3 |R|                           products of the chart, but for a constant

All are exact whole numbers, however large.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import require
from core.parsing.all_trees import catalan
from core.parsing.cky import Cell
from core.parsing.normal_form import Normal

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Cost:
    """What n words cost, see the top of this file."""

    n: int
    bracketings: int
    labelled: int
    combinations: int
    bound: int


def cost(n: int, categories: int, rules: int) -> Cost:
    """Of n words with so many categories and binary rules. Raises SettingError where n is below 1."""
    require(n >= 1, "words", wanted="at least 1", given=n)
    shapes = catalan(n - 1)
    return Cost(
        n=n,
        bracketings=shapes,
        # Catalan(n - 1) m^(2n - 2)
        labelled=shapes * categories ** (2 * n - 2),
        # (n^3 - n) / 6
        combinations=(n**3 - n) // 6,
        # n^3 |R|
        bound=n**3 * rules,
    )


def costs(normal: Normal, most: int) -> list[Cost]:
    """Of 1 to `most` words under a grammar."""
    return [cost(n, len(normal.symbols), len(normal.X)) for n in range(1, most + 1)]


def tried(cells: Iterable[Cell], n: int) -> list[int]:
    """(n,) the products that the chart of the first 1, 2, ..., n words makes.

    The chart of a beginning is a part of the whole chart: its cells end before the words to come.
    """
    ends = [0] * n
    for cell in cells:
        ends[cell.j] += cell.tried
    return [sum(ends[: k + 1]) for k in range(n)]


def magnitude(number: int) -> float:
    """log10 of a whole number above 0 that may be too large for a float."""
    return math.log10(number)


def written(number: int) -> str:
    """1234567 as 1,234,567, and from ten digits on as 1.23 × 10⁹."""
    if number < 10**9:
        return f"{number:,}"
    power = len(str(number)) - 1 if number < 10**4000 else math.floor(magnitude(number))
    lead = 10 ** (magnitude(number) - power)
    if round(lead, 2) >= 10:
        lead, power = lead / 10, power + 1
    return f"{lead:.2f} × 10{str(power).translate(RAISED)}"

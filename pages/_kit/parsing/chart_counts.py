"""What the chart saves: brute force and the dynamic program counted for the sentence."""

from __future__ import annotations

import streamlit as st

from core.charts import brute as charts
from core.parsing import brute
from core.parsing.brute import written
from core.parsing.chart import Chart
from core.parsing.cky import Cell
from core.parsing.log_sums import quick
from pages._kit import show

LEAST = 15  # words that the curves go to
MOST = 60

CLAIM = """\
The course puts brute force at $O(m\\,n^2)$: it counts words, labels and rules one after another.
But they are choices that **multiply**: every shape of a tree goes with every label on every node.
Of $n$ words there are $\\mathrm{Catalan}(n-1)$ shapes, and with $m$ categories $m^{2n-2}$ ways to
label each. The chart asks about a span once, whatever stands round it: $n^3$ times the number of
binary rules $|R|$, at most."""


def panel(chart: Chart, cells: tuple[Cell, ...] | None) -> None:
    """The claim, the sentence's numbers, and how they grow."""
    n, own = len(chart.words), chart.normal
    cost = brute.cost(n, len(own.symbols), len(own.X))
    tried = brute.tried(cells, n) if cells is not None else []
    st.subheader("Why a chart", anchor=False)
    st.markdown(CLAIM)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.table(dict(_rows(chart, cost, tried)))
    with right:
        costs = brute.costs(own, min(MOST, max(LEAST, n)))
        show.chart(charts.growth, costs, tried, n)


def _rows(chart: Chart, cost: brute.Cost, tried: list[int]) -> list[tuple[str, str]]:
    m, rules = len(chart.normal.symbols), len(chart.normal.X)
    rows = [
        ("Words n", f"{cost.n:,}"),
        ("Categories m, made ones included", f"{m:,}"),
        ("Binary rules |R|", f"{rules:,}"),
        ("Shapes of trees, Catalan(n - 1)", written(cost.bracketings)),
        ("Labelled trees to try", written(cost.labelled)),
    ]
    if quick(chart):
        rows.append(("of them trees of the grammar", written(chart.count)))
    rows.append(("Spans with a split, (n³ - n) / 6", written(cost.combinations)))
    rows.append(("Bound n³ |R|", written(cost.bound)))
    if tried:
        rows.append(("Products the chart made", f"{tried[-1]:,}"))
    return rows

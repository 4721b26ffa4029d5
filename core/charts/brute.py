"""How brute force grows with the words of a sentence, and how the chart does."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts.theme import BLUE, GREY, ORANGE, VERMILION, dressed
from core.parsing.brute import Cost, magnitude, written

LABELLED, SHAPES = "labelled trees", "trees without labels"
BOUND, TRIED = "n³ |R|", "products the chart made"
COLOURS = {LABELLED: VERMILION, SHAPES: ORANGE, BOUND: GREY, TRIED: BLUE}


def growth(costs: Sequence[Cost], tried: Sequence[int], n: int) -> alt.LayerChart:
    """Powers of ten over words; `tried` are those of the sentence's beginnings, `n` its words."""
    rows = []
    for cost in costs:
        for name, number in (
            (LABELLED, cost.labelled),
            (SHAPES, cost.bracketings),
            (BOUND, cost.bound),
        ):
            rows.append((cost.n, name, number))
    rows += [(k + 1, TRIED, number) for k, number in enumerate(tried)]
    frame = pd.DataFrame(
        [(k, name, magnitude(number), written(number)) for k, name, number in rows if number > 0],
        columns=["words", "of", "power", "number"],
    )
    powers = alt.Axis(labelExpr=f"'10' + {_raised()}", tickMinStep=1)
    colours = alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()])
    base = alt.Chart(frame).encode(
        x=alt.X(
            "words:Q",
            scale=alt.Scale(zero=False, nice=False),
            axis=alt.Axis(format="d", tickMinStep=1),
        ),
        y=alt.Y("power:Q", title="how many", axis=powers),
        color=alt.Color("of:N", sort=None, scale=colours, legend=alt.Legend(columns=2)),
        tooltip=["of:N", "words:Q", "number:N"],
    )
    mark = alt.Chart(frame).mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(n))
    lines = base.mark_line(strokeWidth=2)
    here = base.transform_filter(f"datum.words == {n}").mark_point(filled=True, size=60)
    return dressed(alt.LayerChart(layer=[mark, lines, here], height=280))


def _raised() -> str:
    """The Vega expression of a tick's value in raised digits."""
    text = "('' + datum.value)"
    for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        text = f"replace({text}, regexp('{digit}', 'g'), '{raised}')"
    return text

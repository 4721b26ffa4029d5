"""Names of topics in charts: told apart, shortened where long, in a colour that keeps to its topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import altair as alt

from core.charts.theme import CLASSES, GREY

INK = "#7B8288"  # words on the chart itself, of 4 : 1 and more on a light page and on a dark one
LIMIT = 150  # pixels of a name on an axis
OTHERS = "other topics"

# A hundred topics against each other are 10,000 cells; Altair stops at 5,000 rows unless told.
alt.data_transformers.disable_max_rows()


def distinct(names: Sequence[str]) -> list[str]:
    """`names`, with the topic's number (from 1) behind those that several topics have."""
    times = Counter(names)
    return [name if times[name] == 1 else f"{name} ({z + 1})" for z, name in enumerate(names)]


def picked(param: str, field: str, here: int | str | None = None) -> alt.Parameter:
    """A point selection called `param` of `field`; `here` is picked from the start."""
    value = alt.Undefined if here is None else [{field: here}]
    return alt.selection_point(name=param, fields=[field], toggle=False, empty=False, value=value)


def colour(names: Sequence[str]) -> alt.Color:
    """A colour each for the column "name"; OTHERS is grey. At most ten of `names` besides it."""
    of = {name: CLASSES[k % len(CLASSES)] for k, name in enumerate(n for n in names if n != OTHERS)}
    scale = alt.Scale(domain=[*names], range=[of.get(name, GREY) for name in names])
    legend = alt.Legend(columns=3, labelLimit=LIMIT, symbolType="square")
    return alt.Color("name:N", sort=[*names], scale=scale, legend=legend)


def share(column: str, title: str) -> alt.Tooltip:
    """A tooltip in per cent."""
    return alt.Tooltip(f"{column}:Q", title=title, format=".1%")

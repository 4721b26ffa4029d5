"""Names of topics in charts: told apart, shortened where long, in a colour that keeps to its topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.charts.theme import CLASSES, GREY

INK = "#7B8288"  # words on the chart itself, of 4 : 1 and more on a light page and on a dark one
LIMIT = 150  # pixels of a name on an axis
OTHERS = "other topics"
LETTER, LINE = 5.6, 13.0  # pixels of a small name: of a letter, and its height

# A hundred topics against each other are 10,000 cells; Altair stops at 5,000 rows unless told.
alt.data_transformers.disable_max_rows()


def distinct(names: Sequence[str]) -> list[str]:
    """`names`, with the topic's number (from 1) behind those that several topics have."""
    times = Counter(names)
    return [name if times[name] == 1 else f"{name} ({z + 1})" for z, name in enumerate(names)]


def picked(
    param: str, field: str, here: int | str | None = None, *, also: str | None = None
) -> alt.Parameter:
    """A point selection called `param` of `field`, and of `also`; `here` is picked from the start."""
    value = alt.Undefined if here is None else [{field: here}]
    fields = [field] if also is None else [field, also]
    return alt.selection_point(name=param, fields=fields, toggle=False, empty=False, value=value)


def colour(names: Sequence[str]) -> alt.Color:
    """A colour each for the column "name"; OTHERS is grey. At most ten of `names` besides it."""
    of = {name: CLASSES[k % len(CLASSES)] for k, name in enumerate(n for n in names if n != OTHERS)}
    scale = alt.Scale(domain=[*names], range=[of.get(name, GREY) for name in names])
    legend = alt.Legend(columns=3, labelLimit=LIMIT, symbolType="square")
    return alt.Color("name:N", sort=[*names], scale=scale, legend=legend)


def share(column: str, title: str) -> alt.Tooltip:
    """A tooltip in per cent."""
    return alt.Tooltip(f"{column}:Q", title=title, format=".1%")


def placed(
    at: NDArray[np.floating],
    radii: NDArray[np.floating],
    names: Sequence[str],
    limit: float = LIMIT,
) -> list[int]:
    """Where a name has room at its circle: 1 below it, -1 above it, 0 nowhere; the largest first.

    Centres `at` (K, 2) and `radii` (K,) in pixels that go down. A name may lie on its own circle alone.
    """
    out = [0] * len(names)
    taken: list[tuple[float, float, float, float]] = []
    for k in np.argsort(-radii, kind="stable"):
        half = min(len(names[k]) * LETTER, limit) / 2
        for side in (1, -1):
            y = at[k, 1] + side * (radii[k] + LINE / 2 + 2)
            box = (at[k, 0] - half, y - LINE / 2, at[k, 0] + half, y + LINE / 2)
            if not _on_a_circle(box, np.delete(at, k, 0), np.delete(radii, k)) and not any(
                box[0] < x1 and x0 < box[2] and box[1] < y1 and y0 < box[3]
                for x0, y0, x1, y1 in taken
            ):
                out[k] = side
                taken.append(box)
                break
    return out


def _on_a_circle(
    box: tuple[float, float, float, float], at: NDArray[np.floating], radii: NDArray[np.floating]
) -> bool:
    near = np.clip(at, [box[0], box[1]], [box[2], box[3]])
    return bool((np.hypot(*(near - at).T) < radii).any())

"""Where points of the plane come from: made by a formula, measured, or the visitor's own table."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets import points
from core.datasets.points.cells import MAX_BYTES
from core.errors import UploadError, VitrineError
from core.nets.network import Points
from core.rng import stream
from core.store import fingerprint
from pages._kit import choose, frame

OWN = "own"
FIRST = ("circle", "spiral")  # on the list
NAMES = {
    **{name: points.PRESETS[name].title for name in FIRST},
    **{name: preset.title for name, preset in points.PRESETS.items()},
    **{name: f"{source.title}, two components" for name, source in points.REAL.items()},
    OWN: "My own table",
}
SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
SPREADS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)
EXAMPLE = "x1, x2, class\n1.5, 2.0, yes\n-0.5, 1.0, no\n2.0, 1.5, yes\n0.0, -1.0, no\n"
ABOUT_TABLE = """Two columns of numbers and a class in each row, separated by comma, semicolon, tab or
blanks; a header is welcome. Up to 100,000 rows, 10 classes and 10 MB."""
ABOUT_SPREAD = "Standard deviation of the noise added to every coordinate."
ABOUT_CLASSES = """How many classes the network tells apart. Data that has fewer leaves the others to be
drawn by hand."""
ABOUT_SEED = """Which points are drawn, which of them are kept for testing and which get a wrong class. The
network has a seed of its own, above."""
ABOUT_TEST = "This share of the points is kept for testing: the net never learns from them."
ABOUT_WRONG = """This share of the training points gets a wrong class. A net that learns those too has
learned them by heart."""


@dataclass(frozen=True)
class Cloud:
    """Points, what their classes are called, what they were made from, a sentence about them."""

    points: Points
    classes: tuple[str, ...]
    source: tuple[object, ...]
    about: str


def cloud() -> Cloud | None:
    """Let the visitor choose. None where a table is none, which has been said then.

    The points have a seed of their own: another net learns from the same points.
    """
    name = st.selectbox(
        "Data", list(NAMES), key="data", bind="query-params", format_func=NAMES.__getitem__
    )
    seed = choose.whole("Seed of the points", 0, 2**31 - 1, key="draw", help=ABOUT_SEED)
    if name == OWN:
        try:
            made, classes, about = _own()
        except VitrineError as error:
            frame.report(error)
            return None
        source: tuple[object, ...] = (name, fingerprint(*made))
    elif name in points.REAL:
        found = _projected(name)
        made, classes, source = found.points, found.names, (name,)
        about = f"Standardised; two components hold {sum(found.explained):.0%} of the variance."
    else:
        n, spread, count = _preset(name)
        made, about = _drawn(name, n, spread, min(count, points.PRESETS[name].classes), seed), ""
        source, classes = (name, n, spread, count, seed), tuple(map(str, range(count)))
    test = choose.slide("Test share", SHARES, 0.0, key="test", help=ABOUT_TEST)
    wrong = choose.slide("Label noise", SHARES, 0.0, key="wrong", help=ABOUT_WRONG)
    made = points.split(made, test, generator=stream(seed, "split"))
    made = points.label_noise(made, wrong, generator=stream(seed, "label noise"))
    return Cloud(made, classes, (*source, test, wrong, seed if test or wrong else None), about)


def _preset(name: str) -> tuple[int, float, int]:
    """How many points, how far spread, of how many classes."""
    preset = points.PRESETS[name]
    options = range(2, points.CLASSES + 1)
    classes = choose.slide("Classes", options, 2, key="classes", help=ABOUT_CLASSES)
    n = preset.n
    if name != "simple":
        n = choose.whole("Points", 20, points.MOST, key=f"n_{name}", default=preset.n)
    return n, choose.slide("Spread", SPREADS, 0.0, key="spread", help=ABOUT_SPREAD), classes


def _own() -> tuple[Points, tuple[str, ...], str]:
    most = MAX_BYTES >> 20
    file = st.file_uploader(
        "CSV", ["csv", "tsv", "txt"], key="table", help=ABOUT_TABLE, max_upload_size=most
    )
    pasted = st.text_area("Or paste it", EXAMPLE, key="pasted", max_chars=200_000)
    if file is not None and file.size > MAX_BYTES:
        given = f"{file.size / 2**20:.0f} MB"
        raise UploadError(file.name, wanted=f"at most {MAX_BYTES >> 20} MB", given=given)
    read = (file.getvalue(), file.name) if file is not None else (pasted, "pasted table")
    table = _table(*read)
    about = f"{len(table.points.x):,} rows, {len(table.names)} classes."
    if table.scaled:
        (a, b), (c, d) = table.shift, table.scale
        about += f" Scaled to fit: ({a:.4g} and {b:.4g} taken off, times {c:.4g} and {d:.4g})."
    return table.points, table.names, about


@st.cache_resource(max_entries=64, show_spinner=False)
def _drawn(name: str, n: int, spread: float, classes: int, seed: int) -> Points:
    draws = stream(seed, "points", name)
    return points.PRESETS[name].draw(n, spread, classes, generator=draws)


@st.cache_resource(max_entries=8, show_spinner=False)
def _projected(name: str) -> points.Projected:
    return points.projected(name)


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def _table(data: str | bytes, name: str) -> points.Table:
    return points.parse(data, name=name)

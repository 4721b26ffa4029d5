"""Where the visitor looks in the chart: in the link, and listed in full where the chart is not whole."""

from __future__ import annotations

import streamlit as st

from core.parsing.chart import NOTHING, Chart
from core.parsing.cky import Entry
from core.parsing.one_cell import cell, worth
from pages._kit.stage.cky import Listed, Looked, Scene, looked

MOST = 500  # categories and products that are listed
SEEN = "chart_scene"


def now(key: str, scene: Scene) -> Looked | None:
    """From the browser; in the first run from the link (words from 1, as on the page)."""
    told = looked(key, scene)
    before = st.session_state.get(SEEN)
    st.session_state[SEEN] = scene.id
    if told is not None:
        symbol = f"-{told.symbol}" if told.symbol else ""
        st.query_params["cell"] = f"{told.i + 1}-{told.j + 1}{symbol}"
        if told.step is not None:
            st.query_params["step"] = str(told.step)
        else:
            st.query_params.pop("step", None)
        return told
    if before is not None and before != scene.id:  # another chart than the link is about
        st.query_params.pop("cell", None)
        st.query_params.pop("step", None)
        return None
    return read(st.query_params.get("cell", ""), st.query_params.get("step", ""), len(scene.words))


def read(cell: str, step: str, n: int) -> Looked | None:
    """A place of a chart of n words as a link holds it; None where there is none."""
    i, _, rest = cell.partition("-")
    j, _, symbol = rest.partition("-")
    places = i.isdecimal() and j.isdecimal() and len(i) < 4 and len(j) < 4
    if not places or not 1 <= int(i) <= int(j) <= n:
        return None
    done = int(step) if step.isdecimal() and len(step) < 7 else None
    return Looked(int(i) - 1, int(j) - 1, symbol, done)


def listed(chart: Chart, scene: Scene, looked: Looked | None) -> Listed | None:
    """All of the cell that is looked at, where the browser has it in part only."""
    if scene.whole or looked is None:
        return None
    names = chart.normal.symbols
    every = sorted(worth(chart, looked.i, looked.j).items(), key=lambda item: -item[1][0])
    symbols = [(names[X], w) for X, (w, _) in every if w > NOTHING]
    if not symbols:
        return None
    found = {entry.symbol: entry for entry in cell(chart, looked.i, looked.j).entries}
    entry = found.get(looked.symbol) or found[symbols[0][0]]
    return Listed(
        looked.i, looked.j, entry.symbol, symbols[:MOST], _ways(entry, chart), len(entry.candidates)
    )


def _ways(
    entry: Entry, chart: Chart
) -> list[tuple[tuple[str, ...], int, float, tuple[float, ...], bool]]:
    order = sorted(entry.candidates, key=lambda one: -one.log_product)[:MOST]
    return [
        (
            # of a chain everything on its way
            (*chart.chain_names(one.rule), *one.parts) if one.chain else one.parts,
            -1 if one.split is None else one.split, one.log_p, one.log_parts, one.chain,
        )
        for one in order
    ]  # fmt: skip

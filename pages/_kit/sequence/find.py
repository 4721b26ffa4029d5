"""Find units: say what to look for and get the units that follow it, or ask a unit what it does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.errors import VitrineError
from core.sequence import familiar, reader, units
from core.sequence.cells import SIGNALS
from core.sequence.saved import Saved
from core.sequence.trace import Clamp, Traced
from core.sequence.units import CONTEXT, Ranked, Unit
from core.store import fingerprint
from pages._kit import frame, take
from pages._kit.sequence import excites, find_what, tracks
from pages._kit.sequence import view as of_view
from pages._kit.sequence.find_what import Target
from pages._kit.sequence.lines import Line, lines
from pages._kit.sequence.view import View
from pages._kit.stage.reader import Text, Track
from pages._kit.stage.reader import reader as shown

ORDERS = {"correlation": "Correlation", "information": "Mutual information", "f1": "F1"}
STATES, ALL = "States", "States and gates"
BEST = 15  # units in the table
WRONG = 12  # characters at which the rule is wrong
ABOUT_ORDER = """Correlation: does it rise and fall with the pattern? Mutual information: how many bits
does it tell about it, in whatever way? F1: how well does one threshold on this one unit tell inside
from outside?"""
ABOUT_TABLE = "Tick a row to look at that unit below."
NOTHING = """Nothing to find: in this text every character is in it, or none is. Look for something
else, or read another text."""


def show(view: View) -> None:
    """The part of the page."""
    st.markdown("Which unit follows a pattern? All are compared with it, at every character.")
    left, right = st.columns([2, 3], gap="large")
    with left:
        target = _target(view)
        names, by = _how(view.saved)
    ranked: list[Ranked] = []
    if target is not None:
        ranked = rank(view, target, names, by)
    with right:
        best = _table(view, target, ranked, by) if target is not None else None
    if target is not None and best is not None:
        _compare(view, target, best)
    first = Unit(tracks.STATES[view.saved.config.cell], 0)
    unit = best.where if best is not None else view.shown[0] if view.shown else first
    st.divider()
    excites.show(view, unit)


def rank(view: View, target: Target, names: tuple[str, ...], by: str) -> list[Ranked]:
    """All units, the best first; empty where the target is the same everywhere. Made once."""
    claimed = target.values[np.isfinite(target.values)]
    if len(claimed) < 2 or (claimed == claimed[0]).all():
        return []
    with st.spinner("Comparing all units …"):
        found = _ranked(
            view.saved.mark,
            view.text,
            view.clamps,
            fingerprint(target.values),
            names,
            view.layers,
            target.values,
        )
    return sorted(found, key=lambda one: -abs(getattr(one, by)))


def _target(view: View) -> Target | None:
    """What to look for; a message instead where that makes no sense, and the controls stay."""
    try:
        return find_what.chosen(view)
    except VitrineError as error:
        frame.report(error)
        return None


def _how(saved: Saved) -> tuple[tuple[str, ...], str]:
    """Which signals are searched, and what the units are ranked by."""
    searched = st.segmented_control(
        "Search in",
        [STATES, ALL],
        default=STATES,
        key="find_in",
        bind="query-params",
        required=True,
    )
    by = st.segmented_control(
        "Rank by",
        list(ORDERS),
        default=familiar.wanted(saved).by,
        key=f"find_by_{find_what.kind(saved)}",
        bind="query-params",
        format_func=ORDERS.__getitem__,
        help=ABOUT_ORDER,
        required=True,
    )
    cell = saved.config.cell
    return (SIGNALS[cell] if searched == ALL else (tracks.STATES[cell],)), by


def _table(view: View, target: Target, ranked: Sequence[Ranked], by: str) -> Ranked | None:
    """The best units; the one that is picked."""
    if not ranked:
        st.info(NOTHING, icon=":material/search_off:")
        return None
    few = ranked[:BEST]
    told = st.dataframe(
        pd.DataFrame(_rows(view.saved, few)),
        key="find_table",
        hide_index=True,
        height=36 * (min(len(few), 8) + 1),
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "r": st.column_config.NumberColumn(format="%.3f", help="Correlation, -1 to 1"),
            "bits": st.column_config.NumberColumn(format="%.2f", help="Mutual information"),
            "F1": st.column_config.NumberColumn(format="%.3f", help="Of the one-unit rule, 0 to 1"),
            "inside": st.column_config.TextColumn(help="The rule: inside where the unit is …"),
        },
    )
    st.caption(ABOUT_TABLE)
    picked = told.selection.rows
    best = few[picked[0]] if picked and picked[0] < len(few) else few[0]
    button, files = st.columns(2, vertical_alignment="center")
    number = tracks.label(best.where, view.saved)
    button.button(
        f"Look at unit {number}",
        key="find_look",
        icon=":material/visibility:",
        help="Puts it first among the units of the text above.",
        on_click=_look,
        args=(view.name, view.saved.config.cell, number, best.where.signal),
    )
    with files:
        make: Callable[[], str] = partial(as_csv, view.saved, ranked, target.name)
        take.home({"units.csv": make}, labels={"csv": "All units, CSV"})
    return best


def _look(name: str, cell: str, number: str, signal: str) -> None:
    """Show a unit first, and the signal that was searched."""
    shown_now = st.session_state.get(f"units_{name}", [])
    st.session_state[f"units_{name}"] = [number, *(one for one in shown_now if one != number)]
    names = st.session_state.get(f"signals_{cell}", [])
    if signal not in names:
        st.session_state[f"signals_{cell}"] = [*names, signal]


def _rows(saved: Saved, ranked: Sequence[Ranked]) -> list[dict[str, object]]:
    return [
        {
            "unit": tracks.label(one.where, saved),
            "signal": tracks.WORDS[one.where.signal],
            "r": one.correlation,
            "bits": one.information,
            "F1": one.f1,
            "inside": rule(one),
        }
        for one in ranked
    ]


def rule(one: Ranked) -> str:
    """Where the one-unit classifier says "inside"."""
    return f"{'above' if one.above else 'up to'} {one.threshold:.3g}"


def as_csv(saved: Saved, ranked: Sequence[Ranked], pattern: str) -> str:
    """The whole ranking as a table."""
    file = io.StringIO()
    head = (
        "pattern",
        "unit",
        "signal",
        "layer",
        "backward",
        "r",
        "bits",
        "f1",
        "threshold",
        "above",
    )
    rows = (
        (pattern, r.where.unit, r.where.signal, r.where.layer + 1, int(r.where.backward))
        + (f"{r.correlation:.6g}", f"{r.information:.6g}", f"{r.f1:.6g}", f"{r.threshold:.6g}")
        + (int(r.above),)
        for r in ranked
    )
    csv.writer(file, lineterminator="\n").writerows([head, *rows])
    return file.getvalue()


def _compare(view: View, target: Target, best: Ranked) -> None:
    """Pattern and unit under each other, and where the rule of the unit is wrong."""
    values = units.track(view.layers, best.where)
    name, signal = tracks.label(best.where, view.saved), best.where.signal
    low, high = _extent(target.values)
    p = of_view.expected(view.saved, view.text, view.clamps)
    aligned = Text(
        view.text,
        view.codes,
        p,
        reader.losses(p, view.codes),
        view.saved.vocabulary.characters,
        [
            Track("wanted", target.name, target.values, low, high),
            Track(
                f"{tracks.LETTERS[signal]} {name}",
                f"{tracks.WORDS[signal]} of unit {name}",
                values,
                *tracks.scale(signal, values),
            ),
        ],
    )
    st.markdown(f"##### {find_what.told(target)}, and unit {name}")
    shown(aligned, key="find_reader", name=f"{target.name} and unit {name}", picks="at", at=view.at)
    wrong = units.wrong(values, target.values, best)
    claimed = int(np.isfinite(target.values).sum())
    says = f"inside where {tracks.LETTERS[signal]} is {rule(best)}"
    if not len(wrong):
        st.success(
            f"The rule “{says}” is right at all {claimed:,} characters.", icon=":material/check:"
        )
        return
    st.markdown(
        f"The rule “{says}” is wrong at **{len(wrong):,}** of {claimed:,} characters"
        + (f". The {WRONG} that it is surest of:" if len(wrong) > WRONG else ":")
    )
    truly = units.inside(target.values)
    told = [
        Line(t, t + 1, f"{'missed' if truly[t] else 'false'} {values[t]:+.2f}")
        for t in wrong[:WRONG].tolist()
    ]
    lines(view.text, told, context=CONTEXT)
    st.caption("Missed: inside, and the rule says outside. False: the other way round.")


def _extent(values: NDArray[np.float64]) -> tuple[float, float]:
    """How far a target runs; both ways from 0 where it falls below."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    most = max(abs(low), abs(high)) or 1.0
    return (-most, most) if low < 0 else (0.0, most)


@st.cache_resource(max_entries=24, show_spinner=False)
def _ranked(
    mark: str,
    text: str,
    clamps: tuple[Clamp, ...],
    target: str,
    names: tuple[str, ...],
    _layers: list[list[Traced]],
    _target: NDArray[np.float64],
) -> list[Ranked]:
    return units.rank(_layers, _target, signals=names)

"""Back through time: what the loss at one character asks of every earlier state, and where it vanishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import recurrent as charts
from core.charts.theme import BLUE, GREEN, ORANGE
from core.rng import stream
from core.sequence import defaults, model, reader, vanishing
from core.sequence.model import Config
from core.sequence.saved import Saved
from core.sequence.vanishing import Reached
from pages._kit import choose
from pages._kit import show as shown_once
from pages._kit.sequence import inside_lines
from pages._kit.sequence import view as of_view
from pages._kit.sequence.view import View
from pages._kit.stage.reader import Text, Track
from pages._kit.stage.reader import reader as shown

CELLS = {"srn": "Simple recurrent", "gru": "GRU", "lstm": "LSTM"}
COLOURS = {"srn": ORANGE, "gru": GREEN, "lstm": BLUE}
FAMILIES = ("counter", "memoriser")  # tasks that all three cells have learned
CUTS = (1, 2, 5, 10, 20, 50, 100, 200, None)
READ_AT = 20  # characters back that sentences tell of
GONE = 1e-3
DECADES = (2, 12)  # least and most powers of ten that a track shows
ABOUT_CUT = """Truncated backpropagation through time: states further back are taken as given, and
nothing flows beyond. “Off” goes back over all that is read."""
ABOUT_UNTRAINED = (
    "Fresh nets of the same size for the three cells, as training would start with them."
)
ABOUT_TRACKS = """Lengths of ∂L/∂b and ∂L/∂s at every character, over all units of a layer. The scale is
logarithmic: 0 stands for {low} of the largest or less, {decades} for the largest."""
ABOUT_SPECTRUM = """J is how the state of the first layer at t depends on that at t−1; of an LSTM b and s
together. Their product tells what of a small change so many characters back is still there. Largest,
median (dashed) and smallest singular value: a largest far below 1 means that nothing gets through."""


@dataclass(frozen=True)
class Asked:
    """The question: what the net read, and the character whose loss is asked."""

    first: int  # of what is read
    at: int
    codes: tuple[int, ...]  # those of [first, at]
    y: int


def show(view: View) -> None:
    """The part of the page."""
    own = _asked(view, vanishing.affordable(view.saved.net))
    if own is None:
        st.info("Nothing follows this character in its text. Choose an earlier one.")
        return
    cut = choose.slide(
        "Truncated after so many characters", CUTS, choose.OFF, key="through_cut", help=ABOUT_CUT
    )
    _tracks(view, own, cut)
    st.markdown("##### The same text, three cells")
    nets = _nets(view)
    asked = _asked(view, min(vanishing.affordable(one.net) for one in nets.values())) or own
    found = {c: _reached(one.mark, asked.codes, asked.y, None, one) for c, one in nets.items()}
    shown_once.chart(charts.vanishing, _curves(found), cut=cut)
    st.markdown(vanished({CELLS[cell]: one.by_lag(one.best) for cell, one in found.items()}))
    _spectra(nets, asked)
    if view.clamps:
        st.caption("Nothing is held in here: these are gradients of the net as it was trained.")


def _asked(view: View, most: int) -> Asked | None:
    if view.at + 1 >= len(view.text):
        return None
    begin = max(0, view.at + 1 - most)
    return Asked(
        begin,
        view.at,
        tuple(view.codes[begin : view.at + 1].tolist()),
        int(view.codes[view.at + 1]),
    )


def _nets(view: View) -> dict[str, Saved]:
    """One net a cell, by the cell; says which they are."""
    saved, config = view.saved, view.saved.config
    family = view.name.partition("_")[0]
    related = family in FAMILIES and view.name in defaults.RECIPES
    words, switch = st.columns([3, 2], vertical_alignment="center")
    with switch:
        untrained = not related or st.toggle(
            "Untrained nets", key="through_untrained", bind="query-params", help=ABOUT_UNTRAINED
        )
        if untrained:
            seed = choose.whole("Seed of the fresh nets", 0, 9999, key="through_seed")
    with words:
        if not untrained:
            st.markdown("All three are **trained** on this task, with the same settings.")
            names = {"srn": f"{family}_srn", "gru": f"{family}_gru", "lstm": family}
            return {cell: defaults.load(name) for cell, name in names.items()} | {
                config.cell: saved
            }
        deep = f" in each of {config.layers} layers" if config.layers > 1 else ""
        st.markdown(f"All three are **untrained**: fresh nets with {config.units} units{deep}.")
    return {cell: _fresh(cell, seed, saved.mark, saved) for cell in CELLS}


def _tracks(view: View, asked: Asked, cut: int | None) -> None:
    """The text, with what the loss asks of every state before."""
    saved = view.saved
    came = inside_lines.spoken(view.text[asked.at + 1])
    if saved.config.bidirectional:
        st.info(
            "This net reads in two directions: its states hang on what is before and behind. The "
            "way back is told for nets in one direction; below are three of its size."
        )
        return
    found = _reached(saved.mark, asked.codes, asked.y, cut, saved)
    T = len(view.text)
    tracks, decades = [], _decades(found)
    for layer in range(saved.config.layers):
        number = f" {layer + 1}" if saved.config.layers > 1 else ""
        of_layer = f" of layer{number}" if number else ""
        hidden = "b" if found.state is not None else "h"
        kinds = [(hidden, "hidden states", found.hidden)]
        if found.state is not None:
            kinds.insert(0, ("s", "cells", found.state))
        for letter, what, lengths in kinds:
            values = np.zeros(T, np.float32)
            values[asked.first : asked.at + 1] = _height(lengths[layer], decades)
            title = f"gradient by the {what}{of_layer}, in powers of ten"
            tracks.append(Track(f"∂L/∂{letter}{number}", title, values, 0.0, float(decades)))
    p = of_view.expected(saved, view.text)
    told = Text(
        view.text,
        view.codes,
        p,
        reader.losses(p, view.codes),
        saved.vocabulary.characters,
        tracks,
    )
    name = f"What the loss of {came} asks of every earlier state"
    st.markdown(
        f"##### L: {came} was to come after character {asked.at}",
        help=ABOUT_TRACKS.format(low=f"10$^{{-{decades}}}$", decades=decades),
    )
    shown(told, key="through_reader", name=name, picks="at", at=asked.at)
    st.markdown(_sentence(found, cut, asked))


def _sentence(found: Reached, cut: int | None, asked: Asked) -> str:
    """How far back the loss of this net reaches."""
    share = found.by_lag(found.best)
    lag = np.flatnonzero(share < GONE)
    read = len(asked.codes)
    told = f"L is **{found.loss:.3g}** nats. "
    by = "by the cells" if found.state is not None else "by the states"
    if np.isnan(share).any():
        told += "It is so sure of this character that no gradient is left at all."
    elif cut is not None and len(lag) and int(lag[0]) == cut:
        told += f"Its gradient {by} is cut off after {_counted(cut)}, where it was still "
        told += f"{_share(float(share[cut - 1]))}, the last being 1."
    elif len(lag):
        told += (
            f"{_counted(int(lag[0]))} back its gradient {by} falls below a thousandth of the last."
        )
    else:
        told += f"Its gradient {by} is {_share(float(share[-1]))} at the first character that is "
        told += "read, the last being 1."
    if asked.first:
        told += f" The {read} characters up to this one are read, from an empty memory on."
    return told


def vanished(curves: dict[str, NDArray[np.float64]]) -> str:
    """What is left of each gradient some characters back, and where it falls below a thousandth."""
    most = min(map(len, curves.values())) - 1
    if most < 1:
        return "There is only one character to look at: choose a later one."
    lag = min(READ_AT, most)
    left = ", ".join(f"{_of(name)} **{_share(float(v[lag]))}**" for name, v in curves.items())
    ends = []
    for name, values in curves.items():
        gone = np.flatnonzero(values < GONE)
        ends.append(f"{_of(name)} {f'after {gone[0]}' if len(gone) else 'not at all'}")
    told = f"{lag} characters back, of the gradient at the last there is left: {left}. "
    told += f"It falls below a thousandth: {', '.join(ends)}."
    return told + (
        f" Choose a later character to look further back than {most}." if most < 10 else ""
    )


def _spectra(nets: dict[str, Saved], asked: Asked) -> None:
    """Singular values of the product of Jacobians, a chart a cell."""
    st.markdown(
        "##### What gets through: singular values of the product of Jacobians", help=ABOUT_SPECTRUM
    )
    most = min(vanishing.lags(one.net) for one in nets.values())
    if not most:
        st.caption("These nets are too large to multiply their Jacobians here: up to 256 units.")
        return
    with st.spinner("Multiplying Jacobians …"):
        found = {c: _spectrum(one.mark, asked.codes, most, one) for c, one in nets.items()}
    axis = charts.domain(list(found.values()))
    for column, (cell, values) in zip(st.columns(len(found)), found.items(), strict=True):
        with column:
            shown_once.chart(
                charts.spectrum, values, title=CELLS[cell], colour=COLOURS[cell], domain=axis
            )
    lag = min(READ_AT, *(len(values) - 1 for values in found.values()))
    left = ", ".join(f"{_of(CELLS[c])} **{_size(float(v[lag, 0]))}**" for c, v in found.items())
    told = f"Over {lag} characters a small change of the state is stretched at most by: {left}."
    if len(asked.codes) > most:
        told += f" Up to {most} characters back, as this grows with the cube of the units."
    st.markdown(told)


def _curves(found: dict[str, Reached]) -> dict[str, NDArray[np.float64]]:
    """For the chart: a line a cell, two of an LSTM."""
    curves = {CELLS[cell]: one.by_lag(one.best) for cell, one in found.items() if cell != "lstm"}
    lstm = found["lstm"]
    assert lstm.state is not None
    curves["LSTM, cells"] = lstm.by_lag(lstm.state[-1])
    curves["LSTM, hidden"] = lstm.by_lag(lstm.hidden[-1])
    return curves


def _decades(found: Reached) -> int:
    """How many powers of ten the tracks span."""
    least = 1.0
    for lengths in (found.hidden, *([] if found.state is None else [found.state])):
        for layer in lengths:
            there = layer[layer > 0]
            if len(there):
                least = min(least, float(there.min() / there.max()))
    return int(np.clip(np.ceil(-np.log10(max(least, 1e-300))), *DECADES))


def _height(lengths: NDArray[np.float64], decades: int) -> NDArray[np.float32]:
    """Powers of ten above the least that is shown, 0 for it and for nothing."""
    most = lengths.max(initial=0.0)
    if not most:
        return np.zeros(len(lengths), np.float32)
    return np.log10(np.maximum(lengths / most, 10.0**-decades)).astype(np.float32) + decades


def _share(value: float) -> str:
    if np.isnan(value):
        return "nothing to compare with"
    if value > 1:
        return f"{value:.2g} times as much" if value < 100 else f"{_size(value)} times as much"
    return f"{100 * value:.2g} %" if GONE <= value < 0.995 else _size(value)


def _counted(count: int) -> str:
    return f"{count} character{'s' * (count > 1)}"


def _size(value: float) -> str:
    if value == 0 or 1e-3 <= value < 1e4:
        return f"{value:.3g}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}·10$^{{{int(power)}}}$"


def _of(name: str) -> str:
    return "simple recurrent net" if name == CELLS["srn"] else name


@st.cache_resource(max_entries=64, show_spinner=False)
def _reached(mark: str, codes: tuple[int, ...], y: int, cut: int | None, _saved: Saved) -> Reached:
    return vanishing.reached(_saved.net, np.array(codes), y, length=cut)


@st.cache_resource(max_entries=64, show_spinner=False)
def _spectrum(mark: str, codes: tuple[int, ...], lags: int, _saved: Saved) -> NDArray[np.float64]:
    return vanishing.spectrum(_saved.net, np.array(codes), lags=lags)


@st.cache_resource(max_entries=24, show_spinner=False)
def _fresh(cell: str, seed: int, mark: str, _saved: Saved) -> Saved:
    """A net of another cell and the same size, as it is before training."""
    old, known = _saved.config, _saved.vocabulary
    config = Config(cell=cell, units=old.units, layers=old.layers, embedding=old.embedding)
    params = model.start(config, len(known), generator=stream(seed, "fresh", cell))
    return Saved(f"{CELLS[cell]}, untrained", config, known, params)

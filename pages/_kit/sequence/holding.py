"""Hold a unit: fix some numbers of the net, and see what follows from them."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import expecting as charts
from core.rng import stream
from core.sequence import reader, sample
from core.sequence.cells import SIGNALS
from core.sequence.saved import Saved
from core.sequence.trace import Clamp
from core.sequence.units import CONTEXT
from pages._kit import choose, frame
from pages._kit import show as shown_once
from pages._kit.sequence import tracks
from pages._kit.sequence import view as of_view
from pages._kit.sequence.inside_lines import spoken
from pages._kit.sequence.lines import Line, lines
from pages._kit.sequence.view import View

NAME = "Hold a unit"
MOST = 4  # at once
GREW = 8  # characters that are told
LIKELY = 6  # characters in the bars
WRITTEN = 120  # characters of a sample
OWN = "Hold a signal at a value"
WAYS = {
    "lstm": {
        "Mute the unit: b = 0": ("b", 0.0),
        "Erase its cell: s = 0": ("s", 0.0),
        "Shut the input gate: ι = 0": ("iota", 0.0),
        "Open the input gate: ι = 1": ("iota", 1.0),
        "Forget everything: φ = 0": ("phi", 0.0),
        "Forget nothing: φ = 1": ("phi", 1.0),
        "Shut the output gate: ω = 0": ("omega", 0.0),
    },
    "gru": {
        "Mute the unit: h = 0": ("h", 0.0),
        "Keep the old state: z = 1": ("z", 1.0),
        "Take only the new: z = 0": ("z", 0.0),
        "Shut the reset gate: r = 0": ("r", 0.0),
    },
    "srn": {"Mute the unit: h = 0": ("h", 0.0)},
}
ABOUT = """The net reads the text with this number held, whatever it would have computed. In the text
above the tracks show both: with the hold, and as they were."""


def clamps(saved: Saved, text: str) -> tuple[Clamp, ...]:
    """Let the visitor hold up to MOST numbers of the net while it reads `text`."""
    st.markdown("Hold a unit or a gate, and see what depends on it.", help=ABOUT)
    with st.columns([1, 3])[0]:
        count = choose.whole("How many", 1, MOST, key="holds", default=1)
    _follow(len(text))
    return tuple(_clamp(saved, len(text), k) for k in range(count))


def _follow(T: int) -> None:
    """What was held to the end of the text before is held to the end of this one, of T characters."""
    before, st.session_state["hold_length"] = st.session_state.get("hold_length", T), T
    for key in (f"hold{k}_to" for k in range(MOST)):
        if before != T and st.session_state.get(key) == before:
            st.session_state[key] = T


def _clamp(saved: Saved, T: int, k: int) -> Clamp:
    config, ways = saved.config, WAYS[saved.config.cell]
    best = tracks.best(saved)
    first = best[min(k, len(best) - 1)].where if best else None
    what, where, begin, end = st.columns([4, 2, 2, 2], vertical_alignment="bottom")
    with what:
        way = st.selectbox("Hold", [*ways, OWN], key=f"hold{k}_{config.cell}", bind="query-params")
    with where:
        unit = choose.index(
            "Unit", config.units, key=f"hold{k}_unit", default=first.unit if first else 0
        )
        layer = 0
        if config.layers > 1:
            deep = first.layer + 1 if first else 1
            layer = choose.whole("Layer", 1, config.layers, key=f"hold{k}_layer", default=deep) - 1
        backward = config.bidirectional and st.toggle(
            "Backward", key=f"hold{k}_backward", bind="query-params"
        )
    with begin:
        start = choose.whole("From character", 0, T - 1, key=f"hold{k}_from")
    with end:
        last = choose.whole("To before", 1, T, key=f"hold{k}_to", default=T)
    if way == OWN:
        names = list(SIGNALS[config.cell])
        with what:
            signal = st.selectbox(
                "Signal", names, key=f"hold{k}_signal_{config.cell}",
                bind="query-params", format_func=lambda one: f"{tracks.LETTERS[one]}  {tracks.WORDS[one]}",
            )  # fmt: skip
        with where:
            value = st.number_input(
                "At", -20.0, 20.0, 0.0, 0.1, key=f"hold{k}_value", bind="query-params"
            )
            value = value if math.isfinite(value) else 0.0  # a link may hold anything
    else:
        signal, value = ways[way]
    return Clamp(signal, unit, value, layer, bool(backward), start, None if last == T else last)


def show(view: View) -> None:
    """What the holds changed: cost, expectations, a sample."""
    free = of_view.expected(view.saved, view.text)
    held = of_view.expected(view.saved, view.text, view.clamps)
    before, after = reader.losses(free, view.codes), reader.losses(held, view.codes)
    _cost(view, before, after)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"##### Expected after {spoken(view.text[view.at])}, character {view.at}")
        shown_once.chart(charts.expecting, _bars(view, free[view.at], held[view.at]))
    with right:
        _grew(view, before, after)
    _samples(view)


def _cost(view: View, before: NDArray[np.float64], after: NDArray[np.float64]) -> None:
    if len(view.text) < 2:
        return
    a, b = float(np.nanmean(before)), float(np.nanmean(after))
    one, two, three = st.columns(3)
    one.metric("As it is, bits a character", f"{a:.3f}")
    two.metric("Held, bits a character", f"{b:.3f}", f"{b - a:+.3f}", delta_color="inverse")
    changed = int((np.abs(after - before) > 0.5)[1:].sum())
    three.metric("Characters that cost half a bit more or less", f"{changed:,}")


def _bars(
    view: View, free: NDArray[np.float64], held: NDArray[np.float64]
) -> list[tuple[str, float, float]]:
    """The likeliest of either, with their probabilities in both."""
    order = np.argsort(-np.maximum(free, held), kind="stable")[:LIKELY].tolist()
    names = view.saved.vocabulary.characters
    return [(spoken(names[k]), float(free[k]), float(held[k])) for k in order]


def _grew(view: View, before: NDArray[np.float64], after: NDArray[np.float64]) -> None:
    st.markdown("##### What it no longer foresees")
    grown = np.nan_to_num(after - before)
    order = np.argsort(-grown, kind="stable")[:GREW]
    told = [Line(t, t + 1, f"+{grown[t]:.1f} bits") for t in order.tolist() if grown[t] > 0.05]
    if told:
        lines(view.text, told, context=CONTEXT // 2)
    else:
        st.caption("Nothing in this text: what is held does not matter here.")


def _samples(view: View) -> None:
    """What the net writes from the same seed, with and without."""
    if view.saved.config.bidirectional:
        return
    st.markdown("##### What it writes after this character, from the same seed")
    with st.columns([1, 3])[0]:
        seed = choose.whole("Seed", 0, 9999, key="hold_seed")
    given = view.text[: view.at + 1]
    for column, name, held in zip(
        st.columns(2, gap="large"), charts.SIDES, ((), view.clamps), strict=True
    ):
        with column:
            st.caption(name.capitalize())
            written = _written(view.saved.mark, given, held, seed, view.saved)
            # shown as code, a text loses the line ends that it begins and ends with
            st.code(written.replace("\n", "⏎\n"), language=None, wrap_lines=True)
    st.caption(frame.plain(f"… after “{given[-30:]}”"))


@st.cache_resource(max_entries=32, show_spinner=False)
def _written(mark: str, given: str, clamps: tuple[Clamp, ...], seed: int, _saved: Saved) -> str:
    codes = _saved.vocabulary.encode(given)
    steps = sample.write(
        _saved.reader,
        codes,
        WRITTEN,
        generator=stream(seed, "hold"),
        clamps=clamps,
        temperature=0.8,
    )
    return _saved.vocabulary.decode(one.code for one in steps)

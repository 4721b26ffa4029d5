"""Train live: a net learns a small language or a text, and the unit that makes it possible is watched."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core import trace as numbers
from core.charts import training as charts
from core.datasets import stdlib
from core.sequence import defaults, familiar, reader, tasks, watching
from core.sequence.cells import SIGNALS
from core.sequence.model import OPTIMISERS
from core.sequence.model import Config as Net
from core.sequence.watching import Config
from pages._kit import choose, play
from pages._kit import show as shown_once
from pages._kit.sequence import models, tracks
from pages._kit.sequence.view import View
from pages._kit.stage.reader import Text, Track
from pages._kit.stage.reader import reader as shown

SOURCE, THIS = "Python source, a piece", "The text above"
PIECE = 200_000  # characters of Python's library
UNITS = (2, 4, 8, 10, 16, 20, 32, 64, 128, 256)
RATES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)
CLIPS = (0.0, 0.1, 0.5, 1.0, 5.0, 20.0)
LENGTHS = (5, 10, 20, 50, 100, 200)
BATCHES = (1, 8, 16, 32, 64, 128, 256)
UPDATES = (100, 200, 500, 1000, 2000, 4000, 8000, 15_000)
ALWAYS = 1e12  # multiply-adds: what is trained here is a job in another process, however small
STEPS = 80
ABOUT_CLIP = "Gradients that are longer are shortened to it. 0 leaves them as they come."
ABOUT_CUT = "Truncated backpropagation through time: so many characters gradients go back."
BROKEN = """The numbers have left all bounds. A smaller learning rate helps, and so does **Clipping**
above 0."""


def show(view: View) -> None:
    """The part of the page."""
    data, config, seed = _chosen(view)
    wish = (data, config, seed)
    button, words = st.columns([1, 4], vertical_alignment="center")
    button.button(
        "Train", key="train_go", type="primary", icon=":material/play_arrow:", on_click=_start,
        args=wish,
    )  # fmt: skip
    started = st.session_state.get("training_started")
    if started is None:
        return
    if started != wish:
        words.caption("The settings have changed since: press Train for a new run.")
    data, config, seed = started
    play.play(
        "training", watching.learn, data, config, seed=seed, total=config.net.steps + 1,
        work=ALWAYS, draw=partial(_draw, data, config),
    )  # fmt: skip


def _start(*wish: Any) -> None:
    st.session_state["training_started"] = wish


def _chosen(view: View) -> tuple[tuple[str, str], Config, int]:
    """What is learned from and looked at, by which net, and the seed."""
    titles = {name: task.title for name, task in tasks.TASKS.items()}
    options = [*titles, SOURCE, *([THIS] if len(view.text) >= watching.LEAST else [])]
    first, second, third, fourth = st.columns(4)
    with first:
        what = st.selectbox(
            "Learn", options, key="train_what", bind="query-params",
            format_func=lambda one: titles.get(one, one),
        )  # fmt: skip
        cell = st.selectbox(
            "Cell", list(SIGNALS), 2, key="train_cell", bind="query-params",
            format_func={"srn": "Simple recurrent", "gru": "GRU", "lstm": "LSTM"}.__getitem__,
        )  # fmt: skip
        peepholes = cell == "lstm" and st.toggle("Peepholes", key="train_peepholes")
    task = what if what in tasks.TASKS else ""
    like = defaults.RECIPES[task or "python"].config
    with second:
        units = choose.slide("Units", UNITS, like.units if task else 64, key=f"train_units_{task}")
        layers = choose.slide("Layers", (1, 2, 3, 4), like.layers, key=f"train_layers_{task}")
        embedding = choose.slide("Embedding", (0, 4, 8, 16, 32, 64), 0, key="train_embedding")
    with third:
        rate = choose.slide("Learning rate", RATES, _near(like.rate), key=f"train_rate_{task}")
        clip = choose.slide("Clipping", CLIPS, 1.0, key="train_clip", help=ABOUT_CLIP)
        optimiser = st.selectbox(
            "Optimiser", OPTIMISERS, key="train_optimiser", bind="query-params"
        )
    with fourth:
        updates = choose.slide(
            "Updates at most", UPDATES, _long(like.updates) if task else 1000, key=f"train_n_{task}"
        )
        batch = choose.slide(
            "Rows an update", BATCHES, 64 if task else 32, key=f"train_batch_{task}"
        )
        truncate = choose.slide("Gradients go back", LENGTHS, 100, key="train_cut", help=ABOUT_CUT)
    seed = choose.whole("Seed of the training", 0, 9999, key="train_seed")
    net = Net(
        cell=cell, units=units, layers=layers, peepholes=bool(peepholes), embedding=embedding,
        optimiser=optimiser, rate=rate, clip=clip, batch=batch, truncate=truncate, updates=updates,
        steps=min(STEPS, updates), enough=10 if task else 0, anneal=True,
    )  # fmt: skip
    text = "" if task else stdlib.source(PIECE) if what == SOURCE else view.text
    probe = familiar.sample(task or None) if task or what == SOURCE else view.text
    return (text, probe[: watching.PROBE]), Config(net=net, task=task), seed


def _near(rate: float) -> float:
    return min(RATES, key=lambda one: abs(one - rate))


def _long(updates: int) -> int:
    return min(UPDATES, key=lambda one: abs(one - updates))


def _draw(data: tuple[str, str], config: Config, trace: play.Trace) -> None:
    """One frame: the curves, and the watched unit over the probe."""
    curves = st.container()
    step = play.scrub(trace, first=0, unit="Step")
    rows = numbers.scalars(trace.steps)
    left, right = curves.columns(2)
    now = step.updates if step is not trace.steps[-1] else None
    with left:
        shown_once.chart(charts.bits, rows, now=now)
    with right:
        shown_once.chart(charts.accuracy, rows, now=now)
    st.markdown(_sentence(step, config))
    if not step.finite:
        st.warning(BROKEN, icon=":material/warning:")
    _probe(data, config, step)
    if trace.settled and step.finite:
        title = tasks.TASKS[config.task].title if config.task else "a text"
        net = watching.saved(step, data[0], config, title)
        st.button(
            "Look inside it", key="train_adopt", icon=":material/visibility:",
            help="It becomes the net of this page: all that is above and below works on it.",
            on_click=models.adopt, args=(net,),
        )  # fmt: skip


def _sentence(step: Any, config: Config) -> str:
    told = f"After **{step.updates:,}** updates a held-back character costs "
    told += f"**{step.held_loss / np.log(2):.2f} bits**. "
    if config.task:
        told += f"Of the held-back texts, whose lengths were never learned from, **{step.held_texts:.0%}** "
        told += "are right to the last asked character. "
    if step.unit is not None:
        aim = familiar.WANTED[config.task or None]
        measure = "F1" if aim.by == "f1" else "|r|"
        told += (
            f"Unit **{step.unit}** follows “{aim.pattern}” best: {measure} = **{step.score:.2f}**."
        )
    return told


def _probe(data: tuple[str, str], config: Config, step: Any) -> None:
    """The text below, coloured by the unit that is watched."""
    known = watching.alphabet(data[0], config)
    probe = data[1]
    codes = known.encode(probe)
    state = tracks.STATES[config.net.cell]
    low, high = tracks.scale(state, step.track)
    title = f"{tracks.WORDS[state]} of unit {step.unit}"
    told = Text(
        probe, codes, step.p, reader.losses(step.p, codes), known.characters,
        [Track(f"{tracks.LETTERS[state]} {step.unit}", title, step.track, low, high)],
    )  # fmt: skip
    shown(told, key="training_reader", name=f"the watched unit after {step.updates} updates")

"""Train live: a net learns a small language or a text, and the unit that makes it possible is watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any

import numpy as np
import streamlit as st

from core import trace as numbers
from core.charts import training as charts
from core.datasets import stdlib
from core.sequence import defaults, model, reader, tasks, watching
from core.sequence.cells import SIGNALS
from core.sequence.model import OPTIMISERS
from core.sequence.model import Config as Net
from core.sequence.watching import Config
from pages._kit import choose, play, take
from pages._kit import show as shown_once
from pages._kit.sequence import models, tracks
from pages._kit.sequence.view import View
from pages._kit.stage.reader import Text, Track
from pages._kit.stage.reader import reader as shown

SOURCE, THIS = "Python source, a piece", "The text above"
PIECE = 200_000  # characters of Python's library
UNITS = (1, 2, 4, 8, 10, 16, 20, 32, 64, 128, 256)
RATES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)
CLIPS = (0.0, 0.1, 0.5, 1.0, 5.0, 20.0)
LENGTHS = (5, 10, 20, 50, 100, 200)
BATCHES = (1, 8, 16, 32, 64, 128, 256)
UPDATES = (100, 200, 500, 1000, 2000, 4000, 8000, 15_000)
ALWAYS = 1e12  # multiply-adds: what is trained here is a job in another process, however small
STEPS = 200
TASK_LENGTH = 40  # characters of a row of a language, at most
ABOUT_CLIP = "Gradients that are longer are shortened to it. 0 leaves them as they come."
ABOUT_PEEPHOLES = "Gates that look at the cell itself. Slower to train: torch has none."
ABOUT_CUT = "Truncated backpropagation through time: so many characters gradients go back."
BROKEN = """The numbers have left all bounds. A smaller learning rate helps, and so does **Clipping**
above 0."""
WORSE = """It does worse than when it knew nothing. Try a smaller learning rate, or **Clipping** above 0."""
ABOUT = """A net begins with random weights and learns to foretell the next character. Press **Train** and
watch one of its units become the one that the task needs."""
KEPT = 2**23  # numbers of all steps together, weights and what is watched
EVERY = 4  # steps between two drawings of the curves: the browser is slow with charts
MOST_WORK = 3e13  # multiply-adds of a run
RUN = "training"


def show(view: View) -> None:
    """The part of the page."""
    st.markdown(ABOUT)
    data, config, seed = wish = _chosen(view)
    started = st.session_state.get("training_started")
    asked = _work(config, data)
    fits = asked <= MOST_WORK
    button, words = st.columns([1, 4], vertical_alignment="center")
    button.button(
        "Train", key="train_go", type="primary", icon=":material/play_arrow:", on_click=_start,
        args=wish, disabled=not fits or started == wish,
    )  # fmt: skip
    if not fits:
        words.warning(
            f"That is about {asked / 1e12:,.0f} million million multiply-adds, and at most "
            f"{MOST_WORK / 1e12:.0f} are done here: take fewer units, layers, rows or updates."
        )
    elif started is not None and started != wish:
        words.caption("The settings have changed since: press Train for a new run.")
    if started is None:
        return
    data, config, seed = started
    trace = play.play(
        RUN, watching.learn, data, config, seed=seed, total=config.net.steps + 1,
        work=ALWAYS, draw=partial(_draw, data, config),
    )  # fmt: skip
    if trace.settled and trace.steps:
        _take(data, config, trace.steps)


def _start(*wish: Any) -> None:
    st.session_state["training_started"] = wish
    st.session_state.pop("step", None)  # of the run before


def _take(data: tuple[str, str], config: Config, steps: Sequence[Any]) -> None:
    """What can be done with the net, outside the moving part: it changes the whole page."""
    with st.container(horizontal=True):
        st.button(
            "Look inside it", key="train_adopt", icon=":material/visibility:",
            help="As it is at the chosen step, it becomes the net of this page.",
            on_click=_adopt, args=(data, config, steps), disabled=not steps[-1].finite,
        )  # fmt: skip
        files: dict[str, Callable[[], str]] = {"training.csv": partial(numbers.to_csv, steps[1:])}
        take.home(files, labels={"csv": "The run, CSV"})


def _adopt(data: tuple[str, str], config: Config, steps: Sequence[Any]) -> None:
    last = len(steps) - 1
    step = steps[min(last, st.session_state.get("step", last))]
    title = tasks.TASKS[config.task].title if config.task else "a text"
    models.adopt(watching.saved(step, data[0], config, title))


def _size(net: Net, data: tuple[str, str], task: str) -> tuple[int, int]:
    """How many weights the net has, and how many characters it knows."""
    K = len(watching.alphabet(data[0], Config(net=net, task=task)))
    return sum(own.numel() for own in model.Net(net, K).parameters()), K


def _work(config: Config, data: tuple[str, str]) -> float:
    """Multiply-adds of a run, about: every weight once a character forward, and twice backward."""
    net = config.net
    length = min(net.truncate, TASK_LENGTH) if config.task else net.truncate
    rows = net.batch if config.task else min(net.batch, watching.ROWS)
    return 3.0 * _size(net, data, config.task)[0] * net.updates * rows * length


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
        peepholes = cell == "lstm" and st.toggle(
            "Peepholes", key="train_peepholes", bind="query-params", help=ABOUT_PEEPHOLES
        )
    task = what if what in tasks.TASKS else ""
    like = defaults.RECIPES[task or "python"].config
    with second:
        units = choose.slide("Units", UNITS, like.units if task else 64, key=f"train_units_{task}")
    with third:
        rate = choose.slide("Learning rate", RATES, _near(like.rate), key=f"train_rate_{task}")
    with fourth:
        updates = choose.slide(
            "Updates at most", UPDATES, _long(like.updates) if task else 1000, key=f"train_n_{task}"
        )
    first, second, third = st.expander("More settings", key="train_more").columns(3)
    with first:
        layers = choose.slide("Layers", (1, 2, 3, 4), like.layers, key=f"train_layers_{task}")
        embedding = choose.slide("Embedding", (0, 4, 8, 16, 32, 64), 0, key="train_embedding")
    with second:
        clip = choose.slide("Clipping", CLIPS, 1.0, key="train_clip", help=ABOUT_CLIP)
        optimiser = st.selectbox(
            "Optimiser", OPTIMISERS, key="train_optimiser", bind="query-params"
        )
        seed = choose.whole("Seed of the training", 0, 9999, key="train_seed")
    with third:
        batch = choose.slide(
            "Rows an update", BATCHES, 64 if task else 32, key=f"train_batch_{task}"
        )
        truncate = choose.slide("Gradients go back", LENGTHS, 100, key="train_cut", help=ABOUT_CUT)
    net = Net(
        cell=cell, units=units, layers=layers, peepholes=bool(peepholes), embedding=embedding,
        optimiser=optimiser, rate=rate, clip=clip, batch=batch, truncate=truncate, updates=updates,
        steps=min(STEPS, updates), enough=10 if task else 0, anneal=True,
    )  # fmt: skip
    text = "" if task else _piece() if what == SOURCE else view.text
    data = (text, _probe(text, task))
    weights, K = _size(net, data, task)
    kept = max(10, KEPT // (weights + len(data[1]) * K))  # of a large net fewer steps
    net = replace(net, steps=min(net.steps, kept))
    if len(view.text) < watching.LEAST:
        st.caption(f"A text of your own can be learned too, from {watching.LEAST} characters on.")
    return data, Config(net=net, task=task), seed


@cache
def _piece() -> str:
    return stdlib.source(PIECE)


@lru_cache(maxsize=8)
def _probe(text: str, task: str) -> str:
    return watching.probe(text, task)


def _near(rate: float) -> float:
    return min(RATES, key=lambda one: abs(one - rate))


def _long(updates: int) -> int:
    return min(UPDATES, key=lambda one: abs(one - updates))


def _draw(data: tuple[str, str], config: Config, trace: play.Trace) -> None:
    """One frame: the curves, and the watched unit over the probe."""
    curves = st.container()
    step = play.scrub(trace, first=0, unit="Step")
    count = len(trace.steps)
    drawn = count if trace.settled else (count - 1) // EVERY * EVERY + 1
    rows = numbers.scalars(trace.steps[:drawn])
    left, right = curves.columns(2)
    now = step.updates if step is not trace.steps[-1] else None
    with left:
        shown_once.chart(charts.bits, rows, now=now)
    with right:
        shown_once.chart(charts.accuracy, rows, now=now)
    st.markdown(_sentence(data, config, step))
    first, last = trace.steps[0], trace.steps[-1]
    if not last.finite:
        st.warning(BROKEN, icon=":material/warning:")
    elif last.held_loss > 1.2 * first.held_loss:
        st.warning(WORSE, icon=":material/warning:")
    if step.finite:
        _look(data, config, step, trace.steps)


def _sentence(data: tuple[str, str], config: Config, step: Any) -> str:
    if not step.finite:
        return f"After **{step.updates:,}** updates there are no numbers left to show."
    told = f"After **{step.updates:,}** updates a held-back character costs "
    told += f"**{step.held_loss / np.log(2):.2f} bits**. "
    if config.task:
        told += f"Of the held-back texts, whose lengths were never learned from, **{step.held_texts:.0%}** "
        told += "are right to the last asked character. "
    aim = watching.aimed(data[1], config.task)
    if step.unit is not None and aim is not None:
        measure = "F1" if aim.by == "f1" else "|r|"
        told += f"Unit **{_label(config, step)}** follows “{aim.pattern}” best: "
        told += f"{measure} = **{step.score:.2f}**, where 1 would be perfect."
    return told


def _look(data: tuple[str, str], config: Config, step: Any, steps: Sequence[Any]) -> None:
    """The text below, coloured by the unit that is watched."""
    known = watching.alphabet(data[0], config)
    probe = data[1]
    codes = known.encode(probe)
    state = tracks.STATES[config.net.cell]
    # one scale for the whole run, or a unit that begins to count would look the same all the time
    low, high = tracks.scale(state, np.concatenate([s.track for s in steps if s.finite]))
    label = _label(config, step)
    title = f"{tracks.WORDS[state]} of unit {label}"
    told = Text(
        probe, codes, step.p, reader.losses(step.p, codes), known.characters,
        [Track(f"{tracks.LETTERS[state]} {label}", title, step.track, low, high)],
    )  # fmt: skip
    shown(told, key="training_reader", name=f"Unit {label}, after {step.updates:,} updates")


def _label(config: Config, step: Any) -> str:
    """The watched unit as everywhere on the page: 3, in deep nets 2:3."""
    unit = 0 if step.unit is None else step.unit
    return f"{step.layer + 1}:{unit}" if config.net.layers > 1 else f"{unit}"

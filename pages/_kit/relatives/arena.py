"""The same task for all: who takes part, in what, and the results as they come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from core.charts import relatives as charts
from core.sequence import compare, tasks
from core.sequence.compare import Config, Result, Step
from pages._kit import choose, play, show, take
from pages._kit.relatives import board
from pages._kit.relatives.names import ABOUT, TASKS, TITLES

LAGS = (1, 2, 4, 8, 16, 32, 64, 100)
LENGTHS = (1, 2, 4, 6, 8, 10, 12, 15, 20, 30, 50)
DEFAULT_LENGTHS = (2, 4, 6, 8, 10, 12, 15, 20)
UNITS = (2, 4, 8, 16, 32, 64, 128)
UPDATES = (50, 100, 200, 400, 800, 1600, 3200)
RESERVOIR = (20, 50, 100, 200, 400, 800)
DATA = np.array([500, 100])  # texts that are learned from and asked
ALWAYS = 1e12  # multiply-adds: a contest is a job in another process, however small
TAKE = {"csv": "All results, CSV", "json": "All results, JSON"}
ABOUT_UPDATES = """At most: who has everything right twice in a row stops there. An update sees 32
texts. The echo state network hears each text once, and solves one system of equations."""
ABOUT_FORGET = """Added to the forget gate's bias at the start, in both kinds of LSTM. Large, the
gate starts open and the error carousel turns from the first update on; with 0 every gate starts
half shut. Try it."""
ABOUT_SEEDS = "How often it is all done anew, with other texts and other weights at the start."
ABOUT_UNITS = "Of each layer and direction; the reservoir has its own number."
NO_BIDIRECTIONAL = """Bidirectional nets do not take part here: the task is to foretell the next
character, and who also reads from the end has already read it."""


def show_all() -> None:
    """The part of the page."""
    found = _chosen()
    if found is None:
        return
    config, seed = found
    st.caption(_sentence(config))
    play.play(
        "relatives",
        compare.learn,
        [DATA],
        config,
        seed=seed,
        total=config.runs * (config.steps + 1),
        work=ALWAYS,
        draw=partial(_draw, config, seed),
    )


def _chosen() -> tuple[Config, int] | None:
    """The settings and the seed; None where nobody takes part."""
    first, second = st.columns([2, 3])
    with first:
        task = st.selectbox(
            "Task", list(TASKS), key="task", bind="query-params", format_func=TASKS.__getitem__
        )
    language = task in compare.LANGUAGES
    options = [name for name in TITLES if not (language and name in compare.BACKWARDS)]
    default = [name for name in options if name in Config().relatives]
    with second:
        picked = st.multiselect(
            "Networks", options, default, key="nets_language" if language else "nets",
            bind="query-params", format_func=TITLES.__getitem__,
        )  # fmt: skip
    columns = st.columns(4)
    with columns[0]:
        updates = choose.slide("Updates", UPDATES, 400, key="updates", help=ABOUT_UPDATES)
    with columns[1]:
        seeds = choose.slide("Seeds", (1, 2, 3, 4, 5), 1, key="seeds", help=ABOUT_SEEDS)
    with columns[2]:
        units = choose.slide("Units", UNITS, 16, key="units", help=ABOUT_UNITS)
    with columns[3]:
        seed = choose.whole("First seed", 0, 2**31 - 1, key="seed")
    with st.expander("More settings", key="more"):
        one, two, three = st.columns(3)
        with one:
            layers = choose.slide("Layers of the deep ones", (2, 3, 4), 2, key="layers")
        with two:
            reservoir = choose.slide("Reservoir, units", RESERVOIR, 200, key="reservoir")
        with three:
            forget = choose.slide(
                "Forget bias", (0.0, 1.0, 2.0, 3.0, 5.0), 5.0, key="forget_bias", help=ABOUT_FORGET
            )
    lags = _lags(language)
    if not picked or not lags:
        missing = "network" if not picked else "length" if language else "lag"
        st.info(f"Choose at least one {missing}.", icon=":material/group:")
        return None
    return (
        Config(
            task=task, relatives=_order(picked), lags=lags, seeds=seeds, units=units, layers=layers,
            updates=updates, reservoir=reservoir, forget_bias=forget,
        ),
        seed,
    )  # fmt: skip


def _lags(language: bool) -> tuple[int, ...]:
    label = "Lengths that are asked" if language else "Lags, steps back"
    found = st.pills(
        label,
        LENGTHS if language else LAGS,
        selection_mode="multi",
        default=DEFAULT_LENGTHS if language else Config().lags,
        key="lengths" if language else "lags",
        bind="query-params",
    )
    return tuple(sorted(int(one) for one in found))


def _order(picked: list[str]) -> tuple[str, ...]:
    """As they compete: who learns at once comes first."""
    return tuple(name for name in compare.NAMES if name in picked)


def _sentence(config: Config) -> str:
    told = ABOUT[config.task].replace("\n", " ")
    if config.task in compare.LAGS:
        return f"{told} Every lag is learned anew, by everybody from the same 500 texts."
    trained = tasks.TASKS[config.task].trained
    told += f" Learned on lengths {', '.join(map(str, trained))}; others are never seen. "
    return told + NO_BIDIRECTIONAL.replace("\n", " ")


def _draw(config: Config, seed: int, trace: play.Trace) -> None:
    """One frame: who is at work, the two charts, the board."""
    step: Step = trace.steps[-1]
    lagged = config.task in compare.LAGS
    if not trace.finished:
        st.caption(_at_work(step, config))
    left, right = st.columns([3, 2], gap="medium")
    names = list(TITLES.values())
    if step.results:
        with left:
            show.chart(
                charts.accuracy, _points(step.results), names, lags=config.lags,
                axis="lag, steps back" if lagged else "length of the text",
                chance=compare.CHANCE if lagged else None,
            )  # fmt: skip
    with right:
        found = {TITLES[one.relative]: (one.updates, one.accuracy) for one in step.curves}
        show.chart(charts.curves, found, names, updates=config.updates)
        where = f"lag {step.lag}" if lagged else "the held texts"
        st.caption(f"Learning curves at {where}, seed {step.seed + 1}.")
    if step.results:
        board.show(step.results, config)
    if trace.settled and step.results:
        files: dict[str, Callable[[], bytes | str]] = {
            "relatives.csv": partial(board.to_csv, step.results),
            "relatives.json": partial(board.to_json, step.results, config, seed),
        }
        take.home(files, labels=TAKE)


def _at_work(step: Step, config: Config) -> str:
    lag = f", lag {step.lag}" if step.lag is not None else ""
    seeds = f", seed {step.seed + 1} of {config.seeds}" if config.seeds > 1 else ""
    return (
        f":material/fitness_center: **{TITLES[step.relative]}**{lag}{seeds} · "
        f"update {step.updates} · {step.accuracy:.0%} right · {step.runs} of {config.runs} runs done"
    )


def _points(results: tuple[Result, ...]) -> list[dict[str, str | int | float]]:
    return [
        {"net": TITLES[r.relative], "lag": r.lag, "seed": r.seed + 1, "accuracy": r.accuracy}
        for r in results
    ]

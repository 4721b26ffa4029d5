"""Rounds of inside-outside: at once where they take a moment, else as a job."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.parsing import inside_outside
from core.parsing.grammar import Grammar
from core.parsing.inside_outside import Bare, Config, Step
from core.rng import stream
from pages._kit import play
from pages._kit.parsing.learned import ALWAYS

AT_ONCE = 1.5  # seconds
SENTENCE, PRODUCT = 4e-4, 4e-9  # seconds a chart, and more for each rule and split of it
NAME = "inside-outside"


def learned(text: str, grammar: Grammar, lines: str, config: Config, seed: int) -> Sequence[Step]:
    """The rounds so far; all of them unless it is a job that still runs."""
    if _seconds(grammar, lines, config) <= AT_ONCE:
        return _at_once(text, lines, config, seed)
    trace = play.play(
        NAME, inside_outside.from_text, (text, lines), config, seed=seed, total=config.rounds + 1,
        work=ALWAYS, draw=_progress,
    )  # fmt: skip
    return trace.steps


def _seconds(grammar: Grammar, lines: str, config: Config) -> float:
    sizes = [len(line.split()) for line in set(lines.splitlines())]
    return config.rounds * sum(SENTENCE + PRODUCT * len(grammar) * n**3 for n in sizes)


@st.cache_resource(max_entries=16, show_spinner="Learning …")
def _at_once(text: str, lines: str, config: Config, seed: int) -> tuple[Step, ...]:
    generator = stream(seed, inside_outside.__name__)
    return tuple(inside_outside.from_text((text, lines), config, generator=generator))


@st.cache_resource(max_entries=16, show_spinner=False)
def level(text: str, lines: str, p: NDArray[np.float64], _grammar: Grammar) -> float:
    """The log likelihood of sentences under given probabilities."""
    sentences = tuple(tuple(line.split()) for line in lines.splitlines())
    steps = inside_outside.learn(
        Bare(_grammar.with_p(p), sentences),
        Config(rounds=1, start="given"),
        generator=stream(0, "none"),
    )
    return next(steps).log_likelihood


def _progress(trace: play.Trace) -> None:
    step = trace.steps[-1]
    if not trace.finished:
        st.caption(f"Round {step.round}: log likelihood {step.log_likelihood:,.2f}")

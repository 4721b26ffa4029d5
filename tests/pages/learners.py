"""Learners of no subject, and the page script that plays one: what test_play.py looks at."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from core.errors import SettingError

SCRIPT = """
import numpy as np
import streamlit as st
from pages._kit import frame, play
from tests.pages import learners

st.slider("steps", 1, 50, 5, key="steps")
config = learners.Config(steps=st.session_state.steps)
with frame.guard():
    trace = play.play(
        "test", learners.{learner}, [np.zeros(2)], config, seed=3, total=config.steps, work={work},
        draw=learners.draw,
    )
    st.text(f"outside: {{len(trace.steps)}} {{trace.finished}} {{trace.settled}}")
"""
started: list[int] = []
closed: list[int] = []


@dataclass(frozen=True, kw_only=True)
class Config:
    steps: int


@dataclass(frozen=True)
class Step:
    number: int
    value: torch.Tensor


def count(data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    started.append(config.steps)
    try:
        for number in range(config.steps):
            yield Step(number, torch.rand(2, generator=generator))
    finally:
        closed.append(config.steps)


def refuse(data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    yield Step(0, torch.zeros(2))
    raise SettingError("steps", wanted="fewer", given=config.steps)


def break_down(data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    started.append(config.steps)
    yield Step(0, torch.zeros(2))
    raise ZeroDivisionError("a bug")


def die(data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    yield Step(0, torch.zeros(2))
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)  # as the system does where memory runs out


def draw(trace) -> None:
    import streamlit as st

    last = trace.steps[-1]
    st.text(f"drawn: {len(trace.steps)} {type(last.value).__name__} frame {trace.frame}")

"""Topics as they settle: the best words of each, iteration by iteration, under the objective."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from core.topics.step import Step
from pages._kit.stage.wire import bundled, module

WORDS = 8  # of a topic
POINTS = 240  # of the curve
ENTRIES = 120_000  # words of all topics in all frames; of longer runs every so many iterations

_mount = st.components.v2.component(
    "vitrine_settling", html='<div class="settling"></div>', js=module("settling")
)


@dataclass(frozen=True, eq=False)
class Film:
    """The frames of a run, in one piece for the browser; `id` names it."""

    id: str
    iterations: tuple[int, ...]  # of its frames
    data: tuple[dict[str, Any], dict[str, Any]] = field(repr=False)


def filmed(
    id: str, steps: Sequence[Step], vocabulary: Sequence[str], objective: str, *, rises: bool
) -> Film:
    """All of a run that has ended; `objective` is what its steps' objective is called."""
    first = steps[0].best
    most = max(2, ENTRIES // max(len(first) * min(WORDS, first.shape[1]), 1))
    at = np.unique(np.linspace(0, len(steps) - 1, min(most, len(steps))).round().astype(int))
    some = [steps[k] for k in at]
    data = _data(some, steps, vocabulary, objective, rises=rises)
    return Film(id, tuple(step.iteration for step in some), data)


def live(
    steps: Sequence[Step], vocabulary: Sequence[str], objective: str, *, rises: bool,
    key: str, frame: int | None, name: str,
) -> None:  # fmt: skip
    """Draw the newest of `steps`; when `frame` is drawn, the browser asks for the next one."""
    header, arrays = _data(steps[-1:], steps, vocabulary, objective, rises=rises)
    told = {"id": "live", "film": False, "frame": frame, "at": None, "picked": None, "name": name}
    _mount(
        key=key, data=bundled(header | told, arrays), default={"seen": None}, on_seen_change=_noted
    )


def film(
    shown: Film, *, at: int, key: str, name: str, picked: Sequence[int],
    take_at: Callable[[int], None], take_topic: Callable[[int], None],
) -> None:  # fmt: skip
    """Draw a whole run, to be played and scrubbed; it stands at iteration `at`.

    `picked` are numbers of topics. A click calls `take_topic`, moving along the run `take_at`.
    """

    def move() -> None:
        given = _first(st.session_state[key].at)
        if given in shown.iterations:
            take_at(given)

    def pick() -> None:
        given = _first(st.session_state[key].topic)
        if given is not None and 0 <= given < shown.data[0]["topics"]:
            take_topic(given)

    header, arrays = shown.data
    told = {
        "id": shown.id, "film": True, "frame": None, "at": at, "picked": list(picked), "name": name
    }  # fmt: skip
    _mount(
        key=key, data=bundled(header | told, arrays), default={"at": None, "topic": None},
        on_at_change=move, on_topic_change=pick,
    )  # fmt: skip


def _data(
    frames: Sequence[Step], steps: Sequence[Step], vocabulary: Sequence[str], objective: str, *,
    rises: bool,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    best = np.stack([step.best[:, :WORDS] for step in frames])
    used, places = np.unique(best, return_inverse=True)
    drawn = np.unique(np.linspace(0, len(steps) - 1, min(POINTS, len(steps))).round().astype(int))
    curve = [(steps[k].iteration, steps[k].objective) for k in drawn]
    header = {
        "topics": int(best.shape[1]),
        "words": [_whole(vocabulary[w]) for w in used],
        "iterations": [step.iteration for step in frames],
        "objective": [_finite(step.objective) for step in frames],
        "moved": [_finite(step.moved) for step in frames],
        "documents": [step.documents for step in frames],
        "curve": [[at, value] for at, value in curve if np.isfinite(value)],
        "about": objective,
        "rises": rises,
    }
    arrays = {
        "best": places.reshape(best.shape).astype(np.float32),
        "p": np.stack([step.best_p[:, :WORDS] for step in frames]).astype(np.float32),
        "share": np.stack([step.share for step in frames]).astype(np.float32),
    }
    return header, arrays


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _first(given: Any) -> int | None:
    """What was told; beside it stands the moment, so that the same again is told again."""
    value = given[0] if isinstance(given, list) and given else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _whole(text: str) -> str:
    """Without lone surrogates, which no browser can be sent."""
    return text.encode("utf-8", "replace").decode()


def _noted() -> None:
    """Nothing is to be done but the rerun that follows: it draws the next frame."""

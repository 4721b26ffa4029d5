"""What the server makes before anybody asks: who comes meanwhile watches, and need not make it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.jobs import Handle
from pages._kit import frame, play

TICK = 0.25  # seconds between two looks
_jobs: dict[str, Handle] = {}


@contextmanager
def made(name: str, job: Handle) -> Iterator[Handle]:
    """While `job` makes what goes by `name`, it can be watched."""
    _jobs[name] = job
    try:
        yield job
    finally:
        _jobs.pop(name, None)


def watched(name: str, title: str, draw: Callable[[play.Trace], None]) -> bool:
    """Whether it is being made; then its progress stands here, and the page runs again when it is there."""
    if name not in _jobs:
        return False

    @st.fragment(run_every=TICK)
    def stage() -> None:
        job = _jobs.get(name)
        if job is None:
            st.rerun()
        with frame.guard():
            shot = job.snapshot(since=0)
            st.progress(min(1.0, shot.progress or 0.0), text=title)
            if shot.steps:
                draw(play.Trace(tuple(shot.steps), finished=False, settled=False, calm=True))

    stage()
    return True

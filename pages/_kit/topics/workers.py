"""A fit shared out over the workers of the cluster, pass by pass, watched as one that runs here.

The passes are steered from this server, as workers cannot have jobs of their own: a thread of the visitor's
visit does that, and ends with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event, Thread

import streamlit as st

from core import jobs
from core.errors import JobCancelled, VitrineError
from core.rng import stream
from core.topics import distributed, fit_arrays
from core.topics.counts import Counts
from core.topics.fit import Config
from core.topics.step import Step
from pages._kit import frame, play

TICK = 0.25  # seconds between two frames
ABOUT = (
    "Each pass over the documents is cut into slices, one a job for the cluster; what they found is added "
    "up here. The same numbers as on one machine; worth it where documents are too many for one."
)


@dataclass(eq=False)
class Run:
    """One fit; `steps` grows until `finished`."""

    name: str
    total: int
    steps: list[Step] = field(default_factory=list)
    finished: bool = False
    error: VitrineError | None = None
    stop: Event = field(default_factory=Event)

    def learn(self, counts: Counts, config: distributed.Config, seed: int) -> None:
        generator = stream(seed, fit_arrays.__name__)
        try:
            for step in distributed.learn(
                counts, config, generator=generator, cancelled=self.stop.is_set
            ):
                self.steps.append(step)
        except VitrineError as error:
            self.error = error
        finally:
            self.finished = True


def asked(model: str) -> bool:
    """Whether the visitor wants it; asked where there is a cluster and the model can be shared out."""
    if model != "lda" or not os.environ.get(jobs.SCHEDULER):
        return False
    return st.toggle("On the cluster’s workers", key="lda_workers", bind="query-params", help=ABOUT)


def fitted(
    name: str, counts: Counts, config: Config, seed: int, draw: Callable[[play.Trace], None]
) -> play.Trace:
    """The steps so far, as play.play gives them. `name` says what is fitted; another ends the last one."""
    run = _run(name, counts, config, seed)
    if run.finished:
        _tell(run)
        return play.Trace(tuple(run.steps), True, True, True)

    @st.fragment(run_every=TICK)
    def stage() -> None:
        if run.finished:
            st.rerun()
        with frame.guard():
            left, right = st.columns([5, 1], vertical_alignment="center")
            done = len(run.steps)
            text = (
                f"Pass {done} of {run.total - 1}, on the workers" if done else "Asking the workers"
            )
            left.progress(min(1.0, done / run.total), text=text)
            right.button("Cancel", key="workers_cancel", on_click=run.stop.set)
            if run.steps:
                draw(play.Trace(tuple(run.steps), finished=False, settled=False, calm=True))

    stage()
    return play.Trace(tuple(run.steps), False, False, True)


def _tell(run: Run) -> None:
    if run.error is None:
        return
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        if isinstance(run.error, JobCancelled):
            st.info("Stopped. What was learned until then is shown.", icon=":material/stop:")
        else:
            frame.report(run.error)
    if right.button("Run again", key="workers_again"):
        _runs().clear()
        st.rerun()


def _run(name: str, counts: Counts, config: Config, seed: int) -> Run:
    runs = _runs()
    if name in runs:
        return runs[name]
    _close(runs)
    total = config.steps(len(counts))
    run = runs[name] = Run(name, total)
    model = replace(config, whole_every=max(1, total // 5)).own()
    Thread(
        target=run.learn, args=(counts, distributed.Config(model=model), seed), daemon=True,
        name="vitrine-workers",
    ).start()  # fmt: skip
    return run


def _close(runs: dict[str, Run]) -> None:
    for run in runs.values():
        run.stop.set()
    runs.clear()


@st.cache_resource(scope="session", on_release=_close, show_spinner=False)
def _runs() -> dict[str, Run]:
    """This visitor's; at most one."""
    return {}

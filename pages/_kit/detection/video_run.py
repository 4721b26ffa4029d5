"""One visitor's run through a video: the job, what it has told so far, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from core import jobs
from core.detection import catalogue, clip, clip_film, clip_job
from core.detection.clip import Config, Order, Result, Step
from core.detection.video_write import coding
from core.errors import JobCancelled, VitrineError
from pages._kit.detection.video_files import Folder, Ticket
from pages._kit.detection.video_source import Source


@dataclass
class Run:
    """A job on a video and its folder. `steps` grows until `over`; then `result` holds what came,
    of a stopped or failed job what came until then, or None."""

    spec: catalogue.Spec
    source: Source
    config: Config
    folder: Folder
    job: jobs.Handle
    steps: list[Step] = field(default_factory=list)
    snapshot: jobs.Snapshot | None = None
    preview: bytes | None = None
    over: bool = False
    result: Result | None = None
    error: VitrineError | None = None
    ticket: Ticket | None = None

    def listen(self) -> None:
        """Take in what the job has told since."""
        if self.over:
            return
        self.snapshot = shot = self.job.snapshot(since=len(self.steps))
        self.steps.extend(shot.steps)
        self.preview = next(
            (step.preview for step in reversed(shot.steps) if step.preview), self.preview
        )
        if shot.over:
            self.over = True
            self._finish()
            self.job.close()

    def _finish(self) -> None:
        try:
            self.result = self.job.result(timeout=1)
        except VitrineError as error:
            self.error = error
            self.result = clip.gathered(self.steps, self.spec.labels)
        self.steps.clear()
        plain = clip_film.path(self.folder.path, clip.PLAIN)
        if self.result is not None and plain.is_file():
            self.ticket = Ticket(plain, coding().mime)

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it."""
        return isinstance(self.error, JobCancelled)

    def close(self) -> None:
        """Kill the job and delete its files."""
        self.job.close()
        self.over, self.ticket = True, None
        self.folder.remove()


def start(spec: catalogue.Spec, source: Source, config: Config) -> Run:
    """A new run, in place of the one before. Raises as `jobs.submit` does."""
    runs = _runs()
    for old in runs.values():
        old.close()
    runs.clear()
    folder = Folder()
    order = Order(
        source=source.path,
        name=source.name,
        folder=folder.path,
        load=spec.load,
        labels=spec.labels,
        config=config,
    )
    job = jobs.submit(clip_job.job, order, title="video", keep=clip_job.KEEP)
    runs["video"] = run = Run(spec, source, config, folder, job)
    return run


def current() -> Run | None:
    """The run of this visitor, if there is one."""
    return _runs().get("video")


def _close(runs: dict[str, Run]) -> None:
    for run in runs.values():
        run.close()
    runs.clear()


@st.cache_resource(scope="session", on_release=_close, show_spinner=False)
def _runs() -> dict[str, Run]:
    """Closed within moments of the tab."""
    return {}

"""Video: choose a clip, look at every n-th picture as a job, then play what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.detection import catalogue, clip_export, clip_film
from core.detection.clip import DRAWN, MOST_EVERY, Config, Result
from core.detection.clip_count import recounted
from core.detection.crossing import Line
from core.detection.draw import colours
from core.detection.pipeline import Settings
from pages._kit import frame, take
from pages._kit.detection import video_line, video_run, video_source
from pages._kit.detection.video_run import Run
from pages._kit.stage import clip as stage

TICK = 0.3  # seconds between two looks at the job
STAGE = "video_stage"
STAGES = {
    "read": "reading",
    "resize": "shrinking",
    "model": "detector",
    "follow": "following",
    "write": "drawing and writing",
}
ABOUT_EVERY = """Only every so manieth picture is looked at; between two, things with an id go straight
from place to place. 1 looks at all."""
ABOUT_TRACKING = """Gives each thing a number and keeps it from picture to picture: a filter guesses
where it will be next, and the box found nearest to that, by IoU, is taken for the same thing."""


def show(spec: catalogue.Spec, settings: Settings) -> None:
    """The whole mode."""
    source = video_source.chosen()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        every = st.slider(
            "Look at every n-th picture",
            1,
            MOST_EVERY,
            2,
            key="video_every",
            bind="query-params",
            help=ABOUT_EVERY,
            width=240,
        )
        tracking = st.toggle(
            "Follow things", True, key="video_tracking", bind="query-params", help=ABOUT_TRACKING
        )
        line = video_line.chosen() if tracking else None
    config = Config(every=every, wanted=settings, tracking=tracking, line=line)
    run = video_run.current()
    if run is not None and run.source.identity != source.identity and run.over:
        run = None
    if run is None:
        opening = video_source.opening(source)
        _button("Start", spec, source, config)
        st.caption(video_source.described(source, opening.facts, opening.size))
        stage.still(opening.picture, opening.size, key=STAGE, line=line, moved=_moved)
    elif not run.over:
        _watch(run)
    else:
        same = _unlined(run.config) == _unlined(config) and run.spec.slug == spec.slug
        _button("Start again", spec, source, config)
        if not same:
            st.caption("The settings have changed since: start again to use them.")
        _ended(run, line)


def _unlined(config: Config) -> Config:
    return replace(config, line=None)  # the line asks for counting again, not for looking again


def _button(label: str, spec: catalogue.Spec, source: video_source.Source, config: Config) -> None:
    if st.button(label, key="video_start", type="primary", icon=":material/play_arrow:"):
        video_run.start(spec, source, config)
        st.rerun()


def _watch(run: Run) -> None:
    @st.fragment(run_every=TICK)
    def watching() -> None:
        with frame.guard():
            run.listen()
            if run.over or run.snapshot is None:
                st.rerun()
            shot = run.snapshot
            left, right = st.columns([5, 1], vertical_alignment="center")
            text = "Waiting for a free worker" if shot.state == "queued" else "Preparing"
            left.progress(shot.progress or 0.0, text=shot.message or text)
            right.button("Cancel", key="video_cancel", on_click=run.job.cancel)
            opening = video_source.opening(run.source)
            picture, line = run.preview or opening.picture, run.config.line
            stage.still(picture, opening.size, key=STAGE, line=line)

    watching()


def _ended(run: Run, line: Line | None) -> None:
    if run.stopped:
        st.info("Stopped. What was found until then is shown.", icon=":material/stop:")
    elif run.error is not None:
        frame.report(run.error)
    if run.result is None or run.ticket is None:
        return
    result = run.result if run.config.line == line else recounted(run.result, line)
    if result.cut:
        st.warning("The video goes on: only its first ten minutes were looked at.")
    if result.skipped:
        st.caption(f"{result.skipped} damaged pieces of the video were left out.")
    palette = colours(result.labels)
    stage.clip(result, run.ticket.address, palette, key=STAGE, line=line, moved=_moved)
    st.caption(_spent(result))
    _home(run, result)
    if run.config.line != line:
        st.caption("In the video to download, the line is where it was at the start.")


def _spent(result: Result) -> str:
    """What was done and how long each stage took."""
    parts = [f"{STAGES[stage]} {seconds:.1f} s" for stage, seconds in result.spent.items()]
    looked = f"{len(result.rows)} of {result.pictures} pictures looked at"
    return f"{looked}. Time: {', '.join(parts)}."


def _home(run: Run, result: Result) -> None:
    """The video with boxes, and what was found."""
    stem = re.sub(r"[^\w.-]+", "-", Path(run.source.name).stem)[:60] or "video"
    video = clip_film.path(run.folder.path, DRAWN)
    files: dict[str, Callable[[], bytes | str]] = {
        f"{stem}-boxes{video.suffix}": video.read_bytes,
        f"{stem}.csv": lambda: clip_export.to_csv(result),
        f"{stem}.json": lambda: clip_export.coco_json(run.source.name, result, ids=run.spec.ids),
    }
    labels = {"csv": "Detections (CSV)", "json": "Detections (COCO json)"}
    take.home(files, labels=labels | {video.suffix[1:]: "Video with boxes"})


def _moved(ends: object) -> None:
    text = video_line.told(ends)
    if text is not None:
        st.session_state[video_line.KEY] = text

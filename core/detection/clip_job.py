"""The job that looks at a video: read, detect, follow, count, write, and tell of each row.

frames ─> every n-th ─> detector ─> tracker ─> tally ─> Step     told as it comes
  └─────> wait for the next row ─────────────────────> Film      two files
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import cv2
import numpy as np

from core.datasets.images import shrink
from core.detection import pipeline
from core.detection.clip import MOST_THINGS, Order, Result, Row, Step
from core.detection.clip_film import Film
from core.detection.crossing import News, Tally
from core.detection.track import Tracker
from core.detection.video_file import MAX_FRAMES, length, probe
from core.detection.video_frames import Frame, Reader

KEEP = MAX_FRAMES  # steps: all of them, so that a video that is stopped has lost none
PREVIEW = 480  # pixels, the longer side
PAUSE = 0.25  # seconds between two previews
WORTH = 80  # quality of a preview, 0..100


class Look:
    """One detector, one tracker and one tally at work on one video; seconds `spent` by stage."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._detector = order.config.wanted.suppressing(order.load())
        self._tracker, self.tally = Tracker(), Tally(order.config.line)
        self.spent: dict[str, float] = defaultdict(float)

    def row(self, frame: Frame) -> Row:
        """What is in the picture, and what of it is new."""
        wanted = self._order.config.wanted
        seen = pipeline.run(frame.image, self._detector, longest=wanted.longest)
        for stage in ("resize", "model"):
            self.spent[stage] += seen.seconds[stage]
        found = wanted.shown(seen.detections).take(slice(0, MOST_THINGS))
        ids, news = np.zeros(len(found), np.int64), News((), ())
        if self._order.config.tracking:
            with self.timed("follow"):
                ids = self._tracker.follow(found)
                news = self.tally.count(ids, found, frame.image.shape[1::-1])
        return Row(
            index=frame.index,
            seconds=frame.seconds,
            boxes=found.boxes,
            scores=found.scores,
            classes=found.classes,
            ids=ids,
            news=news,
        )

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds what is done within to the time of `stage`."""
        started = time.perf_counter()
        yield
        self.spent[stage] += time.perf_counter() - started


def job(
    job_id: str, order: Order, *, emit: Callable[..., None], cancelled: Callable[[], bool]
) -> Result:
    """Look at the whole video, or until `cancelled`; then what was written is made whole too.

    Raises UploadError for a bad video and whatever `order.load` raises.
    """
    told = probe(order.source, order.name).seconds
    emit(message="Loading the detector")
    look, reader = Look(order), Reader(order.source, order.name)
    rows: list[Row] = []
    size, pictures, seconds, complete, shown = (0, 0), 0, 0.0, True, 0.0
    film: Film | None = None
    with ExitStack() as stack:
        frames = stack.enter_context(closing(reader.frames()))
        while True:
            if cancelled():
                complete = False
                break
            with look.timed("read"):
                frame = next(frames, None)
            if frame is None:
                break
            pictures, seconds = frame.index + 1, frame.seconds
            if film is None:
                size = frame.image.shape[1], frame.image.shape[0]
                film = stack.enter_context(Film(order, size))
            if frame.index % order.config.every == 0:
                rows.append(look.row(frame))
                with look.timed("write"):
                    film.turn(rows[-1], look.tally.trails)
                preview = None
                if time.monotonic() - shown > PAUSE:
                    shown, preview = time.monotonic(), jpeg(film.drawn(frame))
                step = Step(
                    row=rows[-1],
                    size=size,
                    skipped=reader.skipped,
                    spent=dict(look.spent),
                    preview=preview,
                )
                of = f" of {length(told)}" if told else ""
                text = f"Picture {pictures}, {length(seconds)}{of}"
                progress = min(1.0, seconds / told) if told else reader.share
                emit(step, progress=progress, message=text)
            with look.timed("write"):
                film.wait(frame)
        started = time.perf_counter()
    look.spent["write"] += time.perf_counter() - started
    return Result(
        size=size,
        labels=order.labels,
        rows=tuple(rows),
        pictures=pictures,
        seconds=seconds,
        skipped=reader.skipped,
        spent=dict(look.spent),
        complete=complete,
        cut=reader.cut,
    )


def jpeg(image: np.ndarray) -> bytes:
    """A small JPEG of `image` (h, w, 3) uint8 RGB."""
    small = shrink(image, PREVIEW)[:, :, ::-1]
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, WORTH])
    return data.tobytes()

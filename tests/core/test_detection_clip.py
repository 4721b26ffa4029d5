"""The job that looks at a video, by planted videos and a detector that knows them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pycocotools.coco import COCO  # type: ignore[import-untyped]

from core import jobs
from core.detection import catalogue, clip_export, clip_film, video_sample
from core.detection.boxes import Detection, Detections, keep
from core.detection.clip import Config, Order, Result, Row, Step, between, gathered
from core.detection.clip_count import recounted
from core.detection.clip_draw import scene
from core.detection.clip_job import KEEP, PREVIEW, job
from core.detection.crossing import Line, News, Tally
from core.detection.pipeline import Settings, run
from core.detection.track import Tracker
from core.detection.video_frames import Frame, Reader
from core.errors import SettingError, UploadError
from tests.films import film, square

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "video"
MIDDLE = Line((0.5, 0), (0.5, 1))
LABELS = ("square", "dim")


@dataclass(frozen=True)
class Squares:
    """Finds the white square, and of a dim one says so with a poor score."""

    limit: float = 0.5
    name = "squares"
    labels = LABELS

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        return [self.one(frame) for frame in frames]

    def one(self, frame: np.ndarray) -> Detections:
        size = frame.shape[1], frame.shape[0]
        boxes, scores, classes = [], [], []
        for c, (low, score) in enumerate(((200, 0.9), (80, 0.3))):
            ys, xs = np.nonzero((frame[:, :, 1] > low) & (frame[:, :, 1] < low + 110))
            if len(xs) > 20:
                boxes.append([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])
                scores.append(score)
                classes.append(c)
        return Detections.within(boxes, scores, classes, LABELS, size)

    def suppressing(self, limit: float) -> Squares:
        return replace(self, limit=limit)


def order(tmp_path: Path, source: Path, **config: Any) -> Order:
    return Order(
        source=source,
        name="clip",
        folder=tmp_path,
        load=Squares,
        labels=LABELS,
        config=Config(**config),
    )


def carry_out(
    wanted: Order, stop: Callable[[int], bool] = lambda told: False
) -> tuple[Result, list[Step], list[float]]:
    steps: list[Step] = []
    progress: list[float] = []

    def emit(
        step: Step | None = None, *, progress: float | None = None, message: str | None = None
    ) -> None:
        if step is not None:
            steps.append(step)
        if progress is not None:
            shares.append(progress)

    shares = progress
    result = job("1", wanted, emit=emit, cancelled=lambda: stop(len(steps)))
    return result, steps, shares


def passing(tmp_path: Path, ending: str = "mp4") -> tuple[Path, list[float], list[float]]:
    """A square going from left to right at 58 pixels a second, at times that are not regular."""
    times = [round(k / 25 + (0.1 if k > 10 else 0), 3) for k in range(24)]
    xs = [12 + 58 * t for t in times]
    return film(tmp_path / f"pass.{ending}", times, [square(x) for x in xs]), times, xs


def centres(rows: Sequence[Row]) -> list[float]:
    return [float(row.boxes[0, [0, 2]].mean()) for row in rows]


@pytest.mark.parametrize("every", [1, 3, 30])
def test_every_nth_picture_is_looked_at(tmp_path: Path, every: int) -> None:
    source, times, xs = passing(tmp_path)
    result, steps, progress = carry_out(order(tmp_path, source, every=every))
    assert [row.index for row in result.rows] == list(range(0, 24, every))
    assert [row.seconds for row in result.rows] == pytest.approx(times[::every], abs=2e-3)
    assert centres(result.rows) == pytest.approx(xs[::every], abs=1)
    assert (result.size, result.pictures, result.skipped) == ((96, 64), 24, 0)
    assert (result.complete, result.cut) == (True, False)
    assert result.seconds == pytest.approx(times[-1], abs=2e-3)
    assert [step.row.index for step in steps] == [row.index for row in result.rows]
    assert progress == sorted(progress)
    assert set(result.spent) == {"read", "resize", "model", "follow", "write"}


def test_things_are_followed_and_counted_at_the_line(tmp_path: Path) -> None:
    source, _, _ = passing(tmp_path)
    result, _, _ = carry_out(order(tmp_path, source, every=1, line=MIDDLE))
    assert [row.ids.tolist() for row in result.rows] == [[0], [0]] + [[1]] * 22
    assert result.counts() == {"square": (1, 0, 1)}
    [(index, way)] = [(row.index, row.news.crossed) for row in result.rows if row.news.crossed]
    assert way == ((1, "square", -1),)
    assert index == 14  # 12 + 58 t is clear of 48 by a fiftieth of 64 from t = .643 on


def test_at_another_line_it_is_counted_again(tmp_path: Path) -> None:
    source, _, _ = passing(tmp_path)
    here, there = Line((0.5, 1.0), (0.5, 0.0)), Line((0.0, 0.01), (1.0, 0.01))
    first, _, _ = carry_out(order(tmp_path, source, every=1, line=here))
    elsewhere = recounted(first, there)
    assert first.counts() != elsewhere.counts()
    for line in (here, there, None):
        asked, _, _ = carry_out(order(tmp_path, source, every=1, line=line))
        again = recounted(first, line)
        assert again.counts() == asked.counts()
        assert [row.news for row in again.rows] == [row.news for row in asked.rows]


def test_without_following_there_are_no_ids(tmp_path: Path) -> None:
    source, _, _ = passing(tmp_path)
    result, _, _ = carry_out(order(tmp_path, source, tracking=False, line=MIDDLE))
    assert all(row.ids.tolist() == [0] for row in result.rows)
    assert result.counts() == {}


def test_settings_decide_what_is_seen(tmp_path: Path) -> None:
    both = [np.maximum(square(20), square(70) // 2) for _ in range(6)]
    source = film(tmp_path / "both.mp4", [k / 25 for k in range(6)], both)
    seen = {}
    for name, wanted in {
        "all": Settings(threshold=0.1),
        "sure": Settings(threshold=0.5),
        "dim": Settings(threshold=0.1, labels=("dim",)),
        "small": Settings(threshold=0.1, longest=48),
    }.items():
        rows = carry_out(order(tmp_path, source, wanted=wanted))[0].rows
        seen[name] = [LABELS[c] for c in rows[-1].classes]
        assert rows[-1].boxes[0, 0] == pytest.approx(60 if name == "dim" else 10, abs=2)
    assert seen == {
        "all": ["square", "dim"],
        "sure": ["square"],
        "dim": ["dim"],
        "small": ["square", "dim"],
    }


def test_the_overlap_reaches_the_detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []
    real = Squares.one

    def one(self: Squares, frame: np.ndarray) -> Detections:
        limits.append(self.limit)
        return real(self, frame)

    monkeypatch.setattr(Squares, "one", one)
    source, _, _ = passing(tmp_path)
    carry_out(order(tmp_path, source, wanted=Settings(overlap=0.25)))
    assert set(limits) == {0.25}


def read(path: Path) -> list[Frame]:
    return list(Reader(path, path.name).frames())


@pytest.mark.parametrize("every", [1, 5])
def test_both_videos_have_every_picture_at_its_time(tmp_path: Path, every: int) -> None:
    source, times, xs = passing(tmp_path)
    carry_out(order(tmp_path, source, every=every))
    plain, drawn = (read(clip_film.path(tmp_path, kind)) for kind in ("plain", "boxes"))
    for frames in (plain, drawn):
        assert [frame.seconds for frame in frames] == pytest.approx(times, abs=2e-3)
    for k, (x, a, b) in enumerate(zip(xs, plain, drawn, strict=True)):
        assert np.abs(square(x).astype(int) - a.image).mean() < 6
        # The frame of the box is where the square is, and once it has an id, at the third look,
        # also between two looks at it.
        edge = np.abs(b.image.astype(int) - a.image).sum(axis=2)
        sides = [edge[28:40, round(v) - 1 : round(v) + 2].max() for v in (x - 10, x + 9)]
        if k % every == 0 or 10 <= k <= 20:
            assert min(sides) > 100


def test_large_videos_are_written_smaller(tmp_path: Path) -> None:
    wide = [cv2.resize(square(20 + 5 * k), (2000, 1001)) for k in range(4)]
    source = film(tmp_path / "wide.mkv", [0, 0.1, 0.2, 0.3], wide, coder="mjpeg")
    result, _, _ = carry_out(order(tmp_path, source, every=1))
    assert result.size == (2000, 1001)
    assert {frame.image.shape for frame in read(clip_film.path(tmp_path, "plain"))} == {
        (640, 1280, 3)
    }


def test_stopped_what_was_done_is_kept(tmp_path: Path) -> None:
    source, times, _ = passing(tmp_path)
    wanted = order(tmp_path, source, every=2, line=MIDDLE)
    result, steps, _ = carry_out(wanted, stop=lambda told: told >= 5)
    assert not result.complete
    assert [row.index for row in result.rows] == [0, 2, 4, 6, 8]
    assert result.pictures == 9
    for kind in ("plain", "boxes"):
        assert len(read(clip_film.path(tmp_path, kind))) == 9
    kept = gathered(steps, LABELS)
    assert kept is not None
    assert [row.index for row in kept.rows] == [0, 2, 4, 6, 8]
    assert (kept.complete, kept.size, kept.pictures) == (False, (96, 64), 9)
    assert kept.counts() == result.counts()
    assert gathered([], LABELS) is None


def test_stopped_before_the_first_picture(tmp_path: Path) -> None:
    result, steps, _ = carry_out(order(tmp_path, passing(tmp_path)[0]), stop=lambda told: True)
    assert (result.rows, steps, result.complete) == ((), [], False)


def test_previews_are_small_pictures(tmp_path: Path) -> None:
    big = [cv2.resize(square(20 + 5 * k), (960, 640)) for k in range(4)]
    source = film(tmp_path / "b.mp4", [0, 0.1, 0.2, 0.3], big)
    _, steps, _ = carry_out(order(tmp_path, source, every=1))
    assert steps[0].preview is not None
    picture = cv2.imdecode(np.frombuffer(steps[0].preview, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (320, PREVIEW, 3)
    assert sum(step.preview is not None for step in steps) < 4


def test_no_more_pictures_wait_than_lie_between_two_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = []
    real = clip_film.Film.wait

    def wait(self: clip_film.Film, frame: Frame) -> None:
        real(self, frame)
        waiting.append(len(self._waiting))

    monkeypatch.setattr(clip_film.Film, "wait", wait)
    carry_out(order(tmp_path, passing(tmp_path)[0], every=4))
    assert max(waiting) == 4


def test_at_most_so_many_things_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    near = rng.uniform(0, 40, (150, 2))
    many = Detections(np.hstack([near, near + 9]), rng.random(150), np.zeros(150, int), LABELS)
    monkeypatch.setattr(Squares, "one", lambda self, frame: many)
    result, _, _ = carry_out(
        order(tmp_path, passing(tmp_path)[0], wanted=Settings(threshold=0), tracking=False)
    )
    assert {len(row.boxes) for row in result.rows} == {100}
    np.testing.assert_array_equal(result.rows[0].scores, many.scores[:100])


def row(index: int, seconds: float, boxes: Any, ids: list[int], news: News | None = None) -> Row:
    n = len(ids)
    return Row(
        index=index,
        seconds=seconds,
        boxes=np.asarray(boxes, float).reshape(-1, 4),
        scores=np.linspace(0.9, 0.5, n),
        classes=np.zeros(n, int),
        ids=np.array(ids, np.int64),
        news=news or News((), ()),
    )


def test_between_two_rows_things_go_straight() -> None:
    a = row(0, 1.0, [[0, 0, 10, 10], [50, 50, 60, 60], [80, 0, 90, 9]], [4, 0, 7])
    b = row(5, 2.0, [[50, 50, 62, 60], [20, 8, 30, 18]], [0, 4])
    stays = [[50, 50, 60, 60], [80, 0, 90, 9]]
    assert between(a, b, 1.0).tolist() == a.boxes.tolist()
    assert between(a, b, 1.25).tolist() == [[5, 2, 15, 12], *stays]
    assert between(a, b, 2.0).tolist() == [[20, 8, 30, 18], *stays]
    assert between(a, None, 1.5).tolist() == a.boxes.tolist()
    assert a.boxes[0].tolist() == [0, 0, 10, 10]


def test_counts_are_ranked() -> None:
    news = [
        News(((1, "cat"), (2, "dog")), ()),
        News(((3, "dog"),), ((1, "cat", 1), (2, "dog", -1))),
        News((), ((1, "cat", -1), (3, "dog", -1))),
    ]
    rows = tuple(row(k, k, [], [], one) for k, one in enumerate(news))
    result = Result(
        size=(9, 9), labels=("cat", "dog"), rows=rows, pictures=3, seconds=2, skipped=0, spent={}
    )
    assert list(result.counts().items()) == [("dog", (2, 0, 2)), ("cat", (1, 1, 1))]


@pytest.mark.parametrize("every", [0, 31])
def test_bad_steps_are_refused(every: int) -> None:
    with pytest.raises(SettingError, match="every: wanted 1 to 30"):
        Config(every=every)


def test_a_bad_video_is_told(tmp_path: Path) -> None:
    source = tmp_path / "x.mp4"
    source.write_bytes(b"no video")
    with pytest.raises(UploadError, match="clip: wanted a video"):
        carry_out(order(tmp_path, source))


def test_drawn_are_boxes_ids_trails_and_line() -> None:
    image = np.full((200, 300, 3), 60, np.uint8)
    found = Detections.gather(
        [Detection(label="square", score=0.9, box=(40, 80, 120, 160))], LABELS
    )
    arguments: dict[str, Any] = {"palette": {"square": (230, 159, 0)}, "trails": {}, "line": None}
    plain = scene(image, found, np.array([0]), **arguments)
    assert (image == 60).all()
    assert tuple(plain[120, 40]) == (230, 159, 0)
    named = scene(image, found, np.array([3]), **arguments)
    assert (named[60:80, 40:160] != plain[60:80, 40:160]).any()  # the tag has the id too
    assert (named[80:] == plain[80:]).all()
    trail = scene(
        image,
        found,
        np.array([3]),
        **arguments | {"trails": {3: [(200, 20), (280, 20)], 9: [(200, 180), (280, 180)]}},
    )
    assert np.abs(trail[20, 240].astype(int) - (230, 159, 0)).max() < 30
    assert (trail[170:190] == named[170:190]).all()
    lined = scene(image, found, np.array([3]), **arguments | {"line": Line((0.8, 0), (0.8, 1))})
    assert tuple(lined[100, 240]) == (255, 255, 255)


def results(labels: tuple[str, ...] = LABELS) -> Result:
    rows = (
        row(0, 0.0, [[1, 2, 11, 22], [30, 30, 40, 45.125]], [1, 0]),
        row(3, 0.1234, [], []),
        row(6, 0.25, [[3, 2, 13, 22]], [1]),
    )
    return Result(
        size=(96, 64), labels=labels, rows=rows, pictures=8, seconds=0.3, skipped=0, spent={}
    )


def test_csv_has_a_line_a_detection() -> None:
    lines = list(csv.reader(io.StringIO(clip_export.to_csv(results()))))
    assert lines == [
        ["frame", "seconds", "id", "label", "score", "x0", "y0", "x1", "y1"],
        ["0", "0.0", "1", "square", "0.9", "1.0", "2.0", "11.0", "22.0"],
        ["0", "0.0", "", "square", "0.5", "30.0", "30.0", "40.0", "45.12"],
        ["6", "0.25", "1", "square", "0.9", "3.0", "2.0", "13.0", "22.0"],
    ]


def test_csv_starts_no_formula() -> None:
    lines = list(csv.reader(io.StringIO(clip_export.to_csv(results(("=cmd()", "x"))))))
    assert lines[1][3] == "'=cmd()"


def test_coco_json_is_read_by_its_reader(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(clip_export.coco_json("a.mp4", results(), ids={"square": 7}))
    with redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / "c.json"))
    assert [image["frame_id"] for image in coco.loadImgs(coco.getImgIds())] == [0, 3, 6]
    assert [image["seconds"] for image in coco.loadImgs(coco.getImgIds())] == [0, 0.123, 0.25]
    first, second, third = coco.loadAnns(coco.getAnnIds())
    assert (first["bbox"], first["track_id"], first["image_id"]) == ([1, 2, 10, 20], 1, 1)
    assert "track_id" not in second
    assert (third["track_id"], third["image_id"], third["category_id"]) == (1, 3, 7)
    assert coco.dataset["categories"] == [{"id": 7, "name": "square"}, {"id": 8, "name": "dim"}]
    assert json.loads((tmp_path / "c.json").read_text())["videos"][0]["name"] == "a.mp4"


def watched(source: Path, folder: Path, slug: str, **config: Any) -> tuple[Result, jobs.Handle]:
    """As a page has it: in another process."""
    spec = catalogue.find(slug)
    wanted = Order(
        source=source,
        name=source.name,
        folder=folder,
        load=spec.load,
        labels=spec.labels,
        config=Config(**config),
    )
    handle = jobs.submit(job, wanted, keep=KEEP)
    return handle.result(timeout=240), handle


def test_two_faces_cross_in_the_sample(tmp_path: Path) -> None:
    video_sample.write(tmp_path / "sample.mp4")
    result, handle = watched(tmp_path / "sample.mp4", tmp_path, "face", every=3, line=MIDDLE)
    assert result.counts() == {"face": (2, 1, 1)}
    assert sum(len(r.ids) == 2 for r in result.rows) > 0.8 * len(result.rows)
    shot = handle.snapshot()
    assert [step.row.index for step in shot.steps] == [r.index for r in result.rows]
    assert shot.progress == pytest.approx(1, abs=0.05)
    assert clip_film.path(tmp_path, "boxes").stat().st_size > 50_000


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/video")
def test_a_face_is_found_in_the_sign_language_clips(tmp_path: Path) -> None:
    for name in ("again", "no"):
        result, _ = watched(SHARED / f"{name}.mkv", tmp_path, "face", every=10)
        faces = [len(r.boxes) for r in result.rows]
        assert np.mean([n >= 1 for n in faces]) >= 0.7
        assert "face" in result.counts()


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/video")
def test_a_person_is_followed_in_the_street_clip() -> None:
    detector, tracker, tally = catalogue.find("people").load(), Tracker(), Tally()
    for frame in Reader(SHARED / "one-by-one-person-detection.mp4", "street").frames():
        if frame.index >= 240 and frame.index % 5 == 0:  # somebody comes into view at about 25 s
            found = keep(run(frame.image, detector, longest=480).detections, threshold=0.5)
            tally.count(tracker.follow(found), found, frame.image.shape[1::-1])
        if tally.seen or frame.index > 320:
            break
    assert tally.seen == {"person": 1}

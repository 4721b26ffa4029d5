"""Detectors that OpenCV carries: Haar cascades, and the HOG people detector.

Viola & Jones 2001, "Rapid object detection using a boosted cascade of simple features": a window
slides over the picture at every size and is dropped at the first stage whose sum s of weak votes
is too small; windows that pass all stages are grouped. Dalal & Triggs 2005, "Histograms of
oriented gradients for human detection": a linear SVM over 64 x 128 windows.

    s     : sum of votes at the last stage, or the SVM's margin, the largest of a group
    s0    : `origin`, the threshold of the last stage where that is far from 0
    score : 1 / (1 + exp(-(s - s0))), an order among boxes of one detector, not a probability

Only OpenCV 4 has these. Its classifiers keep buffers between calls, so each detector has a lock.
The figures below were chosen on 60 VOC photographs and the bundled samples, for few false alarms.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import cv2
import cv2.data
import numpy as np

from core.datasets.images import shrink
from core.detection import windows
from core.detection.boxes import Detection, Detections, nms, place
from core.detection.inside import MOST, Candidates, Layer
from core.errors import UnavailableError


@dataclass(frozen=True, kw_only=True)
class Part:
    """Where in a face to look, and for what size, all as shares of the face's side; and whether
    to look `elsewhere`, in the whole picture, where there is no face."""

    top: float
    bottom: float
    smallest: tuple[float, float]
    largest: tuple[float, float]
    elsewhere: bool = True


@dataclass(frozen=True, kw_only=True)
class Search:
    """A cascade and the way to slide it.

    factor: step between sizes; neighbours: windows that must agree; smallest: (w, h) in pixels;
    mirror: look at the mirrored picture too; tilts: degrees to turn the picture by; margin: rim
    to add, as a share of the longest side; longest: side in pixels to shrink to; part: look in
    faces first.
    """

    label: str
    cascade: str
    origin: float = 0.0
    factor: float = 1.1
    neighbours: int = 5
    smallest: tuple[int, int] = (24, 24)
    mirror: bool = False
    tilts: tuple[float, ...] = (0.0,)
    margin: float = 0.0
    longest: int | None = None
    part: Part | None = None


# Of OpenCV's four frontal cascades this one had no false face in 72 pictures.
FACE = Search(label="face", cascade="frontalface_alt", origin=105.76)
PROFILE = Search(label="profile", cascade="profileface", mirror=True, smallest=(30, 30))
EYE = Search(
    label="eye",
    cascade="eye",
    factor=1.05,
    part=Part(top=0.15, bottom=0.6, smallest=(0.16, 0.16), largest=(0.42, 0.42)),
)
# Anywhere but in a face this cascade smiles at everything: a dozen times in the cat's picture.
SMILE = Search(
    label="smile",
    cascade="smile",
    factor=1.05,
    neighbours=20,
    part=Part(top=0.5, bottom=1.1, smallest=(0.3, 0.15), largest=(1.0, 0.5), elsewhere=False),
)
UPPER_BODY = Search(label="upper body", cascade="upperbody", factor=1.05, smallest=(44, 36))
FULL_BODY = Search(label="full body", cascade="fullbody", factor=1.05, smallest=(28, 56))
# Cats hold their heads askew and fill the picture: without tilts and a rim Chelsea goes unseen.
CAT_FACE = Search(
    label="cat face",
    cascade="frontalcatface_extended",
    smallest=(40, 40),
    tilts=(-8.0, 0.0, 8.0),
    margin=0.35,
    longest=320,
)
PLATE = Search(label="number plate", cascade="russian_plate_number", smallest=(60, 20))

WINDOW = (64, 128)  # (w, h) in pixels of the people detector
TRIM = (0.1, 0.07, 0.9, 0.87)  # of a person's window what is the person, as OpenCV's sample has it
STRIDE, PADDING, SCALE = 8, 16, 1.05  # pixels from window to window, around the picture; of sizes
GROUP = 2  # windows of people that a find must have more of
FAINT = -1.0  # margin of the faintest windows of people that are shown from the inside
FACE_SIDE = 160  # pixels to which a smaller face is enlarged before its parts are sought
NESTED = 0.5  # share of a box inside a better one that makes it the same find


@dataclass(frozen=True, eq=False)
class Scan:
    """A view to slide over: `back` maps its points to the picture; windows from `smallest` to
    `largest` (w, h) pixels of the view; `note` says what is special about it."""

    view: np.ndarray
    back: np.ndarray
    smallest: tuple[int, int]
    largest: tuple[int, int] | None
    note: str = ""


class Haar:
    """Slides one cascade over pictures. Raises UnavailableError where OpenCV does not carry it."""

    def __init__(self, search: Search, limit: float = NESTED) -> None:
        self.search, self.limit = search, limit
        self.name = search.label
        self.labels = (search.label,)
        self._lock = threading.Lock()
        self._cascade = _load(search.cascade)
        self._faces = Haar(FACE) if search.part else None

    def suppressing(self, limit: float) -> Haar:
        """The same, with another share of a box that may lie inside a better one."""
        other = copy(self)
        other.limit = limit
        return other

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """What is found in each of `frames` (h, w, 3) uint8 RGB, the best first."""
        return [self._look(image) for image in frames]

    def inside(self, image: np.ndarray) -> Candidates:
        """Every window of `image` (h, w, 3) uint8 RGB that passes, and where windows stand.

        OpenCV averages the windows of a group; here the best of them stands for it.
        """
        grouped: list[Detection] = []
        alone: list[Detection] = []
        layers: list[Layer] = []
        for scan in self._scans(image):
            passed = self._slide(scan, image.shape, neighbours=0)
            boxes = np.array([one.box for one in passed], np.float64).reshape(-1, 4)
            enough = windows.together(boxes) > self.search.neighbours
            grouped += [one for one, good in zip(passed, enough, strict=True) if good]
            alone += [one for one, good in zip(passed, enough, strict=True) if not good]
            layers += windows.cascade(
                (scan.view.shape[1], scan.view.shape[0]),
                scan.back,
                self._cascade.getOriginalWindowSize(),
                factor=self.search.factor,
                smallest=scan.smallest,
                largest=scan.largest,
                note=scan.note,
            )
        return Candidates(
            Detections.gather(grouped, self.labels).take(slice(MOST)),
            tuple(layers),
            self._look(image),
            self.limit,
            nested=True,
            total=len(grouped) + len(alone),
            alone=Detections.gather(alone, self.labels).take(slice(MOST)),
        )

    def _look(self, image: np.ndarray) -> Detections:
        found = [
            one
            for scan in self._scans(image)
            for one in self._slide(scan, image.shape, self.search.neighbours)
        ]
        return nms(Detections.gather(found, self.labels), self.limit, nested=True)

    def _scans(self, image: np.ndarray) -> Iterator[Scan]:
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        faces = list(self._faces._look(image)) if self._faces else []
        if faces:
            yield from (self._inside(grey, face) for face in faces)
        elif self.search.part is None or self.search.part.elsewhere:
            for view, back, note in _views(grey, self.search):
                yield Scan(view, back, self.search.smallest, None, note)

    def _inside(self, grey: np.ndarray, face: Detection) -> Scan:
        part = self.search.part
        assert part is not None
        left, top, right, _ = (round(v) for v in face.box)
        side = right - left
        up, down = top + round(part.top * side), top + round(part.bottom * side)
        view, zoom = grey[up:down, left:right], max(1.0, FACE_SIDE / side)
        if zoom > 1:
            view = cv2.resize(view, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
        back = np.array([[1 / zoom, 0.0, left], [0.0, 1 / zoom, up]])
        smallest, largest = (
            (round(w * side * zoom), round(h * side * zoom))
            for w, h in (part.smallest, part.largest)
        )
        return Scan(view, back, smallest, largest, ", in a face")

    def _slide(self, scan: Scan, shape: tuple[int, ...], neighbours: int) -> list[Detection]:
        with self._lock:
            rows, _, sums = self._cascade.detectMultiScale3(
                scan.view,
                scaleFactor=self.search.factor,
                minNeighbors=neighbours,
                minSize=scan.smallest,
                maxSize=scan.largest or (0, 0),
                outputRejectLevels=True,
            )
        size = shape[1], shape[0]
        placed = (
            place(
                self.search.label, logistic(s - self.search.origin), _box(row, scan.back), size=size
            )
            for row, s in zip(rows, sums, strict=True)
        )
        return [found for found in placed if found is not None]


class People:
    """OpenCV's HOG detector of upright people, whole from head to foot."""

    name = "people"
    labels = ("person",)

    def __init__(self, limit: float = NESTED) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(cv2.HOGDescriptor.getDefaultPeopleDetector())

    def suppressing(self, limit: float) -> People:
        """The same, with another share of a box that may lie inside a better one."""
        other = copy(self)
        other.limit = limit
        return other

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """The people in each of `frames` (h, w, 3) uint8 RGB, the best first."""
        return [self._look(image) for image in frames]

    def inside(self, image: np.ndarray) -> Candidates:
        """Every window of `image` (h, w, 3) uint8 RGB with a margin above FAINT, and where they
        stand. OpenCV averages the windows of a group; here the best of them stands for it."""
        every = Detections.gather(self._slide(image, FAINT, group=0), self.labels)
        # A window below the margin has no vote.
        enough = windows.together(every.boxes[every.scores >= 0.5]) > GROUP
        weak = np.ones(int((every.scores < 0.5).sum()), bool)
        stays = np.concatenate([enough, weak])
        layers = windows.hog(
            (image.shape[1], image.shape[0]),
            WINDOW,
            factor=SCALE,
            stride=STRIDE,
            padding=PADDING,
            trim=TRIM,
        )
        return Candidates(
            every.take(stays).take(slice(MOST)),
            tuple(layers),
            self._look(image),
            self.limit,
            nested=True,
            total=len(every),
            alone=every.take(~stays),
        )

    def _look(self, image: np.ndarray) -> Detections:
        found = Detections.gather(self._slide(image, 0.0, group=GROUP), self.labels)
        return nms(found, self.limit, nested=True)

    def _slide(self, image: np.ndarray, least: float, group: int) -> list[Detection]:
        # OpenCV writes beyond its buffers, and takes the process with it, on less than a window.
        if image.shape[0] < WINDOW[1] or image.shape[1] < WINDOW[0]:
            return []
        # Trained on colour gradients, of which the strongest channel counts: any order will do.
        with self._lock:
            rows, margins = self._hog.detectMultiScale(
                image,
                hitThreshold=least,
                winStride=(STRIDE, STRIDE),
                padding=(PADDING, PADDING),
                scale=SCALE,
                groupThreshold=group,
            )
        size, found = (image.shape[1], image.shape[0]), []
        for (x, y, w, h), s in zip(rows, margins, strict=True):
            # The window was trained with a rim around the person.
            box = (x + TRIM[0] * w, y + TRIM[1] * h, x + TRIM[2] * w, y + TRIM[3] * h)
            found.append(place("person", logistic(float(s)), box, size=size))
        return [person for person in found if person is not None]


def logistic(s: float) -> float:
    """1 / (1 + exp(-s)), without overflow."""
    return 0.5 * (1.0 + math.tanh(0.5 * float(s)))


def _load(name: str) -> cv2.CascadeClassifier:
    path = Path(cv2.data.haarcascades) / f"haarcascade_{name}.xml"
    if not path.is_file():
        raise UnavailableError(f"OpenCV {cv2.__version__} does not carry the cascade {path.name}.")
    return cv2.CascadeClassifier(str(path))


def _views(grey: np.ndarray, search: Search) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    """The picture as `search` wants it seen, each with the map M that leads back, (x, y) = M @
    (u, v, 1), and a note of what was done to it."""
    height, width = grey.shape
    if search.mirror:
        yield cv2.flip(grey, 1), np.array([[-1.0, 0.0, width], [0.0, 1.0, 0.0]]), ", mirrored"
    small = grey if search.longest is None else shrink(grey, search.longest)
    rim = round(search.margin * max(small.shape))
    rimmed = cv2.copyMakeBorder(small, rim, rim, rim, rim, cv2.BORDER_REPLICATE)
    size = rimmed.shape[1], rimmed.shape[0]
    grow = max(grey.shape) / max(small.shape)
    for tilt in search.tilts:
        # view <- rimmed: turn by `tilt` about the middle.   picture <- rimmed: cut the rim, enlarge
        turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), tilt, 1.0)
        view = cv2.warpAffine(rimmed, turn, size, borderMode=cv2.BORDER_REPLICATE)
        back = cv2.invertAffineTransform(turn)
        back[:, 2] -= rim
        yield view if tilt else rimmed, grow * back, f", tilted {tilt:+.0f}°" if tilt else ""


def _box(row: np.ndarray, back: np.ndarray) -> tuple[float, float, float, float]:
    """The window (u, v, w, h) of a view as an upright box of the picture, about the same middle."""
    u, v, w, h = (float(value) for value in row)
    x, y = back @ (u + w / 2, v + h / 2, 1.0)
    scale = math.hypot(back[0, 0], back[1, 0])
    return x - scale * w / 2, y - scale * h / 2, x + scale * w / 2, y + scale * h / 2

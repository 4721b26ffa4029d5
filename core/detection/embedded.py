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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import cv2.data
import numpy as np

from core.datasets.images import shrink
from core.detection.boxes import Detection, nms, place
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
FACE_SIDE = 160  # pixels to which a smaller face is enlarged before its parts are sought
NESTED = 0.5  # share of a box inside a better one that makes it the same find


class Haar:
    """Slides one cascade over pictures. Raises UnavailableError where OpenCV does not carry it."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.labels = (search.label,)
        self._lock = threading.Lock()
        self._cascade = _load(search.cascade)
        self._faces = Haar(FACE) if search.part else None

    def detect(self, image: np.ndarray) -> list[Detection]:
        """What is found in `image` (h, w, 3) uint8 RGB, the best first."""
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        faces = self._faces.detect(image) if self._faces else []
        found = []
        if faces:
            for face in faces:
                found += self._inside(grey, face)
        elif self.search.part is None or self.search.part.elsewhere:
            for view, back in _views(grey, self.search):
                found += self._slide(view, back, grey.shape, self.search.smallest, None)
        return nms(found, NESTED, nested=True)

    def _inside(self, grey: np.ndarray, face: Detection) -> list[Detection]:
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
        return self._slide(view, back, grey.shape, smallest, largest)

    def _slide(
        self,
        view: np.ndarray,
        back: np.ndarray,
        shape: tuple[int, ...],
        smallest: tuple[int, int],
        largest: tuple[int, int] | None,
    ) -> list[Detection]:
        with self._lock:
            rows, _, sums = self._cascade.detectMultiScale3(
                view,
                scaleFactor=self.search.factor,
                minNeighbors=self.search.neighbours,
                minSize=smallest,
                maxSize=largest or (0, 0),
                outputRejectLevels=True,
            )
        size = shape[1], shape[0]
        placed = (
            place(self.search.label, logistic(s - self.search.origin), _box(row, back), size=size)
            for row, s in zip(rows, sums, strict=True)
        )
        return [found for found in placed if found is not None]


class People:
    """OpenCV's HOG detector of upright people, whole from head to foot."""

    labels = ("person",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(cv2.HOGDescriptor.getDefaultPeopleDetector())

    def detect(self, image: np.ndarray) -> list[Detection]:
        """The people in `image` (h, w, 3) uint8 RGB, the best first."""
        # OpenCV writes beyond its buffers, and takes the process with it, on less than a window.
        if image.shape[0] < WINDOW[1] or image.shape[1] < WINDOW[0]:
            return []
        # Trained on colour gradients, of which the strongest channel counts: any order will do.
        with self._lock:
            rows, margins = self._hog.detectMultiScale(
                image, winStride=(8, 8), padding=(16, 16), scale=1.05
            )
        size, found = (image.shape[1], image.shape[0]), []
        for (x, y, w, h), s in zip(rows, margins, strict=True):
            # The window was trained with a rim around the person: OpenCV's own sample trims it so.
            box = (x + 0.1 * w, y + 0.07 * h, x + 0.9 * w, y + 0.87 * h)
            found.append(place("person", logistic(float(s)), box, size=size))
        return nms([person for person in found if person is not None], NESTED, nested=True)


def logistic(s: float) -> float:
    """1 / (1 + exp(-s)), without overflow."""
    return 0.5 * (1.0 + math.tanh(0.5 * float(s)))


def _load(name: str) -> cv2.CascadeClassifier:
    path = Path(cv2.data.haarcascades) / f"haarcascade_{name}.xml"
    if not path.is_file():
        raise UnavailableError(f"OpenCV {cv2.__version__} does not carry the cascade {path.name}.")
    return cv2.CascadeClassifier(str(path))


def _views(grey: np.ndarray, search: Search) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The picture as `search` wants it seen, each with the map M that leads back:
    (x, y) = M @ (u, v, 1)."""
    height, width = grey.shape
    if search.mirror:
        yield cv2.flip(grey, 1), np.array([[-1.0, 0.0, width], [0.0, 1.0, 0.0]])
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
        yield view if tilt else rimmed, grow * back


def _box(row: np.ndarray, back: np.ndarray) -> tuple[float, float, float, float]:
    """The window (u, v, w, h) of a view as an upright box of the picture, about the same middle."""
    u, v, w, h = (float(value) for value in row)
    x, y = back @ (u + w / 2, v + h / 2, 1.0)
    scale = math.hypot(back[0, 0], back[1, 0])
    return x - scale * w / 2, y - scale * h / 2, x + scale * w / 2, y + scale * h / 2

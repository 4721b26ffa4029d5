"""The ways in which exported detectors want a picture and give their boxes, one record each.

Nothing in an ONNX file says what its numbers mean; a Layout does. It is found from the shapes by
core.detection.onnx_guess, may be set by hand, and is read by onnx_picture (what goes in) and
onnx_decode (what comes out).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.detection.onnx_families import FAMILIES, Family
from core.detection.onnx_file import SIDES
from core.errors import require

COLOURS = ("RGB", "BGR")
# x = (pixel - mean) / deviation, for red, green and blue
SCALINGS: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "0 to 255": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "0 to 1": ((0.0, 0.0, 0.0), (255.0, 255.0, 255.0)),
    "-1 to 1": ((127.5, 127.5, 127.5), (127.5, 127.5, 127.5)),
    "(x - 127) / 128": ((127.0, 127.0, 127.0), (128.0, 128.0, 128.0)),
    "ImageNet": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
}
# How a picture of other proportions gets into the input, and what fills the rest.
RESIZES: Mapping[str, int | None] = {
    "stretch": None,
    "corner, on grey": 114,
    "centre, on grey": 114,
    "centre, on black": 0,
}
UNITS = ("pixels", "shares")
NUMBERS = ("from 0", "from 1", "COCO 1 to 90")
SCORES = ("as they are", "sigmoid", "softmax")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one model is spoken to. Raises SettingError on what cannot be.

    size    : (w, h) in pixels of the picture that goes in
    classes : how many there are, None where the outputs do not tell
    strides : pixels between cells, for families that have a grid
    parts   : names of the outputs that the family is read from, in its own order
    units   : of the boxes; `numbers`: how classes are counted; `scores`: what makes them 0..1
    """

    family: str
    size: tuple[int, int]
    classes: int | None
    parts: tuple[str, ...]
    colour: str = "RGB"
    scaling: str = "0 to 1"
    resize: str = "stretch"
    strides: tuple[int, ...] = ()
    units: str = "pixels"
    numbers: str = "from 0"
    scores: str = "as they are"

    def __post_init__(self) -> None:
        _among("family", self.family, FAMILIES)
        _among("colours", self.colour, COLOURS)
        _among("values", self.scaling, SCALINGS)
        _among("resize", self.resize, RESIZES)
        _among("units", self.units, UNITS)
        _among("class numbers", self.numbers, NUMBERS)
        _among("scores", self.scores, SCORES)
        w, h = self.size
        wanted = f"{SIDES.start} to {SIDES.stop - 1} pixels"
        require(w in SIDES and h in SIDES, "input size", wanted=wanted, given=f"{w} x {h}")
        good = self.classes is None or 1 <= self.classes <= 10_000
        require(good, "classes", wanted="1 to 10,000", given=self.classes)
        good = all(1 <= s <= 256 for s in self.strides)
        require(good, "strides", wanted="1 to 256 pixels each", given=self.strides)

    @property
    def about(self) -> Family:
        """The family."""
        return FAMILIES[self.family]


def of(family: str, **more: object) -> Layout:
    """The layout that `family` usually has, with `more` set."""
    usual = FAMILIES[family]
    wanted = {
        "colour": usual.colour,
        "scaling": usual.scaling,
        "resize": usual.resize,
        "strides": usual.strides,
    }
    return Layout(family=family, **(wanted | more))  # type: ignore[arg-type]


def _among(setting: str, given: str, options: Mapping[str, object] | tuple[str, ...]) -> None:
    require(given in options, setting, wanted=f"one of {', '.join(options)}", given=given)

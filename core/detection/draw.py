"""Boxes on a picture: labelled, sized to the picture, in colours that colour-blind readers tell.

Colours: Okabe & Ito 2008, "Color universal design", their seven besides black.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

import cv2
import numpy as np
from PIL import ImageFont

from core.detection.boxes import Detection

Colour = tuple[int, int, int]

OKABE_ITO: tuple[Colour, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
LONGEST_LABEL = 40


def colours(labels: Iterable[str]) -> dict[str, Colour]:
    """A colour (r, g, b) for each label, by its place in `labels`; the eighth starts again.

    Give it all that a detector can find, and a label keeps its colour from picture to picture.
    """
    unique = dict.fromkeys(labels)
    return {label: OKABE_ITO[i % len(OKABE_ITO)] for i, label in enumerate(unique)}


def draw(
    image: np.ndarray,
    detections: Iterable[Detection],
    *,
    palette: Mapping[str, Colour] | None = None,
) -> np.ndarray:
    """A copy of `image` (h, w, 3) uint8 RGB with each box, its label and its score.

    Weak ones are drawn first, so that the best lie on top. `palette` colours the labels; without
    it, or for a label it lacks, the colour is that of the label's place among those drawn.
    """
    canvas = image.copy()
    short = min(image.shape[:2])
    thickness, size = max(2, round(short / 240)), max(11, round(short / 32))
    ranked = sorted(detections, key=lambda found: found.score)
    shades = {**colours(sorted({found.label for found in ranked})), **(palette or {})}
    for found in ranked:
        x0, y0, x1, y1 = (round(v) for v in found.box)
        # The far edge is one past the last pixel of the box.
        near, far = (x0, y0), (max(x0, x1 - 1), max(y0, y1 - 1))
        cv2.rectangle(canvas, near, far, shades[found.label], thickness)
    for found in ranked:
        text = f"{plain(found.label)} {found.score:.2f}"
        _tag(canvas, text, found, size, shades[found.label])
    return canvas


def described(
    detections: Iterable[Detection], palette: Mapping[str, Colour]
) -> list[dict[str, Any]]:
    """Each detection as plain values for a script that draws: label, score, box, colour, ink."""
    return [
        {
            "label": found.label,
            "score": found.score,
            "box": list(found.box),
            "colour": "#{:02x}{:02x}{:02x}".format(*palette[found.label]),
            "ink": "#{:02x}{:02x}{:02x}".format(*ink(palette[found.label])),
        }
        for found in detections
    ]


def plain(label: str) -> str:
    """`label` in the letters the built-in font has: accents dropped, the rest as question marks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    text = "".join(c if " " <= c <= "~" else "?" for c in bare)
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 3] + "..."


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white). WCAG 2.2, section 1.4.3."""
    # L = .2126 R + .7152 G + .0722 B of the linear channels
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink(colour: Colour) -> Colour:
    """Black or white, whichever stands out more on `colour`."""
    level = luminance(colour)
    # contrast = (lighter + .05) / (darker + .05)
    return BLACK if (level + 0.05) / 0.05 >= 1.05 / (level + 0.05) else WHITE


def _tag(canvas: np.ndarray, text: str, found: Detection, size: int, colour: Colour) -> None:
    """Writes `text` in a filled strip above the box, or inside it where there is no room above."""
    mask = _mask(text, size)
    pad = max(2, size // 6)
    height, width = mask.shape[0] + 2 * pad, mask.shape[1] + 2 * pad
    if height > canvas.shape[0]:
        return
    width = min(width, canvas.shape[1])
    left = min(max(round(found.box[0]), 0), canvas.shape[1] - width)
    top = round(found.box[1]) - height
    if top < 0:
        top = min(max(round(found.box[1]), 0), canvas.shape[0] - height)
    strip = canvas[top : top + height, left : left + width]
    strip[:] = colour
    letters = strip[pad : height - pad, pad : pad + mask.shape[1]]
    cover = mask[:, : letters.shape[1], None].astype(np.float32) / 255
    letters[:] = np.rint(letters + (np.array(ink(colour)) - letters) * cover)


@lru_cache(maxsize=512)
def _mask(text: str, size: int) -> np.ndarray:
    """How much of each pixel the letters cover, 0..255: (h, w), h the same for any text."""
    font = _font(size)
    left, top, right, bottom = font.getbbox("Agjpqy|")
    mask, (x, y) = font.getmask2(text, mode="L")
    glyphs = np.array(mask, np.uint8).reshape(mask.size[1], mask.size[0])
    height = round(bottom - top)
    row = min(max(round(y - top), 0), max(0, height - glyphs.shape[0]))
    board = np.zeros((height, glyphs.shape[1]), np.uint8)
    board[row : row + glyphs.shape[0]] = glyphs[:height]
    return board


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Given a size, Pillow returns the scalable font that it carries.
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size))

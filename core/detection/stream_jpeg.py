"""Pictures of a camera as they arrive: JPEG, bounded before anything is decoded.

ISO/IEC 10918-1, annex B: a file is SOI (FF D8), then segments, each a marker FF xx and a length;
the frame header SOF carries precision (1 byte), height (2 bytes), width (2 bytes).
"""

from __future__ import annotations

import cv2
import numpy as np

from core.errors import UploadError

MAX_BYTES = 2 * 2**20
MAX_SIDE = 4096  # pixels
NAME = "camera picture"
_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 .. SOF15; the three are tables
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def size(data: bytes) -> tuple[int, int]:
    """(width, height) in pixels, by the header alone. Raises UploadError where there is none."""
    at = 2
    while data[:3] == b"\xff\xd8\xff" and at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF or kind in _BARE:  # a filling byte, or nothing follows
            at += 1 if kind == 0xFF else 2
            continue
        if kind in _FRAME and at + 9 <= len(data):
            height, width = (int.from_bytes(data[at + k : at + k + 2], "big") for k in (5, 7))
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise UploadError(NAME, wanted="a JPEG", given=f"{len(data)} bytes of something else")


def decode(data: bytes) -> np.ndarray:
    """The picture, (h, w, 3) uint8 RGB.

    Raises UploadError for more than MAX_BYTES or MAX_SIDE, for anything but JPEG, for a damaged one.
    """
    if len(data) > MAX_BYTES:
        raise UploadError(NAME, wanted=f"at most {MAX_BYTES} bytes", given=len(data))
    width, height = size(data)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        wanted = f"1 to {MAX_SIDE} pixels a side"
        raise UploadError(NAME, wanted=wanted, given=f"{width} x {height}")
    try:
        image = cv2.imdecode(
            np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
        )
    except cv2.error as error:
        raise UploadError(NAME, wanted="a whole JPEG", given="a damaged one") from error
    if image is None or image.shape != (height, width, 3):
        raise UploadError(NAME, wanted="a whole JPEG", given="a damaged one")
    return image

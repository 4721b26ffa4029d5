"""Points in the address of a page: a short text of letters, digits, - and _.

    text  = base64url(version, zlib(body))             one byte of version
    k     = round(x / u), int16                        u = 10^s / 1000
    d     = k - the k before it, zigzag: 0, -1, 1, -2, 2 ... are 0, 1, 2, 3, 4 ..., uint16
    body  = s, then five planes of n bytes: d1 high, d1 low, d2 high, d2 low, class + 16 held
    A brush moves on in small steps, whose high bytes, side by side in a plane, compress well.

s is 0, and u a thousandth, unless a coordinate is beyond +-32.767. A link is hostile until shown
otherwise: its text, what it unpacks to, and every number in it are bounded.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

import numpy as np

from core.datasets.points.plane import CLASSES, MOST, REACH, made
from core.errors import SettingError
from core.nets.network import Points

VERSION = 1
LINK_MOST = 6000  # characters: browsers and servers take addresses of 8000
LIMIT = 1 + 5 * MOST  # bytes of a body
SCALES = 6  # values of s: enough for REACH
HELD = 16


def pack(points: Points) -> str:
    """`points` as a text of at most LINK_MOST characters, coordinates rounded to u.

    Raises SettingError where they are too many, saying how many fit, or not points at all.
    """
    x, y, held = made(*points)
    n = len(x)
    farthest = np.abs(x).max(initial=0)
    s = next(s for s in range(SCALES) if np.rint(farthest * 1000 / 10**s) < 2**15)
    k = np.rint(x * 1000 / 10**s).astype(np.int16)
    d = np.diff(k, axis=0, prepend=np.zeros((1, 2), np.int16))  # modulo 2^16, and back so
    zigzag = ((d << 1) ^ (d >> 15)).astype(">i2").view(np.uint8).reshape(n, 4)
    # Bytes (n, 5), a point a row; a plane is a column of them.
    rows = np.column_stack([zigzag, (y + HELD * held).astype(np.uint8)])
    body = bytes([s]) + rows.T.tobytes()
    packed = base64.urlsafe_b64encode(bytes([VERSION]) + zlib.compress(body, 9))
    text = packed.decode("ascii").rstrip("=")
    if len(text) > LINK_MOST:
        few = n * LINK_MOST // len(text) // 10 * 10
        wanted = f"so few that a link can hold them, about {few:,}"
        raise SettingError("points of the link", wanted=wanted, given=f"{n:,}")
    return text


def unpack(text: str) -> Points:
    """The points that `pack` made `text` of. Raises SettingError for any other text."""
    if len(text) > LINK_MOST:
        raise _wrong(f"{len(text):,} characters")
    if not re.fullmatch("[A-Za-z0-9_-]*", text):
        raise _wrong("other characters")
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise _wrong("a part of it") from error
    if packed[:1] != bytes([VERSION]):
        raise _wrong("that of another version")
    inflate = zlib.decompressobj()
    try:
        body = inflate.decompress(packed[1:], LIMIT + 1)
    except zlib.error as error:
        raise _wrong("a damaged one") from error
    if not inflate.eof or inflate.unused_data:
        raise _wrong("a damaged one")
    n, rest = divmod(len(body) - 1, 5)
    if rest or not 0 <= n <= MOST or body[0] >= SCALES:
        raise _wrong("a damaged one")
    planes = np.frombuffer(body, np.uint8, offset=1).reshape(5, n)
    zigzag = np.ascontiguousarray(planes[:4].T).view(">u2").astype(np.uint16)
    d = (zigzag >> 1) ^ -(zigzag & 1)
    k = np.cumsum(d, axis=0, dtype=np.uint16).view(np.int16)
    # Multiplied first, which is exact, and then divided: 1.234 is the float nearest to it.
    x = k * 10.0 ** body[0] / 1000
    y, held = planes[4] % HELD, planes[4] // HELD
    most = y.max(initial=0), held.max(initial=0), np.abs(x).max(initial=0)
    if most[0] >= CLASSES or most[1] > 1 or most[2] > REACH:
        raise _wrong("a damaged one")
    return Points(x, y.astype(np.int64), held.astype(bool))


def _wrong(given: str) -> SettingError:
    return SettingError("points of the link", wanted="a text that this page wrote", given=given)

"""Points in the address of a page: the body of a core.link_text.

    k     = round(x / u), int16                        u = 10^s / 1000
    d     = k - the k before it, zigzag: 0, -1, 1, -2, 2 ... are 0, 1, 2, 3, 4 ..., uint16
    body  = s, then five planes of n bytes: d1 high, d1 low, d2 high, d2 low, class + 16 held
    A brush moves on in small steps, whose high bytes, side by side in a plane, compress well.

With names of classes the version is 2, and before the body stand their number, one byte, and each
name in UTF-8 after its length in bytes.

s is 0, and u a thousandth, unless a coordinate is beyond +-32.767. A link is hostile until shown
otherwise: its text, what it unpacks to, and every number in it are bounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import link_text
from core.datasets.points.plane import CLASSES, MOST, REACH, made
from core.errors import SettingError
from core.nets.network import Points

VERSION, NAMED = 1, 2
LINK_MOST = link_text.MOST
LIMIT = 1 + 5 * MOST  # bytes of a body
SCALES = 6  # values of s: enough for REACH
HELD = 16
LONGEST = 40  # characters of the name of a class, as of a table
NAMES_MOST = 1 + CLASSES * (1 + 4 * LONGEST)  # bytes of all names


def pack(points: Points, names: Sequence[str] = ()) -> str:
    """`points` as a text of at most LINK_MOST characters, coordinates rounded to u.

    `names` of the classes go with them, unless these are just their numbers. Raises SettingError
    where they are too many, saying how many fit, or not points at all.
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
    called = _called(names)
    version = NAMED if called else VERSION
    text = link_text.pack(version, called + body)
    if len(text) > LINK_MOST:
        few = n * LINK_MOST // len(text) // 10 * 10
        wanted = f"so few that a link can hold them, about {few:,}"
        raise SettingError("points of the link", wanted=wanted, given=f"{n:,}")
    return text


def unpack(text: str) -> Points:
    """The points that `pack` made `text` of. Raises SettingError for any other text."""
    return unpack_named(text)[0]


def unpack_named(text: str) -> tuple[Points, tuple[str, ...]]:
    """The points that `pack` made `text` of, and the names of their classes; () for numbers.

    Names are of 1 to LONGEST printable characters. Raises as `unpack` does.
    """
    version, body = link_text.unpack(text, [VERSION, NAMED], LIMIT + NAMES_MOST, _wrong)
    names: tuple[str, ...] = ()
    if version == NAMED:
        names, body = _names(body)
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
    return Points(x, y.astype(np.int64), held.astype(bool)), names


def _called(names: Sequence[str]) -> bytes:
    """Names as a link holds them; nothing where they are just the numbers of the classes."""
    if [*names] == [str(k) for k in range(len(names))]:
        return b""
    named = [_short(name).encode() for name in names[:CLASSES]]
    return bytes([len(named)]) + b"".join(bytes([len(name)]) + name for name in named)


def _short(name: str) -> str:
    return "".join(c if c.isprintable() else " " for c in name[:LONGEST]) or " "


def _names(body: bytes) -> tuple[tuple[str, ...], bytes]:
    """The names of classes at the beginning of a body, and what comes after them."""
    count, at, names = body[0] if body else 0, 1, []
    for _ in range(count):
        size = body[at] if at < len(body) else 0
        try:
            name = body[at + 1 : at + 1 + size].decode()
        except UnicodeDecodeError as error:
            raise _wrong("a damaged one") from error
        if not 1 <= len(name) <= LONGEST or not name.isprintable():
            raise _wrong("a damaged one")
        names.append(name)
        at += 1 + size
    if not 1 <= count <= CLASSES or len(set(names)) < count:
        raise _wrong("a damaged one")
    return tuple(names), body[at:]


def _wrong(given: str) -> SettingError:
    return SettingError("points of the link", wanted="a text that this page wrote", given=given)

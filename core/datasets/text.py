"""A text in a file that somebody brings: which encoding it is in, and whether it is text at all.

Files are hostile until shown otherwise: their size is bounded first, files of other kinds are known
by their first bytes, and what decodes to control characters is no text. The order of trust:

    byte order mark       says it
    UTF-8                 if all of it is: nothing else is UTF-8 by chance
    UTF-16 without mark   only where bytes stand that no text of single bytes holds
    charset-normalizer    on the first SAMPLE bytes: it looks at every character and takes its time
    GB 18030 and Big5     before that, where nearly all is common Chinese: short texts mislead it
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from charset_normalizer import from_bytes
from numpy.typing import NDArray

from core.errors import UploadError

MAX_BYTES = 5 * 2**20
SAMPLE = 64 << 10  # bytes in which the encoding is looked for
WANTED = "a text, in UTF-8, UTF-16, GBK or another encoding"
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NAMES = {
    "utf-8": "UTF-8",
    "ascii": "UTF-8",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "utf-32-le": "UTF-32, little-endian",
    "utf-32-be": "UTF-32, big-endian",
    "gb2312": "GBK (GB 18030)",
    "gbk": "GBK (GB 18030)",
    "gb18030": "GBK (GB 18030)",
    "big5": "Big5",
    "big5hkscs": "Big5",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR (CP949)",
    "cp1252": "Windows-1252",
}
KOREAN = ("cp949", "euc_kr", "johab")
# rows of their tables with the characters that are used most, and with punctuation
CHINESE = {"gb18030": ("gb2312", range(0xB0, 0xD8)), "big5": ("big5", range(0xA4, 0xC7))}
PUNCTUATION = (0xA1, 0xA3)
KINDS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a ZIP archive (docx, xlsx and npz are such, too)",
    b"PK\x05\x06": "a ZIP archive",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"%PDF-": "a PDF",
    b"RIFF": "sound, video or a picture",
    b"OggS": "sound",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLite format 3\x00": "a database",
    b"\x93NUMPY": "an array of numbers",
    b"PAR1": "a table (parquet)",
}
# What no text of single bytes holds, nor one in GBK or Big5; in UTF-16 one character in eight does.
STRANGE = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
CONTROLS = re.compile("[\x01-\x06\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class Decoded:
    """Lines end in a line feed; `replaced` characters were not readable and are U+FFFD now."""

    text: str
    encoding: str  # in words
    replaced: int = 0


def decode(data: bytes, name: str) -> Decoded:
    """The text in the contents `data` of a file called `name`.

    Raises UploadError for what is larger than MAX_BYTES, empty, or no text.
    """
    if len(data) > MAX_BYTES:
        given = f"{len(data) / 2**20:.1f} MB"
        raise UploadError(name, wanted=f"at most {MAX_BYTES >> 20} MB", given=given)
    if not data:
        raise UploadError(name, wanted=WANTED, given="an empty file")
    if (kind := _kind(data)) is not None:
        raise UploadError(name, wanted=WANTED, given=kind)
    encoding, text = _read(data)
    if not _is_text(text):
        raise UploadError(name, wanted=WANTED, given="bytes that are no text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    words = NAMES.get(encoding, encoding.replace("_", "-").upper())
    # U+FFFD that stood in the file already is not told from what was replaced
    return Decoded(text, words, text.count("\ufffd"))


def _kind(data: bytes) -> str | None:
    """What a file is, where its first bytes tell that it is no text."""
    head = data[:16]
    length = int.from_bytes(data[:8], "little")
    if data[8:9] == b"{" and 2 <= length <= len(data) - 8:
        return "weights (safetensors)"
    return next((kind for mark, kind in KINDS.items() if head.startswith(mark)), None)


def _read(data: bytes) -> tuple[str, str]:
    """The encoding and the text, unreadable bytes replaced."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :].decode(encoding, "replace")
    text = _strictly(data, "utf-8")
    if text is not None and _is_text(text):
        return "utf-8", text
    if STRANGE.search(data) and (wide := _wide(data)) is not None:
        return wide, data.decode(wide, "replace")
    if text is not None or _nearly_utf8(data):
        return "utf-8", data.decode("utf-8", "replace")
    encoding = _guessed(_safely_cut(data))
    return encoding, data.decode(encoding, "replace")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_text(text: str) -> bool:
    """A few control characters stand in some texts, and in strings of C there are NULs."""
    strange = len(CONTROLS.findall(text))
    empty = text.count("\0")
    few = strange <= 0.02 * len(text) and empty <= 0.3 * len(text)
    return few and text.count("\ufffd") <= 0.1 * len(text)


def _wide(data: bytes) -> str | None:
    """UTF-16 of one order or the other, where nine of ten characters are of living scripts."""
    even = data[: len(data) & ~1]
    found = {}
    for encoding, kind in (("utf-16-le", "<u2"), ("utf-16-be", ">u2")) if even else ():
        units = np.frombuffer(even, kind)
        # a letter of ASCII in the wrong order is Chinese: what reads as more ASCII is right
        found[encoding] = float(_living()[units].mean()), float((units < 0x80).mean())
    right = [encoding for encoding, (living, _) in found.items() if living >= 0.9]
    return max(right, key=lambda encoding: sum(found[encoding]), default=None)


@cache
def _living() -> NDArray[np.bool_]:
    """Code units (65536,) that texts are made of; read in the wrong order half of them are not."""
    found = np.zeros(1 << 16, bool)
    for first, last in (
        (0x20, 0x7F), (0xA0, 0x250), (0x370, 0x530), (0x590, 0x700), (0x900, 0x980), (0xE00, 0xE80),
        (0x2010, 0x2070), (0x20A0, 0x20C0), (0x3000, 0x3100), (0x4E00, 0xA000), (0xAC00, 0xD7A4),
        (0xD800, 0xE000), (0xFF00, 0xFFF0),
    ):  # fmt: skip
        found[first:last] = True
    found[[0, 0x09, 0x0A, 0x0D]] = True
    return found


def _nearly_utf8(data: bytes) -> bool:
    """Whether there are ten whole characters of UTF-8 for every broken one."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(c > "\x7f" for c in text[: 1 << 16]) - text[: 1 << 16].count("\ufffd")
    share = min(1.0, (1 << 16) / len(text))
    return whole >= 10 * broken * share and whole > 0


def _safely_cut(data: bytes) -> bytes:
    """The first SAMPLE bytes, up to the end of a line: a line feed is part of nothing longer."""
    if len(data) <= SAMPLE:
        return data
    head = data[:SAMPLE]
    return head[: head.rfind(b"\n") + 1] or head


def _guessed(sample: bytes) -> str:
    best = from_bytes(sample).best()
    found = best.encoding if best is not None else None
    # Korean bytes are common Chinese, too; but between Korean words there are spaces.
    if not (found in KOREAN and sample.count(b" ") * 12 >= len(sample)):
        shares = {encoding: _commonness(sample, encoding) for encoding in CHINESE}
        if found is not None and found.startswith("euc_j"):
            shares["big5"] = 0.0  # where Japanese letters are common Chinese
        likeliest = max(shares, key=lambda encoding: shares[encoding])
        if shares[likeliest] >= 0.9:
            return likeliest
    if found is None or found.startswith("utf_"):
        return "cp1252"
    return "gb18030" if found.startswith("gb") else found  # GB 2312 and GBK are parts of it


def _commonness(sample: bytes, encoding: str) -> float:
    """Share of common Chinese among the characters beyond ASCII; 0 where it is not `encoding`."""
    text = _strictly(sample, encoding) or _strictly(sample[:-1], encoding)
    beyond = [c for c in text or "" if c > "\x7f"]
    return sum(c in _common(encoding) for c in beyond) / max(1, len(beyond))


@cache
def _common(encoding: str) -> frozenset[str]:
    table, rows = CHINESE[encoding]
    cells = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    pairs = b"".join(bytes((row, cell)) + b" " for row in (*rows, *PUNCTUATION) for cell in cells)
    return frozenset(c for c in pairs.decode(table, "ignore") if c > "\x7f")

"""Long texts: the encoding is recognised in the first megabytes, the rest is read as it is needed."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

from core.datasets import text as texts

HEAD = 2**20


def opened(file: BinaryIO, name: str) -> io.TextIOWrapper:
    """`file`, at its beginning, as text; lines end as they do there. Raises UploadError for no text."""
    head = file.read(HEAD + 1)
    if len(head) > HEAD:  # a line feed is part of nothing longer, but two bytes in UTF-16
        head = head[: HEAD // 4 * 4] if b"\0" in head else head[: head.rfind(b"\n") + 1] or head
    encoding = _codec(texts.decode(head, name).encoding)
    mark = next((len(m) for m, _ in texts.MARKS if head.startswith(m)), 0)
    file.seek(mark)
    return io.TextIOWrapper(file, encoding, errors="replace", newline="")


def whole(data: bytes, name: str) -> str:
    """The text in a file's contents; line feeds end its lines. Raises UploadError for no text."""
    if len(data) <= texts.MAX_BYTES:
        return texts.decode(data, name).text
    return opened(io.BytesIO(data), name).read().replace("\r\n", "\n").replace("\r", "\n")


def _codec(words: str) -> str:
    """The codec of an encoding that `texts.decode` tells in words."""
    wide = {
        "UTF-16, little-endian",
        "UTF-16, big-endian",
        "UTF-32, little-endian",
        "UTF-32, big-endian",
    }
    if words in wide:
        return words[:6].lower() + ("-le" if "little" in words else "-be")
    told = {
        name: codec for codec, name in texts.NAMES.items()
    }  # the last of equals holds the others
    return codecs.lookup(told.get(words, words)).name if words != "UTF-8" else "utf-8"

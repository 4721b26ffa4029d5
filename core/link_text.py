"""Bytes in the address of a page: a short text of letters, digits, - and _.

    text = base64url(version, zlib(body))        one byte of version

A link is hostile until shown otherwise: its text and what it unpacks to are bounded.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Collection

MOST = 6000  # characters: browsers and servers take addresses of 8000


def pack(version: int, body: bytes) -> str:
    """The text; whether it is short enough for a link (MOST) is for the caller to see."""
    packed = base64.urlsafe_b64encode(bytes([version]) + zlib.compress(body, 9))
    return packed.decode("ascii").rstrip("=")


def unpack(
    text: str, versions: Collection[int], limit: int, wrong: Callable[[str], Exception]
) -> tuple[int, bytes]:
    """The version, one of `versions`, and the body of at most `limit` bytes.

    Raises what `wrong` makes of a few words about a text that is none of ours.
    """
    if len(text) > MOST:
        raise wrong(f"{len(text):,} characters")
    if not re.fullmatch("[A-Za-z0-9_-]*", text):
        raise wrong("other characters")
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise wrong("a part of it") from error
    if not packed or packed[0] not in versions:
        raise wrong("that of another version")
    inflate = zlib.decompressobj()
    try:
        # One byte more than allowed: what goes on behind it is not unpacked at all.
        body = inflate.decompress(packed[1:], limit + 1)
    except zlib.error as error:
        raise wrong("a damaged one") from error
    if not inflate.eof or inflate.unused_data or len(body) > limit:
        raise wrong("a damaged one")
    return packed[0], body

"""A grammar in the address of a page: a short text of letters, digits, - and _.

    text = base64url(version, zlib(UTF-8 of the grammar's own text))        one byte of version

A link is hostile until shown otherwise: its text and what it unpacks to are bounded.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from core.errors import SettingError

VERSION = 1
LINK_MOST = 6000  # characters: browsers and servers take addresses of 8000
LIMIT = 200_000  # bytes of a grammar in a link


def pack(grammar: str) -> str | None:
    """The text of a grammar as a link holds it; None where it is too long for one."""
    body = grammar.encode("utf-8", "replace")
    if len(body) > LIMIT:
        return None
    packed = base64.urlsafe_b64encode(bytes([VERSION]) + zlib.compress(body, 9))
    text = packed.decode("ascii").rstrip("=")
    return text if len(text) <= LINK_MOST else None


def unpack(text: str) -> str:
    """The text of the grammar that `pack` made `text` of. Raises SettingError for any other text."""
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
        # One byte more than allowed: what goes on behind it is not unpacked at all.
        body = inflate.decompress(packed[1:], LIMIT + 1)
        grammar = body.decode("utf-8")
    except (zlib.error, UnicodeDecodeError) as error:
        raise _wrong("a damaged one") from error
    if not inflate.eof or inflate.unused_data or len(body) > LIMIT:
        raise _wrong("a damaged one")
    return grammar


def _wrong(given: str) -> SettingError:
    return SettingError("grammar of the link", wanted="a text that this page wrote", given=given)

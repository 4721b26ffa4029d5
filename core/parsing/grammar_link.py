"""The text of a grammar in the address of a page, see core.link_text."""

from __future__ import annotations

from core import link_text
from core.errors import SettingError

VERSION = 1
LINK_MOST = link_text.MOST
LIMIT = 200_000  # bytes of a grammar in a link


def pack(grammar: str) -> str | None:
    """The text of a grammar as a link holds it; None where it is too long for one."""
    body = grammar.encode("utf-8", "replace")
    if len(body) > LIMIT:
        return None
    text = link_text.pack(VERSION, body)
    return text if len(text) <= LINK_MOST else None


def unpack(text: str) -> str:
    """The text of the grammar that `pack` made `text` of. Raises SettingError for any other text."""
    _, body = link_text.unpack(text, [VERSION], LIMIT, _wrong)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _wrong("a damaged one") from error


def _wrong(given: str) -> SettingError:
    return SettingError("grammar of the link", wanted="a text that this page wrote", given=given)

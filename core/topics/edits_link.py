"""A reader's edits in the address of a page: the body of a core.link_text, as JSON.

    [fit, ["rename", topic, name], ["merge", topics], ["hide", topic], ["show", topic], ...]

`fit` says of which model they speak. They are believed no further than their form: whether such topics
are there is seen when they are applied.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from core import link_text
from core.errors import SettingError
from core.topics.edits import LONGEST, Edit, Hide, Merge, Rename, Show

VERSION = 1
LINK_MOST = link_text.MOST
LIMIT = 64 << 10  # bytes unpacked
MOST = 200  # edits
TOPICS = 1000  # no topic goes by such a number


def packed(fit: str, edits: Sequence[Edit]) -> str:
    """For the address; longer than LINK_MOST where there is too much for one."""
    body = json.dumps([fit, *map(_told, edits)], ensure_ascii=False, separators=(",", ":"))
    return link_text.pack(VERSION, body.encode("utf-8", "replace"))


def unpacked(text: str) -> tuple[str, tuple[Edit, ...]]:
    """Of which fit, and the edits. Raises SettingError for a text that is none of ours."""
    _, body = link_text.unpack(text, [VERSION], LIMIT, _wrong)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _wrong("a damaged one") from error
    if not isinstance(told, list) or not told or not isinstance(told[0], str):
        raise _wrong("a damaged one")
    if len(told) - 1 > MOST:
        raise _wrong(f"{len(told) - 1:,} edits")
    return told[0], tuple(map(_edit, told[1:]))


def _told(edit: Edit) -> list[Any]:
    match edit:
        case Rename(topic, name):
            return ["rename", topic, name]
        case Merge(topics):
            return ["merge", list(topics)]
        case Hide(topic):
            return ["hide", topic]
        case Show(topic):
            return ["show", topic]


def _edit(told: Any) -> Edit:
    match told:
        case ["rename", topic, str(name)] if _topic(topic) and len(name) <= LONGEST:
            return Rename(topic, name)
        case ["merge", [*topics]] if all(map(_topic, topics)) and len(topics) < TOPICS:
            return Merge(tuple(topics))
        case ["hide", topic] if _topic(topic):
            return Hide(topic)
        case ["show", topic] if _topic(topic):
            return Show(topic)
    raise _wrong("a damaged one")


def _topic(told: Any) -> bool:
    # True and False are numbers to Python
    return type(told) is int and 0 <= told < TOPICS


def _wrong(given: str) -> SettingError:
    return SettingError("edits in the link", wanted="a text that this page made", given=given)

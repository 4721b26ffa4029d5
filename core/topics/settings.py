"""Checks that all topic models share."""

from __future__ import annotations

import math

from core.errors import require
from core.topics.counts import Counts


def between(name: str, value: float, least: float, most: float, *, whole: bool = False) -> None:
    """Raise SettingError unless `value` is a number from `least` to `most`, whole if so asked."""
    kinds = (int,) if whole else (int, float)
    number = isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value)
    kind = "a whole number from" if whole else "a number from"
    wanted = f"{kind} {least:g} to {most:g}"
    require(number and least <= value <= most, name, wanted=wanted, given=value)


def ready(data: Counts) -> None:
    """Raise SettingError where there is nothing to learn from."""
    require(len(data) > 0, "documents", wanted="at least one", given="none")
    require(len(data.words) > 0, "words", wanted="at least one in all documents", given="none")

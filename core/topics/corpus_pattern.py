"""A visitor's own pattern for words, kept from doing harm.

    [a-z]{3,}          words of three letters or more

A pattern can take for ever ((a+)+$) or more memory than there is ((a{1000}){1000}): repetitions are
bounded before it is compiled, its time when it runs. What it finds is the whole match, without groups.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex  # type: ignore[import-untyped]

from core.errors import SettingError, require

SETTING = "pattern for words"
LONGEST = 200  # characters
MOST_REPEATS = 1_000  # {m,n} inside each other multiply; the product of all in the pattern
SECONDS = 20.0  # for all documents together
COUNTED = re.compile(r"\{\s*(\d*)\s*,?\s*(\d*)\s*\}")
# calls of itself, which have no end, and matches that may be wrong, which have too many ways
UNBOUND = re.compile(r"\(\?(?:R|[+-]?\d|&|P>)|\{[^}]*[<=][^}]*\}")


@lru_cache(32)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Raises SettingError for what is no pattern, or one that could take too much."""
    require(bool(pattern), SETTING, wanted="a regular expression", given="none")
    short = len(pattern) <= LONGEST
    require(short, SETTING, wanted=f"at most {LONGEST} characters", given=len(pattern))
    numbers = [[int(n[:6]) for n in found.groups() if n] for found in COUNTED.finditer(pattern)]
    repeats = math.prod(max(1, *pair) for pair in numbers if pair)
    bound = repeats <= MOST_REPEATS and UNBOUND.search(pattern) is None
    wanted = f"no calls of itself, and repetitions {{m,n}} of at most {MOST_REPEATS:,} in all"
    require(bound, SETTING, wanted=wanted, given=pattern)
    try:
        return regex.compile(pattern, regex.UNICODE | regex.VERSION0)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise SettingError(
            SETTING, wanted="a regular expression", given=f"{pattern} ({error})"
        ) from error


def spans(pattern: str, text: str, seconds: float = SECONDS) -> Iterator[tuple[int, int]]:
    """Where the pattern matches more than nothing. Raises SettingError where that takes too long."""
    try:
        # other visitors' threads run on meanwhile
        for match in compiled(pattern).finditer(text, timeout=max(seconds, 1e-3), concurrent=True):
            if match.end() > match.start():
                yield match.span()
    except (TimeoutError, MemoryError, RecursionError) as error:
        raise too_long(pattern) from error


def words(pattern: str, text: str, seconds: float = SECONDS) -> Sequence[str]:
    """What the pattern matches."""
    return [text[start:end] for start, end in spans(pattern, text, seconds)]


def too_long(pattern: str) -> SettingError:
    wanted = f"a pattern that is done in {SECONDS:.0f} seconds"
    return SettingError(SETTING, wanted=wanted, given=f"{pattern}, which takes longer")

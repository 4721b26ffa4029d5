"""What a unit might follow in a text: one number a character.

    target : (T,) float64  1 inside and 0 outside of spans; a count; NaN where nothing is claimed

A span includes what opens it and not what closes it, as does a state that has just read the opening
character. Regular expressions are searched by RE2, which comes with pyarrow: its time grows with the
text alone, whatever a visitor asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pyarrow import compute

from core.errors import SettingError, require

Floats = NDArray[np.float64]
LONGEST = 200  # characters of a regular expression
MOST_LABELS = 32  # kinds of own labels that are told apart
QUOTES = "\"'`"
PAIRS = {"(": ")", "[": "]", "{": "}", "\uff08": "\uff09", "\u300c": "\u300d", "\u300a": "\u300b"}


def regex(text: str, expression: str) -> Floats:
    """1 in what `expression` finds, 0 elsewhere; ^ and $ meet at line ends too.

    Raises SettingError for an expression that is none.
    """
    wanted = f"1 to {LONGEST} characters"
    require(1 <= len(expression) <= LONGEST, "pattern", wanted=wanted, given=len(expression))
    shown = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    used = set(shown)
    opens, closes = [c for c in map(chr, range(0xE000, 0xF8FF)) if c not in used][:2]
    try:
        marked = compute.replace_substring_regex(
            pa.scalar(shown), pattern=f"(?m){expression}", replacement=f"{opens}\\0{closes}"
        ).as_py()
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:
        wanted = "a regular expression of RE2's syntax"
        raise SettingError("pattern", wanted=wanted, given=expression) from error
    begun, ended = _at(marked, opens), _at(marked, closes)
    inside = np.cumsum(begun.astype(np.int64) - ended)
    return inside[~(begun | ended)].astype(np.float64)


def quotes(text: str) -> Floats:
    """1 inside "...", '...' or `...` of one line, with a backslash before a quote making it a letter.

    An apostrophe between letters opens nothing.
    """
    target, opened = np.zeros(len(text)), ""
    skip = False
    for t, c in enumerate(text):
        if c == "\n":
            opened = ""
        elif skip:
            skip = False
            target[t] = bool(opened)
            continue
        elif opened and c == "\\":
            skip = True
        elif opened and c == opened:
            opened = ""
        elif not opened and c in QUOTES and not (c == "'" and t and text[t - 1].isalnum()):
            opened = c
        target[t] = bool(opened)
    return target


def brackets(text: str) -> Floats:
    """How many brackets of any kind are open; one that closes nothing changes nothing."""
    target, stack = np.zeros(len(text)), []
    for t, c in enumerate(text):
        if c in PAIRS:
            stack.append(PAIRS[c])
        elif stack and c == stack[-1]:
            stack.pop()
        target[t] = len(stack)
    return target


def inside_brackets(text: str) -> Floats:
    """1 where at least one bracket is open."""
    return (brackets(text) > 0).astype(np.float64)


def digits(text: str) -> Floats:
    return np.array([c.isdigit() for c in text], np.float64)


def upper(text: str) -> Floats:
    """1 at capital letters."""
    return np.array([c.isupper() for c in text], np.float64)


def position(text: str) -> Floats:
    """Characters since the start of the line, this one counted; 0 at its end."""
    t = np.arange(len(text))
    ends = _at(text, "\n")
    return (t - np.maximum.accumulate(np.where(ends, t, -1))).astype(np.float64)


def indentation(text: str) -> Floats:
    """Spaces at the start of this line, a tab as four, over the whole line; growing while read."""
    target, width, leading = np.zeros(len(text)), 0, True
    for t, c in enumerate(text):
        if c == "\n":
            width, leading = 0, True
        elif leading and c in " \t":
            width += 4 if c == "\t" else 1
        else:
            leading = False
        target[t] = width
    return target


def comment(text: str) -> Floats:
    """1 from a # outside of quotes to the end of the line."""
    target, quoted, on = np.zeros(len(text)), quotes(text), False
    for t, c in enumerate(text):
        on = c != "\n" and (on or (c == "#" and not quoted[t]))
        target[t] = on
    return target


def count(text: str, characters: str, against: str = "") -> Floats:
    """How many of `characters` there were since the line began, less those of `against`."""
    ups = _at(text, characters).astype(np.float64) - _at(text, against)
    total, ends = np.cumsum(ups), _at(text, "\n")
    # what had been counted up to the last end of a line
    t = np.arange(len(text))
    last = np.maximum.accumulate(np.where(ends, t, -1))
    return total - np.where(last >= 0, total[last], 0.0)


def last_of(text: str, one: str, other: str) -> Floats:
    """1 where of two characters `one` came last in this line, 0 where `other` did, else NaN."""
    is_one, is_other, ends = _at(text, one), _at(text, other), _at(text, "\n")
    t = np.arange(len(text))
    last = np.maximum.accumulate(np.where(is_one | is_other | ends, t, -1))
    state = np.where(is_one, 1.0, np.where(is_other, 0.0, np.nan))
    return np.where(last >= 0, state[last], np.nan)


NAMED: dict[str, Callable[[str], Floats]] = {
    "inside quotes": quotes,
    "inside brackets": inside_brackets,
    "depth of brackets": brackets,
    "digits": digits,
    "capitals": upper,
    "indentation": indentation,
    "comment": comment,
    "position in line": position,
}


def named(text: str, name: str) -> Floats:
    """The target `name` of NAMED, or "count of a so far" for any character in place of a."""
    counted = name.removeprefix("count of ").removesuffix(" so far")
    if name == f"count of {counted} so far" and len(counted) == 1:
        return count(text, counted)
    wanted = f"one of {', '.join(NAMED)}, count of a so far"
    require(name in NAMED, "pattern", wanted=wanted, given=name)
    return NAMED[name](text)


def span(text: str, spans: Sequence[tuple[int, int]]) -> Floats:
    """1 in the `spans`, each from its first to before its last character, 0 elsewhere."""
    target = np.zeros(len(text))
    for first, last in spans:
        fit = 0 <= first < last <= len(text)
        require(fit, "span", wanted=f"within 0 to {len(text)}", given=(first, last))
        target[first:last] = 1
    return target


def labels(text: str, column: Sequence[str]) -> dict[str, Floats]:
    """Own labels, one a character: a column of numbers as it is, of words a target for each word.

    An empty label claims nothing. Raises SettingError for another length and for too many words.
    """
    require(len(column) == len(text), "labels", wanted=f"{len(text)}", given=len(column))
    filled = [label.strip() for label in column]
    empty = np.array([not label for label in filled], bool)
    try:
        numbers = np.array([float(label) if label else np.nan for label in filled])
    except ValueError:
        kinds = sorted({label for label in filled if label})
        require(
            len(kinds) <= MOST_LABELS, "labels", wanted=f"at most {MOST_LABELS} kinds", given=len(kinds)
        )  # fmt: skip
        own = np.array(filled)
        return {kind: np.where(empty, np.nan, own == kind) for kind in kinds}
    numbers[~np.isfinite(numbers)] = np.nan
    return {"labels": numbers}


def _at(text: str, characters: str) -> NDArray[np.bool_]:
    """Where any of `characters` stands."""
    points = _points(text)
    found = np.zeros(len(points), bool)
    for c in characters:
        found |= points == ord(c)
    return found


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)

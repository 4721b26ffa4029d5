"""Characters as numbers: a text's own alphabet, and one number for all that is not in it.

codes : (T,) int64, 0 for a character the vocabulary does not know
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import require

UNKNOWN = "\ufffd"  # how an unknown character is shown; always number 0
MOST = 2000  # characters of a vocabulary, the unknown one counted


@dataclass(frozen=True)
class Vocabulary:
    """The characters a net knows, in the order of their numbers; the first is UNKNOWN."""

    characters: str

    def __post_init__(self) -> None:
        known = self.characters
        require(known[:1] == UNKNOWN, "vocabulary", wanted=f"{UNKNOWN!r} first", given=known[:1])
        require(len(set(known)) == len(known), "vocabulary", wanted="each once", given="a repeated")
        require(2 <= len(known) <= MOST, "vocabulary", wanted=f"2 to {MOST}", given=len(known))

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> NDArray[np.int64]:
        """Codes (T,) of `text`."""
        points = _points(text)
        known = np.array([ord(c) for c in self.characters[1:]], np.uint32)
        order = np.argsort(known)
        at = np.searchsorted(known[order], points).clip(max=len(known) - 1)
        found = order[at]
        return np.where(known[found] == points, found + 1, 0).astype(np.int64)

    def decode(self, codes: Iterable[int]) -> str:
        """The text of `codes`, UNKNOWN where it was not known."""
        return "".join(self.characters[code] for code in codes)


def of(texts: str | Iterable[str], *, most: int = MOST) -> Vocabulary:
    """The vocabulary of `texts`: their `most` - 1 commonest characters, sorted, after UNKNOWN.

    Raises SettingError where the texts are empty.
    """
    counts = Counter(texts if isinstance(texts, str) else "".join(texts))
    counts.pop(UNKNOWN, None)
    require(len(counts) > 0, "text", wanted="at least one character", given="none")
    # the first of equals by their numbers, so that the order of a text does not matter
    commonest = sorted(counts, key=lambda c: (-counts[c], c))[: most - 1]
    return Vocabulary(UNKNOWN + "".join(sorted(commonest)))


def one_hot(codes: NDArray[np.integer], size: int) -> NDArray[np.float32]:
    """(T, size) with a single 1 a row."""
    found = np.zeros((len(codes), size), np.float32)
    found[np.arange(len(codes)), codes] = 1
    return found


def _points(text: str) -> NDArray[np.uint32]:
    # a lone surrogate is no character, yet stands in some texts
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)

"""Words that were never seen, or hardly: known by how they look.

    p(tag -> word) = p(tag, word) / p(tag)

A word is replaced by its signature: whether it begins with a capital (and stands first), has digits
or a hyphen, and how it ends. What a signature may be tagged as is learned from the rare words.
"""

from __future__ import annotations

import re

SUFFIXES = (
    "ations", "ation", "ments", "ment", "ness", "less", "able", "ible", "ings", "ized", "ised",
    "ize", "ise", "ing", "ies", "ers", "est", "ity", "ous", "ful", "ive", "ial", "ion", "ons",
    "ier", "ed", "ly", "er", "or", "al", "ic", "es", "en", "us", "is", "ss", "s", "y", "e",
)  # fmt: skip


def signatures(word: str, first: bool) -> tuple[str, ...]:
    """How `word` looks, told ever less closely; `first`: it is the first of its sentence."""
    kind = _letters(word, first)
    lower = word.lower()
    suffix = next((s for s in SUFFIXES if lower.endswith(s) and len(lower) > len(s) + 1), "")
    tail = lower[-3:] if len(lower) > 4 and lower[-3:].isalpha() else suffix
    return (f"{kind}-{tail}~", f"{kind}-{suffix}", kind, "?")


def _letters(word: str, first: bool) -> str:
    if re.fullmatch(r"[-+$#]?[\d.,:/\\]*\d[\d.,:/\\]*%?", word):
        return "NUMBER"
    digits = any(c.isdigit() for c in word)
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return "DIGITS" if digits else "MARKS"
    parts = []
    if letters[0].isupper():
        if len(letters) > 1 and all(c.isupper() for c in letters):
            parts.append("CAPITALS")
        else:
            parts.append("FIRST" if first else "Capital")
    elif any(c.isupper() for c in letters):
        parts.append("mIxed")
    elif ord(letters[0]) > 0x2E7F:
        parts.append("character" if len(word) == 1 else "characters")
    else:
        parts.append("lower")
    if digits:
        parts.append("digit")
    if "-" in word[1:-1]:
        parts.append("hyphen")
    if "." in word:
        parts.append("point")
    return "+".join(parts)

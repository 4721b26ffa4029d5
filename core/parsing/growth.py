"""The course's sentence with k prepositional phrases at its end: Catalan(k + 1) trees."""

from __future__ import annotations

from collections.abc import Sequence

BEGIN = ("the", "man", "saw", "the", "woman")
PREPOSITIONS = ("with", "in")
NOUNS = ("telescope", "woman", "man", "telescope", "woman")


def lengthened(k: int) -> tuple[str, ...]:
    """The man saw the woman, then k times: with or in, the, a noun."""
    words: tuple[str, ...] = BEGIN
    for n in range(k):
        words += (PREPOSITIONS[n % 2], "the", NOUNS[n % len(NOUNS)])
    return words


def phrases(words: Sequence[str]) -> int | None:
    """How many phrases a sentence of this kind ends with; None of any other."""
    rest = tuple(words[len(BEGIN) :])
    if tuple(words[: len(BEGIN)]) != BEGIN or len(rest) % 3:
        return None
    triples = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    fits = all(a in PREPOSITIONS and b == "the" and c in NOUNS for a, b, c in triples)
    return len(triples) if fits else None

"""A topic's name: the few words that tell most of it.

Words by relevance (see relevance.py), weight 0.6 as Sievert & Shirley (2014) found people do best
with; a word that only repeats part of one before it ("sparse" after "sparse_matrix") is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.topics.relevance import relevant
from core.topics.topics import Floats

WEIGHT, WORDS, MORE = 0.6, 3, 8  # MORE: words at most where fewer are those of another topic


def name(
    p: NDArray[np.floating], vocabulary: Sequence[str], p_word: Floats, many: int = WORDS
) -> str:
    """`many` words of one topic p(w | z), (V,), in a corpus of p(w), (V,)."""
    return _spelt(_words(p, vocabulary, p_word, many))


def names(
    topic_word: NDArray[np.floating], vocabulary: Sequence[str], p_word: Floats, many: int = WORDS
) -> tuple[str, ...]:
    """A name for each topic (K, V): topics of the same best words get more, then a number."""
    words = [_words(p, vocabulary, p_word, max(many, MORE)) for p in topic_word]
    short = [_spelt(some[:many]) for some in words]
    out: list[str] = []
    for z, some in enumerate(words):
        told = short[z]
        others = [other for k, other in enumerate(words) if k != z and short[k] == told]
        for length in range(many, len(some) + 1):
            told = _spelt(some[:length])
            if all(_spelt(other[:length]) != told for other in others):
                break
        again = sum(1 for one in out if one == told or one.startswith(f"{told} ("))
        out.append(f"{told} ({again + 1})" if again else told)
    return tuple(out)


def _words(
    p: NDArray[np.floating], vocabulary: Sequence[str], p_word: Floats, many: int
) -> list[str]:
    picked: list[str] = []
    for w in relevant(p[None], p_word, WEIGHT, 3 * many)[0]:
        parts = set(vocabulary[w].split("_"))
        told = any(parts <= set(one.split("_")) or parts >= set(one.split("_")) for one in picked)
        if p[w] > 0 and not told:
            picked.append(vocabulary[w])
        if len(picked) == many:
            break
    return picked


def _spelt(words: Sequence[str]) -> str:
    return ", ".join(words)

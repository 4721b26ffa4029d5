"""The words of a sentence as it was typed, by the words that a grammar knows.

Words stand between spaces. Where the grammar does not know one:

    The          large or small letters make no difference            the
    telescope.   marks around a word go, if the grammar has not them  telescope
    1+2          cut into known words                                 1 + 2
    我看见了老师   the same                                             我 看见 了 老师

What is cut leaves as few characters over as possible, then makes as few words as possible. Words of
letters are not cut, except in scripts that are written without spaces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

# Scripts without spaces: Thai to Khmer, kana, Han with its extensions.
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    "|[\U00020000-\U0003ffff]"
)
MARKS = ".,;:!?…\"'“”‘’«»()[]。，、；：！？（）《》「」『』"
LONGEST = 2000  # characters of what may be cut
CUT = 60  # characters of the longest word that is looked for in it


def segment(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The words of `text`; what is not `known`, and cannot be made so, stays as it is."""
    longest = min(CUT, max(map(len, known), default=0))
    folded: dict[str, str] = {}
    for word in known:
        key = word.casefold()
        folded[key] = max(folded.get(key, ""), word)  # of several the one in small letters
    words: list[str] = []
    for word in text.split():
        words.extend([word] if word in known else _read(word, known, folded, longest))
    return tuple(words)


def _read(word: str, known: Collection[str], folded: Mapping[str, str], longest: int) -> list[str]:
    if word.casefold() in folded:
        return [folded[word.casefold()]]
    bare = word.strip(MARKS)
    spaceless = SPACELESS.search(word) is not None
    if (bare.isalpha() and not spaceless) or len(word) > LONGEST:
        # marks that the grammar knows stay words
        first, _, last = word.partition(bare) if bare else ("", "", "")
        middle = folded.get(bare.casefold(), bare) or word
        return [*(c for c in first if c in known), middle, *(c for c in last if c in known)]
    cut, left = _cut(word, known, longest)
    if bare.casefold() in folded and left:
        return [folded[bare.casefold()]]
    if not spaceless and 2 * left > len(word):
        return [bare or word]
    # marks between known words are no words
    return [part for part in cut if part in known or part.strip(MARKS)] or [word]


def _cut(word: str, known: Collection[str], longest: int) -> tuple[list[str], int]:
    """The parts of `word`, and how many of its characters are in no known word."""
    # best[i]: characters left over, parts, and the end of the first part, of word[i:]
    best: list[tuple[int, int, int]] = [(0, 0, len(word))] * (len(word) + 1)
    for i in range(len(word) - 1, -1, -1):
        left, parts, _ = best[i + 1]
        best[i] = (left + 1, parts + 1, i + 1)
        for end in range(min(len(word), i + longest), i, -1):
            if word[i:end] in known:
                best[i] = min(best[i], (best[end][0], best[end][1] + 1, -end), key=_cost)
    found: list[str] = []
    i, open_ = 0, False
    while i < len(word):
        end = abs(best[i][2])
        unknown = word[i:end] not in known
        # unknown characters beside each other are one unknown word, but marks stay apart
        if unknown and open_ and word[i] not in MARKS and found[-1] not in MARKS:
            found[-1] += word[i:end]
        else:
            found.append(word[i:end])
        i, open_ = end, unknown
    return found, best[0][0]


def _cost(way: tuple[int, int, int]) -> tuple[int, int]:
    return way[:2]

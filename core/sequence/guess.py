"""What a unit seems to do, in plain words: it is compared with functions that are known.

counts            r with a count of one character, or of one less another, since the line began
remembers         F1 of "of two characters this one came last", or of a named pattern
opens at, closes at, resets at    what single characters do to the track, see `effects`
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.sequence import patterns, units

Floats = NDArray[np.floating]
COMMONEST = 8  # characters that are tried
RARE = 3  # a character that is met less often proves nothing
SURE = 0.8  # below, a guess is not told


class Guess(NamedTuple):
    """One thing a unit may do."""

    kind: str  # counts, remembers, follows, opens, closes, resets
    words: str
    score: float  # 0 to 1
    target: NDArray[np.float64] | None  # (T,) what it was compared with


def guesses(track: Floats, text: str, *, most: int = 5) -> list[Guess]:
    """What `track` (T,) over `text` looks like, the surest first; nothing where nothing is sure."""
    if len(text) < 2 or not len(np.unique(track)) > 1:
        return []
    found = [*_counts(track, text), *_states(track, text), *_named(track, text)]
    found += effects(track, text)
    sure = [one for one in found if one.score >= SURE]
    kept: list[Guess] = []
    for one in sorted(sure, key=lambda one: -one.score):
        # of many alike only the surest is told: two of a kind for the same reason say nothing new
        alike = [k for k in kept if k.kind == one.kind]
        if len(alike) < (3 if one.target is None else 1):
            kept.append(one)
    return kept[:most]


def effects(track: Floats, text: str) -> list[Guess]:
    """Characters at which the track opens (rises to near its top), closes, or returns to rest.

    Opens: the share of times that the track is in the upper half of its range right at a character,
    where it was not before; closes likewise. Resets: it was away from rest before, and is at rest.
    Rest is the value nearest 0; being away is more than a quarter of the range.
    """
    low, high = np.quantile(track, [0.01, 0.99])
    extent = float(high - low)
    if extent <= 0:
        return []
    before, now = track[:-1], track[1:]
    rest = min(max(0.0, float(low)), float(high))
    up, was_up = now > (low + high) / 2, before > (low + high) / 2
    away, was_away = np.abs(now - rest) > extent / 4, np.abs(before - rest) > extent / 4
    found = []
    for c, at in _places(text):
        at = at[at > 0] - 1
        for kind, could, did, words in (
            ("opens", ~was_up, up, "opens at"),
            ("closes", was_up, ~up, "closes at"),
            ("resets", was_away, ~away, "resets at"),
        ):
            chances = at[could[at]]
            if len(chances) >= RARE:
                # as if it had failed twice more: what was met a few times proves little
                share = float(did[chances].sum()) / (len(chances) + 2)
                # against how often it happens anywhere: a flickering track opens at everything
                everywhere = float(did[could].mean())
                score = (share - everywhere) / (1 - everywhere) if everywhere < 1 else 0.0
                found.append(Guess(kind, f"{words} {_shown(c)}", max(0.0, score), None))
    return found


def _counts(track: Floats, text: str) -> list[Guess]:
    common = [c for c, _ in _places(text) if c != "\n"][:COMMONEST]
    tried = {f"counts {_shown(c)} since the line began": patterns.count(text, c) for c in common}
    for one, other in combinations(common, 2):
        words = f"counts {_shown(one)} less {_shown(other)} since the line began"
        tried[words] = patterns.count(text, one, other)
    tried["counts the characters of the line"] = patterns.position(text)
    return [
        Guess("counts", words, abs(r), target)
        for words, target in tried.items()
        if target.max() - target.min() >= 2 and (r := _correlation(track, target))
    ]


def _states(track: Floats, text: str) -> list[Guess]:
    common = [c for c, _ in _places(text) if c != "\n"][:COMMONEST]
    found = []
    for one, other in combinations(common, 2):
        target = patterns.last_of(text, one, other)
        words = f"remembers whether {_shown(one)} or {_shown(other)} came last"
        if (f1 := _separation(track, target)) is not None:
            found.append(Guess("remembers", words, f1, target))
    return found


def _named(track: Floats, text: str) -> list[Guess]:
    found = []
    for name in patterns.NAMED:
        target = patterns.named(text, name)
        if name in ("depth of brackets", "indentation", "position in line"):
            score = abs(_correlation(track, target))
        else:
            score = _separation(track, target) or 0.0
        found.append(Guess("follows", f"follows: {name}", score, target))
    return found


def _correlation(track: Floats, target: Floats) -> float:
    if target.min() == target.max():
        return 0.0
    return float(units.correlations(track[None].astype(np.float64), target)[0])


def _separation(track: Floats, target: Floats) -> float | None:
    """How well a threshold tells inside from outside, the smaller of both F1; None if one is rare."""
    claimed = np.isfinite(target)
    y = target[claimed]
    if min((y > 0).sum(), (y <= 0).sum()) < RARE:
        return None
    X = track[claimed][None]
    sides = ((y > 0).astype(np.float64), (y <= 0).astype(np.float64))
    return float(min(units.classifiers(X, side)[0][0] for side in sides))


def _places(text: str) -> list[tuple[str, NDArray[np.int64]]]:
    """Where each character that is not rare stands, the commonest first."""
    letters = np.array(list(text))
    common = [c for c, n in Counter(text).most_common(4 * COMMONEST) if n >= RARE]
    return [(c, np.flatnonzero(letters == c)) for c in common]


def _shown(character: str) -> str:
    names = {"\n": "the line's end", " ": "a space", "\t": "a tab"}
    return names.get(character, character)

"""The phrases that were found in documents, with what speaks for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.topics import corpus_phrases
from core.topics.corpus_rules import Rules, words
from core.topics.corpus_tokens import Tokens


@dataclass(frozen=True)
class Phrase:
    """`npmi` of its two parts, `together` times that they touch, `tokens` that it stands for in the
    end: a longer phrase may have taken it up. `counted`: it is in the vocabulary."""

    name: str
    npmi: float
    together: int
    tokens: int
    counted: bool


def listed(tokens: Tokens, rules: Rules) -> list[Phrase]:
    """The most frequent first."""
    names = dict(enumerate(rules.base))
    run = words(tokens, rules.settings, rules.base)
    found: dict[int, tuple[float, int]] = {}
    for pairs in rules.phrases:
        keys, score = corpus_phrases.scored(
            run, pairs.W, len(tokens.ids), rules.settings.phrase_count
        )
        touching, counts = np.unique(run.pairs(pairs.W)[run.touching()], return_counts=True)
        npmi = score[np.searchsorted(keys, pairs.keys)]
        together = counts[np.searchsorted(touching, pairs.keys)]
        for k, (key, made) in enumerate(zip(pairs.keys, pairs.made, strict=True)):
            a, b = divmod(int(key), pairs.W)
            names.setdefault(int(made), f"{names[a]}_{names[b]}")
            found.setdefault(int(made), (float(npmi[k]), int(together[k])))
        run = pairs.merged(run)
    times = np.bincount(run.ids, minlength=len(rules.final))
    every = [
        Phrase(names[made], npmi, together, int(times[made]), bool(rules.final[made] >= 0))
        for made, (npmi, together) in found.items()
    ]
    return sorted(every, key=lambda one: (-one.tokens, one.name))

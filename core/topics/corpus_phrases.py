"""Words that stand together far oftener than by chance, made one: neural network -> neural_network.

    npmi(a, b) = log(p(a, b) / (p(a) p(b))) / -log p(a, b)      G. Bouma (2009)

1: they never stand apart; 0: no oftener than by chance. Three words are a phrase and a word, found in
the next round; four may be two phrases.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.topics.corpus_run import Integers, Pairs, Run


def found(
    run: Run, words: Sequence[str], *, total: int, longest: int, npmi: float, count: int
) -> tuple[Run, list[str], tuple[Pairs, ...]]:
    """The words with phrases of up to `longest` words made one, the words' names with those of the
    phrases behind them, and what makes the phrases, round after round.

    `total` tokens there were before any was left out. A phrase that stands there as a word already
    (n_samples) becomes that word.
    """
    names = list(words)
    number = {name: k for k, name in enumerate(names)}
    parts = [1] * len(names)
    rounds: list[Pairs] = []
    while len(rounds) < longest - 1:
        W = len(names)
        keys, score = scored(run, W, total, count)
        width = np.array(parts, np.int64)
        keys = keys[(score >= npmi) & (width[keys // W] + width[keys % W] <= longest)]
        if not len(keys):
            break
        made = np.empty(len(keys), np.int64)
        for k, (a, b) in enumerate(zip((keys // W).tolist(), (keys % W).tolist(), strict=True)):
            name = f"{names[a]}_{names[b]}"
            if name not in number:
                number[name] = len(names)
                names.append(name)
                parts.append(parts[a] + parts[b])
            made[k] = number[name]
        rounds.append(Pairs(W, keys, made))
        run = rounds[-1].merged(run)
    return run, names, tuple(rounds)


def scored(run: Run, W: int, total: int, least: int) -> tuple[Integers, NDArray[np.float64]]:
    """The pairs of words that touch `least` times or more, as numbers, and the npmi of each."""
    if len(run.ids) < 2:
        return np.zeros(0, np.int64), np.zeros(0)
    keys, counts = np.unique(run.pairs(W)[run.touching()], return_counts=True)
    often = counts >= least
    keys, together = keys[often], counts[often] / total
    each = np.bincount(run.ids, minlength=W) / total
    # npmi(a, b) = log(p(a, b) / (p(a) p(b))) / -log p(a, b)
    surprise = -np.log(together)
    gain = np.log(together / (each[keys // W] * each[keys % W]))
    return keys, np.divide(gain, surprise, out=np.ones(len(keys)), where=surprise > 0)

"""From the tokens of the texts to the vocabulary, a row a step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from core.topics.corpus import EXAMPLES, Effect
from pages._kit.stage.words_sieve import KEEP, STOP, Row, sieve
from pages._kit.topics import prepared as preparing
from pages._kit.topics import words_fates
from pages._kit.topics.prepared import Prepared

# title, and the control in the sidebar that decides
STEPS = {
    "tokens": ("All texts", "Every word as the tokeniser finds it. Sidebar: Words are."),
    "numbers": ("Numbers", "Words without a letter. Sidebar: Keep numbers."),
    "short words": ("Short words", "Sidebar: Letters of a word, at least."),
    "stop words": ("Stop words", "They stand in every text. Sidebar: Stop words of, Own stop words."),
    "phrases": ("Phrases", "Words that belong together become one. Sidebar: Words of a phrase."),
    "n-grams": ("n-grams", "Words in a row, counted beside each alone. Sidebar: n-grams."),
    "in too few documents": ("In too few documents", "Sidebar: In documents, at least."),
    "in too many documents": ("In too many documents", "Sidebar: In documents, at most."),
    "own stop words": ("Own phrases stopped", "Sidebar: Own stop words."),
    "beyond the vocabulary": ("Beyond the vocabulary", "The rarest. Sidebar: Words in the vocabulary."),
}  # fmt: skip
CLICKED = {"stop words": KEEP, "own stop words": KEEP, "phrases": STOP, "n-grams": STOP}


def show(prepared: Prepared) -> None:
    """All rows, and a last one of what is counted."""
    rows = [*_rows(prepared.corpus.effects), _last(prepared)]
    name = "Steps from the texts to the vocabulary, and words that each takes"
    sieve(rows, key="words_sieve", name=name, take=words_fates.take)


def _rows(effects: tuple[Effect, ...]) -> Iterator[Row]:
    first = effects[0]
    yield Row(*STEPS[first.step], first.tokens, first.words, 0, 0)
    for before, now in pairwise(effects):
        tokens, words = before.tokens - now.tokens, before.words - now.words
        if now.step == "own stop words" and not words:
            continue
        own = preparing.stopped() if now.step == "stop words" else None
        act = CLICKED.get(now.step, "")
        some = [one for one in now.examples if one[0]]  # an underscore alone counts as nothing
        yield Row(*STEPS[now.step], now.tokens, now.words, tokens, words, some, act, own)


def _last(prepared: Prepared) -> Row:
    total = prepared.corpus.counts.per_word()
    best = np.argsort(-total, kind="stable")[:EXAMPLES].tolist()
    examples = [(prepared.vocabulary[w], int(total[w])) for w in best]
    tokens, words = int(total.sum()), len(total)
    return Row(
        "The vocabulary", "What every model sees.", tokens, words, 0, 0, examples, STOP, last=True
    )

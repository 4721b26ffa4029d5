"""Documents made by the story of the view's model."""

from __future__ import annotations

from core.rng import stream
from core.topics import generate
from core.topics.generate import Planted
from core.topics.topics import Floats
from pages._kit.topics.view import View, once


def made(view: View, many: int, words: int, seed: int) -> Planted:
    """`many` documents of `words` words on average."""
    return generate.documents(view.topics, many, words, generator=stream(seed, "made"))


def share(view: View, many: int, words: int, seed: int) -> Floats:
    """Of each topic in the words of `made`, (K,)."""
    found = once(view, made, many, words, seed)
    total = found.documents.per_document() @ found.theta
    return total / max(float(total.sum()), 1e-300)

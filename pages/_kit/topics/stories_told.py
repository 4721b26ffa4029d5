"""The draws of one document by each model's story, as the plates show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from core.rng import stream
from core.topics.generate import Draw, story
from core.topics.stories_joint import LEAST, log_factors
from pages._kit.stage.plates import COLOURS, OF_ALL, Drawn, Scene, Story
from pages._kit.topics.view import View

BEST = 8  # words of a topic


def scene(view: View, kinds: Sequence[str], words: int, seed: int, document: int) -> Scene:
    """One document of `words` words by each of `kinds`. Raises SettingError where one cannot."""
    stories = [_story(view, kind, words, seed, document) for kind in kinds]
    topics = list(zip(view.edited.ids, view.edited.names, strict=True))
    base = f"{view.id} {' '.join(kinds)} {seed} {document}"
    return Scene(base, words, topics, _colours(stories, len(topics)), stories)


def _story(view: View, kind: str, words: int, seed: int, document: int) -> Story:
    generator = stream(seed, "story", kind, document)
    draws = list(story(view.topics, words, kind=kind, generator=generator))
    logs = log_factors(draws, view.topics)
    z, told = OF_ALL, []
    best: dict[int, list[tuple[str, float]]] = {}
    for draw, log in zip(draws, logs.tolist(), strict=True):
        if draw.what == "w":
            told.append(_word(view, draw, z, log))
            best.setdefault(z, _best(view, draw))
        else:
            z = draw.value if draw.what == "z" else z
            told.append(Drawn(draw.what, draw.n, draw.value, log))
    mixture = draws[0].chances if draws and draws[0].what != "w" else np.zeros(0)
    read = draws[0].value if draws and draws[0].what == "document" else None
    title = "" if read is None else view.prepared.documents.titles[read]
    bound = kind == "lda" and bool((mixture < LEAST).any())
    return Story(kind, told, mixture.tolist(), best, title, bound)


def _word(view: View, draw: Draw, z: int, log: float) -> Drawn:
    p = float(draw.chances[draw.value])
    rank = int((draw.chances > p).sum()) + 1
    return Drawn("w", draw.n, z, log, view.prepared.vocabulary[draw.value], p, rank)


def _best(view: View, draw: Draw) -> list[tuple[str, float]]:
    order = np.argsort(-draw.chances, kind="stable")[:BEST]
    return [(view.prepared.vocabulary[w], float(draw.chances[w])) for w in order]


def _colours(stories: Sequence[Story], many: int) -> list[int]:
    """Those drawn most often have a colour; one topic has the same in all stories."""
    times = Counter(d.value for one in stories for d in one.draws if d.what == "z")
    order = [z for z, _ in sorted(times.items(), key=lambda found: (-found[1], found[0]))]
    found = {z: colour for colour, z in enumerate(order[:COLOURS])}
    return [found.get(z, -1) for z in range(many)]

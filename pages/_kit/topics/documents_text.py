"""A text whose words have the colours of their likeliest topics. Click a word, or a topic, to pick it."""

from __future__ import annotations

from functools import partial

import numpy as np

from core.store import fingerprint
from core.topics.infer import fold_in, responsibilities
from core.topics.responsibility import pieces
from core.topics.topics import Floats
from pages._kit.stage.coloured import COLOURS, Coloured, Named, coloured
from pages._kit.topics import documents_word, pick
from pages._kit.topics.view import View, once

TOLD = 4  # topics of a word
SEEN = 0.005  # p(z | w, d) of a topic that is told
LEAST = 0.02  # share of the text that a topic with a colour has


def document(view: View, d: int, begin: int, end: int) -> None:
    """Characters `begin` to `end` of document `d`."""
    title = view.prepared.documents.titles[d]
    _show(view, once(view, _document, d, begin, end), f"The text of {title}", "documents_text")


def new(view: View, text: str) -> None:
    """A text that a visitor wrote."""
    _show(view, once(view, _new, text), "Your text", "documents_new_text")


def mixture(view: View, text: str) -> Floats:
    """p(z | d) (K,) of a text that the model never saw."""
    return once(view, _mixture, text)


def _show(view: View, shown: Coloured, name: str, key: str) -> None:
    coloured(
        shown, key=key, name=name, word=pick.word(view), topic=pick.topic(view),
        take_word=partial(_take_word, view), take_topic=partial(_take_topic, view),
        take_stop=partial(_take_stop, view), reveals="documents_word",
    )  # fmt: skip


def _document(view: View, d: int, begin: int, end: int) -> Coloured:
    theta = view.topics.doc_topic[d].astype(np.float64)
    return _made(view, theta, view.prepared.documents.texts[d][begin:end])


def _new(view: View, text: str) -> Coloured:
    return _made(view, mixture(view, text), text)


def _mixture(view: View, text: str) -> Floats:
    return fold_in(view.topics, view.prepared.corpus.bag([text]))[0]


def _made(view: View, theta: Floats, text: str) -> Coloured:
    cut = pieces(view.topics, theta, text, view.prepared.corpus.spans(text))
    numbers = list(dict.fromkeys(piece.word for piece in cut if piece.word >= 0))
    r = responsibilities(view.topics, theta, np.array(numbers, np.int64))
    best = np.argsort(-r, axis=1, kind="stable")[:, :TOLD]
    place = {w: k for k, w in enumerate(numbers)} | {-1: -1}
    return Coloured(
        fingerprint(view.id, text),
        topics=_named(view, theta),
        texts=[piece.text for piece in cut],
        words=[place[piece.word] for piece in cut],
        vocabulary=[view.prepared.vocabulary[w] for w in numbers],
        chances=[
            [(int(z), float(p[z])) for k, z in enumerate(some) if k == 0 or p[z] >= SEEN]
            for p, some in zip(r, best, strict=True)
        ],
    )  # fmt: skip


def _named(view: View, theta: Floats) -> list[Named]:
    """All topics; the largest that are not hidden have a colour."""
    shown = set(view.edited.seen)
    seen = [k for k in np.argsort(-theta, kind="stable").tolist() if k in shown]
    large = [k for place, k in enumerate(seen) if place == 0 or theta[k] >= LEAST][:COLOURS]
    ids, names = view.edited.ids, view.edited.names
    return [
        Named(
            ids[k], names[k], float(theta[k]), large.index(k) if k in large else -1,
            ids[k] in view.edited.hidden,
        )
        for k in range(len(ids))
    ]  # fmt: skip


def _take_word(view: View, word: str | None) -> None:
    if word is None or word in set(view.prepared.vocabulary):
        pick.set_word(word)


def _take_stop(view: View, word: str) -> None:
    if word in set(view.prepared.vocabulary):
        documents_word.stop(word)


def _take_topic(view: View, topic: int) -> None:
    if topic in view.edited.ids and topic not in view.edited.hidden:
        pick.set_topic(topic)

"""document-word = document-topic x topic-word: whole and to scale, and some of it near by.

What is clicked is a document, a word or a topic, and comes back as such.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.theme import SEQUENTIAL
from pages._kit.stage.wire import bundled, module

LETTERS = 60  # of a title

_mount = st.components.v2.component(
    "vitrine_product", html='<div class="product"></div>', js=module("product")
)


@dataclass(frozen=True, eq=False)
class Part:
    """m documents, n words, T topics: rows and columns of the three matrices."""

    seen: NDArray[np.floating] = field(repr=False)  # (m, n) n[d, w] / N_d
    p: NDArray[np.floating] = field(repr=False)  # (m, n) p(w | d)
    doc_topic: NDArray[np.floating] = field(repr=False)  # (m, T)
    topic_word: NDArray[np.floating] = field(repr=False)  # (T, n)


@dataclass(frozen=True, eq=False)
class Near:
    """The part near by, what its rows and columns are, and which of each is lit."""

    part: Part
    documents: Sequence[str]  # (m,)
    words: Sequence[str]  # (n,)
    topics: Sequence[tuple[int, str]]  # (T,) number and name
    lit: tuple[int, int, int]  # document, word, topic: places in the above


@dataclass(frozen=True, eq=False)
class Far:
    """The whole in blocks. `lit`: how far down and across document and word lie, 0 to 1."""

    part: Part
    size: tuple[int, int, int]  # D, V, K
    lit: tuple[float, float]


Take = Callable[[str, list[float]], None]


def product(far: Far, near: Near, *, left: str, key: str, take: Take) -> None:
    """Draw both; `left` is what the left matrix shows: seen, p, or part, the lit topic's alone.

    `take` is called with where a click was, far or near, and three numbers: document, word, topic;
    far: how far down and across, 0 to 1, near: places in the rows and columns; -1 where none is meant.
    """

    def taken() -> None:
        told = st.session_state[key].picked
        if isinstance(told, list) and len(told) == 5 and told[1] in ("far", "near"):
            take(told[1], [float(x) for x in told[2:]])

    header = {
        "left": left,
        "size": far.size,
        "there": far.lit,
        "lit": near.lit,
        "documents": [title[:LETTERS] for title in near.documents],
        "words": list(near.words),
        "topics": list(near.topics),
        "sequential": SEQUENTIAL,
    }
    arrays = {
        f"{where}_{name}": getattr(part, name).astype(np.float32)
        for where, part in (("far", far.part), ("near", near.part))
        for name in ("seen", "p", "doc_topic", "topic_word")
    }
    _mount(key=key, data=bundled(header, arrays), default={"picked": None}, on_picked_change=taken)

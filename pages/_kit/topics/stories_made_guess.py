"""Two bags of words, one of a real document, one made: which is which?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from core.rng import stream
from core.topics import generate
from core.topics.counts import Counts
from pages._kit import frame
from pages._kit.topics import pick
from pages._kit.topics.view import View, once

SHOWN = 32  # words of a bag
LEAST = 16  # of a document that is asked about
ROUND, ANSWERS = "guess_round", "guess_answers"
SIDES = ("A", "B")


@dataclass(frozen=True, eq=False)
class Pair:
    """Words of two documents; `made` is the place of the made one, `real` the number of the other."""

    bags: tuple[tuple[str, ...], tuple[str, ...]]
    made: int
    real: int
    theta: NDArray[np.float64]


def show(view: View, seed: int) -> None:
    """This part of the room."""
    st.markdown("#### Which one did the model make?")
    if not len(once(view, _long)):
        st.caption(f"No document here has {LEAST} words that count: there is nothing to guess.")
        return
    state = st.session_state.setdefault("guess", {})
    if state.get("view") != view.id:
        state |= {"view": view.id, ROUND: 0, ANSWERS: []}
    shown = once(view, _pair, seed, state[ROUND])
    answered = len(state[ANSWERS]) > state[ROUND]
    st.caption(
        "One bag holds words of a real document, the other was drawn from the model. To the model, "
        "order means nothing: both are shuffled, and words that do not count are gone."
    )
    for side, column in enumerate(st.columns(2, gap="medium")):
        with column, st.container(border=True, height="stretch", key=f"guess_bag_{side}"):
            _bag(view, shown, side, answered)
    _end(shown, answered)


def _bag(view: View, shown: Pair, side: int, answered: bool) -> None:
    name = SIDES[side]
    if not answered:
        st.markdown(f"**{name}**")
    elif side == shown.made:
        st.markdown(f"**{name} was made**, of {_mixed(view, shown)}")
    else:
        title = frame.plain(view.prepared.documents.titles[shown.real])
        st.markdown(f"**{name} is real**: {title}")
    st.markdown(" · ".join(frame.plain(word) for word in shown.bags[side]))
    if not answered:
        st.button(
            f"{name} was made", key=f"guess_{side}", on_click=_answer, args=(side == shown.made,)
        )
    elif side != shown.made:
        st.button(
            "Read it", key="guess_read", on_click=_read, args=(shown.real,), icon=":material/article:"
        )  # fmt: skip


def _end(shown: Pair, answered: bool) -> None:
    state = st.session_state["guess"]
    right, asked = sum(state[ANSWERS]), len(state[ANSWERS])
    with st.container(horizontal=True, vertical_alignment="center"):
        if answered:
            st.button(
                "Another pair", key="guess_next", on_click=_next, type="primary",
                icon=":material/arrow_forward:",
            )  # fmt: skip
            said = "Right!" if state[ANSWERS][-1] else f"No, it was {SIDES[shown.made]}."
            st.markdown(f"**{said}** {right} of {asked} right; by chance it would be half.")
        elif asked:
            st.caption(f"{right} of {asked} right so far.")


def _mixed(view: View, shown: Pair) -> str:
    order = [int(k) for k in np.argsort(-shown.theta, kind="stable")[:3] if shown.theta[k] > 0.05]
    return ", ".join(
        f"{shown.theta[k]:.0%} topic {view.edited.ids[k]} ({frame.plain(view.edited.names[k])})"
        for k in order
    )


def _long(view: View) -> NDArray[np.int64]:
    return np.flatnonzero(view.prepared.length >= LEAST)


def _pair(view: View, seed: int, round: int) -> Pair:
    generator = stream(seed, "guess", round)
    long = once(view, _long)
    real = int(long[int(torch.randint(len(long), (1,), generator=generator))])
    many = int(view.prepared.length[real])
    planted = generate.documents(view.topics, 1, many, generator=generator, poisson=False)
    told = _words(view, view.prepared.corpus.counts, real, generator)
    drawn = _words(view, planted.documents, 0, generator)
    made = int(torch.randint(2, (1,), generator=generator))
    return Pair((drawn, told) if made == 0 else (told, drawn), made, real, planted.theta[0])


def _words(view: View, counts: Counts, d: int, generator: torch.Generator) -> tuple[str, ...]:
    words, times = counts.document(d)
    tokens = np.repeat(words, np.maximum(times.astype(int), 1))
    order = torch.randperm(len(tokens), generator=generator).numpy()[:SHOWN]
    return tuple(view.prepared.vocabulary[w] for w in tokens[order])


def _answer(right: bool) -> None:
    st.session_state["guess"][ANSWERS].append(right)


def _next() -> None:
    st.session_state["guess"][ROUND] += 1


def _read(document: int) -> None:
    pick.set_document(document)
    pick.go("Documents")

"""The picked word in a text: how its topic is found, in numbers, and a way to stop it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.topics.infer import responsibilities
from core.topics.topics import Floats
from pages._kit import frame
from pages._kit.topics import pick, prepared
from pages._kit.topics.view import View, once

ABOUT = (
    "The topic of a word depends on the words around it: how likely each topic is to say it, times how "
    "much of the text is of that topic."
)


def show(view: View, theta: Floats, times: dict[str, int], where: str) -> None:
    """Below a text of mixture `theta` (K,), in which each word stands so many `times`."""
    word = pick.word(view)
    if word is None:
        return
    w = pick.number(view, word)
    with st.container(border=True, key="documents_word"):
        many = times.get(word, 0)
        documents = int(once(view, _documents)[w])
        here = f"{many} time{'' if many == 1 else 's'} in {where}" if many else f"not in {where}"
        st.markdown(
            f"**{frame.plain(word)}** · {here}, in {documents:,} of {len(view.prepared.documents):,} "
            "documents",
            help=ABOUT,
        )
        if many:
            _formula(view, theta, w)
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Stop this word", key="documents_stop", icon=":material/block:", on_click=stop,
                args=(word,), help="It counts no more, in no document. The topics are found anew.",
            )  # fmt: skip
            st.button(
                "Find it", key="documents_find", icon=":material/search:", on_click=_find,
                args=(word,), help="List the documents that have it.",
            )  # fmt: skip
            st.button(
                "Let go", key="documents_let_go", icon=":material/close:", on_click=pick.set_word,
                args=(None,),
            )  # fmt: skip


def _formula(view: View, theta: Floats, w: int) -> None:
    p = responsibilities(view.topics, theta, np.array([w]))[0]
    z = int(p.argmax())
    of = view.topics.topic_word[:, w].astype(np.float64)
    # p(z | w, d) = p(w | z) p(z | d) / sum over z' of p(w | z') p(z' | d)
    top, bottom = (
        f"{_number(float(of[z]))} \\times {_number(float(theta[z]))}",
        _number(float(of @ theta)),
    )
    st.latex(
        r"\begin{aligned} p(z \mid w, d) &= "
        r"\frac{p(w \mid z)\; p(z \mid d)}{\sum_{z'} p(w \mid z')\; p(z' \mid d)} \\[1.4em] "
        rf"&= \frac{{{top}}}{{{bottom}}} = {p[z]:.3f} \end{{aligned}}"
    )
    hidden = ", which you hid" if view.edited.ids[z] in view.edited.hidden else ""
    st.caption(f"z: {frame.plain(view.edited.names[z])}, its likeliest topic here{hidden}.")


def _number(x: float) -> str:
    if x >= 1e-3:
        return f"{x:.3g}"
    base, power = f"{x:.2e}".split("e")
    return rf"{base}\cdot 10^{{{int(power)}}}"


def _documents(view: View) -> np.ndarray:
    return view.prepared.corpus.counts.documents_per_word()


def stop(word: str) -> None:
    """It counts no more; a callback."""
    prepared.stop(word)
    pick.set_word(None)


def _find(word: str) -> None:
    st.session_state["documents_search"] = word
    st.session_state["documents_part"] = "Documents"

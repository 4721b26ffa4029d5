"""What came of it: what was found again, a best tree before and after, the grammar to take home."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.parsing.chart import Engine
from core.parsing.compare_trees import differing
from core.parsing.grammar import Grammar
from core.parsing.inside_outside import Step
from core.parsing.normal_form import normal
from core.parsing.sampling import moments
from pages._kit import frame, take
from pages._kit.parsing import grammar_own
from pages._kit.parsing.learn_round import Truth
from pages._kit.parsing.learn_sentences import Bare
from pages._kit.stage.trees import Drawn, trees

CLOSE = 0.1
LOOKED_AT = 60  # sentences in which a tree that changed is looked for
LISTED = 300  # sentences to choose from


def show(grammar: Grammar, bare: Bare, steps: Sequence[Step], truth: Truth | None) -> None:
    """The part of the room."""
    after = grammar.with_p(np.minimum(steps[-1].p, 1.0))
    if truth is not None:
        st.markdown(_found(grammar, steps, truth))
    st.markdown("#### The best tree, before and after")
    _trees(grammar.with_p(np.minimum(steps[0].p, 1.0)), after, bare)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        take.home({"learned.pcfg": partial(_text, after)}, labels={"pcfg": "The grammar, text"})
        st.button(
            "Use this grammar", key="learn_use", icon=":material/edit_note:", on_click=grammar_own.take,
            args=(_text(after),), help="It becomes your own grammar in all rooms.",
        )  # fmt: skip


def _found(grammar: Grammar, steps: Sequence[Step], truth: Truth) -> str:
    """Whether the truth came back."""
    last = steps[-1]
    off = np.abs(last.p - truth.p)
    r = int(np.nanargmax(off))
    better = last.log_likelihood - truth.log_likelihood
    told = (
        "**The truth came back.** No probability is further than "
        if off[r] < CLOSE else "**It found another optimum.** The furthest off is "
    )  # fmt: skip
    rule = frame.plain(str(grammar.rule(r)))
    told += (
        f"{off[r]:.3f} from what counting in the hidden trees gives ({rule}). " if off[r] < CLOSE else
        f"{rule}: {last.p[r]:.3f}, where counting in the hidden trees gives {truth.p[r]:.3f}. "
    )  # fmt: skip
    if abs(better) < 0.005:
        told += "The sentences are as likely as with the hidden trees' numbers."
    elif better > 0:
        told += f"The sentences are {better:.2f} nats **more** likely than with the hidden trees' numbers: "
        told += "words alone can be told in ways that their trees do not bear out."
    else:
        told += (
            f"The sentences are {-better:.2f} nats less likely than with the hidden trees' numbers."
        )
    return told + _ended(grammar)


def _ended(grammar: Grammar) -> str:
    found = moments(grammar)
    if found.radius <= 1 + 1e-9:
        return ""
    return (
        " This grammar is inconsistent, and only trees that ended could be drawn. In them rules have other "
        "shares than in the grammar: those that make a tree grow are rarer."
    )


def _trees(before: Grammar, after: Grammar, bare: Bare) -> None:
    options = sorted(set(bare.sentences), key=lambda words: (-len(words), words))[:LISTED]
    first = _differs(before.text(), after.text(), tuple(options), before, after)
    names = [" ".join(words) for words in options]
    chosen = st.selectbox("Sentence", names, first, key="learn_sentence")
    words = options[names.index(chosen)]
    found = [
        (title, chart)
        for title, grammar in (("Before", before), ("After", after))
        if (chart := Engine(normal(grammar)).chart(words)).tree() is not None
    ]
    if not found:
        st.info("The grammar has no tree for this sentence.", icon=":material/search_off:")
        return
    drawn = [chart.tree() for _, chart in found]
    marks = differing([tree for tree in drawn if tree is not None])
    trees(
        [
            Drawn(tree, title, (f"p = {np.exp(chart.log_best):.3g}",), mark)
            for (title, chart), tree, mark in zip(found, drawn, marks, strict=True)
            if tree is not None
        ],
        key="learn_trees", name="The best tree before and after learning", file="learned",
        marks="differs",
    )  # fmt: skip


@st.cache_resource(max_entries=16, show_spinner=False)
def _differs(
    one: str, other: str, options: tuple[tuple[str, ...], ...], _before: Grammar, _after: Grammar
) -> int:
    """The shortest of the first sentences whose best tree is another one after learning."""
    engines = [Engine(normal(grammar)) for grammar in (_before, _after)]
    for k in range(len(options) - 1, max(-1, len(options) - 1 - LOOKED_AT), -1):
        first, second = (engine.chart(options[k]).tree() for engine in engines)
        if first is not None and second is not None and first != second:
            return k
    return next((k for k, words in enumerate(options) if len(words) <= 8), len(options) - 1)


def _text(grammar: Grammar) -> str:
    return grammar.text()

"""A grammar learned from trees: what was counted, how good it is, and what it gets wrong."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.parsing.tree_export import latex
from pages._kit import frame
from pages._kit.parsing import (
    treebank_rules,
    treebank_score,
    treebank_way,
    treebank_words,
)
from pages._kit.parsing.learned import Chosen

PARTS = {
    "How good it is": treebank_score.show,
    "Rules": treebank_rules.show,
    "A tree on its way": treebank_way.show,
    "Unknown words": treebank_words.show,
}
HONEST = (
    "Written for this project, so that everything here happens at once. It is enough to see how a "
    "grammar is learned, and far too little to parse what other people write: bring a treebank, or take "
    "NLTK's sample, for that."
)


def show(chosen: Chosen | None) -> None:
    """The room. Without a grammar there is nothing to show but what has been said."""
    if chosen is None:
        return
    with st.container(horizontal=True, gap="medium", key="treebank_figures"):
        learned = chosen.learned
        figures = {
            "Trees": learned.trees,
            "Words in them": learned.words,
            "Rules": len(learned.grammar),
            "Categories": len(learned.grammar.categories),
            "Different words": len(learned.lexicon.pairs),
            "Held out": len(chosen.test),
        }
        for name, figure in figures.items():
            st.metric(name, f"{figure:,}", width="content")
    _counted(chosen)
    part = st.segmented_control(
        "Part", list(PARTS), default=next(iter(PARTS)), key="treebank_part", bind="query-params",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    PARTS[part or next(iter(PARTS))](chosen)
    if chosen.embedded:
        st.caption(f":material/info: {HONEST}")


def _counted(chosen: Chosen) -> None:
    """p(A -> B) = count(A -> B) / count(A), with the numbers of one rule."""
    learned, r = chosen.learned, treebank_rules.current(chosen)
    grammar = learned.grammar
    rule = grammar.rule(r)
    left = int(grammar.left[r])
    of = int(learned.counts[grammar.first[left] : grammar.first[left + 1]].sum())
    count = int(learned.counts[r])
    A = rf"\mathsf{{\text{{{latex(rule.left)}}}}}"
    B = r"\;".join(
        rf"\text{{“{latex(s.name)}”}}" if s.word else rf"\mathsf{{\text{{{latex(s.name)}}}}}"
        for s in rule.right
    )
    st.latex(
        rf"p({A} \rightarrow {B}) = \frac{{\mathrm{{count}}({A} \rightarrow {B})}}"
        rf"{{\mathrm{{count}}({A})}} = \frac{{{count:,}}}{{{of:,}}} = {np.round(rule.p, 4):g}".replace(
            ",", "{,}"
        )
    )
    more = "" if treebank_rules.picked() else " **Rules** has all the others."
    st.caption(
        f"{frame.plain(str(rule))} stands {count:,} times in these trees, its left side "
        f"{of:,} times.{more}"
    )

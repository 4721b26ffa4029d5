"""A sentence without a tree: why, and the largest pieces that have one."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.parsing.chart import Chart
from core.parsing.pieces import pieces
from pages._kit import frame
from pages._kit.parsing.view import View
from pages._kit.stage.trees import Drawn, trees


def show(view: View) -> None:
    """Say what is missing, and draw what there is."""
    chart = view.chart
    assert chart is not None
    strange = list(dict.fromkeys(view.words[k] for k in chart.unknown))
    if strange:
        named = ", ".join(f"**{frame.plain(word)}**" for word in strange[:12])
        more = f" and {len(strange) - 12} more" if len(strange) > 12 else ""
        many = "these words" if len(strange) > 1 else "this word"
        st.warning(
            f"The grammar does not know {many}: {named}{more}. Add a rule such as "
            f"`{_rule(view, strange[0])}` below, or change the sentence.",
            icon=":material/help:",
        )
    else:
        st.warning(
            f"All words are known, but no rules make them one {frame.plain(view.grammar.S)}.",
            icon=":material/help:",
        )
    _pieces(view, chart)


def _rule(view: View, word: str) -> str:
    tags = Counter(rule.left for rule in view.grammar.rules() if any(s.word for s in rule.right))
    tag = tags.most_common(1)[0][0] if tags else "NN"
    return f"{tag} -> '{word}'".replace("`", "")


def _pieces(view: View, chart: Chart) -> None:
    found = pieces(chart)
    if not found:
        return
    st.markdown("The largest pieces that do have a tree, from left to right:")
    shown = [
        Drawn(tree, f"{tree.label}, words {i + 1} to {j + 1}" if j > i else f"{tree.label}, word {i + 1}")
        for i, j, tree in found
    ]  # fmt: skip
    trees(shown, key="pieces", name=f"Pieces of: {view.sentence}")

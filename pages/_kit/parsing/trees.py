"""The room of trees: how many a sentence has, the likeliest side by side, where they differ, and ties."""

from __future__ import annotations

import math
from itertools import islice

import streamlit as st

from core.parsing import compare_trees
from core.parsing.chart import Chart
from core.parsing.k_best import Ranked, ranked
from core.parsing.quantity import figure
from pages._kit import choose
from pages._kit.parsing import grammar_room, trees_home, trees_more, trees_none, trees_own
from pages._kit.parsing.view import View
from pages._kit.stage.trees import Drawn, trees

MOST = 42  # trees that are drawn
PAIR = 2  # trees that are shown at first
ABOUT_TIE = """Trees that use the same rules equally often have the same probability: which of them stands
first is chance."""
ABOUT_INSIDE = "The probability of the sentence: all its trees together, added by the chart."
ABOUT_COUNT = "Counted by the chart, with sums in place of maxima, not by listing them."


def show(view: View) -> None:
    """Trees of the sentence, then the grammar they come from."""
    # By their keys the browser keeps what stands below in its place.
    with st.container(key="trees_room"):
        if not view.words:
            st.info("Type a sentence at the left to see its trees.", icon=":material/edit:")
        elif view.chart is None or not view.chart.count:
            trees_none.show(view)
        else:
            _some(view, view.chart)
        trees_own.show(view)
    grammar_room.show(view)


def _some(view: View, chart: Chart) -> None:
    _told(view, chart)
    most = min(chart.count, MOST)
    wanted = PAIR
    if most > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(width=180):
                wanted = choose.whole(
                    "Trees to show", 1, most, key="shown", default=min(PAIR, most)
                )
            trees_more.buttons(view)
    found = best(view.text, view.words, wanted, chart)
    edited = trees(
        drawn(found, chart, weighted=view.grammar.weighted), key="trees",
        name=f"Trees of: {view.sentence}", editable=True, marks="not in all of these trees",
    )  # fmt: skip
    if chart.count > len(found):
        st.caption(f"{chart.count - len(found):,} more are not drawn.")
    if edited is not None:
        trees_own.judged(view, edited)
    trees_home.home(found)
    trees_more.growth(view)


def best(text: str, words: tuple[str, ...], wanted: int, chart: Chart) -> list[Ranked]:
    """The likeliest trees, found once."""
    return list(_best(text, words, wanted, chart))


@st.cache_resource(max_entries=32, show_spinner=False)
def _best(text: str, words: tuple[str, ...], wanted: int, _chart: Chart) -> tuple[Ranked, ...]:
    return tuple(islice(ranked(_chart), wanted))


def drawn(found: list[Ranked], chart: Chart, *, weighted: bool) -> list[Drawn]:
    """Each with its probability and its share of the sentence's; what not all have stands out."""
    marked = compare_trees.differing([one.tree for one in found])
    first = found[0].log_p
    shown = []
    for place, (one, differs) in enumerate(zip(found, marked, strict=True), 1):
        lines = []
        if weighted:
            # p(tree | sentence) = p(tree) / inside[1, n, S]
            share = math.exp(one.log_p - chart.log_inside)
            lines = [f"p = {figure(one.log_p)}", f"{share:.2%} of the sentence"]
            if place > 1 and first - one.log_p < 1e-9:
                lines.append("as likely as the first")
        shown.append(Drawn(one.tree, f"Tree {place}", tuple(lines), differs))
    return shown


def _told(view: View, chart: Chart) -> None:
    """The numbers of the whole sentence, in two sentences."""
    many = f"**{chart.count:,} {'tree' if chart.count == 1 else 'trees'}**"
    if not view.grammar.weighted:
        st.markdown(
            f"{many}. This grammar has no probabilities: no tree is better than another.",
            help=ABOUT_COUNT,
        )
        return
    share = math.exp(chart.log_best - chart.log_inside)
    st.markdown(
        f"{many}, together p = **{figure(chart.log_inside)}**, the inside sum. The best one has "
        f"**{figure(chart.log_best)}**, {share:.2%} of it.",
        help=f"{ABOUT_COUNT} {ABOUT_INSIDE}",
    )
    if chart.ties > 1:
        st.markdown(
            f":material/balance: **A tie:** {chart.ties:,} trees have this best probability. "
            "Nothing speaks for the one that stands first.",
            help=ABOUT_TIE,
        )

"""The room of trees: how many a sentence has, the likeliest side by side, where they differ, and ties."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from itertools import islice

import streamlit as st

from core.parsing import compare_trees
from core.parsing.brute import written
from core.parsing.chart import NOTHING, Chart
from core.parsing.grammar import Grammar
from core.parsing.k_best import Ranked, ranked
from core.parsing.log_sums import quick
from core.parsing.quantity import figure
from core.parsing.rules_used import rules_used
from pages._kit import choose
from pages._kit.parsing import grammar_room, trees_home, trees_more, trees_none, trees_own
from pages._kit.parsing.view import View
from pages._kit.stage.trees import NODES, Drawn, trees

MOST = 42  # trees that are drawn
PAIR = 2  # trees that are shown at first
PER_WORD = 8  # nodes of a tree, at most; more only where many categories stand alone
LEAST = math.log(1e-4)  # share that is told in per cent
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
        elif view.chart is None or view.chart.log_best == NOTHING:
            trees_none.show(view)
        else:
            _some(view, view.chart)
        trees_own.show(view)
    grammar_room.show(view)


def _some(view: View, chart: Chart) -> None:
    count = _told(view, chart)
    fitting = max(1, NODES // (PER_WORD * len(view.words)))
    most = min(MOST if count is None else count, MOST, fitting)
    wanted = min(PAIR, most)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if most > 1:
            with st.container(width=180):
                wanted = choose.whole("Trees to show", 1, most, key="shown", default=wanted)
        trees_more.buttons(view)
    found = best(view.text, view.words, wanted, chart)
    edited = trees(
        drawn(found, chart, view.grammar, summed=count is not None), key="trees",
        name=f"Trees of: {view.sentence}", editable=True, marks="not in all of these trees",
    )  # fmt: skip
    if count is not None and count > len(found):
        st.caption(f"{written(count - len(found))} more are not drawn.")
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


def drawn(
    found: list[Ranked], chart: Chart, grammar: Grammar, *, summed: bool
) -> list[Drawn]:  # fmt: skip
    """Each with its probability and, where it can be had, its share of the sentence's; what not all have
    stands out."""
    marked = compare_trees.differing([one.tree for one in found])
    first = found[0].log_p
    shown = []
    for place, (one, differs) in enumerate(zip(found, marked, strict=True), 1):
        lines: list[str] = []
        notes: tuple[str, ...] = ()
        if grammar.weighted:
            lines = [f"p = {figure(one.log_p)}"]
            if summed:
                lines.append(f"{_share(one.log_p, chart)} of the sentence")
            if place > 1 and first - one.log_p < 1e-9:
                lines.append("as likely as the first")
            notes = _notes(one, grammar)
        shown.append(Drawn(one.tree, f"Tree {place}", tuple(lines), differs, notes=notes))
    return shown


def _notes(one: Ranked, grammar: Grammar) -> tuple[str, ...]:
    """p of the rule at each node."""
    return tuple(f"p = {grammar.p[r]:.4g}" for r in rules_used(one.tree, grammar))


def _share(log_p: float, chart: Chart) -> str:
    # p(tree | sentence) = p(tree) / inside[1, n, S]
    log = log_p - chart.log_inside
    return f"{math.exp(log):.2%}" if log > LEAST else figure(log)


@st.cache_resource(max_entries=64, show_spinner=False)
def _counted(text: str, words: tuple[str, ...], _chart: Chart) -> tuple[int, float]:
    """How many trees, and the seconds it took to count them."""
    fresh = replace(_chart)  # of which nothing has been asked yet
    began = time.perf_counter()
    return fresh.count, time.perf_counter() - began


def _told(view: View, chart: Chart) -> int | None:
    """The numbers of the whole sentence, and of these how many trees; None where that takes too long."""
    weighted = view.grammar.weighted
    if not quick(chart):
        p = f" The best has p = **{figure(chart.log_best)}**." if weighted else ""
        st.markdown(f"Too long a sentence for so many rules to count all its trees.{p}")
        return None
    count, seconds = _counted(view.text, view.words, chart)
    one = count == 1
    told = f"**{written(count)} {'tree' if one else 'trees'}**, counted by the chart in {_ms(seconds)}."
    if not weighted:
        st.markdown(
            f"{told} This grammar has no probabilities: no tree is better than another.",
            help=ABOUT_COUNT,
        )
        return count
    more = (
        f"It has p = **{figure(chart.log_best)}**."
        if one
        else f"Together p = **{figure(chart.log_inside)}**, the inside sum; the best "
        f"**{figure(chart.log_best)}**, {_share(chart.log_best, chart)} of it."
    )
    st.markdown(f"{told} {more}", help=f"{ABOUT_COUNT} {ABOUT_INSIDE}")
    if chart.ties > 1:
        st.markdown(
            f":material/balance: **A tie:** {written(chart.ties)} trees have this best probability. "
            "Nothing speaks for the one that stands first.",
            help=ABOUT_TIE,
        )
    return count


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2g} ms" if seconds < 0.0995 else f"{seconds:.2g} s"

"""When trees end: one probability is moved, and at a certain place the grammar tips over."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import grammars as charts
from core.parsing import generating
from core.parsing.grammar import Grammar, Symbol
from core.parsing.sampling import CATEGORIES
from core.parsing.tree_export import latex
from pages._kit import frame
from pages._kit import show as shown_once

POINTS = np.linspace(0.01, 0.99, 50)
RULES = 300  # of a grammar that is looked into
WORDS = (
    "On average a category must leave less than one of its like behind. Where the radius crosses 1, trees "
    "begin to grow for ever, as chain reactions do."
)


@dataclass(frozen=True, eq=False)
class Tipping:
    """A rule, and what its p does."""

    rule: int
    edge: float
    ends: NDArray[np.float64]  # over POINTS
    radius: NDArray[np.float64]


def show(text: str, grammar: Grammar) -> None:
    """The part of the room."""
    st.markdown("#### Does it ever stop?")
    found = _found(text, grammar) if len(grammar) <= RULES else None
    if len(grammar) > RULES or len(grammar.categories) > CATEGORIES:
        st.caption(f"This is worked out for grammars of up to {RULES} rules.")
        return
    if found is None:
        st.markdown(
            "Every tree of this grammar ends, whatever the probability of a single rule is."
        )
        return
    rule = grammar.rule(found.rule)
    name = f"{rule.left} → {' '.join(symbol.name for symbol in rule.right)}"
    left, right = st.columns([2, 3], gap="large")
    with left:
        key = f"p_{rule.left}"
        p = st.slider(
            f"p({frame.plain(name)})", 0.0, 1.0, round(rule.p, 2), 0.01, key=key, bind="query-params",
            help="The other rules of its left side share the rest as before.",
        )  # fmt: skip
        varied = generating.varied(grammar, found.rule, p)
        Z, radius = _at(text, found.rule, p, varied)
        own = abs(p - rule.p) < 0.005
        st.markdown(
            f"{'As in the grammar: with' if own else 'With'} p = **{p:.2f}** the spectral radius is "
            f"**{radius:.3f}** and a tree ends with probability **{Z[grammar.start]:.3f}**. "
            + _verdict(radius)
            + f" The edge is at p = **{found.edge:.3f}**."
        )
        _course(grammar, found.rule, p, float(Z[grammar.left[found.rule]]))
    with right:
        shown_once.chart(charts.endings, POINTS, found.ends, found.radius, now=p, edge=found.edge)
        st.caption(WORDS)


def _verdict(radius: float) -> str:
    if abs(radius - 1) < 1e-6:
        return "On the edge itself every tree ends, but their mean length is infinite."
    return "Some trees never end." if radius > 1 else "The grammar is consistent: every tree ends."


def _course(grammar: Grammar, r: int, p: float, Z: float) -> None:
    """The equation of a rule X -> X Y beside rules that make no X, written out."""
    rule = grammar.rule(r)
    others = [
        grammar.rule(k)
        for k in range(int(grammar.first[grammar.left[r]]), int(grammar.first[grammar.left[r] + 1]))
        if k != r
    ]
    pp = [one for one in grammar.rules() if one.left == "PP"]
    fits = (
        rule.left == "NP" and rule.right == (Symbol("NP"), Symbol("PP")) and len(others) == 1
        and others[0].right == (Symbol("DT"), Symbol("NN"))
        and len(pp) == 1 and pp[0].right == (Symbol("IN"), Symbol("NP"))
    )  # fmt: skip
    if not fits:
        return
    q = 1 - p
    X = latex(rule.left)
    st.markdown(
        f"A noun phrase ends at once with q = 1 − p = {q:.2f}. Otherwise there are two of them that must "
        "end, one in NP PP and one in the PP:"
    )
    st.latex(
        rf"\begin{{aligned}} Z_{{{X}}} &= q + p\,Z_{{{X}}}^2 \\ Z_{{{X}}} &= "
        rf"\min\left(1, q/p\right) = {Z:.3f} \end{{aligned}}"
    )
    if math.isclose(p, 0.7):
        st.markdown(
            "With the course's numbers that is $.3/.7 = 3/7$. A sentence with one noun phrase ends as "
            "often as that, one with two only with its square. From **.5** down all is well."
        )


@st.cache_resource(max_entries=16, show_spinner=False)
def _found(text: str, _grammar: Grammar) -> Tipping | None:
    if len(_grammar.categories) > CATEGORIES:
        return None
    r = generating.growing(_grammar)
    edge = None if r is None else generating.edge(_grammar, r)
    if r is None or edge is None:
        return None
    all_p = [generating.varied(_grammar, r, float(p)) for p in POINTS]
    ends = [float(generating.endings(one, rounds=3000)[one.start]) for one in all_p]
    return Tipping(r, edge, np.array(ends), np.array([generating.radius(one) for one in all_p]))


@st.cache_resource(max_entries=64, show_spinner=False)
def _at(text: str, r: int, p: float, _varied: Grammar) -> tuple[NDArray[np.float64], float]:
    return generating.endings(_varied), generating.radius(_varied)

"""Generate: what a grammar says by itself, one sentence and many, and whether it ever stops."""

from __future__ import annotations

import streamlit as st

from core.errors import SettingError
from core.parsing import sampling
from core.parsing.grammar import Grammar, normalised
from core.parsing.grammar_text import productive
from core.parsing.sampling import Moments
from pages._kit import frame
from pages._kit.parsing import generate_endings, generate_many, generate_one
from pages._kit.parsing.view import View

LIMIT = 20_000  # rules of a grammar that is used here
EQUATIONS = r"""$$
Z_X = \sum_{X \rightarrow Y_1 \dots Y_n} p(X \rightarrow Y_1 \dots Y_n)\, Z_{Y_1} \cdots Z_{Y_n}
\qquad H = b + A H \qquad L = c + A L
$$
$A_{XY}$ is how many $Y$ a rule of $X$ makes on average, $b_X = -\sum p \log_2 p$ the surprise of its
rules, $c_X$ the words they make themselves. $H$ (entropy) and $L$ (length) exist where the **spectral
radius** of $A$, its largest $|\text{eigenvalue}|$, is below 1: each category then leaves less than one
behind."""


def show(view: View) -> None:
    """The room."""
    grammar = view.grammar
    problem = _problem(grammar)
    if problem:
        st.warning(problem, icon=":material/block:")
        return
    if abs(grammar.sums()[grammar.first[:-1] < grammar.first[1:]] - 1).max() > 1e-6:
        st.info(
            "The probabilities of some left sides do not sum to 1: here they are divided by their sums.",
            icon=":material/balance:",
        )
        grammar = normalised(grammar)
    text = grammar.text()
    _figures(moments(text, grammar), weighted=view.grammar.weighted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            seed = frame.seed()
        place = st.container(width="stretch")
    generate_one.show(text, grammar, seed, place)
    generate_many.show(text, grammar, seed, moments(text, grammar))
    generate_endings.show(text, grammar)


def _problem(grammar: Grammar) -> str:
    """Why no sentence can be drawn from it; nothing where one can."""
    if len(grammar) > LIMIT:
        return f"This grammar has {len(grammar):,} rules; sentences are drawn from up to {LIMIT:,} here."
    sums = grammar.sums()
    able = productive(grammar) & (sums > 0)
    if not able[grammar.start]:
        return f"{frame.plain(grammar.S)} can derive no words: this grammar says nothing."
    reached = _reached(grammar)
    empty = [grammar.categories[X] for X in reached if not able[X]]
    if empty:
        names = ", ".join(frame.plain(name) for name in empty[:5])
        return (
            f"From {names} no words can come, so that a sentence that needs one is never done. Mend the "
            "rules in the room Trees, or take another grammar."
        )
    return ""


def _reached(grammar: Grammar) -> list[int]:
    """Categories that the start leads to, by rules of a probability above 0."""
    found, todo = {grammar.start}, [grammar.start]
    while todo:
        X = todo.pop()
        for r in range(int(grammar.first[X]), int(grammar.first[X + 1])):
            if grammar.p[r] > 0:
                for Y in grammar.right[grammar.ends[r] : grammar.ends[r + 1]].tolist():
                    if Y >= 0 and Y not in found:
                        found.add(Y)
                        todo.append(Y)
    return sorted(found)


@st.cache_resource(max_entries=32, show_spinner=False)
def moments(text: str, _grammar: Grammar) -> Moments | None:
    """None where there are too many categories for the equations."""
    try:
        return sampling.moments(_grammar)
    except SettingError:
        return None


def _figures(found: Moments | None, *, weighted: bool) -> None:
    if not weighted:
        st.caption("This grammar has no probabilities: all rules of a category are taken as alike.")
    if found is None:
        st.caption(f"More than {sampling.CATEGORIES:,} categories: the equations are not solved.")
        return
    bits = "∞" if found.entropy is None else f"{found.entropy / 0.6931471805599453:.2f} bits"
    length = "∞" if found.length is None else f"{found.length:.2f} words"
    with st.container(horizontal=True, gap="medium", key="generate_figures"):
        st.metric("A tree ends", f"{found.ends:.1%}", width="content")
        st.metric("Spectral radius", f"{found.radius:.3f}", width="content")
        st.metric("Entropy of a tree", bits, width="content")
        st.metric("Expected length", length, width="content")
        with st.popover("The equations", icon=":material/functions:"):
            st.markdown(EQUATIONS)
    if found.radius > 1 + 1e-9:
        st.warning(
            f"**This grammar is inconsistent.** Only {found.ends:.1%} of the trees it begins ever end: the "
            "others grow and grow, and the probabilities of all finite sentences sum to "
            f"{found.ends:.3f}, not to 1. What to change is told at the end of this room.",
            icon=":material/all_inclusive:",
        )
    elif found.length is None:
        st.info(
            "**This grammar stands on the edge**, its radius is 1: every tree ends in the end, but the "
            "mean length of its sentences is infinite.",
            icon=":material/balance:",
        )

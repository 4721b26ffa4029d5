"""One round of inside-outside: the likelihood, one rule's expected counts, and all probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.charts import grammars as charts
from core.parsing import generating
from core.parsing.grammar import Grammar
from core.parsing.inside_outside import Step
from core.parsing.tree_export import latex
from pages._kit import show as shown_once

LISTED = 200  # rules to choose from
FEW = 8  # rules of one left side in its chart
COUNTED = "counted in the hidden trees"


@dataclass(frozen=True, eq=False)
class Truth:
    """What counting in the hidden trees gives: (R,) nan where a left side never came, and its level."""

    p: NDArray[np.float64]
    log_likelihood: float


def rule(grammar: Grammar) -> int | None:
    """The rule that is looked at; None where no category has a choice."""
    counts = np.bincount(grammar.left)
    free = [r for r in range(len(grammar)) if counts[grammar.left[r]] > 1][:LISTED]
    if not free:
        return None
    names = {str(grammar.rule(r)): r for r in free}
    tipping = generating.growing(grammar) if len(grammar) <= 100 else None
    first = free.index(tipping) if tipping in free else 0
    key = f"learn_rule_{grammar.S}"
    with st.container(width=420):
        chosen = st.selectbox("Rule to look at", list(names), first, key=key, bind="query-params")
    return names[chosen]


def show(
    grammar: Grammar, steps: Sequence[Step], r: int | None, truth: Truth | None, at: int
) -> None:
    """Round `at`."""
    step = steps[at]
    with st.container(horizontal=True, gap="medium", key="learn_figures"):
        st.metric("Round", f"{step.round}", width="content")
        st.metric("Log likelihood", f"{step.log_likelihood:,.2f}", width="content")
        st.metric(
            "Choices a word", f"{math.exp(-step.per_word):.2f}", width="content",
            help="The perplexity: as surprised as if each word were drawn from so many alike ones.",
        )  # fmt: skip
        st.metric("With a tree", f"{step.parsed:,} of {step.sentences:,}", width="content")
    left, right = st.columns(2, gap="large")
    with left:
        others = [] if truth is None else [(COUNTED, truth.log_likelihood)]
        values = [one.log_likelihood for one in steps]
        begin = _begin(values)
        shown_once.chart(charts.likelihood, values, now=at, others=others, begin=begin)
        if begin:
            st.caption(f"It begins at {values[0]:,.1f}, far below: drawn from round 1 on.")
    with right:
        if r is not None:
            _chart(grammar, steps, r, truth, at)
    if r is not None:
        _written(grammar, steps, r, at)
    _table(grammar, steps, truth, at)


def _begin(values: list[float]) -> int:
    """1 where nearly all is gained in the first round, so that the others can be seen."""
    whole = values[-1] - values[0]
    return int(len(values) > 3 and whole > 0 and values[1] - values[0] > 0.8 * whole)


def _chart(grammar: Grammar, steps: Sequence[Step], r: int, truth: Truth | None, at: int) -> None:
    X = int(grammar.left[r])
    own = list(range(int(grammar.first[X]), int(grammar.first[X + 1])))
    last = steps[-1].p
    some = sorted(sorted(own, key=lambda k: (k != r, -last[k]))[:FEW])
    p = np.array([one.p[some] for one in steps])
    rights = [" ".join(map(str, grammar.rule(k).right)) for k in some]
    shown_once.chart(
        charts.rules, grammar.categories[X], rights, p, now=at,
        truth=None if truth is None else truth.p[some],
    )  # fmt: skip


def _written(grammar: Grammar, steps: Sequence[Step], r: int, at: int) -> None:
    """p(A -> B) = E[count(A -> B)] / E[count(A)], with the numbers of the round."""
    one = grammar.rule(r)
    A = rf"\text{{{latex(one.left)}}}"
    B = r"\;".join(rf"\text{{{latex(str(s))}}}" for s in one.right)
    if at == 0:
        st.latex(rf"p_0({A} \rightarrow {B}) = {steps[0].p[r]:.4f} \quad \text{{to begin with}}")
        return
    before = steps[at - 1]
    own = slice(int(grammar.first[grammar.left[r]]), int(grammar.first[grammar.left[r] + 1]))
    used, of = float(before.expected[r]), float(before.expected[own].sum())
    if of == 0:
        st.caption(f"{one.left} is in no tree of these sentences: its rules stay as they are.")
        return
    st.latex(
        rf"p_{{{at}}}({A} \rightarrow {B}) = \frac{{c({A} \rightarrow {B})}}{{c({A})}} = "
        rf"\frac{{{used:.3f}}}{{{of:.3f}}} = {steps[at].p[r]:.4f}"
    )
    st.caption(
        f"c = E[count] under the probabilities of round {at - 1}: how often the rule, and its left side, "
        "are used in the trees of all sentences, each tree counted as much as it is likely."
    )


def _table(grammar: Grammar, steps: Sequence[Step], truth: Truth | None, at: int) -> None:
    frame = pd.DataFrame(
        {
            "rule": [str(one) for one in grammar.rules()],
            "begin": steps[0].p,
            f"round {steps[at].round}": steps[at].p,
            "expected uses": steps[at].expected,
        }
    )
    if truth is not None:
        frame["hidden trees"] = truth.p
    frame["the grammar"] = grammar.p
    bar = st.column_config.ProgressColumn(format="%.3f", min_value=0, max_value=1)
    number = st.column_config.NumberColumn
    st.dataframe(
        frame, hide_index=True, height=min(38 + 35 * len(frame), 320), key="learn_table",
        column_config={
            "begin": number(format="%.3f"), f"round {steps[at].round}": bar,
            "expected uses": number(format="%.2f", help="The mean over all trees, under these numbers"),
            "hidden trees": number(format="%.3f", help="Counted in the trees that were not shown"),
            "the grammar": number(format="%.3f"),
        },
    )  # fmt: skip

"""N, Sigma, R and S of a grammar as tables, and the product of the rules of a tree."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np
import pandas as pd
import streamlit as st

from core.parsing.grammar import Grammar
from core.parsing.k_best import ranked
from core.parsing.rules_used import left_recursive, rules_used
from core.parsing.tree import Tree
from pages._kit import choose, frame
from pages._kit.parsing.view import View, read

ROWS = 5000  # of the table of rules
NAMES = 40  # of categories and of words that are listed
TREES = 20  # among which one can be chosen
RECURSIVE = 8  # categories that are named
FACTORS = 60  # of a product that is written out


def show(view: View) -> None:
    """The four parts of the grammar that is in use."""
    grammar = view.grammar
    st.markdown(
        f"**S** = {frame.plain(grammar.S)} · **N**, {_count(len(grammar.N), 'category', 'categories')}: "
        f"{_listed(grammar.N)}"
    )
    st.markdown(f"**Σ**, {_count(len(grammar.Sigma), 'word', 'words')}: {_listed(grammar.Sigma)}")
    st.markdown(f"**R**, {_count(len(grammar), 'rule', 'rules')}")
    trees = _trees(view)
    number = 0
    if len(trees) > 1:
        number = choose.whole(
            "Used by tree", 1, len(trees), key="rules_of", default=1,
            help="The trees of the sentence, the likeliest first.",
        ) - 1  # fmt: skip
    used = rules_used(trees[number], grammar) if trees else []
    _rules(view.text, grammar, Counter(used))
    if used and grammar.weighted:
        _product(grammar, used, number + 1)
    elif not grammar.weighted:
        st.caption("No probabilities are given: all rules of a category count alike.")


@st.cache_resource(max_entries=32, show_spinner=False)
def _best(text: str, words: tuple[str, ...], _view: View) -> list[Tree]:
    assert _view.chart is not None
    return [one.tree for one in islice(ranked(_view.chart), TREES)]


def _trees(view: View) -> list[Tree]:
    return _best(view.text, view.words, view) if view.chart is not None else []


def _rules(text: str, grammar: Grammar, used: Counter[int]) -> None:
    table, first = _table(text, grammar), list(used)
    if len(grammar) > ROWS:
        # those in use, then as many others as there is room for
        rest = np.setdiff1d(np.arange(min(len(grammar), ROWS)), first)
        table = table.iloc[[*first, *rest[: ROWS - len(first)].tolist()]]
    table = table.assign(used=[f"× {used[r]}" if used[r] else "" for r in table.index])
    sums = grammar.sums()
    columns = {
        "left": st.column_config.TextColumn("X", width=70),
        "right": st.column_config.TextColumn("→ Y₁ … Yₙ", width=150),
        "p": st.column_config.NumberColumn("p", format="%.4g", width=60),
        "used": st.column_config.TextColumn(
            "used", help="How often the tree uses the rule", width=50
        ),
        "sum": st.column_config.NumberColumn(
            "sum of X", format="%.4g", width=60, help="Of the probabilities of all rules of X"
        ),
    }
    table = table.assign(sum=sums[grammar.left[table.index]])
    if not grammar.weighted:
        table = table.drop(columns=["p", "sum"])
    if not used:
        table = table.drop(columns="used")
    st.dataframe(
        table, hide_index=True, column_config=columns, key="grammar_rules",
        height=min(38 + 35 * len(table), 400),
    )  # fmt: skip
    if len(grammar) > ROWS:
        st.caption(f"{ROWS:,} of {len(grammar):,} rules are listed.")


@st.cache_resource(max_entries=8, show_spinner=False)
def _table(text: str, _grammar: Grammar) -> pd.DataFrame:
    some = [_grammar.rule(r) for r in range(len(_grammar))]
    return pd.DataFrame(
        {
            "left": [rule.left for rule in some],
            "right": [" ".join(map(str, rule.right)) for rule in some],
            "p": _grammar.p,
        }
    )


def _product(grammar: Grammar, used: Sequence[int], number: int) -> None:
    """p(tree) as the product of its rules, in the order of the tree."""
    # p(tree) = product of p(X -> Y1 ... Yn) over its nodes
    log_p = float(np.log(grammar.p[list(used)]).sum())
    counted = Counter(used)
    factors = [_factor(float(grammar.p[r]), times) for r, times in counted.items()][:FACTORS]
    more = r"\,\cdots" if len(counted) > FACTORS else ""
    name = "best tree" if number == 1 else f"tree {number}"
    product = r" \cdot ".join(factors) + more
    with st.container(key="grammar_product"):
        st.markdown(
            f"p({name}), the product of its {len(used)} rules: ${product} = {_power(log_p)}$"
        )


def _factor(p: float, times: int) -> str:
    number = f"{p:.4g}" if p != 1 else "1.0"
    if "e" in number:
        mantissa, exponent = number.split("e")
        number = rf"{mantissa} \times 10^{{{int(exponent)}}}"
        return rf"({number})^{{{times}}}" if times > 1 else number
    return f"{number}^{{{times}}}" if times > 1 else number


def _power(log_p: float) -> str:
    """A probability of which only the logarithm is safe, as LaTeX."""
    exponent = math.floor(log_p / math.log(10))
    mantissa = 10 ** (log_p / math.log(10) - exponent)
    if exponent >= -3:
        return f"{math.exp(log_p):.6g}"
    return rf"{mantissa:.5g} \times 10^{{{exponent}}}"


@st.cache_resource(max_entries=16, show_spinner=False)
def recursion(text: str) -> str:
    """A sentence about left recursion, which some parsers cannot bear; "" where there is none."""
    grammar = read(text).grammar
    found = left_recursive(grammar) if grammar is not None else []
    if not found:
        return ""
    names = ", ".join(frame.plain(name) for name in found[:RECURSIVE])
    more = " and others" if len(found) > RECURSIVE else ""
    return f"Left recursion ({names}{more}) is welcome: the chart goes by spans, and does not mind."


def _listed(names: Sequence[str]) -> str:
    shown = " ".join(f":gray-badge[{frame.plain(name)}]" for name in names[:NAMES])
    return shown + (f" and {len(names) - NAMES:,} more" if len(names) > NAMES else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"

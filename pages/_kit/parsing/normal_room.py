"""Chomsky normal form: the grammar changed rule by rule, and a tree there and back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import pandas as pd
import streamlit as st

from core.errors import SettingError
from core.parsing.grammar import Grammar, Rule
from core.parsing.normal_form import Change, changes, strict
from pages._kit import choose, frame
from pages._kit.parsing.view import View, read
from pages._kit.stage.trees import Drawn, trees

STEPS = 1000  # that are told
WRITTEN = 400  # rules of the normal form that are shown
RULES = 200_000  # of a normal form that is made
KINDS = {"words": "Words", "long": "Long rules", "unit": "Single categories"}
WHY = {
    "words": "A word among other symbols gets a category of its own, with probability 1.",
    "long": "Three or more symbols are cut into twos. The new category stands for the rest, with "
    "probability 1, so that the product stays.",
    "unit": "A single category is followed to what it becomes: the probabilities along the way are "
    "multiplied into each rule at its end, and the single step goes.",
}
ABOUT = (
    "Each rule must be $X \\rightarrow Y\\,Z$ or $X \\rightarrow$ word. "
    "Nothing is lost: every tree has the same probability as before, and is drawn in the old rules."
)


@dataclass(frozen=True)
class Steps:
    """The first STEPS changes, the whole normal form, or what keeps it from being made."""

    told: tuple[Change, ...]
    more: bool
    grammar: Grammar | None
    trouble: str = ""


def show(view: View) -> None:
    """Under a fold that opens on demand, as large grammars take their time."""
    fold = st.expander("Chomsky normal form, rule by rule", key="normal_form", bind="query-params")
    if not fold.open:
        return
    with fold:
        st.markdown(ABOUT)
        with st.spinner("Changing rule by rule …", show_time=True):
            steps = _steps(view.text)
        if steps.told:
            _stepped(steps, view.grammar)
        else:
            st.info("All rules have this form already.", icon=":material/check:")
        _grammar(view, steps)
        _there_and_back(view)


@st.cache_resource(max_entries=8, show_spinner=False)
def _steps(text: str) -> Steps:
    grammar = read(text).grammar
    assert grammar is not None
    told = list(islice(changes(grammar), STEPS + 1))
    try:
        return Steps(tuple(told[:STEPS]), len(told) > STEPS, strict(grammar))
    except SettingError as error:
        return Steps(tuple(told[:STEPS]), len(told) > STEPS, None, str(error))


def _stepped(steps: Steps, grammar: Grammar) -> None:
    count = len(steps.told)
    number = choose.whole(
        f"Step of {count:,}", 1, count, key="normal_step", default=1,
        help="Words first, then long rules, then single categories.",
    )  # fmt: skip
    change = steps.told[number - 1]
    with st.container(border=True, key="normal_change"):
        st.markdown(f"**{number}. {KINDS[change.kind]}.** {WHY[change.kind]}")
        before, after = st.columns(2)
        before.caption("Out" if change.kind != "unit" else "These single steps go in the end")
        before.code(_written(change.before, grammar.weighted), language=None, wrap_lines=True)
        after.caption("In")
        after.code(_written(change.after, grammar.weighted), language=None, wrap_lines=True)
        if change.kind == "unit":
            after.markdown(_multiplied(change, grammar))
    table = pd.DataFrame(
        {
            "step": range(1, count + 1),
            "kind": [KINDS[one.kind] for one in steps.told],
            "before": ["   ".join(map(str, one.before)) for one in steps.told],
            "after": ["   ".join(map(str, one.after)) for one in steps.told],
        }
    )
    st.dataframe(table, hide_index=True, height=min(38 + 35 * count, 250), key="normal_steps")
    if steps.more:
        st.caption(f"The first {STEPS:,} steps are told.")


def _multiplied(change: Change, grammar: Grammar) -> str:
    """p(X => Y) p(Y -> beta) for the first of the rules that come."""
    if not grammar.weighted or not change.after:
        return ""
    chain = [rule.p for rule in change.before]
    along = 1.0
    for p in chain:
        along *= p
    new = change.after[0]
    last = new.p / along if along else 0.0
    product = " × ".join(f"{p:.4g}" for p in [*chain, last])
    more = " and so for the others." if len(change.after) > 1 else ""
    return f"{frame.plain(str(new))}: {product} = {new.p:.4g}{';' if more else ''}{more}"


def _grammar(view: View, steps: Steps) -> None:
    if steps.grammar is None:
        st.warning(frame.plain(steps.trouble), icon=":material/warning:")
        return
    made = steps.grammar
    st.markdown(f"**The result**: {len(view.grammar):,} rules became {len(made):,}.")
    some = list(islice(made.rules(), WRITTEN))
    more = f"\n… and {len(made) - WRITTEN:,} more" if len(made) > WRITTEN else ""
    st.code(_written(some, made.weighted) + more, language=None, height=260)
    st.download_button(
        "Normal form", made.text, f"{view.name}-normal-form.pcfg", "text/plain",
        key="take-normal-form", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _there_and_back(view: View) -> None:
    best = view.chart.tree() if view.chart is not None else None
    if best is None:
        return
    form = view.engine.normal
    there = form.apply(best)
    back = form.undo(there)
    kept = "the same tree as before" if back == best else "NOT the tree it was"
    trees(
        [
            Drawn(there, "In normal form", ("@ made for the form, joined names for single steps",)),
            Drawn(back, "And back", (kept,)),
        ],
        key="normal_trees",
        name="The best tree in Chomsky normal form, and changed back",
    )


def _written(rules: tuple[Rule, ...] | list[Rule], weighted: bool) -> str:
    lines = [f"{rule} [{rule.p:.6g}]" if weighted else str(rule) for rule in rules]
    return "\n".join(lines) or "nothing"

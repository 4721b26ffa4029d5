"""The rules of a treebank by frequency, each with the trees that it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.charts import treebanks as charts
from core.parsing import treebank_index
from core.parsing.grammar import Grammar
from core.parsing.markov import REST
from core.parsing.treebank import TOP
from core.parsing.treebank_index import Uses
from pages._kit import choose, frame, take
from pages._kit import show as shown_once
from pages._kit.parsing.learned import Chosen
from pages._kit.stage.trees import Drawn, trees

ROWS = 1000  # of the table
LOOKED = 4000  # trees in which examples are looked for
LEFTS = 400  # categories to choose from
TEXT = 60_000  # rules of a grammar that is offered as text
ANY = "any"
KINDS = {"Of phrases": False, "Of words": True}
LABELS = {"pcfg": "The grammar as text", "csv": "Counts, CSV"}
ABOUT_MARKS = (
    "**^** what is above, **@** the rest of a long rule after these sisters, **+** categories that "
    "are alone below each other."
)
ABOUT_ZIPF = (
    "A few rules do most of the work, and most rules were seen once: that is why much is unseen in any "
    "new sentence, however large the treebank."
)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns over rules, the most frequent first; `rule` is the place in the grammar."""

    rule: NDArray[np.int64]
    word: NDArray[np.bool_]
    left: list[str]
    right: list[str]
    lefts: list[str]  # categories, most frequent first


def current(chosen: Chosen) -> int:
    """The rule that is looked at: the one picked, else the most frequent that is no list of one."""
    table = _table(chosen.id, chosen)
    wanted = st.session_state.get("treebank_rule")
    if wanted is not None:
        for r, left, right in zip(table.rule, table.left, table.right, strict=True):
            if wanted == (left, right):
                return int(r)
    whole = [
        int(r) for r, left, right in zip(table.rule, table.left, table.right, strict=True)
        if left != TOP and " " in right and REST not in left[1:] + right
    ]  # fmt: skip
    return whole[0] if whole else int(table.rule[0])


def picked() -> bool:
    """Whether the visitor has chosen a rule."""
    return "treebank_rule" in st.session_state


def show(chosen: Chosen) -> None:
    """The part of the room."""
    table = _table(chosen.id, chosen)
    rows = _filtered(table)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _browse(chosen, table, rows)
    with right:
        st.markdown("**How often rules are used**")
        lexical = treebank_index.lexical(chosen.learned.grammar)
        shown_once.chart(charts.zipf, chosen.learned.counts, lexical)
        once = float(np.mean(chosen.learned.counts[~lexical] == 1))
        st.caption(f"{once:.0%} of the rules of phrases were seen once. {ABOUT_ZIPF}")
    _examples(chosen, current(chosen))
    _home(chosen)


def _filtered(table: Table) -> NDArray[np.int64]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Rules", list(KINDS), default="Of phrases", key="rules_kind", bind="query-params",
            required=True,
        )  # fmt: skip
        of = st.selectbox("Left side", [ANY, *table.lefts[:LEFTS]], key="rules_left", width=160)
        typed = st.text_input(
            "Search", key="rules_search", bind="query-params", max_chars=60, width=160,
            placeholder="PP, telescope, …",
        )  # fmt: skip
    return _rows(table, KINDS[kind or "Of phrases"], of, typed.strip())


def _browse(chosen: Chosen, table: Table, rows: NDArray[np.int64]) -> None:
    counts, p = chosen.learned.counts, chosen.learned.grammar.p
    shown = rows[:ROWS]
    frame_ = pd.DataFrame(
        {
            "left side": [table.left[k] for k in shown],
            "right side": [table.right[k] for k in shown],
            "count": counts[table.rule[shown]],
            "p": p[table.rule[shown]],
        }
    )
    st.dataframe(
        frame_, hide_index=True, height=300, key="treebank_table", selection_mode="single-row",
        on_select=partial(_pick, [(table.left[k], table.right[k]) for k in shown]),
        column_config={
            "count": st.column_config.NumberColumn(format="localized"),
            "p": st.column_config.ProgressColumn(format="%.4f", min_value=0, max_value=1),
        },
    )  # fmt: skip
    more = f" The first {ROWS:,} are listed." if len(rows) > ROWS else ""
    st.caption(
        f"{len(rows):,} rules.{more} Choose one to see its numbers and its trees. {ABOUT_MARKS}"
    )


def _pick(listed: list[tuple[str, str]]) -> None:
    rows = st.session_state["treebank_table"]["selection"]["rows"]
    if rows and rows[0] < len(listed):
        st.session_state["treebank_rule"] = listed[rows[0]]
    else:
        st.session_state.pop("treebank_rule", None)
    st.session_state.pop("rule_example", None)


def _rows(table: Table, words: bool, left: str, typed: str) -> NDArray[np.int64]:
    keep = table.word == words
    if left != ANY:
        keep &= np.array([name == left for name in table.left])
    if typed:
        # a category or a word of its own name first of all; else whatever holds the letters
        own = np.array(
            [
                typed == a or typed in b.split(" ")
                for a, b in zip(table.left, table.right, strict=True)
            ]
        )
        near = np.array(
            [
                typed.lower() in f"{a} → {b}".lower()
                for a, b in zip(table.left, table.right, strict=True)
            ]
        )
        keep &= own if bool((own & keep).any()) else near
    return np.flatnonzero(keep)


@st.cache_resource(max_entries=4, show_spinner=False)
def _table(id: str, _chosen: Chosen) -> Table:
    grammar, counts = _chosen.learned.grammar, _chosen.learned.counts
    order = np.argsort(-counts, kind="stable")
    rights = _rights(grammar)
    uses = np.bincount(grammar.left, counts, minlength=len(grammar.categories))
    lefts = [grammar.categories[k] for k in np.argsort(-uses, kind="stable")]
    return Table(
        order, treebank_index.lexical(grammar)[order],
        [grammar.categories[grammar.left[r]] for r in order], [rights[r] for r in order], lefts,
    )  # fmt: skip


def _rights(grammar: Grammar) -> list[str]:
    return [" ".join(symbol.name for symbol in rule.right) for rule in grammar.rules()]


def _examples(chosen: Chosen, rule: int) -> None:
    told = frame.plain(str(chosen.learned.grammar.rule(rule)))
    found = _uses(chosen.id, chosen).of(rule)
    st.markdown(f"**Where {told} comes from**")
    if not found:
        st.caption(
            f"It does not stand in the first {LOOKED:,} trees, in which examples are looked for."
        )
        return
    with st.columns([1, 3])[0]:
        number = choose.whole(
            f"Example of {len(found):,}", 1, len(found), key="rule_example", default=1
        )
    place = found[number - 1]
    tree = chosen.train[place]
    ready = treebank_index.as_learned(tree, chosen.learned, functions=chosen.config.functions)
    assert ready is not None
    marked = treebank_index.nodes_with(ready, chosen.learned.grammar, rule)
    title = f"Tree {place + 1:,}, as the rules see it"
    trees(
        [Drawn(ready, title, marked=marked)], key="rule_trees",
        name=f"A tree of the treebank that uses the rule {chosen.learned.grammar.rule(rule)}",
        marks="the rule is used here",
    )  # fmt: skip


@st.cache_resource(max_entries=4, show_spinner="Looking for its trees …")
def _uses(id: str, _chosen: Chosen) -> Uses:
    return treebank_index.uses(
        _chosen.train[:LOOKED], _chosen.learned, functions=_chosen.config.functions
    )


def _home(chosen: Chosen) -> None:
    files: dict[str, Callable[[], bytes | str]] = {}
    if len(chosen.learned.grammar) <= TEXT:
        files["treebank.pcfg"] = chosen.learned.grammar.text
    files["treebank-rules.csv"] = partial(treebank_index.to_csv, chosen.learned)
    take.home(files, labels=LABELS)

"""What a grammar gets wrong: its guesses beside gold, worst first, and the habits behind them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from core.parsing import parser
from core.parsing.brackets import read
from core.parsing.tree import Tree
from core.parsing.treebank_mistakes import Habit, differences, habits
from core.parsing.treebank_run import Tried
from core.store import fingerprint
from pages._kit import take
from pages._kit.parsing.learned import Chosen
from pages._kit.stage.trees import Drawn, trees

HOW = {parser.WHOLE: "", parser.PIECES: "no tree", parser.LATE: "out of time"}
LABELS = {"csv": "The evaluation, CSV", "mrg": "The guesses, brackets"}
ROWS = 12  # of the tables of habits


@dataclass(frozen=True, eq=False)
class Habits:
    """See core.parsing.treebank_mistakes.habits."""

    categories: list[Habit]
    tags: list[tuple[str, str, int]]


def show(chosen: Chosen, tried: tuple[Tried, ...]) -> None:
    """The table of sentences, one of them drawn, and the habits."""
    ranked = sorted(tried, key=lambda one: (one.score.f1, -one.words))
    _beside(chosen, ranked[_selected(len(ranked))])
    _table(ranked)
    _habits(_found(fingerprint(*(one.guess for one in tried), chosen.id), tried))
    files = {
        "treebank-evaluation.csv": partial(to_csv, tried),
        "treebank-guesses.mrg": partial(_guesses, tried),
    }
    take.home(files, labels=LABELS)


def _table(ranked: list[Tried]) -> None:
    wrong = sum(one.score.exact == 0 for one in ranked)
    st.markdown(f"**The worst first: {wrong:,} of {len(ranked):,} trees have a bracket wrong**")
    table = pd.DataFrame(
        {
            "F1": [100 * one.score.f1 for one in ranked],
            "sentence": [" ".join(_words(one)) for one in ranked],
            "right": [one.score.right for one in ranked],
            "guessed": [one.score.guessed for one in ranked],
            "gold": [one.score.gold for one in ranked],
            "unknown words": [one.unknown for one in ranked],
            "": [HOW[one.how] for one in ranked],
            "ms": [1e3 * one.seconds for one in ranked],
        }
    )
    st.dataframe(
        table, hide_index=True, height=min(38 + 35 * len(ranked), 255), key="error_table",
        selection_mode="single-row", on_select="rerun",
        column_config={
            "F1": st.column_config.ProgressColumn(format="%.0f", min_value=0, max_value=100),
            "sentence": st.column_config.TextColumn(width="large"),
            "ms": st.column_config.NumberColumn(format="%.1f"),
        },
    )  # fmt: skip


def _selected(count: int) -> int:
    rows = st.session_state.get("error_table", {}).get("selection", {}).get("rows", [])
    return rows[0] if rows and rows[0] < count else 0


def _words(one: Tried) -> tuple[str, ...]:
    return read(one.gold)[0].words()


def _beside(chosen: Chosen, one: Tried) -> None:
    """Gold and guess, with what differs marked."""
    gold, guess = read(one.gold)[0], read(one.guess)[0]
    wrong = differences(gold, guess)
    unknown = frozenset(
        k for k, word in enumerate(gold.words()) if not chosen.learned.lexicon.known(word)
    )
    score = one.score
    under = [f"{score.right} of {score.guessed} brackets right: {score.precision:.0%} precision"]
    if one.how != parser.WHOLE:
        under.append("The grammar has no tree for it: likeliest pieces, side by side.")
    if wrong.tags:
        told = ", ".join(f"{a} → {b}" for a, b in list(wrong.tags)[:4])
        under.append(f"tags taken for others: {told}")
    trees(
        [
            Drawn(gold, "Gold, from the treebank",
                  (f"{score.right} of {score.gold} brackets found: {score.recall:.0%} recall",),
                  wrong.missed, unknown),
            Drawn(guess, "The grammar's guess", tuple(under), wrong.invented, unknown),
        ],
        key="error_trees", name="The gold tree and the guess; brackets that differ are marked",
        marks="the other tree lacks it",
    )  # fmt: skip
    st.caption(
        "Marked are brackets that the other tree lacks: missed in gold, invented in the guess. "
        "Choose another sentence in the table below."
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _found(id: str, _tried: tuple[Tried, ...]) -> Habits:
    return Habits(*habits(map(_pair, _tried)))


def _pair(one: Tried) -> tuple[Tree, Tree]:
    return read(one.gold)[0], read(one.guess)[0]


def _habits(found: Habits) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown("**Which categories go wrong**")
        some = found.categories[:ROWS]
        table = pd.DataFrame(
            {
                "category": [one.label for one in some],
                "in gold": [one.gold for one in some],
                "missed": [one.missed for one in some],
                "invented": [one.invented for one in some],
                "F1": [100 * one.f1 for one in some],
            }
        )
        st.dataframe(
            table, hide_index=True, key="habits",
            column_config={
                "F1": st.column_config.ProgressColumn(format="%.0f", min_value=0, max_value=100)
            },
        )  # fmt: skip
    with right:
        st.markdown("**Which tags are taken for others**")
        tags = found.tags[:ROWS]
        if not tags:
            st.caption("None.")
            return
        table = pd.DataFrame(
            {
                "gold": [a for a, _, _ in tags],
                "guessed": [b for _, b, _ in tags],
                "times": [count for _, _, count in tags],
            }
        )
        st.dataframe(table, hide_index=True, key="confused_tags")


def to_csv(tried: tuple[Tried, ...]) -> str:
    """A row a sentence, in the order of the treebank."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["sentence", "words", "unknown", "right", "guessed", "gold", "f1", "right_tags",
         "tagged", "exact", "crossing", "how", "seconds", "gold_tree", "guess"]
    )  # fmt: skip
    for one in tried:
        s = one.score
        writer.writerow(
            [one.place + 1, one.words, one.unknown, s.right, s.guessed, s.gold, f"{s.f1:.6f}",
             s.right_tags, s.words, s.exact, s.crossing, one.how, f"{one.seconds:.6f}", one.gold,
             one.guess]
        )  # fmt: skip
    return file.getvalue()


def _guesses(tried: tuple[Tried, ...]) -> str:
    return "".join(f"( {one.guess} )\n" for one in tried)

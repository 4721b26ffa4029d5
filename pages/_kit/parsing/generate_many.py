"""Many sentences drawn at once: how long they are, how often each comes, and the likeliest of all."""

from __future__ import annotations

import csv
import io
import math
from functools import partial
from itertools import islice

import pandas as pd
import streamlit as st

from core.charts import grammars as charts
from core.errors import SettingError
from core.parsing import generating
from core.parsing.brackets import one_line
from core.parsing.generating import NODES, Drawn, Often
from core.parsing.grammar import Grammar
from core.parsing.sampling import Likely, Moments, likeliest
from core.rng import stream
from pages._kit import choose, take
from pages._kit import show as shown_once
from pages._kit.stage.trees import Drawn as Shown
from pages._kit.stage.trees import trees

COUNTS = (50, 200, 500, 1000, 2000)
LIKELY, LOOKED_AT = 12, 20_000
BRACKETS, TABLE = "Trees, brackets", "Sentences, CSV"


def show(text: str, grammar: Grammar, seed: int, moments: Moments | None) -> None:
    """The part of the room."""
    st.markdown("#### Many at once")
    with st.container(width=420):
        count = choose.slide("Sentences to draw", COUNTS, 500, key="draws")
    found = _drawn(text, seed, count, grammar)
    _told(found, moments)
    if found.trees:
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**How long they are**")
            expected = moments.length if moments is not None else None
            shown_once.chart(charts.lengths, found.lengths, expected)
            if expected is not None:
                st.caption(
                    f"Dashed: the expected length L = {expected:.2f}. Drawn: {found.lengths.mean():.2f}."
                )
            else:
                st.caption(f"Of those that ended; their mean is {found.lengths.mean():.2f} words.")
        with right:
            _often(text, seed, count, grammar, found)
        files = {
            "generated.mrg": partial(_brackets, found),
            "generated.csv": partial(_csv, found),
        }
        take.home(files, labels={"mrg": BRACKETS, "csv": TABLE})
    _likeliest(text, grammar)


def _told(found: Drawn, moments: Moments | None) -> None:
    if not found.endless:
        return
    share = len(found.trees) / found.count
    if moments is not None and moments.radius > 1 + 1e-9:
        error = math.sqrt(moments.ends * (1 - moments.ends) / found.count)
        off = abs(share - moments.ends) / error
        st.markdown(
            f"**{len(found.trees):,} of {found.count:,} ended**, {share:.1%}. The equation says "
            f"Z = {moments.ends:.1%}: that is {off:.1f} standard errors away, "
            "and another seed gives another share."
        )
    else:
        st.markdown(
            f"{found.endless:,} of {found.count:,} had more than {NODES} nodes and were given up."
        )


def _often(text: str, seed: int, count: int, grammar: Grammar, found: Drawn) -> None:
    st.markdown("**How often the same one came**")
    try:
        rows = _compared(text, seed, count, grammar, found)
    except SettingError:
        st.caption("Their probabilities are too much to sum up for this grammar.")
        return
    N = found.count
    shown_once.chart(
        charts.often, [" ".join(one.words) for one in rows], [one.count / N for one in rows],
        [one.p for one in rows], [one.error(N) for one in rows],
    )  # fmt: skip
    inside = sum(abs(one.count / N - one.p) <= 2 * one.error(N) for one in rows)
    st.caption(
        f"Dot: came, count/N of {N:,}. Tick: p, the sum over all trees of the sentence. Bar: p ± 2 "
        r"standard errors, $\sqrt{p(1-p)/N}$. "
        f"{inside} of {len(rows)} dots lie inside. Shown are those that came most often, so that some lie "
        "to the right."
    )


def _likeliest(text: str, grammar: Grammar) -> None:
    st.markdown("#### The likeliest of all")
    rows = _most(text, grammar)
    if not rows:
        st.caption("None was found in the time there is.")
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        frame = pd.DataFrame(
            {
                "sentence": [" ".join(one.tree.words()) for one in rows],
                "p": [math.exp(one.log_p) for one in rows],
            }
        )
        frame["sum"] = frame["p"].cumsum()
        number = st.column_config.NumberColumn
        picked = st.dataframe(
            frame, hide_index=True, key="likeliest", selection_mode="single-row", on_select="rerun",
            height=38 + 35 * min(8, len(rows)),
            column_config={
                "p": number(format="%.3g", help="The product of the rules of its tree"),
                "sum": number(format="%.3g", help="Of this and all above it"),
            },
        )["selection"]["rows"]  # fmt: skip
    place = picked[0] if picked and picked[0] < len(rows) else 0
    one = rows[place]
    with right:
        trees(
            [Shown(one.tree, f"Number {place + 1}", (f"p = {math.exp(one.log_p):.3g}",))],
            key="likeliest_tree", name="One of the likeliest trees of the grammar", file="likeliest",
        )  # fmt: skip


@st.cache_resource(max_entries=16, show_spinner="Drawing sentences …")
def _drawn(text: str, seed: int, count: int, _grammar: Grammar) -> Drawn:
    return generating.drawn(_grammar, count, generator=stream(seed, "many sentences"))


@st.cache_resource(max_entries=16, show_spinner=False)
def _compared(text: str, seed: int, count: int, _grammar: Grammar, _found: Drawn) -> list[Often]:
    return generating.often(_grammar, _found)


@st.cache_resource(max_entries=16, show_spinner=False)
def _most(text: str, _grammar: Grammar) -> list[Likely]:
    return list(islice(likeliest(_grammar, expanded=LOOKED_AT), LIKELY))


def _brackets(found: Drawn) -> str:
    return "".join(f"( {one_line(tree)} )\n" for tree in found.trees)


def _csv(found: Drawn) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["sentence", "words", "tree"])
    writer.writerows([" ".join(t.words()), len(t.words()), one_line(t)] for t in found.trees)
    return file.getvalue()

"""Words that were never seen: known by how they look."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.charts import treebanks as charts
from core.parsing.treebank import LOOK_PULL, PULL, RARE
from core.parsing.unknown import signatures
from pages._kit import frame
from pages._kit import show as shown_once
from pages._kit.parsing.learned import Chosen

FIRST = {"chinese": "飞机"}
ABOUT = (
    "A word that is not in the treebank may have any tag, but not any as likely as another: its capital, "
    "its digits, its ending tell. What looks mean is learned from the rare words, those seen "
    f"{RARE} times at most, as unknown words are like them."
)
FORMULA = (
    r"p(\mathrm{tag} \mid \mathrm{word}) = \frac{\mathrm{count}(\mathrm{tag}, \mathrm{word}) + k\, "
    r"p(\mathrm{tag} \mid \mathrm{look})}{\mathrm{count}(\mathrm{word}) + k}"
)


def show(chosen: Chosen) -> None:
    """The part of the room."""
    lexicon = chosen.learned.lexicon
    st.markdown(ABOUT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"unknown_word_{chosen.language}"
        word = st.text_input(
            "A word", FIRST.get(chosen.language, "unbelievably"), key=key, bind="query-params",
            max_chars=60, width=260,
        ).strip()  # fmt: skip
        first = st.toggle("First of its sentence", key="unknown_first", bind="query-params")
    if not word or " " in word:
        st.info("Type one word.", icon=":material/edit:")
        return
    seen = lexicon.pairs.get(word)
    if seen is None:
        st.markdown(
            f"“{frame.plain(word)}” is **not in the treebank**. Its looks, the closest first:"
        )
    else:
        told = ", ".join(f"{frame.plain(tag)} {count:,}" for tag, count in seen.most_common(4))
        st.markdown(
            f"“{frame.plain(word)}” was seen **{seen.total():,} times** ({told}). Its looks count "
            f"as {'k = 1 word' if seen.total() <= RARE else 'a little'} beside that:"
        )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.dataframe(_looks(chosen, word, first), hide_index=True, key="unknown_looks")
        st.latex(FORMULA)
        st.caption(
            f"k = {PULL:g} for words seen {RARE} times at most, and {PULL:g}/count for others. Each "
            f"look is drawn to the plainer one behind it in the same way, with k = {LOOK_PULL:g}."
        )
    with right:
        given = lexicon.given(word, first)
        st.markdown(f"**What “{frame.plain(word)}” may be**")
        if given:
            shown_once.chart(charts.looks, list(given), list(given.values()))
        else:
            st.caption("No rare word of the treebank looks like anything.")


def _looks(chosen: Chosen, word: str, first: bool) -> pd.DataFrame:
    rows = []
    for look in signatures(word, first):
        seen = chosen.learned.lexicon.looks.get(look)
        rows.append(
            {
                "look": look if look != "?" else "any",
                "rare words that look so": seen.total() if seen else 0,
                "their tags": ", ".join(f"{tag} {n}" for tag, n in seen.most_common(4))
                if seen
                else "–",
            }
        )
    return pd.DataFrame(rows)

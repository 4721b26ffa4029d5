"""A tree on its way from the treebank to the rules: cleaned, with memory in its labels, and back."""

from __future__ import annotations

import streamlit as st

from core.errors import SettingError
from core.parsing import brackets, treebank_index
from core.parsing.cleaning import cleaned
from core.parsing.markov import unmarkovised
from core.parsing.parser import top_off
from core.parsing.tree import Tree
from core.parsing.treebank_functions import with_functions
from pages._kit import choose, frame
from pages._kit.parsing.learned import Chosen
from pages._kit.stage.trees import Drawn, trees

TRACED = (
    "(S (NP-SBJ-1 (DT The) (NN letter)) (VP (VBD was) (VP (VBN written) (NP (-NONE- *-1)) "
    "(PP-LGS (IN by) (NP (DT a) (JJ young) (NN poet))) (NP-TMP (JJ last) (NN year)))) (. .))"
)
MOST = 4000  # characters of a tree that is typed
FIRST, TYPED = "From the treebank", "Typed"
CLEANED = (
    "Traces (-NONE-) say where something would stand in another word order. A sentence has none of "
    "them, so they go, and with them what is left empty. Function tags (-SBJ, -TMP) and numbers go, too."
)
REMEMBERED = (
    "A chart wants two children a node, and a plain category forgets where it stands. So long rules "
    "are cut into twos, whose names say what came before (**@**), and labels get what is above them "
    "(**^**). Rules are counted here. Undone, a guess has the treebank's own categories again."
)


def show(chosen: Chosen) -> None:
    """The part of the room."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        where = st.segmented_control(
            "Which tree", [FIRST, TYPED], default=FIRST, key="way_from", bind="query-params",
            required=True,
        )  # fmt: skip
        tree = _typed() if where == TYPED else _picked(chosen)
    if tree is None:
        return
    functions = chosen.config.functions
    clean = cleaned(with_functions(tree) if functions else tree)
    if clean is None:
        st.info("Nothing is left of this tree but traces.")
        return
    same = clean == tree
    st.markdown(f"**1. Cleaned.** {CLEANED}")
    trees(
        [Drawn(tree, "In the treebank"),
         Drawn(clean, "Cleaned", ("nothing to clean in this one",) if same else ())],
        key="way_cleaned", name="A tree before and after it is cleaned",
    )  # fmt: skip
    ready = treebank_index.as_learned(tree, chosen.learned, functions=functions)
    assert ready is not None
    markov = chosen.learned.markov
    h = "all" if markov.horizontal is None else markov.horizontal
    st.markdown(f"**2. With memory, v = {markov.vertical} and h = {h}.** {REMEMBERED}")
    back = top_off(unmarkovised(ready))
    kept = "the cleaned tree again" if back == clean else "NOT the cleaned tree"
    trees(
        [Drawn(ready, "As rules are counted"), Drawn(back, "Undone", (kept,))],
        key="way_ready", name="The tree with memory in its labels, and undone",
    )  # fmt: skip


def _picked(chosen: Chosen) -> Tree:
    count = len(chosen.train)
    number = choose.whole(f"Tree of {count:,}", 1, count, key="way_tree", default=min(2, count))
    return chosen.train[number - 1]


def _typed() -> Tree | None:
    text = st.text_input(
        "A tree in brackets", TRACED, key="way_text", bind="query-params", max_chars=MOST
    )
    try:
        found = brackets.read(text)
    except SettingError as error:
        frame.report(error)
        return None
    if not found:
        st.info("Type a tree, such as (S (NP she) (VP sings)).", icon=":material/edit:")
        return None
    return found[0]

"""One sentence drawn from a grammar, its derivation growing rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.parsing import generating, sampling
from core.parsing.generating import NODES, Stage
from core.parsing.grammar import Grammar
from core.parsing.tree import Tree
from core.rng import stream
from pages._kit import choose, frame
from pages._kit.parsing.generate_player import played
from pages._kit.stage.trees import Drawn, trees

MOST = 999
TRIES = 400  # drawings until one ends
FORM = 60  # symbols of a sentential form that are written


@dataclass(frozen=True, eq=False)
class One:
    """A tree that ended, and how many before it did not."""

    tree: Tree | None
    before: int


def show(text: str, grammar: Grammar, seed: int, place: DeltaGenerator) -> None:
    """The part of the room; what chooses the sentence stands in `place`."""
    with place, st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            number = choose.whole("Sentence", 1, MOST, key="drawn_sentence", default=1)
        st.button(
            "Draw another", key="draw_next", icon=":material/casino:", type="primary",
            on_click=_next, args=(number,),
        )  # fmt: skip
    one = _drawn(text, seed, number, grammar)
    if one.tree is None:
        st.info(
            f"{TRIES} drawings one after another had more than {NODES} nodes: this grammar hardly ever "
            "ends.",
            icon=":material/all_inclusive:",
        )
        return
    tree = one.tree
    words = frame.plain(" ".join(tree.words()))
    lost = ""
    if one.before:
        many = "one drawing was" if one.before == 1 else f"{one.before} drawings were"
        lost = f" Before it, {many} given up after {NODES} nodes."
    st.markdown(f"### “{words}”")
    stages = _stages(text, seed, number, grammar, tree)
    played(
        lambda step: _draw(stages, step, lost),
        len(stages) - 1,
        key="derived",
        unit="Step",
    )


def _next(number: int) -> None:
    st.session_state["drawn_sentence"] = number % MOST + 1
    st.session_state["derived"] = 0
    st.session_state["derived_playing"] = True


def _draw(stages: list[Stage], step: int, lost: str) -> None:
    stage = stages[step]
    form = stage.form
    told = " ".join(
        f"**{frame.plain(symbol)}**" if k in stage.open else frame.plain(symbol)
        for k, symbol in enumerate(form[:FORM])
    ) + (" …" if len(form) > FORM else "")  # fmt: skip
    st.markdown(
        f":material/subdirectory_arrow_right: {frame.plain(stage.rule)} with probability {stage.p:g} gives "
        f"&ensp; {told}"
    )
    p = f"p = {_power(stage.log_p)}"
    title = "The derivation so far" if stage.open else "The tree"
    trees(
        [Drawn(stage.tree, title, (p, f"{step + 1} of {len(stages)} rules"))], key="derivation",
        name="A tree that grows rule by rule", file="derivation",
    )  # fmt: skip
    st.caption(
        "The leftmost category is replaced, each time by a rule drawn with its probability; the tree has "
        f"the product of them. Bold symbols still wait.{lost}"
    )


def _power(log_p: float) -> str:
    """exp(log_p), also where it is too small for a float."""
    ten = log_p / 2.302585092994046
    return f"{10**ten:.3g}" if ten > -5 else f"{10 ** (ten % 1):.2f} × 10^{int(ten // 1)}"


@st.cache_resource(max_entries=64, show_spinner=False)
def _drawn(text: str, seed: int, number: int, _grammar: Grammar) -> One:
    generator = stream(seed, "a sentence", number)
    for before in range(TRIES):
        tree = sampling.sample(_grammar, generator=generator, most=NODES)
        if tree is not None:
            return One(tree, before)
    return One(None, TRIES)


@st.cache_resource(max_entries=16, show_spinner=False)
def _stages(text: str, seed: int, number: int, _grammar: Grammar, _tree: Tree) -> list[Stage]:
    return generating.derivation(_tree, _grammar)

"""Learn: probabilities from bare sentences, by inside-outside, round by round."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.parsing import generating
from core.parsing.grammar import Grammar, normalised
from core.parsing.inside_outside import Config
from pages._kit import choose, frame
from pages._kit.parsing import learn_after, learn_round, learn_run, learn_sentences
from pages._kit.parsing.generate_player import played
from pages._kit.parsing.learn_round import Truth
from pages._kit.parsing.learn_sentences import LONGEST, Bare
from pages._kit.parsing.view import View, read

STARTS = {"Random": "random", "All alike": "equal", "The grammar's own": "given"}
ROUNDS = (5, 10, 20, 50, 100, 200)
LISTED = 200  # sentences that can be read
RULES = 2_000  # of a grammar that is learned
ABOUT = (
    "The rules are given, their probabilities are not, and nobody says which tree is right. Each round "
    "takes **every** tree of every sentence, weighted by how likely it is now, counts the rules in "
    "them, and divides. The likelihood of the sentences never falls."
)
ABOUT_START = (
    "Where learning begins. From other places it may end in other places: try other seeds."
)


def show(view: View) -> None:
    """The room."""
    st.markdown(ABOUT)
    if len(view.grammar) > RULES:
        st.warning(
            f"This grammar has {len(view.grammar):,} rules; here up to {RULES:,} are learned.",
            icon=":material/block:",
        )
        return
    # Zeros never become anything else: a rule that is never used cannot be learned.
    text = normalised(view.grammar).text()
    # The order of rules that the learner sees: reading a text numbers categories anew.
    grammar = read(text).grammar
    assert grammar is not None
    left, right = st.columns([3, 2], gap="large")
    with right:
        start = st.segmented_control(
            "Begin with", list(STARTS), default="Random", key="learn_start", bind="query-params",
            required=True, help=ABOUT_START,
        )  # fmt: skip
        rounds = choose.slide("Rounds", ROUNDS, 20, key="learn_rounds")
        seed = frame.seed()
    with left:
        bare = learn_sentences.chosen(view, grammar, text, seed)
    if not bare.sentences:
        st.info(
            "Type a sentence, and learning begins." if not bare.left_out else
            "No sentence was drawn that ends and is short enough: take another grammar, or type sentences.",
            icon=":material/edit:",
        )  # fmt: skip
        return
    config = Config(rounds=rounds, start=STARTS[start or "Random"])
    with left:
        _told(bare)
    steps = learn_run.learned(text, grammar, bare.lines, config, seed)
    if not steps:
        return
    truth = _truth(text, grammar, bare)
    rule = learn_round.rule(grammar)
    played(
        partial(learn_round.show, grammar, steps, rule, truth),
        len(steps) - 1,
        key="round",
        unit="Round",
    )
    learn_after.show(grammar, bare, steps, truth)


def _told(bare: Bare) -> None:
    """How many sentences there are, and the first of them."""
    different = len(set(bare.sentences))
    one = len(bare.sentences) == 1
    told = "One sentence" if one else f"{len(bare.sentences):,} sentences, {different:,} different"
    with st.popover(told, icon=":material/notes:"):
        st.code("\n".join(bare.lines.splitlines()[:LISTED]), language=None, height=300)
    if bare.left_out:
        st.caption(f"{bare.left_out:,} other drawings had more than {LONGEST} words, or no end.")


def _truth(text: str, grammar: Grammar, bare: Bare) -> Truth | None:
    """What counting in the hidden trees says; None where sentences have none."""
    if not bare.hidden:
        return None
    p = generating.shares(grammar, generating.uses(grammar, bare.hidden))
    filled = generating.filled(grammar, p)
    return Truth(p, learn_run.level(text, bare.lines, filled, grammar))

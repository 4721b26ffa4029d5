"""Which bare sentences a grammar learns from: drawn from itself, so that the truth is known, or typed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets.grammars import PRESETS
from core.parsing import generating
from core.parsing.grammar import Grammar
from core.parsing.tree import Tree
from core.rng import stream
from pages._kit import choose, frame
from pages._kit.parsing.view import View

DRAWN, TYPED = "Drawn from the grammar", "Typed"
COUNTS = (20, 50, 100, 200, 500, 1000)
LONGEST = 20  # words of a sentence that is drawn
CHARACTERS, SENTENCES, WORDS = 20_000, 500, 60
ABOUT = (
    "**Drawn**: the grammar makes sentences, their trees are hidden, and learning begins without its "
    "probabilities. Then one can see whether they come back. **Typed**: one sentence a line, words between "
    "spaces."
)


@dataclass(frozen=True, eq=False)
class Bare:
    """Sentences, and the trees they came with where they were drawn."""

    sentences: tuple[tuple[str, ...], ...]
    hidden: tuple[Tree, ...]
    left_out: int  # of those drawn: without an end, or too long

    @property
    def lines(self) -> str:
        return "\n".join(map(" ".join, self.sentences))


def chosen(view: View, grammar: Grammar, text: str, seed: int) -> Bare:
    """Let the visitor choose."""
    source = st.segmented_control(
        "Sentences", [DRAWN, TYPED], default=DRAWN, key="learn_from", bind="query-params",
        required=True, help=ABOUT,
    )  # fmt: skip
    if source == TYPED:
        return _typed(view)
    count = choose.slide("How many", COUNTS, 100, key="learn_count")
    return _drawn(text, count, seed, grammar)


def _typed(view: View) -> Bare:
    ready = PRESETS[view.name].sentences if view.name in PRESETS else ()
    key = f"learn_text_{view.name}"
    text = st.text_area(
        "One a line",
        "\n".join(ready),
        key=key,
        bind="query-params",
        max_chars=CHARACTERS,
        height=150,
    )
    lines = [tuple(line.split()) for line in text.splitlines() if line.strip()]
    short = [line for line in lines if len(line) <= WORDS][:SENTENCES]
    if len(short) < len(lines):
        st.warning(
            f"{len(lines) - len(short)} of {len(lines)} lines are left out: at most {SENTENCES} sentences "
            f"of up to {WORDS} words are learned from.",
            icon=":material/content_cut:",
        )
    unknown = sorted({word for line in short for word in line} - set(view.grammar.words))
    if unknown:
        told = ", ".join(unknown[:8]) + (" …" if len(unknown) > 8 else "")
        st.caption(
            "Words that no rule makes, so that their sentences have no tree: " + frame.plain(told)
        )
    return Bare(tuple(short), (), 0)


@st.cache_resource(max_entries=16, show_spinner="Drawing sentences …")
def _drawn(text: str, count: int, seed: int, _grammar: Grammar) -> Bare:
    generator = stream(seed, "bare sentences")
    found = generating.short(_grammar, count, longest=LONGEST, generator=generator)
    return Bare(tuple(found.sentences), found.trees, found.endless)

"""Which sentence: typed, or one of the grammar's examples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from core.datasets.grammars import PRESETS
from core.parsing.sampling import likeliest
from core.parsing.segment import segment
from pages._kit import frame
from pages._kit.parsing import grammar_own
from pages._kit.parsing.grammar_own import OWN
from pages._kit.parsing.view import read

EXAMPLES = 4
LOOKED_AT = 5_000  # partial derivations looked at for examples
RULES = 20_000  # of a grammar for which examples are made
MOST = 20_000  # characters
STYLE = """<style>.st-key-examples button, .st-key-examples button * {
justify-content: start; text-align: start; }</style>"""
ABOUT = "Words with spaces between them. Scripts without spaces are cut into the grammar's words."


def chosen(name: str, text: str) -> tuple[str, ...]:
    """The words of the sentence, for the grammar called `name` whose text is `text`."""
    known = words(text)
    ready = examples(name, text, grammar_own.source())
    first = ready[0] if ready else ""
    if "sentence" not in st.session_state and "sentence" not in st.query_params:
        st.session_state["sentence"] = first
    elif st.session_state.get("sentence_of", name) != name:
        before = segment(st.session_state.get("sentence", ""), known)
        if not before or not known.issuperset(before):
            st.session_state["sentence"] = first
    elif name == OWN and "sentence" not in st.query_params:
        # A preset's first sentence need not stand in the link, but this link needs one; only what is
        # set anew gets there.
        st.session_state["sentence"] = st.session_state["sentence"]
    st.session_state["sentence_of"] = name
    typed = st.text_input(
        "Sentence", key="sentence", bind="query-params", help=ABOUT, max_chars=MOST
    )
    found = segment(typed, known)
    if found != tuple(typed.split()):
        st.caption(f"Read as: {frame.plain(' '.join(found[:40]))}{' …' if len(found) > 40 else ''}")
    with st.container(key="examples", gap=None):
        st.html(STYLE)
        for number, example in enumerate(ready):
            if example != typed:
                st.button(
                    frame.plain(example), key=f"example_{number}", type="tertiary",
                    on_click=_take, args=(example,),
                )  # fmt: skip
    return found


def _take(example: str) -> None:
    st.session_state["sentence"] = example


@st.cache_resource(max_entries=16, show_spinner=False)
def words(text: str) -> frozenset[str]:
    """Sigma of a grammar."""
    grammar = read(text).grammar
    return frozenset(grammar.words if grammar is not None else ())


@st.cache_resource(max_entries=32, show_spinner=False)
def examples(name: str, text: str, source: str) -> Sequence[str]:
    """Sentences to begin with: the preset's; for an own grammar those of `source` or of another
    preset, as far as it has the words, or else its likeliest."""
    if name in PRESETS:
        return PRESETS[name].sentences
    known = words(text)
    presets = [PRESETS[source], *PRESETS.values()]
    ready = dict.fromkeys(one for preset in presets for one in preset.sentences)
    return [one for one in ready if known.issuperset(one.split())][:EXAMPLES] or _made(text)


def _made(text: str) -> list[str]:
    """The likeliest sentences of a grammar, no word twice in a row, as far as they can be had."""
    grammar = read(text).grammar
    if grammar is None or len(grammar) > RULES:
        return []
    trees = islice(likeliest(grammar, expanded=LOOKED_AT), 50)
    found = dict.fromkeys(" ".join(one.tree.words()) for one in trees)
    return list(islice(found, EXAMPLES))

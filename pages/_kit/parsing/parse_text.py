"""Parse text: any text, cut into sentences and words, each sentence with its tree, in a limited time."""

from __future__ import annotations

import streamlit as st

from core.parsing import parser, text_run
from core.parsing.parser import Parse
from pages._kit import choose
from pages._kit.parsing import (
    parse_text_input,
    parse_text_run,
    parse_text_sentence,
    parse_text_table,
)
from pages._kit.parsing.learned import Chosen

SECONDS = (0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
ABOUT_SECONDS = (
    "Time for one sentence. When it runs out, the best pieces that were found stand side by side."
)
EMBEDDED = (
    "This grammar knows {words:,} words from {trees} sentences: it reads sentences like those, with a "
    "new word here and there. For what people write it has seen far too little. {more}"
)
MORE = {
    "english": "A grammar from NLTK's sample of the Penn Treebank, in the sidebar, gets about three "
    "brackets in four right on news.",
    "chinese": "For that, bring a larger treebank in the sidebar.",
}
MOST = 0.5  # of the words unknown


def show(chosen: Chosen | None) -> None:
    """The room. Without a grammar there is nothing to show but what has been said."""
    if chosen is None:
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        text = parse_text_input.chosen(chosen.language)
        seconds = choose.slide(
            "Seconds a sentence", SECONDS, 5.0, key="text_seconds", help=ABOUT_SECONDS
        )
    with right:
        doubt = parse_text_input.doubts(text, chosen.language)
        if doubt:
            st.warning(doubt, icon=":material/translate:")
        done = parse_text_run.parsed(chosen, text, seconds)
        if done is None:
            st.info(
                "Type a sentence, or take a sample, and its tree appears.", icon=":material/edit:"
            )
            return
        if not done.parses:
            return
        unknown = [text_run.unseen(chosen.learned, one) for one in done.parses]
        _figures(done, unknown)
        place = parse_text_table.table(done.parses, unknown)
        _told(chosen, done.parses, unknown)
    parse_text_sentence.show(chosen, done.parses[place], place, unknown[place], seconds)
    if done.finished:
        parse_text_table.home(done.parses)


def _figures(done: parse_text_run.Done, unknown: list[frozenset[int]]) -> None:
    parses = done.parses
    words = sum(len(one.words) for one in parses)
    whole = sum(one.how == parser.WHOLE for one in parses)
    with st.container(horizontal=True, gap="medium", key="text_figures"):
        count = f"{len(parses):,}" if done.finished else f"{len(parses):,} of {done.sentences:,}"
        st.metric("Sentences", count, width="content")
        st.metric("Words", f"{words:,}", width="content")
        st.metric("Unknown", f"{sum(map(len, unknown)) / words:.0%}", width="content")
        st.metric("Whole trees", f"{whole:,}", width="content")
        st.metric("Time", _time(sum(one.seconds for one in parses)), width="content")


def _time(seconds: float) -> str:
    return (
        f"{seconds:.1f} s" if seconds >= 1 else f"{1e3 * seconds:.{0 if seconds > 0.01 else 1}f} ms"
    )


def _told(chosen: Chosen, parses: tuple[Parse, ...], unknown: list[frozenset[int]]) -> None:
    late = sum(one.how == parser.LATE for one in parses)
    if late:
        st.warning(
            f"Time ran out in {late} of {len(parses)} sentences; their best pieces stand side by side.",
            icon=":material/timer_off:",
        )
    words = sum(len(one.words) for one in parses)
    if sum(map(len, unknown)) > MOST * words:
        st.caption(
            ":material/help: Most of these words are guessed by their looks, and so are the trees."
        )
    if chosen.embedded:
        learned = chosen.learned
        told = EMBEDDED.format(
            words=len(learned.lexicon.pairs), trees=learned.trees,
            more=MORE[chosen.language],
        )  # fmt: skip
        st.caption(f":material/info: {told}")

"""What the rooms about one sentence look at: a grammar, the sentence, and its chart."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.errors import require
from core.parsing.chart import Chart, Engine
from core.parsing.grammar import Grammar
from core.parsing.grammar_text import Parsed, parse
from core.parsing.normal_form import normal

WORDS = 1000  # of a sentence
SECONDS = 10.0  # for its chart


@dataclass(frozen=True, eq=False)
class View:
    """`chart` is that of all `words`, or None where there are none. `typed` is what the editor holds: the
    text of the grammar, unless that cannot be read."""

    name: str  # of the grammar, in the link
    text: str
    parsed: Parsed
    grammar: Grammar
    words: tuple[str, ...]
    engine: Engine
    chart: Chart | None
    typed: str

    @property
    def sentence(self) -> str:
        return " ".join(self.words)


@st.cache_resource(max_entries=16, show_spinner=False)
def read(text: str) -> Parsed:
    """The grammar of a text and what is wrong with it, read once. Not to be changed."""
    return parse(text)


@st.cache_resource(max_entries=16, show_spinner=False)
def engine(text: str) -> Engine:
    """The grammar of a text made ready. Raises SettingError as `normal` does."""
    grammar = read(text).grammar
    assert grammar is not None
    return Engine(normal(grammar))


@st.cache_resource(max_entries=32, show_spinner=False)
def charted(text: str, words: tuple[str, ...]) -> Chart:
    """The chart of a sentence, filled once. Raises SettingError where that is too much."""
    require(len(words) <= WORDS, "sentence", wanted=f"at most {WORDS:,} words",
            given=f"{len(words):,}")  # fmt: skip
    chart = engine(text).chart(words, seconds=SECONDS)
    require(chart.complete, "sentence", wanted=f"a chart that is filled in {SECONDS:.0f} s",
            given=f"{chart.columns} of {len(words)} words after that time")  # fmt: skip
    return chart


def viewed(name: str, text: str, words: tuple[str, ...], typed: str | None = None) -> View:
    """All of it, for a text that is a grammar."""
    parsed = read(text)
    assert parsed.grammar is not None
    made = engine(text)
    chart = charted(text, words) if words else None
    return View(
        name, text, parsed, parsed.grammar, words, made, chart, text if typed is None else typed
    )

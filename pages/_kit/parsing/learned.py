"""A grammar learned from a treebank: which trees, what of their surroundings rules remember."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from core.datasets import treebanks
from core.errors import VitrineError
from core.parsing import treebank_run as run
from core.parsing.brackets import one_line
from core.parsing.tree import Tree
from core.parsing.treebank import Learned
from core.parsing.treebank_run import Config
from core.rng import stream
from core.store import fingerprint
from pages._kit import choose, frame, play
from pages._kit.parsing import treebank_source
from pages._kit.parsing.treebank_source import Source

AT_ONCE = 8_000  # words of trees that are learned from in a moment
ALWAYS = 1e12  # multiply-adds: more than that is a job, however fast the machine
SMALL, LARGE = "", "_large"  # ends of the keys: few trees are better served by little memory
LAST, DRAWN = "the last", "at random"
ALL = "all"
ABOUT_VERTICAL = (
    "1: a category is just itself. 2: it knows what is right above it (NP^S, the subject), 3: what "
    "is above that, too. More memory needs more trees."
)
ABOUT_HORIZONTAL = (
    "Long rules are cut into twos. What comes next then depends on so many sisters before it; with "
    "“all”, only rules that were seen as a whole exist."
)
ABOUT_TAGS = "Whether the tags of words know what is above them, too."
ABOUT_FUNCTIONS = "NP-SBJ as a category of its own. Traces are always dropped: sentences have none."
ABOUT_HELD = "Trees that are kept back to test with. From ten files on, whole files are kept back."


@dataclass(frozen=True, eq=False)
class Chosen:
    """A grammar and where it comes from. `trees` names train and test, `id` the settings, too."""

    learned: Learned
    name: str
    language: str  # english, chinese or other
    train: tuple[Tree, ...]
    test: tuple[Tree, ...]
    config: Config
    data: run.Data  # the same trees as text
    trees: str
    id: str
    embedded: bool  # whether it is one of this project's small ones


@dataclass(frozen=True, eq=False)
class Split:
    """Trees to learn from and to test with."""

    train: tuple[Tree, ...]
    test: tuple[Tree, ...]
    data: run.Data
    id: str
    words: int  # to learn from, traces counted
    language: str


def chosen() -> Chosen | None:
    """The sidebar. None where there is no grammar yet; what is missing has been said then."""
    source = treebank_source.chosen()
    large = source is not None and len(source.bank.trees) > 1000
    config = _memory(LARGE if large else SMALL)
    share, seed = _held()
    if source is None:
        return None
    try:
        with st._main, st.spinner("Sorting trees …", show_time=True):
            split = _split(source.id, share, seed, source)
        found = _learned(split, config)
    except VitrineError as error:
        with st._main:
            frame.report(error)
        return None
    if found is None:
        return None
    return Chosen(
        learned=found, name=source.name, language=split.language, train=split.train,
        test=split.test, config=config, data=split.data, trees=split.id,
        id=fingerprint(split.id, repr(config)),
        embedded=source.id in ("english", "chinese"),
    )  # fmt: skip


def _memory(size: str) -> Config:
    vertical = st.segmented_control(
        "Vertical memory v", [1, 2, 3], default=2 if size else 1, key=f"vertical{size}",
        bind="query-params", required=True, help=ABOUT_VERTICAL,
    )  # fmt: skip
    horizontal = st.segmented_control(
        "Horizontal memory h", ["0", "1", "2", "3", ALL], default="1", key="horizontal",
        bind="query-params", required=True, help=ABOUT_HORIZONTAL,
    )  # fmt: skip
    tags = st.toggle(
        "Tags know their parents", True, key="tags", bind="query-params", help=ABOUT_TAGS,
        disabled=vertical == 1,
    )  # fmt: skip
    functions = st.toggle(
        "Keep function tags", key="functions", bind="query-params", help=ABOUT_FUNCTIONS
    )
    return Config(
        vertical=vertical or 1, horizontal=None if horizontal == ALL else int(horizontal or 1),
        tags=tags, functions=functions,
    )  # fmt: skip


def _held() -> tuple[float, int | None]:
    """The share that is held out, and the seed where it is drawn."""
    with st.expander("Held out", key="held_more"):
        share = choose.slide("Held out", (5, 10, 20, 30, 50), 10, key="held", help=ABOUT_HELD)
        how = st.segmented_control(
            "Which", [LAST, DRAWN], default=LAST, key="held_how", bind="query-params", required=True
        )
        return share / 100, choose.whole("Seed", 0, 9999, key="held_seed") if how == DRAWN else None


@st.cache_resource(max_entries=6, show_spinner=False)
def _split(source_id: str, share: float, seed: int | None, _source: Source) -> Split:
    generator = None if seed is None else stream(seed, "held out")
    train, test = treebanks.held_out(_source.bank, share, generator=generator)
    data = "\n".join(map(one_line, train)), "\n".join(map(one_line, test))
    words = sum(len(tree.words()) for tree in train)
    language = treebanks.language(_source.bank.trees)
    return Split(train, test, data, fingerprint(*data), words, language)


def _learned(split: Split, config: Config) -> Learned | None:
    """The grammar, at once or as a job. None while that is at work."""
    if split.words <= AT_ONCE:
        return _at_once(split.id, config, split)
    alone = replace(config, evaluate=False, keep=True)
    with st._main:
        trace = play.play(
            "treebank-learning", run.learn, split.data, alone, seed=0, total=run.steps(0, alone),
            work=ALWAYS, draw=_progress,
        )  # fmt: skip
    last = trace.steps[-1] if trace.steps else None
    return last.learned if last is not None else None


@st.cache_resource(max_entries=16, show_spinner=False)
def _at_once(split_id: str, config: Config, _split: Split) -> Learned:
    return run.grammar(_split.train, config)


def _progress(trace: play.Trace) -> None:
    step = trace.steps[-1]
    if step.phase == "read" and not trace.finished:
        st.caption(f"{step.trees:,} trees read, to learn a grammar from")

"""How good a grammar is: its guesses beside the gold trees that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.charts import treebanks as charts
from core.parsing import treebank_run as run
from core.parsing.treebank_run import Config, Step, Tried
from core.rng import stream
from pages._kit import choose, play
from pages._kit import show as shown_once
from pages._kit.parsing import treebank_compare, treebank_errors
from pages._kit.parsing.learned import ALWAYS, AT_ONCE, Chosen

NAME = "treebank-evaluation"
LENGTHS = (10, 20, 40, 100)
EVERY = 5  # steps between two drawings of the curve
RULES = """Scores are those of **evalb**, the field's yardstick. A bracket is a category with its first
and last word. A guessed bracket is right where gold has the same.

- precision = right / guessed, recall = right / gold, F1 = 2 · right / (guessed + gold), where all
  sentences are added up first;
- punctuation is not there when spans are counted, nor is the bracket round the whole (TOP, ROOT);
- tags are not brackets: they have an accuracy of their own;
- traces and function tags are dropped from gold, and PRT is as good as ADVP;
- a sentence matches exactly where all its brackets do."""


@dataclass(frozen=True, eq=False)
class Result:
    """What came of it."""

    last: Step  # of those that parse
    tried: tuple[Tried, ...]
    curve: tuple[Step, ...]
    parsed: tuple[Step, ...]
    finished: bool


def show(chosen: Chosen) -> None:
    """The part of the room."""
    with st.container(horizontal=True, vertical_alignment="center", key="treebank_trial"):
        first = st.container(horizontal=True, width="content")  # the button, or what came of it
        longest, curve = _how(chosen)
        with st.popover("Scoring", icon=":material/balance:"):
            st.markdown(RULES)
    config = replace(chosen.config, longest=longest, curve=curve)
    count = _sentences(chosen.id, longest, chosen)
    if not count:
        st.info(f"No held-out sentence has at most {longest} words.")
        return
    quick = _quick(chosen)
    result = _at_once(chosen.id, config, chosen) if quick else _job(chosen, config, count, first)
    if result is None or not result.tried:
        treebank_compare.show()
        return
    if quick:
        with first:
            _figures(result.last)
        _about(result.last)
    if not result.finished:
        return
    treebank_compare.remember(chosen, config, result.last)
    treebank_errors.show(chosen, result.tried)
    _charts(result)
    treebank_compare.show()
    if quick:
        st.button(
            "Try every memory", key="compare_all", icon=":material/grid_on:", on_click=_try_all,
            args=(chosen, config), help="All v and h on these trees, a row each.",
        )  # fmt: skip


def _how(chosen: Chosen) -> tuple[int, bool]:
    """The longest sentence, and whether the curve is wanted."""
    with st.popover("Settings", icon=":material/tune:"):
        longest = choose.slide("Longest sentence", LENGTHS, 40, key="longest")
        large = not _quick(chosen)
        curve = st.toggle(
            "Learning curve", not large, key=f"curve{'_large' if large else ''}",
            bind="query-params", help="F1 of grammars from 1/16, 1/8, … of the trees, too.",
        )  # fmt: skip
    return longest, curve


def _try_all(chosen: Chosen, config: Config) -> None:
    for v in (1, 2, 3):
        for h in (None, 2, 1, 0):
            one = replace(config, vertical=v, horizontal=h, curve=False)
            *_, last = run.learn(chosen.data, one, generator=stream(0, run.__name__))
            treebank_compare.remember(chosen, one, last)


def _quick(chosen: Chosen) -> bool:
    return len(chosen.data[0]) <= 16 * AT_ONCE and len(chosen.test) <= 100


@st.cache_resource(max_entries=16, show_spinner=False)
def _sentences(id: str, longest: int, _chosen: Chosen) -> int:
    return len(run.to_try(_chosen.test, longest))


@st.cache_resource(max_entries=16, show_spinner=False)
def _at_once(id: str, config: Config, _chosen: Chosen) -> Result:
    steps = run.learn(_chosen.data, config, generator=stream(0, run.__name__))
    result = _result(list(steps), True)
    assert result is not None
    return result


def _job(chosen: Chosen, config: Config, count: int, place: DeltaGenerator) -> Result | None:
    """Many sentences, in another process, when asked for."""
    wish = (chosen.id, config)
    started = st.session_state.get("evaluation_started")
    place.button(
        "Evaluate", key="evaluate_go", type="primary", icon=":material/play_arrow:",
        on_click=_start, args=wish, disabled=started == wish,
    )  # fmt: skip
    if started != wish:
        st.caption(
            f"{count:,} held-out sentences are parsed and compared with their trees, in another "
            "process. Results of other settings stay in a table." if started is None
            else "The settings have changed since: press Evaluate for a new run."
        )  # fmt: skip
        return None
    trace = play.play(
        NAME, run.learn, chosen.data, config, seed=0, total=run.steps(count, config), work=ALWAYS,
        draw=_draw,
    )  # fmt: skip
    return _result(trace.steps, trace.settled)


def _start(id: str, config: Config) -> None:
    st.session_state["evaluation_started"] = (id, config)
    st.session_state.pop("error_table", None)


def _draw(trace: play.Trace) -> None:
    """One frame."""
    result = _result(trace.steps, trace.finished)
    if result is None:
        step = trace.steps[-1]
        st.caption(
            f"{step.trees:,} trees read" if step.phase == "read"
            else f"{step.rules:,} rules learned from {step.trees:,} trees"
        )  # fmt: skip
        return
    _figures(result.last)
    _about(result.last)
    if len(result.parsed) > 2 and not trace.settled:
        drawn = result.parsed[: (len(result.parsed) - 1) // EVERY * EVERY + 1]
        shown_once.chart(charts.running, _rows(drawn))


def _result(steps: Sequence[Step], finished: bool) -> Result | None:
    parsed = tuple(step for step in steps if step.phase == "parsed")
    if not parsed:
        return None
    tried = tuple(one for step in parsed for one in step.tried)
    curve = tuple(step for step in steps if step.phase == "curve")
    return Result(parsed[-1], tried, curve, parsed, finished)


def _figures(step: Step) -> None:
    with st.container(horizontal=True, gap="medium", key="treebank_scores"):
        for name, share in (
            ("F1", step.f1),
            ("Precision", step.precision),
            ("Recall", step.recall),
            ("Tags right", step.tag_accuracy),
            ("Exact trees", step.exact_match),
        ):
            st.metric(name, f"{100 * share:.1f} %", width="content")


def _about(step: Step) -> None:
    """What the figures are of."""
    ms = 1e3 * step.seconds / max(1, step.done)
    many = f"{step.done:,} held-out sentences" if step.done != 1 else "one held-out sentence"
    so_far = "" if step.done == step.sentences else f" of {step.sentences:,}, so far"
    pieced = (
        "The grammar has a tree for each of them" if not step.pieced
        else f"{step.pieced:,} of them had no tree, only pieces"
    )  # fmt: skip
    few = (
        " So few sentences say little: other ones, under **Held out**, give another number."
        if step.sentences < 30 else ""
    )  # fmt: skip
    st.caption(
        f"On {many}{so_far}, which the grammar has never seen. {pieced}; "
        f"{ms:.{1 if ms < 10 else 0}f} ms a sentence.{few}"
    )


def _rows(steps: Sequence[Step]) -> list[dict[str, float]]:
    return [
        {"done": s.done, "precision": s.precision, "recall": s.recall, "f1": s.f1} for s in steps
    ]


def _charts(result: Result) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        if len({(one.words - 1) // charts.BIN for one in result.tried}) > 1:
            st.markdown("**F1 by length**")
            brackets = [one.score.guessed + one.score.gold for one in result.tried]
            shown_once.chart(
                charts.by_length, [one.words for one in result.tried],
                [one.score.f1 for one in result.tried], brackets,
            )  # fmt: skip
            st.caption("Long sentences have more ways to go wrong. Above each bar: its sentences.")
        elif len(result.parsed) > 2:
            st.markdown("**As sentences came in**")
            shown_once.chart(charts.running, _rows(result.parsed))
    with right:
        if result.curve:
            st.markdown("**F1 by trees learned from**")
            shown_once.chart(
                charts.learning_curve, [s.trees for s in result.curve],
                [s.f1 for s in result.curve], [s.pieced for s in result.curve],
            )  # fmt: skip
            st.caption(
                f"Each point is a grammar of its own, tried on {result.curve[-1].sentences:,} held-out "
                "sentences. The trees of each are among those of the next."
            )
        elif len(result.parsed) > 2:
            st.markdown("**As sentences came in**")
            shown_once.chart(charts.running, _rows(result.parsed))

"""One sentence of a text: its words, its likeliest trees, and what unknown words were taken for."""

from __future__ import annotations

import math

import streamlit as st

from core.parsing import parser, text_run
from core.parsing.compare_trees import differing
from core.parsing.parser import Parse
from core.parsing.text_run import Alternative
from core.parsing.treebank import plain
from core.parsing.unknown import signatures
from core.store import fingerprint
from pages._kit import frame
from pages._kit.parsing.learned import Chosen
from pages._kit.stage.trees import Drawn, trees

MOST = 40  # words of a sentence with further trees
READINGS = (1, 2, 3, 5)
TOLD = 6  # unknown words that are explained
ABOUT = "The likeliest trees of this sentence, the best first. What not all of them have is marked."


def show(chosen: Chosen, one: Parse, number: int, unknown: frozenset[int], seconds: float) -> None:
    """The part of the room."""
    _words(one, number, unknown)
    if one.how == parser.WHOLE:
        found = _readings(chosen, one, seconds)
    else:
        late = one.how == parser.LATE
        icon = ":material/timer_off:" if late else ":material/extension:"
        st.warning(f"{one} Ask for more seconds." if late else str(one), icon=icon)
        found = [Alternative(one.tree, one.log_p)]
    marked = differing([reading.tree for reading in found])
    trees(
        [
            Drawn(reading.tree, _title(k, len(found)), _lines(found, k), marked[k], unknown)
            for k, reading in enumerate(found)
        ],
        key="text_trees", name=f"The tree of: {' '.join(one.words)}", marks="differs from the others",
        file=f"sentence-{number + 1}",
    )  # fmt: skip
    _guesses(chosen, one, unknown)


def _words(one: Parse, number: int, unknown: frozenset[int]) -> None:
    told = " ".join(
        f":orange-background[{frame.plain(word)}]" if k in unknown else frame.plain(word)
        for k, word in enumerate(one.words)
    )
    st.markdown(f"**{number + 1}.** {told}")


def _readings(chosen: Chosen, one: Parse, seconds: float) -> list[Alternative]:
    best = Alternative(one.tree, one.log_p)
    if len(one.words) > MOST:
        st.caption(f"{one} Further ones are looked for in sentences of up to {MOST} words.")
        return [best]
    short = len(one.words) <= 10
    wanted = st.segmented_control(
        "Trees", READINGS, default=2 if short else 1, key=f"readings{'' if short else '_long'}",
        bind="query-params", required=True, help=ABOUT,
    )  # fmt: skip
    if wanted in (None, 1):
        return [best]
    id = fingerprint(chosen.id, *one.words)
    found = _alternatives(id, max(READINGS), seconds, chosen, one)
    return [best, *(reading for reading in found if reading.tree != one.tree)][:wanted]


@st.cache_resource(max_entries=32, show_spinner="Looking for further trees …")
def _alternatives(
    id: str, k: int, seconds: float, _chosen: Chosen, _one: Parse
) -> list[Alternative]:
    return text_run.alternatives(_chosen.learned, _one.words, k, seconds=seconds)


def _title(k: int, count: int) -> str:
    if count == 1:
        return ""
    return "The best tree" if k == 0 else f"Number {k + 1}"


def _lines(found: list[Alternative], k: int) -> tuple[str, ...]:
    one = found[k]
    if not math.isfinite(one.log_p):
        return ()
    told = f"log p = {one.log_p:.2f}"
    if k == 0:
        return (told,)
    times = math.exp(found[0].log_p - one.log_p)
    less = f"{times:,.0f}" if times >= 10 else f"{times:.2f}"
    return (
        told,
        f"{less} times less likely than the best" if times > 1.005 else "as likely as the best",
    )


def _guesses(chosen: Chosen, one: Parse, unknown: frozenset[int]) -> None:
    """What unknown words were taken for, and how much of that their looks say."""
    if not unknown:
        return
    tags = one.tree.tagged()
    lexicon = chosen.learned.lexicon
    rows = []
    for k in sorted(unknown)[:TOLD]:
        word, tag = tags[k]
        p = sum(
            share
            for name, share in lexicon.look(one.words[k], k == 0).items()
            if plain(name) == tag
        )
        look = next(
            (
                one_look
                for one_look in signatures(one.words[k], k == 0)
                if one_look in lexicon.looks
            ),
            "?",
        )
        looks = "any rare word" if look == "?" else f"rare words that look like {look}"
        rows.append(
            f"- :orange-background[{frame.plain(word)}] was taken for **{frame.plain(tag)}**: of "
            f"{frame.plain(looks)}, {p:.0%} are."
        )
    more = len(unknown) - TOLD
    rest = f"\n- … and {more} more" if more > 0 else ""
    st.markdown(
        "Words that are not in the treebank get a tag by their looks and their neighbours:\n"
        + "\n".join(rows) + rest
    )  # fmt: skip

"""Write: the net goes on, and its states are seen as it does."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from core.rng import stream
from core.sequence import reader as numbers
from core.sequence import sample
from core.sequence.sample import Beam
from core.sequence.saved import Saved
from core.sequence.tasks import END
from core.sequence.trace import Clamp
from pages._kit import choose, take
from pages._kit.sequence import texts, tracks
from pages._kit.sequence import view as of_view
from pages._kit.sequence.view import View
from pages._kit.stage.reader import Text, reader

DRAWN, GREEDY, BEAM = WAYS = "Drawn", "The likeliest", "Beam"
HEATS = tuple(round(0.1 * k, 1) for k in range(21))
LENGTHS = (20, 50, 100, 200, 500, 1000)
WIDTHS = (1, 2, 3, 4, 5, 6, 8, 12, 16)
BEFORE = 200  # characters of the text that are taken as the beginning
MOST_BEAMED = 200  # characters: a beam costs its width for each
MOST_WORK = 3e9  # multiply-adds, so that a very large net does not keep the page waiting
ABOUT = """Drawn: each character by its probability. The likeliest: always the first. Beam: several
continuations are kept at a time, and the likeliest whole wins."""
ABOUT_HEAT = """Scores are divided by it before they become probabilities: below 1 the likely becomes
likelier, above 1 everything is possible. At 0 it is always the likeliest."""
ABOUT_STOP = "It stops when it has written the end of a line."


def show(view: View) -> None:
    """The part of the page."""
    if view.saved.config.bidirectional:
        st.info(
            "This net also reads backwards, so it cannot write: what comes after is not there yet."
        )
        return
    given, way, length, heat, width, seed, stops = _controls(view)
    if not given:
        st.info("Give it at least one character to begin with.", icon=":material/edit:")
        return
    strange = texts.unknown(given, view.saved.vocabulary)
    if strange:
        st.caption(strange)
    saved, held = view.saved, throughout(view)
    stop = int(saved.vocabulary.encode(END)[0]) if stops else None
    most = bounded(saved, length, width if way == BEAM else 1, beam=way == BEAM)
    if most < length:
        st.caption(f"It writes {most:,} characters: more would keep you waiting.")
    if held:
        numbers_held = "One number is" if len(held) == 1 else f"{len(held)} numbers are"
        st.caption(f"{numbers_held} held while it writes: see “Hold a unit”.")
    if way == BEAM:
        found = _beams(saved.mark, given, most, width, stop, held, saved)
        written = saved.vocabulary.decode(found[0].codes)
        _tell(saved, found)
    else:
        temperature = 0.0 if way == GREEDY else heat
        written = _written(saved.mark, given, most, temperature, seed, stop, held, saved)
    _grown(view, given + written, len(given), held)
    files = {"written.txt": partial(str, given + written)}
    take.home(files, labels={"txt": "This text"})


def throughout(view: View) -> tuple[Clamp, ...]:
    """What is held over the whole text: a stretch of it says nothing about another text."""
    whole = (None, len(view.text))
    return tuple(
        one._replace(last=None) for one in view.clamps if one.first == 0 and one.last in whole
    )


def bounded(saved: Saved, length: int, width: int, *, beam: bool) -> int:
    """How many of `length` characters are written at once."""
    most = min(length, MOST_BEAMED) if beam else length
    return max(1, min(most, int(MOST_WORK / (saved.size * width))))


def _controls(view: View) -> tuple[str, str, int, float, int, int, bool]:
    begin = view.text[max(0, view.at + 1 - BEFORE) : view.at + 1]
    given = st.text_input(
        "Begin with",
        begin.rpartition("\n")[2] or begin,
        key=f"write_given_{view.at}_{view.name}",
        max_chars=1000,
        help="At first the line up to the chosen character.",
    )
    left, middle, right, last = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    with left:
        way = st.segmented_control(
            "How", WAYS, default=DRAWN, key="write_way", bind="query-params", help=ABOUT,
            required=True,
        )  # fmt: skip
    with middle:
        length = choose.slide("Characters", LENGTHS, 200, key="write_length")
    heat, width, seed = 1.0, 5, 0
    with right:
        if way == DRAWN:
            heat = choose.slide("Temperature", HEATS, 0.8, key="write_heat", help=ABOUT_HEAT)
        elif way == BEAM:
            width = choose.slide("Width", WIDTHS, 5, key="write_width")
    with last:
        if way == DRAWN:
            seed = choose.whole("Seed of the text", 0, 9999, key="write_seed")
    lines = END in view.saved.vocabulary.characters
    stops = lines and st.toggle(
        "Stop at the end of the line", key="write_stop", bind="query-params", help=ABOUT_STOP
    )
    return given, way, length, heat, width, seed, bool(stops)


def _grown(view: View, text: str, begun: int, held: tuple[Clamp, ...]) -> None:
    """The text as it grows, with the tracks of the units that are shown."""
    saved = view.saved
    codes, layers = saved.vocabulary.encode(text), of_view.traced(saved, text, held)
    p = of_view.expected(saved, text, held)
    loss = numbers.losses(p, codes)
    state = tracks.STATES[saved.config.cell]
    told = Text(
        text, codes, p, loss, saved.vocabulary.characters,
        tracks.tracks(saved, layers, view.shown, [state]), tracks.cells(saved, layers, view.shown),
    )  # fmt: skip
    if begun < len(text):
        cost = float(np.nanmean(loss[begun:]))
        st.markdown(
            f"**{len(text) - begun}** characters, at **{cost:.2f}** bits each by the net's own measure."
        )
    reader(told, key="writing", name=f"{saved.title} writes", grows=True)


def _tell(saved: Saved, found: list[Beam]) -> None:
    """The continuations that were best, and how likely they are."""
    st.dataframe(
        [
            {
                "continuation": saved.vocabulary.decode(beam.codes).replace("\n", "⏎"),
                "log p, nats": beam.score,
                "bits a character": -beam.score / np.log(2) / max(1, len(beam.codes)),
            }
            for beam in found
        ],
        hide_index=True,
        key="write_beams",
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _written(
    mark: str,
    given: str,
    length: int,
    heat: float,
    seed: int,
    stop: int | None,
    held: tuple[Clamp, ...],
    _saved: Saved,
) -> str:
    steps = sample.write(
        _saved.reader,
        _saved.vocabulary.encode(given),
        length,
        temperature=heat,
        generator=stream(seed, "write"),
        clamps=held,
        stop=stop,
    )
    return _saved.vocabulary.decode(one.code for one in steps)


@st.cache_resource(max_entries=16, show_spinner="Looking for the likeliest …")
def _beams(
    mark: str,
    given: str,
    length: int,
    width: int,
    stop: int | None,
    held: tuple[Clamp, ...],
    _saved: Saved,
) -> list[Beam]:
    codes = _saved.vocabulary.encode(given)
    return sample.beams(_saved.reader, codes, length, width=width, clamps=held, stop=stop)

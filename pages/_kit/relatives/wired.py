"""How each relative is wired: unrolled in time, with the numbers of a small net over the visitor's
text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.device import one_thread
from core.rng import stream
from core.sequence import echo_state, reader, reservoir, tasks, trace, train, vocabulary
from core.sequence.cells import BLOCKS
from core.sequence.compare import ECHO, RELATIVES
from core.sequence.model import Config, Net
from core.sequence.trace import Traced
from pages._kit import choose
from pages._kit.relatives.formulas import FORMULAS, WORDS
from pages._kit.relatives.names import TITLES
from pages._kit.stage.unrolled import Output, Row, unrolled

START = "abcadbacbd"
MOST = 24  # characters
KINDS = 8  # different characters that a net of a few units can tell apart
UNITS = 6
ECHOES = 24  # units of the reservoir that is drawn
LENGTH = 14  # of the texts that are learned from
UPDATES = (0, 25, 50, 100, 200, 400)
ABOUT_LAG = """What the net learns to say at each step: the character that it read so many steps
ago. What you write is only read; it learns from random texts of the same characters."""
TOO_MANY = (
    f"Only the first {KINDS} different characters are told apart; others are all one to this net."
)


def show() -> None:
    """The part of the page."""
    st.subheader("How they are wired")
    kind = st.segmented_control(
        "Relative", list(TITLES), default="srn", key="wired", bind="query-params", required=True,
        format_func=TITLES.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    kind = kind or "srn"
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left:
        st.markdown(WORDS[kind])
    with right:
        for formula in FORMULAS[kind]:
            st.latex(formula)
    first, second, third = st.columns(3)
    with first:
        text = st.text_input(
            "Text that it reads", START, MOST, key="wired_text", bind="query-params"
        )
    with second:
        lag = choose.slide(
            "Say what stood so many steps ago", (0, 1, 2, 3, 4), 2, key="wired_lag", help=ABOUT_LAG
        )
    with third:
        updates = choose.slide("Trained for, updates", UPDATES, 200, key="wired_updates")
    text = (text or "")[:MOST]
    if not text:
        st.info("Write at least one character.", icon=":material/edit:")
        return
    _drawing(kind, text, lag, updates)


def _drawing(kind: str, text: str, lag: int, updates: int) -> None:
    symbols = "".join(sorted(dict.fromkeys(text), key=text.index))[:KINDS]
    if len(set(text)) > KINDS:
        st.caption(TOO_MANY)
    symbols = "".join(sorted(symbols))
    with st.spinner("A small net learns …", show_time=False):
        rows, said, right = (
            _echo(symbols, lag, updates, text)
            if kind == ECHO
            else _read(kind, symbols, lag, updates, text)
        )
    known = vocabulary.of(symbols)
    codes = known.encode(text)
    outputs = [
        Output(
            told=_seen(known.characters[int(p.argmax())]),
            share=float(p.max()),
            wanted=_seen(known.characters[codes[t - lag]]) if t >= lag else "",
        )
        for t, p in enumerate(said)
    ]
    cell = "echo" if kind == ECHO else str(RELATIVES[kind]["cell"])
    unrolled(
        cell,
        [_seen(one) for one in known.decode(codes)],
        rows,
        outputs,
        key="wired_net",
        name=f"{TITLES[kind]}, unrolled over {len(text)} characters",
    )
    st.caption(_sentence(kind, lag, updates, right))


def _sentence(kind: str, lag: int, updates: int, right: float) -> str:
    what = "the character of now" if lag == 0 else f"the character {lag} back"
    if updates == 0:
        return (
            f"A fresh net that has learned nothing: asked for {what}, it is right in {right:.0%} "
            "of random texts. Move **Trained for**. Click any cell for its numbers."
        )
    how = "its readout learned from 400 texts" if kind == ECHO else "trained"
    return (
        f"A small net, {how} to say {what}: right in {right:.0%} of what is asked in random "
        "texts it never saw. Blue is negative, orange positive, green an open gate. Click any cell "
        "for its numbers."
    )


def _seen(character: str) -> str:
    """A character that can be seen: blanks and controls as a sign for them."""
    if character == " ":
        return "␣"
    return "·" if unicodedata.category(character)[0] in "CZ" else character


@st.cache_resource(max_entries=64, show_spinner=False)
def _learned(kind: str, symbols: str, lag: int, updates: int) -> tuple[Net, float]:
    """A small net, and how often it is right. Not to be changed."""
    # two layers where the relative is deep
    given: dict[str, Any] = {name: value or 2 for name, value in RELATIVES[kind].items()}
    config = Config(
        units=UNITS, rate=0.02, batch=32, updates=max(updates, 1), steps=4, enough=1, anneal=True,
        **given,
    )  # fmt: skip
    data = _data(symbols, lag)
    with one_thread():
        steps = train.learn(data, config, generator=stream(1, "wired", kind))
        last = next(steps)
        if updates:
            *_, last = steps
    return Net(config, len(data.vocabulary)).load(last.params), last.held_accuracy


def _data(symbols: str, lag: int) -> tasks.Sequences:
    source = stream(1, "wired", symbols, lag)
    return tasks.recall(
        lag, generator=source, examples=400, tests=60, length=LENGTH, symbols=symbols
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(
    kind: str, symbols: str, lag: int, updates: int, text: str
) -> tuple[list[Row], NDArray[np.float64], float]:
    """What every unit does over the text, p (T, K), and how often the net is right elsewhere."""
    net, right = _learned(kind, symbols, lag, updates)
    codes = vocabulary.of(symbols).encode(text)
    own = net.reader()
    layers = trace.trace(own.stack, codes)
    return _rows(net, layers, codes), reader.expected(own, layers), right


def _rows(net: Net, layers: Sequence[Sequence[Traced]], codes: NDArray[np.int64]) -> list[Row]:
    x = vocabulary.one_hot(codes, net.characters).astype(np.float64)
    found = []
    cell = net.config.cell
    for depth, ways in enumerate(layers):
        for way, one in enumerate(ways):
            W, U, b, c, w = (
                part.detach().numpy().astype(np.float64) for part in net.weights()[depth][way]
            )
            hidden = one.hidden.astype(np.float64)
            zero = np.zeros((1, hidden.shape[1]))
            before = np.vstack([hidden[1:], zero] if way else [zero, hidden[:-1]])
            # a GRU's reset gate also holds back the bias beside U
            stays = c if cell == "gru" else np.zeros_like(c)
            shape = (len(codes), BLOCKS[cell], hidden.shape[1])
            found.append(
                Row(
                    layer=depth,
                    backward=bool(way),
                    signals=dict(zip(one.names, one.signals, strict=True)),
                    enter=(x @ W.T + b + c - stays).reshape(shape),
                    back=(before @ U.T + stays).reshape(shape),
                    peepholes=w if net.config.peepholes else None,
                )
            )
        x = np.hstack([one.hidden for one in ways]).astype(np.float64)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _echo(
    symbols: str, lag: int, updates: int, text: str
) -> tuple[list[Row], NDArray[np.float64], float]:
    """The same of an echo state network; its readout learns all at once, or nothing."""
    data = _data(symbols, lag)
    config = echo_state.Config(
        units=ECHOES, density=0.15, radius=0.9, scale=0.3, ridge=1e-6, steps=1
    )
    steps = echo_state.learn(data, config, generator=stream(1, "wired", ECHO))
    last = next(steps)
    if updates:
        *_, last = steps
    net, codes = last.reservoir, data.vocabulary.encode(text)
    u = vocabulary.one_hot(codes, len(data.vocabulary)).astype(np.float64)
    x = reservoir.run(net, u)
    before = np.vstack([np.zeros((1, net.units)), x[:-1]])
    row = Row(
        layer=0,
        backward=False,
        signals={"x": x},
        enter=(u @ net.W_in.T + net.b)[:, None],
        back=(before @ net.matrix().toarray().T)[:, None],
    )
    # scores of a regression are no probabilities: they are told as they are, within 0 and 1
    return [row], echo_state.answers(net, last.W_out, codes).clip(0, 1), last.accuracy

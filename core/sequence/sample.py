"""A net goes on writing: greedy, drawn at a temperature, or the likeliest of many continuations.

    p_k = softmax(o / temperature)_k      temperature 0: always the likeliest

Units and gates may be held while it writes: see trace.Clamp. Code 0, the unknown character, is read
but never written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.sequence import trace
from core.sequence.reader import Reader, scores, softmax
from core.sequence.trace import Clamp, Start, Traced

LONGEST = 10_000  # characters written at once
WIDEST = 64  # beams


class Written(NamedTuple):
    """One character more."""

    code: int
    p: NDArray[np.float64]  # (K,) that it was drawn from, temperature and all
    layers: list[list[Traced]]  # what the net did at the character before; at first, at all given


class Beam(NamedTuple):
    """A continuation and its log-probability, nats."""

    codes: tuple[int, ...]
    score: float


def write(
    reader: Reader,
    given: NDArray[np.integer],
    length: int,
    *,
    temperature: float = 1.0,
    generator: torch.Generator,
    clamps: Sequence[Clamp] = (),
    stop: int | None = None,
) -> Iterator[Written]:
    """Go on after the codes `given` (T,), at most `length` characters, ending after `stop`.

    Each Written tells what the net did at the character before: at first at all of `given`.
    Raises SettingError for an empty `given`, and nets that also read backwards.
    """
    _check(reader, given, length)
    fit = 0 <= temperature <= 100
    require(fit, "temperature", wanted="0 to 100", given=temperature)
    x, start, offset = given, None, 0
    for _ in range(length):
        layers = trace.trace(reader.stack, x, clamps=clamps, start=start, offset=offset)
        p = chances(scores(reader, layers)[-1], temperature)
        code = draw(p, generator)
        yield Written(code, p, layers)
        if code == stop:
            return
        start, offset, x = trace.last(layers), offset + len(x), np.array([code])


def chances(o: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """p (K,) of scores o (K,) at a temperature; that of the unknown character is 0."""
    o = o.astype(np.float64)
    o[0] = -np.inf
    if temperature == 0:
        p = np.zeros(len(o))
        p[int(o.argmax())] = 1
        return p
    return softmax((o - o.max()) / temperature)


def draw(p: NDArray[np.float64], generator: torch.Generator) -> int:
    """A character drawn by p (K,)."""
    u = torch.rand((), generator=generator, dtype=torch.float64).item()
    total = np.cumsum(p)
    # the first whose running sum exceeds u; never one of probability 0
    return int(np.searchsorted(total, u * total[-1], side="right"))


def beams(
    reader: Reader,
    given: NDArray[np.integer],
    length: int,
    *,
    width: int = 5,
    clamps: Sequence[Clamp] = (),
    stop: int | None = None,
) -> list[Beam]:
    """The likeliest continuations found by going on with the `width` best at a time, best first.

    A continuation that wrote `stop` is complete. Raises as `write` does.
    """
    _check(reader, given, length)
    require(1 <= width <= WIDEST, "width of the beam", wanted=f"1 to {WIDEST}", given=width)
    layers = trace.trace(reader.stack, given, clamps=clamps)
    alive: list[tuple[Beam, list[Start], NDArray[np.float64]]] = [
        (Beam((), 0.0), trace.last(layers), _logs(scores(reader, layers)[-1]))
    ]
    done: list[Beam] = []
    for step in range(length):
        offered = [
            (beam.score + float(log[code]), k, code)
            for k, (beam, _, log) in enumerate(alive)
            for code in np.argsort(-log, kind="stable")[:width].tolist()
            if np.isfinite(log[code])
        ]
        # equal scores: the first beam, then the smallest code, whatever the sort does
        offered.sort(key=lambda one: (-one[0], one[1], one[2]))
        later = []
        for score, k, code in offered[:width]:
            beam = Beam((*alive[k][0].codes, code), score)
            if code == stop or step == length - 1:
                done.append(beam)
                continue
            told = trace.trace(
                reader.stack,
                np.array([code]),
                clamps=clamps,
                start=alive[k][1],
                offset=len(given) + step,
            )
            later.append((beam, trace.last(told), _logs(scores(reader, told)[-1])))
        alive = later
        # what goes on only becomes less likely
        best = sorted(done, key=lambda beam: -beam.score)[:width]
        if not alive or (len(best) == width and best[-1].score >= alive[0][0].score):
            break
    return sorted(done, key=lambda beam: -beam.score)[:width]


def _logs(o: NDArray[np.float64]) -> NDArray[np.float64]:
    p = chances(o, 1.0)
    return np.log(p, out=np.full(len(p), -np.inf), where=p > 0)


def _check(reader: Reader, given: NDArray[np.integer], length: int) -> None:
    require(len(given) > 0, "text", wanted="at least one character to go on from", given="none")
    require(1 <= length <= LONGEST, "length", wanted=f"1 to {LONGEST}", given=length)
    ways = len(reader.stack.layers[0])
    require(ways == 1, "net", wanted="one that reads forward only", given="both directions")

"""What is wrong with a run: the number that broke it, or why it stands still.

    broken  : W := W - rate * gradient has made a number that is none, the loss means nothing now
    stalled : the loss has not moved for half of the run, though the points are not told apart

A run that is done, or still moves, however slowly, is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from core.nets import network, train
from core.nets.network import Array, Config, Points
from core.nets.operations import SATURATED, STEEPEST, slope
from core.nets.state import State
from core.nets.timeline import Record, Timeline

ENOUGH = 3_000  # updates with the same settings, before a run is said to stand still
SOON = 300  # updates after which units that never differed are called twins
STILL = 2e-3  # change of the mean loss, relative, that is none
DONE = 0.02  # a mean loss below which there is nothing left to learn
ALL = 0.98  # share of a layer's answers that counts as all


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A sentence for the visitor, and why with what to try."""

    kind: str  # "broken" or "stalled"
    title: str
    text: str


def diagnose(new: State, state: State, points: Points, config: Config) -> Trouble:
    """Why `new`, reached from `state` with these settings, holds a number that is none."""
    # The same bits again, up to the update before.
    last = train.advance(state, points, config, new.updates - state.updates - 1)
    name, value = _first_broken(new, config)
    large, where = _largest(last.params, config)
    with np.errstate(all="ignore"):
        o = np.abs(network.forward(last.params, config, points.x[~points.held])[-2])
    text = (
        f"Update {new.updates:,} made {name} {_said(value)}. Just before, the largest number of "
        f"the net was {where} = {_number(large)} and the largest score {_number(o.max())}; the "
        f"learning rate is {config.rate:g}. "
    )
    if config.activations and set(config.activations) <= {"relu", "leaky relu", "linear"}:
        text += "Nothing bounds what the hidden units answer, so too long a step feeds on itself. "
    elif config.loss == "squared error":
        text += "The squared error pulls the harder the further off it is: a long step overshoots. "
    shorter = config.rate / 10
    if config.optimiser in ("momentum", "nesterov") and config.momentum >= 1:
        text += "A momentum of 1 never slows down: lower it, or "
    else:
        text += "Rewind, and "
    text += f"try a learning rate of {shorter:g}."
    return Trouble(kind="broken", title="The numbers ran away", text=text)


def stalled(timeline: Timeline, points: Points) -> Trouble | None:
    """Why the run of `timeline` stands still; None for one that moves, or is done."""
    records = _same_settings(timeline)
    newest = records[-1]
    config, params, m = newest.config, newest.state.params, newest.measure
    x = points.x[~points.held]
    if not len(x) or not newest.state.finite or m.train_accuracy == 1 or m.train_loss < DONE:
        return None
    updates = newest.state.updates - records[0].state.updates
    loss = f"The loss stays at {m.train_loss:.3g}, accuracy at {m.train_accuracy:.0%}. "
    twins = _twins(params, config)
    if updates >= SOON and twins is not None and not (config.dropout or config.gradient_noise):
        text = (
            f"All units of hidden layer {twins} have the same weights and so get the same "
            "gradient: they stay twins for ever, and the layer does the work of one. "
            "Choose other initial weights than zeros."
        )
        return Trouble(kind="stalled", title="Units that never differ", text=text)
    if updates < ENOUGH or not _still(records):
        return None
    if config.rate == 0:
        text = "The learning rate is 0: W := W - 0 * gradient leaves every weight as it was."
        return Trouble(kind="stalled", title="No step is made", text=text)
    for layer, (name, z) in enumerate(_hidden(params, config, x), start=1):
        flat = np.abs(slope(name, z)) < SATURATED * STEEPEST.get(name, 1.0)
        if name not in ("linear", "sin") and flat.mean() >= ALL:
            return _flat(layer, name, float(flat.mean()), loss)
    text = loss + "The gradients of the batches cancel out: this is a hollow of the landscape, "
    text += "or the best a net of this shape can do with these settings. "
    text += "Try more units or a layer more, another seed, a different learning rate or batch."
    return Trouble(kind="stalled", title="The loss has stopped falling", text=text)


def _flat(layer: int, name: str, share: float, loss: str) -> Trouble:
    if name in ("relu", "leaky relu"):
        title, meaning = "Dead units", "answer from below zero, where the slope is next to nothing"
    else:
        title, meaning = "Saturated units", f"lie at the flat ends of {name}"
    text = f"{loss}{share:.0%} of the answers of hidden layer {layer} {meaning}: no gradient comes "
    text += "through. Rewind to before, lower the learning rate, or begin from another seed."
    return Trouble(kind="stalled", title=title, text=text)


def _same_settings(timeline: Timeline) -> list[Record]:
    """The latest records, oldest first, that were all made with the settings of the newest."""
    last = len(timeline) - 1
    config = timeline.record(last).config
    latest = (timeline.record(i) for i in range(last, -1, -1))
    return [*takewhile(lambda record: record.config == config, latest)][::-1]


def _still(records: list[Record]) -> bool:
    """Whether the third quarter of the run has the same mean loss as the fourth."""
    losses = np.array([record.measure.train_loss for record in records])
    quarter = len(losses) // 4
    if quarter < 5:
        return False
    third, fourth = losses[-2 * quarter : -quarter].mean(), losses[-quarter:].mean()
    return bool(abs(third - fourth) <= STILL * abs(third))


def _twins(params: Array, config: Config) -> int | None:
    """The first hidden layer, from 1, of several units with the same weights."""
    for layer, (W, b) in enumerate(network.layers(params, config)[:-1], start=1):
        if len(W) > 1 and (W[0] == W).all() and (b == b[0]).all():
            return layer
    return None


def _hidden(params: Array, config: Config, x: Array) -> list[tuple[str, Array]]:
    """f and z of every hidden layer at points x."""
    first = 2 if config.extras else 1
    z = network.forward(params, config, x)[first:-2:2]
    return list(zip(config.activations, z, strict=True))


def _names(config: Config) -> list[str]:
    """What every number of `params` is called."""
    names = []
    for layer, (i, o) in enumerate(zip(config.sizes, config.sizes[1:], strict=False), start=1):
        names += [f"W({layer})[{r + 1}, {c + 1}]" for r in range(o) for c in range(i)]
        names += [f"b({layer})[{r + 1}]" for r in range(o)]
    return names


def _first_broken(state: State, config: Config) -> tuple[str, float]:
    """Name and value of the first number that is none; the memory of the optimiser counts too."""
    for numbers in (state.params, *state.slots):
        broken = np.flatnonzero(~np.isfinite(numbers))
        if len(broken):
            memory = "" if numbers is state.params else "the optimiser's memory of "
            return memory + _names(config)[broken[0]], float(numbers[broken[0]])
    raise ValueError("all numbers are finite")


def _largest(params: Array, config: Config) -> tuple[float, str]:
    at = int(np.abs(params).argmax())
    return float(params[at]), _names(config)[at]


def _number(value: float) -> str:
    return f"{value:.3g}"


def _said(value: float) -> str:
    return "NaN, which is no number" if np.isnan(value) else "infinite"

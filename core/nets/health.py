"""What is wrong with a run: the number that broke it, or why it stands still; and the way out.

    back    : the last record that was well; from there the run may go on      None: the beginning
    cure    : the setting that caused it, changed; a lower rate is tried before it is offered
    broken  : W := W - rate * gradient has made a number that is none, the loss means nothing now
    stalled : the loss has not moved for half of the run, though the points are not told apart

A run that is done, or still moves, however slowly, is well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np

from core.nets import network, train
from core.nets.network import Array, Config, Points
from core.nets.operations import SATURATED, STEEPEST, slope
from core.nets.ready import prepared
from core.nets.state import State
from core.nets.timeline import Record, Timeline

ENOUGH = 3_000  # updates with the same settings, before a run is said to stand still
SOON = 300  # updates after which units that never differed are called twins
STILL = 2e-3  # change of the mean loss, relative, that is none
DONE = 0.02  # a mean loss below which there is nothing left to learn
ALL = 0.98  # share of a layer's answers that counts as all
GROWN = 2.0  # times the lowest loss so far, from which on a run that broke was ill already
TRIED, TRIED_EXAMPLES = 3_000, 300_000  # updates, and examples, for which a lower rate is tried
LOWER = 8  # times a rate is divided by ten before that is given up
LIKELY = 0.01  # learning rate of a run that had none


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A sentence for the visitor, and why with what to try."""

    kind: str  # "broken" or "stalled"
    title: str
    text: str
    back: int | None = None  # the last record that was well
    cure: Cure | None = None


@dataclass(frozen=True, kw_only=True)
class Cure:
    """What to change so that it does not come again."""

    label: str  # what it does, for a button
    change: Mapping[str, object] = field(default_factory=dict)  # settings of a Config
    fresh: bool = False  # begin anew, from the next seed


ANOTHER = Cure(label="Begin again from another seed", fresh=True)


def diagnose(
    new: State, state: State, points: Points, config: Config, timeline: Timeline | None = None
) -> Trouble:
    """Why `new`, reached from `state` with these settings, holds a number that is none."""
    # The same bits again, up to the update before.
    last = train.advance(state, points, config, new.updates - state.updates - 1)
    name, value = _first_broken(new, config)
    large, where = _largest(last.params, config)
    with np.errstate(all="ignore"):
        o = np.abs(network.forward(last.params, config, points.x[~points.held])[-2])
    finite = o[np.isfinite(o)]
    scores = f" and the largest score {_number(finite.max())}" if len(finite) == o.size else ""
    text = (
        f"Update {new.updates:,} made {name} {_said(value)}. Just before, the largest number of "
        f"the net was {where} = {_number(large)}{scores}; the learning rate is {config.rate:g}. "
    )
    if config.activations and set(config.activations) <= {"relu", "leaky relu", "linear"}:
        text += "Nothing bounds what the hidden units answer, so too long a step feeds on itself. "
    elif config.loss == "squared error":
        text += "The squared error pulls the harder the further off it is: a long step overshoots. "
    back, change = _healthy(timeline, config), dict[str, object]()
    if config.optimiser in ("momentum", "nesterov") and config.momentum >= 1:
        text += "A momentum of 1 never slows down. "
        change["momentum"] = 0.9
    begin = state if timeline is None or back is None else timeline.record(back).state
    change["rate"] = rate = _bearable(begin, points, replace(config, **change))  # type: ignore[arg-type]
    text += f"Rewind, and try a learning rate of {rate:g}."
    words = [f"{name.replace('rate', 'learning rate')} {value:g}" for name, value in change.items()]
    cure = Cure(label=f"Rewind and go on with {' and '.join(words)}", change=change)
    return Trouble(kind="broken", title="The numbers ran away", text=text, back=back, cure=cure)


def _healthy(timeline: Timeline | None, config: Config) -> int | None:
    """The last record of a net of this shape whose loss was not running away yet."""
    found, lowest = None, np.inf
    for i in range(len(timeline) if timeline is not None else 0):
        record = timeline.record(i)  # type: ignore[union-attr]
        loss = record.measure.train_loss
        if not record.state.finite or not np.isfinite(loss):
            continue
        lowest = min(lowest, loss)
        if loss <= GROWN * lowest and record.config.network == config.network:
            found = i
    return found


def _bearable(state: State, points: Points, config: Config) -> float:
    """A tenth of the learning rate, or of that, ... : the first with which the run does not break."""
    before = train.measure(state.params, points, config, sample=True).train_loss
    updates = max(3, min(TRIED, TRIED_EXAMPLES // config.batch))
    rate = config.rate
    for _ in range(LOWER):
        rate = float(f"{rate / 10:.6g}")
        tried = replace(config, rate=rate)
        after = train.advance(state, points, tried, updates)
        loss = train.measure(after.params, points, tried, sample=True).train_loss
        if after.finite and loss <= GROWN * max(before, np.log(config.classes)):
            break
    return rate


def stalled(timeline: Timeline, points: Points) -> Trouble | None:
    """Why the run of `timeline` stands still; None for one that moves, or is done."""
    records = _same_settings(timeline)
    newest = records[-1]
    config, params, m = newest.config, newest.state.params, newest.measure
    sample = prepared(points).sample
    x = sample.x[~sample.held]
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
        cure = Cure(label="Begin again with Xavier's weights", change={"initial": "xavier"})
        return Trouble(kind="stalled", title="Units that never differ", text=text, cure=cure)
    if updates < ENOUGH or not _still(records):
        return None
    if config.rate == 0:
        text = "The learning rate is 0: W := W - 0 * gradient leaves every weight as it was."
        cure = Cure(label=f"Go on with learning rate {LIKELY:g}", change={"rate": LIKELY})
        back = len(timeline) - 1
        return Trouble(kind="stalled", title="No step is made", text=text, back=back, cure=cure)
    for layer, (name, z) in enumerate(_hidden(params, config, x), start=1):
        if (share := _share(name, z)) >= ALL:
            return _flat(layer, name, share, loss, timeline, x)
    text = loss + "The gradients of the batches cancel out: this is a hollow of the landscape, "
    text += "or the best a net of this shape can do with these settings. "
    text += "Try more units or a layer more, another seed, a different learning rate or batch."
    back = len(timeline) - 1 - len(records) // 2  # what came after did not move it
    title = "The loss has stopped falling"
    return Trouble(kind="stalled", title=title, text=text, back=back, cure=ANOTHER)


def _flat(layer: int, name: str, share: float, loss: str, timeline: Timeline, x: Array) -> Trouble:
    config = timeline.record(len(timeline) - 1).config
    back = _alive(timeline, config, layer - 1, x)
    activations = list(config.activations)
    activations[layer - 1] = "leaky relu"
    if name == "relu":
        title, meaning = "Dead units", "answer from below zero, where the slope is nothing"
        cure = Cure(
            label="Rewind and go on with leaky ReLU", change={"activations": (*activations,)}
        )
    elif name == "leaky relu":
        title, meaning = "Dead units", "answer from below zero, where the slope is next to nothing"
        cure = ANOTHER
    else:
        title, meaning, cure = "Saturated units", f"lie at the flat ends of {name}", ANOTHER
        if back is not None:
            rate = float(f"{config.rate / 10:.6g}")
            cure = Cure(
                label=f"Rewind and go on with learning rate {rate:g}", change={"rate": rate}
            )
    text = f"{loss}{share:.0%} of the answers of hidden layer {layer} {meaning}: no gradient comes "
    text += "through. Rewind to before, lower the learning rate, or begin from another seed."
    return Trouble(kind="stalled", title=title, text=text, back=back, cure=cure)


def _alive(timeline: Timeline, config: Config, layer: int, x: Array) -> int | None:
    """The last record at which the units of hidden layer `layer`, from 0, still answered."""
    for i in range(len(timeline) - 1, -1, -1):
        record = timeline.record(i)
        if record.config.network == config.network:
            name, z = _hidden(record.state.params, record.config, x)[layer]
            if _share(name, z) < ALL:
                return i
    return None


def _share(name: str, z: Array) -> float:
    """Which share of the answers of units lies where f is flat; 0 of an f that is not."""
    if name in ("linear", "sin"):
        return 0.0
    return float((np.abs(slope(name, z)) < SATURATED * STEEPEST.get(name, 1.0)).mean())


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

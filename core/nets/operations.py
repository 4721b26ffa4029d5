"""The five operations of which a layer is made, each with its numbers.

Course, chapter 5: W does the first three, b the fourth and f the fifth.

    z = W a + b, a' = f(z)      W : (d_out, d_in)      b : (d_out,)      a : (n, d_in)
    W = U S V^T : stretches by the singular values S; U V^T is what turns (polar decomposition)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.nets import network
from core.nets.network import LEAK, Array, Config

Numbers = Mapping[str, "float | tuple[float, ...]"]

SATURATED = 0.1  # a unit whose slope is below this part of the largest hardly answers any more
TINY = 1e-9  # a singular value below this part of the largest flattens
SHOWN = 4  # numbers of a list that are written out

SLOPES: dict[str, Callable[[Array], Array]] = {
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "sigmoid": lambda z: network.ACTIVATIONS["sigmoid"](z) * network.ACTIVATIONS["sigmoid"](-z),
    "relu": lambda z: np.where(z > 0, z.dtype.type(1), z.dtype.type(0)),
    "leaky relu": lambda z: np.where(z > 0, z.dtype.type(1), z.dtype.type(LEAK)),
    "sin": np.cos,
    "linear": np.ones_like,
}
STEEPEST = {"sigmoid": 0.25}  # largest |f'|, where it is not 1


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One of the five: its name, a sentence for the visitor, and the numbers in it."""

    name: str
    text: str
    numbers: Numbers = field(default_factory=dict)


def operations(params: Array, config: Config, layer: int, a: Array) -> list[Operation]:
    """What `layer` (0: the first with weights) does to its inputs a (n, d_in), in five parts.

    `a` matters only to where it bends; angles are in degrees. Raises SettingError for a layer
    that is not there.
    """
    last = len(config.hidden)
    require(0 <= layer <= last, "layer", wanted=f"0 to {last}", given=layer)
    W, b = network.layers(params, config)[layer]
    if not (np.isfinite(W).all() and np.isfinite(b).all()):
        names = ("dimension", "scale", "rotate", "translate", "bend")
        return [Operation(name=name, text="broken: W or b is no number") for name in names]
    W, b = W.astype(np.float64), b.astype(np.float64)
    U, S, Vt = np.linalg.svd(W, full_matrices=False)
    rank = int((TINY * S[0] < S).sum())
    with np.errstate(over="ignore", invalid="ignore"):
        z = a @ W.T + b
        bend = _soften(z, config) if layer == last else _bend(z, config.activations[layer])
    return [_dimension(W, rank), _scale(W, S), _rotate(U, Vt, rank), _translate(b), bend]


def before(config: Config, stage: float) -> int | None:
    """The layer whose work is shown at `stage`, done or under way; None before the first."""
    layer = (math.ceil(stage) - 1 - bool(config.extras)) // 2
    return None if layer < 0 else layer


def slope(name: str, z: Array) -> Array:
    """f'(z) of the activation `name`; of ReLUs at 0 the slope on their left."""
    return SLOPES[name](z)


def _dimension(W: Array, rank: int) -> Operation:
    out, given = W.shape
    verb = "raises" if out > given else "lowers" if out < given else "keeps"
    text = f"{verb} the dimension: {given} → {out}"
    if rank < min(out, given):
        text += f", but W flattens: only {rank} of them {'is' if rank == 1 else 'are'} left"
    return Operation(name="dimension", text=text, numbers={"in": given, "out": out, "rank": rank})


def _scale(W: Array, S: NDArray[np.float64]) -> Operation:
    numbers: dict[str, float | tuple[float, ...]] = {"singular values": tuple(S.tolist())}
    text = f"stretches by {_list(S)}"
    if len(S) > SHOWN:
        text = f"stretches by {_number(S[0])} at most and {_number(S[-1])} at least"
    if W.shape == (2, 2):
        numbers["area"] = area = float(abs(np.linalg.det(W)))
        text += f"; areas become {_number(area)} times as large"
    return Operation(name="scale", text=text, numbers=numbers)


def _rotate(U: NDArray[np.float64], Vt: NDArray[np.float64], rank: int) -> Operation:
    out, given = len(U), Vt.shape[1]
    if rank < min(out, given):
        text = "nothing to tell: what is flattened has no direction left"
        return Operation(name="rotate", text=text)
    if out != given:
        return _tilt(U, Vt)
    R = U @ Vt
    flipped = bool(np.linalg.det(R) < 0)
    numbers: dict[str, float | tuple[float, ...]] = {"reflected": float(flipped)}
    if out == 1:
        text = "flips the axis" if flipped else "does not turn: there is only one axis"
        return Operation(name="rotate", text=text, numbers=numbers)
    if out == 2:
        # R = [[cos, -sin], [sin, cos]], its second column negated where it reflects
        numbers["angle"] = angle = float(np.degrees(np.arctan2(R[1, 0], R[0, 0])))
        text = f"turns by {angle:.0f}°" + (", after flipping the second axis" if flipped else "")
        return Operation(name="rotate", text=text, numbers=numbers)
    turns = np.abs(np.degrees(np.angle(np.linalg.eigvals(R))))
    if flipped:  # a reflection is a half turn of one direction: not counted among the turns
        turns = np.delete(turns, turns.argmax())
    numbers["angle"] = angle = float(turns.max())
    text = f"turns, in one plane by {angle:.0f}°, in others less"
    text += "; and reflects" if flipped else ""
    return Operation(name="rotate", text=text, numbers=numbers)


def _tilt(U: NDArray[np.float64], Vt: NDArray[np.float64]) -> Operation:
    """Between spaces of different dimension: how far the smaller tilts out of the first axes."""
    raises = len(U) > Vt.shape[1]
    flat = U[: Vt.shape[1]] if raises else Vt[:, : len(U)]
    # cosines of the principal angles between the plane and its image: singular values
    cosine = np.linalg.svd(flat, compute_uv=False).min()
    angle = float(np.degrees(np.arccos(np.clip(cosine, 0, 1))))
    what = "its image tilts" if raises else "it looks along directions tilted"
    text = f"{what} by up to {angle:.0f}° out of the first {min(len(U), Vt.shape[1])} axes"
    return Operation(name="rotate", text=text, numbers={"angle": angle})


def _translate(b: Array) -> Operation:
    length = float(np.linalg.norm(b))
    text = f"shifts by {_number(length)}: b = ({_list(b)})" if length else "does not shift: b = 0"
    return Operation(
        name="translate", text=text, numbers={"length": length, "b": tuple(b.tolist())}
    )


def _bend(z: Array, name: str) -> Operation:
    if name == "linear":
        return Operation(name="bend", text="linear: does not bend", numbers={"share": 0.0})
    flat = np.abs(slope(name, z)) < SATURATED * STEEPEST.get(name, 1.0)
    what = "is silent" if name == "relu" else "is flat"
    return _shares(name, f"{what} there", flat)


def _soften(z: Array, config: Config) -> Operation:
    if config.loss != "cross-entropy":
        text = "scores: does not bend; their share between 0 and 1 is read as probability"
        return Operation(name="bend", text=text, numbers={"share": 0.0})
    p = network.beliefs(z, config)
    # dp_k/do_k = p_k (1 - p_k), at most 1/4
    return _shares("softmax", "it is sure there", p * (1 - p) < SATURATED / 4)


def _shares(name: str, meaning: str, flat: NDArray[np.bool_]) -> Operation:
    if flat.size == 0:
        return Operation(name="bend", text=f"{name}; no points to tell where")
    units = flat.mean(axis=0)
    share = float(units.mean())
    text = f"{name}; {100 * share:.0f} % of all answers are saturated ({meaning})"
    if len(units) > 1:
        most = int(units.argmax())
        text += f", most in unit {most}: {100 * units[most]:.0f} %"
    return Operation(
        name="bend", text=text, numbers={"share": share, "units": tuple(units.tolist())}
    )


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _list(values: Array) -> str:
    shown = [_number(value) for value in values[:SHOWN]]
    return ", ".join(shown) + (", …" if len(values) > SHOWN else "")

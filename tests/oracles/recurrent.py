"""Recurrent cells with the course's equations and nothing else: numpy, float64, unit by unit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def lstm(x: Array, weights: dict[str, Array], clamps: dict[tuple[str, int], Any] | None = None):
    """Every signal (T, H) of one layer over x (T, I), from zeros.

    `weights`: W (4, H, I), U (4, H, H), bias (4, H), in the order iota, phi, c, omega; w (3, H).
    `clamps`: (signal, unit) -> function of t giving the held value or None.
    """
    W, U, bias, w = (weights[n] for n in ("W", "U", "bias", "w"))
    T, H = len(x), U.shape[1]
    names = ("iota", "phi", "g", "omega", "s", "b")
    found = {name: np.zeros((T, H)) for name in names}
    s, b = np.zeros(H), np.zeros(H)

    def held(name: str, k: int, t: int, value: float) -> float:
        fixed = (clamps or {}).get((name, k), lambda t: None)(t)
        return value if fixed is None else fixed

    for t in range(T):
        old_s, old_b, s, b = s, b, np.zeros(H), np.zeros(H)
        for k in range(H):
            a = [bias[j, k] + W[j, k] @ x[t] + U[j, k] @ old_b for j in range(4)]
            iota = held("iota", k, t, sigmoid(a[0] + w[0, k] * old_s[k]))
            phi = held("phi", k, t, sigmoid(a[1] + w[1, k] * old_s[k]))
            g = held("g", k, t, math.tanh(a[2]))
            s[k] = held("s", k, t, phi * old_s[k] + iota * g)
            omega = held("omega", k, t, sigmoid(a[3] + w[2, k] * s[k]))
            b[k] = held("b", k, t, omega * math.tanh(s[k]))
            for name, value in zip(names, (iota, phi, g, omega, s[k], b[k]), strict=True):
                found[name][t, k] = value
    return found


def gru(x: Array, weights: dict[str, Array]):
    """As `lstm`; blocks r, z, candidate; `bias` beside W and `c` beside U, both (3, H)."""
    W, U, bias, c = (weights[n] for n in ("W", "U", "bias", "c"))
    T, H = len(x), U.shape[1]
    found = {name: np.zeros((T, H)) for name in ("r", "z", "candidate", "h")}
    h = np.zeros(H)
    for t in range(T):
        old, h = h, np.zeros(H)
        for k in range(H):
            r, z = (sigmoid(bias[j, k] + W[j, k] @ x[t] + c[j, k] + U[j, k] @ old) for j in (0, 1))
            new = math.tanh(bias[2, k] + W[2, k] @ x[t] + r * (c[2, k] + U[2, k] @ old))
            h[k] = z * old[k] + (1 - z) * new
            for name, value in zip(found, (r, z, new, h[k]), strict=True):
                found[name][t, k] = value
    return found


def srn(x: Array, weights: dict[str, Array]):
    """As `lstm`, with one block."""
    W, U, bias = (weights[n][0] for n in ("W", "U", "bias"))
    found, h = np.zeros((len(x), len(U))), np.zeros(len(U))
    for t in range(len(x)):
        h = np.array([math.tanh(bias[k] + W[k] @ x[t] + U[k] @ h) for k in range(len(U))])
        found[t] = h
    return {"h": found}

"""How numbers, symbols and non-linearities are written in LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, SupportsFloat

from core.nets.network import LEAK

DIGITS = 4  # significant digits of a number put into a formula
SHOWN = 3  # terms of a long sum that are written out, before its last


class Squash(NamedTuple):
    """How f and f' are written of a z and an a = f(z), be they letters or numbers."""

    f: Callable[[str], str]
    slope: Callable[[str, str], str]


SQUASHES: dict[str, Squash] = {
    "tanh": Squash(lambda z: rf"\tanh({z})", lambda z, a: rf"1 - {a} \cdot {a}"),
    "sigmoid": Squash(
        lambda z: rf"\frac{{1}}{{1 + e^{{-({z})}}}}", lambda z, a: rf"{a} \cdot (1 - {a})"
    ),
    "relu": Squash(
        lambda z: rf"\max(0, {z})", lambda z, a: rf"1 \text{{ if }} {z} > 0 \text{{ else }} 0"
    ),
    "leaky relu": Squash(
        lambda z: rf"\max({z}, {LEAK} \cdot ({z}))",
        lambda z, a: rf"1 \text{{ if }} {z} > 0 \text{{ else }} {LEAK}",
    ),
    "sin": Squash(lambda z: rf"\sin({z})", lambda z, a: rf"\cos({z})"),
    "linear": Squash(lambda z: z, lambda z, a: "1"),
}
EXTRAS: dict[str, Callable[[str, str], str]] = {
    "x1^2": lambda u, v: rf"{u} \cdot {u}",
    "x2^2": lambda u, v: rf"{v} \cdot {v}",
    "x1 x2": lambda u, v: rf"{u} \cdot {v}",
    "sin x1": lambda u, v: rf"\sin({u})",
    "sin x2": lambda u, v: rf"\sin({v})",
}


def number(value: SupportsFloat) -> str:
    """`value` to DIGITS significant digits."""
    text = f"{float(value) + 0.0:.{DIGITS}g}"  # + 0.0 makes 0 of -0
    if "e" in text:
        digits, power = text.split("e")
        return rf"{digits} \times 10^{{{int(power)}}}"
    return text.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")


def factor(value: SupportsFloat) -> str:
    """A number that follows an operator: in parentheses where it needs them."""
    text = number(value)
    return f"({text})" if text.startswith("-") or "times" in text else text


def product(u: SupportsFloat, v: SupportsFloat) -> str:
    """Two numbers multiplied."""
    return rf"{factor(u)} \cdot {factor(v)}"


def total(n: int, term: Callable[[int], str]) -> str:
    """term(0) + ... + term(n - 1), the middle of a long sum left out."""
    if n <= SHOWN + 1:
        return " + ".join(term(j) for j in range(n))
    return " + ".join([*(term(j) for j in range(SHOWN)), r"\cdots", term(n - 1)])


def symbol(letter: str, l: int, *at: int) -> str:  # noqa: E741  # the course's letter
    """`letter` with its layer `l` above and its place below, `at` from 0 but shown from 1."""
    comma = "," if max(at) >= 9 else ""
    return f"{letter}_{{{comma.join(str(i + 1) for i in at)}}}^{{({l})}}"


def slope(of: str) -> str:
    """dL by d`of`."""
    return rf"\frac{{\partial L}}{{\partial {of}}}"

"""The numbers of one update in words: a line for each, with its letters and its numbers.

A line reads symbol = formula = numbers = value. W^(1) leads from a^(1), the inputs, to z^(2), as
in the course; fields `layer`, `row` and `column` count from 0, as arrays do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from core.nets.explain import notation
from core.nets.explain.notation import SQUASHES, factor, number, product, slope, symbol, total
from core.nets.explain.numbers import SLOPES, Explanation, Vector


class Line(NamedTuple):
    """One number and how it came about."""

    kind: str  # input z a p t loss penalty delta dL/da f' dL/dW dL/db W b
    layer: int | None  # whose W and b it belongs to; None: inputs, p, t, loss, penalty
    row: int  # unit or class
    column: int | None  # of a weight: the unit before
    symbol: str  # LaTeX
    formula: str  # LaTeX, in letters; the middle of a long sum is left out
    numbers: str  # the same with rounded numbers put in
    value: float  # exact, of the whole sum


class Part(NamedTuple):
    """Lines of one kind of step in one layer; `rule` is what they all follow, in LaTeX."""

    title: str
    rule: str
    layer: int | None
    lines: tuple[Line, ...]


class Phase(NamedTuple):
    """One of forward, loss, backward and update."""

    name: str
    parts: tuple[Part, ...]


def phases(e: Explanation, *, layer: int | None = None) -> tuple[Phase, ...]:
    """All lines of the update, in the order in which the numbers are made.

    With `layer` the weights of other layers are left out, of which a wide net has thousands.
    """
    last = len(e.layers) - 1
    shown = [k for k in range(last + 1) if layer in (None, k)]
    forward = (part for k in shown for part in _forward(e, k))
    backward = (part for k in reversed(shown) for part in _backward(e, k))
    update = (part for k in shown for part in _update(e, k))
    return (
        Phase("forward", (_inputs(e), *forward)),
        Phase("loss", tuple(_loss(e))),
        Phase("backward", tuple(backward)),
        Phase("update", (*update, _after(e))),
    )


def pick(
    found: Iterable[Phase], phase: str | None = None, *, kind: str | None = None,
    layer: int | None = None, row: int | None = None,
) -> tuple[Line, ...]:  # fmt: skip
    """The lines of a phase, a kind, a layer, a unit; None picks all."""
    return tuple(
        line
        for each in found
        if phase in (None, each.name)
        for part in each.parts
        for line in part.lines
        if kind in (None, line.kind) and layer in (None, line.layer) and row in (None, line.row)
    )


def of_unit(part: Part, row: int | None) -> tuple[Line, ...]:
    """The lines of a part that tell of unit `row`; all for None."""
    return tuple(line for line in part.lines if row in (None, line.row))


def latex(lines: Iterable[Line]) -> str:
    """The lines as one aligned block, for a page to set."""
    rows = [
        rf"{line.symbol} &= {line.formula} \\ &= {_counted(line.numbers, number(line.value))}"
        for line in lines
    ]
    return r"\begin{aligned}" + r" \\[6pt] ".join(rows) + r"\end{aligned}"


def _counted(numbers: str, value: str) -> str:
    """Numbers = value, said once where there is nothing to count."""
    return value if numbers == value else f"{numbers} = {value}"


def apart(before: float, after: float, digits: int = 4) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart, `digits` at least."""
    for many in range(digits, 17):
        said = f"{before:.{many}g}", f"{after:.{many}g}"
        if said[0] != said[1] or before == after:
            break
    return said[0].replace("-", "−"), said[1].replace("-", "−")


def _inputs(e: Explanation) -> Part:
    said = [(f"x_{{{j + 1}}}", number(value)) for j, value in enumerate(e.x)]
    for name in e.config.extras:
        words = notation.EXTRAS[name]
        said.append((words("x_{1}", "x_{2}"), words(factor(e.x[0]), factor(e.x[1]))))
    lines = [
        Line("input", None, j, None, symbol("a", 1, j), *words, float(value))
        for j, (words, value) in enumerate(zip(said, e.a[0], strict=True))
    ]
    return Part("What enters the net", "a^{(1)} = x", None, tuple(lines))


def _forward(e: Explanation, k: int) -> Iterator[Part]:
    (W, b), a, l = e.layers[k], e.a[k], k + 1  # noqa: E741
    lines = [
        Line(
            "z", k, i, None, _z(e, k, i),
            total(len(a), lambda j: f"{symbol('W', l, i, j)} {symbol('a', l, j)}")  # noqa: B023
            + f" + {symbol('b', l, i)}",
            total(len(a), lambda j: product(W[i, j], a[j])) + f" + {factor(b[i])}",  # noqa: B023
            float(value),
        )
        for i, value in enumerate(e.z[k])
    ]  # fmt: skip
    left = rf"z^{{({l + 1})}}" if _hidden(e, k) else "o"
    rule = rf"{left} = W^{{({l})}} a^{{({l})}} + b^{{({l})}}"
    yield Part(f"{_name(e, k)}: weigh and add", rule, k, tuple(lines))
    if _hidden(e, k):
        f = SQUASHES[e.config.activations[k]].f
        lines = [
            Line("a", k, i, None, symbol("a", l + 1, i), f(_z(e, k, i)), f(number(z)), float(value))
            for i, (z, value) in enumerate(zip(e.z[k], e.a[k + 1], strict=True))
        ]
        rule = rf"a^{{({l + 1})}} = f(z^{{({l + 1})}})"
        yield Part(f"{_name(e, k)}: {e.config.activations[k]}", rule, k, tuple(lines))


def _loss(e: Explanation) -> Iterator[Part]:
    K = e.config.classes
    if e.config.loss == "cross-entropy":
        below = total(K, lambda j: f"e^{{o_{{{j + 1}}}}}")
        below_numbers = total(K, lambda j: f"e^{{{number(e.z[-1][j])}}}")
        lines = [
            Line(
                "p", None, k, None, f"p_{{{k + 1}}}",
                rf"\frac{{e^{{o_{{{k + 1}}}}}}}{{{below}}}",
                rf"\frac{{e^{{{number(o)}}}}}{{{below_numbers}}}", float(value),
            )
            for k, (o, value) in enumerate(zip(e.z[-1], e.p, strict=True))
        ]  # fmt: skip
        rule = r"p_k = \frac{e^{o_k}}{\sum_j e^{o_j}}"
        yield Part("Softmax: what the net believes", rule, None, tuple(lines))
    condition = r"1 \text{{ if }} {} = {} \text{{ else }} 0"
    lines = [
        Line("t", None, k, None, f"t_{{{k + 1}}}", condition.format("y", k + 1),
             condition.format(e.y + 1, k + 1), float(value))
        for k, value in enumerate(e.t)
    ]  # fmt: skip
    rule = r"t_k = 1 \text{ for the class of the point, else } 0"
    yield Part("What it should say", rule, None, tuple(lines))
    yield Part("Loss", _loss_rule(e), None, (_loss_line(e, "L", e.p, e.loss),))
    if e.config.l1 > 0 or e.config.l2 > 0:
        yield _penalty(e)


def _loss_rule(e: Explanation) -> str:
    if e.config.loss == "cross-entropy":
        return r"L = -\log p_y"
    return r"L = \frac{1}{K} \sum_k (o_k - t_k)^2"


def _loss_line(e: Explanation, name: str, p: Vector, value: float) -> Line:
    if e.config.loss == "cross-entropy":
        formula, numbers = rf"-\log(p_{{{e.y + 1}}})", rf"-\log({number(p[e.y])})"
    else:
        K = e.config.classes
        formula = total(K, lambda k: rf"(o_{{{k + 1}}} - t_{{{k + 1}}})^2")
        numbers = total(K, lambda k: rf"({number(p[k])} - {number(e.t[k])})^2")
        formula, numbers = (rf"\frac{{1}}{{{K}}} \cdot ({sum_})" for sum_ in (formula, numbers))
    return Line("loss", None, 0, None, name, formula, numbers, value)


def _penalty(e: Explanation) -> Part:
    size = sum(float(np.abs(W).sum()) for W, _ in e.layers)
    square = sum(float(np.square(W).sum()) for W, _ in e.layers)
    l1, l2 = e.config.l1, e.config.l2
    terms = []
    if l1 > 0:
        terms.append(("L1", r"\lambda_1 \cdot \sum |W|", product(l1, size)))
    if l2 > 0:
        half = rf"\frac{{{number(l2)}}}{{2}} \cdot {factor(square)}"
        terms.append(("L2", r"\frac{\lambda_2}{2} \cdot \sum W^2", half))
    names, formula, numbers = (" + ".join(words) for words in zip(*terms, strict=True))
    line = Line("penalty", None, 0, None, r"\text{penalty}", formula, numbers, e.penalty)
    return Part(f"Penalty on large weights: {names}", line.formula, None, (line,))


def _backward(e: Explanation, k: int) -> Iterator[Part]:
    if _hidden(e, k):
        yield from _hidden_delta(e, k)
    else:
        yield _output_delta(e)
    a, delta, l, name = e.a[k], e.delta[k], k + 1, _name(e, k)  # noqa: E741
    lines = [
        Line("dL/dW", k, i, j, slope(symbol("W", l, i, j)),
             rf"{_delta(l + 1, i)} \cdot {symbol('a', l, j)}", product(d, before),
             float(d * before))
        for i, d in enumerate(delta)
        for j, before in enumerate(a)
    ]  # fmt: skip
    z, W = f"z_i^{{({l + 1})}}", f"W_{{ij}}^{{({l})}}"
    rule = (
        rf"{slope(W)} = {slope(z)} \cdot \frac{{\partial {z}}}{{\partial {W}}}"
        rf" = \delta_i^{{({l + 1})}} \cdot a_j^{{({l})}}"
    )
    yield Part(f"{name}: gradient of W", rule, k, tuple(lines))
    lines = [
        Line("dL/db", k, i, None, slope(symbol("b", l, i)), _delta(l + 1, i), number(d),
             float(d))
        for i, d in enumerate(delta)
    ]  # fmt: skip
    rule = rf"{slope(f'b_i^{{({l})}}')} = {slope(z)} \cdot 1 = \delta_i^{{({l + 1})}}"
    yield Part(f"{name}: gradient of b", rule, k, tuple(lines))


def _output_delta(e: Explanation) -> Part:
    last, K = len(e.delta) - 1, e.config.classes
    if e.config.loss == "cross-entropy":
        letter, front = "p", ""
        middle = (
            r"\frac{\partial L}{\partial p_y} \cdot \frac{\partial p_y}{\partial o_k}"
            r" = -\frac{1}{p_y} \cdot p_y (t_k - p_k)"
        )
        rule = rf"\delta_k = {slope('o_k')} = {middle} = p_k - t_k"
    else:
        letter, front = "o", rf"\frac{{2}}{{{K}}} \cdot "
        rule = rf"\delta_k = {slope('o_k')} = \frac{{2}}{{K}} (o_k - t_k)"
    lines = [
        Line("delta", last, k, None,
             rf"{_delta(last + 2, k)} = {slope(f'o_{{{k + 1}}}')}",
             f"{front}({letter}_{{{k + 1}}} - t_{{{k + 1}}})",
             f"{front}({number(e.p[k])} - {number(e.t[k])})", float(value))
        for k, value in enumerate(e.delta[-1])
    ]  # fmt: skip
    return Part("Output: how the loss answers to o", rule, last, tuple(lines))


def _hidden_delta(e: Explanation, k: int) -> Iterator[Part]:
    l, f, name = k + 2, e.config.activations[k], _name(e, k)  # noqa: E741  # of a^(l), z^(l)
    W, above, z, a, reach = e.layers[k + 1].W, e.delta[k + 1], e.z[k], e.a[k + 1], e.reach[k + 1]
    slopes = SLOPES[f](z, a)
    units = [(i, symbol("a", l, i), _z(e, k, i)) for i in range(len(z))]
    come_back = [
        Line("dL/da", k, i, None, slope(a_i),
             total(len(above), lambda m: f"{symbol('W', l, m, i)} {_delta(l + 1, m)}"),  # noqa: B023
             total(len(above), lambda m: product(W[m, i], above[m])), float(reach[i]))  # noqa: B023
        for i, a_i, _ in units
    ]  # fmt: skip
    rule = rf"{slope(f'a^{{({l})}}')} = (W^{{({l})}})^T \delta^{{({l + 1})}}"
    yield Part(f"{name}: what comes back", rule, k, tuple(come_back))
    write = SQUASHES[f].slope
    sloped = [
        Line("f'", k, i, None, f"f'({z_i})", write(z_i, a_i), write(number(z[i]), factor(a[i])),
             float(slopes[i]))
        for i, a_i, z_i in units
    ]  # fmt: skip
    rule = rf"f'(z^{{({l})}}) = \frac{{\partial a^{{({l})}}}}{{\partial z^{{({l})}}}}"
    yield Part(f"{name}: slope of {f}", rule, k, tuple(sloped))
    deltas = [
        Line("delta", k, i, None, _delta(l, i), rf"{slope(a_i)} \cdot f'({z_i})",
             product(reach[i], slopes[i]), float(e.delta[k][i]))
        for i, a_i, z_i in units
    ]  # fmt: skip
    left, right = slope(f"z^{{({l})}}"), slope(f"a^{{({l})}}")
    rule = rf"\delta^{{({l})}} = {left} = {right} \odot f'(z^{{({l})}})"
    yield Part(f"{name}: how the loss answers to z", rule, k, tuple(deltas))


def _update(e: Explanation, k: int) -> Iterator[Part]:
    (W, b), (new_W, new_b), rate = e.layers[k], e.updated_layers[k], number(e.rate)
    l1, l2, name = e.config.l1, e.config.l2, _name(e, k)
    lines = []
    for (i, j), value in np.ndenumerate(new_W):
        w = symbol("W", k + 1, i, j)
        formula, numbers = slope(w), factor(e.delta[k][i] * e.a[k][j])
        if l1 > 0:
            formula += rf" + \lambda_1 \cdot \mathrm{{sign}}({w})"
            numbers += f" + {product(l1, np.sign(W[i, j]))}"
        if l2 > 0:
            formula += rf" + \lambda_2 \cdot {w}"
            numbers += f" + {product(l2, W[i, j])}"
        formula = rf"{w} - learningrate \cdot ({formula})"
        numbers = rf"{number(W[i, j])} - {rate} \cdot ({numbers})"
        lines.append(Line("W", k, i, j, w, formula, numbers, float(value)))
    penalties = r" + \lambda_1 \cdot \mathrm{sign}(W)" * (l1 > 0) + r" + \lambda_2 \cdot W" * (
        l2 > 0
    )
    rule = rf"W := W - learningrate \cdot ({slope('W')}{penalties})"
    yield Part(f"{name}: new W", rule, k, tuple(lines))
    lines = [
        Line("b", k, i, None, symbol("b", k + 1, i),
             rf"{symbol('b', k + 1, i)} - learningrate \cdot {slope(symbol('b', k + 1, i))}",
             rf"{number(b[i])} - {rate} \cdot {factor(e.delta[k][i])}", float(value))
        for i, value in enumerate(new_b)
    ]  # fmt: skip
    rule = rf"b := b - learningrate \cdot {slope('b')}"
    yield Part(f"{name}: new b", rule, k, tuple(lines))


def _after(e: Explanation) -> Part:
    line = _loss_line(e, r"L_{\text{after}}", e.p_after, e.after)
    return Part("The loss of this point afterwards", _loss_rule(e), None, (line,))


def _hidden(e: Explanation, k: int) -> bool:
    return k < len(e.config.hidden)


def _name(e: Explanation, k: int) -> str:
    return f"Layer {k + 1}" if _hidden(e, k) else "Output"


def _z(e: Explanation, k: int, i: int) -> str:
    return symbol("z", k + 2, i) if _hidden(e, k) else f"o_{{{i + 1}}}"


def _delta(l: int, i: int) -> str:  # noqa: E741
    return symbol(r"\delta", l, i)

"""The computational graph of one update: values forward, gradients backward, placed for drawing.

Course, chapter 5: the graph by which back-propagation goes, L at its end. Of a node u with
consumers v:   dL/du = sum_v dL/dv dv/du,   and dv/du is the slope of the edge.

A small net is drawn number by number; of a larger one a node is a whole vector or matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from core.errors import require
from core.nets.explain.numbers import SLOPES, Explanation, Vector

LARGEST = 24  # rows of nodes up to which every number is drawn by itself
LEVELS = ("scalar", "tensor")

# d extra / d(x_1, x_2)
EXTRA_SLOPES: dict[str, Callable[[Vector], tuple[float, float]]] = {
    "x1^2": lambda x: (2 * x[0], 0.0),
    "x2^2": lambda x: (0.0, 2 * x[1]),
    "x1 x2": lambda x: (x[1], x[0]),
    "sin x1": lambda x: (np.cos(x[0]), 0.0),
    "sin x2": lambda x: (0.0, np.cos(x[1])),
}


class Node(NamedTuple):
    """A number or a tensor of the computation."""

    kind: str  # x W b * + f softmax t loss; an extra input's own name, or "extras" for all
    label: str  # plain text
    value: Vector
    gradient: Vector | None  # dL/dvalue, of the same shape; None of t, which nobody moves
    x: float  # column, from 0 at the left
    y: float  # row, from 0 at the top


class Edge(NamedTuple):
    """From one node to another, by their places in Graph.nodes."""

    source: int
    target: int
    slope: float | None  # dtarget/dsource; None between tensors and from t


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Nodes in the order in which they are computed; every edge leads to a later one."""

    level: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    columns: int
    rows: int


def graph(e: Explanation, level: str | None = None) -> Graph:
    """The graph of an update, "scalar" or "tensor"; by default scalar where that can be read.

    Raises SettingError where the level is neither.
    """
    if level is None:
        level = "scalar" if _height(e) <= LARGEST else "tensor"
    require(level in LEVELS, "level of the graph", wanted=" or ".join(LEVELS), given=level)
    sheet = _Sheet()
    (_scalars if level == "scalar" else _tensors)(e, sheet)
    return Graph(
        level=level,
        nodes=tuple(sheet.nodes),
        edges=tuple(sheet.edges),
        columns=1 + int(max(node.x for node in sheet.nodes)),
        rows=1 + int(np.ceil(max(node.y for node in sheet.nodes))),
    )


def rows(of: Graph) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Nodes and edges as plain rows for a chart: places, texts and kinds."""
    nodes = [
        {
            "x": node.x, "y": node.y, "kind": node.kind, "label": node.label,
            "value": _text(node.value),
            "gradient": "" if node.gradient is None else _text(node.gradient),
        }
        for node in of.nodes
    ]  # fmt: skip
    edges = []
    for edge in of.edges:
        a, b = of.nodes[edge.source], of.nodes[edge.target]
        slope = "" if edge.slope is None else _number(edge.slope)
        edges.append(
            {
                "x": a.x,
                "y": a.y,
                "x2": b.x,
                "y2": b.y,
                "from": a.label,
                "to": b.label,
                "slope": slope,
            }
        )
    return nodes, edges


@dataclass
class _Sheet:
    """A graph that is being drawn."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def add(
        self, kind: str, label: str, value: ArrayLike, gradient: ArrayLike | None,
        x: float, y: float, sources: tuple[tuple[int, float | None], ...] = (),
    ) -> int:  # fmt: skip
        """A node fed by `sources`, each with the slope of its edge; answers its place."""
        back = None if gradient is None else np.asarray(gradient, np.float64)
        self.nodes.append(Node(kind, label, np.asarray(value, np.float64), back, x, y))
        at = len(self.nodes) - 1
        self.edges += [Edge(source, at, slope) for source, slope in sources]
        return at


def _height(e: Explanation) -> int:
    """Rows of the scalar graph: a layer takes one for each of its W and b."""
    return max(W.size + b.size for W, b in e.layers)


def _scalars(e: Explanation, sheet: _Sheet) -> None:
    height = _height(e)
    entered, column = _scalar_inputs(e, sheet, height)
    for k, (W, b) in enumerate(e.layers):
        out, width = W.shape
        block = height / out  # rows of a unit
        summed = []
        for i in range(out):
            top, d = i * block, float(e.delta[k][i])
            row = block / (width + 1)
            terms: list[tuple[int, float | None]] = []
            for j in range(width):
                w, a, y = float(W[i, j]), float(e.a[k][j]), top + (j + 0.5) * row
                name = f"W{_up(k + 1)}{_down(i, j)}"
                # m = W_ij a_j: dm/dW_ij = a_j, dm/da_j = W_ij; dL/dm = delta_i
                leaf = sheet.add("W", name, w, d * a, column, y)
                terms.append(
                    (
                        sheet.add("*", "×", w * a, d, column + 1, y, ((leaf, a), (entered[j], w))),
                        1.0,
                    )
                )
            y = top + (width + 0.5) * row
            terms.append((sheet.add("b", f"b{_up(k + 1)}{_down(i)}", b[i], d, column, y), 1.0))
            # z_i = sum_j m_j + b_i
            name = f"z{_up(k + 2)}{_down(i)}" if k < len(e.config.hidden) else f"o{_down(i)}"
            middle = top + block / 2
            summed.append(
                sheet.add("+", f"+ {name}", e.z[k][i], d, column + 2, middle, tuple(terms))
            )
        column += 3
        if k < len(e.config.hidden):
            f = e.config.activations[k]
            slopes = SLOPES[f](e.z[k], e.a[k + 1])
            entered = [
                sheet.add("f", f"{f} a{_up(k + 2)}{_down(i)}", e.a[k + 1][i], e.reach[k + 1][i],
                          column, sheet.nodes[at].y, ((at, float(slopes[i])),))
                for i, at in enumerate(summed)
            ]  # fmt: skip
            column += 1
    _scalar_loss(e, sheet, summed, column, height)


def _scalar_inputs(e: Explanation, sheet: _Sheet, height: int) -> tuple[list[int], int]:
    """Nodes of a^(1), and the column after them."""
    x, reach, extras = e.x, e.reach[0], e.config.extras
    step = height / len(e.a[0])
    slopes = np.array([EXTRA_SLOPES[name](x) for name in extras]).reshape(-1, 2)
    back = reach[:2] + slopes.T @ reach[2:]
    entered = [sheet.add("x", f"x{_down(j)}", x[j], back[j], 0, (j + 0.5) * step) for j in range(2)]
    for j, name in enumerate(extras):
        used = tuple((i, float(slopes[j, i])) for i in range(2) if f"x{i + 1}" in name)
        y = (j + 2.5) * step
        entered.append(sheet.add(name, name, e.a[0][j + 2], reach[j + 2], 1, y, used))
    return entered, 2 if extras else 1


def _scalar_loss(e: Explanation, sheet: _Sheet, o: list[int], column: int, height: int) -> None:
    K, p, t = e.config.classes, e.p, e.t
    step = height / (2 * K)
    said, back = o, e.delta[-1]
    if e.config.loss == "cross-entropy":
        with np.errstate(divide="ignore", invalid="ignore"):
            back = np.where(t > 0, -t / p, 0.0)  # dL/dp_k = -t_k / p_k
        said = [
            # dp_k/do_j = p_k ((k = j) - p_j)
            sheet.add("softmax", f"p{_down(k)}", p[k], back[k], column, (2 * k + 0.5) * step,
                      tuple((o[j], float(p[k] * ((k == j) - p[j]))) for j in range(K)))
            for k in range(K)
        ]  # fmt: skip
    wanted = [
        sheet.add("t", f"t{_down(k)}", t[k], None, column, (2 * k + 1.5) * step) for k in range(K)
    ]
    sources = [(at, float(back[k])) for k, at in enumerate(said)] + [(at, None) for at in wanted]
    sheet.add("loss", "L", e.loss, 1.0, column + 1, height / 2, tuple(sources))


def _tensors(e: Explanation, sheet: _Sheet) -> None:
    extras = e.config.extras
    slopes = np.array([EXTRA_SLOPES[name](e.x) for name in extras]).reshape(-1, 2)
    back = e.reach[0][:2] + slopes.T @ e.reach[0][2:]
    entered, column = sheet.add("x", "x", e.x, back, 0, 1), 1
    if extras:
        entered = sheet.add("extras", "a⁽¹⁾", e.a[0], e.reach[0], 1, 1, ((entered, None),))
        column = 2
    for k, (W, b) in enumerate(e.layers):
        d, hidden = e.delta[k], k < len(e.config.hidden)
        leaf = sheet.add("W", f"W{_up(k + 1)}", W, np.outer(d, e.a[k]), column, 0)
        product = sheet.add("*", "×", W @ e.a[k], d, column, 1, ((leaf, None), (entered, None)))
        leaf = sheet.add("b", f"b{_up(k + 1)}", b, d, column + 1, 0)
        name = f"z{_up(k + 2)}" if hidden else "o"
        both = ((product, None), (leaf, None))
        entered = sheet.add("+", f"+ {name}", e.z[k], d, column + 1, 1, both)
        column += 2
        if hidden:
            label, a = f"{e.config.activations[k]} a{_up(k + 2)}", e.a[k + 1]
            entered = sheet.add("f", label, a, e.reach[k + 1], column, 1, ((entered, None),))
            column += 1
    if e.config.loss == "cross-entropy":
        with np.errstate(divide="ignore", invalid="ignore"):
            back = np.where(e.t > 0, -e.t / e.p, 0.0)
        entered = sheet.add("softmax", "p", e.p, back, column, 1, ((entered, None),))
        column += 1
    wanted = sheet.add("t", "t", e.t, None, column, 0)
    sheet.add("loss", "L", e.loss, 1.0, column, 1, ((entered, None), (wanted, None)))


def _text(value: Vector) -> str:
    """A number; of a tensor its shape and the first three numbers, a line each."""
    numbers = [_number(v) for v in value.ravel()[:3].tolist()]
    if value.ndim == 0:
        return numbers[0]
    more = ["…"] if value.size > 3 else []
    return "\n".join([" × ".join(map(str, value.shape)), *numbers, *more])


def _number(value: float) -> str:
    """Three digits and a real minus sign."""
    return f"{value + 0.0:.3g}".replace("-", "−")  # + 0.0 makes 0 of -0


def _up(l: int) -> str:  # noqa: E741  # the course's letter
    return f"({l})".translate(str.maketrans("()0123456789", "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _down(*at: int) -> str:
    text = ("," if max(at) >= 9 else "").join(str(i + 1) for i in at)
    return text.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))

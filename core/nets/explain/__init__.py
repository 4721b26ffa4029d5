"""One update of a net on one point with every number in it, and the same as a computational graph.

explanation = update(params, config, x, y)    the numbers
phases(explanation)                           lines: symbol = formula = numbers = value
graph(explanation)                            nodes with values and gradients, placed for drawing
"""

from core.nets.explain.graph import Edge, Graph, Node, graph, rows
from core.nets.explain.lines import Line, Part, Phase, apart, latex, of_unit, phases, pick
from core.nets.explain.numbers import Explanation, update

__all__ = [
    "Edge", "Explanation", "Graph", "Line", "Node", "Part", "Phase",
    "apart", "graph", "latex", "of_unit", "phases", "pick", "rows", "update",
]  # fmt: skip

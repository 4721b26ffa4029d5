"""A tree as cells of the chart."""

from __future__ import annotations

from core.parsing.normal_form import Normal
from core.parsing.tree import Tree, spans
from pages._kit.stage.cky import Part


def parts(tree: Tree, normal: Normal) -> list[Part]:
    """The cells of a tree of the grammar, from above; a chain of unit rules is one cell."""
    found = spans(normal.apply(tree))
    place = {id(span.node): k for k, span in enumerate(found)}
    return [
        Part(
            span.i, span.j, tuple(span.node.label.split(normal.joiner)),
            tuple(place[id(child)] for child in span.node.children if isinstance(child, Tree)),
        )
        for span in found
    ]  # fmt: skip

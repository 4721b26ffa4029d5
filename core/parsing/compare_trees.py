"""Where trees of the same words differ: the nodes (category, first word, last word) that not all have."""

from __future__ import annotations

from collections.abc import Sequence

from core.parsing.tree import Tree, spans

Node = tuple[str, int, int]


def nodes(tree: Tree) -> frozenset[Node]:
    """Every node as category, first and last word."""
    return frozenset((span.node.label, span.i, span.j) for span in spans(tree))


def differing(trees: Sequence[Tree]) -> list[frozenset[Node]]:
    """Of each tree the nodes that at least one of the others lacks."""
    own = [nodes(tree) for tree in trees]
    common = frozenset.intersection(*own) if own else frozenset()
    return [one - common for one in own]

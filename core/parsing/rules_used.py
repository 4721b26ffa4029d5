"""Which rules of a grammar a tree uses, and which categories begin with themselves."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from core.parsing.grammar import Grammar
from core.parsing.tree import Tree


def rules_used(tree: Tree, grammar: Grammar) -> list[int]:
    """The rule of every node, from above; `tree` must be one of the grammar's."""
    found = []
    for node in tree.nodes():
        side = tuple(
            grammar.word_symbol[child] if isinstance(child, str) else grammar.number[child.label]
            for child in node.children
        )
        found.append(grammar.find[grammar.number[node.label], side])
    return found


def left_recursive(grammar: Grammar) -> list[str]:
    """The categories X with X => X ..., by whatever chain of first symbols."""
    first = grammar.right[grammar.ends[:-1]]
    inside = first >= 0
    parent, child = grammar.left[inside], first[inside]
    N = len(grammar.categories)
    graph = coo_array((np.ones(len(parent)), (parent, child)), shape=(N, N)).tocsr()
    _, group = connected_components(graph, connection="strong")
    recursive = np.bincount(group)[group] > 1
    recursive[parent[parent == child]] = True
    return [grammar.categories[X] for X in np.flatnonzero(recursive)]

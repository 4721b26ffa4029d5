"""Trees of a treebank as a grammar is learned from them: without traces and function tags.

    (NP-SBJ-1 (-NONE- *))    is dropped, and so is what is left empty by that
    NP-SBJ, NP=2             become NP;  -LRB- stays
    ADVP|PRT                 becomes ADVP
    (NP (NP the man))        becomes (NP the man): no category stands alone below itself
    X+Y, X@Y, X^Y            become X·Y

as core.parsing.markov writes with the marks + @ ^.
"""

from __future__ import annotations

import re

from core.parsing.tree import Tree, fold

TRACE = "-NONE-"
TOPS = {"", "TOP", "ROOT"}


def category(label: str) -> str:
    """A label without function tags, indices and the second of two choices."""
    if label.startswith("-"):
        return label
    for mark in "-=|":
        label = label.split(mark, 1)[0] or label
    return label[:1] + re.sub(r"[+@^]", "·", label[1:])


def cleaned(tree: Tree, *, alone: bool = True) -> Tree | None:
    """The tree without traces and function tags; None where nothing is left.

    `alone` merges a category that stands alone below itself with it.
    """

    def join(node: Tree, below: tuple[Tree | str | None, ...]) -> Tree | None:
        if node.label == TRACE:
            return None
        kept = tuple(child for child in below if child is not None)
        if not kept:
            return None
        name = category(node.label)
        only = kept[0]
        if alone and len(kept) == 1 and isinstance(only, Tree) and only.label == name:
            return only
        return Tree(name, kept)

    tree = fold(tree, join)  # type: ignore[assignment]
    while tree is not None and tree.label in TOPS and len(tree.children) == 1:
        child = tree.children[0]
        if isinstance(child, str):
            break
        tree = child
    return tree

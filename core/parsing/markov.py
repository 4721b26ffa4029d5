"""Markovisation: what a rule remembers of its surroundings, written into labels and out again.

    vertical v    a category knows its v - 1 ancestors       NP below S, v = 2:    NP^S
    horizontal h  the rest of a long rule knows the h last siblings that were made

    VP -> VBD NP PP PP, h = 1:    VP -> VBD VP@VBD,  VP@VBD -> NP VP@NP,  VP@NP -> PP PP

h = None remembers all. Binarised trees give binary rules; undoing gives the tree back. With
`joined`, a phrase that is the only child of another is one category with it: S+VP.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import require
from core.parsing.tree import Tree, fold

UP, REST, JOINED = "^", "@", "+"


@dataclass(frozen=True, kw_only=True)
class Markov:
    """How much is remembered."""

    vertical: int = 2
    horizontal: int | None = 1
    tags: bool = True  # whether tags know their ancestors too
    joined: bool = True  # whether chains of phrases are one category

    def __post_init__(self) -> None:
        require(1 <= self.vertical <= 4, "vertical", wanted="1 to 4", given=self.vertical)
        given = self.horizontal
        require(given is None or 0 <= given <= 9, "horizontal", wanted="0 to 9", given=given)


def markovised(tree: Tree, markov: Markov) -> Tree:
    """`tree` with ancestors in its labels and at most two children a node."""
    if markov.joined:
        tree = joined(tree)
    return binarised(annotated(tree, markov), markov.horizontal)


def joined(tree: Tree) -> Tree:
    """`tree` with every chain of phrases as one category; the root and tags stay themselves."""

    def join(node: Tree, below: tuple[Tree | str, ...]) -> Tree:
        only = below[0]
        if node is tree or len(below) > 1 or isinstance(only, str) or only.preterminal:
            return Tree(node.label, below)
        return Tree(node.label + JOINED + only.label, only.children)

    return fold(tree, join)


def annotated(tree: Tree, markov: Markov) -> Tree:
    """`tree` with the labels of v - 1 ancestors behind each label."""
    if markov.vertical == 1:
        return tree
    done: list[list[Tree | str]] = [[]]
    # a node is opened, its children are worked off, then it is closed under its new name
    stack: list[tuple[Tree | str, tuple[str, ...], bool]] = [(tree, (), False)]
    while stack:
        node, above, closing = stack.pop()
        if isinstance(node, str):
            done[-1].append(node)
        elif closing:
            own = above if markov.tags or not node.preterminal else ()
            children = tuple(done.pop())
            done[-1].append(Tree(UP.join((node.label, *own)), children))
        else:
            done.append([])
            stack.append((node, above, True))
            below = (node.label, *above)[: markov.vertical - 1]
            stack.extend((child, below, False) for child in reversed(node.children))
    whole = done[0][0]
    assert isinstance(whole, Tree)
    return whole


def binarised(tree: Tree, horizontal: int | None) -> Tree:
    """`tree` with at most two children a node, from the left."""

    def join(node: Tree, below: tuple[Tree | str, ...]) -> Tree:
        if len(below) < 3:
            return Tree(node.label, below)
        plain = [c if isinstance(c, str) else c.label.split(UP)[0] for c in below]

        def rest(k: int) -> str:
            """The name of what comes after the first k children."""
            first = 0 if horizontal is None else max(0, k - horizontal)
            return node.label + REST + "_".join(plain[first:k])

        tail = below[-1]
        for k in range(len(below) - 2, 0, -1):
            tail = Tree(rest(k), (below[k], tail))
        return Tree(node.label, (below[0], tail))

    return fold(tree, join)


def unmarkovised(tree: Tree) -> Tree:
    """The way back: labels without ancestors, nodes that were made for long rules taken out."""

    def join(node: Tree, below: tuple[list[Tree | str] | str, ...]) -> list[Tree | str]:
        children: list[Tree | str] = []
        for part in below:
            children.extend([part] if isinstance(part, str) else part)
        if REST in node.label[1:]:
            return children
        # a label may be a mark itself
        name = node.label[:1] + node.label[1:].split(UP)[0]
        for label in reversed(name.split(JOINED) if len(name) > 1 else [name]):
            children = [Tree(label, tuple(children))]
        return children

    whole = fold(tree, join)[0]
    assert isinstance(whole, Tree)
    return whole

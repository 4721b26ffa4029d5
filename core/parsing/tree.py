"""Trees of sentences: categories inside, words at the leaves.

    (S (NP (DT the) (NN man)) (VP (Vi sleeps)))

Nothing here calls itself: a tree may be as deep as memory allows. Words are numbered from 0; the
span (i, j) of a node goes from its first word i to its last word j, both belonging to it, as in
the course's w[i, j, X].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tree:
    """A category and what is below it, at least one: trees or words (str)."""

    label: str
    children: tuple[Tree | str, ...]

    def walk(self) -> Iterator[Tree | str]:
        """Every node and every word, each node before what is below it, left to right."""
        stack: list[Tree | str] = [self]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Tree):
                stack.extend(reversed(node.children))

    def nodes(self) -> Iterator[Tree]:
        """Every node, from above."""
        return (node for node in self.walk() if isinstance(node, Tree))

    def words(self) -> tuple[str, ...]:
        return tuple(node for node in self.walk() if isinstance(node, str))

    def tagged(self) -> tuple[tuple[str, str], ...]:
        """Each word with the category right above it."""
        return tuple(
            (word, node.label) for node in self.nodes() for word in node.children
            if isinstance(word, str)
        )  # fmt: skip

    @property
    def preterminal(self) -> bool:
        """Whether it is a tag with its word."""
        return len(self.children) == 1 and isinstance(self.children[0], str)

    def _flat(self) -> tuple[tuple[str, int], ...]:
        # Label and number of children in the order of `walk` say all.
        return tuple(
            (node, -1) if isinstance(node, str) else (node.label, len(node.children))
            for node in self.walk()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and (self is other or self._flat() == other._flat())

    def __hash__(self) -> int:
        return hash(self._flat())

    def __repr__(self) -> str:
        from core.parsing.brackets import one_line

        return one_line(self)


def fold(tree: Tree, join: Callable[[Tree, tuple[T | str, ...]], T]) -> T:
    """Work a tree off from below: `join` is given each node and what became of its children.

    Words stay as they are.
    """
    stack: list[tuple[Tree, list[T | str]]] = [(tree, [])]
    while True:
        node, done = stack[-1]
        if len(done) < len(node.children):
            child = node.children[len(done)]
            if isinstance(child, str):
                done.append(child)
            else:
                stack.append((child, []))
            continue
        stack.pop()
        joined = join(node, tuple(done))
        if not stack:
            return joined
        stack[-1][1].append(joined)


class Span(NamedTuple):
    """A node and its words."""

    node: Tree
    i: int  # first word
    j: int  # last word
    depth: int  # 0 at the root


def spans(tree: Tree) -> list[Span]:
    """Every node with its span, nodes before what is below them."""
    found: list[Span] = []
    sizes: dict[int, int] = {}  # words of each node

    def note(node: Tree, below: tuple[int | str, ...]) -> int:
        sizes[id(node)] = sum(1 if isinstance(part, str) else part for part in below)
        return sizes[id(node)]

    fold(tree, note)
    stack: list[tuple[Tree, int, int]] = [(tree, 0, 0)]
    while stack:
        node, i, depth = stack.pop()
        found.append(Span(node, i, i + sizes[id(node)] - 1, depth))
        below = []
        for child in node.children:
            if isinstance(child, str):
                i += 1
            else:
                below.append((child, i, depth + 1))
                i += sizes[id(child)]
        stack.extend(reversed(below))
    return found


def depth(tree: Tree) -> int:
    """Nodes on the longest way from the root to a word."""
    return fold(
        tree, lambda node, below: 1 + max((d for d in below if not isinstance(d, str)), default=0)
    )


def relabel(tree: Tree, name: Callable[[str], str]) -> Tree:
    """The same tree with every category renamed."""
    return fold(tree, lambda node, below: Tree(name(node.label), below))

"""Trees as text in the brackets of the Penn Treebank, read and written.

    ( (S (NP (DT the) (NN man)) (VP (Vi sleeps))) )     the outer, nameless bracket is dropped

A file may hold many trees. Where one is broken the reader says where and goes on with the next
that begins at the start of a line, so that one slip does not cost a treebank.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from core.errors import SettingError, require
from core.parsing.problem import Problem
from core.parsing.tree import Tree

CHARACTERS = 50_000_000  # of a text that is read
TOKEN = re.compile(r"[()]|[^\s()]+")
START = re.compile(r"^\(", re.MULTILINE)
PROBLEMS = 100  # told; the rest of a text so broken is not read
BRACKETS = {"(": "-LRB-", ")": "-RRB-"}  # as the Penn Treebank writes them among words


def read(text: str, *, most: int = CHARACTERS) -> list[Tree]:
    """All trees of `text`. Raises SettingError with line and column where a bracket is wrong."""
    trees, problems = read_all(text, most=most)
    if problems:
        first = problems[0]
        place = f"line {first.line}, column {first.column}"
        raise SettingError("brackets", wanted="trees like (S (NP she) (VP runs))",
                           given=f"at {place}: {first.message}")  # fmt: skip
    return trees


def read_all(text: str, *, most: int = CHARACTERS) -> tuple[list[Tree], list[Problem]]:
    """The trees of `text` that are whole, and what is wrong with the others."""
    require(
        len(text) <= most, "brackets", wanted=f"at most {most:,} characters", given=f"{len(text):,}"
    )
    lines = [0, *(m.end() for m in re.finditer("\n", text))]
    trees: list[Tree] = []
    problems: list[Problem] = []
    at = 0
    while at < len(text) and len(problems) < PROBLEMS:
        try:
            for tree in _trees(text, at):
                trees.append(tree)
            break
        except _Broken as broken:
            line = bisect_right(lines, broken.at)
            problem = Problem(line, broken.at - lines[line - 1] + 1, str(broken))
            if problem not in problems:
                problems.append(problem)
            # trees after an open bracket seemed to be inside of it: they are read again
            onward = START.search(text, broken.tree + 1)
            at = len(text) if onward is None else onward.start()
    return trees, problems


class _Broken(Exception):
    def __init__(self, message: str, *, at: int, tree: int) -> None:
        super().__init__(message)
        self.at, self.tree = at, tree  # places of the slip and of the tree it is in


def _trees(text: str, at: int) -> Iterator[Tree]:
    """The trees of `text` from character `at` on."""
    stack: list[tuple[int, str | None, list[Tree | str]]] = []  # place of the (, label, children
    begun, fresh = at, False  # fresh: a ( was just read, its label is still to come
    for match in TOKEN.finditer(text, at):
        token, place = match.group(), match.start()
        if token == "(":
            if not stack:
                begun = place
            stack.append((place, None, []))
            fresh = True
        elif token == ")":
            if not stack:
                raise _Broken("a ) that no ( belongs to.", at=place, tree=place)
            opened, label, children = stack.pop()
            fresh = False
            if not children:
                inside = "nothing" if label is None else f"only “{label[:40]}”"
                raise _Broken(
                    f"a bracket needs a category and something below it, this one has {inside}.",
                    at=opened, tree=begun,
                )  # fmt: skip
            if label is None and len(children) == 1 and isinstance(children[0], Tree):
                tree = children[0]  # the nameless bracket round a tree
            else:
                tree = Tree(label or "", tuple(children))
            if stack:
                stack[-1][2].append(tree)
            else:
                yield tree
        elif not stack:
            message = f"“{token[:40]}” stands outside of all brackets."
            raise _Broken(message, at=place, tree=place)
        elif fresh:
            opened, _, children = stack[-1]
            stack[-1] = (opened, token, children)
            fresh = False
        else:
            stack[-1][2].append(token)
    if stack:
        count = len(stack)
        missing = "one ) is missing" if count == 1 else f"{count} ) are missing"
        raise _Broken(
            f"this ( is never closed: {missing} at the end of the text.",
            at=stack[-1][0], tree=begun,
        )  # fmt: skip


def word(text: str) -> str:
    """A word as it can stand between brackets."""
    for bracket, name in BRACKETS.items():
        text = text.replace(bracket, name)
    return re.sub(r"\s+", "_", text)


def one_line(tree: Tree) -> str:
    """The tree on one line."""
    parts: list[str] = []
    stack: list[Tree | str | None] = [tree]
    while stack:
        node = stack.pop()
        if node is None:
            parts.append(")")
        elif isinstance(node, str):
            parts.append(" " + word(node))
        else:
            parts.append((" (" if parts else "(") + word(node.label))
            stack.append(None)
            stack.extend(reversed(node.children))
    return "".join(parts)


def lines(tree: Tree) -> str:
    """The tree with a phrase on each line, indented by its depth."""
    parts: list[str] = []
    stack: list[tuple[Tree | str | None, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if node is None:
            parts.append(")")
        elif isinstance(node, str):
            parts.append(" " + word(node))
        else:
            tag = all(isinstance(child, str) for child in node.children)
            new = bool(parts) and not tag
            parts.append(("\n" + "  " * min(depth, 200) if new else " " if parts else "") + "(")
            parts.append(word(node.label))
            stack.append((None, depth))
            stack.extend((child, depth + 1) for child in reversed(node.children))
    return "".join(parts)

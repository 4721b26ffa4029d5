"""Trees for other programs: LaTeX (forest, qtree) and JSON, which is read back, too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from core.errors import require
from core.parsing.k_best import Ranked
from core.parsing.tree import Span, Tree, spans

LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


def latex(text: str) -> str:
    """`text` as LaTeX prints it."""
    return "".join(LATEX.get(character, character) for character in text)


def forest(tree: Tree) -> str:
    r"""For the package forest: \usepackage{forest}."""
    # Braces keep commas, equals signs and square brackets from being read as options.
    body = _nested(tree, "[{{{}}}", "[{{{}}}]", "]")
    return f"\\begin{{forest}}\n{body}\n\\end{{forest}}\n"


def qtree(tree: Tree) -> str:
    r"""For the package qtree (or tikz-qtree): \usepackage{tikz-qtree}."""
    return f"\\Tree {_nested(tree, '[.{{{}}}', '{{{}}}', ' ]')}\n"


def _nested(tree: Tree, opened: str, leaf: str, closed: str) -> str:
    parts: list[str] = []
    stack: list[tuple[Tree | str | None, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if node is None:
            parts.append(closed)
        elif isinstance(node, str):
            parts.append(" " + leaf.format(latex(node)))
        else:
            new = bool(parts) and not node.preterminal
            parts.append("\n" + "  " * min(depth, 200) if new else " " if parts else "")
            parts.append(opened.format(latex(node.label)))
            stack.append((None, depth))
            stack.extend((child, depth + 1) for child in reversed(node.children))
    return "".join(parts)


def to_json(tree: Tree) -> str:
    """{"label", "span": [first, last], "children"}, a word being {"word", "index"}."""
    # Written by hand: the encoder of json calls itself and gives up on deep trees.
    measured = iter(spans(tree))
    parts: list[str] = []
    index = 0
    stack: list[Tree | str | None] = [tree]
    comma = False
    while stack:
        node = stack.pop()
        if node is None:
            parts.append("]}")
            comma = True
            continue
        parts.append(", " if comma else "")
        if isinstance(node, str):
            parts.append(f'{{"word": {json.dumps(node, ensure_ascii=False)}, "index": {index}}}')
            index += 1
            comma = True
        else:
            span: Span = next(measured)
            name = json.dumps(node.label, ensure_ascii=False)
            parts.append(f'{{"label": {name}, "span": [{span.i}, {span.j}], "children": [')
            stack.append(None)
            stack.extend(reversed(node.children))
            comma = False
    return "".join(parts)


def all_to_json(found: Sequence[Ranked]) -> str:
    """A list of {"log_p", "tree"}, the likeliest first."""
    rows = (f'{{"log_p": {one.log_p!r}, "tree": {to_json(one.tree)}}}' for one in found)
    return "[" + ",\n ".join(rows) + "]\n"


def from_json(text: str) -> list[Tree]:
    """The trees of what `to_json` or `all_to_json` wrote; "span", "index" and "log_p" are not needed.

    Raises SettingError where it is no JSON, or no tree.
    """
    wanted = 'trees such as {"label": "NP", "children": [{"word": "she"}]}'
    try:
        given = json.loads(text)
    except RecursionError:
        require(False, "JSON", wanted=wanted, given="brackets nested too deeply for JSON")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        require(False, "JSON", wanted=wanted, given=f"at {place}: {error.msg}")
    rows = given if isinstance(given, list) else [given]
    trees = [
        _grown(row["tree"] if isinstance(row, dict) and "tree" in row else row, wanted)
        for row in rows
    ]
    require(bool(trees), "JSON", wanted=wanted, given="an empty list")
    return trees


def _grown(given: Any, wanted: str) -> Tree:
    done: list[list[Tree | str]] = [[]]
    stack: list[Any] = [(given, False)]
    while stack:
        node, closing = stack.pop()
        if closing:
            children = tuple(done.pop())
            done[-1].append(Tree(node, children))
            continue
        require(isinstance(node, dict), "JSON", wanted=wanted, given=repr(node)[:60])
        if isinstance(node.get("word"), str) and node["word"].strip():
            done[-1].append(node["word"])
            continue
        label, below = node.get("label"), node.get("children")
        require(isinstance(label, str), "JSON", wanted=wanted, given=repr(node)[:60])
        require(isinstance(below, list) and len(below) > 0, "JSON", wanted=wanted,
                given=f"nothing below {label[:40]}")  # fmt: skip
        done.append([])
        stack.append((label, True))
        stack.extend((child, False) for child in reversed(below))
    whole = done[0][0]
    require(isinstance(whole, Tree), "JSON", wanted=wanted, given=f"the word {whole} alone")
    assert isinstance(whole, Tree)
    return whole

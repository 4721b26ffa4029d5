"""Trees for other programs: LaTeX (forest, qtree) and JSON."""

from __future__ import annotations

import json

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
